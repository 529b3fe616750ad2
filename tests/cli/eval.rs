//! `annexa eval`: values, what was read, and errors where they stand.

use crate::support::{Folder, command};
use std::io::Write as _;
use std::process::Stdio;

/// Two records in one file; the lines are counted by hand.
const SYSTEMS: &str = "kind: ai-system
id: scoring
name: Credit scoring
---
kind: ai-system
id: ranking
";

#[test]
fn a_value_is_shown_with_its_type_and_what_was_read() {
    let folder = Folder::repository().file("ai-system.yaml", SYSTEMS).file("notes.txt", "approved\n");
    folder.annexa(["eval", "1 + 1"]).expect(0, &["value  2", "type   int", "steps"]);
    let ran = folder.annexa(["eval", "doc.id", "--doc", "ai-system.yaml"]);
    ran.expect(
        0,
        &["ai-system.yaml: ai-system `scoring`", "value  scoring", "type   string", "ai-system.yaml:2  id: scoring"],
    );
    ran.expect(0, &["ai-system `ranking`", "value  ranking", "ai-system.yaml:6  id: ranking"]);
    // Lists of documents, files and the day come from the repository.
    let table = [
        ("ai_systems.map(s, s.id)", "- scoring\n    - ranking"),
        ("file_contains('notes.txt', 'approved')", "value  true"),
        ("glob('*.txt')", "- notes.txt"),
        ("today", "value  2026-06-01"),
        ("{'a': [1, 2]}", "value\n    a:\n      - 1\n      - 2"),
    ];
    for (expression, expected) in table {
        folder.annexa(["eval", expression]).expect(0, &[expected]);
    }
    folder.annexa(["eval", "today", "--today", "2027-01-02"]).expect(0, &["value  2027-01-02"]);
}

#[test]
fn json_has_a_result_for_each_document() {
    let folder = Folder::repository().file("ai-system.yaml", SYSTEMS);
    let json = folder.annexa(["eval", "has(doc.name)", "--doc", "ai-system.yaml", "--output", "json"]).json();
    assert_eq!(json["format"], "annexa-eval");
    let results = json["results"].as_array().expect("a list");
    let told: Vec<_> = results.iter().map(|r| (&r["id"], &r["value"], &r["type"], &r["reads"][0]["line"])).collect();
    let (yes, no, of, first, second) = (true.into(), false.into(), "bool".into(), 3.into(), 5.into());
    assert_eq!(told, [(&"scoring".into(), &yes, &of, &first), (&"ranking".into(), &no, &of, &second)]);
    assert_eq!((&results[1]["reads"][0]["missing"], &results[1]["error"]), (&true.into(), &serde_json::Value::Null));
}

#[test]
fn errors_stand_under_their_place() {
    let folder = Folder::repository().file("ai-system.yaml", "kind: ai-system\nid: a\n");
    // expression, exit code, what is said
    let table = [
        ("doc.name == 'x'", 3, "`name` is not there\n   ╭─[expression:1:5]"),
        ("1 / (1 - 1) > 2", 3, "divided by zero"),
        ("true && date('soon') < now", 3, "`soon` is no date"),
        ("doc.id +", 2, "nothing follows `+`"),
        ("dok.id", 2, "Did you mean `doc`?"),
        ("params.days", 2, "`params` is there in policies only"),
        ("lookupp(ai_systems, 'id', 'a')", 2, "Did you mean `lookup`?"),
    ];
    for (expression, code, expected) in table {
        folder.annexa(["eval", expression, "--doc", "ai-system.yaml"]).expect(code, &[expected]);
    }
    folder.annexa(["eval", "doc.id"]).expect(2, &["nothing is called `doc` here", "--doc FILE"]);
    folder.annexa(["eval", "1", "--doc", "none.yaml"]).expect(2, &["none.yaml` does not exist"]);
    folder.annexa(["eval", "1", "--kind", "soa"]).expect(2, &["--doc"]);
    folder.annexa(["eval", "1", "--doc", "ai-system.yaml", "--kind", "sao"]).expect(2, &["there is no kind `sao`"]);
    folder.annexa(["eval", "lists.range(100000).map(x, 1).size() > 0"]).expect(3, &["more steps"]);
    folder.write("broken.yaml", "a: [\n");
    folder.annexa(["eval", "doc", "--doc", "broken.yaml"]).expect(2, &["broken.yaml"]);
}

#[test]
fn a_file_of_any_name_can_be_the_document() {
    let folder = Folder::new().file("a.yaml", "id: a\nreview_by: 2027-01-01\n").file("soa.yaml", "kind: soa\nid: s\n");
    folder.annexa(["eval", "doc.id", "--doc", "a.yaml"]).expect(0, &["a.yaml: a file of no known kind", "value  a"]);
    let typed = folder.annexa(["eval", "doc.review_by > today", "--doc", "a.yaml", "--kind", "soa"]);
    typed.expect(0, &["soa `a`", "value  true"]);
    // Outside of any repository the file is alone, unless a folder is named.
    folder.annexa(["eval", "soas.size()", "--doc", "a.yaml"]).expect(0, &["value  0"]);
    folder.annexa(["eval", "soas.size()", "--doc", "a.yaml", "--path", "."]).expect(0, &["value  1"]);
    // What git ignores can be looked at by name.
    let ignored = Folder::repository().file(".gitignore", "*.yaml\n").file("b.yaml", "id: b\n");
    ignored.annexa(["eval", "doc.id", "--doc", "b.yaml"]).expect(0, &["value  b"]);
}

#[test]
fn an_expression_can_be_piped_in() {
    let folder = Folder::new();
    let mut child = command(&folder.path(""))
        .args(["eval", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("it is piped").write_all(b"days(2)\n").expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let out = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(out.contains("value  2 days\ntype   duration"), "{out}");
}

#[test]
fn text_of_strangers_does_no_harm() {
    let folder = Folder::repository().file("ai-system.yaml", "kind: ai-system\nid: a\nname: \"x\\e[31mred\"\n");
    let ran = folder.annexa(["eval", "doc.name", "--doc", "ai-system.yaml"]);
    assert!(ran.code == 0 && !ran.out.contains('\u{1b}'), "{}", ran.all());
}
