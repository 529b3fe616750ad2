//! Keys of a map must differ.

use super::{Entry, Problem, Text};
use crate::source::{SourceFile, Span, clip, plain};
use std::collections::HashMap;

/// Above this number of entries a table beats comparing each key with each other.
const FEW: usize = 16;

/// The characters of `text`, which lies in `file` or is a copy.
pub(super) fn characters<'a>(file: &'a SourceFile, text: &'a Text) -> &'a str {
    match text {
        Text::Slice(span) => file.slice(*span),
        Text::Owned(text) => text,
    }
}

/// Drops the entries whose key stands earlier in the map already and reports each.
pub(super) fn distinct(file: &SourceFile, entries: &mut Vec<Entry>, problems: &mut Vec<Problem>) {
    let repeated = repeated(file, entries);
    if repeated.is_empty() {
        return;
    }
    for (first, second) in &repeated {
        let key = plain(&clip(characters(file, &entries[*second].key), 60));
        problems.push(duplicate(&key, entries[*first].span, entries[*second].span));
    }
    let mut dropped = repeated.iter().map(|(_, second)| *second).peekable();
    let mut index = 0;
    entries.retain(|_| {
        let keep = dropped.next_if_eq(&index).is_none();
        index += 1;
        keep
    });
}

/// The problem of a key that is written twice.
pub(super) fn duplicate(key: &str, first: Span, second: Span) -> Problem {
    Problem::new(
        "duplicate-key",
        second,
        format!("`{key}` is written twice in the same map; only the first one is used"),
        "Keep one of the two, or give the second its own name.",
    )
    .also(first, "first written here")
    .item(key)
}

/// Pairs of the first and a later index of the same key, by the later one.
fn repeated(file: &SourceFile, entries: &[Entry]) -> Vec<(usize, usize)> {
    let key = |index: usize| characters(file, &entries[index].key);
    if entries.len() <= FEW {
        let first = |later: usize| (0..later).find(|earlier| key(*earlier) == key(later));
        return (1..entries.len()).filter_map(|later| Some((first(later)?, later))).collect();
    }
    let mut seen = HashMap::with_capacity(entries.len());
    let mut pairs = Vec::new();
    for later in 0..entries.len() {
        let first = *seen.entry(key(later)).or_insert(later);
        if first != later {
            pairs.push((first, later));
        }
    }
    pairs
}
