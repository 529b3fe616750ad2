//! What testing policies came to.

use super::compare::Difference;
use super::gaps::Gap;
use crate::engine::meter::{Part, Spent};
use crate::finding::Spot;
use crate::policy::Policy;
use crate::source::SourceFile;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A whole test run.
pub struct Tested {
    /// The policies that are tested.
    pub policies: Vec<PolicyTested>,
    /// The cases, file by file.
    pub groups: Vec<TestedGroup>,
    /// Gaps do not fail the run.
    pub allow_gaps: bool,
}

/// A policy.
pub struct PolicyTested {
    /// The policy.
    pub policy: Arc<Policy>,
    /// How many cases ask it.
    pub cases: usize,
    /// What they leave out.
    pub gaps: Vec<Gap>,
    /// How many changes of it the cases had to notice, where that was asked.
    pub changes: Option<usize>,
    /// What it costs, where that was asked.
    pub cost: Option<Cost>,
}

/// The cases of a file.
pub struct TestedGroup {
    /// The policy's id, or the path of the suite.
    pub name: String,
    /// The file.
    pub file: Arc<SourceFile>,
    /// The cases.
    pub cases: Vec<TestedCase>,
}

/// A case.
pub struct TestedCase {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Spot,
    /// What is not as expected.
    pub differences: Vec<Difference>,
}

/// What a policy cost over all cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// All of it. The largest evaluation is the one that the budget bounds.
    pub whole: Spent,
    /// Each expression by its name, in the order in which they run.
    pub parts: Vec<(String, Spent)>,
}

impl Cost {
    /// The cost of a policy from what was counted.
    pub(super) fn of(policy: &Policy, spent: &BTreeMap<Part, Spent>) -> Self {
        let mut cost = Cost { whole: Spent::default(), parts: Vec::new() };
        for (part, spent) in spent {
            let name = match part {
                Part::ForEach => "for_each".to_owned(),
                Part::When => "when".to_owned(),
                Part::Variable(at) => format!("variables.{}", policy.variables[*at].0),
                Part::Validation(at) => policy.validations[*at].name.clone(),
            };
            // A variable is paid by what reads it first, so it is no part of the sum.
            if !matches!(part, Part::Variable(_)) {
                cost.whole.largest = cost.whole.largest.max(spent.largest);
                cost.whole.sum += spent.sum;
                cost.whole.evaluations += spent.evaluations;
            }
            cost.parts.push((name, *spent));
        }
        cost
    }
}

/// What a test run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestVerdict {
    /// Everything is as expected.
    Passed,
    /// Something is not as expected, or the cases leave something out.
    Failed,
}

impl Tested {
    /// How many cases there are.
    pub fn cases(&self) -> usize {
        self.groups.iter().map(|g| g.cases.len()).sum()
    }

    /// The cases in which something is not as expected.
    pub fn failing(&self) -> impl Iterator<Item = &TestedCase> {
        self.groups.iter().flat_map(|g| &g.cases).filter(|c| !c.differences.is_empty())
    }

    /// What the cases leave out.
    pub fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.policies.iter().flat_map(|p| &p.gaps)
    }

    /// What the run came to.
    pub fn verdict(&self) -> TestVerdict {
        let open = self.gaps().next().is_some() && !self.allow_gaps;
        if open || self.failing().next().is_some() { TestVerdict::Failed } else { TestVerdict::Passed }
    }
}
