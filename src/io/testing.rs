//! Folders and repositories for the tests of this layer. Names and times are fixed, and no
//! configuration of the machine takes part.

use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature, Time};
use std::fs;
use std::path::{Path, PathBuf};

/// A temporary folder that is removed at the end of the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    /// The path with its links resolved, as [`crate::io::root`] gives it.
    pub fn real(&self, below: &str) -> PathBuf {
        self.path(below).canonicalize().expect("it is there")
    }

    /// Writes a file with its folders; a path that ends in `/` makes a folder.
    pub fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        if below.ends_with('/') {
            return fs::create_dir_all(path).expect("a folder");
        }
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// A new repository with the branch `main` and no commit.
pub fn repository(at: &Path) -> Repository {
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").external_template(false).mkpath(true);
    Repository::init_opts(at, &options).expect("a repository")
}

/// Adds every file that is not ignored and the `forced` ones, and commits at `seconds` after 1970.
pub fn commit(repository: &Repository, forced: &[&str], seconds: i64) -> git2::Oid {
    let mut index = repository.index().expect("an index");
    index.add_all(["*"], IndexAddOption::DEFAULT, None).expect("files");
    for path in forced {
        index.add_path(Path::new(path)).expect("a file");
    }
    index.write().expect("an index");
    let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
    let who = Signature::new("Ana Keller", "ana@example.org", &Time::new(seconds, 0)).expect("a name");
    let parent = repository.head().ok().map(|head| head.peel_to_commit().expect("a commit"));
    let parents: Vec<_> = parent.iter().collect();
    repository.commit(Some("HEAD"), &who, &who, "A change", &tree, &parents).expect("a commit")
}
