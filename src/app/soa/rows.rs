//! The rows of a statement, each with what checks of its control rest on and what is open.

use super::KIND;
use crate::catalogue::{CONTROLS, control, normalise};
use crate::document::{Decision, Document, decisions};
use crate::finding::{Grade, Grades, Judgement, Outcome, Report};
use crate::report::sheet::{Column, Sheet};
use std::collections::BTreeSet;

const fn column(key: &'static str, title: &'static str, share: usize, shown: bool) -> Column {
    Column { key, title, share, shown }
}

/// The columns; all but the last two are read back.
pub const COLUMNS: [Column; 18] = [
    column("control", "control", 0, true),
    column("title", "title", 2, true),
    column("applicable", "applies", 0, true),
    column("reason_kind", "kind of reason", 0, false),
    column("justification", "reason", 4, true),
    column("implementation", "implementation", 0, true),
    column("assessment", "assessment", 0, false),
    column("evidence", "evidence", 2, false),
    column("owner", "owner", 0, false),
    column("approver", "approver", 0, false),
    column("decided_on", "decided on", 0, false),
    column("review_by", "review by", 0, false),
    column("linked_risks", "risks", 0, false),
    column("answers", "answer to a contradiction", 0, false),
    column("systems", "systems", 0, false),
    column("roles", "roles", 0, false),
    column("grade", "checks rest on", 0, true),
    column("findings", "open findings", 2, true),
];

/// The table of a statement.
pub fn sheet(statement: &Document, report: &Report) -> Sheet {
    let path = statement.tree.file().path().to_owned();
    let decided = decisions(statement);
    let missing: Vec<Decision> = CONTROLS
        .iter()
        .filter(|control| decided.iter().all(|decision| decision.control != control.id))
        .map(|control| Decision::open(control.id))
        .collect();
    let mut all: Vec<Decision> = decided.into_iter().chain(missing).collect();
    let place = |decision: &Decision| CONTROLS.iter().position(|control| control.id == decision.control);
    all.sort_by_key(|decision| place(decision).unwrap_or(CONTROLS.len()));
    let rows = all
        .iter()
        .map(|decision| row(decision, grade(report, &path, decision), &open(report, &path, &decision.control)));
    let count = |test: fn(&Decision) -> bool| all.iter().filter(|decision| test(decision)).count();
    let title = statement.tree.str_at(statement.root, &["title"]).unwrap_or("Statement of Applicability");
    Sheet {
        title: format!("{title} ({path}, as of {})", report.today),
        above: Vec::new(),
        columns: COLUMNS.to_vec(),
        rows: rows.collect(),
        below: vec![
            format!(
                "{} of {} rows apply, {} do not, {} are not decided.",
                count(|d| d.applicable == Some(true)),
                all.len(),
                count(|d| d.applicable == Some(false)),
                count(|d| d.applicable.is_none())
            ),
            "Checks rest on: `declared`, a record says so; `evidenced`, something else here agrees; `corroborated`, the git history agrees. \
             Shown is the most that a check of the control rests on; empty where none could be made."
                .to_owned(),
        ],
        overview: false,
    }
}

/// The cells of a row.
pub fn row(decision: &Decision, grade: &str, findings: &[String]) -> Vec<String> {
    let listed =
        |items: &[String]| items.iter().map(|item| item.replace([';', '\n'], ",")).collect::<Vec<_>>().join("; ");
    vec![
        decision.control.clone(),
        control(&decision.control).map(|control| control.title).unwrap_or_default().to_owned(),
        decision.applies().to_owned(),
        decision.reason_kind.clone(),
        decision.justification.clone(),
        decision.implementation.clone(),
        decision.assessment.clone(),
        listed(&decision.evidence),
        decision.owner.clone(),
        decision.approver.clone(),
        decision.decided_on.clone(),
        decision.review_by.clone(),
        listed(&decision.linked_risks),
        decision.answers.clone(),
        listed(&decision.systems),
        listed(&decision.roles),
        grade.to_owned(),
        findings.join("\n"),
    ]
}

/// Whether a judgement is about a control: about its row where a statement is judged row by row.
fn is_about(report: &Report, judgement: &Judgement, path: &str, control: &str) -> bool {
    let of_statement = &*judgement.subject.kind == KIND;
    if of_statement && &*judgement.subject.path != path {
        return false;
    }
    match row_of(judgement) {
        Some(row) => row == control,
        None => !of_statement && judgement.is_about(report.rule(judgement)).iter().any(|id| *id == control),
    }
}

/// The control whose row of a statement a judgement is about.
fn row_of(judgement: &Judgement) -> Option<String> {
    let item = judgement.item.as_deref().filter(|_| &*judgement.subject.kind == KIND)?;
    normalise(item.split('#').next().unwrap_or(item))
}

fn grade(report: &Report, path: &str, decision: &Decision) -> &'static str {
    let mut grades = Grades::default();
    // What is only planned rests on nothing yet, however well its row is written.
    let in_place = matches!(decision.implementation.as_str(), "implemented" | "partial" | "alternative");
    let of_statement = |judgement: &Judgement| &*judgement.subject.kind == KIND;
    let passed = report
        .with(Outcome::Pass)
        .filter(|judgement| is_about(report, judgement, path, &decision.control))
        .filter(|judgement| in_place || !of_statement(judgement));
    // The history of the statement says how it was decided, and nothing about what it decides on.
    let most = |judgement: &Judgement| if of_statement(judgement) { Grade::Evidenced } else { Grade::Corroborated };
    passed.for_each(|judgement| grades.add(judgement.grade.min(most(judgement))));
    grades.highest().map_or("", |grade| grade.name())
}

/// The rules with something open about a control, each once with how often.
fn open(report: &Report, path: &str, control: &str) -> Vec<String> {
    let found = || report.with(Outcome::Fail).filter(|judgement| is_about(report, judgement, path, control));
    let rules: BTreeSet<usize> = found().map(|judgement| judgement.rule).collect();
    let line = |rule: usize| {
        let times = found().filter(|judgement| judgement.rule == rule).count();
        let id = &report.rules[rule].id;
        if times == 1 { id.clone() } else { format!("{id} ({times})") }
    };
    rules.into_iter().map(line).collect()
}
