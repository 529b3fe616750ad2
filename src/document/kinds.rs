//! The table of kinds: the shipped ones and a project's own.

use super::kind::{Kind, compile};
use super::suggest::closest;
use crate::source::{SourceFile, Span};
use crate::value::{Data, Limits, NodeId, Problem, Syntax, Tree, read};
use serde_json::{Map, Number, Value};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// Names that policies use for other things, and words of CEL.
const TAKEN: &[&str] = &[
    "doc",
    "item",
    "base",
    "organization",
    "pr",
    "now",
    "today",
    "params",
    "variables",
    "soa",
    "true",
    "false",
    "null",
    "in",
    "has",
    "size",
    "type",
    "file",
    "glob",
    "lookup",
    // Functions stand in namespaces of these names: `sets.contains(a, b)`.
    "base64",
    "lists",
    "math",
    "optional",
    "regex",
    "sets",
    "strings",
];

/// All kinds in a fixed order: the shipped ones by file name, then a project's own as added.
#[derive(Clone, Default)]
pub struct Kinds {
    list: Vec<Arc<Kind>>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Kinds {
    /// The shipped kinds.
    pub fn bundled() -> Kinds {
        let mut kinds = Kinds::default();
        for (path, text) in crate::embedded::SCHEMAS {
            // What a schema says beside its names is read when a document needs it.
            let head: Head = serde_json::from_str(text).expect("shipped schemas are JSON; a test reads them all");
            if let Some(kind) = head.describe("built-in", text) {
                debug_assert!(kinds.get(&kind.id).is_none(), "{path}: two shipped kinds are called {}", kind.id);
                kinds.push(kind);
            }
        }
        kinds
    }

    /// Adds the kind of a project's own schema file (JSON or YAML).
    ///
    /// # Errors
    /// All that is wrong with the file, each at its place: syntax, a missing or doubled id or plural,
    /// a schema that is none, a reference out of the file.
    pub fn add(&mut self, file: &Arc<SourceFile>) -> Result<(), Vec<Problem>> {
        let syntax = match Syntax::of(file.path()) {
            Some(syntax @ (Syntax::Json | Syntax::Yaml)) => syntax,
            _ => {
                return Err(vec![Problem::new(
                    "schema-syntax",
                    Span::at(0),
                    "a schema file is JSON or YAML, and this name says otherwise",
                    "Rename the file to end in `.schema.json`, or leave it out of `schemas`.",
                )]);
            }
        };
        let (tree, mut problems) = read(Arc::clone(file), syntax, &Limits::default());
        let Some(&root) = tree.roots().first() else {
            if problems.is_empty() {
                problems.push(Problem::new(
                    "empty-schema",
                    Span::at(0),
                    "the schema file is empty",
                    "Write the schema, or leave the file out of `schemas`.",
                ));
            }
            return Err(problems);
        };
        self.check_names(&tree, root, &mut problems);
        remote_references(&tree, root, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let schema = to_json(&tree, root);
        let validator = compile(&schema).map_err(|(pointer, message)| vec![misfit(&tree, root, &pointer, &message)])?;
        let head: Head = serde_json::from_value(schema.clone()).unwrap_or_default();
        let mut kind = head.describe(file.path(), "").expect("id and plural were checked above");
        kind.schema = OnceLock::from(schema);
        kind.set_validator(validator);
        self.push(kind);
        Ok(())
    }

    /// The kind of that id.
    pub fn get(&self, id: &str) -> Option<&Arc<Kind>> {
        self.by_id.get(id).map(|at| &self.list[*at])
    }

    /// All kinds in their order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.list.iter()
    }

    /// The id that a misspelt one most likely stands for.
    pub fn closest(&self, id: &str) -> Option<&str> {
        closest(id, self.list.iter().map(|kind| &*kind.id))
    }

    fn push(&mut self, kind: Kind) {
        self.by_id.insert(Arc::clone(&kind.id), self.list.len());
        self.list.push(Arc::new(kind));
    }

    fn check_names(&self, tree: &Tree, root: NodeId, problems: &mut Vec<Problem>) {
        if let Some(entry) = tree.get(root, "properties").and_then(|properties| tree.entry(properties, "history")) {
            let message =
                "policies know the git history of a document as `history`, so no policy could read this field";
            problems.push(Problem::new("reserved-name", entry.span, message, "Give the field another name."));
        }
        let Some(about) = tree.get(root, "x-document") else {
            problems.push(
                Problem::new(
                    "missing-field",
                    tree.head(root),
                    "the schema has no `x-document`, so no document can be of its kind",
                    "Add `x-document` with at least `id` and `plural`, for example `{id: bias-audit, plural: bias_audits}`.",
                )
                .on(root)
                .item("/x-document"),
            );
            return;
        };
        for (key, example, valid) in
            [("id", "bias-audit", is_id as fn(&str) -> bool), ("plural", "bias_audits", is_name)]
        {
            let Some(node) = tree.get(about, key) else {
                problems.push(
                    Problem::new(
                        "missing-field",
                        tree.head(about),
                        format!("`x-document` has no `{key}`"),
                        format!("Add `{key}`, for example `{key}: {example}`."),
                    )
                    .on(about)
                    .item(format!("/x-document/{key}")),
                );
                continue;
            };
            let at = |code, message: String, help: String| {
                Problem::new(code, tree.node(node).span, message, help).on(node).item(format!("/x-document/{key}"))
            };
            let text = tree.as_str(node).unwrap_or_default();
            if !valid(text) {
                let help = format!("Use lower-case letters and digits, as in `{example}`.");
                problems.push(at("malformed", format!("this `{key}` is no name that policies can use"), help));
            } else if let Some(other) =
                self.iter().find(|k| if key == "id" { &*k.id == text } else { k.plural == text })
            {
                problems.push(at(
                    "taken-name",
                    format!("the {key} `{text}` exists already: {} ({})", other.title, other.origin),
                    "Choose a name that no other kind has.".to_owned(),
                ));
            } else if key == "plural" && TAKEN.contains(&text) {
                problems.push(at(
                    "taken-name",
                    format!("`{text}` is a word of the policy language, so no list of documents can be called that"),
                    format!("Choose another plural, as in `{example}`."),
                ));
            }
        }
    }
}

/// What a schema says of its kind before its fields.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Head {
    title: Value,
    description: Value,
    #[serde(rename = "x-document")]
    about: Value,
}

impl Head {
    /// The kind that a schema describes; `None` where it describes no kind of document.
    fn describe(self, origin: &str, text: &'static str) -> Option<Kind> {
        let Head { title, description, about } = self;
        let own = |key: &str| about.get(key).and_then(Value::as_str);
        let words = |key: &str, beside: &Value| own(key).or(beside.as_str()).map(str::to_owned);
        let id: Arc<str> = own("id")?.into();
        Some(Kind {
            plural: own("plural")?.to_owned(),
            title: words("title", &title).unwrap_or_else(|| id.to_string()),
            description: words("description", &description).unwrap_or_default(),
            globs: texts(about.get("globs")),
            probes: about.get("probes").and_then(Value::as_array).map_or(Vec::new(), |probes| {
                probes.iter().map(|probe| texts(Some(probe))).filter(|probe| !probe.is_empty()).collect()
            }),
            foreign: about.get("foreign").and_then(Value::as_bool).unwrap_or(false),
            origin: origin.to_owned(),
            id,
            text,
            schema: OnceLock::new(),
            compiled: OnceLock::new(),
        })
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

fn is_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Finds references that leave the file: they would need the network or other files.
fn remote_references(tree: &Tree, root: NodeId, problems: &mut Vec<Problem>) {
    let mut waiting = vec![root];
    let mut seen = vec![false; tree.len()];
    while let Some(id) = waiting.pop() {
        let id = tree.resolve(id);
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        waiting.extend_from_slice(tree.items(id));
        for entry in tree.entries(id) {
            waiting.push(entry.value);
            if tree.text(&entry.key) == "$ref"
                && let Some(target) = tree.as_str(entry.value)
                && !target.starts_with('#')
            {
                problems.push(
                    Problem::new(
                        "remote-reference",
                        tree.node(entry.value).span,
                        format!("`$ref` points out of this file, to `{target}`, and schemas are never fetched"),
                        "Copy what it refers to under `$defs` of this file and refer to it as `#/$defs/<name>`.",
                    )
                    .on(entry.value)
                    .item(tree.pointer(root, entry.value)),
                );
            }
        }
    }
    problems.sort_by_key(|problem| problem.at.span);
}

fn misfit(tree: &Tree, root: NodeId, pointer: &str, message: &str) -> Problem {
    let node = super::shape::walk(tree, root, pointer).last().map_or(root, |(_, node)| *node);
    Problem::new(
        "invalid-schema",
        if node == root { tree.head(root) } else { tree.node(node).span },
        format!("this is no valid JSON Schema: {message}"),
        "Mend the schema; its keywords are those of JSON Schema draft 2020-12.",
    )
    .on(node)
    .item(pointer)
}

fn to_json(tree: &Tree, id: NodeId) -> Value {
    match tree.data(id) {
        Data::Null | Data::Alias(_) => Value::Null,
        Data::Bool(value) => Value::Bool(*value),
        Data::Int(number) => Value::from(*number),
        Data::Float(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
        Data::Text(text) | Data::Time(text, _) => Value::String(tree.text(text).to_owned()),
        Data::List(_) => tree.items(id).iter().map(|item| to_json(tree, *item)).collect(),
        Data::Map(_) => Value::Object(
            tree.entries(id)
                .iter()
                .map(|entry| (tree.text(&entry.key).to_owned(), to_json(tree, entry.value)))
                .collect::<Map<_, _>>(),
        ),
    }
}
