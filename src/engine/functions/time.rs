//! Dates and durations. Calendars are those of UTC.

use super::{text_argument, time_argument, wanted, whole_argument};
use crate::engine::cel::Value;
use crate::engine::surroundings;
use crate::source::clip;
use crate::value::parse_time;
use chrono::{DateTime, Months, TimeDelta, Utc};

const DAY: i64 = 86_400;

pub(super) fn age(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Duration(surroundings::today().seconds().saturating_sub(time_argument(&args[0])?)))
}

pub(super) fn date(args: &[Value]) -> Result<Value, String> {
    if args[0].moment().is_some() {
        return Ok(args[0].clone());
    }
    let text = args[0].as_text().ok_or_else(|| wanted("a date or text", &args[0]))?;
    parse_time(text).map(Value::Time).ok_or_else(|| format!("`{}` is no date like 2026-09-01", clip(text, 80)))
}

pub(super) fn is_date(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(parse_time(text_argument(&args[0])?).is_some()))
}

pub(super) fn days(args: &[Value]) -> Result<Value, String> {
    let days = whole_argument(&args[0])?;
    days.checked_mul(DAY).map(Value::Duration).ok_or_else(|| format!("{days} days are too many"))
}

pub(super) fn days_between(args: &[Value]) -> Result<Value, String> {
    let day = |value: &Value| Ok::<_, String>(time_argument(value)?.div_euclid(DAY));
    Ok(Value::Int(day(&args[1])? - day(&args[0])?))
}

pub(super) fn start_of_day(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Time(time_argument(&args[0])?.div_euclid(DAY).saturating_mul(DAY)))
}

pub(super) fn add_months(args: &[Value]) -> Result<Value, String> {
    later(time_argument(&args[0])?, whole_argument(&args[1])?, 0)
}

pub(super) fn add_years(args: &[Value]) -> Result<Value, String> {
    later(time_argument(&args[0])?, whole_argument(&args[1])?.saturating_mul(12), 0)
}

pub(super) fn add_interval(args: &[Value]) -> Result<Value, String> {
    let from = time_argument(&args[0])?;
    let Interval { months, seconds } = read(&args[1])?;
    later(from, months, seconds)
}

/// Months first, by the calendar, then seconds.
fn later(from: i64, months: i64, seconds: i64) -> Result<Value, String> {
    let moment = |from: i64| -> Option<i64> {
        let from: DateTime<Utc> = DateTime::from_timestamp(from, 0)?;
        let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let moved = if months < 0 { from.checked_sub_months(count) } else { from.checked_add_months(count) };
        Some(moved?.checked_add_signed(TimeDelta::try_seconds(seconds)?)?.timestamp())
    };
    moment(from).map(Value::Time).ok_or_else(|| "the moment is out of the calendar".to_owned())
}

pub(super) fn interval(args: &[Value]) -> Result<Value, String> {
    let Interval { months, seconds } = read(&args[0])?;
    let days = (months / 12).checked_mul(365).and_then(|days| days.checked_add((months % 12) * 30));
    let seconds = days.and_then(|days| days.checked_mul(DAY)).and_then(|days| days.checked_add(seconds));
    seconds.map(Value::Duration).ok_or_else(|| "the interval is too long".to_owned())
}

pub(super) fn is_interval(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(parse(text_argument(&args[0])?).is_some()))
}

/// A span of time as documents write it: a year is twelve months, a week seven days.
#[derive(Debug, PartialEq, Eq, Default)]
struct Interval {
    months: i64,
    seconds: i64,
}

fn read(value: &Value) -> Result<Interval, String> {
    let text = text_argument(value)?;
    parse(text).ok_or_else(|| format!("`{}` is no interval like `P1Y` or `12 months`", clip(text, 80)))
}

fn parse(text: &str) -> Option<Interval> {
    let text = text.trim().to_lowercase();
    if text.len() > 64 {
        return None;
    }
    let months = |months| Some(Interval { months, seconds: 0 });
    match text.as_str() {
        "daily" => return Some(Interval { months: 0, seconds: DAY }),
        "weekly" => return Some(Interval { months: 0, seconds: 7 * DAY }),
        "monthly" => return months(1),
        "quarterly" => return months(3),
        "yearly" | "annually" | "annual" => return months(12),
        _ => {}
    }
    match text.strip_prefix('p') {
        Some(iso) => by_iso(iso),
        None => by_words(text.strip_prefix("every ").unwrap_or(&text)),
    }
}

impl Interval {
    fn add(&mut self, count: i64, unit: Unit) -> Option<()> {
        match unit {
            Unit::Months(months) => self.months = self.months.checked_add(count.checked_mul(months)?)?,
            Unit::Seconds(seconds) => self.seconds = self.seconds.checked_add(count.checked_mul(seconds)?)?,
        }
        Some(())
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Months(i64),
    Seconds(i64),
}

/// `1y6m`, `2w`, `1dt12h`: what follows the `P`, each unit once and from large to small.
fn by_iso(text: &str) -> Option<Interval> {
    const DATE: &[(char, Unit)] =
        &[('y', Unit::Months(12)), ('m', Unit::Months(1)), ('w', Unit::Seconds(7 * DAY)), ('d', Unit::Seconds(DAY))];
    const TIME: &[(char, Unit)] = &[('h', Unit::Seconds(3600)), ('m', Unit::Seconds(60)), ('s', Unit::Seconds(1))];
    let (date, time) = match text.split_once('t') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text, ""),
    };
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let mut interval = Interval::default();
    for (mut rest, units) in [(date, DATE), (time, TIME)] {
        let mut from = 0;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            let letter = rest[end..].chars().next()?;
            let at = from + units[from..].iter().position(|(l, _)| *l == letter)?;
            interval.add(rest[..end].parse().ok()?, units[at].1)?;
            (from, rest) = (at + 1, &rest[end + letter.len_utf8()..]);
        }
    }
    Some(interval)
}

/// `12 months`, `1 year and 6 months`, `a week`, `6-month`.
fn by_words(text: &str) -> Option<Interval> {
    // Anywhere else a hyphen may be a sign, and no interval is negative.
    let joins = |(at, _): (usize, &str)| {
        text[..at].ends_with(|c: char| c.is_ascii_digit())
            && text[at + 1..].starts_with(|c: char| c.is_ascii_lowercase())
    };
    if !text.match_indices('-').all(joins) {
        return None;
    }
    let mut words = text.split([' ', ',', '-', '\u{a0}']).filter(|word| !word.is_empty() && *word != "and");
    let mut interval = Interval::default();
    let mut any = false;
    while let Some(word) = words.next() {
        let (count, word) = match word {
            "a" | "an" | "one" => (1, words.next()?),
            word if word.bytes().all(|b| b.is_ascii_digit()) => (word.parse().ok()?, words.next()?),
            // `every year`
            word if !any => (1, word),
            _ => return None,
        };
        let unit = match word {
            "year" | "years" => Unit::Months(12),
            "quarter" | "quarters" => Unit::Months(3),
            "month" | "months" => Unit::Months(1),
            "week" | "weeks" => Unit::Seconds(7 * DAY),
            "day" | "days" => Unit::Seconds(DAY),
            "hour" | "hours" => Unit::Seconds(3600),
            "minute" | "minutes" => Unit::Seconds(60),
            _ => return None,
        };
        interval.add(count, unit)?;
        any = true;
    }
    any.then_some(interval)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_read_as_people_write_them() {
        let of = |months, days| Some(Interval { months, seconds: days * DAY });
        let table = [
            ("P1Y", of(12, 0)),
            ("P1Y6M", of(18, 0)),
            ("p2w", of(0, 14)),
            ("P90D", of(0, 90)),
            ("PT24H", of(0, 1)),
            ("P1M", of(1, 0)),
            ("PT1M", Some(Interval { months: 0, seconds: 60 })),
            ("P1DT12H", Some(Interval { months: 0, seconds: 129_600 })),
            ("12 months", of(12, 0)),
            ("90 days", of(0, 90)),
            ("1 year and 6 months", of(18, 0)),
            ("every 2 weeks", of(0, 14)),
            ("every year", of(12, 0)),
            ("a quarter", of(3, 0)),
            (" Annually ", of(12, 0)),
            ("12-month", of(12, 0)),
            ("6-month", of(6, 0)),
            ("1 year, 6-months", of(18, 0)),
            ("-6 months", None),
            ("- 6 months", None),
            ("6 - months", None),
            ("6--months", None),
            ("6-months-", None),
            ("month-", None),
            ("every -2 weeks", None),
            ("+6 months", None),
            ("−6 months", None),
            ("P", None),
            ("PT", None),
            ("P1", None),
            ("P6M1Y", None),
            ("P1Y1Y", None),
            ("P1H", None),
            ("P-1Y", None),
            ("", None),
            ("regularly", None),
            ("12", None),
            ("months 12", None),
            ("99999999999999999999 days", None),
            ("9223372036854775807 years", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn no_moment_and_no_number_is_too_far() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            for months in [i64::MIN, -1, 0, i64::MAX] {
                let args = [Value::Time(seconds), Value::Int(months)];
                let _ = (add_months(&args), add_years(&args), age(&args), start_of_day(&args));
                let _ = days_between(&[Value::Time(seconds), Value::Time(months)]);
                let _ = days(&[Value::Int(months)]);
            }
        }
    }
}
