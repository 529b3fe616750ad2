//! Whether a justification says something of its own.

use super::text::{STOP_WORDS, is_placeholder, words};
use super::{record, text_argument};
use crate::engine::cel::Value;
use std::collections::BTreeSet;

/// So many words of its own make a justification one: "Short and true is enough".
const ENOUGH: usize = 2;

/// Words that stand in the justifications of every organisation.
const EVERYWHERE: &[&str] = &[
    "42001",
    "annex",
    "appropriate",
    "audit",
    "best",
    "certification",
    "company",
    "compliance",
    "compliant",
    "comply",
    "ensure",
    "essential",
    "good",
    "implement",
    "implemented",
    "important",
    "iec",
    "industry",
    "iso",
    "management",
    "mandatory",
    "must",
    "necessary",
    "need",
    "organisation",
    "organization",
    "practice",
    "requirement",
    "requires",
    "shall",
    "should",
    "standard",
    "suitable",
    "will",
];

pub(super) fn substance(args: &[Value]) -> Result<Value, String> {
    let text = match &args[0] {
        Value::Null => "",
        other => text_argument(other)?,
    };
    let title: BTreeSet<String> = words(text_argument(&args[1])?).map(owner).map(singular).collect();
    let carries = |word: &String| !STOP_WORDS.contains(&word.as_str());
    let meant: BTreeSet<String> = words(text).map(owner).filter(carries).map(singular).collect();
    let beyond: Vec<&String> = meant.iter().filter(|word| !title.contains(*word)).collect();
    let common: BTreeSet<String> = EVERYWHERE.iter().map(|word| singular((*word).to_owned())).collect();
    let own = if is_placeholder(text) { 0 } else { beyond.iter().filter(|word| !common.contains(**word)).count() };
    let why = if own >= ENOUGH {
        ""
    } else if is_placeholder(text) || meant.is_empty() {
        "it says nothing yet"
    } else if beyond.is_empty() {
        "it repeats the title"
    } else if own == 0 {
        "it fits every organisation"
    } else {
        "it has one word of its own"
    };
    Ok(record([
        ("ok", Value::Bool(own >= ENOUGH)),
        ("words", Value::Int(i64::try_from(own).unwrap_or(i64::MAX))),
        ("why", Value::Text(why.to_owned())),
    ]))
}

/// A word without the ending of its possessive: `supplier's` speaks of the supplier.
fn owner(word: String) -> String {
    word.strip_suffix("'s").map_or(word.clone(), str::to_owned)
}

/// What a word and its plural have in common, so that `risks` is the title's `risk` again. It is no word
/// itself: `process` and `processes`, `case` and `cases` lose their `e` too.
fn singular(word: String) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    let kept = |stem: &&str| stem.len() > 2 && !["s", "u", "i", "ia"].iter().any(|end| stem.ends_with(end));
    let one = word.strip_suffix('s').filter(kept).unwrap_or(&word);
    let hissing = |stem: &&str| stem.len() > 2 && ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end));
    one.strip_suffix('e').filter(hissing).unwrap_or(one).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn justifications_are_told_apart() {
        let table = [
            ("", "Suppliers", 0, "it says nothing yet"),
            ("TBD", "Suppliers", 0, "it says nothing yet"),
            ("It is applicable.", "Suppliers", 0, "it says nothing yet"),
            ("Supplier", "Suppliers", 0, "it repeats the title"),
            ("Required for compliance with the ISO standard.", "Suppliers", 0, "it fits every organisation"),
            ("Suppliers' policies", "Supplier policy", 0, "it repeats the title"),
            ("The supplier's 'policy'", "Supplier policies", 0, "it repeats the title"),
            ("The supplier’s “policy”", "Supplier policies", 0, "it repeats the title"),
            ("Processes, biases, use cases", "Process bias uses case", 0, "it repeats the title"),
            ("'It' is 'not' 'applicable'", "Suppliers", 0, "it says nothing yet"),
            ("Needed: OCR.", "Suppliers", 1, "it has one word of its own"),
            ("We buy the OCR model.", "Suppliers", 3, ""),
            ("No supplier: all models are trained here.", "Suppliers", 3, ""),
        ];
        for (text, title, count, reason) in table {
            let found = substance(&[Value::Text(text.to_owned()), Value::Text(title.to_owned())]).expect("texts");
            assert_eq!(found.get("why").as_ref().and_then(Value::as_text), Some(reason), "{text}");
            assert!(matches!(found.get("words"), Some(Value::Int(n)) if n == count), "{text}: {found}");
        }
    }
}
