//! What people read, looked at whole.

use super::*;
use crate::report::sample::{changed, empty, full, options, written};

fn links() -> Links {
    Links::new("https://github.com", "acme/models", Some("https://github.com/acme/models/actions/runs/7"))
}

fn brief(report: &Report) -> Brief {
    Brief::of(report, &options(report))
}

#[test]
fn the_comment_on_a_pull_request() {
    insta::assert_snapshot!(comment(&brief(&changed()), &links(), "governance/check"));
}

#[test]
fn the_page_of_a_job_on_a_pull_request() {
    insta::assert_snapshot!(summary(&brief(&changed()), &links()));
}

#[test]
fn the_page_of_a_job_without_a_change() {
    insta::assert_snapshot!(written("markdown", &full(), &options(&full())));
}

#[test]
fn a_comment_on_a_line() {
    let brief = brief(&changed());
    insta::assert_snapshot!(inline(&brief, &links(), &brief.findings[2], "governance/check"));
}

#[test]
fn a_comment_whose_findings_are_gone() {
    let mut report = changed();
    report.judgements.clear();
    if let Some(comparison) = &mut report.comparison {
        comparison.rule_changes.clear();
    }
    insta::assert_snapshot!(comment(&brief(&report), &links(), "governance/check"));
}

#[test]
fn an_empty_run_says_that_there_was_nothing() {
    let page = summary(&brief(&empty()), &links());
    assert!(page.starts_with("## annexa: There was nothing to check\n"), "{page}");
}
