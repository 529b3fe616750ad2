//! Where the files to judge begin.

use super::git::commit_tree::{CommitTree, CommitTreeError};
use super::{disk, git};
use std::path::{Path, PathBuf};

/// The name of the configuration file.
pub const CONFIG: &str = "annexa.yaml";

/// The folder that is loaded, and what of it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The folder itself, absolute and with its links resolved.
    pub path: PathBuf,
    /// The path below the root that the user gave, with `/`. It narrows what is reported, never
    /// what is loaded.
    pub narrowed_to: Option<String>,
    /// The configuration file, where there is one: always directly in the root.
    pub config: Option<PathBuf>,
}

/// Why there is no root.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RootError {
    /// The path that was given is not there.
    #[error(
        "`{path}` does not exist, so there is nothing to read; give a folder or a file of the repository, or start \
         annexa in it without a path"
    )]
    Missing {
        /// The path as given.
        path: String,
    },
    /// The path that was given may not be read.
    #[error("`{path}` cannot be opened ({why}), so nothing in it can be checked; make it readable for this user")]
    Unreadable {
        /// The path as given.
        path: String,
        /// The reason of the system.
        why: String,
    },
    /// There is no repository around the path.
    #[error(
        "`{path}` is in no git repository, so there is no commit to read; start annexa in a repository, or check the \
         files as they are, without `--at`"
    )]
    NoRepository {
        /// The path as given.
        path: String,
    },
    /// The path below the root is not UTF-8.
    #[error("`{path}` is not UTF-8, so findings in it could not be named; rename it, or give the folder above it")]
    NotUtf8 {
        /// The path as given, with what is not UTF-8 replaced.
        path: String,
    },
}

/// Finds the root of `start`, a folder or a file: the nearest folder upwards with an `annexa.yaml`,
/// else the top of the git work tree, else the folder itself. A configuration above the top of the
/// work tree is not taken: the history would not be the history of what is loaded.
///
/// # Errors
/// When `start` is not there or may not be read.
pub fn find(start: &Path) -> Result<Root, RootError> {
    let shown = crate::source::plain(&start.to_string_lossy());
    let given = start.canonicalize().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => RootError::Missing { path: shown.clone() },
        _ => RootError::Unreadable { path: shown.clone(), why: disk::reason(&error) },
    })?;
    let folder = match given.parent() {
        Some(parent) if !given.is_dir() => parent,
        _ => &given,
    };
    if let Err(error) = folder.read_dir() {
        return Err(RootError::Unreadable { path: shown, why: disk::reason(&error) });
    }
    let top = git::work_tree(folder).map(|tree| tree.top);
    let path = folder
        .ancestors()
        .take_while(|above| top.as_deref().is_none_or(|top| above.starts_with(top)))
        .find(|above| above.join(CONFIG).is_file())
        .or(top.as_deref())
        .unwrap_or(folder)
        .to_path_buf();
    let below = given.strip_prefix(&path).unwrap_or(Path::new(""));
    let narrowed_to = match disk::slashed(below) {
        Some(below) if below.is_empty() => None,
        Some(below) => Some(below),
        None => return Err(RootError::NotUtf8 { path: shown }),
    };
    let config = Some(path.join(CONFIG)).filter(|config| config.is_file());
    Ok(Root { path, narrowed_to, config })
}

/// Where `start` is in a repository, whether or not it is on disk now: where the paths of its trees
/// begin, and the path from there.
///
/// # Errors
/// When there is no repository around it.
pub fn in_repository(start: &Path) -> Result<(PathBuf, String), RootError> {
    let shown = crate::source::plain(&start.to_string_lossy());
    let unreadable = |error: std::io::Error| RootError::Unreadable { path: shown.clone(), why: disk::reason(&error) };
    let full = std::path::absolute(start).map_err(unreadable)?;
    let there = full.ancestors().find(|above| above.exists()).unwrap_or(&full);
    let real = there.canonicalize().map_err(unreadable)?;
    let Some(top) = git::top(&real) else { return Err(RootError::NoRepository { path: shown }) };
    let gone = full.strip_prefix(there).unwrap_or(Path::new(""));
    let below = real.strip_prefix(&top).unwrap_or(Path::new("")).join(gone);
    // A path through a folder that is gone may still hold `..`, which has no meaning in a tree.
    if !below.components().all(|part| matches!(part, std::path::Component::Normal(_))) {
        return Err(RootError::Missing { path: shown });
    }
    match disk::slashed(&below) {
        Some(below) => Ok((top, below)),
        None => Err(RootError::NotUtf8 { path: shown }),
    }
}

/// Finds the root of `below`, a path from `top`, as [`find`] does, in the tree of a commit: the nearest
/// folder upwards that holds an `annexa.yaml` there, else the top. `None` when the tree holds no such path.
///
/// # Errors
/// When a folder of the tree cannot be read.
pub fn find_in(tree: &CommitTree, top: &Path, below: &str) -> Result<Option<Root>, CommitTreeError> {
    let Some(is_folder) = tree.holds(below)? else { return Ok(None) };
    let mut folder = if is_folder { below } else { below.rsplit_once('/').map_or("", |(folder, _)| folder) };
    let config = loop {
        let config = if folder.is_empty() { CONFIG.to_owned() } else { format!("{folder}/{CONFIG}") };
        if tree.holds(&config)? == Some(false) {
            break Some(top.join(&config));
        }
        if folder.is_empty() {
            break None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    };
    let narrowed_to = below[folder.len()..].trim_start_matches('/').to_owned();
    let path = if folder.is_empty() { top.to_path_buf() } else { top.join(folder) };
    Ok(Some(Root { path, narrowed_to: Some(narrowed_to).filter(|path| !path.is_empty()), config }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::testing::{Folder, repository};

    #[test]
    fn the_root_is_the_nearest_configuration_else_the_work_tree_else_the_folder() {
        // files (a trailing slash makes a folder), git at, start -> root, narrowed to
        type Row = (&'static [&'static str], Option<&'static str>, &'static str, &'static str, Option<&'static str>);
        let table: [Row; 7] = [
            (&["a/b/"], None, "a/b", "a/b", None),
            (&["a/annexa.yaml", "a/b/"], None, "a/b", "a", Some("b")),
            (&["a/annexa.yaml", "a/b/annexa.yaml"], None, "a/b", "a/b", None),
            (&["a/b/c.md"], Some(""), "a/b/c.md", "", Some("a/b/c.md")),
            (&["a/annexa.yaml", "a/b/"], Some(""), "a/b", "a", Some("b")),
            (&["annexa.yaml", "a/b/"], Some("a"), "a/b", "a", Some("b")),
            (&["annexa.yaml/x", "a/"], None, "a", "a", None),
        ];
        for (files, git, start, root, narrowed) in table {
            let folder = Folder::new();
            for file in files {
                folder.write(file, "");
            }
            if let Some(git) = git {
                repository(&folder.path(git));
            }
            let found = find(&folder.path(start)).expect("a root");
            let case = format!("{files:?}, git at {git:?}, start {start}");
            assert_eq!((found.path, found.narrowed_to.as_deref()), (folder.real(root), narrowed), "{case}");
        }
    }

    #[test]
    fn a_path_that_is_not_there_is_named() {
        let folder = Folder::new();
        let error = find(&folder.path("nowhere")).expect_err("no such folder").to_string();
        assert!(error.contains("nowhere` does not exist"), "{error}");
    }
}
