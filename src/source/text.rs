//! Text of strangers, made safe to show.

/// Makes `text` safe for a terminal or a log line: control characters (line breaks and tabs too)
/// and the marks that turn the writing direction become visible escapes such as `\u{1b}`.
/// See Unicode TR36 and the trojan-source reports for why direction marks count. What a workflow's
/// log reader takes for a command (`::error::` at the start of a line, `##[error]` anywhere) is
/// escaped wherever a line could begin.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut begins = true;
    for (at, c) in text.char_indices() {
        let command = match c {
            ':' => begins && text[at..].starts_with("::"),
            '#' => text[at..].starts_with("##["),
            _ => false,
        };
        if command || is_unsafe(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
        // Long text is wrapped at its spaces.
        begins = c.is_whitespace() || is_unsafe(c);
    }
    shown
}

/// Whether a character can change what a terminal or a reader shows: control characters and marks that
/// are not seen or turn the writing direction.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The first `limit` characters of `text`, with an ellipsis where something was cut.
pub fn clip(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_characters_become_visible() {
        let table = [
            ("plain ünicode", "plain ünicode"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{202E}b", "a\\u{202e}b"),
            ("a\nb\tc", "a\\u{a}b\\u{9}c"),
            ("::error::x", "\\u{3a}:error::x"),
            ("a ::set-output name=b::c", "a \\u{3a}:set-output name=b::c"),
            ("a ##[error]b", "a \\u{23}#[error]b"),
            ("a::b ## [c]", "a::b ## [c]"),
        ];
        for (text, expected) in table {
            assert_eq!(plain(text), expected);
        }
    }

    #[test]
    fn clipping_counts_characters() {
        assert_eq!(clip("äöü", 2), "äö…");
        assert_eq!(clip("äö", 2), "äö");
    }
}
