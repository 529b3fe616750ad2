//! Cases: small repositories and what policies have to say about them, as policy files and suites write
//! them down.

use crate::facts::{Day, PullRequest, Review, ReviewState, Reviews};
use crate::finding::Spot;
use crate::history::Script;
use crate::policy::Policy;
use crate::value::{Data, NodeId, Problem, Tree};
use std::sync::Arc;

/// The day of cases that name none.
const TODAY: &str = "2026-06-01";

/// Paths and bytes of files.
pub type TestFiles = Vec<(String, Vec<u8>)>;

/// A case.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// Where it stands.
    pub place: Spot,
    /// The policies that judge it.
    pub policies: Vec<Arc<Policy>>,
    /// Path and bytes of each file.
    pub files: TestFiles,
    /// Those of the version that it is compared with, where there is one.
    pub base: Option<TestFiles>,
    /// The pull request that it is part of.
    pub pull_request: Option<PullRequest>,
    /// The commits that led to it, where there are any.
    pub history: Option<Script>,
    /// What annexa.yaml says, and where that stands.
    pub config: Option<(String, Spot)>,
    /// The day it is judged on.
    pub today: Day,
    /// What is expected.
    pub expect: Expect,
}

/// What a case expects.
#[derive(Clone, Debug)]
pub enum Expect {
    /// One outcome everywhere.
    All(Expected),
    /// Single ones; what fails besides them is not expected.
    Each(Vec<Expected>),
}

/// One outcome that is expected. What is absent may be anything.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Where it stands.
    pub place: Spot,
    /// The outcome's name.
    pub outcome: String,
    /// The policy's id.
    pub policy: Option<String>,
    /// The subject's id or path.
    pub subject: Option<String>,
    /// The item.
    pub item: Option<String>,
    /// The validation that fails.
    pub validation: Option<String>,
    /// A piece of the message.
    pub message: Option<String>,
    /// Path and line of the main place, `soa.yaml:7`.
    pub at: Option<String>,
}

/// The examples in a policy's own file; what is wrong with them is added to `problems`.
pub fn examples(policy: &Arc<Policy>, problems: &mut Vec<Problem>) -> Vec<Case> {
    let tree = &policy.tree;
    let list = tree.get(policy.root(), "examples").map(|n| tree.items(n)).unwrap_or_default();
    list.iter().map(|node| read(tree, *node, vec![Arc::clone(policy)], Vec::new(), problems)).collect()
}

/// Reads a case whose shape is known to be right. Its own files come over `files`; what is wrong with it
/// is added to `problems`.
pub fn read(
    tree: &Arc<Tree>,
    node: NodeId,
    policies: Vec<Arc<Policy>>,
    mut files: TestFiles,
    problems: &mut Vec<Problem>,
) -> Case {
    lay_over(&mut files, tree, tree.get(node, "files"), problems);
    let base = tree.get(node, "base").map(|changes| {
        let mut base = files.clone();
        lay_over(&mut base, tree, Some(changes), problems);
        base
    });
    let today = text(tree, node, "today").and_then(|t| Day::parse(&t));
    let today = today.or_else(|| Day::parse(TODAY)).expect("the day is fixed");
    let history = tree.get(node, "history").and_then(|list| {
        let files = files.iter().map(|(path, bytes)| (path.as_str().into(), bytes.as_slice().into())).collect();
        Script::read(tree, list, &files, today, problems)
    });
    Case {
        name: text(tree, node, "name").unwrap_or_default(),
        place: spot(tree, tree.get(node, "name").unwrap_or(node)),
        policies,
        files,
        base,
        pull_request: tree.get(node, "pull_request").map(|n| pull_request(tree, n, today)),
        history,
        config: tree.get(node, "config").map(|n| (tree.json(n).to_string(), spot(tree, n))),
        today,
        expect: expect(tree, tree.get(node, "expect").unwrap_or(node)),
    }
}

/// Puts the files of a map over `files`; null takes one away.
fn lay_over(files: &mut TestFiles, tree: &Tree, map: Option<NodeId>, problems: &mut Vec<Problem>) {
    for entry in map.map(|n| tree.entries(n)).unwrap_or_default() {
        let path = tree.text(&entry.key);
        let before = files.len();
        files.retain(|(there, _)| there != path);
        let missing = files.len() == before;
        match tree.data(entry.value) {
            Data::Null if missing => {
                let message = format!("the case has no file `{path}`, so there is none to take away");
                let help = "Write a path of its `files`, or the text that the file had.";
                problems.push(Problem::new("no-such-file", entry.span, message, help));
            }
            Data::Null => {}
            _ => {
                let text = tree.scalar_text(entry.value).unwrap_or_default();
                files.push((path.to_owned(), text.as_bytes().to_vec()));
            }
        }
    }
}

fn pull_request(tree: &Tree, node: NodeId, today: Day) -> PullRequest {
    let flag = |at: NodeId, key: &str| matches!(tree.get(at, key).map(|n| tree.data(n)), Some(Data::Bool(true)));
    let items = |key: &str| tree.get(node, key).map(|n| tree.items(n)).unwrap_or_default();
    let review = |at: &NodeId| Review {
        by: text(tree, *at, "by").unwrap_or_default(),
        on: text(tree, *at, "on").and_then(|day| Day::parse(&day)).unwrap_or(today),
        state: text(tree, *at, "state").and_then(|s| ReviewState::named(&s)).unwrap_or(ReviewState::Commented),
        outdated: flag(*at, "outdated"),
    };
    PullRequest {
        number: text(tree, node, "number").and_then(|n| n.parse().ok()).unwrap_or(1),
        title: text(tree, node, "title").unwrap_or_default(),
        author: text(tree, node, "author").unwrap_or_default(),
        draft: flag(node, "draft"),
        labels: items("labels").iter().filter_map(|n| tree.scalar_text(*n).map(str::to_owned)).collect(),
        base_branch: text(tree, node, "base_branch").unwrap_or_else(|| "main".to_owned()),
        reviews: Reviews::Known(items("reviews").iter().map(review).collect()),
    }
}

fn expect(tree: &Arc<Tree>, node: NodeId) -> Expect {
    let expected = |at: NodeId, outcome: String| Expected {
        place: spot(tree, at),
        outcome,
        policy: text(tree, at, "policy"),
        subject: text(tree, at, "subject"),
        item: text(tree, at, "item"),
        validation: text(tree, at, "validation"),
        message: text(tree, at, "message"),
        at: text(tree, at, "at"),
    };
    match tree.data(node) {
        Data::List(_) => {
            let rows = tree.items(node).iter();
            Expect::Each(rows.map(|row| expected(*row, text(tree, *row, "outcome").unwrap_or_default())).collect())
        }
        _ => Expect::All(expected(node, tree.scalar_text(node).unwrap_or_default().to_owned())),
    }
}

fn spot(tree: &Tree, node: NodeId) -> Spot {
    Spot::new(tree.file(), crate::engine::place::span_of(tree, node))
}

fn text(tree: &Tree, at: NodeId, key: &str) -> Option<String> {
    tree.get(at, key).and_then(|n| tree.scalar_text(n)).map(str::to_owned)
}
