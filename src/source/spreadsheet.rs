//! Spreadsheets as text: what people keep as `.xlsx` is read like the CSV that they could save it as.
//!
//! A row of the sheet becomes a line of the text, so that line numbers are row numbers.

use calamine::{Data, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Bytes that an archive may unpack to. A sheet of decisions has some hundred kilobytes.
const UNPACKED: u64 = 32 << 20;

/// Rows and columns that are read.
const ROWS: usize = 20_000;
const COLUMNS: usize = 200;

/// Words in the name of the sheet that is meant, where a workbook has several.
const MEANT: [&str; 3] = ["applicab", "soa", "statement"];

/// Whether a path names a spreadsheet.
pub(super) fn is_spreadsheet(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("xlsx"))
}

/// Why a workbook is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is none, or has a password.
    NoWorkbook,
    /// It holds more than is read.
    TooLarge,
}

/// The sheet as CSV. Cells are taken one by one: a sheet with two cells far apart would fill memory.
pub(super) fn text(bytes: &[u8]) -> Result<String, Unread> {
    if unpacked(bytes).ok_or(Unread::NoWorkbook)? > UNPACKED {
        return Err(Unread::TooLarge);
    }
    let none = |_| Unread::NoWorkbook;
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(none)?;
    let names = book.sheet_names();
    let meant = |name: &&String| MEANT.iter().any(|word| name.to_lowercase().contains(word));
    let name = names.iter().find(meant).or_else(|| names.first()).ok_or(Unread::NoWorkbook)?.clone();
    let mut cells = book.worksheet_cells_reader(&name).map_err(none)?;
    let mut rows: BTreeMap<usize, BTreeMap<usize, String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(none)? {
        let (row, column) = cell.get_position();
        let text = written(&Data::from(cell.get_value().clone()));
        if text.is_empty() {
            continue;
        }
        let place = |number: u32, limit: usize| usize::try_from(number).ok().filter(|number| *number < limit);
        let (Some(row), Some(column)) = (place(row, ROWS), place(column, COLUMNS)) else {
            return Err(Unread::TooLarge);
        };
        rows.entry(row).or_default().insert(column, text);
    }
    let mut text = String::new();
    let last = rows.last_key_value().map_or(0, |(row, _)| row + 1);
    for row in 0..last {
        let cells = rows.remove(&row).unwrap_or_default();
        let width = cells.last_key_value().map_or(0, |(column, _)| column + 1);
        for column in 0..width {
            if column > 0 {
                text.push(',');
            }
            push(&mut text, cells.get(&column).map_or("", String::as_str));
        }
        text.push('\n');
    }
    Ok(text)
}

/// How many bytes the archive unpacks to, counted rather than believed; just above the limit at most.
fn unpacked(bytes: &[u8]) -> Option<u64> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut total = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index(index).ok()?;
        total += std::io::copy(&mut entry.take(UNPACKED + 1 - total), &mut std::io::sink()).ok()?;
        if total > UNPACKED {
            break;
        }
    }
    Some(total)
}

/// A cell as people would write it; line breaks inside one would shift the lines.
fn written(cell: &Data) -> String {
    let text = match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    };
    text.replace(['\r', '\n'], " ")
}

fn push(text: &mut String, cell: &str) {
    if cell.contains(['"', ',', ';', '\t']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
        let mut book = Workbook::new();
        fill(&mut book);
        book.save_to_buffer().expect("a workbook can be made")
    }

    #[test]
    fn rows_are_lines_and_the_sheet_that_is_meant_is_read() {
        let bytes = book(|book| {
            book.add_worksheet().set_name("Cover").expect("a name").write(0, 0, "Halden Tools").expect("a cell");
            let sheet = book.add_worksheet();
            sheet.set_name("SoA 2026").expect("a name");
            let day = ExcelDateTime::parse_from_str("2026-10-12").expect("a day");
            sheet.write(1, 1, "Control").expect("a cell").write(1, 2, "Decided").expect("a cell");
            sheet.write(2, 1, "A.2.2, A.2.3").expect("a cell");
            sheet.write_with_format(2, 2, &day, &Format::new().set_num_format("yyyy-mm-dd")).expect("a cell");
            sheet.write(3, 1, "two\nlines \"quoted\"").expect("a cell").write(3, 2, 7.0).expect("a cell");
        });
        assert_eq!(
            text(&bytes).as_deref(),
            Ok("\n,Control,Decided\n,\"A.2.2, A.2.3\",2026-10-12\n,\"two lines \"\"quoted\"\"\",7\n")
        );
    }

    #[test]
    fn what_is_no_workbook_is_nothing() {
        for bytes in [&b""[..], b"PK\x03\x04", b"not a workbook"] {
            assert_eq!(text(bytes), Err(Unread::NoWorkbook));
        }
        let whole = book(|book| {
            book.add_worksheet().write(0, 0, "a").expect("a cell");
        });
        for cut in [10, whole.len() / 2, whole.len() - 1] {
            assert_eq!(text(&whole[..cut]), Err(Unread::NoWorkbook), "cut at {cut}");
        }
    }

    #[test]
    fn cells_far_away_are_not_read_and_cost_nothing() {
        for (row, column) in [(1_048_575, 16_383), (ROWS as u32, 0), (0, COLUMNS as u16)] {
            let bytes = book(|book| {
                let sheet = book.add_worksheet();
                sheet.write(0, 0, "a").expect("a cell").write(row, column, "b").expect("a cell");
            });
            assert_eq!(text(&bytes), Err(Unread::TooLarge), "{row}, {column}");
        }
    }

    #[test]
    fn an_archive_that_unpacks_to_much_is_not_read() {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let deflated = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        archive.start_file("xl/worksheets/sheet1.xml", deflated).expect("an entry");
        let block = vec![b' '; 1 << 20];
        (0..40).for_each(|_| archive.write_all(&block).expect("bytes"));
        let bytes = archive.finish().expect("an archive").into_inner();
        assert!(bytes.len() < 1 << 20, "it is small as it lies");
        assert_eq!(unpacked(&bytes), Some(UNPACKED + 1));
        assert_eq!(text(&bytes), Err(Unread::TooLarge));
    }
}
