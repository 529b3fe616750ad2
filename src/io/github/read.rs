//! What is read from the platform.

use super::client::Client;
use super::error::{Doing, Error, Kind};
use super::settings::{Settings, is_commit_id};
use super::wire::{self, login};
use crate::facts::{Day, PullRequest, Review, ReviewState, Reviews};
use crate::publish::{Conversation, InlineComment, Posted};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

const READ: &str = "pull-requests: read";

/// A pull request with what its reviewers said last.
///
/// # Errors
/// When it cannot be read.
pub fn pull_request(settings: &Settings, number: u32) -> Result<PullRequest, Error> {
    let client = Client::new(settings)?;
    let found = client.pull(number)?;
    let what = format!("read the reviews of pull request #{number}");
    let reviews = client.list(&client.path(format_args!("pulls/{number}/reviews")), &doing(&what))?;
    Ok(PullRequest {
        number,
        title: found.title,
        author: login(found.user),
        draft: found.draft,
        labels: found.labels.into_iter().map(|label| label.name).collect(),
        base_branch: found.base.branch,
        reviews: Reviews::Known(last_reviews(reviews, &found.head.sha)),
    })
}

/// The pull request that brought a commit to its branch; of several, the one that was merged last.
///
/// # Errors
/// When the platform cannot be asked.
pub fn pull_request_of_commit(settings: &Settings, sha: &str) -> Result<Option<u32>, Error> {
    let client = Client::new(settings)?;
    let mut found = client.associated(sha)?;
    found.retain(|request| request.merged_at.is_some() && client.is_here(&request.base));
    found.sort_by(|a, b| a.merged_at.cmp(&b.merged_at));
    Ok(found.last().and_then(|request| u32::try_from(request.number).ok()))
}

impl Client {
    /// The open pull request whose newest commit is `sha`, in the words of the platform alone.
    ///
    /// # Errors
    /// When the platform cannot be asked.
    pub fn open_pull_request(&self, sha: &str) -> Result<Option<u32>, Error> {
        let ours = |request: &wire::Associated| {
            request.state == "open" && self.is_here(&request.base) && request.head.sha.eq_ignore_ascii_case(sha)
        };
        let mut found = self.associated(sha)?;
        if !found.iter().any(ours) {
            // Commits of forks may not be known to belong to one.
            let path = self.path("pulls?state=open&sort=updated&direction=desc");
            found = self.list(&path, &doing("read the open pull requests"))?;
        }
        let numbers = found.iter().filter(|request| ours(request)).map(|request| request.number);
        Ok(numbers.max().and_then(|number| u32::try_from(number).ok()))
    }

    /// The newest commit of a pull request.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn head(&self, number: u32) -> Result<String, Error> {
        Ok(self.pull(number)?.head.sha.to_ascii_lowercase())
    }

    /// What stands on a pull request, and what of it could not be known, one sentence each.
    ///
    /// # Errors
    /// When it cannot be read: who does not know what is there would write it again.
    pub fn posted(&self, number: u32) -> Result<(Posted, Vec<String>), Error> {
        let mut notes = Vec::new();
        let conversation = self.conversation(number)?;
        let mut inline = self.inline(number)?;
        if !inline.is_empty() {
            match self.threads(number) {
                Ok(threads) => {
                    for comment in &mut inline {
                        if let Some((thread, resolved)) = threads.get(&comment.id) {
                            comment.thread = Some(thread.clone());
                            comment.resolved = *resolved;
                        }
                    }
                }
                Err(error) => {
                    notes.push(format!("{error}; conversations that are over are edited instead of resolved"))
                }
            }
        }
        Ok((Posted { viewer: self.viewer()?, head: self.head(number)?, conversation, inline }, notes))
    }

    pub(super) fn conversation(&self, number: u32) -> Result<Vec<Conversation>, Error> {
        let what = format!("read the comments of pull request #{number}");
        let found: Vec<wire::IssueComment> =
            self.list(&self.path(format_args!("issues/{number}/comments")), &doing(&what))?;
        let mut all: Vec<_> = found
            .into_iter()
            .map(|c| Conversation { id: c.id, author: login(c.user), body: c.body.unwrap_or_default() })
            .collect();
        all.sort_by_key(|comment| comment.id);
        Ok(all)
    }

    pub(super) fn inline(&self, number: u32) -> Result<Vec<InlineComment>, Error> {
        let what = format!("read the comments on lines of pull request #{number}");
        let found: Vec<wire::ReviewComment> =
            self.list(&self.path(format_args!("pulls/{number}/comments")), &doing(&what))?;
        let one = |c: wire::ReviewComment| InlineComment {
            id: c.id,
            answers: c.in_reply_to_id,
            author: login(c.user),
            body: c.body,
            path: c.path,
            line: c.line,
            thread: None,
            resolved: false,
        };
        let mut all: Vec<_> = found.into_iter().map(one).collect();
        all.sort_by_key(|comment| comment.id);
        Ok(all)
    }

    fn pull(&self, number: u32) -> Result<wire::PullRequest, Error> {
        let what = format!("read pull request #{number}");
        let doing = doing(&what);
        let found: wire::PullRequest = self.get(&self.path(format_args!("pulls/{number}")), &doing)?;
        if found.number != u64::from(number) || !is_commit_id(&found.head.sha) {
            return Err(Error::new(Kind::Broken, &doing, "it is about something else"));
        }
        Ok(found)
    }

    fn associated(&self, sha: &str) -> Result<Vec<wire::Associated>, Error> {
        let doing = doing("find the pull request of a commit");
        if !is_commit_id(sha) {
            return Err(Error::new(Kind::NotFound, &doing, "that is not the id of a commit"));
        }
        match self.list(&self.path(format_args!("commits/{sha}/pulls")), &doing) {
            // A commit that the platform does not have here: one of a fork that was deleted.
            Err(error) if matches!(error.kind, Kind::Unprocessable | Kind::NotFound) => Ok(Vec::new()),
            other => other,
        }
    }

    /// Whether this side of a pull request is this repository: forks have pull requests too.
    fn is_here(&self, side: &wire::Side) -> bool {
        let here = self.repository.to_string();
        side.repo.as_ref().is_some_and(|repo| repo.full_name.eq_ignore_ascii_case(&here))
    }

    /// The login that we write as; `None` where the platform does not tell. The other interface does not know
    /// who a token of an app's installation belongs to.
    fn viewer(&self) -> Result<Option<String>, Error> {
        let query = json!({"query": "query { viewer { login } }"});
        match self.ask::<Viewer>(&query, &doing("ask who the token belongs to")) {
            Ok(found) => Ok(Some(found.viewer.login)),
            Err(error) if matches!(error.kind, Kind::Denied | Kind::NotFound | Kind::Unprocessable) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The conversations on lines: by the number of the first comment, the platform's name and whether
    /// it is resolved.
    fn threads(&self, number: u32) -> Result<BTreeMap<u64, (String, bool)>, Error> {
        const QUERY: &str = "query($owner: String!, $name: String!, $number: Int!, $after: String) { \
             repository(owner: $owner, name: $name) { pullRequest(number: $number) { \
             reviewThreads(first: 100, after: $after) { pageInfo { hasNextPage endCursor } \
             nodes { id isResolved comments(first: 1) { nodes { databaseId } } } } } } }";
        let what = format!("read which conversations of pull request #{number} are resolved");
        let (mut all, mut after) = (BTreeMap::new(), None::<String>);
        // Each turn brings new ones or ends; the list of comments is bounded alike.
        for _ in 0..50 {
            let variables = json!({
                "owner": self.repository.owner, "name": self.repository.name, "number": number, "after": after,
            });
            let answer: Threads = self.ask(&json!({"query": QUERY, "variables": variables}), &doing(&what))?;
            let Some(page) = answer.repository.and_then(|r| r.pull_request).map(|p| p.review_threads) else { break };
            for thread in page.nodes {
                if let Some(first) = thread.comments.nodes.first().and_then(|comment| comment.database_id) {
                    all.insert(first, (thread.id, thread.is_resolved));
                }
            }
            after = page.page_info.end_cursor.filter(|_| page.page_info.has_next_page);
            if after.is_none() {
                break;
            }
        }
        Ok(all)
    }
}

pub(super) fn doing(what: &str) -> Doing<'_> {
    Doing { what, permission: READ }
}

/// What each person said last: an approval or a request for changes before any comment.
fn last_reviews(reviews: Vec<wire::Review>, head: &str) -> Vec<Review> {
    let mut last: BTreeMap<String, Review> = BTreeMap::new();
    for review in reviews {
        let state = match review.state.to_ascii_uppercase().as_str() {
            "APPROVED" => ReviewState::Approved,
            "CHANGES_REQUESTED" => ReviewState::ChangesRequested,
            "COMMENTED" => ReviewState::Commented,
            // What was dismissed says nothing any more, and neither does what the person had said before it.
            "DISMISSED" => {
                last.remove(&login(review.user).to_ascii_lowercase());
                continue;
            }
            // Not handed in yet.
            _ => continue,
        };
        let (Some(by), Some(on)) = (review.user, review.submitted_at.as_deref().and_then(Day::parse_moment)) else {
            continue;
        };
        let outdated = !review.commit_id.is_some_and(|commit| commit.eq_ignore_ascii_case(head));
        let new = Review { by: by.login.clone(), on, state, outdated };
        let who = by.login.to_ascii_lowercase();
        let replaces = last.get(&who).is_none_or(|old| {
            let comment = |review: &Review| review.state == ReviewState::Commented;
            // Of two of one weight the later one; the platform lists them in the order of time.
            comment(old) || !comment(&new)
        });
        if replaces {
            last.insert(who, new);
        }
    }
    let mut all: Vec<Review> = last.into_values().collect();
    all.sort_by_key(|review| review.on.seconds());
    all
}

#[derive(Deserialize)]
struct Viewer {
    viewer: wire::User,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Threads {
    repository: Option<ThreadsRepository>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadsRepository {
    pull_request: Option<ThreadsRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadsRequest {
    review_threads: ThreadsPage,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadsPage {
    page_info: PageInfo,
    nodes: Vec<Thread>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Thread {
    id: String,
    is_resolved: bool,
    comments: ThreadComments,
}

#[derive(Deserialize)]
struct ThreadComments {
    nodes: Vec<ThreadComment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadComment {
    database_id: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_each_person_counts() {
        let review = |by: &str, state: &str, minute: u32, commit: &str| wire::Review {
            user: Some(wire::User { login: by.to_owned() }),
            state: state.to_owned(),
            submitted_at: Some(format!("2026-05-28T10:{minute:02}:00Z")),
            commit_id: Some(commit.to_owned()),
        };
        let gone = wire::Review { user: None, ..review("", "APPROVED", 9, "b") };
        let reviews = vec![
            review("ada", "CHANGES_REQUESTED", 1, "a"),
            review("ada", "APPROVED", 2, "b"),
            review("ada", "COMMENTED", 3, "b"),
            review("Bob", "COMMENTED", 4, "a"),
            review("bob", "COMMENTED", 5, "b"),
            review("eve", "APPROVED", 0, "a"),
            review("mal", "DISMISSED", 7, "b"),
            review("pat", "PENDING", 8, "b"),
            gone,
        ];
        let found: Vec<_> = last_reviews(reviews, "b").into_iter().map(|r| (r.by, r.state, r.outdated)).collect();
        let expected = [
            ("eve".to_owned(), ReviewState::Approved, true),
            ("ada".to_owned(), ReviewState::Approved, false),
            ("bob".to_owned(), ReviewState::Commented, false),
        ];
        assert_eq!(found, expected);
    }
}
