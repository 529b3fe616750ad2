//! Lists as sets. Numbers, texts and moments are found by hashing; anything else is compared with each
//! item, which the comparison pays for.

use super::{EXHAUSTED, list_argument};
use crate::engine::cel::{Lendable, Value, equal, spend};
use std::collections::HashSet;

/// What a scalar is found by: two are equal in CEL exactly when their keys are.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Null,
    Bool(bool),
    Whole(i64),
    Fraction(u64),
    Text(String),
    Time((i64, u32)),
    Duration((i64, i32)),
}

/// Whole numbers up to here are the same as `double`.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn key(value: &Value) -> Option<Key> {
    Some(match value {
        Value::Null => Key::Null,
        Value::Bool(b) => Key::Bool(*b),
        Value::Int(whole) if (*whole as f64).abs() < EXACT => Key::Whole(*whole),
        Value::Double(d) if d.fract() == 0.0 && d.abs() < EXACT => Key::Whole(*d as i64),
        Value::Double(d) if d.is_finite() && d.abs() < EXACT => Key::Fraction(d.to_bits()),
        Value::Text(text) => Key::Text(text.clone()),
        Value::Uint(whole) if (*whole as f64) < EXACT => Key::Whole(i64::try_from(*whole).ok()?),
        other => match (other.moment(), other.span()) {
            (Some(moment), _) => Key::Time(moment),
            (None, Some(span)) => Key::Duration(span),
            (None, None) => return None,
        },
    })
}

/// A set of values.
#[derive(Default)]
struct Set {
    keys: HashSet<Key>,
    others: Vec<Box<dyn Lendable>>,
}

impl Set {
    fn of(items: &[Value]) -> Set {
        let mut set = Set::default();
        items.iter().for_each(|item| {
            set.add(item);
        });
        set
    }

    fn has(&self, value: &Value) -> bool {
        match key(value) {
            Some(key) => self.keys.contains(&key),
            None => self.holds_other(value.clone().into_val().as_ref()),
        }
    }

    fn holds_other(&self, value: &dyn Lendable) -> bool {
        // Walking over the others costs too, or a spent budget would not end it.
        spend(1 + self.others.len() / 16) && self.others.iter().any(|other| equal(other.as_ref(), value))
    }

    /// Adds a value; false when it was there.
    fn add(&mut self, value: &Value) -> bool {
        match key(value) {
            Some(key) => self.keys.insert(key),
            None => {
                let value = value.clone().into_val();
                let new = !self.holds_other(value.as_ref());
                if new {
                    self.others.push(value);
                }
                new
            }
        }
    }
}

/// Two lists, paid for.
fn both(args: &[Value]) -> Result<(Vec<Value>, Vec<Value>), String> {
    let (left, right) = (list_argument(&args[0])?, list_argument(&args[1])?);
    if spend((left.len() + right.len()) / 8) { Ok((left, right)) } else { Err(EXHAUSTED.to_owned()) }
}

pub(super) fn contains(args: &[Value]) -> Result<Value, String> {
    let (left, right) = both(args)?;
    let left = Set::of(&left);
    Ok(Value::Bool(right.iter().all(|item| left.has(item))))
}

pub(super) fn equivalent(args: &[Value]) -> Result<Value, String> {
    let (left, right) = both(args)?;
    let (lefts, rights) = (Set::of(&left), Set::of(&right));
    Ok(Value::Bool(right.iter().all(|item| lefts.has(item)) && left.iter().all(|item| rights.has(item))))
}

pub(super) fn intersects(args: &[Value]) -> Result<Value, String> {
    let (left, right) = both(args)?;
    let left = Set::of(&left);
    Ok(Value::Bool(right.iter().any(|item| left.has(item))))
}

pub(super) fn difference(args: &[Value]) -> Result<Value, String> {
    let (left, right) = both(args)?;
    let mut seen = Set::of(&right);
    Ok(Value::List(left.into_iter().filter(|item| seen.add(item)).collect()))
}

pub(super) fn intersection(args: &[Value]) -> Result<Value, String> {
    let (left, right) = both(args)?;
    let (right, mut seen) = (Set::of(&right), Set::default());
    Ok(Value::List(left.into_iter().filter(|item| right.has(item) && seen.add(item)).collect()))
}

pub(super) fn union(args: &[Value]) -> Result<Value, String> {
    let (left, right) = both(args)?;
    let mut seen = Set::default();
    Ok(Value::List(left.into_iter().chain(right).filter(|item| seen.add(item)).collect()))
}

pub(super) fn duplicates(args: &[Value]) -> Result<Value, String> {
    let items = list_argument(&args[0])?;
    if !spend(items.len() / 8) {
        return Err(EXHAUSTED.to_owned());
    }
    let (mut seen, mut twice) = (Set::default(), Set::default());
    Ok(Value::List(items.into_iter().filter(|item| !seen.add(item) && twice.add(item)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cel::traced;
    use proptest::prelude::*;

    fn scalar() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            (-3i64..4).prop_map(Value::Int),
            Just(Value::Int(i64::MAX)),
            prop_oneof![0u64..3, Just(i64::MAX as u64), Just(u64::MAX)].prop_map(Value::Uint),
            prop_oneof![Just(1.0), Just(-0.0), Just(0.5), Just(f64::NAN), Just(9e18)].prop_map(Value::Double),
            "[ab]{0,1}".prop_map(Value::Text),
            (0i64..3).prop_map(Value::Time),
            (0i64..3).prop_map(Value::Duration),
        ]
    }

    proptest! {
        #[test]
        fn what_hashing_finds_is_what_comparing_finds(left in scalar(), right in scalar()) {
            let same = |left: &Value, right: &Value| equal(left.clone().into_val().as_ref(), right.clone().into_val().as_ref());
            let (found, _) = traced(|| Set::of(std::slice::from_ref(&left)).has(&right));
            let (equal, _) = traced(|| same(&left, &right));
            prop_assert_eq!(found, equal, "{:?} {:?}", left, right);
        }
    }

    #[test]
    fn lists_of_many_maps_end_with_the_budget() {
        let map = |n: i64| Value::Map(vec![("n".to_owned(), Value::Int(n))]);
        let items = Value::List((0..100_000).map(map).collect());
        let (_, trace) = traced(|| duplicates(&[items]));
        assert!(trace.exhausted);
    }

    #[test]
    fn maps_and_lists_are_items_too() {
        let list = |text: &str| Value::List(vec![Value::Text(text.to_owned())]);
        let items = Value::List(vec![list("a"), list("b"), list("a")]);
        let (found, _) = traced(|| duplicates(&[items]));
        assert_eq!(found.expect("a list").items().expect("a list").len(), 1);
    }
}
