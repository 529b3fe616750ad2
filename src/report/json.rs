//! The whole report for programs, in an own versioned format; `schemas/report.schema.json` describes it.
//!
//! Nothing is copied: the structs borrow from the report and outcomes are written one by one. A change
//! that a reader could notice as missing or different raises [`VERSION`]; new keys do too, because the
//! schema is closed.

use super::{Options, controls, words};
use crate::facts::{History, PullRequest, Review, Seen};
use crate::finding::{
    Cited, Comparison, Grade, Grades, Judgement, NextStep, Outcome, Report, RuleChange, Spot, Systems,
};
use crate::policy::{Rule, Severity};
use crate::source::is_unsafe;
use serde::ser::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

/// The name of the format.
pub(super) const FORMAT: &str = "annexa-report";

/// The version of the format.
pub(super) const VERSION: u32 = 4;

/// Writes the whole report and a line break.
pub(super) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    write_value(&Document::new(report, options), out)
}

/// Writes a value as compact JSON with [`Visible`] marks, and a line break.
pub(super) fn write_value(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Visible);
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Compact JSON in which marks that could act on a terminal are escaped. It reads back the same.
struct Visible;

impl serde_json::ser::Formatter for Visible {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in fragment.char_indices().filter(|(_, c)| is_unsafe(*c)) {
            out.write_all(&fragment.as_bytes()[from..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[from..])
    }
}

#[derive(serde::Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    tool: Tool,
    today: String,
    commit: Option<&'a str>,
    root: &'a str,
    history: HistoryState<'a>,
    adopted_at: Option<&'a str>,
    comparison: Option<ComparisonOf<'a>>,
    verdict: VerdictOf,
    counts: Counts,
    systems: SystemCounts,
    documents: &'a BTreeMap<String, usize>,
    rules: Each<'a, Rule, RuleWords<'a>>,
    outcomes: Outcomes<'a>,
    controls: Vec<Control>,
    not_covered: Vec<&'static str>,
    met_nothing: Vec<&'a str>,
    off: Vec<Off<'a>>,
    unrecognised: &'a [String],
    skipped: Vec<Skipped<'a>>,
    next_steps: Vec<Step<'a>>,
}

#[derive(serde::Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(serde::Serialize)]
struct HistoryState<'a> {
    state: &'static str,
    head: Option<&'a str>,
    reason: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct ComparisonOf<'a> {
    base: &'a str,
    base_name: &'a str,
    head: &'a str,
    gate: &'static str,
    rules: &'static str,
    preview: Option<&'a str>,
    concerns_us: bool,
    rule_changes: Each<'a, RuleChange, RuleChangeOf<'a>>,
    pull_request: Option<PullRequestOf<'a>>,
}

#[derive(serde::Serialize)]
struct RuleChangeOf<'a> {
    about: &'static str,
    name: &'a str,
    text: &'a str,
    weakens: bool,
    place: Option<PlaceOf<'a>>,
}

#[derive(serde::Serialize)]
struct PullRequestOf<'a> {
    number: u32,
    title: &'a str,
    author: &'a str,
    draft: bool,
    labels: &'a [String],
    base_branch: &'a str,
    reviews: Option<Each<'a, Review, ReviewOf<'a>>>,
}

#[derive(serde::Serialize)]
struct ReviewOf<'a> {
    by: &'a str,
    on: String,
    state: &'static str,
    outdated: bool,
}

#[derive(serde::Serialize)]
struct VerdictOf {
    exit_code: u8,
    name: &'static str,
    fail_on: &'static str,
    reason: String,
}

#[derive(serde::Serialize)]
struct Counts {
    errors: usize,
    warnings: usize,
    notes: usize,
    before: usize,
    unknown: usize,
    waived: usize,
    attested: usize,
    not_applicable: usize,
    passed: usize,
    grades: GradesOf,
    folded: usize,
}

/// How many of those that hold rest on what.
#[derive(serde::Serialize)]
struct GradesOf {
    declared: usize,
    evidenced: usize,
    corroborated: usize,
}

#[derive(serde::Serialize)]
struct SystemCounts {
    registered: usize,
    checked_here: usize,
    kept_elsewhere: usize,
}

#[derive(serde::Serialize)]
struct RuleWords<'a> {
    id: &'a str,
    title: &'a str,
    controls: &'a [String],
    clauses: &'a [String],
    basis: &'static str,
    severity: &'static str,
    who_acts: &'static str,
    why: &'a str,
    remedy: &'a str,
    shows: &'a str,
    does_not_show: &'a str,
    origin: &'a str,
}

#[derive(serde::Serialize)]
struct OutcomeOf<'a> {
    rule: &'a str,
    subject: Subject<'a>,
    system: Option<&'a str>,
    item: Option<&'a str>,
    outcome: &'static str,
    grade: Option<&'static str>,
    severity: &'static str,
    validation: Option<&'a str>,
    message: &'a str,
    remedy: Option<&'a str>,
    folded: bool,
    fingerprint: String,
    standing: &'static str,
    counts: bool,
    caused_at: Option<SeenOf<'a>>,
    places: Vec<PlaceOf<'a>>,
    evidence: Each<'a, Spot, PlaceOf<'a>>,
    history: Each<'a, Cited, CitedOf<'a>>,
}

#[derive(serde::Serialize)]
struct CitedOf<'a> {
    commit: &'a str,
    says: &'a str,
    trust: &'static str,
}

#[derive(serde::Serialize)]
struct Subject<'a> {
    kind: &'a str,
    id: &'a str,
    path: &'a str,
}

#[derive(serde::Serialize)]
struct PlaceOf<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<SeenOf<'a>>,
}

/// A place as reviewers of a change see it.
#[derive(serde::Serialize)]
struct SeenOf<'a> {
    path: Cow<'a, str>,
    line: u32,
    end_line: u32,
    in_diff: bool,
}

#[derive(serde::Serialize)]
struct Control {
    id: String,
    title: Option<&'static str>,
    findings: usize,
    unknown: usize,
    waived: usize,
    attested: usize,
    passed: usize,
    grades: GradesOf,
    not_applicable: usize,
}

#[derive(serde::Serialize)]
struct Off<'a> {
    policy: &'a str,
    reason: &'a str,
}

#[derive(serde::Serialize)]
struct Skipped<'a> {
    path: &'a str,
    why: &'a str,
}

#[derive(serde::Serialize)]
struct Step<'a> {
    text: &'a str,
    command: Option<&'a str>,
}

/// A list that is turned into `Row`s while it is written.
struct Each<'a, Item, Row>(&'a [Item], std::marker::PhantomData<Row>);

impl<'a, Item, Row> Each<'a, Item, Row> {
    fn of(items: &'a [Item]) -> Self {
        Each(items, std::marker::PhantomData)
    }
}

impl<'a, Item, Row: From<&'a Item> + Serialize> Serialize for Each<'a, Item, Row> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Row::from))
    }
}

/// All judgements; each names its rule by id, so that it can be read alone.
struct Outcomes<'a>(&'a Report);

impl Serialize for Outcomes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.judgements.iter().map(|j| OutcomeOf::new(self.0, j)))
    }
}

impl<'a> Document<'a> {
    fn new(report: &'a Report, options: &Options) -> Self {
        let rule_id = |at: &usize| report.rules.get(*at).map(|rule| rule.id.as_str());
        Document {
            format: FORMAT,
            version: VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            today: report.today.to_string(),
            commit: report.commit.as_deref(),
            root: &report.root,
            history: (&report.history).into(),
            adopted_at: report.adopted_at.as_deref(),
            comparison: report.comparison.as_ref().map(ComparisonOf::from),
            verdict: VerdictOf {
                exit_code: options.verdict.exit_code(),
                name: words::verdict_name(options.verdict),
                fail_on: words::fail_on_name(options.fail_on),
                reason: words::verdict_line(report, options),
            },
            counts: report.into(),
            systems: report.systems.into(),
            documents: &report.documents,
            rules: Each::of(&report.rules),
            outcomes: Outcomes(report),
            controls: controls_of(report),
            not_covered: words::uncovered(report),
            met_nothing: report.met_nothing.iter().filter_map(rule_id).collect(),
            off: report.off.iter().map(|(policy, reason)| Off { policy, reason }).collect(),
            unrecognised: &report.unrecognised,
            skipped: report.skipped.iter().map(|s| Skipped { path: &s.path, why: &s.why }).collect(),
            next_steps: report.next_steps.iter().map(Step::from).collect(),
        }
    }
}

fn controls_of(report: &Report) -> Vec<Control> {
    let mut rows: Vec<Control> = report
        .by_control()
        .into_iter()
        .map(|(id, summary)| Control {
            title: controls::title(&id),
            id,
            findings: summary.failed,
            unknown: summary.unknown,
            waived: summary.waived,
            attested: summary.attested,
            passed: summary.passed.total(),
            grades: (&summary.passed).into(),
            not_applicable: summary.not_applicable,
        })
        .collect();
    rows.sort_by(|a, b| controls::order(&a.id, &b.id));
    rows
}

impl From<&Report> for Counts {
    fn from(report: &Report) -> Self {
        let counts = report.counts();
        Counts {
            errors: counts.errors,
            warnings: counts.warnings,
            notes: counts.notes,
            before: counts.before,
            unknown: counts.unknown,
            waived: counts.waived,
            attested: counts.attested,
            not_applicable: counts.not_applicable,
            passed: counts.passed.total(),
            grades: (&counts.passed).into(),
            folded: report.judgements.iter().filter(|judgement| judgement.folded).count(),
        }
    }
}

impl From<&Grades> for GradesOf {
    fn from(grades: &Grades) -> Self {
        GradesOf {
            declared: grades.of(Grade::Declared),
            evidenced: grades.of(Grade::Evidenced),
            corroborated: grades.of(Grade::Corroborated),
        }
    }
}

impl From<Systems> for SystemCounts {
    fn from(systems: Systems) -> Self {
        let Systems { registered, checked_here, kept_elsewhere } = systems;
        SystemCounts { registered, checked_here, kept_elsewhere }
    }
}

impl<'a> From<&'a History> for HistoryState<'a> {
    fn from(history: &'a History) -> Self {
        let (state, head, reason) = match history {
            History::Full { head } => ("full", Some(head.as_str()), None),
            History::Shallow { head } => ("shallow", Some(head.as_str()), None),
            History::Unborn => ("unborn", None, None),
            History::None(why) => ("none", None, Some(why.as_str())),
            History::Closed(why) => ("closed", None, Some(why.as_str())),
        };
        HistoryState { state, head, reason }
    }
}

impl<'a> From<&'a Rule> for RuleWords<'a> {
    fn from(rule: &'a Rule) -> Self {
        RuleWords {
            id: &rule.id,
            title: &rule.title,
            controls: &rule.controls,
            clauses: &rule.clauses,
            basis: rule.basis.name(),
            severity: rule.severity.name(),
            who_acts: rule.who_acts.name(),
            why: &rule.why,
            remedy: &rule.remedy,
            shows: &rule.shows,
            does_not_show: &rule.does_not_show,
            origin: &rule.origin,
        }
    }
}

impl<'a> OutcomeOf<'a> {
    fn new(report: &'a Report, judgement: &'a Judgement) -> Self {
        let rule = report.rule(judgement);
        let Judgement { subject, places, evidence, history, .. } = judgement;
        let seen = |spot| PlaceOf {
            seen: report.comparison.as_ref().and_then(|change| change.seen(spot)).map(SeenOf::from),
            ..PlaceOf::from(spot)
        };
        let (outcome, severity): (Outcome, Severity) = (judgement.outcome, judgement.severity);
        OutcomeOf {
            rule: &rule.id,
            subject: Subject { kind: &subject.kind, id: &subject.id, path: &subject.path },
            system: judgement.system.as_deref(),
            item: judgement.item.as_deref(),
            outcome: outcome.name(),
            grade: (outcome == Outcome::Pass).then(|| judgement.grade.name()),
            severity: severity.name(),
            validation: judgement.validation.as_deref(),
            message: &judgement.message,
            remedy: judgement.remedy.as_deref(),
            folded: judgement.folded,
            fingerprint: judgement.fingerprint.to_string(),
            standing: judgement.standing.name(),
            counts: judgement.counts,
            caused_at: judgement.caused_at.as_ref().map(SeenOf::from),
            places: places.iter().map(seen).collect(),
            evidence: Each::of(evidence),
            history: Each::of(history),
        }
    }
}

impl<'a> From<&'a Spot> for PlaceOf<'a> {
    fn from(spot: &'a Spot) -> Self {
        let place = spot.place();
        PlaceOf {
            path: spot.file.path(),
            commit: spot.file.commit(),
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            label: &spot.label,
            seen: None,
        }
    }
}

impl From<Seen> for SeenOf<'_> {
    fn from(Seen { path, line, end_line, in_diff }: Seen) -> Self {
        SeenOf { path: Cow::Owned(path), line, end_line, in_diff }
    }
}

impl<'a> From<&'a Seen> for SeenOf<'a> {
    fn from(Seen { path, line, end_line, in_diff }: &'a Seen) -> Self {
        SeenOf { path: Cow::Borrowed(path), line: *line, end_line: *end_line, in_diff: *in_diff }
    }
}

impl<'a> From<&'a Comparison> for ComparisonOf<'a> {
    fn from(comparison: &'a Comparison) -> Self {
        ComparisonOf {
            base: &comparison.base,
            base_name: &comparison.base_name,
            head: &comparison.head,
            gate: comparison.gate.name(),
            rules: comparison.rules.name(),
            preview: comparison.preview.as_deref(),
            concerns_us: comparison.concerns_us,
            rule_changes: Each::of(&comparison.rule_changes),
            pull_request: comparison.pull_request.as_ref().map(PullRequestOf::from),
        }
    }
}

impl<'a> From<&'a RuleChange> for RuleChangeOf<'a> {
    fn from(RuleChange { about, name, text, weakens, place }: &'a RuleChange) -> Self {
        RuleChangeOf { about, name, text, weakens: *weakens, place: place.as_ref().map(PlaceOf::from) }
    }
}

impl<'a> From<&'a PullRequest> for PullRequestOf<'a> {
    fn from(pr: &'a PullRequest) -> Self {
        PullRequestOf {
            number: pr.number,
            title: &pr.title,
            author: &pr.author,
            draft: pr.draft,
            labels: &pr.labels,
            base_branch: &pr.base_branch,
            reviews: pr.reviews.known().map(Each::of),
        }
    }
}

impl<'a> From<&'a Review> for ReviewOf<'a> {
    fn from(review: &'a Review) -> Self {
        let Review { by, on, state, outdated } = review;
        ReviewOf { by, on: on.moment(), state: state.name(), outdated: *outdated }
    }
}

impl<'a> From<&'a Cited> for CitedOf<'a> {
    fn from(cited: &'a Cited) -> Self {
        CitedOf { commit: &cited.commit, says: &cited.says, trust: cited.trust.name() }
    }
}

impl<'a> From<&'a NextStep> for Step<'a> {
    fn from(step: &'a NextStep) -> Self {
        Step { text: &step.text, command: step.command.as_deref() }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
