//! Policies on documents: compiled, evaluated, and each outcome placed where it belongs.

mod base;
mod bindings;
pub mod cel;
pub mod check;
mod comparison;
mod compile;
mod corpus;
pub mod eval;
mod evaluate;
pub mod functions;
mod judge;
pub mod life;
mod load;
pub mod meter;
mod next_steps;
mod place;
mod problems;
mod pull_request;
mod reference;
mod rule_changes;
mod run;
mod setup;
mod soa;
mod surroundings;
pub mod syntax;
pub mod testing;
pub mod types;

pub use base::{Base, Unreachable};
pub use comparison::{Compared, Sides, run_compared};
pub use compile::Compiled;
pub use corpus::{Corpus, CorpusBuilder, Unreadable};
pub use judge::{Judged, Prepared, judge};
pub use load::{Broken, Files, load};
pub use run::{Choice, Input, Reading, Ready, Shared, asks_for, run};
pub use setup::{Faulty, Setup, Sources, read_policies, set_up, set_up_kinds, set_up_with};
pub use surroundings::deep;
