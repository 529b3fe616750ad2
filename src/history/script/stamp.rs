//! Who made a commit and when, as people write it.

use super::Stamp;
use crate::facts::Day;
use chrono::DateTime;

/// Who makes a commit that names nobody.
const SOMEBODY: (&str, &str) = ("Somebody", "somebody@example.org");

/// The day of the first commit where it names none.
const FIRST_DAY: &str = "2026-01-01";

const SECONDS_A_DAY: i64 = 86_400;

/// A moment and the clock that showed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of UTC.
    pub offset: i32,
}

impl Moment {
    /// Reads a day, which is its first second in UTC, or a time with its offset.
    pub fn parse(text: &str) -> Option<Moment> {
        if let Some(day) = Day::parse(text) {
            return Some(Moment { seconds: day.seconds(), offset: 0 });
        }
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Moment { seconds: time.timestamp(), offset: time.offset().local_minus_utc() / 60 })
    }

    /// That of a commit that names none, by the one above.
    pub fn after(above: Option<&Stamp>) -> Moment {
        match above {
            Some(above) => Moment { seconds: above.seconds + SECONDS_A_DAY, offset: above.offset },
            None => Moment { seconds: Day::parse(FIRST_DAY).map_or(0, Day::seconds), offset: 0 },
        }
    }

    /// Whether it is later than the day of a run, which sees the whole day.
    pub fn is_later(self, today: Day) -> bool {
        self.seconds >= today.midnight() + SECONDS_A_DAY
    }
}

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
}

impl Person {
    /// Whoever makes a commit that names nobody.
    pub fn somebody() -> Person {
        Person { name: SOMEBODY.0.to_owned(), email: SOMEBODY.1.to_owned() }
    }

    /// Reads `Name <address>`.
    pub fn parse(text: &str) -> Option<Person> {
        let (name, email) = text.trim().strip_suffix('>')?.split_once('<')?;
        let fits = |part: &str| !part.is_empty() && !part.contains(['<', '>']) && !part.contains(char::is_control);
        let (name, email) = (name.trim(), email.trim());
        (fits(name) && fits(email)).then(|| Person { name: name.to_owned(), email: email.to_owned() })
    }

    pub fn at(self, moment: Moment) -> Stamp {
        Stamp { name: self.name, email: self.email, seconds: moment.seconds, offset: moment.offset }
    }
}
