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

const DAY: i64 = 86_400;

#[test]
fn the_history_of_documents_and_files_is_seen() {
    let config = "people:\n  - {name: Ana Keller, role: risk-owner, emails: [ana@example.org]}\n";
    let folder = Folder::repository().file("annexa.yaml", config);
    folder.write("ai-system.yaml", "kind: ai-system\nid: a\nname: one\n");
    folder.commit_on("", 20_000 * DAY); // 2024-10-04
    folder.write("ai-system.yaml", "kind: ai-system\nid: a\nname: two\n");
    let second = folder.commit_on("", 20_100 * DAY); // 2025-01-12
    folder.write("src/x.py", "x = 1\n");
    folder.commit_on("", 20_200 * DAY); // 2025-04-22
    let short = &second[..7];
    let table = [
        ("doc.history.count", "value  2"),
        ("doc.history.last.author.role", "value  risk-owner"),
        ("doc.history.last.on", "value  2025-01-12"),
        ("changed_since(['src/**'], doc.history.last.id)", "value  true"),
        ("doc.history.last.fields.map(f, f.before + ' -> ' + f.after)", "- one -> two"),
        // A history names its changes; one of them, and a list of them, are shown with all that they say.
        ("doc.history", "count: 2\n    first: "),
        ("doc.history", &format!("last: {short}\n")),
        ("doc.history.changes", "    - author:\n        email: ana@example.org\n"),
        ("{'it': doc.history.last}", "    subject: A change\n      substantive: true\n"),
    ];
    for (expression, expected) in table {
        folder.annexa(["eval", expression, "--doc", "ai-system.yaml"]).expect(0, &[expected]);
    }
    let ran = folder.annexa(["eval", "doc.history.changes", "--doc", "ai-system.yaml", "--output", "json"]);
    let json = ran.json();
    let value = &json["results"][0]["value"];
    assert_eq!((&value[0]["id"], &value[0]["fields"][0]["path"]), (&second.into(), &"name".into()), "{value:#}");
}

#[test]
fn a_history_that_is_not_there_has_no_value_to_rely_on() {
    let folder = Folder::repository().file("ai-system.yaml", "kind: ai-system\nid: a\n");
    let eval = |expression: &str| folder.annexa(["eval", expression, "--doc", "ai-system.yaml"]);
    eval("doc.history.count").expect(3, &["unknown  the repository has no commit yet"]);
    let id = folder.commit("");
    folder.write(".git/shallow", format!("{id}\n"));
    folder.write("ai-system.yaml", "kind: ai-system\nid: b\n");
    let last = folder.commit("");
    folder.write(".git/shallow", format!("{last}\n"));
    std::fs::remove_file(folder.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).expect("the commit");
    // What is shown of a whole history is not known, though no field was asked for by name.
    eval("doc.history").expect(3, &["committed: true\n    count: null", "unknown  this clone is shallow"]);
}

/// A thousand commits; what is shown of them is bounded.
#[test]
fn a_long_history_is_shown_in_part() {
    let folder = Folder::repository();
    for number in 0..1_000 {
        folder.write("ai-system.yaml", format!("kind: ai-system\nid: a\nname: '{number}'\n"));
        folder.commit_on("", (20_000 + number) * DAY);
    }
    let ran = folder.annexa(["eval", "doc.history.changes", "--doc", "ai-system.yaml"]);
    let (opened, all) = (ran.out.matches("subject: A change").count(), ran.out.matches("\n    - ").count());
    assert!(ran.code == 0 && all == 1_000 && (20..500).contains(&opened), "{opened} of {all}");
}
