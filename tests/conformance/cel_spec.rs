//! The conformance tests of the Common Expression Language. Each runs as it is written; those with
//! data also run with the data as nodes of an own tree: what the test binds, and what its expression
//! writes as a literal of plain data.

use super::cel_types;
use annexa::engine::cel::{Bindings, Lendable, Lent, Program, Scope, Stop, TreeRef, View, lend, traced};
use annexa::engine::deep;
use annexa::engine::syntax::{Ast, Expr, ExprId, Literal, parse};
use annexa::source::SourceFile;
use annexa::value::{Limits, Syntax, read_as_written};
use cel::common::types::{
    CelBool, CelBytes, CelDouble, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelNull, CelOptional, CelString,
    CelTimestamp, CelType, CelUInt, LIST_TYPE, MAP_TYPE,
};
use serde::Deserialize;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Tests of the locked version of the package that are run; a change is looked at by a person.
const RUN: usize = 1_626;

/// Those that do not pass, each with its reason behind a tab.
const FAILURES: &str = include_str!("cel_spec_failures.txt");

#[derive(Deserialize)]
struct Case {
    file: String,
    section: String,
    test: Test,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    name: String,
    expr: String,
    #[serde(default)]
    container: String,
    #[serde(default)]
    disable_check: bool,
    #[serde(default)]
    check_only: bool,
    #[serde(default)]
    bindings: BTreeMap<String, Binding>,
    #[serde(default)]
    type_env: Json,
    value: Option<Json>,
    typed_result: Option<Json>,
    eval_error: Option<Json>,
}

#[derive(Deserialize)]
struct Binding {
    value: Json,
}

#[test]
fn the_tests_pass_that_are_not_listed() {
    let path = std::env::var("ANNEXA_CEL_SPEC").expect("the tests are not installed: run tests/conformance/run");
    let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut files: Vec<(&str, usize, usize, BTreeMap<&str, usize>)> = Vec::new();
    let (mut failures, mut own) = (Vec::new(), 0);
    for case in &cases {
        if files.last().is_none_or(|(file, ..)| *file != case.file) {
            files.push((&case.file, 0, 0, BTreeMap::new()));
        }
        let (_, passed, run, skipped) = files.last_mut().unwrap();
        if let Some(reason) = beyond(case) {
            *skipped.entry(reason).or_default() += 1;
            continue;
        }
        *run += 1;
        match deep(|| check(&case.test)) {
            Ok(with_own_trees) => {
                *passed += 1;
                own += usize::from(with_own_trees);
            }
            Err(reason) => failures.push(format!("{}/{}/{}\t{reason}", case.file, case.section, case.test.name)),
        }
    }
    let (mut passed, mut run) = (0, 0);
    for (file, ok, all, skipped) in &files {
        let skipped: Vec<String> =
            skipped.iter().map(|(reason, count)| format!(", {count} skipped: {reason}")).collect();
        println!("{file}: {ok} of {all}{}", skipped.concat());
        passed += ok;
        run += all;
    }
    println!("CEL conformance: {passed} of {run} tests pass, {own} of them with own trees too");
    let listed: Vec<&str> = FAILURES.lines().collect();
    let unlisted: Vec<_> = failures.iter().filter(|line| !listed.contains(&line.as_str())).collect();
    let mended: Vec<_> = listed.iter().filter(|line| !failures.iter().any(|failure| failure == *line)).collect();
    assert!(
        unlisted.is_empty(),
        "not in cel_spec_failures.txt:\n{}",
        unlisted.iter().map(|l| format!("{l}\n")).collect::<String>()
    );
    assert!(mended.is_empty(), "in cel_spec_failures.txt, and not so any more: {mended:#?}");
    assert_eq!(run, RUN);
}

/// Why a test asks for more than a checker of documents has to have.
fn beyond(case: &Case) -> Option<&'static str> {
    let test = &case.test;
    let text = |json: &Json| json.to_string();
    let result = [&test.value, &test.typed_result].into_iter().flatten().map(text).collect::<String>();
    let bound: String = test.bindings.values().map(|binding| text(&binding.value)).collect();
    let data = format!("{result}{bound}{}", test.type_env);
    let well_known =
        |text: &str| ["Duration", "Timestamp"].iter().any(|name| text.ends_with(&format!("google.protobuf.{name}")));
    let of_messages = ["\"messageType\":\"", "\"@type\":\""]
        .iter()
        .any(|field| data.split(field).skip(1).any(|rest| !well_known(rest.split('"').next().unwrap_or_default())));
    let messages = test.container.starts_with("cel.expr.conformance")
        || test.expr.contains("cel.expr.conformance")
        || data.contains("enumValue")
        || of_messages
        || parse(&test.expr).is_ok_and(|ast| nodes(&ast).any(|id| matches!(ast.expr(id), Expr::Struct { .. })));
    match case.file.as_str() {
        "block_ext" => Some("`cel.block` is a form that optimisers write"),
        "network_ext" => Some("addresses of networks are no data of documents"),
        _ if messages => Some("protobuf messages or enums"),
        _ => None,
    }
}

fn nodes(ast: &Ast) -> impl Iterator<Item = ExprId> {
    (0..ast.len() as u32).map(ExprId)
}

/// Runs a test; says whether it also ran with own trees.
fn check(test: &Test) -> Result<bool, String> {
    let bound = test.bindings.keys().map(String::as_str);
    let environment = cel_types::environment(&test.type_env, bound, &test.container);
    let typed = cel_types::typed(&test.expr, &environment);
    if let Some((_, typed)) = &typed
        && let Some(wanted) = test.typed_result.as_ref().and_then(|result| result.get("deducedType"))
    {
        cel_types::expect(typed, wanted)?;
    }
    if test.check_only {
        return Ok(false);
    }
    let names = |container: &str| Names { container: container.to_owned(), values: HashMap::new() };
    let mut plain = names(&test.container);
    let mut own = names(&test.container);
    for (name, binding) in &test.bindings {
        let value = spec(&binding.value)?;
        plain.values.insert(name.clone(), value.clone().lent());
        own.values.insert(name.clone(), value.own().unwrap_or_else(|| value.lent()));
    }
    let outcome = judge(test, &test.expr, &plain)?;
    if let Some((ast, typed)) = typed.as_ref().filter(|_| !test.disable_check) {
        cel_types::agree(ast, typed, &outcome)?;
    }
    let (expr, literals) = with_literals_out(&test.expr);
    for (name, json) in literals {
        own.values.insert(name, tree(&json));
    }
    let differs = own.values.values().any(|value| value.downcast_ref::<View>().is_some());
    if differs {
        let _ = judge(test, &expr, &own).map_err(|why| format!("with own trees: {why}"))?;
    }
    Ok(differs)
}

/// Runs an expression; what it came to, when that is what the test expects.
fn judge(test: &Test, expr: &str, names: &Names) -> Result<Result<Spec, Stop>, String> {
    let outcome = match Program::compile(expr) {
        Ok(program) => {
            let (outcome, trace) = traced(|| Scope::new(names, &[]).evaluate_as(&program, Spec::of));
            if trace.exhausted { Err(Stop::Exhausted) } else { outcome }
        }
        Err(mistake) => Err(Stop::Error(mistake.message)),
    };
    let expected = match (&test.value, &test.typed_result) {
        (Some(value), _) => spec(value)?,
        (None, Some(typed)) => spec(&typed["result"])?,
        (None, None) => Spec::Bool(true),
    };
    match (&outcome, &test.eval_error) {
        (Err(Stop::Exhausted), _) => Err("takes more steps than an evaluation may".to_owned()),
        (Err(Stop::Error(why)), Some(error)) if accidental(why, error) => {
            Err(format!("fails for another reason: {why}"))
        }
        (Err(_), Some(_)) => Ok(outcome),
        (Ok(found), Some(_)) => Err(format!("gives {found:?} where an error is wanted")),
        (Ok(found), None) if found.same(&expected) => Ok(outcome),
        (Ok(found), None) => Err(format!("gives {found:?} instead of {expected:?}")),
        (Err(stop), None) => Err(format!("{stop:?}")),
    }
}

/// Whether an evaluation fails because a name is missing, when that is not what the test is about.
fn accidental(why: &str, wanted: &Json) -> bool {
    let wanted = wanted.to_string().to_lowercase();
    why.to_lowercase().contains("undeclared")
        && !["undeclared", "unbound", "unknown"].iter().any(|w| wanted.contains(w))
}

/// What a test binds. Names of a container are looked up there first; which names there are is up to
/// whoever binds them.
struct Names {
    container: String,
    values: HashMap<String, Box<dyn Lendable>>,
}

impl Bindings for Names {
    fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
        let plain = name.trim_start_matches('.');
        let inner = self.values.get(&format!("{}.{plain}", self.container)).filter(|_| !name.starts_with('.'));
        inner.or_else(|| self.values.get(plain)).map(|value| Lent::Borrowed(value.as_ref()))
    }
}

/// The expression with every literal of plain data behind a name, and the data.
fn with_literals_out(text: &str) -> (String, Vec<(String, Json)>) {
    let Ok(ast) = parse(text) else { return (text.to_owned(), Vec::new()) };
    let mut found = Vec::new();
    let mut waiting = vec![ast.root()];
    while let Some(id) = waiting.pop() {
        match ast.expr(id) {
            Expr::List(_) | Expr::Map(_) if json_of(&ast, id).is_some() => found.push(id),
            _ => waiting.extend(ast.children(id)),
        }
    }
    found.sort_by_key(|id| ast.span(*id).start);
    let (mut changed, mut literals, mut end) = (String::new(), Vec::new(), 0);
    for id in found {
        let (span, name) = (ast.span(id), format!("own_{}", literals.len()));
        changed += &text[end..span.start as usize];
        changed += &name;
        end = span.end as usize;
        literals.extend(json_of(&ast, id).map(|json| (name, json)));
    }
    (changed + &text[end..], literals)
}

/// The data that a node writes, when it is what a document can hold.
fn json_of(ast: &Ast, id: ExprId) -> Option<Json> {
    match ast.expr(id) {
        Expr::Literal(Literal::Null) => Some(Json::Null),
        Expr::Literal(Literal::Bool(value)) => Some(Json::from(*value)),
        Expr::Literal(Literal::Int(value)) => Some(Json::from(*value)),
        Expr::Literal(Literal::Double(value)) => Some(Json::from(*value)),
        Expr::Literal(Literal::Text(value)) => Some(Json::from(value.as_str())),
        Expr::List(items) if items.iter().all(|item| !item.optional) => {
            items.iter().map(|item| json_of(ast, item.value)).collect()
        }
        Expr::Map(entries) => {
            let mut map = serde_json::Map::new();
            for entry in entries {
                let Some(Json::String(key)) = json_of(ast, entry.key).filter(|_| !entry.optional) else { return None };
                if map.insert(key, json_of(ast, entry.value)?).is_some() {
                    return None;
                }
            }
            Some(Json::Object(map))
        }
        _ => None,
    }
}

/// The data as nodes of an own tree.
fn tree(json: &Json) -> Box<dyn Lendable> {
    let file = Arc::new(SourceFile::new("data.json", json.to_string().into_bytes()));
    let (tree, problems) = read_as_written(file, Syntax::Json, &Limits::default());
    assert!(problems.is_empty(), "{json}: {problems:?}");
    let root = tree.roots()[0];
    lend(&TreeRef { tree: Arc::new(tree), index: 0 }, root)
}

/// A value with its type, as the specification tells them apart.
#[derive(Clone, Debug)]
enum Spec {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Type(String),
    Time(chrono::DateTime<chrono::FixedOffset>),
    Duration(chrono::Duration),
    List(Vec<Spec>),
    Map(Vec<(Spec, Spec)>),
    Optional(Option<Box<Spec>>),
    /// Nothing that the specification knows.
    Other,
}

/// The value that a test writes as JSON.
fn spec(json: &Json) -> Result<Spec, String> {
    let (kind, value) = json.as_object().and_then(|map| map.iter().next()).ok_or("the test has no value")?;
    let text = value.as_str().unwrap_or_default();
    let no = |what: &str| format!("the test has {what} that is none: {value}");
    Ok(match kind.as_str() {
        "nullValue" => Spec::Null,
        "boolValue" => Spec::Bool(value.as_bool().unwrap_or_default()),
        "int64Value" => Spec::Int(text.parse().map_err(|_| no("an int"))?),
        "uint64Value" => Spec::Uint(text.parse().map_err(|_| no("a uint"))?),
        "doubleValue" => match text {
            "" => Spec::Double(value.as_f64().ok_or_else(|| no("a double"))?),
            "Infinity" => Spec::Double(f64::INFINITY),
            "-Infinity" => Spec::Double(f64::NEG_INFINITY),
            _ => Spec::Double(f64::NAN),
        },
        "stringValue" => Spec::Text(text.to_owned()),
        "bytesValue" => Spec::Bytes(base64(text)),
        "typeValue" => Spec::Type(text.to_owned()),
        "listValue" => {
            let values = value["values"].as_array().map(Vec::as_slice).unwrap_or_default();
            Spec::List(values.iter().map(spec).collect::<Result<_, _>>()?)
        }
        "mapValue" => {
            let entries = value["entries"].as_array().map(Vec::as_slice).unwrap_or_default();
            let entry = |entry: &Json| Ok::<_, String>((spec(&entry["key"])?, spec(&entry["value"])?));
            Spec::Map(entries.iter().map(entry).collect::<Result<_, _>>()?)
        }
        "objectValue" => {
            let text = value["value"].as_str().unwrap_or_default();
            if value["@type"].as_str().is_some_and(|name| name.ends_with("Timestamp")) {
                Spec::Time(chrono::DateTime::parse_from_rfc3339(text).map_err(|_| no("a time"))?)
            } else {
                let (whole, part) =
                    text.trim_end_matches('s').split_once('.').unwrap_or((text.trim_end_matches('s'), ""));
                let seconds: i64 = whole.parse().map_err(|_| no("a duration"))?;
                let nanos: i64 = format!("{part:0<9}").parse().map_err(|_| no("a duration"))?;
                let nanos = if whole.starts_with('-') { -nanos } else { nanos };
                Spec::Duration(chrono::Duration::seconds(seconds) + chrono::Duration::nanoseconds(nanos))
            }
        }
        other => return Err(format!("the test has a value of an unknown kind: {other}")),
    })
}

fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0);
    for digit in text.bytes().filter_map(|b| DIGITS.iter().position(|d| *d == b)) {
        bits = bits << 6 | digit as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

impl Spec {
    /// The value that an evaluation gave.
    fn of(value: &dyn Lendable) -> Spec {
        let list = |value: &dyn Lendable| {
            let mut walk = value.as_iterable()?.iter();
            Some(std::iter::from_fn(|| walk.next().map(Spec::of)).collect::<Vec<_>>())
        };
        if let Some(value) = value.downcast_ref::<CelBool>() {
            Spec::Bool(*value.inner())
        } else if let Some(value) = value.downcast_ref::<CelInt>() {
            Spec::Int(*value.inner())
        } else if let Some(value) = value.downcast_ref::<CelUInt>() {
            Spec::Uint(*value.inner())
        } else if let Some(value) = value.downcast_ref::<CelDouble>() {
            Spec::Double(*value.inner())
        } else if let Some(value) = value.downcast_ref::<CelString>() {
            Spec::Text(value.inner().to_owned())
        } else if let Some(value) = value.downcast_ref::<CelBytes>() {
            Spec::Bytes(value.inner().to_vec())
        } else if let Some(value) = value.downcast_ref::<CelType>() {
            Spec::Type(value.name().to_owned())
        } else if let Some(value) = value.downcast_ref::<CelTimestamp>() {
            Spec::Time(*value.inner())
        } else if let Some(value) = value.downcast_ref::<CelDuration>() {
            Spec::Duration(*value.inner())
        } else if let Some(value) = value.downcast_ref::<CelOptional>() {
            Spec::Optional(value.inner().map(|value| Box::new(Spec::of(value))))
        } else if value.downcast_ref::<CelNull>().is_some() {
            Spec::Null
        } else if *value.get_type() == LIST_TYPE {
            list(value).map_or_else(|| Spec::Other, Spec::List)
        } else if let Some(map) = value.downcast_ref::<CelMap>() {
            Spec::Map(
                map.inner().iter().map(|(key, value)| (Spec::of(key.inner()), Spec::of(value.as_ref()))).collect(),
            )
        } else if *value.get_type() == MAP_TYPE {
            let entries = value.as_indexer().zip(value.as_iterable()).map(|(values, keys)| {
                let mut keys = keys.iter();
                let next = || {
                    keys.next().map(|key| (Spec::of(key), values.get(key).map_or(Spec::Null, |v| Spec::of(v.as_ref()))))
                };
                std::iter::from_fn(next).collect()
            });
            entries.map_or_else(|| Spec::Other, Spec::Map)
        } else {
            Spec::Other
        }
    }

    /// Equal in type and value; NaN is itself, and maps have no order.
    fn same(&self, other: &Spec) -> bool {
        match (self, other) {
            (Spec::Null, Spec::Null) => true,
            (Spec::Bool(a), Spec::Bool(b)) => a == b,
            (Spec::Int(a), Spec::Int(b)) => a == b,
            (Spec::Uint(a), Spec::Uint(b)) => a == b,
            (Spec::Double(a), Spec::Double(b)) => a == b || a.is_nan() && b.is_nan(),
            (Spec::Text(a), Spec::Text(b)) | (Spec::Type(a), Spec::Type(b)) => a == b,
            (Spec::Bytes(a), Spec::Bytes(b)) => a == b,
            (Spec::Time(a), Spec::Time(b)) => a == b,
            (Spec::Duration(a), Spec::Duration(b)) => a == b,
            (Spec::List(a), Spec::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Spec::Map(a), Spec::Map(b)) => {
                let held = |(key, value): &(Spec, Spec)| b.iter().any(|(k, v)| k.same(key) && v.same(value));
                a.len() == b.len() && a.iter().all(held)
            }
            (Spec::Optional(Some(a)), Spec::Optional(Some(b))) => a.same(b),
            (Spec::Optional(None), Spec::Optional(None)) => true,
            _ => false,
        }
    }

    /// As the crate's own values.
    fn lent(self) -> Box<dyn Lendable> {
        match self {
            Spec::Null | Spec::Other | Spec::Optional(_) => Box::new(CelNull),
            Spec::Bool(value) => Box::new(CelBool::from(value)),
            Spec::Int(value) => Box::new(CelInt::from(value)),
            Spec::Uint(value) => Box::new(CelUInt::from(value)),
            Spec::Double(value) => Box::new(CelDouble::from(value)),
            Spec::Text(value) => Box::new(CelString::from(value)),
            Spec::Bytes(value) => Box::new(CelBytes::from(value)),
            Spec::Type(name) => Box::new(CelType::new(name)),
            Spec::Time(value) => Box::new(CelTimestamp::from(value)),
            Spec::Duration(value) => Box::new(CelDuration::from(value)),
            Spec::List(items) => Box::new(CelList::from(items.into_iter().map(Spec::lent).collect::<Vec<_>>())),
            Spec::Map(entries) => {
                let key = |key: Spec| CelMapKey::try_from(Lent::Owned(key.lent())).expect("it is a key");
                let map: HashMap<CelMapKey<'static>, Box<dyn Lendable>> =
                    entries.into_iter().map(|(name, value)| (key(name), value.lent())).collect();
                Box::new(CelMap::from(map))
            }
        }
    }

    /// As nodes of an own tree, when it is a map or a list that a document can hold.
    fn own(&self) -> Option<Box<dyn Lendable>> {
        let container = matches!(self, Spec::List(_) | Spec::Map(_));
        self.json().filter(|_| container).map(|json| tree(&json))
    }

    fn json(&self) -> Option<Json> {
        Some(match self {
            Spec::Null => Json::Null,
            Spec::Bool(value) => Json::from(*value),
            Spec::Int(value) => Json::from(*value),
            Spec::Double(value) if value.is_finite() => Json::from(*value),
            Spec::Text(value) => Json::from(value.as_str()),
            Spec::List(items) => items.iter().map(Spec::json).collect::<Option<_>>()?,
            Spec::Map(entries) => {
                let entry = |(key, value): &(Spec, Spec)| match key {
                    Spec::Text(key) => Some((key.clone(), value.json()?)),
                    _ => None,
                };
                Json::Object(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }
}
