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
            schema: OnceLock::new(),
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
