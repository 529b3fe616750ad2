//! The program and its rules.

use super::{level, text};
use crate::finding::Report;
use crate::policy::Rule;
use crate::report::{controls, markup};
use serde_json::{Value, json};

/// Tags of one rule that the platform takes.
const TAGS: usize = 20;

pub(super) fn driver(report: &Report) -> Value {
    json!({
        "name": env!("CARGO_PKG_NAME"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": report.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn rule(rule: &Rule) -> Value {
    let full = if rule.why.trim().is_empty() { &rule.title } else { &rule.why };
    json!({
        "id": rule.id,
        "shortDescription": {"text": sentence(&rule.title)},
        "fullDescription": {"text": sentence(full)},
        "help": help(rule),
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"tags": tags(rule)},
    })
}

/// The basis first, then controls and clauses, as many as the platform takes.
fn tags(rule: &Rule) -> Vec<String> {
    let clauses = rule.clauses.iter().map(|id| format!("clause {id}"));
    let ids = rule.controls.iter().cloned().chain(clauses);
    std::iter::once(format!("basis: {}", rule.basis.name())).chain(ids.map(|id| text::cut(&id))).take(TAGS).collect()
}

/// Why it matters, what to do, and what a pass shows, as text and as Markdown.
fn help(rule: &Rule) -> Value {
    let named = |id: &String, word: &str| match controls::title(id) {
        Some(title) => format!("{word}{id} {title}"),
        None => format!("{word}{id}"),
    };
    let mapped: Vec<String> = rule
        .controls
        .iter()
        .map(|id| named(id, ""))
        .chain(rule.clauses.iter().map(|id| named(id, "clause ")))
        .collect();
    let rows = [
        ("Why it matters", rule.why.clone()),
        ("What to do", rule.remedy.clone()),
        ("Who acts", rule.who_acts.words().to_owned()),
        ("Maps to", mapped.join(", ")),
        ("Basis", rule.basis.name().to_owned()),
        ("A pass shows", rule.shows.clone()),
        ("A pass does not show", rule.does_not_show.clone()),
    ];
    let rows = rows.map(|(lead, words)| (lead, text::cut(&words)));
    let said = || rows.iter().filter(|(_, words)| !words.is_empty());
    let plain: Vec<String> = said().map(|(lead, words)| format!("{lead}: {}", sentence(words))).collect();
    let marked: Vec<String> = said().map(|(lead, words)| format!("- **{lead}**: {}", markup::words(words))).collect();
    json!({"text": plain.join("\n"), "markdown": marked.join("\n")})
}

/// Words with a full stop.
fn sentence(words: &str) -> String {
    let words = text::cut(words);
    if words.ends_with(['.', '!', '?']) { words } else { format!("{words}.") }
}
