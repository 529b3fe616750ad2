//! Schemas of files that are no records: annexa.yaml and policies. They are read, typed and checked
//! exactly like documents.

use super::kind::Kind;
use super::{shape, typing};
use crate::source::SourceFile;
use crate::value::{Limits, Problem, Syntax, Tree, read};
use std::sync::{Arc, OnceLock};

/// A shipped schema.
pub struct Schema(Kind);

impl Schema {
    /// The schema in `schemas/<name>.schema.json`.
    ///
    /// # Panics
    /// When there is no such file: names are written in the code only.
    pub fn bundled(name: &str) -> Schema {
        let file = format!("{name}.schema.json");
        let (_, text) =
            crate::embedded::SCHEMAS.iter().find(|(path, _)| *path == file).expect("schemas are named in the code");
        Schema::new(name, text, OnceLock::new())
    }

    /// The schema of files that hold exactly `keys` of the maps that a shipped schema describes at the
    /// pointer `place`, so that a key means the same in both.
    ///
    /// # Panics
    /// When there is no such file, place or key: they are written in the code only.
    pub fn bundled_part(name: &str, place: &str, keys: &[&str]) -> Schema {
        let whole = Schema::bundled(name);
        let maps = whole.0.schema().pointer(place).expect("places are written in the code");
        let known = |key: &&str| ((*key).to_owned(), maps["properties"][key].clone());
        let properties: serde_json::Map<_, _> = keys.iter().map(known).collect();
        assert!(properties.values().all(serde_json::Value::is_object), "keys are written in the code");
        let schema = serde_json::json!({
            "type": "object", "required": keys, "properties": properties, "additionalProperties": false,
        });
        Schema::new(name, "", OnceLock::from(schema))
    }

    fn new(name: &str, text: &'static str, schema: OnceLock<serde_json::Value>) -> Schema {
        Schema(Kind {
            id: name.into(),
            plural: String::new(),
            title: String::new(),
            description: String::new(),
            globs: Vec::new(),
            probes: Vec::new(),
            foreign: false,
            origin: "built-in".to_owned(),
            text,
            schema,
            compiled: OnceLock::new(),
        })
    }

    /// Reads a YAML file of this shape: its tree with scalars typed, and everything wrong with its
    /// syntax. With `check` also everything wrong with the shape of its first document.
    pub fn read(&self, file: &Arc<SourceFile>, check: bool) -> (Arc<Tree>, Vec<Problem>) {
        let (mut tree, mut problems) = read(Arc::clone(file), Syntax::Yaml, &Limits::default());
        for root in tree.roots().to_vec() {
            typing::apply(&self.0.compiled().layout, &mut tree, root);
        }
        let tree = Arc::new(tree);
        if check && let Some(root) = tree.roots().first() {
            problems.extend(shape::check(&self.0, &tree, *root));
        }
        (tree, problems)
    }
}
