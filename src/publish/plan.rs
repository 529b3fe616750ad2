//! The plan: a report and what is posted already, as steps.

use super::annotations;
use super::posted::{Conversation, InlineComment, Posted};
use super::step::{Channels, CheckRun, NewInline, Plan, Step};
use super::target::Target;
use crate::finding::Fingerprint;
use crate::report::Brief;
use crate::report::brief::Found;
use crate::report::markdown::{self, Links};
use std::collections::HashSet;

/// Who writes with the token of a workflow, where the platform does not tell.
const WORKFLOW: &str = "github-actions[bot]";

/// What one run puts in front of people. Pure: the same arguments give the same plan.
///
/// `posted` is what stands on the pull request; `None` where there is no pull request, or it could not
/// be read. Then nothing is planned for its conversation.
pub fn plan(brief: &Brief, posted: Option<&Posted>, channels: &Channels, place: &Target) -> Plan {
    let links = Links::new(&place.server_url, &place.repository, place.run_url.as_deref());
    let all = annotations::all(brief);
    let mut plan = Plan {
        annotations: annotations::for_the_log(&all),
        summary: markdown::summary(brief, &links),
        ..Plan::default()
    };
    if let Some(why) = not_posted(brief, posted, channels, place) {
        plan.notes.push(why);
        return plan;
    }
    if let Some(posted) = posted.filter(|_| brief.comparison.is_some()) {
        let desk = Desk { brief, posted, place, links: &links };
        if channels.comment {
            desk.comment(&mut plan);
        }
        if channels.inline {
            desk.inline(channels.inline_max, &mut plan);
        }
    }
    if channels.check_run {
        plan.steps.push(Step::CreateCheckRun(CheckRun {
            head: place.head.clone(),
            conclusion: conclusion(brief),
            title: markdown::headline(brief),
            summary: markdown::check_run_page(brief, &links),
            annotations: all.into_iter().filter(|annotation| annotation.path.is_some()).collect(),
        }));
    }
    plan
}

/// How a check run ends: as the process does.
fn conclusion(brief: &Brief) -> &'static str {
    match brief.verdict.exit_code() {
        0 if brief.preview().is_some() => "neutral",
        0 => "success",
        _ => "failure",
    }
}

/// Why nothing is posted on the platform at all.
fn not_posted(brief: &Brief, posted: Option<&Posted>, channels: &Channels, place: &Target) -> Option<String> {
    let talks = channels.comment || channels.inline;
    if !talks && !channels.check_run {
        return None;
    }
    if !markdown::is_commit(&place.head) {
        return Some("Nothing was posted: it is not known which commit this run is about.".to_owned());
    }
    if brief.comparison.as_ref().is_some_and(|comparison| comparison.head != place.head) {
        return Some(
            "Nothing was posted: the report is about another commit than this run. Publish the report that this run \
             wrote."
                .to_owned(),
        );
    }
    if posted.is_some_and(|posted| posted.head != place.head) {
        return Some("Nothing was posted: a newer push came meanwhile, and its run tells about it.".to_owned());
    }
    if talks && !channels.check_run && brief.comparison.is_none() {
        return Some("No comment was planned: the report is not about a pull request.".to_owned());
    }
    None
}

/// What planning a conversation needs.
struct Desk<'a> {
    brief: &'a Brief,
    posted: &'a Posted,
    place: &'a Target,
    links: &'a Links,
}

impl Desk<'_> {
    /// Whether we are the author. A marker alone says nothing: everybody can write one.
    fn ours(&self, author: &str) -> bool {
        author == self.posted.viewer.as_deref().unwrap_or(WORKFLOW)
    }

    /// The one comment: written once, changed where its text changes, and never there twice.
    fn comment(&self, plan: &mut Plan) {
        let key = self.place.key.as_str();
        let marked = self.posted.conversation.iter().filter(|comment| markdown::is_sticky(&comment.body, key));
        let (ours, foreign): (Vec<&Conversation>, Vec<&Conversation>) =
            marked.partition(|comment| self.ours(&comment.author));
        if !foreign.is_empty() {
            let note = "A comment of somebody else begins as ours does; it was left alone.";
            plan.notes.push(note.to_owned());
        }
        let concerns_us = self.brief.comparison.as_ref().is_some_and(|comparison| comparison.concerns_us);
        let Some((first, others)) = ours.split_first() else {
            if concerns_us && markdown::says_something(self.brief) {
                plan.steps.push(Step::CreateComment { body: markdown::comment(self.brief, self.links, key) });
            }
            return;
        };
        let body = markdown::comment(self.brief, self.links, key);
        if !same(&first.body, &body) {
            plan.steps.push(Step::EditComment { id: first.id, body });
        }
        plan.steps.extend(others.iter().map(|comment| Step::DeleteComment { id: comment.id }));
    }

    /// Comments on lines: one for each finding that counts and is not told there yet; those whose findings
    /// are gone are resolved, unless somebody else took part.
    fn inline(&self, most: usize, plan: &mut Plan) {
        let key = self.place.key.as_str();
        let told: Vec<(Fingerprint, &InlineComment)> = self
            .posted
            .inline
            .iter()
            .filter(|comment| comment.answers.is_none() && !comment.resolved && self.ours(&comment.author))
            .filter_map(|comment| Some((markdown::fingerprint_of(&comment.body, key)?, comment)))
            .collect();
        let mut known: HashSet<Fingerprint> = told.iter().map(|(fingerprint, _)| *fingerprint).collect();
        let mut comments = Vec::new();
        let mut too_many = 0;
        if self.brief.preview().is_none() {
            for found in self.brief.counting() {
                let Some((path, lines)) = anchor(found) else { continue };
                if !known.insert(found.fingerprint) {
                    continue;
                }
                if comments.len() == most {
                    too_many += 1;
                    continue;
                }
                comments.push(NewInline { path, lines, body: markdown::inline(self.brief, self.links, found, key) });
            }
        }
        if !comments.is_empty() {
            plan.steps.push(Step::CreateReview { head: self.place.head.clone(), comments });
        }
        if too_many > 0 {
            plan.notes.push(format!(
                "{too_many} more findings could stand on lines; the limit is {most}, so they are in the summary only."
            ));
        }
        self.resolve(&told, plan);
    }

    fn resolve(&self, told: &[(Fingerprint, &InlineComment)], plan: &mut Plan) {
        let there: HashSet<Fingerprint> = self.brief.findings.iter().map(|found| found.fingerprint).collect();
        let gone: Vec<_> = told.iter().filter(|(fingerprint, _)| !there.contains(fingerprint)).collect();
        if gone.is_empty() {
            return;
        }
        // What could not be judged may be a finding still.
        if !self.brief.unknown.is_empty() || self.brief.left_out > 0 {
            plan.notes.push(
                "Conversations whose findings are not in this report were left open: not everything could be judged."
                    .to_owned(),
            );
            return;
        }
        let mut answered = 0;
        for (fingerprint, comment) in gone {
            let answers = |other: &InlineComment| other.answers == Some(comment.id) && !self.ours(&other.author);
            if self.posted.inline.iter().any(answers) {
                answered += 1;
                continue;
            }
            plan.steps.push(Step::Resolve {
                id: comment.id,
                thread: comment.thread.clone(),
                body: markdown::fixed(*fingerprint, &self.place.head),
            });
        }
        if answered > 0 {
            plan.notes.push(format!(
                "{answered} of the conversations whose findings are gone were answered by people, so they were left open."
            ));
        }
    }
}

/// Where a comment about a finding can stand: at a place that the diff shows, else at the line that
/// caused it, else on a file that the change touches.
fn anchor(found: &Found) -> Option<(String, Option<(u32, u32)>)> {
    let places = || found.places.iter().filter(|at| at.commit.is_none()).filter_map(|at| at.seen.as_ref());
    let cause = || found.caused_at.iter();
    let shown = places().chain(cause()).find(|seen| seen.in_diff);
    match shown {
        Some(seen) => Some((seen.path.clone(), Some((seen.line, seen.end_line)))),
        None => places().chain(cause()).next().map(|seen| (seen.path.clone(), None)),
    }
}

/// Whether two texts are the same to a platform that may change line ends and what stands at the end.
fn same(a: &str, b: &str) -> bool {
    a.replace("\r\n", "\n").trim_end() == b.replace("\r\n", "\n").trim_end()
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
