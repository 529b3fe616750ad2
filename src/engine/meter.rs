//! What policies cost: the steps that their expressions take, counted where somebody asks.
//!
//! Steps depend on the expression and on what it reads and on nothing else (see [`super::cel::Trace`]),
//! so the figures are the same on each machine.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// An expression of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// `for_each`.
    ForEach,
    /// `when`.
    When,
    /// The variable at this position, with the variables that it reads.
    Variable(usize),
    /// The validation at this position, with the variables that it is the first to read.
    Validation(usize),
}

/// What an expression took over some evaluations, in steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// The dearest evaluation: what the budget bounds.
    pub largest: u64,
    /// All evaluations together.
    pub sum: u64,
    /// How many there were.
    pub evaluations: u64,
}

/// Counts the steps of one policy. Evaluations on several threads may share it.
#[derive(Debug, Default)]
pub struct Meter(Mutex<BTreeMap<Part, Spent>>);

impl Meter {
    /// Adds an evaluation.
    pub(super) fn count(&self, part: Part, steps: i64) {
        let steps = u64::try_from(steps).unwrap_or(0);
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let spent = counted.entry(part).or_default();
        spent.largest = spent.largest.max(steps);
        spent.sum += steps;
        spent.evaluations += 1;
    }

    /// What was counted so far.
    pub fn spent(&self) -> BTreeMap<Part, Spent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
