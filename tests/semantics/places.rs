//! Where a finding is shown.

use crate::support::{places, run};

const TEXT: &str = "word: a
size: 3
owner:
  name: b
  team:
parts:
  - id: x
    size: 1
  - id: y
    size: 2
empty: []
";

/// The places of the finding that a policy with these `at` gives.
fn at(expression: &str, at: &str) -> Vec<String> {
    let policy = format!("applies_to: note\nvalidations:\n  - expression: |-\n      {expression}\n    at: {at}\n");
    let report = run().file("a.note.yaml", TEXT).policy("p", &policy).report();
    let finding = report.judgements.iter().find(|j| report.rule(j).id == "p" && j.outcome.name() == "fail");
    let places = places(finding.expect("a finding"));
    places.iter().map(|p| p.trim_start_matches("a.note.yaml:").to_owned()).collect()
}

#[test]
fn a_place_is_the_node_that_is_given_else_the_last_one_read() {
    let table: &[(&str, &[&str])] = &[
        ("[\"doc.size\"]", &["2"]),
        ("[\"doc.owner.name\", \"doc.word\"]", &["4", "1"]),
        ("[\"doc.owner\"]", &["3"]),
        ("[\"doc.parts\"]", &["6"]),
        ("[\"doc.parts[1]\"]", &["9"]),
        ("[\"doc.parts.filter(p, p.id == 'y')\"]", &["9"]),
        ("[\"doc.?owner\"]", &["3"]),
        ("[\"doc.size > 1 && doc.word == 'a'\"]", &["1"]),
        // What is missing is shown at what would hold it.
        ("[\"doc.nowhere\"]", &["1"]),
        ("[\"doc.owner.email\"]", &["3"]),
        ("[\"doc.parts[1].name\"]", &["9"]),
        // Something empty is shown at its key.
        ("[\"doc.owner.team\"]", &["5"]),
        ("[\"doc.empty\"]", &["11"]),
        // One place stands once.
        ("[\"doc.size\", \"doc.size\"]", &["2"]),
        // An empty list that an expression made has no place.
        ("[\"doc.parts.filter(p, p.id == 'z')\", \"doc.word\"]", &["1"]),
    ];
    for (places, expected) in table {
        assert_eq!(at("doc.size > 99", places), *expected, "{places}");
    }
}

#[test]
fn without_a_place_the_last_reads_of_the_failing_expression_are_shown() {
    let table: &[(&str, &[&str])] = &[
        ("doc.size > 99", &["2"]),
        ("doc.word == 'a' && doc.size > 99", &["2", "1"]),
        ("doc.parts.all(p, p.size < 2)", &["10", "8"]),
        ("has(doc.nowhere)", &["1"]),
        ("has(doc.owner.email)", &["3"]),
        ("false", &["1"]),
    ];
    for (expression, expected) in table {
        assert_eq!(at(expression, "[]"), *expected, "{expression}");
    }
}

#[test]
fn a_place_can_be_in_another_document_and_evidence_is_everything_read() {
    let policy = "applies_to: note\nvalidations:\n  - expression: \"lookup(risk_registers, 'id', doc.word).all(r, r.owner == 'b')\"\n    at: [\"lookup(risk_registers, 'id', doc.word)[0].owner\", doc.word]\n";
    let report = run()
        .file("a.note.yaml", TEXT)
        .file("risk-register.yaml", "kind: risk-register\nid: a\nowner: c\n")
        .policy("p", policy)
        .report();
    let finding = report.judgements.iter().find(|j| report.rule(j).id == "p").expect("judged");
    assert_eq!(places(finding), ["risk-register.yaml:3", "a.note.yaml:1"]);
    let evidence: Vec<_> = finding.evidence.iter().map(|s| format!("{}:{}", s.file.path(), s.place().line)).collect();
    assert_eq!(evidence, ["a.note.yaml:1", "risk-register.yaml:2", "risk-register.yaml:3"]);
}

#[test]
fn an_alias_is_shown_at_what_it_stands_for_because_that_has_to_change() {
    let text = "base: &b\n  size: 1\nuse:\n  - *b\nword: a\n";
    let policy = "applies_to: note\nfor_each: doc.use\nvalidations:\n  - {expression: item.size > 5, at: [item]}\n";
    let said = run().file("a.note.yaml", text).policy("p", policy).says();
    assert_eq!(said.len(), 1);
    assert!(said[0].contains(" at a.note.yaml:2"), "{said:?}");
}
