//! The day that a run judges by. Asked once, at the start.

use super::env;
use crate::facts::Day;
use std::time::{SystemTime, UNIX_EPOCH};

/// The last second of the year 9999, after which dates are no longer written with four digits.
const LAST_SECOND: i64 = 253_402_300_799;

/// The day of `--today`, else the moment of `SOURCE_DATE_EPOCH`, else now.
///
/// # Errors
/// When `SOURCE_DATE_EPOCH` is set and is not a whole number of seconds since 1970: a run that was
/// meant to be repeatable must not fall back to the clock.
pub fn today(flag: Option<Day>) -> Result<Day, String> {
    pick(flag, env::variable("SOURCE_DATE_EPOCH").as_deref(), SystemTime::now())
}

/// The moment of a commit; `None` when it is before 1970 or after the year 9999.
pub fn day(seconds: i64) -> Option<Day> {
    Some(seconds).filter(|seconds| (0..=LAST_SECOND).contains(seconds)).and_then(Day::from_seconds)
}

fn pick(flag: Option<Day>, epoch: Option<&str>, now: SystemTime) -> Result<Day, String> {
    if let Some(day) = flag {
        return Ok(day);
    }
    if let Some(text) = epoch {
        return text.parse().ok().and_then(day).ok_or_else(|| {
            format!(
                "SOURCE_DATE_EPOCH is `{}`, which is not a whole number of seconds since 1970, so the day to judge by \
                 is not known; set it to a number such as 1793577600, or unset it, or give `--today 2026-11-02`",
                crate::source::plain(&crate::source::clip(text, 40))
            )
        });
    }
    let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64);
    Day::from_seconds(seconds).ok_or_else(|| {
        "the clock of this machine shows a year that cannot be written; give the day with `--today 2026-11-02`"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_command_line_comes_before_the_variable_and_the_variable_before_the_clock() {
        let flag = Day::parse("2026-11-02");
        let now = UNIX_EPOCH + Duration::from_secs(86_400 * 2 + 5);
        // 1,793,577,600 seconds are 20,759 whole days: 2026-11-02 at midnight.
        let table = [
            (flag, Some("0"), "2026-11-02", 1_793_577_600),
            (None, Some("1793577661"), "2026-11-02", 1_793_577_661),
            (None, Some("0"), "1970-01-01", 0),
            (None, None, "1970-01-03", 172_805),
        ];
        for (flag, epoch, day, seconds) in table {
            let picked = pick(flag, epoch, now).expect("a day");
            assert_eq!((picked.to_string().as_str(), picked.seconds()), (day, seconds), "{flag:?} {epoch:?}");
        }
    }

    #[test]
    fn a_malformed_variable_is_an_error_and_never_the_clock() {
        for epoch in ["yesterday", "1.5", "-1", " 1", "253402300800", "99999999999999999999"] {
            let error = pick(None, Some(epoch), UNIX_EPOCH).expect_err(epoch);
            assert!(error.contains("SOURCE_DATE_EPOCH") && error.contains("--today"), "{error}");
        }
        assert!(pick(Day::parse("2026-11-02"), Some("yesterday"), UNIX_EPOCH).is_ok(), "the flag decides alone");
    }
}
