//! Holds what the fake GitHub was asked and what it answered against GitHub's OpenAPI.
//! `tests/conformance/run github_openapi` makes the file that ANNEXA_GITHUB_OPENAPI names.

use super::fake::Exchange;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What each edition says of a path, as validators.
struct Operation {
    method: String,
    path: Vec<String>,
    request: Option<Validator>,
    responses: BTreeMap<String, Validator>,
}

static EDITIONS: LazyLock<BTreeMap<String, Vec<Operation>>> = LazyLock::new(|| {
    let file = std::env::var("ANNEXA_GITHUB_OPENAPI")
        .expect("ANNEXA_GITHUB_OPENAPI names the file; tests/conformance/run sets it");
    let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let editions: BTreeMap<String, Value> = serde_json::from_slice(&text).expect("the file is JSON");
    editions.iter().map(|(name, edition)| (name.clone(), operations(edition))).collect()
});

fn operations(edition: &Value) -> Vec<Operation> {
    let compiled = |schema: &Value| {
        let mut whole = schema.clone();
        whole["schemas"] = edition["schemas"].clone();
        jsonschema::draft202012::options().should_validate_formats(true).build(&whole).expect("the schema is valid")
    };
    let one = |of: &Value| Operation {
        method: of["method"].as_str().expect("a method").to_owned(),
        path: of["path"].as_str().expect("a path").split('/').map(str::to_owned).collect(),
        request: Some(&of["request"]).filter(|schema| !schema.is_null()).map(compiled),
        responses: of["responses"]
            .as_object()
            .expect("responses")
            .iter()
            .filter(|(_, schema)| !schema.is_null())
            .map(|(status, schema)| (status.clone(), compiled(schema)))
            .collect(),
    };
    edition["paths"].as_array().expect("paths").iter().map(one).collect()
}

/// Fails where a request or an answer is not as GitHub describes it.
pub fn hold(log: &[Exchange]) {
    for exchange in log.iter().filter(|exchange| !exchange.path.ends_with("/graphql")) {
        for (edition, operations) in EDITIONS.iter() {
            let found = problems(exchange, operations);
            assert!(found.is_empty(), "{edition}: {} {}\n{}", exchange.method, exchange.path, found.join("\n"));
        }
    }
}

fn problems(exchange: &Exchange, operations: &[Operation]) -> Vec<String> {
    let parts: Vec<&str> = exchange.path.split('/').collect();
    let fits = |operation: &&Operation| {
        operation.method == exchange.method
            && operation.path.len() == parts.len()
            && operation.path.iter().zip(&parts).all(|(own, part)| own.starts_with('{') || own == part)
    };
    let Some(operation) = operations.iter().find(fits) else { return vec!["there is no such path".to_owned()] };
    let mut found = Vec::new();
    if let (Some(validator), Some(body)) = (&operation.request, &exchange.body) {
        found.extend(validator.iter_errors(body).map(|error| format!("asked: {}: {error}", error.instance_path())));
    }
    if let (Some(validator), Some(answer)) = (operation.responses.get(&exchange.status.to_string()), &exchange.answer) {
        let mut answer = answer.clone();
        undelete(&mut answer);
        found.extend(
            validator.iter_errors(&answer).map(|error| format!("answered: {}: {error}", error.instance_path())),
        );
    }
    found
}

/// GitHub's description does not know that the repository of a fork may be gone; GitHub's answers do.
fn undelete(answer: &mut Value) {
    if let Some(all) = answer.as_array_mut() {
        all.iter_mut().for_each(undelete);
    } else if answer["head"]["repo"].is_null() && !answer["base"]["repo"].is_null() {
        answer["head"]["repo"] = answer["base"]["repo"].clone();
    }
}

#[test]
fn the_description_is_there_and_strict() {
    assert_eq!(EDITIONS.keys().collect::<Vec<_>>(), ["dotcom", "ghes-3.17"]);
    let asked = |body: Value| Exchange {
        method: "POST".to_owned(),
        path: "/repos/octo-org/governance/issues/7/comments".to_owned(),
        authorization: String::new(),
        body: Some(body),
        status: 201,
        answer: Some(json!({"id": 1})),
    };
    for (edition, operations) in EDITIONS.iter() {
        let found = problems(&asked(json!({"text": "x"})), operations);
        assert!(found.iter().any(|problem| problem.starts_with("asked")), "{edition}: {found:?}");
        assert!(found.iter().any(|problem| problem.starts_with("answered")), "{edition}: {found:?}");
        let elsewhere = Exchange { path: "/gists".to_owned(), ..asked(json!({})) };
        assert_eq!(problems(&elsewhere, operations), ["there is no such path"], "{edition}");
    }
}
