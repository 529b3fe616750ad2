//! What is written to the platform.

use super::client::{Client, made, sent};
use super::error::{Doing, Error, Kind};
use super::wire;
use crate::publish::{Annotation, CheckRun, InlineComment, Level, NewInline};
use crate::source::clip;
use hyper::http::Method;
use serde_json::json;

/// Annotations that one request takes.
const PER_REQUEST: usize = 50;

/// Characters of a title of an annotation.
const TITLE: usize = 255;

/// Characters of the text of an annotation: 64 KB, whatever the characters are.
const MESSAGE: usize = 16_000;

/// The name of our check run.
const CHECK: &str = "annexa";

/// The new side of a diff.
const SIDE: &str = "RIGHT";

impl Client {
    /// Writes a comment into the conversation of a pull request; its number.
    ///
    /// # Errors
    /// When the platform does not take it, or it is not known whether it did.
    pub fn create_comment(&self, number: u32, body: &str) -> Result<u64, Error> {
        let what = format!("write a comment on pull request #{number}");
        let doing = doing(&what);
        let landed = || {
            let there = self.conversation(number)?;
            Ok(there.into_iter().rev().find(|comment| same_text(&comment.body, body)).map(|comment| comment.id))
        };
        let path = self.path(format_args!("issues/{number}/comments"));
        self.make(&path, &sent(&wire::Body { body }, &doing)?, &doing, |answer| made(answer, &doing), landed)
    }

    /// Changes a comment of the conversation.
    ///
    /// # Errors
    /// When the platform does not take it.
    pub fn edit_comment(&self, id: u64, body: &str) -> Result<(), Error> {
        let doing = doing("change the comment of annexa");
        let body = sent(&wire::Body { body }, &doing)?;
        self.change(&Method::PATCH, &self.path(format_args!("issues/comments/{id}")), Some(&body), &doing)
    }

    /// Takes a comment of the conversation away. One that is gone already is no error.
    ///
    /// # Errors
    /// When the platform does not let us.
    pub fn delete_comment(&self, id: u64) -> Result<(), Error> {
        let doing = doing("take away a comment of annexa that stands there twice");
        match self.change(&Method::DELETE, &self.path(format_args!("issues/comments/{id}")), None, &doing) {
            Err(error) if error.kind == Kind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Writes comments on lines as one review.
    ///
    /// # Errors
    /// When the platform does not take one of them: then it takes none.
    pub fn create_review(&self, number: u32, head: &str, comments: &[&NewInline]) -> Result<(), Error> {
        let what = format!("write {} on lines of pull request #{number}", counted(comments.len()));
        let doing = doing(&what);
        let review = wire::NewReview {
            commit_id: head,
            event: "COMMENT",
            comments: comments.iter().map(|comment| on_lines(comment)).collect(),
        };
        let landed = || {
            let there = self.inline(number)?;
            let is_there = |new: &&NewInline| there.iter().any(|old| stands(old, new));
            Ok(comments.iter().all(is_there).then_some(()))
        };
        let path = self.path(format_args!("pulls/{number}/reviews"));
        self.make(&path, &sent(&review, &doing)?, &doing, |answer| made(answer, &doing).map(|_| ()), landed)
    }

    /// Writes one comment on lines, or on a file.
    ///
    /// # Errors
    /// When the platform does not take it, or it is not known whether it did.
    pub fn create_inline(&self, number: u32, head: &str, comment: &NewInline) -> Result<(), Error> {
        let what = format!("write a comment on `{}` of pull request #{number}", comment.path);
        let doing = doing(&what);
        let range = comment.lines.filter(|(first, last)| first < last);
        let body = wire::SingleComment {
            commit_id: head,
            path: &comment.path,
            body: &comment.body,
            line: comment.lines.map(|(_, last)| last),
            side: comment.lines.map(|_| SIDE),
            start_line: range.map(|(first, _)| first),
            start_side: range.map(|_| SIDE),
            subject_type: comment.lines.is_none().then_some("file"),
        };
        let landed = || Ok(self.inline(number)?.iter().any(|old| stands(old, comment)).then_some(()));
        let path = self.path(format_args!("pulls/{number}/comments"));
        self.make(&path, &sent(&body, &doing)?, &doing, |answer| made(answer, &doing).map(|_| ()), landed)
    }

    /// Marks a conversation as resolved; where that is not known or not allowed, its first comment says
    /// so.
    ///
    /// # Errors
    /// When neither works.
    pub fn resolve(&self, id: u64, thread: Option<&str>, body: &str) -> Result<(), Error> {
        const MUTATION: &str =
            "mutation($thread: ID!) { resolveReviewThread(input: {threadId: $thread}) { thread { isResolved } } }";
        let doing = doing("mark a conversation of annexa as resolved");
        if let Some(thread) = thread {
            self.spaced(&doing)?;
            let query = json!({"query": MUTATION, "variables": {"thread": thread}});
            match self.ask::<serde_json::Value>(&query, &doing) {
                Ok(_) => return Ok(()),
                Err(error) if error.may_pass() => return Err(error),
                Err(_) => {}
            }
        }
        let body = sent(&wire::Body { body }, &doing)?;
        match self.change(&Method::PATCH, &self.path(format_args!("pulls/comments/{id}")), Some(&body), &doing) {
            // Somebody took it away: then there is nothing to resolve.
            Err(error) if error.kind == Kind::NotFound => Ok(()),
            other => other,
        }
    }

    /// Makes a check run that has ended already, with its first annotations, and adds the others: one
    /// that is begun first would never end where a job is cut off.
    ///
    /// # Errors
    /// When the platform does not take it. Annotations that came before the error stay.
    pub fn create_check_run(&self, run: &CheckRun, external_id: &str, details: Option<&str>) -> Result<(), Error> {
        let doing = Doing { what: "make a check run", permission: "checks: write" };
        let remarks: Vec<_> = run.annotations.iter().filter_map(remark).collect();
        let title = clip(&run.title, TITLE - 1);
        let output = |annotations| wire::Output { title: &title, summary: &run.summary, annotations };
        let (first, rest) = remarks.split_at(remarks.len().min(PER_REQUEST));
        let new = wire::NewCheckRun {
            name: CHECK,
            head_sha: &run.head,
            external_id,
            details_url: details,
            status: "completed",
            conclusion: run.conclusion,
            output: output(first),
        };
        let listed = self.path(format_args!("commits/{}/check-runs?check_name={CHECK}&filter=all", run.head));
        let landed = || {
            let runs = self.pages(&listed, &doing, |page: wire::CheckRuns| page.check_runs)?;
            Ok(runs.into_iter().find(|run| run.external_id.as_deref() == Some(external_id)).map(|run| run.id))
        };
        let new = sent(&new, &doing)?;
        let id = self.make(&self.path("check-runs"), &new, &doing, |answer| made(answer, &doing), landed)?;
        let path = self.path(format_args!("check-runs/{id}"));
        for (at, part) in rest.chunks(PER_REQUEST).enumerate() {
            // The platform appends: what is sent twice stands there twice.
            let then = PER_REQUEST * (at + 1) + part.len();
            let landed = || {
                let run: wire::CheckRunState = self.get(&path, &doing)?;
                Ok((run.output.annotations_count >= then).then_some(()))
            };
            let more = sent(&wire::MoreAnnotations { output: output(part) }, &doing)?;
            self.extend(&path, &more, &doing, landed)?;
        }
        Ok(())
    }
}

fn doing(what: &str) -> Doing<'_> {
    Doing { what, permission: "pull-requests: write" }
}

fn counted(number: usize) -> String {
    if number == 1 { "a comment".to_owned() } else { format!("{number} comments") }
}

/// Whether two texts are the same to the platform, which may give other line breaks back.
pub(super) fn same_text(there: &str, sent: &str) -> bool {
    let lines = |text: &str| text.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    there == sent || lines(there) == lines(sent)
}

/// Whether a comment stands there already.
pub(super) fn stands(there: &InlineComment, new: &NewInline) -> bool {
    there.path == new.path && same_text(&there.body, &new.body)
}

fn on_lines(comment: &NewInline) -> wire::NewReviewComment<'_> {
    let (first, last) = comment.lines.unwrap_or((1, 1));
    let start_line = (first < last).then_some(first);
    wire::NewReviewComment {
        path: &comment.path,
        body: &comment.body,
        line: last,
        side: SIDE,
        start_line,
        start_side: start_line.map(|_| SIDE),
    }
}

/// An annotation as the platform takes it: one about the run has no place in it.
fn remark(annotation: &Annotation) -> Option<wire::Remark<'_>> {
    let (start_line, end_line) = annotation.lines.unwrap_or((1, 1));
    let columns = annotation.columns.filter(|_| start_line == end_line);
    Some(wire::Remark {
        path: annotation.path.as_deref()?,
        start_line,
        end_line,
        start_column: columns.map(|(first, _)| first),
        end_column: columns.map(|(_, last)| last),
        annotation_level: match annotation.level {
            Level::Error => "failure",
            Level::Warning => "warning",
            Level::Notice => "notice",
        },
        title: clip(&annotation.title, TITLE - 1),
        message: clip(&annotation.message, MESSAGE),
    })
}
