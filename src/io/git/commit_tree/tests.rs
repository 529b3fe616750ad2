use super::*;
use crate::io::testing::{Folder, commit, git, raw_commit, raw_tree, repository};
use git2::{ObjectType, Repository};
use std::fs;

const FILE: &str = "100644";

fn open(folder: &Path, commit: &str, prefix: &str) -> CommitSnapshot {
    CommitTree::open(folder, commit).expect("a commit").below(prefix).expect("a snapshot")
}

fn why<'a>(snapshot: &'a CommitSnapshot, path: &str) -> Option<&'a str> {
    snapshot.skipped().iter().find(|skipped| skipped.path == path).map(|skipped| skipped.why.as_str())
}

fn blob(repository: &Repository, text: &[u8]) -> Oid {
    repository.blob(text).expect("a blob")
}

/// The file of a loose object.
fn loose(folder: &Folder, id: &str) -> std::path::PathBuf {
    folder.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))
}

#[test]
fn a_commit_reads_the_same_whatever_is_on_disk() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    folder.write(".gitignore", "*.log\n");
    folder.write("docs/card.md", "first\r\n");
    folder.write("docs/kept.log", "tracked");
    folder.write("docs.md", "beside");
    let first = commit(&repository, &["docs/kept.log"], 86_400).to_string();
    folder.write("docs/card.md", "second");
    folder.write("docs/new.md", "new");
    let second = commit(&repository, &[], 172_800).to_string();
    fs::remove_dir_all(folder.path("docs")).expect("the folder");
    folder.write("untracked.md", "x");
    let (old, new) = (open(&folder.path(""), &first, ""), open(&folder.path(""), &second, ""));
    assert_eq!(old.paths(), [".gitignore", "docs.md", "docs/card.md", "docs/kept.log"]);
    assert_eq!(old.read("docs/card.md", 100), Ok(b"first\r\n".to_vec()), "no filter changes line ends");
    assert_eq!(new.read("docs/card.md", 100), Ok(b"second".to_vec()));
    assert_eq!((old.commit(), new.commit()), (Some(first.as_str()), Some(second.as_str())));
    for (path, old_has, new_has) in
        [("docs", true, true), ("docs/", true, true), ("docs/new.md", false, true), ("untracked.md", false, false)]
    {
        assert_eq!((old.exists(path), new.exists(path)), (old_has, new_has), "{path}");
    }
    assert_eq!(old.read("docs/new.md", 100), Err(ReadError::Missing));
    assert_eq!(old.read("docs", 100), Err(ReadError::Denied("it is a folder".to_owned())));
    assert_eq!(old.skipped(), []);
}

#[test]
fn a_folder_of_the_repository_is_a_root_of_its_own() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    folder.write("aims/annexa.yaml", "");
    folder.write("aims/deep/card.md", "card");
    folder.write("aims-too/card.md", "another");
    folder.write("card.md", "above");
    let head = commit(&repository, &[], 86_400).to_string();
    let snapshot = open(&folder.path("aims"), &head, "aims");
    assert_eq!(snapshot.paths(), ["annexa.yaml", "deep/card.md"]);
    assert_eq!(snapshot.read("deep/card.md", 9), Ok(b"card".to_vec()));
    assert_eq!(snapshot.read("../card.md", 9), Err(ReadError::Missing));
    assert_eq!(open(&folder.path(""), &head, "nowhere").paths(), [""; 0], "a folder that is not there has no files");
    let tree = CommitTree::open(&folder.path(""), &head).expect("a commit");
    for (path, expected) in
        [("", Some(true)), ("aims", Some(true)), ("aims/deep/card.md", Some(false)), ("card.md/x", None), ("aim", None)]
    {
        assert_eq!(tree.holds(path), Ok(expected), "{path}");
    }
}

#[test]
fn links_are_followed_inside_the_root_and_never_out_of_it() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    let link = |target: &str| blob(&repository, target.as_bytes());
    let card = blob(&repository, b"card");
    let docs =
        raw_tree(&repository, &[(FILE, b"card.md", card), ("120000", b"only.md", link("../../aims/docs/card.md"))]);
    let links = raw_tree(&repository, &[("120000", b"up.md", link("../docs/card.md"))]);
    let aims = raw_tree(
        &repository,
        &[
            ("120000", b"README.md", link("docs/card.md")),
            ("120000", b"above", link("../..")),
            ("120000", b"absolute", link("/etc/hostname")),
            ("120000", b"broken", link("docs/none.md")),
            ("120000", b"chain", link("./more//card.md")),
            ("40000", b"docs", docs),
            ("120000", b"itself", link("itself")),
            ("40000", b"links", links),
            ("120000", b"loop-a", link("loop-b")),
            ("120000", b"loop-b", link("docs/../loop-a")),
            ("120000", b"more", link("docs")),
            ("120000", b"outside.md", link("../outside.md")),
            ("120000", b"round", link("links/up.md")),
            ("120000", b"through", link("docs/card.md/..")),
            ("120000", b"top", link(".")),
        ],
    );
    let top = raw_tree(&repository, &[("40000", b"aims", aims), (FILE, b"outside.md", blob(&repository, b"outside"))]);
    let head = raw_commit(&repository, top);
    let snapshot = open(&folder.path(""), &head, "aims");
    assert_eq!(snapshot.paths(), ["docs/card.md"], "each file is seen once, at its own place");
    let (out, circle) = ("a link that leads out of the root", "a link that cannot be followed: it leads in a circle");
    for (path, expected) in [
        ("README.md", None),
        ("chain", None),
        ("round", None),
        ("docs/only.md", None),
        ("links/up.md", None),
        ("more", Some("a link to a folder; its files are seen at their own place")),
        ("top", Some("a link to a folder; its files are seen at their own place")),
        ("above", Some(out)),
        ("absolute", Some(out)),
        ("outside.md", Some(out)),
        ("broken", Some("a link to nothing")),
        ("through", Some("a link to nothing")),
        ("itself", Some(circle)),
        ("loop-a", Some(circle)),
        ("loop-b", Some(circle)),
    ] {
        let got = why(&snapshot, path);
        assert!(
            got == expected || expected == Some(circle) && got.is_some_and(|w| w.starts_with(circle)),
            "{path}: {got:?}"
        );
    }
    for path in ["README.md", "chain", "round", "docs/only.md", "links/up.md", "more/card.md", "top/more/card.md"] {
        // A path through two links in a row is no real path, and nothing names files that way.
        let expected = if path == "top/more/card.md" { Err(ReadError::Missing) } else { Ok(b"card".to_vec()) };
        assert_eq!(snapshot.read(path, 100), expected, "{path}");
    }
    for path in ["outside.md", "absolute", "broken", "loop-a", "above/outside.md", "more/none.md"] {
        assert_eq!((snapshot.read(path, 100), snapshot.exists(path)), (Err(ReadError::Missing), false), "{path}");
    }
    let whole = open(&folder.path(""), &head, "");
    assert_eq!(whole.read("aims/outside.md", 100), Ok(b"outside".to_vec()), "seen from the top it leads nowhere else");
}

#[test]
fn what_no_checkout_would_make_is_passed_over_with_the_reason() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    let text = blob(&repository, b"text");
    let inner = raw_tree(&repository, &[(FILE, b"config", text)]);
    let top = raw_tree(
        &repository,
        &[
            ("40000", b"..", inner),
            ("40000", b".GIT", inner),
            (FILE, b"Card.md", text),
            (FILE, b"a/b.md", text),
            (FILE, b"caf\xE9.md", text),
            (FILE, b"card.md", text),
            (FILE, b"twice.md", text),
            (FILE, b"twice.md", inner),
            ("160000", b"vendor", text),
        ],
    );
    let snapshot = open(&folder.path(""), &raw_commit(&repository, top), "");
    assert_eq!(snapshot.paths(), ["Card.md", "card.md"], "names that differ by case are two files");
    let strange = Some("a name that git does not check out");
    for (path, expected) in [
        ("..", strange),
        (".GIT", strange),
        ("a/b.md", strange),
        ("caf\u{FFFD}.md", Some("its name is not UTF-8")),
        ("twice.md", Some("named twice in its folder")),
        ("vendor", Some("submodule")),
    ] {
        assert_eq!(why(&snapshot, path), expected, "{path}");
    }
    assert!(snapshot.exists("vendor"), "it is there, although it is not judged");
    assert_eq!(snapshot.read("vendor/card.md", 9), Err(ReadError::Missing));
}

#[test]
fn folders_whose_mode_has_a_zero_in_front_are_folders() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    let docs = raw_tree(&repository, &[("0100644", b"card.md", blob(&repository, b"card"))]);
    let top = raw_tree(&repository, &[("040000", b"docs", docs)]);
    let snapshot = open(&folder.path(""), &raw_commit(&repository, top), "");
    assert_eq!(
        (snapshot.paths(), snapshot.read("docs/card.md", 9)),
        (&["docs/card.md".to_owned()][..], Ok(b"card".to_vec()))
    );
}

#[test]
fn an_object_that_is_not_what_its_id_says_is_no_evidence() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    folder.write("card.md", "approved: no");
    folder.write("gone.md", "gone");
    folder.write("docs/other.md", "other");
    let head = commit(&repository, &[], 86_400).to_string();
    let id = |text: &[u8]| Oid::hash_object(ObjectType::Blob, text).expect("an id").to_string();
    let replace = |old: &str, new: &str| {
        fs::remove_file(loose(&folder, old)).expect("the object");
        fs::copy(loose(&folder, new), loose(&folder, old)).expect("the object");
    };
    let forged = blob(&repository, b"approved: yes").to_string();
    replace(&id(b"approved: no"), &forged);
    fs::remove_file(loose(&folder, &id(b"gone"))).expect("the object");
    let snapshot = open(&folder.path(""), &head, "");
    let damaged = |read: Result<Vec<u8>, ReadError>, word: &str| match read {
        Err(error @ ReadError::Damaged(_)) => {
            assert!(error.to_string().contains(word) && error.remedy().contains("git fsck"), "{error}");
        }
        other => panic!("{other:?}"),
    };
    damaged(snapshot.read("card.md", 100), "does not match that id");
    damaged(snapshot.read("gone.md", 100), "is missing");
    assert_eq!(snapshot.read("docs/other.md", 100), Ok(b"other".to_vec()));
    // A folder's object in place of another's.
    let tree = |path: &str| repository.revparse_single(&format!("{head}:{path}")).expect("a tree").id().to_string();
    let empty = raw_tree(&repository, &[]).to_string();
    replace(&tree("docs"), &empty);
    let error = CommitTree::open(&folder.path(""), &head).expect("a commit").below("").expect_err("a forged folder");
    assert!(error.to_string().contains("does not match that id") && error.remedy().contains("git fsck"), "{error}");
    // A commit in place of another.
    let other = raw_commit(&repository, raw_tree(&repository, &[]));
    replace(&head, &other);
    let error = CommitTree::open(&folder.path(""), &head).expect_err("a forged commit");
    assert!(error.to_string().contains("does not match that id"), "{error}");
}

#[test]
fn a_file_that_names_a_folder_is_damage() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    let inner = raw_tree(&repository, &[]);
    let top = raw_tree(&repository, &[(FILE, b"card.md", inner)]);
    let read = open(&folder.path(""), &raw_commit(&repository, top), "").read("card.md", 9);
    assert!(
        matches!(&read, Err(ReadError::Damaged(why)) if why.contains("is a tree, and a blob is named")),
        "{read:?}"
    );
}

#[test]
fn a_large_file_is_refused_by_its_size_without_being_loaded() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    let large = vec![b'x'; 3_000_000];
    let id = blob(&repository, &large);
    let top = raw_tree(&repository, &[(FILE, b"large.md", id)]);
    let head = raw_commit(&repository, top);
    let snapshot = open(&folder.path(""), &head, "");
    assert_eq!(snapshot.read("large.md", 3_000_000).map(|bytes| bytes.len()), Ok(3_000_000));
    assert_eq!(snapshot.read("large.md", 2_999_999), Err(ReadError::TooLarge(3_000_000)));
    // An object that claims a size which it does not have: what is said before it is loaded is its claim.
    let file = loose(&folder, &id.to_string());
    fs::remove_file(&file).expect("the object");
    fs::write(&file, stored(b"blob 3000000\0short")).expect("the object");
    assert_eq!(snapshot.read("large.md", 1_000), Err(ReadError::TooLarge(3_000_000)));
    assert!(matches!(snapshot.read("large.md", 3_000_000), Err(ReadError::Damaged(_))));
}

/// Bytes in the form of loose objects, without compression (RFC 1950 and 1951).
fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = bytes.len() as u16;
    let sums = bytes.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    let checksum = (sums.1 << 16) | sums.0;
    [&[0x78, 1, 1], &length.to_le_bytes()[..], &(!length).to_le_bytes(), bytes, &checksum.to_be_bytes()].concat()
}

#[test]
fn a_few_trees_that_stand_for_endless_files_are_refused() {
    let folder = Folder::new();
    let repository = repository(&folder.path(""));
    let mut tree = raw_tree(&repository, &[(FILE, b"f", blob(&repository, b"x"))]);
    for _ in 0..12 {
        let names: Vec<String> = (b'a'..=b'z').map(|letter| String::from(letter as char).repeat(200)).collect();
        let entries: Vec<_> = names.iter().map(|name| ("40000", name.as_bytes(), tree)).collect();
        tree = raw_tree(&repository, &entries);
    }
    let head = raw_commit(&repository, tree);
    let error = CommitTree::open(&folder.path(""), &head).expect("a commit").below("").expect_err("26 to the 12th");
    assert_eq!(error, CommitTreeError::TooMany { commit: head });
}

#[test]
fn a_bare_repository_is_read_like_any_other() {
    let folder = Folder::new();
    let bare = Repository::init_bare(folder.path("it.git")).expect("a repository");
    let top = raw_tree(&bare, &[(FILE, b"card.md", blob(&bare, b"card"))]);
    let head = raw_commit(&bare, top);
    assert_eq!(open(&folder.path("it.git"), &head, "").read("card.md", 9), Ok(b"card".to_vec()));
}

/// A repository with two commits, and a clone of it that left out what `filter` names.
fn partial_clone(folder: &Folder, filter: &str) -> String {
    let repository = repository(&folder.path("origin"));
    folder.write("origin/docs/card.md", "first");
    let first = commit(&repository, &[], 86_400).to_string();
    folder.write("origin/docs/card.md", "second");
    commit(&repository, &[], 172_800);
    git(&folder.path("origin"), &["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", folder.real("origin").display());
    git(&folder.path(""), &["clone", "-q", "--no-checkout", &format!("--filter={filter}"), &from, "clone"]);
    first
}

#[test]
fn what_a_partial_clone_left_out_is_named_with_the_command_that_brings_it() {
    let remedy = "`git fetch --refetch --no-filter origin`";
    let folder = Folder::new();
    let first = partial_clone(&folder, "blob:none");
    let snapshot = open(&folder.path("clone"), &first, "");
    assert_eq!(snapshot.paths(), ["docs/card.md"], "folders are there");
    let error = snapshot.read("docs/card.md", 100).expect_err("it was left out");
    assert_eq!(error, ReadError::NotFetched("origin".to_owned()));
    assert!(error.remedy().contains(remedy), "{}", error.remedy());
    let folder_too = Folder::new();
    let treeless = partial_clone(&folder_too, "tree:0");
    let error =
        CommitTree::open(&folder_too.path("clone"), &treeless).expect("a commit").below("").expect_err("no tree");
    assert!(error.to_string().contains("partial clone") && error.remedy().contains(remedy), "{error}");
    // The command does what it is said to do.
    for (folder, commit) in [(&folder, &first), (&folder_too, &treeless)] {
        git(&folder.path("clone"), &["fetch", "-q", "--refetch", "--no-filter", "origin"]);
        assert_eq!(open(&folder.path("clone"), commit, "").read("docs/card.md", 100), Ok(b"first".to_vec()));
    }
}
