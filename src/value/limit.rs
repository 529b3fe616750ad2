//! The problems of files that are larger or deeper than what is read.

use super::{Limits, Problem};
use crate::source::Span;

/// A problem that leaves the rest unreadable.
pub(super) type Fatal = Box<Problem>;

/// Nesting below `limits.depth` begins at `span`.
pub(super) fn too_deep(span: Span, limits: &Limits) -> Problem {
    Problem::new(
        "nesting-too-deep",
        span,
        format!("lists and maps are nested deeper than {} levels, so the rest cannot be read", limits.depth),
        "Flatten the document; if it is data and no governance document, list it under `exclude` in annexa.yaml.",
    )
}

/// The file holds more values than are read; the first one too many is at `span`.
pub(super) fn too_many_nodes(span: Span, limits: &Limits) -> Problem {
    Problem::new(
        "too-many-values",
        span,
        format!("the file holds more than {} values, so the rest cannot be read", limits.nodes),
        "Keep data out of governance documents, split the file, or list it under `exclude` in annexa.yaml.",
    )
}
