//! The objects of a repository as [`Objects`].
//!
//! Trees and links of commits are not verified: a walk reads thousands of them, and hashing each takes
//! half of its time. Commits and contents that are quoted are hashed and held against their ids.

use super::commit_graph::{CommitGraph, PathKey, Position};
use super::names::{self, Unnamed};
use super::renames;
use super::shape::Shape;
use crate::history::{Blob, Budget, Gap, Id, Links, Moves, Objects, Origin, PathFilter, Watch};
use crate::io::disk;
use crate::source::{clip, plain};
use git2::{ErrorCode, ObjectType, Oid, Repository};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The largest list of cuts that is read: a million and a half.
const CUTS: usize = 64 << 20;

/// Files that were moved, of which is remembered from where; more are looked for again.
const MOVED: usize = 200_000;

/// An open repository.
pub struct Store {
    /// The library's repository is used by one thread at a time.
    repository: Mutex<Repository>,
    common: PathBuf,
    /// Commits whose parents a shallow clone left out.
    cuts: HashSet<Id>,
    graph: OnceLock<Option<CommitGraph>>,
    /// What went and came between two trees: a commit may have added many of the files that are asked about.
    moves: Mutex<Compared>,
}

/// Comparisons of trees. What was too much once is not tried again.
#[derive(Default)]
struct Compared {
    kept: HashMap<(Id, Id), Result<Arc<Moves>, Gap>>,
    budget: Budget,
}

impl Store {
    /// Takes an open repository.
    ///
    /// # Errors
    /// When the list of its cuts cannot be read; says why.
    pub fn new(repository: Repository) -> Result<Store, String> {
        let common = repository.commondir().to_path_buf();
        let list = match common.join("shallow") {
            list if list.exists() => disk::read_regular(&list, CUTS).map_err(|error| {
                format!("git's list of the commits at which this shallow clone ends cannot be read: {error}")
            })?,
            _ => Vec::new(),
        };
        let cuts = list.split(|byte| *byte == b'\n').filter_map(|line| Id::parse(line.trim_ascii())).collect();
        let (graph, moves) = (OnceLock::new(), Mutex::default());
        Ok(Store { repository: Mutex::new(repository), common, cuts, graph, moves })
    }

    /// The commit-graph, where there is one that says what the objects say.
    fn graph(&self) -> Option<&CommitGraph> {
        let open = || {
            let as_it_is = self.cuts.is_empty() && !Shape::of(&self.repository()).rewritten();
            if as_it_is { CommitGraph::open(&self.common.join("objects")) } else { None }
        };
        self.graph.get_or_init(open).as_ref()
    }

    fn repository(&self) -> MutexGuard<'_, Repository> {
        self.repository.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads an object and hands its bytes on.
    fn read<T>(&self, kind: ObjectType, id: Id, take: impl FnOnce(&[u8]) -> T) -> Result<T, Gap> {
        let repository = self.repository();
        let read = repository.odb().and_then(|odb| {
            let object = odb.read(oid(id)?)?;
            Ok((object.kind() == kind).then(|| take(object.data())))
        });
        match read {
            Ok(Some(taken)) => Ok(taken),
            Ok(None) => Err(Gap::Broken(format!("the object {} is no {}", id.short(), kind.str()))),
            Err(error) => Err(self.missing(&repository, kind, id, &error)),
        }
    }

    /// Reads an object that becomes evidence: it is what its id says.
    fn verified(&self, kind: ObjectType, id: Id) -> Result<Vec<u8>, Gap> {
        let bytes = self.read(kind, id, <[u8]>::to_vec)?;
        if Oid::hash_object(kind, &bytes).is_ok_and(|hash| hash.as_bytes() == id.0) {
            return Ok(bytes);
        }
        Err(Gap::Broken(format!("the {} {} is not what its id says", kind.str(), id.short())))
    }

    /// What went and came between two trees.
    fn moves(&self, trees: (Id, Id)) -> Result<Arc<Moves>, Gap> {
        let mut compared = self.moves.lock().unwrap_or_else(PoisonError::into_inner);
        let Compared { kept, budget } = &mut *compared;
        if let Some(known) = kept.get(&trees) {
            return known.clone();
        }
        budget.pass();
        let moves = Moves::between(self, trees, budget).map(Arc::new);
        if kept.values().flatten().map(|moves| moves.len()).sum::<usize>() > MOVED {
            kept.retain(|_, known| known.is_err());
        }
        kept.insert(trees, moves.clone());
        moves
    }

    fn missing(&self, repository: &Repository, kind: ObjectType, id: Id, error: &git2::Error) -> Gap {
        match error.code() {
            ErrorCode::NotFound if Shape::of(repository).partial.is_some() => Gap::Partial,
            // The clone ends somewhere: commits beyond are not here, what belongs to those within is.
            ErrorCode::NotFound if kind == ObjectType::Commit && !self.cuts.is_empty() => Gap::Shallow,
            ErrorCode::NotFound => Gap::Broken(format!("the {} {} is missing", kind.str(), id.short())),
            _ => {
                let why = plain(error.message());
                Gap::Broken(format!("the {} {} cannot be read: {why}", kind.str(), id.short()))
            }
        }
    }
}

impl Objects for Store {
    fn commit(&self, id: Id) -> Result<Vec<u8>, Gap> {
        self.verified(ObjectType::Commit, id)
    }

    fn links(&self, id: Id) -> Result<Links, Gap> {
        if let Some(known) = self.graph().and_then(|graph| graph.links(&id.0)) {
            let parents = known.parents.into_iter().map(Id).collect();
            return Ok(Links { tree: Id(known.tree), parents, time: known.seconds.cast_signed(), cut: false });
        }
        let links = self.read(ObjectType::Commit, id, Links::parse)?;
        let mut links = links.ok_or_else(|| Gap::Broken(format!("the commit {} cannot be read", id.short())))?;
        // The list of cuts may name a first commit, which has no parents to lack.
        if !links.parents.is_empty() && self.cuts.contains(&id) {
            links.parents.clear();
            links.cut = true;
        }
        Ok(links)
    }

    fn tree(&self, id: Id) -> Result<Arc<[u8]>, Gap> {
        self.read(ObjectType::Tree, id, |bytes| Arc::from(bytes))
    }

    fn blob(&self, id: Id, limit: usize) -> Result<Blob, Gap> {
        let size = {
            let repository = self.repository();
            let about = repository.odb().and_then(|odb| odb.read_header(oid(id)?));
            about.map_err(|error| self.missing(&repository, ObjectType::Blob, id, &error))?.0
        };
        if size > limit {
            return Ok(Blob::TooLarge(size as u64));
        }
        self.verified(ObjectType::Blob, id).map(Blob::Bytes)
    }

    fn resolve(&self, name: &str) -> Result<Option<Id>, Gap> {
        let repository = self.repository();
        let why = match names::commit_of(&repository, name) {
            Ok(oid) => return Ok(Some(of(oid))),
            Err(why) => why,
        };
        match why {
            Unnamed::Malformed | Unnamed::NotACommit => Ok(None),
            Unnamed::Ambiguous => Err(Gap::Ambiguous(plain(&clip(name, 80)))),
            Unnamed::Other(why) => Err(Gap::Broken(plain(&why))),
            Unnamed::Unknown | Unnamed::Absent => match Shape::of(&repository) {
                shape if shape.shallow => Err(Gap::Shallow),
                shape if why == Unnamed::Absent && shape.partial.is_some() => Err(Gap::Partial),
                shape if shape.without_tags => Err(Gap::Tags),
                shape if shape.some_branches => Err(Gap::Branches),
                _ => Ok(None),
            },
        }
    }

    fn renamed_from(&self, commit: Id, parent: Id, path: &[u8]) -> Result<Option<Vec<u8>>, Gap> {
        let trees = (self.links(parent)?.tree, self.links(commit)?.tree);
        let moves = self.moves(trees)?;
        let (content, candidates) = match moves.origin(path) {
            Origin::Same(path) => return Ok(Some(path.to_vec())),
            Origin::Nowhere => return Ok(None),
            Origin::OneOf(content, files) => (content, files),
        };
        let repository = self.repository();
        let found = (|| {
            let file = renames::Renamed { path, content: oid(content)?, trees: (oid(trees.0)?, oid(trees.1)?) };
            renames::most_alike(&repository, &file, &candidates)
        })();
        found.map_err(|error| self.missing(&repository, ObjectType::Blob, commit, &error))
    }

    fn watch(&self, paths: &[&[u8]]) -> Option<Box<dyn Watch + '_>> {
        let graph = self.graph().filter(|graph| graph.has_filters())?;
        let keys = paths.iter().map(|path| PathKey::new(path)).collect();
        Some(Box::new(Filters { graph, keys }))
    }
}

/// The filters of the commit-graph for some paths.
struct Filters<'g> {
    graph: &'g CommitGraph,
    keys: Vec<PathKey>,
}

/// The filter of one commit.
struct Filter<'g> {
    filters: &'g Filters<'g>,
    commit: Position,
}

impl Watch for Filters<'_> {
    fn filter(&self, commit: Id) -> Option<Box<dyn PathFilter + '_>> {
        let commit = self.graph.links(&commit.0)?.position;
        Some(Box::new(Filter { filters: self, commit }))
    }
}

impl PathFilter for Filter<'_> {
    fn may_have_changed(&self, path: usize) -> bool {
        self.filters.graph.may_have_changed(self.commit, &self.filters.keys[path]).unwrap_or(true)
    }
}

fn oid(id: Id) -> Result<Oid, git2::Error> {
    Oid::from_bytes(&id.0)
}

/// The library's ids have 20 bytes, as ours: repositories of longer ones are not opened.
pub(super) fn of(oid: Oid) -> Id {
    let mut id = [0; Id::BYTES];
    id.copy_from_slice(&oid.as_bytes()[..Id::BYTES]);
    Id(id)
}
