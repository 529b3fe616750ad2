//! From files to documents, in parallel.

use super::corpus::Unreadable;
use crate::config::{FILE_NAME, OWN_FOLDER};
use crate::document::{Document, Kinds, Loaded, Recogniser, Recognition, load as load_document};
use crate::facts::{Globs, ReadError, Skipped, Snapshot};
use crate::source::{SourceFile, Span};
use crate::value::{Builder, Limits, Problem, Syntax, Tree, read};
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::Arc;

/// A file and what is wrong with it as a whole.
pub struct Broken {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The kind that its path announces.
    pub kind: Option<Arc<str>>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// The files of a snapshot as documents.
#[derive(Default)]
pub struct Files {
    /// Documents in the order of paths.
    pub documents: Vec<Document>,
    /// Files that policies ask for by path.
    pub trees: Vec<Arc<Tree>>,
    /// Files with what is wrong with each as a whole.
    pub broken: Vec<Broken>,
    /// Files that could not be read at all: path, kind, why.
    pub denied: Vec<(String, Option<Arc<str>>, ReadError)>,
    /// Files that policies ask for by path and that cannot be read: an empty record in place of
    /// each, and why.
    pub unread: Vec<(Arc<Tree>, String)>,
    /// Files that could have been documents and are none.
    pub unrecognised: Vec<String>,
    /// Files that were passed over.
    pub skipped: Vec<Skipped>,
}

impl Files {
    /// Recognised files that could not be read, for joins that may need them.
    pub fn unreadable(&self) -> Vec<Unreadable> {
        let read: HashSet<_> = self.documents.iter().map(|d| Arc::as_ptr(d.tree.file())).collect();
        let broken = self.broken.iter().filter(|b| !read.contains(&Arc::as_ptr(&b.file)));
        let broken = broken.filter_map(|b| Some((b.kind.clone()?, b.file.path().to_owned())));
        let denied = self.denied.iter().filter_map(|(path, kind, _)| Some((kind.clone()?, path.clone())));
        broken.chain(denied).map(|(kind, path)| Unreadable { kind, path, shared: false }).collect()
    }
}

enum One {
    Document(Loaded, Option<Arc<str>>, bool),
    Broken(Arc<SourceFile>, Vec<Problem>),
    Denied(Option<Arc<str>>, ReadError),
    Plain(Arc<Tree>),
    Unread(Arc<Tree>, String),
    TooLarge(u64),
    Unrecognised,
    Nothing,
}

/// Reads every file of the snapshot that can be a document or that `wanted` matches.
pub fn load(snapshot: &dyn Snapshot, kinds: &Kinds, recogniser: &Recogniser, exclude: &Globs, wanted: &Globs) -> Files {
    load_as(&SourceFile::new, snapshot, kinds, recogniser, exclude, wanted)
}

/// Reads files as [`load`] does; `open` makes each of its path and bytes.
pub fn load_as(
    open: &(dyn Fn(String, Vec<u8>) -> SourceFile + Sync),
    snapshot: &dyn Snapshot,
    kinds: &Kinds,
    recogniser: &Recogniser,
    exclude: &Globs,
    wanted: &Globs,
) -> Files {
    let one = |path: &String| -> One {
        if exclude.matches(path) {
            return One::Nothing;
        }
        let wanted = wanted.matches(path) && Syntax::of(path).is_some();
        let kind = match recogniser.by_path(path) {
            Recognition::Configured(kind) | Recognition::Glob(kind) => Some(Arc::clone(&kind.id)),
            Recognition::Maybe => None,
            Recognition::No if wanted => None,
            Recognition::No => return One::Nothing,
        };
        let limits = Limits::default();
        let bytes = match snapshot.read(path, limits.bytes) {
            Ok(bytes) => bytes,
            Err(ReadError::TooLarge(size)) if kind.is_none() && !wanted => return One::TooLarge(size),
            Err(error) => return One::Denied(kind, error),
        };
        let file = Arc::new(open(path.clone(), bytes));
        match load_document(kinds, recogniser, Arc::clone(&file), &limits) {
            Some(loaded) if loaded.recognised => One::Document(loaded, kind, wanted),
            Some(loaded) => One::Broken(file, loaded.problems),
            None if wanted => plain(file, &limits),
            None => One::Unrecognised,
        }
    };
    let ones: Vec<One> = snapshot.paths().par_iter().map(one).collect();
    let mut files = Files::default();
    for (path, one) in snapshot.paths().iter().zip(ones) {
        files.add(path, one);
    }
    files
}

/// A file of no known kind that a policy asks for by path.
fn plain(file: Arc<SourceFile>, limits: &Limits) -> One {
    let Some(syntax) = Syntax::of(file.path()) else { return One::Nothing };
    let (tree, problems) = read(Arc::clone(&file), syntax, limits);
    match problems.into_iter().next() {
        Some(problem) => {
            let why = format!("line {}: {}", file.place(problem.at.span).line, problem.message);
            let mut builder = Builder::new(file);
            let empty = builder.map(Span::default(), Vec::new());
            builder.root(empty);
            One::Unread(Arc::new(builder.finish()), why)
        }
        _ => One::Plain(Arc::new(tree)),
    }
}

impl Files {
    fn add(&mut self, path: &str, one: One) {
        match one {
            One::Document(loaded, kind, wanted) => {
                if wanted {
                    self.trees.push(Arc::clone(&loaded.tree));
                }
                if !loaded.problems.is_empty() {
                    self.broken.push(Broken { file: Arc::clone(loaded.tree.file()), kind, problems: loaded.problems });
                }
                self.documents.extend(loaded.documents);
            }
            One::Broken(file, problems) => self.broken.push(Broken { file, kind: None, problems }),
            One::Denied(kind, error) => self.denied.push((path.to_owned(), kind, error)),
            One::Plain(tree) => self.trees.push(tree),
            One::Unread(tree, why) => self.unread.push((tree, why)),
            One::TooLarge(size) => {
                let why = format!("{size} bytes are more than a governance document has");
                self.skipped.push(Skipped { path: path.to_owned(), why });
            }
            One::Unrecognised if path == FILE_NAME || path.split('/').next() == Some(OWN_FOLDER) => {}
            One::Unrecognised => self.unrecognised.push(path.to_owned()),
            One::Nothing => {}
        }
    }
}
