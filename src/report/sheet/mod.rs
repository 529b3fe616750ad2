//! Tables that people ask for: the decisions of a Statement of Applicability, the cells of a life-cycle
//! matrix. One form for all of them, so that each command only says what is in its cells.

mod files;
#[cfg(test)]
mod tests;

use super::Format;
use super::markup::{cell, words};
use super::{Options, json};
use std::io;

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in files for programs, and its header in tables that are read back.
    pub key: &'static str,
    /// Its header for people.
    pub title: &'static str,
    /// How much of the width that is left it gets; 0 for as wide as its cells.
    pub share: usize,
    /// Whether it is shown at a terminal and on a page, where there is less room than in a file.
    pub shown: bool,
}

/// A table with what has to be said above and below it. Cells hold text of strangers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// What it is.
    pub title: String,
    /// Sentences above it.
    pub above: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows: a cell a column. A list holds its items on lines.
    pub rows: Vec<Vec<String>>,
    /// Sentences below it.
    pub below: Vec<String>,
    /// Whether it only shows at a glance what another table holds row by row; left out where one table is wanted.
    pub overview: bool,
}

/// The tables of one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheets(pub Vec<Sheet>);

/// Every output format of tables.
pub static SHEET_FORMATS: &[Format<Sheets>] = &[
    Format { name: "text", help: "for people at a terminal", write: super::text::write_sheets },
    Format { name: "markdown", help: "for pages and pull requests", write: markdown },
    Format { name: "csv", help: "for spreadsheets; a table is read back", write: files::csv },
    Format { name: "xlsx", help: "a workbook, a sheet a table; read back too", write: files::xlsx },
    Format { name: "json", help: "for programs", write: for_programs },
];

impl Sheet {
    /// The columns that are shown to people, with their positions.
    pub fn shown(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.shown)
    }
}

/// A row of a Markdown table.
fn table_row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

fn markdown(Sheets(sheets): &Sheets, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    for (index, sheet) in sheets.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "## {}\n", words(&sheet.title))?;
        for sentence in &sheet.above {
            writeln!(out, "{}\n", words(sentence))?;
        }
        // A page is scrolled: it holds whatever is filled in, so that it can be read back.
        let filled = |at: usize| sheet.rows.iter().any(|row| !row[at].is_empty());
        let columns: Vec<(usize, &Column)> =
            sheet.columns.iter().enumerate().filter(|(at, column)| column.shown || filled(*at)).collect();
        if !sheet.rows.is_empty() {
            let titles: Vec<String> = columns.iter().map(|(_, column)| column.title.to_owned()).collect();
            out.write_all(table_row(&titles).as_bytes())?;
            out.write_all(table_row(&vec!["---".to_owned(); titles.len()]).as_bytes())?;
        }
        for row in &sheet.rows {
            let cells = columns.iter().map(|(at, _)| row[*at].lines().map(cell).collect::<Vec<_>>().join("<br>"));
            out.write_all(table_row(&cells.collect::<Vec<_>>()).as_bytes())?;
        }
        for sentence in &sheet.below {
            writeln!(out, "\n{}", words(sentence))?;
        }
    }
    Ok(())
}

fn for_programs(Sheets(sheets): &Sheets, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let row = |sheet: &Sheet, row: &Vec<String>| -> serde_json::Value {
        sheet
            .columns
            .iter()
            .zip(row)
            .map(|(column, cell)| (column.key.to_owned(), cell.as_str().into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let tables: Vec<serde_json::Value> = sheets
        .iter()
        .map(|sheet| {
            let rows: Vec<_> = sheet.rows.iter().map(|each| row(sheet, each)).collect();
            serde_json::json!({"title": sheet.title, "above": sheet.above, "rows": rows, "below": sheet.below})
        })
        .collect();
    let tool = serde_json::json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")});
    json::write_value(&serde_json::json!({"format": "annexa-table", "version": 1, "tool": tool, "tables": tables}), out)
}
