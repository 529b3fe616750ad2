//! Helpers of the readers' tests.

use super::{Data, Limits, NodeId, Problem, Syntax, Tree, read, read_as_written};
use crate::source::{SourceFile, Span};
use std::fmt::Write;
use std::sync::Arc;

pub(super) fn parse(syntax: Syntax, text: &str) -> (Tree, Vec<Problem>) {
    read(Arc::new(SourceFile::new("file", text.as_bytes().to_vec())), syntax, &Limits::default())
}

pub(super) fn parse_as_written(syntax: Syntax, text: &str) -> (Tree, Vec<Problem>) {
    read_as_written(Arc::new(SourceFile::new("file", text.as_bytes().to_vec())), syntax, &Limits::default())
}

/// The value in a short notation: text in quotes, maps in braces, lists in brackets, aliases as `*`
/// and what they stand for.
pub(super) fn show(tree: &Tree, id: NodeId) -> String {
    let mut shown = String::new();
    if matches!(tree.node(id).data, Data::Alias(_)) {
        shown.push('*');
    }
    match tree.data(id) {
        Data::Null | Data::Alias(_) => shown.push_str("null"),
        Data::Bool(value) => shown.push_str(&value.to_string()),
        Data::Int(value) => shown.push_str(&value.to_string()),
        Data::Float(value) => write!(shown, "{value:?}").unwrap(),
        Data::Text(text) | Data::Time(text, _) => write!(shown, "{:?}", tree.text(text)).unwrap(),
        Data::List(_) => {
            let items: Vec<String> = tree.items(id).iter().map(|item| show(tree, *item)).collect();
            write!(shown, "[{}]", items.join(", ")).unwrap();
        }
        Data::Map(_) => {
            let entries = tree.entries(id).iter();
            let entries: Vec<String> =
                entries.map(|entry| format!("{}: {}", tree.text(&entry.key), show(tree, entry.value))).collect();
            write!(shown, "{{{}}}", entries.join(", ")).unwrap();
        }
    }
    shown
}

/// All records of a file in the notation of [`show`].
pub(super) fn values(tree: &Tree) -> Vec<String> {
    tree.roots().iter().map(|root| show(tree, *root)).collect()
}

/// The line and column where a span begins and ends, as `line:column-line:column`.
pub(super) fn place(tree: &Tree, span: Span) -> String {
    let place = tree.file().place(span);
    format!("{}:{}-{}:{}", place.line, place.column, place.end_line, place.end_column)
}

/// Each problem as `code line:column-line:column`, with its further places behind `<`.
pub(super) fn shown(tree: &Tree, problems: &[Problem]) -> Vec<String> {
    let one = |problem: &Problem| {
        let related = problem.related.iter().map(|label| format!(" < {}", place(tree, label.span)));
        format!("{} {}{}", problem.code, place(tree, problem.at.span), related.collect::<String>())
    };
    problems.iter().map(one).collect()
}
