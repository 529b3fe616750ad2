//! The seam to the CEL crate: nothing outside this folder names it.
//!
//! Trees of documents are lent to CEL as [`view::View`]s, every node they hand out is recorded by
//! [`trace`], parsed expressions are lowered, bounded and rewritten by [`program`], and [`value::Value`] is
//! what the rest of the engine sees of a result.

mod equality;
mod kept;
mod lazy;
mod leaf;
mod library;
mod listing;
mod lower;
#[cfg(test)]
mod lower_tests;
mod operators;
mod program;
mod rewrite;
mod scope;
mod trace;
mod value;
mod view;
mod watch;

pub use equality::equal;
pub use kept::Kept;
pub use lazy::{Fields, Lazy};
pub use leaf::Leaf;
pub use library::SHIPPED_NAMES;
pub use listing::Listing;
pub use operators::with_pattern;
pub use program::Program;
pub use scope::{Bindings, Scope, Stop};
pub use trace::{
    BUDGET, ITEM, Mark, Read, Trace, ask, cite, first_use, found, mark, read_node, spend, spend_units, traced,
};
pub use value::Value;
pub use view::{HISTORY, TreeRef, View, lend};
pub use watch::Failure;

/// What bindings hand to expressions.
pub use ::cel::common::value::{CowVal as Lent, Val as Lendable};
