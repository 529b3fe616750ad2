//! Documents and joins between them.

use super::{EXHAUSTED, list_argument, text_argument};
use crate::engine::cel::{Value, spend};
use crate::engine::surroundings;

pub(super) fn document_path(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Text(match &args[0] {
        Value::Node(view) => view.tree().tree.file().path().to_owned(),
        _ => String::new(),
    }))
}

pub(super) fn system_id(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Text(belongs_to(&args[0]).unwrap_or_default()))
}

fn belongs_to(document: &Value) -> Option<String> {
    let of_document = match document {
        Value::Node(view) => surroundings::with(|corpus| corpus.system_of(view.tree().index, view.node())).flatten(),
        _ => None,
    };
    of_document.or_else(|| document.get("system").and_then(|v| v.as_text().map(str::to_owned)))
}

pub(super) fn of_system(args: &[Value]) -> Result<Value, String> {
    let system = text_argument(&args[1])?;
    if let Value::Documents(listing) = &args[0] {
        let found = surroundings::with(|corpus| corpus.of_system(listing, system)).unwrap_or_default();
        if !spend(found.len() / 16) {
            return Err(EXHAUSTED.to_owned());
        }
        return Ok(Value::List(found.into_iter().map(Value::Node).collect()));
    }
    let items = list_argument(&args[0])?;
    if !spend(items.len()) {
        return Err(EXHAUSTED.to_owned());
    }
    let found = items.into_iter().filter(|item| belongs_to(item).unwrap_or_default() == system);
    Ok(Value::List(found.collect()))
}

pub(super) fn lookup(args: &[Value]) -> Result<Value, String> {
    let field = text_argument(&args[1])?;
    if let (Value::Documents(listing), Value::Text(value)) = (&args[0], &args[2]) {
        let found = listing.with_text(field, value);
        if !spend(found.len() / 16) {
            return Err(EXHAUSTED.to_owned());
        }
        return Ok(Value::List(found.into_iter().map(Value::Node).collect()));
    }
    let items = list_argument(&args[0])?;
    if !spend(items.len()) {
        return Err(EXHAUSTED.to_owned());
    }
    let holds = |value: &Value| {
        same(value, &args[2]) || value.items().is_some_and(|list| list.iter().any(|v| same(v, &args[2])))
    };
    let found = items.into_iter().filter(|item| at(item, field).is_some_and(|v| holds(&v)));
    Ok(Value::List(found.collect()))
}

fn same(left: &Value, right: &Value) -> bool {
    let (left, right) = (left.clone().into_val(), right.clone().into_val());
    crate::engine::cel::equal(left.as_ref(), right.as_ref())
}

/// The value at a path such as `dataset.id`.
pub fn at(item: &Value, path: &str) -> Option<Value> {
    path.split('.').try_fold(item.clone(), |value, step| value.get(step))
}

pub(super) fn newest(args: &[Value]) -> Result<Value, String> {
    let items = list_argument(&args[0])?;
    let field = text_argument(&args[1])?;
    let time = |item: &Value| at(item, field)?.moment();
    let newest = items.into_iter().filter_map(|item| Some((time(&item)?, item))).max_by_key(|(moment, _)| *moment);
    Ok(Value::Optional(newest.map(|(_, item)| Box::new(item))))
}

pub(super) fn resolve(args: &[Value]) -> Result<Value, String> {
    let wanted = text_argument(&args[1])?;
    if let Value::Documents(listing) = &args[0] {
        let found = surroundings::resolve(listing, wanted);
        if !spend(1 + found.len() / 16) {
            return Err(EXHAUSTED.to_owned());
        }
        return Ok(Value::List(found.into_iter().map(Value::Node).collect()));
    }
    let items = list_argument(&args[0])?;
    if !spend(items.len()) {
        return Err(EXHAUSTED.to_owned());
    }
    let (path, record) = wanted.split_once('#').map_or((wanted, None), |(path, record)| (path, Some(record)));
    let id = |item: &Value, id: &str| item.get("id").is_some_and(|v| v.as_text() == Some(id));
    let named: Vec<Value> = items.iter().filter(|item| id(item, wanted)).cloned().collect();
    if !named.is_empty() {
        return Ok(Value::List(named));
    }
    let paths = surroundings::paths(path);
    let stands =
        |item: &&Value| matches!(item, Value::Node(view) if paths.iter().any(|p| p == view.tree().tree.file().path()));
    let there = items.iter().filter(stands).filter(|item| record.is_none_or(|record| id(item, record)));
    Ok(Value::List(there.cloned().collect()))
}
