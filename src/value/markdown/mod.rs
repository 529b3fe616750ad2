//! Markdown (CommonMark with tables): front matter, sections, tables, and records in fenced blocks.

mod front;
mod section;
mod slug;
mod table;
#[cfg(test)]
mod tests;
mod text;

pub use slug::slug;

use super::{Builder, Data, Entry, Limits, NodeId, Problem, Syntax, Text, json, yaml};
use crate::source::{SourceFile, Span};
use section::Fence;
use std::ops::Range;
use std::sync::Arc;

/// Reads `file`: one map with the entries of the front matter and `sections`, and one further root
/// for each fenced block of YAML or JSON with a `kind`.
///
/// Front matter that has an entry `sections` itself keeps it; ours is then `x-sections`.
pub(super) fn read(builder: &mut Builder, file: &Arc<SourceFile>, limits: &Limits, problems: &mut Vec<Problem>) {
    let parts = front::split(file.text());
    let mut budget = yaml::Budget::default();
    if let Some(mark) = parts.unclosed {
        problems.push(front_matter_not_closed(mark));
    }
    let front = parts.yaml.and_then(|span| {
        let documents = yaml::documents(builder, file, span, limits, &mut budget, problems);
        front_entries(builder, &documents, problems)
    });
    let sections = match section::read(builder, file, parts.body, limits) {
        Ok(sections) => sections,
        Err(problem) => return problems.push(*problem),
    };
    let root = root(builder, file, front.unwrap_or_default(), parts.body, &sections.list);
    builder.root(root);
    for fence in &sections.fences {
        for record in records(builder, file, fence, limits, &mut budget, problems) {
            builder.root(record);
        }
    }
}

/// The entries of the front matter; empty front matter has none.
fn front_entries(builder: &Builder, documents: &[NodeId], problems: &mut Vec<Problem>) -> Option<Vec<Entry>> {
    let document = *documents.first()?;
    let tree = builder.tree();
    match tree.data(document) {
        Data::Map(_) => return Some(tree.entries(document).to_vec()),
        Data::Null => {}
        _ => problems.push(Problem::new(
            "front-matter-is-no-map",
            tree.head(document),
            "the front matter holds no `name: value` lines, so nothing is read from it",
            "Write each entry as `name: value`, or remove the two `---` lines.",
        )),
    }
    None
}

fn root(builder: &mut Builder, file: &SourceFile, mut entries: Vec<Entry>, body: usize, list: &[NodeId]) -> NodeId {
    let first = list.iter().map(|section| builder.tree().node(*section).key).find(|key| !key.is_empty());
    let sections = builder.list(trimmed(file, body..file.text().len()), list);
    let taken = entries.iter().any(|entry| builder.tree().text(&entry.key) == "sections");
    let key = Text::Owned(if taken { "x-sections" } else { "sections" }.into());
    entries.push(Entry { key, span: first.unwrap_or(Span::at(body)), value: sections });
    let end = trimmed(file, 0..file.text().len()).end;
    builder.map(Span { start: 0, end }, entries)
}

/// The records of a fenced block: its documents that are maps with a `kind`.
fn records(
    builder: &mut Builder,
    file: &SourceFile,
    fence: &Fence,
    limits: &Limits,
    budget: &mut yaml::Budget,
    problems: &mut Vec<Problem>,
) -> Vec<NodeId> {
    let text = file.slice(fence.span);
    let mut documents = match fence.syntax {
        Syntax::Yaml if has_kind_line(text) => yaml::documents(builder, file, fence.span, limits, budget, problems),
        Syntax::Json if text.trim_start().starts_with('{') && text.contains("\"kind\"") => {
            json::value(builder, file, fence.span, limits, problems).into_iter().collect()
        }
        _ => Vec::new(),
    };
    documents.retain(|document| builder.tree().get(*document, "kind").is_some());
    documents
}

/// Whether a line that is indented no further than the first one begins with `kind:`.
fn has_kind_line(yaml: &str) -> bool {
    let mut lines = yaml.lines().filter(|line| !line.trim().is_empty());
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let Some(first) = lines.clone().next().map(indent) else { return false };
    lines.any(|line| indent(line) == first && line[first..].starts_with("kind:"))
}

/// The range without the white space around its text.
fn trimmed(file: &SourceFile, range: Range<usize>) -> Span {
    let Some(text) = file.text().get(range.clone()) else { return Span::at(range.start) };
    let start = range.start + text.len() - text.trim_start().len();
    let len = text.trim().len();
    if len == 0 { Span::at(range.start) } else { Span::new(start, start + len) }
}

fn front_matter_not_closed(mark: Span) -> Problem {
    Problem::new(
        "front-matter-not-closed",
        mark,
        "front matter begins here and no later line `---` closes it, so nothing is read from it",
        "Add a line `---` behind the last entry. If a horizontal rule is meant, put an empty line before it.",
    )
}
