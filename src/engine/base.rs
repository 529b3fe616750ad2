//! The base version: what documents were before the change that is judged.

use super::cel::{TreeRef, View};
use super::load::Files;
use super::surroundings::lfs_digest;
use crate::document::compare::{Counterpart, counterpart_among};
use crate::document::{Document, Kind};
use crate::facts::{Globs, ReadError, Snapshot};
use crate::history::PathSet;
use crate::source::{SourceFile, Span};
use crate::value::{Limits, NodeId, Tree};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The version that a run compares with.
pub struct Base {
    /// Its files.
    pub snapshot: Arc<dyn Snapshot>,
    /// The name of its commit, as places show it in front of paths: `main:soa.yaml`.
    pub commit: String,
}

/// Why the version that a run is to compare with cannot be had: whatever asks for it is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// What is missing.
    pub why: String,
    /// What to do.
    pub help: String,
}

/// What a document was in the base version.
pub enum Earlier {
    /// This.
    Was(View),
    /// It was not there.
    Absent,
    /// It cannot be told: why, and what to do.
    Unknown(String, String),
}

/// Paths that differ between two versions; or why that cannot be told, and what to do.
type Differences = Result<Vec<String>, (String, String)>;

/// A record: its tree in the corpus and its root.
type Place = (u32, NodeId);

/// A record of the base version, as a finding about its end needs it.
pub struct Record {
    /// Its kind.
    pub kind: Arc<Kind>,
    /// The id that it gives itself.
    pub id: Option<String>,
    /// Its file, as it was.
    pub file: Arc<SourceFile>,
    /// Where it begins.
    pub head: Span,
    /// Which record of its file it is, from 0.
    pub position: usize,
}

/// The base version as a corpus keeps it: its records by what they are matched by.
pub struct BaseVersion {
    /// Its files; nothing where they cannot be had.
    snapshot: Option<Arc<dyn Snapshot>>,
    commit: String,
    kinds: HashMap<Arc<str>, Records>,
    records: Vec<Record>,
    files: HashMap<String, u32>,
    unreadable: Vec<Unreadable>,
    unreachable: Option<Unreachable>,
    changed: Mutex<HashMap<PathSet, Differences>>,
}

/// The records of a kind.
#[derive(Default)]
struct Records {
    by_id: HashMap<String, Vec<Place>>,
    /// By path and position in the file, with whether they have an id.
    by_position: HashMap<(String, usize), (Place, bool)>,
}

struct Unreadable {
    path: String,
    /// The kind that its path announces, where nothing of the file could be read.
    kind: Option<Arc<str>>,
    why: String,
    /// What brings its bytes, which could not be had at all.
    fetch: Option<String>,
}

impl BaseVersion {
    /// Takes the files of the commit called `commit`; their trees are added to `trees`, where reads are
    /// placed.
    pub fn new(base: Base, files: Files, trees: &mut Vec<Arc<Tree>>) -> Self {
        let Base { snapshot, commit } = base;
        let mut numbers: HashMap<*const Tree, u32> = HashMap::new();
        let mut number = |tree: &Arc<Tree>| {
            *numbers.entry(Arc::as_ptr(tree)).or_insert_with(|| {
                trees.push(Arc::clone(tree));
                trees.len() as u32 - 1
            })
        };
        let lost = files.unreadable();
        let mut unreadable = Vec::new();
        for broken in &files.broken {
            let path = broken.file.path().to_owned();
            let kind = lost.iter().find(|lost| lost.path == path).map(|lost| Arc::clone(&lost.kind));
            let Some(problem) = broken.problems.first() else { continue };
            let why = format!("line {}: {}", broken.file.place(problem.at.span).line, problem.message);
            unreadable.push(Unreadable { path, kind, why, fetch: None });
        }
        for (path, kind, error) in files.denied {
            let fetch = match error {
                ReadError::NotFetched(_) | ReadError::Damaged(_) => error.remedy(),
                _ => "Fetch the whole base commit, and run again.".to_owned(),
            };
            unreadable.push(Unreadable { path, kind, why: error.to_string(), fetch: Some(fetch) });
        }
        for (tree, why) in files.unread {
            let path = tree.file().path().to_owned();
            unreadable.push(Unreadable { path, kind: None, why, fetch: None });
        }
        let mut kinds: HashMap<Arc<str>, Records> = HashMap::new();
        let records = files.documents.iter().map(Record::of).collect();
        for document in &files.documents {
            let place = (number(&document.tree), document.root);
            let records = kinds.entry(Arc::clone(&document.kind.id)).or_default();
            if let Some(id) = &document.id {
                records.by_id.entry(id.clone()).or_default().push(place);
            }
            records.by_position.insert(position(document), (place, document.id.is_some()));
        }
        let by_path = |tree: &Arc<Tree>| (tree.file().path().to_owned(), number(tree));
        BaseVersion {
            snapshot: Some(snapshot),
            commit,
            kinds,
            records,
            files: files.trees.iter().map(by_path).collect(),
            unreadable,
            unreachable: None,
            changed: Mutex::default(),
        }
    }

    /// The paths of a set whose files are not the same in `now`, sorted. Each set is looked at once.
    ///
    /// # Errors
    /// Why it cannot be told, and what to do.
    pub fn changed_files(&self, now: &dyn Snapshot, set: &PathSet) -> Differences {
        let mut known = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(set.clone()).or_insert_with(|| self.compare(now, &set.matcher())).clone()
    }

    fn compare(&self, now: &dyn Snapshot, wanted: &Globs) -> Differences {
        let Some(snapshot) = &self.snapshot else {
            let reason = self.unreachable.as_ref().map(|Unreachable { why, help }| (why.clone(), help.clone()));
            return Err(reason.unwrap_or_default());
        };
        let paths = snapshot.paths().iter().chain(now.paths());
        let mut changed: Vec<String> = paths.filter(|path| wanted.matches(path)).cloned().collect();
        changed.sort();
        changed.dedup();
        let limit = Limits::default().bytes;
        let mut found = Vec::new();
        for path in changed {
            let read = |side: &dyn Snapshot| match side.read(&path, limit) {
                Ok(bytes) => Ok(Some(bytes)),
                Err(ReadError::Missing) => Ok(None),
                Err(error) => Err(error),
            };
            match (read(snapshot.as_ref()), read(now)) {
                (Ok(before), Ok(after)) => found.extend((!same(&before, &after)).then_some(path)),
                // Of different sizes they differ.
                (Err(ReadError::TooLarge(before)), Err(ReadError::TooLarge(after))) if before != after => {
                    found.push(path)
                }
                (Err(ReadError::TooLarge(_)), Ok(_)) | (Ok(_), Err(ReadError::TooLarge(_))) => found.push(path),
                (Err(error), _) | (_, Err(error)) => {
                    let why = format!("`{path}` cannot be compared with the base version: {error}");
                    return Err((why, error.remedy()));
                }
            }
        }
        Ok(found)
    }

    /// Its records, in the order of paths.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Whether it has a record of this kind and id.
    pub fn has(&self, kind: &str, id: &str) -> bool {
        self.kinds.get(kind).is_some_and(|records| records.by_id.contains_key(id))
    }

    /// A base version of which nothing can be had.
    pub fn unreachable(unreachable: Unreachable) -> Self {
        BaseVersion {
            snapshot: None,
            commit: String::new(),
            kinds: HashMap::new(),
            records: Vec::new(),
            files: HashMap::new(),
            unreadable: Vec::new(),
            unreachable: Some(unreachable),
            changed: Mutex::default(),
        }
    }

    /// What a document was: the record of the same kind and id; where one of the two has no id, the one
    /// at the same place of the same file.
    pub fn document(&self, document: &Document, trees: &[Arc<Tree>]) -> Earlier {
        if let Some(Unreachable { why, help }) = &self.unreachable {
            return Earlier::Unknown(why.clone(), help.clone());
        }
        let path = document.tree.file().path();
        let records = self.kinds.get(&document.kind.id);
        let of_id = document.id.as_ref().and_then(|id| records?.by_id.get(id)).map_or(&[][..], Vec::as_slice);
        let here = |(tree, _): Place| trees[tree as usize].file().path() == path;
        let at_place = records.and_then(|records| records.by_position.get(&position(document)).copied());
        let found = match counterpart_among(of_id, here, at_place, document.id.is_some()) {
            Counterpart::One(place) => Some(place),
            Counterpart::None => None,
            Counterpart::Several(count) => {
                let id = document.id.as_deref().unwrap_or_default();
                let why = format!("`{}` has {count} documents with the id `{id}`", self.commit);
                let help = "Give each an id of its own; until that is merged, compare the two versions yourself.";
                return Earlier::Unknown(why, help.to_owned());
            }
        };
        let lost = || self.unreadable.iter().find(|u| u.path == path || u.kind.as_ref() == Some(&document.kind.id));
        match found {
            Some(place) => was(place, trees),
            None => lost().map_or(Earlier::Absent, |unreadable| self.unknown(unreadable)),
        }
    }

    /// What the record at `index` of the file at `path` was.
    pub fn file(&self, path: &str, index: usize, trees: &[Arc<Tree>]) -> Earlier {
        if let Some(Unreachable { why, help }) = &self.unreachable {
            return Earlier::Unknown(why.clone(), help.clone());
        }
        if let Some(unreadable) = self.unreadable.iter().find(|u| u.path == path) {
            return self.unknown(unreadable);
        }
        let record = |tree: &u32| Some((*tree, *trees[*tree as usize].roots().get(index)?));
        self.files.get(path).and_then(record).map_or(Earlier::Absent, |place| was(place, trees))
    }

    fn unknown(&self, unreadable: &Unreadable) -> Earlier {
        let Unreadable { path, why, fetch, .. } = unreadable;
        let why = format!("`{}:{path}` cannot be read, and it may hold the earlier version: {why}", self.commit);
        let compare =
            "Compare the two versions yourself; the next change can be compared once a readable one is merged.";
        Earlier::Unknown(why, fetch.clone().unwrap_or_else(|| compare.to_owned()))
    }
}

impl Record {
    fn of(document: &Document) -> Self {
        Record {
            kind: Arc::clone(&document.kind),
            id: document.id.clone(),
            file: Arc::clone(document.tree.file()),
            head: document.tree.head(document.raw),
            position: position(document).1,
        }
    }
}

fn was((index, root): Place, trees: &[Arc<Tree>]) -> Earlier {
    Earlier::Was(View::new(TreeRef { tree: Arc::clone(&trees[index as usize]), index }, root))
}

/// The path of a record, and which one of its file it is, from 0.
pub fn position(document: &Document) -> (String, usize) {
    let tree = &document.tree;
    let index = tree.roots().iter().position(|root| *root == document.raw).unwrap_or_default();
    (tree.file().path().to_owned(), index)
}

/// Whether two versions of a file say the same. A checkout may write other line ends than the repository holds,
/// and the content of a Git LFS file in place of its pointer.
fn same(before: &Option<Vec<u8>>, after: &Option<Vec<u8>>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return before.is_none() && after.is_none() };
    let lines = |bytes: &[u8]| bytes.iter().copied().filter(|byte| *byte != b'\r').collect::<Vec<u8>>();
    before == after || lines(before) == lines(after) || points_at(before, after) || points_at(after, before)
}

/// Whether a Git LFS pointer stands for this content.
fn points_at(pointer: &[u8], content: &[u8]) -> bool {
    let Some(wanted) = lfs_digest(pointer) else { return false };
    let digest = Sha256::digest(content);
    digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>() == wanted
}
