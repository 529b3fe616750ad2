//! Fields that a Markdown text labels: `**Owner:** x` lines and rows of two-column tables.

use super::parts::fold;
use super::sections::Section;
use crate::source::{Span, clip};
use crate::value::{Builder, NodeId, Tree};

/// Characters of a labelled value that are read; a line may be the whole file.
const MOST_CHARACTERS: usize = 1_000;

/// A `label: value` of the text with the place of the value.
pub(super) struct Labelled {
    /// The label, folded.
    pub label: String,
    pub label_span: Span,
    pub value: NodeId,
}

/// `**Label:** value` lines and rows of two-column tables, then sections by their heading; of all
/// those whose label is `wanted`.
pub(super) fn labelled(
    builder: &mut Builder,
    list: &[NodeId],
    outline: &[Section],
    wanted: fn(&str) -> bool,
) -> Vec<Labelled> {
    let mut found = Vec::new();
    let mut lines = Vec::new();
    let tree = builder.tree();
    for section in list {
        for table in tree.get(*section, "tables").map_or(&[][..], |tables| tree.items(tables)) {
            for row in tree.items(*table) {
                if let [name, value] = tree.entries(*row)
                    && let Some(label) = tree.as_str(name.value)
                {
                    let label_span = tree.node(name.value).span;
                    let label = fold_label(label);
                    if wanted(&label) {
                        found.push(Labelled { label, label_span, value: value.value });
                    }
                }
            }
        }
        if let Some(text) = tree.get(*section, "text") {
            lines_of(tree, tree.node(text).span, wanted, &mut lines);
        }
    }
    for (label, label_span, span) in lines {
        let text = bare(&clip(builder.tree().file().slice(span), MOST_CHARACTERS));
        let value = builder.made_text(if span.is_empty() { label_span } else { span }, &text);
        found.push(Labelled { label, label_span, value });
    }
    for section in outline.iter().filter(|section| section.level > 0 && wanted(&section.label)) {
        found.push(Labelled { label: section.label.clone(), label_span: section.heading, value: section.text });
    }
    found
}

fn lines_of(tree: &Tree, body: Span, wanted: fn(&str) -> bool, into: &mut Vec<(String, Span, Span)>) {
    let mut at = body.start as usize;
    let mut fenced = false;
    for line in tree.file().slice(body).split_inclusive('\n') {
        let start = at;
        at += line.len();
        if line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let Some((label, value)) = split_label(line) else { continue };
        let folded = fold_label(label);
        if !wanted(&folded) {
            continue;
        }
        let spot = |text: &str| {
            let offset = start + (text.as_ptr() as usize - line.as_ptr() as usize);
            Span::new(offset, offset + text.len())
        };
        into.push((folded, spot(label), spot(value)));
    }
}

/// Splits `- **Label:** value`, `**Label**: value` and `- Label: value`.
fn split_label(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let item = line.strip_prefix(['-', '*', '+']).filter(|rest| rest.starts_with(' ')).map_or(line, str::trim_start);
    for mark in ["**", "__", "*", "_"] {
        if let Some(rest) = item.strip_prefix(mark)
            && let Some((label, value)) = rest.split_once(mark)
        {
            let value = value.trim_start();
            let (label, value) = match label.trim_end().strip_suffix(':') {
                Some(label) => (label, value.strip_prefix(':').unwrap_or(value)),
                None => (label, value.strip_prefix(':')?),
            };
            return is_label(label).then_some((label, value.trim()));
        }
    }
    let (label, value) = item.split_once(':')?;
    (is_label(label) && !value.starts_with("//")).then_some((label.trim(), value.trim()))
}

fn is_label(label: &str) -> bool {
    !label.is_empty() && label.chars().count() <= 40 && !label.contains(['|', '`', '[', '<'])
        || label.ends_with("[optional]")
}

/// A label folded, without `(s)` and remarks in brackets.
fn fold_label(label: &str) -> String {
    let mut depth = 0_u32;
    let kept: String = label
        .chars()
        .filter(|c| {
            match c {
                '[' | '(' => depth += 1,
                ']' | ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect();
    fold(&kept)
}

/// Text of a line without its Markdown marks; a link becomes its text.
fn bare(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['[', '*', '`', '<', '_']) {
        shown.push_str(&rest[..at]);
        let tail = &rest[at..];
        if tail.starts_with("<!--") {
            rest = tail.find("-->").map_or("", |end| &tail[end + 3..]);
        } else if let Some((label, after)) = tail.strip_prefix('[').and_then(|inner| inner.split_once("](")) {
            shown.push_str(label);
            rest = after.split_once(')').map_or("", |(_, after)| after);
        } else if tail.starts_with(['*', '`']) || tail.starts_with("__") {
            rest = tail.trim_start_matches(['*', '`', '_']);
        } else {
            let mut chars = tail.chars();
            shown.extend(chars.next());
            rest = chars.as_str();
        }
    }
    shown.push_str(rest);
    shown.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_values_are_split() {
        let table = [
            ("- **Owner:** Team A", Some(("Owner", "Team A"))),
            ("**License**: MIT", Some(("License", "MIT"))),
            ("* Version: 1.2", Some(("Version", "1.2"))),
            ("- **Developed by [optional]:** X", Some(("Developed by [optional]", "X"))),
            ("- **License:**", Some(("License", ""))),
            ("see https://example.org", None),
            ("**bold** text", None),
            ("plain text", None),
        ];
        for (line, expected) in table {
            assert_eq!(split_label(line), expected, "{line}");
        }
        assert_eq!(fold_label("Language(s) (NLP)"), "language");
        assert_eq!(bare("[Team *A*](https://x.example) and `b`<!-- c -->"), "Team *A* and b");
    }
}
