//! What the checker says of the conformance tests: the types it finds, and that what it accepts meets no
//! value of a wrong type.

use annexa::engine::cel::Stop;
use annexa::engine::check::{Environment, Typed, check};
use annexa::engine::syntax::{Ast, parse};
use annexa::engine::types::{Param, Parameter, Signature, Type};
use serde_json::Value as Json;
use std::sync::Arc;

/// The names that a test declares; what it binds without declaring it can be anything.
pub fn environment<'n>(type_env: &Json, bound: impl Iterator<Item = &'n str>, container: &str) -> Environment {
    let mut environment = Environment::default();
    environment.container = container.to_owned();
    bound.for_each(|name| environment.bind(name, Type::Dyn));
    for declared in type_env.as_array().map(Vec::as_slice).unwrap_or_default() {
        let name = declared["name"].as_str().unwrap_or_default();
        if let Some(of) = declared["ident"].get("type") {
            environment.bind(name, of_json(of));
        }
        for overload in declared["function"]["overloads"].as_array().map(Vec::as_slice).unwrap_or_default() {
            let params = overload["params"].as_array().map(Vec::as_slice).unwrap_or_default();
            environment.add_function(Signature {
                name: name.to_owned(),
                receiver: None,
                params: params.iter().map(|of| Parameter { name: String::new(), of: of_json(of) }).collect(),
                result: of_json(&overload["resultType"]),
            });
        }
    }
    environment
}

/// A type as a test writes it.
fn of_json(json: &Json) -> Type {
    let Some((kind, value)) = json.as_object().and_then(|map| map.iter().next()) else { return Type::Dyn };
    let primitive = |name: &str| match name {
        "BOOL" => Type::Bool,
        "INT64" => Type::Int,
        "UINT64" => Type::Uint,
        "DOUBLE" => Type::Double,
        "STRING" => Type::String,
        "BYTES" => Type::Bytes,
        other => Type::named(other),
    };
    let text = value.as_str().unwrap_or_default();
    match kind.as_str() {
        "null" => Type::Null,
        "primitive" => primitive(text),
        "wrapper" => Type::Wrapper(Arc::new(primitive(text))),
        "wellKnown" if text == "TIMESTAMP" => Type::Timestamp,
        "wellKnown" if text == "DURATION" => Type::Duration,
        "messageType" if text.ends_with(".Timestamp") => Type::Timestamp,
        "messageType" if text.ends_with(".Duration") => Type::Duration,
        "messageType" => Type::named(text),
        "listType" => Type::list(of_json(&value["elemType"])),
        "mapType" => Type::map(of_json(&value["keyType"]), of_json(&value["valueType"])),
        "typeParam" => Type::Param(Param::Letter(text.into())),
        "type" => Type::Type(Arc::new(of_json(value))),
        "abstractType" => {
            let of: Vec<Type> = value["parameterTypes"].as_array().into_iter().flatten().map(of_json).collect();
            match (value["name"].as_str().unwrap_or_default(), of.as_slice()) {
                ("optional_type", [of]) => Type::optional(of.clone()),
                (name, _) => Type::Named(name.into(), of.into()),
            }
        }
        _ => Type::Dyn,
    }
}

/// Types an expression that parses.
pub fn typed(expr: &str, environment: &Environment) -> Option<(Ast, Typed)> {
    let ast = parse(expr).ok()?;
    let typed = check(&ast, environment);
    Some((ast, typed))
}

/// The type that a test expects.
///
/// # Errors
/// Another one, or a mistake.
pub fn expect(typed: &Typed, wanted: &Json) -> Result<(), String> {
    if let Some(mistake) = typed.mistakes.first() {
        return Err(format!("is refused: {}", mistake.message));
    }
    let (found, wanted) = (typed.result(), of_json(wanted));
    if *found == wanted { Ok(()) } else { Err(format!("has the type {found} instead of {wanted}")) }
}

/// Whether something in it can only be known when it runs.
fn has_dynamic_parts(ast: &Ast, typed: &Typed) -> bool {
    fn dynamic(of: &Type) -> bool {
        match of {
            Type::Dyn | Type::Error | Type::Param(_) => true,
            Type::List(of) | Type::Optional(of) | Type::Wrapper(of) | Type::Type(of) => dynamic(of),
            Type::Map(key, value) => dynamic(key) || dynamic(value),
            Type::Named(_, of) => of.iter().any(dynamic),
            _ => false,
        }
    }
    ast.ids().any(|id| dynamic(typed.type_of(id)))
}

/// An accepted expression without dynamic parts fails for no wrong type, and one that has a value is not
/// refused.
///
/// # Errors
/// What is not so.
pub fn agree<T>(ast: &Ast, typed: &Typed, outcome: &Result<T, Stop>) -> Result<(), String> {
    match (typed.mistakes.first(), outcome) {
        (Some(mistake), Ok(_)) => Err(format!("has a value and is refused: {}", mistake.message)),
        (None, Err(Stop::Error(why))) if is_of_types(why) && !has_dynamic_parts(ast, typed) => {
            Err(format!("is accepted and fails for a type: {why}"))
        }
        _ => Ok(()),
    }
}

fn is_of_types(why: &str) -> bool {
    ["does not take", "was wanted where", "no such overload", "undeclared"].iter().any(|words| why.contains(words))
}
