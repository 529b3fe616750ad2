//! The coverage of a pack: for each control and each clause what in a repository shows it, which policies look
//! at it, and what none of them checks.

use super::Pack;
use super::block::{Block, Inline, Page, anchor, code, link, text};
use crate::catalogue::{CLAUSES, CONTROLS, Checkability, GROUPS};
use crate::document::Kinds;
use crate::policy::{AppliesTo, Policy};
use std::sync::Arc;

/// The columns of the table of a control.
const COLUMNS: [&str; 4] = ["policy", "looks at", "what a pass shows", "what it does not show"];

/// The page: an overview, then each control and clause with its policies.
pub fn coverage(pack: &Pack, kinds: &Kinds) -> Page {
    let mut policies: Vec<&Policy> = pack.policies.iter().map(Arc::as_ref).collect();
    policies.sort_by(|a, b| a.id().cmp(b.id()));
    let of = |id: &str| -> Vec<&Policy> {
        let maps =
            |policy: &&Policy| policy.rule.controls.iter().chain(&policy.rule.clauses).any(|mapped| mapped == id);
        policies.iter().copied().filter(maps).collect()
    };
    let mut blocks = vec![
        paragraph(
            "Which rules look at which control and clause, on what evidence, and what they leave open. No rule says that a control works; \
             how far a repository can show one at all is said with each.",
        ),
        heading(2, "overview", "Overview"),
    ];
    let row = |id: &str, title: &str, how: &str| {
        let mapped = of(id);
        vec![
            vec![link(&anchor("covers", id), text(id.to_owned()))],
            vec![text(title.to_owned())],
            vec![text(how.to_owned())],
            vec![text(mapped.len().to_string())],
            vec![text(records(&mapped, kinds).join(", "))],
        ]
    };
    let controls = CONTROLS.iter().map(|control| row(control.id, control.title, control.checkability.name()));
    let recorded =
        |clause: &crate::catalogue::Clause| if clause.is_recorded() { "a record" } else { "a view over all records" };
    let clauses = CLAUSES.iter().map(|clause| row(clause.id, clause.subject, recorded(clause)));
    let titles = vec!["id", "about", "shown by a repository", "policies", "records that they look at"];
    blocks.push(Block::Table(titles, controls.chain(clauses).collect()));
    for group in GROUPS.iter().filter(|group| group.objective.is_some()) {
        blocks.push(heading(2, &anchor("covers", group.id), &format!("{} {}", group.id, group.title)));
        blocks.push(paragraph(&format!("{}.", group.purpose)));
        for control in group.controls() {
            blocks.push(heading(3, &anchor("covers", control.id), &format!("{} {}", control.id, control.title)));
            blocks.push(paragraph(control.meaning));
            blocks.push(Block::List(vec![
                vec![Inline::Strong("Shown by".to_owned()), text(format!(": {}", control.evidence))],
                vec![
                    Inline::Strong("Not checked by any tool".to_owned()),
                    text(format!(": {}", left_open(control.checkability))),
                ],
            ]));
            blocks.push(table(&of(control.id), kinds));
        }
    }
    blocks.push(heading(2, "clauses", "Clauses"));
    for clause in CLAUSES {
        blocks.push(heading(3, &anchor("covers", clause.id), &format!("{} {}", clause.id, clause.subject)));
        blocks.push(paragraph(&format!("{}.", clause.record)));
        if clause.is_recorded() {
            blocks.push(table(&of(clause.id), kinds));
        }
    }
    Page { title: "Coverage of ISO/IEC 42001:2023".to_owned(), blocks }
}

fn heading(level: u8, anchor: &str, words: &str) -> Block {
    Block::Heading(level, anchor.to_owned(), vec![text(words)])
}

fn paragraph(words: &str) -> Block {
    Block::Paragraph(vec![text(words)])
}

fn left_open(checkability: Checkability) -> &'static str {
    match checkability {
        Checkability::Mostly => {
            "whether the control works. That the evidence is there and agrees is all that is looked at."
        }
        Checkability::Partly => {
            "whether the record is good enough; that takes a person. That it is there, fresh and agrees is looked at."
        }
        Checkability::Attested => "the subject itself. A person has to say so, in a role and with an end.",
    }
}

/// The titles of the records that policies look at, each once.
fn records(policies: &[&Policy], kinds: &Kinds) -> Vec<String> {
    let mut names: Vec<String> = policies.iter().map(|policy| looks_at(policy, kinds)).collect();
    names.sort();
    names.dedup();
    names
}

fn looks_at(policy: &Policy, kinds: &Kinds) -> String {
    match &policy.applies_to {
        AppliesTo::Kind(kind) => kinds.get(kind).map_or_else(|| kind.clone(), |kind| kind.title.clone()),
        AppliesTo::Files(_) => "Files".to_owned(),
    }
}

fn table(policies: &[&Policy], kinds: &Kinds) -> Block {
    let row = |policy: &&Policy| {
        let rule = &policy.rule;
        let weight = format!(" ({}, {})", rule.basis.name(), rule.severity.name());
        vec![
            vec![code(rule.id.as_str()), text(weight)],
            vec![text(looks_at(policy, kinds))],
            vec![text(rule.shows.trim())],
            vec![text(rule.does_not_show.trim())],
        ]
    };
    Block::Table(COLUMNS.to_vec(), policies.iter().map(row).collect())
}
