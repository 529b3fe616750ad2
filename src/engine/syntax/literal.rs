//! The text between quotes and the digits of numbers.

use super::Mistake;
use super::ast::Literal;
use std::ops::Range;

/// A literal at the beginning of `source[at..]`, and where it ends; `None` where none begins.
pub fn read(source: &str, at: usize) -> Option<Result<(Literal, usize), Mistake>> {
    let rest = &source[at..];
    if let Some(quoted) = Quoted::begin(rest) {
        return Some(quoted.read(source, at));
    }
    let digit = |at: usize| rest.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    (digit(0) || rest.starts_with('.') && digit(1)).then(|| number(source, at))
}

fn number(source: &str, at: usize) -> Result<(Literal, usize), Mistake> {
    let bytes = source.as_bytes();
    let hex = source[at..].starts_with("0x") || source[at..].starts_with("0X");
    let mut end = at;
    let mut fraction = false;
    if hex {
        end += 2;
        while bytes.get(end).is_some_and(u8::is_ascii_hexdigit) {
            end += 1;
        }
    } else {
        let digits = |mut end: usize| {
            while bytes.get(end).is_some_and(u8::is_ascii_digit) {
                end += 1;
            }
            end
        };
        end = digits(end);
        if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            fraction = true;
            end = digits(end + 1);
        }
        if bytes.get(end).is_some_and(|b| matches!(b, b'e' | b'E')) {
            let sign = usize::from(bytes.get(end + 1).is_some_and(|b| matches!(b, b'+' | b'-')));
            if bytes.get(end + 1 + sign).is_some_and(u8::is_ascii_digit) {
                fraction = true;
                end = digits(end + 1 + sign);
            }
        }
    }
    let digits = &source[at..end];
    let wrong = |message: String, help: &str| Err(Mistake::new(at..end, message, help));
    if fraction {
        // What is too large for a double is infinite, as the specification has it.
        return match digits.parse() {
            Ok(number) => Ok((Literal::Double(number), end)),
            Err(_) => wrong(format!("`{digits}` is no number"), "Write it like `0.5` or `1e3`."),
        };
    }
    let (plain, radix) = if hex { (&digits[2..], 16) } else { (digits, 10) };
    if bytes.get(end).is_some_and(|b| matches!(b, b'u' | b'U')) {
        return match u64::from_str_radix(plain, radix) {
            Ok(number) => Ok((Literal::Uint(number), end + 1)),
            Err(_) => wrong(format!("`{digits}u` does not fit into 64 bits"), "Write a smaller number."),
        };
    }
    match u64::from_str_radix(plain, radix) {
        Ok(number) if number <= i64::MAX as u64 => Ok((Literal::Int(number as i64), end)),
        // Only with a minus sign in front; the parser looks for it.
        Ok(number) if number == 1 << 63 => Ok((Literal::Int(i64::MIN), end)),
        _ => wrong(format!("`{digits}` does not fit into 64 bits"), "Write a smaller number, or one with a fraction."),
    }
}

/// How a text is quoted.
struct Quoted {
    bytes: bool,
    raw: bool,
    /// Bytes in front of the quotes.
    prefix: usize,
    quote: &'static str,
}

impl Quoted {
    fn begin(rest: &str) -> Option<Quoted> {
        let flag = |at: usize, of: &str| rest[at..].chars().next().is_some_and(|c| of.contains(c));
        let bytes = flag(0, "bB");
        let raw = flag(usize::from(bytes), "rR");
        let prefix = usize::from(bytes) + usize::from(raw);
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest[prefix..].starts_with(quote))?;
        Some(Quoted { bytes, raw, prefix, quote })
    }

    fn read(&self, source: &str, at: usize) -> Result<(Literal, usize), Mistake> {
        let begin = at + self.prefix + self.quote.len();
        let (mut text, mut bytes, mut here) = (String::new(), Vec::new(), begin);
        loop {
            let rest = &source[here..];
            if rest.starts_with(self.quote) {
                break;
            }
            let Some(c) = rest.chars().next().filter(|c| self.quote.len() == 3 || !matches!(c, '\n' | '\r')) else {
                let message = format!("the text that begins with {} is not closed", self.quote);
                let help = format!("Close it with {}.", self.quote);
                return Err(Mistake::new(at..here.max(at + 1), message, help));
            };
            if c == '\\' && !self.raw {
                let (made, length) = escape(rest, here, self.bytes)?;
                match made {
                    Escaped::Char(c) => text.push(c),
                    Escaped::Byte(byte) => bytes.push(byte),
                }
                if self.bytes {
                    bytes.extend(std::mem::take(&mut text).into_bytes());
                }
                here += length;
            } else {
                if self.bytes {
                    bytes.extend_from_slice(&rest.as_bytes()[..c.len_utf8()]);
                } else {
                    text.push(c);
                }
                here += c.len_utf8();
            }
        }
        let literal = if self.bytes { Literal::Bytes(bytes) } else { Literal::Text(text) };
        Ok((literal, here + self.quote.len()))
    }
}

enum Escaped {
    Char(char),
    Byte(u8),
}

/// What a backslash and what follows it stand for, and how many bytes they take.
fn escape(rest: &str, at: usize, bytes: bool) -> Result<(Escaped, usize), Mistake> {
    let kind = rest[1..].chars().next();
    let span = |length: usize| -> Range<usize> { at..at + length.min(rest.len()) };
    let code = |digits: usize, radix: u32, from: usize| {
        let digits = rest.get(from..from + digits).filter(|d| d.chars().all(|c| c.is_digit(radix)));
        digits.and_then(|d| u32::from_str_radix(d, radix).ok())
    };
    let plain = |c: char| Ok((Escaped::Char(c), 2));
    let wanted = |digits: usize, what: &str| {
        let message = format!("`\\{}` wants {digits} {what} digits", kind.unwrap_or_default());
        Mistake::new(span(2), message, "Write them, or double the backslash for one that counts as such: `\\\\`.")
    };
    let point = |code: u32, length: usize| match char::from_u32(code) {
        Some(c) => Ok((Escaped::Char(c), length)),
        None => Err(Mistake::new(span(length), "this is no character", "Write the number of a character.")),
    };
    match kind {
        Some('a') => plain('\u{7}'),
        Some('b') => plain('\u{8}'),
        Some('f') => plain('\u{c}'),
        Some('n') => plain('\n'),
        Some('r') => plain('\r'),
        Some('t') => plain('\t'),
        Some('v') => plain('\u{b}'),
        Some(c @ ('"' | '\'' | '\\' | '?' | '`')) => plain(c),
        Some('x' | 'X') => match code(2, 16, 2) {
            Some(code) if bytes => Ok((Escaped::Byte(code as u8), 4)),
            Some(code) => point(code, 4),
            None => Err(wanted(2, "hexadecimal")),
        },
        Some('u' | 'U') if bytes => {
            let help = "Write the bytes: `\\x..`, or the character itself.";
            Err(Mistake::new(span(2), "bytes have no characters by number", help))
        }
        Some('u') => code(4, 16, 2).map_or_else(|| Err(wanted(4, "hexadecimal")), |code| point(code, 6)),
        Some('U') => code(8, 16, 2).map_or_else(|| Err(wanted(8, "hexadecimal")), |code| point(code, 10)),
        Some('0'..='3') => match code(3, 8, 1) {
            Some(code) if bytes => Ok((Escaped::Byte(code as u8), 4)),
            Some(code) => point(code, 4),
            None => Err(wanted(3, "octal")),
        },
        _ => {
            let length = 1 + kind.map_or(0, char::len_utf8);
            let message = format!("`\\{}` stands for nothing", kind.unwrap_or_default());
            let help = "For a backslash write two, or put `r` in front of the quotes: r'\\d+'.";
            Err(Mistake::new(span(length), message, help))
        }
    }
}
