//! From parser events to tables.

use super::document::{Document, Kind, Made};
use super::span;
use crate::source::{SourceFile, Span, clip, plain};
use crate::value::limit::{self, Fatal};
use crate::value::{Builder, Data, Limits, Problem, Text, keys};
use std::borrow::Cow;
use toml_parser::decoder::{Encoding, IntegerRadix, ScalarKind};
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, Raw};

/// A part of a key.
struct Part {
    name: String,
    text: Text,
    span: Span,
}

/// A value in brackets that is not closed yet.
enum Open {
    List(usize),
    Inline(usize),
}

pub(super) struct Receiver<'a> {
    builder: &'a mut Builder,
    file: &'a SourceFile,
    limits: &'a Limits,
    document: Document,
    /// The table that the last header names.
    current: usize,
    /// The parts of the key that is being read.
    parts: Vec<Part>,
    header: Span,
    /// The tables and keys that wait for their values, outermost first.
    waiting: Vec<(usize, Part)>,
    open: Vec<Open>,
    problems: Vec<Problem>,
    /// The problem that leaves the file unreadable.
    fatal: Option<Fatal>,
}

impl<'a> Receiver<'a> {
    pub(super) fn new(builder: &'a mut Builder, file: &'a SourceFile, limits: &'a Limits) -> Self {
        Receiver {
            builder,
            file,
            limits,
            document: Document::new(),
            current: 0,
            parts: Vec::new(),
            header: Span::default(),
            waiting: Vec::new(),
            open: Vec::new(),
            problems: Vec::new(),
            fatal: None,
        }
    }

    /// The document and what is wrong with its keys, or the problem that leaves it unreadable.
    pub(super) fn finish(self) -> Result<(Document, Vec<Problem>), Fatal> {
        match self.fatal {
            Some(problem) => Err(problem),
            None => Ok((self.document, self.problems)),
        }
    }

    fn add(&mut self, kind: Kind, span: Span, depth: usize) -> usize {
        if depth > self.limits.depth && !matches!(kind, Kind::Scalar(_)) {
            self.fatal.get_or_insert_with(|| limit::too_deep(span, self.limits).into());
        }
        if self.document.items.len() >= self.limits.nodes {
            self.fatal.get_or_insert_with(|| limit::too_many_nodes(span, self.limits).into());
        }
        self.document.add(kind, span, depth)
    }

    /// The table below `table` that `part` names, made if need be. `None` after a problem: what is
    /// written there belongs to no table.
    fn step(&mut self, table: usize, part: &Part, made: Made) -> Option<usize> {
        let Some((key, item)) = self.document.get(table, &part.name) else {
            let depth = self.document.items[table].depth + 1;
            let item = self.add(Kind::Table(made, Vec::new()), part.span, depth);
            self.document.insert(table, &part.name, (part.text.clone(), part.span), item);
            return Some(item);
        };
        match (&self.document.items[item].kind, made) {
            (Kind::Tables(tables), Made::Implied) => tables.last().copied(),
            (Kind::Table(Made::Inline, _), _) => self.conflict(part, key),
            (Kind::Table(..), Made::Implied) | (Kind::Table(Made::Dotted, _), Made::Dotted) => Some(item),
            _ => self.conflict(part, key),
        }
    }

    fn conflict(&mut self, part: &Part, first: Span) -> Option<usize> {
        let name = plain(&clip(&part.name, 60));
        self.problems.push(keys::duplicate(&name, first, part.span));
        None
    }

    /// A table that nothing leads to, for what stands under a header that cannot be used.
    fn detached(&mut self) -> usize {
        self.add(Kind::Table(Made::Header, Vec::new()), self.header, 1)
    }

    /// The table of a header's key without its last part, and the last part.
    fn header_parent(&mut self) -> Option<(usize, Part)> {
        let mut parts = std::mem::take(&mut self.parts);
        let last = parts.pop()?;
        let mut table = 0;
        for part in &parts {
            table = self.step(table, part, Made::Implied)?;
        }
        Some((table, last))
    }

    fn header_table(&mut self) -> Option<usize> {
        let (table, last) = self.header_parent()?;
        let Some((key, item)) = self.document.get(table, &last.name) else {
            let depth = self.document.items[table].depth + 1;
            let item = self.add(Kind::Table(Made::Header, Vec::new()), self.header, depth);
            self.document.insert(table, &last.name, (last.text, last.span), item);
            return Some(item);
        };
        let found = &mut self.document.items[item];
        if let Kind::Table(made @ Made::Implied, _) = &mut found.kind {
            *made = Made::Header;
            return Some(item);
        }
        self.conflict(&last, key)
    }

    fn header_element(&mut self) -> Option<usize> {
        let (table, last) = self.header_parent()?;
        let depth = self.document.items[table].depth + 1;
        let list = match self.document.get(table, &last.name) {
            None => {
                let list = self.add(Kind::Tables(Vec::new()), self.header, depth);
                self.document.insert(table, &last.name, (last.text, last.span), list);
                list
            }
            Some((_, list)) if matches!(self.document.items[list].kind, Kind::Tables(_)) => list,
            Some((key, _)) => return self.conflict(&last, key),
        };
        let element = self.add(Kind::Table(Made::Header, Vec::new()), self.header, depth + 1);
        self.document.items[element].key = self.header;
        if let Kind::Tables(tables) = &mut self.document.items[list].kind {
            tables.push(element);
        }
        Some(element)
    }

    /// Puts a finished value into the list or under the key that waits for it.
    fn put(&mut self, item: usize) {
        if let Some(Open::List(list)) = self.open.last() {
            let list = *list;
            if let Kind::List(items) = &mut self.document.items[list].kind {
                items.push(item);
            }
            return;
        }
        let Some((table, part)) = self.waiting.pop() else { return };
        match self.document.get(table, &part.name) {
            None => self.document.insert(table, &part.name, (part.text, part.span), item),
            Some((first, _)) => {
                self.conflict(&part, first);
            }
        }
    }

    /// The depth of a value that begins here.
    fn value_depth(&self) -> usize {
        let holder = match (self.open.last(), self.waiting.last()) {
            (Some(Open::List(list)), _) => *list,
            (_, Some((table, _))) => *table,
            (Some(Open::Inline(table)), None) => *table,
            (None, None) => self.current,
        };
        self.document.items[holder].depth + 1
    }

    fn text(&self, text: &str, span: Span) -> Text {
        let trimmed = [0, 1, 3].map(|quotes| Span { start: span.start + quotes, end: span.end.saturating_sub(quotes) });
        let written = trimmed.into_iter().find(|span| span.start <= span.end && self.file.slice(*span) == text);
        written.map_or_else(|| Text::Owned(text.into()), Text::Slice)
    }

    fn close(&mut self, item: usize, end: Span) {
        self.document.items[item].span.end = end.end;
        self.open.pop();
        self.put(item);
    }
}

impl EventReceiver for Receiver<'_> {
    fn std_table_open(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.parts.clear();
        self.header = span(at);
    }

    fn std_table_close(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.header.end = span(at).end;
        self.current = self.header_table().unwrap_or_else(|| self.detached());
    }

    fn array_table_open(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.parts.clear();
        self.header = span(at);
    }

    fn array_table_close(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        self.header.end = span(at).end;
        self.current = self.header_element().unwrap_or_else(|| self.detached());
    }

    fn simple_key(&mut self, at: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut name = Cow::Borrowed("");
        let raw = self.file.text().get(at.start()..at.end()).unwrap_or_default();
        Raw::new_unchecked(raw, encoding, at).decode_key(&mut name, error);
        let text = self.text(&name, span(at));
        self.parts.push(Part { name: name.into_owned(), text, span: span(at) });
    }

    fn key_val_sep(&mut self, _at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        let mut parts = std::mem::take(&mut self.parts);
        let Some(last) = parts.pop() else { return };
        let mut table = match self.open.last() {
            Some(Open::Inline(table)) => *table,
            _ => self.current,
        };
        for part in &parts {
            table = match self.step(table, part, Made::Dotted) {
                Some(table) => table,
                None => self.detached(),
            };
        }
        self.waiting.push((table, last));
    }

    fn scalar(&mut self, at: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let mut decoded = Cow::Borrowed("");
        let raw = self.file.text().get(at.start()..at.end()).unwrap_or_default();
        let kind = Raw::new_unchecked(raw, encoding, at).decode_scalar(&mut decoded, error);
        let place = span(at);
        if decoded.contains("\r\n") {
            // The specification leaves line ends to the reader: a checkout must not change a value.
            decoded = Cow::Owned(decoded.replace("\r\n", "\n"));
        }
        let data = match kind {
            ScalarKind::String => Data::Text(self.text(&decoded, place)),
            ScalarKind::Boolean(value) => Data::Bool(value),
            ScalarKind::DateTime => Data::Text(Text::Slice(place)),
            ScalarKind::Float => Data::Float(decoded.parse().unwrap_or(f64::NAN)),
            ScalarKind::Integer(radix) => integer(&decoded, radix),
        };
        let plain = kind != ScalarKind::String;
        let depth = self.value_depth();
        let id = self.builder.scalar(place, data, plain);
        let item = self.add(Kind::Scalar(id), place, depth);
        self.put(item);
    }

    fn array_open(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) -> bool {
        let depth = self.value_depth();
        let list = self.add(Kind::List(Vec::new()), span(at), depth);
        self.open.push(Open::List(list));
        self.fatal.is_none()
    }

    fn array_close(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        if let Some(Open::List(list)) = self.open.last() {
            self.close(*list, span(at));
        }
    }

    fn inline_table_open(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) -> bool {
        let depth = self.value_depth();
        let table = self.add(Kind::Table(Made::Inline, Vec::new()), span(at), depth);
        self.open.push(Open::Inline(table));
        self.parts.clear();
        self.fatal.is_none()
    }

    fn inline_table_close(&mut self, at: toml_parser::Span, _error: &mut dyn ErrorSink) {
        if let Some(Open::Inline(table)) = self.open.last() {
            self.close(*table, span(at));
        }
    }
}

/// A whole number; beyond 64 bits it becomes floating point.
fn integer(digits: &str, radix: IntegerRadix) -> Data {
    let base = radix.value();
    i64::from_str_radix(digits, base).map_or_else(
        |_| {
            if base == 10 {
                return Data::Float(digits.parse().unwrap_or(f64::NAN));
            }
            let value = digits.chars().filter_map(|c| c.to_digit(base));
            Data::Float(value.fold(0.0, |sum, digit| sum * f64::from(base) + f64::from(digit)))
        },
        Data::Int,
    )
}
