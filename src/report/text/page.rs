//! Where text goes: wrapping, colour, and text of strangers made harmless.

use crate::policy::Severity;
use crate::report::Options;
use crate::source::plain;
use owo_colors::{OwoColorize, Style};
use std::io;

/// The narrowest text column that is still wrapped; a smaller terminal is left to break lines itself.
const NARROWEST: usize = 40;

/// The widest text column: longer lines are hard to read.
const WIDEST: usize = 120;

/// The styles of one run; all empty without colour.
#[derive(Clone, Copy)]
pub(super) struct Styles {
    pub error: Style,
    pub warning: Style,
    pub note: Style,
    pub heading: Style,
    pub dim: Style,
    pub link: Style,
}

impl Styles {
    fn new(color: bool) -> Self {
        let none = Style::new();
        if !color {
            return Styles { error: none, warning: none, note: none, heading: none, dim: none, link: none };
        }
        // The sixteen colours only: terminals adapt them to their background.
        Styles {
            error: none.red().bold(),
            warning: none.yellow().bold(),
            note: none.blue().bold(),
            heading: none.bold(),
            dim: none.dimmed(),
            link: none.cyan(),
        }
    }

    /// The style of a severity.
    pub fn of(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Note => self.note,
        }
    }
}

/// The writer of a text report.
pub(super) struct Page<'a> {
    out: &'a mut dyn io::Write,
    pub styles: Styles,
    /// Columns that text is wrapped to.
    pub width: usize,
    pub options: &'a Options,
}

impl<'a> Page<'a> {
    pub fn new(out: &'a mut dyn io::Write, options: &'a Options) -> Self {
        let styles = Styles::new(options.color && !options.plain);
        Page { out, styles, width: options.width.clamp(NARROWEST, WIDEST), options }
    }

    /// One line as it is; the caller has made it harmless.
    pub fn line(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    pub fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A title above a part of the report.
    pub fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = format!("{}", text.style(self.styles.heading));
        self.line(text)
    }

    /// `lead` in `style`, then `text` wrapped with its further lines below its first word. A plain
    /// page has no wrapping: a screen reader reads on.
    pub fn paragraph(&mut self, indent: usize, lead: &str, style: Style, text: &str) -> io::Result<()> {
        self.styled(indent, lead, style, text, Style::new())
    }

    /// Like [`Page::paragraph`], with a style for the text too.
    pub fn styled(&mut self, indent: usize, lead: &str, style: Style, text: &str, body: Style) -> io::Result<()> {
        let text = shown(text);
        if self.options.plain {
            return self.line(format_args!("{}{text}", lead));
        }
        let lead_width = lead.chars().count();
        // Below a long lead there is no room for a text column of its own.
        let hang = if lead_width > 24 { indent + 2 } else { indent + lead_width };
        let mut lines = wrap(&text, self.width, indent + lead_width, hang).into_iter();
        let first = lines.next().unwrap_or_default();
        self.line(format_args!("{:indent$}{}{}", "", lead.style(style), first.style(body)))?;
        for line in lines {
            self.line(format_args!("{:hang$}{}", "", line.style(body)))?;
        }
        Ok(())
    }
}

/// Breaks `text` at spaces into lines of at most `width` characters. The first line begins at column
/// `first`, the others at `hang`. A word that is longer than a line keeps its line.
pub(super) fn wrap(text: &str, width: usize, first: usize, hang: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = first;
    for word in text.split(' ') {
        let length = word.chars().count();
        let line = lines.last().map_or("", String::as_str);
        if !line.is_empty() && used + 1 + length > width {
            lines.push(String::new());
            used = hang;
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += length;
        }
    }
    lines
}

/// Text of strangers for one line of a terminal or a log: white space becomes single spaces, control
/// and direction marks become visible, and nothing is left that a build runner takes for a command.
pub(super) fn shown(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_strangers_is_one_harmless_line() {
        let table = [
            ("two\n  lines\there", "two lines here"),
            ("::error::x and ::y", "\\u{3a}:error::x and \\u{3a}:y"),
            ("a::b", "a::b"),
            ("x ##[error]y", "x ##\\u{5b}error]y"),
            ("\u{1b}[31mred\u{202E}", "\\u{1b}[31mred\\u{202e}"),
            ("\u{9b}31m", "\\u{9b}31m"),
        ];
        for (text, expected) in table {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn lines_break_at_spaces_and_keep_their_indents() {
        // width 10; the first line has 4 columns taken, the others 2
        assert_eq!(wrap("one two three four", 10, 4, 2), ["one", "two", "three", "four"]);
        assert_eq!(wrap("one two three four", 12, 4, 2), ["one two", "three four"]);
        assert_eq!(wrap("incomprehensibilities a", 10, 0, 0), ["incomprehensibilities", "a"]);
        assert_eq!(wrap("", 10, 0, 0), [""]);
    }
}
