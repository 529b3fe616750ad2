//! What cases leave out: a policy is tested when some case fails it, some passes it, and each of its
//! validations is false somewhere.

use super::mutate::{Mutant, one_line};
use crate::finding::{Outcome, Report, Spot};
use crate::policy::Policy;
use std::collections::BTreeSet;

/// What the cases of a policy showed.
#[derive(Clone, Debug)]
pub struct Seen {
    /// How many there are.
    pub cases: usize,
    /// Whether everything is as expected in all of them.
    pub holds: bool,
    passed: bool,
    failed: bool,
    /// The validations that were false.
    false_ones: BTreeSet<String>,
}

impl Default for Seen {
    fn default() -> Self {
        Seen { cases: 0, holds: true, passed: false, failed: false, false_ones: BTreeSet::new() }
    }
}

impl Seen {
    /// Adds what a case showed.
    pub fn add(&mut self, report: &Report, policy: &Policy) {
        for judgement in report.judgements.iter().filter(|j| report.rule(j).id == policy.id()) {
            self.passed |= judgement.outcome == Outcome::Pass;
            // A waiver or a record kept elsewhere covers a validation that is false.
            if matches!(judgement.outcome, Outcome::Fail | Outcome::Waived | Outcome::Attested) {
                self.failed |= judgement.outcome == Outcome::Fail;
                self.false_ones.extend(judgement.validation.clone());
            }
        }
    }
}

/// Something that no case shows.
#[derive(Clone, Debug)]
pub struct Gap {
    /// A stable name of its kind.
    pub code: &'static str,
    /// What no case shows.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Where it is in the policy file.
    pub place: Spot,
}

/// Everything that the cases of a policy leave out.
pub fn gaps(policy: &Policy, seen: &Seen) -> Vec<Gap> {
    let tree = &policy.tree;
    let id = tree.get(policy.root(), "id").unwrap_or(policy.root());
    let gap = |code, node, message: String, help: &str| Gap {
        code,
        message,
        help: help.to_owned(),
        place: Spot::new(tree.file(), tree.node(node).span),
    };
    if seen.cases == 0 {
        let message = format!("`{}` has no case at all, so nothing shows that it does what it says", policy.id());
        let help = "Add `examples` to the policy: one with a finding, and one that nearly has it and passes.";
        return vec![gap("no-cases", id, message, help)];
    }
    let mut gaps = Vec::new();
    if !seen.failed {
        let message = format!("no case fails `{}`, so nothing shows that it finds anything", policy.id());
        gaps.push(gap("no-failing-case", id, message, "Add a case with a finding, and the place it has to point at."));
    }
    if !seen.passed {
        let message = format!("no case passes `{}`, so nothing shows that it can be met", policy.id());
        gaps.push(gap("no-passing-case", id, message, "Add a case that nearly fails and passes."));
    }
    if seen.failed {
        for validation in policy.validations.iter().filter(|v| !seen.false_ones.contains(&v.name)) {
            let message = format!("no case makes the validation `{}` of `{}` false", validation.name, policy.id());
            let help = "Add a case in which the validations above it hold and this one does not; if there is none, it \
                        can be left out.";
            gaps.push(gap("validation-never-false", validation.expression.node, message, help));
        }
    }
    gaps
}

/// The changes that no case notices, without those that the policy says make no difference; what it says
/// without need is a gap too. Where several parts read the same, each entry stands for the next of them.
pub fn accepted(policy: &Policy, mut survivors: Vec<Mutant>) -> Vec<Gap> {
    let tree = &policy.tree;
    let list = tree.get(policy.root(), "equivalent_changes").map(|n| tree.items(n)).unwrap_or_default();
    let mut gaps = Vec::new();
    for row in list {
        let text = |key| tree.get(*row, key).and_then(|n| tree.scalar_text(n)).map(one_line).unwrap_or_default();
        let (was, now) = (text("was"), text("now"));
        let same = (0..survivors.len()).filter(|at| survivors[*at].was == was && survivors[*at].now == now);
        if let Some(first) = same.min_by_key(|at| survivors[*at].place.span) {
            survivors.remove(first);
        } else {
            gaps.push(Gap {
                code: "needless-equivalent-change",
                message: format!("a case notices that `{was}` becomes `{now}`, or there is no such change"),
                help: "Remove the entry, or write both parts as `annexa test --mutate` shows them.".to_owned(),
                place: Spot::new(tree.file(), crate::engine::place::span_of(tree, *row)),
            });
        }
    }
    gaps.extend(survivors.into_iter().map(|mutant| Gap {
        code: "unnoticed-change",
        message: format!("no case notices that `{}` becomes `{}`", mutant.was, mutant.now),
        help: mutant.help.to_owned(),
        place: mutant.place,
    }));
    gaps
}
