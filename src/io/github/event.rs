//! Reads the file with the event of a workflow run. Everything in it was written by strangers; only the
//! fields that are used are read, and each is checked.

use super::settings::{Repository, Settings, is_commit_id};
use crate::facts::{ChangeRequest, Event};
use crate::io::disk;
use crate::source::plain;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The largest event that is read, in bytes; GitHub sends none above 25 MB.
const LIMIT: usize = 32 * 1024 * 1024;

/// Text of strangers is cut to so many characters.
const TEXT: usize = 1_000;

/// At most so many labels and pull requests are kept.
const MANY: usize = 100;

/// Why the event is not known: what is wrong, why it matters, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// This is no workflow run.
    #[error(
        "GITHUB_EVENT_NAME or GITHUB_EVENT_PATH is not set, so it is not known what changed; run this in a workflow, or name the base with `--base`"
    )]
    NoEvent,
    /// The file cannot be read.
    #[error(
        "the event file of GITHUB_EVENT_PATH cannot be read ({0}), so it is not known what changed; in a container, make the folder of the file visible in it"
    )]
    Unreadable(String),
    /// The file does not hold such an event.
    #[error(
        "the event file of GITHUB_EVENT_PATH is no `{name}` event ({why}), so it is not known what changed; check that GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are of the same run"
    )]
    Malformed {
        /// The name of the event.
        name: String,
        /// What does not fit.
        why: String,
    },
}

/// Reads the event of this workflow run.
///
/// # Errors
/// When there is none, or its file cannot be read or is not what its name says.
pub fn read(settings: &Settings) -> Result<Event, EventError> {
    let (Some(name), Some(path)) = (&settings.event_name, &settings.event_path) else {
        return Err(EventError::NoEvent);
    };
    let bytes = disk::read_regular(path, LIMIT).map_err(|error| EventError::Unreadable(error.to_string()))?;
    parse(name, &bytes)
}

/// Reads an event.
///
/// # Errors
/// When `bytes` are not an event of this name.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Event, EventError> {
    let malformed = |why: String| EventError::Malformed { name: cut(&plain(name)), why };
    let event = match name {
        "pull_request" | "pull_request_review" => {
            let payload: PullRequestPayload = json(bytes).map_err(malformed)?;
            change_request(payload).map(Event::PullRequest)
        }
        "merge_group" => merge_group(json::<MergeGroupPayload>(bytes).map_err(malformed)?.merge_group),
        "push" => push(json(bytes).map_err(malformed)?),
        "workflow_run" => workflow_run(json::<WorkflowRunPayload>(bytes).map_err(malformed)?.workflow_run),
        "schedule" => Ok(Event::Schedule),
        "workflow_dispatch" => Ok(Event::WorkflowDispatch),
        _ => Ok(Event::Other(cut(&plain(name)))),
    };
    event.map_err(|field| malformed(format!("`{field}` is not what it should be")))
}

/// The message of the library names fields and lines, and may quote a value.
fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| cut(&plain(&error.to_string())))
}

fn cut(text: &str) -> String {
    crate::source::clip(text, 200)
}

fn change_request(payload: PullRequestPayload) -> Result<ChangeRequest, &'static str> {
    let PullRequestPayload { pull_request, repository } = payload;
    let here = pull_request.base.repo.map_or(repository.full_name, |repo| repo.full_name);
    let head_repo = pull_request.head.repo.map(|repo| repo.full_name);
    if Repository::parse(&here).is_err() || head_repo.as_deref().is_some_and(|name| Repository::parse(name).is_err()) {
        return Err("full_name");
    }
    Ok(ChangeRequest {
        number: number(pull_request.number, "pull_request.number")?,
        title: text(pull_request.title.unwrap_or_default()),
        author: text(pull_request.user.map(|user| user.login).unwrap_or_default()),
        draft: pull_request.draft,
        labels: pull_request.labels.into_iter().take(MANY).map(|label| text(label.name)).collect(),
        base_branch: text(pull_request.base.branch),
        base_sha: commit(pull_request.base.sha, "pull_request.base.sha")?,
        head_sha: commit(pull_request.head.sha, "pull_request.head.sha")?,
        // What was deleted was a fork: the repository itself is still there.
        fork: head_repo.as_deref().is_none_or(|head| !head.eq_ignore_ascii_case(&here)),
        head_repo,
    })
}

fn merge_group(group: MergeGroup) -> Result<Event, &'static str> {
    let base_sha = commit(group.base_sha, "merge_group.base_sha")?;
    Ok(Event::MergeGroup {
        pull_request: queued(&group.head_ref, &base_sha),
        head_sha: commit(group.head_sha, "merge_group.head_sha")?,
        base_sha,
        head_ref: text(group.head_ref),
        base_ref: text(group.base_ref),
    })
}

/// The number in `refs/heads/gh-readonly-queue/main/pr-104-<sha>`, where the commit is the base of the group: each
/// entry of a queue stands on the one before it, so the change is this pull request then and no other.
fn queued(head_ref: &str, base_sha: &str) -> Option<u32> {
    let queue = head_ref.strip_prefix("refs/heads/").unwrap_or(head_ref).strip_prefix("gh-readonly-queue/")?;
    // The branch before it may have slashes and numbers in its name too.
    let (_, entry) = queue.rsplit_once('/')?;
    let (number, sha) = entry.strip_prefix("pr-")?.split_once('-')?;
    let number = number.parse().ok().filter(|number| *number > 0)?;
    sha.eq_ignore_ascii_case(base_sha).then_some(number)
}

fn push(push: Push) -> Result<Event, &'static str> {
    if push.deleted {
        return Ok(Event::Other("push".to_owned()));
    }
    let before = commit(push.before, "before")?;
    Ok(Event::Push {
        before: before.bytes().any(|digit| digit != b'0').then_some(before),
        after: commit(push.after, "after")?,
        branch: push.reference.strip_prefix("refs/heads/").map(|branch| text(branch.to_owned())),
        forced: push.forced,
    })
}

fn workflow_run(run: WorkflowRun) -> Result<Event, &'static str> {
    let numbers = run.pull_requests.into_iter().take(MANY);
    Ok(Event::WorkflowRun {
        head_sha: commit(run.head_sha, "workflow_run.head_sha")?,
        event: text(run.event),
        pull_requests: numbers
            .map(|request| number(request.number, "workflow_run.pull_requests.number"))
            .collect::<Result<_, _>>()?,
    })
}

fn commit(sha: String, field: &'static str) -> Result<String, &'static str> {
    if is_commit_id(&sha) { Ok(sha.to_ascii_lowercase()) } else { Err(field) }
}

fn number(number: u64, field: &'static str) -> Result<u32, &'static str> {
    u32::try_from(number).ok().filter(|number| *number > 0).ok_or(field)
}

fn text(text: String) -> String {
    match text.char_indices().nth(TEXT) {
        Some((at, _)) => text[..at].to_owned(),
        None => text,
    }
}

#[derive(Deserialize)]
struct PullRequestPayload {
    pull_request: PullRequest,
    repository: Repo,
}

#[derive(Deserialize)]
struct PullRequest {
    number: u64,
    title: Option<String>,
    user: Option<User>,
    /// The payload of a review has no such field for repositories without drafts.
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    labels: Vec<Label>,
    base: Side,
    head: Side,
}

#[derive(Deserialize)]
struct Side {
    #[serde(rename = "ref")]
    branch: String,
    sha: String,
    repo: Option<Repo>,
}

#[derive(Deserialize)]
struct Repo {
    full_name: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Label {
    name: String,
}

#[derive(Deserialize)]
struct MergeGroupPayload {
    merge_group: MergeGroup,
}

#[derive(Deserialize)]
struct MergeGroup {
    head_sha: String,
    base_sha: String,
    head_ref: String,
    base_ref: String,
}

#[derive(Deserialize)]
struct Push {
    before: String,
    after: String,
    #[serde(rename = "ref")]
    reference: String,
    #[serde(default)]
    forced: bool,
    #[serde(default)]
    deleted: bool,
}

#[derive(Deserialize)]
struct WorkflowRunPayload {
    workflow_run: WorkflowRun,
}

#[derive(Deserialize)]
struct WorkflowRun {
    head_sha: String,
    event: String,
    #[serde(default)]
    pull_requests: Vec<Numbered>,
}

#[derive(Deserialize)]
struct Numbered {
    number: u64,
}
