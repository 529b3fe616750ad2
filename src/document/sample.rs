//! A small document of a kind with made-up values, made from its schema: what examples of policies are
//! about. Never a document for real; those are made by [`template`](super::template).

use super::Kind;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;

/// Levels of nested fields that are filled in.
const DEPTH: usize = 4;

/// A document with the fields that its kind requires and, of the others, those in `fields`, as YAML.
/// The values in `set` are taken as they are.
pub fn sample(kind: &Kind, fields: &[&str], set: &[(&str, Value)]) -> String {
    let schema = kind.schema();
    let mut document = Map::new();
    // The Open Data Contract Standard marks its documents itself.
    if kind.foreign && &*kind.id == "data-contract" {
        document.insert("apiVersion".to_owned(), json!("v3.0.2"));
        document.insert("kind".to_owned(), json!("DataContract"));
    } else if !kind.foreign && schema.pointer("/properties/kind").is_some() {
        document.insert("kind".to_owned(), json!(*kind.id));
    }
    for (name, field) in properties(schema) {
        let given = set.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let wanted = name != "kind" && (name == "id" || fields.contains(&name.as_str()) || is_required(schema, name));
        match given {
            Some(value) => {
                document.insert(name.clone(), value);
            }
            None if wanted => {
                document.insert(name.clone(), value(name, field, 0));
            }
            None => {}
        }
    }
    let mut text = String::new();
    block(&Value::Object(document), 0, &mut text);
    text
}

/// Where such a document lies by its kind's first convention, as YAML: `ai-system.yaml`.
pub fn sample_path(kind: &Kind) -> String {
    let Some(glob) = kind.globs.first() else { return format!("{}.yaml", kind.id) };
    let glob = glob.trim_start_matches("**/").replace("[-_]", "-").replace("**", "example").replace('*', "example");
    let mut path = String::new();
    let mut rest = glob.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (choices, after) = after.split_once('}').unwrap_or((after, ""));
        let first = choices.split(',').next().unwrap_or_default();
        path.push_str(before);
        path.push_str(choices.split(',').find(|choice| *choice == "yaml").unwrap_or(first));
        rest = after;
    }
    path + rest
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten()
}

fn is_required(schema: &Value, name: &str) -> bool {
    let required = schema.get("required").and_then(Value::as_array);
    required.is_some_and(|names| names.iter().any(|n| n == name))
}

/// A value that the schema allows: its first example where it has one.
fn value(name: &str, schema: &Value, depth: usize) -> Value {
    let first = |key: &str| schema.get(key).and_then(Value::as_array).and_then(|list| list.first()).cloned();
    if let Some(mut value) = schema.get("const").cloned().or_else(|| first("enum")).or_else(|| first("examples")) {
        // One item is the least with which a list says something, and so the most telling number.
        if let Value::Array(items) = &mut value {
            items.truncate(1);
        }
        return value;
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or(""),
        _ => "",
    };
    match kind {
        "object" => {
            let mut object = Map::new();
            let below = if depth < DEPTH { properties(schema).collect() } else { Vec::new() };
            for (index, (name, field)) in below.iter().enumerate() {
                // A map that requires nothing says something with its first field.
                if is_required(schema, name) || index == 0 {
                    object.insert((*name).clone(), value(name, field, depth + 1));
                }
            }
            Value::Object(object)
        }
        "array" if depth < DEPTH => {
            let item = schema.get("items").unwrap_or(&Value::Null);
            json!([value(name, item, depth + 1)])
        }
        "array" => json!([]),
        "boolean" => json!(true),
        "integer" | "number" => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        _ => match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => json!("2026-01-15T12:00:00Z"),
            Some(_) => json!("2026-01-15"),
            None => json!(format!("Example of {}", name.replace(['_', '-'], " "))),
        },
    }
}

/// YAML in blocks, every text in quotes that could read as something else.
fn block(value: &Value, indent: usize, text: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Value::Object(entries) => {
            for (index, (key, value)) in entries.iter().enumerate() {
                let _ = write!(text, "{}{key}:", if index == 0 { "" } else { pad.as_str() });
                match value {
                    Value::Object(below) if !below.is_empty() => {
                        let _ = write!(text, "\n{pad}  ");
                        block(value, indent + 2, text);
                    }
                    Value::Array(below) if !below.is_empty() => {
                        let _ = write!(text, "\n{pad}  ");
                        block(value, indent + 2, text);
                    }
                    scalar => {
                        let _ = writeln!(text, " {}", inline(scalar));
                    }
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let _ = write!(text, "{}- ", if index == 0 { "" } else { pad.as_str() });
                match item {
                    Value::Object(below) if !below.is_empty() => block(item, indent + 2, text),
                    other => {
                        let _ = writeln!(text, "{}", inline(other));
                    }
                }
            }
        }
        scalar => {
            let _ = writeln!(text, "{}", inline(scalar));
        }
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) if reads_as_text(text) || is_date(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Words that YAML takes for nothing but text.
fn reads_as_text(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | ',' | '/' | '(' | ')'));
    let word = text.to_ascii_lowercase();
    begins
        && plain
        && !text.ends_with(' ')
        && !matches!(word.as_str(), "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n")
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && crate::value::parse_time(text).is_some()
}
