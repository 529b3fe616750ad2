//! Where commits, trees and contents come from.

use super::{Gap, Id};
use std::sync::Arc;

/// What a walk needs of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Its tree.
    pub tree: Id,
    /// Its parents in their order.
    pub parents: Vec<Id>,
    /// Its committer's time, in seconds since 1970.
    pub time: i64,
    /// Whether its parents are cut off, as at the edge of a shallow clone: then `parents` is empty.
    pub cut: bool,
}

/// The content of a file at a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blob {
    /// All of it.
    Bytes(Vec<u8>),
    /// It has more bytes than asked for; so many.
    TooLarge(u64),
}

/// Tells which paths a commit cannot have changed against its first parent, without reading a tree.
pub trait PathFilter {
    /// Whether the path with this number, of those that [`Objects::watch`] was told, may have changed.
    fn may_have_changed(&self, path: usize) -> bool;
}

/// Commits, trees and contents by their ids. Answers do not change as long as it lives.
pub trait Objects: Send + Sync {
    /// The bytes of a commit object, verified against its id.
    ///
    /// # Errors
    /// When it is not there or not what its id says.
    fn commit(&self, id: Id) -> Result<Vec<u8>, Gap>;

    /// What a walk needs of a commit; may come from an index of commits, and is not verified.
    ///
    /// # Errors
    /// When it is not there.
    fn links(&self, id: Id) -> Result<Links, Gap>;

    /// The bytes of a tree object, not verified: a walk reads thousands.
    ///
    /// # Errors
    /// When it is not there.
    fn tree(&self, id: Id) -> Result<Arc<[u8]>, Gap>;

    /// The content of a file, verified against its id, or its size where it has more than `limit` bytes.
    ///
    /// # Errors
    /// When it is not there or not what its id says.
    fn blob(&self, id: Id, limit: usize) -> Result<Blob, Gap>;

    /// The commit that a tag, a branch, an id or the beginning of one names; nothing where there is none.
    ///
    /// # Errors
    /// When the clone may lack what the name stands for.
    fn resolve(&self, name: &str) -> Result<Option<Id>, Gap>;

    /// The path under which a file was known in `parent` that `commit` added at `path`; nothing where
    /// it is new.
    ///
    /// # Errors
    /// When a tree or a content that tells is not there.
    fn renamed_from(&self, commit: Id, parent: Id, path: &[u8]) -> Result<Option<Vec<u8>>, Gap>;

    /// Prepares filters for paths of files and folders; nothing where the repository keeps none.
    fn watch(&self, _paths: &[&[u8]]) -> Option<Box<dyn Watch + '_>> {
        None
    }
}

/// Filters for the paths that [`Objects::watch`] was told.
pub trait Watch {
    /// The filter of a commit, where there is one.
    fn filter(&self, commit: Id) -> Option<Box<dyn PathFilter + '_>>;
}
