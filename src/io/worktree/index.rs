//! What git tracks, from its index file. The file is read by itself: the repository around it may
//! belong to another user or use a store that cannot be opened, and its files are tracked all the same.

use super::WorkingTreeError;
use crate::facts::Skipped;
use crate::io::git;
use crate::io::listing::{NOT_UTF8, SUBMODULE};
use crate::source::plain;
use git2::{IndexEntryExtendedFlag, Oid};
use std::path::{Path, PathBuf};

/// What an index in the sparse form calls itself.
const SPARSE_FORM: &str = "sdir";

/// The tracked paths below a root, relative to it.
#[derive(Debug, Default)]
pub struct Tracked {
    /// Files and links, sorted.
    pub files: Vec<String>,
    /// Those that a sparse checkout leaves out, where they are not on disk all the same.
    pub sparse: Vec<Sparse>,
    /// Submodules, sorted.
    pub submodules: Vec<String>,
    /// What of the index could not be used.
    pub notes: Vec<Skipped>,
    /// The work tree: its top and the path from there to the root, empty or ending in `/`.
    pub tree: Option<(PathBuf, String)>,
    /// The folder of git that holds `info/exclude`.
    pub common_folder: Option<PathBuf>,
}

/// A tracked file that need not be on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparse {
    /// Its path from the root.
    pub path: String,
    /// Its content.
    pub id: Oid,
    /// Whether it is a link.
    pub is_link: bool,
}

impl Tracked {
    /// Whether git tracks this file.
    pub fn holds(&self, path: &str) -> bool {
        self.files.binary_search_by(|file| file.as_str().cmp(path)).is_ok()
    }

    /// Whether this folder is a submodule.
    pub fn is_submodule(&self, path: &str) -> bool {
        self.submodules.binary_search_by(|submodule| submodule.as_str().cmp(path)).is_ok()
    }
}

/// Reads what git tracks below `root`.
///
/// # Errors
/// When the index is in the sparse form, which names folders in place of the files in them: nobody could
/// say what is missing.
pub fn tracked(root: &Path) -> Result<Tracked, WorkingTreeError> {
    let mut tracked = Tracked::default();
    let Some(tree) = git::work_tree(root) else { return Ok(tracked) };
    let Some(prefix) = root.strip_prefix(&tree.top).ok().and_then(crate::io::disk::slashed) else { return Ok(tracked) };
    let prefix = if prefix.is_empty() { prefix } else { prefix + "/" };
    let file = tree.git_folder.join("index");
    if file.exists() {
        match git2::Index::open(&file) {
            Ok(index) => tracked.take(&index, &prefix),
            Err(error) if error.message().contains(SPARSE_FORM) => {
                return Err(WorkingTreeError::SparseIndex { path: plain(&tree.top.to_string_lossy()) });
            }
            Err(error) => tracked.notes.push(Skipped {
                path: ".git/index".to_owned(),
                why: format!(
                    "git's list of tracked files cannot be read ({}), so a tracked file that .gitignore names is not \
                     seen",
                    error.message()
                ),
            }),
        }
    }
    tracked.common_folder = Some(tree.common_folder());
    tracked.tree = Some((tree.top, prefix));
    Ok(tracked)
}

impl Tracked {
    fn take(&mut self, index: &git2::Index, prefix: &str) {
        for entry in index.iter() {
            let Some(below) = entry.path.strip_prefix(prefix.as_bytes()) else { continue };
            let Ok(path) = String::from_utf8(below.to_vec()) else {
                let path = String::from_utf8_lossy(below).into_owned();
                self.notes.push(Skipped { path, why: NOT_UTF8.to_owned() });
                continue;
            };
            match entry.mode {
                0o160_000 => {
                    self.notes.push(Skipped { path: path.clone(), why: SUBMODULE.to_owned() });
                    self.submodules.push(path);
                }
                mode => {
                    if entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0 {
                        let is_link = mode == 0o120_000;
                        self.sparse.push(Sparse { path: path.clone(), id: entry.id, is_link });
                    }
                    self.files.push(path);
                }
            }
        }
        // A conflict has up to three entries of one path.
        self.files.sort_unstable();
        self.files.dedup();
        self.submodules.sort_unstable();
        self.submodules.dedup();
        self.sparse.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    }
}
