//! The working tree as a [`Snapshot`]: what can be seen, what was passed over, and reading it.
//!
//! Tracked files are always seen, from the repository where a sparse checkout left them out;
//! `.gitignore` hides untracked ones only. The walk is our own,
//! with the patterns of the `ignore` crate: that crate's walker opens a `.gitignore` whatever it is,
//! and a link to an endless device is enough to use up all memory. This one opens regular files only.

mod index;
mod links;
mod rules;
mod sparse;
mod walk;

use super::disk;
use super::listing::{Links, covers};
use crate::facts::{ReadError, Skipped, Snapshot};
use sparse::Sparse;
use std::path::{Path, PathBuf};

/// The files below a root on disk. Paths are listed once, when it is opened; each read looks at the
/// file again.
#[derive(Debug)]
pub struct WorkingTree {
    root: PathBuf,
    paths: Vec<String>,
    skipped: Vec<Skipped>,
    excluded: Vec<String>,
    submodules: Vec<String>,
    links: Links,
    sparse: Sparse,
}

/// Why a working tree could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkingTreeError {
    /// The root is not there or may not be read.
    #[error("`{path}` cannot be opened ({why}), so nothing in it can be checked; make it readable for this user")]
    Unreadable {
        /// The path of the root.
        path: String,
        /// The reason of the system.
        why: String,
    },
    /// The index of git names folders in place of files.
    #[error(
        "git keeps its list of the files in `{path}` in a short form (a sparse index) that is not supported, so files \
         could be missed; `git sparse-checkout reapply --no-sparse-index` writes it out in full"
    )]
    SparseIndex {
        /// The top of the work tree.
        path: String,
    },
    /// A pattern under `exclude` is no glob.
    #[error(
        "`exclude` holds `{pattern}`, which is not a file pattern ({why}), so nobody knows what to leave out; write \
         paths from the root such as `vendor` or `docs/**/*.md`"
    )]
    Pattern {
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
}

impl WorkingTree {
    /// Lists the files below `root`. `exclude` holds globs of paths from the root, in which `*` stops
    /// at `/`; a pattern that meets a folder leaves out all below it. What is left out can still be
    /// read as evidence, it is only not listed.
    ///
    /// # Errors
    /// When the root cannot be read or a pattern is no glob.
    pub fn open(root: &Path, exclude: &[String]) -> Result<WorkingTree, WorkingTreeError> {
        let unreadable = |error: std::io::Error| WorkingTreeError::Unreadable {
            path: crate::source::plain(&root.to_string_lossy()),
            why: disk::reason(&error),
        };
        let exclude = rules::exclusions(exclude)?;
        let root = root.canonicalize().map_err(unreadable)?;
        root.read_dir().map_err(unreadable)?;
        let tracked = index::tracked(&root)?;
        let mut found = walk::walk(&root, &tracked);
        walk::add_hidden(&root, &tracked, &mut found);
        let (links, linked) = links::follow(&root, std::mem::take(&mut found.links), &found.files, &mut found.skipped);
        found.files.extend(linked);
        let sparse = Sparse::find(&root, &tracked, &mut found);
        let (mut excluded, mut paths): (Vec<_>, Vec<_>) =
            found.files.into_iter().partition(|path| exclude.is_match(path));
        paths.sort_unstable();
        excluded.sort_unstable();
        let mut skipped = found.skipped;
        skipped.retain(|skipped| !exclude.is_match(&skipped.path));
        skipped.extend(tracked.notes);
        skipped.sort_unstable_by(|a, b| (&a.path, &a.why).cmp(&(&b.path, &b.why)));
        Ok(WorkingTree { root, paths, skipped, excluded, submodules: tracked.submodules, links, sparse })
    }

    /// The root, absolute and without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How many files the patterns under `exclude` left out.
    pub fn excluded_count(&self) -> usize {
        self.excluded.len()
    }

    /// The files that the patterns under `exclude` left out, sorted.
    pub fn excluded(&self) -> &[String] {
        &self.excluded
    }

    fn covers(&self, path: &str) -> bool {
        [&self.paths, &self.excluded, &self.submodules].into_iter().any(|sorted| covers(sorted, path))
    }
}

impl Snapshot for WorkingTree {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
        // What is not listed is not part of the repository, even where a file is on this disk.
        if !self.exists(path) {
            return Err(ReadError::Missing);
        }
        self.sparse.read(path, limit).unwrap_or_else(|| disk::read_below(&self.root, path, limit))
    }

    fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.covers(path)
            || self.links.covers(path)
            || self.links.resolve(path).is_some_and(|target| self.covers(&target))
    }
}

/// Whether the bytes of a file are a Git LFS pointer: the real content was not fetched.
pub fn is_lfs_pointer(bytes: &[u8]) -> bool {
    bytes.len() < 1_024 && bytes.starts_with(b"version https://git-lfs.github.com/spec/")
}

#[cfg(test)]
mod tests;
