//! `annexa lifecycle`: seven stages by five activities for each AI system, with the state of every cell.

mod matrix;
mod state;

use super::check::{self, Asked};
use super::console::Console;
use super::failure::Failure;
use super::tables::{documents, open, outputs, write};
use crate::cli::LifecycleArgs;
use crate::document::{Document, closest, did_you_mean};
use crate::engine;
use crate::finding::Report;
use crate::report::sheet::{Column, Sheet, Sheets};
use crate::source::plain;
use matrix::{ACTIVITIES, Cell, STAGES};
use state::{Judged, System};

const fn column(key: &'static str, share: usize) -> Column {
    Column { key, title: key, share, shown: true }
}

/// The columns of the overview: the stage, and an activity each.
const OVERVIEW: [Column; 6] = [
    column("stage", 0),
    column("identification", 1),
    column("analysis", 1),
    column("evaluation", 1),
    column("treatment", 1),
    column("monitoring", 1),
];

const CELLS: [Column; 9] = [
    Column { key: "system", title: "system", share: 0, shown: false },
    column("cell", 0),
    column("state", 0),
    column("why", 5),
    column("record", 3),
    Column { key: "newest", title: "newest record", share: 0, shown: false },
    Column { key: "gate", title: "gate", share: 2, shown: false },
    Column { key: "history", title: "history", share: 2, shown: false },
    Column { key: "fresh_days", title: "fresh for days", share: 0, shown: false },
];

/// Runs the command.
pub fn run(args: &LifecycleArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = outputs(&args.shown)?;
    let sheets = engine::deep(|| {
        let project = open(&args.path, args.at.as_deref())?;
        let documents = documents(&project);
        let cells = matrix::cells(&documents, &project.setup.policies)?;
        let systems = chosen(&documents, args.system.as_deref())?;
        let asked = Asked { at: args.at.as_deref(), today: args.today, ..Asked::default() };
        let report = check::judge(&project.root.path, &asked)?;
        Ok::<_, Failure>(
            systems.iter().flat_map(|system| tables(system, &cells, &documents, &report)).collect::<Vec<Sheet>>(),
        )
    })?;
    write(&outputs, &Sheets(sheets), &args.shown, console)
}

/// The register entries that are shown.
fn chosen(documents: &[Document], wanted: Option<&str>) -> Result<Vec<System>, Failure> {
    let all: Vec<System> =
        documents.iter().filter(|document| &*document.kind.id == "ai-system").map(System::of).collect();
    if all.is_empty() {
        return Err(Failure::usage(
            "no AI system is registered here, so there is no life to show",
            "`annexa init ai-system` writes a register entry.",
        ));
    }
    let Some(wanted) = wanted else { return Ok(all) };
    let near = closest(wanted, all.iter().map(|system| system.id.as_str())).map(str::to_owned);
    let found: Vec<System> = all.into_iter().filter(|system| system.id == wanted).collect();
    if found.is_empty() {
        let help = did_you_mean(near.as_deref(), "Without a name all registered systems are shown.");
        return Err(Failure::usage(format_args!("no AI system is registered as `{}`", plain(wanted)), help));
    }
    Ok(found)
}

/// The overview of a system, and its cells with their reasons.
fn tables(system: &System, cells: &[Cell], documents: &[Document], report: &Report) -> [Sheet; 2] {
    let judged: Vec<(&Cell, Judged)> =
        cells.iter().map(|cell| (cell, state::judge(cell, system, documents, report))).collect();
    let word = |stage: &str, activity: &str| {
        let found = judged.iter().find(|(cell, _)| cell.stage == stage && cell.activity == activity);
        found.map(|(_, judged)| judged.state.to_owned()).unwrap_or_default()
    };
    let line = |stage: &&str| {
        let mark = if system.is_at(stage) { format!("{stage} (now)") } else { (*stage).to_owned() };
        std::iter::once(mark).chain(ACTIVITIES.iter().map(|activity| word(stage, activity))).collect()
    };
    let mut above = Vec::new();
    above.push(match system.stage.as_deref() {
        Some(stage) if system.is_placed() => format!("Now in `{stage}`, as of {}.", report.today),
        Some(stage) => {
            format!(
                "The register says `{stage}`, which is no stage of the matrix ({}), so no cell is due.",
                STAGES.join(", ")
            )
        }
        None => "The register does not say in which stage it is, so no cell is due.".to_owned(),
    });
    let overview = Sheet {
        title: format!("Life cycle of {}", system.id),
        above,
        columns: OVERVIEW.to_vec(),
        rows: STAGES.iter().map(line).collect(),
        below: Vec::new(),
        overview: true,
    };
    let row = |(cell, judged): &(&Cell, Judged)| {
        vec![
            system.id.clone(),
            format!("{}.{}", cell.stage, cell.activity),
            judged.state.to_owned(),
            judged.why.clone(),
            cell.record.clone(),
            judged.newest.clone(),
            cell.gate.clone(),
            cell.history.clone(),
            cell.fresh_days.map(|days| days.to_string()).unwrap_or_default(),
        ]
    };
    let due = judged.iter().filter(|(_, judged)| judged.state != state::NOT_YET);
    let cells = Sheet {
        title: format!("Cells of {} that are due", system.id),
        above: Vec::new(),
        columns: CELLS.to_vec(),
        rows: due.map(row).collect(),
        below: vec![
            "annexa's life-cycle matrix (not ISO text). A cell is what the rules that decide it say about the system; a record that is older \
             than it stays fresh is told in the stage that the system is in."
                .to_owned(),
        ],
        overview: false,
    };
    [overview, cells]
}
