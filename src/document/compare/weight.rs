//! Two hashes for each value of a record: one of what it says, one of what of that counts. Values are
//! equal where their hashes are; the key of the hashes is drawn for each comparison, so that no file
//! can be made to collide.

use super::Record;
use super::prose::{is_version, names_version, squeezed, substance};
use super::section::{self, is_section};
use crate::value::{Data, NodeId, Tree};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, RandomState};

/// The list whose items are reviews.
pub(super) const REVIEWS: &str = "reviews";
/// The keys of a review that say who did it.
const WHO: &[&str] = &["by", "reviewer", "reviewed_by", "role", "name"];

/// The two hashes of a value.
#[derive(Clone, Copy, Default)]
pub(super) struct Weight {
    /// What it says, whatever the style and the order.
    pub(super) content: u64,
    /// What of it counts; 0 where nothing does.
    pub(super) substance: u64,
    /// What of it counts where it is an item of a list `reviews`, or of a list where it is `reviews`.
    reviewed: u64,
}

/// The weights of a record's values.
pub(super) struct Weights<'t> {
    pub(super) tree: &'t Tree,
    root: NodeId,
    hasher: &'t RandomState,
    of: HashMap<NodeId, Weight>,
}

/// What a node is to a comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A scalar or a section: compared as a whole.
    Leaf,
    /// A list.
    List,
    /// A map.
    Map,
}

impl<'t> Weights<'t> {
    /// Weighs everything below a root once, also what several aliases share.
    pub(super) fn of((tree, root): Record<'t>, hasher: &'t RandomState) -> Self {
        let root = tree.resolve(root);
        let mut weights = Weights { tree, root, hasher, of: HashMap::new() };
        // A tree is built bottom up, and an alias names what was complete before it: children have
        // smaller numbers than what holds them.
        for node in below(tree, root) {
            let weight = weights.weigh(node);
            weights.of.insert(node, weight);
        }
        weights
    }

    /// The record as a whole.
    pub(super) fn root(&self) -> Weight {
        self.at(self.root)
    }

    /// The root, aliases followed.
    pub(super) fn root_node(&self) -> NodeId {
        self.root
    }

    /// The weight of a node of the record.
    pub(super) fn at(&self, node: NodeId) -> Weight {
        self.of[&self.tree.resolve(node)]
    }

    /// What counts of the value of `key`.
    pub(super) fn substance(&self, key: &str, value: NodeId) -> u64 {
        let weight = self.at(value);
        match shape(self.tree, value) {
            Shape::List if key == REVIEWS => weight.reviewed,
            Shape::Leaf if names_version(key) && is_version(&squeezed(&scalar(self.tree, value))) => 0,
            _ => weight.substance,
        }
    }

    /// What counts of an item of a list `reviews`: nothing where it says no more than who and when.
    pub(super) fn review(&self, item: NodeId) -> u64 {
        let weight = self.at(item);
        if shape(self.tree, item) == Shape::Map { weight.reviewed } else { weight.substance }
    }

    fn weigh(&self, node: NodeId) -> Weight {
        let tree = self.tree;
        match shape(tree, node) {
            Shape::Leaf if is_section(tree, node) => {
                let (title, body) = (squeezed(section::heading(tree, node)), section::body(tree, node));
                let counts = (substance(&title), substance(&body));
                let substance = if counts == (None, None) { 0 } else { self.hash(("section", counts)) };
                Weight { content: self.hash(("section", &title, &body)), substance, reviewed: substance }
            }
            Shape::Leaf => {
                let text = scalar(tree, node);
                let text = squeezed(&text);
                let substance = substance(&text).map_or(0, |counts| self.hash(("scalar", counts)));
                Weight { content: self.hash(("scalar", &text)), substance, reviewed: substance }
            }
            Shape::List => {
                let items = || tree.items(node).iter().map(|item| self.at(*item));
                Weight {
                    content: self.together("list", items().map(|item| item.content)),
                    substance: self.together("list", items().map(|item| item.substance)),
                    reviewed: self.together("list", tree.items(node).iter().map(|item| self.review(*item))),
                }
            }
            Shape::Map => {
                let entries = || tree.entries(node).iter().map(|entry| (tree.text(&entry.key), entry.value));
                let content = entries().map(|(key, value)| self.hash((key, self.at(value).content)));
                let mut bare = true;
                let counts = entries().map(|(key, value)| match self.substance(key, value) {
                    0 => 0,
                    counts => {
                        bare &= WHO.contains(&key);
                        self.hash((key, counts))
                    }
                });
                let substance = self.together("map", counts);
                let reviewed = if bare { 0 } else { substance };
                Weight { content: self.together("map", content), substance, reviewed }
            }
        }
    }

    /// One hash of many, whatever their order; without those that are 0, and 0 where none is left.
    fn together(&self, kind: &str, parts: impl Iterator<Item = u64>) -> u64 {
        let (count, sum) = parts
            .filter(|part| *part != 0)
            .fold((0_u64, 0_u64), |(count, sum), part| (count + 1, sum.wrapping_add(part)));
        if count == 0 { 0 } else { self.hash((kind, count, sum)) }
    }

    fn hash(&self, value: impl Hash) -> u64 {
        // 0 is kept for nothing.
        self.hasher.hash_one(value).max(1)
    }
}

/// What a node is to a comparison.
pub(super) fn shape(tree: &Tree, node: NodeId) -> Shape {
    match tree.data(node) {
        Data::List(_) => Shape::List,
        Data::Map(_) if !is_section(tree, node) => Shape::Map,
        _ => Shape::Leaf,
    }
}

/// A scalar as text: what the file says for a plain number, so that an id `007` stays one.
pub(super) fn scalar(tree: &Tree, node: NodeId) -> Cow<'_, str> {
    let node = tree.resolve(node);
    let plain = tree.node(node).plain;
    match tree.data(node) {
        Data::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
        Data::Int(value) if !plain => Cow::Owned(value.to_string()),
        Data::Float(value) if !plain => Cow::Owned(value.to_string()),
        Data::Null => Cow::Borrowed(""),
        _ => Cow::Borrowed(tree.scalar_text(node).unwrap_or_default()),
    }
}

/// Everything that a comparison reads below `root`, each node once, by number.
fn below(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    let mut seen = HashSet::from([root]);
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        let mut found = |child: NodeId| {
            let child = tree.resolve(child);
            if seen.insert(child) {
                waiting.push(child);
            }
        };
        match shape(tree, node) {
            Shape::Leaf => {}
            Shape::List => tree.items(node).iter().for_each(|item| found(*item)),
            Shape::Map => tree.entries(node).iter().for_each(|entry| found(entry.value)),
        }
    }
    let mut nodes: Vec<NodeId> = seen.into_iter().collect();
    nodes.sort_unstable();
    nodes
}
