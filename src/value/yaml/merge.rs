//! Merge keys: `<<: *base` adds the entries of another map.
//!
//! YAML 1.2 dropped them, but files use them and mean them. They are a step of their own, so that
//! the tree of a file as written stays available.

use crate::source::Span;
use crate::value::{Data, Entry, NodeId, Problem, Tree, keys};
use std::collections::HashSet;

/// Replaces each `<<` entry by the entries it stands for, where the map has none of that name. They
/// keep their places: the value and the key stay where they are written. Of several maps in a list
/// the first wins.
pub(in crate::value) fn merge_keys(tree: &mut Tree, problems: &mut Vec<Problem>) {
    // Children and anchors have smaller numbers than the maps that name them, so what a map takes
    // in is complete already.
    for index in 0..tree.nodes.len() {
        let Data::Map(range) = &tree.nodes[index].data else { continue };
        let entries = &tree.entries[range.start as usize..range.end as usize];
        let Some(merge) = entries.iter().find(|entry| is_merge(tree, entry)).cloned() else { continue };
        match sources(tree, merge.value) {
            Some(sources) => merge_into(tree, index, merge.value, &sources),
            None => problems.push(not_a_map(merge.span, tree.node(merge.value).span)),
        }
    }
}

/// An unquoted `<<`.
fn is_merge(tree: &Tree, entry: &Entry) -> bool {
    tree.text(&entry.key) == "<<" && tree.file.slice(entry.span) == "<<"
}

fn sources(tree: &Tree, value: NodeId) -> Option<Vec<NodeId>> {
    let is_map = |id: &NodeId| matches!(tree.data(*id), Data::Map(_));
    match tree.data(value) {
        Data::Map(_) => Some(vec![value]),
        Data::List(_) => Some(tree.items(value).to_vec()).filter(|items| items.iter().all(is_map)),
        _ => None,
    }
}

fn merge_into(tree: &mut Tree, index: usize, merge: NodeId, sources: &[NodeId]) {
    let own = tree.entries(NodeId(index as u32));
    let mut merged: Vec<Entry> = own.iter().filter(|entry| entry.value != merge).cloned().collect();
    let mut seen: HashSet<&str> = merged.iter().map(|entry| keys::characters(&tree.file, &entry.key)).collect();
    let mut added = Vec::new();
    for source in sources {
        for entry in tree.entries(*source) {
            if seen.insert(tree.text(&entry.key)) {
                added.push(entry.clone());
            }
        }
    }
    drop(seen);
    merged.extend(added);
    let start = tree.entries.len() as u32;
    tree.entries.extend(merged);
    tree.nodes[index].data = Data::Map(start..tree.entries.len() as u32);
}

fn not_a_map(key: Span, value: Span) -> Problem {
    Problem::new(
        "merge-of-no-map",
        key,
        "`<<` takes in the entries of another map, but its value is no map, so nothing is taken in",
        "Give it an alias of a map, such as `<<: *defaults`, or rename the key.",
    )
    .also(value, "the value")
}
