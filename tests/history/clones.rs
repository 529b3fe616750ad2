//! Clones as pipelines make them: what cannot be known is a gap with the line that mends it, and that line
//! does mend it.

use super::git::{git, run};
use crate::support::Folder;
use annexa::facts::History;
use annexa::history::{Blob, EntryKind, Gap, Id, Log, PathSet};
use annexa::io::git::{past, shape};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A repository with a release, a branch that was merged, and a pull request that is merged for a test.
struct Origin {
    folder: Folder,
    /// By what was done.
    first: Id,
    second: Id,
    merge: Id,
}

fn id(hex: &str) -> Id {
    Id::parse(hex.trim().as_bytes()).unwrap_or_else(|| panic!("{hex} is no id"))
}

impl Origin {
    fn new() -> Origin {
        let folder = Folder::repository();
        let commit = |path: &str, text: &str| {
            folder.write(path, text);
            git(&folder.path(""), ["add", "-A"]);
            git(&folder.path(""), ["commit", "-qm", path]);
            id(&git(&folder.path(""), ["rev-parse", "HEAD"]))
        };
        git(&folder.path(""), ["config", "uploadpack.allowFilter", "true"]);
        let first = commit("docs/old.md", "written once\n");
        let second = commit("docs/new.md", "one\ntwo\nthree\n");
        git(&folder.path(""), ["tag", "-a", "v1.0", "-m", "A release"]);
        git(&folder.path(""), ["switch", "-qc", "topic"]);
        commit("code/main.rs", "code\n");
        git(&folder.path(""), ["switch", "-q", "main"]);
        commit("docs/new.md", "one\ntwo\nthree\nfour\n");
        git(&folder.path(""), ["merge", "-q", "--no-edit", "topic"]);
        let merge = id(&git(&folder.path(""), ["rev-parse", "HEAD"]));
        git(&folder.path(""), ["update-ref", "refs/pull/7/merge", "HEAD"]);
        Origin { folder, first, second, merge }
    }

    /// Clones it as over a network.
    fn clone(&self, options: &[&str]) -> Clone {
        let folder = Folder::new();
        let from = format!("file://{}", self.folder.path("").display());
        git(&folder.path(""), ["clone", "-q"].iter().chain(options).chain([&from.as_str(), &"it"]));
        Clone { at: folder.path("it"), _folder: folder }
    }
}

struct Clone {
    at: PathBuf,
    _folder: Folder,
}

impl Clone {
    fn log(&self) -> Arc<Log> {
        log(&self.at)
    }

    /// Runs git in the clone.
    fn git(&self, arguments: &str) {
        git(&self.at, arguments.split(' '));
    }
}

fn log(folder: &Path) -> Arc<Log> {
    past(folder, None).log.expect("a history")
}

fn last(log: &Log, path: &str) -> Result<Option<Id>, Gap> {
    log.last(&PathSet::path(path))
}

/// What a whole clone answers.
fn whole(log: &Log, origin: &Origin) {
    assert_eq!(last(log, "docs/old.md"), Ok(Some(origin.first)));
    assert_eq!(last(log, "never.md"), Ok(None));
    assert_eq!(log.resolve("v1.0"), Ok(Some(origin.second)));
    assert_eq!(log.resolve("v9"), Ok(None));
    assert_eq!(log.is_ancestor(origin.first, origin.merge), Ok(true));
    assert_eq!(log.is_ancestor(origin.merge, origin.first), Ok(false));
    let story = log.story("docs/new.md").expect("known");
    assert_eq!((story.changes.len(), &story.gap), (2, &None));
    let entry = log.at(origin.second, "docs/new.md").expect("known").expect("a file");
    assert_eq!(log.blob(entry.id, 1_000), Ok(Blob::Bytes(b"one\ntwo\nthree\n".to_vec())));
    assert_eq!(log.blob(entry.id, 3), Ok(Blob::TooLarge(14)));
}

#[test]
fn a_whole_clone_knows() {
    let origin = Origin::new();
    let clone = origin.clone(&[]);
    whole(&clone.log(), &origin);
    // A branch of the remote goes by its own name too; steps back are not taken from another branch.
    let log = clone.log();
    let tip = id(&git(&clone.at, ["rev-parse", "origin/topic"]));
    assert_eq!((log.resolve("topic"), log.resolve("origin/topic")), (Ok(Some(tip)), Ok(Some(tip))));
    assert_eq!(log.resolve("topic~1"), Ok(Some(origin.second)));
    assert_eq!((log.resolve("HEAD~9"), log.resolve("main~9")), (Ok(None), Ok(None)));
    assert_eq!(log.resolve(&origin.second.to_string()[..9]), Ok(Some(origin.second)));
    assert_eq!(past(&clone.at, Some("v1.0")).log.map(|log| log.head()), Some(origin.second));
    assert!(matches!(past(&clone.at, Some("v9")).state, History::Closed(why) if why.contains("no commit `v9`")));
}

#[test]
fn depth_one_knows_nothing_of_the_past() {
    let origin = Origin::new();
    let clone = origin.clone(&["--depth=1"]);
    assert!(matches!(past(&clone.at, None).state, History::Shallow { .. }));
    let log = clone.log();
    for path in ["docs/old.md", "docs/new.md", "never.md"] {
        assert_eq!(last(&log, path), Err(Gap::Shallow), "{path}");
    }
    assert_eq!(log.resolve("v1.0"), Err(Gap::Shallow));
    assert_eq!(log.is_ancestor(origin.first, origin.merge), Err(Gap::Shallow));
    assert_eq!(log.landed(origin.merge), Ok(origin.merge), "what is checked out is on the main line");
    let story = log.story("docs/old.md").expect("a story");
    assert_eq!((story.changes.len(), &story.gap), (0, &Some(Gap::Shallow)));
    let first = log.commit(origin.merge).expect("it is here").parents[0];
    assert_eq!(log.commit(first), Err(Gap::Shallow), "a parent that was cut off");
    // The line that the gap names.
    assert!(Gap::Shallow.help().contains("`git fetch --unshallow`"));
    clone.git("fetch -q --unshallow");
    // A shallow clone holds one branch, and so does what becomes of it.
    assert_eq!(clone.log().resolve("v9"), Err(Gap::Branches));
    clone.git("remote set-branches origin *");
    clone.git("fetch -q");
    whole(&clone.log(), &origin);
}

#[test]
fn depth_one_of_a_pull_request_is_cut_at_its_merge() {
    let origin = Origin::new();
    let folder = Folder::repository();
    let from = format!("file://{}", origin.folder.path("").display());
    git(&folder.path(""), ["remote", "add", "origin", &from]);
    let fetch = ["fetch", "-q", "--no-tags", "--depth=1", "origin", "+refs/pull/7/merge:refs/remotes/pull/7/merge"];
    git(&folder.path(""), fetch);
    git(&folder.path(""), ["checkout", "-q", "--detach", "refs/remotes/pull/7/merge"]);
    let log = log(&folder.path(""));
    assert_eq!(log.head(), origin.merge);
    assert_eq!(log.resolve("HEAD^1"), Err(Gap::Shallow));
    assert_eq!(log.resolve("main"), Err(Gap::Shallow));
    assert_eq!(last(&log, "docs/new.md"), Err(Gap::Shallow));
    assert!(shape(&folder.path("")).expect("a repository").detached);
}

#[test]
fn depth_two_knows_what_the_newest_commit_did() {
    let origin = Origin::new();
    let clone = origin.clone(&["--depth=2"]);
    let log = clone.log();
    // The merge took each file from one of its parents; what is before them is cut off.
    assert_eq!(last(&log, "docs/new.md"), Err(Gap::Shallow));
    assert_eq!(log.graph().len(), 3);
    let side = log.commit(origin.merge).expect("it is here").parents[1];
    assert_eq!(log.is_ancestor(side, origin.merge), Ok(true));
    assert_eq!(log.landed(side), Err(Gap::Shallow), "an earlier commit may have brought it");
    origin.folder.write("docs/new.md", "other\n");
    git(&origin.folder.path(""), ["commit", "-qam", "Newest"]);
    let clone = origin.clone(&["--depth=2"]);
    assert_eq!(last(&clone.log(), "docs/new.md"), Ok(Some(clone.log().head())));
    assert_eq!(last(&clone.log(), "docs/old.md"), Err(Gap::Shallow));
}

#[test]
fn a_first_commit_in_the_list_of_cuts_is_no_cut() {
    let origin = Folder::repository();
    origin.write("a.md", "a\n");
    git(&origin.path(""), ["add", "-A"]);
    git(&origin.path(""), ["commit", "-qm", "First"]);
    let folder = Folder::new();
    let from = format!("file://{}", origin.path("").display());
    git(&folder.path(""), ["clone", "-q", "--depth=1", &from, "it"]);
    let head = git(&origin.path(""), ["rev-parse", "HEAD"]);
    std::fs::write(folder.path("it/.git/shallow"), format!("{head}\n")).expect("a list");
    assert_eq!(last(&log(&folder.path("it")), "a.md"), Ok(Some(id(&head))));
}

#[test]
fn without_contents_the_walk_goes_on_and_contents_are_a_gap() {
    let origin = Origin::new();
    let clone = origin.clone(&["--filter=blob:none", "--no-checkout"]);
    assert_eq!(shape(&clone.at).expect("a repository").partial.as_deref(), Some("blob:none"));
    let log = clone.log();
    assert_eq!(last(&log, "docs/old.md"), Ok(Some(origin.first)));
    let entry = log.at(origin.second, "docs/new.md").expect("known").expect("a file");
    assert_eq!(log.blob(entry.id, 1_000), Err(Gap::Partial));
    assert!(Gap::Partial.help().contains("`git fetch --refetch --no-filter origin`"));
    clone.git("fetch -q --refetch --no-filter origin");
    whole(&clone.log(), &origin);
}

#[test]
fn without_contents_only_a_rename_with_changes_is_a_gap() {
    let origin = Origin::new();
    git(&origin.folder.path(""), ["mv", "docs/old.md", "docs/moved.md"]);
    git(&origin.folder.path(""), ["commit", "-qm", "Move"]);
    git(&origin.folder.path(""), ["rm", "-q", "docs/new.md"]);
    origin.folder.write("docs/newer.md", "one\ntwo\nthree\n4\n");
    git(&origin.folder.path(""), ["add", "-A"]);
    git(&origin.folder.path(""), ["commit", "-qm", "Move and change"]);
    let log = origin.clone(&["--filter=blob:none", "--no-checkout"]).log();
    let story = |path: &str| log.story(path).expect("a story");
    assert_eq!((story("docs/moved.md").changes.len(), &story("docs/moved.md").gap), (2, &None));
    assert_eq!((story("docs/newer.md").changes.len(), &story("docs/newer.md").gap), (1, &Some(Gap::Partial)));
}

#[test]
fn without_trees_nothing_but_commits_is_known() {
    let origin = Origin::new();
    let clone = origin.clone(&["--filter=tree:0", "--no-checkout"]);
    let log = clone.log();
    assert_eq!(last(&log, "docs/old.md"), Err(Gap::Partial));
    assert_eq!(log.at(origin.merge, "docs/old.md"), Err(Gap::Partial));
    assert_eq!(log.is_ancestor(origin.first, origin.merge), Ok(true));
    assert_eq!(log.resolve("v1.0"), Ok(Some(origin.second)));
    clone.git("fetch -q --refetch --no-filter origin");
    whole(&clone.log(), &origin);
}

#[test]
fn a_missing_object_of_a_whole_clone_is_a_broken_repository() {
    let origin = Origin::new();
    let log_before = log(&origin.folder.path(""));
    let entry = log_before.at(origin.second, "docs/new.md").expect("known").expect("a file");
    let hex = entry.id.to_string();
    let object = origin.folder.path(&format!(".git/objects/{}/{}", &hex[..2], &hex[2..]));
    let other = log_before.at(origin.first, "docs/old.md").expect("known").expect("a file").id.to_string();
    let bytes = std::fs::read(origin.folder.path(&format!(".git/objects/{}/{}", &other[..2], &other[2..])));
    std::fs::remove_file(&object).expect("an object");
    let broken = |log: &Log| match log.blob(entry.id, 1_000) {
        Err(Gap::Broken(why)) => why,
        other => panic!("{other:?}"),
    };
    let folder = origin.folder.path("");
    assert!(broken(&log(&folder)).contains("is missing"));
    // The content of another file under its id: quoted contents are hashed.
    std::fs::write(&object, bytes.expect("an object")).expect("an object");
    assert!(broken(&log(&folder)).contains("is not what its id says"));
}

#[test]
fn sparse_linked_detached_and_bare_ones_know_all() {
    let origin = Origin::new();
    let clone = origin.clone(&[]);
    clone.git("sparse-checkout set code");
    assert!(!clone.at.join("docs").exists() && shape(&clone.at).expect("a repository").sparse);
    whole(&clone.log(), &origin);
    clone.git("worktree add -q --detach ../linked");
    let linked = clone.at.with_file_name("linked");
    let of = shape(&linked).expect("a repository");
    assert!(of.linked && of.detached);
    whole(&log(&linked), &origin);
    let bare = origin.clone(&["--bare"]);
    assert!(shape(&bare.at).expect("a repository").bare);
    whole(&bare.log(), &origin);
    // A folder of the repository counts its paths from itself.
    let below = origin.clone(&[]);
    assert_eq!(last(&log(&below.at.join("docs")), "old.md"), Ok(Some(origin.first)));
    assert_eq!(last(&log(&below.at.join("docs")), "docs/old.md"), Ok(None));
}

#[test]
fn a_linked_work_tree_of_a_shallow_clone_is_shallow() {
    let clone = Origin::new().clone(&["--depth=1"]);
    clone.git("worktree add -q --detach ../linked");
    let linked = clone.at.with_file_name("linked");
    assert!(matches!(past(&linked, None).state, History::Shallow { .. }));
    assert_eq!(last(&log(&linked), "docs/old.md"), Err(Gap::Shallow));
}

#[test]
fn without_tags_or_branches_a_name_may_be_one() {
    let origin = Origin::new();
    let clone = origin.clone(&["--no-tags"]);
    assert_eq!(clone.log().resolve("v1.0"), Err(Gap::Tags));
    assert_eq!(last(&clone.log(), "docs/old.md"), Ok(Some(origin.first)));
    assert!(Gap::Tags.help().contains("`git fetch --tags`"));
    clone.git("fetch -q --tags");
    assert_eq!(clone.log().resolve("v1.0"), Ok(Some(origin.second)));
    let clone = origin.clone(&["--single-branch"]);
    assert_eq!(clone.log().resolve("topic"), Err(Gap::Branches));
    assert!(Gap::Branches.help().contains("`git remote set-branches origin '*'`, then `git fetch`"));
    clone.git("remote set-branches origin *");
    clone.git("fetch -q");
    assert!(matches!(clone.log().resolve("topic"), Ok(Some(_))));
    assert_eq!(clone.log().resolve("nowhere"), Ok(None));
}

#[test]
fn a_name_may_be_the_beginning_of_several_ids() {
    let folder = Folder::repository();
    folder.write("a.md", "a\n");
    folder.commit("");
    let repository = git2::Repository::open(folder.path("")).expect("a repository");
    let mut seen = std::collections::BTreeSet::new();
    let blobs = (0..2_000).map(|n: u32| repository.blob(&n.to_be_bytes()).expect("a file").to_string()[..4].to_owned());
    let twice = blobs.into_iter().find(|start| !seen.insert(start.clone())).expect("of 2,000 some share 4 digits");
    assert_eq!(log(&folder.path("")).resolve(&twice), Err(Gap::Ambiguous(twice.clone())));
}

#[test]
fn an_unborn_branch_has_no_history() {
    let found = past(&Folder::repository().path(""), None);
    assert_eq!((found.state, found.log.is_none()), (History::Unborn, true));
}

#[test]
fn forms_that_cannot_be_read_say_so() {
    for (option, word) in [("--object-format=sha256", "SHA-256"), ("--ref-format=reftable", "git refs migrate")] {
        let folder = Folder::new();
        if !run(&folder.path(""), ["init", "-q", option, "it"], b"").status.success() {
            continue; // This git is too old to make one.
        }
        std::fs::write(folder.path("it/a.md"), "a\n").expect("a file");
        git(&folder.path("it"), ["add", "-A"]);
        git(&folder.path("it"), ["commit", "-qm", "First"]);
        match past(&folder.path("it"), None).state {
            History::Closed(why) => assert!(why.contains(word), "{why}"),
            other => panic!("{option}: {other:?}"),
        }
        if option.contains("reftable") {
            git(&folder.path(""), ["clone", "-q", "--ref-format=files", "it", "other"]);
            assert!(matches!(last(&log(&folder.path("other")), "a.md"), Ok(Some(_))));
        }
    }
}

#[test]
fn entries_are_what_git_says_they_are() {
    let (folder, inner) = (Folder::repository(), Origin::new());
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n";
    folder.write("model.bin", pointer);
    folder.write("Policy.md", "one\n");
    folder.write("policy.md", "two\n");
    let add = |entry: &str| git(&folder.path(""), ["update-index", "--add", "--cacheinfo", entry]);
    git(&folder.path(""), ["add", "-A"]);
    add(&format!("160000,{},vendored", inner.first));
    git(&folder.path(""), ["commit", "-qm", "First"]);
    let first = id(&git(&folder.path(""), ["rev-parse", "HEAD"]));
    add(&format!("160000,{},vendored", inner.second));
    git(&folder.path(""), ["commit", "-qm", "Bump"]);
    let log = log(&folder.path(""));
    let bump = log.head();
    assert_eq!(log.at(bump, "vendored").expect("known").expect("an entry").kind(), EntryKind::Submodule);
    assert_eq!(log.at(bump, "vendored/docs"), Ok(None), "what is in it is in another repository");
    assert_eq!(last(&log, "vendored"), Ok(Some(bump)));
    let model = log.at(bump, "model.bin").expect("known").expect("a file");
    assert_eq!(log.blob(model.id, 1_024), Ok(Blob::Bytes(pointer.into())), "the pointer, not what it points to");
    for path in ["Policy.md", "policy.md"] {
        assert_eq!(last(&log, path), Ok(Some(first)), "{path}");
    }
    assert_eq!(last(&log, "POLICY.md"), Ok(None));
}

#[test]
fn names_that_are_no_text_are_walked_over() {
    let folder = Folder::repository();
    let stream =
        b"commit refs/heads/main\ncommitter A <a@x.example> 1 +0000\ndata 1\nx\nM 100644 inline \"d/\\377.md\"\n\
        data 2\na\n\nM 100644 inline d/b.md\ndata 2\nb\n\ncommit refs/heads/main\ncommitter A <a@x.example> 2 +0000\n\
        data 1\ny\nM 100644 inline \"d/\\377.md\"\ndata 2\nc\n\n";
    assert!(run(&folder.path(""), ["fast-import", "--quiet"], stream).status.success());
    let log = log(&folder.path(""));
    let first = log.commit(log.head()).expect("it is here").parents[0];
    assert_eq!(last(&log, "d/b.md"), Ok(Some(first)));
    assert_eq!(last(&log, "d"), Ok(Some(log.head())));
    assert_eq!(log.last(&PathSet::new(["d/*.md"]).expect("a pattern")), Ok(Some(log.head())));
}

#[test]
fn replaced_and_grafted_commits_are_read_as_they_were_made() {
    let origin = Origin::new();
    let folder = origin.folder.path("");
    git(&folder, ["commit-graph", "write", "--reachable", "--changed-paths"]);
    git(&folder, ["replace", "--graft", "HEAD"]);
    let of = shape(&folder).expect("a repository");
    assert!(of.replaced && of.rewritten());
    assert_eq!(git(&folder, ["rev-list", "--count", "HEAD"]), "1", "git shows the replacement");
    whole(&log(&folder), &origin);
    git(&folder, ["replace", "-d", "HEAD"]);
    assert_eq!(shape(&folder).map(|shape| shape.replaced), Ok(false));
    origin.folder.write(".git/info/grafts", format!("{}\n", origin.merge));
    assert!(shape(&folder).expect("a repository").grafted);
    whole(&log(&folder), &origin);
}

#[test]
fn doctor_explains_the_clone() {
    let origin = Origin::new();
    let doctor = |clone: &Clone, wanted: &[&str]| {
        let ran = crate::support::command(&clone.at).arg("doctor").output().expect("the program runs");
        let text = String::from_utf8(ran.stdout).expect("UTF-8");
        for words in wanted {
            assert!(text.contains(words), "{words} is missing in\n{text}");
        }
    };
    doctor(&origin.clone(&[]), &["history        complete, 5 commits", "tags           1\n", "commit-graph   none"]);
    doctor(
        &origin.clone(&["--depth=1"]),
        &["history        shallow", "`git fetch --unshallow`", "tags           none here"],
    );
    doctor(&origin.clone(&["--filter=blob:none"]), &["clone          partial (blob:none)", "--refetch --no-filter"]);
    doctor(&origin.clone(&["--no-tags"]), &["made without tags", "`git fetch --tags`"]);
    let clone = origin.clone(&[]);
    clone.git("checkout -q --detach");
    clone.git("sparse-checkout set code");
    clone.git("commit-graph write --reachable");
    doctor(&clone, &["sparse: ", "no branch", "used, 5 commits, without their changed paths"]);
    clone.git("commit-graph write --reachable --changed-paths");
    doctor(&clone, &["used, 5 commits, with their changed paths"]);
    clone.git("replace --graft HEAD");
    doctor(&clone, &["`git replace`", "there, and not used, since objects are replaced"]);
}
