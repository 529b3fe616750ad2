//! The report: everything that was judged, kept whole for auditors and printers alike.

use super::{Comparison, Counts, Grades, Judgement, Outcome, Standing};
use crate::facts::{Day, History, Skipped};
use crate::policy::Rule;
use std::collections::BTreeMap;

/// The AI systems a run knows of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Systems {
    /// Register entries read.
    pub registered: usize,
    /// Of these, those whose documents are in this repository.
    pub checked_here: usize,
    /// Of these, those with records that are kept elsewhere (`reference` documents).
    pub kept_elsewhere: usize,
}

/// Something worth doing that nothing demands yet; never counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// What to do, in one sentence.
    pub text: String,
    /// The command that does it, where there is one.
    pub command: Option<String>,
}

/// What is known about one control or clause after a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ControlSummary {
    /// Findings.
    pub failed: usize,
    /// Judgements that could not be made.
    pub unknown: usize,
    /// Waived findings.
    pub waived: usize,
    /// Attested judgements.
    pub attested: usize,
    /// Judgements that hold, by what they rest on.
    pub passed: Grades,
    /// Judgements that did not apply.
    pub not_applicable: usize,
}

/// Everything that a run found.
#[derive(Debug)]
pub struct Report {
    /// The day judged by.
    pub today: Day,
    /// The full id of the commit whose files were judged; `None` where they were those of a working tree.
    pub commit: Option<String>,
    /// Where the root lies in the repository, with a `/` at its end; empty for its top. Paths of the
    /// report begin at the root.
    pub root: String,
    /// The state of the git history.
    pub history: History,
    /// The commit that `adopted_at` names, resolved to its full id.
    pub adopted_at: Option<String>,
    /// The rules that took part, built-in ones first; judgements point into it.
    pub rules: Vec<Rule>,
    /// All outcomes, sorted.
    pub judgements: Vec<Judgement>,
    /// The AI systems.
    pub systems: Systems,
    /// Documents read, by kind id.
    pub documents: BTreeMap<String, usize>,
    /// Files that could have been documents and were not recognised.
    pub unrecognised: Vec<String>,
    /// Paths that were passed over.
    pub skipped: Vec<Skipped>,
    /// Rules that met no subject at all: indices into `rules`.
    pub met_nothing: Vec<usize>,
    /// Policies that are switched off: id and the reason given.
    pub off: Vec<(String, String)>,
    /// At most three things worth doing next.
    pub next_steps: Vec<NextStep>,
    /// What the change was compared with, where one was judged.
    pub comparison: Option<Comparison>,
}

impl Report {
    /// Whether there was nothing to judge: no document, and nothing else that any rule applies to.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty() && self.judgements.iter().all(|j| j.outcome == Outcome::NotApplicable)
    }

    /// Leaves only what stands below a path, or is about a document below it.
    pub fn narrow(&mut self, below: &str) {
        let folder = format!("{}/", below.trim_end_matches('/'));
        let inside = |path: &str| path == below || path.starts_with(&folder);
        self.judgements.retain(|j| inside(&j.subject.path) || j.places.iter().any(|p| inside(p.file.path())));
    }

    /// The judgements with this outcome, without those folded into another finding.
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &Judgement> {
        self.judgements.iter().filter(move |j| j.outcome == outcome && !j.folded)
    }

    /// The judgements with this outcome that are shown one by one: what was there before the change and
    /// does not count is one line together.
    pub fn shown(&self, outcome: Outcome) -> impl Iterator<Item = &Judgement> {
        self.with(outcome).filter(|j| j.counts || j.standing == Standing::New)
    }

    /// The rule of a judgement.
    pub fn rule(&self, judgement: &Judgement) -> &Rule {
        &self.rules[judgement.rule]
    }

    /// How many judgements came out each way.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for judgement in self.judgements.iter().filter(|j| !j.folded) {
            counts.add(judgement.outcome, judgement.severity, judgement.is_told(), judgement.grade);
        }
        counts
    }

    /// What is known about each control and clause that a rule of this run maps to.
    pub fn by_control(&self) -> BTreeMap<String, ControlSummary> {
        let mut summaries: BTreeMap<String, ControlSummary> = BTreeMap::new();
        for rule in &self.rules {
            for id in rule.controls.iter().chain(&rule.clauses) {
                summaries.entry(id.clone()).or_default();
            }
        }
        for judgement in self.judgements.iter().filter(|j| !j.folded) {
            for id in judgement.is_about(self.rule(judgement)) {
                let summary = summaries.entry(id.clone()).or_default();
                let count = match judgement.outcome {
                    Outcome::Fail => &mut summary.failed,
                    Outcome::Unknown => &mut summary.unknown,
                    Outcome::Waived => &mut summary.waived,
                    Outcome::Attested => &mut summary.attested,
                    Outcome::Pass => {
                        summary.passed.add(judgement.grade);
                        continue;
                    }
                    Outcome::NotApplicable => &mut summary.not_applicable,
                };
                *count += 1;
            }
        }
        summaries
    }
}
