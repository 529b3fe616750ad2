//! What must not change: fingerprints, order, and the output of two runs.

use crate::support::{Run, run};

fn sample(count: usize) -> Run {
    let policy = "applies_to: note\nfor_each: doc.parts\nvalidations:\n  - {name: v, expression: item.ok, message: 'part {{ item.id }}', at: [item.id]}\n";
    (0..count).fold(run().policy("p", policy).holds("q", "notes.exists(n, n.id == 'n0' && n != doc)"), |run, n| {
        let text = format!("id: n{n}\nparts:\n  - {{id: a, ok: {}}}\n  - {{id: b, ok: false}}\n", n % 3 == 0);
        run.file(&format!("docs/{n}.note.yaml"), text)
    })
}

fn fingerprints(run: &Run) -> Vec<String> {
    let report = run.report();
    let mut list: Vec<_> = report.judgements.iter().map(|j| j.fingerprint.to_string()).collect();
    list.sort();
    list
}

#[test]
fn a_finding_keeps_its_fingerprint_when_its_file_moves_or_its_lines_shift() {
    let policy = "applies_to: note\nfor_each: doc.parts\nvalidations:\n  - {name: v, expression: item.ok, message: 'part {{ item.id }} of {{ doc.?word }}'}\n";
    let one = |path: &str, text: &str| fingerprints(&run().policy("p", policy).file(path, text));
    let here = one("a.note.yaml", "id: n\nparts:\n  - {id: a, ok: false}\n  - {id: b, ok: false}\n");
    for (path, text) in [
        ("docs/b.note.yaml", "id: n\nparts:\n  - {id: a, ok: false}\n  - {id: b, ok: false}\n"),
        ("a.note.yaml", "# a comment\n\nid: n\nparts:\n  - {id: a, ok: false}\n\n  - {id: b, ok: false}\n"),
        ("a.note.yaml", "parts:\n  - {ok: false, id: b}\n  - {ok: false, id: a}\nword: another message\nid: n\n"),
    ] {
        assert_eq!(one(path, text), here, "{path}\n{text}");
    }
    for text in [
        "id: m\nparts:\n  - {id: a, ok: false}\n  - {id: b, ok: false}\n",
        "id: n\nparts:\n  - {id: a, ok: false}\n  - {id: c, ok: false}\n",
    ] {
        assert_ne!(one("a.note.yaml", text), here, "{text}");
    }
}

#[test]
fn two_findings_of_one_run_never_share_a_fingerprint() {
    let list = fingerprints(&sample(20).file("x.note.yaml", "parts: [{ok: false}, {ok: false}]\nsize: a\nday: b\n"));
    let mut distinct = list.clone();
    distinct.dedup();
    assert_eq!(distinct, list);
}

#[test]
fn the_report_is_the_same_in_every_run_and_with_any_number_of_threads() {
    let json = |run: &Run| {
        let report = run.report();
        let options = annexa::report::Options {
            color: false,
            width: 100,
            plain: false,
            quiet: false,
            fail_on: annexa::finding::FailOn::Never,
            verdict: annexa::finding::Verdict::Clear,
        };
        let mut bytes = Vec::new();
        for format in annexa::report::FORMATS {
            (format.write)(&report, &options, &mut bytes).expect("memory takes it");
        }
        String::from_utf8(bytes).expect("UTF-8")
    };
    let run = sample(60).file("broken.note.yaml", "a: [\n").file("soa.yaml", "kind: soa\nx: 1\n");
    let first = json(&run);
    assert!(first.contains("part b"));
    for _ in 0..3 {
        assert!(json(&run) == first, "two runs differ");
    }
    // The order in which files are given is no order of the report.
    let mut reversed = run.clone();
    reversed.reverse_files();
    assert!(json(&reversed) == first, "the order of files matters");
}

#[test]
fn findings_are_sorted_by_outcome_severity_and_place() {
    let run = run()
        .file("b.note.yaml", "word: a\nsize: 1\n")
        .file("a.note.yaml", "word: a\nsize: 1\n")
        .policy("heavy", "severity: error\napplies_to: note\nvalidations: [{expression: doc.size > 5, message: m}]\n")
        .policy("light", "severity: note\napplies_to: note\nvalidations: [{expression: doc.word == 'b', message: m}]\n")
        .holds("open", "dyn(doc.word) > 1")
        .holds("well", "true");
    assert_eq!(
        run.says(),
        [
            "heavy fail a.note.yaml at a.note.yaml:2: m",
            "heavy fail b.note.yaml at b.note.yaml:2: m",
            "light fail a.note.yaml at a.note.yaml:1: m",
            "light fail b.note.yaml at b.note.yaml:1: m",
            "open unknown a.note.yaml at a.note.yaml:1: `>` does not take string and int in `dyn(doc.word) > 1`, where `dyn(doc.word)` is 'a'",
            "open unknown b.note.yaml at b.note.yaml:1: `>` does not take string and int in `dyn(doc.word) > 1`, where `dyn(doc.word)` is 'a'",
            "well pass a.note.yaml",
            "well pass b.note.yaml",
        ]
    );
}
