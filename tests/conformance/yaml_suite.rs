//! The YAML test suite: each valid case gives the values of its JSON, each invalid one is rejected.

use annexa::source::SourceFile;
use annexa::value::{Data, Limits, NodeId, Syntax, Tree, read_as_written};
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// The numbers of cases of the locked version of the suite; a change of either is looked at by a person.
const VALID: usize = 279;
const INVALID: usize = 94;

/// Problems that make a document unreadable or wrong as YAML; others are annexa's own advice.
const REJECTIONS: [&str; 2] = ["yaml-syntax", "unknown-alias"];

#[derive(Deserialize)]
struct Case {
    name: String,
    yaml: String,
    fail: bool,
    /// The values of all documents, one behind the other; absent where JSON cannot say them.
    json: Option<String>,
}

#[test]
fn the_suite_passes() {
    let path = std::env::var("ANNEXA_YAML_SUITE").expect("the suite is not installed: run tests/conformance/run");
    let cases: Vec<Case> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();

    let (mut equal, mut rejected, mut wrong) = (0, 0, Vec::new());
    for case in &cases {
        let file = Arc::new(SourceFile::new(case.name.as_str(), case.yaml.clone().into_bytes()));
        let (tree, problems) = read_as_written(file, Syntax::Yaml, &Limits::default());
        let rejections: Vec<_> = problems.iter().filter(|problem| REJECTIONS.contains(&problem.code)).collect();
        places_hold(&tree, &case.name);
        match (&case.json, case.fail) {
            (_, true) if rejections.is_empty() => wrong.push(format!("{}: is not rejected", case.name)),
            (_, true) => rejected += 1,
            (Some(json), false) => {
                let expected: Vec<Value> =
                    serde_json::Deserializer::from_str(json).into_iter().collect::<Result<_, _>>().unwrap();
                let found: Vec<Value> = tree.roots().iter().map(|root| value(&tree, *root)).collect();
                if same(&found, &expected) && rejections.is_empty() {
                    equal += 1;
                } else {
                    wrong.push(format!("{}: {found:?} instead of {expected:?} {rejections:?}", case.name));
                }
            }
            (None, false) => {}
        }
    }
    println!("YAML test suite: {equal} of {VALID} valid cases equal, {rejected} of {INVALID} invalid cases rejected");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((equal, rejected), (VALID, INVALID));
}

/// Each span lies in the file, and the key of a block list item is its dash.
fn places_hold(tree: &Tree, name: &str) {
    for index in 0..tree.len() {
        let id = NodeId(index as u32);
        let node = tree.node(id);
        let text = tree.file().text();
        assert!(text.get(node.span.range()).is_some(), "{name}: {node:?}");
        if !matches!(node.data, Data::List(_)) || tree.file().slice(node.span).starts_with('[') {
            continue;
        }
        for item in tree.items(id) {
            assert_eq!(tree.file().slice(tree.node(*item).key), "-", "{name}: the dash of {:?}", tree.node(*item));
        }
    }
}

fn value(tree: &Tree, id: NodeId) -> Value {
    match tree.data(id) {
        Data::Null | Data::Alias(_) => Value::Null,
        Data::Bool(value) => Value::from(*value),
        Data::Int(value) => Value::from(*value),
        Data::Float(value) => Value::from(*value),
        Data::Text(text) | Data::Time(text, _) => Value::from(tree.text(text)),
        Data::List(_) => tree.items(id).iter().map(|item| value(tree, *item)).collect(),
        Data::Map(_) => {
            let entries = tree.entries(id).iter();
            Value::Object(entries.map(|entry| (tree.text(&entry.key).to_owned(), value(tree, entry.value))).collect())
        }
    }
}

/// Equal as JSON: 1 and 1.0 are one number.
fn same(found: &[Value], expected: &[Value]) -> bool {
    fn one(found: &Value, expected: &Value) -> bool {
        match (found, expected) {
            (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
            (Value::Array(found), Value::Array(expected)) => same(found, expected),
            (Value::Object(found), Value::Object(expected)) => {
                found.len() == expected.len()
                    && expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| one(found, value)))
            }
            _ => found == expected,
        }
    }
    found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| one(found, expected))
}
