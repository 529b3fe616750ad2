//! A document to fill in, made from its kind's schema: every field with its meaning, values only as
//! placeholders, so that nothing unread can pass for an answer.

use super::Kind;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Columns of comments.
const WIDTH: usize = 96;

/// Levels of nested fields that are written out.
const DEPTH: usize = 3;

/// The template of an own kind. Fields of plain text hold a placeholder such as `<owner>`; all others
/// stand in comments: without the leading `# ` they are YAML, with their meanings as comments in it.
pub fn template(kind: &Kind) -> String {
    let mut text = String::new();
    comment(&mut text, "", &format!("{}. {}", kind.title, kind.description));
    comment(
        &mut text,
        "",
        &format!("`annexa schema {}` prints every field. Replace what is marked with < >.", kind.id),
    );
    let _ = writeln!(text, "kind: {}", kind.id);
    for (key, field) in properties(&kind.schema).iter().filter(|(key, _)| *key != "kind") {
        text.push('\n');
        describe(&mut text, "", field);
        let live = type_of(field) == "string" && field.get("enum").is_none() && field.get("format").is_none();
        for line in rendered(key, field, 0).lines() {
            let _ = writeln!(text, "{}{line}", if live { "" } else { "# " });
        }
    }
    text
}

fn properties(schema: &Value) -> Map<String, Value> {
    schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default()
}

fn describe(text: &mut String, indent: &str, field: &Value) {
    if let Some(words) = field.get("description").and_then(Value::as_str) {
        comment(text, indent, words);
    }
}

fn comment(text: &mut String, indent: &str, words: &str) {
    let mut line = format!("{indent}#");
    for word in words.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = format!("{indent}#");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

/// A field as YAML to fill in, from the left margin.
fn rendered(key: &str, field: &Value, depth: usize) -> String {
    if let Some(values) = field.get("enum").and_then(Value::as_array) {
        let values: Vec<_> = values.iter().filter_map(Value::as_str).collect();
        return format!("{key}: {}\n", values.join(" | "));
    }
    let item = field.get("items").unwrap_or(&Value::Null);
    match type_of(field) {
        "object" if depth < DEPTH && field.get("properties").is_some() => {
            format!("{key}:\n{}", indented(&fields(field, depth + 1), "  ", "  "))
        }
        "array" if depth < DEPTH && item.get("properties").is_some() => {
            format!("{key}:\n{}", dashed(&fields(item, depth + 1)))
        }
        "array" => format!("{key}:\n  - {}\n", placeholder(key.strip_suffix('s').unwrap_or(key))),
        "boolean" => format!("{key}: true | false\n"),
        "integer" | "number" => format!("{key}: <number>\n"),
        "string" if field.get("format").is_some() => format!("{key}: 2026-09-01\n"),
        _ => format!("{key}: {}\n", placeholder(key)),
    }
}

fn fields(schema: &Value, depth: usize) -> String {
    let mut text = String::new();
    for (key, field) in &properties(schema) {
        describe(&mut text, "", field);
        text.push_str(&rendered(key, field, depth));
    }
    text
}

fn indented(text: &str, first: &str, rest: &str) -> String {
    let lines = text.lines().enumerate();
    lines.map(|(index, line)| format!("{}{line}\n", if index == 0 { first } else { rest })).collect()
}

/// The fields of one list item: comments before the first field stand above its dash.
fn dashed(fields: &str) -> String {
    let lead = fields.lines().take_while(|line| line.starts_with('#')).count();
    let (mut above, mut below) = (String::new(), String::new());
    for (index, line) in fields.lines().enumerate() {
        let _ = writeln!(if index < lead { &mut above } else { &mut below }, "{line}");
    }
    indented(&above, "  ", "  ") + &indented(&below, "  - ", "    ")
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
