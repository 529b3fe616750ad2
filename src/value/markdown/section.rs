//! The sections of a text: what stands below each heading, up to the next heading of any level.

use super::slug::slug;
use super::table::Table;
use super::text::PlainText;
use super::trimmed;
use crate::source::{SourceFile, Span};
use crate::value::limit::{self, Fatal};
use crate::value::{Builder, Data, Entry, Limits, NodeId, Syntax, Text};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// A fenced block that says it is YAML or JSON; offsets are those of the file.
pub(super) struct Fence {
    pub(super) syntax: Syntax,
    /// Its whole lines.
    pub(super) span: Span,
}

/// What a text holds.
#[derive(Default)]
pub(super) struct Sections {
    pub(super) list: Vec<NodeId>,
    pub(super) fences: Vec<Fence>,
}

/// The section that is being read.
#[derive(Default)]
struct Section {
    level: i64,
    heading: Span,
    title: String,
    /// The title without the marks of the heading; absent while it has no text.
    title_span: Option<Span>,
    body: usize,
    tables: Vec<NodeId>,
}

/// Reads the text of `file` from `body` on.
pub(super) fn read(builder: &mut Builder, file: &SourceFile, body: usize, limits: &Limits) -> Result<Sections, Fatal> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut walk = Walk {
        builder,
        file,
        section: Section { body, ..Section::default() },
        text: PlainText::default(),
        in_title: false,
        nesting: 0,
        table: None,
        fence: None,
        found: Sections::default(),
    };
    for (event, range) in Parser::new_ext(&file.text()[body..], options).into_offset_iter() {
        let range = range.start + body..range.end + body;
        walk.event(&event, range.clone());
        if walk.builder.len() > limits.nodes {
            return Err(limit::too_many_nodes(trimmed(file, range), limits).into());
        }
    }
    walk.end_section(file.text().len());
    if walk.builder.len() > limits.nodes {
        return Err(limit::too_many_nodes(Span::at(file.text().len()), limits).into());
    }
    Ok(walk.found)
}

struct Walk<'a> {
    builder: &'a mut Builder,
    file: &'a SourceFile,
    section: Section,
    text: PlainText,
    in_title: bool,
    /// How many lists and quotations are open: a heading in them is no section of the file.
    nesting: usize,
    table: Option<Table>,
    /// The syntax of the open fenced block and the lines seen of it.
    fence: Option<(Syntax, Option<Range<usize>>)>,
    found: Sections,
}

impl Walk<'_> {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if self.nesting == 0 => {
                self.end_section(range.start);
                let level = *level as i64;
                let heading = trimmed(self.file, range.clone());
                self.section = Section { level, heading, body: range.end, ..Section::default() };
                self.in_title = true;
                return;
            }
            Event::End(TagEnd::Heading(_)) if self.in_title => {
                self.in_title = false;
                return;
            }
            _ if self.in_title => return self.title(event, range),
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => self.nesting += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => self.nesting -= 1,
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                self.fence = syntax(info).map(|syntax| (syntax, None));
            }
            Event::Text(_) => {
                if let Some((_, lines)) = &mut self.fence {
                    let start = lines.as_ref().map_or(range.start, |lines| lines.start);
                    *lines = Some(start..range.end);
                }
            }
            Event::End(TagEnd::CodeBlock) => self.end_fence(),
            Event::Start(Tag::Table(_)) => self.table = Some(Table::new(range.start)),
            Event::End(TagEnd::Table) => {
                if let Some(table) = self.table.take() {
                    let rows = table.finish(range.end, self.builder, self.file);
                    self.section.tables.push(rows);
                }
            }
            _ => {}
        }
        if let Some(table) = &mut self.table {
            table.event(event, range, self.builder, self.file);
        }
        self.text.event(event);
    }

    /// Takes in what stands inside a heading.
    fn title(&mut self, event: &Event<'_>, range: Range<usize>) {
        let section = &mut self.section;
        match event {
            Event::Text(text) | Event::Code(text) => section.title.push_str(text),
            Event::SoftBreak | Event::HardBreak => section.title.push(' '),
            _ => {}
        }
        let start = section.title_span.map_or(range.start as u32, |span| span.start);
        section.title_span = Some(Span { start, end: range.end as u32 });
    }

    fn end_fence(&mut self) {
        let Some((syntax, Some(lines))) = self.fence.take() else { return };
        let text = self.file.text();
        let start = text[..lines.start].rfind('\n').map_or(0, |at| at + 1);
        // In a quotation the lines carry marks of their own: it quotes a record and is none.
        if text[start..lines.start].trim().is_empty() {
            self.found.fences.push(Fence { syntax, span: Span::new(start, lines.end) });
        }
    }

    /// Adds the section that ends at `end`, unless it is the text before the first heading and there
    /// is none.
    fn end_section(&mut self, end: usize) {
        let section = std::mem::take(&mut self.section);
        let text = self.text.take();
        if section.level == 0 && text.is_empty() && section.tables.is_empty() {
            return;
        }
        let slug = if section.level == 0 { "preamble".to_owned() } else { slug(&section.title) };
        let empty = text.is_empty();
        let body = trimmed(self.file, section.body..end);
        let body = if body.is_empty() && section.level > 0 { Span::at(section.heading.end as usize) } else { body };
        let place = if section.level == 0 { Span::at(body.start as usize) } else { section.heading };
        let whole = Span { start: place.start, end: body.end.max(place.end) };

        let title_span = section.title_span.unwrap_or(Span { start: place.end, ..place });
        let title = self.text_node(title_span, section.title.trim());
        let slug = self.builder.made_text(place, &slug);
        let level = self.builder.scalar(place, Data::Int(section.level), false);
        let text = self.text_node(body, &text);
        let empty = self.builder.scalar(place, Data::Bool(empty), false);
        let tables = self.builder.list(body, &section.tables);
        let entry = |(key, value): (&str, NodeId)| Entry { key: Text::Owned(key.into()), span: section.heading, value };
        let entries =
            [("title", title), ("slug", slug), ("level", level), ("text", text), ("empty", empty), ("tables", tables)];
        let node = self.builder.map(whole, entries.into_iter().map(entry).collect());
        self.builder.set_key(node, section.heading);
        self.found.list.push(node);
    }

    fn text_node(&mut self, span: Span, text: &str) -> NodeId {
        let written = self.file.slice(span) == text;
        let data = Data::Text(if written { Text::Slice(span) } else { Text::Owned(text.into()) });
        self.builder.scalar(span, data, false)
    }
}

/// The syntax that the first word behind a fence names.
fn syntax(info: &str) -> Option<Syntax> {
    let word = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
    match word.to_ascii_lowercase().as_str() {
        "yaml" | "yml" => Some(Syntax::Yaml),
        "json" => Some(Syntax::Json),
        _ => None,
    }
}
