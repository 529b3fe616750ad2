//! Policies on documents: compiled, evaluated, and each outcome placed where it belongs.

mod bindings;
pub mod cel;
pub mod check;
mod compile;
mod corpus;
pub mod eval;
mod evaluate;
mod examples;
pub mod functions;
mod judge;
mod load;
mod next_steps;
mod place;
mod problems;
mod reference;
mod run;
mod setup;
mod soa;
mod surroundings;
pub mod syntax;
pub mod types;

pub use compile::Compiled;
pub use corpus::{Corpus, CorpusBuilder, Unreadable};
pub use examples::{Example, examples, run_example};
pub use judge::{Judged, Prepared, judge};
pub use load::{Broken, Files, load};
pub use run::{Choice, Input, Shared, run};
pub use setup::{Faulty, Setup, Sources, set_up};
pub use surroundings::deep;
