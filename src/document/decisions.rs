//! The decisions of a Statement of Applicability, whatever it is kept as.

use super::Document;
use crate::catalogue::{CONTROLS, normalise};
use crate::source::Span;
use crate::value::{Data, NodeId, Tree};

/// What a statement says about one control. Texts are as written; empty where nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// The control's id, normalised where it is one of Annex A.
    pub control: String,
    /// Whether it applies; `None` where that is not decided.
    pub applicable: Option<bool>,
    /// What kind of reason it is.
    pub reason_kind: String,
    /// The reason, for inclusion or exclusion.
    pub justification: String,
    /// How far it is implemented.
    pub implementation: String,
    /// What an assessment said.
    pub assessment: String,
    /// What supports it: paths, URLs, words.
    pub evidence: Vec<String>,
    /// Who answers for it.
    pub owner: String,
    /// Who approved the row.
    pub approver: String,
    /// The day of the decision.
    pub decided_on: String,
    /// The day of the next look.
    pub review_by: String,
    /// Ids of risks.
    pub linked_risks: Vec<String>,
    /// The answer to a contradiction.
    pub answers: String,
    /// Ids of the systems that it is for, where it is not for all.
    pub systems: Vec<String>,
    /// Roles that it is for, where it is not for all.
    pub roles: Vec<String>,
    /// Where the row is.
    pub at: Span,
}

impl Decision {
    /// An empty row about a control.
    pub fn open(control: &str) -> Self {
        Decision { control: control.to_owned(), ..Decision::default() }
    }

    /// Whether it applies, in a word.
    pub fn applies(&self) -> &'static str {
        match self.applicable {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        }
    }
}

/// The rows of a statement in the order of Annex A, own controls after them; several rows of one control
/// stay several.
pub fn decisions(statement: &Document) -> Vec<Decision> {
    let tree = &statement.tree;
    let rows = tree.get(statement.root, "controls").map(|list| tree.items(list)).unwrap_or_default();
    let mut decisions: Vec<Decision> = rows.iter().filter_map(|row| read(tree, *row)).collect();
    let place = |decision: &Decision| CONTROLS.iter().position(|control| control.id == decision.control);
    decisions.sort_by_key(|decision| place(decision).unwrap_or(CONTROLS.len()));
    decisions
}

fn read(tree: &Tree, row: NodeId) -> Option<Decision> {
    let text =
        |key: &str| tree.get(row, key).and_then(|node| tree.scalar_text(node)).unwrap_or_default().trim().to_owned();
    let texts = |key: &str| -> Vec<String> {
        let items = tree.get(row, key).map(|list| tree.items(list)).unwrap_or_default();
        items.iter().filter_map(|item| tree.scalar_text(*item)).map(str::to_owned).collect()
    };
    let written = text("control");
    if written.is_empty() {
        return None;
    }
    let items = tree.get(row, "evidence").map(|list| tree.items(list)).unwrap_or_default();
    let named = |item: &NodeId| {
        ["path", "url", "attestation"].iter().find_map(|key| tree.scalar_text(tree.get(*item, key)?)).map(str::to_owned)
    };
    Some(Decision {
        control: normalise(&written).unwrap_or(written),
        applicable: match tree.get(row, "applicable").map(|node| tree.data(node)) {
            Some(Data::Bool(answer)) => Some(*answer),
            _ => None,
        },
        reason_kind: text("reason_kind"),
        justification: text("justification"),
        implementation: text("implementation"),
        assessment: text("assessment"),
        evidence: items.iter().filter_map(named).collect(),
        owner: text("owner"),
        approver: text("approver"),
        decided_on: text("decided_on"),
        review_by: text("review_by"),
        linked_risks: texts("linked_risks"),
        answers: text("answers"),
        systems: texts("systems"),
        roles: texts("roles"),
        at: tree.head(row),
    })
}
