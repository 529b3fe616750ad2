//! `annexa check --at` and `--base`: commits in place of the working tree, and what they are compared with.

use crate::support::{Folder, Ran};
use git2::Repository;

// 2026-01-10, 2026-03-20 and 2026-05-30, each at noon.
const JANUARY: i64 = 1_768_046_400;
const MARCH: i64 = 1_774_008_000;
const MAY: i64 = 1_780_142_400;

fn policy(bar: u32) -> String {
    format!(
        "id: own\ntitle: The size is small\napplies_to: note\nvalidations:\n  - expression: doc.size <= {bar}.0\n    \
         message: 'size {{{{ doc.size }}}} of at most {bar} on {{{{ today }}}}'\n    at: [doc.size]\n"
    )
}

const UNCHANGED: &str = "id: unchanged\ntitle: The size stays\napplies_to: note\nvalidations:\n  - expression: base == null \
                         || base.size == doc.size\n    message: it changed\n    at: [base.size, doc.size]\n";

/// A repository in which everything changed: January allows a size of 5, May one of 50.
fn repository() -> (Folder, [String; 3]) {
    let folder = Folder::repository().file("aims/kinds/note.schema.json", crate::support::NOTE);
    folder.write("aims/annexa.yaml", "schemas: [kinds]\npolicy_dirs: [own]\n");
    folder.write("aims/own/own.yaml", policy(5));
    folder.write("aims/own/unchanged.yaml", UNCHANGED);
    folder.write("aims/a.note.yaml", "id: a\nsize: 7\n");
    let first = folder.commit_on("", JANUARY);
    folder.write("aims/a.note.yaml", "id: a\nsize: 4\n");
    folder.write("aims/b.note.yaml", "id: b\nsize: 1\n");
    let second = folder.commit_on("", MARCH);
    folder.write("aims/own/own.yaml", policy(50));
    folder.write("aims/a.note.yaml", "id: a\nsize: 9\n");
    let third = folder.commit_on("", MAY);
    (folder, [first, second, third])
}

fn check(folder: &Folder, arguments: &[&str]) -> Ran {
    folder.annexa(["check", "aims", "--only", "own,unchanged"].iter().chain(arguments))
}

#[test]
fn a_commit_is_judged_by_its_own_rules_documents_and_day() {
    let (folder, [first, second, third]) = repository();
    folder.write("aims/a.note.yaml", "not: [yaml");
    folder.write("aims/annexa.yaml", "policy_dirs: [nowhere]\n");
    check(&folder, &["--at", &first]).expect(
        1,
        &["size 7 of at most 5 on 2026-01-10", "a.note.yaml:2:", &format!("judged: the files of the commit {first}")],
    );
    check(&folder, &["--at", "HEAD~1"]).expect(0, &["Summary as of 2026-03-20", &second]);
    check(&folder, &["--at", "main"]).expect(0, &["Summary as of 2026-05-30", &third]);
    check(&folder, &["--at", &first[..9], "--today", "2027-02-03"]).expect(1, &["size 7 of at most 5 on 2027-02-03"]);
    let json = check(&folder, &["--at", "HEAD~2", "--output", "json"]).json();
    assert_eq!((json["commit"].as_str(), json["history"]["head"].as_str()), (Some(&*first), Some(&*first)));
    assert_eq!((json["history"]["state"].as_str(), json["today"].as_str()), (Some("full"), Some("2026-01-10")));
    let working = Folder::repository().file("README.md", "text").annexa(["check", "--output", "json"]).json();
    assert!(working["commit"].is_null(), "a working tree is no commit");
}

#[test]
fn a_path_that_is_gone_is_judged_where_it_was() {
    let (folder, [_, second, _]) = repository();
    std::fs::remove_dir_all(folder.path("aims")).expect("the folder");
    folder.commit("");
    let ran = folder.annexa(["check", "aims/b.note.yaml", "--at", &second, "--only", "own", "--output", "json"]);
    let json = ran.json();
    let paths: Vec<_> = json["outcomes"].as_array().expect("outcomes").iter().map(|o| &o["subject"]["path"]).collect();
    assert!(!paths.is_empty() && paths.iter().all(|path| *path == "b.note.yaml"), "{paths:?}");
    folder.annexa(["check", "aims/none", "--at", &second]).expect(2, &["there is no `aims/none` in the commit"]);
    folder.annexa(["check", "aims", "--at", "v9"]).expect(2, &["there is no commit `v9` in this repository"]);
    folder.annexa(["check", "--at", "main@{yesterday}"]).expect(2, &["is not the name of a commit"]);
    Folder::new().annexa(["check", "--at", "HEAD"]).expect(2, &["is in no git repository"]);
}

#[test]
fn a_set_up_that_is_wrong_at_the_commit_is_shown_there() {
    let folder = Folder::repository().file("annexa.yaml", "policy_dir: [own]\n");
    folder.commit("");
    folder.write("annexa.yaml", "");
    folder.annexa(["check", "--at", "HEAD"]).expect(2, &["annexa.yaml:1:1", "policy_dir"]);
}

#[test]
fn a_bare_repository_is_judged_by_commit_alone() {
    let (folder, [first, ..]) = repository();
    let from = folder.path("").canonicalize().expect("a folder");
    let from = from.to_str().expect("UTF-8");
    git2::build::RepoBuilder::new().bare(true).clone(from, &folder.path("it.git")).expect("a clone");
    std::fs::remove_dir_all(folder.path(".git")).expect("the folder");
    let at = |arguments: &[&str]| folder.annexa_in("it.git", ["check"].iter().chain(arguments), &[]);
    at(&[]).expect(2, &["this is a bare repository", "annexa check --at HEAD"]);
    at(&["aims", "--at", &first, "--only", "own"]).expect(1, &["size 7 of at most 5 on 2026-01-10"]);
    at(&["aims", "--at", "HEAD", "--base", &first, "--only", "unchanged"]).expect(1, &["it changed"]);
}

#[test]
fn documents_are_compared_with_where_the_change_began() {
    let (folder, [first, second, third]) = repository();
    let repository = Repository::open(folder.path("")).expect("a repository");
    let commit = |id: &str| repository.find_commit(git2::Oid::from_str(id).expect("an id")).expect("a commit");
    repository.branch("old", &commit(&first), false).expect("a branch");
    // The working tree, with HEAD in May: `a` had the size 7 in January, `b` was not there.
    let place = format!("{}:a.note.yaml:2", &first[..10]);
    check(&folder, &["--base", "old"]).expect(1, &["it changed", &place]);
    check(&folder, &["--base", "HEAD"]).expect(0, &[]);
    folder.write("aims/b.note.yaml", "id: b\nsize: 2\n");
    check(&folder, &["--base", "HEAD"]).expect(1, &["b.note.yaml:2"]);
    check(&folder, &["--at", &second, "--base", &second]).expect(0, &[]);
    check(&folder, &["--at", &second, "--base", "old"]).expect(1, &[&place]);
    // A branch that went on by itself: what counts is where the two parted.
    let who = commit(&third).author().to_owned();
    let aside = repository.commit(
        Some("refs/heads/aside"),
        &who,
        &who,
        "Aside",
        &commit(&third).tree().expect("a tree"),
        &[&commit(&second)],
    );
    aside.expect("a commit");
    check(&folder, &["--at", &third, "--base", "aside"]).expect(1, &[&format!("{}:a.note.yaml:2", &second[..10])]);
    // Nothing in common, nothing there, nothing committed.
    let alone =
        repository.commit(Some("refs/heads/alone"), &who, &who, "Alone", &commit(&first).tree().expect("a tree"), &[]);
    alone.expect("a commit");
    check(&folder, &["--base", "alone"]).expect(2, &["have no commit in common"]);
    check(&folder, &["--base", "nowhere"]).expect(2, &["there is no commit `nowhere`"]);
}

#[test]
fn a_base_that_was_not_fetched_is_unknown_with_the_command_that_brings_it() {
    let (folder, [first, second, third]) = repository();
    let repository = Repository::open(folder.path("")).expect("a repository");
    let commit = |id: &str| repository.find_commit(git2::Oid::from_str(id).expect("an id")).expect("a commit");
    let who = commit(&third).author().to_owned();
    let tree = commit(&second).tree().expect("a tree");
    repository.commit(Some("refs/heads/aside"), &who, &who, "Aside", &tree, &[&commit(&first)]).expect("a commit");
    let aside = repository.revparse_single("aside").expect("a commit").id();
    drop(tree);
    // As a clone of depth 1 of both branches has it.
    folder.write(".git/shallow", format!("{third}\n{aside}\n"));
    for id in [&first, &second] {
        std::fs::remove_file(folder.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).expect("the object");
    }
    check(&folder, &["--base", "aside"])
        .expect(3, &["the base commit, where the change began", "git fetch --unshallow"]);
    folder.annexa(["check", "aims", "--base", "aside", "--only", "own"]).expect(0, &[]);
    check(&folder, &["--at", "v1"]).expect(2, &["this clone is shallow", "git fetch --unshallow"]);
}

#[test]
fn a_commit_whose_files_are_damaged_is_not_judged() {
    let (folder, [first, ..]) = repository();
    let repository = Repository::open(folder.path("")).expect("a repository");
    let lost = |path: &str| {
        let id = repository.revparse_single(&format!("{first}:{path}")).expect("an object").id().to_string();
        std::fs::remove_file(folder.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).expect("the object");
    };
    lost("aims/a.note.yaml");
    check(&folder, &["--at", &first]).expect(3, &["the repository is damaged", "git fsck"]);
    lost("aims");
    check(&folder, &["--at", &first]).expect(3, &["cannot be listed", "the repository is damaged", "git fsck"]);
}
