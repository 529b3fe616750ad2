//! What the event of a workflow says about what is judged, held against what is checked out.

use super::compare::Versus;
use super::failure::Failure;
use crate::engine::Unreachable;
use crate::facts::{ChangeRequest, Event, PullRequest, Reviews};
use crate::io::git::{self, Fork, Head};
use crate::io::github::{self, Settings, event};
use crate::source::plain;
use std::path::Path;

/// What to do where a clone does not hold what has to be compared.
const FETCH: &str = "Give actions/checkout `fetch-depth: 0`, which fetches the base and the whole history.";

/// A workflow run: its settings and its event.
pub struct Run {
    /// What the environment says.
    pub settings: Settings,
    /// What made it run.
    pub event: Event,
}

impl Run {
    /// This run.
    ///
    /// # Errors
    /// When this is none, or its event cannot be read.
    pub fn read() -> Result<Run, Failure> {
        let settings = Settings::read().map_err(|error| Failure::usage(error, ""))?;
        let event = event::read(&settings).map_err(|error| Failure::usage(error, ""))?;
        Ok(Run { settings, event })
    }

    /// The pull request with its reviews as the platform knows them: that of the event, the one that a merge
    /// queue asks about, and on a branch the one that brought its newest commit. `told` is what the event
    /// tells. What the platform does not say is unknown to the policies that ask.
    pub fn look_up(&self, told: Option<PullRequest>) -> Option<Result<PullRequest, Unreachable>> {
        let number = match (&told, &self.event) {
            (Some(told), _) => Ok(Some(told.number)),
            (None, Event::MergeGroup { pull_request: Some(number), .. }) => Ok(Some(*number)),
            (None, Event::MergeGroup { pull_request: None, head_ref, .. }) => return Some(Err(of_several(head_ref))),
            (None, Event::Push { after, .. }) => github::pull_request_of_commit(&self.settings, after),
            _ => Ok(None),
        };
        let found = number.and_then(|number| number.map(|n| github::pull_request(&self.settings, n)).transpose());
        match (found, told) {
            (Ok(found), told) => found.or(told).map(Ok),
            (Err(error), Some(told)) => {
                Some(Ok(PullRequest { reviews: Reviews::Unavailable(error.to_string(), error.help()), ..told }))
            }
            (Err(error), None) => Some(Err(Unreachable { why: error.to_string(), help: error.help() })),
        }
    }
}

/// A merge group that does not tell which pull request it is about.
fn of_several(head_ref: &str) -> Unreachable {
    Unreachable {
        why: format!("the branch `{head_ref}` of the merge queue does not tell one pull request whose change this is"),
        help: "Let each pull request be checked on its own: `on: pull_request` beside `merge_group`.".to_owned(),
    }
}

/// What the change of an event is compared with; `None` where the event is about no change.
///
/// # Errors
/// When what is checked out is not what the event is about, or the clone does not hold what is compared.
pub fn versus(root: &Path, event: &Event) -> Result<Option<Versus>, Failure> {
    match event {
        Event::PullRequest(request) => of_pull_request(root, request).map(Some),
        Event::MergeGroup { head_sha, base_sha, base_ref, .. } => {
            let head = head(root)?;
            if head.id != *head_sha {
                return Err(elsewhere(&head.id, "the merge queue", head_sha));
            }
            there(root, base_sha)?;
            let name = base_ref.strip_prefix("refs/heads/").unwrap_or(base_ref).to_owned();
            Ok(Some(Versus {
                base: base_sha.clone(),
                name,
                seen: Some(head.id.clone()),
                judged: Some(head.id),
                pull_request: None,
            }))
        }
        _ => Ok(None),
    }
}

/// Judged is what the platform would merge, where that is checked out: its first parent is the base then.
fn of_pull_request(root: &Path, request: &ChangeRequest) -> Result<Versus, Failure> {
    let head = head(root)?;
    let (base, seen) = match head.parents.as_slice() {
        _ if head.id == request.head_sha => {
            there(root, &request.base_sha)?;
            let parted = parted(root, &request.base_sha, &head.id)?;
            // The rules of an older base are not those that the change has to meet, and who opens a pull
            // request decides where it begins.
            if parted != request.base_sha {
                return Err(Failure::usage(
                    format_args!(
                        "the newest commit of the pull request is checked out, and {} has moved on since it began, so \
                         neither what would be merged nor the rules that judge it are at hand",
                        plain(&request.base_branch)
                    ),
                    "Let actions/checkout take what the event names, which is the merge: leave its `ref` empty. Or bring \
                     the branch up to date.",
                ));
            }
            (parted, head.id.clone())
        }
        // The platform merges anew when one of the two moves, and the event may tell of the one before.
        [base, seen] if *seen == request.head_sha || *base == request.base_sha => {
            there(root, base)?;
            there(root, seen)?;
            (base.clone(), seen.clone())
        }
        [] if git::shape(root).is_ok_and(|shape| shape.shallow) => {
            return Err(Failure::Incomplete {
                message: format!(
                    "this checkout holds the commit {} alone, so what the pull request changes cannot be told",
                    short(&head.id)
                ),
                help: FETCH.to_owned(),
            });
        }
        _ => return Err(elsewhere(&head.id, "the pull request", &request.head_sha)),
    };
    Ok(Versus {
        base,
        name: request.base_branch.clone(),
        seen: Some(seen),
        judged: Some(head.id),
        pull_request: Some(pull_request(request)),
    })
}

fn pull_request(request: &ChangeRequest) -> PullRequest {
    PullRequest {
        number: request.number,
        title: request.title.clone(),
        author: request.author.clone(),
        draft: request.draft,
        labels: request.labels.clone(),
        base_branch: request.base_branch.clone(),
        reviews: Reviews::NotAsked,
    }
}

fn head(root: &Path) -> Result<Head, Failure> {
    git::head(root).map_err(|why| {
        Failure::usage(
            format_args!("what is checked out cannot be told: {why}"),
            "Check the repository out with actions/checkout before this step.",
        )
    })
}

fn there(root: &Path, commit: &str) -> Result<(), Failure> {
    if git::commit(root, commit).is_ok() {
        return Ok(());
    }
    Err(Failure::Incomplete {
        message: format!("this checkout does not hold the commit {}, so what changes cannot be told", short(commit)),
        help: FETCH.to_owned(),
    })
}

fn parted(root: &Path, base: &str, head: &str) -> Result<String, Failure> {
    match git::fork(root, base, head) {
        Fork::At(commit) => Ok(commit),
        Fork::Unknown(why, help) => {
            let Unreachable { why, help } = Unreachable { why, help };
            Err(Failure::Incomplete { message: why, help })
        }
        Fork::Never => Err(Failure::usage(
            format_args!("{} and {} have no commit in common, so nothing can be compared", short(base), short(head)),
            "Check out what the pull request changes.",
        )),
    }
}

fn elsewhere(head: &str, what: &str, wanted: &str) -> Failure {
    Failure::usage(
        format_args!(
            "{} is checked out, and {what} is about {}, so the event says nothing about these files",
            short(head),
            short(wanted)
        ),
        "Let actions/checkout take what the event names: leave its `ref` empty. Or name what to compare with by `base`.",
    )
}

fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}
