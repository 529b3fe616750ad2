//! Exit codes: a property of the report, the same for every output format.

use super::{Grade, Grades, Outcome, Report};
use crate::policy::Severity;

/// From which severity on findings fail the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// This severity and those above it.
    Severity(Severity),
    /// Nothing fails the run.
    Never,
}

impl FailOn {
    /// Whether `severity` is at or above the bar.
    pub fn reached_by(self, severity: Severity) -> bool {
        match self {
            FailOn::Severity(bar) => severity <= bar,
            FailOn::Never => false,
        }
    }
}

/// How many judgements came out each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings of severity error that count, and in a preview those that would.
    pub errors: usize,
    /// Such findings of severity warning.
    pub warnings: usize,
    /// Such findings of severity note.
    pub notes: usize,
    /// The other findings, which the gate leaves out: they were there before the change.
    pub before: usize,
    /// Judgements that could not be made, without those folded into a finding.
    pub unknown: usize,
    /// Findings that a waiver covers.
    pub waived: usize,
    /// Judgements that rest on somebody's word kept elsewhere.
    pub attested: usize,
    /// Judgements that did not apply.
    pub not_applicable: usize,
    /// Judgements that hold, by what they rest on.
    pub passed: Grades,
}

impl Counts {
    /// Counts one judgement; `told` says whether the gate leaves it in.
    pub fn add(&mut self, outcome: Outcome, severity: Severity, told: bool, grade: Grade) {
        let count = match (outcome, severity) {
            (Outcome::Fail, _) if !told => &mut self.before,
            (Outcome::Fail, Severity::Error) => &mut self.errors,
            (Outcome::Fail, Severity::Warning) => &mut self.warnings,
            (Outcome::Fail, Severity::Note) => &mut self.notes,
            (Outcome::Unknown, _) => &mut self.unknown,
            (Outcome::Waived, _) => &mut self.waived,
            (Outcome::Attested, _) => &mut self.attested,
            (Outcome::NotApplicable, _) => &mut self.not_applicable,
            (Outcome::Pass, _) => return self.passed.add(grade),
        };
        *count += 1;
    }
}

/// The result of a run as one number and its reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing at or above the bar: exit code 0.
    Clear,
    /// Findings at or above the bar: exit code 1.
    Findings,
    /// Something at or above the bar could not be judged: exit code 3.
    Incomplete,
    /// Nothing to check: exit code 4.
    Empty,
}

impl Verdict {
    /// Judges a report. `empty_passes` is what `--when-empty pass` says.
    pub fn of(report: &Report, fail_on: FailOn, empty_passes: bool) -> Self {
        let reached = |outcome| {
            let weighty = |j: &&super::Judgement| j.outcome == outcome && !j.folded && j.counts;
            report.judgements.iter().filter(weighty).any(|j| fail_on.reached_by(j.severity))
        };
        if reached(Outcome::Unknown) {
            Verdict::Incomplete
        } else if reached(Outcome::Fail) {
            Verdict::Findings
        } else if report.is_empty() && !empty_passes {
            Verdict::Empty
        } else {
            Verdict::Clear
        }
    }

    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Clear => 0,
            Verdict::Findings => 1,
            Verdict::Incomplete => 3,
            Verdict::Empty => 4,
        }
    }
}
