//! The git repository: opening it, how much of its history is there, and naming commits.
//!
//! The library is told once not to hash every object that it reads: that halves the time of a walk.
//! What becomes evidence is hashed where it is read, with [`git2::Oid::hash_object`].

pub mod change;
pub mod commit_graph;
mod names;
mod renames;
mod shape;
mod store;

pub use shape::Shape;

use super::disk;
use crate::facts::History;
use crate::history::{Gap, Log, Past};
use crate::source::{clip, plain};
use commit_graph::CommitGraph;
use git2::{ErrorCode, Oid, Repository};
use names::Unnamed;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

pub mod commit_tree;
pub(super) mod objects;

/// A work tree and where git keeps its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkTree {
    /// The topmost folder of the files.
    pub top: PathBuf,
    /// The folder of git that belongs to this work tree: it holds `index` and `HEAD`.
    pub git_folder: PathBuf,
}

impl WorkTree {
    /// The folder of git that all work trees of the repository share: it holds `info` and `shallow`.
    pub fn common_folder(&self) -> PathBuf {
        match disk::read_regular(&self.git_folder.join("commondir"), 4_096) {
            Ok(bytes) => self.git_folder.join(String::from_utf8_lossy(&bytes).trim_end()),
            Err(_) => self.git_folder.clone(),
        }
    }
}

/// Finds the work tree around a folder without opening the repository, so that a repository that
/// cannot be opened is found too. A submodule and a linked work tree have a `.git` file that says
/// where the data is.
pub fn work_tree(folder: &Path) -> Option<WorkTree> {
    // A bare repository may lie in a folder of another one; git takes the nearest.
    let mut nearest = folder.ancestors().take_while(|top| top.join(".git").exists() || !is_bare(top));
    nearest.find_map(|top| {
        let entry = top.join(".git");
        let git_folder = if entry.is_dir() {
            entry
        } else {
            let bytes = disk::read_regular(&entry, 4_096).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            top.join(text.strip_prefix("gitdir:")?.trim())
        };
        let head = git_folder.join("HEAD");
        // An old HEAD may be a link; a link to nothing is a branch without a commit.
        (head.is_file() || head.is_symlink()).then(|| WorkTree { top: top.to_path_buf(), git_folder })
    })
}

/// The bare repository that `folder` is or is in: one without files of its own.
pub fn bare(folder: &Path) -> Option<PathBuf> {
    if work_tree(folder).is_some() {
        return None;
    }
    folder.ancestors().find(|at| is_bare(at)).map(Path::to_path_buf)
}

fn is_bare(at: &Path) -> bool {
    at.join("HEAD").is_file() && at.join("objects").is_dir() && at.join("refs").is_dir()
}

/// Where the paths of the trees of a repository begin: the top of the work tree around `folder`, or the
/// bare repository that it is in.
pub fn top(folder: &Path) -> Option<PathBuf> {
    work_tree(folder).map(|tree| tree.top).or_else(|| bare(folder))
}

/// The path of `root`, a real path, in the trees of the repository around it; empty for its top.
pub fn path_in_trees(root: &Path) -> String {
    let below = top(root).and_then(|top| disk::slashed(root.strip_prefix(top).ok()?));
    below.unwrap_or_default()
}

/// The same with a `/` at its end where it is not empty, as it stands before the paths of files.
pub fn prefix_in_trees(root: &Path) -> String {
    match path_in_trees(root) {
        path if path.is_empty() => path,
        path => format!("{path}/"),
    }
}

/// Opens the repository around `root`, or the bare one that it is in.
///
/// # Errors
/// Says in plain words why it cannot be opened, and what helps.
pub fn open(root: &Path) -> Result<Repository, String> {
    static TUNED: Once = Once::new();
    TUNED.call_once(|| {
        git2::opts::strict_hash_verification(false);
        // A walk sees most objects once, and keeps the few that it sees again itself.
        git2::opts::enable_caching(false);
    });
    let at = top(root).unwrap_or_else(|| root.to_path_buf());
    Repository::open(&at).map_err(|error| why_closed(&error, &at))
}

fn why_closed(error: &git2::Error, at: &Path) -> String {
    let message = error.message();
    if error.code() == ErrorCode::NotFound {
        "this is not a git repository".to_owned()
    } else if error.code() == ErrorCode::Owner {
        format!(
            "the repository belongs to another user, and git does not open it; `git config --global --add \
             safe.directory {}` allows it",
            quoted(&at.to_string_lossy())
        )
    } else if message.contains("object format") || message.contains("objectformat") {
        "the repository names its commits by SHA-256, which is not supported yet; its files are read, its history is not"
            .to_owned()
    } else if message.contains("refstorage") {
        "the repository keeps its branches as a reftable, which is not supported yet; clone it with \
         `--ref-format=files`, or use `git refs migrate --ref-format=files`"
            .to_owned()
    } else if message.contains("partialclone") {
        "the repository is a partial clone of an old form, which is not supported; clone it again with a current git"
            .to_owned()
    } else {
        format!("git cannot open the repository: {}", plain(message))
    }
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || "/._-+:\\".contains(c);
    if text.chars().all(harmless) { text.to_owned() } else { format!("'{}'", plain(text).replace('\'', r"'\''")) }
}

/// The history of the repository around `root`, as it led to `head`, or else to what is checked out. The
/// repository is opened; no object but the commit is read before somebody asks.
pub fn past(root: &Path, head: Option<&str>) -> Past {
    open_past(root, head).unwrap_or_else(|state| Past { state, log: None, adopted_at: None })
}

fn open_past(root: &Path, head: Option<&str>) -> Result<Past, History> {
    let repository = open(root).map_err(|why| match top(root) {
        Some(_) => History::Closed(why),
        None => History::None(why),
    })?;
    let id = match head {
        Some(name) => commit_of(&repository, name).map_err(History::Closed)?,
        None => checked_out(&repository)?,
    };
    let below = path_in_trees(root);
    let (head, shallow) = (id.to_string(), shape::is_shallow(&repository));
    let state = if shallow { History::Shallow { head } } else { History::Full { head } };
    let store = store::Store::new(repository).map_err(History::Closed)?;
    let log = Some(Arc::new(Log::new(Arc::new(store), store::of(id), &below)));
    Ok(Past { state, log, adopted_at: None })
}

fn checked_out(repository: &Repository) -> Result<Oid, History> {
    let head = repository.head().map_err(|error| match error.code() {
        ErrorCode::UnbornBranch => History::Unborn,
        _ => History::Closed(format!("git cannot read HEAD: {}", plain(error.message()))),
    })?;
    let commit = head.peel_to_commit();
    let why =
        |error: git2::Error| History::Closed(format!("git cannot read the commit at HEAD: {}", plain(error.message())));
    Ok(commit.map_err(why)?.id())
}

/// How the clone around `root` was made.
///
/// # Errors
/// Says in plain words why it cannot be opened.
pub fn shape(root: &Path) -> Result<Shape, String> {
    Ok(Shape::of(&open(root)?))
}

/// The commit-graph of the repository around `root`, where it keeps one.
pub fn commit_graph(root: &Path) -> Option<CommitGraph> {
    CommitGraph::open(&open(root).ok()?.commondir().join("objects"))
}

const DEEPEN: &str = "this clone is shallow, so older commits are missing; `git fetch --unshallow` brings them \
                      (`fetch-depth: 0` in actions/checkout)";

/// The full id of the commit that `text` names (an id of at least 4 digits, a tag, a branch), when it
/// lies in the history of `judged`, another full id, or of HEAD.
///
/// # Errors
/// Says in plain words why it is no such commit, and what to do.
pub fn resolve_commit(root: &Path, text: &str, judged: Option<&str>) -> Result<String, String> {
    let repository = open(root).map_err(|why| format!("`{}` cannot be looked up: {why}", shown(text)))?;
    let id = commit_of(&repository, text)?;
    let head = match judged {
        Some(judged) => Oid::from_str(judged),
        None => repository.head().and_then(|head| head.peel_to_commit()).map(|commit| commit.id()),
    };
    let head =
        head.map_err(|error| format!("`{}` cannot be compared with HEAD: {}", shown(text), plain(error.message())))?;
    let before = head == id || repository.graph_descendant_of(head, id).unwrap_or(false);
    if before {
        return Ok(id.to_string());
    }
    let hint = if shape::is_shallow(&repository) { DEEPEN } else { "name a commit that `git log` shows" };
    Err(format!("`{}` is a commit, but not one that led to the commit that is judged; {hint}", shown(text)))
}

/// A commit that somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its full id.
    pub id: String,
    /// When it was committed, in seconds since 1970.
    pub seconds: i64,
}

/// The commit that `text` names: an id of at least 4 digits, a tag, a branch, `HEAD~3`.
///
/// # Errors
/// Says in plain words why it is none, and what to do.
pub fn commit(root: &Path, text: &str) -> Result<Commit, String> {
    let repository = open(root).map_err(|why| format!("`{}` cannot be looked up: {why}", shown(text)))?;
    let id = commit_of(&repository, text)?;
    let commit = repository.find_commit(id);
    let commit = commit.map_err(|error| format!("`{}` cannot be read: {}", shown(text), plain(error.message())))?;
    Ok(Commit { id: id.to_string(), seconds: commit.committer().when().seconds() })
}

/// What is checked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The full id of the commit.
    pub id: String,
    /// The full ids of those before it, as far as the clone knows them.
    pub parents: Vec<String>,
}

/// The commit that is checked out around `root`.
///
/// # Errors
/// Says in plain words why there is none.
pub fn head(root: &Path) -> Result<Head, String> {
    let repository = open(root)?;
    let head = repository.head().and_then(|head| head.peel_to_commit()).map_err(|error| match error.code() {
        ErrorCode::UnbornBranch => "there is no commit yet".to_owned(),
        _ => plain(error.message()),
    })?;
    Ok(Head { id: head.id().to_string(), parents: head.parent_ids().map(|id| id.to_string()).collect() })
}

/// Where two lines of commits parted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fork {
    /// At the commit with this full id.
    At(String),
    /// Nobody can tell: why, and what to do.
    Unknown(String, String),
    /// They have no commit in common.
    Never,
}

/// The newest commit that led to both of two commits, by their full ids.
pub fn fork(root: &Path, one: &str, other: &str) -> Fork {
    let unknown = |why: &str| Fork::Unknown(format!("the base commit cannot be found: {why}"), String::new());
    let repository = match open(root) {
        Ok(repository) => repository,
        Err(why) => return unknown(&why),
    };
    let (Ok(one), Ok(other)) = (Oid::from_str(one), Oid::from_str(other)) else { return Fork::Never };
    match repository.merge_base(one, other) {
        Ok(base) => Fork::At(base.to_string()),
        Err(_) if shape::is_shallow(&repository) => Fork::Unknown(
            "the base commit, where the change began, is not in this clone, which is shallow".to_owned(),
            "Run `git fetch --unshallow` (`fetch-depth: 0` in actions/checkout), and run again.".to_owned(),
        ),
        Err(error) if error.code() == ErrorCode::NotFound => Fork::Never,
        Err(error) => unknown(&plain(error.message())),
    }
}

fn commit_of(repository: &Repository, text: &str) -> Result<Oid, String> {
    let name = shown(text);
    names::commit_of(repository, text).map_err(|why| match why {
        Unnamed::Malformed => format!("`{name}` is not the name of a commit; give an id, a tag or a branch"),
        Unnamed::Ambiguous => format!("`{name}` is the beginning of several ids; give more digits"),
        Unnamed::Unknown | Unnamed::Absent if shape::is_shallow(repository) => {
            format!("there is no commit `{name}` here; {DEEPEN}")
        }
        Unnamed::Unknown => match Shape::of(repository) {
            shape if shape.without_tags => format!("there is no commit `{name}` here. {}", Gap::Tags.help()),
            shape if shape.some_branches => format!("there is no commit `{name}` here. {}", Gap::Branches.help()),
            _ => format!("there is no commit `{name}` in this repository; name one that `git log` shows"),
        },
        Unnamed::Absent => format!("the commit `{name}` is not here; {}", Gap::Partial.help()),
        Unnamed::NotACommit => format!("`{name}` names something that is no commit; name one that `git log` shows"),
        Unnamed::Other(why) => format!("`{name}` cannot be looked up: {}", plain(&why)),
    })
}

fn shown(text: &str) -> String {
    plain(&clip(text, 80))
}

/// The number of commits that led to HEAD, at most `limit`; `None` where there is no history.
pub fn commit_count(root: &Path, limit: usize) -> Option<usize> {
    let repository = open(root).ok()?;
    let mut walk = repository.revwalk().ok()?;
    walk.push_head().ok()?;
    Some(walk.take(limit).take_while(Result::is_ok).count())
}

#[cfg(test)]
mod tests;
