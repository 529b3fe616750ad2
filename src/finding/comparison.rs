//! What a run says about a change: what it was compared with, and what of it counts.

use super::Spot;
use crate::facts::{Change, PullRequest, Seen};

/// Which findings count where a change is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gate {
    /// Those that the change brings: what was there before under the same policies and on the same day
    /// does not count.
    #[default]
    New,
    /// Those in files that the change touches, and those that it brings.
    Touched,
    /// All.
    All,
}

impl Gate {
    /// The name in reports and after `--gate`.
    pub fn name(self) -> &'static str {
        match self {
            Gate::New => "new",
            Gate::Touched => "touched",
            Gate::All => "all",
        }
    }
}

/// Whose policies, configuration and waivers judge a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RulesOf {
    /// Those of the base version: a change does not choose its own judges.
    #[default]
    Base,
    /// Those that the change brings, as a preview.
    Head,
}

impl RulesOf {
    /// The name in reports and after `--trust`.
    pub fn name(self) -> &'static str {
        match self {
            RulesOf::Base => "base",
            RulesOf::Head => "head",
        }
    }
}

/// One way in which a change alters what judges.
#[derive(Clone, Debug)]
pub struct RuleChange {
    /// What it is about: `policy`, `waiver`, `exclude`, `kinds`, `configuration`.
    pub about: &'static str,
    /// The id of the policy, or what else names it. Holds text of strangers: escape when shown.
    pub name: String,
    /// What changes, in a few words. Holds text of strangers: escape when shown.
    pub text: String,
    /// Whether less is found, or something counts for less, once the change is merged.
    pub weakens: bool,
    /// Where, as the change leaves it; as it was, where it takes something away.
    pub place: Option<Spot>,
}

/// What a change was compared with.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The full id of the base commit.
    pub base: String,
    /// What people call it, such as `main`. Holds text of strangers: escape when shown.
    pub base_name: String,
    /// The full id of the commit that reviewers see: where comments stand.
    pub head: String,
    /// Which findings count.
    pub gate: Gate,
    /// Whose rules judged.
    pub rules: RulesOf,
    /// Why nothing of this run counts: it is a preview.
    pub preview: Option<String>,
    /// What the change alters in policies, configuration and waivers.
    pub rule_changes: Vec<RuleChange>,
    /// Whether the change touches a record, a rule, or what one of them rests on.
    pub concerns_us: bool,
    /// The files and lines of the change.
    pub change: Change,
    /// The pull request, where there is one.
    pub pull_request: Option<PullRequest>,
}

/// Whether a judgement was there before the change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// It came with the change, or there is nothing to compare with.
    #[default]
    New,
    /// It was there before.
    Before,
}

impl Standing {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Standing::New => "new",
            Standing::Before => "before",
        }
    }
}

impl Comparison {
    /// Where reviewers see a place; `None` where the change does not show it.
    pub fn seen(&self, spot: &Spot) -> Option<Seen> {
        if spot.file.commit().is_some() {
            return None;
        }
        let place = spot.place();
        self.change.seen(spot.file.path(), place.line, place.end_line)
    }
}
