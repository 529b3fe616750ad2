//! Builds an example as a real git repository with its history, so that the demo and the tests see
//! what a user's repository shows. The same example gives the same commit ids everywhere: names,
//! times and texts are all in it, and no configuration of the machine takes part.

mod history;

pub use history::{ExampleHistory, HistoryProblem};

use super::disk;
use crate::facts::Day;
use crate::history::{Files, MADE_UP_SIGNATURE, MAIN, Script, Stamp};
use git2::build::CheckoutBuilder;
use git2::{Index, IndexEntry, IndexTime, Oid, Repository, RepositoryInitOptions, Signature, Time};
use std::path::Path;

/// The name of the file that tells how an example came about. It is not part of the example itself.
pub const HISTORY: &str = "history.yaml";

/// An example as it stands in a folder now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Materialised {
    /// The day to judge it by.
    pub today: Day,
    /// The ids of its commits, oldest first; the last is checked out.
    pub commits: Vec<String>,
}

/// Why an example could not be built.
#[derive(Debug, thiserror::Error)]
pub enum MaterialiseError {
    /// Its `history.yaml` is missing.
    #[error("the example has no history.yaml, so its commits are not known; add one")]
    NoHistory,
    /// Its `history.yaml` is not valid, or does not lead to the example.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    History(Vec<HistoryProblem>),
    /// The folder holds files already.
    #[error("`{0}` is not an empty folder, so no example is built in it; name a new one")]
    NotEmpty(String),
    /// The system refused.
    #[error("`{path}` cannot be made ({why}); check the folder above it and its permissions")]
    Folder {
        /// The folder.
        path: String,
        /// The reason of the system.
        why: String,
    },
    /// The git library refused.
    #[error("the repository of the example cannot be made: {0}")]
    Git(String),
}

impl From<git2::Error> for MaterialiseError {
    fn from(error: git2::Error) -> Self {
        MaterialiseError::Git(error.message().to_owned())
    }
}

/// The names of the shipped examples, sorted.
pub fn examples() -> Vec<&'static str> {
    let folders = crate::embedded::EXAMPLES.iter().filter_map(|(path, _)| path.split_once('/'));
    let mut names: Vec<_> = folders.map(|(folder, _)| folder).collect();
    names.dedup();
    names
}

/// The files of a shipped example: (path below its folder, text). Empty for a name that is none.
pub fn example(name: &str) -> Vec<(&'static str, &'static str)> {
    let below = |path: &'static str| path.strip_prefix(name)?.strip_prefix('/');
    crate::embedded::EXAMPLES.iter().filter_map(|(path, text)| Some((below(path)?, *text))).collect()
}

/// Builds the example `files` (path, text), one of which is its `history.yaml`, in the folder `into`,
/// which is empty or not there yet. Its last commit is checked out on the branch `main`.
///
/// # Errors
/// When its history is not valid or does not lead to the example, or the folder cannot be filled.
pub fn materialise(files: &[(&str, &str)], into: &Path) -> Result<Materialised, MaterialiseError> {
    let text = files.iter().find(|(path, _)| *path == HISTORY).ok_or(MaterialiseError::NoHistory)?.1;
    let last = files.iter().filter(|(path, _)| *path != HISTORY);
    let last: Files = last.map(|(path, text)| ((*path).into(), text.as_bytes().into())).collect();
    let ExampleHistory { today, script } = ExampleHistory::parse(text, &last).map_err(MaterialiseError::History)?;
    let repository = new_repository(into)?;
    let commits = commit_all(&repository, &script)?;
    repository.set_head(&branch(MAIN))?;
    // Filters would let the machine's line ends in.
    repository.checkout_head(Some(CheckoutBuilder::new().force().disable_filters(true)))?;
    Ok(Materialised { today, commits: commits.iter().map(ToString::to_string).collect() })
}

fn branch(name: &str) -> String {
    format!("refs/heads/{name}")
}

fn new_repository(into: &Path) -> Result<Repository, MaterialiseError> {
    let shown = crate::source::plain(&into.to_string_lossy());
    let failed = |error: std::io::Error| MaterialiseError::Folder { path: shown.clone(), why: disk::reason(&error) };
    std::fs::create_dir_all(into).map_err(failed)?;
    if into.read_dir().map_err(failed)?.next().is_some() {
        return Err(MaterialiseError::NotEmpty(shown));
    }
    let mut options = RepositoryInitOptions::new();
    options.initial_head("main").no_reinit(true).external_template(false);
    let repository = Repository::init_opts(into, &options)?;
    // So that git shows a clean work tree whatever the user's own line-end settings are.
    repository.config()?.set_bool("core.autocrlf", false)?;
    Ok(repository)
}

fn commit_all(repository: &Repository, script: &Script) -> Result<Vec<Oid>, MaterialiseError> {
    let mut commits: Vec<Oid> = Vec::new();
    for step in &script.steps {
        let mut index = Index::new()?;
        for (path, text) in &step.files {
            index.add(&entry(path, repository.blob(text)?))?;
        }
        let tree = repository.find_tree(index.write_tree_to(repository)?)?;
        let stamp = |of: &Stamp| Signature::new(&of.name, &of.email, &Time::new(of.seconds, of.offset));
        let (author, committer) = (stamp(&step.author)?, stamp(&step.committer)?);
        let parents =
            step.parents.iter().map(|at| repository.find_commit(commits[*at])).collect::<Result<Vec<_>, _>>()?;
        let parents: Vec<_> = parents.iter().collect();
        let message = format!("{}\n", step.message.trim_end());
        commits.push(if step.signed {
            let text = repository.commit_create_buffer(&author, &committer, &message, &tree, &parents)?;
            let text = std::str::from_utf8(&text).map_err(|error| git2::Error::from_str(&error.to_string()))?;
            repository.commit_signed(text, MADE_UP_SIGNATURE, None)?
        } else {
            repository.commit(None, &author, &committer, &message, &tree, &parents)?
        });
    }
    for (name, tip) in &script.branches {
        repository.reference(&branch(name), commits[*tip], true, "the example")?;
    }
    let held = script.held();
    for at in &held {
        for tag in &script.steps[*at].tags {
            repository.tag_lightweight(tag, repository.find_commit(commits[*at])?.as_object(), false)?;
        }
    }
    let edge: Vec<String> =
        held.iter().filter(|at| script.steps[**at].cut).map(|at| format!("{}\n", commits[*at])).collect();
    if !edge.is_empty() {
        // This is how git marks the oldest commits that a clone shows.
        let failed = |error: disk::WriteError| MaterialiseError::Git(error.to_string());
        disk::write(&repository.path().join("shallow"), edge.concat().as_bytes(), false).map_err(failed)?;
    }
    Ok(commits)
}

fn entry(path: &str, id: Oid) -> IndexEntry {
    let never = IndexTime::new(0, 0);
    IndexEntry {
        ctime: never,
        mtime: never,
        dev: 0,
        ino: 0,
        mode: 0o100_644,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests;
