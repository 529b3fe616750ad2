//! The words of shape problems: what is wrong, and what to write instead.

use super::kind::{shown, type_name};
use super::layout::Place;
use super::shape::{Check, Spot, escape};
use super::suggest::closest;
use super::types::Types;
use crate::source::{Span, clip};
use crate::value::{Data, Problem};
use jsonschema::error::ValidationErrorKind as Wrong;
use serde_json::Value;

/// Characters of a value that a message repeats.
const SHOWN: usize = 60;
/// Fields or values that a help text lists.
const LISTED: usize = 14;

/// A field that must be there is not.
pub(super) fn missing(check: &Check<'_>, spot: &Spot<'_>, key: &str) -> Problem {
    let name = below(&spot.name, key);
    let place = spot.place.and_then(|(at, _)| check.compiled.layout.field(at, key));
    let help = match place.map(|at| check.compiled.layout.place(at)) {
        Some(place) => sentence(&format!("Add `{key}`{}", example(key, place)), &place.description),
        None => format!("Add `{key}`."),
    };
    let mut problem = Problem::new("missing-field", check.tree.head(spot.node), format!("`{name}` is missing"), help)
        .on(spot.node)
        .absent(key)
        .item(format!("{}/{}", spot.item, escape(key)));
    problem.at.text = format!("`{key}` is missing here");
    problem
}

/// A key that the schema does not know, and the pointer of the field that it most likely stands for.
pub(super) fn unknown(check: &Check<'_>, spot: &Spot<'_>, key: &str) -> (Problem, Option<String>) {
    let shown_key = clip(key, SHOWN);
    let fields: &[_] = spot.place.map_or(&[], |(_, place)| place.fields.as_slice());
    let meant = closest(key, fields.iter().map(|(name, _)| &**name));
    let nested = || {
        let inside = |at: usize| check.compiled.layout.place(at).fields.iter().any(|(name, _)| &**name == key);
        fields.iter().find(|(_, at)| inside(*at)).map(|(name, _)| name)
    };
    let owner =
        if spot.name.is_empty() { format!("this {} record", check.kind.id) } else { format!("`{}`", spot.name) };
    let help = if let Some(meant) = meant {
        format!("Did you mean `{meant}`?")
    } else if let Some(outer) = nested() {
        format!("`{key}` is a field of `{outer}`: move it there.")
    } else {
        let own = spot.place.and_then(|(at, _)| check.compiled.layout.field(at, "x-own")).is_some();
        let own =
            if own { format!(" Additions of your own begin with `x-`, as in `x-{shown_key}`.") } else { String::new() };
        format!("Remove it, or use one of: {}.{own}", listed(fields.iter().map(|(name, _)| name.to_string())))
    };
    let value = check.tree.get(spot.node, key);
    let mut problem = Problem::new(
        "unknown-field",
        check.key_span(spot.node, key),
        format!("`{shown_key}` is not a field of {owner}, so it is not read"),
        help,
    )
    .item(format!("{}/{}", spot.item, escape(key)));
    problem.node = value;
    if let Some(meant) = meant {
        problem.at.text = format!("did you mean `{meant}`?");
    }
    (problem, meant.map(|meant| format!("{}/{}", spot.item, escape(meant))))
}

/// A value of a type that is not allowed there.
pub(super) fn wrong_type(check: &Check<'_>, spot: &Spot<'_>) -> Problem {
    let (types, wanted, place) = match spot.place {
        Some((at, place)) => (place.types, type_name(&check.compiled.layout, at), Some(place)),
        None => (Types::ALL, "something else".to_owned(), None),
    };
    let name = named(check, spot);
    let key = last(&spot.name);
    let data = check.tree.data(spot.node);
    if matches!(data, Data::Null) {
        return empty(check, spot, place);
    }
    let written = check.tree.scalar_text(spot.node).unwrap_or_default();
    let found = found(data);
    let help = if types.has(Types::BOOL) && as_bool(written).is_some() {
        let value = as_bool(written).unwrap_or_default();
        format!("YAML 1.2 reads `{written}` as text. Write `{key}: {value}`, without quotes.")
    } else if types.has(Types::INT) && matches!(data, Data::Text(_)) {
        number_help(key, written)
    } else if types.has(Types::INT) && matches!(data, Data::Float(number) if !number.is_finite()) {
        format!("`{written}` is no measurement. Write the number, or leave `{key}` out until there is one.")
    } else if types.has(Types::LIST) && !matches!(data, Data::Map(_) | Data::List(_)) {
        format!("Write it as a list, also when there is one entry: `{key}: [{}]`.", clip(written, SHOWN))
    } else {
        let example = place.map(|place| example(key, place)).unwrap_or_default();
        sentence(&format!("Write {wanted}{example}"), place.map_or("", |place| &place.description))
    };
    let mut problem =
        Problem::new("wrong-type", value_span(check, spot), format!("{name} is {found}, and {wanted} is needed"), help)
            .on(spot.node)
            .item(&spot.item);
    problem.at.text = format!("this is {found}");
    problem
}

/// A value where nothing is written.
fn empty(check: &Check<'_>, spot: &Spot<'_>, place: Option<&Place>) -> Problem {
    let key = last(&spot.name);
    let help = match place {
        Some(place) => sentence(&format!("Fill it in{}, or remove the line", example(key, place)), &place.description),
        None => "Fill it in, or remove the line.".to_owned(),
    };
    let message = if spot.name.is_empty() {
        "the record is empty".to_owned()
    } else {
        format!("`{}` has nothing written", spot.name)
    };
    let span = if check.tree.node(spot.node).span.is_empty() {
        check.tree.head(spot.node)
    } else {
        check.tree.node(spot.node).span
    };
    let mut problem = Problem::new("missing-value", span, message, help).on(spot.node).item(&spot.item);
    problem.at.text = "nothing is written here".to_owned();
    problem
}

/// All other keywords of a schema.
pub(super) fn other(check: &Check<'_>, spot: &Spot<'_>, wrong: &Wrong) -> Problem {
    let name = named(check, spot);
    let key = last(&spot.name);
    let place = spot.place.map(|(_, place)| place);
    let written = clip(check.tree.scalar_text(spot.node).unwrap_or_default(), SHOWN);
    let about = |lead: String| {
        let example = place.map(|place| example(key, place)).unwrap_or_default();
        sentence(&format!("{lead}{example}"), place.map_or("", |place| &place.description))
    };
    let (code, message, help) = match wrong {
        Wrong::Type { .. } => return wrong_type(check, spot),
        Wrong::MinLength { .. } if written.is_empty() => return empty(check, spot, place),
        Wrong::Enum { options } => return not_allowed(check, spot, options.as_array().map_or(&[], Vec::as_slice)),
        Wrong::Constant { expected_value } => return not_allowed(check, spot, std::slice::from_ref(&**expected_value)),
        Wrong::Format { format } => {
            let (message, help) = malformed(&name, key, &written, format);
            ("malformed", message, help)
        }
        Wrong::Pattern { .. } | Wrong::BacktrackLimitExceeded { .. } | Wrong::RegexEngineFailure { .. } => (
            "malformed",
            format!("{name} is `{written}`, which has another form than is needed"),
            about("Rewrite it".to_owned()),
        ),
        Wrong::MinItems { limit } | Wrong::MinProperties { limit } => (
            "too-few",
            format!("{name} needs at least {limit} {}", if *limit == 1 { "entry" } else { "entries" }),
            about("Add what is missing".to_owned()),
        ),
        Wrong::PropertyNames { error } => {
            let key = error.instance().as_str().unwrap_or_default();
            let message = format!("`{}` is no name that {name} can hold", clip(key, SHOWN));
            return Problem::new("malformed", check.key_span(spot.node, key), message, about("Rewrite it".to_owned()))
                .on(spot.node)
                .item(format!("{}/{}", spot.item, escape(key)));
        }
        Wrong::Contains => ("too-few", format!("{name} lacks an entry that it needs"), about("Add it".to_owned())),
        Wrong::MaxItems { limit } | Wrong::MaxProperties { limit } => (
            "too-many",
            format!("{name} may have at most {limit} entries"),
            about("Remove what is too much".to_owned()),
        ),
        Wrong::MinLength { limit } => {
            ("too-short", format!("{name} needs at least {limit} characters"), about("Say more".to_owned()))
        }
        Wrong::MaxLength { limit } => {
            ("too-long", format!("{name} may have at most {limit} characters"), about("Shorten it".to_owned()))
        }
        Wrong::Minimum { limit } => out_of_range(&name, &written, "at least", limit),
        Wrong::ExclusiveMinimum { limit } => out_of_range(&name, &written, "more than", limit),
        Wrong::Maximum { limit } => out_of_range(&name, &written, "at most", limit),
        Wrong::ExclusiveMaximum { limit } => out_of_range(&name, &written, "less than", limit),
        Wrong::MultipleOf { multiple_of } => (
            "out-of-range",
            format!("{name} is {written}, and a multiple of {multiple_of} is needed"),
            about("Change the number".to_owned()),
        ),
        Wrong::UniqueItems => {
            ("duplicate-item", format!("{name} names the same entry twice"), "Remove the repetition.".to_owned())
        }
        Wrong::FalseSchema => ("not-allowed", format!("{name} must not be here"), about("Remove it".to_owned())),
        _ => ("not-allowed", format!("{name} is not as its schema wants it"), about("Change it".to_owned())),
    };
    let span = match wrong {
        Wrong::FalseSchema | Wrong::MinItems { .. } | Wrong::MinProperties { .. } | Wrong::Contains => {
            check.tree.head(spot.node)
        }
        _ => value_span(check, spot),
    };
    Problem::new(code, span, message, help).on(spot.node).item(&spot.item)
}

fn not_allowed(check: &Check<'_>, spot: &Spot<'_>, options: &[Value]) -> Problem {
    let name = named(check, spot);
    let written = check.tree.scalar_text(spot.node).unwrap_or_default();
    if matches!(check.tree.data(spot.node), Data::Null) {
        return empty(check, spot, spot.place.map(|(_, place)| place));
    }
    let words: Vec<String> = options.iter().map(shown).collect();
    let meant = closest(written, words.iter().map(String::as_str));
    let values = listed(words.iter().cloned());
    let help = match (meant, words.as_slice()) {
        (Some(meant), [_]) => format!("Did you mean `{meant}`?"),
        (Some(meant), _) => format!("Did you mean `{meant}`? Allowed are: {values}."),
        (None, [only]) => format!("Write `{only}`."),
        (None, _) => format!("Write one of: {values}."),
    };
    let what = if written.is_empty() {
        found(check.tree.data(spot.node)).to_owned()
    } else {
        format!("`{}`", clip(written, SHOWN))
    };
    let mut problem = Problem::new(
        "not-allowed",
        value_span(check, spot),
        format!("{name} is {what}, which is not one of its values"),
        help,
    )
    .on(spot.node)
    .item(&spot.item);
    if let Some(meant) = meant {
        problem.at.text = format!("did you mean `{meant}`?");
    }
    problem
}

fn malformed(name: &str, key: &str, written: &str, format: &str) -> (String, String) {
    match format {
        "date" | "date-time" => {
            let parts: Vec<&str> = written.split(['/', '.', '-']).collect();
            let either_way = matches!(parts.as_slice(), [a, b, year]
                if year.len() == 4 && [a, b].iter().all(|n| n.parse::<u8>().is_ok_and(|n| (1..=12).contains(&n))));
            let message = if either_way {
                format!("{name} is `{written}`, and nobody can tell its day from its month")
            } else {
                format!("{name} is `{written}`, which is no date")
            };
            let form = if format == "date" { "2026-09-01" } else { "2026-09-01T12:00:00Z" };
            (message, format!("Write year, month and day, as in `{key}: {form}`."))
        }
        "email" | "idn-email" => (
            format!("{name} is `{written}`, which is no e-mail address"),
            format!("Write an address, as in `{key}: ai-governance@example.org`."),
        ),
        "uri" | "iri" => (
            format!("{name} is `{written}`, which is no complete address"),
            format!("Write it with its scheme, as in `{key}: https://example.org/report`."),
        ),
        other => (format!("{name} is `{written}`, which is no {other}"), format!("Write a valid {other}.")),
    }
}

fn number_help(key: &str, written: &str) -> String {
    let text = written.trim();
    if text.parse::<f64>().is_ok_and(f64::is_finite) {
        return format!("The quotes make it text. Write `{key}: {text}`.");
    }
    if text.replace(',', ".").parse::<f64>().is_ok_and(f64::is_finite) {
        return format!("Write the decimal sign as a point: `{key}: {}`.", text.replace(',', "."));
    }
    if let Some(share) = text.strip_suffix('%').and_then(|n| n.trim().parse::<f64>().ok()) {
        return format!("Write the share as a number: `{key}: {}`.", share / 100.0);
    }
    if text.starts_with(['<', '>', '≤', '≥', '~']) {
        return "Write the number alone; a sign before it says that something was not measured exactly.".to_owned();
    }
    format!("Write a number, as in `{key}: 0.9`.")
}

fn out_of_range(name: &str, written: &str, bound: &str, limit: &Value) -> (&'static str, String, String) {
    (
        "out-of-range",
        format!("{name} is {written}, and must be {bound} {limit}"),
        format!("Write a number that is {bound} {limit}."),
    )
}

fn as_bool(written: &str) -> Option<bool> {
    match written.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    }
}

fn found(data: &Data) -> &'static str {
    match data {
        Data::Null | Data::Alias(_) => "empty",
        Data::Bool(_) => "`true` or `false`",
        Data::Float(number) if !number.is_finite() => "not a number",
        Data::Int(_) | Data::Float(_) => "a number",
        Data::Text(_) | Data::Time(..) => "text",
        Data::List(_) => "a list",
        Data::Map(_) => "a group of named fields",
    }
}

fn named(check: &Check<'_>, spot: &Spot<'_>) -> String {
    if spot.name.is_empty() { format!("this {} record", check.kind.id) } else { format!("`{}`", spot.name) }
}

/// A scalar is underlined as a whole; a collection at its key, since it may be long.
fn value_span(check: &Check<'_>, spot: &Spot<'_>) -> Span {
    match check.tree.node(spot.node).data {
        Data::List(_) | Data::Map(_) if !is_inline_item(check, spot) => check.tree.head(spot.node),
        _ => check.tree.node(spot.node).span,
    }
}

/// An item within brackets: short, and without a key or a dash of its own.
fn is_inline_item(check: &Check<'_>, spot: &Spot<'_>) -> bool {
    let node = check.tree.node(spot.node);
    let file = check.tree.file();
    node.key.is_empty() && !spot.name.is_empty() && file.line_of(node.span.start) == file.line_of(node.span.end)
}

fn below(name: &str, key: &str) -> String {
    if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") }
}

/// The key that a place ends with.
fn last(name: &str) -> &str {
    let (mut depth, mut start) = (0_usize, 0);
    for (at, character) in name.char_indices() {
        match character {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            // The name of a list item may hold a point itself.
            '.' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    let name = &name[start..];
    name.split('[').next().unwrap_or(name)
}

/// `, for example ...`, or nothing.
fn example(key: &str, place: &Place) -> String {
    if let Some(value) = place.examples.first() {
        format!(", for example `{key}: {}`", shown(value))
    } else if !place.values.is_empty() {
        format!(", one of {}", listed(place.values.iter().map(shown)))
    } else {
        String::new()
    }
}

fn sentence(lead: &str, description: &str) -> String {
    if description.is_empty() { format!("{lead}.") } else { format!("{lead}. {description}") }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    let mut words: Vec<String> = words.map(|word| format!("`{}`", clip(&word, SHOWN))).collect();
    if words.len() > LISTED {
        let more = words.len() - LISTED;
        words.truncate(LISTED);
        words.push(format!("and {more} more"));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::last;

    #[test]
    fn the_key_that_a_place_ends_with() {
        let table = [
            ("", ""),
            ("owner", "owner"),
            ("lifecycle.stage", "stage"),
            ("controls[A.5.4]", "controls"),
            ("controls[A.5.4].justification", "justification"),
            ("cases[no owner. at all].expect[0].at", "at"),
            ("validations[owned].at[0]", "at"),
        ];
        for (place, key) in table {
            assert_eq!(last(place), key, "{place}");
        }
    }
}
