//! Test runs for programs. For people they are in [`super::text`].

pub(super) mod json;
pub(super) mod junit;

use crate::engine::testing::{Difference, Kind};
use crate::finding::Spot;

/// What is not as expected, in one sentence.
pub fn sentence(difference: &Difference) -> String {
    match (&difference.kind, &difference.expected, &difference.got) {
        (Kind::Broken(why), ..) => format!("the case cannot be run: {why}"),
        (Kind::NoSubject, Some(expected), _) => {
            format!("{} is expected, and none of the files is what the policy applies to", expected.outcome)
        }
        (_, Some(expected), Some(got)) if expected.outcome == got.outcome => {
            let odd =
                expected.against(Some(got)).into_iter().filter(|(_, _, fits)| !fits).map(|(name, ..)| match name {
                    "at" => "place",
                    name => name,
                });
            format!("{} is expected, with another {}", expected.outcome, odd.collect::<Vec<_>>().join(" and "))
        }
        (_, Some(expected), Some(got)) => format!("{} is expected, and there is {}", expected.outcome, got.outcome),
        (_, Some(expected), None) => format!("{} is expected, and there is no outcome left for it", expected.outcome),
        (_, None, Some(got)) => format!("{} of `{}` is not expected", got.outcome, got.policy),
        (_, None, None) => "something is not as expected".to_owned(),
    }
}

/// `path:line` of a place.
pub(super) fn line(spot: &Spot) -> String {
    format!("{}:{}", spot.file.name(), spot.place().line)
}
