use super::plan;
use crate::value::{Data, NodeId, Tree};

fn at(tree: &Tree, root: NodeId, path: &[&str]) -> String {
    let id = tree.find(root, path).unwrap_or_else(|| panic!("{path:?} is there"));
    match tree.data(id) {
        Data::Text(text) => format!("text {}", tree.text(text)),
        Data::Time(text, seconds) => format!("time {} {seconds}", tree.text(text)),
        Data::Float(number) => format!("number {number:?}"),
        Data::Int(number) => format!("whole {number}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn plain_scalars_take_the_type_of_their_field() {
    let text = "\
id: 12
owner: null
version: 2.30
plan_of: no
share: 1
runs: 3.0
note: true
mixed: 1
lifecycle: {since: 2026-09-01, stage: design}
x-own: 2
parts:
  - {id: 0o14, version: 1e3}
steps:
  - {id: 7, type: sql, query: 1, on: 2026-09-02}
";
    let loaded = plan(text);
    let document = &loaded.documents[0];
    let table: &[(&[&str], &str)] = &[
        (&["id"], "text 12"),
        (&["owner"], "Null"),
        (&["version"], "text 2.30"),
        (&["plan_of"], "text no"),
        (&["share"], "number 1.0"),
        (&["runs"], "whole 3"),
        (&["note"], "text true"),
        (&["mixed"], "number 1.0"),
        (&["lifecycle", "since"], "time 2026-09-01 1788220800"),
        (&["lifecycle", "stage"], "text design"),
        (&["x-own"], "whole 2"),
        (&["parts", "0", "id"], "text 0o14"),
        (&["parts", "0", "version"], "text 1e3"),
        (&["steps", "0", "id"], "text 7"),
        (&["steps", "0", "query"], "text 1"),
        (&["steps", "0", "on"], "time 2026-09-02 1788307200"),
    ];
    for (path, expected) in table {
        assert_eq!(at(&document.tree, document.root, path), *expected, "{path:?}");
    }
    assert_eq!(document.id.as_deref(), Some("12"));
}

#[test]
fn quoted_scalars_keep_their_type_and_a_value_that_two_aliases_share_is_typed_once() {
    let loaded = plan("id: \"1\"\nshare: \"1\"\nowner: &v 2.10\nversion: *v\n");
    let document = &loaded.documents[0];
    assert_eq!(at(&document.tree, document.root, &["share"]), "text 1");
    assert_eq!(at(&document.tree, document.root, &["owner"]), "text 2.10");
    assert_eq!(at(&document.tree, document.root, &["version"]), "text 2.10");
}

#[test]
fn other_common_names_of_a_listed_value_are_understood() {
    for (written, expected) in [
        ("operation", "text operation"),
        ("In use", "text operation"),
        ("in_use", "text operation"),
        ("PRODUCTION", "text operation"),
        ("Design", "text design"),
        ("desing", "text desing"),
    ] {
        let loaded = plan(&format!("id: a\nowner: b\nlifecycle: {{stage: {written}}}\n"));
        let document = &loaded.documents[0];
        assert_eq!(at(&document.tree, document.root, &["lifecycle", "stage"]), expected, "{written}");
    }
}
