//! What can be wrong with YAML whose syntax is in order.

use crate::source::{Span, clip, plain};
use crate::value::{Limits, Problem};

pub(super) fn key_is_not_text(span: Span) -> Problem {
    Problem::new(
        "key-is-not-text",
        span,
        "the key of this entry is a list or a map, so no rule can name it and the entry is not read",
        "Use text as the key. For a template mark such as `{{ name }}`, put the whole value in quotes.",
    )
}

pub(super) fn value_is_not_its_tag(tag: &str, text: &str, span: Span) -> Problem {
    let (tag, text) = (plain(&clip(tag, 60)), plain(&clip(text, 60)));
    Problem::new(
        "value-is-not-its-tag",
        span,
        format!("`{text}` is not what `{tag}` says it is, so it is read as text"),
        "Correct the value or remove the tag.",
    )
}

pub(super) fn alias_to_itself(span: Span, anchor: Span) -> Problem {
    Problem::new(
        "alias-to-itself",
        span,
        "this alias stands for a value that contains it, which has no end; it is read as nothing",
        "Write the value out, or name another anchor.",
    )
    .also(anchor, "the anchor, around the alias")
}

pub(super) fn unknown_alias(name: &str, span: Span) -> Problem {
    let name = plain(&clip(name, 60));
    Problem::new(
        "unknown-alias",
        span,
        format!("no `&{name}` stands before this alias, so it stands for nothing"),
        format!("Add the anchor `&{name}` to the value that is meant, or put the text in quotes if a star is meant."),
    )
    .item(name)
}

pub(super) fn expansion_too_large(span: Span, anchor: Span, limits: &Limits) -> Problem {
    Problem::new(
        "alias-expansion-too-large",
        span,
        format!(
            "with its aliases followed, the file stands for more than {} values or {} bytes, so it cannot be read",
            limits.expanded_nodes, limits.expanded_bytes
        ),
        "Write the values out where they are used, or repeat less of them.",
    )
    .also(anchor, "the value that is repeated")
}

/// A tag such as `!include`, whose meaning only some other program knows.
pub(super) fn unknown_tag(tag: &str, span: Span) -> Problem {
    let name = plain(&clip(tag, 60));
    Problem::new(
        "unknown-tag",
        span,
        format!("`{name}` has a meaning in some other program only; what it stands for is not read"),
        "Write the value itself here, or remove the tag.",
    )
    .item(name)
}

pub(super) fn too_many_documents(span: Span, limits: &Limits) -> Problem {
    Problem::new(
        "too-many-documents",
        span,
        format!("the file holds more than {} documents, so the rest cannot be read", limits.documents),
        "Split the file, or list it under `exclude` in annexa.yaml.",
    )
}
