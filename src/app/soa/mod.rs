//! `annexa soa`: the decisions on the controls, with what checks found about each.

mod diff;
mod draft;
mod rows;

use super::check::{self, Asked};
use super::console::Console;
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::Project;
use crate::cli::{SoaArgs, SoaCommand, TableFlags};
use crate::document::Document;
use crate::engine;
use crate::facts::Globs;
use crate::report::Options;
use crate::report::sheet::{SHEET_FORMATS, Sheet};
use std::path::Path;

/// The kind of statements.
const KIND: &str = "soa";

/// Runs the command.
pub fn run(args: &SoaArgs, console: &mut Console) -> Result<u8, Failure> {
    match &args.command {
        Some(SoaCommand::Init(init)) => return draft::run(init, console),
        Some(SoaCommand::Diff(diff)) => return diff::run(diff, console),
        None => {}
    }
    let outputs = outputs(&args.shown)?;
    let sheets = engine::deep(|| {
        let project = open(&args.path, args.at.as_deref())?;
        let statements = of_kind(&project, KIND);
        if statements.is_empty() {
            return Err(none());
        }
        let asked = Asked { at: args.at.as_deref(), today: args.today, ..Asked::default() };
        // The whole repository is judged: what is open about a control stands in other files than the statement.
        let report = check::judge(&project.root.path, &asked)?;
        Ok(statements.iter().map(|statement| rows::sheet(statement, &report)).collect::<Vec<Sheet>>())
    })?;
    one_table_a_file(&args.shown, &sheets)?;
    write(&outputs, &sheets, &args.shown, console)
}

/// The formats that were asked for.
///
/// # Errors
/// When there is no such format.
pub fn outputs(flags: &TableFlags) -> Result<Outputs<Vec<Sheet>>, Failure> {
    Outputs::new(&flags.output, SHEET_FORMATS)
}

/// Writes tables as they were asked for.
///
/// # Errors
/// When a file cannot be written.
pub fn write(
    outputs: &Outputs<Vec<Sheet>>,
    sheets: &Vec<Sheet>,
    flags: &TableFlags,
    console: &mut Console,
) -> Result<u8, Failure> {
    outputs.write(sheets, &Options { plain: flags.plain, ..console.options() }, console)?;
    Ok(0)
}

/// The project around a path, at a commit where one is named.
///
/// # Errors
/// When it cannot be opened.
pub fn open(path: &Path, at: Option<&str>) -> Result<Project, Failure> {
    match at {
        Some(at) => Project::at(path, at),
        None => Project::open(path),
    }
}

/// The documents of a kind, below what the command was narrowed to.
pub fn of_kind(project: &Project, kind: &str) -> Vec<Document> {
    let setup = &project.setup;
    let files = engine::load(
        project.tree.as_ref(),
        &setup.kinds,
        &setup.recogniser,
        &setup.exclude,
        &Globs::none(),
    );
    let below = project.root.narrowed_to.as_deref().unwrap_or_default();
    let inside = |path: &str| below.is_empty() || path == below || path.starts_with(&format!("{below}/"));
    files.documents.into_iter().filter(|d| *d.kind.id == *kind && inside(d.tree.file().path())).collect()
}

fn none() -> Failure {
    Failure::usage(
        "there is no Statement of Applicability here",
        "`annexa soa init` writes a draft; a file under another name is listed under `kinds` in annexa.yaml.",
    )
}

/// A CSV file holds one table: two statements in it would read back as one.
fn one_table_a_file(flags: &TableFlags, sheets: &[Sheet]) -> Result<(), Failure> {
    let csv = flags.output.iter().any(|output| output == "csv" || output.starts_with("csv="));
    if csv && sheets.len() > 1 {
        let help = "Name one of them: `annexa soa governance/soa.yaml --output csv`.";
        return Err(Failure::usage(format_args!("there are {} statements, and a CSV file holds one", sheets.len()), help));
    }
    Ok(())
}
