//! Publishing the report of an earlier job, in a workflow that checks nothing out.

use super::{call_of, calls, job};
use crate::runner::composite::Job;
use serde_json::json;
use std::fs;

/// A job of the second workflow, with a report that the first one left.
fn second() -> Job {
    let job = job().event("workflow_run", &json!({"workflow_run": {"head_sha": "0123"}}));
    let report = job.path("a report.json");
    fs::write(&report, "{}").expect("a file");
    let report = report.to_str().expect("a name").to_owned();
    job.input("report", report).input("comment", "true")
}

#[test]
fn a_given_report_is_published_and_nothing_is_checked() {
    let job = second();
    let done = job.run();
    done.expect(0, "findings", &[]);
    let report = job.path("a report.json").to_str().expect("a name").to_owned();
    assert_eq!(call_of(&job, "publish").words, ["publish", &report, "--inline-max=20", "--comment"]);
    assert_eq!(call_of(&job, "publish").token, "ghs_secretOfTheJob");
    assert!(calls(&job).iter().all(|call| call.words[0] != "check"));
    assert_eq!(done.output("report"), report);
}

#[test]
fn publishing_that_fails_fails_a_job_that_does_nothing_else() {
    let done = second().env("FAKE_PUBLISHED", "3").run();
    done.expect(3, "failed", &["a report.json` could not be published. The log of this step says why."]);
    let done = second().env("FAKE_PUBLISHED", "2").run();
    done.expect(2, "invalid", &["a report.json` could not be used. Nothing was published."]);
}

#[test]
fn a_report_that_is_not_there_is_told() {
    let done = Job::new().input("report", "gone.json").run();
    done.expect(
        2,
        "invalid",
        &["The input `report` is `gone.json`, and there is no such file. Nothing was published."],
    );
}
