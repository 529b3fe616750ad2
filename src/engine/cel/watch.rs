//! Which part of an expression fails, and on which values. The crate's errors carry no place, so an
//! expression that failed is run once more with every part of it watched.

use super::lower::lower_watched;
use super::program::Program;
use super::rewrite::rewrite;
use super::scope::Scope;
use super::trace::traced;
use super::value::Value;
use crate::engine::syntax::{Expr, ExprId};
use crate::source::clip;
use cel::ExecutionError;
use cel::common::types::{CelInt, CelNull};
use cel::common::value::CowVal;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

/// How much of a value is shown, in characters.
const SHOWN: usize = 60;

/// Where an evaluation failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The variable of the policy whose expression failed; `None` for the expression itself.
    pub variable: Option<String>,
    /// The part, in the bytes of that expression.
    pub at: Range<usize>,
    /// Its text.
    pub part: String,
    /// The parts right below it and what they were.
    pub operands: Vec<(String, String)>,
}

impl Failure {
    /// Its operands in words, to be put behind a message: `, where `doc.size` is 3.0`; may be empty.
    pub fn values(&self) -> String {
        let words: Vec<String> = self.operands.iter().map(|(part, value)| format!("`{part}` is {value}")).collect();
        if words.is_empty() { String::new() } else { format!(", where {}", words.join(" and ")) }
    }
}

#[derive(Default)]
struct Watch {
    /// Parts that have begun and not ended.
    open: Vec<u32>,
    /// What the parts came to when they last ended.
    values: BTreeMap<u32, String>,
    /// What failed in an earlier turn of a loop.
    earlier: Option<Earlier>,
}

/// A part that failed in a turn of a loop that went on.
struct Earlier {
    part: u32,
    /// What the parts were then.
    values: BTreeMap<u32, String>,
    /// The loop.
    within: Option<u32>,
}

thread_local! {
    static WATCH: RefCell<Watch> = RefCell::default();
}

/// `@enter(number)`: a part begins.
pub fn enter<'b, 'v>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let number = number(&args[0]);
    WATCH.with_borrow_mut(|watch| {
        // A part that begins again without having ended failed in the turn before.
        if let Some(at) = watch.open.iter().rposition(|open| *open == number) {
            if let (None, Some(part)) = (&watch.earlier, watch.open.last().copied()) {
                let within = at.checked_sub(1).map(|outer| watch.open[outer]);
                watch.earlier = Some(Earlier { part, values: watch.values.clone(), within });
            }
            watch.open.truncate(at);
        }
        watch.open.push(number);
    });
    Ok(CowVal::owned(CelNull))
}

/// `@leave(@enter(number), value, number)`: a part has its value.
pub fn leave<'b, 'v>(mut args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let number = number(&args[2]);
    let value = args.swap_remove(1);
    WATCH.with_borrow_mut(|watch| {
        // What began within it and never ended had an error that something absorbed.
        if let Some(at) = watch.open.iter().rposition(|open| *open == number) {
            watch.open.truncate(at);
        }
        // A loop that has its value absorbed what failed in it; a part stands behind those below it.
        if watch.earlier.as_ref().is_some_and(|earlier| earlier.within.is_some_and(|within| number >= within)) {
            watch.earlier = None;
        }
        watch.values.insert(number, shown(&Value::of(value.as_ref())));
    });
    Ok(value)
}

fn number(value: &CowVal<'_, '_>) -> u32 {
    value.downcast_ref::<CelInt>().map_or(0, |number| u32::try_from(*number.inner()).unwrap_or(0))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("'{}'", clip(text, SHOWN)),
        // With its fraction, also where it is zero: the type is often what is wrong.
        Value::Double(number) => format!("{number:?}"),
        Value::Node(_) | Value::List(_) | Value::Map(_) | Value::Documents(_) | Value::Leaf(_) | Value::Lazy(_) => {
            format!("a {}", value.type_name())
        }
        other if other.entries().is_some() => format!("a {}", other.type_name()),
        other => clip(&other.to_string(), SHOWN),
    }
}

impl Scope<'_> {
    /// Where `program`, which failed in this scope, fails. `None` where it has a value this time.
    pub fn explain(&self, program: &Program) -> Option<Failure> {
        let mut expr = lower_watched(program.ast()).ok()?;
        rewrite(&mut expr);
        let outer = WATCH.take();
        let (result, _) = traced(|| self.run(&expr, |_| ()));
        let watch = WATCH.replace(outer);
        result.err()?;
        let last = watch.open.last().copied().unwrap_or(program.ast().root().0);
        let (id, values) = match watch.earlier {
            Some(earlier) => (earlier.part, earlier.values),
            None => (last, watch.values),
        };
        let id = ExprId(id);
        if let Some((name, inner)) = self.variable_at(program, id) {
            let failure = self.explain(inner)?;
            return Some(Failure { variable: failure.variable.or(Some(name.to_owned())), ..failure });
        }
        let text = |id: ExprId| {
            let span = program.ast().span(id);
            &program.text()[span.start as usize..span.end as usize]
        };
        // Of a selection it is the field that is not there.
        let span = match program.ast().expr(id) {
            Expr::Select { field, .. } => field.span.clone(),
            _ => program.ast().span(id),
        };
        let operands = program.ast().children(id).into_iter().filter(|child| !is_literal(program, *child));
        let operands = operands.filter_map(|child| Some((clip(text(child), SHOWN), values.get(&child.0)?.clone())));
        Some(Failure {
            variable: None,
            at: span.start as usize..span.end as usize,
            part: clip(text(id), 2 * SHOWN),
            operands: operands.collect(),
        })
    }
}

fn is_literal(program: &Program, id: ExprId) -> bool {
    matches!(program.ast().expr(id), Expr::Literal(_))
}
