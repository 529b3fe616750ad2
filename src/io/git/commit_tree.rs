//! The tree of a commit as a [`Snapshot`]: read from the object database, without a checkout and
//! without filters, so that a commit reads the same wherever and whenever it is judged.
//!
//! Every object from the commit's id to the bytes of a file is hashed when it is read: what is judged
//! is what the id stands for.

use super::objects::{Entry, Objects};
use crate::facts::{ReadError, Skipped, Snapshot};
use crate::io::disk;
use crate::io::listing::{
    LINK_LEADS_OUT, LINK_NOT_FOLLOWED, LINK_TO_FOLDER, LINK_TO_NOTHING, Links, NOT_UTF8, SUBMODULE, covers,
};
use crate::source::plain;
use git2::Oid;
use std::collections::BTreeMap;
use std::path::Path;

const FOLDER: u32 = 0o040_000;
const LINK: u32 = 0o120_000;
const OTHER_REPOSITORY: u32 = 0o160_000;
/// The part of a mode that tells these from files.
const KIND: u32 = 0o170_000;

/// The longest path and the longest target of a link that systems take.
const PATH_LIMIT: usize = 4_096;

/// Bytes that the list of paths may take. A few small trees that name each other can stand for more
/// files than any memory holds.
const LIST_LIMIT: usize = 256 << 20;

/// What an entry takes besides its path.
const ENTRY: usize = 64;

/// Names that a link may lead through, those of the links in it included.
const STEPS: usize = 1_000;

/// Why the files of a commit cannot be listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitTreeError {
    /// The repository cannot be opened.
    #[error("the files of the commit {commit} cannot be listed: {why}")]
    Closed {
        /// The commit.
        commit: String,
        /// Why, in plain words.
        why: String,
    },
    /// A folder of it cannot be read.
    #[error("the files of the commit {commit} cannot be listed: {error}")]
    Unreadable {
        /// The commit.
        commit: String,
        /// What is wrong.
        error: ReadError,
    },
    /// There are more files than can be listed.
    #[error("the commit {commit} names more files than can be listed")]
    TooMany {
        /// The commit.
        commit: String,
    },
}

impl CommitTreeError {
    /// What to do about it; may be empty.
    pub fn remedy(&self) -> String {
        match self {
            CommitTreeError::Unreadable { error, .. } => error.remedy(),
            CommitTreeError::Closed { .. } | CommitTreeError::TooMany { .. } => String::new(),
        }
    }
}

/// A commit whose files are not listed yet.
#[derive(Debug)]
pub struct CommitTree {
    objects: Objects,
    commit: String,
    root: Oid,
}

/// The files of a commit below a folder of its tree. What is read is what the tree names, byte by byte.
#[derive(Debug)]
pub struct CommitSnapshot {
    objects: Objects,
    commit: String,
    paths: Vec<String>,
    /// The object of each path.
    ids: Vec<Oid>,
    submodules: Vec<String>,
    links: Links,
    skipped: Vec<Skipped>,
}

impl CommitTree {
    /// Opens the commit with this full id in the repository around `folder`.
    ///
    /// # Errors
    /// When the repository cannot be opened, or the commit cannot be read.
    pub fn open(folder: &Path, commit: &str) -> Result<CommitTree, CommitTreeError> {
        let closed = |why: String| CommitTreeError::Closed { commit: commit.to_owned(), why };
        let objects = Objects::open(folder).map_err(closed)?;
        let id = Oid::from_str(commit).map_err(|error| closed(plain(error.message())))?;
        let read = objects.tree_of(id);
        let root = read.map_err(|error| CommitTreeError::Unreadable { commit: commit.to_owned(), error })?;
        Ok(CommitTree { objects, commit: commit.to_owned(), root })
    }

    /// Whether something of this name is in the tree: `Some(true)` for a folder. The empty path is the
    /// top.
    ///
    /// # Errors
    /// When a folder above it cannot be read.
    pub fn holds(&self, path: &str) -> Result<Option<bool>, CommitTreeError> {
        Ok(self.find(path)?.map(|(mode, _)| mode & KIND == FOLDER))
    }

    fn find(&self, path: &str) -> Result<Option<(u32, Oid)>, CommitTreeError> {
        let mut at = (FOLDER, self.root);
        for part in path.split('/').filter(|part| !part.is_empty()) {
            if at.0 & KIND != FOLDER {
                return Ok(None);
            }
            let entries = self.objects.tree(at.1).map_err(|error| self.unreadable(error))?;
            match entries.into_iter().find(|entry| entry.name == part.as_bytes()) {
                Some(entry) => at = (entry.mode, entry.id),
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    fn unreadable(&self, error: ReadError) -> CommitTreeError {
        CommitTreeError::Unreadable { commit: self.commit.clone(), error }
    }

    /// Lists the files below `prefix`, a path from the top of the tree, and follows the links. A folder
    /// that is not there has no files.
    ///
    /// # Errors
    /// When a folder cannot be read, so that nobody knows what is in it, or there are too many files.
    pub fn below(self, prefix: &str) -> Result<CommitSnapshot, CommitTreeError> {
        let mut found = Found::default();
        if let Some((mode, id)) = self.find(prefix)?
            && mode & KIND == FOLDER
        {
            self.list(id, &mut found)?;
        }
        let Found { mut files, mut submodules, links, mut skipped, .. } = found;
        files.sort_unstable();
        // Of two entries with one name nobody can say which one is meant.
        let twice: Vec<String> =
            files.windows(2).filter(|two| two[0].0 == two[1].0).map(|two| two[0].0.clone()).collect();
        files.retain(|(path, _)| twice.binary_search(path).is_err());
        skipped.extend(twice.into_iter().map(|path| Skipped { path, why: "named twice in its folder".to_owned() }));
        let (paths, ids): (Vec<String>, Vec<Oid>) = files.into_iter().unzip();
        submodules.sort_unstable();
        let texts = links.into_iter().map(|(path, id)| (path, self.target(id))).collect();
        let links = Resolver { prefix, files: &paths, links: texts }.follow(&mut skipped);
        skipped.extend(submodules.iter().map(|path| Skipped { path: path.clone(), why: SUBMODULE.to_owned() }));
        skipped.sort_unstable_by(|a, b| (&a.path, &a.why).cmp(&(&b.path, &b.why)));
        let CommitTree { objects, commit, .. } = self;
        Ok(CommitSnapshot { objects, commit, paths, ids, submodules, links, skipped })
    }

    fn list(&self, top: Oid, found: &mut Found) -> Result<(), CommitTreeError> {
        let mut folders = vec![(String::new(), top)];
        while let Some((folder, id)) = folders.pop() {
            for Entry { name, mode, id } in self.objects.tree(id).map_err(|error| self.unreadable(error))? {
                let path = match String::from_utf8(name) {
                    Ok(name) => format!("{folder}{name}"),
                    Err(error) => {
                        found.skip(format!("{folder}{}", String::from_utf8_lossy(error.as_bytes())), NOT_UTF8);
                        continue;
                    }
                };
                found.listed += path.len() + ENTRY;
                if found.listed > LIST_LIMIT {
                    return Err(CommitTreeError::TooMany { commit: self.commit.clone() });
                }
                let name = &path[folder.len()..];
                if matches!(name, "" | "." | "..") || name.contains('/') || disk::is_git_folder(name) {
                    found.skip(path, "a name that git does not check out");
                } else if path.len() > PATH_LIMIT {
                    found.skip(path, "its path is too long");
                } else {
                    match mode & KIND {
                        FOLDER => folders.push((path + "/", id)),
                        LINK => found.links.push((path, id)),
                        OTHER_REPOSITORY => found.submodules.push(path),
                        _ => found.files.push((path, id)),
                    }
                }
            }
        }
        Ok(())
    }

    /// What a link says.
    fn target(&self, id: Oid) -> Result<String, String> {
        let bytes = self.objects.blob(id, PATH_LIMIT).map_err(|error| format!("{LINK_NOT_FOLLOWED}: {error}"))?;
        String::from_utf8(bytes).map_err(|_| LINK_TO_NOTHING.to_owned())
    }
}

/// What the walk met. Paths are from the root with `/`.
#[derive(Default)]
struct Found {
    files: Vec<(String, Oid)>,
    links: Vec<(String, Oid)>,
    submodules: Vec<String>,
    skipped: Vec<Skipped>,
    /// What the list takes.
    listed: usize,
}

impl Found {
    fn skip(&mut self, path: String, why: &str) {
        self.skipped.push(Skipped { path, why: why.to_owned() });
    }
}

/// Links of a tree: what each says, or why nobody knows.
struct Resolver<'a> {
    /// The path of the root from the top of the tree.
    prefix: &'a str,
    files: &'a [String],
    links: BTreeMap<String, Result<String, String>>,
}

impl Resolver<'_> {
    /// Follows every link; what cannot be followed, and what is no file, goes to `skipped`.
    fn follow(&self, skipped: &mut Vec<Skipped>) -> Links {
        let mut links = Links::default();
        for link in self.links.keys() {
            let mut skip = |why: String| skipped.push(Skipped { path: link.clone(), why });
            match self.real(link) {
                Ok(target) => {
                    if self.files.binary_search(&target).is_err() {
                        skip(LINK_TO_FOLDER.to_owned());
                    }
                    links.push(link.clone(), target);
                }
                Err(why) => skip(why),
            }
        }
        links
    }

    /// Whether a file or a folder of this name is in the tree.
    fn is_there(&self, path: &str) -> bool {
        let below = format!("{path}/");
        let holds_link = || self.links.range(below.clone()..).next().is_some_and(|(link, _)| link.starts_with(&below));
        covers(self.files, path) || holds_link()
    }

    /// The path from the root that a link leads to.
    fn real(&self, link: &str) -> Result<String, String> {
        let above = |path: &str| path.is_empty() || self.prefix == path || self.prefix.starts_with(&format!("{path}/"));
        let below = |path: &str| -> Option<usize> {
            if self.prefix.is_empty() {
                return Some(0);
            }
            path.strip_prefix(self.prefix).filter(|rest| rest.starts_with('/')).map(|_| self.prefix.len() + 1)
        };
        let mut at = self.prefix.to_owned();
        let mut pending: Vec<String> = link.rsplit('/').map(str::to_owned).collect();
        let mut steps = 0;
        while let Some(part) = pending.pop() {
            steps += 1;
            if steps > STEPS {
                return Err(format!("{LINK_NOT_FOLLOWED}: it leads in a circle, or through too many folders"));
            }
            let before = at.len();
            match part.as_str() {
                "" | "." => continue,
                ".." if at.is_empty() => return Err(LINK_LEADS_OUT.to_owned()),
                ".." => {
                    at.truncate(at.rfind('/').unwrap_or(0));
                    continue;
                }
                part if at.is_empty() => at.push_str(part),
                part => {
                    at.push('/');
                    at.push_str(part);
                }
            }
            let Some(from) = below(&at) else {
                if above(&at) {
                    continue;
                }
                return Err(LINK_LEADS_OUT.to_owned());
            };
            match self.links.get(&at[from..]) {
                Some(Ok(text)) if text.starts_with('/') => return Err(LINK_LEADS_OUT.to_owned()),
                Some(Ok(text)) => {
                    pending.extend(text.rsplit('/').map(str::to_owned));
                    at.truncate(before);
                }
                Some(Err(why)) => return Err(why.clone()),
                None => {
                    let is_file = self.files.binary_search_by(|file| file.as_str().cmp(&at[from..])).is_ok();
                    if !self.is_there(&at[from..]) || is_file && !pending.is_empty() {
                        return Err(LINK_TO_NOTHING.to_owned());
                    }
                }
            }
        }
        if at == self.prefix {
            return Ok(String::new());
        }
        below(&at).map(|from| at[from..].to_owned()).ok_or_else(|| LINK_LEADS_OUT.to_owned())
    }
}

impl CommitSnapshot {
    fn covers(&self, path: &str) -> bool {
        covers(&self.paths, path) || covers(&self.submodules, path)
    }
}

impl Snapshot for CommitSnapshot {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn commit(&self) -> Option<&str> {
        Some(&self.commit)
    }

    fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
        let target = self.links.resolve(path);
        let path = target.as_deref().unwrap_or(path);
        match self.paths.binary_search_by(|known| known.as_str().cmp(path)) {
            Ok(at) => self.objects.blob(self.ids[at], limit),
            Err(_) if self.covers(path) => Err(ReadError::Denied("it is a folder".to_owned())),
            Err(_) => Err(ReadError::Missing),
        }
    }

    fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.covers(path)
            || self.links.covers(path)
            || self.links.resolve(path).is_some_and(|target| self.covers(&target))
    }
}

#[cfg(test)]
mod tests;
