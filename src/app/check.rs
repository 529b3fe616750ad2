//! `annexa check`: the run that gates.

use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use crate::cli::{CheckArgs, WhenEmpty};
use crate::document::closest;
use crate::engine::{self, Choice, Input};
use crate::facts::Day;
use crate::finding::{Report, Verdict};
use crate::io::{clock, disk};
use crate::report::{self, FORMATS, Format, Options};
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(args: &CheckArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = outputs(&args.output)?;
    let today = clock::today(args.today).map_err(|message| Failure::usage(message, ""))?;
    let report = engine::deep(|| judge(&args.path, today, &args.only, &args.skip))?;
    let verdict = Verdict::of(&report, args.fail_on.into(), args.when_empty == WhenEmpty::Pass);
    let options =
        Options { fail_on: args.fail_on.into(), verdict, plain: args.plain, quiet: args.quiet, ..console.options() };
    // Files first: what a later step reads is there even if nobody reads the terminal to its end.
    for (format, file) in &outputs {
        if let Some(file) = file {
            let mut bytes = Vec::new();
            (format.write)(&report, &Options { color: false, ..options }, &mut bytes)?;
            disk::write(file, &bytes, true).map_err(|error| Failure::usage(error, ""))?;
        }
    }
    for (format, _) in outputs.iter().filter(|(_, file)| file.is_none()) {
        let written = (format.write)(&report, &options, console.out()).and_then(|()| console.flush());
        match written {
            // A reader that has seen enough does not change what was found.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => break,
            other => other?,
        }
    }
    Ok(verdict.exit_code())
}

/// Judges the repository around `path`.
///
/// # Errors
/// When it cannot be opened or its set-up is not valid.
pub fn judge(path: &Path, today: Day, only: &[String], skip: &[String]) -> Result<Report, Failure> {
    let project = Project::open(path)?;
    for id in only.iter().chain(skip) {
        known(&project, id)?;
    }
    let history = project.history();
    let adopted_at = project.adopted_at(&history)?;
    let shared = project.shared()?;
    let snapshot = project.snapshot();
    Ok(engine::run(Input {
        snapshot,
        below: project.root.narrowed_to.clone(),
        setup: project.setup,
        today,
        history,
        adopted_at,
        shared,
        choice: Choice { only: only.to_vec(), skip: skip.to_vec() },
    }))
}

fn known(project: &Project, id: &str) -> Result<(), Failure> {
    let policies = &project.setup.policies;
    let is = |p: &std::sync::Arc<crate::policy::Policy>| {
        p.id() == id || p.rule.controls.iter().chain(&p.rule.clauses).any(|c| c == id)
    };
    if policies.iter().any(is) {
        return Ok(());
    }
    let help = match closest(id, policies.iter().map(|p| p.id())) {
        Some(near) => format!("Did you mean `{near}`?"),
        None => "`annexa list` shows the policies and what they map to.".to_owned(),
    };
    Err(Failure::usage(format_args!("no policy is called `{id}` or maps to it"), help))
}

/// The formats and the files that `--output` names.
fn outputs(given: &[String]) -> Result<Vec<(&'static Format, Option<PathBuf>)>, Failure> {
    let mut outputs: Vec<(&'static Format, Option<PathBuf>)> = Vec::new();
    for text in given {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) if !file.is_empty() && file != "-" => (name, Some(PathBuf::from(file))),
            Some((name, _)) => (name, None),
            None => (text.as_str(), None),
        };
        let Some(format) = report::format(name) else {
            let names: Vec<_> = FORMATS.iter().map(|f| f.name).collect();
            let near =
                closest(name, names.iter().copied()).map(|n| format!(" Did you mean `{n}`?")).unwrap_or_default();
            return Err(Failure::usage(
                format_args!("there is no output format `{name}`"),
                format_args!("The formats are {}.{near}", names.join(" and ")),
            ));
        };
        if file.is_none() && outputs.iter().any(|(_, f)| f.is_none()) {
            return Err(Failure::usage(
                "two formats would both go to standard output",
                format_args!("Give all but one a file: `--output {name}=FILE`."),
            ));
        }
        outputs.push((format, file));
    }
    Ok(outputs)
}
