//! The forms that travel: of answers the fields that are used, of requests all that are sent. Answers
//! are hostile: whatever may be missing is optional, and texts are bounded by the size of the answer.

use serde::{Deserialize, Serialize};

/// Somebody with an account. Accounts go away, and then there is none.
#[derive(Deserialize)]
pub(super) struct User {
    pub login: String,
}

/// The login; empty where the account is gone.
pub(super) fn login(user: Option<User>) -> String {
    user.map(|user| user.login).unwrap_or_default()
}

#[derive(Deserialize)]
pub(super) struct PullRequest {
    pub number: u64,
    pub title: String,
    pub user: Option<User>,
    #[serde(default)]
    pub draft: bool,
    #[serde(default)]
    pub labels: Vec<Label>,
    pub base: Side,
    pub head: Side,
}

#[derive(Deserialize)]
pub(super) struct Label {
    pub name: String,
}

#[derive(Deserialize)]
pub(super) struct Side {
    #[serde(rename = "ref")]
    pub branch: String,
    pub sha: String,
    pub repo: Option<Repo>,
}

#[derive(Deserialize)]
pub(super) struct Repo {
    pub full_name: String,
}

/// A pull request in the list of those that a commit belongs to.
#[derive(Deserialize)]
pub(super) struct Associated {
    pub number: u64,
    pub state: String,
    #[serde(default)]
    pub merged_at: Option<String>,
    pub base: Side,
    pub head: Side,
}

#[derive(Deserialize)]
pub(super) struct IssueComment {
    pub id: u64,
    pub user: Option<User>,
    #[serde(default)]
    pub body: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ReviewComment {
    pub id: u64,
    pub user: Option<User>,
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub path: String,
    #[serde(default)]
    pub line: Option<u32>,
    #[serde(default)]
    pub in_reply_to_id: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct Review {
    pub user: Option<User>,
    pub state: String,
    #[serde(default)]
    pub submitted_at: Option<String>,
    #[serde(default)]
    pub commit_id: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Made {
    pub id: u64,
}

#[derive(Deserialize)]
pub(super) struct CheckRuns {
    pub check_runs: Vec<MadeCheckRun>,
}

#[derive(Deserialize)]
pub(super) struct MadeCheckRun {
    pub id: u64,
    #[serde(default)]
    pub external_id: Option<String>,
}

/// How far a check run is.
#[derive(Deserialize)]
pub(super) struct CheckRunState {
    pub output: CheckRunOutput,
}

#[derive(Deserialize)]
pub(super) struct CheckRunOutput {
    pub annotations_count: usize,
}

#[derive(Serialize)]
pub(super) struct Body<'a> {
    pub body: &'a str,
}

#[derive(Serialize)]
pub(super) struct NewReview<'a> {
    pub commit_id: &'a str,
    pub event: &'static str,
    pub comments: Vec<NewReviewComment<'a>>,
}

/// A comment on lines. `start_line` is left out where there is one line: the platform refuses a range
/// that ends where it begins.
#[derive(Serialize)]
pub(super) struct NewReviewComment<'a> {
    pub path: &'a str,
    pub body: &'a str,
    pub line: u32,
    pub side: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_side: Option<&'static str>,
}

/// One comment by itself: on lines or, with `subject_type`, on a file.
#[derive(Serialize)]
pub(super) struct SingleComment<'a> {
    pub commit_id: &'a str,
    pub path: &'a str,
    pub body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_side: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct NewCheckRun<'a> {
    pub name: &'a str,
    pub head_sha: &'a str,
    pub external_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details_url: Option<&'a str>,
    pub status: &'static str,
    pub conclusion: &'static str,
    pub output: Output<'a>,
}

#[derive(Serialize)]
pub(super) struct MoreAnnotations<'a> {
    pub output: Output<'a>,
}

#[derive(Serialize)]
pub(super) struct Output<'a> {
    pub title: &'a str,
    pub summary: &'a str,
    pub annotations: &'a [Remark<'a>],
}

#[derive(Serialize)]
pub(super) struct Remark<'a> {
    pub path: &'a str,
    pub start_line: u32,
    pub end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    pub annotation_level: &'static str,
    pub title: String,
    pub message: String,
}
