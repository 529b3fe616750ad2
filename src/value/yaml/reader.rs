//! From parser events to nodes.

use super::cursor::Cursor;
use super::frame::{Anchor, Frame, Pending, Size};
use super::{Budget, problems, scalar, syntax};
use crate::source::{SourceFile, Span};
use crate::value::limit::{self, Fatal};
use crate::value::{Builder, Data, Entry, Limits, NodeId, Problem, Text, keys};
use granit_parser::{Event, Options, Parser, ScalarStyle, StructureStyle, Tag};
use std::ops::Range;

pub(super) struct Reader<'a> {
    builder: &'a mut Builder,
    file: &'a SourceFile,
    source: &'a str,
    base: usize,
    limits: &'a Limits,
    budget: &'a mut Budget,
    problems: &'a mut Vec<Problem>,
    cursor: Cursor<'a>,
    frames: Vec<Frame>,
    items: Vec<NodeId>,
    entries: Vec<Entry>,
    anchors: Vec<Anchor>,
    documents: Vec<NodeId>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        builder: &'a mut Builder,
        file: &'a SourceFile,
        span: Span,
        limits: &'a Limits,
        budget: &'a mut Budget,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        let source = file.slice(span);
        Reader {
            builder,
            file,
            source,
            base: span.start as usize,
            limits,
            budget,
            problems,
            cursor: Cursor::new(source),
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            anchors: Vec::new(),
            documents: Vec::new(),
        }
    }

    /// Reads to the end or to the first problem that leaves the rest unreadable.
    pub(super) fn documents(mut self) -> Vec<NodeId> {
        let mut options = Options::default();
        options.strict_indentation = true;
        options.emit_unresolved_aliases = true;
        options.emit_anchor_events = true;
        options.set_emit_comments(false);
        options.flow_nesting_limit = self.limits.depth;
        options.block_nesting_limit = self.limits.depth;
        for event in Parser::new_from_str_with_options(self.source, options) {
            let done = match event {
                Ok((event, place)) => {
                    let range = place.byte_range().unwrap_or_default();
                    let tag = place.tag_span().and_then(|tag| tag.byte_range());
                    self.event(event, range, tag)
                }
                Err(error) => Err(self.syntax_problem(&error).into()),
            };
            if let Err(problem) = done {
                self.problems.push(*problem);
                break;
            }
        }
        self.documents
    }

    fn syntax_problem(&self, error: &granit_parser::ScanError) -> Problem {
        let context = syntax::Context {
            file: self.file,
            source: self.source,
            base: self.base,
            frames: &self.frames,
            quote: self.cursor.quote(),
            last_key: self.entries.last().map(|entry| entry.span),
        };
        syntax::problem(error, &context, self.limits)
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(range.start, range.end).shifted(self.base)
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>, tag_range: Option<Range<usize>>) -> Result<(), Fatal> {
        if let Some(tag) = event.tag() {
            self.note_tag(tag, tag_range.as_ref());
        }
        match event {
            Event::DocumentStart(..) => {
                self.cursor.pass(range.end);
                self.budget.documents += 1;
                if self.budget.documents > self.limits.documents {
                    return Err(problems::too_many_documents(self.span(&range), self.limits).into());
                }
            }
            Event::DocumentEnd => self.cursor.pass(range.end),
            Event::Scalar(text, style, anchor, tag) => self.scalar(&text, style, anchor, tag.as_deref(), range)?,
            Event::Alias(id) => self.alias(id, range)?,
            Event::UnresolvedAlias(name) => self.unknown_alias(&name, range)?,
            Event::Anchor(id, _) => {
                let span = self.span(&range);
                self.anchor(id).span = span;
            }
            Event::SequenceStart(style, anchor, _) => self.open(true, style, anchor, range)?,
            Event::MappingStart(style, anchor, _) => self.open(false, style, anchor, range)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(range)?,
            _ => {}
        }
        Ok(())
    }

    fn anchor(&mut self, id: usize) -> &mut Anchor {
        if self.anchors.len() <= id {
            self.anchors.resize(id + 1, Anchor::default());
        }
        &mut self.anchors[id]
    }

    /// Finds the dash when the next value is an item of a block list.
    fn before_value(&mut self) {
        let Some(frame) = self.frames.last_mut().filter(|frame| frame.list && !frame.flow) else { return };
        frame.dash = Span::default();
        if let Some(dash) = self.cursor.dash() {
            frame.dash = Span::new(dash, dash + 1).shifted(self.base);
            frame.start.get_or_insert(dash);
        }
    }

    fn expects_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| !frame.list && matches!(frame.pending, Pending::Key))
    }

    fn open(&mut self, list: bool, style: StructureStyle, anchor: usize, range: Range<usize>) -> Result<(), Fatal> {
        self.before_value();
        if self.frames.len() >= self.limits.depth {
            return Err(limit::too_deep(self.span(&range), self.limits).into());
        }
        let flow = style == StructureStyle::Flow;
        // A pair in a flow list (`[a: b]`) is a flow map without brackets.
        let start = (flow && !range.is_empty()).then_some(range.start);
        if start.is_some() {
            self.cursor.pass(range.end);
        }
        self.frames.push(Frame {
            list,
            flow,
            start,
            end: range.start,
            first: if list { self.items.len() } else { self.entries.len() },
            anchor,
            size: Size::default(),
            dash: Span::default(),
            pending: Pending::Key,
        });
        if anchor > 0 {
            *self.anchor(anchor) = Anchor::default();
        }
        Ok(())
    }

    fn close(&mut self, range: Range<usize>) -> Result<(), Fatal> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let bracket = frame.flow && !range.is_empty();
        let end = if bracket { range.end } else { frame.end };
        if bracket {
            self.cursor.pass(end);
        }
        let start = frame.start.unwrap_or(range.start).min(end);
        let span = self.span(&(start..end));
        let id = if frame.list {
            let id = self.builder.list(span, &self.items[frame.first..]);
            self.items.truncate(frame.first);
            id
        } else {
            let mut entries = self.entries.split_off(frame.first);
            keys::distinct(self.file, &mut entries, self.problems);
            self.builder.map(span, entries)
        };
        let mut size = Size { nodes: 1, bytes: 0 };
        self.count(size);
        size.add(frame.size);
        self.attach(id, start..end, frame.anchor, size)
    }

    fn count(&mut self, size: Size) {
        self.budget.nodes = self.budget.nodes.saturating_add(size.nodes);
        self.budget.bytes = self.budget.bytes.saturating_add(size.bytes);
    }

    /// Puts a finished value where it belongs.
    fn attach(&mut self, id: NodeId, range: Range<usize>, anchor: usize, size: Size) -> Result<(), Fatal> {
        let span = self.span(&range);
        if self.builder.len() > self.limits.nodes {
            return Err(limit::too_many_nodes(span, self.limits).into());
        }
        if anchor > 0 {
            let anchor = self.anchor(anchor);
            anchor.node = Some(id);
            anchor.size = size;
        }
        let Some(frame) = self.frames.last_mut() else {
            self.documents.push(id);
            return Ok(());
        };
        frame.start.get_or_insert(range.start);
        frame.end = range.end;
        frame.size.add(size);
        if frame.list {
            self.builder.set_key(id, frame.dash);
            self.items.push(id);
            return Ok(());
        }
        match std::mem::replace(&mut frame.pending, Pending::Key) {
            Pending::Key => {
                frame.pending = Pending::Unused;
                self.problems.push(problems::key_is_not_text(span));
            }
            Pending::Value(key, span) => self.entries.push(Entry { key, span, value: id }),
            Pending::Unused => {}
        }
        Ok(())
    }

    /// Takes the text of a key.
    fn key(&mut self, key: Text, range: Range<usize>, size: Size) {
        let span = self.span(&range);
        if let Some(frame) = self.frames.last_mut() {
            frame.start.get_or_insert(range.start);
            frame.end = range.end;
            frame.size.add(Size { nodes: 0, ..size });
            frame.pending = Pending::Value(key, span);
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: Range<usize>,
    ) -> Result<(), Fatal> {
        self.before_value();
        let is_key = self.expects_key();
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let whole = if block { self.block_scalar(&range) } else { self.after_colon(range.clone(), is_key) };
        self.cursor.pass(if block { range.end } else { whole.end });
        let text = if style == ScalarStyle::Plain && whole.is_empty() { "" } else { text };
        let size = Size { nodes: 1, bytes: text.len() as u64 };
        self.count(size);
        if !is_key || anchor > 0 {
            let (data, plain) = self.value(text, style, tag, &whole);
            let id = self.builder.scalar(self.span(&whole), data, plain);
            if !is_key {
                return self.attach(id, whole, anchor, size);
            }
            *self.anchor(anchor) = Anchor { node: Some(id), size, span: Span::default() };
        }
        let key = self.text(text, &whole);
        self.key(key, whole, size);
        Ok(())
    }

    /// The whole of a block scalar: from its header to its last character, trailing line breaks only
    /// where the header keeps them. The parser places its content alone.
    fn block_scalar(&self, range: &Range<usize>) -> Range<usize> {
        let Some(start) = self.cursor.block_header() else { return range.clone() };
        let header = self.source[start..].bytes().take_while(|b| matches!(b, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9'));
        let header = start..start + header.count();
        let mut end = range.end.max(header.end);
        if !self.source[header.clone()].contains('+') {
            end = header.end + self.source[header.end..end].trim_end_matches(['\n', '\r']).len();
        }
        start..end
    }

    /// Places a value that is not written behind the colon of its key.
    fn after_colon(&self, range: Range<usize>, is_key: bool) -> Range<usize> {
        let in_map = self.frames.last().is_some_and(|frame| !frame.list);
        if !range.is_empty() || is_key || !in_map {
            return range;
        }
        let blanks = self.source[range.start..].bytes().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let colon = range.start + blanks;
        if self.source.as_bytes().get(colon) == Some(&b':') { colon + 1..colon + 1 } else { range }
    }

    fn text(&self, text: &str, range: &Range<usize>) -> Text {
        let inner = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
        if self.source.get(range.clone()) == Some(text) {
            Text::Slice(self.span(range))
        } else if self.source.get(inner.clone()) == Some(text) {
            Text::Slice(self.span(&inner))
        } else {
            Text::Owned(text.into())
        }
    }

    /// What a scalar is, and whether its type may follow the schema.
    fn value(&mut self, text: &str, style: ScalarStyle, tag: Option<&Tag>, range: &Range<usize>) -> (Data, bool) {
        let written = |reader: &Self| Data::Text(reader.text(text, range));
        let Some(tag) = tag else {
            let plain = style == ScalarStyle::Plain;
            let data = if plain { scalar::plain(text) } else { None };
            return (data.unwrap_or_else(|| written(self)), plain);
        };
        let data = match tag.core_suffix() {
            Some("int") => scalar::number(text).filter(|data| matches!(data, Data::Int(_))),
            Some("float") => scalar::number(text).map(|data| match data {
                Data::Int(value) => Data::Float(value as f64),
                other => other,
            }),
            Some("bool") => scalar::plain(text).filter(|data| matches!(data, Data::Bool(_))),
            Some("null") => scalar::plain(text).filter(|data| *data == Data::Null),
            _ => return (written(self), false),
        };
        if data.is_none() {
            let (name, span) = (tag.original(), self.span(range));
            self.problems.push(problems::value_is_not_its_tag(&name, text, span));
        }
        (data.unwrap_or_else(|| written(self)), false)
    }

    fn alias(&mut self, id: usize, range: Range<usize>) -> Result<(), Fatal> {
        self.before_value();
        self.cursor.pass(range.end);
        let (span, anchor) = (self.span(&range), self.anchor(id).clone());
        let Some(target) = anchor.node else {
            self.problems.push(problems::alias_to_itself(span, anchor.span));
            let id = self.builder.scalar(span, Data::Null, false);
            return self.attach(id, range, 0, Size { nodes: 1, bytes: 0 });
        };
        let mut size = Size { nodes: 1, bytes: 0 };
        size.add(anchor.size);
        self.count(size);
        if self.budget.nodes > self.limits.expanded_nodes || self.budget.bytes > self.limits.expanded_bytes {
            return Err(problems::expansion_too_large(span, anchor.span, self.limits).into());
        }
        if self.expects_key() {
            let tree = self.builder.tree();
            let key = match tree.data(target) {
                Data::Text(text) => Some(text.clone()),
                _ => tree.scalar_text(target).map(|text| Text::Owned(text.into())),
            };
            if let Some(key) = key {
                self.key(key, range, size);
                return Ok(());
            }
        }
        let id = self.builder.alias(span, target);
        self.attach(id, range, 0, size)
    }

    fn unknown_alias(&mut self, name: &str, range: Range<usize>) -> Result<(), Fatal> {
        self.before_value();
        self.cursor.pass(range.end);
        let span = self.span(&range);
        self.problems.push(problems::unknown_alias(name, span));
        let id = self.builder.scalar(span, Data::Null, false);
        self.attach(id, range, 0, Size { nodes: 1, bytes: 0 })
    }

    /// Reports a tag such as `!include`, whose meaning only some other program knows.
    fn note_tag(&mut self, tag: &Tag, range: Option<&Range<usize>>) {
        let standard = tag.suffix_in_namespace("tag:yaml.org,2002:").is_some();
        let unspecific = tag.handle().is_empty() && tag.suffix() == "!" || tag.suffix().is_empty();
        if standard || unspecific {
            return;
        }
        let span = range.map(|range| self.span(range)).unwrap_or_default();
        self.problems.push(problems::unknown_tag(self.file.slice(span), span));
    }
}
