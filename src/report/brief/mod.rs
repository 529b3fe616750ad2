//! What people are shown of a report, owned and bounded: made of a [`Report`](crate::finding::Report)
//! in memory or read back from its JSON, so that one piece of code renders both.
//!
//! Whatever it was made of, its texts are those of strangers: whoever shows them escapes them.

mod bound;
mod make;
mod read;
#[cfg(test)]
mod tests;

pub use bound::{KEPT, PLACES};
pub use read::{MAX_BYTES, Unreadable};

use crate::facts::{Day, Seen};
use crate::finding::{
    Cited, Counts, FailOn, Fingerprint, Gate, NextStep, RulesOf, Standing, Subject, Systems, Verdict,
};
use crate::policy::{Rule, Severity};
use crate::report::words;
use crate::source::Place;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A report as people are shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brief {
    /// The version of the program that judged.
    pub version: String,
    /// The day judged by.
    pub today: Day,
    /// The full id of the commit whose files were judged; `None` where they were those of a working tree.
    pub commit: Option<String>,
    /// Where the root lies in the repository, with a `/` at its end; empty for its top.
    pub root: String,
    /// What the run came to.
    pub verdict: Verdict,
    /// From which severity on it fails.
    pub fail_on: FailOn,
    /// How many judgements came out each way.
    pub counts: Counts,
    /// Findings that count, at or above `fail_on`.
    pub blocking: usize,
    /// Judgements that count, at or above `fail_on`, and could not be made.
    pub open: usize,
    /// The AI systems.
    pub systems: Systems,
    /// Documents read, by kind id.
    pub documents: BTreeMap<String, usize>,
    /// What the change was compared with, where one was judged.
    pub comparison: Option<Compared>,
    /// What does not hold, heaviest first; at most [`KEPT`].
    pub findings: Vec<Found>,
    /// What could not be judged, heaviest first; at most [`KEPT`].
    pub unknown: Vec<Found>,
    /// How many findings and unknowns there are beyond those that are kept.
    pub left_out: usize,
    /// What this run could not check, one sentence a cause.
    pub not_checked: Vec<String>,
    /// At most three things worth doing next.
    pub next_steps: Vec<NextStep>,
}

/// What a change was compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The full id of the base commit.
    pub base: String,
    /// What people call it.
    pub base_name: String,
    /// The full id of the commit that reviewers see.
    pub head: String,
    /// Which findings count.
    pub gate: Gate,
    /// Whose rules judged.
    pub rules: RulesOf,
    /// Why nothing of the run counts; `None` where it does.
    pub preview: Option<String>,
    /// Whether the change touches a record, a rule, or what one of them rests on.
    pub concerns_us: bool,
    /// What the change alters in policies, configuration and waivers.
    pub rule_changes: Vec<RuleAltered>,
}

/// One way in which a change alters what judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAltered {
    /// What it is about; one of [`ABOUT`].
    pub about: &'static str,
    /// The id of the policy, or what else names it.
    pub name: String,
    /// What changes, in a few words.
    pub text: String,
    /// Whether less is found once the change is merged.
    pub weakens: bool,
    /// Where.
    pub place: Option<At>,
}

/// What the change of a rule can be about.
pub const ABOUT: [&str; 5] = ["policy", "waiver", "exclude", "kinds", "configuration"];

/// A finding, or a judgement that could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The rule in words.
    pub rule: Arc<Rule>,
    /// What was judged.
    pub subject: Subject,
    /// Which item of it.
    pub item: Option<String>,
    /// Its severity after the project's configuration.
    pub severity: Severity,
    /// The name of the validation that failed.
    pub validation: Option<String>,
    /// What is wrong, or why it could not be judged.
    pub message: String,
    /// What to do instead of the rule's own remedy.
    pub remedy: Option<String>,
    /// Its stable name.
    pub fingerprint: Fingerprint,
    /// Whether it was there before the change.
    pub standing: Standing,
    /// Whether it takes part in the verdict.
    pub counts: bool,
    /// The line of the change that made it so, where none of its places is in the change.
    pub caused_at: Option<Seen>,
    /// Where, the main place first; at most [`PLACES`].
    pub places: Vec<At>,
    /// How many places there are beyond those that are kept.
    pub more_places: usize,
    /// What of the git history it rests on.
    pub history: Vec<Cited>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The path from the root.
    pub path: String,
    /// The commit that the file is read from, where it is another one than what is judged.
    pub commit: Option<String>,
    /// Lines and columns.
    pub place: Place,
    /// What stands there, in a few words; may be empty.
    pub label: String,
    /// Where reviewers of the change see it.
    pub seen: Option<Seen>,
}

impl Found {
    /// What to do about it; may be empty for an organisation's own rules.
    pub fn what_to_do(&self) -> &str {
        self.remedy.as_deref().unwrap_or(&self.rule.remedy)
    }
}

impl Brief {
    /// The findings that count, heaviest first.
    pub fn counting(&self) -> impl Iterator<Item = &Found> {
        self.findings.iter().filter(|found| found.counts)
    }

    /// The findings that are told one by one: those that count, and in a preview those that would.
    pub fn shown(&self) -> impl Iterator<Item = &Found> {
        let preview = self.preview().is_some();
        let tells = move |found: &&Found| found.counts || preview && found.standing == Standing::New;
        self.findings.iter().filter(tells)
    }

    /// The other findings.
    pub fn set_aside(&self) -> impl Iterator<Item = &Found> {
        let preview = self.preview().is_some();
        let tells = move |found: &&Found| found.counts || preview && found.standing == Standing::New;
        self.findings.iter().filter(move |found| !tells(found))
    }

    /// The path from the top of the repository of a path from the root.
    pub fn whole(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// Why nothing of the run counts, where that is so.
    pub fn preview(&self) -> Option<&str> {
        self.comparison.as_ref()?.preview.as_deref()
    }
}

/// Judgements that could not be made, by their cause: one remedy each.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    /// Why they could not be made.
    pub message: &'a str,
    /// What to do about it.
    pub remedy: &'a str,
    /// The judgements, heaviest first; never empty.
    pub found: Vec<&'a Found>,
}

impl Brief {
    /// Groups the judgements that could not be made, in their order.
    pub fn causes(&self) -> Vec<Cause<'_>> {
        let mut causes: Vec<Cause> = Vec::new();
        let mut known = std::collections::HashMap::new();
        for found in &self.unknown {
            let (message, remedy) = (found.message.as_str(), found.remedy.as_deref().unwrap_or(words::UNKNOWN_REMEDY));
            let at = *known.entry((message, remedy)).or_insert_with(|| {
                causes.push(Cause { message, remedy, found: Vec::new() });
                causes.len() - 1
            });
            causes[at].found.push(found);
        }
        causes
    }
}
