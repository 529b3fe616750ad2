//! Runs expressions in a small repository: the examples of the function table.

use super::super::bindings::Bound;
use super::super::cel::{Program, Scope, Value, traced};
use super::super::{Corpus, CorpusBuilder, deep, load, surroundings};
use crate::document::{Kinds, Recogniser};
use crate::facts::{Day, Globs, MemorySnapshot};
use crate::history::Past;
use std::sync::{Arc, LazyLock};

const FILES: [(&str, &str); 4] = [
    (
        "governance/ai-system.yaml",
        "kind: ai-system\nid: scoring\nname: Credit scoring\npurpose: Ranks applications for a loan officer.\nowner: Head of lending\nlifecycle:\n  stage: operation\n",
    ),
    ("governance/evaluation-report.yaml", "kind: evaluation-report\nid: scoring-2026\nsystem: scoring\n"),
    ("src/score.py", "def score(application):\n    return 0.5\n"),
    ("README.md", "# Credit scoring\n"),
];

/// The repository, as of 1 June 2026.
pub static REPOSITORY: LazyLock<Arc<Corpus>> = LazyLock::new(|| {
    let kinds = Kinds::bundled();
    let snapshot = MemorySnapshot::new(FILES);
    let recogniser = Recogniser::new(&kinds, &[]).expect("the shipped patterns are valid");
    let files = load(&snapshot, &kinds, &recogniser, &Globs::none(), &Globs::none());
    CorpusBuilder {
        snapshot: Arc::new(snapshot),
        today: Day::parse("2026-06-01").expect("a day"),
        kinds: Arc::new(kinds),
        documents: files.documents,
        files: Vec::new(),
        unread: Vec::new(),
        unreadable: Vec::new(),
        shared: Vec::new(),
        organization: None,
        base: None,
        pull_request: None,
        past: Past::none("it is made up"),
    }
    .build()
});

/// The value of an expression in the repository, its `doc` being the register entry.
///
/// # Errors
/// Why it has none.
pub(super) fn value(expression: &str) -> Result<Value, String> {
    deep(|| {
        let corpus = &*REPOSITORY;
        let program = Program::compile(expression).map_err(|mistake| mistake.message)?;
        let entry = corpus.of_kind("ai-system").next().ok_or("the repository has no register entry")?;
        let params = Value::Null.into_val();
        let bound = Bound::new(corpus, Some(corpus.view(entry)), Some(entry), None, params.as_ref());
        let path = corpus.documents()[entry].tree.file().path();
        let (value, trace) =
            surroundings::within(corpus, path, || traced(|| Scope::new(&bound, &[]).evaluate(&program)));
        match value {
            _ if trace.exhausted => Err("its budget is spent".to_owned()),
            Ok(value) => Ok(value),
            Err(stop) => Err(format!("{stop:?}")),
        }
    })
}

/// Runs an example, which must be true.
pub(super) fn run(example: &str) -> Result<(), String> {
    match value(example)? {
        Value::Bool(true) => Ok(()),
        other => Err(format!("`{example}` gives {other}")),
    }
}
