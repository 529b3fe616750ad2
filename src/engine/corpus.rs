//! Everything that policies can see: the documents of a run, joined.

use super::base::{Base, BaseVersion, Earlier, Record, Unreachable, position};
use super::cel::{Lazy, Listing, Mark, TreeRef, View};
use super::life;
use super::load::Files;
use crate::config::{People, Person};
use crate::document::{Document, Kind, Kinds};
use crate::facts::{Day, Globs, PullRequest, Snapshot};
use crate::finding::Subject;
use crate::history::{Gap, Past, PathSet};
use crate::value::{NodeId, Tree};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Where git looks for the names and addresses that one person commits by.
const MAILMAP: &str = ".mailmap";

/// Bytes of it that are read; of a longer one nothing is known.
const MAILMAP_BYTES: usize = 1 << 20;

/// A file that was recognised by its path and could not be read.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The kind that its path announces.
    pub kind: Arc<str>,
    /// The path.
    pub path: String,
    /// Whether it is in the organisation's checkout: then nothing here reports it.
    pub shared: bool,
}

/// The documents of a run with the joins between them.
pub struct Corpus {
    snapshot: Arc<dyn Snapshot>,
    today: Day,
    kinds: Arc<Kinds>,
    /// All documents; those of the organisation's checkout are at the end.
    documents: Vec<Document>,
    own: usize,
    files: Vec<(u32, Option<String>)>,
    trees: Vec<Arc<Tree>>,
    tree_of: Vec<u32>,
    at_root: HashMap<(u32, NodeId), usize>,
    by_kind: HashMap<Arc<str>, Vec<usize>>,
    subjects: Vec<Subject>,
    systems: Vec<Option<String>>,
    /// Documents by their kind and the system they belong to.
    by_system: HashMap<Arc<str>, HashMap<String, Vec<usize>>>,
    /// Documents by their kind and what references call them: their id, their path.
    named: OnceLock<HashMap<Arc<str>, Names>>,
    /// The statement that governs each document; empty where there is no statement at all.
    governing: Vec<Option<usize>>,
    listings: HashMap<String, Listing>,
    unreadable: Vec<Unreadable>,
    organization: Option<(String, String)>,
    base: Option<BaseVersion>,
    pull_request: Option<Result<PullRequest, Unreachable>>,
    past: Past,
    people: People,
    /// Why the names and addresses of commits cannot be told apart.
    mailmap_gap: Option<Gap>,
    globbed: Mutex<HashMap<String, Arc<Vec<String>>>>,
    lives: Mutex<HashMap<(u32, NodeId), Lazy>>,
}

/// What references call the documents of a kind.
#[derive(Default)]
struct Names {
    ids: HashMap<String, Vec<usize>>,
    paths: HashMap<String, Vec<usize>>,
}

/// What a corpus is made of.
pub struct CorpusBuilder {
    /// The files.
    pub snapshot: Arc<dyn Snapshot>,
    /// The day.
    pub today: Day,
    /// The kinds of documents.
    pub kinds: Arc<Kinds>,
    /// The documents of this repository.
    pub documents: Vec<Document>,
    /// Files of any kind that policies ask for by path.
    pub files: Vec<Arc<Tree>>,
    /// Such files that could not be read: an empty record in place of each, and why.
    pub unread: Vec<(Arc<Tree>, String)>,
    /// Recognised files that could not be read.
    pub unreadable: Vec<Unreadable>,
    /// Documents of the organisation's checkout: they can be read, and are judged there.
    pub shared: Vec<Document>,
    /// The path and the commit of that checkout.
    pub organization: Option<(String, String)>,
    /// The base version and its files, or why they cannot be had.
    pub base: Option<Result<(Base, Files), Unreachable>>,
    /// The pull request that the documents are part of, or why it cannot be told.
    pub pull_request: Option<Result<PullRequest, Unreachable>>,
    /// The git history.
    pub past: Past,
    /// The people that annexa.yaml names.
    pub people: Vec<Person>,
}

impl CorpusBuilder {
    /// Joins the documents.
    pub fn build(self) -> Arc<Corpus> {
        let own = self.documents.len();
        let documents: Vec<Document> = self.documents.into_iter().chain(self.shared).collect();
        let mut trees: Vec<Arc<Tree>> = Vec::new();
        let mut tree_of = Vec::with_capacity(documents.len());
        for document in &documents {
            // Records of one file follow each other.
            if trees.last().is_none_or(|last| !Arc::ptr_eq(last, &document.tree)) {
                trees.push(Arc::clone(&document.tree));
            }
            tree_of.push(trees.len() as u32 - 1);
        }
        let mut files = Vec::with_capacity(self.files.len());
        let mut number: HashMap<*const Tree, usize> = trees.iter().map(Arc::as_ptr).zip(0..).collect();
        let readable = self.files.into_iter().map(|file| (file, None));
        for (file, why) in readable.chain(self.unread.into_iter().map(|(file, why)| (file, Some(why)))) {
            let known = *number.entry(Arc::as_ptr(&file)).or_insert_with(|| {
                trees.push(file);
                trees.len() - 1
            });
            files.push((known as u32, why));
        }
        let base = self.base.map(|base| match base {
            Ok((base, files)) => BaseVersion::new(base, files, &mut trees),
            Err(unreachable) => BaseVersion::unreachable(unreachable),
        });
        let at_root = documents.iter().zip(&tree_of).enumerate().map(|(i, (d, t))| ((*t, d.root), i)).collect();
        let mut by_kind: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
        for (index, document) in documents.iter().enumerate() {
            by_kind.entry(Arc::clone(&document.kind.id)).or_default().push(index);
        }
        let (mailmap, mailmap_gap) = match self.past.log.as_ref().map(|log| log.at_top(MAILMAP, MAILMAP_BYTES)) {
            Some(Ok(Some(bytes))) => (String::from_utf8_lossy(&bytes).into_owned(), None),
            Some(Err(gap)) => (String::new(), Some(gap)),
            Some(Ok(None)) | None => (String::new(), None),
        };
        let people = People::new(self.people, &mailmap);
        let mut corpus = Corpus {
            subjects: documents.iter().map(subject).collect(),
            by_kind,
            systems: Vec::new(),
            by_system: HashMap::new(),
            named: OnceLock::new(),
            governing: Vec::new(),
            listings: HashMap::new(),
            globbed: Mutex::default(),
            lives: Mutex::default(),
            snapshot: self.snapshot,
            today: self.today,
            kinds: self.kinds,
            unreadable: self.unreadable,
            organization: self.organization,
            base,
            pull_request: self.pull_request,
            past: self.past,
            people,
            mailmap_gap,
            documents,
            own,
            files,
            trees,
            tree_of,
            at_root,
        };
        corpus.systems = corpus.owners();
        for (index, system) in corpus.systems.iter().enumerate() {
            // Documents of no system belong together too: without a register that is all of them.
            let kind = Arc::clone(&corpus.documents[index].kind.id);
            let of_kind = corpus.by_system.entry(kind).or_default();
            of_kind.entry(system.clone().unwrap_or_default()).or_default().push(index);
        }
        corpus.governing = corpus.statements();
        let listing = |kind: &Arc<Kind>| {
            (kind.plural.clone(), Listing::new(corpus.of_kind(&kind.id).map(|i| corpus.view(i)).collect()))
        };
        corpus.listings = corpus.kinds.iter().map(listing).collect();
        if let Some(log) = &corpus.past.log {
            log.prepare(
                corpus.judged().iter().map(|document| document.tree.file().path().to_owned()),
                corpus.path_sets(),
            );
        }
        Arc::new(corpus)
    }
}

impl Corpus {
    /// The files.
    pub fn snapshot(&self) -> &dyn Snapshot {
        self.snapshot.as_ref()
    }

    /// The day.
    pub fn today(&self) -> Day {
        self.today
    }

    /// All documents.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// The documents of this repository: those that are judged.
    pub fn judged(&self) -> &[Document] {
        &self.documents[..self.own]
    }

    /// The path and the commit of the organisation's checkout.
    pub fn organization(&self) -> Option<(&str, &str)> {
        self.organization.as_ref().map(|(path, commit)| (path.as_str(), commit.as_str()))
    }

    /// The pull request that the documents are part of, or why it cannot be told.
    pub fn pull_request(&self) -> Option<&Result<PullRequest, Unreachable>> {
        self.pull_request.as_ref()
    }

    /// The git history.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// The paths of a set whose files are not the same in the base version; `None`
    /// where the run has none.
    pub fn changed_files(&self, set: &PathSet) -> Option<Result<Vec<String>, (String, String)>> {
        Some(self.base.as_ref()?.changed_files(self.snapshot.as_ref(), set))
    }

    /// The paths of the records of the base version.
    pub fn base_paths(&self) -> impl Iterator<Item = &str> {
        self.base.iter().flat_map(|base| base.records()).map(|record| record.file.path())
    }

    /// The records of the base version that are not here any more: by their kind and id, and where neither
    /// tells, by their place in the file. A file that is here and cannot be read may still hold them.
    pub fn removed(&self) -> Vec<&Record> {
        let Some(base) = &self.base else { return Vec::new() };
        let (mut ids, mut places) = (HashSet::new(), HashMap::new());
        for document in self.judged() {
            let kind = &*document.kind.id;
            ids.extend(document.id.as_deref().map(|id| (kind, id)));
            let (path, position) = position(document);
            places.insert((kind, path, position), document.id.as_deref());
        }
        let stays = |record: &&Record| {
            let (kind, path) = (&*record.kind.id, record.file.path());
            let named = record.id.as_deref().is_some_and(|id| ids.contains(&(kind, id)));
            // A record that took another id, or none, is the same one; one that has an id from elsewhere is not.
            let here = places.get(&(kind, path.to_owned(), record.position));
            let renamed = here.is_some_and(|id| id.is_none_or(|id| !base.has(kind, id)) || record.id.is_none());
            named || renamed || self.unreadable.iter().any(|unreadable| unreadable.path == path)
        };
        base.records().iter().filter(|record| !stays(record)).collect()
    }

    /// Whether documents of this repository stand in the file at a path.
    pub fn holds_document(&self, path: &str) -> bool {
        self.judged().binary_search_by(|document| document.tree.file().path().cmp(path)).is_ok()
    }

    /// The history of the document or the record of a file whose root this node is.
    pub fn life(&self, tree: u32, root: NodeId) -> Option<Lazy> {
        let document = self.document_at(tree, root);
        let file = self.tree(tree);
        let record = self.as_written(tree, root)?;
        let mut lives = self.lives.lock().unwrap_or_else(PoisonError::into_inner);
        let life = lives.entry((tree, root)).or_insert_with(|| {
            if file.file().commit().is_some() {
                let why = "the base version is one commit, and has no history of its own here";
                life::nothing_of(Mark::Never(why.to_owned()))
            } else if document.is_some_and(|document| document >= self.own) {
                let why = format!("the history of `{}` is in the repository of the organisation", file.file().path());
                life::nothing_of(Mark::Unknown(why, "Check that repository on its own.".to_owned()))
            } else {
                life::of_record(file, record)
            }
        });
        Some(life.clone())
    }

    /// The root of a record as it stands in its file: one that an adapter brought to our names stands in place
    /// of the one that was written. `None` where it is not the root of a record.
    pub fn as_written(&self, tree: u32, root: NodeId) -> Option<NodeId> {
        let raw = self.document_at(tree, root).map(|document| self.documents[document].raw);
        [Some(root), raw].into_iter().flatten().find(|node| self.tree(tree).roots().contains(node))
    }

    /// Who is who.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Why two addresses of commits may be one person's: `.mailmap` is there and cannot be read.
    pub fn mailmap_gap(&self) -> Option<&Gap> {
        self.mailmap_gap.as_ref()
    }

    /// What a document was in the base version; `None` where the run has none.
    pub fn earlier(&self, document: usize) -> Option<Earlier> {
        Some(self.base.as_ref()?.document(&self.documents[document], &self.trees))
    }

    /// What a record of a file was in the base version, by the path; `None` where the run has none.
    pub fn earlier_file(&self, tree: u32, root: NodeId) -> Option<Earlier> {
        let tree = self.tree(tree);
        let index = tree.roots().iter().position(|r| *r == root)?;
        Some(self.base.as_ref()?.file(tree.file().path(), index, &self.trees))
    }

    /// The numbers of the trees of files that policies ask for by path, and why one could not be read.
    pub fn files(&self) -> &[(u32, Option<String>)] {
        &self.files
    }

    /// What a finding calls a document.
    pub fn subject(&self, document: usize) -> Subject {
        self.subjects[document].clone()
    }

    /// What a finding calls a record of a file of no known kind.
    pub fn file_subject(&self, tree: u32, root: NodeId) -> Subject {
        let tree = self.tree(tree);
        let path = tree.file().path();
        Subject { kind: "file".into(), id: record_name(tree, root, path).into(), path: path.into() }
    }

    /// The tree with this number.
    pub fn tree(&self, index: u32) -> &Arc<Tree> {
        &self.trees[index as usize]
    }

    /// The number of the tree that a document stands in.
    pub fn tree_index(&self, document: usize) -> u32 {
        self.tree_of[document]
    }

    /// The records of the file with this number.
    pub fn records_of(&self, tree: u32) -> &[Document] {
        // Trees are numbered in the order of documents.
        let from = self.tree_of.partition_point(|t| *t < tree);
        let length = self.tree_of[from..].partition_point(|t| *t == tree);
        &self.documents[from..from + length]
    }

    /// A document as expressions see it.
    pub fn view(&self, document: usize) -> View {
        let index = self.tree_of[document];
        View::new(TreeRef { tree: Arc::clone(&self.trees[index as usize]), index }, self.documents[document].root)
    }

    /// The document whose root is this node.
    pub fn document_at(&self, tree: u32, root: NodeId) -> Option<usize> {
        self.at_root.get(&(tree, root)).copied()
    }

    /// The list of all documents of a kind, by its plural.
    pub fn listing(&self, plural: &str) -> Option<&Listing> {
        self.listings.get(plural)
    }

    /// The kinds of documents.
    pub fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// The names of the lists.
    pub fn plurals(&self) -> impl Iterator<Item = &str> {
        self.kinds.iter().map(|kind| kind.plural.as_str())
    }

    /// Files of a kind (by its plural) that could not be read.
    pub fn unreadable(&self, plural: &str) -> Option<&Unreadable> {
        let kind = self.kinds.iter().find(|k| k.plural == plural)?;
        self.unreadable.iter().find(|u| u.kind == kind.id)
    }

    /// The system that the document with this root belongs to.
    pub fn system_of(&self, tree: u32, root: NodeId) -> Option<String> {
        self.systems[self.document_at(tree, root)?].clone()
    }

    /// The system of a document by its number.
    pub fn system(&self, document: usize) -> Option<&str> {
        self.systems[document].as_deref()
    }

    /// The documents of a system that are in `listing`, which holds all documents of one kind.
    pub fn of_system(&self, listing: &Listing, system: &str) -> Vec<View> {
        let found = self.kind_of(listing).and_then(|kind| self.by_system.get(kind)?.get(system));
        found.map_or(&[][..], Vec::as_slice).iter().map(|d| self.view(*d)).collect()
    }

    /// The kind of the documents of a list, which holds all of one kind; nothing for an empty one.
    fn kind_of(&self, listing: &Listing) -> Option<&Arc<str>> {
        let first = listing.items().first()?;
        Some(&self.documents[self.document_at(first.tree().index, first.node())?].kind.id)
    }

    /// The documents in `listing` that a reference names: those with this id, else those in the file at
    /// the first of `paths` that holds any. `path#id` names a record of a file.
    pub fn resolve(&self, listing: &Listing, reference: &str, paths: &[String]) -> Vec<View> {
        let Some(names) = self.kind_of(listing).and_then(|kind| self.names().get(kind)) else { return Vec::new() };
        let by_id = names.ids.get(reference).cloned();
        let record = reference.split_once('#').map(|(_, record)| record);
        let is_meant = |document: &usize| record.is_none_or(|r| self.documents[*document].id.as_deref() == Some(r));
        let by_path = || paths.iter().find_map(|path| names.paths.get(path)).cloned().unwrap_or_default();
        let found = by_id.unwrap_or_else(|| by_path().into_iter().filter(is_meant).collect());
        found.into_iter().map(|document| self.view(document)).collect()
    }

    fn names(&self) -> &HashMap<Arc<str>, Names> {
        self.named.get_or_init(|| {
            let mut named: HashMap<Arc<str>, Names> = HashMap::new();
            for (index, document) in self.documents.iter().enumerate() {
                let names = named.entry(Arc::clone(&document.kind.id)).or_default();
                if let Some(id) = &document.id {
                    names.ids.entry(id.clone()).or_default().push(index);
                }
                names.paths.entry(document.tree.file().path().to_owned()).or_default().push(index);
            }
            named
        })
    }

    /// The documents of a kind, by the kind's id.
    pub fn of_kind(&self, kind: &str) -> impl Iterator<Item = usize> + '_ {
        self.by_kind.get(kind).map_or(&[][..], Vec::as_slice).iter().copied()
    }

    /// A document belongs to the system that it names, else to the nearest register entry upwards,
    /// else to the only one there is.
    fn owners(&self) -> Vec<Option<String>> {
        // Two entries in one folder: nothing says which, and nothing is guessed.
        let mut entries: HashMap<&str, Option<&String>> = HashMap::new();
        let mut ids = Vec::new();
        for index in self.of_kind("ai-system") {
            let Some(id) = &self.documents[index].id else { continue };
            entries.entry(self.folder(index)).and_modify(|entry| *entry = None).or_insert(Some(id));
            ids.push(id);
        }
        let only = if ids.len() == 1 { Some(ids[0]) } else { None };
        let owner = |(index, document): (usize, &Document)| {
            if &*document.kind.id == "ai-system" {
                return document.id.clone();
            }
            if document.system.is_some() {
                return document.system.clone();
            }
            let nearest = upwards(self.folder(index)).find_map(|folder| entries.get(folder));
            nearest.copied().unwrap_or(only).cloned()
        };
        self.documents.iter().enumerate().map(owner).collect()
    }

    /// The Statement of Applicability that governs a document: one that names its system, else the
    /// nearest upwards, else the only one.
    pub fn soa_of(&self, document: usize) -> Option<usize> {
        self.governing.get(document).copied().flatten()
    }

    /// The governing statement of each document; nothing where there is no statement.
    fn statements(&self) -> Vec<Option<usize>> {
        let mut all = self.of_kind("soa").peekable();
        if all.peek().is_none() {
            return Vec::new();
        }
        // A retired statement decides nothing any more.
        let in_force: Vec<usize> = all
            .filter(|i| self.documents[*i].tree.str_at(self.documents[*i].root, &["status"]) != Some("retired"))
            .collect();
        let mut by_system: HashMap<&str, usize> = HashMap::new();
        let mut by_folder: HashMap<&str, usize> = HashMap::new();
        for soa in &in_force {
            let Document { tree, root, system, .. } = &self.documents[*soa];
            let listed = tree.get(*root, "systems").map(|n| tree.items(n)).unwrap_or_default();
            for name in listed.iter().filter_map(|n| tree.scalar_text(*n)).chain(system.as_deref()) {
                by_system.entry(name).or_insert(*soa);
            }
            if *soa < self.own {
                by_folder.insert(self.folder(*soa), *soa);
            }
        }
        let only = if in_force.len() == 1 { Some(in_force[0]) } else { None };
        let governing = |(index, document): (usize, &Document)| {
            if &*document.kind.id == "soa" {
                return Some(index);
            }
            let named = self.system(index).and_then(|system| by_system.get(system));
            let nearest = || upwards(self.folder(index)).find_map(|folder| by_folder.get(folder));
            named.or_else(nearest).copied().or(only)
        };
        self.documents.iter().enumerate().map(governing).collect()
    }

    /// The paths that documents name, so that one walk over the history answers for all of them: each pattern
    /// of such a list for itself, and the list as a whole.
    fn path_sets(&self) -> Vec<PathSet> {
        const NAMING: [&str; 2] = ["paths", "triggers"];
        let mut sets = Vec::new();
        for Document { tree, root, .. } in self.judged() {
            for list in NAMING.iter().filter_map(|key| tree.get(*root, key)) {
                let patterns: Vec<&str> = tree.items(list).iter().filter_map(|item| tree.scalar_text(*item)).collect();
                sets.extend(patterns.iter().filter_map(|pattern| PathSet::new([pattern]).ok()));
                sets.extend(PathSet::new(&patterns).ok());
            }
        }
        sets
    }

    fn folder(&self, document: usize) -> &str {
        folder(self.documents[document].tree.file().path())
    }

    /// The paths that match a pattern; each pattern is matched once a run.
    ///
    /// # Errors
    /// When the pattern is none.
    pub fn glob(&self, pattern: &str) -> Result<Vec<String>, String> {
        let mut globbed = self.globbed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(paths) = globbed.get(pattern) {
            return Ok(paths.to_vec());
        }
        let globs = Globs::new([pattern])?;
        let paths: Vec<String> = self.snapshot.paths().iter().filter(|p| globs.matches(p)).cloned().collect();
        globbed.insert(pattern.to_owned(), Arc::new(paths.clone()));
        Ok(paths)
    }
}

fn subject(document: &Document) -> Subject {
    let path = document.tree.file().path();
    let id = document.id.clone().unwrap_or_else(|| record_name(&document.tree, document.root, path));
    Subject { kind: Arc::clone(&document.kind.id), id: id.into(), path: path.into() }
}

/// The path, and for a further record of the same file its position.
fn record_name(tree: &Tree, root: NodeId, path: &str) -> String {
    match tree.roots().iter().position(|r| *r == root) {
        None | Some(0) => path.to_owned(),
        Some(index) => format!("{path}#{}", index + 1),
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A folder and all above it, up to the root.
fn upwards(folder: &str) -> impl Iterator<Item = &str> {
    fn above<'p>(folder: &&'p str) -> Option<&'p str> {
        match folder.rsplit_once('/') {
            Some((above, _)) => Some(above),
            None => (!folder.is_empty()).then_some(""),
        }
    }
    std::iter::successors(Some(folder), above)
}
