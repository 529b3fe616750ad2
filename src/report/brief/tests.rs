//! What is shown is the same, whether it comes from memory or from the JSON report.

use super::*;
use crate::finding::Report;
use crate::report::sample::{changed, empty, full, options, written};
use serde_json::{Value, json};

fn both_ways(report: &Report) -> (Brief, Brief) {
    let options = options(report);
    let read = Brief::read(written("json", report, &options).as_bytes()).expect("our own report can be read");
    (Brief::of(report, &options), read)
}

#[test]
fn a_report_in_memory_and_its_json_give_the_same() {
    for report in [full(), empty(), changed()] {
        let (made, read) = both_ways(&report);
        assert_eq!(made, read);
    }
    let (made, _) = both_ways(&full());
    assert_eq!((made.findings.len(), made.unknown.len(), made.blocking, made.open), (3, 2, 2, 1));
}

#[test]
fn long_texts_and_many_findings_are_cut_alike() {
    let mut report = full();
    let judgement = crate::finding::Judgement { message: "ä".repeat(5_000), ..report.judgements[0].clone() };
    report.rules[0].why = "w".repeat(100_000);
    report.judgements.splice(0..0, vec![judgement; KEPT + 7]);
    let (made, read) = both_ways(&report);
    assert_eq!(made, read);
    // The sample has three findings more.
    assert_eq!((made.findings.len(), made.left_out), (KEPT, 10));
    assert_eq!(made.findings[0].message.chars().count(), 4_001);
    assert_eq!(made.findings[0].rule.why.chars().count(), 4_001);
    assert_eq!(made.counts.errors, KEPT + 9);
}

fn spoilt(spoil: impl FnOnce(&mut Value)) -> Result<Brief, String> {
    let report = changed();
    let mut value = serde_json::from_str(&written("json", &report, &options(&report))).expect("it is JSON");
    spoil(&mut value);
    Brief::read(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

#[test]
fn a_report_that_is_none_is_refused_in_our_own_words() {
    type Spoil = fn(&mut Value);
    let table: [(&str, Spoil); 14] = [
        ("it is not `annexa-report` of version 4", |v| v["version"] = json!(3)),
        ("it is not `annexa-report` of version 4", |v| v["format"] = json!("other")),
        ("a key is missing", |v| v["surprise"] = json!("EVIL")),
        ("a key is missing", |v| v["today"] = json!("EVIL")),
        ("a key is missing", |v| v["outcomes"][0]["outcome"] = json!("EVIL")),
        ("a key is missing", |v| v["outcomes"][0]["severity"] = json!("EVIL")),
        ("a key is missing", |v| v["comparison"]["head"] = json!("EVIL")),
        ("a key is missing", |v| v["outcomes"][0]["places"][0]["line"] = json!(-1)),
        ("the exit code of another", |v| v["verdict"]["exit_code"] = json!(0)),
        ("names a verdict that there is not", |v| v["verdict"]["name"] = json!("EVIL")),
        ("names a gate that there is not", |v| v["comparison"]["gate"] = json!("EVIL")),
        ("of a rule that it does not have", |v| v["outcomes"][0]["rule"] = json!("EVIL")),
        ("a fingerprint is not one", |v| v["outcomes"][0]["fingerprint"] = json!("EVIL")),
        ("in no state that there is", |v| v["history"]["state"] = json!("EVIL")),
    ];
    for (expected, spoil) in table {
        let error = spoilt(spoil).expect_err(expected);
        assert!(error.contains(expected) && !error.contains("EVIL"), "{expected}: {error}");
    }
    for bytes in [&b""[..], b"{", b"[]", b"{\"format\": \"annexa-report\"}", &b"[".repeat(100_000)] {
        assert!(matches!(Brief::read(bytes), Err(Unreadable::Format(_))));
    }
    assert_eq!(Brief::read(&vec![b' '; MAX_BYTES + 1]), Err(Unreadable::TooLarge));
}

#[test]
fn what_a_report_says_of_itself_is_counted_again() {
    let honest = spoilt(|_| {}).expect("it can be read");
    let lied = spoilt(|v| {
        v["counts"]["errors"] = json!(0);
        v["verdict"]["reason"] = json!("all is well");
        v["controls"][0]["title"] = json!("another title");
        v["not_covered"] = json!([]);
    });
    assert_eq!(lied, Ok(honest));
}

#[test]
fn places_outside_of_the_repository_are_shown_nowhere() {
    for path in ["../x", "/etc/x", "a//b", "", "a/./b"] {
        let brief = spoilt(|v| {
            v["outcomes"][0]["places"][0]["seen"] = json!({"path": path, "line": 0, "end_line": 0, "in_diff": true});
        });
        assert_eq!(brief.expect("it can be read").findings[0].places[0].seen, None, "{path}");
    }
}
