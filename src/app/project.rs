//! A repository as commands find it: its root, its files, its set-up.

use super::failure::Failure;
use crate::config;
use crate::engine::{Faulty, Setup, Shared, Sources, set_up};
use crate::facts::{Day, History, ReadError, Snapshot};
use crate::history::Past;
use crate::io::git::Commit;
use crate::io::git::commit_tree::{CommitTree, CommitTreeError};
use crate::io::root::{self, Root};
use crate::io::worktree::WorkingTree;
use crate::io::{clock, disk, git};
use crate::policy::bundled;
use crate::source::SourceFile;
use crate::source::plain;
use crate::value::{Limits, Problem};
use std::path::Path;
use std::sync::Arc;

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
        Found::configured(path, None)
    }

    /// Finds the repository around `path`, with another configuration file where one is named by its path
    /// from the root.
    ///
    /// # Errors
    /// When the path or the file that is named is not there, or annexa.yaml cannot be read.
    pub fn configured(path: &Path, config: Option<&str>) -> Result<Found, Failure> {
        Found::rooted(root::find(path).map_err(|error| Failure::usage(error, ""))?, config)
    }

    fn rooted(root: Root, config: Option<&str>) -> Result<Found, Failure> {
        let config = configuration(config, |name| disk::read_below(&root.path, name, Limits::default().bytes))?;
        // The list of files needs no patterns yet: what is excluded is left out when files are read.
        let tree = WorkingTree::open(&root.path, &[]).map_err(|error| Failure::usage(error, ""))?;
        Ok(Found { root, tree: Arc::new(tree), config, commit: None })
    }

    /// Finds the repository around `path` as it was at the commit that `name` names. The path need not be
    /// on disk any more.
    ///
    /// # Errors
    /// When there is no such commit or path in it, or its files cannot be listed.
    pub fn at(path: &Path, name: &str, config: Option<&str>) -> Result<Found, Failure> {
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
        let config = configuration(config, |name| tree.read(name, Limits::default().bytes))?;
        Ok(Found { root, tree: Arc::new(tree), config, commit: Some(commit) })
    }

    /// The same from where the configuration of a base version is, if that is another folder: a change that
    /// adds an annexa.yaml further down, or takes one away, does not choose by which one it is judged.
    ///
    /// # Errors
    /// When the files cannot be listed there.
    pub fn where_the_base_begins(self, base: &str, config: Option<&str>) -> Result<Found, Failure> {
        let start = self.root.path.join(self.root.narrowed_to.as_deref().unwrap_or_default());
        let (top, mut below) = root::in_repository(&start).map_err(|error| Failure::usage(error, ""))?;
        let Ok(tree) = CommitTree::open(&top, base) else { return Ok(self) };
        let root = loop {
            match root::find_in(&tree, &top, &below).map_err(not_listed)? {
                Some(root) => break root,
                // What is new has no place there: the folder above it does.
                None => below.truncate(below.rfind('/').unwrap_or(0)),
            }
        };
        if root.config.is_none() || root.path == self.root.path {
            return Ok(self);
        }
        let narrowed_to = start.strip_prefix(&root.path).ok().and_then(disk::slashed).filter(|path| !path.is_empty());
        let root = Root { narrowed_to, ..root };
        let Some(commit) = self.commit else { return Found::rooted(root, config) };
        let tree = CommitTree::open(&top, &commit.id).map_err(not_listed)?;
        let tree = tree.below(&git::path_in_trees(&root.path)).map_err(not_listed)?;
        let config = configuration(config, |name| tree.read(name, Limits::default().bytes))?;
        Ok(Found { root, tree: Arc::new(tree), config, commit: Some(commit) })
    }
}

/// The configuration file: the one that is named, which has to be there, else annexa.yaml.
fn configuration(
    named: Option<&str>,
    read: impl Fn(&str) -> Result<Vec<u8>, ReadError>,
) -> Result<Option<Arc<SourceFile>>, Failure> {
    let name = named.unwrap_or(config::FILE_NAME);
    match read(name) {
        Ok(bytes) => Ok(Some(Arc::new(SourceFile::new(name, bytes)))),
        Err(ReadError::Missing) if named.is_none() => Ok(None),
        Err(error @ (ReadError::NotFetched(_) | ReadError::Damaged(_))) => {
            Err(Failure::Incomplete { message: format!("{}: {error}", plain(name)), help: error.remedy() })
        }
        Err(error) => Err(Failure::usage(
            format_args!("{}: {error}", plain(name)),
            match named {
                Some(_) => "Name a file by its path from the root of the repository.",
                None => "Make the file readable, or remove it.",
            },
        )),
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
        Project::of(Found::at(path, name, None)?)
    }

    /// The project with the set-up of its own files.
    ///
    /// # Errors
    /// When the set-up is not valid.
    pub fn of(found: Found) -> Result<Project, Failure> {
        let sources = Sources { snapshot: found.tree.as_ref(), config: found.config.as_ref(), shipped: bundled() };
        let setup = set_up(sources).map_err(Failure::SetUp)?;
        Ok(Project::with(found, setup))
    }

    /// The project with this set-up.
    pub fn with(found: Found, setup: Setup) -> Project {
        let Found { root, tree, config, commit } = found;
        Project { root, tree, config, commit, setup }
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
