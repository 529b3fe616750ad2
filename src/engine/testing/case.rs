//! Cases: small repositories and what policies have to say about them, as policy files and suites write
//! them down.

use crate::facts::Day;
use crate::finding::Spot;
use crate::policy::Policy;
use crate::value::{Data, NodeId, Tree};
use std::sync::Arc;

/// The day of cases that name none.
const TODAY: &str = "2026-06-01";

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
    pub files: Vec<(String, Vec<u8>)>,
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

/// The examples in a policy's own file.
pub fn examples(policy: &Arc<Policy>) -> Vec<Case> {
    let tree = &policy.tree;
    let list = tree.get(policy.root(), "examples").map(|n| tree.items(n)).unwrap_or_default();
    list.iter().map(|node| read(tree, *node, vec![Arc::clone(policy)], Vec::new())).collect()
}

/// Reads a case whose shape is known to be right. Its own files come over `files`.
pub fn read(tree: &Arc<Tree>, node: NodeId, policies: Vec<Arc<Policy>>, mut files: Vec<(String, Vec<u8>)>) -> Case {
    let own = tree.get(node, "files").map(|n| tree.entries(n)).unwrap_or_default();
    for entry in own {
        let path = tree.text(&entry.key);
        let text = tree.scalar_text(entry.value).unwrap_or_default().as_bytes().to_vec();
        files.retain(|(there, _)| there != path);
        files.push((path.to_owned(), text));
    }
    let today = text(tree, node, "today").and_then(|t| Day::parse(&t));
    Case {
        name: text(tree, node, "name").unwrap_or_default(),
        place: spot(tree, tree.get(node, "name").unwrap_or(node)),
        policies,
        files,
        config: tree.get(node, "config").map(|n| (tree.json(n).to_string(), spot(tree, n))),
        today: today.or_else(|| Day::parse(TODAY)).expect("the day is fixed"),
        expect: expect(tree, tree.get(node, "expect").unwrap_or(node)),
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
