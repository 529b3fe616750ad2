//! The cells of the matrix: the shipped ones, and those that a team puts in their place.

use crate::app::failure::Failure;
use crate::document::{Document, Kinds, Recogniser, closest, did_you_mean, load};
use crate::embedded::POLICIES;
use crate::policy::{MATRIX, Policy};
use crate::source::SourceFile;
use crate::value::{Data, Limits, NodeId, Tree};
use std::sync::Arc;

/// The stages in their order. `continuous-validation` is a way to be in operation.
pub const STAGES: [&str; 7] =
    ["inception", "design", "verification", "deployment", "operation", "re-evaluation", "retirement"];

/// The activities in their order.
pub const ACTIVITIES: [&str; 5] = ["identification", "analysis", "evaluation", "treatment", "monitoring"];

/// The kind of a matrix.
const KIND: &str = "lifecycle-matrix";

/// One activity at one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The stage.
    pub stage: String,
    /// The activity.
    pub activity: String,
    /// What is written down.
    pub record: String,
    /// Kinds of record that hold it.
    pub kinds: Vec<String>,
    /// What has to hold.
    pub gate: String,
    /// What the history has to show.
    pub history: String,
    /// The policies that decide it.
    pub policies: Vec<String>,
    /// Days that a record stays fresh; `None` where once is enough.
    pub fresh_days: Option<u32>,
}

/// The cells in the order of stages and activities.
///
/// # Errors
/// When a cell of the repository names a policy that there is not.
pub fn cells(documents: &[Document], policies: &[Arc<Policy>]) -> Result<Vec<Cell>, Failure> {
    let mut cells = shipped();
    for matrix in documents.iter().filter(|document| &*document.kind.id == KIND) {
        for (node, own) in read(&matrix.tree, matrix.root) {
            known(&own, matrix, node, policies)?;
            match cells.iter_mut().find(|cell| cell.stage == own.stage && cell.activity == own.activity) {
                Some(cell) => *cell = own,
                None => cells.push(own),
            }
        }
    }
    let place = |list: &[&str], name: &str| list.iter().position(|each| *each == name);
    cells.sort_by_key(|cell| (place(&STAGES, &cell.stage), place(&ACTIVITIES, &cell.activity)));
    Ok(cells)
}

/// The cells that annexa brings.
pub fn shipped() -> Vec<Cell> {
    let (path, text) = POLICIES.iter().find(|(path, _)| path.ends_with(MATRIX)).expect("the matrix is shipped");
    let file = Arc::new(SourceFile::new(*path, text.as_bytes().to_vec()));
    let kinds = Kinds::bundled();
    let recogniser = Recogniser::new(&kinds, &[]).expect("nothing is configured");
    let loaded = load(&kinds, &recogniser, file, &Limits::default()).expect("the matrix is a record");
    loaded.documents.iter().flat_map(|document| read(&document.tree, document.root)).map(|(_, cell)| cell).collect()
}

fn read(tree: &Tree, root: NodeId) -> Vec<(NodeId, Cell)> {
    let rows = tree.get(root, "cells").map(|list| tree.items(list)).unwrap_or_default();
    rows.iter().filter_map(|row| Some((*row, one(tree, *row)?))).collect()
}

fn one(tree: &Tree, row: NodeId) -> Option<Cell> {
    let (stage, activity) = tree.str_at(row, &["cell"])?.split_once('.')?;
    if !STAGES.contains(&stage) || !ACTIVITIES.contains(&activity) {
        return None;
    }
    let text = |key: &str| tree.str_at(row, &[key]).unwrap_or_default().to_owned();
    let texts = |key: &str| -> Vec<String> {
        let items = tree.get(row, key).map(|list| tree.items(list)).unwrap_or_default();
        items.iter().filter_map(|item| tree.scalar_text(*item)).map(str::to_owned).collect()
    };
    let days = tree.get(row, "fresh_days").and_then(|node| match tree.data(node) {
        Data::Int(days) => u32::try_from(*days).ok(),
        Data::Float(days) if *days >= 1.0 && *days <= f64::from(u32::MAX) => Some(*days as u32),
        _ => None,
    });
    Some(Cell {
        stage: stage.to_owned(),
        activity: activity.to_owned(),
        record: text("record"),
        kinds: texts("kinds"),
        gate: text("gate"),
        history: text("git"),
        policies: texts("policies"),
        fresh_days: days,
    })
}

fn known(cell: &Cell, matrix: &Document, node: NodeId, policies: &[Arc<Policy>]) -> Result<(), Failure> {
    let ids = || policies.iter().map(|policy| policy.id());
    let Some(unknown) = cell.policies.iter().find(|id| ids().all(|known| known != id.as_str())) else { return Ok(()) };
    let file = matrix.tree.file();
    let line = file.place(matrix.tree.head(node)).line;
    let help = did_you_mean(closest(unknown, ids()), "`annexa list` shows the policies.");
    let message = format_args!(
        "{}:{line}: the cell {}.{} is decided by `{}`, and no policy is called so",
        file.path(),
        cell.stage,
        cell.activity,
        crate::source::plain(unknown)
    )
    .to_string();
    Err(Failure::usage(message, help))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::bundled;
    use std::collections::BTreeSet;

    #[test]
    fn the_shipped_matrix_is_whole() {
        let cells = shipped();
        let names: Vec<String> = cells.iter().map(|cell| format!("{}.{}", cell.stage, cell.activity)).collect();
        let expected: Vec<String> = STAGES
            .iter()
            .flat_map(|stage| ACTIVITIES.iter().map(move |activity| format!("{stage}.{activity}")))
            .collect();
        assert_eq!(names, expected, "35 cells in their order, none twice");
        let kinds = Kinds::bundled();
        for cell in &cells {
            let name = format!("{}.{}", cell.stage, cell.activity);
            assert!(!cell.record.is_empty() && !cell.gate.is_empty() && !cell.history.is_empty(), "{name}");
            assert!(!cell.policies.is_empty() && !cell.kinds.is_empty(), "{name}");
            let unknown: Vec<_> = cell.policies.iter().filter(|id| bundled().iter().all(|p| p.id() != **id)).collect();
            assert_eq!(unknown, Vec::<&String>::new(), "{name} names policies that there are not");
            assert!(cell.kinds.iter().all(|kind| kinds.get(kind).is_some()), "{name} names kinds that there are not");
            let distinct: BTreeSet<_> = cell.policies.iter().collect();
            assert_eq!(distinct.len(), cell.policies.len(), "{name} names a policy twice");
        }
    }
}
