//! A repository as commands find it: its root, its files, its set-up.

use super::failure::Failure;
use crate::config;
use crate::engine::{Base, Faulty, Setup, Shared, Sources, Unreachable, set_up};
use crate::facts::{Day, History, ReadError, Snapshot};
use crate::history::Past;
use crate::io::git::Commit;
use crate::io::git::Fork;
use crate::io::git::commit_tree::{CommitTree, CommitTreeError};
use crate::io::root::{self, Root};
use crate::io::worktree::WorkingTree;
use crate::io::{clock, disk, git};
use crate::policy::bundled;
use crate::source::SourceFile;
use crate::value::{Limits, Problem};
use std::path::Path;
use std::sync::Arc;

/// Digits of a commit's id in front of the paths of its files.
const SHORT: usize = 10;

/// A repository and how it is to be checked.
pub struct Project {
    /// The root and what the command was narrowed to.
    pub root: Root,
    /// Its files.
    pub tree: Arc<dyn Snapshot>,
    /// annexa.yaml, where there is one.
    pub config: Option<Arc<SourceFile>>,
    /// The commit whose files these are; none for those of the working tree.
    pub commit: Option<Commit>,
    /// Configuration, kinds and policies.
    pub setup: Setup,
}

/// A repository whose set-up is not read yet.
pub struct Found {
    /// The root and what the command was narrowed to.
    pub root: Root,
    /// Its files.
    pub tree: Arc<dyn Snapshot>,
    /// annexa.yaml, where there is one.
    pub config: Option<Arc<SourceFile>>,
    /// The commit whose files these are; none for those of the working tree.
    pub commit: Option<Commit>,
}

impl Found {
    /// Finds the repository around `path`.
    ///
    /// # Errors
    /// When the path is not there, or annexa.yaml cannot be read.
    pub fn around(path: &Path) -> Result<Found, Failure> {
        let root = root::find(path).map_err(|error| Failure::usage(error, ""))?;
        let config = configuration(disk::read_below(&root.path, config::FILE_NAME, Limits::default().bytes))?;
        // The list of files needs no patterns yet: what is excluded is left out when files are read.
        let tree = WorkingTree::open(&root.path, &[]).map_err(|error| Failure::usage(error, ""))?;
        Ok(Found { root, tree: Arc::new(tree), config, commit: None })
    }

    /// Finds the repository around `path` as it was at the commit that `name` names. The path need not be
    /// on disk any more.
    ///
    /// # Errors
    /// When there is no such commit or path in it, or its files cannot be listed.
    pub fn at(path: &Path, name: &str) -> Result<Found, Failure> {
        let (top, below) = root::in_repository(path).map_err(|error| Failure::usage(error, ""))?;
        let commit = git::commit(&top, name).map_err(|why| Failure::usage(why, ""))?;
        let tree = CommitTree::open(&top, &commit.id).map_err(not_listed)?;
        let Some(root) = root::find_in(&tree, &top, &below).map_err(not_listed)? else {
            return Err(Failure::usage(
                format_args!("there is no `{below}` in the commit {}", commit.id),
                "Name a path of that commit; `git ls-tree` shows them.",
            ));
        };
        let tree = tree.below(&git::path_in_trees(&root.path)).map_err(not_listed)?;
        let config = configuration(tree.read(config::FILE_NAME, Limits::default().bytes))?;
        Ok(Found { root, tree: Arc::new(tree), config, commit: Some(commit) })
    }
}

fn configuration(read: Result<Vec<u8>, ReadError>) -> Result<Option<Arc<SourceFile>>, Failure> {
    match read {
        Ok(bytes) => Ok(Some(Arc::new(SourceFile::new(config::FILE_NAME, bytes)))),
        Err(ReadError::Missing) => Ok(None),
        Err(error @ (ReadError::NotFetched(_) | ReadError::Damaged(_))) => {
            Err(Failure::Incomplete { message: format!("annexa.yaml: {error}"), help: error.remedy() })
        }
        Err(error) => {
            Err(Failure::usage(format_args!("annexa.yaml: {error}"), "Make the file readable, or remove it."))
        }
    }
}

fn not_listed(error: CommitTreeError) -> Failure {
    Failure::Incomplete { message: error.to_string(), help: error.remedy() }
}

impl Project {
    /// Finds the repository around `path` and reads its set-up.
    ///
    /// # Errors
    /// When the path is not there, or the set-up is not valid.
    pub fn open(path: &Path) -> Result<Project, Failure> {
        Project::of(Found::around(path)?)
    }

    /// Finds the repository around `path` as it was at the commit that `name` names, with the set-up of
    /// that commit.
    ///
    /// # Errors
    /// When there is no such commit, its files cannot be read, or its set-up is not valid.
    pub fn at(path: &Path, name: &str) -> Result<Project, Failure> {
        Project::of(Found::at(path, name)?)
    }

    fn of(found: Found) -> Result<Project, Failure> {
        let Found { root, tree, config, commit } = found;
        let sources = Sources { snapshot: tree.as_ref(), config: config.as_ref(), shipped: bundled() };
        let setup = set_up(sources).map_err(Failure::SetUp)?;
        Ok(Project { root, tree, config, commit, setup })
    }

    /// What is known of the past of the commit that is judged, else of what is checked out.
    ///
    /// # Errors
    /// When `adopted_at` names no commit, as a fault of annexa.yaml.
    pub fn past(&self) -> Result<Past, Failure> {
        let past = git::past(&self.root.path, self.commit.as_ref().map(|commit| commit.id.as_str()));
        Ok(Past { adopted_at: self.adopted_at(&past.state)?, ..past })
    }

    /// The day of the commit that is judged; `None` for a working tree, and for a time that is no day.
    pub fn day(&self) -> Option<Day> {
        self.commit.as_ref().and_then(|commit| clock::day(commit.seconds))
    }

    /// The version to compare with: where the judged commit and the one that `name` names parted. Inside,
    /// why that version cannot be had.
    ///
    /// # Errors
    /// When there is no such commit, or the two have nothing in common.
    pub fn base(&self, name: &str, history: &History) -> Result<Result<Base, Unreachable>, Failure> {
        let root = &self.root.path;
        let base = git::commit(root, name).map_err(|why| Failure::usage(why, ""))?;
        let (History::Full { head } | History::Shallow { head }) = history else {
            return Err(Failure::usage(
                format_args!("nothing can be compared with `{name}`: there is no commit yet"),
                "Commit the files first, or check them without `--base`.",
            ));
        };
        let commit = match git::fork(root, &base.id, head) {
            Fork::At(commit) => commit,
            Fork::Unknown(why, help) => return Ok(Err(Unreachable { why, help })),
            Fork::Never => {
                return Err(Failure::usage(
                    format_args!("`{name}` and the commit {head} have no commit in common, so nothing can be compared"),
                    "Name the branch that the change is to be merged into.",
                ));
            }
        };
        let tree = CommitTree::open(root, &commit).and_then(|tree| tree.below(&git::path_in_trees(root)));
        Ok(match tree {
            Ok(tree) => Ok(Base { snapshot: Arc::new(tree), commit: commit.chars().take(SHORT).collect() }),
            Err(error) => Err(Unreachable { why: error.to_string(), help: error.remedy() }),
        })
    }

    /// The commit that `adopted_at` names, resolved.
    ///
    /// # Errors
    /// When there is no such commit, as a fault of annexa.yaml. In a shallow clone the commit may be
    /// beyond what was fetched; then it stays as written.
    fn adopted_at(&self, history: &History) -> Result<Option<String>, Failure> {
        let Some(at) = &self.setup.config.adopted_at else { return Ok(None) };
        match git::resolve_commit(&self.root.path, &at.value, self.commit.as_ref().map(|commit| commit.id.as_str())) {
            Ok(commit) => Ok(Some(commit)),
            Err(_) if matches!(history, History::Shallow { .. }) => Ok(Some(at.value.clone())),
            Err(why) => Err(self.fault(
                at.node,
                "adopted-at",
                &why,
                "Write the id of a commit of this repository, or remove the line.",
            )),
        }
    }

    /// The organisation's checkout.
    ///
    /// # Errors
    /// When it cannot be opened, as a fault of annexa.yaml.
    pub fn shared(&self) -> Result<Option<Shared>, Failure> {
        let Some(at) = &self.setup.config.organization else { return Ok(None) };
        let folder = self.root.path.join(&at.value);
        let help = "Check the organisation's repository out there (a second checkout step in a pipeline), or correct the path.";
        if !disk::is_folder(&folder) {
            return Err(self.fault(at.node, "organization", &format!("there is no folder `{}`", at.value), help));
        }
        let tree =
            WorkingTree::open(&folder, &[]).map_err(|e| self.fault(at.node, "organization", &e.to_string(), help))?;
        let commit = match git::past(&folder, None).state {
            History::Full { head } | History::Shallow { head } => head,
            History::Unborn | History::None(_) | History::Closed(_) => "no commit".to_owned(),
        };
        Ok(Some(Shared { snapshot: Arc::new(tree), path: at.value.clone(), commit }))
    }

    fn fault(&self, node: crate::value::NodeId, code: &'static str, message: &str, help: &str) -> Failure {
        let Some(tree) = &self.setup.config.tree else { return Failure::usage(message, help) };
        let problem = Problem::new(code, tree.node(node).span, message, help);
        Failure::SetUp(vec![Faulty { file: Arc::clone(tree.file()), problems: vec![problem] }])
    }

    /// The files as the engine reads them.
    pub fn snapshot(&self) -> Arc<dyn Snapshot> {
        Arc::clone(&self.tree)
    }
}
