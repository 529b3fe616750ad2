//! Where the marks stand that the parser gives no place for: list dashes and block scalar headers.

/// Walks over what may stand between two values of a document.
pub(super) struct Cursor<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Cursor { source, at: 0 }
    }

    /// Moves behind a value that the parser has placed; never backwards.
    pub(super) fn pass(&mut self, end: usize) {
        self.at = self.at.max(end);
    }

    /// Finds the dash of the next item of a block list and moves behind it.
    pub(super) fn dash(&mut self) -> Option<usize> {
        let at = self.next(|b| b == b'-')?;
        self.at = at + 1;
        Some(at)
    }

    /// Finds the `|` or `>` of the next block scalar.
    pub(super) fn block_header(&self) -> Option<usize> {
        self.next(|b| b == b'|' || b == b'>')
    }

    /// Finds the quote that opens the next scalar.
    pub(super) fn quote(&self) -> Option<usize> {
        self.next(|b| b == b'"' || b == b'\'')
    }

    /// The first byte that `wanted` accepts, when only white space, comments, properties (`&a`,
    /// `!tag`) and the marks `?` and `:` stand before it.
    fn next(&self, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = self.at;
        loop {
            let byte = *bytes.get(at)?;
            let rest = &bytes[at..];
            at += match byte {
                byte if wanted(byte) => return Some(at),
                b' ' | b'\t' | b'\r' | b'\n' | b':' | b'?' => 1,
                b'#' => rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                b'&' | b'!' => rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len()),
                _ => return None,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_behind_comments_and_properties() {
        // source, end of the last value, place of the dash; counted by hand
        let table = [
            ("- a", 0, Some(0)),
            ("a:\n- b", 1, Some(3)),
            ("a: # x - y\n  - b", 1, Some(13)),
            ("- &x !!str\n- b", 1, Some(11)),
            ("? - a\n: - b", 5, Some(8)),
            ("a: b", 1, None),
            ("a:", 1, None),
        ];
        for (source, end, expected) in table {
            let mut cursor = Cursor::new(source);
            cursor.pass(end);
            assert_eq!(cursor.dash(), expected, "{source:?}");
        }
        let mut cursor = Cursor::new("a: !t |2-\n   x");
        cursor.pass(1);
        assert_eq!(cursor.block_header(), Some(6));
    }
}
