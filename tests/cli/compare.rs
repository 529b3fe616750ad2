//! A change against what it began from: whose rules judge, what counts, what goes away.

use crate::support::{Folder, NOTE, Ran};
use git2::{Repository, Signature, Time};

const SMALL: &str = "id: small\ntitle: The size is small\napplies_to: note\nvalidations:\n  - expression: doc.size <= 5.0\n    \
                     message: 'size {{ doc.size }} of `{{ doc.id }}`'\n    at: [doc.size]\n";
const DATED: &str = "id: dated\ntitle: The day is to come\napplies_to: note\nvalidations:\n  - expression: doc.day >= today\n    \
                     message: '`{{ doc.id }}` is over'\n    at: [doc.day]\n";

/// On `main` the note `old` is too large and over since a day in February; `fine` is in order.
fn repository() -> Folder {
    let folder = Folder::repository().file("kinds/note.schema.json", NOTE);
    folder.write("annexa.yaml", "schemas: [kinds]\npolicy_dirs: [own]\n");
    folder.write("own/small.yaml", SMALL);
    folder.write("own/dated.yaml", DATED);
    folder.write("old.note.yaml", "id: old\nsize: 9\nday: 2026-02-01\n");
    folder.write("fine.note.yaml", "id: fine\nsize: 1\nday: 2027-01-01\n");
    folder.write("text.md", "words\n");
    folder.commit("");
    branch(&folder, "change");
    folder
}

/// Leaves `main` where it is and goes on from there on a branch of this name.
fn branch(folder: &Folder, name: &str) {
    let repository = Repository::open(folder.path("")).expect("a repository");
    let head = repository.head().expect("a head").peel_to_commit().expect("a commit");
    repository.branch(name, &head, false).expect("a branch");
    repository.set_head(&format!("refs/heads/{name}")).expect("a head");
}

fn check(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.annexa(["check", "--base", "main", "--today", "2026-06-01"].iter().chain(arguments))
}

#[test]
fn a_change_answers_for_what_it_brings() {
    let folder = repository();
    folder.write("text.md", "other words\n");
    check(&folder, &[]).expect(0, &["2 findings were there before and do not count here", "compared with main"]);
    folder.write("fine.note.yaml", "id: fine\nsize: 7\nday: 2027-01-01\n");
    check(&folder, &[]).expect(1, &["size 7 of `fine`", "exit code 1: 1 finding at or above error"]);
    // A line above it is no other finding, and neither is another name of its file.
    folder.write("fine.note.yaml", "id: fine\nsize: 1\nday: 2027-01-01\n");
    folder.write("old.note.yaml", "# moved\nid: old\nsize: 9\nday: 2026-02-01\n");
    check(&folder, &[]).expect(0, &["2 findings were there before"]);
    check(&folder, &["--gate", "touched"]).expect(1, &["exit code 1: 2 findings at or above error"]);
    check(&folder, &["--gate", "all"]).expect(1, &["exit code 1: 2 findings at or above error"]);
}

#[test]
fn the_clock_alone_blocks_no_change() {
    let folder = repository();
    folder.write("text.md", "other words\n");
    let later = ["check", "--base", "main", "--today", "2027-06-01"];
    folder.annexa(later).expect(0, &["3 findings were there before"]);
    folder.annexa(["check", "--today", "2027-06-01"]).expect(1, &["`fine` is over"]);
}

#[test]
fn the_rules_of_the_base_judge_and_what_is_loosened_is_told() {
    let folder = repository();
    folder.write("annexa.yaml", "schemas: [kinds]\npolicy_dirs: [own]\nexclude: ['old.*']\npolicies:\n  small: {off: {reason: no}}\nwaivers:\n  - {policy: dated, scope: old, reason: it is, approver: me, until: 2026-12-31}\n");
    folder.write("own/dated.yaml", DATED.replace(">= today", ">= today - days(1000)"));
    folder.write("fine.note.yaml", "id: fine\nsize: 7\nday: 2027-01-01\n");
    check(&folder, &[]).expect(
        1,
        &[
            "size 7 of `fine`",
            "This change weakens 1 policy, edits 1 policy, adds or extends 1 waiver",
            "narrows what is looked at in 1 place",
            "judged by the rules of that version",
            "policy small is switched off (less is found, or counts for less) at annexa.yaml:5:3",
            "waiver dated is waived until 2026-12-31",
            "exclude old.* is not looked at any more",
            "policy dated is edited at own/dated.yaml:1",
        ],
    );
    check(&folder, &["--trust", "head"]).expect(0, &["judged by the rules that the change brings"]);
}

#[test]
fn severities_are_compared_as_they_count() {
    let settings = |severity: &str| format!("schemas: [kinds]\npolicy_dirs: [own]\npolicies:\n  small: {severity}\n");
    let own = "schemas: [kinds]\npolicy_dirs: [own]\n".to_owned();
    // The policy is an error by itself.
    let table = [
        (own.clone(), settings("{severity: note}"), Some("policy small goes from error to note (less is found")),
        (settings("{severity: note}"), own.clone(), Some("policy small goes from note to error\n")),
        (own.clone(), settings("{severity: error}"), None),
    ];
    for (before, after, expected) in table {
        let folder = repository();
        folder.write("annexa.yaml", &before);
        folder.commit("");
        branch(&folder, "onwards");
        folder.write("annexa.yaml", &after);
        let ran = folder.annexa(["check", "--base", "change", "--today", "2026-06-01"]);
        match expected {
            Some(text) => assert!(ran.out.contains(text), "{text}: {}", ran.out),
            None => assert!(!ran.out.contains("policy small"), "{}", ran.out),
        }
    }
}

#[test]
fn of_two_waivers_of_the_same_the_later_one_is_what_holds() {
    let folder = repository();
    let waiver = |until: &str| format!("  - {{policy: dated, scope: old, reason: r, approver: me, until: {until}}}\n");
    let start = "schemas: [kinds]\npolicy_dirs: [own]\nwaivers:\n";
    folder.write("annexa.yaml", format!("{start}{}", waiver("2026-12-31")));
    folder.commit("");
    branch(&folder, "onwards");
    folder.write("annexa.yaml", format!("{start}{}{}", waiver("2099-01-01"), waiver("2026-12-31")));
    let ran = folder.annexa(["check", "--base", "change", "--today", "2026-06-01"]);
    ran.expect(0, &["waiver dated is waived until 2099-01-01 instead of 2026-12-31"]);
}

#[test]
fn no_change_chooses_the_folder_whose_rules_judge() {
    let folder = repository();
    folder.write("below/a.note.yaml", "id: below\nsize: 2\nday: 2027-01-01\n");
    folder.commit("");
    branch(&folder, "onwards");
    // The rules are at the top, and one further down would know none of them.
    folder.write("below/annexa.yaml", "exclude: []\n");
    folder.write("below/a.note.yaml", "id: below\nsize: 7\nday: 2027-01-01\n");
    let arguments = ["check", "below", "--base", "change", "--today", "2026-06-01"];
    folder.annexa(arguments).expect(1, &["size 7 of `below`", "below/a.note.yaml:2"]);
    let report = folder.annexa(arguments.iter().chain(&["--output", "json"])).json();
    assert_eq!(report["root"], "", "paths begin at the top, where the rules are");
    // The same in a folder that is new.
    folder.write("below/new/annexa.yaml", "exclude: []\n");
    folder.write("below/new/b.note.yaml", "id: new\nsize: 8\nday: 2027-01-01\n");
    let mut new = arguments;
    new[1] = "below/new";
    folder.annexa(new).expect(1, &["size 8 of `new`"]);
    // Rules that are further down do not go away with their file.
    folder.write("below/annexa.yaml", "schemas: [kinds]\npolicy_dirs: [own]\n");
    folder.write("below/own/small.yaml", SMALL.replace("5.0", "6.0"));
    folder.write("below/kinds/note.schema.json", NOTE);
    folder.write("below/a.note.yaml", "id: below\nsize: 2\nday: 2027-01-01\n");
    folder.commit("");
    branch(&folder, "further");
    std::fs::remove_file(folder.path("below/annexa.yaml")).expect("it is there");
    folder.write("below/a.note.yaml", "id: below\nsize: 7.5\nday: 2027-01-01\n");
    let ran = folder.annexa(["check", "below", "--base", "onwards", "--today", "2026-06-01"]);
    ran.expect(1, &["size 7.5 of `below`", "a.note.yaml:2"]);
}

#[test]
fn what_judges_is_told_in_a_run_that_looks_at_a_part() {
    let folder = repository();
    folder.write("annexa.yaml", "schemas: [kinds]\npolicy_dir: [own]\n");
    folder.write("below/a.note.yaml", "id: below\nsize: 2\nday: 2027-01-01\n");
    let arguments = ["check", "below", "--base", "main", "--today", "2026-06-01"];
    folder.annexa(arguments).expect(1, &["error[set-up-stays-valid]", "policy_dir"]);
}

#[test]
fn a_new_policy_waits_for_the_merge_and_weakens_nothing() {
    let folder = repository();
    folder.write("own/tiny.yaml", SMALL.replace("id: small", "id: tiny").replace("5.0", "0.5"));
    let ran = check(&folder, &[]);
    ran.expect(0, &["policy tiny is new at own/tiny.yaml:1"]);
    assert!(!ran.out.contains("rules-stay-in-force["), "{}", ran.out);
}

#[test]
fn a_set_up_that_the_change_breaks_is_a_finding() {
    let folder = repository();
    folder.write("annexa.yaml", "schemas: [kinds]\npolicy_dir: [own]\n");
    check(&folder, &[]).expect(1, &["error[set-up-stays-valid]", "annexa.yaml:2:1", "policy_dir"]);
    // What is broken already can be mended.
    folder.commit("");
    branch(&folder, "mends");
    folder.write("annexa.yaml", "schemas: [kinds]\npolicy_dirs: [own]\n");
    let ran = folder.annexa(["check", "--base", "change", "--today", "2026-06-01"]);
    ran.expect(0, &["judged by the rules that the change brings"]);
}

#[test]
fn records_that_go_away_are_told_and_moved_ones_are_not() {
    let folder = repository();
    std::fs::rename(folder.path("fine.note.yaml"), folder.path("moved.note.yaml")).expect("the file");
    let ran = check(&folder, &[]);
    ran.expect(0, &[]);
    assert!(!ran.out.contains("document-stays["), "{}", ran.out);
    std::fs::rename(folder.path("moved.note.yaml"), folder.path("fine.yaml")).expect("the file");
    std::fs::remove_file(folder.path("old.note.yaml")).expect("the file");
    check(&folder, &["--fail-on", "warning"]).expect(
        1,
        &[
            "warning[document-stays]",
            "`old` (note) is gone with this change",
            ":old.note.yaml:1:1",
            "`fine` (note) is gone",
        ],
    );
}

#[test]
fn taking_annexa_up_is_a_preview() {
    let folder = Folder::repository().file("text.md", "words\n");
    folder.commit("");
    branch(&folder, "change");
    folder.write("annexa.yaml", "schemas: [kinds]\npolicy_dirs: [own]\n");
    folder.write("kinds/note.schema.json", NOTE);
    folder.write("own/small.yaml", SMALL);
    folder.write("a.note.yaml", "id: a\nsize: 9\n");
    check(&folder, &[])
        .expect(0, &["size 9 of `a`", "nothing counts yet: the base version has neither annexa.yaml nor a record"]);
    // With a record in the base version it is none.
    let folder = Folder::repository().file("ai-system.yaml", "kind: ai-system\nid: s\nname: S\n");
    folder.commit("");
    branch(&folder, "change");
    folder.write("annexa.yaml", "policies:\n  system-has-owners: {off: {reason: no}}\n");
    let ran = check(&folder, &[]);
    assert!(!ran.out.contains("nothing counts yet"), "{}", ran.out);
    ran.expect(0, &["policy system-has-owners is switched off"]);
}

#[test]
fn another_file_can_be_the_configuration() {
    let folder = repository();
    folder.write("strict.yaml", "schemas: [kinds]\npolicy_dirs: [own]\npolicies:\n  small: {severity: note}\n");
    folder.commit("");
    let day = ["--today", "2026-06-01"];
    folder
        .annexa(["check", "--config", "strict.yaml", "--only", "small"].iter().chain(&day))
        .expect(0, &["note[small]"]);
    folder.annexa(["check", "--config", "none.yaml"]).expect(2, &["none.yaml: there is no such file"]);
}

/// A clone as a workflow of a pull request has it: the merge of `main` and `change` is checked out.
fn merged(folder: &Folder) -> (String, String, String) {
    let repository = Repository::open(folder.path("")).expect("a repository");
    let head = repository.head().expect("a head").peel_to_commit().expect("a commit");
    let base =
        repository.find_branch("main", git2::BranchType::Local).expect("main").get().peel_to_commit().expect("it");
    let who = Signature::new("Web", "web@example.org", &Time::new(1_780_000_000, 0)).expect("a name");
    let tree = head.tree().expect("a tree");
    let merge = repository.commit(None, &who, &who, "Merge", &tree, &[&base, &head]).expect("a merge");
    repository.set_head_detached(merge).expect("a head");
    (base.id().to_string(), head.id().to_string(), merge.to_string())
}

#[test]
fn the_event_of_a_pull_request_says_what_is_compared() {
    let folder = repository();
    folder.write("fine.note.yaml", "id: fine\nsize: 7\nday: 2027-01-01\n");
    folder.commit("");
    let (base, head, _) = merged(&folder);
    let event = serde_json::json!({
        "action": "opened",
        "number": 7,
        "pull_request": {
            "number": 7, "title": "T", "draft": false, "user": {"login": "ana"}, "labels": [],
            "base": {"ref": "main", "sha": base, "repo": {"id": 1, "full_name": "o/r"}},
            "head": {"ref": "change", "sha": head, "repo": {"id": 1, "full_name": "o/r", "fork": false}},
        },
        "repository": {"id": 1, "full_name": "o/r"},
    });
    let elsewhere = Folder::new().file("event.json", event.to_string());
    let path = elsewhere.path("event.json");
    let variables = [
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_EVENT_PATH", path.to_str().expect("UTF-8")),
        ("GITHUB_REPOSITORY", "o/r"),
    ];
    let arguments = ["check", "--github", "--today", "2026-06-01"];
    let ran = folder.annexa_with(arguments, &variables);
    ran.expect(1, &["size 7 of `fine`", "compared with main", "2 findings were there before"]);
    let json = folder.annexa_with(arguments.iter().chain(&["--output", "json"]), &variables).json();
    let comparison = &json["comparison"];
    assert_eq!((comparison["base"].as_str(), comparison["head"].as_str()), (Some(&*base), Some(&*head)));
    assert_eq!(comparison["pull_request"]["number"], 7);
    let found =
        json["outcomes"].as_array().expect("outcomes").iter().find(|o| o["counts"] == true && o["outcome"] == "fail");
    let seen = &found.expect("a finding")["places"][0]["seen"];
    assert_eq!(*seen, serde_json::json!({"path": "fine.note.yaml", "line": 2, "end_line": 2, "in_diff": true}));
    // Another base than that of the event.
    let before = folder.annexa_with(arguments.iter().chain(&["--base", "change"]), &variables);
    before.expect(0, &["compared with change"]);
    // The head itself is checked out. As long as its base is where it began, that is the same.
    let repository = Repository::open(folder.path("")).expect("a repository");
    repository.set_head("refs/heads/change").expect("a head");
    folder.annexa_with(arguments, &variables).expect(1, &["size 7 of `fine`", "compared with main"]);
    let who = Signature::new("Web", "web@example.org", &Time::new(1_780_000_100, 0)).expect("a name");
    let main = repository.find_commit(base.parse().expect("an id")).expect("it is there");
    let onwards = repository
        .commit(Some("refs/heads/main"), &who, &who, "On", &main.tree().expect("a tree"), &[&main])
        .expect("a commit");
    let behind = elsewhere.path("behind.json");
    std::fs::write(&behind, event.to_string().replace(&base, &onwards.to_string())).expect("a file");
    let mut variables_behind = variables;
    variables_behind[1].1 = behind.to_str().expect("UTF-8");
    folder
        .annexa_with(arguments, &variables_behind)
        .expect(2, &["main has moved on since it began", "leave its `ref` empty"]);
    // Something else is checked out.
    Repository::open(folder.path("")).expect("a repository").set_head("refs/heads/main").expect("a head");
    folder.annexa_with(arguments, &variables).expect(2, &["is checked out, and the pull request is about"]);
    folder.annexa_with(["check", "--github"], &[]).expect(2, &["GITHUB_EVENT"]);
}
