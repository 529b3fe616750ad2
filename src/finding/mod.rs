//! What a run found: outcomes with their places and evidence, and the verdict over them.

mod builtin;
mod cited;
mod comparison;
mod fingerprint;
mod grade;
mod report;
mod verdict;
mod waive;

pub use builtin::{BUILTIN, builtin};
pub use cited::{Cited, Trust};
pub use comparison::{Comparison, Gate, RuleChange, RulesOf, Standing};
pub use fingerprint::{Fingerprint, fingerprint};
pub use grade::{Grade, Grades};
pub use report::{ControlSummary, NextStep, Report, Systems};
pub use verdict::{Counts, FailOn, Verdict};
pub use waive::waive;

use crate::catalogue;
use crate::facts::Seen;
use crate::history::PathSet;
use crate::policy::{Rule, Severity};
use crate::source::{Place, SourceFile, Span};
use std::sync::Arc;

/// What a policy said about a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It does not hold.
    Fail,
    /// It could not be judged; never a pass.
    Unknown,
    /// It does not hold, and a dated, reasoned and approved exception covers it.
    Waived,
    /// A person says so; nothing in the repository can show it.
    Attested,
    /// It does not apply, for the stated reason.
    NotApplicable,
    /// It holds.
    Pass,
}

impl Outcome {
    /// All outcomes in the order in which they are shown.
    pub const ALL: [Outcome; 6] =
        [Outcome::Fail, Outcome::Unknown, Outcome::Waived, Outcome::Attested, Outcome::NotApplicable, Outcome::Pass];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Fail => "fail",
            Outcome::Unknown => "unknown",
            Outcome::Waived => "waived",
            Outcome::Attested => "attested",
            Outcome::NotApplicable => "not-applicable",
            Outcome::Pass => "pass",
        }
    }
}

/// A place in a file, still as bytes; lines are made when it is shown.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes.
    pub span: Span,
    /// What stands there, in a few words; may be empty. Holds text of strangers: escape when shown.
    pub label: String,
}

impl Spot {
    /// A place without a label.
    pub fn new(file: &Arc<SourceFile>, span: Span) -> Self {
        Spot { file: Arc::clone(file), span, label: String::new() }
    }

    /// A place with a label.
    pub fn labelled(file: &Arc<SourceFile>, span: Span, label: impl Into<String>) -> Self {
        Spot { label: label.into(), ..Spot::new(file, span) }
    }

    /// Lines and columns.
    pub fn place(&self) -> Place {
        self.file.place(self.span)
    }
}

/// What was judged: a document, or a file of no known kind, or the whole repository.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The kind's id, or `file`, or `repository`.
    pub kind: Arc<str>,
    /// The id that the document gives itself; the path where it gives none.
    pub id: Arc<str>,
    /// The path of the file; empty for the repository.
    pub path: Arc<str>,
}

/// One outcome of one rule on one subject, or on one item of it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Index into [`Report::rules`].
    pub rule: usize,
    /// What was judged.
    pub subject: Subject,
    /// The AI system that what was judged belongs to, where it belongs to one.
    pub system: Option<Arc<str>>,
    /// Which item of it, where the policy judges each one: its id, never its position.
    pub item: Option<String>,
    /// What came out.
    pub outcome: Outcome,
    /// The severity after the project's configuration.
    pub severity: Severity,
    /// What it rests on, where it holds; [`Grade::Declared`] for all others.
    pub grade: Grade,
    /// The name of the validation that failed.
    pub validation: Option<String>,
    /// For a fail: what is wrong, in one sentence. For the others: the reason, may be empty for a pass.
    pub message: String,
    /// What to do instead of the rule's own remedy, where this judgement knows better.
    pub remedy: Option<String>,
    /// Where: the first place is the main one. Empty only where there is no file to point at.
    pub places: Vec<Spot>,
    /// Everything in documents that the outcome rests on.
    pub evidence: Vec<Spot>,
    /// Everything in the git history that the outcome rests on, each statement once, sorted.
    pub history: Vec<Cited>,
    /// Paths whose changes the outcome rests on.
    pub asked: Vec<PathSet>,
    /// Stable name of this finding; see [`fingerprint()`].
    pub fingerprint: Fingerprint,
    /// A problem that is reported on its own already and made this judgement impossible: not shown
    /// again and without weight of its own.
    pub folded: bool,
    /// Whether it was there before the change that is judged.
    pub standing: Standing,
    /// Whether it takes part in the verdict: not where the gate leaves it out.
    pub counts: bool,
    /// The line of the change that made it so, where none of the places is in the change: the model that
    /// changed after its assessment.
    pub caused_at: Option<Seen>,
}

impl Judgement {
    /// Whether it is told by itself: it counts, or would if this were no preview.
    pub fn is_told(&self) -> bool {
        self.counts || self.standing == Standing::New
    }

    /// The controls and clauses that it is about: all of its rule's, or the one that it judges where the rule
    /// judges controls or clauses one by one.
    pub fn is_about<'r>(&self, rule: &'r Rule) -> Vec<&'r String> {
        let named = self.item.as_deref().and_then(|item| {
            let item = item.split('#').next().unwrap_or(item);
            catalogue::normalise(item).or_else(|| catalogue::clause(item).map(|clause| clause.id.to_owned()))
        });
        let all = rule.controls.iter().chain(&rule.clauses);
        match named.filter(|id| rule.controls.iter().chain(&rule.clauses).any(|own| own == id)) {
            // A row of the statement is a decision by its clause too, which names no single control.
            Some(id) if id.starts_with('A') => all.filter(|own| **own == id || rule.clauses.contains(own)).collect(),
            Some(id) => all.filter(|own| **own == id).collect(),
            None => all.collect(),
        }
    }

    /// Total order of what is shown: most severe first, then by place, then by rule.
    pub fn sort_key(&self) -> impl Ord + '_ {
        let first = self.places.first();
        (
            self.outcome,
            self.severity,
            first.map(|s| s.file.path()),
            first.map(|s| s.span),
            self.rule,
            &self.subject,
            &self.item,
            &self.validation,
        )
    }
}
