//! How readers and adapters put a tree together.

use super::{Data, Entry, Node, NodeId, Text, Tree};
use crate::source::{SourceFile, Span};
use std::sync::Arc;

/// Builds a [`Tree`] bottom up: children first, then the collection that holds them.
pub struct Builder {
    tree: Tree,
}

impl Builder {
    /// An empty tree of `file`.
    pub fn new(file: Arc<SourceFile>) -> Self {
        Builder { tree: Tree { file, nodes: Vec::new(), items: Vec::new(), entries: Vec::new(), roots: Vec::new() } }
    }

    /// Goes on with a finished tree, so that an adapter can add nodes that stand for others.
    pub fn resume(tree: Tree) -> Self {
        Builder { tree }
    }

    /// The tree so far.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Adds a scalar.
    pub fn scalar(&mut self, span: Span, data: Data, plain: bool) -> NodeId {
        self.push(Node { span, key: Span::default(), data, plain })
    }

    /// Adds text that an adapter made, placed at `span`.
    pub fn made_text(&mut self, span: Span, text: &str) -> NodeId {
        self.scalar(span, Data::Text(Text::Owned(text.into())), false)
    }

    /// Adds a list. Items keep the key span they have.
    pub fn list(&mut self, span: Span, items: &[NodeId]) -> NodeId {
        let start = self.tree.items.len() as u32;
        self.tree.items.extend_from_slice(items);
        let data = Data::List(start..self.tree.items.len() as u32);
        self.push(Node { span, key: Span::default(), data, plain: false })
    }

    /// Adds a map. The span of each entry becomes the key span of its value, where it has none yet
    /// (an adapter may let two entries share a value).
    pub fn map(&mut self, span: Span, entries: Vec<Entry>) -> NodeId {
        let start = self.tree.entries.len() as u32;
        for entry in &entries {
            let node = &mut self.tree.nodes[entry.value.0 as usize];
            if node.key.is_empty() {
                node.key = entry.span;
            }
        }
        self.tree.entries.extend(entries);
        let data = Data::Map(start..self.tree.entries.len() as u32);
        self.push(Node { span, key: Span::default(), data, plain: false })
    }

    /// Adds an alias of `target`.
    pub fn alias(&mut self, span: Span, target: NodeId) -> NodeId {
        let target = self.tree.resolve(target);
        self.push(Node { span, key: Span::default(), data: Data::Alias(target), plain: false })
    }

    /// Places a list item at its dash, so that something missing in it can be shown.
    pub fn set_key(&mut self, id: NodeId, key: Span) {
        self.tree.nodes[id.0 as usize].key = key;
    }

    /// Makes `id` a record of the file.
    pub fn root(&mut self, id: NodeId) {
        self.tree.roots.push(id);
    }

    /// Replaces the records of the file (an adapter puts its normalised record in place of the raw one).
    pub fn replace_root(&mut self, old: NodeId, new: NodeId) {
        for root in &mut self.tree.roots {
            if *root == old {
                *root = new;
            }
        }
    }

    /// The number of nodes so far, for limits.
    pub fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    /// Whether nothing was added yet.
    pub fn is_empty(&self) -> bool {
        self.tree.nodes.is_empty()
    }

    /// The finished tree. All trees of a run are held, so it gives back what it does not need.
    pub fn finish(self) -> Tree {
        let mut tree = self.tree;
        tree.nodes.shrink_to_fit();
        tree.items.shrink_to_fit();
        tree.entries.shrink_to_fit();
        tree.roots.shrink_to_fit();
        tree
    }

    fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        self.tree.nodes.push(node);
        id
    }
}
