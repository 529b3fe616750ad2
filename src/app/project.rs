//! A repository as commands find it: its root, its files, its set-up.

use super::failure::Failure;
use crate::config;
use crate::engine::{Faulty, Setup, Shared, Sources, set_up};
use crate::facts::{History, ReadError, Snapshot};
use crate::history::Past;
use crate::io::root::{self, Root};
use crate::io::worktree::WorkingTree;
use crate::io::{disk, git};
use crate::policy::bundled;
use crate::source::SourceFile;
use crate::value::{Limits, Problem};
use std::path::Path;
use std::sync::Arc;

/// A repository and how it is to be checked.
pub struct Project {
    /// The root and what the command was narrowed to.
    pub root: Root,
    /// Its files.
    pub tree: Arc<WorkingTree>,
    /// annexa.yaml, where there is one.
    pub config: Option<Arc<SourceFile>>,
    /// Configuration, kinds and policies.
    pub setup: Setup,
}

/// A repository whose set-up is not read yet.
pub struct Found {
    /// The root and what the command was narrowed to.
    pub root: Root,
    /// Its files.
    pub tree: WorkingTree,
    /// annexa.yaml, where there is one.
    pub config: Option<Arc<SourceFile>>,
}

impl Found {
    /// Finds the repository around `path`.
    ///
    /// # Errors
    /// When the path is not there, or annexa.yaml cannot be read.
    pub fn around(path: &Path) -> Result<Found, Failure> {
        let root = root::find(path).map_err(|error| Failure::usage(error, ""))?;
        let config = match disk::read_below(&root.path, config::FILE_NAME, Limits::default().bytes) {
            Ok(bytes) => Some(Arc::new(SourceFile::new(config::FILE_NAME, bytes))),
            Err(ReadError::Missing) => None,
            Err(error) => {
                return Err(Failure::usage(
                    format_args!("annexa.yaml: {error}"),
                    "Make the file readable, or remove it.",
                ));
            }
        };
        // The list of files needs no patterns yet: what is excluded is left out when files are read.
        let tree = WorkingTree::open(&root.path, &[]).map_err(|error| Failure::usage(error, ""))?;
        Ok(Found { root, tree, config })
    }
}

impl Project {
    /// Finds the repository around `path` and reads its set-up.
    ///
    /// # Errors
    /// When the path is not there, or the set-up is not valid.
    pub fn open(path: &Path) -> Result<Project, Failure> {
        let Found { root, tree, config } = Found::around(path)?;
        let sources = Sources { snapshot: &tree, config: config.as_ref(), shipped: bundled() };
        let setup = set_up(sources).map_err(Failure::SetUp)?;
        Ok(Project { root, tree: Arc::new(tree), config, setup })
    }

    /// What is known of the past.
    ///
    /// # Errors
    /// When `adopted_at` names no commit, as a fault of annexa.yaml.
    pub fn past(&self) -> Result<Past, Failure> {
        let past = git::past(&self.root.path, None);
        Ok(Past { adopted_at: self.adopted_at(&past.state)?, ..past })
    }

    /// The commit that `adopted_at` names, resolved.
    ///
    /// # Errors
    /// When there is no such commit, as a fault of annexa.yaml. In a shallow clone the commit may be
    /// beyond what was fetched; then it stays as written.
    fn adopted_at(&self, history: &History) -> Result<Option<String>, Failure> {
        let Some(at) = &self.setup.config.adopted_at else { return Ok(None) };
        match git::resolve_commit(&self.root.path, &at.value) {
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
            History::Unborn | History::None(_) => "no commit".to_owned(),
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
        Arc::clone(&self.tree) as Arc<dyn Snapshot>
    }
}
