//! A page as one self-contained HTML file: nothing is loaded, nothing is run.

use super::block::{Block, Inline, Page};
use crate::source::plain;
use std::fmt::Write as _;

const STYLE: &str = "\
:root{color-scheme:light dark}
body{font:1rem/1.55 system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1rem 1.25rem 4rem}
h1,h2,h3,h4{line-height:1.25;margin:2.2em 0 .5em}
h1{margin-top:1em}
code,pre{font-family:ui-monospace,monospace;font-size:.92em}
pre{border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:.4rem;overflow-x:auto;padding:.7rem .9rem}
a:focus-visible,pre:focus-visible{outline:3px solid;outline-offset:2px}
.skip{left:-999rem;position:absolute}
.skip:focus{left:1rem;top:1rem}
nav ul{columns:18rem;padding-left:1.2rem}
@media print{pre{white-space:pre-wrap}nav{display:none}}
";

/// The page as HTML, with a list of its headings.
pub fn html(page: &Page) -> String {
    let title = escaped(&page.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">Skip to content</a>\n\
         <header><h1>{title}</h1></header>\n"
    );
    contents(page, &mut out);
    out.push_str("<main id=\"content\">\n");
    for block in &page.blocks {
        let _ = match block {
            Block::Heading(level, anchor, line) => {
                writeln!(out, "<h{level} id=\"{}\">{}</h{level}>", escaped(anchor), inlines(line))
            }
            Block::Paragraph(line) => writeln!(out, "<p>{}</p>", inlines(line)),
            Block::List(items) => {
                let items: String = items.iter().map(|item| format!("<li>{}</li>\n", inlines(item))).collect();
                writeln!(out, "<ul>\n{items}</ul>")
            }
            Block::Table(titles, rows) => {
                let head: String = titles.iter().map(|title| format!("<th>{}</th>", escaped(title))).collect();
                let cells = |row: &Vec<Vec<Inline>>| {
                    row.iter().map(|cell| format!("<td>{}</td>", inlines(cell))).collect::<String>()
                };
                let rows: String = rows.iter().map(|row| format!("<tr>{}</tr>\n", cells(row))).collect();
                writeln!(out, "<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>")
            }
            // What scrolls can be reached with the keyboard.
            Block::Code(_, text) => writeln!(out, "<pre tabindex=\"0\"><code>{}</code></pre>", lines(text)),
        };
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn contents(page: &Page, out: &mut String) {
    let headings = page.blocks.iter().filter_map(|block| match block {
        Block::Heading(level, anchor, line) if *level <= 3 => Some((anchor, line)),
        _ => None,
    });
    let items: String = headings
        .map(|(anchor, line)| {
            // A link within a link is none.
            let words: String = line.iter().map(without_link).collect();
            format!("<li><a href=\"#{}\">{words}</a></li>\n", escaped(anchor))
        })
        .collect();
    let _ = write!(out, "<nav aria-label=\"Contents\">\n<ul>\n{items}</ul>\n</nav>\n");
}

fn inlines(line: &[Inline]) -> String {
    line.iter().map(inline).collect()
}

fn inline(piece: &Inline) -> String {
    match piece {
        Inline::Link(anchor, shown) => format!("<a href=\"#{}\">{}</a>", escaped(anchor), without_link(shown)),
        other => without_link(other),
    }
}

fn without_link(piece: &Inline) -> String {
    match piece {
        Inline::Text(text) => words(text),
        Inline::Strong(text) => format!("<strong>{}</strong>", words(text)),
        Inline::Code(text) => format!("<code>{}</code>", escaped(text)),
        Inline::Link(_, shown) => without_link(shown),
    }
}

/// Words, with what stands in back-ticks as code.
fn words(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    // An odd back-tick is a back-tick.
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let part = |(at, part): (usize, &&str)| {
        if at % 2 == 1 { format!("<code>{}</code>", escaped(part)) } else { escaped(part) }
    };
    parts.iter().enumerate().map(part).collect()
}

fn lines(text: &str) -> String {
    text.trim_end().split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::block::{code, link, text};
    use super::*;

    #[test]
    fn words_of_strangers_are_no_markup() {
        let hostile = "</code></pre><script>alert('1')</script>\" onload=\"x` <b> `";
        let page = Page {
            title: hostile.to_owned(),
            blocks: vec![
                Block::Heading(2, hostile.to_owned(), vec![text(hostile)]),
                Block::Paragraph(vec![text(hostile), Inline::Strong(hostile.to_owned()), code(hostile)]),
                Block::List(vec![vec![link(hostile, code(hostile))]]),
                Block::Code("yaml", format!("{hostile}\n{hostile}")),
            ],
        };
        let out = html(&page);
        assert!(!out.contains("<script") && !out.contains("<b>") && !out.contains("\" onload"), "{out}");
        for tag in ["code", "pre", "p", "ul", "li", "a", "h2", "strong", "main", "nav"] {
            let count = |mark: &str| out.matches(mark).count();
            let open = count(&format!("<{tag}>")) + count(&format!("<{tag} "));
            assert_eq!(open, count(&format!("</{tag}>")), "{tag} in {out}");
        }
        assert!(out.contains("default-src 'none'") && out.contains("lang=\"en\"") && !out.contains("://"), "{out}");
    }
}
