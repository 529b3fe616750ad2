//! What code scanning is given.

use super::*;
use crate::report::sample::{changed, empty, file, full, options, spot, written};

fn read(report: &Report) -> Value {
    serde_json::from_str(&written("sarif", report, &options(report))).expect("it is JSON")
}

#[test]
fn a_report_of_every_outcome() {
    let value = read(&changed());
    insta::assert_snapshot!(serde_json::to_string_pretty(&value).expect("it can be written"));
}

#[test]
fn a_run_without_findings_has_an_empty_list() {
    let run = &read(&empty())["runs"][0];
    assert_eq!(run["results"], json!([]));
    assert_eq!(run["invocations"][0]["exitCode"], json!(4));
    assert_eq!(run["invocations"][0]["executionSuccessful"], json!(true));
}

#[test]
fn without_a_change_nothing_is_new() {
    let run = &read(&full())["runs"][0];
    let results = run["results"].as_array().expect("a list");
    assert_eq!(results.len(), 4);
    assert!(results.iter().all(|result| result.get("baselineState").is_none()));
    let suppressed = |result: &&Value| result.get("suppressions").is_some();
    assert_eq!(results.iter().filter(suppressed).count(), 1);
}

#[test]
fn texts_make_no_links_and_paths_stay_in_the_repository() {
    let mut report = full();
    let odd = file("a b/[x](https:é).yaml", "id: x\n");
    report.root = "sub/".to_owned();
    report.judgements[0].message = "see [this](https://evil.example) \\[that](x)".to_owned();
    report.judgements[0].places = vec![spot(&odd, "id", "[l](m)")];
    let result = &read(&report)["runs"][0]["results"][0];
    let text = result["message"]["text"].as_str().expect("text");
    assert!(text.starts_with("see \\[this\\](https://evil.example) \\\\\\[that\\](x)"), "{text}");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], json!("sub/a%20b/%5Bx%5D%28https%3A%C3%A9%29.yaml"));
    // `id` is the first two characters of the first line; the end is the column after it.
    assert_eq!(place["region"], json!({"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 3}));
}

#[test]
fn what_has_no_file_stands_at_the_set_up() {
    let mut report = full();
    report.judgements[0].places.clear();
    report.judgements[0].subject.path = "".into();
    let uri = &read(&report)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(uri, &json!("annexa.yaml"));
}

#[test]
fn results_beyond_the_limit_are_counted() {
    let report = full();
    let run = &log(&report, &options(&report), 1)["runs"][0];
    assert_eq!(run["results"].as_array().map(Vec::len), Some(1));
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("a list");
    let last = notifications.last().expect("one")["message"]["text"].as_str().expect("text");
    assert!(last.starts_with("3 more findings are not listed here"), "{last}");
}
