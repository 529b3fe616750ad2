//! `annexa check`: the run that gates.

use super::compare::{self, Versus};
use super::console::Console;
use super::event::{self, Run};
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::{Found, Project};
use crate::cli::{CheckArgs, TrustArg, WhenEmpty};
use crate::document::{closest, did_you_mean};
use crate::engine::{self, Base, Choice, Input, Unreachable};
use crate::facts::{Day, PullRequest};
use crate::finding::{Gate, Report, RulesOf, Verdict};
use crate::io::{clock, git, root};
use crate::report::{FORMATS, Options};
use std::path::Path;

/// Runs the command.
pub fn run(args: &CheckArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = Outputs::new(&args.output, FORMATS)?;
    let report = engine::deep(|| judge(&args.path, &Asked::from(args)))?;
    let verdict = Verdict::of(&report, args.fail_on.into(), args.when_empty == WhenEmpty::Pass);
    let options =
        Options { fail_on: args.fail_on.into(), verdict, plain: args.plain, quiet: args.quiet, ..console.options() };
    outputs.write(&report, &options, console)?;
    Ok(verdict.exit_code())
}

/// What of a repository is judged, and how.
#[derive(Default)]
pub struct Asked<'a> {
    /// The name of a commit to judge in place of the working tree.
    pub at: Option<&'a str>,
    /// The name of what a change is compared with.
    pub base: Option<&'a str>,
    /// Whether the event of a workflow says what is judged and compared.
    pub github: bool,
    /// Whether the platform may be asked for what git cannot know.
    pub online: bool,
    /// Which findings of a change count; those that it brings where nothing is said.
    pub gate: Option<Gate>,
    /// Whose rules judge a change.
    pub trust: RulesOf,
    /// Another configuration file, by its path from the root.
    pub config: Option<&'a str>,
    /// The day to judge by.
    pub today: Option<Day>,
    /// Only these policies, controls or clauses.
    pub only: &'a [String],
    /// Not these.
    pub skip: &'a [String],
}

impl<'a> From<&'a CheckArgs> for Asked<'a> {
    fn from(args: &'a CheckArgs) -> Self {
        let CheckArgs { at, base, github, online, gate, trust, config, today, only, skip, .. } = args;
        Asked {
            at: at.as_deref(),
            base: base.as_deref(),
            github: *github,
            online: *online,
            gate: gate.map(Gate::from),
            trust: if *trust == TrustArg::Head { RulesOf::Head } else { RulesOf::Base },
            config: config.as_deref(),
            today: *today,
            only,
            skip,
        }
    }
}

/// Judges the repository around `path`.
///
/// # Errors
/// When it cannot be opened, its set-up is not valid, or a commit is not there.
pub fn judge(path: &Path, asked: &Asked<'_>) -> Result<Report, Failure> {
    let found = match asked.at {
        Some(at) => Found::at(path, at, asked.config)?,
        None if is_bare(path) => {
            return Err(Failure::usage(
                "this is a bare repository: it has commits and no files of its own, so there is nothing to read",
                "Name the commit to judge: `annexa check --at HEAD`.",
            ));
        }
        None => Found::configured(path, asked.config)?,
    };
    let judged = found.commit.as_ref().map(|commit| commit.id.as_str());
    if asked.github {
        let run = Run::read()?;
        let online = asked.online.then_some(&run);
        let mut versus = event::versus(&found.root.path, &run.event)?;
        if let Some(base) = asked.base {
            match Versus::named(&found.root.path, base, judged)? {
                Ok(named) => versus = Some(named.instead_of(versus)),
                Err(unreachable) => {
                    return judge_alone(Project::of(found)?, asked, Some(Err(unreachable)), None, online);
                }
            }
        }
        return match versus {
            Some(versus) => compare::judge(found, versus, asked, online),
            None => judge_alone(Project::of(found)?, asked, None, None, online),
        };
    }
    let Some(base) = asked.base else { return judge_alone(Project::of(found)?, asked, None, None, None) };
    match Versus::named(&found.root.path, base, judged)? {
        Ok(versus) => compare::judge(found, versus, asked, None),
        // What is compared is unknown then, and everything else is judged.
        Err(unreachable) => judge_alone(Project::of(found)?, asked, Some(Err(unreachable)), None, None),
    }
}

/// Judges a project by its own rules, without what was before.
///
/// # Errors
/// When the organisation's checkout or a commit of annexa.yaml is not there.
pub fn judge_alone(
    project: Project,
    asked: &Asked<'_>,
    base: Option<Result<Base, Unreachable>>,
    told: Option<PullRequest>,
    online: Option<&Run>,
) -> Result<Report, Failure> {
    let today = today(&project, asked)?;
    known_all(&project, asked)?;
    let pull_request = looked_up(online, &project, asked, told);
    let past = project.past()?;
    let shared = project.shared()?;
    let snapshot = project.snapshot();
    let root = git::prefix_in_trees(&project.root.path);
    let report = engine::run(Input {
        snapshot,
        below: project.root.narrowed_to.clone(),
        setup: project.setup,
        today,
        past,
        shared,
        base,
        pull_request,
        choice: Choice { only: asked.only.to_vec(), skip: asked.skip.to_vec() },
    });
    Ok(Report { root, ..report })
}

/// The pull request as the platform knows it, where a policy asks for it and the platform may be asked.
pub fn looked_up(
    online: Option<&Run>,
    project: &Project,
    asked: &Asked<'_>,
    told: Option<PullRequest>,
) -> Option<Result<PullRequest, Unreachable>> {
    let choice = Choice { only: asked.only.to_vec(), skip: asked.skip.to_vec() };
    match online {
        Some(run) if engine::asks_for(&project.setup, &choice, "pr") => run.look_up(told),
        _ => told.map(Ok),
    }
}

/// Checks that there is something of each name that was chosen or left out.
///
/// # Errors
/// When no policy has it.
pub fn known_all(project: &Project, asked: &Asked<'_>) -> Result<(), Failure> {
    asked.only.iter().chain(asked.skip).try_for_each(|id| known(project, id))
}

fn is_bare(path: &Path) -> bool {
    root::in_repository(path).is_ok_and(|(top, _)| git::bare(&top).is_some())
}

/// The day that was asked for, else that of the commit, else that of the clock.
///
/// # Errors
/// When the time that decides is no day.
pub fn today(project: &Project, asked: &Asked<'_>) -> Result<Day, Failure> {
    match (&project.commit, asked.today) {
        (Some(commit), None) => project.day().ok_or_else(|| {
            Failure::usage(
                format_args!("the commit {} has a time that is no day, so the day to judge by is not known", commit.id),
                "Give the day with `--today 2026-11-02`.",
            )
        }),
        (_, today) => clock::today(today).map_err(|message| Failure::usage(message, "")),
    }
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
