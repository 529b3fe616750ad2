//! What annexa.yaml changes: severities, policies that are off, waivers, what is looked at.

use crate::support::{Run, line, run};

/// A note that fails the policy `p` in line 1.
fn failing() -> Run {
    run()
        .file("a.note.yaml", "id: a\nword: a\n")
        .policy("p", "applies_to: note\nvalidations:\n  - {name: v, expression: doc.word == 'b', at: [doc.id]}\n")
}

const FAILS: &str = "p fail a at a.note.yaml:1: this does not hold: the title of p";

#[test]
fn a_severity_can_be_changed_and_come_into_force_later() {
    let table = [
        ("", "2026-06-01", "error"),
        ("policies: {p: {severity: warning}}\n", "2026-06-01", "warning"),
        ("policies: {p: {enforce_from: 2026-06-02}}\n", "2026-06-01", "note"),
        ("policies: {p: {enforce_from: 2026-06-02}}\n", "2026-06-02", "error"),
        ("policies: {p: {enforce_from: 2026-06-02, severity: warning}}\n", "2026-06-03", "warning"),
    ];
    for (config, today, expected) in table {
        let report = failing().config(config).today(today).report();
        let finding = report.with(annexa::finding::Outcome::Fail).next().expect("a finding");
        assert_eq!(finding.severity.name(), expected, "{config}{today}");
    }
}

#[test]
fn a_policy_that_is_off_is_named_with_its_reason_until_its_last_day() {
    let off = failing().config("policies: {p: {off: {reason: being rewritten, until: 2026-06-01}}}\n");
    assert_eq!(off.says(), Vec::<String>::new());
    assert_eq!(off.report().off, [("p".to_owned(), "being rewritten".to_owned())]);
    assert_eq!(off.problems(), Vec::<String>::new());
    let past = off.today("2026-06-02");
    assert_eq!(past.says(), [FAILS]);
    let problems = past.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(
        problems[0].starts_with("switched-off-policy-is-in-force fail annexa.yaml[p] at annexa.yaml:1"),
        "{problems:?}"
    );
    let always = failing().config("policies: {p: {off: {reason: not ours}}}\n").today("2099-01-01");
    assert_eq!((always.says(), always.problems()), (vec![], vec![]));
}

#[test]
fn a_waiver_covers_until_its_last_day_what_its_scope_says() {
    let waiver = |scope: &str, until: &str| {
        format!("waivers:\n  - policy: p\n    scope: {scope}\n    reason: r\n    approver: b\n    until: {until}\n")
    };
    let waived = "p waived a at a.note.yaml:1: this does not hold: the title of p (waived until 2026-06-01 by b: r)";
    let unused = "waiver-is-in-force fail annexa.yaml[p] at annexa.yaml:2: no finding of `p` needs this waiver";
    let table: &[(&str, &str, &str, &[&str])] = &[
        ("a", "2026-06-01", waived, &[]),
        ("'*.note.yaml'", "2026-06-01", waived, &[]),
        ("'*'", "2026-06-01", waived, &[]),
        ("{subject: a, path: '**', validation: v}", "2026-06-01", waived, &[]),
        ("b", "2026-06-01", FAILS, &[unused]),
        ("{subject: a, validation: w}", "2026-06-01", FAILS, &[unused]),
        ("{subject: a, item: x}", "2026-06-01", FAILS, &[unused]),
        (
            "a",
            "2026-05-31",
            FAILS,
            &[
                "waiver-is-in-force fail annexa.yaml[p] at annexa.yaml:6: the waiver ended on 2026-05-31 and its finding is still there",
            ],
        ),
        (
            "b",
            "2026-05-31",
            FAILS,
            &["waiver-is-in-force fail annexa.yaml[p] at annexa.yaml:6: the waiver ended on 2026-05-31"],
        ),
        (
            "a",
            "end of May",
            FAILS,
            &[
                "waiver-is-in-force fail annexa.yaml[p] at annexa.yaml:6: `end of May` is no date like 2026-12-31, so the waiver counts as expired",
            ],
        ),
        (
            "a",
            "2026-02-30",
            FAILS,
            &[
                "waiver-is-in-force fail annexa.yaml[p] at annexa.yaml:6: `2026-02-30` is no date like 2026-12-31, so the waiver counts as expired",
            ],
        ),
    ];
    for (scope, until, says, problems) in table {
        let run = failing().config(&waiver(scope, until));
        assert_eq!(
            (run.says(), run.problems()),
            (vec![(*says).to_owned()], problems.iter().map(|p| (*p).to_owned()).collect()),
            "{scope} {until}"
        );
    }
    let narrowed = failing().config(&waiver("b", "2026-06-01")).below("a.note.yaml");
    assert_eq!(narrowed.problems(), Vec::<String>::new(), "what is unused here may be used elsewhere");
}

#[test]
fn a_waiver_covers_a_problem_of_a_document_too_and_shows_where_it_stands() {
    let config =
        "waivers: [{policy: document-has-its-shape, scope: a.note.yaml, reason: r, approver: b, until: 2026-12-31}]\n";
    let report = run().file("a.note.yaml", "size: large\n").config(config).report();
    let waived: Vec<_> = report.with(annexa::finding::Outcome::Waived).collect();
    assert_eq!(waived.len(), 1);
    assert_eq!(crate::support::places(waived[0]), ["a.note.yaml:1", "annexa.yaml:1"]);
    assert!(report.with(annexa::finding::Outcome::Fail).next().is_none());
}

#[test]
fn only_and_skip_choose_policies_controls_and_clauses() {
    let run = run()
        .file("a.note.yaml", "word: a\n")
        .policy("one", "controls: [A.5.2]\napplies_to: note\nvalidations: [{expression: 'true'}]\n")
        .policy("two", "controls: [A.5.3]\nclauses: ['8.4']\napplies_to: note\nvalidations: [{expression: 'true'}]\n");
    let names =
        |run: Run| run.says().iter().map(|s| s.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>();
    type Row = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);
    let table: [Row; 6] = [
        (&[], &[], &["one", "two"]),
        (&["one"], &[], &["one"]),
        (&["A.5.3"], &[], &["two"]),
        (&["8.4", "one"], &[], &["one", "two"]),
        (&[], &["A.5.2"], &["two"]),
        (&["one"], &["one"], &[]),
    ];
    for (only, skip, expected) in table {
        assert_eq!(names(run.clone().only(only).skip(skip)), expected, "{only:?} {skip:?}");
    }
}

#[test]
fn a_path_narrows_what_is_reported_and_never_what_is_read() {
    let run = run()
        .file("a/x.note.yaml", "id: x\nword: y\n")
        .file("b/y.note.yaml", "id: y\nword: x\n")
        .holds("p", "notes.exists(n, n.id == doc.word) && doc.id == ''");
    let both = run.says();
    assert_eq!(both.len(), 2);
    for (below, expected) in [("a", 1), ("a/x.note.yaml", 1), ("a/x", 0), ("b", 1), ("c", 0)] {
        let said = run.clone().below(below).says();
        assert_eq!(said.len(), expected, "{below}");
        assert!(said.iter().all(|s| both.contains(s)), "{said:?}");
    }
}

#[test]
fn excluded_files_are_not_there_and_configured_paths_are_documents() {
    let run = run()
        .file("a.note.yaml", "word: a\n")
        .file("old/b.note.yaml", "word: b\n")
        .file("odd.yml", "word: c\n")
        .holds("p", "notes.size() == 9");
    assert_eq!(run.says().len(), 2);
    assert_eq!(run.clone().config("exclude: ['old/**']\n").says().len(), 1);
    assert_eq!(run.clone().config("kinds: {note: [odd.yml]}\n").says().len(), 3);
    let said = run.clone().config("kinds: {note: [odd.txt]}\n").file("odd.txt", "word: c\n").problems();
    assert_eq!(
        said,
        [
            "document-is-readable fail odd.txt at odd.txt:1: the file is listed as a record, and its name ends in no syntax that can be read"
        ]
    );
    let said = run.config("kinds: {soa: [odd.yml]}\n").problems();
    assert_eq!(
        said,
        [
            "document-has-its-shape fail odd.yml[/word] at odd.yml:1: `word` is not a field of this soa record, so it is not read"
        ]
    );
}

#[test]
fn own_kinds_are_typed_listed_and_checked_like_the_shipped_ones() {
    let schema = r#"{"x-document": {"id": "bias-audit", "plural": "bias_audits", "title": "Bias audit", "globs": ["audits/*.yaml"]},
        "type": "object", "required": ["system"], "additionalProperties": false, "patternProperties": {"^x-": {}},
        "properties": {"kind": {}, "id": {"type": "string"}, "system": {"type": "string"}, "on": {"type": "string", "format": "date"}, "version": {"type": "string"}}}"#;
    let run = run()
        .config("schemas: [kinds, own]\n")
        .file("own/bias-audit.schema.json", schema)
        .file("audits/one.yaml", "id: one\nsystem: s\non: 2026-03-01\nversion: 2.30\n")
        .file("audits/two.yaml", "id: two\nsytem: s\nextra: 1\nx-own: 1\n")
        .file("a.note.yaml", "word: s\n")
        .policy("p", "applies_to: bias-audit\nvalidations:\n  - expression: doc.version == '2.30' && doc.on < today\n")
        .holds("q", "lookup(bias_audits, 'system', doc.word).size() == 1");
    assert_eq!(
        run.problems(),
        [
            "document-has-its-shape fail two[/sytem] at audits/two.yaml:2: `sytem` is not a field of this bias-audit record, so it is not read",
            "document-has-its-shape fail two[/extra] at audits/two.yaml:3: `extra` is not a field of this bias-audit record, so it is not read",
        ]
    );
    assert_eq!(run.says(), ["p fail two at audits/two.yaml:1: `on` is missing", "p pass one", "q pass a.note.yaml"]);
}

#[test]
fn what_was_not_met_is_said() {
    let run =
        run().file("a.note.yaml", "word: a\n").policy("p", "applies_to: soa\nvalidations: [{expression: 'true'}]\n");
    let report = run.report();
    let nothing: Vec<_> = report.met_nothing.iter().map(|at| report.rules[*at].id.as_str()).collect();
    assert_eq!(nothing, ["p"]);
    assert!(
        report.judgements.iter().all(|j| report.rule(j).id != "p"),
        "{:?}",
        report.judgements.iter().map(|j| line(&report, j)).collect::<Vec<_>>()
    );
}
