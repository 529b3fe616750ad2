//! Documents whose text is broken: each is a finding at its place.

use crate::support::run;
use std::time::{Duration, Instant};

/// path, text, what the built-in checks say
type Row<'a> = (&'a str, Vec<u8>, &'a [&'a str]);

fn row<'a>(path: &'a str, text: impl AsRef<[u8]>, expected: &'a [&'a str]) -> Row<'a> {
    (path, text.as_ref().to_vec(), expected)
}

#[track_caller]
fn check(table: Vec<Row<'_>>) {
    let mut wrong = Vec::new();
    for (path, text, expected) in table {
        let start = Instant::now();
        let said = run().file(path, &text).problems();
        let fits = said.len() == expected.len() && said.iter().zip(expected).all(|(s, e)| s.starts_with(e));
        if !fits || start.elapsed() > Duration::from_secs(20) {
            let shown = String::from_utf8_lossy(&text).chars().take(80).collect::<String>();
            wrong.push(format!("{path} {shown:?} {:?}\n  expected {expected:#?}\n  said {said:#?}", start.elapsed()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn broken_syntax_is_found_on_its_line() {
    check(vec![
        row(
            "a.note.yaml",
            "a: 1\nb: [1, 2\nc: 3\n",
            &[
                "document-is-readable fail a.note.yaml at a.note.yaml:2: the bracket that opens here is not closed before line 3",
            ],
        ),
        row(
            "a.note.yaml",
            "a: 1\n\tb: 2\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:2: a tab stands where YAML allows spaces only"],
        ),
        row(
            "a.note.yaml",
            "a: 'open\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the quote that opens here is not closed"],
        ),
        row(
            "a.note.yaml",
            "a: *nobody\n",
            &["document-is-readable fail a.note.yaml[nobody] at a.note.yaml:1: no `&nobody` stands before this alias"],
        ),
        row(
            "a.note.yaml",
            "? [1, 2]\n: x\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the key of this entry is a list or a map"],
        ),
        row(
            "a.note.yaml",
            "%YAML 9.9\n---\na: 1\n",
            &[
                "document-is-readable fail a.note.yaml at a.note.yaml:1: this is no valid YAML (unsupported YAML major version)",
            ],
        ),
        row(
            "soa.json",
            "{\n  \"kind\": \"soa\",\n}\n",
            &["document-is-readable fail soa.json at soa.json:2: no value follows this comma"],
        ),
        row(
            "soa.json",
            "{\"kind\": \"soa\"",
            &["document-is-readable fail soa.json at soa.json:1: a comma or `}` is expected here"],
        ),
        row(
            "soa.json",
            "{\"kind\": \"soa\"} {\"kind\": \"soa\"}",
            &["document-is-readable fail soa.json at soa.json:1: there is text behind the end of the JSON value"],
        ),
        row(
            "soa.json",
            "{\"kind\": NaN}",
            &["document-is-readable fail soa.json at soa.json:1: this text is not in quotes"],
        ),
        row(
            "soa.toml",
            "kind = \"soa\"\nid = \n",
            &["document-is-readable fail soa.toml at soa.toml:2: this is no valid TOML"],
        ),
        row(
            "MODEL_CARD.md",
            "---\nlicense: mit\n\n# A card\n",
            &[
                "document-is-readable fail MODEL_CARD.md at MODEL_CARD.md:1: front matter begins here and no later line `---` closes it",
            ],
        ),
        row(
            "MODEL_CARD.md",
            "---\nlicense: [mit\n---\n\n# A card\n",
            &["document-is-readable fail MODEL_CARD.md at MODEL_CARD.md:2: "],
        ),
    ]);
}

#[test]
fn a_key_that_stands_twice_is_shown_at_both_places() {
    let table = [
        ("a.note.yaml", "word: a\nsize: 1\nword: b\n", &["a.note.yaml:3", "a.note.yaml:1"]),
        ("a.note.yaml", "x:\n  - {a: 1,\n     a: 2}\n", &["a.note.yaml:3", "a.note.yaml:2"]),
        ("soa.json", "{\"kind\": \"soa\",\n\"id\": \"a\",\n\"id\": \"b\"}", &["soa.json:3", "soa.json:2"]),
        ("soa.toml", "kind = \"soa\"\nid = \"a\"\nid = \"b\"\n", &["soa.toml:3", "soa.toml:2"]),
        ("MODEL_CARD.md", "---\nlicense: mit\nlicense: gpl\n---\n# Card\n", &["MODEL_CARD.md:3", "MODEL_CARD.md:2"]),
    ];
    for (path, text, expected) in table {
        let report = run().file(path, text).report();
        let found: Vec<_> = report
            .judgements
            .iter()
            .filter(|j| j.validation.as_deref() == Some("duplicate-key"))
            .map(crate::support::places)
            .collect();
        assert_eq!(found, [expected], "{text}");
    }
}

#[test]
fn what_editors_and_systems_add_changes_no_line() {
    // The value in line 3 is wrong; nothing else is.
    let text = "kind: note\nword: a\nsize: large\n";
    let expected = "document-has-its-shape fail a.note.yaml[/size] at a.note.yaml:3";
    let crlf = text.replace('\n', "\r\n");
    check(vec![
        row("a.note.yaml", text, &[expected]),
        row("a.note.yaml", &crlf, &[expected]),
        row("a.note.yaml", format!("\u{FEFF}{text}"), &[expected]),
        row("a.note.yaml", format!("\u{FEFF}{crlf}"), &[expected]),
        row("a.note.yaml", text.trim_end(), &[expected]),
        row(
            "a.json",
            "\u{FEFF}{\"kind\": \"note\",\r\n\r\n\"size\": \"large\"}",
            &["document-has-its-shape fail a.json[/size] at a.json:3"],
        ),
    ]);
}

#[test]
fn bytes_that_are_no_text_are_told_at_their_place() {
    check(vec![
        row(
            "a.note.yaml",
            b"word: a\nsize: \xFF\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:2: the file is not UTF-8 text from here on"],
        ),
        row(
            "a.note.yaml",
            "word: a\nword2: a\0b\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:2: the file holds a NUL character"],
        ),
        row(
            "soa.json",
            "{\"kind\": \"soa\", \n\"id\": \"\0\"}",
            &["document-is-readable fail soa.json at soa.json:2: the file holds a NUL character"],
        ),
        row(
            "MODEL_CARD.md",
            "# Card\n\nText \0\n",
            &["document-is-readable fail MODEL_CARD.md at MODEL_CARD.md:3: the file holds a NUL character"],
        ),
        row(
            "a.note.yaml",
            "word: a".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the file holds a NUL character"],
        ),
        row(
            "soa.toml",
            b"kind = \"soa\xC3\x28\"\n",
            &["document-is-readable fail soa.toml at soa.toml:1: the file is not UTF-8 text from here on"],
        ),
    ]);
}

#[test]
fn what_is_too_large_or_too_deep_is_told() {
    let deep_yaml = format!("kind: note\nx: {}1{}\n", "[".repeat(200), "]".repeat(200));
    let deep_json = format!("{{\"kind\": \"note\", \"x\": {}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_toml = format!("kind = \"soa\"\nx = {}1{}\n", "[".repeat(50_000), "]".repeat(50_000));
    let laughs: String =
        (1..12).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "))).collect();
    let wide = format!("kind: note\nx: [{}]\n", "1,".repeat(300_000));
    let many = "a: 1\n---\n".repeat(2_000);
    check(vec![
        row(
            "a.note.yaml",
            deep_yaml,
            &[
                "document-is-readable fail a.note.yaml at a.note.yaml:2: lists and maps are nested deeper than 128 levels",
            ],
        ),
        row(
            "a.json",
            deep_json,
            &["document-is-readable fail a.json at a.json:1: lists and maps are nested deeper than 128 levels"],
        ),
        row(
            "soa.toml",
            deep_toml,
            &["document-is-readable fail soa.toml at soa.toml:2: lists and maps are nested deeper than 128 levels"],
        ),
        row(
            "a.note.yaml",
            format!("a0: &a0 [lol]\n{laughs}"),
            &[
                "document-is-readable fail a.note.yaml at a.note.yaml:7: with its aliases followed, the file stands for more than 1000000 values",
            ],
        ),
        row(
            "a.note.yaml",
            wide,
            &["document-is-readable fail a.note.yaml at a.note.yaml:2: the file holds more than 250000 values"],
        ),
        row(
            "a.note.yaml",
            many,
            &["document-is-readable fail a.note.yaml at a.note.yaml:2000: the file holds more than 1000 documents"],
        ),
        row(
            "a.note.yaml",
            format!("word: {}\n", "x".repeat(5 << 20)),
            &["document-is-readable unknown a.note.yaml: `a.note.yaml`: it has 5242887 bytes, more than is read"],
        ),
        row("a.note.yaml", format!("word: {}\n", "x".repeat(2 << 20)), &[]),
        row("MODEL_CARD.md", "#".repeat(1 << 20), &[]),
        row("MODEL_CARD.md", "[".repeat(1 << 20), &[]),
        row("MODEL_CARD.md", format!("# Card\n\n{}", "> ".repeat(100_000)), &[]),
        row("a.json", format!("{{\"kind\": \"note\", \"word\": \"{}\"}}", "x".repeat(2 << 20)), &[]),
    ]);
}

#[test]
fn words_that_some_readers_take_for_truth_values_stay_what_the_schema_says() {
    let text = |word: &str| format!("kind: note\nword: {word}\n");
    for word in ["no", "yes", "on", "off", "true", "2026-03-01", "1.10", "0x1f", "1e3", "012"] {
        let said = run().file("a.note.yaml", text(word)).holds("p", &format!("doc.word == '{word}'")).says();
        assert_eq!(said, ["p pass a.note.yaml"], "{word}");
    }
    let soa = |value: &str| {
        format!("kind: soa\nid: s\ncontrols:\n  - control: A.2.2\n    applicable: {value}\n    justification: x\n")
    };
    for word in ["no", "yes", "off", "'true'", "0", "1"] {
        let said = run().file("soa.yaml", soa(word)).problems();
        let about: Vec<_> =
            said.iter().filter(|line| line.contains("[/controls/A.2.2/applicable] at soa.yaml:5")).collect();
        assert_eq!(about.len(), 1, "{word}: {said:#?}");
        assert!(about[0].contains("`true` or `false`"), "{about:?}");
    }
}

#[test]
fn what_is_no_measurement_passes_for_none() {
    for value in [".nan", ".inf", "-.inf", "1e999"] {
        let run = run().file("a.note.yaml", format!("size: {value}\n"));
        let said = run.clone().problems();
        assert_eq!(
            said,
            [
                "document-has-its-shape fail a.note.yaml[/size] at a.note.yaml:1: `size` is not a number, and a number is needed"
            ],
            "{value}"
        );
        let said = run.holds("p", "is_number(doc.size)").says();
        assert_eq!(said, ["p fail a.note.yaml at a.note.yaml:1: this does not hold: the title of p"], "{value}");
    }
}

#[test]
fn files_that_record_nothing_are_told() {
    check(vec![
        row(
            "a.note.yaml",
            "",
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the file is empty, so it records nothing"],
        ),
        row(
            "a.note.yaml",
            "\n\n# only a comment\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the file is empty, so it records nothing"],
        ),
        row(
            "a.note.yaml",
            "---\n---\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the file is empty, so it records nothing"],
        ),
        row(
            "a.note.yaml",
            "just text\n",
            &[
                "document-is-readable fail a.note.yaml at a.note.yaml:1: a record of the kind note is a group of named fields",
            ],
        ),
        row(
            "a.note.yaml",
            "- a\n- b\n",
            &[
                "document-is-readable fail a.note.yaml at a.note.yaml:1: a record of the kind note is a group of named fields",
            ],
        ),
        row(
            "a.note.yaml",
            "null\n",
            &["document-is-readable fail a.note.yaml at a.note.yaml:1: the file is empty, so it records nothing"],
        ),
        row("soa.json", "", &["document-is-readable fail soa.json at soa.json:1: there is no JSON value here"]),
        row(
            "soa.json",
            "[]",
            &["document-is-readable fail soa.json at soa.json:1: a record of the kind soa is a group of named fields"],
        ),
        row(
            "soa.toml",
            "",
            &["document-is-readable fail soa.toml at soa.toml:1: the file is empty, so it records nothing"],
        ),
        row(
            "soa.toml",
            "# only a comment\n",
            &["document-is-readable fail soa.toml at soa.toml:1: the file is empty, so it records nothing"],
        ),
        row(
            "soa.json",
            "{}",
            &["document-is-readable fail soa.json at soa.json:1: the file is empty, so it records nothing"],
        ),
        row(
            "MODEL_CARD.md",
            "",
            &["document-is-readable fail MODEL_CARD.md at MODEL_CARD.md:1: the file is empty, so it records nothing"],
        ),
        row(
            "MODEL_CARD.md",
            "---\n---\n",
            &["document-is-readable fail MODEL_CARD.md at MODEL_CARD.md:1: the file is empty, so it records nothing"],
        ),
    ]);
}

#[test]
fn several_documents_in_a_file_are_records_of_their_own() {
    let text = "word: a\n---\nsize: large\n---\nword: c\n...\n---\n";
    let run = run().file("a.note.yaml", text).holds("p", "doc.word != ''");
    assert_eq!(
        run.problems(),
        ["document-has-its-shape fail a.note.yaml#2[/size] at a.note.yaml:3: `size` is text, and a number is needed"]
    );
    assert_eq!(
        run.says(),
        ["p fail a.note.yaml#2 at a.note.yaml:3: `word` is missing", "p pass a.note.yaml", "p pass a.note.yaml#3"]
    );
}

#[test]
fn a_file_without_a_kind_is_listed_and_a_misspelt_kind_is_told() {
    let run = run()
        .file("a.yaml", "kind: risk-registr\nid: s\n")
        .file("b.yaml", "other: tool\n")
        .file("c.yaml", "kind: Deployment\n")
        .file("d.yaml", "a: [1\n");
    let said = run.problems();
    assert_eq!(
        said,
        [
            "document-is-readable fail a.yaml[/kind] at a.yaml:1: there is no kind `risk-registr`, so the file is not read as a record"
        ]
    );
    assert_eq!(run.report().unrecognised, ["b.yaml", "c.yaml", "d.yaml"]);
}
