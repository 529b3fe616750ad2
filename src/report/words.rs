//! Sentences that every format for people shares.

use super::{Options, controls};
use crate::facts::History;
use crate::finding::{Counts, FailOn, Grade, Outcome, Report, RulesOf, Systems, Verdict};
use std::collections::BTreeMap;

/// `1 finding`, `2 findings`.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The exit code and its reason, in one sentence.
pub fn verdict_line(report: &Report, options: &Options) -> String {
    let weighty = |outcome| report.with(outcome).filter(|j| j.counts && options.fail_on.reached_by(j.severity)).count();
    let bar = match options.fail_on {
        FailOn::Severity(severity) => format!("at or above {}", severity.name()),
        FailOn::Never => String::new(),
    };
    let findings = count(weighty(Outcome::Fail), "finding", "findings");
    let reason = match options.verdict {
        Verdict::Clear if options.fail_on == FailOn::Never => {
            let all = report.counts();
            let all = count(all.errors + all.warnings + all.notes, "finding", "findings");
            format!("{all}, and this run was told to fail on none")
        }
        Verdict::Clear if report.comparison.as_ref().is_some_and(|comparison| comparison.preview.is_some()) => {
            "this is a preview, and nothing of it counts yet".to_owned()
        }
        Verdict::Clear => format!("no findings {bar}"),
        Verdict::Findings => format!("{findings} {bar}"),
        Verdict::Incomplete => {
            let open = count(weighty(Outcome::Unknown), "judgement", "judgements");
            format!("{open} {bar} could not be made; {findings} {bar}")
        }
        Verdict::Empty => "there was nothing to check".to_owned(),
    };
    format!("exit code {}: {reason}", options.verdict.exit_code())
}

/// The name of a verdict in reports for programs.
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clear => "clear",
        Verdict::Findings => "findings",
        Verdict::Incomplete => "incomplete",
        Verdict::Empty => "empty",
    }
}

/// What `--fail-on` says.
pub(super) fn fail_on_name(fail_on: FailOn) -> &'static str {
    match fail_on {
        FailOn::Severity(severity) => severity.name(),
        FailOn::Never => "never",
    }
}

/// How many systems there are and where their records are.
pub(super) fn systems(systems: Systems) -> String {
    format!(
        "{} registered, {} checked here, {} with records kept elsewhere",
        count(systems.registered, "system", "systems"),
        systems.checked_here,
        systems.kept_elsewhere
    )
}

/// How many documents of each kind were read.
pub(super) fn documents(documents: &BTreeMap<String, usize>) -> String {
    let all = documents.values().fold(0, |all: usize, n| all.saturating_add(*n));
    let kinds: Vec<String> = documents.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
    let colon = if kinds.is_empty() { "" } else { ": " };
    format!("{} read{colon}{}", count(all, "document", "documents"), kinds.join(", "))
}

/// The findings by severity.
pub(super) fn findings(counts: &Counts) -> String {
    format!(
        "{}: {}, {}, {}",
        count(counts.errors + counts.warnings + counts.notes, "finding", "findings"),
        count(counts.errors, "error", "errors"),
        count(counts.warnings, "warning", "warnings"),
        count(counts.notes, "note", "notes"),
    )
}

/// The outcomes that are no findings.
pub(super) fn others(counts: &Counts) -> String {
    format!(
        "{} could not be judged, {} waived, {} attested, {} hold, {} not applicable",
        counts.unknown,
        counts.waived,
        counts.attested,
        counts.passed.total(),
        counts.not_applicable
    )
}

/// What those that hold rest on, without judging whether that is enough. Empty where none holds.
pub(super) fn grades(counts: &Counts) -> Option<String> {
    let [declared, evidenced, corroborated] = Grade::ALL.map(|grade| counts.passed.of(grade));
    (counts.passed.total() > 0).then(|| {
        format!(
            "of those that hold, {declared} declared (the record says so), {evidenced} evidenced (something else here agrees), \
             {corroborated} corroborated (the git history agrees)"
        )
    })
}

/// What was compared, and by whose rules: one sentence a thing. Empty where no change was judged.
pub(super) fn compared(report: &Report) -> Vec<String> {
    let Some(comparison) = &report.comparison else { return Vec::new() };
    let short = |id: &str| id.chars().take(10).collect::<String>();
    let whose = match comparison.rules {
        RulesOf::Base => "by the rules of that version",
        RulesOf::Head => "by the rules that the change brings",
    };
    let base = format!("compared with {} ({}), judged {whose}", comparison.base_name, short(&comparison.base));
    let mut said = vec![base];
    said.extend(comparison.preview.as_ref().map(|why| format!("nothing counts yet: {why}")));
    said
}

/// What was there before the change and does not count, in one sentence.
pub(super) fn before(report: &Report) -> Option<String> {
    let hidden = |outcome| report.with(outcome).count() - report.shown(outcome).count();
    let (findings, unknown) = (hidden(Outcome::Fail), hidden(Outcome::Unknown));
    if findings + unknown == 0 {
        return None;
    }
    let mut said = Vec::new();
    if findings > 0 {
        said.push(count(findings, "finding", "findings"));
    }
    if unknown > 0 {
        said.push(count(unknown, "judgement that could not be made", "judgements that could not be made"));
    }
    let verb = if findings + unknown == 1 { "was there before and does" } else { "were there before and do" };
    Some(format!("{} {verb} not count here (`--gate all` counts all).", said.join(" and ")))
}

/// What a run without findings says first.
pub(super) fn calm(report: &Report) -> String {
    if report.is_empty() {
        return "Nothing to check: no document of a known kind was found. \
                `annexa init` writes a first one; `annexa doctor` shows what was looked at."
            .to_owned();
    }
    let counts = report.counts();
    let documents = count(report.documents.values().sum(), "document", "documents");
    if counts.before > 0 {
        return format!("No new findings in {documents}.");
    }
    let hold = count(counts.passed.total(), "judgement holds", "judgements hold");
    format!("No findings in {documents}; {hold}, {} could not be made.", counts.unknown)
}

/// The controls of Annex A to which no rule of the run maps.
pub fn uncovered(report: &Report) -> Vec<&'static str> {
    controls::annex_a().filter(|id| !report.rules.iter().any(|r| r.controls.iter().any(|c| c == id))).collect()
}

/// Ids as people write them: neighbours within one group as a range, `A.2.2 to A.2.4, A.3.3`.
pub fn ids_in_ranges(ids: &[&str]) -> String {
    let split = |id: &str| {
        let (group, number) = id.rsplit_once('.')?;
        Some((group.to_owned(), number.parse::<u32>().ok()?))
    };
    let follows = |a: &str, b: &str| match (split(a), split(b)) {
        (Some((left, n)), Some((right, m))) => left == right && m == n + 1,
        _ => false,
    };
    let runs: Vec<String> = ids
        .chunk_by(|a, b| follows(a, b))
        .map(|run| match run {
            [one] => (*one).to_owned(),
            [first, second] => format!("{first}, {second}"),
            [first, .., last] => format!("{first} to {last}"),
            [] => String::new(),
        })
        .collect();
    runs.join(", ")
}

/// What to do about a judgement that could not be made where nothing says it better.
pub(super) const UNKNOWN_REMEDY: &str = "Remove this cause and run again; until then it is no pass.";

/// Rules that are named one by one in a sentence; a longer list is not read.
const NAMED: usize = 6;

/// What a run did not see.
pub(super) struct Unseen<'a> {
    /// Controls of Annex A without a rule.
    pub uncovered: Vec<&'static str>,
    /// Ids of rules that met nothing to judge.
    pub met_nothing: Vec<&'a str>,
    /// Policies that are switched off: id and reason.
    pub off: Vec<(&'a str, &'a str)>,
    /// How many files could have been documents.
    pub unrecognised: usize,
    /// The state of the git history.
    pub history: &'a History,
}

/// What this run could not check, one sentence a cause. Never empty: no run shows everything.
pub(super) fn not_checked(report: &Report) -> Vec<String> {
    not_checked_of(&Unseen {
        uncovered: uncovered(report),
        met_nothing: report.met_nothing.iter().filter_map(|at| Some(report.rules.get(*at)?.id.as_str())).collect(),
        off: report.off.iter().map(|(id, reason)| (id.as_str(), reason.as_str())).collect(),
        unrecognised: report.unrecognised.len(),
        history: &report.history,
    })
}

/// The same of what was read back.
pub(super) fn not_checked_of(unseen: &Unseen) -> Vec<String> {
    let mut said = Vec::new();
    let Unseen { uncovered, met_nothing, off, unrecognised, history: state } = unseen;
    if !uncovered.is_empty() {
        let all = controls::annex_a().count();
        let ids = ids_in_ranges(uncovered);
        let verb = if uncovered.len() == 1 { "has" } else { "have" };
        said.push(format!("{} of the {all} controls of Annex A {verb} no rule in this run: {ids}.", uncovered.len()));
    }
    if !met_nothing.is_empty() {
        let rules = count(met_nothing.len(), "rule", "rules");
        let few = met_nothing.len() <= NAMED;
        let named = if few { met_nothing.join(", ") } else { "`--output json` names them".to_owned() };
        said.push(format!("{rules} met nothing to judge, which shows nothing either way: {named}."));
    }
    for (id, reason) in off {
        said.push(format!("{id} is switched off: {reason}"));
    }
    if *unrecognised > 0 {
        let files = count(*unrecognised, "file", "files");
        said.push(format!("{files} could be documents and were not recognised as any: `annexa doctor` lists them."));
    }
    said.extend(history(state));
    said.push(
        "Whether what the records say is adequate or true: a check shows that a record is there and agrees with the \
         others. `annexa explain <rule>` says what each rule does not show."
            .to_owned(),
    );
    said
}

/// What of the git history could not be seen.
fn history(state: &History) -> Option<String> {
    match state {
        History::Full { .. } => None,
        History::Shallow { .. } => Some(
            "The older history: this clone is shallow. `fetch-depth: 0` in actions/checkout, or \
             `git fetch --unshallow`, brings it."
                .to_owned(),
        ),
        History::Unborn => {
            Some("The git history, such as ages and the order of changes: there is no commit yet.".to_owned())
        }
        History::None(why) => Some(format!("The git history, such as ages and the order of changes: {why}.")),
        History::Closed(why) => {
            Some(format!("The git history, such as ages and the order of changes: it cannot be read, since {why}."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_ranges_and_groups_stay_apart() {
        let table: [(&[&str], &str); 5] = [
            (&[], ""),
            (&["A.2.2"], "A.2.2"),
            (&["A.2.2", "A.2.3"], "A.2.2, A.2.3"),
            (&["A.2.2", "A.2.3", "A.2.4", "A.3.2"], "A.2.2 to A.2.4, A.3.2"),
            (&["A.9.3", "A.9.4", "A.10.2", "A.10.3", "A.10.4"], "A.9.3, A.9.4, A.10.2 to A.10.4"),
        ];
        for (ids, expected) in table {
            assert_eq!(ids_in_ranges(ids), expected);
        }
    }
}
