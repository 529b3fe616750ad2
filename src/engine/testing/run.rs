//! Running cases.

use super::bench::{Bench, Group};
use super::case::{Case, TestFiles};
use super::compare::{Difference, Kind, compare};
use super::gaps::{Gap, Seen, accepted, gaps};
use super::mutate::{Mutant, mutants};
use super::report::{Cost, PolicyTested, Tested, TestedCase, TestedGroup};
use crate::config::FILE_NAME;
use crate::document::Kinds;
use crate::engine::base::Base;
use crate::engine::compile::Compiled;
use crate::engine::meter::Meter;
use crate::engine::run::{Choice, Input, Reading, Ready};
use crate::engine::setup::{Sources, set_up_with};
use crate::facts::MemorySnapshot;
use crate::finding::Report;
use crate::history::{Past, Script};
use crate::policy::Policy;
use crate::source::SourceFile;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// What is asked besides whether the cases hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask {
    /// Whether the cases notice small changes of the policies.
    pub mutate: bool,
    /// What policies cost.
    pub cost: bool,
    /// Gaps do not fail the run.
    pub allow_gaps: bool,
}

/// Policies by their ids, compiled, and where each one's steps are counted.
type Programs = HashMap<String, (Arc<Compiled>, Option<Arc<Meter>>)>;

/// Runs all cases of a bench. Call it through [`crate::engine::deep`].
pub fn test(bench: &Bench, ask: Ask) -> Tested {
    let programs = programs(bench, ask);
    let stages: Vec<(&Group, Stage)> = bench
        .groups
        .par_iter()
        .flat_map_iter(|group| group.cases.iter().map(move |case| (group, Stage::new(case, &bench.kinds))))
        .collect();
    let ran: Vec<(Vec<Difference>, Option<Report>)> =
        stages.par_iter().map(|(_, stage)| stage.judge(&programs, None)).collect();
    let mut seen: HashMap<&str, Seen> = HashMap::new();
    for ((_, stage), (differences, report)) in stages.iter().zip(&ran) {
        for policy in &stage.case.policies {
            let of_policy = seen.entry(policy.id()).or_default();
            of_policy.cases += 1;
            of_policy.holds &= differences.is_empty();
            if let Some(report) = report {
                of_policy.add(report, policy);
            }
        }
    }
    let policies = bench.policies.iter().map(|policy| {
        let seen = seen.remove(policy.id()).unwrap_or_default();
        let meter = programs.get(policy.id()).and_then(|(_, meter)| meter.as_ref());
        let cost = meter.map(|meter| Cost::of(policy, &meter.spent()));
        let mut gaps = gaps(policy, &seen);
        // Cases that do not hold can notice nothing.
        let changes = (ask.mutate && seen.holds && seen.cases > 0).then(|| {
            let of_policy = stages.iter().map(|(_, stage)| stage).filter(|s| s.asks(policy)).collect::<Vec<_>>();
            let (changes, survivors) = survivors(policy, &of_policy, &programs);
            gaps.extend(survivors);
            changes
        });
        PolicyTested { policy: Arc::clone(policy), cases: seen.cases, gaps, changes, cost }
    });
    let policies = policies.collect();
    let mut differences = ran.into_iter().map(|(differences, _)| differences);
    let tested = |case: &Case| TestedCase {
        name: case.name.clone(),
        place: case.place.clone(),
        differences: differences.next().unwrap_or_default(),
    };
    let mut groups = Vec::new();
    let mut tested = tested;
    for group in &bench.groups {
        let cases = group.cases.iter().map(&mut tested).collect();
        groups.push(TestedGroup { name: group.name.clone(), file: Arc::clone(&group.file), cases });
    }
    Tested { policies, groups, allow_gaps: ask.allow_gaps }
}

/// How many changes of a policy there are, and those that no case notices.
fn survivors(policy: &Policy, stages: &[&Stage], programs: &Programs) -> (usize, Vec<Gap>) {
    let changed: Vec<(Mutant, Arc<Compiled>)> = mutants(policy)
        .into_par_iter()
        .filter_map(|mutant| {
            let compiled = Arc::new(Compiled::new(&mutant.policy).ok()?);
            Some((mutant, compiled))
        })
        .collect();
    let count = changed.len();
    let unnoticed = |(_, compiled): &(Mutant, Arc<Compiled>)| {
        stages.iter().all(|stage| stage.judge(programs, Some(compiled)).0.is_empty())
    };
    let survivors: Vec<Mutant> =
        changed.into_par_iter().filter(|changed| unnoticed(changed)).map(|(mutant, _)| mutant).collect();
    (count, accepted(policy, survivors))
}

fn programs(bench: &Bench, ask: Ask) -> Programs {
    let asked = bench.groups.iter().flat_map(|g| &g.cases).flat_map(|c| &c.policies);
    let mut programs = Programs::new();
    for policy in bench.policies.iter().chain(asked) {
        if !programs.contains_key(policy.id()) {
            let meter = ask.cost.then(Arc::<Meter>::default);
            programs.insert(policy.id().to_owned(), (compile(policy), meter));
        }
    }
    programs
}

fn compile(policy: &Arc<Policy>) -> Arc<Compiled> {
    match Compiled::new(policy) {
        Ok(compiled) => Arc::new(compiled),
        Err(found) => unreachable!("{} compiled when it was read: {found:?}", policy.id()),
    }
}

/// The base version of a case. Places in it are called `base:path`.
fn base(files: &TestFiles) -> Base {
    Base { snapshot: Arc::new(MemorySnapshot::new(files.iter().cloned())), commit: "base".to_owned() }
}

/// The history of a case; `adopted_at` names a commit of it.
fn past(history: Option<&Script>, adopted_at: Option<&str>) -> Result<Past, Vec<String>> {
    let mut past = history.map_or_else(|| Past::none("the case has none"), Script::past);
    if let (Some(name), Some(log)) = (adopted_at, &past.log) {
        past.adopted_at = match log.resolve(name) {
            Ok(Some(commit)) => Some(commit.to_string()),
            // As in a shallow clone of a repository: it may lie before what is there.
            Err(_) => Some(name.to_owned()),
            Ok(None) => return Err(vec![format!("annexa.yaml: `adopted_at` names no commit of the case: `{name}`")]),
        };
    }
    Ok(past)
}

/// A case with its files read, to be judged as often as somebody asks.
pub(super) struct Stage<'c> {
    case: &'c Case,
    reading: Result<Reading, Vec<String>>,
}

impl<'c> Stage<'c> {
    pub fn new(case: &'c Case, kinds: &Arc<Kinds>) -> Self {
        let snapshot = MemorySnapshot::new(case.files.iter().cloned());
        let config =
            case.config.as_ref().map(|(text, _)| Arc::new(SourceFile::new(FILE_NAME, text.clone().into_bytes())));
        let sources = Sources { snapshot: &snapshot, config: config.as_ref(), shipped: &case.policies };
        let setup = set_up_with(Arc::clone(kinds), sources).map_err(|faulty| {
            let line = |file: &SourceFile, problem: &crate::value::Problem| match file.path() {
                FILE_NAME => format!("annexa.yaml: {}", problem.message),
                path => format!("{path}:{}: {}", file.place(problem.at.span).line, problem.message),
            };
            faulty.iter().flat_map(|f| f.problems.iter().map(|p| line(&f.file, p))).collect()
        });
        let reading = setup.and_then(|setup| {
            let past = past(case.history.as_ref(), setup.config.adopted_at.as_ref().map(|at| at.value.as_str()))?;
            Ok(Reading::new(Input {
                snapshot: Arc::new(snapshot),
                setup,
                today: case.today,
                past,
                shared: None,
                base: case.base.as_ref().map(|files| Ok(base(files))),
                pull_request: case.pull_request.clone().map(Ok),
                choice: Choice::default(),
                below: None,
            }))
        });
        Stage { case, reading }
    }

    fn asks(&self, policy: &Policy) -> bool {
        self.case.policies.iter().any(|p| p.id() == policy.id())
    }

    /// What is not as expected, and everything that was said where the case can be run. `instead` takes
    /// the place of the policy of its name; then nothing is counted.
    pub fn judge(&self, programs: &Programs, instead: Option<&Arc<Compiled>>) -> (Vec<Difference>, Option<Report>) {
        let reading = match &self.reading {
            Ok(reading) => reading,
            Err(why) => {
                let place = self.case.config.as_ref().map_or(&self.case.place, |(_, spot)| spot);
                let broken = |why: &String| Difference {
                    kind: Kind::Broken(why.clone()),
                    place: place.clone(),
                    expected: None,
                    got: None,
                };
                return (why.iter().map(broken).collect(), None);
            }
        };
        let report = reading.judge(&|policy| match (instead, programs.get(policy.id())) {
            (Some(instead), _) if instead.policy.id() == policy.id() => {
                Ready { compiled: Arc::clone(instead), meter: None }
            }
            (_, Some((compiled, meter))) => {
                let meter = meter.clone().filter(|_| instead.is_none());
                Ready { compiled: Arc::clone(compiled), meter }
            }
            // A policy that only the case's own configuration brings.
            (_, None) => Ready { compiled: compile(policy), meter: None },
        });
        let ids: Vec<&str> = self.case.policies.iter().map(|p| p.id()).collect();
        (compare(&self.case.expect, &self.case.place, &report, &ids), Some(report))
    }
}
