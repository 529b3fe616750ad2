//! The clauses 4.1 to 10.2: what each is about and which record shows it.

use super::normalise::clause_id;

/// The part of the plan-do-check-act cycle that a clause belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Clauses 4 to 7.
    Plan,
    /// Clause 8.
    Do,
    /// Clause 9.
    Check,
    /// Clause 10.
    Act,
}

impl Phase {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Plan => "plan",
            Phase::Do => "do",
            Phase::Check => "check",
            Phase::Act => "act",
        }
    }
}

/// A clause of the management system.
#[derive(Debug, PartialEq, Eq)]
pub struct Clause {
    /// Such as `6.1.4`.
    pub id: &'static str,
    /// What it is about, in a few words.
    pub subject: &'static str,
    /// The record that shows it, in our words.
    pub record: &'static str,
}

impl Clause {
    /// Whether it asks for a record of its own; the others are a view over all of them.
    pub fn is_recorded(&self) -> bool {
        self.id != "4.4"
    }

    /// Its part of the plan-do-check-act cycle.
    pub fn phase(&self) -> Phase {
        match self.id.split('.').next() {
            Some("8") => Phase::Do,
            Some("9") => Phase::Check,
            Some("10") => Phase::Act,
            _ => Phase::Plan,
        }
    }
}

/// The clause of this id, written as `6.1.4` or `Clause 6.1.3(f)`.
pub fn clause(id: &str) -> Option<&'static Clause> {
    let id = clause_id(id)?;
    CLAUSES.iter().find(|clause| clause.id == id)
}

const fn row(id: &'static str, subject: &'static str, record: &'static str) -> Clause {
    Clause { id, subject, record }
}

/// All clauses that ask for something, in their order.
#[rustfmt::skip]
pub static CLAUSES: &[Clause] = &[
    row("4.1", "Context of the organisation", "A note on what inside and outside the organisation matters for its AI, and which roles it takes"),
    row("4.2", "Interested parties", "A list of those who have a stake and what they require"),
    row("4.3", "Scope of the management system", "A scope that says for every system whether it is inside, and why where it is not"),
    row("4.4", "The management system itself", "All other records together"),
    row("5.1", "Leadership", "The word of somebody who leads, with role, date and expiry"),
    row("5.2", "AI policy", "An approved, current policy that people can read"),
    row("5.3", "Roles and authorities", "A list of roles, each given to somebody who can be found"),
    row("6.1.1", "Risks, opportunities and risk criteria", "Versioned criteria that the risk register names"),
    row("6.1.2", "AI risk assessment: the method", "A risk register with method, criteria version, and for each risk its owner, source, likelihood, consequence and level"),
    row("6.1.3", "AI risk treatment and Statement of Applicability", "A treatment for each risk, controls that are in the Statement of Applicability, and what is left accepted by the risk owner"),
    row("6.1.4", "AI system impact assessment: the process", "An impact assessment, apart from the risk register and cited by it"),
    row("6.2", "AI objectives", "Objectives with metric, target, owner and date"),
    row("6.3", "Planned changes", "Entries for changes to the management system, beside the history of its documents"),
    row("7.1", "Resources", "The word of somebody who answers for them"),
    row("7.2", "Competence", "Training records by role, subject and date"),
    row("7.3", "Awareness", "The word of somebody who answers for it, or records of training"),
    row("7.4", "Communication", "A note on who tells whom what and when"),
    row("7.5.1", "Documented information: what there is", "The documents of the repository and the kinds they have"),
    row("7.5.2", "Documented information: create and update", "Identity, version, author and approver of each document"),
    row("7.5.3", "Documented information: control", "The history of the repository and who may change it"),
    row("8.1", "Operation: plan and control", "Changes to models and data that went through review, also where others run them"),
    row("8.2", "AI risk assessment: doing it", "A register whose last real review is within its interval"),
    row("8.3", "AI risk treatment: doing it", "Actions that are done when they are due, and a look at whether they helped"),
    row("8.4", "AI system impact assessment: doing it", "An assessment of the version in use whose last real review is within its interval"),
    row("9.1", "Monitoring, measurement, analysis and evaluation", "Reports with metrics, thresholds and a date"),
    row("9.2.1", "Internal audit", "An audit report by somebody who did not write what was audited"),
    row("9.2.2", "Internal audit programme", "A programme that says what is audited when and by whom"),
    row("9.3.1", "Management review", "A review within its interval"),
    row("9.3.2", "Management review: inputs", "The list of what was looked at"),
    row("9.3.3", "Management review: results", "The decisions that were taken"),
    row("10.1", "Continual improvement", "What changed since the last review"),
    row("10.2", "Nonconformity and corrective action", "Entries with cause, action, owner, due date and a check that it helped"),
];
