//! What the rest of the engine sees of a CEL value.

use super::kept::Kept;
use super::lazy::Lazy;
use super::leaf::Leaf;
use super::listing::Listing;
use super::view::View;
use cel::common::types::{
    CelBool, CelDouble, CelDuration, CelInt, CelList, CelMap, CelMapKey, CelNull, CelOptional, CelString, CelTimestamp,
    CelUInt, LIST_TYPE, MAP_TYPE,
};
use cel::common::value::Val;
use std::collections::HashMap;

/// A value as functions take and return it, and as evaluations end in.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number of CEL's type without a sign.
    Uint(u64),
    /// A number.
    Double(f64),
    /// Text.
    Text(String),
    /// A moment of UTC at a whole second, in seconds since 1970; see [`Value::moment`].
    Time(i64),
    /// A span of time in whole seconds; see [`Value::span`].
    Duration(i64),
    /// A list made by an expression.
    List(Vec<Value>),
    /// A map with texts as keys made by an expression, in the order of its keys.
    Map(Vec<(String, Value)>),
    /// A map or a list of a document.
    Node(View),
    /// All documents of a kind.
    Documents(Listing),
    /// A scalar of a document with the way to it.
    Leaf(Leaf),
    /// A map whose values are made when they are read.
    Lazy(Lazy),
    /// A value that may be absent.
    Optional(Option<Box<Value>>),
    /// Anything else, as it is.
    Other(Kept),
}

impl Value {
    /// Reads a CEL value.
    pub fn of<'v>(value: &(dyn Val + 'v)) -> Value {
        if let Some(text) = value.downcast_ref::<CelString>() {
            return Value::Text(text.inner().to_owned());
        }
        if let Some(view) = value.downcast_ref::<View>() {
            return Value::Node(view.clone());
        }
        if let Some(leaf) = value.downcast_ref::<Leaf>() {
            return Value::Leaf(leaf.clone());
        }
        if let Some(lazy) = value.downcast_ref::<Lazy>() {
            return Value::Lazy(lazy.clone());
        }
        if let Some(listing) = value.downcast_ref::<Listing>() {
            return Value::Documents(listing.clone());
        }
        if let Some(b) = value.downcast_ref::<CelBool>() {
            return Value::Bool(*b.inner());
        }
        if let Some(int) = value.downcast_ref::<CelInt>() {
            return Value::Int(*int.inner());
        }
        if let Some(uint) = value.downcast_ref::<CelUInt>() {
            return Value::Uint(*uint.inner());
        }
        if let Some(double) = value.downcast_ref::<CelDouble>() {
            return Value::Double(*double.inner());
        }
        if let Some(time) = value.downcast_ref::<CelTimestamp>()
            && time.inner().timestamp_subsec_nanos() == 0
            && time.inner().offset().local_minus_utc() == 0
        {
            return Value::Time(time.inner().timestamp());
        }
        if let Some(duration) = value.downcast_ref::<CelDuration>()
            && duration.inner().subsec_nanos() == 0
        {
            return Value::Duration(duration.inner().num_seconds());
        }
        if let Some(optional) = value.downcast_ref::<CelOptional>() {
            return Value::Optional(optional.inner().map(|v| Box::new(Value::of(v))));
        }
        if value.downcast_ref::<CelNull>().is_some() {
            return Value::Null;
        }
        // Expressions make values of the crate's types and the project's own, and of no other.
        Value::collection(value).or_else(|| Kept::of(value).map(Value::Other)).unwrap_or(Value::Null)
    }

    fn collection<'v>(value: &(dyn Val + 'v)) -> Option<Value> {
        if *value.get_type() == LIST_TYPE {
            let mut items = Vec::new();
            let mut walk = value.as_iterable()?.iter();
            while let Some(item) = walk.next() {
                items.push(Value::of(item));
            }
            return Some(Value::List(items));
        }
        if *value.get_type() == MAP_TYPE {
            let map = value.downcast_ref::<CelMap>()?;
            let text = |key: &CelMapKey| match key {
                CelMapKey::String(text) => Some(text.inner().to_owned()),
                _ => None,
            };
            let entries = map.inner().iter().map(|(key, v)| Some((text(key)?, Value::of(v.as_ref()))));
            let mut entries = entries.collect::<Option<Vec<_>>>()?;
            // The crate's map has no order of its own; reports must not change from run to run.
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            return Some(Value::Map(entries));
        }
        None
    }

    /// Makes the CEL value.
    pub fn into_val(self) -> Box<dyn Val> {
        match self {
            Value::Null => Box::new(CelNull),
            Value::Bool(b) => Box::new(CelBool::from(b)),
            Value::Int(i) => Box::new(CelInt::from(i)),
            Value::Uint(u) => Box::new(CelUInt::from(u)),
            Value::Double(d) => Box::new(CelDouble::from(d)),
            Value::Text(text) => Box::new(CelString::from(text)),
            Value::Time(seconds) => match chrono::DateTime::from_timestamp(seconds, 0) {
                Some(time) => Box::new(CelTimestamp::from(time.fixed_offset())),
                None => Box::new(CelNull),
            },
            Value::Duration(seconds) => {
                // Beyond chrono's range only through arithmetic on absurd numbers: the longest stands for it.
                let duration = chrono::Duration::try_seconds(seconds).unwrap_or(chrono::Duration::MAX);
                Box::new(CelDuration::from(duration))
            }
            Value::List(items) => Box::new(CelList::from(items.into_iter().map(Value::into_val).collect::<Vec<_>>())),
            Value::Map(entries) => {
                let map: HashMap<CelMapKey<'static>, Box<dyn Val>> =
                    entries.into_iter().map(|(key, value)| (CelMapKey::from(key), value.into_val())).collect();
                Box::new(CelMap::from(map))
            }
            Value::Node(view) => Box::new(view),
            Value::Documents(listing) => Box::new(listing),
            Value::Leaf(leaf) => Box::new(leaf),
            Value::Lazy(lazy) => Box::new(lazy),
            Value::Other(kept) => kept.into_val(),
            Value::Optional(None) => Box::new(CelOptional::none()),
            Value::Optional(Some(value)) => Box::new(CelOptional::of(value.into_val())),
        }
    }

    /// The text of a text value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A moment, in seconds since 1970 and nanoseconds.
    pub fn moment(&self) -> Option<(i64, u32)> {
        match self {
            Value::Time(seconds) => Some((*seconds, 0)),
            Value::Other(kept) => kept.moment(),
            _ => None,
        }
    }

    /// A span of time, in seconds and nanoseconds of the same sign.
    pub fn span(&self) -> Option<(i64, i32)> {
        match self {
            Value::Duration(seconds) => Some((*seconds, 0)),
            Value::Other(kept) => kept.span(),
            _ => None,
        }
    }

    /// The items of a list, of the project's own or made by an expression.
    pub fn items(&self) -> Option<Vec<Value>> {
        match self {
            Value::List(items) => Some(items.clone()),
            Value::Node(view) if !view.is_map() => Some(view.values().map(Value::of).collect()),
            Value::Documents(listing) => Some(listing.items().iter().cloned().map(Value::Node).collect()),
            _ => None,
        }
    }

    /// The value at `key` of a map; the read is recorded where the map belongs to a document.
    pub fn get(&self, key: &str) -> Option<Value> {
        match self {
            Value::Map(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone()),
            Value::Node(view) if view.is_map() => view.field(key).map(Value::of),
            Value::Leaf(leaf) => leaf.field(key).map(Value::of),
            Value::Lazy(lazy) => lazy.field(key).map(Value::of),
            Value::Other(kept) => kept.entries()?.into_iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// Keys and values of a map; keys that are no texts as messages show them.
    pub fn entries(&self) -> Option<Vec<(String, Value)>> {
        match self {
            Value::Map(entries) => Some(entries.clone()),
            Value::Other(kept) => kept.entries(),
            Value::Node(view) if view.is_map() => {
                let keys = view.key_texts().map(str::to_owned).collect::<Vec<_>>();
                Some(keys.into_iter().zip(view.values().map(Value::of)).collect())
            }
            _ => None,
        }
    }

    /// The name of its type, for messages.
    pub fn type_name(&self) -> &str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Uint(_) => "uint",
            Value::Double(_) => "double",
            Value::Text(_) => "string",
            Value::Time(_) => "timestamp",
            Value::Duration(_) => "duration",
            Value::List(_) | Value::Documents(_) => "list",
            Value::Map(_) | Value::Leaf(_) | Value::Lazy(_) => "map",
            Value::Node(view) => {
                if view.is_map() {
                    "map"
                } else {
                    "list"
                }
            }
            Value::Optional(_) => "optional",
            Value::Other(kept) => kept.type_name(),
        }
    }
}

/// As messages show it: dates without a midnight, lists with commas, no quotes.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(b) => b.fmt(f),
            Value::Int(i) => i.fmt(f),
            Value::Uint(u) => u.fmt(f),
            Value::Double(d) => d.fmt(f),
            Value::Text(text) => f.write_str(text),
            Value::Time(seconds) => match chrono::DateTime::from_timestamp(*seconds, 0) {
                Some(time) if seconds.rem_euclid(86_400) == 0 => time.date_naive().fmt(f),
                Some(time) => f.write_str(&time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
                None => f.write_str("a time out of range"),
            },
            Value::Duration(seconds) => match seconds / 86_400 {
                1 => f.write_str("1 day"),
                days if days != 0 => write!(f, "{days} days"),
                _ => write!(f, "{seconds} s"),
            },
            Value::Optional(Some(value)) => value.fmt(f),
            Value::Optional(None) => f.write_str("nothing"),
            Value::Other(kept) if self.entries().is_none() => kept.fmt(f),
            Value::Leaf(leaf) => f.write_str(leaf.path()),
            Value::Lazy(lazy) => f.write_str(&lazy.identity()),
            Value::List(_) | Value::Documents(_) => comma_separated(f, self.items().unwrap_or_default().iter()),
            Value::Node(view) if !view.is_map() => comma_separated(f, self.items().unwrap_or_default().iter()),
            Value::Map(_) | Value::Node(_) | Value::Other(_) => {
                for (index, (key, value)) in self.entries().unwrap_or_default().iter().enumerate() {
                    write!(f, "{}{key}: {value}", if index == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

fn comma_separated<'a>(f: &mut std::fmt::Formatter<'_>, items: impl Iterator<Item = &'a Value>) -> std::fmt::Result {
    for (index, item) in items.enumerate() {
        write!(f, "{}{item}", if index == 0 { "" } else { ", " })?;
    }
    Ok(())
}
