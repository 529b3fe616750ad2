//! The one tree that CEL sees, JSON Schema validates and places come from; and the readers that
//! make it: YAML, JSON, TOML, and Markdown with front matter and sections.

mod build;
pub mod fold;
#[cfg(test)]
mod hostile;
mod json;
mod keys;
mod limit;
mod markdown;
mod part;
mod problem;
mod read;
mod table;
#[cfg(test)]
mod testing;
mod time;
mod toml;
mod tree;
mod yaml;

pub use build::Builder;
pub use fold::fold;
pub use markdown::slug;
pub use problem::{Label, Problem};
pub use read::{Limits, Syntax, read, read_as_written};
pub use time::parse_time;
pub use tree::{Data, Entry, Node, NodeId, Text, Tree, json_number};
