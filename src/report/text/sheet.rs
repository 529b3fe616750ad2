//! Tables at a terminal: columns as wide as the room allows, cells wrapped; with `--plain` a line a cell.

use super::page::{Page, shown, wrap};
use crate::report::Options;
use crate::report::sheet::{Sheet, Sheets};
use crate::source::clip;
use owo_colors::{OwoColorize, Style};
use std::io;

/// The widest column that takes its width from its cells, and the narrowest that shares what is left.
const FIXED: usize = 28;
const NARROWEST: usize = 14;

/// Lines of a cell that are shown.
const LINES: usize = 6;

/// Writes all tables.
pub fn write(Sheets(sheets): &Sheets, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::new(out, options);
    for (index, sheet) in sheets.iter().enumerate() {
        if index > 0 {
            page.blank()?;
        }
        page.heading(&shown(&sheet.title))?;
        for sentence in &sheet.above {
            page.paragraph(2, "", Style::new(), sentence)?;
        }
        if !sheet.rows.is_empty() {
            page.blank()?;
            if options.plain { linear(&mut page, sheet)? } else { columns(&mut page, sheet)? }
        }
        if !sheet.below.is_empty() {
            page.blank()?;
        }
        for sentence in &sheet.below {
            page.paragraph(2, "", Style::new(), sentence)?;
        }
    }
    Ok(())
}

fn linear(page: &mut Page, sheet: &Sheet) -> io::Result<()> {
    for row in &sheet.rows {
        let cells = sheet.shown().filter(|(at, _)| !row[*at].is_empty());
        let said: Vec<String> = cells.map(|(at, column)| format!("{}: {}", column.title, shown(&row[at]))).collect();
        page.line(said.join("; "))?;
    }
    Ok(())
}

fn columns(page: &mut Page, sheet: &Sheet) -> io::Result<()> {
    let widths = widths(page.width, sheet);
    let head: Vec<Vec<String>> = sheet.shown().map(|(_, column)| vec![column.title.to_owned()]).collect();
    lines(page, &head, &widths, page.styles.dim)?;
    for row in &sheet.rows {
        let cells: Vec<Vec<String>> =
            sheet.shown().zip(&widths).map(|((at, _), width)| cell(&row[at], *width)).collect();
        lines(page, &cells, &widths, Style::new())?;
    }
    Ok(())
}

/// A line in pieces that fit: paths and ids have no spaces, and break behind their marks if they can.
fn broken(line: String, width: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest: Vec<char> = line.chars().collect();
    while rest.len() > width {
        let mark = rest[..width].iter().rposition(|c| matches!(c, '-' | '/' | '_' | '.' | ','));
        let at = mark.map_or(width, |mark| mark + 1);
        pieces.push(rest.drain(..at).collect());
    }
    pieces.push(rest.into_iter().collect());
    pieces
}

/// The lines of a cell that are shown; what is left out is in the formats for files.
fn cell(text: &str, width: usize) -> Vec<String> {
    // What cannot be shown anyway is not wrapped: a cell may hold megabytes.
    let text = clip(text, (LINES + 1) * width * 4);
    let mut lines: Vec<String> =
        text.lines().flat_map(|line| wrap(&shown(line), width, 0, 0)).flat_map(|line| broken(line, width)).collect();
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            *last = format!("{}…", last.chars().take(width - 1).collect::<String>().trim_end());
        }
    }
    lines
}

fn widths(page: usize, sheet: &Sheet) -> Vec<usize> {
    let natural = |at: usize, title: &str| {
        let cells = sheet.rows.iter().flat_map(|row| row[at].lines()).map(|line| line.chars().count());
        cells.max().unwrap_or_default().max(title.chars().count())
    };
    let shown: Vec<(usize, usize)> =
        sheet.shown().map(|(at, column)| (column.share, natural(at, column.title))).collect();
    let fixed: usize = shown.iter().filter(|(share, _)| *share == 0).map(|(_, width)| (*width).min(FIXED) + 2).sum();
    let shares: usize = shown.iter().map(|(share, _)| share).sum();
    let gaps = 2 * shown.iter().filter(|(share, _)| *share > 0).count();
    let left = page.saturating_sub(2 + fixed + gaps);
    let width = |(share, natural): &(usize, usize)| match share {
        0 => (*natural).min(FIXED),
        _ => (left * share / shares.max(1)).max(NARROWEST).min((*natural).max(1)),
    };
    shown.iter().map(width).collect()
}

fn lines(page: &mut Page, cells: &[Vec<String>], widths: &[usize], style: Style) -> io::Result<()> {
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    for line in 0..height {
        let mut text = String::from(" ");
        for (cell, width) in cells.iter().zip(widths) {
            let piece = cell.get(line).map_or("", String::as_str);
            text.push_str(&format!(" {piece:width$} "));
        }
        page.line(text.trim_end().style(style))?;
    }
    Ok(())
}
