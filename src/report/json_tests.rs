use crate::finding::{Outcome, Spot};
use crate::policy::Severity;
use crate::report::sample::{changed, empty, file, full, judgement, options, rule, written};
use crate::source::Span;
use serde_json::{Value, json};

fn read(report: &crate::finding::Report) -> Value {
    serde_json::from_str(&written("json", report, &options(report))).expect("it is JSON")
}

fn assert_fits_the_schema(value: &Value) {
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report.schema.json")).expect("it is JSON");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).expect("it is a schema");
    let errors: Vec<String> =
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn reports_fit_their_schema() {
    for report in [full(), empty(), changed()] {
        assert_fits_the_schema(&read(&report));
    }
}

#[test]
fn the_schema_notices_a_key_that_is_missing_or_unknown() {
    let mut value = read(&full());
    value["outcomes"][0].as_object_mut().expect("a map").remove("evidence");
    value["surprise"] = json!(1);
    let schema: Value = serde_json::from_str(include_str!("../../schemas/report.schema.json")).expect("it is JSON");
    let schema = jsonschema::options().build(&schema).expect("it is a schema");
    let mut at: Vec<String> = schema.iter_errors(&value).map(|error| error.instance_path().to_string()).collect();
    at.sort();
    assert_eq!(at, ["", "/outcomes/0"]);
}

#[test]
fn every_outcome_is_kept_with_the_places_it_rests_on() {
    let value = read(&full());
    let outcomes: Vec<&str> =
        value["outcomes"].as_array().expect("a list").iter().filter_map(|o| o["outcome"].as_str()).collect();
    assert_eq!(
        outcomes,
        [
            "fail",
            "fail",
            "fail",
            "unknown",
            "unknown",
            "unknown",
            "waived",
            "attested",
            "not-applicable",
            "pass",
            "pass"
        ]
    );
    let first = &value["outcomes"][0];
    assert_eq!(first["rule"], "impact-assessment-is-current");
    // `id: hiring` is line 2 of the file, its value begins in column 5.
    assert_eq!(
        first["places"][0],
        json!({"path": "governance/hiring/ai-system.yaml", "line": 2, "column": 5, "end_line": 2, "end_column": 11, "label": "this system"})
    );
    assert_eq!(first["evidence"][1]["line"], 5);
    // The row of the statement is lines 3 to 5.
    let row = &value["outcomes"][1]["places"][0];
    assert_eq!([&row["line"], &row["column"], &row["end_line"], &row["end_column"]], [3, 5, 5, 32]);
}

#[test]
fn a_place_in_another_commit_names_it() {
    let mut report = empty();
    report.rules = vec![rule("r", "t", &[], &[])];
    let base = crate::source::SourceFile::new("soa.yaml", b"id: s\n".to_vec()).of_commit("0123abc");
    let spot = Spot::new(&std::sync::Arc::new(base), Span::new(4, 5));
    report.judgements = vec![judgement(0, Outcome::Fail, Severity::Error, "it changed", vec![spot])];
    let value = read(&report);
    let place = &value["outcomes"][0]["places"][0];
    assert_eq!((&place["path"], &place["commit"]), (&json!("soa.yaml"), &json!("0123abc")));
    assert_fits_the_schema(&value);
}

#[test]
fn counts_verdict_and_controls_say_what_the_report_says() {
    let value = read(&full());
    assert_eq!(
        value["counts"],
        json!({"errors": 2, "warnings": 1, "notes": 0, "before": 0, "unknown": 2, "waived": 1, "attested": 1, "not_applicable": 1, "passed": 2, "grades": {"declared": 2, "evidenced": 0, "corroborated": 0}, "folded": 1})
    );
    assert_eq!(value["verdict"]["exit_code"], 3);
    assert_eq!(value["verdict"]["name"], "incomplete");
    let ids: Vec<&str> =
        value["controls"].as_array().expect("a list").iter().filter_map(|c| c["id"].as_str()).collect();
    assert_eq!(ids, ["A.3.2", "A.5.2", "A.5.3", "A.8.4", "A.9.4", "A.10.3", "6.1.3", "6.1.4", "8.4"]);
    assert_eq!(value["not_covered"].as_array().map(Vec::len), Some(38 - 6));
    assert_eq!(value["met_nothing"], json!(["incident-plan-has-deadlines"]));
    assert_eq!(value["history"]["state"], "shallow");
}

#[test]
fn text_of_strangers_reads_back_the_same_and_cannot_act_on_a_terminal() {
    let hostile = "\u{1b}[31m \u{202e} \u{9b}31m \u{7f} \u{200b} ::error:: \"quoted\" \n\t ü 🦀";
    let mut report = empty();
    report.rules = vec![rule("r", "t", &[], &[])];
    let spot = Spot::labelled(&file("f", "x"), Span::at(0), hostile);
    report.judgements = vec![judgement(0, Outcome::Fail, Severity::Error, hostile, vec![spot])];
    let text = written("json", &report, &options(&report));
    assert_eq!(text.trim_end().chars().filter(|c| crate::source::is_unsafe(*c)).count(), 0);
    let value: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(value["outcomes"][0]["message"], hostile);
    assert_eq!(value["outcomes"][0]["places"][0]["label"], hostile);
    assert_fits_the_schema(&value);
}
