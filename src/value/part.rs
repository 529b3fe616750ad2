//! Where a part of a scalar's text stands in the file, whatever form the file gives the text: plain,
//! quoted with escapes, a block with its indentation, folded lines.

use super::tree::{NodeId, Text, Tree};
use crate::source::Span;
use std::ops::Range;

impl Tree {
    /// The bytes of the file that hold the bytes `part` of a scalar's text. Where the two cannot be
    /// matched, the whole scalar.
    pub fn part(&self, scalar: NodeId, part: Range<usize>) -> Span {
        let scalar = self.resolve(scalar);
        let node = self.node(scalar);
        let Some(text) = self.scalar_text(scalar) else { return node.span };
        if let Some(Text::Slice(slice)) = self.as_text(scalar) {
            let end = (slice.start as usize + part.end).min(slice.end as usize);
            return Span::new((slice.start as usize + part.start).min(end), end);
        }
        match offsets(self.file.slice(node.span), text) {
            Some(offsets) => {
                let at = |byte: usize| node.span.start as usize + offsets[byte.min(text.len())];
                // The end is behind the last character, not in front of the next one: between them lie
                // escapes and indentation.
                let last = text[..part.end.min(text.len())].char_indices().next_back().map_or(0, |(last, _)| last);
                let end = if part.is_empty() {
                    at(part.start)
                } else {
                    at(last) + text[last..].chars().next().map_or(1, char::len_utf8)
                };
                Span::new(at(part.start), end.max(at(part.start)))
            }
            None => node.span,
        }
    }

    fn as_text(&self, id: NodeId) -> Option<&Text> {
        match self.data(id) {
            super::tree::Data::Text(text) | super::tree::Data::Time(text, _) => Some(text),
            _ => None,
        }
    }
}

/// For each byte of `text` (and one past the end) the byte of `source` that stands for it; `None` when
/// the two do not match.
fn offsets(source: &str, text: &str) -> Option<Vec<usize>> {
    let style = source.chars().next()?;
    let mut at = match style {
        '\'' | '"' => 1,
        '|' | '>' => source.find('\n')? + 1,
        _ => 0,
    };
    let mut offsets = vec![0; text.len() + 1];
    let mut next = 0;
    while next < text.len() {
        let c = text[next..].chars().next()?;
        let escaped = style == '"' && source[at..].starts_with('\\');
        if escaped {
            match escape(&source[at..])? {
                // A line break that counts for nothing, with the indentation after it.
                (None, length) => at += length,
                (Some(made), length) if made == c => {
                    offsets[next..next + c.len_utf8()].fill(at);
                    at += length;
                    next += c.len_utf8();
                }
                _ => return None,
            }
        } else if c.is_ascii_whitespace() {
            let wanted = run(&text[next..]);
            let there = run(&source[at..]);
            if there == 0 && at < source.len() {
                return None;
            }
            // Folding changes what stands between two words; the last blanks belong together.
            for byte in 0..wanted {
                offsets[next + byte] = at + there.saturating_sub(wanted - byte);
            }
            at += there;
            next += wanted;
        } else {
            if there_is_folding(source, at, style) {
                at += run(&source[at..]);
            }
            if !source[at..].starts_with(c) {
                return None;
            }
            offsets[next..next + c.len_utf8()].fill(at);
            at += c.len_utf8();
            if style == '\'' && c == '\'' {
                at += 1;
            }
            next += c.len_utf8();
        }
    }
    offsets[text.len()] = at.min(source.len());
    Some(offsets)
}

/// Blanks of the source in front of the first word of a block.
fn there_is_folding(source: &str, at: usize, style: char) -> bool {
    matches!(style, '|' | '>') && source[at..].starts_with([' ', '\t', '\n', '\r'])
}

/// Bytes of white space at the beginning.
fn run(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\n', '\r']).len()
}

/// The character that a double-quoted escape stands for, none for a joined line, and its length.
fn escape(source: &str) -> Option<(Option<char>, usize)> {
    let kind = source[1..].chars().next()?;
    let digits = |count: usize| {
        let code = u32::from_str_radix(source.get(2..2 + count)?, 16).ok()?;
        Some((char::from_u32(code), 2 + count))
    };
    let made = match kind {
        '\n' | '\r' => return Some((None, 1 + run(&source[1..]))),
        'x' => return digits(2),
        'u' => return digits(4),
        'U' => return digits(8),
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        other => other,
    };
    Some((Some(made), 1 + kind.len_utf8()))
}

#[cfg(test)]
mod tests {
    use super::super::Syntax;
    use super::super::testing::{parse, place};

    /// The place of the part `wanted` of the scalar under `a`.
    fn found(yaml: &str, wanted: &str) -> String {
        let (tree, problems) = parse(Syntax::Yaml, yaml);
        assert!(problems.is_empty(), "{yaml}");
        let scalar = tree.get(tree.roots()[0], "a").expect("there is one");
        let text = tree.scalar_text(scalar).expect("it is a scalar");
        let start = text.find(wanted).unwrap_or_else(|| panic!("{wanted:?} in {text:?}"));
        let span = tree.part(scalar, start..start + wanted.len());
        format!("{} {:?}", place(&tree, span), tree.file().slice(span))
    }

    #[test]
    fn parts_are_found_in_every_form_of_a_scalar() {
        let table = [
            ("a: doc.nmae == 1", "nmae", "1:8-1:12 \"nmae\""),
            ("a: 'doc.nmae == 1'", "nmae", "1:9-1:13 \"nmae\""),
            ("a: 'doc.x == ''y'' || doc.nmae'", "nmae", "1:27-1:31 \"nmae\""),
            ("a: \"doc.x == 'y' || doc.nmae\"", "nmae", "1:25-1:29 \"nmae\""),
            ("a: \"doc.x == \\\"y\\\" || doc.nmae\"", "nmae", "1:27-1:31 \"nmae\""),
            ("a: \"\\u00e9\\n doc.nmae\"", "nmae", "1:18-1:22 \"nmae\""),
            ("a: |\n  doc.x\n    && doc.nmae\n", "nmae", "3:12-3:16 \"nmae\""),
            ("a: |-\n\n  doc.x &&\n  doc.nmae", "nmae", "4:7-4:11 \"nmae\""),
            ("a: >\n  doc.x &&\n  doc.nmae\n  == 1\n", "nmae", "3:7-3:11 \"nmae\""),
            ("a: >-\n  doc.x &&\n\n  doc.nmae\n", "nmae", "4:7-4:11 \"nmae\""),
            ("a: doc.x &&\n   doc.nmae\n   == 1", "nmae", "2:8-2:12 \"nmae\""),
            ("a: 'doc.x &&\n\n   doc.nmae'", "nmae", "3:8-3:12 \"nmae\""),
            ("a: \"doc.x && \\\n   doc.nmae\"", "nmae", "2:8-2:12 \"nmae\""),
            ("a: 'ä ''ö'' doc.nmae'", "nmae", "1:17-1:21 \"nmae\""),
            ("a: >\n  doc.x\n  && doc.y\n", "x && doc", "2:7-3:9 \"x\\n  && doc\""),
        ];
        for (yaml, wanted, expected) in table {
            assert_eq!(found(yaml, wanted), expected, "{yaml}");
        }
    }
}
