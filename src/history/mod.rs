//! The git history as data: what changed which path and when, decided as `git log` decides it.
//!
//! Nothing here touches a repository: [`Objects`] lends commits, trees and contents by their ids, from
//! a repository on disk or from commits that a test makes up, and [`Log`] answers from them. What
//! cannot be known from the objects that are there is a [`Gap`], never a guess.

mod bits;
mod commit;
mod diff;
mod files;
mod gap;
mod graph;
mod id;
mod log;
mod memory;
mod moves;
mod objects;
mod past;
mod pathset;
mod script;
mod trailers;
mod tree;
mod trie;
mod walk;

pub use commit::{Commit, Signature};
pub use files::FileChange;
pub use gap::Gap;
pub use graph::Graph;
pub use id::Id;
pub use log::{Change, Log, Story};
pub use memory::{MADE_UP_SIGNATURE, MadeCommit, MemoryObjects};
pub use moves::{File, Moves, Origin};
pub use objects::{Blob, Links, Objects, PathFilter, Watch};
pub use past::Past;
pub use pathset::PathSet;
pub use script::{Files, MAIN, Script, Stamp, Step};
pub use trailers::trailers;
pub use tree::{Budget, Entry, EntryKind};
pub use walk::{Changes, Touched, all_changes, last_changes};
