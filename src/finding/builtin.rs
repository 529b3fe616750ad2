//! The checks that are not policies: whether files can be read, have their shape, and whether
//! configuration and waivers hold. They have ids, words and controls like policies.

use crate::policy::{Basis, Rule, Severity, WhoActs};

/// One built-in check; the columns of [`Rule`] that differ.
pub struct Builtin {
    /// The rule id.
    pub id: &'static str,
    title: &'static str,
    severity: Severity,
    who_acts: WhoActs,
    why: &'static str,
    remedy: &'static str,
    shows: &'static str,
    does_not_show: &'static str,
}

/// The table of built-in checks.
pub const BUILTIN: &[Builtin] = &[
    Builtin {
        id: "document-is-readable",
        title: "Documents can be read",
        severity: Severity::Error,
        who_acts: WhoActs::Author,
        why: "Nothing that a document says counts while it cannot be read.",
        remedy: "Mend the file at the marked place.",
        shows: "The file is well-formed text of its syntax.",
        does_not_show: "Whether what it says is right.",
    },
    Builtin {
        id: "document-has-its-shape",
        title: "Documents have the fields of their kind",
        severity: Severity::Error,
        who_acts: WhoActs::Author,
        why: "A field with another name or type is not read, and every check that needs it stays open.",
        remedy: "Mend the field; `annexa schema <kind>` prints all fields with their meaning.",
        shows: "Names and types of fields fit the kind's schema.",
        does_not_show: "Whether what the fields say is right.",
    },
    Builtin {
        id: "waiver-is-in-force",
        title: "Waivers are valid, unexpired and used",
        severity: Severity::Error,
        who_acts: WhoActs::Governance,
        why: "An exception that has run out, or that nobody needs any more, hides the state of a control.",
        remedy: "Renew the waiver with a new decision, or remove it from annexa.yaml.",
        shows: "Each waiver covers a finding today and has a reason, an approver and an end.",
        does_not_show: "Whether granting it was right.",
    },
    Builtin {
        id: "switched-off-policy-is-in-force",
        title: "Policies that are switched off have an end that is not past",
        severity: Severity::Warning,
        who_acts: WhoActs::Governance,
        why: "A policy that was to be off for a time stays unseen when nobody is reminded.",
        remedy: "Let the policy run again, or renew the decision with a new `until` in annexa.yaml.",
        shows: "Each `off` has a reason and its end is still to come.",
        does_not_show: "Whether switching it off was right.",
    },
    Builtin {
        id: "document-stays",
        title: "Records do not go away unnoticed",
        severity: Severity::Warning,
        who_acts: WhoActs::Author,
        why: "What a record promised is asked for no longer once the record is gone, and nobody is told.",
        remedy: "Put the record back. Where it has ended, say so in the pull request and have its owner approve it; this stands until the merge and is gone after it.",
        shows: "Every record of the base version is still there and still recognised.",
        does_not_show: "Whether a record that went away had ended.",
    },
    Builtin {
        id: "rules-stay-in-force",
        title: "Changes of what judges are seen",
        severity: Severity::Warning,
        who_acts: WhoActs::Governance,
        why: "A change that loosens its own rules would find nothing wrong with itself. It is judged by the rules as \
              they were; once merged, the new ones judge what comes after.",
        remedy: "Have whoever answers for the rules approve what changes in them, best as a change of its own.",
        shows: "The change alters no policy, waiver or setting so that less is found.",
        does_not_show: "Whether altering them is right.",
    },
    Builtin {
        id: "set-up-stays-valid",
        title: "Configuration and policies stay valid",
        severity: Severity::Error,
        who_acts: WhoActs::Author,
        why: "Once merged, nothing would be checked any more until the set-up is mended.",
        remedy: "Mend the file at the marked place.",
        shows: "annexa.yaml, own policies and own kinds of the change can be read.",
        does_not_show: "Whether they ask for the right things.",
    },
];

impl Builtin {
    /// The severity of its findings.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The check as a rule.
    pub fn rule(&self) -> Rule {
        Rule {
            id: self.id.to_owned(),
            title: self.title.to_owned(),
            controls: Vec::new(),
            clauses: Vec::new(),
            basis: Basis::AnnexaPractice,
            severity: self.severity,
            who_acts: self.who_acts,
            why: self.why.to_owned(),
            remedy: self.remedy.to_owned(),
            shows: self.shows.to_owned(),
            does_not_show: self.does_not_show.to_owned(),
            origin: "built-in".to_owned(),
        }
    }
}

/// The position of a built-in check in [`BUILTIN`], which is also its position in a report's rules.
///
/// # Panics
/// When there is no check of that id: ids are written in the code only.
pub fn builtin(id: &str) -> usize {
    BUILTIN.iter().position(|b| b.id == id).expect("built-in ids are written in the code")
}
