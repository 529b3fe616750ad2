//! Builds an example as a real git repository with its history, so that the demo and the tests see
//! what a user's repository shows. The same example gives the same commit ids everywhere: names,
//! times and texts are all in it, and no configuration of the machine takes part.

mod history;

pub use history::{ExampleCommit, ExampleHistory, HistoryProblem};

use super::disk;
use crate::facts::Day;
use git2::build::CheckoutBuilder;
use git2::{Index, IndexEntry, IndexTime, Oid, Repository, RepositoryInitOptions, Signature, Time};
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeMap;
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
    /// Its `history.yaml` is not valid.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    History(Vec<HistoryProblem>),
    /// A commit names something that is not there, or changes nothing.
    #[error("history.yaml, commit `{commit}`: {what}")]
    Commit {
        /// The first line of its message.
        commit: String,
        /// What is wrong.
        what: String,
    },
    /// The last commit is not the example.
    #[error("history.yaml: after its last commit the repository is not the example: {0}")]
    Differs(String),
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
    let history = ExampleHistory::parse(text).map_err(MaterialiseError::History)?;
    let last: Files = files.iter().filter(|(path, _)| *path != HISTORY).copied().collect();
    let steps = replay(&history, &last)?;
    let repository = new_repository(into)?;
    let commits = commit_all(&repository, &history, &steps)?;
    repository.set_head("refs/heads/main")?;
    // Filters would let the machine's line ends in.
    repository.checkout_head(Some(CheckoutBuilder::new().force().disable_filters(true)))?;
    Ok(Materialised { today: history.today, commits: commits.iter().map(ToString::to_string).collect() })
}

type Files<'a> = BTreeMap<&'a str, &'a str>;

/// The files after each commit; those after the last are `last`.
fn replay<'a>(history: &'a ExampleHistory, last: &Files<'a>) -> Result<Vec<Files<'a>>, MaterialiseError> {
    let mut steps: Vec<Files> = Vec::new();
    for commit in &history.commits {
        let wrong = |what: String| MaterialiseError::Commit {
            commit: commit.message.lines().next().unwrap_or_default().to_owned(),
            what,
        };
        let before = steps.last().cloned().unwrap_or_default();
        let mut now = before.clone();
        for pattern in &commit.files {
            let glob = matcher(pattern).map_err(|why| wrong(format!("`{pattern}` is not a file pattern: {why}")))?;
            let matched: Vec<_> = last.iter().filter(|(path, _)| **path == pattern || glob.is_match(path)).collect();
            if matched.is_empty() {
                return Err(wrong(format!("`{pattern}` meets no file of the example")));
            }
            now.extend(matched);
        }
        now.extend(commit.content.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        for path in &commit.remove {
            if now.remove(path.as_str()).is_none() {
                return Err(wrong(format!("`{path}` cannot be removed, it is not there")));
            }
        }
        if now == before {
            return Err(wrong("it changes nothing; the files have this text already".to_owned()));
        }
        steps.push(now);
    }
    let end = steps.last().cloned().unwrap_or_default();
    let list = |what: &str, paths: Vec<&str>| (!paths.is_empty()).then(|| format!("{what} {}", paths.join(", ")));
    let differences: Vec<String> = [
        list("never added:", last.keys().filter(|path| !end.contains_key(*path)).copied().collect()),
        list("never removed:", end.keys().filter(|path| !last.contains_key(*path)).copied().collect()),
        list(
            "left with an earlier text:",
            end.iter().filter(|(path, text)| last.get(*path).is_some_and(|t| t != *text)).map(|(p, _)| *p).collect(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if differences.is_empty() { Ok(steps) } else { Err(MaterialiseError::Differs(differences.join("; "))) }
}

fn matcher(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    Ok(GlobBuilder::new(pattern).literal_separator(true).build()?.compile_matcher())
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

fn commit_all(
    repository: &Repository,
    history: &ExampleHistory,
    steps: &[Files],
) -> Result<Vec<Oid>, MaterialiseError> {
    let mut commits: Vec<Oid> = Vec::new();
    for (commit, files) in history.commits.iter().zip(steps) {
        let mut index = Index::new()?;
        for (path, text) in files {
            index.add(&entry(path, repository.blob(text.as_bytes())?))?;
        }
        let tree = repository.find_tree(index.write_tree_to(repository)?)?;
        let who = Signature::new(&commit.name, &commit.email, &Time::new(commit.seconds, commit.offset))?;
        let parent = commits.last().map(|id| repository.find_commit(*id)).transpose()?;
        let message = format!("{}\n", commit.message.trim_end());
        let id = repository.commit(None, &who, &who, &message, &tree, &parent.iter().collect::<Vec<_>>())?;
        if let Some(tag) = &commit.tag {
            repository.tag_lightweight(tag, repository.find_commit(id)?.as_object(), false)?;
        }
        commits.push(id);
    }
    if let Some(last) = commits.last() {
        repository.reference("refs/heads/main", *last, true, "the example")?;
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
