//! Tables of a section: one map a row, keyed by the slugs of the header.

use super::slug::slug;
use super::text::is_break;
use super::trimmed;
use crate::source::{SourceFile, Span};
use crate::value::{Builder, Data, Entry, NodeId, Text};
use pulldown_cmark::{Event, Tag, TagEnd};
use std::collections::HashMap;
use std::ops::Range;

/// A column: its key and where its header stands.
struct Column {
    key: String,
    span: Span,
}

/// The table that is being read.
pub(super) struct Table {
    start: usize,
    columns: Vec<Column>,
    /// How often a name was taken; equal headers are numbered from it.
    names: HashMap<String, usize>,
    rows: Vec<NodeId>,
    row: Vec<Entry>,
    /// The row without its line break; the parser places the cells that it lacks behind it.
    row_span: Span,
    cell: String,
}

impl Table {
    pub(super) fn new(start: usize) -> Self {
        Table {
            start,
            columns: Vec::new(),
            names: HashMap::new(),
            rows: Vec::new(),
            row: Vec::new(),
            row_span: Span::default(),
            cell: String::new(),
        }
    }

    /// Takes in an event inside the table, which stands at `range` of the file.
    pub(super) fn event(&mut self, event: &Event<'_>, range: Range<usize>, builder: &mut Builder, file: &SourceFile) {
        match event {
            Event::Text(text) | Event::Code(text) => self.cell.push_str(text),
            Event::SoftBreak | Event::HardBreak => self.cell.push(' '),
            Event::InlineHtml(tag) if is_break(tag) => self.cell.push(' '),
            Event::Start(Tag::TableHead | Tag::TableRow) => self.row_span = trimmed(file, range),
            Event::End(TagEnd::TableCell) => {
                let end = self.row_span.end as usize;
                self.end_cell(trimmed(file, range.start.min(end)..range.end.min(end)), builder, file);
            }
            Event::End(TagEnd::TableHead) => {
                // What was read as the first row is the header.
                for entry in std::mem::take(&mut self.row) {
                    let title = builder.tree().as_str(entry.value).unwrap_or_default();
                    let key = self.unused(slug(title));
                    self.columns.push(Column { key, span: entry.span });
                }
            }
            Event::End(TagEnd::TableRow) => {
                let span = self.row_span;
                let mut entries = std::mem::take(&mut self.row);
                for (entry, column) in entries.iter_mut().zip(&self.columns) {
                    entry.key = Text::Owned(column.key.as_str().into());
                    entry.span = column.span;
                    builder.set_key(entry.value, span);
                }
                let row = builder.map(span, entries);
                builder.set_key(row, span);
                self.rows.push(row);
            }
            _ => {}
        }
    }

    fn end_cell(&mut self, span: Span, builder: &mut Builder, file: &SourceFile) {
        // Pages break mentions and addresses up with a space of no width; it is none of the text.
        let text = std::mem::take(&mut self.cell).replace('\u{200B}', "");
        let text = text.trim();
        let written = file.slice(span) == text;
        let data = Data::Text(if written { Text::Slice(span) } else { Text::Owned(text.into()) });
        let value = builder.scalar(span, data, true);
        self.row.push(Entry { key: Text::Slice(Span::at(span.start as usize)), span, value });
    }

    /// A key that no column before has: columns without a header are `column`, equal ones are numbered.
    fn unused(&mut self, name: String) -> String {
        let name = if name.is_empty() { "column".to_owned() } else { name };
        let mut key = name.clone();
        loop {
            let count = self.names.entry(key.clone()).or_insert(0);
            *count += 1;
            if *count == 1 {
                return key;
            }
            // Counting on from the plain name keeps many equal headers cheap.
            let number = self.names.get(&name).copied().unwrap_or_default();
            key = format!("{name}-{number}");
        }
    }

    /// The list of rows.
    pub(super) fn finish(self, end: usize, builder: &mut Builder, file: &SourceFile) -> NodeId {
        builder.list(trimmed(file, self.start..end), &self.rows)
    }
}
