//! Policies on documents: compiled, evaluated, and each outcome placed where it belongs.

mod bindings;
pub mod cel;
mod compile;
mod corpus;
mod evaluate;
pub mod functions;
mod judge;
mod place;
mod reference;
mod soa;
mod surroundings;

pub use compile::{Compiled, Names};
pub use corpus::{Corpus, CorpusBuilder, Unreadable};
pub use judge::{Judged, Prepared, judge};
pub use surroundings::deep;
