//! Tables while they grow: TOML may add to a table in several places of a file.

use crate::source::Span;
use crate::value::{Builder, Entry, NodeId, Text};
use std::collections::HashMap;

/// How a table came to be; says who may still add to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Made {
    /// `[a.b]` makes `a`; a later `[a]` may still define it.
    Implied,
    /// By its own header.
    Header,
    /// `a.b = 1` makes `a`; further such lines add to it.
    Dotted,
    /// `{ }`: complete.
    Inline,
}

/// What stands in the document.
#[derive(Debug)]
pub(super) enum Kind {
    Scalar(NodeId),
    /// `[ ]`: complete.
    List(Vec<usize>),
    /// `[[a]]`: the last one is what further headers add to.
    Tables(Vec<usize>),
    Table(Made, Vec<(Text, Span, usize)>),
}

/// One value. Its span grows with what is added to it.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) span: Span,
    /// The header of an element of an array of tables.
    pub(super) key: Span,
    pub(super) depth: usize,
}

/// The values of a file; the first is the top table.
pub(super) struct Document {
    pub(super) items: Vec<Item>,
    /// The entries of all tables: where the key stands and the value.
    names: HashMap<(usize, Box<str>), (Span, usize)>,
}

impl Document {
    pub(super) fn new() -> Self {
        let top =
            Item { kind: Kind::Table(Made::Header, Vec::new()), span: Span::default(), key: Span::default(), depth: 1 };
        Document { items: vec![top], names: HashMap::new() }
    }

    pub(super) fn add(&mut self, kind: Kind, span: Span, depth: usize) -> usize {
        self.items.push(Item { kind, span, key: Span::default(), depth });
        self.items.len() - 1
    }

    /// The entry of `table` under `name`.
    pub(super) fn get(&self, table: usize, name: &str) -> Option<(Span, usize)> {
        self.names.get(&(table, name.into())).copied()
    }

    /// Adds an entry whose name is free.
    pub(super) fn insert(&mut self, table: usize, name: &str, key: (Text, Span), item: usize) {
        self.names.insert((table, name.into()), (key.1, item));
        if let Kind::Table(_, entries) = &mut self.items[table].kind {
            entries.push((key.0, key.1, item));
        }
    }

    /// Makes the nodes, children first.
    pub(super) fn build(mut self, builder: &mut Builder) -> NodeId {
        self.build_item(0, builder)
    }

    /// Recursive; the depth of the document is bounded when it is read.
    fn build_item(&mut self, index: usize, builder: &mut Builder) -> NodeId {
        let item = &mut self.items[index];
        let (span, key) = (item.span, item.key);
        let id = match std::mem::replace(&mut item.kind, Kind::List(Vec::new())) {
            Kind::Scalar(id) => id,
            Kind::List(items) | Kind::Tables(items) => {
                let nodes: Vec<NodeId> = items.iter().map(|item| self.build_item(*item, builder)).collect();
                builder.list(around(span, nodes.iter().copied(), builder), &nodes)
            }
            Kind::Table(_, entries) => {
                let mut start = span;
                let mut made = Vec::with_capacity(entries.len());
                for (key, span, item) in entries {
                    start = join(start, span);
                    made.push(Entry { key, span, value: self.build_item(item, builder) });
                }
                builder.map(around(start, made.iter().map(|entry| entry.value), builder), made)
            }
        };
        if !key.is_empty() {
            builder.set_key(id, key);
        }
        id
    }
}

/// The span from the start of a value to the end of what belongs to it.
fn around(span: Span, children: impl Iterator<Item = NodeId>, builder: &Builder) -> Span {
    children.map(|child| builder.tree().node(child).span).fold(span, join)
}

fn join(one: Span, other: Span) -> Span {
    if one == Span::default() {
        return other;
    }
    Span { start: one.start.min(other.start), end: one.end.max(other.end) }
}
