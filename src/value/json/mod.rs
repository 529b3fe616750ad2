//! JSON (RFC 8259), strictly, with exact places.

mod number;
mod string;
#[cfg(test)]
mod tests;

use super::limit::{self, Fatal};
use super::{Builder, Data, Entry, Limits, NodeId, Problem, Text, keys};
use crate::source::{SourceFile, Span};
use std::sync::Arc;

/// Reads the one value of `file` and makes it the root.
pub(super) fn read(builder: &mut Builder, file: &Arc<SourceFile>, limits: &Limits, problems: &mut Vec<Problem>) {
    if let Some(root) = value(builder, file, Span::new(0, file.text().len()), limits, problems) {
        builder.root(root);
    }
}

/// Reads the one value in `span` of `file`; `None` after a problem that leaves it unreadable.
pub(super) fn value(
    builder: &mut Builder,
    file: &SourceFile,
    span: Span,
    limits: &Limits,
    problems: &mut Vec<Problem>,
) -> Option<NodeId> {
    let (at, end) = (span.start as usize, span.end as usize);
    let mut reader = Reader { builder, file, text: &file.text()[..end], at, limits, frames: Vec::new(), problems };
    match reader.document() {
        Ok(root) => Some(root),
        Err(problem) => {
            problems.push(*problem);
            None
        }
    }
}

/// A collection that is not closed yet.
enum Frame {
    List { open: usize, items: Vec<NodeId> },
    Map { open: usize, entries: Vec<Entry>, key: Option<(Text, Span)> },
}

struct Reader<'a> {
    builder: &'a mut Builder,
    file: &'a SourceFile,
    /// The text up to the end of what is read; offsets are those of the file.
    text: &'a str,
    at: usize,
    limits: &'a Limits,
    frames: Vec<Frame>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<NodeId, Fatal> {
        self.blanks();
        if self.at == self.text.len() {
            return Err(syntax(Span::at(self.at), "there is no JSON value here", "Write a value, such as `{}`.").into());
        }
        loop {
            // A value or the start of a collection; then as many ends as follow it.
            let Some(mut done) = self.begin()? else { continue };
            loop {
                let Some(frame) = self.frames.pop() else {
                    self.blanks();
                    return if self.at == self.text.len() {
                        Ok(done)
                    } else {
                        Err(self.unexpected("there is text behind the end of the JSON value", "Remove it.").into())
                    };
                };
                match self.put(frame, done)? {
                    Some(closed) => done = closed,
                    None => break,
                }
            }
        }
    }

    fn blanks(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Reads a scalar or an empty collection, which it returns, or opens a collection and reads up
    /// to its first value.
    fn begin(&mut self) -> Result<Option<NodeId>, Fatal> {
        self.blanks();
        let start = self.at;
        match self.peek() {
            Some(b'[') => {
                self.open()?;
                if self.peek() == Some(b']') {
                    self.at += 1;
                    let id = self.builder.list(Span::new(start, self.at), &[]);
                    return self.limited(id).map(Some);
                }
                self.frames.push(Frame::List { open: start, items: Vec::new() });
                Ok(None)
            }
            Some(b'{') => {
                self.open()?;
                if self.peek() == Some(b'}') {
                    self.at += 1;
                    let id = self.builder.map(Span::new(start, self.at), Vec::new());
                    return self.limited(id).map(Some);
                }
                let key = Some(self.key()?);
                self.frames.push(Frame::Map { open: start, entries: Vec::new(), key });
                Ok(None)
            }
            Some(b'"') => {
                let text = self.string()?;
                let id = self.builder.scalar(Span::new(start, self.at), Data::Text(text), false);
                self.limited(id).map(Some)
            }
            _ => {
                let data = self.word()?;
                let id = self.builder.scalar(Span::new(start, self.at), data, true);
                self.limited(id).map(Some)
            }
        }
    }

    fn open(&mut self) -> Result<(), Fatal> {
        if self.frames.len() >= self.limits.depth {
            return Err(limit::too_deep(Span::new(self.at, self.at + 1), self.limits).into());
        }
        self.at += 1;
        self.blanks();
        Ok(())
    }

    fn limited(&self, id: NodeId) -> Result<NodeId, Fatal> {
        if self.builder.len() > self.limits.nodes {
            return Err(limit::too_many_nodes(self.builder.tree().node(id).span, self.limits).into());
        }
        Ok(id)
    }

    /// Puts `value` into `frame` and reads on to the next value; returns the collection when it ends.
    fn put(&mut self, frame: Frame, value: NodeId) -> Result<Option<NodeId>, Fatal> {
        self.blanks();
        let next = self.peek();
        match frame {
            Frame::List { open, mut items } => {
                items.push(value);
                match next {
                    Some(b',') => {
                        let comma = self.at;
                        self.at += 1;
                        self.blanks();
                        if self.peek() == Some(b']') {
                            return Err(surplus_comma(comma).into());
                        }
                        self.frames.push(Frame::List { open, items });
                        Ok(None)
                    }
                    Some(b']') => {
                        self.at += 1;
                        let id = self.builder.list(Span::new(open, self.at), &items);
                        self.limited(id).map(Some)
                    }
                    _ => Err(self.not_closed(open, ']').into()),
                }
            }
            Frame::Map { open, mut entries, key } => {
                if let Some((key, span)) = key {
                    entries.push(Entry { key, span, value });
                }
                match next {
                    Some(b',') => {
                        let comma = self.at;
                        self.at += 1;
                        self.blanks();
                        if self.peek() == Some(b'}') {
                            return Err(surplus_comma(comma).into());
                        }
                        let key = Some(self.key()?);
                        self.frames.push(Frame::Map { open, entries, key });
                        Ok(None)
                    }
                    Some(b'}') => {
                        self.at += 1;
                        keys::distinct(self.file, &mut entries, self.problems);
                        let id = self.builder.map(Span::new(open, self.at), entries);
                        self.limited(id).map(Some)
                    }
                    _ => Err(self.not_closed(open, '}').into()),
                }
            }
        }
    }

    /// Reads a key and its colon.
    fn key(&mut self) -> Result<(Text, Span), Fatal> {
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self
                .unexpected("a key in double quotes is expected here", "Write the key as `\"name\"`.")
                .into());
        }
        let key = self.string()?;
        let span = Span::new(start, self.at);
        self.blanks();
        if self.peek() != Some(b':') {
            let problem = self.unexpected("a `:` is expected behind the key", "Add `:` and a value.");
            return Err(problem.also(span, "the key").into());
        }
        self.at += 1;
        Ok((key, span))
    }

    /// Reads `null`, `true`, `false` or a number.
    fn word(&mut self) -> Result<Data, Fatal> {
        let rest = &self.text[self.at..];
        let len =
            rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.' | b'_')).count();
        let word = &rest[..len];
        let data = match word {
            "null" => Some(Data::Null),
            "true" => Some(Data::Bool(true)),
            "false" => Some(Data::Bool(false)),
            _ => number::read(word),
        };
        let Some(data) = data else {
            let (what, help) = match word.as_bytes().first() {
                Some(b'0'..=b'9' | b'+' | b'-' | b'.') => (
                    "this is no number of JSON",
                    "Write digits without leading zeros, such as `10`, `-0.5` or `1e3`; put anything else in double quotes.",
                ),
                Some(_) => ("this text is not in quotes", "Put text in double quotes."),
                None if rest.starts_with('\'') => ("JSON knows no single quotes", "Use double quotes."),
                None if rest.starts_with('/') => ("JSON knows no comments", "Remove the comment."),
                None => ("a value is expected here", "Write a value, or remove what announces one."),
            };
            return Err(if len > 0 {
                syntax(Span::new(self.at, self.at + len), what, help)
            } else {
                self.unexpected(what, help)
            }
            .into());
        };
        self.at += len;
        Ok(data)
    }

    fn string(&mut self) -> Result<Text, Fatal> {
        let (text, end) = string::read(self.text, self.at)?;
        self.at = end;
        Ok(text)
    }

    /// A problem at the next character.
    fn unexpected(&self, what: &str, help: &str) -> Problem {
        let len = self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        syntax(Span::new(self.at, self.at + len), what, help)
    }

    fn not_closed(&self, open: usize, bracket: char) -> Problem {
        let what = format!("a comma or `{bracket}` is expected here");
        let help = format!("Separate values by commas, and close what was opened with `{bracket}`.");
        self.unexpected(&what, &help).also(Span::new(open, open + 1), "opened here")
    }
}

fn surplus_comma(at: usize) -> Problem {
    syntax(Span::new(at, at + 1), "no value follows this comma", "Remove the comma.")
}

fn syntax(span: Span, what: &str, help: &str) -> Problem {
    Problem::new("json-syntax", span, format!("{what}, so the file cannot be read"), help)
}
