//! What of a text counts.

use regex::{Match, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Stands for a date or a version within a text.
const MARK: &str = "\u{FFFC}";

/// More than any date has.
const LONGEST_DATE: usize = 64;
/// More than any version has; commits and digests fit.
const LONGEST_VERSION: usize = 80;

/// Keys whose value is a version.
const VERSION_WORDS: &[&str] = &["version", "revision", "rev"];

const MONTH: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|\
                     sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const DAY: &str = "(?:0?[1-9]|[12][0-9]|3[01])";
const YEAR: &str = "(?:19|20)[0-9]{2}";
const CLOCK: &str = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?";

static DATE: LazyLock<Regex> = LazyLock::new(|| pattern(&dates()));

/// Versions within a text are those that say so: any other number with dots may be a clause.
static DATE_OR_VERSION: LazyLock<Regex> = LazyLock::new(|| {
    let version = r"(?:versions?|revision|rev)[\s.:|#=]{0,4}v?[0-9]\w*(?:[.+_-]\w+)*|v[0-9]\w*(?:[.+_-]\w+)*";
    pattern(&format!("{version}|{}", dates()))
});

fn dates() -> String {
    [
        format!("{YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:[T ]{CLOCK})?)?"),
        format!("{DAY}[./-]{DAY}[./-]{YEAR}"),
        format!(r"(?:{DAY}(?:st|nd|rd|th|\.)? (?:of )?)?{MONTH}\.?,? {YEAR}"),
        format!(r"{MONTH}\.? {DAY}(?:st|nd|rd|th)?,? {YEAR}"),
    ]
    .join("|")
}

fn pattern(text: &str) -> Regex {
    Regex::new(&format!("(?i){text}")).expect("the pattern is tested")
}

/// The text with every run of white space made one blank.
pub(super) fn squeezed(text: &str) -> Cow<'_, str> {
    let mut last = ' ';
    let tidy = text.chars().all(|c| {
        let fine = c == ' ' && last != ' ' || !c.is_whitespace();
        last = c;
        fine
    });
    if tidy && (last != ' ' || text.is_empty()) {
        return Cow::Borrowed(text);
    }
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    Cow::Owned(squeezed)
}

/// What counts of a text that is [`squeezed`]; `None` where it is empty or a date.
pub(super) fn substance(text: &str) -> Option<Cow<'_, str>> {
    if text.is_empty() || is_date(text) {
        return None;
    }
    // A single word is a name, a path or a reference: what stands in it tells it from others.
    if !text.contains(' ') {
        return Some(Cow::Borrowed(text));
    }
    let mut rest = String::new();
    let mut from = 0;
    for found in DATE_OR_VERSION.find_iter(text).filter(|found| stands_alone(text, found)) {
        rest.push_str(&text[from..found.start()]);
        rest.push_str(MARK);
        from = found.end();
    }
    if from == 0 {
        return Some(Cow::Borrowed(text));
    }
    rest.push_str(&text[from..]);
    Some(Cow::Owned(rest))
}

/// Whether a match is no part of a longer word, such as a path, a number or a name.
fn stands_alone(text: &str, found: &Match<'_>) -> bool {
    let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '\\');
    let before = text[..found.start()].chars().next_back();
    let mut after = text[found.end()..].chars();
    let next = after.next();
    let inside = matches!(next, Some('.' | ',' | ':')) && after.next().is_some_and(char::is_alphanumeric);
    !(before.is_some_and(|c| joins(c) || c == '.') || next.is_some_and(joins) || inside)
}

fn is_date(text: &str) -> bool {
    text.len() <= LONGEST_DATE
        && text.contains(|c: char| c.is_ascii_digit())
        && DATE.find(text).is_some_and(|found| found.start() == 0 && found.end() == text.len())
}

/// Whether the value of `key` is a version: one of its words says so (`model_version`, `dataRevision`).
pub(super) fn names_version(key: &str) -> bool {
    // Most keys are told by their letters alone.
    let has = |wanted: &[u8; 3]| key.as_bytes().windows(3).any(|found| found.eq_ignore_ascii_case(wanted));
    if !has(b"ver") && !has(b"rev") {
        return false;
    }
    let mut words = vec![String::new()];
    let mut small = false;
    for c in key.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && small) {
            words.push(String::new());
        }
        small = c.is_lowercase();
        if c.is_alphanumeric() {
            words.last_mut().expect("there is one from the start").extend(c.to_lowercase());
        }
    }
    words.iter().any(|word| VERSION_WORDS.contains(&word.as_str()))
}

/// Whether a value looks like a version, or the id of one: one word of letters, digits and `.-_+` with
/// a digit in it.
pub(super) fn is_version(text: &str) -> bool {
    text.len() <= LONGEST_VERSION
        && text.contains(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
}

/// Whether two versions of a file of no known syntax (code, a prompt) differ in more than white space,
/// wherever that stands. A byte order mark does not count either.
pub fn text_differs(before: &[u8], after: &[u8]) -> bool {
    fn inked(text: &[u8]) -> impl Iterator<Item = &u8> {
        text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).iter().filter(|byte| !byte.is_ascii_whitespace())
    }
    before != after && !inked(before).eq(inked(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_value_is_a_date_in_these_forms_only() {
        for date in [
            "2026-03-01",
            "2026-03",
            "2026-03-01T10:00:00Z",
            "2026-03-01t10:00:00.25+02:00",
            "2026-03-01 10:00",
            "2026-03-01 10:00 UTC",
            "12 March 2026",
            "12th of March 2026",
            "March 2026",
            "Sept. 2026",
            "March 12, 2026",
            "12.03.2026",
            "03/12/2026",
            "1-2-2026",
        ] {
            assert_eq!(substance(date), None, "{date}");
        }
        for other in
            ["2026", "2026-13-01", "20260301", "0.91", "A.5.2", "1.4.0", "v2", "quarterly", "reports/2026-03-01.md"]
        {
            assert_eq!(substance(other).as_deref(), Some(other));
        }
    }

    #[test]
    fn in_text_dates_and_named_versions_are_marks() {
        let table = [
            ("Last reviewed on 2026-03-01, version 1.2", "Last reviewed on _, _"),
            ("Reviewed 12 March 2026.", "Reviewed _."),
            ("From 01.02.2026 to March 2027 (v2.1-rc1)", "From _ to _ (_)"),
            ("Version: 3 Rev. 4 | Revision | 5", "_ _ | _"),
            ("an AUC of 0.91 on 365 days and 12 %", "an AUC of 0.91 on 365 days and 12 %"),
            ("see clause 6.1.2 and A.5.4", "see clause 6.1.2 and A.5.4"),
            ("see reports/2026-03-01.md and INC-2026-03", "see reports/2026-03-01.md and INC-2026-03"),
            ("at 2026-03-01 10:15:00Z, again", "at _, again"),
            ("may 20 people", "may 20 people"),
            ("llama-v2 is used", "llama-v2 is used"),
        ];
        for (text, expected) in table {
            assert_eq!(substance(text).map(|text| text.replace(MARK, "_")).as_deref(), Some(expected));
        }
    }

    #[test]
    fn keys_of_versions_say_so_in_a_word() {
        for key in ["version", "Version", "model_version", "modelVersion", "dataset-revision", "rev"] {
            assert!(names_version(key), "{key}");
        }
        for key in ["versions", "conversion", "review", "reviewed", "revenue", "", "ver", "name"] {
            assert!(!names_version(key), "{key}");
        }
        for version in ["1.4.0", "v2", "2026-Q1", "2", "3f2a9c1", "1.0.0-rc.1+build"] {
            assert!(is_version(version), "{version}");
        }
        for other in ["", "latest", "1.4.0 and later", "models/2", ">=1.2"] {
            assert!(!is_version(other), "{other}");
        }
    }

    #[test]
    fn text_differs_in_more_than_white_space() {
        let table: [(&[u8], &[u8], bool); 8] = [
            (b"a b\n", b"a b\n", false),
            (b"a b\n", b"a  b\r\n\r\n", false),
            (b"f(a,b)", b"f( a,\n\tb )\n", false),
            (b"\xEF\xBB\xBFa", b"a", false),
            (b"", b" \n", false),
            (b"a", b"A", true),
            (b"a", b"ab", true),
            (b"a\xFF", b"a\xFE", true),
        ];
        for (before, after, expected) in table {
            assert_eq!(text_differs(before, after), expected, "{before:?} {after:?}");
            assert_eq!(text_differs(after, before), expected, "{after:?} {before:?}");
        }
    }

    #[test]
    fn white_space_becomes_single_blanks() {
        let table =
            [("", ""), (" ", ""), ("a", "a"), ("a b", "a b"), (" a", "a"), ("a ", "a"), ("a\r\n\u{A0} b\n", "a b")];
        for (text, expected) in table {
            assert_eq!(squeezed(text), expected, "{text:?}");
        }
    }
}
