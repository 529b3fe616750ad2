//! What is said about a policy besides its expressions; the built-in checks have the same.

use serde::{Deserialize, Serialize};

/// How much a finding weighs. The order is from heavy to light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// A record that is required is missing or wrong.
    Error,
    /// Guidance or good practice is not met.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// What a policy rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A control or clause asks for the record.
    Requirement,
    /// Guidance of a standard.
    Guidance,
    /// Good engineering, ours.
    AnnexaPractice,
    /// The organisation's own rule.
    Own,
}

impl Basis {
    /// The name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Requirement => "requirement",
            Basis::Guidance => "guidance",
            Basis::AnnexaPractice => "annexa-practice",
            Basis::Own => "own",
        }
    }
}

/// Who has to act on a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhoActs {
    /// Whoever wrote the change.
    Author,
    /// Whoever answers for the AI system.
    SystemOwner,
    /// Whoever runs the AI management system.
    Governance,
}

impl WhoActs {
    /// The name in files and reports.
    pub fn name(self) -> &'static str {
        match self {
            WhoActs::Author => "author",
            WhoActs::SystemOwner => "system-owner",
            WhoActs::Governance => "governance",
        }
    }

    /// Who that is, for people.
    pub fn words(self) -> &'static str {
        match self {
            WhoActs::Author => "the author of the change",
            WhoActs::SystemOwner => "the owner of the system",
            WhoActs::Governance => "governance",
        }
    }
}

/// A rule: the words around a policy or a built-in check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kebab case; equals the file name and reads well after "waive".
    pub id: String,
    /// One line that states what holds when the rule passes.
    pub title: String,
    /// Annex A controls, such as `A.5.2`.
    pub controls: Vec<String>,
    /// Clauses, such as `6.1.4`.
    pub clauses: Vec<String>,
    /// What it rests on.
    pub basis: Basis,
    /// Its severity after the project's configuration.
    pub severity: Severity,
    /// Who acts on a finding.
    pub who_acts: WhoActs,
    /// Why a finding matters.
    pub why: String,
    /// What to do about a finding.
    pub remedy: String,
    /// What a pass shows.
    pub shows: String,
    /// What a pass does not show.
    pub does_not_show: String,
    /// Where it comes from: `built-in`, `shipped`, or the path of the policy file.
    pub origin: String,
}
