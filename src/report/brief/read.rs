//! A [`Brief`] read back from the JSON report: strict about the format, and with nothing taken on trust.
//! What can be counted is counted again, names become members of our own lists, titles of controls come
//! from our own catalogue.

use super::{ABOUT, At, Brief, Compared, Found, KEPT, RuleAltered, bound};
use crate::facts::{Day, History, Seen};
use crate::finding::{
    Cited, Counts, FailOn, Fingerprint, Gate, Grade, NextStep, Outcome, RulesOf, Standing, Subject, Systems, Trust,
    Verdict,
};
use crate::policy::{Basis, Rule, Severity, WhoActs};
use crate::report::json::{FORMAT, VERSION};
use crate::report::{controls, words};
use crate::source::Place;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, SeqAccess, Visitor};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Bytes of a report that are read at most.
pub const MAX_BYTES: usize = 64 << 20;

/// Rules of a report that are read at most.
const RULES: usize = 10_000;

/// Why a report cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It is larger than [`MAX_BYTES`].
    #[error("the report is larger than {} MiB, so it is not read", MAX_BYTES >> 20)]
    TooLarge,
    /// It is no report, or one of another version.
    #[error("this is no report that this version of annexa can read: {0}")]
    Format(String),
    /// Its parts do not agree with each other.
    #[error("the report contradicts itself: {0}")]
    Contradiction(String),
}

/// What tells reports apart before the rest of one is looked at.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "format")]
    _format: IgnoredAny,
    #[serde(rename = "version")]
    _version: IgnoredAny,
    tool: Tool,
    #[serde(deserialize_with = "day")]
    today: Day,
    commit: Option<Id>,
    root: String,
    history: HistoryState,
    #[serde(rename = "adopted_at")]
    _adopted_at: IgnoredAny,
    comparison: Option<Comparison>,
    verdict: VerdictOf,
    #[serde(rename = "counts")]
    _counts: IgnoredAny,
    systems: SystemCounts,
    documents: BTreeMap<String, usize>,
    rules: Vec<RuleWords>,
    outcomes: Outcomes,
    #[serde(rename = "controls")]
    _controls: IgnoredAny,
    #[serde(rename = "not_covered")]
    _not_covered: IgnoredAny,
    met_nothing: Vec<String>,
    off: Vec<Off>,
    unrecognised: Vec<IgnoredAny>,
    #[serde(rename = "skipped")]
    _skipped: IgnoredAny,
    next_steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    #[serde(rename = "name")]
    _name: IgnoredAny,
    version: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HistoryState {
    state: String,
    head: Option<Id>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerdictOf {
    exit_code: u8,
    name: String,
    fail_on: String,
    #[serde(rename = "reason")]
    _reason: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SystemCounts {
    registered: usize,
    checked_here: usize,
    kept_elsewhere: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparison {
    base: Id,
    base_name: String,
    head: Id,
    gate: String,
    rules: String,
    preview: Option<String>,
    concerns_us: bool,
    rule_changes: Vec<RuleChange>,
    #[serde(rename = "pull_request")]
    _pull_request: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleChange {
    about: String,
    name: String,
    text: String,
    weakens: bool,
    place: Option<PlaceOf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleWords {
    id: String,
    title: String,
    controls: Vec<String>,
    clauses: Vec<String>,
    basis: Basis,
    severity: Severity,
    who_acts: WhoActs,
    why: String,
    remedy: String,
    shows: String,
    does_not_show: String,
    origin: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutcomeOf {
    rule: String,
    subject: SubjectOf,
    #[serde(rename = "system")]
    _system: IgnoredAny,
    item: Option<String>,
    outcome: String,
    grade: Option<String>,
    severity: Severity,
    validation: Option<String>,
    message: String,
    remedy: Option<String>,
    folded: bool,
    fingerprint: String,
    standing: String,
    counts: bool,
    caused_at: Option<SeenOf>,
    places: Vec<PlaceOf>,
    #[serde(rename = "evidence")]
    _evidence: IgnoredAny,
    history: Vec<CitedOf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectOf {
    kind: String,
    id: String,
    path: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CitedOf {
    commit: Id,
    says: String,
    trust: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceOf {
    path: String,
    commit: Option<String>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    label: String,
    seen: Option<SeenOf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenOf {
    path: String,
    line: u32,
    end_line: u32,
    in_diff: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Off {
    policy: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    text: String,
    command: Option<String>,
}

/// The full id of a commit.
struct Id(String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        let hexadecimal = id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if id.len() == 40 && hexadecimal { Ok(Id(id)) } else { Err(D::Error::custom("a commit has no full id")) }
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    Day::parse(&String::deserialize(deserializer)?).ok_or_else(|| D::Error::custom("`today` is no day"))
}

/// The outcomes: all are counted, those that people are shown are kept, up to a number.
#[derive(Default)]
struct Outcomes {
    counts: Counts,
    /// By severity: findings and unknowns that count.
    weighty: [[usize; 3]; 2],
    kept: [Vec<OutcomeOf>; 2],
    left_out: usize,
}

impl Outcomes {
    fn take(&mut self, judged: OutcomeOf) -> Result<(), String> {
        let outcome = named("outcome", &judged.outcome, &Outcome::ALL, |outcome| outcome.name())?;
        if judged.folded {
            return Ok(());
        }
        let told = judged.counts || judged.standing == Standing::New.name();
        let grade = judged.grade.as_deref().map(|name| named("grade", name, &Grade::ALL, |grade| grade.name()));
        self.counts.add(outcome, judged.severity, told, grade.transpose()?.unwrap_or_default());
        let at = match outcome {
            Outcome::Fail => 0,
            Outcome::Unknown => 1,
            _ => return Ok(()),
        };
        self.weighty[at][judged.severity as usize] += usize::from(judged.counts);
        if self.kept[at].len() < KEPT {
            self.kept[at].push(judged);
        } else {
            self.left_out += 1;
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Outcomes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Outcomes;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of outcomes")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Outcomes, A::Error> {
                let mut outcomes = Outcomes::default();
                while let Some(judged) = sequence.next_element()? {
                    outcomes.take(judged).map_err(A::Error::custom)?;
                }
                Ok(outcomes)
            }
        }
        deserializer.deserialize_seq(All)
    }
}

/// The member of a list that has this name.
fn named<T: Copy>(what: &str, name: &str, all: &[T], of: impl Fn(T) -> &'static str) -> Result<T, String> {
    let found = all.iter().copied().find(|one| of(*one) == name);
    found.ok_or_else(|| format!("it names a {what} that there is not"))
}

impl Brief {
    /// Reads a JSON report back. It may come from anybody: what it says is bounded and counted again.
    ///
    /// # Errors
    /// When it is too large, is no report of the version that this program writes, or its parts do not
    /// agree with each other.
    pub fn read(bytes: &[u8]) -> Result<Brief, Unreadable> {
        if bytes.len() > MAX_BYTES {
            return Err(Unreadable::TooLarge);
        }
        let wrong = |error: serde_json::Error| Unreadable::Format(place_of(&error));
        let head: Head = serde_json::from_slice(bytes).map_err(wrong)?;
        if head.format != FORMAT || head.version != VERSION {
            let found = format!("it is not `{FORMAT}` of version {VERSION}; let the same version write and publish it");
            return Err(Unreadable::Format(found));
        }
        let document: Document = serde_json::from_slice(bytes).map_err(wrong)?;
        brief(document).map(bound::bounded).map_err(Unreadable::Contradiction)
    }
}

/// Where reading stopped; the library's own words may repeat what a stranger wrote.
fn place_of(error: &serde_json::Error) -> String {
    let what = if error.is_data() { "a key is missing, unknown or of another type" } else { "it is not whole JSON" };
    format!("{what}, at line {} column {}", error.line(), error.column())
}

fn brief(document: Document) -> Result<Brief, String> {
    let verdicts = [Verdict::Clear, Verdict::Findings, Verdict::Incomplete, Verdict::Empty];
    let verdict = named("verdict", &document.verdict.name, &verdicts, words::verdict_name)?;
    if verdict.exit_code() != document.verdict.exit_code {
        return Err("its verdict has the exit code of another one".to_owned());
    }
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let bars: Vec<FailOn> = severities.into_iter().map(FailOn::Severity).chain([FailOn::Never]).collect();
    let fail_on = named("bar", &document.verdict.fail_on, &bars, words::fail_on_name)?;
    if document.rules.len() > RULES {
        return Err(format!("it has more than {RULES} rules"));
    }
    let rules: HashMap<String, Arc<Rule>> =
        document.rules.into_iter().map(|rule| (rule.id.clone(), bound::rule(rule.into()))).collect();
    let history = history(document.history)?;
    let mapped: Vec<&str> = rules.values().flat_map(|rule| rule.controls.iter().map(String::as_str)).collect();
    let not_checked = words::not_checked_of(&words::Unseen {
        uncovered: controls::annex_a().filter(|id| !mapped.contains(id)).collect(),
        met_nothing: document.met_nothing.iter().map(String::as_str).collect(),
        off: document.off.iter().map(|off| (off.policy.as_str(), off.reason.as_str())).collect(),
        unrecognised: document.unrecognised.len(),
        history: &history,
    });
    let Outcomes { counts, weighty, kept: [failed, unknown], left_out } = document.outcomes;
    let reached = |numbers: [usize; 3]| {
        let each = severities.into_iter().zip(numbers);
        each.filter(|(severity, _)| fail_on.reached_by(*severity)).map(|(_, number)| number).sum()
    };
    let found = |all: Vec<OutcomeOf>| all.into_iter().map(|judged| found(judged, &rules)).collect::<Result<_, _>>();
    Ok(Brief {
        version: document.tool.version,
        today: document.today,
        commit: document.commit.map(|id| id.0),
        root: document.root,
        verdict,
        fail_on,
        counts,
        blocking: reached(weighty[0]),
        open: reached(weighty[1]),
        systems: document.systems.into(),
        documents: document.documents,
        comparison: document.comparison.map(compared).transpose()?,
        findings: found(failed)?,
        unknown: found(unknown)?,
        left_out,
        not_checked,
        next_steps: document.next_steps.into_iter().map(|Step { text, command }| NextStep { text, command }).collect(),
    })
}

fn history(HistoryState { state, head, reason }: HistoryState) -> Result<History, String> {
    let head = head.map(|id| id.0);
    Ok(match (state.as_str(), head, reason) {
        ("full", Some(head), None) => History::Full { head },
        ("shallow", Some(head), None) => History::Shallow { head },
        ("unborn", None, None) => History::Unborn,
        ("none", None, Some(why)) => History::None(why),
        ("closed", None, Some(why)) => History::Closed(why),
        _ => return Err("its history is in no state that there is".to_owned()),
    })
}

fn compared(comparison: Comparison) -> Result<Compared, String> {
    let changes = comparison.rule_changes.into_iter().map(|change| {
        Ok(RuleAltered {
            about: named("part of the rules", &change.about, &ABOUT, |about| about)?,
            name: change.name,
            text: change.text,
            weakens: change.weakens,
            place: change.place.map(At::from),
        })
    });
    Ok(Compared {
        base: comparison.base.0,
        base_name: comparison.base_name,
        head: comparison.head.0,
        gate: named("gate", &comparison.gate, &[Gate::New, Gate::Touched, Gate::All], Gate::name)?,
        rules: named("version of the rules", &comparison.rules, &[RulesOf::Base, RulesOf::Head], RulesOf::name)?,
        preview: comparison.preview,
        concerns_us: comparison.concerns_us,
        rule_changes: changes.collect::<Result<_, String>>()?,
    })
}

fn found(judged: OutcomeOf, rules: &HashMap<String, Arc<Rule>>) -> Result<Found, String> {
    let rule = rules.get(&judged.rule).ok_or("an outcome is of a rule that it does not have")?;
    let fingerprint = Fingerprint::parse(&judged.fingerprint).ok_or("a fingerprint is not one of this program's")?;
    let SubjectOf { kind, id, path } = judged.subject;
    let history = judged.history.into_iter().map(|cited| {
        let trust = named("grade of trust", &cited.trust, &[Trust::Fact, Trust::Claim], Trust::name)?;
        Ok(Cited { commit: cited.commit.0, says: cited.says, trust })
    });
    Ok(Found {
        rule: Arc::clone(rule),
        subject: Subject { kind: kind.into(), id: id.into(), path: path.into() },
        item: judged.item,
        severity: judged.severity,
        validation: judged.validation,
        message: judged.message,
        remedy: judged.remedy,
        fingerprint,
        standing: named("standing", &judged.standing, &[Standing::New, Standing::Before], Standing::name)?,
        counts: judged.counts,
        caused_at: judged.caused_at.map(Seen::from),
        places: judged.places.into_iter().map(At::from).collect(),
        more_places: 0,
        history: history.collect::<Result<_, String>>()?,
    })
}

impl From<SystemCounts> for Systems {
    fn from(systems: SystemCounts) -> Self {
        let SystemCounts { registered, checked_here, kept_elsewhere } = systems;
        Systems { registered, checked_here, kept_elsewhere }
    }
}

impl From<RuleWords> for Rule {
    fn from(rule: RuleWords) -> Self {
        let RuleWords { id, title, controls, clauses, basis, severity, .. } = rule;
        let RuleWords { who_acts, why, remedy, shows, does_not_show, origin, .. } = rule;
        Rule { id, title, controls, clauses, basis, severity, who_acts, why, remedy, shows, does_not_show, origin }
    }
}

impl From<SeenOf> for Seen {
    fn from(SeenOf { path, line, end_line, in_diff }: SeenOf) -> Self {
        Seen { path, line, end_line, in_diff }
    }
}

impl From<PlaceOf> for At {
    fn from(place: PlaceOf) -> Self {
        let PlaceOf { path, commit, line, column, end_line, end_column, label, seen } = place;
        let place = Place { line, column, end_line, end_column };
        At { path, commit, place, label, seen: seen.map(Seen::from) }
    }
}
