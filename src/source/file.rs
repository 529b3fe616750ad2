//! One file as read, with its line index.

use super::{Place, Span, spreadsheet};
use std::borrow::Cow;
use std::sync::OnceLock;

/// What had to be done to read the bytes of a file as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, as it should be.
    Utf8,
    /// Some bytes are no UTF-8; each such run is shown as U+FFFD. Holds the offset (in the shown
    /// text) of the first.
    Lossy(u32),
    /// It is called a spreadsheet, and none could be read from it. The text is empty.
    NoSpreadsheet,
    /// It is a spreadsheet that holds more than is read. The text is empty.
    LargeSpreadsheet,
}

/// The text of a file and where its lines begin. A byte order mark is not part of the text, so that
/// offsets and columns are the same with and without it.
#[derive(Debug)]
pub struct SourceFile {
    path: Box<str>,
    commit: Option<Box<str>>,
    text: String,
    encoding: Encoding,
    /// Offsets of the first byte of each line; made when the first place is asked for.
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// Takes the bytes of `path` (relative to the root, with `/`). A spreadsheet (`.xlsx`) becomes the CSV of
    /// its sheet, a row a line.
    pub fn new(path: impl Into<Box<str>>, bytes: Vec<u8>) -> Self {
        let path = path.into();
        if spreadsheet::is_spreadsheet(&path) {
            let (text, encoding) = match spreadsheet::text(&bytes) {
                Ok(text) => (text, Encoding::Utf8),
                Err(spreadsheet::Unread::NoWorkbook) => (String::new(), Encoding::NoSpreadsheet),
                Err(spreadsheet::Unread::TooLarge) => (String::new(), Encoding::LargeSpreadsheet),
            };
            return SourceFile { path, commit: None, text, encoding, lines: OnceLock::new() };
        }
        let bytes = match bytes.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) => rest.to_vec(),
            None => bytes,
        };
        let (text, encoding) = match String::from_utf8(bytes) {
            Ok(text) => (text, Encoding::Utf8),
            Err(error) => {
                let first = u32::try_from(error.utf8_error().valid_up_to()).unwrap_or(u32::MAX);
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), Encoding::Lossy(first))
            }
        };
        SourceFile { path, commit: None, text, encoding, lines: OnceLock::new() }
    }

    /// The file as it is in another commit than the one that is judged.
    pub fn of_commit(self, commit: impl Into<Box<str>>) -> Self {
        SourceFile { commit: Some(commit.into()), ..self }
    }

    /// The path from the root, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The commit that it is read from, where that is another one than what is judged.
    pub fn commit(&self) -> Option<&str> {
        self.commit.as_deref()
    }

    /// What places call it: its path, after the name of another commit as git writes it, `main:soa.yaml`.
    pub fn name(&self) -> Cow<'_, str> {
        match &self.commit {
            Some(commit) => format!("{commit}:{}", self.path).into(),
            None => (&*self.path).into(),
        }
    }

    /// The text without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the bytes were UTF-8.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The text of `span`; empty when the span does not lie on character boundaries of this file.
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at as u32 + 1)).collect()
        })
    }

    /// The number of lines; an empty file has one.
    pub fn line_count(&self) -> u32 {
        self.lines().len() as u32
    }

    /// The range of line `line` (from 1) without its line break.
    pub fn line_span(&self, line: u32) -> Span {
        let lines = self.lines();
        let index = (line.max(1) as usize - 1).min(lines.len() - 1);
        let start = lines[index] as usize;
        let end = lines.get(index + 1).map_or(self.text.len(), |next| *next as usize - 1);
        let end = if end > start && self.text.as_bytes()[end - 1] == b'\r' { end - 1 } else { end };
        Span::new(start, end)
    }

    /// The line (from 1) that holds the byte at `offset`.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.lines().partition_point(|start| *start <= offset) as u32
    }

    fn line_and_column(&self, offset: u32) -> (u32, u32) {
        let line = self.line_of(offset);
        let span = self.line_span(line);
        let start = span.start as usize;
        // Within a line break of two bytes one is still behind the last character.
        let end = self.text.floor_char_boundary(offset.min(span.end) as usize).max(start);
        (line, self.text[start..end].chars().count() as u32 + 1)
    }

    /// Turns a byte range into lines and columns.
    pub fn place(&self, span: Span) -> Place {
        let (line, column) = self.line_and_column(span.start);
        // A range that takes its line break with it ends on the line it began to leave.
        let mut end = span.end.min(self.text.len() as u32).max(span.start);
        while end > span.start && matches!(self.text.as_bytes()[end as usize - 1], b'\n' | b'\r') {
            end -= 1;
        }
        let (end_line, end_column) = self.line_and_column(end);
        Place { line, column, end_line, end_column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, start: usize, end: usize) -> (u32, u32, u32, u32) {
        let place = SourceFile::new("f", text.as_bytes().to_vec()).place(Span::new(start, end));
        (place.line, place.column, place.end_line, place.end_column)
    }

    #[test]
    fn places_count_from_one_in_characters() {
        // text, start, end -> line, column, end line, end column; counted by hand
        let table = [
            ("", 0, 0, (1, 1, 1, 1)),
            ("ab\ncd\n", 3, 5, (2, 1, 2, 3)),
            ("ab\r\ncd", 4, 6, (2, 1, 2, 3)),
            ("ab\ncd\n", 0, 3, (1, 1, 1, 3)),
            ("é=ü", 2, 3, (1, 2, 1, 3)),
            ("\u{FEFF}ab", 0, 1, (1, 1, 1, 2)),
            ("ab\n", 3, 3, (2, 1, 2, 1)),
            ("ab\r\n", 3, 3, (1, 3, 1, 3)),
        ];
        for (text, start, end, expected) in table {
            assert_eq!(place(text, start, end), expected, "{text:?} {start}..{end}");
        }
    }

    #[test]
    fn bytes_that_are_no_utf8_are_kept_readable_and_reported() {
        let file = SourceFile::new("f", b"a\xFFb".to_vec());
        assert_eq!(file.text(), "a\u{FFFD}b");
        assert_eq!(file.encoding(), Encoding::Lossy(1));
    }
}
