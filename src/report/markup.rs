//! Text of strangers as Markdown that is text and nothing else, on GitHub too: the one place that
//! escapes it.
//!
//! GitHub looks for mentions, references, addresses and emoji in what is rendered, where an escape is
//! gone already. So what it looks for is broken up by a space of no width, and characters that mean
//! something to Markdown itself are escaped.

use crate::source::{clip, plain};

/// A space of no width: strangers' own ones are shown as escapes, so each that is written is ours.
pub const BREAK: char = '\u{200B}';

/// Words of strangers on one line: nothing in them is markup, a link or a mention. Code in single
/// back-ticks stays code, since messages are written so.
pub fn words(text: &str) -> String {
    pieces(text, &code)
}

/// Words of strangers, cut to a number of characters.
pub fn clipped(text: &str, limit: usize) -> String {
    words(&clip(text, limit))
}

/// Words of strangers for the cell of a table. A bar in code would end the cell, so such code is
/// written as words.
pub fn cell(text: &str) -> String {
    pieces(text, &cell_code)
}

/// Code of strangers for the cell of a table.
pub fn cell_code(text: &str) -> String {
    if text.contains('|') { escaped(&on_one_line(text)) } else { code(text) }
}

/// Code within a line: in more back-ticks than it holds itself.
pub fn code(text: &str) -> String {
    // What looks for our markers does not always know that it is in code.
    let text = plain(&on_one_line(text)).replace("<!--", &format!("<{BREAK}!--"));
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Lines of code in a fence that nothing in them ends; `language` is ours.
pub fn fence(language: &str, text: &str) -> String {
    let fence = "`".repeat(3.max(longest_run(text) + 1));
    let visible = |line: &str| line.split('\t').map(plain).collect::<Vec<_>>().join("\t");
    let lines: Vec<String> = text.trim_end().split('\n').map(visible).collect();
    format!("{fence}{language}\n{}\n{fence}", lines.join("\n"))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pieces(text: &str, code: &dyn Fn(&str) -> String) -> String {
    let spaced = |edge: bool| if edge { " " } else { "" };
    let (before, after) = (text.starts_with(char::is_whitespace), text.ends_with(char::is_whitespace));
    let text = on_one_line(text);
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('`') {
        match after.split_once('`') {
            Some((inside, after)) if !inside.is_empty() && !before.ends_with('`') && !after.starts_with('`') => {
                escape(before, &mut out);
                out.push_str(&code(inside));
                rest = after;
            }
            _ => break,
        }
    }
    escape(rest, &mut out);
    format!("{}{out}{}", spaced(before), spaced(after && !out.is_empty()))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    escape(text, &mut out);
    out
}

/// Hexadecimal digits in a row that GitHub may take for the id of a commit.
const ID: usize = 7;

/// So many of them are left together.
const PART: usize = 4;

fn escape(text: &str, out: &mut String) {
    let text = plain(text);
    let letters: Vec<char> = text.chars().collect();
    let next = |at: usize| letters.get(at + 1).copied().unwrap_or(' ');
    // Where the run of hexadecimal digits that is being written has to be broken next, and where it ends.
    let mut broken = 0..0;
    for (at, &c) in letters.iter().enumerate() {
        let begins = out.is_empty();
        let previous = at.checked_sub(1).map_or(' ', |at| letters[at]);
        if c.is_ascii_hexdigit() && !previous.is_ascii_alphanumeric() {
            let run = letters[at..].iter().take_while(|c| c.is_ascii_alphanumeric());
            let (length, hexadecimal) = run.fold((0, true), |(n, all), c| (n + 1, all && c.is_ascii_hexdigit()));
            broken = if hexadecimal && length >= ID { at + PART..at + length } else { 0..0 };
        }
        if broken.contains(&at) && at == broken.start {
            out.push(BREAK);
            broken.start += PART;
        }
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Neither a mention nor an e-mail address.
            '@' => out.extend([c, BREAK]),
            // No reference to an issue: `#1`, `GH-1`, and no heading.
            '#' => out.extend(['\\', c, BREAK]),
            '-' if ends_with(out, "gh") => out.extend([BREAK, c]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => out.extend(['\\', c]),
            // No address, and no emoji.
            ':' if next(at) == '/' || ends_with(out, "mailto") || ends_with(out, "xmpp") => {
                out.extend(['\\', c, BREAK]);
            }
            ':' if emoji(&letters[at + 1..]) => out.extend([c, BREAK]),
            '.' if ends_with(out, "www") => out.extend(['\\', c, BREAK]),
            '-' | '+' | '=' if begins => out.extend(['\\', c]),
            '.' | ')' if next(at) == ' ' && !begins && out.bytes().all(|b| b.is_ascii_digit()) => {
                out.extend(['\\', c]);
            }
            _ => out.push(c),
        }
    }
}

/// Whether what was written ends with these letters, in any case.
fn ends_with(out: &str, word: &str) -> bool {
    out.len() >= word.len() && out.as_bytes()[out.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
}

/// Whether a colon before these letters begins something like `:tada:`; a time of day or an edition does
/// not.
fn emoji(letters: &[char]) -> bool {
    let name = letters.iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')).count();
    letters.get(name) == Some(&':') && letters[..name].iter().any(char::is_ascii_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    #[test]
    fn what_github_looks_for_is_broken_up() {
        let table = [
            ("@team/all", "@|team/all"),
            ("me@example.org", "me@|example.org"),
            ("see #12", "see \\#|12"),
            ("o/r#12", "o/r\\#|12"),
            ("GH-12 and gh-1", "GH|-12 and gh|-1"),
            ("https://x.example", "https\\:|//x.example"),
            ("www.x.example WWW.x", "www\\.|x.example WWW\\.|x"),
            ("mailto:x", "mailto\\:|x"),
            (":tada: at 10:30:45", ":|tada: at 10:30:45"),
            ("4f2c1e0d9b8a, 1234567, abc, 2026-11-23", "4f2c|1e0d|9b8a, 1234|567, abc, 2026-11-23"),
            ("decade facade effaced", "decade facade effa|ced"),
            ("a\u{200B}b", "a\\\\u{200b}b"),
            ("`@team` stays", "`@team` stays"),
            ("`<!-- x`", "`<|!-- x`"),
        ];
        for (text, expected) in table {
            assert_eq!(words(text), expected.replace('|', &BREAK.to_string()), "{text}");
        }
    }

    #[test]
    fn cells_of_a_table_stay_whole() {
        for hostile in ["a|b", "`a|b`", "a\\|b", "`a\\|b`", "`x\\`", "a\n|---|\n|x", "`` | ``", "\\", "|", ""] {
            let text = format!("| h | i |\n|---|---|\n| {} | {} | \n", cell(hostile), cell_code(hostile));
            let cells: Vec<_> = Parser::new_ext(&text, Options::ENABLE_TABLES)
                .filter(|event| matches!(event, Event::Start(Tag::TableCell)))
                .collect();
            assert_eq!(cells.len(), 4, "{hostile:?}: {text}");
        }
    }
}
