//! A change judged against what it began from: the same policies on the same day judge both versions, and
//! what was there before does not count.

use super::problems;
use super::rule_changes;
use super::run::{Input, Reading, ready};
use super::setup::{Faulty, Setup};
use crate::facts::{Change, FileStatus, PullRequest};
use crate::finding::{Comparison, Fingerprint, Gate, Judgement, Outcome, Report, RuleChange, RulesOf, Standing};
use crate::history::Past;
use std::collections::HashSet;
use std::sync::Arc;

/// What a change is judged by, besides the [`Input`] of its files.
pub struct Compared {
    /// The full id of the base commit.
    pub base: String,
    /// What people call it.
    pub base_name: String,
    /// The full id of the commit that reviewers see.
    pub head: String,
    /// Which findings count.
    pub gate: Gate,
    /// Whose rules judge; [`Input::setup`] holds them.
    pub rules: RulesOf,
    /// Why nothing counts.
    pub preview: Option<String>,
    /// The rules of the base version and of the change, or what is wrong with them.
    pub sides: Sides,
    /// The history of the base commit.
    pub past: Past,
    /// The files and lines of the change.
    pub change: Change,
    /// Whether the clone holds everything: else what cannot be judged on either side may be for lack of it,
    /// and is not taken for something that was there before.
    pub whole: bool,
}

/// The rules on both sides of a change.
pub struct Sides {
    /// Those of the base version.
    pub base: Result<Setup, Vec<Faulty>>,
    /// Those that the change brings.
    pub head: Result<Setup, Vec<Faulty>>,
}

/// What was found in the base version.
#[derive(Default)]
struct Before {
    /// Findings by their names.
    findings: HashSet<Fingerprint>,
    /// What could not be judged: rule, kind, id and item. Which condition it was counts for nothing.
    unknown: HashSet<(String, String, String, Option<String>)>,
}

/// Judges a change: everything that [`super::run`] judges, and what of it was there before.
/// Call it through [`super::deep`].
pub fn run_compared(input: Input, compared: Compared) -> Report {
    let Some(Ok(base)) = &input.base else { return super::run(input) };
    // What only a pull request can tell, and what compares with a base, has nothing to ask there.
    let earlier = Input {
        snapshot: Arc::clone(&base.snapshot),
        setup: input.setup.clone(),
        today: input.today,
        past: compared.past.clone(),
        shared: input.shared.clone(),
        base: None,
        pull_request: None,
        choice: input.choice.clone(),
        below: input.below.clone(),
    };
    let mut before = Before::of(&super::run(earlier));
    if !compared.whole {
        before.unknown.clear();
    }
    let changes = rule_changes::between(&compared.sides);
    let pull_request = input.pull_request.clone().and_then(Result::ok);
    let chosen = input.choice.only.is_empty();
    let below = input.below.clone();
    let reading = Reading::new(input);
    let mut report = reading.judge(&ready);
    if chosen {
        report.judgements.extend(problems::of_removed(reading.corpus(), &compared.change));
    }
    if let Some(below) = &below {
        report.narrow(below);
    }
    // What judges is above all paths, so that a run that looks at some of them tells it too.
    if chosen {
        report.judgements.extend(of_rules(&compared, &changes));
    }
    let concerns_us = concerns(&reading, &report, &compared.change, &changes);
    let comparison = comparison(compared, changes, pull_request, concerns_us);
    for judgement in &mut report.judgements {
        stand(judgement, &report.rules, &before, &comparison);
    }
    report.judgements.sort_unstable_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    report.comparison = Some(comparison);
    report
}

fn comparison(
    compared: Compared,
    rule_changes: Vec<RuleChange>,
    pull_request: Option<PullRequest>,
    concerns_us: bool,
) -> Comparison {
    let Compared { base, base_name, head, gate, rules, preview, change, .. } = compared;
    Comparison { base, base_name, head, gate, rules, preview, rule_changes, concerns_us, change, pull_request }
}

impl Before {
    fn of(report: &Report) -> Self {
        let mut before = Before::default();
        for judgement in report.judgements.iter().filter(|judgement| !judgement.folded) {
            match judgement.outcome {
                Outcome::Fail => drop(before.findings.insert(judgement.fingerprint)),
                Outcome::Unknown => drop(before.unknown.insert(subject_of(&report.rule(judgement).id, judgement))),
                _ => {}
            }
        }
        before
    }
}

fn subject_of(rule: &str, judgement: &Judgement) -> (String, String, String, Option<String>) {
    let subject = &judgement.subject;
    (rule.to_owned(), subject.kind.to_string(), subject.id.to_string(), judgement.item.clone())
}

/// Says of a judgement whether it was there before, whether it counts, and what of the change caused it.
fn stand(judgement: &mut Judgement, rules: &[crate::policy::Rule], before: &Before, comparison: &Comparison) {
    let rule = &rules[judgement.rule].id;
    let was = match judgement.outcome {
        Outcome::Fail => before.findings.contains(&judgement.fingerprint),
        Outcome::Unknown => before.unknown.contains(&subject_of(rule, judgement)),
        _ => false,
    };
    // The configuration of the base version stands as it is whatever the change does: a waiver that the
    // change makes needless cannot be removed before it is merged.
    let of_base =
        comparison.rules == RulesOf::Base && &*judgement.subject.kind == "configuration" && !is_about_change(rule);
    judgement.standing = if was || of_base { Standing::Before } else { Standing::New };
    let touches = |path: &str| comparison.change.file(path).is_some();
    let touched = || touches(&judgement.subject.path) || judgement.places.iter().any(|spot| touches(spot.file.path()));
    judgement.counts = comparison.preview.is_none()
        && match comparison.gate {
            Gate::All => true,
            Gate::Touched => judgement.standing == Standing::New || touched(),
            Gate::New => judgement.standing == Standing::New,
        };
    if judgement.standing == Standing::New && matches!(judgement.outcome, Outcome::Fail | Outcome::Unknown) {
        judgement.caused_at = cause(judgement, comparison);
    }
}

fn is_about_change(rule: &str) -> bool {
    matches!(rule, "rules-stay-in-force" | "set-up-stays-valid")
}

/// The line of the change that a finding comes from: where none of its places is in the change, the first
/// changed line among the paths whose changes it rests on.
fn cause(judgement: &Judgement, comparison: &Comparison) -> Option<crate::facts::Seen> {
    if judgement.places.iter().any(|spot| comparison.seen(spot).is_some_and(|seen| seen.in_diff)) {
        return None;
    }
    let change = &comparison.change;
    let asked = judgement.asked.iter().map(|set| set.matcher()).collect::<Vec<_>>();
    let below = |path: &'_ String| path.strip_prefix(&change.root).map(str::to_owned);
    let concerned =
        change.files.keys().filter(|path| below(path).is_some_and(|p| asked.iter().any(|set| set.matches(&p))));
    concerned.filter_map(|path| change.first_added(path)).min_by_key(|seen| !seen.in_diff)
}

/// What is wrong with the rules that the change brings, and what it alters in them.
fn of_rules(compared: &Compared, changes: &[RuleChange]) -> Vec<Judgement> {
    let mut found = Vec::new();
    if let (Err(faulty), RulesOf::Base) = (&compared.sides.head, compared.rules) {
        found.extend(problems::of_set_up(faulty));
    }
    found.extend(problems::of_rule_changes(changes));
    found
}

/// Whether a change has anything to do with what is checked here.
fn concerns(reading: &Reading, report: &Report, change: &Change, rule_changes: &[RuleChange]) -> bool {
    if !rule_changes.is_empty() {
        return true;
    }
    let corpus = reading.corpus();
    let documents = corpus.judged().iter().map(|document| document.tree.file().path());
    let files = documents.chain(corpus.base_paths());
    let mut ours: HashSet<String> = files.map(|path| change.whole(path)).collect();
    let weighty = report.judgements.iter().filter(|j| matches!(j.outcome, Outcome::Fail | Outcome::Unknown));
    ours.extend(weighty.flat_map(|j| &j.places).map(|spot| change.whole(spot.file.path())));
    let former = change.files.values().filter_map(|file| match &file.status {
        FileStatus::Renamed(from) => Some(from),
        _ => None,
    });
    if change.files.keys().chain(former).any(|path| ours.contains(path)) {
        return true;
    }
    let asked: HashSet<_> =
        report.judgements.iter().filter(|j| j.outcome == Outcome::Fail).flat_map(|j| &j.asked).collect();
    let matchers: Vec<_> = asked.into_iter().map(|set| set.matcher()).collect();
    let paths = change.files.keys().filter_map(|path| path.strip_prefix(&change.root));
    paths.into_iter().any(|path| matchers.iter().any(|set| set.matches(path)))
}
