//! A document to fill in, made from its kind's schema: every field with its meaning, values only as
//! placeholders, so that nothing unread can pass for an answer.

use super::Kind;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Columns of comments.
const WIDTH: usize = 96;

/// Levels of nested fields that are written out.
const DEPTH: usize = 3;

/// The template of an own kind. Text fields that must be there hold a placeholder such as `<owner>`;
/// all others are comments to uncomment.
pub fn template(kind: &Kind) -> String {
    let mut text = String::new();
    comment(&mut text, 0, &format!("{}. {}", kind.title, kind.description));
    comment(&mut text, 0, &format!("`annexa schema {}` prints every field. Replace what is marked with < >.", kind.id));
    let _ = writeln!(text, "kind: {}\n", kind.id);
    fields(&mut text, kind.schema(), 0, false);
    text
}

fn comment(text: &mut String, indent: usize, words: &str) {
    let mut line = format!("{:indent$}#", "");
    for word in words.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = format!("{:indent$}#", "");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

/// Writes the properties of an object schema; `optional` says that all of it stands in a comment.
fn fields(text: &mut String, schema: &Value, indent: usize, optional: bool) {
    let none = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    for (key, field) in properties.iter().filter(|(key, _)| indent > 0 || *key != "kind") {
        if let Some(words) = field.get("description").and_then(Value::as_str) {
            comment(text, indent, words);
        }
        one(text, key, field, indent, optional);
        if indent == 0 {
            text.push('\n');
        }
    }
}

fn one(text: &mut String, key: &str, field: &Value, indent: usize, optional: bool) {
    let lead = if optional { "# " } else { "" };
    let mut line = |rest: &str| {
        let _ = writeln!(text, "{:indent$}{lead}{key}:{rest}", "");
    };
    if let Some(values) = field.get("enum").and_then(Value::as_array) {
        let values: Vec<_> = values.iter().filter_map(Value::as_str).collect();
        let _ = writeln!(text, "{:indent$}# {key}: {}", "", values.join(" | "));
        return;
    }
    match type_of(field) {
        "string" if field.get("format").is_some() => {
            let _ = writeln!(text, "{:indent$}# {key}: 2026-09-01", "");
        }
        "string" if indent == 0 => line(&format!(" {}", placeholder(key))),
        "string" => {
            let _ = writeln!(text, "{:indent$}# {key}: {}", "", placeholder(key));
        }
        "object" if depth(indent) < DEPTH && field.get("properties").is_some() => {
            // A map of comments alone would be nothing, so its key is a comment too.
            let _ = writeln!(text, "{:indent$}# {key}:", "");
            fields(text, field, indent + 2, true);
        }
        "array" => list(text, key, field, indent),
        "boolean" => {
            let _ = writeln!(text, "{:indent$}# {key}: true | false", "");
        }
        "integer" | "number" => {
            let _ = writeln!(text, "{:indent$}# {key}: <number>", "");
        }
        _ => {
            let _ = writeln!(text, "{:indent$}# {key}: {}", "", placeholder(key));
        }
    }
}

fn list(text: &mut String, key: &str, field: &Value, indent: usize) {
    let item = field.get("items").unwrap_or(&Value::Null);
    let _ = writeln!(text, "{:indent$}# {key}:", "");
    if item.get("properties").is_some() && depth(indent) < DEPTH {
        let mut inner = String::new();
        fields(&mut inner, item, indent + 4, true);
        // The first field carries the dash of the item.
        let dashed = inner.lines().scan(false, |begun, line| {
            let is_field = line.trim_start().starts_with("# ") && line.contains(": ") && !*begun && is_key(line);
            if is_field {
                *begun = true;
                let rest = line.trim_start().trim_start_matches("# ");
                return Some(format!("{:1$}#   - {rest}", "", indent));
            }
            Some(line.to_owned())
        });
        for line in dashed {
            let _ = writeln!(text, "{line}");
        }
    } else {
        let _ = writeln!(text, "{:indent$}#   - {}", "", placeholder(key.strip_suffix('s').unwrap_or(key)));
    }
}

/// Whether a comment line is a field and not a sentence about one.
fn is_key(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches("# ");
    rest.split_once(':').is_some_and(|(key, _)| !key.contains(' '))
}

fn depth(indent: usize) -> usize {
    indent / 2
}

fn type_of(field: &Value) -> &str {
    match field.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).find(|n| *n != "null").unwrap_or("string"),
        _ => "",
    }
}

fn placeholder(key: &str) -> String {
    format!("<{}>", key.replace(['_', '-'], " "))
}
