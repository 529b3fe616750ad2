//! What made a workflow run, as far as it decides what is judged.

/// The event of a workflow run. Everything in it was written by strangers: names of branches, titles,
/// labels. Ids of commits are 40 or 64 hexadecimal digits, numbers begin at 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A pull request was opened or changed, or somebody reviewed it.
    PullRequest(ChangeRequest),
    /// A merge queue asks whether what it would merge is good.
    MergeGroup {
        /// The commit that would become the branch's.
        head_sha: String,
        /// The commit of the branch that it stands on.
        base_sha: String,
        /// The queue's own branch, `refs/heads/gh-readonly-queue/...`.
        head_ref: String,
        /// The branch that it would be merged into, with `refs/heads/`.
        base_ref: String,
        /// The pull request that the queue put on top of `base_sha`; `None` where the queue's branch does not
        /// tell, or tells that the group holds others below.
        pull_request: Option<u32>,
    },
    /// Commits came to a branch, or a tag was set.
    Push {
        /// The commit that the branch was at; `None` for a new one.
        before: Option<String>,
        /// The commit that it is at.
        after: String,
        /// The branch, without `refs/heads/`; `None` for a tag.
        branch: Option<String>,
        /// Whether commits that the branch had are gone from it.
        forced: bool,
    },
    /// The clock.
    Schedule,
    /// Somebody started it by hand.
    WorkflowDispatch,
    /// Another workflow ended.
    WorkflowRun {
        /// The commit that the other workflow ran for.
        head_sha: String,
        /// The event that the other workflow ran for.
        event: String,
        /// The pull requests that the platform names: none where they come from a fork.
        pull_requests: Vec<u32>,
    },
    /// One that decides nothing here, such as `release`, or a push that takes a branch away; with its name.
    Other(String),
}

/// The pull request of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequest {
    /// Its number in the repository.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// The login of who opened it; empty where the account is gone.
    pub author: String,
    /// Whether it is a draft, which nobody can merge yet.
    pub draft: bool,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The branch that it is to be merged into.
    pub base_branch: String,
    /// The commit that this branch was at.
    pub base_sha: String,
    /// Its newest commit.
    pub head_sha: String,
    /// The repository that it comes from, `owner/name`; `None` where that one was deleted.
    pub head_repo: Option<String>,
    /// Whether it comes from another repository: its workflows may read and not write.
    pub fork: bool,
}

impl Event {
    /// The pull request, where the event is one's.
    pub fn pull_request(&self) -> Option<&ChangeRequest> {
        match self {
            Event::PullRequest(request) => Some(request),
            _ => None,
        }
    }
}
