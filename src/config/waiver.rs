//! Waivers: dated, reasoned and approved exceptions.

use crate::facts::{Day, Globs};
use crate::value::NodeId;

/// An exception from one policy.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The policy's id.
    pub policy: String,
    /// What it covers: the id of a document or a glob of paths.
    pub scope: Scope,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub approver: String,
    /// The last day it covers, as written.
    pub until_text: String,
    /// The first second of that day; `None` when it is no date, which counts as expired.
    pub until: Option<i64>,
    /// The waiver in annexa.yaml.
    pub node: NodeId,
}

/// What a waiver covers. Everything that is given must fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The id of the document; a plain text that is a path glob covers paths too.
    pub either: Option<String>,
    /// The id of the document.
    pub subject: Option<String>,
    /// A glob of the document's path.
    pub path: Option<String>,
    /// The id of the item.
    pub item: Option<String>,
    /// The name of the validation.
    pub validation: Option<String>,
}

/// What a waiver is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The policy.
    pub policy: &'a str,
    /// The document's id.
    pub subject: &'a str,
    /// Its path.
    pub path: &'a str,
    /// The item's id.
    pub item: Option<&'a str>,
    /// The validation's name.
    pub validation: Option<&'a str>,
}

impl Waiver {
    /// Whether it still covers `today`. The day named in `until` is its last one.
    pub fn in_force(&self, today: Day) -> bool {
        self.until.is_some_and(|until| today.midnight() <= until)
    }

    /// Whether it is about this finding, in force or not.
    pub fn concerns(&self, target: Target<'_>) -> bool {
        let scope = &self.scope;
        let is = |wanted: &Option<String>, got: Option<&str>| wanted.as_deref().is_none_or(|w| Some(w) == got);
        self.policy == target.policy
            && is(&scope.subject, Some(target.subject))
            && is(&scope.item, target.item)
            && is(&scope.validation, target.validation)
            && scope.path.as_deref().is_none_or(|glob| matches(glob, target.path))
            && scope.either.as_deref().is_none_or(|e| e == target.subject || matches(e, target.path))
    }
}

/// The waivers about this finding, those in force first.
pub fn covering<'w>(waivers: &'w [Waiver], target: Target<'_>, today: Day) -> Vec<(usize, &'w Waiver)> {
    let mut found: Vec<_> = waivers.iter().enumerate().filter(|(_, w)| w.concerns(target)).collect();
    found.sort_by_key(|(_, w)| !w.in_force(today));
    found
}

fn matches(glob: &str, path: &str) -> bool {
    Globs::new([glob]).is_ok_and(|globs| globs.matches(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiver(scope: Scope, until: Option<i64>) -> Waiver {
        Waiver {
            policy: "p".to_owned(),
            scope,
            reason: "r".to_owned(),
            approver: "a".to_owned(),
            until_text: String::new(),
            until,
            node: NodeId(0),
        }
    }

    #[test]
    fn a_waiver_covers_its_last_day_and_no_day_after_it() {
        let until = Day::parse("2026-03-01").unwrap().seconds();
        for (today, expected) in [("2026-02-28", true), ("2026-03-01", true), ("2026-03-02", false)] {
            assert_eq!(waiver(Scope::default(), Some(until)).in_force(Day::parse(today).unwrap()), expected, "{today}");
        }
        assert!(!waiver(Scope::default(), None).in_force(Day::parse("2000-01-01").unwrap()), "no date is expired");
    }

    #[test]
    fn a_scope_narrows_by_everything_it_names() {
        let target = Target {
            policy: "p",
            subject: "s",
            path: "governance/soa.yaml",
            item: Some("A.5.2"),
            validation: Some("v"),
        };
        let text = |t: &str| Some(t.to_owned());
        let table = [
            (Scope::default(), true),
            (Scope { either: text("s"), ..Scope::default() }, true),
            (Scope { either: text("governance/**"), ..Scope::default() }, true),
            (Scope { either: text("other"), ..Scope::default() }, false),
            (Scope { subject: text("s"), item: text("A.5.2"), ..Scope::default() }, true),
            (Scope { subject: text("s"), item: text("A.5.3"), ..Scope::default() }, false),
            (Scope { validation: text("w"), ..Scope::default() }, false),
            (Scope { path: text("*.md"), ..Scope::default() }, false),
        ];
        for (scope, expected) in table {
            assert_eq!(waiver(scope.clone(), None).concerns(target), expected, "{scope:?}");
        }
    }
}
