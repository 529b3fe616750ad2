//! Where front matter ends and the text begins.

use crate::source::Span;

/// The parts of a Markdown file. Offsets are those of the file.
#[derive(Debug, PartialEq)]
pub(super) struct Parts {
    /// The YAML between the marks; `None` when the file does not begin with a mark or never closes it.
    pub(super) yaml: Option<Span>,
    /// The mark of the first line when no line closes it.
    pub(super) unclosed: Option<Span>,
    /// Where the text begins.
    pub(super) body: usize,
}

/// Splits at the lines `---` ... `---` (or `...`). Only a file whose first line that is not empty is `---`
/// has front matter.
pub(super) fn split(text: &str) -> Parts {
    let above: usize = text.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum();
    let first = text[above..].split_inclusive('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Parts { yaml: None, unclosed: None, body: 0 };
    }
    let start = above + first.len();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Parts { yaml: Some(Span::new(start, at)), unclosed: None, body: at + line.len() };
        }
        at += line.len();
    }
    Parts { yaml: None, unclosed: Some(Span::new(above, above + 3)), body: start }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_ends_at_the_closing_mark() {
        // text -> YAML, unclosed mark, start of the body; counted by hand
        let table = [
            ("---\na: 1\n---\nx", Some((4, 9)), None, 13),
            ("---\r\na: 1\r\n---  \r\nx", Some((5, 11)), None, 18),
            ("---\na: 1\n...\nx", Some((4, 9)), None, 13),
            ("---\n---\n", Some((4, 4)), None, 8),
            ("---\na: 1\n---", Some((4, 9)), None, 12),
            ("---\na: 1\n", None, Some((0, 3)), 4),
            ("---", None, Some((0, 3)), 3),
            ("----\na: 1\n---\n", None, None, 0),
            ("\n---\na: 1\n---\n", Some((5, 10)), None, 14),
            (" \n\n---\na: 1\n", None, Some((3, 6)), 7),
            ("x\n---\na: 1\n---\n", None, None, 0),
            ("", None, None, 0),
        ];
        let span = |(start, end)| Span::new(start, end);
        for (text, yaml, unclosed, body) in table {
            let expected = Parts { yaml: yaml.map(span), unclosed: unclosed.map(span), body };
            assert_eq!(split(text), expected, "{text:?}");
        }
    }
}
