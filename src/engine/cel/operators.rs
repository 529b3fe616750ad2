//! The internal functions that expressions are rewritten to. Their names begin with `@`, which no
//! expression can write.

use super::equality;
use super::listing::Listing;
use super::trace::{ITEM, first_use, spend, spend_units, units_left};
use super::view::View;
use super::watch;
use crate::source::clip;
use cel::ExecutionError;
use cel::common::functions::Function;
use cel::common::types::{
    CelBool, CelBytes, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelOptional, CelString, CelTimestamp, DYN_TYPE,
    LIST_TYPE, MAP_TYPE,
};
use cel::common::value::{CowVal, Val};
use cel::{DeclarationError, Env};
use std::cell::RefCell;
use std::collections::HashMap;

/// What a spent budget is called in errors; the trace says so too.
pub const EXHAUSTED: &str = "@budget";

type Args<'b, 'v> = Vec<CowVal<'b, 'v>>;
type Answer<'b, 'v> = Result<CowVal<'b, 'v>, ExecutionError>;

/// Units of the budget of an entry of a map, which takes more time and memory than an item of a list.
const ENTRY: usize = 4 * ITEM;

/// Steps that a regular expression costs an evaluation that uses it for the first time: compiling one
/// takes as long as matching much text.
const PATTERN: usize = 1_000;

/// Bytes of a compiled regular expression.
const PATTERN_BYTES: usize = 1 << 19;

/// Adds the internal functions to an environment.
pub fn declare(env: &mut Env) -> Result<(), DeclarationError> {
    let table: &[(&str, usize, Function)] = &[
        ("@enter", 1, watch::enter),
        ("@eq", 2, eq),
        ("@ne", 2, ne),
        ("@contains", 2, contains),
        ("@tick", 1, tick),
        ("@leave", 3, watch::leave),
        ("@charge", 1, charge),
        ("@keep", 2, keep),
        ("@scan", 1, scan),
        ("@walk", 1, walk),
        ("@keys", 1, keys),
        ("@map", 1, map),
        ("@merge", 1, merge),
        ("@text", 1, text_only),
        ("@pieces", 1, pieces),
        ("@square", 1, square),
        ("@count", 1, count),
        ("@replace", 3, replace),
        ("@replace", 4, replace),
        ("@join", 1, join),
        ("@join", 2, join),
        ("@matches", 2, matches),
        ("@milliseconds", 1, milliseconds),
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
    equality::contains(args[1].as_ref(), args[0].as_ref())
        .map(|found| CowVal::owned(CelBool::from(found)))
        .ok_or_else(|| wrong_type("in", args[1].as_ref()))
}

/// One turn of a loop; the argument is what its body costs.
fn tick<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let steps = whole(args[0].as_ref());
    if spend(steps) { Ok(CowVal::owned(CelBool::from(true))) } else { Err(exhausted()) }
}

fn whole(value: &dyn Val) -> usize {
    value.downcast_ref::<CelInt>().map_or(0, |n| usize::try_from(*n.inner()).unwrap_or(0))
}

/// What a value weighs.
#[derive(Clone, Copy, PartialEq)]
enum Weigh {
    /// To copy: maps and lists of documents are lent, not copied.
    Copy,
    /// To walk over.
    Walk,
}

/// Units of the budget that a value takes, at most a little more than `most`.
fn weight<'v>(value: &(dyn Val + 'v), how: Weigh, most: usize) -> usize {
    if let Some(text) = value.downcast_ref::<CelString>() {
        return text.inner().len();
    }
    if let Some(bytes) = value.downcast_ref::<CelBytes>() {
        return bytes.inner().len();
    }
    let mut sum = 0;
    if let Some(list) = value.downcast_ref::<CelList>() {
        for item in list.inner() {
            sum += ITEM + weight(item.as_ref(), how, most.saturating_sub(sum));
            if sum > most {
                break;
            }
        }
    } else if let Some(map) = value.downcast_ref::<CelMap>() {
        for (key, item) in map.inner() {
            sum += ENTRY + weight(key.inner(), how, most) + weight(item.as_ref(), how, most.saturating_sub(sum));
            if sum > most {
                break;
            }
        }
    } else if let Some(optional) = value.downcast_ref::<CelOptional>() {
        sum = optional.inner().map_or(0, |inner| weight(inner, how, most));
    } else if how == Weigh::Walk {
        if let Some(view) = value.downcast_ref::<View>() {
            sum = view.weight();
        } else if let Some(listing) = value.downcast_ref::<Listing>() {
            sum = listing.items().len() * ITEM;
        }
    }
    sum
}

fn pay<'b, 'v>(mut args: Args<'b, 'v>, units: usize) -> Answer<'b, 'v> {
    if !spend_units(units) {
        return Err(exhausted());
    }
    args.pop().ok_or(ExecutionError::MissingArgumentOrTarget)
}

/// Charges for a value that was made or is to be copied.
fn charge<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let units = weight(args[0].as_ref(), Weigh::Copy, units_left());
    pay(args, units)
}

/// One turn of a loop that keeps a value: what the body costs, and the value.
fn keep<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let units = weight(args[1].as_ref(), Weigh::Copy, units_left());
    if !spend(whole(args[0].as_ref())) {
        return Err(exhausted());
    }
    pay(args, units)
}

/// Charges for the arguments of one of the project's own functions, which are copied and looked at
/// closely: a step a 16 bytes.
pub fn pay_for_arguments(args: &[CowVal<'_, '_>]) -> Result<(), ExecutionError> {
    let weigh = |arg: &CowVal<'_, '_>| weight(arg.as_ref(), Weigh::Copy, units_left()).saturating_mul(ITEM);
    let units = args.iter().map(weigh).fold(ITEM, usize::saturating_add);
    if spend_units(units) { Ok(()) } else { Err(exhausted()) }
}

/// Charges for a value that is to be walked over.
fn scan<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let units = weight(args[0].as_ref(), Weigh::Walk, units_left());
    pay(args, units)
}

/// Charges for what a loop walks over, and lets it walk over the keys of a map in their order: the
/// crate's map has none of its own, and what is shown and what is paid must not change from run to run.
fn walk<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let args = vec![scan(args)?];
    match args[0].downcast_ref::<CelMap>() {
        Some(map) => Ok(CowVal::owned(CelList::from(sorted(map)))),
        None => pay(args, 0),
    }
}

/// The keys of a map in their order.
fn sorted<'v>(map: &CelMap<'v>) -> Vec<Box<dyn Val + 'v>> {
    equality::sorted_keys(map.inner()).into_iter().map(|key| key.inner().clone_as_boxed()).collect()
}

/// What a loop with two variables walks over: the places of a list, the keys of a map.
fn keys<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let range = args[0].as_ref();
    let units = weight(range, Weigh::Walk, units_left());
    if !spend_units(units) {
        return Err(exhausted());
    }
    let is_list = *range.get_type() == LIST_TYPE;
    let keys: Vec<Box<dyn Val + 'v>> = match range.as_sizer().filter(|_| is_list) {
        Some(sizer) => (0..*sizer.size().inner()).map(|place| Box::new(CelInt::from(place)) as _).collect(),
        None => keys_of(range).ok_or_else(|| wrong_type("a loop with two variables", range))?,
    };
    Ok(CowVal::owned(CelList::from(keys)))
}

/// The keys of a map, if it is one: as a document has them, in their order when an expression made it.
fn keys_of<'v>(value: &(dyn Val + 'v)) -> Option<Vec<Box<dyn Val + 'v>>> {
    if let Some(map) = value.downcast_ref::<CelMap>() {
        return Some(sorted(map));
    }
    let mut walk = value.as_iterable().filter(|_| *value.get_type() == MAP_TYPE)?.iter();
    let mut keys = Vec::new();
    while let Some(key) = walk.next() {
        keys.push(key.clone_as_boxed());
    }
    Some(keys)
}

/// The map of a list of keys with their values.
fn map<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let pairs = args[0].downcast_ref::<CelList>().ok_or_else(|| wrong_type("transformMap", args[0].as_ref()))?;
    let mut entries = Vec::new();
    for pair in pairs.inner() {
        let pair = pair.downcast_ref::<CelList>().map(|pair| pair.inner());
        if let Some([key, value]) = pair {
            entries.push((key.clone_as_boxed(), value.clone_as_boxed()));
        }
    }
    gather("transformMap", entries)
}

/// The map of a list of maps, no two of which may have the same key.
fn merge<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let maps = args[0].downcast_ref::<CelList>().ok_or_else(|| wrong_type("transformMapEntry", args[0].as_ref()))?;
    let mut entries = Vec::new();
    for one in maps.inner() {
        let map = one.as_indexer().zip(keys_of(one.as_ref()));
        let (values, keys) = map.ok_or_else(|| wrong_type("transformMapEntry", one.as_ref()))?;
        for key in keys {
            let value = values.get(key.as_ref())?.into_owned();
            entries.push((key, value));
        }
    }
    gather("transformMapEntry", entries)
}

type Entry<'v> = (Box<dyn Val + 'v>, Box<dyn Val + 'v>);

fn gather<'b, 'v>(function: &str, entries: Vec<Entry<'v>>) -> Answer<'b, 'v> {
    let entered = entries.len();
    if !spend_units(entered.saturating_mul(ENTRY)) {
        return Err(exhausted());
    }
    let mut map: HashMap<CelMapKey<'v>, Box<dyn Val + 'v>> = HashMap::with_capacity(entries.len());
    for (key, value) in entries {
        map.insert(CelMapKey::try_from(CowVal::Owned(key))?, value);
    }
    // Numbers of different types are the same key, which the crate's map does not see.
    let keys = equality::sorted_keys(&map);
    let twin = keys.windows(2).find(|pair| equality::rank(pair[0]) == equality::rank(pair[1]));
    if twin.is_some() || map.len() < entered {
        return Err(ExecutionError::function_error(function, "two entries have the same key"));
    }
    Ok(CowVal::owned(CelMap::from(map)))
}

/// Charges for a text; the size of anything else is known.
fn text_only<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let units = args[0].downcast_ref::<CelString>().map_or(0, |text| text.inner().len());
    pay(args, units)
}

/// Charges for a text that is to be cut into pieces, each an item.
fn pieces<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let bytes = args[0].downcast_ref::<CelString>().map_or(0, |text| text.inner().len());
    pay(args, bytes.saturating_mul(ITEM))
}

/// Charges for work that grows with the square of a list, before it is done.
fn square<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items = args[0].as_sizer().map_or(0, |sizer| usize::try_from(*sizer.size().inner()).unwrap_or(0));
    pay(args, items.saturating_mul(items).saturating_mul(ITEM))
}

/// Charges for a number of items, before they are made.
fn count<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let items = whole(args[0].as_ref());
    pay(args, items.saturating_mul(ITEM))
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
    if !spend_units(whole.len() + found.saturating_mul(to.len())) {
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
        if !spend_units(piece.inner().len() + separator.len() + ITEM) {
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
    let (text, pattern) = (text("matches", &args[0])?, text("matches", &args[1])?);
    if !spend_units((text.len() + pattern.len()).saturating_mul(ITEM)) {
        return Err(exhausted());
    }
    let matched = with_pattern(pattern, |regex| regex.is_match(text));
    matched.map(|found| CowVal::owned(CelBool::from(found))).map_err(|why| match why {
        Some(message) => ExecutionError::function_error("matches", message),
        None => exhausted(),
    })
}

/// The milliseconds beyond the whole seconds of a time or a span: the crate gives all of a span's.
fn milliseconds<'b, 'v>(args: Args<'b, 'v>) -> Answer<'b, 'v> {
    let part = match (args[0].downcast_ref::<CelDuration>(), args[0].downcast_ref::<CelTimestamp>()) {
        (Some(span), _) => i64::from(span.inner().subsec_nanos()) / 1_000_000,
        (None, Some(time)) => i64::from(time.inner().timestamp_subsec_millis()),
        (None, None) => return Err(wrong_type("getMilliseconds", args[0].as_ref())),
    };
    Ok(CowVal::owned(CelInt::from(part)))
}

/// Gives `work` the regular expression, which a thread compiles once, broken or not, and an evaluation
/// pays for at its first use.
///
/// # Errors
/// What is wrong with the pattern; nothing when the budget does not reach for it.
pub fn with_pattern<T>(pattern: &str, work: impl FnOnce(&regex::Regex) -> T) -> Result<T, Option<String>> {
    thread_local! {
        static PATTERNS: RefCell<HashMap<String, Option<regex::Regex>>> = RefCell::default();
    }
    /// More patterns than policies write are made by expressions; those are not kept.
    const KEPT: usize = 256;
    if first_use(pattern) && !spend(PATTERN) {
        return Err(None);
    }
    PATTERNS.with_borrow_mut(|patterns| {
        if !patterns.contains_key(pattern) {
            if patterns.len() >= KEPT {
                patterns.clear();
            }
            // A broken pattern is kept as such: finding that out again takes as long.
            let compiled = regex::RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).build().ok();
            patterns.insert(pattern.to_owned(), compiled);
        }
        let compiled = patterns[pattern].as_ref();
        compiled
            .map(work)
            .ok_or_else(|| Some(format!("`{}` is no regular expression, or too large a one", clip(pattern, 80))))
    })
}
