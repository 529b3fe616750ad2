//! Folders and repositories for the tests of this layer. Names and times are fixed, and no
//! configuration of the machine takes part.

use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature, Time};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Runs git itself in `folder` for what the library cannot make, and gives what it writes.
pub fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(arguments)
        .env_clear()
        .envs(std::env::vars_os().filter(|(name, _)| name == "PATH"));
    command.env("HOME", folder).env("GIT_CONFIG_NOSYSTEM", "1").env("LC_ALL", "C");
    let output = command.output().expect("git is installed");
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Writes a tree as it is, also one that git would not make: (mode, name, object).
pub fn raw_tree(repository: &Repository, entries: &[(&str, &[u8], git2::Oid)]) -> git2::Oid {
    let bytes: Vec<u8> = entries
        .iter()
        .flat_map(|(mode, name, id)| [mode.as_bytes(), b" ", name, b"\0", id.as_bytes()].concat())
        .collect();
    repository.odb().expect("objects").write(git2::ObjectType::Tree, &bytes).expect("a tree")
}

/// Commits a tree without reading it, on no branch, and gives the id.
pub fn raw_commit(repository: &Repository, tree: git2::Oid) -> String {
    let text = format!(
        "tree {tree}\nauthor Ana Keller <ana@example.org> 86400 +0000\ncommitter Ana Keller <ana@example.org> 86400 \
         +0000\n\nA change\n"
    );
    let id = repository.odb().expect("objects").write(git2::ObjectType::Commit, text.as_bytes());
    id.expect("a commit").to_string()
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
