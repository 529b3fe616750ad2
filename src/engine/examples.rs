//! The examples that stand in policy files: small repositories and what the policy has to say.

use super::run::{Choice, Input, run};
use super::setup::{Sources, set_up};
use crate::config::FILE_NAME;
use crate::facts::{Day, History, MemorySnapshot};
use crate::finding::{Judgement, Outcome};
use crate::policy::Policy;
use crate::source::SourceFile;
use crate::value::{Data, NodeId, Tree};
use std::sync::Arc;

/// The day of examples that name none.
const TODAY: &str = "2026-06-01";

/// One outcome that an example expects. What is absent may be anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The outcome's name.
    pub outcome: String,
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

/// An example.
#[derive(Clone, Debug)]
pub struct Example {
    /// What it is about.
    pub name: String,
    /// Where it stands in the policy file.
    pub node: NodeId,
    files: Vec<(String, String)>,
    config: Option<String>,
    today: Day,
    expected: Vec<Expected>,
    /// All judgements have this outcome, instead of the list.
    overall: Option<String>,
}

/// The examples of a policy.
pub fn examples(policy: &Policy) -> Vec<Example> {
    let tree = &policy.tree;
    let list = tree.get(policy.root(), "examples").map(|n| tree.items(n)).unwrap_or_default();
    list.iter().map(|node| example(tree, *node)).collect()
}

fn example(tree: &Tree, node: NodeId) -> Example {
    let text = |at: NodeId, key: &str| tree.get(at, key).and_then(|n| tree.scalar_text(n)).map(str::to_owned);
    let files = tree.get(node, "files").map(|n| tree.entries(n)).unwrap_or_default();
    let expect = tree.get(node, "expect");
    let expected = expect.map(|n| tree.items(n)).unwrap_or_default().iter().map(|row| Expected {
        outcome: text(*row, "outcome").unwrap_or_default(),
        subject: text(*row, "subject"),
        item: text(*row, "item"),
        validation: text(*row, "validation"),
        message: text(*row, "message"),
        at: text(*row, "at"),
    });
    Example {
        name: text(node, "name").unwrap_or_default(),
        node,
        files: files
            .iter()
            .map(|e| (tree.text(&e.key).to_owned(), tree.scalar_text(e.value).unwrap_or_default().to_owned()))
            .collect(),
        config: tree.get(node, "config").map(|n| json(tree, n).to_string()),
        today: text(node, "today")
            .and_then(|t| Day::parse(&t))
            .or_else(|| Day::parse(TODAY))
            .expect("the day is fixed"),
        overall: expect.and_then(|n| tree.scalar_text(n)).map(str::to_owned),
        expected: expected.collect(),
    }
}

/// A part of a policy file as JSON, which is YAML too.
fn json(tree: &Tree, node: NodeId) -> serde_json::Value {
    match tree.data(node) {
        Data::Map(_) => {
            tree.entries(node).iter().map(|e| (tree.text(&e.key).to_owned(), json(tree, e.value))).collect()
        }
        Data::List(_) => tree.items(node).iter().map(|n| json(tree, *n)).collect(),
        Data::Bool(b) => (*b).into(),
        Data::Int(i) => (*i).into(),
        Data::Float(f) => (*f).into(),
        _ => tree.as_str(node).into(),
    }
}

/// Runs an example with its policy alone; what is not as expected, one line each.
pub fn run_example(policy: &Arc<Policy>, example: &Example) -> Vec<String> {
    let shipped = [Arc::clone(policy)];
    let snapshot = MemorySnapshot::new(example.files.iter().map(|(p, t)| (p.clone(), t.clone())));
    let config = example.config.as_ref().map(|text| Arc::new(SourceFile::new(FILE_NAME, text.clone().into_bytes())));
    let setup = match set_up(Sources { snapshot: &snapshot, config: config.as_ref(), shipped: &shipped }) {
        Ok(setup) => setup,
        Err(faulty) => {
            return faulty
                .iter()
                .flat_map(|f| f.problems.iter().map(|p| format!("{}: {}", f.file.path(), p.message)))
                .collect();
        }
    };
    let report = run(Input {
        snapshot: Arc::new(snapshot),
        setup,
        today: example.today,
        history: History::None("an example has none".to_owned()),
        adopted_at: None,
        shared: None,
        choice: Choice::default(),
        below: None,
    });
    let own: Vec<&Judgement> = report.judgements.iter().filter(|j| report.rule(j).id == policy.id()).collect();
    let mut wrong = Vec::new();
    let broken = report.judgements.iter().filter(|j| report.rule(j).origin == "built-in" && j.outcome == Outcome::Fail);
    wrong.extend(broken.map(|j| format!("the example's own file is not in order: {}", described(j))));
    wrong.extend(differences(example, &own));
    wrong
}

fn differences(example: &Example, judged: &[&Judgement]) -> Vec<String> {
    if let Some(overall) = &example.overall {
        if judged.is_empty() {
            return vec![format!("expected {overall}, and the policy met no subject")];
        }
        let odd = |j: &&&Judgement| match overall.as_str() {
            // One failing item makes the example fail; a pass may have items that do not apply.
            "pass" => !matches!(j.outcome, Outcome::Pass | Outcome::NotApplicable),
            "fail" => false,
            other => j.outcome.name() != other,
        };
        let mut wrong: Vec<String> =
            judged.iter().filter(odd).map(|j| format!("expected {overall}: {}", described(j))).collect();
        if judged.iter().all(|j| j.outcome.name() != overall) && wrong.is_empty() {
            wrong.extend(judged.iter().map(|j| format!("expected {overall}: {}", described(j))));
        }
        return wrong;
    }
    let mut wrong = Vec::new();
    let mut left: Vec<&&Judgement> = judged.iter().collect();
    for expected in &example.expected {
        match left.iter().position(|j| expected.fits(j)) {
            Some(at) => {
                left.remove(at);
            }
            None => wrong.push(format!("expected {expected}")),
        }
    }
    let unexpected = left.into_iter().filter(|j| !matches!(j.outcome, Outcome::Pass | Outcome::NotApplicable));
    wrong.extend(unexpected.map(|j| format!("not expected: {}", described(j))));
    if !wrong.is_empty() {
        wrong.extend(judged.iter().map(|j| format!("  there is: {}", described(j))));
    }
    wrong
}

fn main_place(judgement: &Judgement) -> String {
    judgement.places.first().map(|s| format!("{}:{}", s.file.path(), s.place().line)).unwrap_or_default()
}

fn described(judgement: &Judgement) -> String {
    let item = judgement.item.as_ref().map(|i| format!(" [{i}]")).unwrap_or_default();
    let validation = judgement.validation.as_ref().map(|v| format!(" {v}")).unwrap_or_default();
    let (outcome, subject) = (judgement.outcome.name(), &judgement.subject.id);
    format!("{outcome} on `{subject}`{item}{validation} at {}: {}", main_place(judgement), judgement.message)
}

impl Expected {
    fn fits(&self, judgement: &Judgement) -> bool {
        let is = |wanted: &Option<String>, got: Option<&str>| wanted.as_deref().is_none_or(|w| Some(w) == got);
        self.outcome == judgement.outcome.name()
            && (is(&self.subject, Some(&judgement.subject.id)) || is(&self.subject, Some(&judgement.subject.path)))
            && is(&self.item, judgement.item.as_deref())
            && is(&self.validation, judgement.validation.as_deref())
            && self.message.as_deref().is_none_or(|m| judgement.message.contains(m))
            && self.at.as_deref().is_none_or(|at| at == main_place(judgement))
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.outcome)?;
        for (word, value) in [
            ("on", &self.subject),
            ("item", &self.item),
            ("validation", &self.validation),
            ("at", &self.at),
            ("saying", &self.message),
        ] {
            if let Some(value) = value {
                write!(f, " {word} `{value}`")?;
            }
        }
        Ok(())
    }
}
