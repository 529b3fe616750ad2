//! Documents: files of a known kind. A kind is a JSON Schema; here files are recognised as documents,
//! their scalars are typed by the schema, their shape is checked, and foreign formats are brought to
//! the field names of the kind.

mod adapters;
pub mod compare;
mod decisions;
mod item;
mod json;
mod kind;
mod kinds;
mod layout;
mod load;
mod place;
mod recognise;
mod sample;
mod schema;
mod shape;
mod suggest;
mod template;
#[cfg(test)]
mod tests;
mod types;
mod typing;
mod words;

pub use adapters::with_decisions;
pub use decisions::{Decision, decisions};
pub use item::{ITEM_NAMES, item_name};
pub use kind::{Field, Kind};
pub use kinds::Kinds;
pub use load::load;
pub use place::{Form, Shape};
pub use recognise::{BadGlob, Recogniser, Recognition};
pub use sample::{sample, sample_path};
pub use schema::Schema;
pub use suggest::{closest, did_you_mean};
pub use template::template;

use crate::value::{NodeId, Problem, Tree};
use std::sync::Arc;

/// One record of a known kind.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its kind.
    pub kind: Arc<Kind>,
    /// The tree of its file.
    pub tree: Arc<Tree>,
    /// The record with the field names of its kind; for our own formats the record as written.
    pub root: NodeId,
    /// The record as written.
    pub raw: NodeId,
    /// The `id` that it gives itself.
    pub id: Option<String>,
    /// The id of the AI system that it says it belongs to.
    pub system: Option<String>,
    /// What is wrong with its shape, and what an adapter noticed, by place. Those whose code is in
    /// [`NOTES`] are hints only.
    pub problems: Vec<Problem>,
}

/// What a file that is or should be a document came to.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The tree of the file.
    pub tree: Arc<Tree>,
    /// Its records of known kinds in their order.
    pub documents: Vec<Document>,
    /// What is wrong with the file as a whole: its syntax, or a `kind:` that is no kind.
    pub problems: Vec<Problem>,
    /// Whether the file is a document; without that only its problems count.
    pub recognised: bool,
}

/// Codes of problems that are hints: nothing is lost by them.
pub const NOTES: &[&str] =
    &["deprecated-format", "kind-differs", "misspelt-field", "no-fields", "single-model-index", "unknown-version"];
