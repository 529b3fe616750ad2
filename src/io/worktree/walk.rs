//! The walk over the folders below the root.

use super::index::Tracked;
use super::rules::Rules;
use crate::facts::Skipped;
use crate::io::disk;
use crate::io::listing::NOT_UTF8;
use crate::value::Syntax;
use std::fs::FileType;
use std::path::Path;
use std::rc::Rc;

const SPECIAL: &str = "not a regular file";

/// What the walk met. Paths are from the root with `/`.
#[derive(Debug, Default)]
pub struct Found {
    /// Regular files.
    pub files: Vec<String>,
    /// Links, not yet followed.
    pub links: Vec<String>,
    /// What was passed over.
    pub skipped: Vec<Skipped>,
}

impl Found {
    fn skip(&mut self, path: impl Into<String>, why: impl Into<String>) {
        self.skipped.push(Skipped { path: path.into(), why: why.into() });
    }

    fn take(&mut self, path: String, kind: FileType) {
        if kind.is_symlink() {
            self.links.push(path);
        } else if kind.is_file() {
            self.files.push(path);
        } else {
            self.skip(path, SPECIAL);
        }
    }
}

/// A folder to visit: its path from the root (empty or ending in `/`) and the rules of the folders above.
struct Visit {
    folder: String,
    rules: Option<Rc<Rules>>,
    /// The length of the part of the full path that the rules do not know: that of a nested repository.
    top: usize,
}

/// Lists what is below `root`, without what `.gitignore` hides and git does not track. No link is followed.
pub fn walk(root: &Path, tracked: &Tracked) -> Found {
    let mut found = Found::default();
    let prefix = tracked.tree.as_ref().map_or("", |(_, prefix)| prefix.as_str());
    let rules = rules_above(tracked, &mut found.skipped);
    let in_git = tracked.tree.is_some();
    let mut visits = vec![Visit { folder: String::new(), rules, top: 0 }];
    while let Some(visit) = visits.pop() {
        let entries = match root.join(&visit.folder).read_dir() {
            Ok(entries) => entries,
            Err(error) => {
                found.skip(visit.folder.trim_end_matches('/'), format!("cannot be opened: {}", disk::reason(&error)));
                continue;
            }
        };
        let mut names: Vec<(String, FileType)> = Vec::new();
        for entry in entries {
            let entry = match entry.and_then(|entry| entry.file_type().map(|kind| (entry.file_name(), kind))) {
                Ok((name, kind)) => name.into_string().map(|name| (name, kind)),
                Err(error) => {
                    let why = format!("cannot be listed in full: {}", disk::reason(&error));
                    found.skip(visit.folder.trim_end_matches('/'), why);
                    continue;
                }
            };
            match entry {
                Ok(named) => names.push(named),
                Err(name) => found.skip(format!("{}{}", visit.folder, name.to_string_lossy()), NOT_UTF8),
            }
        }
        let Visit { folder, mut rules, mut top } = visit;
        // A repository of its own has its own rules.
        if !folder.is_empty() && names.iter().any(|(name, _)| disk::is_git_folder(name)) {
            rules = None;
            top = prefix.len() + folder.len();
        }
        if (in_git || top > 0) && names.iter().any(|(name, _)| name == ".gitignore") {
            let full = format!("{prefix}{folder}");
            let shown = format!("{folder}.gitignore");
            let below = full[top..].trim_end_matches('/');
            rules = Rules::read(&root.join(&shown), below, rules, &shown, &mut found.skipped);
        }
        for (name, kind) in names {
            if disk::is_git_folder(&name) {
                continue;
            }
            let path = format!("{folder}{name}");
            let hidden = rules.as_ref().is_some_and(|rules| {
                let full = format!("{prefix}{path}");
                rules.hide(&full[top..], kind.is_dir())
            });
            if !kind.is_dir() {
                if !hidden || tracked.holds(&path) {
                    found.take(path, kind);
                }
                continue;
            }
            // Tracked files below a hidden folder are added afterwards, one by one.
            if hidden || tracked.is_submodule(&path) {
                continue;
            }
            if Syntax::of(&name).is_some() {
                found.skip(path.clone(), "a folder, though it is named like a document");
            }
            visits.push(Visit { folder: path + "/", rules: rules.clone(), top });
        }
    }
    found
}

/// The rules of `info/exclude` and of the folders between the top of the work tree and the root.
fn rules_above(tracked: &Tracked, notes: &mut Vec<Skipped>) -> Option<Rc<Rules>> {
    let (top, prefix) = tracked.tree.as_ref()?;
    let common = tracked.common_folder.as_ref()?;
    let mut rules = Rules::read(&common.join("info/exclude"), "", None, ".git/info/exclude", notes);
    let ends = prefix.match_indices('/').map(|(at, _)| at);
    for folder in std::iter::once(0).chain(ends).map(|end| &prefix[..end]) {
        // The root's own file is read when the root is visited.
        if folder.len() + 1 < prefix.len() {
            let shown = format!("{folder}/.gitignore").trim_start_matches('/').to_owned() + " (above the root)";
            rules = Rules::read(&top.join(folder).join(".gitignore"), folder, rules, &shown, notes);
        }
    }
    rules
}

/// Adds the tracked files that the walk did not meet because a folder above them is hidden.
pub fn add_hidden(root: &Path, tracked: &Tracked, found: &mut Found) {
    let mut met: Vec<&str> = found.files.iter().chain(&found.links).map(String::as_str).collect();
    met.extend(found.skipped.iter().map(|skipped| skipped.path.as_str()));
    met.sort_unstable();
    let missed: Vec<&String> = tracked.files.iter().filter(|path| met.binary_search(&path.as_str()).is_err()).collect();
    let mut last: Option<(&str, bool)> = None;
    for path in missed {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        // Where a folder was replaced by a link, the tracked file is gone: what is there is another file.
        let there = match last {
            Some((known, there)) if known == folder => there,
            _ => root.join(folder).canonicalize().is_ok_and(|real| real == root.join(folder)),
        };
        last = Some((folder, there));
        if there
            && let Ok(about) = root.join(path).symlink_metadata()
            && !about.is_dir()
        {
            found.take(path.clone(), about.file_type());
        }
    }
}
