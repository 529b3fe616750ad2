//! Running cases.

use super::bench::Bench;
use super::case::Case;
use super::compare::{Difference, Kind, compare};
use super::gaps::{Seen, gaps};
use super::report::{Cost, PolicyTested, Tested, TestedCase, TestedGroup};
use crate::config::FILE_NAME;
use crate::document::Kinds;
use crate::engine::compile::{Compiled, Names};
use crate::engine::meter::Meter;
use crate::engine::run::{Choice, Input, Reading, Ready};
use crate::engine::setup::{Sources, set_up_with};
use crate::facts::{History, MemorySnapshot};
use crate::finding::Report;
use crate::policy::Policy;
use crate::source::SourceFile;
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// What is asked besides whether the cases hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ask {
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
    let mut seen: HashMap<&str, Seen> = HashMap::new();
    let mut groups = Vec::new();
    for group in &bench.groups {
        let ran: Vec<(Vec<Difference>, Option<Report>)> =
            group.cases.par_iter().map(|case| Stage::new(case, &bench.kinds).judge(&programs)).collect();
        let mut cases = Vec::new();
        for (case, (differences, report)) in group.cases.iter().zip(ran) {
            for policy in &case.policies {
                let of_policy = seen.entry(policy.id()).or_default();
                of_policy.cases += 1;
                if let Some(report) = &report {
                    of_policy.add(report, policy);
                }
            }
            cases.push(TestedCase { name: case.name.clone(), place: case.place.clone(), differences });
        }
        groups.push(TestedGroup { name: group.name.clone(), file: Arc::clone(&group.file), cases });
    }
    let policies = bench.policies.iter().map(|policy| {
        let seen = seen.remove(policy.id()).unwrap_or_default();
        let meter = programs.get(policy.id()).and_then(|(_, meter)| meter.as_ref());
        PolicyTested {
            policy: Arc::clone(policy),
            cases: seen.cases,
            gaps: gaps(policy, &seen),
            cost: meter.map(|meter| Cost::of(policy, &meter.spent())),
        }
    });
    Tested { policies: policies.collect(), groups, allow_gaps: ask.allow_gaps }
}

fn programs(bench: &Bench, ask: Ask) -> Programs {
    let names = Names::of(&bench.kinds);
    let asked = bench.groups.iter().flat_map(|g| &g.cases).flat_map(|c| &c.policies);
    let mut programs = Programs::new();
    for policy in bench.policies.iter().chain(asked) {
        if !programs.contains_key(policy.id()) {
            let meter = ask.cost.then(Arc::<Meter>::default);
            programs.insert(policy.id().to_owned(), (compile(policy, &names), meter));
        }
    }
    programs
}

fn compile(policy: &Arc<Policy>, names: &Names) -> Arc<Compiled> {
    match Compiled::new(policy, names) {
        Ok(compiled) => Arc::new(compiled),
        Err(found) => unreachable!("{} compiled when it was read: {found:?}", policy.id()),
    }
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
        let reading = setup.map(|setup| {
            Reading::new(Input {
                snapshot: Arc::new(snapshot),
                setup,
                today: case.today,
                history: History::None("a case has none".to_owned()),
                adopted_at: None,
                shared: None,
                choice: Choice::default(),
                below: None,
            })
        });
        Stage { case, reading }
    }

    /// What is not as expected, and everything that was said where the case can be run.
    pub fn judge(&self, programs: &Programs) -> (Vec<Difference>, Option<Report>) {
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
        let names = Names::of(reading.kinds());
        let report = reading.judge(&|policy| match programs.get(policy.id()) {
            Some((compiled, meter)) => Ready { compiled: Arc::clone(compiled), meter: meter.clone() },
            // A policy that only the case's own configuration brings.
            None => Ready { compiled: compile(policy, &names), meter: None },
        });
        let ids: Vec<&str> = self.case.policies.iter().map(|p| p.id()).collect();
        (compare(&self.case.expect, &self.case.place, &report, &ids), Some(report))
    }
}
