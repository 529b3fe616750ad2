//! `annexa test`: do policies do what they say?

use super::console::Console;
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::Found;
use crate::cli::TestArgs;
use crate::document::{Kinds, closest, did_you_mean};
use crate::embedded::POLICIES;
use crate::engine::testing::{Ask, Bench, Scope, TestVerdict, collect, test};
use crate::engine::{Sources, deep, set_up_kinds};
use crate::facts::MemorySnapshot;
use crate::io::git;
use crate::policy::{SUITE, is_policy_file};
use crate::report::{Options, TEST_FORMATS};
use std::sync::Arc;

/// Exit code of a run in which something is not as expected.
const FAILED: u8 = 1;

/// Exit code of a run that found nothing to test.
const NOTHING: u8 = 4;

/// Runs the command.
pub fn run(args: &TestArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = Outputs::new(&args.output, TEST_FORMATS)?;
    if args.path.to_string_lossy().ends_with(SUITE) && (args.mutate || args.cost) {
        return Err(Failure::usage(
            "a suite may hold only some of the cases of a policy, so nothing is said about changes or costs",
            "Give the policy or its folder with `--mutate` and `--cost`.",
        ));
    }
    let mut bench = deep(|| if args.shipped { shipped() } else { own(args) })?;
    if bench.is_empty() {
        console.say(NOTHING_THERE, NOTHING_HELP);
        return Ok(NOTHING);
    }
    if !args.only.is_empty() {
        for id in &args.only {
            known(&bench, id)?;
        }
        bench.only(&args.only);
    }
    let ask = Ask { mutate: args.mutate, cost: args.cost, allow_gaps: args.allow_gaps };
    let tested = deep(|| test(&bench, ask));
    let options = Options { plain: args.plain, quiet: args.quiet, ..console.options() };
    outputs.write(&tested, &options, console)?;
    Ok(if tested.verdict() == TestVerdict::Passed { 0 } else { FAILED })
}

const NOTHING_THERE: &str = "there is no policy and no suite of tests here, so nothing was tested";

const NOTHING_HELP: &str = "Name the folder of your policies under `policy_dirs` in annexa.yaml, or give it: `annexa test \
                            governance/policies`. `annexa test --shipped` tests the policies that annexa ships.";

/// The policies that annexa ships, with their examples.
fn shipped() -> Result<Bench, Failure> {
    let files = POLICIES.iter().map(|(path, text)| (format!("policies/{path}"), *text));
    let scope = Scope::folders(["policies".to_owned()]);
    collect(&MemorySnapshot::new(files), Arc::new(Kinds::bundled()), &scope).map_err(Failure::SetUp)
}

/// The policies and suites at the path: a file, a folder, or a repository with the folders that its
/// annexa.yaml names.
fn own(args: &TestArgs) -> Result<Bench, Failure> {
    let Found { root, tree, config, .. } = Found::around(&args.path)?;
    let sources = Sources { snapshot: tree.as_ref(), config: config.as_ref(), shipped: &[] };
    let (settings, kinds) = set_up_kinds(sources).map_err(Failure::SetUp)?;
    let scope = match &root.narrowed_to {
        Some(path) if tree.paths().contains(path) => {
            if !path.ends_with(SUITE) && !is_policy_file(path) {
                return Err(Failure::usage(
                    format_args!("`{path}` is neither a policy nor a suite of tests"),
                    "A policy ends in `.yaml`, a suite in `.test.yaml`.",
                ));
            }
            Scope::file(path, settings.policy_dirs.into_iter().map(|at| at.value))
        }
        Some(path) => Scope::folders([path.clone()]),
        None if config.is_some() || git::work_tree(&root.path).is_some() => {
            Scope::folders(settings.policy_dirs.into_iter().map(|at| at.value))
        }
        // A folder by itself, such as a checkout of policies alone.
        None => Scope::folders([String::new()]),
    };
    collect(tree.as_ref(), kinds, &scope).map_err(Failure::SetUp)
}

fn known(bench: &Bench, id: &str) -> Result<(), Failure> {
    let ids = bench.ids();
    if ids.contains(&id) {
        return Ok(());
    }
    let help = did_you_mean(closest(id, ids.iter().copied()), "Name a policy of the folder that is tested.");
    Err(Failure::usage(format_args!("no policy that is tested is called `{id}`"), help))
}
