//! The `history.yaml` of an example: the day to judge it by, and the commits that made it. Both are
//! written as in a case of a policy.

use super::HISTORY;
use crate::document::Schema;
use crate::facts::Day;
use crate::history::{Files, Script};
use crate::source::{SourceFile, Span};
use crate::value::{Problem, Tree};
use std::sync::{Arc, LazyLock};

/// A case has the same keys.
static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::bundled_part("policy-test", "/properties/cases/items", &["today", "history"]));

/// The commits of an example.
#[derive(Clone, Debug)]
pub struct ExampleHistory {
    /// The day to judge the example by.
    pub today: Day,
    /// The commits; after the last one the files are those of the example.
    pub script: Script,
}

/// Something wrong in a `history.yaml`, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryProblem {
    /// Line from 1.
    pub line: u32,
    /// Column from 1, in characters.
    pub column: u32,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for HistoryProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{HISTORY}:{}:{}: {}", self.line, self.column, self.message)
    }
}

impl ExampleHistory {
    /// Reads the text of the `history.yaml` of an example with `files`.
    ///
    /// # Errors
    /// With everything that is wrong in it, in its order.
    pub fn parse(text: &str, files: &Files) -> Result<ExampleHistory, Vec<HistoryProblem>> {
        let file = Arc::new(SourceFile::new(HISTORY, text.as_bytes().to_vec()));
        let (tree, mut problems) = SCHEMA.read(&file, true);
        let history = match tree.roots() {
            [_] if !problems.is_empty() => None,
            [root] => {
                let text = tree.get(*root, "today").and_then(|today| tree.scalar_text(today)).unwrap_or_default();
                let today = Day::parse(text);
                let list = tree.get(*root, "history").unwrap_or(*root);
                today.and_then(|today| {
                    let script = Script::read(&tree, list, files, today, &mut problems)?;
                    differences(&script, files, tree.head(list), &mut problems);
                    Some(ExampleHistory { today, script })
                })
            }
            [] => {
                let help = "Write `today` and `history` with a commit.";
                problems.push(Problem::new("no-history", Span::at(0), "it is empty", help));
                None
            }
            [_, second, ..] => {
                let at = tree.head(*second);
                problems.push(Problem::new(
                    "second-history",
                    at,
                    "it holds a second document",
                    "Put all into the first.",
                ));
                None
            }
        };
        match history {
            Some(history) if problems.is_empty() => Ok(history),
            _ => Err(placed(&tree, problems)),
        }
    }
}

/// The last commit is the example.
fn differences(script: &Script, files: &Files, at: Span, problems: &mut Vec<Problem>) {
    let nothing = Files::new();
    let end = script.steps.last().map_or(&nothing, |step| &step.files);
    let paths = |of: &Files, wanted: &dyn Fn(&str) -> bool| {
        let paths: Vec<&str> = of.keys().map(AsRef::as_ref).filter(|path| wanted(path)).collect();
        paths.join(", ")
    };
    let never_added = paths(files, &|path| !end.contains_key(path));
    let never_removed = paths(end, &|path| !files.contains_key(path));
    let earlier = paths(end, &|path| files.get(path).is_some_and(|text| end.get(path) != Some(text)));
    for (what, paths) in
        [("never added", never_added), ("never removed", never_removed), ("left with an earlier text", earlier)]
    {
        if !paths.is_empty() {
            let message = format!("after the last commit the repository is not the example; {what}: {paths}");
            problems.push(Problem::new("not-the-example", at, message, "Add it to a commit."));
        }
    }
}

fn placed(tree: &Tree, problems: Vec<Problem>) -> Vec<HistoryProblem> {
    let mut placed: Vec<HistoryProblem> = problems
        .into_iter()
        .map(|problem| {
            let place = tree.file().place(problem.at.span);
            let message = format!("{}. {}", problem.message, problem.help);
            HistoryProblem { line: place.line, column: place.column, message }
        })
        .collect();
    placed.sort_by_key(|problem| (problem.line, problem.column));
    placed
}
