//! Tables as files: CSV and workbooks.

use super::{Options, Sheet, Sheets};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use std::io;

/// Width of a column of prose in a workbook, in characters.
const PROSE: f64 = 60.0;

/// Characters that the name of a sheet may have.
const NAME: usize = 31;

/// Rows of all tables under the columns of the first; one table a file is what a reader expects.
pub(super) fn csv(Sheets(sheets): &Sheets, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    for (index, sheet) in sheets.iter().filter(|sheet| !sheet.overview).enumerate() {
        if index == 0 {
            writer.write_record(sheet.columns.iter().map(|column| column.key)).map_err(io::Error::from)?;
        }
        for row in &sheet.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(io::Error::from)?;
        }
    }
    writer.flush()
}

/// A cell that no spreadsheet takes for a formula. Reading takes the mark off again.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t']) { format!("'{cell}") } else { cell.to_owned() }
}

pub(super) fn xlsx(Sheets(sheets): &Sheets, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let bytes = book(sheets).map_err(io::Error::other)?;
    out.write_all(&bytes)
}

fn book(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same tables are the same bytes, whenever they are written.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2023, 12, 18)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    let head = Format::new().set_bold();
    let prose = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (index, table) in sheets.iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(name(&table.title, index))?;
        for (column, about) in (0u16..).zip(&table.columns) {
            sheet.write_string_with_format(0, column, about.key, &head)?;
            let widest =
                table.rows.iter().map(|row| row[usize::from(column)].chars().count()).max().unwrap_or_default();
            sheet.set_column_width(column, (widest.max(about.key.len()) as f64 + 2.0).min(PROSE))?;
        }
        for (line, row) in (1u32..).zip(&table.rows) {
            for (column, cell) in (0u16..).zip(row) {
                sheet.write_string_with_format(line, column, clip(cell), &prose)?;
            }
        }
        sheet.set_freeze_panes(1, 1)?;
    }
    book.save_to_buffer()
}

/// Characters that a cell of a workbook may have.
const CELL: usize = 32_000;

fn clip(cell: &str) -> String {
    crate::source::clip(cell, CELL)
}

/// A name that a sheet may have, told apart by its number.
fn name(title: &str, index: usize) -> String {
    let number = format!("{} ", index + 1);
    let allowed = title.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control());
    number.chars().chain(allowed).take(NAME).collect::<String>().trim_end().to_owned()
}
