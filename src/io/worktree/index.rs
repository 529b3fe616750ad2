//! What git tracks, from its index file. The file is read by itself: the repository around it may
//! belong to another user or use a store that cannot be opened, and its files are tracked all the same.

use crate::facts::Skipped;
use crate::io::git;
use crate::io::listing::{NOT_UTF8, SUBMODULE};
use git2::IndexEntryExtendedFlag;
use std::path::{Path, PathBuf};

/// The tracked paths below a root, relative to it.
#[derive(Debug, Default)]
pub struct Tracked {
    /// Files and links, sorted, without those that a sparse checkout left out.
    pub files: Vec<String>,
    /// Submodules, sorted.
    pub submodules: Vec<String>,
    /// What of the index could not be used.
    pub notes: Vec<Skipped>,
    /// The work tree: its top and the path from there to the root, empty or ending in `/`.
    pub tree: Option<(PathBuf, String)>,
    /// The folder of git that holds `info/exclude`.
    pub common_folder: Option<PathBuf>,
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
pub fn tracked(root: &Path) -> Tracked {
    let mut tracked = Tracked::default();
    let Some(tree) = git::work_tree(root) else { return tracked };
    let Some(prefix) = root.strip_prefix(&tree.top).ok().and_then(crate::io::disk::slashed) else { return tracked };
    let prefix = if prefix.is_empty() { prefix } else { prefix + "/" };
    let file = tree.git_folder.join("index");
    if file.exists() {
        match git2::Index::open(&file) {
            Ok(index) => tracked.take(&index, &prefix),
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
    tracked
}

impl Tracked {
    fn take(&mut self, index: &git2::Index, prefix: &str) {
        let mut not_checked_out = 0;
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
                _ if entry.flags_extended & IndexEntryExtendedFlag::SKIP_WORKTREE.bits() != 0 => not_checked_out += 1,
                _ => self.files.push(path),
            }
        }
        // A conflict has up to three entries of one path.
        self.files.sort_unstable();
        self.files.dedup();
        self.submodules.sort_unstable();
        self.submodules.dedup();
        if not_checked_out > 0 {
            self.notes.push(Skipped {
                path: ".".to_owned(),
                why: format!(
                    "tracked files that are not checked out (sparse checkout) and so not seen: {not_checked_out}; `git \
                     sparse-checkout disable` brings them"
                ),
            });
        }
    }
}
