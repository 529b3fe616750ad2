//! Values that pass through functions as they are.

use super::equality::shown;
use super::value::Value;
use cel::common::types::{CelBytes, CelDuration, CelMap, CelMapKey, CelTimestamp, CelType};
use cel::common::value::Val;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A CEL value that no other variant of [`Value`] holds exactly: bytes, a type, a map with keys that
/// are no texts, a moment with an offset from UTC (its hours are those of its clock), a moment or a
/// duration with a fraction of a second.
#[derive(Clone, Debug)]
pub struct Kept(Arc<dyn Val>);

impl Kept {
    /// A copy of a value; `None` for a type that expressions cannot make.
    pub(super) fn of<'v>(value: &(dyn Val + 'v)) -> Option<Kept> {
        if let Some(bytes) = value.downcast_ref::<CelBytes>() {
            return Some(Kept(Arc::new(bytes.clone().into_static())));
        }
        if let Some(time) = value.downcast_ref::<CelTimestamp>() {
            return Some(Kept(Arc::new(CelTimestamp::from(*time.inner()))));
        }
        if let Some(duration) = value.downcast_ref::<CelDuration>() {
            return Some(Kept(Arc::new(*duration)));
        }
        if let Some(of) = value.downcast_ref::<CelType>() {
            return Some(Kept(of.clone_as_boxed().into()));
        }
        let map = value.downcast_ref::<CelMap>()?.inner().iter();
        let own: HashMap<CelMapKey<'static>, Box<dyn Val>> =
            map.map(|(key, value)| (key.clone().into_static(), Value::of(value.as_ref()).into_val())).collect();
        Some(Kept(Arc::new(CelMap::from(own))))
    }

    /// The CEL value again.
    pub fn into_val(self) -> Box<dyn Val> {
        self.0.clone_as_boxed()
    }

    /// The moment, in seconds since 1970 and nanoseconds, where it is one.
    pub(super) fn moment(&self) -> Option<(i64, u32)> {
        let time = self.0.downcast_ref::<CelTimestamp>()?.inner();
        Some((time.timestamp(), time.timestamp_subsec_nanos()))
    }

    /// The span of time, in seconds and nanoseconds of the same sign, where it is one.
    pub(super) fn span(&self) -> Option<(i64, i32)> {
        let duration = self.0.downcast_ref::<CelDuration>()?.inner();
        Some((duration.num_seconds(), duration.subsec_nanos()))
    }

    /// Keys, as messages show them, and values, where it is a map. The crate's map has no order of its
    /// own; reports must not change from run to run.
    pub(super) fn entries(&self) -> Option<Vec<(String, Value)>> {
        let map = self.0.downcast_ref::<CelMap>()?.inner().iter();
        let mut entries: Vec<_> = map.map(|(key, v)| (shown(key.inner()), Value::of(v.as_ref()))).collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Some(entries)
    }

    /// The name of its type, for messages.
    pub fn type_name(&self) -> &str {
        match self.0.get_type().name() {
            _ if self.moment().is_some() => "timestamp",
            _ if self.span().is_some() => "duration",
            name => name,
        }
    }
}

/// As messages show it: moments and spans with their fraction, of anything else the type.
impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.0.downcast_ref::<CelTimestamp>() {
            return f.write_str(&time.inner().to_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true));
        }
        if let Some((seconds, nanos)) = self.span() {
            let sign = if seconds < 0 || nanos < 0 { "-" } else { "" };
            let fraction = format!("{:09}", nanos.unsigned_abs());
            return write!(f, "{sign}{}.{} s", seconds.unsigned_abs(), fraction.trim_end_matches('0'));
        }
        f.write_str(self.type_name())
    }
}
