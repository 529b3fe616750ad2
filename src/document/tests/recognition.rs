use super::{kinds, load_with, row};
use crate::document::{BadGlob, Recogniser, Recognition};

fn found(path: &str, text: &str) -> Option<Vec<String>> {
    let loaded = load_with(&kinds(), &[], path, text)?;
    let ids = loaded.documents.iter().map(|d| format!("{} {}", d.kind.id, d.id.as_deref().unwrap_or("-")));
    Some(ids.chain(loaded.problems.iter().map(|p| p.code.to_owned())).collect())
}

#[test]
fn files_are_recognised_by_convention_by_their_kind_and_by_their_fields() {
    let table: &[(&str, &str, Option<&[&str]>)] = &[
        ("a/TEST-PLAN.yaml", "id: p\n", Some(&["test-plan p"])),
        ("test-plans/one.yaml", "id: p\n", Some(&["test-plan p"])),
        ("test-plans/deep/one.yaml", "id: p\n", None),
        ("any.yaml", "id: p\nkind: test-plan\n", Some(&["test-plan p"])),
        ("any.json", "{\"id\": \"p\", \"kind\": \"test-plan\"}", Some(&["test-plan p"])),
        ("any.yaml", "plan_of: x\nsteps: []\n", Some(&["test-plan -"])),
        ("any.yaml", "plan_of: x\n", None),
        ("any.yaml", "spec:\n  kind: test-plan\n", None),
        ("any.json", "{\"items\": [{\"kind\": \"test-plan\"}]}", None),
        ("test-plan.yaml", "kind: soa\nid: s\n", Some(&["soa s"])),
        ("test-plan.yaml", "apiVersion: v1\nkind: Deployment\n", Some(&[])),
        ("k8s.yaml", "apiVersion: v1\nkind: Deployment\n", None),
        ("two.yaml", "kind: test-plan\nid: a\n---\nkind: soa\nid: b\n---\n", Some(&["test-plan a", "soa b"])),
        ("two.yaml", "kind: test-plan\nid: a\n---\nother: 1\n", Some(&["test-plan a"])),
        ("test-plan.yaml", "id: a\n---\nid: b\n", Some(&["test-plan a", "test-plan b"])),
        ("any.yaml", "kind: DataContract\nid: c\n", Some(&["data-contract c"])),
        ("test-plan.md", "---\nid: p\n---\nText.\n", Some(&["test-plan p"])),
        ("test-plan.md", "# Plan\n\nText.\n", Some(&["no-fields"])),
        ("test-plan.md", "# Plan\n\n```yaml\nkind: test-plan\nid: p\n```\n", Some(&["test-plan p"])),
        ("notes.md", "# Notes\n\n```yaml\nkind: soa\nid: s\n```\n", Some(&["soa s"])),
        ("notes.md", "# Notes\n\n```yaml\nkind: Pod\n```\n", None),
        ("test-plan.yaml", "", Some(&["empty-document"])),
        ("test-plan.yaml", "- a\n", Some(&["wrong-type"])),
        ("test-plan.py", "kind: test-plan\n", None),
    ];
    for (path, text, expected) in table {
        let expected = expected.map(|rows| rows.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>());
        assert_eq!(found(path, text), expected, "{path}: {text:?}");
    }
}

#[test]
fn a_misspelt_kind_is_said_and_a_foreign_one_is_not() {
    let loaded = load_with(&kinds(), &[], "a.yaml", "id: a\nkind: impact-assesment\n").expect("said");
    assert!(!loaded.recognised && loaded.documents.is_empty());
    let (code, line, marked, message, help) = row(&loaded.tree, &loaded.problems[0]);
    assert_eq!((code, line, marked), ("unknown-kind", 2, "impact-assesment"));
    assert_eq!(message, "there is no kind `impact-assesment`, so the file is not read as a record");
    assert!(help.starts_with("Did you mean `kind: impact-assessment`?"), "{help}");
    for foreign in ["Deployment", "job", "sod", "pipeline"] {
        assert!(found("a.yaml", &format!("kind: {foreign}\n")).is_none(), "{foreign}");
    }
}

#[test]
fn a_file_that_names_its_kind_and_cannot_be_parsed_is_reported() {
    let loaded = load_with(&kinds(), &[], "a.yaml", "kind: test-plan\nid: [a\n").expect("reported");
    assert!(loaded.recognised && loaded.documents.is_empty() && !loaded.problems.is_empty());
    assert!(found("a.yaml", "kind: Deployment\nid: [a\n").is_none());
}

#[test]
fn configured_paths_come_first_and_the_record_may_differ() {
    let kinds = kinds();
    let configured: &[(&str, &[&str])] = &[("test-plan", &["legal/*.yaml", "odd.txt"])];
    let loaded = load_with(&kinds, configured, "legal/a.yaml", "id: a\n").expect("configured");
    assert_eq!(&*loaded.documents[0].kind.id, "test-plan");
    let loaded = load_with(&kinds, configured, "legal/a.yaml", "kind: soa\nid: a\n").expect("configured");
    assert_eq!(&*loaded.documents[0].kind.id, "soa");
    assert_eq!(loaded.problems[0].code, "kind-differs");
    let loaded = load_with(&kinds, configured, "odd.txt", "id: a\n").expect("configured");
    assert_eq!(loaded.problems[0].code, "unknown-syntax");
    assert!(load_with(&kinds, configured, "legal/deep/a.yaml", "id: a\n").is_none());
}

#[test]
fn every_configured_glob_that_cannot_be_used_is_named() {
    let configured = [
        ("soa".to_owned(), vec!["ok/*.yaml".to_owned(), "a[".to_owned()]),
        ("sao".to_owned(), vec!["x".to_owned()]),
        ("impact-asessment".to_owned(), vec![]),
    ];
    let bad = Recogniser::new(&kinds(), &configured).err().expect("three are bad");
    assert_eq!(bad[0].row, 0);
    assert_eq!(bad[0].glob, Some(1));
    assert_eq!(
        bad[1..],
        [
            BadGlob { row: 1, glob: None, message: "there is no kind `sao`; did you mean `soa`?".to_owned() },
            BadGlob {
                row: 2,
                glob: None,
                message: "there is no kind `impact-asessment`; did you mean `impact-assessment`?".to_owned()
            },
        ]
    );
}

#[test]
fn paths_say_what_a_file_can_be() {
    let recogniser = Recogniser::new(&kinds(), &[("soa".to_owned(), vec!["x.yaml".to_owned()])]).expect("valid");
    let word = |path: &str| match recogniser.by_path(path) {
        Recognition::Configured(kind) => format!("configured {}", kind.id),
        Recognition::Glob(kind) => format!("glob {}", kind.id),
        Recognition::Maybe => "maybe".to_owned(),
        Recognition::No => "no".to_owned(),
    };
    for (path, expected) in [
        ("x.yaml", "configured soa"),
        ("a/x.yaml", "maybe"),
        ("MODEL_CARD.md", "glob model-card"),
        ("docs/model-card.md", "glob model-card"),
        ("docs/hiring_model_card.yaml", "glob model-card"),
        ("model_cards/README.md", "maybe"),
        ("README.md", "maybe"),
        ("orders.odcs.yaml", "glob data-contract"),
        ("governance/soa.yaml", "glob soa"),
        ("main.rs", "no"),
        ("Makefile", "no"),
    ] {
        assert_eq!(word(path), expected, "{path}");
    }
}
