//! Dates and times as documents write them.

use chrono::{DateTime, NaiveDate};

/// Reads a date (`2026-09-01`) or an RFC 3339 time (`2026-09-01T12:00:00Z`) into seconds since 1970
/// in UTC; a date is its first second. `None` for anything else, `12/05/2024` too: nobody can tell
/// its day from its month.
pub fn parse_time(text: &str) -> Option<i64> {
    if text.len() == 10 {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        return Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp());
    }
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp())
}

#[cfg(test)]
mod tests {
    use super::parse_time;

    #[test]
    fn dates_and_times_are_read_and_nothing_else() {
        let table = [
            ("1970-01-02", Some(86_400)),
            ("1970-01-01T01:00:00+01:00", Some(0)),
            ("2026-13-01", None),
            ("2026-2-1", None),
            ("12/05/2024", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_time(text), expected, "{text}");
        }
    }
}
