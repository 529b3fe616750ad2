//! What a case expects against what the policies said.

use super::case::{Expect, Expected};
use crate::finding::{Judgement, Outcome, Report, Spot};

/// Something that is not as expected.
#[derive(Clone, Debug)]
pub struct Difference {
    /// What kind of difference it is.
    pub kind: Kind,
    /// Where the expectation stands, or the case where there is none.
    pub place: Spot,
    /// What was expected.
    pub expected: Option<Expected>,
    /// What there is instead; of what is missing, what comes nearest.
    pub got: Option<Got>,
}

/// The kinds of differences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing is as expected.
    Missing,
    /// A finding that nothing expects.
    Unexpected,
    /// The policies met no subject.
    NoSubject,
    /// The case cannot be run; says why.
    Broken(String),
}

/// An outcome, as far as it is compared.
#[derive(Clone, Debug)]
pub struct Got {
    /// The outcome's name.
    pub outcome: &'static str,
    /// The rule's id.
    pub policy: String,
    /// The subject's id.
    pub subject: String,
    /// The subject's path.
    pub path: String,
    /// The item.
    pub item: Option<String>,
    /// The validation that failed.
    pub validation: Option<String>,
    /// What it says.
    pub message: String,
    /// Its main place.
    pub spot: Option<Spot>,
}

impl Got {
    fn of(report: &Report, judgement: &Judgement) -> Self {
        Got {
            outcome: judgement.outcome.name(),
            policy: report.rule(judgement).id.clone(),
            subject: judgement.subject.id.to_string(),
            path: judgement.subject.path.to_string(),
            item: judgement.item.clone(),
            validation: judgement.validation.clone(),
            message: judgement.message.clone(),
            spot: judgement.places.first().cloned(),
        }
    }

    /// Path and line of its main place.
    pub fn at(&self) -> Option<String> {
        self.spot.as_ref().map(|s| format!("{}:{}", s.file.name(), s.place().line))
    }

    /// Whether it weighs: what fails or is unknown has to be expected.
    fn weighs(&self) -> bool {
        ![Outcome::Pass.name(), Outcome::NotApplicable.name()].contains(&self.outcome)
    }
}

impl Expected {
    /// Each thing that is expected: its name, the text, and whether `got` has it.
    pub fn against<'e>(&'e self, got: Option<&Got>) -> Vec<(&'static str, &'e str, bool)> {
        let is = |wanted: &str, value: Option<&str>| value == Some(wanted);
        let mut rows = vec![("outcome", self.outcome.as_str(), got.is_some_and(|g| g.outcome == self.outcome))];
        let mut row = |name, wanted: &'e Option<String>, fits: &dyn Fn(&str, &Got) -> bool| {
            if let Some(wanted) = wanted {
                rows.push((name, wanted.as_str(), got.is_some_and(|g| fits(wanted, g))));
            }
        };
        row("policy", &self.policy, &|w, g| g.policy == w);
        row("subject", &self.subject, &|w, g| g.subject == w || g.path == w);
        row("item", &self.item, &|w, g| is(w, g.item.as_deref()));
        row("validation", &self.validation, &|w, g| is(w, g.validation.as_deref()));
        row("message", &self.message, &|w, g| g.message.contains(w));
        row("at", &self.at, &|w, g| is(w, g.at().as_deref()));
        rows
    }

    fn fits(&self, got: &Got) -> bool {
        self.against(Some(got)).iter().all(|(_, _, fits)| *fits)
    }

    /// How near an outcome comes: the number of things that are as expected.
    fn nearness(&self, got: &Got) -> usize {
        self.against(Some(got)).iter().filter(|(_, _, fits)| *fits).count()
    }
}

/// Everything that is not as expected in what the policies with these ids and the built-in checks said.
pub fn compare(expect: &Expect, place: &Spot, report: &Report, policies: &[&str]) -> Vec<Difference> {
    let (mut own, mut builtin) = (Vec::new(), Vec::new());
    for judgement in &report.judgements {
        let got = Got::of(report, judgement);
        if policies.contains(&got.policy.as_str()) {
            own.push(got);
        } else if report.rule(judgement).origin == "built-in" && judgement.outcome == Outcome::Fail {
            builtin.push(got);
        }
    }
    let mut found = match expect {
        Expect::All(expected) => everywhere(expected, own),
        Expect::Each(rows) => {
            // A case may be about what the built-in checks find in its files.
            own.append(&mut builtin);
            return each(rows, place, own);
        }
    };
    found.extend(builtin.into_iter().map(|got| unexpected(place, got)));
    found
}

fn unexpected(place: &Spot, got: Got) -> Difference {
    Difference { kind: Kind::Unexpected, place: place.clone(), expected: None, got: Some(got) }
}

fn missing(expected: &Expected, got: Option<Got>) -> Difference {
    let place = expected.place.clone();
    Difference { kind: Kind::Missing, place, expected: Some(expected.clone()), got }
}

fn everywhere(expected: &Expected, judged: Vec<Got>) -> Vec<Difference> {
    if judged.is_empty() {
        return vec![Difference { kind: Kind::NoSubject, ..missing(expected, None) }];
    }
    let odd = |got: &Got| match expected.outcome.as_str() {
        // One failing item makes the case fail; a pass may have items that do not apply.
        "pass" => got.weighs(),
        "fail" => false,
        other => got.outcome != other,
    };
    let met = judged.iter().any(|got| got.outcome == expected.outcome);
    let (odd, even): (Vec<Got>, Vec<Got>) = judged.into_iter().partition(odd);
    let shown = if odd.is_empty() && !met { even } else { odd };
    shown.into_iter().map(|got| missing(expected, Some(got))).collect()
}

fn each(rows: &[Expected], place: &Spot, mut left: Vec<Got>) -> Vec<Difference> {
    if left.is_empty() {
        return rows.iter().map(|e| Difference { kind: Kind::NoSubject, ..missing(e, None) }).collect();
    }
    let taken = pairs(rows, &left);
    let open = (0..rows.len()).filter(|row| !taken.contains(&Some(*row)));
    let mut at = 0;
    left.retain(|_| {
        at += 1;
        taken[at - 1].is_none()
    });
    let mut found = Vec::new();
    for expected in open.map(|row| &rows[row]) {
        // The nearest of what is left is what was meant, if it has anything in common.
        let near = (0..left.len()).rev().max_by_key(|at| (expected.nearness(&left[*at]), left[*at].weighs()));
        let near = near.filter(|at| expected.nearness(&left[*at]) > 0 || left[*at].weighs() || left.len() == 1);
        found.push(missing(expected, near.map(|at| left.remove(at))));
    }
    found.extend(left.into_iter().filter(Got::weighs).map(|got| unexpected(place, got)));
    found
}

/// For each outcome the row that it meets, so that as many rows as can be are met: which row stands first
/// makes no difference to that. Where some cannot be met, those that say most are.
fn pairs(rows: &[Expected], judged: &[Got]) -> Vec<Option<usize>> {
    let fitting: Vec<Vec<usize>> =
        rows.iter().map(|row| (0..judged.len()).filter(|at| row.fits(&judged[*at])).collect()).collect();
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|row| std::cmp::Reverse(rows[*row].against(None).len()));
    let mut taken = vec![None; judged.len()];
    for row in order {
        give(row, &fitting, &mut taken, &mut vec![false; judged.len()]);
    }
    taken
}

/// Gives a row an outcome that it fits, and the row that had it another one where it has to.
fn give(row: usize, fitting: &[Vec<usize>], taken: &mut [Option<usize>], tried: &mut [bool]) -> bool {
    let free = fitting[row].iter().copied().find(|at| taken[*at].is_none());
    let at = free.or_else(|| {
        fitting[row].iter().copied().find(|at| {
            !std::mem::replace(&mut tried[*at], true)
                && taken[*at].is_none_or(|other| give(other, fitting, taken, tried))
        })
    });
    if let Some(at) = at {
        taken[at] = Some(row);
    }
    at.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceFile, Span};
    use std::sync::Arc;

    fn row(place: &Spot, subject: &str, item: &str) -> Expected {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Expected {
            place: place.clone(),
            outcome: "fail".to_owned(),
            policy: None,
            subject: given(subject),
            item: given(item),
            validation: None,
            message: None,
            at: None,
        }
    }

    fn got(subject: &str, item: &str) -> Got {
        Got {
            outcome: "fail",
            policy: "p".to_owned(),
            subject: subject.to_owned(),
            path: String::new(),
            item: Some(item.to_owned()),
            validation: None,
            message: String::new(),
            spot: None,
        }
    }

    /// Rows as subject and item, empty for anything, and how many differences there are.
    #[test]
    fn the_order_of_the_rows_makes_no_difference() {
        let place = Spot::new(&Arc::new(SourceFile::new("p.yaml", Vec::new())), Span::at(0));
        let table: &[(&[(&str, &str)], usize)] = &[
            (&[("", ""), ("s", ""), ("s", "a")], 0),
            // Both say the same amount, and one has to make way for the other.
            (&[("s", ""), ("", "a"), ("", "b")], 0),
            (&[("", "a"), ("", "a"), ("", "")], 1),
            (&[("", ""), ("", "")], 1),
            (&[("t", "b"), ("s", "b"), ("s", "a")], 0),
        ];
        for (rows, differences) in table {
            let mut rows: Vec<Expected> = rows.iter().map(|(s, i)| row(&place, s, i)).collect();
            for _ in 0..rows.len() {
                rows.rotate_left(1);
                for mirrored in [false, true] {
                    let mut rows = rows.clone();
                    if mirrored {
                        rows.reverse();
                    }
                    let judged = vec![got("s", "a"), got("s", "b"), got("t", "b")];
                    assert_eq!(each(&rows, &place, judged).len(), *differences, "{rows:?}");
                }
            }
        }
    }
}
