//! TOML with exact places, read from the events of `toml_parser`.

mod document;
mod receiver;
#[cfg(test)]
mod tests;

use super::{Builder, Limits, Problem, limit};
use crate::source::{SourceFile, Span};
use receiver::Receiver;
use std::sync::Arc;
use toml_parser::parser::{ValidateWhitespace, parse_document};
use toml_parser::{Expected, ParseError, Source};

/// Tokens that a file may have for each node it may have; white space and marks are tokens too.
const TOKENS_PER_NODE: usize = 8;

/// Reads `file` and makes its top table the root. Broken syntax leaves no root.
pub(super) fn read(builder: &mut Builder, file: &Arc<SourceFile>, limits: &Limits, problems: &mut Vec<Problem>) {
    let source = Source::new(file.text());
    let most = limits.nodes.saturating_mul(TOKENS_PER_NODE);
    let tokens: Vec<_> = source.lex().take(most.saturating_add(1)).collect();
    if let Some(token) = tokens.get(most) {
        problems.push(limit::too_many_nodes(span(token.span()), limits));
        return;
    }
    let mut error: Option<ParseError> = None;
    let mut receiver = Receiver::new(builder, file, limits);
    parse_document(&tokens, &mut ValidateWhitespace::new(&mut receiver, source), &mut error);
    let finished = receiver.finish();
    match (finished, error) {
        (Err(problem), _) => problems.push(*problem),
        (_, Some(error)) => problems.push(syntax(file, &error)),
        (Ok((document, found)), None) => {
            problems.extend(found);
            let root = document.build(builder);
            builder.root(root);
        }
    }
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}

fn syntax(file: &SourceFile, error: &ParseError) -> Problem {
    let at = error.unexpected().or(error.context()).map(span).unwrap_or_default();
    let expected: Vec<String> = error
        .expected()
        .unwrap_or_default()
        .iter()
        .filter_map(|expected| match expected {
            Expected::Literal(text) => Some(format!("`{}`", text.escape_default())),
            Expected::Description(text @ ("key" | "value")) => Some(format!("a {text}")),
            _ => None,
        })
        .collect();
    let expected = match expected.as_slice() {
        [] | [_, _, _, _, ..] => String::new(),
        some => format!("; expected {}", some.join(" or ")),
    };
    let problem = Problem::new(
        "toml-syntax",
        at,
        format!("this is no valid TOML ({}{expected}), so the file cannot be read", error.description()),
        "Correct this line: each entry is `name = value`, text stands in quotes, and every bracket and quote is closed.",
    );
    match error.context().map(span) {
        Some(context) if context != at && !file.slice(context).trim().is_empty() => problem.also(context, "in this"),
        _ => problem,
    }
}
