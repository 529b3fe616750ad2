//! Spreadsheets as text: what people keep as `.xlsx` is read like the CSV that they could save it as.
//!
//! A row of the sheet becomes a line of the text, so that line numbers are row numbers.

use calamine::{Data, Reader, Xlsx};
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

/// The sheet as CSV; `None` for what is no workbook, or unpacks to more than is read.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    if unpacked(bytes)? > UNPACKED {
        return None;
    }
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).ok()?;
    let names = book.sheet_names();
    let meant = |name: &&String| MEANT.iter().any(|word| name.to_lowercase().contains(word));
    let name = names.iter().find(meant).or_else(|| names.first())?.clone();
    let range = book.worksheet_range(&name).ok()?;
    let (first_row, first_column) = range.start().unwrap_or_default();
    // A cell far away stands for as many empty rows; they are lines all the same, up to a limit.
    let above = usize::try_from(first_row).ok().filter(|rows| *rows < ROWS)?;
    let left = usize::try_from(first_column).ok().filter(|columns| *columns < COLUMNS)?;
    let mut text = "\n".repeat(above);
    for row in range.rows().take(ROWS - above) {
        text.push_str(&",".repeat(left));
        for (column, cell) in row.iter().take(COLUMNS - left).enumerate() {
            if column > 0 {
                text.push(',');
            }
            push(&mut text, &written(cell));
        }
        text.push('\n');
    }
    Some(text)
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
            Some("\n,Control,Decided\n,\"A.2.2, A.2.3\",2026-10-12\n,\"two lines \"\"quoted\"\"\",7\n")
        );
    }

    #[test]
    fn what_is_no_workbook_is_nothing() {
        for bytes in [&b""[..], b"PK\x03\x04", b"not a workbook"] {
            assert_eq!(text(bytes), None);
        }
        let whole = book(|book| {
            book.add_worksheet().write(0, 0, "a").expect("a cell");
        });
        for cut in [10, whole.len() / 2, whole.len() - 1] {
            assert_eq!(text(&whole[..cut]), None, "cut at {cut}");
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
        assert_eq!(text(&bytes), None);
    }
}
