//! `annexa list`: what there is, a line each.

use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use crate::catalogue::{CLAUSES, CONTROLS};
use crate::cli::{ListArgs, ListWhat};
use crate::engine::functions::FUNCTIONS;
use crate::source::plain;

/// Runs the command.
pub fn run(args: &ListArgs, console: &mut Console) -> Result<u8, Failure> {
    match args.what {
        ListWhat::Policies => policies(&Project::open(&args.path)?, console)?,
        ListWhat::Kinds => kinds(&Project::open(&args.path)?, console)?,
        ListWhat::Controls => controls(console)?,
        ListWhat::Functions => functions(console)?,
    }
    console.flush()?;
    Ok(0)
}

fn policies(project: &Project, console: &mut Console) -> Result<(), Failure> {
    let policies = &project.setup.policies;
    let width = policies.iter().map(|p| p.id().len()).max().unwrap_or(0);
    for policy in policies {
        let rule = &policy.rule;
        let maps: Vec<_> = rule.controls.iter().chain(&rule.clauses).map(String::as_str).collect();
        let settings = project.setup.config.policy(policy.id());
        let severity = settings.and_then(|s| s.severity).unwrap_or(rule.severity);
        let off = if settings.is_some_and(|s| s.off.is_some()) { " (off)" } else { "" };
        let (id, title, maps) = (policy.id(), plain(&rule.title), plain(&maps.join(" ")));
        console.line(format_args!("{id:width$}  {:7}  {title}{off}  [{maps}]", severity.name()))?;
    }
    Ok(())
}

fn kinds(project: &Project, console: &mut Console) -> Result<(), Failure> {
    let kinds = &project.setup.kinds;
    let width = kinds.iter().map(|k| k.id.len()).max().unwrap_or(0);
    for kind in kinds.iter() {
        let globs = plain(&kind.globs.join(" "));
        console.line(format_args!("{:width$}  {}: {globs}", kind.id, plain(&kind.title)))?;
    }
    Ok(())
}

fn controls(console: &mut Console) -> Result<(), Failure> {
    for control in CONTROLS {
        console.line(format_args!("{:8}  {}", control.id, control.title))?;
    }
    for clause in CLAUSES {
        console.line(format_args!("{:8}  {}", clause.id, clause.subject))?;
    }
    Ok(())
}

fn functions(console: &mut Console) -> Result<(), Failure> {
    for function in FUNCTIONS {
        console.line(function.signature)?;
        console.line(format_args!("    {}", function.help))?;
        console.line(format_args!("    {}", function.example))?;
    }
    Ok(())
}
