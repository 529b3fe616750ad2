//! Files of the repository, within its trust rules; see [`surroundings`].

use super::patterns::compiled;
use super::{EXHAUSTED, record, text_argument, texts};
use crate::engine::cel::{Value, spend};
use crate::engine::surroundings;

pub(super) fn file(args: &[Value]) -> Result<Value, String> {
    let path = text_argument(&args[0])?;
    let found = surroundings::file(path);
    let is = |what: fn(&surroundings::Found) -> bool| Value::Bool(found.as_ref().is_some_and(what));
    let size = found.as_ref().map_or(0, |file| i64::try_from(file.size).unwrap_or(i64::MAX));
    Ok(record([
        ("exists", Value::Bool(found.is_some())),
        ("empty", is(|file| file.empty)),
        ("folder", is(|file| file.folder)),
        ("lfs", is(|file| file.lfs)),
        ("size", Value::Int(size)),
        ("path", Value::Text(found.map_or_else(|| path.to_owned(), |file| file.path))),
    ]))
}

pub(super) fn glob(args: &[Value]) -> Result<Value, String> {
    surroundings::glob(text_argument(&args[0])?).map(texts)
}

pub(super) fn file_contains(args: &[Value]) -> Result<Value, String> {
    let (path, wanted) = (text_argument(&args[0])?, text_argument(&args[1])?);
    let Some(text) = surroundings::content(path)? else { return Ok(Value::Bool(false)) };
    Ok(Value::Bool(text.contains(wanted)))
}

pub(super) fn file_matches(args: &[Value]) -> Result<Value, String> {
    let (path, pattern) = (text_argument(&args[0])?, text_argument(&args[1])?);
    let Some(text) = surroundings::content(path)? else { return Ok(Value::Bool(false)) };
    // Matching takes longer than reading, and is paid as `matches` pays.
    if !spend(text.len() / 16) {
        return Err(EXHAUSTED.to_owned());
    }
    compiled(pattern, |regex| Ok(Value::Bool(regex.is_match(&text))))
}
