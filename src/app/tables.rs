//! What the commands that show a table have in common.

use super::console::Console;
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::Project;
use crate::cli::TableFlags;
use crate::document::Document;
use crate::engine::{self, Broken, Files};
use crate::facts::Globs;
use crate::report::Options;
use crate::report::sheet::{SHEET_FORMATS, Sheets};
use crate::value::Problem;
use std::path::Path;

/// The formats that were asked for.
///
/// # Errors
/// When there is no such format.
pub fn outputs(flags: &TableFlags) -> Result<Outputs<Sheets>, Failure> {
    Outputs::new(&flags.output, SHEET_FORMATS)
}

/// Writes tables as they were asked for.
///
/// # Errors
/// When a file cannot be written.
pub fn write(
    outputs: &Outputs<Sheets>,
    sheets: &Sheets,
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

/// The documents of a project.
pub fn documents(project: &Project) -> Vec<Document> {
    files(project).documents
}

/// The first file that should hold a record of a kind and could not be read, with what is wrong.
pub fn unreadable(project: &Project, kind: &str) -> Option<(String, Problem)> {
    let of_kind = |broken: &Broken| broken.kind.as_deref() == Some(kind) && !broken.problems.is_empty();
    let broken = files(project).broken.into_iter().find(of_kind)?;
    Some((broken.file.path().to_owned(), broken.problems.into_iter().next()?))
}

fn files(project: &Project) -> Files {
    let setup = &project.setup;
    engine::load(project.tree.as_ref(), &setup.kinds, &setup.recogniser, &setup.exclude, &Globs::none())
}
