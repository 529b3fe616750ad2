//! The day that a run judges by. It is an input, so that every run can be repeated.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

/// A day and the moment in it, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    now: DateTime<Utc>,
}

impl Day {
    /// The moment `seconds` after 1970.
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(|now| Day { now })
    }

    /// Reads `2026-11-23`; the moment is the day's first second.
    pub fn parse(text: &str) -> Option<Self> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Day { now: date.and_hms_opt(0, 0, 0)?.and_utc() })
    }

    /// The moment as RFC 3339 writes it: `2026-11-23T09:30:00Z`.
    pub fn moment(self) -> String {
        self.now.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Reads a moment as RFC 3339 writes it.
    pub fn parse_moment(text: &str) -> Option<Self> {
        Some(Day { now: DateTime::parse_from_rfc3339(text).ok()?.to_utc() })
    }

    /// Seconds since 1970.
    pub fn seconds(self) -> i64 {
        self.now.timestamp()
    }

    /// Seconds since 1970 of the day's first second.
    pub fn midnight(self) -> i64 {
        self.seconds() - self.seconds().rem_euclid(86_400)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.now.date_naive().fmt(f)
    }
}
