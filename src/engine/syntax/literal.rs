//! Constants: from the bytes of a token to its value.

use super::SyntaxError;
use super::ast::Literal;
use super::lexer::{Kind, shown};
use std::ops::Range;

/// The value of a number; `negative` when a minus sign belongs to it.
///
/// # Errors
/// It is beyond what its type holds.
pub fn number(kind: Kind, text: &str, at: Range<usize>, negative: bool) -> Result<Literal, SyntaxError> {
    let digits = if kind == Kind::Uint { &text[..text.len() - 1] } else { text };
    let (radix, plain) = digits.strip_prefix("0x").map_or((10, digits), |hex| (16, hex));
    let value = match kind {
        Kind::Double => {
            let value = text.parse().ok().filter(|value: &f64| value.is_finite());
            value.map(|value| Literal::Double(if negative { -value } else { value }))
        }
        Kind::Uint => u64::from_str_radix(plain, radix).ok().map(Literal::Uint),
        _ => {
            let value = i128::from_str_radix(plain, radix).ok().map(|value| if negative { -value } else { value });
            value.and_then(|value| i64::try_from(value).ok()).map(Literal::Int)
        }
    };
    let range = match kind {
        Kind::Double => "Numbers reach to about 1.8e308.",
        Kind::Uint => "Whole numbers with `u` reach from 0 to 18446744073709551615.",
        _ => "Whole numbers reach from -9223372036854775808 to 9223372036854775807.",
    };
    value.ok_or_else(|| SyntaxError { at, message: "this number is too large".to_owned(), help: range.to_owned() })
}

/// The value of text or bytes in quotes; `token` is all of it and begins at byte `at`.
///
/// # Errors
/// An escape that there is not, or one that stands for no character.
pub fn quoted(token: &str, at: usize) -> Result<Literal, SyntaxError> {
    let letters = token.bytes().take_while(u8::is_ascii_alphabetic).count();
    let prefix = &token[..letters];
    let (bytes, raw) = (prefix.contains(['b', 'B']), prefix.contains(['r', 'R']));
    let width = if token[letters..].starts_with("'''") || token[letters..].starts_with("\"\"\"") { 3 } else { 1 };
    let start = letters + width;
    let body = &token[start..token.len() - width];
    let mut out = Vec::with_capacity(body.len());
    let mut next = 0;
    while let Some(c) = body[next..].chars().next() {
        if c == '\\' && !raw {
            let escape = Escape { body, from: next, at: at + start, bytes };
            next = escape.resolve(&mut out)?;
        } else if c == '\r' {
            // A line ends the same way, whatever the file's line endings are.
            out.push(b'\n');
            next += if body[next..].starts_with("\r\n") { 2 } else { 1 };
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            next += c.len_utf8();
        }
    }
    if bytes {
        return Ok(Literal::Bytes(out));
    }
    // Only whole characters were added.
    Ok(Literal::Text(String::from_utf8_lossy(&out).into_owned()))
}

/// An escape within text: `body[from..]` begins with its backslash.
struct Escape<'t> {
    body: &'t str,
    from: usize,
    /// Where `body` begins in the expression.
    at: usize,
    bytes: bool,
}

impl Escape<'_> {
    /// Adds what it stands for, and gives where it ends.
    fn resolve(&self, out: &mut Vec<u8>) -> Result<usize, SyntaxError> {
        let letter = self.body[self.from + 1..].chars().next().unwrap_or('\\');
        let single = match letter {
            'a' => 0x07,
            'b' => 0x08,
            'f' => 0x0c,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 0x0b,
            '\\' | '\'' | '"' | '`' | '?' => letter as u8,
            'x' | 'X' => return self.code(2, 2, 16, out),
            'u' if !self.bytes => return self.code(2, 4, 16, out),
            'U' if !self.bytes => return self.code(2, 8, 16, out),
            '0'..='3' => return self.code(1, 3, 8, out),
            _ => return Err(self.unknown(letter)),
        };
        out.push(single);
        Ok(self.from + 2)
    }

    /// `digits` digits, `skip` bytes behind the backslash's own place.
    fn code(&self, skip: usize, digits: usize, radix: u32, out: &mut Vec<u8>) -> Result<usize, SyntaxError> {
        let from = self.from + skip;
        let code = self.body.get(from..from + digits).filter(|text| text.chars().all(|c| c.is_digit(radix)));
        let Some(value) = code.and_then(|text| u32::from_str_radix(text, radix).ok()) else {
            let end = from + self.body[from..].chars().take_while(|c| c.is_digit(radix)).take(digits).count();
            let wanted = if radix == 8 { "three digits from 0 to 7" } else { "hexadecimal digits" };
            let message = format!("`{}` is an escape that is cut short", &self.body[self.from..end]);
            let example = match (radix, digits) {
                (8, _) => "`\\101`",
                (_, 2) => "`\\x41`",
                (_, 4) => "`\\u00e9`",
                _ => "`\\U0001f600`",
            };
            let count = if radix == 8 { String::new() } else { format!("{digits} ") };
            return Err(self.error(end, message, format!("It takes {count}{wanted}, such as {example}.")));
        };
        let end = from + digits;
        match (self.bytes, char::from_u32(value)) {
            // Two hexadecimal and three octal digits that begin with 0 to 3 are a byte.
            (true, _) => out.push(value as u8),
            (false, Some(c)) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            (false, None) => {
                let message = format!("`{}` stands for no character", &self.body[self.from..end]);
                return Err(self.error(end, message, "Write the character itself, or the number of one.".to_owned()));
            }
        }
        Ok(end)
    }

    fn unknown(&self, letter: char) -> SyntaxError {
        let end = self.from + 1 + letter.len_utf8();
        if matches!(letter, 'u' | 'U') {
            let help = "Write the bytes with `\\x`, or the character itself.".to_owned();
            return self.error(end, "bytes have no escapes for characters".to_owned(), help);
        }
        let message = format!("a backslash before {} is no escape", shown(letter));
        let help =
            "Write `\\\\` for a backslash, or a raw text such as `r'\\d+'`, in which it is an ordinary character.";
        self.error(end, message, help.to_owned())
    }

    fn error(&self, end: usize, message: String, help: String) -> SyntaxError {
        SyntaxError { at: self.at + self.from..self.at + end, message, help }
    }
}
