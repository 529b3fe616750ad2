//! What counts as a change, as tables: before, after, and each change as `path: before > after`, with
//! `!` in front of what is of substance and `-` where nothing was.

mod hostile;
mod property;
mod records;

use super::{FieldChange, Record, changes, is_substantive};
use crate::source::SourceFile;
use crate::value::{Limits, Syntax, Tree, read};
use std::sync::Arc;

fn tree(path: &str, text: &str) -> Tree {
    let syntax = Syntax::of(path).expect("a path of a known syntax");
    read(Arc::new(SourceFile::new(path, text.as_bytes().to_vec())), syntax, &Limits::default()).0
}

fn first(tree: &Tree) -> Record<'_> {
    (tree, *tree.roots().first().expect("the text is a record"))
}

fn shown(change: &FieldChange) -> String {
    let side = |side: &Option<String>| side.clone().unwrap_or_else(|| "-".to_owned());
    let mark = if change.substantive { "!" } else { "" };
    format!("{mark}{}: {} > {}", change.path, side(&change.before), side(&change.after))
}

fn assert_changes(path: &str, before: &str, after: &str, expected: &[&str]) {
    let (earlier, later) = (tree(path, before), tree(path, after));
    let found = changes(first(&earlier), first(&later));
    let lines: Vec<String> = found.iter().map(shown).collect();
    assert_eq!(lines, expected, "from\n{before}\nto\n{after}");
    let substantive = expected.iter().any(|line| line.starts_with('!'));
    assert_eq!(is_substantive(first(&earlier), first(&later)), substantive, "from\n{before}\nto\n{after}");
}

fn yaml(before: &str, after: &str, expected: &[&str]) {
    assert_changes("record.yaml", before, after, expected);
}

const ASSESSMENT: &str = "\
id: ia-1
version: 1.2
reviewed_on: 2026-03-01
next_review: 2027-03-01
benefits: Applicants hear sooner, with an error rate of 0.12.
affected:
  - {group: applicants, scale: 400}
  - {group: staff, scale: 12}
reviews:
  - on: 2026-03-01
    by: people-analytics
    considered: [monitoring report, two appeals]
    conclusion: Nothing changed.
";

#[test]
fn dates_and_versions_alone_are_no_substance() {
    let edits: &[(&str, &str, &[&str])] = &[
        ("next_review: 2027-03-01", "next_review: 2028-03-01", &["next_review: 2027-03-01 > 2028-03-01"]),
        (
            "version: 1.2\nreviewed_on: 2026-03-01",
            "version: 1.3\nreviewed_on: 2026-09-01",
            &["version: 1.2 > 1.3", "reviewed_on: 2026-03-01 > 2026-09-01"],
        ),
        ("next_review: 2027-03-01\n", "", &["next_review: 2027-03-01 > -"]),
        ("id: ia-1\n", "id: ia-1\napproved_on:\n", &["approved_on: - > "]),
        ("next_review: 2027-03-01", "next_review: unknown", &["!next_review: 2027-03-01 > unknown"]),
        ("version: 1.2", "version: latest", &["!version: 1.2 > latest"]),
    ];
    for (from, to, expected) in edits {
        yaml(ASSESSMENT, &ASSESSMENT.replace(from, to), expected);
    }
    yaml("valid_until: 12 March 2026\n", "valid_until: 03/12/2026\n", &["valid_until: 12 March 2026 > 03/12/2026"]);
    yaml("model: {modelVersion: v2}\n", "model: {modelVersion: 2026-Q1}\n", &["model.modelVersion: v2 > 2026-Q1"]);
    yaml("model: v2\n", "model: v3\n", &["!model: v2 > v3"]);
    yaml("affected_versions: [1.0]\n", "affected_versions: [1.1]\n", &["!affected_versions[0]: 1.0 > 1.1"]);
}

#[test]
fn how_it_is_written_is_no_change() {
    let table = [
        ("comments", "a: 1\nb: x\n", "# checked\na: 1 # one\nb: x\n"),
        ("order of keys", "a: 1\nb: {c: 2, d: 3}\n", "b: {d: 3, c: 2}\na: 1\n"),
        ("order of items", "a: [1, 2, x]\n", "a: [x, 1, 2]\n"),
        ("order of named items", "a: [{id: x, n: 1}, {id: y, n: 2}]\n", "a: [{id: y, n: 2}, {id: x, n: 1}]\n"),
        ("order of items of one name", "a: [{id: x, n: 1}, {id: x, n: 2}]\n", "a: [{id: x, n: 2}, {id: x, n: 1}]\n"),
        ("quotes", "a: x\nb: '1'\n", "a: \"x\"\nb: 1\n"),
        ("block scalars", "a: one two\nb: three\n", "a: |\n  one\n  two\nb: >-\n  three\n"),
        ("white space", "a: one two\n", "a: ' one\u{A0}  two '\n"),
        ("line ends", "a: |\n  one\n  two\nb: 1\n", "a: |\r\n  one\r\n  two\r\nb: 1\r\n"),
        ("a byte order mark", "a: 1\n", "\u{FEFF}a: 1\n"),
        ("flow style", "a: {b: [1, 2]}\n", "a:\n  b:\n  - 1\n  - 2\n"),
        ("aliases", "a: {n: 1, s: x}\nb: {n: 1, s: x}\n", "a: &a {n: 1, s: x}\nb: *a\n"),
        ("merge keys", "a: {n: 1}\nb: {n: 1, m: 2}\n", "a: &a {n: 1}\nb:\n  <<: *a\n  m: 2\n"),
        ("forms of null", "a: null\nb: ~\n", "a:\nb: ''\n"),
        ("forms of true", "a: true\n", "a: True\n"),
        ("a key that is written twice, of which the first counts", "a: 1\n", "a: 1\na: 2\n"),
    ];
    for (what, before, after) in table {
        let (earlier, later) = (tree("f.yaml", before), tree("f.yaml", after));
        assert_eq!(changes(first(&earlier), first(&later)), [], "{what}");
        assert!(!is_substantive(first(&earlier), first(&later)), "{what}");
    }
    let (yaml, json) =
        (tree("f.yaml", "a: [1.50, x]\nb: {c: true}\n"), tree("f.json", r#"{"b":{"c":true},"a":["x",1.50]}"#));
    let toml = tree("f.toml", "a = [1.50, 'x']\nb = {c = true}\n");
    assert_eq!(changes(first(&yaml), first(&json)), []);
    assert_eq!(changes(first(&json), first(&toml)), []);
}

#[test]
fn a_bare_review_is_none() {
    let with = |review: &str| format!("{ASSESSMENT}  - {review}\n");
    let table: &[(&str, &[&str])] = &[
        (
            "{on: 2026-09-01, by: people-analytics}",
            &["reviews[2026-09-01].on: - > 2026-09-01", "reviews[2026-09-01].by: - > people-analytics"],
        ),
        (
            "{on: 2026-09-01, by: {name: Ada, role: owner}, version: 1.3, conclusion: ''}",
            &[
                "reviews[2026-09-01].on: - > 2026-09-01",
                "reviews[2026-09-01].by.name: - > Ada",
                "reviews[2026-09-01].by.role: - > owner",
                "reviews[2026-09-01].version: - > 1.3",
                "reviews[2026-09-01].conclusion: - > ",
            ],
        ),
        (
            "{on: 2026-09-01, by: legal, conclusion: The trial is over.}",
            &[
                "reviews[2026-09-01].on: - > 2026-09-01",
                "!reviews[2026-09-01].by: - > legal",
                "!reviews[2026-09-01].conclusion: - > The trial is over.",
            ],
        ),
        (
            "{on: 2026-09-01, considered: [logs]}",
            &["reviews[2026-09-01].on: - > 2026-09-01", "!reviews[2026-09-01].considered[0]: - > logs"],
        ),
        ("2026-09-01", &["reviews[1]: - > 2026-09-01"]),
    ];
    for (review, expected) in table {
        yaml(ASSESSMENT, &with(review), expected);
    }
    // The date of a review that was done.
    let later = ASSESSMENT.replace("on: 2026-03-01\n    by", "on: 2026-09-01\n    by");
    yaml(ASSESSMENT, &later, &["reviews[2026-09-01].on: 2026-03-01 > 2026-09-01"]);
    // Who is said to have done it.
    let other = ASSESSMENT.replace("by: people-analytics", "by: legal");
    yaml(ASSESSMENT, &other, &["!reviews[2026-03-01].by: people-analytics > legal"]);
    yaml(
        "reviews: [{on: 2026-03-01, by: a}]\n",
        "reviews: [{on: 2026-04-01, by: b}]\n",
        &["reviews[2026-04-01].on: 2026-03-01 > 2026-04-01", "reviews[2026-04-01].by: a > b"],
    );
    // Elsewhere a name is a name.
    yaml("owner: {name: a}\n", "owner: {name: b}\n", &["!owner.name: a > b"]);
    yaml("signers: [{on: 2026-03-01, by: a}]\n", "signers: [{on: 2026-03-01, by: b}]\n", &["!signers[0].by: a > b"]);
}

const SOA: &str = "\
controls:
  - control: A.5.2
    applicable: true
    justification: Needed for the assessments.
  - control: A.5.4
    applicable: false
    justification: No persons are affected.
";

#[test]
fn what_a_record_says_is_substance() {
    let text = SOA.replace("Needed for", "Needed by");
    yaml(SOA, &text, &["!controls[A.5.2].justification: Needed for the assessments. > Needed by the assessments."]);
    let flipped = SOA.replace("applicable: false", "applicable: true");
    yaml(SOA, &flipped, &["!controls[A.5.4].applicable: false > true"]);
    let reordered_and_flipped = "controls:\n- {justification: No persons are affected., control: A.5.4, applicable: true}\n\
                                 - {control: A.5.2, applicable: true, justification: Needed for the assessments.}\n";
    yaml(SOA, reordered_and_flipped, &["!controls[A.5.4].applicable: false > true"]);

    let risks = "risks: [{id: R-1, level: high}, {id: R-2, level: low}, {id: R-3, level: low}]\nowner: ada\n";
    yaml(
        risks,
        &risks.replace("{id: R-2, level: low}, ", ""),
        &["!risks[R-2].id: R-2 > -", "!risks[R-2].level: low > -"],
    );
    yaml(risks, &risks.replace("high", "low"), &["!risks[R-1].level: high > low"]);
    yaml(
        risks,
        &risks.replace("R-2", "R-9"),
        &[
            "!risks[R-2].id: R-2 > -",
            "!risks[R-2].level: low > -",
            "!risks[R-9].id: - > R-9",
            "!risks[R-9].level: - > low",
        ],
    );

    let table: &[(&str, &str, &[&str])] = &[
        ("threshold: 0.91\n", "threshold: 0.90\n", &["!threshold: 0.91 > 0.90"]),
        ("id: 1.10\n", "id: 1.1\n", &["!id: 1.10 > 1.1"]),
        ("interval: 365 days\n", "interval: 730 days\n", &["!interval: 365 days > 730 days"]),
        ("clause: see 6.1.2\n", "clause: see 6.1.3\n", &["!clause: see 6.1.2 > see 6.1.3"]),
        ("name: Ada\n", "name: ada\n", &["!name: Ada > ada"]),
        ("note: ready to use\n", "note: ready, to use\n", &["!note: ready to use > ready, to use"]),
        (
            "note: Last reviewed on 2026-03-01, version 1.2\n",
            "note: Last reviewed on 2026-04-01, version 1.3\n",
            &["note: Last reviewed on 2026-03-01, version 1.2 > Last reviewed on 2026-04-01, version 1.3"],
        ),
        (
            "evidence: logs/2026-03-01.md\n",
            "evidence: logs/2026-04-01.md\n",
            &["!evidence: logs/2026-03-01.md > logs/2026-04-01.md"],
        ),
        ("users: [a, b, c]\n", "users: [c, x, a]\n", &["!users[1]: b > x"]),
        ("users: [a, b]\n", "users: [b]\n", &["!users[0]: a > -"]),
        ("users: [a]\n", "users: [a, a]\n", &["!users[1]: - > a"]),
        ("a: x\n", "a: {b: x}\n", &["!a: x > -", "!a.b: - > x"]),
        ("a: [x]\n", "a: {b: x}\n", &["!a[0]: x > -", "!a.b: - > x"]),
        ("a: 2026-03-01\n", "a: {b: 2026-03-01}\n", &["a: 2026-03-01 > -", "a.b: - > 2026-03-01"]),
        ("a: []\nb: x\n", "b: x\n", &[]),
        ("a: 1\nb: 2\nc: 3\n", "a: 1\nd: 4\nc: 3\n", &["!b: 2 > -", "!d: - > 4"]),
        ("x: &x {n: 1}\ny: *x\n", "x: &x {n: 2}\ny: *x\n", &["!x.n: 1 > 2", "!y.n: 1 > 2"]),
        ("- {id: a, n: 1}\n", "- {id: a, n: 2}\n", &["![a].n: 1 > 2"]),
        ("one\n", "two\n", &["!: one > two"]),
    ];
    for (before, after, expected) in table {
        yaml(before, after, expected);
    }
}

#[test]
fn a_change_names_its_item_and_its_key() {
    let (earlier, later) = (
        tree("f.yaml", "controls: [{control: A.5.2, refs: [a], applicable: true}]\nowner: x\n"),
        tree("f.yaml", "controls: [{control: A.5.2, refs: [b], applicable: no}]\nowner: y\n"),
    );
    let found = changes(first(&earlier), first(&later));
    let names: Vec<_> = found.iter().map(|change| (&*change.path, &*change.item, &*change.key)).collect();
    assert_eq!(
        names,
        [
            ("controls[A.5.2].refs[0]", "A.5.2", "refs"),
            ("controls[A.5.2].applicable", "A.5.2", "applicable"),
            ("owner", "", "owner"),
        ]
    );
}

const CARD: &str = "\
---
license: mit
last_updated: 2026-03-01
---
# Model card

Last updated: 2026-03-01, version 1.2.

## Limitations

Not for *minors*; see the [report](reports/2025.md).

## Results

| Metric | Value |
|--------|-------|
| AUC    | 0.91  |
";

#[test]
fn markdown_is_compared_by_heading() {
    let table: &[(&str, &str, &[&str])] = &[
        (
            "Last updated: 2026-03-01, version 1.2.",
            "Last updated: 2026-09-01, version 1.3.",
            &["Model card: Last updated: 2026-03-01, version 1.2. > Last updated: 2026-09-01, version 1.3."],
        ),
        ("last_updated: 2026-03-01", "last_updated: 2026-09-01", &["last_updated: 2026-03-01 > 2026-09-01"]),
        ("license: mit", "license: apache-2.0", &["!license: mit > apache-2.0"]),
        ("*minors*", "_minors_", &[]),
        ("Not for *minors*", "<!-- checked -->\nNot\nfor **minors**", &[]),
        ("## Limitations", "### Limitations", &[]),
        (
            "Not for",
            "Good for",
            &["!Limitations: Not for minors; see the report. <reports/2025.md> > \
             Good for minors; see the report. <reports/2025.md>"],
        ),
        (
            "reports/2025.md",
            "reports/2026.md",
            &["!Limitations: Not for minors; see the report. <reports/2025.md> > \
             Not for minors; see the report. <reports/2026.md>"],
        ),
        ("| AUC    | 0.91  |", "| AUC | 0.92 |", &["!Results: Metric | Value AUC | 0.91 > Metric | Value AUC | 0.92"]),
        ("| AUC    | 0.91  |", "| AUC | 0.91 |", &[]),
        (
            "## Results",
            "## Outcome",
            &["!Results: Metric | Value AUC | 0.91 > -", "!Outcome: - > Metric | Value AUC | 0.91"],
        ),
    ];
    for (from, to, expected) in table {
        assert!(CARD.contains(from), "{from}");
        assert_changes("card.md", CARD, &CARD.replacen(from, to, 1), expected);
    }
    assert_changes("card.md", CARD, &CARD.replace('\n', "\r\n"), &[]);
    assert_changes("card.md", "# Card v1\n\nx\n", "# Card v2\n\nx\n", &["Card v2: Card v1 > Card v2"]);
    assert_changes("card.md", "# One\n\nx\n\n# Two\n\ny\n", "# Two\n\ny\n\n# One\n\nx\n", &[]);
    assert_changes(
        "card.md",
        "# One\n\nx\n",
        "Words.\n\n# One\n\nx\n\n## Empty\n",
        &["!preamble: - > Words.", "!Empty: - > Empty"],
    );
    let (earlier, later) = (tree("c.md", "# A b\n\nx\n"), tree("c.md", "# A b\n\ny\n"));
    let found = changes(first(&earlier), first(&later));
    assert_eq!([&*found[0].item, &*found[0].key], ["A b", "text"]);
}

#[test]
fn front_matter_of_the_name_sections_is_no_section() {
    let before = "---\nsections: [{title: x, level: 1}]\n---\n# A\n\ntext\n";
    let after = before.replace("level: 1", "level: 2");
    assert_changes("c.md", before, &after, &["!sections[x].level: 1 > 2"]);
}

#[test]
fn a_whole_record_can_come_and_go() {
    let later = tree("f.yaml", "id: a\nreviewed_on: 2026-03-01\n");
    let lines = |found: Vec<FieldChange>| found.iter().map(shown).collect::<Vec<_>>();
    assert_eq!(lines(changes(None, first(&later))), ["!id: - > a", "reviewed_on: - > 2026-03-01"]);
    assert_eq!(lines(changes(first(&later), None)), ["!id: a > -", "reviewed_on: 2026-03-01 > -"]);
    assert!(is_substantive(None, first(&later)));
    assert_eq!(changes(None, None), []);
    let dates = tree("f.yaml", "reviewed_on: 2026-03-01\n");
    assert!(!is_substantive(None, first(&dates)));
}
