use super::*;
use crate::io::testing::{Folder, commit, repository};
use std::fs;

/// A repository of three commits, each a day after the one before.
fn three_commits(folder: &Folder) -> Vec<String> {
    let repository = repository(&folder.path(""));
    let commits = (1..=3).map(|day| {
        folder.write("a.md", &format!("day {day}"));
        commit(&repository, &[], day * 86_400).to_string()
    });
    commits.collect()
}

#[test]
fn the_history_is_full_unborn_or_none() {
    let folder = Folder::new();
    assert_eq!(past(&folder.path(""), None).state, History::None("this is not a git repository".to_owned()));
    let repository = repository(&folder.path(""));
    assert_eq!(past(&folder.path(""), None).state, History::Unborn);
    assert_eq!(commit_count(&folder.path(""), 10), None);
    folder.write("docs/a.md", "a");
    let head = commit(&repository, &[], 86_400).to_string();
    assert_eq!(past(&folder.path(""), None).state, History::Full { head: head.clone() });
    assert_eq!(past(&folder.path("docs"), None).state, History::Full { head }, "from a folder in it too");
}

#[test]
fn a_shallow_clone_is_known_by_the_list_of_its_cuts() {
    let (folder, linked) = (Folder::new(), Folder::new());
    let commits = three_commits(&folder);
    let head = commits[2].clone();
    folder.write(".git/shallow", "");
    assert_eq!(past(&folder.path(""), None).state, History::Full { head: head.clone() }, "an empty list cuts nothing");
    folder.write(".git/shallow", &format!("{}\n", commits[1]));
    assert_eq!(past(&folder.path(""), None).state, History::Shallow { head: head.clone() });
    // The list belongs to the repository: its linked work trees are cut too.
    let repository = Repository::open(folder.path("")).expect("a repository");
    repository.worktree("second", &linked.path("tree"), None).expect("a work tree");
    assert_eq!(past(&linked.path("tree"), None).state, History::Shallow { head });
    let missing = resolve_commit(&folder.path(""), "0123456789", None).expect_err("no such commit");
    assert!(missing.contains("git fetch --unshallow"), "{missing}");
}

#[test]
fn a_bare_repository_has_a_history() {
    let (folder, bare) = (Folder::new(), Folder::new());
    let commits = three_commits(&folder);
    git2::build::RepoBuilder::new()
        .bare(true)
        .clone(folder.real("").to_str().expect("UTF-8"), &bare.path("it.git"))
        .expect("a clone");
    assert_eq!(past(&bare.path("it.git"), None).state, History::Full { head: commits[2].clone() });
    assert_eq!(commit_count(&bare.path("it.git"), 100), Some(3));
}

#[test]
fn a_linked_work_tree_is_found_by_its_git_file() {
    let (folder, linked) = (Folder::new(), Folder::new());
    let commits = three_commits(&folder);
    let repository = Repository::open(folder.path("")).expect("a repository");
    repository.worktree("second", &linked.path("tree"), None).expect("a work tree");
    let tree = work_tree(&linked.real("tree")).expect("a work tree");
    assert_eq!(tree.top, linked.real("tree"));
    assert_eq!(tree.git_folder.canonicalize().expect("there"), folder.real(".git/worktrees/second"));
    assert_eq!(tree.common_folder().canonicalize().expect("there"), folder.real(".git"));
    assert_eq!(past(&linked.path("tree"), None).state, History::Full { head: commits[2].clone() });
}

#[test]
fn a_repository_of_a_form_that_is_not_supported_says_so() {
    let table = [
        ("objectformat = sha256", "SHA-256"),
        ("refstorage = reftable", "git refs migrate"),
        ("partialclone = origin", "clone it again"),
    ];
    for (extension, expected) in table {
        let folder = Folder::new();
        repository(&folder.path(""));
        let config = fs::read_to_string(folder.path(".git/config")).expect("a configuration");
        let config = config.replace("repositoryformatversion = 0", "repositoryformatversion = 1");
        folder.write(".git/config", &format!("{config}[extensions]\n\t{extension}\n"));
        match past(&folder.path(""), None).state {
            History::Closed(why) => assert!(why.contains(expected), "{extension}: {why}"),
            other => panic!("{extension}: {other:?}"),
        }
    }
}

#[test]
fn a_repository_of_another_user_comes_with_the_command_that_helps() {
    let error = git2::Error::new(ErrorCode::Owner, git2::ErrorClass::Config, "not owned by current user");
    for (path, word) in [("/srv/repo", "safe.directory /srv/repo`"), ("/srv/my repo", "safe.directory '/srv/my repo'`")]
    {
        let why = why_closed(&error, Path::new(path));
        assert!(why.contains(word), "{why}");
    }
}

#[test]
fn a_commit_is_named_by_id_tag_or_branch_and_lies_before_head() {
    let folder = Folder::new();
    let commits = three_commits(&folder);
    let repository = Repository::open(folder.path("")).expect("a repository");
    let second = repository.find_commit(Oid::from_str(&commits[1]).expect("an id")).expect("a commit");
    repository.tag_lightweight("v1", second.as_object(), false).expect("a tag");
    // A branch that HEAD does not come from.
    let who = second.author().to_owned();
    let aside = repository
        .commit(Some("refs/heads/aside"), &who, &who, "Aside", &second.tree().expect("a tree"), &[&second])
        .expect("a commit")
        .to_string();
    let tree = second.tree_id().to_string();
    let root = folder.path("");
    for (name, expected) in [
        (commits[0].as_str(), &commits[0]),
        (&commits[1][..12], &commits[1]),
        ("v1", &commits[1]),
        ("main", &commits[2]),
        ("HEAD~1", &commits[1]),
    ] {
        assert_eq!(resolve_commit(&root, name, None).as_ref(), Ok(expected), "{name}");
    }
    for (name, expected) in [
        ("0123456789abcdef0123456789abcdef01234567", "there is no commit"),
        ("v2", "there is no commit"),
        (aside.as_str(), "not one that led to"),
        (tree.as_str(), "no commit"),
        (":/day", "not the name of a commit"),
        ("main@{yesterday}", "not the name of a commit"),
        ("--all", "not the name of a commit"),
        ("", "not the name of a commit"),
        ("v1\u{1b}[31m", "`v1\\u{1b}[31m`"),
    ] {
        let error = resolve_commit(&root, name, None).expect_err(name);
        assert!(error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn commits_are_counted_up_to_a_limit() {
    let folder = Folder::new();
    three_commits(&folder);
    for (limit, expected) in [(2, 2), (3, 3), (100_000, 3)] {
        assert_eq!(commit_count(&folder.path(""), limit), Some(expected), "at most {limit}");
    }
}
