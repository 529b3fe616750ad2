//! The many spellings of an id.

/// The id in its one form: `A.7.2` for `A 7.2`, `a7.2`, `**A.7.2**`, `ISO/IEC 42001 A.7.2`,
/// `A.7.2 Data for development` and the like; `B.7.2` keeps its letter.
///
/// `None` when the text does not begin with such an id or names several (`A.7.2–A.7.6`). Whether the
/// id exists is another question: `A.99` has a form too.
pub fn normalise(text: &str) -> Option<String> {
    let text = plain(text);
    let text = without_standard(text.trim());
    let letter = text.chars().next().filter(|c| matches!(c, 'A' | 'a' | 'B' | 'b'))?.to_ascii_uppercase();
    let number = text[1..].trim_start_matches(['.', ' ', '-']);
    let (number, rest) = split_number(number)?;
    tail_is_title(rest).then(|| format!("{letter}.{number}"))
}

/// The number of a clause: `6.1.3` for `6.1.3`, `Clause 6.1.3(f)`, `ISO 42001 6.1.3`.
pub(super) fn clause_id(text: &str) -> Option<String> {
    let text = plain(text);
    let text = without_standard(text.trim());
    let text = strip_word(text, "clause").unwrap_or(text);
    let (number, rest) = split_number(text)?;
    let letter = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).filter(|(letter, _)| letter.len() == 1);
    tail_is_title(letter.map_or(rest, |(_, rest)| rest)).then_some(number)
}

/// The text without Markdown emphasis and links, with one sort of hyphen and space.
fn plain(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, '*' | '`' | '_' | '\u{ad}' | '\u{200b}'))
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{a0}' | '\u{202f}' | '\t' => ' ',
            other => other,
        })
        .collect();
    match text.trim().strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((label, _)) => label.to_owned(),
        None => text,
    }
}

/// What follows `ISO/IEC 42001:2023` or a shorter name of the standard.
fn without_standard(text: &str) -> &str {
    let Some(rest) = strip_word(text, "iso") else { return text };
    let rest = strip_word(rest.trim_start_matches('/'), "iec").unwrap_or(rest);
    let Some(rest) = rest.strip_prefix("42001") else { return text };
    rest.strip_prefix(":2023").unwrap_or(rest).trim_start_matches([' ', '-', ':', ','])
}

/// What follows `word`, whatever its case, and separators.
fn strip_word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| text[word.len()..].trim_start_matches([' ', '-', ':']))
}

/// The dotted number at the front and what follows it.
fn split_number(text: &str) -> Option<(String, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    let parts: Vec<&str> = number.split('.').collect();
    let fits = parts.iter().all(|part| (1..=3).contains(&part.len()));
    fits.then(|| (parts.join("."), &text[end..]))
}

/// Whether what follows an id is nothing or a title, not a second id, a range or a letter.
fn tail_is_title(rest: &str) -> bool {
    let title = rest.trim_start_matches([' ', ':', '-', '(']);
    if title.trim().is_empty() {
        return true;
    }
    let apart = title.len() < rest.len();
    apart && title.starts_with(char::is_alphabetic) && title.split_whitespace().all(|word| normalise(word).is_none())
}

#[cfg(test)]
mod tests {
    use super::{clause_id, normalise};

    #[test]
    fn every_usual_spelling_of_a_control_is_understood() {
        let table = [
            ("A.7.2", Some("A.7.2")),
            ("A 7.2", Some("A.7.2")),
            ("A7.2", Some("A.7.2")),
            ("a.7.2", Some("A.7.2")),
            (" A.7.2. ", Some("A.7.2")),
            ("ISO 42001 A.7.2", Some("A.7.2")),
            ("ISO-42001-A.7.2", Some("A.7.2")),
            ("ISO\u{2011}42001\u{2011}A.7.2", Some("A.7.2")),
            ("ISO/IEC 42001:2023 A.6.2.4", Some("A.6.2.4")),
            ("iso42001:A.7.2", Some("A.7.2")),
            ("**A.7.2**", Some("A.7.2")),
            ("[A.7.2](soa.md#a72)", Some("A.7.2")),
            ("A.7.2 Data for development and enhancement", Some("A.7.2")),
            ("A.7.2: Data for development", Some("A.7.2")),
            ("B.7.2", Some("B.7.2")),
            ("A.99", Some("A.99")),
            ("A.7.2–A.7.6", None),
            ("A.10.2-4", None),
            ("A.7.2, A.7.3", None),
            ("A.7.2 and A.7.3", None),
            ("A.7.x", None),
            ("A.7.2b", None),
            ("A", None),
            ("6.1.4", None),
            ("X-1", None),
            ("Quality of data", None),
            ("", None),
            ("ä.7", None),
        ];
        for (text, expected) in table {
            assert_eq!(normalise(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn clauses_are_read_with_their_word_and_their_letter() {
        let table = [
            ("6.1.4", Some("6.1.4")),
            ("Clause 6.1.4", Some("6.1.4")),
            ("6.1.3(f)", Some("6.1.3")),
            ("ISO/IEC 42001:2023 clause 8.2", Some("8.2")),
            ("10.10", Some("10.10")),
            ("A.6.1", None),
            ("clause", None),
            ("8.2a", None),
        ];
        for (text, expected) in table {
            assert_eq!(clause_id(text).as_deref(), expected, "{text}");
        }
    }
}
