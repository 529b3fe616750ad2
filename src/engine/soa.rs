//! The Statement of Applicability decides what applies.

use super::Corpus;
use super::functions::is_placeholder;
use super::place::span_of;
use crate::catalogue;
use crate::finding::{Judgement, Outcome, Spot};
use crate::value::NodeId;
use std::collections::{HashMap, HashSet};

/// Which controls a statement excludes with a reason that nothing contradicts, and the row of each.
#[derive(Default)]
pub struct Exclusions {
    /// By document number of the statement: control id, the systems it is limited to, its row.
    by_statement: HashMap<usize, Vec<Row>>,
}

struct Row {
    control: String,
    systems: Vec<String>,
    spot: Spot,
}

impl Exclusions {
    /// Reads all statements; `contradictions` are the judgements of the policies that compare them
    /// with the repository.
    pub fn read(corpus: &Corpus, contradictions: &[Judgement]) -> Self {
        let contradicted: HashSet<(&str, String)> = contradictions
            .iter()
            .filter(|j| matches!(j.outcome, Outcome::Fail | Outcome::Unknown))
            .filter_map(|j| Some((&*j.subject.path, control_of(j.item.as_deref()?)?)))
            .collect();
        let by_statement = corpus
            .of_kind("soa")
            .map(|soa| {
                let rows = rows(corpus, soa);
                let path = corpus.documents()[soa].tree.file().path().to_owned();
                (soa, rows.into_iter().filter(|r| !contradicted.contains(&(&*path, r.control.clone()))).collect())
            })
            .collect();
        Exclusions { by_statement }
    }

    /// The row that takes a policy with these controls out of play for a document: every control
    /// must be excluded. Gives the first one's row.
    pub fn covering(&self, corpus: &Corpus, document: usize, controls: &[String]) -> Option<(&Spot, &str)> {
        let rows = self.by_statement.get(&corpus.soa_of(document)?)?;
        let system = corpus.system(document);
        let row = |control: &String| {
            let fits = |r: &&Row| {
                r.control == *control
                    && (r.systems.is_empty() || system.is_some_and(|s| r.systems.iter().any(|x| x == s)))
            };
            rows.iter().find(fits)
        };
        let found: Option<Vec<&Row>> = controls.iter().map(row).collect();
        found?.first().map(|row| (&row.spot, row.control.as_str()))
    }
}

/// The control that an item is about, however its row spells it; a second row of a name is counted.
fn control_of(item: &str) -> Option<String> {
    catalogue::normalise(item.split('#').next().unwrap_or(item))
}

fn rows(corpus: &Corpus, soa: usize) -> Vec<Row> {
    let document = &corpus.documents()[soa];
    let tree = &document.tree;
    let rows = tree.get(document.root, "controls").map(|n| tree.items(n)).unwrap_or_default();
    let texts = |node: NodeId| -> Vec<String> {
        let items = tree.get(node, "systems").map(|n| tree.items(n)).unwrap_or_default();
        items.iter().filter_map(|n| tree.scalar_text(*n)).map(str::to_owned).collect()
    };
    // A row that names none is for those that the statement is for.
    let all = texts(document.root);
    let read = |row: &NodeId| {
        let applicable = tree.get(*row, "applicable").map(|n| tree.data(n).clone());
        if applicable != Some(crate::value::Data::Bool(false)) {
            return None;
        }
        let reason = tree.str_at(*row, &["justification"]).unwrap_or_default();
        if is_placeholder(reason) {
            return None;
        }
        let node = tree.get(*row, "control")?;
        let control = catalogue::normalise(tree.scalar_text(node)?)?;
        let own = texts(*row);
        let systems = if own.is_empty() { all.clone() } else { own };
        Some(Row { control, systems, spot: Spot::new(tree.file(), span_of(tree, node)) })
    };
    rows.iter().filter_map(read).collect()
}
