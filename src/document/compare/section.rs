//! Sections of a Markdown text, as the reader makes them.

use super::prose::squeezed;
use crate::value::{Data, NodeId, Text, Tree};
use regex::Regex;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The keys of a section in their order.
const KEYS: [&str; 6] = ["title", "slug", "level", "text", "empty", "tables"];

/// Targets of links, which the plain text of a section does not hold.
static TARGETS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)\]\(\s*<?([^)\s>]+)|^ {0,3}\[[^\]\n]+\]:[ \t]*<?([^\s>]+)").expect("the pattern is tested")
});

/// Whether a node is a section: made by the reader, for which no file has a place of its keys.
pub(super) fn is_section(tree: &Tree, node: NodeId) -> bool {
    let entries = tree.entries(node);
    entries.len() == KEYS.len()
        && entries.iter().zip(KEYS).all(|(entry, key)| matches!(&entry.key, Text::Owned(made) if **made == *key))
}

/// The heading; text above the first one is called `preamble`.
pub(super) fn heading(tree: &Tree, section: NodeId) -> &str {
    let text = |key| tree.get(section, key).and_then(|node| tree.as_str(node)).unwrap_or_default();
    match text("title") {
        "" => text("slug"),
        title => title,
    }
}

/// What a reader of the section sees, tables too, on one line; where its links lead stands behind it.
pub(super) fn body(tree: &Tree, section: NodeId) -> Cow<'_, str> {
    let Some(node) = tree.get(section, "text") else { return Cow::Borrowed("") };
    let text = squeezed(tree.as_str(node).unwrap_or_default());
    // Text that is in the file letter by letter has no marks, so no links either.
    if matches!(tree.data(node), Data::Text(Text::Slice(_))) {
        return text;
    }
    let mut body = text.into_owned();
    for found in TARGETS.captures_iter(tree.file().slice(tree.node(node).span)) {
        if let Some(target) = found.get(1).or(found.get(2)) {
            body.push_str(&format!(" <{}>", target.as_str()));
        }
    }
    Cow::Owned(body)
}
