//! Runs expressions in a small repository: the examples of the function table.

use super::super::base::Base;
use super::super::bindings::Bound;
use super::super::cel::{Program, Scope, Value, traced};
use super::super::{Corpus, CorpusBuilder, deep, load, surroundings};
use crate::document::{Kinds, Recogniser};
use crate::facts::{Day, Globs, History, MemorySnapshot};
use crate::history::{Log, MadeCommit, MemoryObjects, Past};
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
    let read = |snapshot: &MemorySnapshot| load(snapshot, &kinds, &recogniser, &Globs::none(), &Globs::none());
    let files = read(&snapshot);
    let earlier = MemorySnapshot::new(FILES.map(|(path, text)| (path, text.replace("a loan officer", "nobody"))));
    let before = read(&earlier);
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
        base: Some(Ok((Base { snapshot: Arc::new(earlier), commit: "base".to_owned() }, before))),
        pull_request: None,
        past: history(),
        people: Vec::new(),
    }
    .build()
});

/// Two commits: the release, and a change of the code after it.
fn history() -> Past {
    let files = |code: &str| {
        let file = |(path, text): &(&str, &str)| ((*path).to_owned(), text.replace("0.5", code).into_bytes());
        FILES.iter().map(file).collect()
    };
    let ana = ("Ana Ruiz".to_owned(), "ana@example.org".to_owned());
    let commit = |day: &str, code: &str, message: &str| {
        let seconds = Day::parse(day).expect("a day").seconds();
        MadeCommit {
            files: files(code),
            author: ana.clone(),
            committer: ana.clone(),
            times: (seconds, seconds),
            message: message.to_owned(),
            ..MadeCommit::default()
        }
    };
    let first = MadeCommit { tags: vec!["v1.0.0".to_owned()], ..commit("2026-03-01", "0.4", "Register the system") };
    let second = MadeCommit { parents: vec![0], ..commit("2026-05-04", "0.5", "Tune the score") };
    let objects = MemoryObjects::new(&[first, second]);
    let head = *objects.ids().last().expect("there are two");
    let state = History::Full { head: head.to_string() };
    Past { state, log: Some(Arc::new(Log::new(Arc::new(objects), head, ""))), adopted_at: None }
}

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
