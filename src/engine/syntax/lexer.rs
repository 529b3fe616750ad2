//! From text to words and signs.

use super::Mistake;
use super::ast::Literal;
use super::literal;
use std::ops::Range;

/// A word or a sign.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A name.
    Name(String),
    /// A name between back-ticks, which may hold signs.
    Quoted(String),
    /// A constant that is no name: a number, a text.
    Literal(Literal),
    /// A sign, `in`, `true`, `false` or `null`.
    Sign(&'static str),
    /// Behind the last one.
    End,
}

/// The longer signs come first.
const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", "?", ":", "+", "-", "*", "/", "%", "<",
    ">", "!",
];

const KEYWORDS: &[&str] = &["in", "true", "false", "null"];

/// Signs that stand for nothing here, and what was probably meant.
const STRANGE: &[(&str, &str)] = &[
    ("===", "Write `==`."),
    ("=", "Write `==`."),
    ("&", "Write `&&`."),
    ("|", "Write `||`."),
    ("\u{201c}", "Write straight quotes: `'text'`."),
    ("\u{201d}", "Write straight quotes: `'text'`."),
    ("\u{2018}", "Write straight quotes: `'text'`."),
    ("\u{2019}", "Write straight quotes: `'text'`."),
    ("~", "Write `!` for not, `matches` for a pattern."),
    ("^", "Powers are multiplications: `x * x`."),
    ("$", "Names have no `$`: `doc.field`."),
    ("@", "Names have no `@`."),
    ("#", "Comments begin with `//`."),
    (";", "An expression is one value; put several into `variables`."),
];

/// All tokens with their bytes; the last one is [`Token::End`].
pub fn tokens(source: &str) -> Result<Vec<(Token, Range<usize>)>, Mistake> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        at = skip(source, at);
        let rest = &source[at..];
        let Some(first) = rest.chars().next() else {
            found.push((Token::End, at..at));
            return Ok(found);
        };
        let (token, end) = if rest.starts_with("===") {
            return Err(strange(source, at));
        } else if let Some(literal) = literal::read(source, at) {
            let (literal, end) = literal?;
            (Token::Literal(literal), end)
        } else if first.is_ascii_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let word = &rest[..length];
            let keyword = KEYWORDS.iter().find(|keyword| **keyword == word);
            (keyword.map_or_else(|| Token::Name(word.to_owned()), |keyword| Token::Sign(keyword)), at + length)
        } else if first == '`' {
            quoted(source, at)?
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), at + sign.len())
        } else {
            return Err(strange(source, at));
        };
        found.push((token, at..end));
        at = end;
    }
}

/// Behind white space and comments.
fn skip(source: &str, mut at: usize) -> usize {
    loop {
        let rest = &source[at..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
        at += blank;
        if source[at..].starts_with("//") {
            at += source[at..].find('\n').unwrap_or(source.len() - at);
        } else if blank == 0 {
            return at;
        }
    }
}

/// A field's name between back-ticks.
fn quoted(source: &str, at: usize) -> Result<(Token, usize), Mistake> {
    let inside = &source[at + 1..];
    let length = inside.find(|c: char| !c.is_ascii_alphanumeric() && !"_.-/ ".contains(c)).unwrap_or(inside.len());
    if length == 0 || !inside[length..].starts_with('`') {
        let end = at + 1 + length;
        let message = "this name between back-ticks is not closed, or holds a sign that names cannot have";
        return Err(Mistake::new(at..end, message, "Other names are written as an index: `doc['the name']`."));
    }
    Ok((Token::Quoted(inside[..length].to_owned()), at + length + 2))
}

fn strange(source: &str, at: usize) -> Mistake {
    let rest = &source[at..];
    if let Some((sign, help)) = STRANGE.iter().find(|(sign, _)| rest.starts_with(sign)) {
        let message = match *sign {
            "=" | "===" => format!("`{sign}` compares nothing"),
            sign => format!("`{sign}` is no sign of the expression language"),
        };
        return Mistake::new(at..at + sign.len(), message, *help);
    }
    let c = rest.chars().next().unwrap_or_default();
    let shown: String =
        if c.is_control() || crate::source::is_unsafe(c) { c.escape_unicode().collect() } else { c.into() };
    let message = format!("`{shown}` is no part of the expression language");
    Mistake::new(at..at + c.len_utf8(), message, "Take it away, or put it into a text: `'...'`.")
}
