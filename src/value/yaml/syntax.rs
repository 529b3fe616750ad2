//! What is wrong with broken YAML, in words.

use super::frame::{Frame, Pending};
use crate::source::{SourceFile, Span};
use crate::value::{Limits, Problem, limit};
use granit_parser::{ErrorKind, ScanError};

/// Where the reader was when the parser gave up. Offsets are within the slice that is read.
pub(super) struct Context<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) source: &'a str,
    pub(super) base: usize,
    pub(super) frames: &'a [Frame],
    /// The quote that opens the value that comes next, if that is quoted.
    pub(super) quote: Option<usize>,
    /// The key of the last entry that is complete.
    pub(super) last_key: Option<Span>,
}

const INDENT: &str = "Line this up with the entries it belongs to: spaces only, the same number for each of them.";

/// The problem that `error` stands for.
pub(super) fn problem(error: &ScanError, context: &Context<'_>, limits: &Limits) -> Problem {
    let offset = error.marker().byte_offset().unwrap_or(context.source.len()).min(context.source.len());
    let offset = match error.kind() {
        // The parser stands at the end of the line above, or at the start of the tab's line.
        kind if is_tab(kind) => context.source[offset..].find('\t').map_or(offset, |tab| offset + tab),
        _ => offset,
    };
    let at = context.character(offset);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return limit::too_deep(at, limits);
    }
    let (what, help) = words(error);
    let opened = match error.kind() {
        ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar => context.quote.map(|quote| (quote, "quote")),
        ErrorKind::InvalidIndentation
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::ExpectedFlowMappingSeparator => context.bracket().map(|bracket| (bracket, "bracket")),
        _ => None,
    };
    let problem = match opened {
        // The parser stops where the text stops making sense; the mistake is where it was opened.
        Some((open, name)) if open != offset => syntax(
            context.character(open),
            format!("the {name} that opens here is not closed before line {}", context.line(offset)),
            format!("Close the {name}, or indent the lines that belong to it further than its key."),
        )
        .also(at, "what stands here does not belong to it"),
        _ => syntax(at, what, help),
    };
    match context.key() {
        Some(key) if key != problem.at.span => return problem.also(key, "in the value of this key"),
        _ => {}
    }
    match context.last_key {
        Some(key) if *error.kind() == ErrorKind::MappingValueNotAllowed => problem.also(key, "behind this key"),
        _ => problem,
    }
}

fn syntax(at: Span, what: impl Into<String>, help: impl Into<String>) -> Problem {
    let what = what.into();
    Problem::new("yaml-syntax", at, format!("{what}, so the document cannot be read"), help)
}

impl Context<'_> {
    /// The character at `offset`; empty at the end of a line.
    fn character(&self, offset: usize) -> Span {
        let rest = self.source.get(offset..).unwrap_or_default();
        let len = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        Span::new(offset, offset + len).shifted(self.base)
    }

    fn line(&self, offset: usize) -> u32 {
        self.file.line_of(Span::at(offset).shifted(self.base).start)
    }

    /// The innermost bracket that is open.
    fn bracket(&self) -> Option<usize> {
        self.frames.last().filter(|frame| frame.flow)?.start
    }

    /// The innermost key whose value is being read.
    fn key(&self) -> Option<Span> {
        self.frames.iter().rev().find_map(|frame| match &frame.pending {
            Pending::Value(_, span) if !span.is_empty() => Some(*span),
            _ => None,
        })
    }
}

fn is_tab(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar
            | ErrorKind::TabAtBlockScalarStart
    )
}

/// What is wrong and what to do, without the terms of the grammar.
fn words(error: &ScanError) -> (String, &'static str) {
    let (what, help) = match error.kind() {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "this `:` stands where no key can be",
            "Put a value that contains `: ` in quotes; else check that the line above has a value or a `:` of its own and that both lines are indented alike.",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "this line has no `:` behind its key",
            "Add `: ` and a value; or, if the line goes on with the text above, indent it further than the key of that text.",
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::ExpectedDocumentStart
        | ErrorKind::InvalidIndentation
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent
        | ErrorKind::UnexpectedEofBlockMapping
        | ErrorKind::UnexpectedEofBlockSequence => ("this line does not line up with the ones around it", INDENT),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::BlockEntryInFlowCollection => (
            "a list item with `-` cannot begin here",
            "Begin the list on a line of its own, or write it in brackets: `[first, second]`.",
        ),
        kind if is_tab(kind) => ("a tab stands where YAML allows spaces only", "Replace the tab by spaces."),
        ErrorKind::UnexpectedCharacter { character } => {
            return (format!("a value cannot begin with `{}`", character.escape_default()), "Put the value in quotes.");
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => {
            ("a quote is not closed", "Close the quote, or indent the lines that belong to it further than its key.")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar => (
            "text follows the closing quote",
            "Write an apostrophe inside single quotes twice (`it''s`), or put the whole value in double quotes.",
        ),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text follows the closing quote",
            "Write a quote inside double quotes as `\\\"`, or put the whole value in single quotes.",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => (
            "this text in double quotes has a backslash that means nothing",
            "Write the backslash twice, or use single quotes, where it has no meaning.",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            ("this bracket closes nothing", "Remove it, or put the value in quotes.")
        }
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            return (
                format!("the bracket `{open}` that opens here is closed by `{close}`"),
                "Let both brackets be of one kind: `[ ]` for a list, `{ }` for a map.",
            );
        }
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => ("a bracket is not closed", "Close the bracket."),
        ErrorKind::ExpectedFlowSequenceSeparator | ErrorKind::ExpectedFlowMappingSeparator => {
            ("a comma or the closing bracket is missing before this", "Add the comma or the bracket.")
        }
        ErrorKind::CommentNotSeparated | ErrorKind::CommentInterceptedScalar => (
            "a comment cuts through a value",
            "Put a space before the `#` of a comment and no text below it; put a value that contains `#` in quotes.",
        ),
        ErrorKind::UndeclaredTagHandle => ("this tag uses a prefix that is declared nowhere", "Remove the tag."),
        kind => {
            let jargon = kind.to_string();
            return (
                format!("this is no valid YAML ({jargon})"),
                "Check the quotes, brackets and indentation around this place.",
            );
        }
    };
    (what.to_owned(), help)
}
