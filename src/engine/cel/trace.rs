//! What an evaluation touched and what it used up, kept a thread for as long as it runs.
//!
//! CEL values carry no place and the crate's functions are plain `fn`s without a context, so both
//! the record of reads and the budget live beside the evaluation instead of inside it.

use crate::finding::Cited;
use crate::history::PathSet;
use crate::value::NodeId;
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// Steps an evaluation may use: one an iteration and more where its body is large, one a 16 items or
/// 256 bytes of what is built, copied, searched or compared, one a 8 reads. Deterministic, so the same
/// policy costs the same everywhere.
pub const BUDGET: i64 = 100_000;

/// A step is paid in so many units: one a byte of text, [`ITEM`] an item.
const UNITS: usize = 256;

/// Units of an item of a list and of a comparison.
pub const ITEM: usize = 16;

/// Units of a read.
const READ: usize = 32;

/// Bytes of a missing key that are kept: a document can name longer ones, as often as a loop runs.
const KEY: usize = 256;

/// Statements of the history that an evaluation keeps; the first ones tell as much as thousands.
const CITED: usize = 100;

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
    /// A fact that could not be known, or a policy that says that it cannot tell: why, and what to do.
    Unknown(String, String),
    /// What it asked for is not there in this run, so that the policy does not apply; says what is missing.
    Never(String),
    /// A document that it needed is reported as unreadable already.
    Reported(String),
}

impl Mark {
    /// What could not be known, in words.
    pub fn why(&self) -> &str {
        match self {
            Mark::Unknown(why, _) | Mark::Reported(why) | Mark::Never(why) => why,
        }
    }
}

/// The record of one evaluation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Every access in order.
    pub reads: Vec<Read>,
    /// Statements of the git history that it used.
    pub cited: Vec<Cited>,
    /// Paths whose changes it asked for.
    pub asked: Vec<PathSet>,
    /// Facts it met that are unknown.
    pub marks: Vec<Mark>,
    /// Steps used.
    pub cost: i64,
    /// Whether the budget ran out.
    pub exhausted: bool,
    /// How many files it looked up that were there.
    pub found: usize,
    /// Regular expressions that it used.
    patterns: HashSet<String>,
}

thread_local! {
    static CURRENT: RefCell<Trace> = RefCell::default();
    static LEFT: Cell<i64> = const { Cell::new(0) };
}

/// Runs `evaluation` with a full budget and an empty record, and returns both results.
/// Evaluations within it (variables) share its budget and its record.
pub fn traced<T>(evaluation: impl FnOnce() -> T) -> (T, Trace) {
    let outer = CURRENT.take();
    let outer_left = LEFT.replace(BUDGET * UNITS as i64);
    let result = evaluation();
    let left = LEFT.replace(outer_left);
    let mut trace = CURRENT.replace(outer);
    trace.cost = BUDGET - left.max(0) / UNITS as i64;
    trace.exhausted = left < 0;
    (result, trace)
}

/// Records an access.
pub fn read(access: Read) {
    // A spent budget ends the evaluation at the next step that is paid.
    spend_units(READ);
    CURRENT.with_borrow_mut(|trace| trace.reads.push(access));
}

/// Records a node that is there.
pub fn read_node(tree: u32, node: NodeId) {
    read(Read::Node(tree, node));
}

/// Records that a map has no such key.
pub fn read_missing(tree: u32, node: NodeId, key: &str) {
    read(Read::Missing(tree, node, key[..key.floor_char_boundary(KEY)].to_owned()));
}

/// Whether the evaluation uses this regular expression for the first time.
pub fn first_use(pattern: &str) -> bool {
    CURRENT.with_borrow_mut(|trace| !trace.patterns.contains(pattern) && trace.patterns.insert(pattern.to_owned()))
}

/// Records that a file that was looked up is there.
pub fn found() {
    CURRENT.with_borrow_mut(|trace| trace.found += 1);
}

/// Marks the evaluation: it is not to be trusted.
pub fn mark(mark: Mark) {
    CURRENT.with_borrow_mut(|trace| {
        if !trace.marks.contains(&mark) {
            trace.marks.push(mark);
        }
    });
}

/// Records that a statement of the git history was used.
pub fn cite(cited: &Cited) {
    CURRENT.with_borrow_mut(|trace| {
        if trace.cited.len() < CITED && !trace.cited.contains(cited) {
            trace.cited.push(cited.clone());
        }
    });
}

/// Records that the changes of these paths were asked for.
pub fn ask(paths: &PathSet) {
    CURRENT.with_borrow_mut(|trace| {
        if trace.asked.len() < CITED && !trace.asked.contains(paths) {
            trace.asked.push(paths.clone());
        }
    });
}

/// Takes `steps` from the budget; false once it is used up.
pub fn spend(steps: usize) -> bool {
    spend_units(steps.saturating_mul(UNITS))
}

/// Takes `units` from the budget; false once it is used up.
pub fn spend_units(units: usize) -> bool {
    let left = LEFT.get().saturating_sub(i64::try_from(units).unwrap_or(i64::MAX));
    LEFT.set(left.max(-1));
    left >= 0
}

/// Units that are left, at least 0.
pub fn units_left() -> usize {
    usize::try_from(LEFT.get()).unwrap_or(0)
}

/// How many reads of a variable are recorded again when its value is taken from memory. Places are
/// made from the last ones; a variable read in a loop must not record all of its reads each time.
const REPLAYED: usize = 16;

/// What was read and cited since a [`position`].
#[derive(Clone, Debug, Default)]
pub struct Used {
    reads: Vec<Read>,
    cited: Vec<Cited>,
    asked: Vec<PathSet>,
    found: usize,
}

/// Where the record stood at some time.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    reads: usize,
    cited: usize,
    asked: usize,
    found: usize,
}

/// Puts the last of what was used `earlier` back into the record, for a variable whose value is taken from
/// memory.
pub fn replay(earlier: &Used) {
    let last = &earlier.reads[earlier.reads.len().saturating_sub(REPLAYED)..];
    CURRENT.with_borrow_mut(|trace| {
        trace.reads.extend_from_slice(last);
        trace.found += earlier.found;
    });
    earlier.cited.iter().for_each(cite);
    earlier.asked.iter().for_each(ask);
}

/// What was used since `from`.
pub fn used_since(from: Position) -> Used {
    CURRENT.with_borrow(|trace| Used {
        reads: trace.reads[from.reads.min(trace.reads.len())..].to_vec(),
        cited: trace.cited[from.cited.min(trace.cited.len())..].to_vec(),
        asked: trace.asked[from.asked.min(trace.asked.len())..].to_vec(),
        found: trace.found.saturating_sub(from.found),
    })
}

/// How much is recorded.
pub fn position() -> Position {
    CURRENT.with_borrow(|trace| Position {
        reads: trace.reads.len(),
        cited: trace.cited.len(),
        asked: trace.asked.len(),
        found: trace.found,
    })
}
