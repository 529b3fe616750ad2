//! What a text says, and whether it says anything.

use super::{EXHAUSTED, text_argument, texts, wanted, whole_argument};
use crate::engine::cel::{Value, spend};
use crate::value::fold::{fold, has_letter, is_in_word, is_mark};
use std::collections::BTreeSet;

pub(super) fn placeholder(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(match &args[0] {
        Value::Null => true,
        other => is_placeholder(text_argument(other)?),
    }))
}

pub(super) fn informative(args: &[Value]) -> Result<Value, String> {
    let text = text_argument(&args[0])?;
    let least = whole_argument(&args[1])?;
    if is_placeholder(text) {
        return Ok(Value::Bool(least <= 0));
    }
    let words: BTreeSet<String> = words(text).filter(|w| !STOP_WORDS.contains(&w.as_str())).collect();
    Ok(Value::Bool(i64::try_from(words.len()).unwrap_or(i64::MAX) >= least))
}

pub(super) fn similarity_row(args: &[Value]) -> Result<Value, String> {
    let (left, right) = (text_argument(&args[0])?, text_argument(&args[1])?);
    Ok(Value::Double(similarity(left, right)))
}

pub(super) fn words_row(args: &[Value]) -> Result<Value, String> {
    let text = text_argument(&args[0])?;
    if !spend(text.len() / 16) {
        return Err(EXHAUSTED.to_owned());
    }
    Ok(texts(identifier_words(text)))
}

pub(super) fn fold_row(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Text(fold(text_argument(&args[0])?)))
}

pub(super) fn mentions(args: &[Value]) -> Result<Value, String> {
    let text = format!("-{}-", fold(text_argument(&args[0])?));
    let items = args[1].items().ok_or_else(|| wanted("a list of texts", &args[1]))?;
    let names = items.iter().map(text_argument).collect::<Result<Vec<_>, _>>()?;
    // Each name is searched for in the whole text.
    if !spend(names.len() * (1 + text.len() / 256)) {
        return Err(EXHAUSTED.to_owned());
    }
    let named = |name: &&str| {
        let name = fold(name);
        !name.is_empty() && text.contains(&format!("-{name}-"))
    };
    Ok(Value::Bool(names.iter().any(named)))
}

/// The words of an identifier: `maxAge`, `max_age`, `MAX-AGE` and `max.age` have the same two.
fn identifier_words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let characters: Vec<char> = text.chars().collect();
    // A mark belongs to the letter before it, so letters are compared with the next letter.
    let mut before: Option<char> = None;
    for (at, &c) in characters.iter().enumerate() {
        if is_mark(c) {
            if before.is_some_and(char::is_alphanumeric)
                && let Some(word) = words.last_mut()
            {
                word.push(c);
            }
            continue;
        }
        let after = || characters[at + 1..].iter().find(|c| !is_mark(**c));
        let begins = before.is_some_and(|before| {
            before.is_numeric() != c.is_numeric()
                || (c.is_uppercase() && (before.is_lowercase() || after().is_some_and(|after| after.is_lowercase())))
        });
        before = Some(c);
        if begins || !c.is_alphanumeric() {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn text_of(args: &[Value]) -> Result<Value, String> {
    let mut lines = Vec::new();
    gather(&args[0], 0, &mut lines);
    Ok(Value::Text(lines.join("\n")))
}

fn gather(value: &Value, depth: usize, lines: &mut Vec<String>) {
    if depth > 128 || !spend(1) {
        return;
    }
    if let Value::Text(text) = value {
        if spend(text.len() / 256) {
            lines.push(text.clone());
        }
    } else if let Some(entries) = value.entries() {
        entries.iter().for_each(|(_, value)| gather(value, depth + 1, lines));
    } else if let Some(items) = value.items() {
        items.iter().for_each(|item| gather(item, depth + 1, lines));
    }
}

/// Whole texts that say nothing, without case, brackets and closing dots.
const EMPTY_PHRASES: &[&str] = &[
    "more information needed",
    "needs more information",
    "more info needed",
    "information needed",
    "todo",
    "to do",
    "tbd",
    "tba",
    "fixme",
    "tbc",
    "n/a",
    "n.a",
    "na",
    "none yet",
    "to be completed",
    "to be defined",
    "to be added",
    "to be done",
    "to be determined",
    "to be announced",
    "to be decided",
    "to be confirmed",
    "to be filled",
    "to be filled in",
    "coming soon",
    "work in progress",
    "wip",
    "placeholder",
    "not provided",
    "fill in",
    "fill me in",
    "company name",
    "your name",
    "lorem ipsum",
];

/// The longest label, in characters.
const LABEL: usize = 61;

/// Whether a piece is what only a template has: `<your name>`, `[your name]`, `{placeholder}`,
/// `{{ name }}`, `{% if %}`, "describe the use here". `{{` alone is BibTeX's too, so the form counts;
/// `<...>` with a `:` or an `@` is a link.
/// Written out, because patterns of this size take longer to compile than a small repository to check.
fn is_template(piece: &str) -> bool {
    let within = |open: &str, close: &str| piece.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    let name = |c: char| c.is_ascii_alphabetic() || c == '_';
    let short = |text: &str, most: usize, may: fn(char) -> bool| text.chars().count() <= most && text.chars().all(may);
    let begins = |words: &[&str], text: &str| {
        let word = text.find(|c: char| !is_word(c)).map_or(text, |end| &text[..end]);
        words.iter().find(|w| w.eq_ignore_ascii_case(word)).map(|w| w.len())
    };
    // The first letter has been looked at when the rest is counted.
    let after_first = |text: &str, first: &dyn Fn(char) -> bool| text.strip_prefix(first).map(str::to_owned);
    if let Some(rest) = within("<", ">").and_then(|t| after_first(t, &|c| c.is_ascii_alphabetic())) {
        // A link or an address holds no blank; what is to be filled in may hold a colon.
        let is_link = rest.contains([':', '@']) && !rest.contains(char::is_whitespace);
        return !is_link && short(&rest, 160, |c| !matches!(c, '<' | '>'));
    }
    if let Some(text) = within("[", "]")
        && let Some(word) = begins(&["your", "insert", "add", "describe", "company", "name", "todo"], text)
    {
        return short(&text[word..], 120, |c| c != ']');
    }
    if let Some(text) = within("{%", "%}") {
        return short(text, 200, |c| c != '%');
    }
    if let Some(rest) = within("{{", "}}").and_then(|t| after_first(t.trim_start(), &name)) {
        return short(&rest, 80, |c| c.is_ascii_alphanumeric() || "_.| ()'".contains(c));
    }
    if let Some(rest) = within("{", "}").and_then(|t| after_first(t, &name)) {
        return short(&rest, 60, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | ' '));
    }
    let Some(word) = begins(&["insert", "add", "describe", "provide", "write", "enter"], piece) else { return false };
    let ends = piece.len().checked_sub("here".len()).filter(|at| *at > word && piece.is_char_boundary(*at));
    ends.is_some_and(|at| piece[at..].eq_ignore_ascii_case("here") && !piece[word..at].ends_with(is_word))
        && is_order(piece)
}

/// Whether words are as few as an order to fill something in: "Add a short text here" is one, "Provide
/// loans to people here" is what a service does.
fn is_order(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    let of_a_thing = |word: &str| ["a", "an", "any", "the", "your"].iter().any(|w| w.eq_ignore_ascii_case(word));
    words.len() <= 4 || (words.len() == 5 && of_a_thing(words[1]))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// A line without the mark of a list item before it.
fn without_list_mark(line: &str) -> &str {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match line.strip_prefix(['-', '*', '+', '•']) {
        None if digits.len() < line.len() => digits.strip_prefix(['.', ')']),
        rest => rest,
    };
    match rest {
        Some(rest) if rest.starts_with(char::is_whitespace) => rest.trim_start(),
        _ => line,
    }
}

/// A list item without the box of a task: `[ ] TODO`.
fn without_task_box(item: &str) -> &str {
    let rest = ["[ ]", "[x]", "[X]"].iter().find_map(|mark| item.strip_prefix(mark));
    rest.filter(|rest| rest.starts_with(char::is_whitespace)).map_or(item, str::trim_start)
}

/// Whether a character shows nothing: white space, or a character without width.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// What follows a label such as `License:` or `**Developed by:**`.
fn after_label(line: &str) -> Option<&str> {
    let bold = |text: &str| text.starts_with("**") || text.starts_with("__");
    let text = if bold(line) { &line[2..] } else { line };
    text.chars().next().filter(|c| c.is_alphabetic())?;
    let label = |c: char| c.is_alphanumeric() || " ()/&'-".contains(c);
    let end = text.find(|c| !label(c))?;
    if text[..end].chars().count() > LABEL {
        return None;
    }
    let rest = &text[end..];
    match rest.strip_prefix(':') {
        Some(rest) => Some(if bold(rest) { &rest[2..] } else { rest }),
        None if bold(rest) => rest[2..].strip_prefix(':'),
        None => None,
    }
}

/// Whether a text says nothing yet. Every line must be empty, a placeholder, or a label followed by
/// one ("Developed by: [More Information Needed]"). A short honest text is no placeholder.
pub fn is_placeholder(text: &str) -> bool {
    text.lines().all(|line| {
        let line = without_task_box(without_list_mark(line.trim_matches(is_blank)));
        // A bare label at a line's end is a heading of what follows, which is judged itself.
        says_nothing(line) || after_label(line).is_some_and(says_nothing)
    })
}

fn says_nothing(piece: &str) -> bool {
    let piece = piece.trim_matches(is_blank).trim_matches(['*', '_', '`', '"', '\'']).trim_matches(is_blank);
    if piece.is_empty() || is_template(piece) {
        return true;
    }
    let inner = piece.trim_matches(['[', ']', '(', ')', '<', '>', '{', '}']).trim_matches(is_blank);
    let inner = inner.trim_end_matches(['.', '!', ':', '…']).trim_end_matches(is_blank);
    let lower = inner.to_lowercase();
    let marked = |mark: &str, ends: &[char]| {
        lower.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(ends))
    };
    // What is left of `…` or `(...)` is nothing.
    lower.is_empty()
        || EMPTY_PHRASES.contains(&lower.as_str())
        || lower.chars().all(|c| matches!(c, '-' | '–' | '—' | '?'))
        || (lower.len() > 2 && lower.chars().all(|c| c == 'x'))
        || lower.starts_with("lorem ipsum")
        // A todo list is a thing of its own: "Todo-app team".
        || marked("todo", &[':', '('])
        || ["tbd", "tbc", "fixme"].iter().any(|mark| marked(mark, &[':', ' ', '(', '-', '/']))
}

/// The words of a text in small letters: `don't` is one, quotes around a word are none of it.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c| !is_in_word(c) && !matches!(c, '\'' | '’'))
        .map(|word| word.trim_matches(['\'', '’']))
        .filter(has_letter)
        .map(|word| word.to_lowercase().replace('’', "'"))
}

/// Words that carry no meaning of their own in a justification.
pub(super) const STOP_WORDS: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "any",
    "applicable",
    "applies",
    "apply",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "by",
    "control",
    "controls",
    "does",
    "excluded",
    "for",
    "from",
    "has",
    "have",
    "in",
    "included",
    "is",
    "it",
    "its",
    "n",
    "na",
    "needed",
    "no",
    "none",
    "not",
    "of",
    "on",
    "or",
    "our",
    "relevant",
    "required",
    "scope",
    "since",
    "so",
    "such",
    "that",
    "the",
    "their",
    "there",
    "therefore",
    "this",
    "to",
    "us",
    "was",
    "we",
    "with",
    "yes",
];

/// The share of three-word sequences that two texts have in common (Jaccard); of words for texts
/// shorter than that. 1.0 for equal texts, 0.0 when one is empty.
pub fn similarity(left: &str, right: &str) -> f64 {
    let (left, right): (Vec<_>, Vec<_>) = (words(left).collect(), words(right).collect());
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let size = 3.min(left.len()).min(right.len());
    let left: BTreeSet<&[String]> = left.windows(size).collect();
    let right: BTreeSet<&[String]> = right.windows(size).collect();
    let common = left.intersection(&right).count();
    common as f64 / (left.len() + right.len() - common) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cel::traced;
    use proptest::prelude::*;
    use regex::Regex;
    use std::sync::LazyLock;

    /// What [`is_template`] and [`after_label`] spell out. What is to be filled in may hold a colon where it
    /// holds a blank; its length is bounded by the texts that are tried.
    static TEMPLATE_MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^(?:<[a-z](?:[^<>:@]{0,160}|[^<>]{0,160}\s[^<>]{0,160})>|\[(?:your|insert|add|describe|company|name|todo)\b[^\]]{0,120}\]|\{[a-z_][a-z0-9_ ]{0,60}\}|\{\{\s*[a-z_][a-z0-9_.| ()']{0,80}\}\}|\{%[^%]{0,200}%\}|(?:insert|add|describe|provide|write|enter)\b(?:\S*|\S*(?:\s+\S+){0,2}\s+\S*|\S*\s+(?:a|an|any|the|your)(?:\s+\S+){2}\s+\S*)\bhere)$",
        )
        .unwrap()
    });
    static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:\*\*|__)?[\p{L}][\p{L}\p{N} ()/&'-]{0,60}(?::(?:\*\*|__)?|(?:\*\*|__):)").unwrap()
    });

    #[test]
    fn placeholders_are_told_from_short_honest_text() {
        let says_nothing = [
            "",
            "  \n ",
            "TODO",
            "todo: write this",
            "TBD.",
            "[More Information Needed]",
            "More information needed",
            "n/a",
            "<your name>",
            "{{ intended_use }}",
            "[Your organisation here]",
            "Describe the use here",
            "Lorem ipsum dolor sit amet",
            "- **Developed by:** [More Information Needed]\n- **License:** TBD",
            "**[More Information Needed]**",
            "…",
            "Coming soon!",
            "{% if x %}",
            "TBC",
            "tbc (legal)",
            "To be confirmed.",
            "N.A.",
            "N/A",
            "—",
            "- –",
            "??",
            "XXX",
            "XXXX",
            "\u{200b}",
            "\u{feff} TODO\u{200b}",
            "- [ ] TODO",
            "- [ ]",
            "TODO(jane): write this",
            "Insert text here",
            "Describe the intended use here",
            "<add the name>",
        ];
        for text in says_nothing {
            assert!(is_placeholder(text), "{text:?} says nothing");
        }
        let says_something = [
            "None: used for internal log search alone.",
            "Ranks applicants.",
            "No known limits beyond English text.",
            "@article{key, title = {{BERT}}, year = 2019}",
            "todos are extracted from notes",
            "English, German",
            "- **Developed by:** The screening team",
            "a < b",
            "Do not add names here and there.",
            "<https://example.org/a>",
            "<jane@example.org>",
            "- **Repository:** <https://github.com/x/y>",
            "Todo list assistant",
            "Todo-app team",
            "Provide loans to people here",
            "Write to the DPO, who sits here",
            "- [ ] Ranks applicants",
            "x",
            "a — b",
        ];
        for text in says_something {
            assert!(!is_placeholder(text), "{text:?} says something");
        }
    }

    proptest! {
        #[test]
        fn forms_of_templates_are_those_of_their_patterns(piece in "[<\\[{]?[{%]?( ?(your|Name|name|add|write|describe|the|x|É|_|[0-9]|[.|%':@*-]|here)){0,5} ?(HERE)?[%}]?[>\\]}]?") {
            prop_assert_eq!(is_template(&piece), TEMPLATE_MARK.is_match(&piece), "{:?}", piece);
        }

        #[test]
        fn labels_are_those_of_their_pattern(line in "(\\*\\*|__)?[aÉ1 ]{0,3}[a /&'-]{0,62}(:|_|\\*\\*|__){0,3}( \\*\\*| x)?") {
            prop_assert_eq!(after_label(&line), LABELLED.find(&line).map(|label| &line[label.end()..]), "{:?}", line);
        }

        #[test]
        fn list_marks_are_those_of_their_pattern(line in "[-*+•1a. ]{0,3}[.)]?[ a]{0,3}") {
            let pattern = Regex::new(r"^(?:[-*+•]|[0-9]+[.)])\s+").unwrap();
            prop_assert_eq!(without_list_mark(&line), pattern.replace(&line, ""), "{:?}", line);
        }
    }

    #[test]
    fn identifiers_are_split_into_words() {
        for (text, words) in [
            ("maxAge", "max age"),
            ("MAX_AGE_DAYS", "max age days"),
            ("rules.0.min-age", "rules 0 min age"),
            ("HTTPServer", "http server"),
            ("over55", "over 55"),
            ("average percentage", "average percentage"),
            ("alterÜber60", "alter über 60"),
            ("alterU\u{308}ber60", "alter u\u{308}ber 60"),
            ("cafe\u{301}Age", "cafe\u{301} age"),
            ("\u{301} a", "a"),
            ("", ""),
        ] {
            assert_eq!(identifier_words(text).join(" "), words, "{text}");
        }
    }

    #[test]
    fn accents_of_their_own_are_part_of_their_word() {
        for (text, folded) in [
            ("Cre\u{301}dit Agricole", "cre\u{301}dit-agricole"),
            ("Crédit_Agricole", "crédit-agricole"),
            ("か\u{3099}くせい", "か\u{3099}くせい"),
            ("a \u{301} b", "a-b"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
        let named = |text: &str, name: &str| {
            let args = [Value::Text(text.to_owned()), Value::List(vec![Value::Text(name.to_owned())])];
            matches!(traced(|| mentions(&args)).0, Ok(Value::Bool(true)))
        };
        assert!(named("The re\u{301}sume\u{301} filter", "re\u{301}sume\u{301}-filter"));
        assert!(!named("The re\u{301}sume\u{301} filter", "re") && !named("The re\u{301}sume\u{301} filter", "sume"));
        assert_eq!(
            words("Re\u{301}sume\u{301}s don’t 'rank' -").collect::<Vec<_>>(),
            ["re\u{301}sume\u{301}s", "don't", "rank"]
        );
    }

    #[test]
    fn similarity_is_symmetric_and_bounded() {
        let (a, b) =
            ("Applicants over fifty may be rejected more often.", "Applicants over fifty may be hired more often.");
        assert_eq!(similarity(a, b), similarity(b, a));
        assert_eq!(similarity(a, a), 1.0);
        assert_eq!(similarity(a, ""), 0.0);
        assert!(similarity(a, b) > 0.2 && similarity(a, b) < 0.6, "{}", similarity(a, b));
    }
}
