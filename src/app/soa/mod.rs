//! `annexa soa`: the decisions on the controls, with what checks found about each.

mod diff;
mod draft;
mod rows;

use super::check::{self, Asked};
use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use super::tables::{self, open, outputs, write};
use crate::cli::{SoaArgs, SoaCommand, TableFlags};
use crate::document::Document;
use crate::engine;
use crate::report::sheet::{Sheet, Sheets};
use crate::source::plain;

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
            return Err(unread(&project).unwrap_or_else(none));
        }
        let asked = Asked { at: args.at.as_deref(), today: args.today, ..Asked::default() };
        // The whole repository is judged: what is open about a control stands in other files than the statement.
        let report = check::judge(&project.root.path, &asked)?;
        Ok(statements.iter().map(|statement| rows::sheet(statement, &report)).collect::<Vec<Sheet>>())
    })?;
    one_table_a_file(&args.shown, &sheets)?;
    write(&outputs, &Sheets(sheets), &args.shown, console)
}

/// The documents of a kind, below what the command was narrowed to.
pub fn of_kind(project: &Project, kind: &str) -> Vec<Document> {
    all_of_kind(project, kind).into_iter().filter(|document| is_below(project, document)).collect()
}

/// All documents of a kind.
fn all_of_kind(project: &Project, kind: &str) -> Vec<Document> {
    tables::documents(project).into_iter().filter(|document| *document.kind.id == *kind).collect()
}

/// Whether a document lies below what the command was narrowed to.
fn is_below(project: &Project, document: &Document) -> bool {
    let below = project.root.narrowed_to.as_deref().unwrap_or_default();
    let path = document.tree.file().path();
    below.is_empty() || path == below || path.starts_with(&format!("{below}/"))
}

/// That there is a statement which cannot be read, where that is so: a second one would be the wrong answer.
fn unread(project: &Project) -> Option<Failure> {
    let (path, problem) = tables::unreadable(project, KIND)?;
    let message = format!("the statement `{}` cannot be read: {}", plain(&path), problem.message);
    Some(Failure::usage(message, problem.help))
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
        return Err(Failure::usage(
            format_args!("there are {} statements, and a CSV file holds one", sheets.len()),
            help,
        ));
    }
    Ok(())
}
