//! The internal functions that expressions are rewritten to. Their names begin with `@`, which no
//! expression can write.

use super::equality;
use super::trace::spend;
use cel::ExecutionError;
use cel::common::functions::Function;
use cel::common::types::{CelBool, CelInt, CelString, DYN_TYPE};
use cel::common::value::{CowVal, Val};
use cel::{DeclarationError, Env};
use std::cell::RefCell;
use std::collections::HashMap;

/// What a spent budget is called in errors; the trace says so too.
pub const EXHAUSTED: &str = "@budget";

type Args<'b, 'v> = Vec<CowVal<'b, 'v>>;
type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

/// Bytes or items that make one step of the budget.
const GRAIN: usize = 16;

/// Adds the internal functions to an environment.
pub fn declare(env: &mut Env) -> Result<(), DeclarationError> {
    let table: &[(&str, usize, Function)] = &[
        ("@eq", 2, eq),
        ("@ne", 2, ne),
        ("@contains", 2, contains),
        ("@tick", 0, tick),
        ("@charge", 1, charge),
        ("@square", 1, square),
        ("@count", 1, count),
        ("@replace", 3, replace),
        ("@replace", 4, replace),
        ("@join", 1, join),
        ("@join", 2, join),
        ("@matches", 2, matches),
    ];
    for (name, arity, function) in table {
        env.add_overload(name, &format!("{name}/{arity}"), (0..*arity).map(|_| DYN_TYPE).collect(), *function)?;
    }
    Ok(())
}

fn exhausted() -> ExecutionError {
    ExecutionError::function_error(EXHAUSTED, "the evaluation takes more steps than it may")
}

fn wrong_type(function: &str, value: &dyn Val) -> ExecutionError {
    ExecutionError::no_such_overload(function, vec![value.get_type().name().to_owned()])
}

fn eq<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    Ok(CowVal::owned(CelBool::from(equality::equal(args[0].as_ref(), args[1].as_ref()))))
}

fn ne<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    Ok(CowVal::owned(CelBool::from(!equality::equal(args[0].as_ref(), args[1].as_ref()))))
}

fn contains<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    if !spend(size(args[1].as_ref()) / GRAIN) {
        return Err(exhausted());
    }
    equality::contains(args[1].as_ref(), args[0].as_ref())
        .map(|found| CowVal::owned(CelBool::from(found)))
        .ok_or_else(|| wrong_type("in", args[1].as_ref()))
}

fn tick<'b, 'v>(_: Args<'b, 'v>) -> Answer<'b, 'v> {
    if spend(1) { Ok(CowVal::owned(CelBool::from(true))) } else { Err(exhausted()) }
}

/// The size of what was built: characters of a text, items of a list.
fn size(value: &dyn Val) -> usize {
    if let Some(text) = value.downcast_ref::<CelString>() {
        return text.inner().len();
    }
    value.as_sizer().map_or(0, |sizer| usize::try_from(*sizer.size().inner()).unwrap_or(0))
}

fn pay<'b, 'v>(mut args: Args<'b, 'v>, steps: usize) -> Answer<'b, 'v> {
    if !spend(steps) {
        return Err(exhausted());
    }
    args.pop().ok_or(ExecutionError::MissingArgumentOrTarget)
}

/// Charges for a value after it was made.
fn charge<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let steps = size(args[0].as_ref()) / GRAIN;
    pay(args, steps)
}

/// Charges for work that grows with the square of a list, before it is done.
fn square<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items = size(args[0].as_ref());
    pay(args, items.saturating_mul(items) / GRAIN)
}

/// Charges for a number of items, before they are made.
fn count<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items = args[0].downcast_ref::<CelInt>().map_or(0, |n| usize::try_from(*n.inner()).unwrap_or(0));
    pay(args, items / GRAIN)
}

fn text<'a>(function: &str, value: &'a CowVal<'_, '_>) -> Result<&'a str, ExecutionError> {
    value.downcast_ref::<CelString>().map(|t| t.inner()).ok_or_else(|| wrong_type(function, value.as_ref()))
}

/// `replace` that knows the size of its result before it makes it.
fn replace<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let (whole, from, to) = (text("replace", &args[0])?, text("replace", &args[1])?, text("replace", &args[2])?);
    let limit = match args.get(3) {
        Some(n) => *n.downcast_ref::<CelInt>().ok_or_else(|| wrong_type("replace", n.as_ref()))?.inner(),
        None => -1,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = whole.matches(from).take(limit).count();
    if !spend((whole.len() + found.saturating_mul(to.len())) / GRAIN) {
        return Err(exhausted());
    }
    Ok(CowVal::owned(CelString::from(whole.replacen(from, to, limit))))
}

/// `join` that pays for each piece before it adds it.
fn join<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let separator = args.get(1).map_or(Ok(""), |s| text("join", s))?;
    let list = args[0].as_iterable().ok_or_else(|| wrong_type("join", args[0].as_ref()))?;
    let (mut items, mut joined, mut first) = (list.iter(), String::new(), true);
    while let Some(item) = items.next() {
        let piece = item.downcast_ref::<CelString>().ok_or_else(|| wrong_type("join", item))?;
        if !spend((piece.inner().len() + separator.len()) / GRAIN + 1) {
            return Err(exhausted());
        }
        if !first {
            joined.push_str(separator);
        }
        first = false;
        joined.push_str(piece.inner());
    }
    Ok(CowVal::owned(CelString::from(joined)))
}

/// `matches` that compiles a pattern once a thread instead of at every call.
fn matches<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    thread_local! {
        static PATTERNS: RefCell<HashMap<String, regex::Regex>> = RefCell::default();
    }
    /// More patterns than policies write are made by expressions; those are not kept.
    const KEPT: usize = 256;
    let (text, pattern) = (text("matches", &args[0])?, text("matches", &args[1])?);
    if !spend((text.len() + pattern.len()) / GRAIN) {
        return Err(exhausted());
    }
    PATTERNS.with_borrow_mut(|patterns| {
        if !patterns.contains_key(pattern) {
            let compiled = regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().map_err(|_| {
                ExecutionError::function_error("matches", format!("`{pattern}` is no regular expression"))
            })?;
            if patterns.len() >= KEPT {
                patterns.clear();
            }
            patterns.insert(pattern.to_owned(), compiled);
        }
        Ok(CowVal::owned(CelBool::from(patterns[pattern].is_match(text))))
    })
}
