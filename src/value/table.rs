//! Tables as CSV: `rows`, a list of lists of cells. Which row names the columns is for whoever knows what
//! the table is about.

use super::limit;
use super::{Builder, Data, Entry, Limits, NodeId, Problem, Text};
use crate::source::{SourceFile, Span};
use csv_core::{ReadFieldResult, ReaderBuilder};

/// Marks between cells: commas, and what spreadsheets write where a comma stands in numbers.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Lines that are looked at to tell which one it is.
const SAMPLE: usize = 20;

/// Reads `file`: one map with `rows`. Lines without a cell are no rows.
pub(super) fn read(builder: &mut Builder, file: &SourceFile, limits: &Limits, problems: &mut Vec<Problem>) {
    let text = file.text();
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).build();
    let mut cell = vec![0; text.len() + 1];
    let (mut at, mut row, mut rows) = (0, Vec::new(), Vec::new());
    // A cell may come in two parts: the end of the text is only seen by the call after it.
    let (mut from, mut filled) = (0, 0);
    loop {
        let (result, read, written) = reader.read_field(&text.as_bytes()[at..], &mut cell[filled..]);
        at += read;
        filled += written;
        let span = bare(text, from, at);
        match result {
            ReadFieldResult::Field { record_end } => {
                row.push(scalar(builder, file, span, &cell[..filled]));
                (from, filled) = (at, 0);
                if record_end {
                    rows.push(finish(builder, &mut row));
                }
            }
            ReadFieldResult::InputEmpty if read > 0 => {}
            ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull | ReadFieldResult::End => break,
        }
        if builder.len() > limits.nodes {
            return problems.push(limit::too_many_nodes(span, limits));
        }
    }
    let whole = Span::new(0, text.trim_end().len());
    let list = builder.list(whole, &rows);
    let root = builder.map(whole, vec![Entry { key: Text::Owned("rows".into()), span: Span::at(0), value: list }]);
    builder.root(root);
}

/// The mark that stands most often in the first lines.
fn delimiter(text: &str) -> u8 {
    let count = |mark: u8| text.lines().take(SAMPLE).flat_map(str::bytes).filter(|byte| *byte == mark).count();
    // A comma stands in prose too, so that of as many the other marks are meant.
    DELIMITERS.into_iter().filter(|mark| count(*mark) > 0).max_by_key(|mark| count(*mark)).unwrap_or(b',')
}

/// A cell as written, without the mark or line break behind it and line breaks before it.
fn bare(text: &str, from: usize, to: usize) -> Span {
    let written = &text[from..to];
    let start = from + written.len() - written.trim_start_matches(['\r', '\n']).len();
    let written = text[start.min(to)..to].trim_end_matches(['\r', '\n']);
    let written = written.strip_suffix(|c: char| DELIMITERS.contains(&(c as u8)) && c.is_ascii()).unwrap_or(written);
    let end = start + written.len();
    let start = end - written.trim_start().len();
    Span::new(start, start + written.trim().len())
}

fn scalar(builder: &mut Builder, file: &SourceFile, span: Span, cell: &[u8]) -> NodeId {
    let value = String::from_utf8_lossy(cell);
    // What `annexa soa` puts before a sign that spreadsheets take for a formula.
    let value = value.trim();
    let value = match value.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => value,
    };
    let data = Data::Text(if file.slice(span) == value { Text::Slice(span) } else { Text::Owned(value.into()) });
    builder.scalar(span, data, true)
}

fn finish(builder: &mut Builder, row: &mut Vec<NodeId>) -> NodeId {
    let cells = std::mem::take(row);
    let ends = |node: Option<&NodeId>| node.map(|node| builder.tree().node(*node).span).unwrap_or_default();
    let (first, last) = (ends(cells.first()), ends(cells.last()));
    builder.list(Span { start: first.start, end: last.end }, &cells)
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, read as read_file};
    use super::*;
    use std::sync::Arc;

    /// The cells of each row with the line and column that they begin at.
    fn rows(text: &str) -> Vec<Vec<(String, u32, u32)>> {
        let file = Arc::new(SourceFile::new("soa.csv", text.as_bytes().to_vec()));
        let (tree, problems) = read_file(Arc::clone(&file), Syntax::Table, &Limits::default());
        assert_eq!(problems.len(), 0, "{text:?}");
        let rows = tree.get(tree.roots()[0], "rows").expect("rows");
        let cell = |node: &NodeId| {
            let place = file.place(tree.node(*node).span);
            (tree.scalar_text(*node).unwrap_or_default().to_owned(), place.line, place.column)
        };
        tree.items(rows).iter().map(|row| tree.items(*row).iter().map(cell).collect()).collect()
    }

    fn plain(text: &str) -> Vec<Vec<String>> {
        rows(text).into_iter().map(|row| row.into_iter().map(|(cell, ..)| cell).collect()).collect()
    }

    #[test]
    fn cells_and_their_places() {
        let cells = rows("control,applicable\n\"A.2.2\",yes\r\n\nA.2.3, \"no, \"\"never\"\"\"\n");
        let expected = [
            vec![("control".to_owned(), 1, 1), ("applicable".to_owned(), 1, 9)],
            vec![("A.2.2".to_owned(), 2, 1), ("yes".to_owned(), 2, 9)],
        ];
        assert_eq!(cells[..2], expected);
        assert_eq!(cells[2][0], ("A.2.3".to_owned(), 4, 1));
    }

    #[test]
    fn semicolons_tabs_and_quoted_line_breaks() {
        assert_eq!(plain("a;b, c\n1;2,5\n"), [["a", "b, c"], ["1", "2,5"]]);
        assert_eq!(plain("a\tb\n1\t2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(plain("a,b\n\"one\ntwo\",\n"), [["a", "b"], ["one\ntwo", ""]]);
        assert_eq!(rows("a,b\n\"one\ntwo\",x\ny,z\n")[2][0], ("y".to_owned(), 4, 1));
    }

    #[test]
    fn a_byte_order_mark_and_nothing_at_all() {
        assert_eq!(plain("\u{feff}a,b\n"), [["a", "b"]]);
        assert_eq!(plain(""), Vec::<Vec<String>>::new());
        assert_eq!(plain("\n\n"), Vec::<Vec<String>>::new());
    }
}
