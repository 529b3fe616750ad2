//! Kinds of documents: each is one JSON Schema whose `x-document` says how its documents are called
//! and found.

use super::json::TreeJson;
use super::layout::{Layout, Place};
use super::types::Types;
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// A kind of document.
pub struct Kind {
    /// The name in `kind:` and in policies, such as `impact-assessment`.
    pub id: Arc<str>,
    /// The name of the list of all documents of the kind in CEL, such as `impact_assessments`.
    pub plural: String,
    /// The name for people, such as `Impact assessment`.
    pub title: String,
    /// What such a document records, in a sentence or two.
    pub description: String,
    /// Where such documents lie by convention, from the root of the repository.
    pub globs: Vec<String>,
    /// Keys that together tell such a document by its content: each list is one sign, and all of its
    /// keys stand at the top level.
    pub probes: Vec<Vec<String>>,
    /// Whether others define the format: unknown fields are fine then, and an adapter reads it.
    pub foreign: bool,
    /// Where the schema comes from: `built-in`, or the path of the project's own schema file.
    pub origin: String,
    /// The text of a shipped schema, which is parsed when a document needs it; empty for an own one.
    pub(super) text: &'static str,
    pub(super) schema: OnceLock<Value>,
    pub(super) compiled: OnceLock<Compiled>,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kind").field("id", &self.id).field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// A schema made ready once for all documents of a kind.
pub(super) struct Compiled {
    pub layout: Layout,
    /// `None` for a schema that does not compile, which [`Kinds::add`](super::Kinds::add) never lets in.
    validator: OnceLock<Option<Validator<TreeJson>>>,
}

/// A top-level field of a kind, for help texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub name: String,
    /// The name for people; may be empty.
    pub title: String,
    /// What to write there; may be empty.
    pub description: String,
    /// Whether it must be there.
    pub required: bool,
    /// What may stand there in words, such as `text` or `a list of text`.
    pub type_name: String,
    /// The only values allowed, where the schema lists them.
    pub values: Vec<String>,
    /// Values as one would write them, in YAML.
    pub examples: Vec<String>,
    /// What holds when the field is absent.
    pub default: Option<String>,
}

impl Kind {
    /// The top-level fields in the order of the schema.
    pub fn fields(&self) -> Vec<Field> {
        let compiled = self.compiled();
        let root = compiled.layout.place(0);
        root.fields
            .iter()
            .map(|(name, at)| {
                let place = compiled.layout.place(*at);
                Field {
                    name: name.to_string(),
                    title: place.title.clone(),
                    description: place.description.clone(),
                    required: root.required.contains(name),
                    type_name: type_name(&compiled.layout, *at),
                    values: place.values.iter().map(shown).collect(),
                    examples: place.examples.iter().map(shown).collect(),
                    default: place.default.as_ref().map(shown),
                }
            })
            .collect()
    }

    /// The JSON Schema (draft 2020-12 unless it names another).
    pub fn schema(&self) -> &Value {
        self.schema
            .get_or_init(|| serde_json::from_str(self.text).expect("shipped schemas are JSON; a test reads them all"))
    }

    /// The schema made ready.
    pub(super) fn compiled(&self) -> &Compiled {
        let new = || Compiled { layout: Layout::new(self.schema()), validator: OnceLock::new() };
        self.compiled.get_or_init(new)
    }

    /// The validator, which is made when the first shape is checked.
    pub(super) fn validator(&self) -> Option<&Validator<TreeJson>> {
        self.compiled().validator.get_or_init(|| compile(self.schema()).ok()).as_ref()
    }

    /// Gives an own kind the validator that its schema was tried with.
    pub(super) fn set_validator(&self, validator: Validator<TreeJson>) {
        let _ = self.compiled().validator.set(Some(validator));
    }
}

/// Makes a validator, or says what is wrong and at which pointer of the schema.
pub(super) fn compile(schema: &Value) -> Result<Validator<TreeJson>, (String, String)> {
    jsonschema::options_for::<TreeJson>()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .offline()
        // A pattern of a project's own schema runs on text of strangers.
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(100_000).size_limit(1 << 20))
        .build(schema)
        .map_err(|error| (error.instance_path().to_string(), error.to_string()))
}

/// What may stand at a place, in words.
pub(super) fn type_name(layout: &Layout, at: usize) -> String {
    let place = layout.place(at);
    if place.types == Types::ALL {
        return "any value".to_owned();
    }
    if place.types == Types::TEXT && place.only_moments {
        return "a date".to_owned();
    }
    if place.types == Types::LIST
        && let Some(item) = layout.items(at).map(|item| layout.place(item))
        && item.types != Types::ALL
    {
        return format!("a list of {}", many(item));
    }
    place.types.words()
}

fn many(item: &Place) -> String {
    match item.types {
        Types::TEXT => "text".to_owned(),
        Types::MAP => "groups of named fields".to_owned(),
        Types::INT => "whole numbers".to_owned(),
        types if types == (Types::INT | Types::FRACTION) => "numbers".to_owned(),
        types => types.words(),
    }
}

/// A value as one would write it in YAML.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
