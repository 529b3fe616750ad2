//! What a person says in place of the repository, and what an outcome that holds rests on.

use crate::support::{Run, run};
use annexa::finding::{Grade, Outcome};

const TAKES_A_WORD: &str = "applies_to: ai-system\ncontrols: [A.4.6]\nclauses: ['7.2']\naccepts_attestation: true\nvalidations:\n  - expression: \"has(doc.users)\"\n    at: [doc.id]\n";

/// A system that fails the policy, and what is attested. Every run is on the first of June 2026.
fn attested(attestation: &str) -> String {
    let said = run()
        .today("2026-06-01")
        .file("ai-system.yaml", "id: scoring\n")
        .file("training.attestation.yaml", format!("kind: attestation\nid: t\n{attestation}"))
        .policy("p", TAKES_A_WORD)
        .says();
    said.into_iter().find(|line| line.starts_with("p ")).expect("the policy was judged")
}

const WHO: &str = "statement: All recruiters were trained\nrole: head-of-recruiting\n";

#[test]
fn a_valid_attestation_about_the_control_or_the_clause_stands_in() {
    let days = "on: 2026-01-10\nvalid_until: 2026-06-01\n";
    for about in [
        "controls: [A.4.6]\n",
        "controls: ['A 4.6']\n",
        "clauses: ['7.2']\n",
        "controls: [A.4.6]\nsystems: [scoring]\n",
    ] {
        let said = attested(&format!("{WHO}{days}{about}"));
        assert!(said.starts_with("p attested "), "{about}: {said}");
        assert!(said.contains("attested by head-of-recruiting on 2026-01-10, valid until 2026-06-01"), "{said}");
    }
}

#[test]
fn anything_less_does_not() {
    let days = "on: 2026-01-10\nvalid_until: 2026-12-31\n";
    let table = [
        ("over since yesterday", format!("{WHO}on: 2026-01-10\nvalid_until: 2026-05-31\ncontrols: [A.4.6]\n")),
        ("from tomorrow on", format!("{WHO}on: 2026-06-02\nvalid_until: 2026-12-31\ncontrols: [A.4.6]\n")),
        ("about another control", format!("{WHO}{days}controls: [A.4.5]\nclauses: ['7.1']\n")),
        ("about nothing", format!("{WHO}{days}")),
        ("for another system", format!("{WHO}{days}controls: [A.4.6]\nsystems: [ranking]\n")),
        ("by nobody", format!("statement: All were trained\nrole: <role>\n{days}controls: [A.4.6]\n")),
        ("of nothing", format!("statement: TODO\nrole: lead\n{days}controls: [A.4.6]\n")),
        ("without an end", format!("{WHO}on: 2026-01-10\ncontrols: [A.4.6]\n")),
    ];
    for (what, attestation) in table {
        let said = attested(&attestation);
        assert!(said.starts_with("p fail "), "an attestation {what}: {said}");
    }
}

#[test]
fn where_things_are_judged_one_by_one_it_stands_in_for_its_own() {
    let policy = "applies_to: ai-system\nclauses: ['7.1', '7.3']\naccepts_attestation: true\naccepts_reference: [roles, objectives]\nfor_each: \"['7.1', '7.3', 'roles', 'objectives']\"\nvalidations:\n  - expression: \"item == doc.id\"\n    at: [doc.id]\n";
    let said = run()
        .today("2026-06-01")
        .file("ai-system.yaml", "id: scoring\n")
        .file(
            "a.attestation.yaml",
            format!("kind: attestation\nid: a\n{WHO}on: 2026-01-10\nvalid_until: 2026-12-31\nclauses: ['7.3']\n"),
        )
        .file(
            "r.reference.yaml",
            "kind: reference\nid: r\nstands_for: roles\nsystem: scoring\ntitle: Roles\nwhere: Intranet\n",
        )
        .policy("p", policy)
        .report();
    let outcome = |item: &str| {
        said.judgements
            .iter()
            .find(|j| j.item.as_deref() == Some(item))
            .map(|j| j.outcome)
            .expect("the item was judged")
    };
    assert_eq!(outcome("7.3"), Outcome::Attested);
    assert_eq!(outcome("roles"), Outcome::Attested);
    assert_eq!(outcome("objectives"), Outcome::Fail, "a reference to another record does not stand in");
}

/// What the one judgement of a policy rests on.
fn grade(run: Run, expression: &str) -> Grade {
    let report = run.holds("p", expression).report();
    let judgement = report.judgements.iter().find(|j| report.rule(j).id == "p").expect("the policy was judged");
    assert_eq!(judgement.outcome, Outcome::Pass, "{expression}: {}", judgement.message);
    judgement.grade
}

#[test]
fn a_grade_rises_by_what_is_there_and_never_by_words() {
    let run = || {
        run()
            .commit(
                "2026-01-01",
                "ana@x.example",
                &[("a.note.yaml", "word: b.txt\n"), ("b.txt", "text\n"), ("b.note.yaml", "word: w\n")],
            )
            .commit(
                "2026-02-01",
                "ana@x.example",
                &[("a.note.yaml", "word: b.txt\nday: 2026-01-01\n"), ("b.txt", "text\n"), ("b.note.yaml", "word: w\n")],
            )
            .file("a.note.yaml", "word: b.txt\nday: 2026-01-01\n")
            .file("b.note.yaml", "word: w\n")
            .file("b.txt", "text\n")
    };
    let table = [
        ("doc.?word.orValue('') != ''", Grade::Declared),
        ("doc.?word.orValue('') == 'production' || true", Grade::Declared),
        ("!file('no/such/file').exists", Grade::Declared),
        ("file(doc.?word.orValue('b.txt')).exists || true", Grade::Evidenced),
        ("notes.exists(n, n.?word.orValue('') == 'w')", Grade::Evidenced),
        // Which commits there are follows from the objects; a date in one is a claim.
        ("doc.history.count > 0 && doc.history.first.id != ''", Grade::Corroborated),
    ];
    for (expression, expected) in table {
        assert_eq!(grade(run(), expression), expected, "{expression}");
    }
}
