//! Equality that knows own trees on both sides.
//!
//! The crate compares with the left operand's type alone, and its list says "not equal" to any list
//! that is not its own: silently wrong for a document's list on the right. Every `==`, `!=` and `in`
//! is rewritten to the functions here.

use super::lazy::Lazy;
use super::leaf::Leaf;
use super::trace::{ITEM, spend_units};
use super::view::View;
use cel::common::types::{CelInt, CelList, CelMap, CelMapKey, CelOptional, CelString, CelUInt, LIST_TYPE, MAP_TYPE};
use cel::common::value::Val;
use std::collections::HashMap;

/// Whether two values are equal as the CEL specification says. Each comparison is paid for; with a
/// spent budget nothing is equal, and the evaluation is not to be trusted.
pub fn equal(left: &dyn Val, right: &dyn Val) -> bool {
    let text = |value: &dyn Val| value.downcast_ref::<CelString>().map(|t| t.inner().len());
    let bytes = match (text(left), text(right)) {
        (Some(left), Some(right)) if left == right => left,
        // The crate's numbers copy a text to find that they differ from it.
        (Some(_), _) | (_, Some(_)) => {
            spend_units(ITEM);
            return false;
        }
        (None, None) => 0,
    };
    if !spend_units(ITEM + bytes) {
        return false;
    }
    if let (Some(left), Some(right)) = (left.downcast_ref::<Leaf>(), right.downcast_ref::<Leaf>())
        && left.node() == right.node()
    {
        return true;
    }
    if let (Some(left), Some(right)) = (left.downcast_ref::<Lazy>(), right.downcast_ref::<Lazy>()) {
        return left.names() == right.names() && left.identity() == right.identity();
    }
    if *left.get_type() == LIST_TYPE {
        return *right.get_type() == LIST_TYPE && equal_lists(left, right);
    }
    if *left.get_type() == MAP_TYPE {
        return *right.get_type() == MAP_TYPE && equal_maps(left, right);
    }
    match (left.downcast_ref::<CelOptional>(), right.downcast_ref::<CelOptional>()) {
        (Some(left), Some(right)) => match (left.inner(), right.inner()) {
            (Some(left), Some(right)) => equal(left, right),
            (None, None) => true,
            _ => false,
        },
        (None, None) => left.equals(right),
        _ => false,
    }
}

fn equal_lists(left: &dyn Val, right: &dyn Val) -> bool {
    let (Some(lefts), Some(rights)) = (left.as_iterable(), right.as_iterable()) else { return false };
    let (mut lefts, mut rights) = (lefts.iter(), rights.iter());
    loop {
        match (lefts.next(), rights.next()) {
            (Some(left), Some(right)) if equal(left, right) => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

fn equal_maps(left: &dyn Val, right: &dyn Val) -> bool {
    let (Some(left_size), Some(right_size)) = (left.as_sizer(), right.as_sizer()) else { return false };
    if left_size.size().inner() != right_size.size().inner() {
        return false;
    }
    let (Some(lefts), Some(rights)) = (left.as_indexer(), right.as_indexer()) else { return false };
    let alike = |key: &dyn Val| match (lefts.get(key), rights.get(key)) {
        (Ok(left), Ok(right)) => equal(left.as_ref(), right.as_ref()),
        _ => false,
    };
    if let Some(map) = left.downcast_ref::<CelMap>() {
        // The first difference ends the comparison: what it costs must not change from run to run.
        return sorted_keys(map.inner()).into_iter().all(|key| alike(key.inner()));
    }
    let Some(keys) = left.as_iterable() else { return false };
    let mut keys = keys.iter();
    while let Some(key) = keys.next() {
        if !alike(key) {
            return false;
        }
    }
    true
}

/// The keys of a map that an expression made, in an order of their own: truth values, numbers, texts.
pub fn sorted_keys<'m, 'v, V>(map: &'m HashMap<CelMapKey<'v>, V>) -> Vec<&'m CelMapKey<'v>> {
    let mut keys: Vec<_> = map.keys().collect();
    keys.sort_by(|a, b| rank(a).cmp(&rank(b)));
    keys
}

/// What makes two keys the same, and which comes first: the type, where numbers are of one, and the
/// value.
pub fn rank<'k>(key: &'k CelMapKey<'_>) -> (u8, i128, &'k str) {
    match key {
        CelMapKey::Bool(value) => (0, i128::from(*value.inner()), ""),
        CelMapKey::Int(value) => (1, i128::from(*value.inner()), ""),
        CelMapKey::UInt(value) => (1, i128::from(*value.inner()), ""),
        CelMapKey::String(value) => (2, 0, value.inner()),
    }
}

/// `value in container`; `None` when it is no container.
pub fn contains(container: &dyn Val, value: &dyn Val) -> Option<bool> {
    if *container.get_type() == LIST_TYPE {
        let mut items = container.as_iterable()?.iter();
        while let Some(item) = items.next() {
            if equal(item, value) {
                return Some(true);
            }
        }
        return Some(false);
    }
    container.as_container()?.contains(value).ok()
}

/// A value in a few words, for messages.
pub fn shown(value: &dyn Val) -> String {
    if let Some(text) = value.downcast_ref::<CelString>() {
        return text.inner().to_owned();
    }
    if let Some(int) = value.downcast_ref::<CelInt>() {
        return int.inner().to_string();
    }
    if let Some(uint) = value.downcast_ref::<CelUInt>() {
        return uint.inner().to_string();
    }
    let is_collection = value.downcast_ref::<View>().is_some()
        || value.downcast_ref::<CelList>().is_some()
        || value.downcast_ref::<CelMap>().is_some();
    if is_collection { format!("a {}", value.get_type().name()) } else { format!("{value:?}") }
}
