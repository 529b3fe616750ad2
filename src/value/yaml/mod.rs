//! YAML 1.2 with exact places, read from the events of `granit-parser`.
//!
//! Aliases stay references: a file of a few hundred bytes can stand for billions of values. What a
//! file stands for is counted while it is read, and bounded.

mod cursor;
mod frame;
mod merge;
mod problems;
mod reader;
mod scalar;
mod syntax;
#[cfg(test)]
mod tests;

pub(super) use merge::merge_keys;

use super::{Builder, Limits, NodeId, Problem};
use crate::source::{SourceFile, Span};
use std::sync::Arc;

/// What the values of one file stand for so far, aliases followed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    nodes: u64,
    bytes: u64,
    documents: usize,
}

/// Reads the documents in `span` of `file`; each becomes a root, an empty one too.
pub(super) fn read(
    builder: &mut Builder,
    file: &Arc<SourceFile>,
    span: Span,
    limits: &Limits,
    problems: &mut Vec<Problem>,
) {
    for document in documents(builder, file, span, limits, &mut Budget::default(), problems) {
        builder.root(document);
    }
}

/// Reads the documents in `span` of `file` without making them roots, for a syntax that has YAML
/// inside. Ends at the first problem that leaves the rest unreadable; documents before it count.
pub(super) fn documents(
    builder: &mut Builder,
    file: &SourceFile,
    span: Span,
    limits: &Limits,
    budget: &mut Budget,
    problems: &mut Vec<Problem>,
) -> Vec<NodeId> {
    reader::Reader::new(builder, file, span, limits, budget, problems).documents()
}
