//! Numbers, pairs and leaves.

use super::patterns::compiled;
use super::{EXHAUSTED, list_argument, record, text_argument};
use crate::engine::cel::{Leaf, Value, View, spend};
use crate::value::Data;

/// Levels below which nothing is listed; documents are no deeper (see the reader's limits).
const DEPTH: usize = 128;

pub(super) fn is_number(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(match args[0] {
        Value::Int(_) | Value::Uint(_) => true,
        Value::Double(d) => d.is_finite(),
        _ => false,
    }))
}

pub(super) fn pairs(args: &[Value]) -> Result<Value, String> {
    let items = list_argument(&args[0])?;
    if !spend(items.len().saturating_mul(items.len()) / 2) {
        return Err(EXHAUSTED.to_owned());
    }
    let mut pairs = Vec::new();
    for (index, first) in items.iter().enumerate() {
        pairs.extend(items[index + 1..].iter().map(|second| Value::List(vec![first.clone(), second.clone()])));
    }
    Ok(Value::List(pairs))
}

pub(super) fn leaves(args: &[Value]) -> Result<Value, String> {
    let mut found = Vec::new();
    walk(&args[0], &Value::Null, &Way { path: String::new(), key: String::new(), depth: 0 }, &mut found);
    Ok(Value::List(found))
}

pub(super) fn leaves_like(args: &[Value]) -> Result<Value, String> {
    let pattern = text_argument(&args[1])?;
    let Value::List(mut found) = leaves(&args[..1])? else { return Ok(Value::List(Vec::new())) };
    compiled(pattern, |pattern| {
        found.retain(|leaf| {
            leaf.get("path").as_ref().and_then(Value::as_text).is_some_and(|path| pattern.is_match(path))
                || leaf_text(leaf).is_some_and(|text| spend(text.len() / 64) && pattern.is_match(&text))
        });
        Ok(Value::List(found))
    })
}

/// The text of a leaf. In a document this is no read of its node: most leaves are only looked over.
fn leaf_text(leaf: &Value) -> Option<String> {
    match leaf {
        Value::Leaf(leaf) => leaf.text().map(str::to_owned),
        other => other.get("value")?.as_text().map(str::to_owned),
    }
}

/// How a value was reached.
struct Way {
    path: String,
    key: String,
    depth: usize,
}

impl Way {
    fn below(&self, step: &str, key: &str) -> Way {
        let path = if self.path.is_empty() { step.to_owned() } else { format!("{}.{step}", self.path) };
        Way { path, key: key.to_owned(), depth: self.depth + 1 }
    }
}

fn walk(value: &Value, parent: &Value, way: &Way, found: &mut Vec<Value>) {
    if way.depth > DEPTH || !spend(1 + way.path.len() / 16) {
        return;
    }
    if let Value::Node(view) = value {
        return walk_view(view, way, found);
    }
    if let Some(entries) = value.entries() {
        for (key, below) in entries {
            walk(&below, value, &way.below(&key, &key), found);
        }
    } else if let Some(items) = value.items() {
        for (index, item) in items.iter().enumerate() {
            walk(item, value, &way.below(&index.to_string(), &way.key), found);
        }
    } else if spend(size(parent) / 16) {
        found.push(record([
            ("key", Value::Text(way.key.clone())),
            ("path", Value::Text(way.path.clone())),
            ("value", value.clone()),
            // Each leaf has a copy of what an expression made, which is paid for above.
            ("parent", parent.clone()),
        ]));
    }
}

/// Items and entries that a value is made of, all levels counted.
fn size(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(entries) => 1 + entries.iter().map(|(_, value)| size(value)).sum::<usize>(),
        Value::Text(text) => 1 + text.len() / 16,
        other => 1 + other.entries().map_or(0, |entries| entries.iter().map(|(_, value)| size(value)).sum()),
    }
}

/// In a document a leaf keeps its node; looking for leaves is no read of any of them yet.
fn walk_view(view: &View, way: &Way, found: &mut Vec<Value>) {
    let tree = &view.tree().tree;
    let entries = tree.entries(view.node()).iter().map(|e| (tree.text(&e.key).to_owned(), e.value, true));
    let items = tree.items(view.node()).iter().enumerate().map(|(index, node)| (index.to_string(), *node, false));
    for (step, node, named) in entries.chain(items) {
        let key = if named { step.clone() } else { way.key.clone() };
        let below = way.below(&step, &key);
        if below.depth > DEPTH || !spend(1 + below.path.len() / 16) {
            return;
        }
        if matches!(tree.data(node), Data::Map(_) | Data::List(_)) {
            walk_view(&View::new(view.tree().clone(), node), &below, found);
        } else {
            found.push(Value::Leaf(Leaf::new(view, node, &below.path, &below.key)));
        }
    }
}
