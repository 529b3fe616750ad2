//! Excerpts of files with their labelled places, drawn by miette.
//!
//! miette draws what it is given: it takes escape sequences for text, panics on a label beyond column
//! 65,535 and reads a file from its start for each label. So it gets an [`Excerpt`]: a small text of
//! the few lines that matter, harmless and clipped, which answers with the line and column of the file.

use super::page::{Page, shown};
use crate::source::{Place, SourceFile, Span, clip, plain};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use owo_colors::Style;
use std::fmt;
use std::ops::Range;

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

/// Lines of the file that are shown together.
struct Lines {
    first: u32,
    last: u32,
    /// The bytes shown of a long line that is shown for itself.
    window: Option<Range<usize>>,
    /// Which places begin here.
    cuts: Vec<usize>,
    main: bool,
}

fn is_long(file: &SourceFile, line: u32) -> bool {
    let span = file.line_span(line);
    // Bytes are at least as many as characters, so most lines need no look.
    span.len() > LONG && file.slice(span).chars().nth(LONG).is_some()
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
    fn new(file: &SourceFile, cuts: &[Cut]) -> Self {
        let mut excerpt =
            Excerpt { name: shown(&file.name()), text: String::new(), blocks: Vec::new(), labels: Vec::new() };
        let mut groups = group(file, cuts);
        // The main place is read first, wherever it stands in the file.
        groups.sort_by_key(|lines| !lines.main);
        for lines in &groups {
            excerpt.add(file, lines, cuts);
        }
        excerpt.labels.sort_by_key(|label| (label.start, label.end));
        excerpt
    }

    fn add(&mut self, file: &SourceFile, lines: &Lines, cuts: &[Cut]) {
        let start = self.text.len();
        for line in lines.first..=lines.last {
            let span = file.line_span(line);
            let text = file.slice(span);
            let (from, to) = match &lines.window {
                Some(window) => (window.start - span.start as usize, window.end - span.start as usize),
                None => (0, text.char_indices().nth(LONG).map_or(text.len(), |(at, _)| at)),
            };
            if from > 0 {
                self.text.push('…');
            }
            let base = self.text.len();
            let at = |offset: usize| {
                let inside = text.floor_char_boundary(offset.saturating_sub(span.start as usize).clamp(from, to));
                base + visible(&text[from..inside]).len()
            };
            for &index in lines.cuts.iter().filter(|index| cuts[**index].place.line == line) {
                let cut = &cuts[index];
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
                if lines.cuts.contains(&label.cut) && cut.place.line < line && cut.last_line == line {
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
    /// Whether both underline the same character, or point at the same gap, of one line.
    fn collides(&self, other: &Cut) -> bool {
        let single = |cut: &Cut| cut.last_line == cut.place.line;
        let wide = |cut: &Cut| cut.end.max(cut.start + 1);
        single(self) && single(other) && self.start < wide(other) && other.start < wide(self)
    }

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

/// The lines to show: each place with a line around it, neighbours together, and a long line for
/// itself, once for each part of it that has a place.
fn group(file: &SourceFile, cuts: &[Cut]) -> Vec<Lines> {
    let mut groups: Vec<Lines> = Vec::new();
    for (index, cut) in cuts.iter().enumerate().filter(|(_, cut)| !cut.long) {
        let (first, last) = ((cut.place.line - 1).max(1), following(file, cut.last_line));
        match groups.last_mut() {
            Some(before) if first <= before.last + 1 => {
                before.last = before.last.max(last);
                before.cuts.push(index);
                before.main |= cut.mark.main;
            }
            _ => groups.push(Lines { first, last, window: None, cuts: vec![index], main: cut.mark.main }),
        }
    }
    for (index, cut) in cuts.iter().enumerate().filter(|(_, cut)| cut.long) {
        let fits = |window: &Range<usize>| window.start <= cut.start && cut.start.max(cut.end) < window.end;
        match groups.iter_mut().find(|lines| lines.window.as_ref().is_some_and(fits)) {
            Some(lines) => {
                lines.cuts.push(index);
                lines.main |= cut.mark.main;
            }
            None => {
                let line = cut.place.line;
                let window = Some(window(file, line, cut.start));
                groups.push(Lines { first: line, last: line, window, cuts: vec![index], main: cut.mark.main });
            }
        }
    }
    groups
}

/// The line after `line`, unless it is the empty one after the last line break, which is no line to anybody.
fn following(file: &SourceFile, line: u32) -> u32 {
    let next = (line + 1).min(file.line_count());
    let after_the_end = next == file.line_count() && file.line_span(next).is_empty();
    if after_the_end { line } else { next }
}

/// The bytes of a long line to show around `start`.
fn window(file: &SourceFile, line: u32, start: usize) -> Range<usize> {
    let line = file.line_span(line).range();
    let before = file.text()[line.start..start].char_indices().rev().take(BEFORE).last();
    let from = before.map_or(start, |(at, _)| line.start + at);
    let to = file.text()[from..line.end].char_indices().nth(WINDOW).map_or(line.end, |(at, _)| from + at);
    from..to
}

/// A part of a line, harmless, with its tabs, which miette sets to their stops.
fn visible(text: &str) -> String {
    let parts: Vec<String> = text.split('\t').map(plain).collect();
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
            let main = self
                .labels
                .iter()
                .find(|label| label.start == span.offset() && label.end == span.offset() + span.len());
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

/// Sorts places into pictures: two that share characters of a line cannot be underlined in one. The
/// main place is in the first.
fn pictures<'a>(file: &SourceFile, marks: &'a [Mark<'a>]) -> Vec<Vec<Cut<'a>>> {
    let mut cuts: Vec<Cut> = marks.iter().map(|mark| Cut::new(file, mark)).collect();
    cuts.sort_by_key(|cut| !cut.mark.main);
    let mut pictures: Vec<Vec<Cut>> = Vec::new();
    for cut in cuts {
        match pictures.iter_mut().find(|picture| !picture.iter().any(|other| cut.collides(other))) {
            Some(picture) => picture.push(cut),
            None => pictures.push(vec![cut]),
        }
    }
    for picture in &mut pictures {
        picture.sort_by_key(|cut| (cut.start, cut.end));
    }
    pictures
}

/// Draws the places of one file.
pub(super) fn draw(page: &Page, file: &SourceFile, marks: &[Mark]) -> String {
    let drawn = pictures(file, marks).iter().map(|cuts| picture(page, &Excerpt::new(file, cuts))).collect::<Vec<_>>();
    drawn.join("\n")
}

fn picture(page: &Page, excerpt: &Excerpt) -> String {
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
    if handler.render_report(&mut drawn, excerpt).is_err() {
        return String::new();
    }
    // Its first line is the message, which is empty here.
    let drawn = drawn.split_once('\n').map_or("", |(_, rest)| rest);
    let lines: Vec<&str> = drawn.lines().map(str::trim_end).collect();
    lines.join("\n")
}
