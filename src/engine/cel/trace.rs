//! What an evaluation touched and what it used up, kept a thread for as long as it runs.
//!
//! CEL values carry no place and the crate's functions are plain `fn`s without a context, so both
//! the record of reads and the budget live beside the evaluation instead of inside it.

use crate::value::NodeId;
use std::cell::{Cell, RefCell};

/// Steps an evaluation may use: one an iteration, one a 16 bytes or items of what it builds.
/// Deterministic, so the same policy costs the same everywhere.
pub const BUDGET: i64 = 100_000;

/// One access to a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// A node that is there: the tree's index and the node.
    Node(u32, NodeId),
    /// A key that is not there: the tree's index, the map, the key.
    Missing(u32, NodeId, String),
}

/// Why an evaluation cannot be trusted, whatever it returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A fact that could not be known; says what and how to mend it.
    Unknown(String),
    /// It read `base`, and this run has no base commit to compare with.
    NoBase,
    /// A document that it needed is reported as unreadable already.
    Reported(String),
}

/// The record of one evaluation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Every access in order.
    pub reads: Vec<Read>,
    /// Facts it met that are unknown.
    pub marks: Vec<Mark>,
    /// Steps used.
    pub cost: i64,
    /// Whether the budget ran out.
    pub exhausted: bool,
}

thread_local! {
    static CURRENT: RefCell<Trace> = RefCell::default();
    static LEFT: Cell<i64> = const { Cell::new(0) };
}

/// Runs `evaluation` with a full budget and an empty record, and returns both results.
/// Evaluations within it (variables) share its budget and its record.
pub fn traced<T>(evaluation: impl FnOnce() -> T) -> (T, Trace) {
    let outer = CURRENT.take();
    let outer_left = LEFT.replace(BUDGET);
    let result = evaluation();
    let left = LEFT.replace(outer_left);
    let mut trace = CURRENT.replace(outer);
    trace.cost = BUDGET - left.max(0);
    trace.exhausted = left < 0;
    (result, trace)
}

/// Records an access.
pub fn read(access: Read) {
    CURRENT.with_borrow_mut(|trace| trace.reads.push(access));
}

/// Records a node that is there.
pub fn read_node(tree: u32, node: NodeId) {
    read(Read::Node(tree, node));
}

/// Marks the evaluation: it is not to be trusted.
pub fn mark(mark: Mark) {
    CURRENT.with_borrow_mut(|trace| {
        if !trace.marks.contains(&mark) {
            trace.marks.push(mark);
        }
    });
}

/// Takes `steps` from the budget; false once it is used up.
pub fn spend(steps: usize) -> bool {
    let left = LEFT.get().saturating_sub(i64::try_from(steps).unwrap_or(i64::MAX));
    LEFT.set(left.max(-1));
    left >= 0
}

/// Puts `earlier` reads back into the record, for a variable whose value is taken from memory.
pub fn replay(earlier: &[Read]) {
    CURRENT.with_borrow_mut(|trace| trace.reads.extend_from_slice(earlier));
}

/// The reads since `from`.
pub fn reads_since(from: usize) -> Vec<Read> {
    CURRENT.with_borrow(|trace| trace.reads[from.min(trace.reads.len())..].to_vec())
}

/// How many reads are recorded.
pub fn position() -> usize {
    CURRENT.with_borrow(|trace| trace.reads.len())
}
