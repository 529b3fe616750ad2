//! What stands on the disk besides plain files: folders and links with the names of documents, files
//! that cannot be read, configurations that name what is not there.

use crate::support::Folder;
#[cfg(unix)]
use std::os::unix::fs::symlink;

#[test]
fn folders_that_are_called_like_documents_are_folders() {
    let folder = Folder::repository()
        .file("MODEL_CARD.md/notes.txt", "x")
        .file("soa.yaml/deeper/soa.yaml", "kind: soa\nid: s\n");
    let ran = folder.annexa(["check", "--output", "json"]);
    assert_eq!(ran.json()["documents"], serde_json::json!({"soa": 1}), "{}", ran.all());
    assert_eq!(ran.err, "");
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_root_only_and_said_where_they_are_not() {
    let outside = Folder::new()
        .file("soa.yaml", "kind: soa\nid: hidden-elsewhere\nowner: hidden-too\n")
        .file("more/soa.yaml", "kind: soa\nid: other\n");
    let folder = Folder::repository().file("real/note.md", "# x\n").file("governance/soa.yaml", "kind: soa\nid: s\n");
    for (target, link) in [
        (outside.path("soa.yaml"), "soa.yaml"),
        (outside.path("more"), "linked"),
        ("nothing".into(), "impact-assessment.yaml"),
        ("loop.yaml".into(), "loop.yaml"),
        ("/dev/zero".into(), "risk-register.yaml"),
        ("governance".into(), "again"),
    ] {
        symlink(target, folder.path(link)).expect("a link");
    }
    let ran = folder.annexa(["check", "--output", "json"]);
    assert!(!ran.all().contains("hidden-"), "{}", ran.all());
    let json = ran.json();
    assert_eq!(json["documents"]["soa"], 1, "one record, however many links lead to it: {}", ran.all());
    let skipped: Vec<_> =
        json["skipped"].as_array().expect("a list").iter().filter_map(|s| s["path"].as_str()).collect();
    for path in ["soa.yaml", "linked", "risk-register.yaml"] {
        assert!(skipped.contains(&path), "{path}: {}", ran.all());
    }
    folder.annexa(["doctor"]).expect(0, &["Passed over", "soa.yaml", "linked"]);
    // A link that was committed is a document that somebody promised.
    folder.commit("");
    let ran = folder.annexa(["check", "--output", "json"]);
    assert!(!ran.all().contains("hidden-"), "{}", ran.all());
}

#[cfg(unix)]
#[test]
fn a_recognised_file_that_cannot_be_read_is_unknown_and_never_a_pass() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::repository().file("soa.yaml", "kind: soa\nid: s\n");
    std::fs::set_permissions(folder.path("soa.yaml"), std::fs::Permissions::from_mode(0o000)).expect("own file");
    if std::fs::read(folder.path("soa.yaml")).is_ok() {
        // The superuser reads everything; a file over the limit cannot be read by anybody.
        std::fs::set_permissions(folder.path("soa.yaml"), std::fs::Permissions::from_mode(0o644)).expect("own file");
        folder.write("soa.yaml", format!("kind: soa\nid: {}\n", "x".repeat(5 << 20)));
    }
    folder.annexa(["check"]).expect(3, &["soa.yaml", "exclude", "exit code 3"]);
    folder.write("annexa.yaml", "exclude: [soa.yaml]\n");
    folder.annexa(["check"]).expect(4, &["exit code 4"]);
}

#[test]
fn paths_that_are_not_there_are_wrong_use() {
    let folder = Folder::new().file("a.md", "x");
    folder.annexa(["check", "nowhere"]).expect(2, &["`nowhere` does not exist"]);
    folder.annexa(["check", "a.md/b"]).expect(2, &["`a.md/b` does not exist"]);
    folder.write("annexa.yaml", "organization: {path: ../nowhere}\n");
    folder
        .annexa(["check"])
        .expect(2, &["annexa.yaml:1", "there is no folder `../nowhere`", "Check the organisation's repository out"]);
    folder.write("annexa.yaml", "policy_dirs: [../outside]\n");
    folder.annexa(["check"]).expect(2, &["annexa.yaml:1", "`../outside`"]);
}

#[test]
fn adopted_at_names_a_commit_that_led_here() {
    let folder = Folder::repository().file("soa.yaml", "kind: soa\nid: s\n");
    let first = folder.commit("");
    let tree = git2::Repository::open(folder.path(""))
        .expect("a repository")
        .head()
        .expect("a head")
        .peel_to_tree()
        .expect("a tree")
        .id()
        .to_string();
    let table = [
        (first.as_str(), ""),
        (&first[..8], ""),
        ("main", ""),
        ("0000000000000000000000000000000000000000", "there is no commit"),
        ("no-such-branch", "there is no commit"),
        (&tree, "no commit"),
        (":/A change", "is not the name of a commit"),
        ("--all", "is not the name of a commit"),
        ("''", ""),
    ];
    for (commit, expected) in table {
        let quoted = if commit == "''" { commit.to_owned() } else { format!("'{commit}'") };
        folder.write("annexa.yaml", format!("# how this is checked\nadopted_at: {quoted}\n"));
        let ran = folder.annexa(["check"]);
        if commit == "''" || !expected.is_empty() {
            ran.expect(2, &["annexa.yaml:2", expected]);
        } else {
            assert!(ran.code < 2 && ran.err.is_empty(), "{commit} {}", ran.all());
        }
    }
}

#[test]
fn a_repository_inside_another_and_one_without_a_commit_are_read() {
    let folder =
        Folder::repository().file("soa.yaml", "kind: soa\nid: s\n").file("inner/soa.yaml", "kind: soa\nid: t\n");
    folder.annexa(["check", "--output", "json"]).expect(1, &["\"state\":\"unborn\""]);
    folder.init("inner");
    let ran = folder.annexa(["check", "inner", "--output", "json"]);
    assert_eq!(ran.json()["documents"]["soa"], 1, "{}", ran.all());
}
