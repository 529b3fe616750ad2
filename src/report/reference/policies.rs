//! The reference of the policies of a pack.

use super::block::{Block, Inline, Page, anchor, code, link, listed, paragraphs, text};
use super::functions;
use crate::catalogue::{self, CLAUSES, CONTROLS};
use crate::policy::{AppliesTo, Policy, Severity};
use crate::value::{Data, NodeId, Tree};
use std::sync::Arc;

/// A pack as its page shows it.
pub struct Pack {
    /// The title.
    pub title: String,
    /// What it is about; may be empty.
    pub description: String,
    /// The version; may be empty.
    pub version: String,
    /// Its policies.
    pub policies: Vec<Arc<Policy>>,
}

/// The page of a pack: its policies by id, an index by control and clause, and the functions where
/// `with_functions`.
pub fn policies(pack: &Pack, with_functions: bool) -> Page {
    let mut policies: Vec<&Policy> = pack.policies.iter().map(Arc::as_ref).collect();
    policies.sort_by(|a, b| a.id().cmp(b.id()));
    let mut blocks = paragraphs(&pack.description);
    if !pack.version.is_empty() {
        blocks.push(Block::Paragraph(vec![text(format!("Version {}", pack.version))]));
    }
    blocks.push(heading(2, "index", "Index"));
    blocks.push(heading(3, "index-controls", "By control"));
    blocks.push(index(CONTROLS.iter().map(|c| (c.id, c.title)), &policies, |p| &p.rule.controls));
    blocks.push(heading(3, "index-clauses", "By clause"));
    blocks.push(index(CLAUSES.iter().map(|c| (c.id, c.subject)), &policies, |p| &p.rule.clauses));
    let unmapped: Vec<&&Policy> =
        policies.iter().filter(|p| p.rule.controls.is_empty() && p.rule.clauses.is_empty()).collect();
    if !unmapped.is_empty() {
        blocks.push(heading(3, "index-own", "Of no control or clause"));
        blocks.push(Block::List(unmapped.into_iter().map(|p| vec![to(p)]).collect()));
    }
    blocks.push(heading(2, "policies", "Policies"));
    policies.iter().for_each(|policy| about(policy, &mut blocks));
    if with_functions {
        blocks.push(heading(2, "functions", "Functions"));
        blocks.extend(functions::blocks(3));
    }
    Page { title: pack.title.clone(), blocks }
}

fn heading(level: u8, anchor: &str, words: &str) -> Block {
    Block::Heading(level, anchor.to_owned(), vec![text(words)])
}

fn to(policy: &Policy) -> Inline {
    link(&anchor("policy", policy.id()), code(policy.id()))
}

/// The controls or clauses that policies map to, each with its policies.
fn index<'c>(
    all: impl Iterator<Item = (&'c str, &'c str)>,
    policies: &[&Policy],
    of: fn(&Policy) -> &Vec<String>,
) -> Block {
    let line = |(id, title): (&str, &str)| {
        let mapped: Vec<Inline> = policies.iter().filter(|p| of(p).iter().any(|i| i == id)).map(|p| to(p)).collect();
        if mapped.is_empty() {
            return None;
        }
        let mut line = vec![Inline::Strong(id.to_owned()), text(format!(" {title}: "))];
        line.extend(listed(mapped));
        Some(line)
    };
    let mut lines: Vec<Vec<Inline>> = all.filter_map(line).collect();
    if lines.is_empty() {
        lines.push(vec![text("None.")]);
    }
    Block::List(lines)
}

fn about(policy: &Policy, blocks: &mut Vec<Block>) {
    let rule = &policy.rule;
    blocks.push(Block::Heading(3, anchor("policy", policy.id()), vec![code(policy.id())]));
    blocks.push(Block::Paragraph(vec![Inline::Strong(rule.title.clone())]));
    blocks.push(Block::List(facts(policy)));
    for (title, words) in [
        ("Why it matters", &rule.why),
        ("What to do", &rule.remedy),
        ("What a pass shows", &rule.shows),
        ("What it does not show", &rule.does_not_show),
    ] {
        if !words.trim().is_empty() {
            blocks.push(part(policy, title));
            blocks.extend(paragraphs(words));
        }
    }
    if !policy.params.is_empty() {
        blocks.push(part(policy, "Parameters"));
        let line = |(name, node): &(String, NodeId)| {
            vec![code(name.as_str()), text(", by default "), code(written(&policy.tree, *node))]
        };
        blocks.push(Block::List(policy.params.iter().map(line).collect()));
    }
    blocks.push(part(policy, "Checks, in order"));
    for validation in &policy.validations {
        blocks.push(Block::Paragraph(vec![code(validation.name.as_str())]));
        blocks.push(Block::Code("cel", validation.expression.text.trim().to_owned()));
    }
    examples(policy, blocks);
}

fn part(policy: &Policy, title: &str) -> Block {
    Block::Heading(4, anchor("policy", &format!("{} {title}", policy.id())), vec![text(title)])
}

fn facts(policy: &Policy) -> Vec<Vec<Inline>> {
    let rule = &policy.rule;
    let fact = |name: &str, value: Vec<Inline>| {
        let mut line = vec![Inline::Strong(name.to_owned()), text(": ")];
        line.extend(value);
        line
    };
    let with_title =
        |id: &String, title: Option<&str>| text(title.map_or_else(|| id.clone(), |title| format!("{id} {title}")));
    let mut facts = Vec::new();
    if !rule.controls.is_empty() {
        let controls = rule.controls.iter().map(|id| with_title(id, catalogue::control(id).map(|c| c.title)));
        facts.push(fact("Controls", listed(controls)));
    }
    if !rule.clauses.is_empty() {
        let clauses = rule.clauses.iter().map(|id| with_title(id, catalogue::clause(id).map(|c| c.subject)));
        facts.push(fact("Clauses", listed(clauses)));
    }
    facts.push(fact("Basis", vec![text(rule.basis.name())]));
    let severity = match rule.severity {
        Severity::Error => "error: a finding fails a run by default",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    facts.push(fact("Severity", vec![text(severity)]));
    facts.push(fact("Acts", vec![text(rule.who_acts.words())]));
    facts.push(fact(
        "Applies to",
        match &policy.applies_to {
            AppliesTo::Kind(kind) => vec![text("every "), code(kind.as_str())],
            AppliesTo::Files(globs) => {
                let mut line = vec![text("files: ")];
                line.extend(listed(globs.iter().map(|glob| code(glob.as_str()))));
                line
            }
        },
    ));
    for (name, expression) in [("For each of", &policy.for_each), ("When", &policy.when)] {
        if let Some(expression) = expression {
            facts.push(fact(name, vec![code(expression.text.trim())]));
        }
    }
    if !policy.accepts_reference.is_empty() {
        let kinds = policy.accepts_reference.iter().map(|kind| code(kind.as_str()));
        facts.push(fact("May be kept elsewhere", listed(kinds)));
    }
    if policy.accepts_attestation {
        facts.push(fact(
            "May be attested",
            vec![text("by an `attestation` record about one of its controls or clauses")],
        ));
    }
    if policy.contradicts_soa {
        facts.push(fact(
            "Runs",
            vec![text("first, and cannot be switched off: the Statement of Applicability decides what else applies")],
        ));
    }
    facts
}

/// The examples as they stand in the policy file.
fn examples(policy: &Policy, blocks: &mut Vec<Block>) {
    let tree = &policy.tree;
    let examples = tree.get(policy.root(), "examples").map(|n| tree.items(n)).unwrap_or_default();
    if !examples.is_empty() {
        blocks.push(part(policy, "Examples"));
    }
    for example in examples {
        let name = tree.str_at(*example, &["name"]).unwrap_or("Example");
        let mut line = vec![Inline::Strong(name.to_owned())];
        for (key, words) in [("today", " on "), ("expect", " gives ")] {
            if let Some(node) = tree.get(*example, key) {
                line.push(text(words));
                line.push(code(written(tree, node)));
            }
        }
        blocks.push(Block::Paragraph(line));
        if let Some(config) = tree.get(*example, "config") {
            blocks.push(Block::Code("yaml", format!("# annexa.yaml, as JSON\n{}", written(tree, config))));
        }
        if let Some(pull_request) = tree.get(*example, "pull_request") {
            blocks.push(Block::Paragraph(vec![text("In the pull request "), code(written(tree, pull_request))]));
        }
        for (key, before) in [("files", ""), ("base", "In the base version, ")] {
            let files = tree.get(*example, key);
            if key == "base" && files.is_some_and(|n| tree.entries(n).is_empty()) {
                blocks.push(Block::Paragraph(vec![text("The base version is the same.")]));
            }
            for entry in files.map(|n| tree.entries(n)).unwrap_or_default() {
                let path = tree.text(&entry.key);
                let mut line = vec![text(before), code(path)];
                if matches!(tree.data(entry.value), Data::Null) {
                    line.push(text(" was not there."));
                    blocks.push(Block::Paragraph(line));
                    continue;
                }
                let language = if path.ends_with(".md") { "markdown" } else { "yaml" };
                blocks.push(Block::Paragraph(line));
                blocks.push(Block::Code(language, tree.scalar_text(entry.value).unwrap_or_default().to_owned()));
            }
        }
    }
}

/// A value in one line, as JSON for anything but a scalar.
fn written(tree: &Tree, node: NodeId) -> String {
    match tree.data(node) {
        Data::Map(_) | Data::List(_) => tree.json(node).to_string(),
        _ => tree.scalar_text(node).unwrap_or("null").to_owned(),
    }
}
