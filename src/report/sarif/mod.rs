//! SARIF 2.1.0, as code scanning takes it: findings with their rules, places and fingerprints.
//!
//! Values are made piece by piece; what a platform cuts without a word is cut here and counted.

mod driver;
#[cfg(test)]
mod tests;
mod text;
mod uri;

use super::{Options, json, words};
use crate::config::FILE_NAME;
use crate::finding::{Judgement, Outcome, Report, Spot, Standing};
use crate::policy::Severity;
use crate::source::Place;
use serde_json::{Value, json};
use std::io;
use text::message;

/// Results of a run that the platform takes.
const RESULTS: usize = 25_000;

/// Further places of one result that the platform shows.
const RELATED: usize = 100;

/// Notifications that are written.
const NOTIFICATIONS: usize = 1_000;

/// Writes the report as one run.
pub(super) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    json::write_value(&log(report, options, RESULTS), out)
}

fn log(report: &Report, options: &Options, limit: usize) -> Value {
    let findings =
        || report.judgements.iter().filter(|j| matches!(j.outcome, Outcome::Fail | Outcome::Waived) && !j.folded);
    let results: Vec<Value> = findings().take(limit).map(|judgement| result(report, judgement)).collect();
    let left_out = findings().count() - results.len();
    let exit_code = options.verdict.exit_code();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver::driver(report)},
            "invocations": [{
                "executionSuccessful": exit_code != 3,
                "exitCode": exit_code,
                "exitCodeDescription": words::verdict_line(report, options),
                "toolExecutionNotifications": notifications(report, left_out),
            }],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The top of the repository."}}},
            "results": results,
        }],
    })
}

/// The name of a severity here.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn result(report: &Report, judgement: &Judgement) -> Value {
    let rule = report.rule(judgement);
    let mut here = judgement.places.iter().filter(|spot| spot.file.commit().is_none());
    let first = here.next();
    let location = match first {
        Some(spot) => location_of(report, spot),
        // A result without a file is refused, so what is about the whole repository stands at its set-up.
        None => {
            let path = if judgement.subject.path.is_empty() { FILE_NAME } else { &*judgement.subject.path };
            location(report, path, Place { line: 1, column: 1, end_line: 1, end_column: 1 })
        }
    };
    let related = here.take(RELATED).enumerate().map(|(at, spot)| {
        let mut place = location_of(report, spot);
        place["id"] = json!(at + 1);
        let label = if spot.label.is_empty() { "also part of this finding" } else { &spot.label };
        place["message"] = message(label);
        place
    });
    let mut result = json!({
        "ruleId": rule.id,
        "ruleIndex": judgement.rule,
        "kind": "fail",
        "level": level(judgement.severity),
        "message": message(&sentence(report, judgement)),
        "locations": [location],
        "relatedLocations": related.collect::<Vec<_>>(),
        "partialFingerprints": {"annexa/v1": judgement.fingerprint.to_string()},
    });
    if judgement.outcome == Outcome::Waived {
        let why = text::cut(&judgement.message);
        result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": why}]);
    }
    if report.comparison.is_some() {
        result["baselineState"] = json!(match judgement.standing {
            Standing::New => "new",
            Standing::Before => "unchanged",
        });
    }
    result
}

/// What is wrong and what to do, as sentences.
fn sentence(report: &Report, judgement: &Judgement) -> String {
    let rule = report.rule(judgement);
    let what = judgement.message.trim().trim_end_matches('.');
    let what = if what.is_empty() { rule.title.trim_end_matches('.') } else { what };
    let remedy = judgement.remedy.as_deref().unwrap_or(&rule.remedy).trim();
    if remedy.is_empty() { format!("{what}.") } else { format!("{what}. What to do: {remedy}") }
}

fn location_of(report: &Report, spot: &Spot) -> Value {
    location(report, spot.file.path(), spot.place())
}

fn location(report: &Report, path: &str, place: Place) -> Value {
    let Place { line, column, end_line, end_column } = place;
    json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri::relative(&format!("{}{path}", report.root)), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column},
        },
    })
}

/// What could not be judged, and what did not fit.
fn notifications(report: &Report, left_out: usize) -> Vec<Value> {
    let all = report.with(Outcome::Unknown).count();
    let mut notifications: Vec<Value> =
        report.with(Outcome::Unknown).take(NOTIFICATIONS).map(|judgement| notification(report, judgement)).collect();
    let mut more = |number: usize, what: &str| {
        if number > 0 {
            let text = format!("{number} {what}; the JSON report of the same run has all.");
            notifications.push(json!({"level": "warning", "message": {"text": text}}));
        }
    };
    more(all.saturating_sub(NOTIFICATIONS), "more judgements that could not be made are not listed here");
    more(left_out, "more findings are not listed here, since a platform takes no more results of one run");
    notifications
}

fn notification(report: &Report, judgement: &Judgement) -> Value {
    let remedy = judgement.remedy.as_deref().unwrap_or(words::UNKNOWN_REMEDY);
    let what = judgement.message.trim().trim_end_matches('.');
    let mut notification = json!({
        "level": level(judgement.severity),
        "message": message(&format!("Could not be judged: {what}. {remedy}")),
        "associatedRule": {"id": report.rule(judgement).id, "index": judgement.rule},
    });
    if let Some(spot) = judgement.places.iter().find(|spot| spot.file.commit().is_none()) {
        notification["locations"] = json!([location_of(report, spot)]);
    }
    notification
}
