//! What to do about a mistake: detection is elsewhere, wording is here.

use super::compare::mixes_numbers;
use super::unify::is_text;
use crate::engine::syntax::{Ast, Expr, ExprId, Literal};
use crate::engine::types::{Signature, Type};

/// How many values or signatures a help lists.
const LISTED: usize = 12;

/// `string and int`.
pub fn with_and(types: &[Type]) -> String {
    let names: Vec<String> = types.iter().map(Type::to_string).collect();
    match names.split_last() {
        None => "nothing".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// Names in back-ticks, the first dozen.
pub fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

pub fn arguments(count: usize) -> String {
    match count {
        0 => "no argument".to_owned(),
        1 => "one argument".to_owned(),
        2 => "two arguments".to_owned(),
        3 => "three arguments".to_owned(),
        more => format!("{more} arguments"),
    }
}

/// How functions are used.
pub fn usage(signatures: &[&Signature]) -> String {
    let ways: Vec<String> = signatures.iter().take(4).map(|s| format!("`{s}`")).collect();
    format!("It is {}.", ways.join(" or "))
}

pub fn condition_help(of: &Type, ast: &Ast, id: ExprId) -> String {
    match of {
        Type::List(_) => "Ask whether it has items: `x.size() > 0`, or about each of them: `x.all(i, ...)`.".to_owned(),
        of if is_text(of) => match ast.expr(id) {
            Expr::Literal(Literal::Text(text)) if text == "true" || text == "false" => {
                format!("Write `{text}` without quotes.")
            }
            _ => "Compare it with something: `x != ''`.".to_owned(),
        },
        Type::Optional(_) => {
            "Ask whether it has a value: `x.hasValue()`, or compare it: `x == optional.of(...)`.".to_owned()
        }
        Type::Record(_) | Type::Map(..) => "Ask whether a field is there: `has(x.field)`.".to_owned(),
        Type::Int | Type::Uint | Type::Double => "Compare it with a number: `x > 0`.".to_owned(),
        _ => "Compare it with something.".to_owned(),
    }
}

pub fn range_help(of: &Type) -> String {
    match of {
        Type::Optional(_) => "Take the list out: `x.orValue([]).all(i, ...)`.".to_owned(),
        of if is_text(of) => "Cut it into pieces: `x.split(' ').all(i, ...)`.".to_owned(),
        _ => "Walk over a list, such as `model_cards.all(m, ...)`.".to_owned(),
    }
}

pub fn operator_help(symbol: &str, of: &[Type], ast: &Ast, operands: &[ExprId]) -> String {
    if symbol == "%" && of.contains(&Type::Double) {
        return "The remainder is that of whole numbers: convert with `int(...)`.".to_owned();
    }
    if mixes_numbers(of) {
        let literal = operands.iter().find_map(|id| match ast.expr(*id) {
            Expr::Literal(Literal::Int(number)) => Some(*number),
            _ => None,
        });
        return match literal {
            Some(number) if of.contains(&Type::Double) => {
                format!("Numbers of one type go together: write `{number}.0`.")
            }
            _ => "Numbers of one type go together: convert one with `double(...)` or `int(...)`.".to_owned(),
        };
    }
    if of.contains(&Type::Timestamp) || of.contains(&Type::Duration) {
        if of.iter().any(|of| matches!(of, Type::Int | Type::Double)) {
            return "Spans of time are made by `days(30)`.".to_owned();
        }
        if of.iter().any(is_text) {
            return "A date in a text is read with `date(...)`, a span of time with `days(30)`.".to_owned();
        }
        if symbol != "+" && of.contains(&Type::Timestamp) && of.contains(&Type::Duration) {
            return "A moment is compared with a moment, a span of time with a span: `age(x) <= days(30)`.".to_owned();
        }
    }
    if of.iter().any(is_text) && symbol == "+" {
        return "Text is joined with text: make it one with `string(...)`.".to_owned();
    }
    if of.iter().any(|of| matches!(of, Type::Optional(_))) {
        return "Take the value out first: `x.orValue(...)`.".to_owned();
    }
    if of.iter().any(is_text) && of.iter().any(|of| matches!(of, Type::Int | Type::Double)) {
        return number_or_text(ast, operands);
    }
    if symbol == "!" {
        return condition_help(&of[0], ast, operands[0]);
    }
    "Use values of one type on both sides.".to_owned()
}

fn number_or_text(ast: &Ast, operands: &[ExprId]) -> String {
    let quoted = operands.iter().find_map(|id| match ast.expr(*id) {
        Expr::Literal(Literal::Text(text)) if text.parse::<f64>().is_ok() => Some(text),
        _ => None,
    });
    match quoted {
        Some(number) => format!("Write `{number}` without quotes."),
        None => "Convert the text with `int(...)` or `double(...)`, or the number with `string(...)`.".to_owned(),
    }
}

pub fn equality_help(of: &[Type; 2], ast: &Ast, sides: [ExprId; 2]) -> String {
    let has = |wanted: &Type| of.contains(wanted);
    let text = of.iter().any(is_text);
    if has(&Type::Null) {
        return "Whether a field is there is asked with `has(...)`.".to_owned();
    }
    if text && has(&Type::Bool) {
        let quoted = sides.iter().find_map(|id| match ast.expr(*id) {
            Expr::Literal(Literal::Text(text)) if text == "true" || text == "false" => Some(text),
            _ => None,
        });
        return match quoted {
            Some(text) => format!("Write `{text}` without quotes."),
            None => "Compare values of one type.".to_owned(),
        };
    }
    if text && of.iter().any(|of| matches!(of, Type::Int | Type::Uint | Type::Double)) {
        return number_or_text(ast, &sides);
    }
    if text && has(&Type::Timestamp) {
        return "A date in a text is read with `date('2026-09-01')`.".to_owned();
    }
    if of.iter().any(|of| matches!(of, Type::List(_))) {
        return "Whether a value is in a list is `value in list`.".to_owned();
    }
    if of.iter().any(|of| matches!(of, Type::Optional(_))) {
        return "Take the value out: `x.orValue(...)`, or compare with `optional.of(...)`.".to_owned();
    }
    "Compare values of one type.".to_owned()
}

pub fn receiver_help(name: &str, of: &Type, signatures: &[&Signature]) -> String {
    match of {
        Type::Optional(_) => format!("Take the value out first: `x.orValue(...).{name}(...)`."),
        Type::List(_) if name == "contains" => "Whether an item is in a list is `item in list`.".to_owned(),
        Type::List(_) => format!("Ask its items: `x.all(i, i.{name}(...))`, or see: {}", usage(signatures)),
        _ => usage(signatures),
    }
}

pub fn conversion_help(of: &Type, wanted: &Type, ast: &Ast, arg: ExprId, signatures: &[&Signature]) -> String {
    match (of, wanted) {
        (Type::Optional(_), _) => "Take the value out first: `x.orValue(...)`.".to_owned(),
        (of, Type::Timestamp) if is_text(of) => "A date in a text is read with `date('2026-09-01')`.".to_owned(),
        (Type::Int, Type::Duration) => "Spans of time are made by `days(30)`.".to_owned(),
        (Type::Duration, Type::Timestamp) | (Type::Timestamp, Type::Duration) => {
            "How long ago a moment was is `age(x)`.".to_owned()
        }
        (Type::Int, Type::Double) => match ast.expr(arg) {
            Expr::Literal(Literal::Int(number)) => format!("Write `{number}.0`."),
            _ => "Convert it with `double(...)`.".to_owned(),
        },
        (Type::Null, _) => "Write a value of that type, such as an empty text or list.".to_owned(),
        (Type::List(_), wanted) if is_text(wanted) => "Ask about each item: `x.all(i, ...)`.".to_owned(),
        _ => usage(signatures),
    }
}
