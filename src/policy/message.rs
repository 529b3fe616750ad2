//! Messages: text with CEL between `{{` and `}}`.

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// The text of an expression and where it begins in the message.
    Expression(String, usize),
}

/// Takes a message apart.
///
/// # Errors
/// The offset of a `{{` that nothing closes.
pub fn pieces(message: &str) -> Result<Vec<Piece>, usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = message[at..].find("{{") {
        if open > 0 {
            found.push(Piece::Text(message[at..at + open].to_owned()));
        }
        let start = at + open + 2;
        let length = message[start..].find("}}").ok_or(at + open)?;
        let inner = &message[start..start + length];
        let lead = inner.len() - inner.trim_start().len();
        found.push(Piece::Expression(inner.trim().to_owned(), start + lead));
        at = start + length + 2;
    }
    if at < message.len() {
        found.push(Piece::Text(message[at..].to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_taken_apart() {
        let expected = vec![
            Piece::Text("`".to_owned()),
            Piece::Expression("doc.id".to_owned(), 4),
            Piece::Text("` has none".to_owned()),
        ];
        assert_eq!(pieces("`{{ doc.id }}` has none"), Ok(expected));
        assert_eq!(pieces("plain"), Ok(vec![Piece::Text("plain".to_owned())]));
        assert_eq!(pieces("a {{ b"), Err(2));
    }
}
