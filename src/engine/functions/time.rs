//! Dates and durations.

use super::{text_argument, wanted};
use crate::engine::cel::Value;
use crate::engine::surroundings;
use crate::value::parse_time;

pub(super) fn age(args: &[Value]) -> Result<Value, String> {
    match args[0] {
        Value::Time(seconds) => Ok(Value::Duration(surroundings::today().seconds() - seconds)),
        ref other => Err(wanted("a date", other)),
    }
}

pub(super) fn date(args: &[Value]) -> Result<Value, String> {
    if let Value::Time(seconds) = args[0] {
        return Ok(Value::Time(seconds));
    }
    let text = text_argument(&args[0])?;
    parse_time(text).map(Value::Time).ok_or_else(|| format!("`{text}` is no date like 2026-09-01"))
}

pub(super) fn days(args: &[Value]) -> Result<Value, String> {
    let days = match args[0] {
        Value::Int(days) => days,
        Value::Double(days) if days.fract() == 0.0 && days.abs() < 1e9 => days as i64,
        ref other => return Err(wanted("a whole number", other)),
    };
    days.checked_mul(86_400).map(Value::Duration).ok_or_else(|| format!("{days} days are too many"))
}
