//! Tracked files that a sparse checkout left out of the disk. They are part of what is checked in all
//! the same, so they are read from the repository, as the index names them.

use super::index::Tracked;
use super::walk::Found;
use crate::facts::{ReadError, Skipped};
use crate::io::git::objects::Objects;
use git2::Oid;
use std::collections::HashSet;
use std::path::Path;

/// The files that are in the repository and not on disk.
#[derive(Debug, Default)]
pub struct Sparse {
    /// By path, sorted.
    files: Vec<(String, Oid)>,
    objects: Option<Objects>,
}

impl Sparse {
    /// Adds the files that the walk did not meet to `found`. A link among them is passed over: nobody
    /// can say what it leads to here.
    pub fn find(root: &Path, tracked: &Tracked, found: &mut Found) -> Sparse {
        if tracked.sparse.is_empty() {
            return Sparse::default();
        }
        let met: HashSet<&str> = found.files.iter().map(String::as_str).collect();
        let absent = |path: &str| !met.contains(path) && root.join(path).symlink_metadata().is_err();
        let absent: Vec<_> = tracked.sparse.iter().filter(|file| absent(&file.path)).collect();
        if absent.is_empty() {
            return Sparse::default();
        }
        let (links, absent): (Vec<_>, Vec<_>) = absent.into_iter().partition(|file| file.is_link);
        for link in links {
            let why = "a link that is not checked out (sparse checkout)".to_owned();
            found.skipped.push(Skipped { path: link.path.clone(), why });
        }
        let objects = match Objects::open(root) {
            Ok(objects) => objects,
            Err(why) => {
                found.skipped.push(Skipped {
                    path: ".".to_owned(),
                    why: format!(
                        "tracked files that are not checked out (sparse checkout) and so not seen: {}; {why}; `git \
                         sparse-checkout disable` brings them",
                        absent.len()
                    ),
                });
                return Sparse::default();
            }
        };
        let mut files: Vec<_> = absent.into_iter().map(|file| (file.path.clone(), file.id)).collect();
        files.dedup_by(|one, other| one.0 == other.0);
        found.files.extend(files.iter().map(|(path, _)| path.clone()));
        Sparse { files, objects: Some(objects) }
    }

    /// Reads such a file; `None` when `path` is none.
    pub fn read(&self, path: &str, limit: usize) -> Option<Result<Vec<u8>, ReadError>> {
        let at = self.files.binary_search_by(|(known, _)| known.as_str().cmp(path)).ok()?;
        Some(self.objects.as_ref()?.blob(self.files[at].1, limit))
    }
}
