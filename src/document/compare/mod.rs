//! What changed between two versions of a record, and whether that is of substance.
//!
//! Two versions say the same where only comments, quotes, styles, white space, the order of keys or
//! the order of items differ: nothing of that is a change. A change is without substance where
//! nothing but these differs:
//!
//! - dates and times that are a whole value, whatever their key: `2026-03-01`, `12 March 2026`;
//! - versions below a key such as `version` or `model_revision`: `1.4.0`, `v2`, `2026-Q1`;
//! - dates and named versions within text of several words: `Last reviewed on 2026-03-01, version 1.2`;
//! - an item of a list `reviews` that holds only dates, versions and who it was: a bare new date is no
//!   review, one with `considered` or `conclusion` is.
//!
//! Everything else counts: letters' case, punctuation, any other number, the order of sentences. A
//! number is compared as it is written, so that an id `1.10` is not `1.1`; `1.0` and `1` differ too.
//! An absent field, an empty one and one that holds only what does not count weigh the same: nothing.

mod excerpt;
mod pairs;
mod prose;
mod record;
mod section;
#[cfg(test)]
mod tests;
mod walk;
mod weight;

pub use prose::text_differs;
pub use record::{Counterpart, counterpart, counterpart_among};

use crate::value::{NodeId, Tree};
use std::hash::RandomState;
use walk::Walk;
use weight::Weights;

/// A record of a file: its tree and its root.
pub type Record<'t> = (&'t Tree, NodeId);

/// One difference between two versions of a record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldChange {
    /// Where it is, from the record's root, items of lists by their names and else by their position
    /// from 0: `controls[A.5.2].applicable`, `reviews[2026-04-02].conclusion`, `users[3]`. A section of
    /// a Markdown text is its heading. Text of strangers, as long as [`LONGEST_PATH`] characters; a
    /// longer path loses its beginning.
    pub path: String,
    /// The name of the nearest enclosing item that has one (`A.5.2`), or the heading; else empty.
    pub item: String,
    /// The last key (`applicable`); of a section `text`, or `title` where only its heading changed.
    pub key: String,
    /// What it was, its white space made single blanks; `None` where it was not there. Of a long text
    /// [`SHOWN`] characters around the first difference.
    pub before: Option<String>,
    /// What it is, like `before`.
    pub after: Option<String>,
    /// Whether it counts; see [`is_substantive`].
    pub substantive: bool,
}

/// Characters of a value that a change shows.
pub const SHOWN: usize = 200;

/// Characters of a path.
pub const LONGEST_PATH: usize = 400;

/// Changes that are listed. Of more, the first so many are, and one of substance where there is one.
pub const MOST_CHANGES: usize = 10_000;

/// The differences between two versions of a record in the order of the later one; what was removed
/// stands where it stood. A map or list that was added or removed is one change a scalar below it, and
/// so is a whole record where the other version is `None`. At most [`MOST_CHANGES`] are listed.
///
/// The time grows with the sizes of the two versions, aliases followed; the reader bounds both.
pub fn changes<'t>(before: impl Into<Option<Record<'t>>>, after: impl Into<Option<Record<'t>>>) -> Vec<FieldChange> {
    let hasher = RandomState::new();
    let [before, after] = [before.into(), after.into()].map(|record| Some(Weights::of(record?, &hasher)));
    Walk::new(before.as_ref(), after.as_ref()).changes()
}

/// Whether two versions of a record differ in more than dates, versions and who looked at it: whether
/// any of their [`changes`] is substantive, for the price of reading each value once.
pub fn is_substantive<'t>(before: impl Into<Option<Record<'t>>>, after: impl Into<Option<Record<'t>>>) -> bool {
    let hasher = RandomState::new();
    let [before, after] = [before.into(), after.into()]
        .map(|record: Option<Record<'_>>| record.map_or(0, |record| Weights::of(record, &hasher).root().substance));
    before != after
}
