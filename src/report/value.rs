//! Values of expressions for people and for programs.

use crate::engine::cel::Value;
use crate::source::plain;
use crate::value::json_number;
use serde_json::{Map, Value as Json};
use std::fmt::Write as _;

/// A value as JSON: moments as RFC 3339 or as a date, durations in seconds (`90s`), an empty optional
/// as null, `NaN` and infinite numbers as text.
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Optional(None) => Json::Null,
        Value::Bool(b) => (*b).into(),
        Value::Int(i) => (*i).into(),
        Value::Uint(u) => (*u).into(),
        Value::Double(d) => json_number(*d),
        Value::Text(text) => text.as_str().into(),
        Value::Time(_) => value.to_string().into(),
        Value::Duration(seconds) => format!("{seconds}s").into(),
        Value::Optional(Some(value)) => json(value),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => entries.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        Value::Node(view) => view.tree().tree.json(view.node()),
        Value::Documents(listing) => listing.items().iter().map(|view| view.tree().tree.json(view.node())).collect(),
        // Its values can be made within an evaluation alone.
        Value::Lazy(lazy) => lazy.identity().into(),
        Value::Leaf(leaf) => {
            let (at, id) = (leaf.tree(), leaf.node().1);
            Json::Object(Map::from_iter([
                ("path".to_owned(), leaf.path().into()),
                ("value".to_owned(), at.tree.json(id)),
            ]))
        }
        Value::Other(kept) => match (value.entries(), value.span()) {
            (Some(entries), _) => entries.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
            (None, Some(_)) => kept.to_string().replace(' ', "").into(),
            _ if value.moment().is_some() => kept.to_string().into(),
            _ => format!("<{}>", kept.type_name()).into(),
        },
    }
}

/// The type of a value, as signatures write types.
pub fn type_name(value: &Value) -> String {
    match value {
        Value::Optional(Some(value)) => format!("optional({})", type_name(value)),
        Value::Optional(None) => "optional(dyn)".to_owned(),
        Value::Documents(_) => "list(map)".to_owned(),
        Value::List(items) => {
            let mut types: Vec<String> = items.iter().map(type_name).collect();
            types.dedup();
            match types.as_slice() {
                [one] => format!("list({one})"),
                _ => "list(dyn)".to_owned(),
            }
        }
        other => other.type_name().to_owned(),
    }
}

/// A value as YAML-like text: one line for a scalar, an indented block for anything larger. Harmless
/// at a terminal.
pub fn pretty(value: &Value) -> String {
    match value {
        Value::Optional(None) | Value::Duration(_) => value.to_string(),
        other => {
            let mut text = String::new();
            block(&json(other), 0, &mut text);
            text.trim_end().to_owned()
        }
    }
}

fn block(value: &Json, indent: usize, text: &mut String) {
    match value {
        Json::Object(entries) if !entries.is_empty() => {
            for (index, (key, value)) in entries.iter().enumerate() {
                pad(if index == 0 { 0 } else { indent }, text);
                text.push_str(&plain(key));
                text.push(':');
                below(value, indent, text);
            }
        }
        Json::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                pad(if index == 0 { 0 } else { indent }, text);
                text.push_str("- ");
                block(item, indent + 2, text);
            }
        }
        scalar => {
            let _ = writeln!(text, "{}", inline(scalar));
        }
    }
}

/// What stands after a key: on its line, or indented below it.
fn below(value: &Json, indent: usize, text: &mut String) {
    match value {
        Json::Object(entries) if !entries.is_empty() => {
            text.push('\n');
            pad(indent + 2, text);
            block(value, indent + 2, text);
        }
        Json::Array(items) if !items.is_empty() => {
            text.push('\n');
            pad(indent + 2, text);
            block(value, indent + 2, text);
        }
        scalar => {
            let _ = writeln!(text, " {}", inline(scalar));
        }
    }
}

fn inline(value: &Json) -> String {
    match value {
        // A text that reads like another value is told from it by quotes.
        Json::String(text) if text.is_empty() || text.trim() != text || text.contains('\n') || looks_typed(text) => {
            plain(&value.to_string())
        }
        Json::String(text) => plain(text),
        other => other.to_string(),
    }
}

fn looks_typed(text: &str) -> bool {
    // Numbers that JSON has no form for come as text, and are no less numbers.
    let number = |text: &str| text.parse::<f64>().is_ok() && !matches!(text, "NaN" | "Infinity" | "-Infinity");
    matches!(text, "true" | "false" | "null") || number(text)
}

fn pad(indent: usize, text: &mut String) {
    text.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, Value)]) -> Value {
        Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    #[test]
    fn values_read_like_documents() {
        let text = |text: &str| Value::Text(text.to_owned());
        let inner = map(&[("id", text("a")), ("on", Value::Time(86_400))]);
        let value = map(&[
            ("empty", Value::List(Vec::new())),
            ("items", Value::List(vec![inner.clone(), text("5")])),
            ("none", Value::Optional(None)),
            ("one", inner),
        ]);
        let expected =
            "empty: []\nitems:\n  - id: a\n    on: 1970-01-02\n  - \"5\"\nnone: null\none:\n  id: a\n  on: 1970-01-02";
        assert_eq!(pretty(&value), expected);
        assert_eq!(pretty(&Value::Bool(true)), "true");
        for (number, shown) in [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")] {
            assert_eq!((pretty(&Value::Double(number)).as_str(), json(&Value::Double(number))), (shown, shown.into()));
        }
        assert_eq!(pretty(&text("a\u{1b}[31m")), "a\\u{1b}[31m");
        assert_eq!(type_name(&Value::List(vec![Value::Int(1), Value::Int(2)])), "list(int)");
        assert_eq!(type_name(&Value::Optional(Some(Box::new(Value::Time(0))))), "optional(timestamp)");
    }
}
