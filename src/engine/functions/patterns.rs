//! Regular expressions and path patterns.

use super::{EXHAUSTED, text_argument};
use crate::engine::cel::{ITEM, Value, first_use, spend, spend_units, with_pattern};
use crate::facts::Globs;
use regex::{Captures, Regex};
use std::cell::RefCell;
use std::collections::HashMap;

/// Steps that a path pattern costs an evaluation that uses it for the first time.
const GLOB: usize = 1_000;

/// Path patterns that a thread keeps.
const KEPT: usize = 256;

fn exhausted<T>() -> Result<T, String> {
    Err(EXHAUSTED.to_owned())
}

/// Gives `work` a regular expression; see [`with_pattern`].
pub(super) fn compiled<T>(pattern: &str, work: impl FnOnce(&Regex) -> Result<T, String>) -> Result<T, String> {
    with_pattern(pattern, work).map_err(|why| why.unwrap_or_else(|| EXHAUSTED.to_owned()))?
}

/// What a match stands for: its only group, else all of it. Nothing for a group that took no part.
fn captured<'t>(found: &Captures<'t>) -> Option<&'t str> {
    found.get(if found.len() == 2 { 1 } else { 0 }).map(|part| part.as_str())
}

fn one_group(regex: &Regex) -> Result<(), String> {
    match regex.captures_len() {
        0..=2 => Ok(()),
        _ => Err("the pattern has more than one group; make the others `(?:...)`".to_owned()),
    }
}

/// Walks over the matches. Each is paid for with the text that is left to search, since a search may
/// look at all of it.
fn each<'t>(
    regex: &Regex,
    text: &'t str,
    mut take: impl FnMut(&Captures<'t>) -> Result<(), String>,
) -> Result<(), String> {
    let (mut matches, mut at) = (regex.captures_iter(text), 0);
    loop {
        if !spend_units(text.len() - at + ITEM) {
            return exhausted();
        }
        let Some(found) = matches.next() else { return Ok(()) };
        at = found.get_match().end();
        take(&found)?;
    }
}

pub(super) fn extract(args: &[Value]) -> Result<Value, String> {
    let (text, pattern) = (text_argument(&args[0])?, text_argument(&args[1])?);
    compiled(pattern, |regex| {
        one_group(regex)?;
        let found = regex.captures(text).and_then(|found| captured(&found));
        Ok(Value::Optional(found.map(|text| Box::new(Value::Text(text.to_owned())))))
    })
}

pub(super) fn extract_all(args: &[Value]) -> Result<Value, String> {
    let (text, pattern) = (text_argument(&args[0])?, text_argument(&args[1])?);
    compiled(pattern, |regex| {
        one_group(regex)?;
        let mut all = Vec::new();
        each(regex, text, |found| {
            all.extend(captured(found).map(|text| Value::Text(text.to_owned())));
            Ok(())
        })?;
        Ok(Value::List(all))
    })
}

/// A part of a replacement.
enum Piece {
    Text(String),
    Group(usize),
}

fn pieces(replacement: &str, groups: usize) -> Result<Vec<Piece>, String> {
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut characters = replacement.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            plain.push(c);
            continue;
        }
        match characters.next() {
            Some('\\') => plain.push('\\'),
            Some(digit) if digit.is_ascii_digit() => {
                let group = digit as usize - '0' as usize;
                if group >= groups {
                    return Err(format!("the pattern has no group {group}"));
                }
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
                pieces.push(Piece::Group(group));
            }
            _ => return Err("in a replacement `\\` is followed by a digit or another `\\`".to_owned()),
        }
    }
    pieces.push(Piece::Text(plain));
    Ok(pieces)
}

pub(super) fn replace(args: &[Value]) -> Result<Value, String> {
    let (text, pattern, replacement) = (text_argument(&args[0])?, text_argument(&args[1])?, text_argument(&args[2])?);
    compiled(pattern, |regex| {
        let pieces = pieces(replacement, regex.captures_len())?;
        let (mut made, mut at) = (String::new(), 0);
        each(regex, text, |found| {
            let whole = found.get_match();
            made.push_str(&text[at..whole.start()]);
            at = whole.end();
            for piece in &pieces {
                let piece = match piece {
                    Piece::Text(text) => text.as_str(),
                    Piece::Group(group) => found.get(*group).map_or("", |part| part.as_str()),
                };
                if !spend_units(piece.len()) {
                    return exhausted();
                }
                made.push_str(piece);
            }
            Ok(())
        })?;
        made.push_str(&text[at..]);
        Ok(Value::Text(made))
    })
}

pub(super) fn path_matches(args: &[Value]) -> Result<Value, String> {
    thread_local! {
        static PATTERNS: RefCell<HashMap<String, Globs>> = RefCell::default();
    }
    let (path, pattern) = (text_argument(&args[0])?, text_argument(&args[1])?);
    // A path pattern and a regular expression of the same text are two patterns.
    if first_use(&format!("glob:{pattern}")) && !spend(GLOB + pattern.len()) {
        return exhausted();
    }
    PATTERNS.with_borrow_mut(|patterns| {
        if !patterns.contains_key(pattern) {
            let globs = Globs::new([pattern])?;
            if patterns.len() >= KEPT {
                patterns.clear();
            }
            patterns.insert(pattern.to_owned(), globs);
        }
        Ok(Value::Bool(patterns[pattern].matches(path)))
    })
}
