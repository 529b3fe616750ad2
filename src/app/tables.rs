//! What the commands that show a table have in common.

use super::console::Console;
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::Project;
use crate::cli::TableFlags;
use crate::document::Document;
use crate::engine;
use crate::facts::Globs;
use crate::report::Options;
use crate::report::sheet::{SHEET_FORMATS, Sheet};
use std::path::Path;

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

/// The documents of a project.
pub fn documents(project: &Project) -> Vec<Document> {
    let setup = &project.setup;
    let files = engine::load(project.tree.as_ref(), &setup.kinds, &setup.recogniser, &setup.exclude, &Globs::none());
    files.documents
}
