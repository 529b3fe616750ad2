//! Excerpts of files with their labelled places, drawn by miette.
//!
//! miette draws what it is given: it takes escape sequences for text, panics on a label beyond column
//! 65,535 and reads a file from its start for each label. So it gets an [`Excerpt`]: a small text of
//! the few lines that matter, harmless and clipped, which answers with the line and column of the file.

use super::page::{Page, harmless, shown};
use crate::source::{Place, SourceFile, Span, clip};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use owo_colors::Style;
use std::fmt;

/// Lines above this many characters are clipped.
const LONG: usize = 200;
/// The characters shown of a clipped line, and how many of them stand before the label.
const WINDOW: usize = 140;
const BEFORE: usize = 40;
/// Places over more lines than this show their first line and say where they end.
const MOST_LINES: u32 = 8;
/// Characters of a label.
const LABEL: usize = 160;

/// A place to draw.
pub(super) struct Mark<'a> {
    pub span: Span,
    pub label: &'a str,
    pub style: Style,
    pub main: bool,
}

/// The lines of one file around some places.
#[derive(Debug)]
struct Excerpt {
    name: String,
    text: String,
    blocks: Vec<Block>,
    labels: Vec<Label>,
}

/// Neighbouring lines of the file.
#[derive(Debug)]
struct Block {
    /// The number of its first line.
    line: u32,
    /// How many lines it has.
    count: u32,
    /// Its bytes in the text of the excerpt.
    start: usize,
    end: usize,
}

#[derive(Debug)]
struct Label {
    /// Which of the places it is.
    cut: usize,
    /// Bytes in the text of the excerpt.
    start: usize,
    end: usize,
    /// Where it begins in the file.
    line: u32,
    column: u32,
    text: Option<String>,
    style: Style,
    main: bool,
}

/// A place on the way into the excerpt: cut down to lines that can be shown.
struct Cut<'a> {
    mark: &'a Mark<'a>,
    place: Place,
    /// Bytes of the file, on character boundaries.
    start: usize,
    end: usize,
    last_line: u32,
    /// Whether it stands on a line that has to be clipped around it.
    long: bool,
    note: String,
}

/// Lines of the file that are shown together, and where the window of a long line begins.
struct Lines {
    first: u32,
    last: u32,
    window: usize,
    long: bool,
    main: bool,
}

fn is_long(file: &SourceFile, line: u32) -> bool {
    let span = file.line_span(line);
    // Bytes are at least as many as characters, so most lines need no count.
    span.len() > LONG && file.slice(span).chars().count() > LONG
}

impl<'a> Cut<'a> {
    fn new(file: &SourceFile, mark: &'a Mark<'a>) -> Self {
        let text = file.text();
        let start = text.floor_char_boundary(mark.span.start as usize);
        let end = text.ceil_char_boundary((mark.span.end as usize).min(text.len())).max(start);
        let place = file.place(Span::new(start, end));
        let mut cut = Cut { mark, place, start, end, last_line: place.end_line, long: false, note: String::new() };
        cut.long = is_long(file, place.line);
        let several = place.end_line > place.line;
        let too_many = place.end_line - place.line >= MOST_LINES;
        let any_long = || (place.line..=place.end_line).any(|line| is_long(file, line));
        if several && (too_many || any_long()) {
            cut.last_line = place.line;
            cut.note = format!("lines {} to {}", place.line, place.end_line);
        }
        // The line break is no part of what is underlined.
        cut.end = cut.end.min(file.line_span(cut.last_line).end as usize).max(start);
        cut
    }
}

impl Excerpt {
    fn new(file: &SourceFile, marks: &[Mark]) -> Self {
        let mut cuts: Vec<Cut> = marks.iter().map(|mark| Cut::new(file, mark)).collect();
        cuts.sort_by_key(|cut| (cut.start, cut.end));
        let mut excerpt =
            Excerpt { name: shown(file.path()), text: String::new(), blocks: Vec::new(), labels: Vec::new() };
        let mut groups = group(file, &cuts);
        // The main place is read first, wherever it stands in the file.
        groups.sort_by_key(|lines| !lines.main);
        for lines in &groups {
            excerpt.add(file, lines, &cuts);
        }
        excerpt.labels.sort_by_key(|label| (label.start, label.end));
        excerpt
    }

    fn add(&mut self, file: &SourceFile, lines: &Lines, cuts: &[Cut]) {
        let start = self.text.len();
        for line in lines.first..=lines.last {
            let span = file.line_span(line);
            let text = file.slice(span);
            let from = text.char_indices().nth(lines.window).map_or(text.len(), |(at, _)| at);
            let most = if lines.long { WINDOW } else { LONG };
            let to = text[from..].char_indices().nth(most).map_or(text.len(), |(at, _)| from + at);
            if from > 0 {
                self.text.push('…');
            }
            let base = self.text.len();
            let at = |offset: usize| {
                let inside = text.floor_char_boundary(offset.saturating_sub(span.start as usize).clamp(from, to));
                base + visible(&text[from..inside]).len()
            };
            for (index, cut) in cuts.iter().enumerate().filter(|(_, cut)| cut.place.line == line && lines.holds(cut)) {
                self.labels.push(Label {
                    cut: index,
                    start: at(cut.start),
                    end: at(cut.end),
                    line: cut.place.line,
                    column: cut.place.column,
                    text: cut.label(),
                    style: cut.mark.style,
                    main: cut.mark.main,
                });
            }
            // Places that began on an earlier line of this block and end on this one.
            for label in &mut self.labels {
                let cut = &cuts[label.cut];
                if !lines.long && cut.place.line < line && cut.last_line == line {
                    label.end = at(cut.end);
                }
            }
            self.text.push_str(&visible(&text[from..to]));
            if to < text.len() {
                self.text.push('…');
            }
            // Room for an arrow at the end of a line; every line ends with a break, also the last of a file.
            self.text.push_str(" \n");
        }
        let count = lines.last - lines.first + 1;
        self.blocks.push(Block { line: lines.first, count, start, end: self.text.len() });
    }

    fn block(&self, span: &SourceSpan) -> Option<&Block> {
        let inside = |block: &&Block| block.start <= span.offset() && span.offset() + span.len() <= block.end;
        self.blocks.iter().find(inside)
    }
}

impl Cut<'_> {
    fn label(&self) -> Option<String> {
        let text = clip(&shown(self.mark.label), LABEL);
        match (text.is_empty(), self.note.is_empty()) {
            (true, true) => None,
            (true, false) => Some(self.note.clone()),
            (false, true) => Some(text),
            (false, false) => Some(format!("{text} ({})", self.note)),
        }
    }
}

impl Lines {
    /// Whether the place is shown here: a clipped line shows those that begin well inside its window.
    fn holds(&self, cut: &Cut) -> bool {
        let column = cut.place.column as usize - 1;
        let in_window = self.window <= column && column < self.window + WINDOW - BEFORE;
        self.first <= cut.place.line
            && cut.place.line <= self.last
            && self.long == cut.long
            && (!self.long || in_window)
    }
}

/// The lines to show: each place with a line around it, neighbours together, and a long line for
/// itself, once for each part of it that has a place.
fn group(file: &SourceFile, cuts: &[Cut]) -> Vec<Lines> {
    let mut groups: Vec<Lines> = Vec::new();
    for cut in cuts.iter().filter(|cut| !cut.long) {
        let (first, last) = ((cut.place.line - 1).max(1), (cut.last_line + 1).min(file.line_count()));
        // The empty line after the last line break is no line to anybody.
        let last = if last > cut.last_line && last == file.line_count() && file.line_span(last).is_empty() { last - 1 } else { last };
        match groups.last_mut() {
            Some(before) if first <= before.last + 1 => {
                before.last = before.last.max(last);
                before.main |= cut.mark.main;
            }
            _ => groups.push(Lines { first, last, window: 0, long: false, main: cut.mark.main }),
        }
    }
    for cut in cuts.iter().filter(|cut| cut.long) {
        match groups.iter_mut().find(|lines| lines.holds(cut)) {
            Some(lines) => lines.main |= cut.mark.main,
            None => {
                let window = (cut.place.column as usize - 1).saturating_sub(BEFORE);
                let line = cut.place.line;
                groups.push(Lines { first: line, last: line, window, long: true, main: cut.mark.main });
            }
        }
    }
    groups
}

/// A part of a line, harmless, with its tabs, which miette sets to their stops.
fn visible(text: &str) -> String {
    let parts: Vec<String> = text.split('\t').map(harmless).collect();
    parts.join("\t")
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let block = self.block(span).ok_or(MietteError::OutOfBounds)?;
        let mut line = block.line as usize - 1;
        let mut column = 0;
        if before == 0 && after == 0 {
            // miette asks without context for the place to print above the excerpt.
            let main = self.labels.iter().find(|label| label.start == span.offset() && label.end == span.offset() + span.len());
            if let Some(label) = main {
                (line, column) = (label.line as usize - 1, label.column as usize - 1);
            }
        }
        let data = &self.text.as_bytes()[block.start..block.end];
        let whole = SourceSpan::new(block.start.into(), data.len());
        let name = self.name.clone();
        Ok(Box::new(MietteSpanContents::new_named(name, data, whole, line, column, block.count as usize)))
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message stands above the excerpts, once for all files.
        Ok(())
    }
}

impl std::error::Error for Excerpt {}

impl miette::Diagnostic for Excerpt {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().map(|label| {
            let span = SourceSpan::new(label.start.into(), label.end - label.start);
            match label.main {
                true => LabeledSpan::new_primary_with_span(label.text.clone(), span),
                false => LabeledSpan::new_with_span(label.text.clone(), span),
            }
        })))
    }
}

/// Draws the places of one file.
pub(super) fn draw(page: &Page, file: &SourceFile, marks: &[Mark]) -> String {
    let excerpt = Excerpt::new(file, marks);
    let mut theme = GraphicalTheme::unicode_nocolor();
    theme.styles.link = page.styles.link;
    theme.styles.linum = page.styles.dim;
    // miette gives the styles to the labels in their order.
    theme.styles.highlights = excerpt.labels.iter().map(|label| label.style).collect();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(page.width)
        .with_links(false)
        .with_context_lines(1)
        .tab_width(4)
        .without_syntax_highlighting();
    let mut drawn = String::new();
    if handler.render_report(&mut drawn, &excerpt).is_err() {
        return String::new();
    }
    // Its first line is the message, which is empty here.
    let drawn = drawn.split_once('\n').map_or("", |(_, rest)| rest);
    let lines: Vec<&str> = drawn.lines().map(str::trim_end).collect();
    lines.join("\n")
}
