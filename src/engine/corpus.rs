//! Everything that policies can see: the documents of a run, joined.

use super::cel::{Listing, TreeRef, View};
use crate::document::{Document, Kinds};
use crate::facts::{Day, Globs, Snapshot};
use crate::finding::Subject;
use crate::value::{NodeId, Problem, Tree};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    systems: Vec<Option<String>>,
    /// Documents by the system they belong to.
    by_system: HashMap<String, Vec<usize>>,
    listings: HashMap<String, Listing>,
    unreadable: Vec<Unreadable>,
    organization: Option<(String, String)>,
    globbed: Mutex<HashMap<String, Arc<Vec<String>>>>,
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
        let readable = self.files.into_iter().map(|file| (file, None));
        for (file, why) in readable.chain(self.unread.into_iter().map(|(file, why)| (file, Some(why)))) {
            let known = trees.iter().position(|tree| Arc::ptr_eq(tree, &file)).unwrap_or_else(|| {
                trees.push(file);
                trees.len() - 1
            });
            files.push((known as u32, why));
        }
        let at_root = documents.iter().zip(&tree_of).enumerate().map(|(i, (d, t))| ((*t, d.root), i)).collect();
        let mut corpus = Corpus {
            systems: Vec::new(),
            by_system: HashMap::new(),
            listings: HashMap::new(),
            globbed: Mutex::default(),
            snapshot: self.snapshot,
            today: self.today,
            kinds: self.kinds,
            unreadable: self.unreadable,
            organization: self.organization,
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
            corpus.by_system.entry(system.clone().unwrap_or_default()).or_default().push(index);
        }
        let kinds: Vec<_> = corpus.kinds.iter().map(|k| (k.plural.clone(), Arc::clone(&k.id))).collect();
        for (plural, id) in kinds {
            let views = (0..corpus.documents.len()).filter(|i| corpus.documents[*i].kind.id == id);
            let listing = Listing::new(views.map(|i| corpus.view(i)).collect());
            corpus.listings.insert(plural, listing);
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

    /// The numbers of the trees of files that policies ask for by path, and why one could not be read.
    pub fn files(&self) -> &[(u32, Option<String>)] {
        &self.files
    }

    /// What a finding calls a document.
    pub fn subject(&self, document: usize) -> Subject {
        let d = &self.documents[document];
        let path = d.tree.file().path();
        let id = d.id.clone().unwrap_or_else(|| record_name(&d.tree, d.root, path));
        Subject { kind: Arc::clone(&d.kind.id), id: id.into(), path: path.into() }
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

    /// What is wrong with the shape of the documents in a tree. Records of one file follow each other.
    pub fn problems_in(&self, tree: u32) -> impl Iterator<Item = &Problem> {
        let from = self.tree_of.partition_point(|t| *t < tree);
        let records = self.documents[from..].iter().zip(&self.tree_of[from..]).take_while(move |(_, t)| **t == tree);
        records.flat_map(|(document, _)| &document.problems)
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
        let Some(first) = listing.items().first() else { return Vec::new() };
        let kind = |document: &usize| Arc::clone(&self.documents[*document].kind.id);
        let Some(wanted) = self.document_at(first.tree().index, first.node()).as_ref().map(kind) else {
            return Vec::new();
        };
        let of_system = self.by_system.get(system).map_or(&[][..], Vec::as_slice);
        of_system.iter().filter(|d| kind(d) == wanted).map(|d| self.view(*d)).collect()
    }

    /// The documents of a kind, by the kind's id.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = usize> + 'a {
        (0..self.documents.len()).filter(move |i| &*self.documents[*i].kind.id == kind)
    }

    /// A path belongs to the system that it names, else to the nearest register entry upwards, else
    /// to the only one there is.
    fn owners(&self) -> Vec<Option<String>> {
        let entries: Vec<(&str, String)> = self
            .of_kind("ai-system")
            .filter_map(|i| Some((folder(self.documents[i].tree.file().path()), self.documents[i].id.clone()?)))
            .collect();
        let owner = |document: &Document| {
            if &*document.kind.id == "ai-system" {
                return document.id.clone();
            }
            if document.system.is_some() {
                return document.system.clone();
            }
            let path = document.tree.file().path();
            let above = entries.iter().filter(|(f, _)| f.is_empty() || path.starts_with(&format!("{f}/")));
            let depth = above.clone().map(|(f, _)| f.len()).max();
            // Two entries at the same level: nothing says which, and nothing is guessed.
            let mut nearest = above.filter(|(f, _)| Some(f.len()) == depth);
            match (nearest.next(), nearest.next()) {
                (Some((_, id)), None) => Some(id.clone()),
                (None, _) if entries.len() == 1 => Some(entries[0].1.clone()),
                _ => None,
            }
        };
        self.documents.iter().map(owner).collect()
    }

    /// The Statement of Applicability that governs a document: one that names its system, else the
    /// nearest upwards, else the only one.
    pub fn soa_of(&self, document: usize) -> Option<usize> {
        if &*self.documents[document].kind.id == "soa" {
            return Some(document);
        }
        // A retired statement decides nothing any more.
        let governs =
            |soa: &usize| self.documents[*soa].tree.str_at(self.documents[*soa].root, &["status"]) != Some("retired");
        let soas: Vec<usize> = self.of_kind("soa").filter(governs).collect();
        let system = self.system(document);
        let names = |soa: &usize| {
            let d = &self.documents[*soa];
            let listed = d.tree.get(d.root, "systems").map(|n| d.tree.items(n)).unwrap_or_default();
            system.is_some()
                && (d.system.as_deref() == system || listed.iter().any(|n| d.tree.scalar_text(*n) == system))
        };
        if let Some(soa) = soas.iter().find(|s| names(s)) {
            return Some(*soa);
        }
        let path = self.documents[document].tree.file().path();
        let above = |soa: &&usize| {
            let f = folder(self.documents[**soa].tree.file().path());
            **soa < self.own && (f.is_empty() || path.starts_with(&format!("{f}/")))
        };
        let nearest = soas.iter().filter(above).max_by_key(|s| folder(self.documents[**s].tree.file().path()).len());
        nearest.copied().or_else(|| if soas.len() == 1 { Some(soas[0]) } else { None })
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
