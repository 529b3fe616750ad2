//! What a run knows besides the documents, as plain data: the files that can be seen, the day, the
//! state of the history, the pull request. `io` gathers it; examples and tests make it in memory.

mod change;
mod day;
mod event;
mod globs;
mod pull_request;
mod snapshot;

pub use change::{Change, FileChange, FileStatus, Hunk, LineMap, Seen};
pub use day::Day;
pub use event::{ChangeRequest, Event};
pub use globs::Globs;
pub use pull_request::{PullRequest, Review, ReviewState, Reviews};
pub use snapshot::{MemorySnapshot, ReadError, Skipped, Snapshot};

/// How much of the git history can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum History {
    /// All of it: the commit at HEAD and its short name.
    Full {
        /// Object id of the commit that is checked out.
        head: String,
    },
    /// A shallow clone: facts about older commits cannot be known.
    Shallow {
        /// Object id of the commit that is checked out.
        head: String,
    },
    /// A repository without a commit yet.
    Unborn,
    /// Not a git repository; says so, or why there is none.
    None(String),
    /// A git repository whose history cannot be read; says why, and where it is known what helps.
    Closed(String),
}
