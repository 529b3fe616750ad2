//! What documents come to, on records written for these tests.

mod contracts;
mod hostile;
mod kinds;
mod model_cards;
mod recognition;
mod shape;
mod statements;
mod typing;

use super::{Kinds, Loaded, Recogniser, load};
use crate::source::{SourceFile, Span};
use crate::value::{Data, Limits, NodeId, Problem, Tree};
use std::sync::Arc;

/// A small closed kind with one of everything.
const PLAN: &str = r##"{
  "x-document": {"id": "test-plan", "plural": "test_plans", "title": "Test plan",
                 "globs": ["**/test-plan.{yaml,json,md}", "**/test-plans/*.yaml"], "probes": [["plan_of", "steps"]]},
  "type": "object",
  "required": ["id", "owner"],
  "properties": {
    "kind": {"const": "test-plan"},
    "id": {"type": "string"},
    "owner": {"type": ["string", "null"], "title": "Owner", "description": "Who answers for it.", "examples": ["quality-team"]},
    "version": {"type": "string"},
    "plan_of": {"type": "string"},
    "share": {"type": "number", "minimum": 0, "maximum": 1},
    "runs": {"type": "integer"},
    "automatic": {"type": "boolean"},
    "users": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": true},
    "note": {"type": "string", "minLength": 1},
    "mixed": {"type": ["number", "string"]},
    "lifecycle": {
      "type": "object",
      "properties": {
        "stage": {"type": "string", "enum": ["design", "operation"], "x-aliases": {"operation": ["in use", "production"]}},
        "since": {"$ref": "#/$defs/day"}
      },
      "additionalProperties": false
    },
    "mode": {"enum": ["frozen", "periodic", "continuous"]},
    "hash": {"type": "string", "pattern": "^[0-9a-f]{4}$", "examples": ["00ff"]},
    "steps": {
      "type": "array",
      "items": {
        "anyOf": [
          {"type": "object", "required": ["type", "query"], "additionalProperties": false,
           "properties": {"id": {"type": "string"}, "type": {"const": "sql"}, "query": {"type": "string"}, "on": {"$ref": "#/$defs/day"}}},
          {"type": "object", "required": ["type", "text"], "additionalProperties": false,
           "properties": {"id": {"type": "string"}, "type": {"const": "text"}, "text": {"type": "string"}, "on": {"$ref": "#/$defs/day"}}}
        ]
      }
    },
    "parts": {"type": "array", "items": {"$ref": "#"}}
  },
  "patternProperties": {"^x-": true},
  "additionalProperties": false,
  "$defs": {"day": {"type": "string", "format": "date"}}
}"##;

fn kinds() -> Kinds {
    let mut kinds = Kinds::bundled();
    let file = Arc::new(SourceFile::new("schemas/test-plan.schema.json", PLAN.as_bytes().to_vec()));
    kinds.add(&file).unwrap_or_else(|problems| panic!("{problems:?}"));
    kinds
}

fn load_with(kinds: &Kinds, configured: &[(&str, &[&str])], path: &str, text: &str) -> Option<Loaded> {
    let configured: Vec<(String, Vec<String>)> = configured
        .iter()
        .map(|(kind, globs)| ((*kind).to_owned(), globs.iter().map(|glob| (*glob).to_owned()).collect()))
        .collect();
    let recogniser = Recogniser::new(kinds, &configured).expect("the globs are valid");
    load(kinds, &recogniser, Arc::new(SourceFile::new(path, text.as_bytes().to_vec())), &Limits::default())
}

fn plan(text: &str) -> Loaded {
    load_with(&kinds(), &[], "test-plan.yaml", text).expect("recognised by its path")
}

/// A value in a short form with the line it stands on: `text @3`, `[a @1, b @2] @1`, `{name: a @1} @1`.
fn shown(tree: &Tree, id: NodeId) -> String {
    let line = tree.file().line_of(tree.node(id).span.start);
    let text = match tree.data(id) {
        Data::List(_) => {
            format!("[{}]", tree.items(id).iter().map(|item| shown(tree, *item)).collect::<Vec<_>>().join(", "))
        }
        Data::Map(_) => {
            let rows = tree.entries(id).iter().map(|e| format!("{}: {}", tree.text(&e.key), shown(tree, e.value)));
            format!("{{{}}}", rows.collect::<Vec<_>>().join(", "))
        }
        Data::Text(text) | Data::Time(text, _) => tree.text(text).replace('\n', "|"),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    format!("{text} @{line}")
}

/// A field of the first document in that form; `-` where it is absent.
fn field(loaded: &Loaded, name: &str) -> String {
    let document = &loaded.documents[0];
    document.tree.get(document.root, name).map_or("-".to_owned(), |id| shown(&document.tree, id))
}

/// Checks fields of the first document of a file.
fn assert_fields(path: &str, text: &str, expected: &[(&str, &str)]) {
    let loaded = load_with(&Kinds::bundled(), &[], path, text).unwrap_or_else(|| panic!("{path} is recognised"));
    for (name, value) in expected {
        assert_eq!(field(&loaded, name), *value, "{name} of {path}:\n{text}");
    }
}

/// Code, line, marked text, message and help of each problem of the first document.
fn problems(loaded: &Loaded) -> Vec<(&'static str, u32, &str, &str, &str)> {
    loaded.documents[0].problems.iter().map(|problem| row(&loaded.tree, problem)).collect()
}

fn row<'a>(tree: &'a Tree, problem: &'a Problem) -> (&'static str, u32, &'a str, &'a str, &'a str) {
    let Span { start, .. } = problem.at.span;
    let line = tree.file().line_of(start);
    (problem.code, line, tree.file().slice(problem.at.span), &problem.message, &problem.help)
}
