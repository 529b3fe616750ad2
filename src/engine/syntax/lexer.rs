//! From the text of an expression to its tokens.

use super::SyntaxError;
use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name or a word.
    Name,
    /// A name in back-ticks.
    Quoted,
    /// A whole number, decimal or hexadecimal.
    Int,
    /// A whole number with `u`.
    Uint,
    /// A number with a fraction or an exponent.
    Double,
    /// Text or bytes in quotes, prefixes included.
    Text,
    /// An operator, a bracket, a mark, or one of the words `in`, `true`, `false` and `null`.
    Symbol(&'static str),
    /// What begins no token; the error tells about it.
    Wrong,
    /// The end of the expression.
    End,
}

/// A token and its bytes.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its bytes.
    pub at: Range<usize>,
}

/// The tokens of `text`, closed by [`Kind::End`]; when something is no token, the tokens before it,
/// closed by [`Kind::Wrong`], and what is wrong with it.
pub fn tokens(text: &str) -> (Vec<Token>, Option<SyntaxError>) {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 2);
    let mut at = 0;
    loop {
        at = after_blanks(text, at);
        if at == text.len() {
            tokens.push(Token { kind: Kind::End, at: at..at });
            return (tokens, None);
        }
        match token(text, at) {
            Ok((kind, end)) => {
                tokens.push(Token { kind, at: at..end });
                at = end;
            }
            Err(error) => {
                tokens.push(Token { kind: Kind::Wrong, at: error.at.clone() });
                return (tokens, Some(error));
            }
        }
    }
}

/// Behind blanks and comments.
fn after_blanks(text: &str, mut at: usize) -> usize {
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\r' | b'\n' | b'\x0c' => at += 1,
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = text[at..].find('\n').map_or(text.len(), |line| at + line),
            _ => break,
        }
    }
    at
}

/// Symbols, longer ones before those that they begin with.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "+", "-", "*", "/", "%", "!",
    "<", ">",
];

/// Words that are no names.
const KEYWORDS: &[&str] = &["in", "true", "false", "null"];

fn token(text: &str, at: usize) -> Result<(Kind, usize), SyntaxError> {
    let rest = &text[at..];
    let bytes = rest.as_bytes();
    if let Some(end) = quoted_end(text, at)? {
        return Ok((Kind::Text, end));
    }
    match bytes[0] {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
            let length = word(rest);
            let kind = KEYWORDS.iter().find(|word| **word == &rest[..length]).map_or(Kind::Name, |w| Kind::Symbol(w));
            return Ok((kind, at + length));
        }
        b'0'..=b'9' => return Ok(number(rest, at)),
        b'.' if bytes.get(1).is_some_and(u8::is_ascii_digit) => return Ok(number(rest, at)),
        b'`' => return back_ticks(rest, at),
        _ => {}
    }
    if let Some(error) = slip(rest, at) {
        return Err(error);
    }
    match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
        Some(symbol) => Ok((Kind::Symbol(symbol), at + symbol.len())),
        None => Err(no_token(rest, at)),
    }
}

fn word(rest: &str) -> usize {
    rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count()
}

fn number(rest: &str, at: usize) -> (Kind, usize) {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let unsigned = |end: usize| matches!(bytes.get(end), Some(b'u' | b'U'));
    if rest.starts_with("0x") {
        let hex = bytes[2..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
        if hex > 0 {
            let end = 2 + hex;
            return if unsigned(end) { (Kind::Uint, at + end + 1) } else { (Kind::Int, at + end) };
        }
    }
    let (mut end, mut kind) = (digits(0), Kind::Int);
    if bytes.get(end) == Some(&b'.') && digits(end + 1) > 0 {
        end += 1 + digits(end + 1);
        kind = Kind::Double;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = bytes.get(end + 1 + sign..).map_or(0, |_| digits(end + 1 + sign));
        if exponent > 0 {
            end += 1 + sign + exponent;
            kind = Kind::Double;
        }
    }
    if kind == Kind::Int && unsigned(end) { (Kind::Uint, at + end + 1) } else { (kind, at + end) }
}

/// The end of the text or the bytes in quotes that begin at `at`, if any do.
fn quoted_end(text: &str, at: usize) -> Result<Option<usize>, SyntaxError> {
    let rest = &text[at..];
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).take(3).count();
    let raw = match &rest[..letters] {
        "" | "b" | "B" => false,
        "r" | "R" | "br" | "bR" | "Br" | "BR" => true,
        _ => return Ok(None),
    };
    let quotes = &rest[letters..];
    let Some(quote) = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quote| quotes.starts_with(quote)) else {
        return Ok(None);
    };
    let body = at + letters + quote.len();
    let mut next = body;
    while let Some(c) = text[next..].chars().next() {
        if text[next..].starts_with(quote) {
            return Ok(Some(next + quote.len()));
        }
        if quote.len() == 1 && matches!(c, '\n' | '\r') {
            break;
        }
        next += c.len_utf8();
        if c == '\\' && !raw {
            next += text[next..].chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        }
    }
    let help = match quote.len() {
        1 if next < text.len() => {
            format!("End it with `{quote}` on its line; text of several lines stands in `{0}{0}{0}`.", quote)
        }
        _ => format!("End it with `{quote}`."),
    };
    Err(SyntaxError { at: at..body, message: format!("the text that begins here has no closing `{quote}`"), help })
}

fn back_ticks(rest: &str, at: usize) -> Result<(Kind, usize), SyntaxError> {
    let help =
        "A name in back-ticks has letters, digits, blanks and `_ . - /`; any other key is read with `doc['the key']`.";
    let may = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-' | b'/' | b' ');
    let length = rest.bytes().skip(1).take_while(|b| may(*b)).count();
    let after = &rest[1 + length..];
    let (end, message) = match after.chars().next() {
        Some('`') if length > 0 => return Ok((Kind::Quoted, at + length + 2)),
        Some('`') => (at + 2, "there is no name between these back-ticks".to_owned()),
        Some(c) if after.contains('`') => {
            let from = at + 1 + length;
            let message = format!("{} cannot stand in a name in back-ticks", shown(c));
            return Err(SyntaxError { at: from..from + c.len_utf8(), message, help: help.to_owned() });
        }
        _ => (at + 1, "the name that begins here has no closing back-tick".to_owned()),
    };
    Err(SyntaxError { at: at..end, message, help: help.to_owned() })
}

/// What other languages write, with what CEL writes for it.
const SLIPS: &[(&str, &str, &str)] = &[
    ("===", "`===` is not an operator here", "Write `==`."),
    ("!==", "`!==` is not an operator here", "Write `!=`."),
    ("=~", "`=~` is not an operator here", "Write `text.matches('pattern')`."),
    ("=>", "`=>` is not an operator here", "Write `>=` to compare; a loop is written `list.all(x, condition)`."),
    ("=<", "`=<` is not an operator here", "Write `<=`."),
    ("<>", "`<>` is not an operator here", "Write `!=`."),
    ("**", "`**` is not an operator here", "Multiply with `*`; there are no powers."),
    ("&", "a single `&` is not an operator here", "Write `&&` for `and`."),
    ("|", "a single `|` is not an operator here", "Write `||` for `or`."),
    ("=", "a single `=` does not compare", "Write `==`."),
    (";", "`;` has no meaning in an expression", "Join conditions with `&&`."),
    ("#", "`#` has no meaning in an expression", "A comment begins with `//`."),
    ("“", "`“` is a typographic quote, which begins no text", "Write `'` or `\"`."),
    ("”", "`”` is a typographic quote, which begins no text", "Write `'` or `\"`."),
    ("„", "`„` is a typographic quote, which begins no text", "Write `'` or `\"`."),
    ("‘", "`‘` is a typographic quote, which begins no text", "Write `'` or `\"`."),
    ("’", "`’` is a typographic quote, which begins no text", "Write `'` or `\"`."),
    ("–", "`–` is a dash, not the minus sign", "Write `-`."),
    ("−", "`−` is not the minus sign of the keyboard", "Write `-`."),
    ("≠", "`≠` is not an operator here", "Write `!=`."),
    ("≤", "`≤` is not an operator here", "Write `<=`."),
    ("≥", "`≥` is not an operator here", "Write `>=`."),
];

fn slip(rest: &str, at: usize) -> Option<SyntaxError> {
    let (symbol, message, help) = SLIPS.iter().find(|(symbol, ..)| rest.starts_with(symbol))?;
    // `==`, `&&` and `||` begin like a slip.
    if symbol.len() == 1 && rest.as_bytes().get(1) == Some(&rest.as_bytes()[0]) && "&|=".contains(symbol) {
        return None;
    }
    Some(SyntaxError { at: at..at + symbol.len(), message: (*message).to_owned(), help: (*help).to_owned() })
}

fn no_token(rest: &str, at: usize) -> SyntaxError {
    let c = rest.chars().next().unwrap_or(' ');
    let (message, help) = if c.is_alphabetic() {
        (
            format!("`{c}` cannot stand in a plain name"),
            "Names have the letters a to z, digits and `_`; read any other key with `doc['the key']`.",
        )
    } else if c.is_control() || c.is_whitespace() || !visible(c) {
        (format!("{} stands here and cannot be seen", shown(c)), "Delete it, and type the expression by hand.")
    } else {
        (format!("`{c}` is no part of the expression language"), "Delete it, or put text into quotes.")
    };
    SyntaxError { at: at..at + c.len_utf8(), message, help: help.to_owned() }
}

/// Whether a reader sees the character, and sees it where it stands.
fn visible(c: char) -> bool {
    !matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// A character in an error message; by its number when printing it would hide or disturb it.
pub fn shown(c: char) -> String {
    if c.is_control() || c.is_whitespace() || !visible(c) {
        format!("the character U+{:04X}", u32::from(c))
    } else {
        format!("`{c}`")
    }
}
