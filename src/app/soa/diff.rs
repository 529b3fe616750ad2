//! `annexa soa diff`: which decisions and reasons changed since another version.

use super::{KIND, all_of_kind, is_below, none};
use crate::app::console::Console;
use crate::app::failure::Failure;
use crate::app::tables::{open, outputs, write};
use crate::catalogue::control;
use crate::cli::SoaDiffArgs;
use crate::document::{Decision, Document, decisions};
use crate::engine;
use crate::report::sheet::{Column, Sheet, Sheets};
use std::collections::BTreeSet;

const fn column(key: &'static str, title: &'static str, share: usize) -> Column {
    Column { key, title, share, shown: true }
}

const COLUMNS: [Column; 5] = [
    column("control", "control", 0),
    column("title", "title", 2),
    column("field", "what", 0),
    column("before", "before", 3),
    column("after", "now", 3),
];

/// Runs the command.
pub fn run(args: &SoaDiffArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = outputs(&args.shown)?;
    let sheets = engine::deep(|| {
        let project = open(&args.path, None)?;
        // Both sides are read whole, so that one that moved is found, and narrowed when they are paired.
        let earlier = open(&project.root.path, Some(&args.base))?;
        let (now, before) = (all_of_kind(&project, KIND), all_of_kind(&earlier, KIND));
        let sheets = sheets(&args.base, &before, &now, &|document| is_below(&project, document));
        if sheets.is_empty() { Err(none()) } else { Ok(sheets) }
    })?;
    write(&outputs, &Sheets(sheets), &args.shown, console)
}

/// A table for each statement of either side that is wanted.
fn sheets(base: &str, before: &[Document], now: &[Document], wanted: &dyn Fn(&Document) -> bool) -> Vec<Sheet> {
    let pairs = now.iter().map(|document| (before.iter().find(|other| same(document, other)), Some(document)));
    let gone = before.iter().filter(|document| now.iter().all(|other| !same(document, other)));
    let pairs = pairs.chain(gone.map(|document| (Some(document), None)));
    let wanted = pairs.filter(|(before, now)| before.iter().chain(now).any(|document| wanted(document)));
    wanted.map(|(before, now)| sheet(base, before, now)).collect()
}

/// Whether two documents are versions of one statement: by their id, else by their path.
fn same(one: &Document, other: &Document) -> bool {
    match (&one.id, &other.id) {
        (Some(one), Some(other)) => one == other,
        _ => one.tree.file().path() == other.tree.file().path(),
    }
}

fn sheet(base: &str, before: Option<&Document>, now: Option<&Document>) -> Sheet {
    let rows = |document: Option<&Document>| document.map(decisions).unwrap_or_default();
    let (old, new) = (rows(before), rows(now));
    // Rows of one control for other systems or roles are other decisions.
    let key = |d: &Decision| (d.control.clone(), d.systems.clone(), d.roles.clone());
    let keys: BTreeSet<_> = old.iter().chain(&new).map(key).collect();
    let mut changed: Vec<(usize, Vec<String>)> = Vec::new();
    for wanted in keys {
        let find = |rows: &[Decision]| rows.iter().find(|d| key(d) == wanted).cloned();
        let place = crate::catalogue::CONTROLS.iter().position(|c| c.id == wanted.0).unwrap_or(usize::MAX);
        let rows = differences(find(&old), find(&new));
        changed.extend(rows.into_iter().map(|row| (place, row)));
    }
    changed.sort_by_key(|(place, _)| *place);
    let path = now.or(before).map(|document| document.tree.file().path().to_owned()).unwrap_or_default();
    let above = match (before, now) {
        (None, _) => vec![format!("The statement is not there at `{base}`.")],
        (_, None) => vec![format!("The statement was there at `{base}` and is gone.")],
        _ if changed.is_empty() => vec!["No decision and no reason changed.".to_owned()],
        _ => Vec::new(),
    };
    Sheet {
        title: format!("{path} since {base}"),
        above,
        columns: COLUMNS.to_vec(),
        rows: changed.into_iter().map(|(_, row)| row).collect(),
        below: Vec::new(),
        overview: false,
    }
}

/// What of a decision is not the same, a row a field; the decision first.
fn differences(before: Option<Decision>, now: Option<Decision>) -> Vec<Vec<String>> {
    let Some(id) = now.as_ref().or(before.as_ref()).map(|decision| decision.control.clone()) else { return Vec::new() };
    let title = control(&id).map(|control| control.title).unwrap_or_default();
    let row = |field: &str, before: String, now: String| {
        (before != now).then(|| vec![id.clone(), title.to_owned(), field.to_owned(), before, now])
    };
    let there = |decision: &Option<Decision>| match decision {
        Some(decision) if decision.applicable.is_some() => format!("applies: {}", decision.applies()),
        Some(_) => "not decided".to_owned(),
        None => "no row".to_owned(),
    };
    let of =
        |decision: &Option<Decision>, field: fn(&Decision) -> String| decision.as_ref().map(field).unwrap_or_default();
    let field = |name: &str, get: fn(&Decision) -> String| row(name, of(&before, get), of(&now, get));
    [
        row("decision", there(&before), there(&now)),
        field("reason", |d| d.justification.clone()),
        field("kind of reason", |d| d.reason_kind.clone()),
        field("implementation", |d| d.implementation.clone()),
        field("assessment", |d| d.assessment.clone()),
        field("evidence", |d| d.evidence.join("\n")),
        field("owner", |d| d.owner.clone()),
        field("approver", |d| d.approver.clone()),
        field("review by", |d| d.review_by.clone()),
        field("risks", |d| d.linked_risks.join("\n")),
        field("answer", |d| d.answers.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}
