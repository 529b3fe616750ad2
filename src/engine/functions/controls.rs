//! Annex A as functions.

use super::text_argument;
use crate::catalogue;
use crate::engine::cel::Value;

pub(super) fn annex_a(_: &[Value]) -> Result<Value, String> {
    Ok(Value::List(catalogue::CONTROLS.iter().map(|c| Value::Text(c.id.to_owned())).collect()))
}

pub(super) fn control_id(args: &[Value]) -> Result<Value, String> {
    let id = catalogue::normalise(text_argument(&args[0])?).filter(|id| catalogue::control(id).is_some());
    Ok(Value::Text(id.unwrap_or_default()))
}

pub(super) fn control_title(args: &[Value]) -> Result<Value, String> {
    let id = catalogue::normalise(text_argument(&args[0])?);
    let title = id.and_then(|id| catalogue::control(&id)).map_or("", |c| c.title);
    Ok(Value::Text(title.to_owned()))
}
