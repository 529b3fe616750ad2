//! `annexa check`: the run that gates.

use super::console::Console;
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::Project;
use crate::cli::{CheckArgs, WhenEmpty};
use crate::document::{closest, did_you_mean};
use crate::engine::{self, Choice, Input};
use crate::facts::Day;
use crate::finding::{Report, Verdict};
use crate::io::clock;
use crate::report::{FORMATS, Options};
use std::path::Path;

/// Runs the command.
pub fn run(args: &CheckArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = Outputs::new(&args.output, FORMATS)?;
    let today = clock::today(args.today).map_err(|message| Failure::usage(message, ""))?;
    let report = engine::deep(|| judge(&args.path, today, &args.only, &args.skip))?;
    let verdict = Verdict::of(&report, args.fail_on.into(), args.when_empty == WhenEmpty::Pass);
    let options =
        Options { fail_on: args.fail_on.into(), verdict, plain: args.plain, quiet: args.quiet, ..console.options() };
    outputs.write(&report, &options, console)?;
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
    let past = project.past()?;
    let shared = project.shared()?;
    let snapshot = project.snapshot();
    Ok(engine::run(Input {
        snapshot,
        below: project.root.narrowed_to.clone(),
        setup: project.setup,
        today,
        past,
        shared,
        base: None,
        pull_request: None,
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
    let help = did_you_mean(
        closest(id, policies.iter().map(|p| p.id())),
        "`annexa list` shows the policies and what they map to.",
    );
    Err(Failure::usage(format_args!("no policy is called `{id}` or maps to it"), help))
}
