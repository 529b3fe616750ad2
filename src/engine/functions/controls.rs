//! Annex A as functions.

use super::text_argument;
use crate::catalogue::{self, IdProblem};
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

pub(super) fn about_control(args: &[Value]) -> Result<Value, String> {
    let id = text_argument(&args[0])?;
    let (kind, message, help) = if catalogue::is_own_control(id) {
        ("own", String::new(), String::new())
    } else {
        match catalogue::check_control(id) {
            Ok(_) => ("control", String::new(), String::new()),
            Err(problem) => (kind(&problem), problem.message(id.trim()), problem.help()),
        }
    };
    Ok(Value::Map(vec![
        ("help".to_owned(), Value::Text(help)),
        ("kind".to_owned(), Value::Text(kind.to_owned())),
        ("message".to_owned(), Value::Text(message)),
    ]))
}

fn kind(problem: &IdProblem) -> &'static str {
    match problem {
        IdProblem::Group { .. } => "group",
        IdProblem::Objective { .. } => "objective",
        IdProblem::AnnexB { .. } => "guidance",
        IdProblem::Clause { .. } => "clause",
        IdProblem::OtherScheme => "other-numbering",
        IdProblem::Control { .. } | IdProblem::Unknown { .. } => "unknown",
    }
}
