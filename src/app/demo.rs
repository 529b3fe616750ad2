//! `annexa demo`: an example repository with its history, checked.

use super::check::{Asked, judge};
use super::console::Console;
use super::failure::Failure;
use crate::cli::DemoArgs;
use crate::document::closest;
use crate::engine;
use crate::finding::{FailOn, Verdict};
use crate::io::{disk, materialise};
use crate::policy::Severity;
use crate::report::{self, Options};
use std::path::PathBuf;

/// Runs the command.
pub fn run(args: &DemoArgs, console: &mut Console) -> Result<u8, Failure> {
    let names = materialise::examples();
    if !names.contains(&args.example.as_str()) {
        let near =
            closest(&args.example, names.iter().copied()).map(|n| format!(" Did you mean `{n}`?")).unwrap_or_default();
        return Err(Failure::usage(
            format_args!("there is no example `{}`", args.example),
            format_args!("The examples are {}.{near}", names.join(", ")),
        ));
    }
    let folder = match &args.into {
        Some(folder) => folder.clone(),
        None => disk::temporary_folder("annexa-demo").map_err(|error| Failure::usage(error, ""))?,
    };
    let repository: PathBuf = if args.into.is_some() { folder } else { folder.join(&args.example) };
    let built = materialise::materialise(&materialise::example(&args.example), &repository)
        .map_err(|error| Failure::usage(error, "Name an empty folder with `--into`."))?;
    let place = repository.display().to_string();
    console.line(format_args!(
        "Built the example `{}` with {} commits in {place}",
        args.example,
        built.commits.len()
    ))?;
    console.line(format_args!("$ annexa check {place} --today {}", built.today))?;
    console.blank()?;
    let report = engine::deep(|| judge(&repository, &Asked { today: Some(built.today), ..Asked::default() }))?;
    let fail_on = FailOn::Severity(Severity::Error);
    let verdict = Verdict::of(&report, fail_on, false);
    let format = report::format(report::FORMATS, "text").expect("the text format is in the table");
    let options = Options { fail_on, verdict, ..console.options() };
    (format.write)(&report, &options, console.out())?;
    console.blank()?;
    console.heading("Try next")?;
    let example = report
        .with(crate::finding::Outcome::Fail)
        .map(|j| report.rule(j).id.as_str())
        .find(|id| !id.starts_with("document-"));
    for line in [
        format!("cd {place}"),
        format!("annexa explain {}", example.unwrap_or("A.5.4")),
        "annexa doctor".to_owned(),
        format!("annexa check --today {} --output json=report.json", built.today),
    ] {
        console.line(format_args!("  {line}"))?;
    }
    console.flush()?;
    // The report shows the exit code of the check; the demo itself went well.
    Ok(0)
}
