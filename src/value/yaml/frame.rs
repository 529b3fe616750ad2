//! What is open while a document is read.

use crate::source::Span;
use crate::value::{NodeId, Text};

/// How many nodes and bytes of scalars something stands for, aliases followed.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    pub(super) nodes: u64,
    pub(super) bytes: u64,
}

impl Size {
    pub(super) fn add(&mut self, other: Size) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// A node that aliases may name. There is no node yet while its collection is open.
#[derive(Clone, Default)]
pub(super) struct Anchor {
    pub(super) node: Option<NodeId>,
    pub(super) size: Size,
    pub(super) span: Span,
}

/// What an open map waits for.
pub(super) enum Pending {
    /// A key.
    Key,
    /// The value of this key.
    Value(Text, Span),
    /// The value of a key that cannot be used.
    Unused,
}

/// A collection that is not closed yet. Offsets are within the slice that is read.
pub(super) struct Frame {
    pub(super) list: bool,
    pub(super) flow: bool,
    /// Where it begins: its bracket, else its first dash or key once that is known.
    pub(super) start: Option<usize>,
    pub(super) end: usize,
    /// Where its children begin among the children of all open collections.
    pub(super) first: usize,
    pub(super) anchor: usize,
    pub(super) size: Size,
    pub(super) dash: Span,
    pub(super) pending: Pending,
}
