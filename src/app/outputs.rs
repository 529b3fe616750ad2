//! What `--output` asks for, the same for every command that reports.

use super::console::Console;
use super::failure::Failure;
use crate::document::closest;
use crate::io::disk;
use crate::report::{self, Format, Options};
use crate::source::plain;
use std::path::{Component, Path, PathBuf};

/// Formats, and the file of each that does not go to standard output.
pub struct Outputs<R: 'static>(Vec<(&'static Format<R>, Option<PathBuf>)>);

impl<R> Outputs<R> {
    /// Reads `FORMAT` and `FORMAT=FILE`.
    ///
    /// # Errors
    /// When there is no such format, or two would go to standard output or to one file.
    pub fn new(given: &[String], formats: &'static [Format<R>]) -> Result<Self, Failure> {
        let mut outputs: Vec<(&'static Format<R>, Option<PathBuf>)> = Vec::new();
        for text in given {
            let (name, file) = match text.split_once('=') {
                Some((name, file)) if !file.is_empty() && file != "-" => (name, Some(PathBuf::from(file))),
                Some((name, _)) => (name, None),
                None => (text.as_str(), None),
            };
            let Some(format) = report::format(formats, name) else {
                let names: Vec<_> = formats.iter().map(|f| f.name).collect();
                let near =
                    closest(name, names.iter().copied()).map(|n| format!(" Did you mean `{n}`?")).unwrap_or_default();
                return Err(Failure::usage(
                    format_args!("there is no output format `{name}`"),
                    format_args!("The formats are {}.{near}", with_and(&names)),
                ));
            };
            if file.is_none() && outputs.iter().any(|(_, f)| f.is_none()) {
                return Err(Failure::usage(
                    "two formats would both go to standard output",
                    format_args!("Give all but one a file: `--output {name}=FILE`."),
                ));
            }
            if let Some(twice) = file.as_deref().filter(|file| outputs.iter().any(|(_, other)| same(file, other))) {
                return Err(Failure::usage(
                    format_args!("two formats would both be written to `{}`", plain(&twice.to_string_lossy())),
                    "Give each a file of its own; the second would replace the first.",
                ));
            }
            outputs.push((format, file));
        }
        Ok(Outputs(outputs))
    }

    /// Writes the report in every format.
    ///
    /// # Errors
    /// When a file cannot be written. A reader of standard output that is gone is none.
    pub fn write(&self, report: &R, options: &Options, console: &mut Console) -> Result<(), Failure> {
        // Files first: what a later step reads is there even if nobody reads the terminal to its end.
        for (format, file) in &self.0 {
            if let Some(file) = file {
                let mut bytes = Vec::new();
                (format.write)(report, &Options { color: false, ..*options }, &mut bytes)?;
                disk::write(file, &bytes, true).map_err(|error| Failure::usage(error, ""))?;
            }
        }
        for (format, _) in self.0.iter().filter(|(_, file)| file.is_none()) {
            let written = (format.write)(report, options, console.out()).and_then(|()| console.flush());
            match written {
                // A reader that has seen enough does not change what was found.
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => break,
                other => other?,
            }
        }
        Ok(())
    }
}

/// Whether a path names the file of another format, written with `./` or without.
fn same(file: &Path, other: &Option<PathBuf>) -> bool {
    let parts = |path: &Path| path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    other.as_deref().is_some_and(|other| parts(file) == parts(other))
}

fn with_and(names: &[&str]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.join(""),
    }
}
