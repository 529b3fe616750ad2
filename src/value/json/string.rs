//! Strings of JSON and their escapes.

use super::syntax;
use crate::source::Span;
use crate::value::Text;
use crate::value::limit::Fatal;

/// Reads the string whose opening quote is at `start`; returns it and the offset behind its closing
/// quote. Text without escapes stays a piece of the file.
pub(super) fn read(text: &str, start: usize) -> Result<(Text, usize), Fatal> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    let mut piece = at;
    let mut decoded: Option<String> = None;
    loop {
        match bytes.get(at) {
            Some(b'"') => {
                let last = &text[piece..at];
                let value = match decoded {
                    None => Text::Slice(Span::new(start + 1, at)),
                    Some(decoded) => Text::Owned((decoded + last).into()),
                };
                return Ok((value, at + 1));
            }
            Some(b'\\') => {
                let decoded = decoded.get_or_insert_default();
                decoded.push_str(&text[piece..at]);
                let (character, end) = escape(text, at)?;
                decoded.push(character);
                at = end;
                piece = end;
            }
            Some(b'\n' | b'\r') | None => {
                let open = Span::new(start, start + 1);
                return Err(syntax(
                    open,
                    "the quote that opens here is not closed on its line",
                    "Close the quote; write a line break inside text as `\\n`.",
                )
                .into());
            }
            Some(0..=0x1F) => {
                return Err(syntax(
                    Span::new(at, at + 1),
                    "text holds a control character as it is",
                    "Write a tab as `\\t`, any other control character as `\\u` and four digits.",
                )
                .into());
            }
            Some(_) => at += 1,
        }
    }
}

/// Reads the escape whose backslash is at `at`; returns its character and the offset behind it.
fn escape(text: &str, at: usize) -> Result<(char, usize), Fatal> {
    let simple = match text.as_bytes().get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(text, at),
        _ => {
            let len = text[at + 1..].chars().next().filter(|c| !c.is_control()).map_or(0, char::len_utf8);
            return Err(syntax(
                Span::new(at, at + 1 + len),
                "this backslash means nothing",
                "Write a backslash that is meant as `\\\\`.",
            )
            .into());
        }
    };
    Ok((simple, at + 2))
}

/// Reads `\uXXXX`, or two of them that stand for one character.
fn unicode(text: &str, at: usize) -> Result<(char, usize), Fatal> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let valid = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if valid { u16::from_str_radix(digits, 16).ok() } else { None }
    };
    let Some(first) = unit(at) else {
        return Err(syntax(
            Span::new(at, at + 2),
            "four hexadecimal digits are expected behind `\\u`",
            "Write the four digits, or the character itself.",
        )
        .into());
    };
    let units = [Some(first), unit(at + 6)];
    let decoded = char::decode_utf16(units.into_iter().map_while(|unit| unit)).next();
    match decoded {
        Some(Ok(character)) => Ok((character, at + 6 * character.len_utf16())),
        _ => Err(syntax(
            Span::new(at, at + 6),
            "this escape is one half of a character whose other half is missing",
            "Write both halves, or the character itself.",
        )
        .into()),
    }
}
