//! Text of messages. In SARIF, `[words](target)` in a message is a link.

use crate::source::{clip, plain};
use serde_json::{Value, json};

/// Characters of one text.
const TEXT: usize = 4_000;

/// Text of strangers as a message without links.
pub(super) fn message(text: &str) -> Value {
    let mut out = String::with_capacity(text.len());
    for c in cut(text).chars() {
        if matches!(c, '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    json!({"text": out})
}

/// Text of a sane length, on one line, that shows what it holds.
pub(super) fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain(&clip(&line, TEXT))
}
