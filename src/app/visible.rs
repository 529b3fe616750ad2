//! Files as commands on one document see them: it is there even where git ignores it.

use super::project::Project;
use crate::facts::{ReadError, Snapshot};
use crate::io::disk;
use std::path::PathBuf;
use std::sync::Arc;

/// The listed files of a repository; any file of it can be read.
pub struct Visible {
    tree: Arc<dyn Snapshot>,
    /// Where the files are on disk; nothing where they are those of a commit.
    root: Option<PathBuf>,
    paths: Vec<String>,
}

impl Visible {
    /// All files.
    pub fn all(project: &Project) -> Self {
        Visible::of(project, project.tree.paths().to_vec())
    }

    /// All files and this one.
    pub fn with(project: &Project, document: &str) -> Self {
        let mut paths = project.tree.paths().to_vec();
        if let Err(at) = paths.binary_search_by(|path| path.as_str().cmp(document)) {
            paths.insert(at, document.to_owned());
        }
        Visible::of(project, paths)
    }

    /// This file alone.
    pub fn alone(project: &Project, document: &str) -> Self {
        Visible::of(project, vec![document.to_owned()])
    }

    fn of(project: &Project, paths: Vec<String>) -> Self {
        let root = project.commit.is_none().then(|| project.root.path.clone());
        Visible { tree: project.snapshot(), root, paths }
    }
}

impl Snapshot for Visible {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn commit(&self) -> Option<&str> {
        self.tree.commit()
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
        match (self.tree.read(path, limit), &self.root) {
            (Err(ReadError::Missing), Some(root)) => disk::read_below(root, path, limit),
            (other, _) => other,
        }
    }
}
