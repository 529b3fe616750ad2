//! A page as Markdown (CommonMark as GitHub shows it).

use super::block::{Block, Inline, Page};
use crate::report::markup::{cell, cell_code, code, fence, words};
use std::fmt::Write as _;

/// The page as Markdown.
pub fn markdown(page: &Page) -> String {
    let mut out = format!("# {}\n", words(&page.title));
    for block in &page.blocks {
        out.push('\n');
        match block {
            Block::Heading(level, anchor, line) => {
                let marks = "#".repeat(usize::from(*level));
                if *level < 4 {
                    // An anchor of its own: those that are made from titles differ from viewer to viewer.
                    let _ = write!(out, "<a id=\"{anchor}\"></a>\n\n");
                }
                let _ = writeln!(out, "{marks} {}", inlines(line));
            }
            Block::Paragraph(line) => {
                let _ = writeln!(out, "{}", inlines(line));
            }
            Block::List(items) => {
                for item in items {
                    let _ = writeln!(out, "- {}", inlines(item));
                }
            }
            Block::Table(titles, rows) => {
                let _ = writeln!(out, "| {} |\n|{}", titles.join(" | "), "---|".repeat(titles.len()));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| cell_of(cell)).collect();
                    let _ = writeln!(out, "| {} |", cells.join(" | "));
                }
            }
            Block::Code(language, text) => {
                let _ = writeln!(out, "{}", fence(language, text));
            }
        }
    }
    out
}

/// The pieces of a cell. A bar would end it.
fn cell_of(line: &[Inline]) -> String {
    let piece = |piece: &Inline| match piece {
        Inline::Text(text) => cell(text),
        Inline::Strong(text) => format!("**{}**", cell(text)),
        Inline::Code(text) => cell_code(text),
        Inline::Link(anchor, shown) => match shown.as_ref() {
            Inline::Code(text) => format!("[{}](#{anchor})", cell_code(text)),
            _ => inline(piece),
        },
    };
    line.iter().map(piece).collect()
}

fn inlines(line: &[Inline]) -> String {
    line.iter().map(inline).collect()
}

fn inline(piece: &Inline) -> String {
    match piece {
        Inline::Text(text) => words(text),
        Inline::Strong(text) => format!("**{}**", words(text)),
        Inline::Code(text) => code(text),
        Inline::Link(anchor, shown) => format!("[{}](#{anchor})", inline(shown)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::{code, text};
    use super::*;

    fn page(blocks: Vec<Block>) -> String {
        markdown(&Page { title: "T".to_owned(), blocks })
    }

    /// What a viewer would make of the page.
    fn events(text: &str) -> Vec<pulldown_cmark::Event<'_>> {
        pulldown_cmark::Parser::new_ext(text, pulldown_cmark::Options::all()).collect()
    }

    #[test]
    fn words_of_strangers_are_no_markup() {
        use pulldown_cmark::{Event, Tag};
        let hostile = [
            "<script>alert(1)</script>",
            "[click](https://evil.example)",
            "![x](https://evil.example/x.png)",
            "**bold** _it_ ~~gone~~ $x$",
            "# heading",
            "- item",
            "1. item",
            "> quote",
            "    indented",
            "```\nfence\n```",
            "line\n\n# next",
            "<!-- hidden -->",
            "a | b\n--|--\nc | d",
            "https://evil.example www.evil.example a@evil.example",
            "mailto:x xmpp:y",
            "[x]: https://evil.example",
            "=====",
            "+ plus",
            "\\<b>",
            "``` `` ` ",
        ];
        for words in hostile {
            let out = page(vec![Block::Paragraph(vec![text(words)])]);
            for event in events(&out) {
                let harmless = match &event {
                    Event::Text(_) | Event::End(_) | Event::SoftBreak | Event::Code(_) => true,
                    Event::Start(tag) => matches!(tag, Tag::Heading { .. } | Tag::Paragraph),
                    _ => false,
                };
                assert!(harmless, "{words:?} gives {event:?} in {out}");
            }
            let headings = events(&out).iter().filter(|e| matches!(e, Event::Start(Tag::Heading { .. }))).count();
            assert_eq!(headings, 1, "{out}");
            assert!(!out.contains("https://") && !out.contains("www.evil") && !out.contains("a@e"), "{out}");
        }
    }

    #[test]
    fn code_stays_in_its_fence_and_its_ticks() {
        use pulldown_cmark::{Event, Tag};
        let out = page(vec![Block::Code("yaml", "a: |\n  ```\n  # no heading\n  ````\n\u{1b}[31m".to_owned())]);
        let blocks = events(&out).iter().filter(|e| matches!(e, Event::Start(Tag::CodeBlock(_)))).count();
        assert_eq!(blocks, 1, "{out}");
        assert!(!out.contains('\u{1b}'));
        for inside in ["a`b", "`", "``", "<b>", "x\ny"] {
            let out = page(vec![Block::Paragraph(vec![code(inside)])]);
            let spans: Vec<_> = events(&out).into_iter().filter(|e| matches!(e, Event::Code(_))).collect();
            assert_eq!(spans.len(), 1, "{inside:?}: {out}");
            assert!(!out.contains("\n\n# "), "{out}");
        }
    }
}
