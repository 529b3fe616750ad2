//! The state of a cell: what the rules that decide it say about a system, and how old its record is.

use super::matrix::{Cell, STAGES};
use crate::document::Document;
use crate::facts::Day;
use crate::finding::{Grades, Judgement, Outcome, Report};
use crate::value::{Data, NodeId, Tree};

/// The state of a cell whose stage is still to come.
pub const NOT_YET: &str = "not yet";

/// Fields of records that say when somebody last worked on them.
const DATES: [&str; 6] = ["date", "on", "to", "approved_on", "decided_on", "confirmed_on"];

/// A register entry.
pub struct System {
    /// Its id; its path where it gives none.
    pub id: String,
    /// The stage it is in, as in the register.
    pub stage: Option<String>,
}

impl System {
    /// Reads a register entry.
    pub fn of(document: &Document) -> Self {
        let stage = document.tree.str_at(document.root, &["lifecycle", "stage"]).map(str::to_owned);
        let id = document.id.clone().unwrap_or_else(|| document.tree.file().path().to_owned());
        System { id, stage }
    }

    /// The position of its stage among [`STAGES`].
    fn position(&self) -> Option<usize> {
        let stage = match self.stage.as_deref()? {
            "continuous-validation" => "operation",
            other => other,
        };
        STAGES.iter().position(|each| *each == stage)
    }

    /// Whether its stage is one of the matrix.
    pub fn is_placed(&self) -> bool {
        self.position().is_some()
    }

    /// Whether it is in this stage now.
    pub fn is_at(&self, stage: &str) -> bool {
        self.position().is_some_and(|at| STAGES[at] == stage)
    }
}

/// What is known of a cell.
pub struct Judged {
    /// An outcome's name, or [`NOT_YET`].
    pub state: &'static str,
    /// Why.
    pub why: String,
    /// The newest record with its day; empty where there is none.
    pub newest: String,
}

/// Judges a cell for a system by the outcomes of a run.
pub fn judge(cell: &Cell, system: &System, documents: &[Document], report: &Report) -> Judged {
    let newest = newest(cell, system, documents, report);
    let shown = newest.as_ref().map(|record| record.shown.clone()).unwrap_or_default();
    let judged = |state, why| Judged { state, why, newest: shown.clone() };
    let due = STAGES.iter().position(|stage| *stage == cell.stage);
    let Some(at) = system.position() else {
        return judged(NOT_YET, String::new());
    };
    // Who is retired was not always re-evaluated: the end may come before it is due.
    let passed_over = cell.stage == "re-evaluation" && STAGES[at] == "retirement";
    if due > Some(at) || passed_over {
        return judged(NOT_YET, String::new());
    }
    let of: Vec<&Judgement> = Outcome::ALL
        .into_iter()
        .flat_map(|outcome| report.with(outcome))
        .filter(|j| j.system.as_deref() == Some(system.id.as_str()) && cell.policies.contains(&report.rule(j).id))
        .collect();
    let Some(heaviest) =
        of.iter().map(|judgement| judgement.outcome).find(|outcome| *outcome != Outcome::NotApplicable)
    else {
        let why = of.first().map(|judgement| judgement.message.clone()).filter(|why| !why.is_empty());
        return judged(Outcome::NotApplicable.name(), why.unwrap_or_else(|| "no rule asks for it here".to_owned()));
    };
    if !matches!(heaviest, Outcome::Fail | Outcome::Unknown)
        && system.is_at(&cell.stage)
        && let Some(why) = newest.as_ref().and_then(|record| record.stale(cell, report.today))
    {
        return judged(Outcome::Fail.name(), why);
    }
    // Rules beside it may hold where the record itself was never asked for.
    if heaviest == Outcome::Pass && newest.is_none() {
        return judged(
            Outcome::NotApplicable.name(),
            format!("there is no {} here, and no rule asks for one", cell.kinds.join(" or ")),
        );
    }
    let with: Vec<&&Judgement> = of.iter().filter(|judgement| judgement.outcome == heaviest).collect();
    judged(heaviest.name(), why(heaviest, &with, &of, report))
}

fn why(heaviest: Outcome, with: &[&&Judgement], of: &[&Judgement], report: &Report) -> String {
    if heaviest == Outcome::Pass {
        let mut grades = Grades::default();
        of.iter().filter(|j| j.outcome == Outcome::Pass).for_each(|judgement| grades.add(judgement.grade));
        return grades.highest().map(|grade| grade.name().to_owned()).unwrap_or_default();
    }
    let mut said: Vec<String> =
        with.iter().map(|judgement| format!("{} ({})", judgement.message, report.rule(judgement).id)).collect();
    said.dedup();
    said.join("\n")
}

/// The newest record of a cell.
struct Newest {
    day: Option<Day>,
    shown: String,
}

impl Newest {
    /// That it is older than it stays fresh, in words.
    fn stale(&self, cell: &Cell, today: Day) -> Option<String> {
        let (days, day) = (cell.fresh_days?, self.day?);
        let age = (today.midnight() - day.midnight()) / 86_400;
        (age > i64::from(days)).then(|| format!("{} is {age} days old and stays fresh for {days}", self.shown))
    }
}

fn newest(cell: &Cell, system: &System, documents: &[Document], report: &Report) -> Option<Newest> {
    let systems = documents.iter().filter(|document| &*document.kind.id == "ai-system").count();
    let of_system = |document: &&Document| {
        let named = document.system.as_deref().or(document.id.as_deref().filter(|_| &*document.kind.id == "ai-system"));
        // One that names no system is found by the outcomes about it, or belongs to the only system.
        let path = document.tree.file().path();
        named == Some(system.id.as_str())
            || document.system.is_none()
                && (systems == 1
                    || report
                        .judgements
                        .iter()
                        .any(|j| &*j.subject.path == path && j.system.as_deref() == Some(system.id.as_str())))
    };
    let records =
        documents.iter().filter(|document| cell.kinds.iter().any(|kind| **kind == *document.kind.id)).filter(of_system);
    let dated = records.map(|document| (last_day(&document.tree, document.root), document.tree.file().path()));
    dated
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(day, path)| Newest { day, shown: day.map_or_else(|| path.to_owned(), |day| format!("{path} of {day}")) })
}

/// The last day on which a record says that somebody worked on it.
fn last_day(tree: &Tree, root: NodeId) -> Option<Day> {
    let day = |node: NodeId| match tree.data(node) {
        Data::Time(_, seconds) => Day::from_seconds(*seconds),
        _ => None,
    };
    let own = DATES.iter().filter_map(|key| tree.get(root, key)).filter_map(day);
    let reviews = tree.get(root, "reviews").map(|list| tree.items(list)).unwrap_or_default();
    let looked = reviews.iter().filter_map(|review| tree.get(*review, "on")).filter_map(day);
    own.chain(looked).max()
}
