use super::*;
use crate::io::testing::{Folder, commit, git, repository};
use std::fs;

fn open(folder: &Folder) -> WorkingTree {
    WorkingTree::open(&folder.path(""), &[]).expect("a working tree")
}

fn why<'a>(tree: &'a WorkingTree, path: &str) -> Option<&'a str> {
    tree.skipped().iter().find(|skipped| skipped.path == path).map(|skipped| skipped.why.as_str())
}

#[test]
fn tracked_files_are_seen_and_ignored_ones_only_when_tracked() {
    let folder = Folder::new();
    folder.write(".gitignore", "*.log\n/out/\ndrafts\n!keep.log\n");
    folder.write("docs/.gitignore", "local.md\n!docs.log\n");
    for file in [
        "README.md",
        "a.log",
        "keep.log",
        "docs/docs.log",
        "docs/local.md",
        "docs/other.log",
        "local.md",
        "out/tracked/card.yaml",
        "out/untracked.yaml",
        "sub/out/seen.md",
        "sub/drafts/hidden.md",
        "tracked.log",
        ".github/card.md",
    ] {
        folder.write(file, "x");
    }
    let repository = repository(&folder.path(""));
    commit(&repository, &["out/tracked/card.yaml", "tracked.log"], 86_400);
    folder.write("new.md", "not tracked");
    folder.write("deleted.md", "");
    commit(&repository, &[], 86_401);
    fs::remove_file(folder.path("deleted.md")).expect("the file");
    folder.write(".git/info/exclude", "private.md\n");
    folder.write("private.md", "");
    assert_eq!(
        open(&folder).paths(),
        [
            ".github/card.md",
            ".gitignore",
            "README.md",
            "docs/.gitignore",
            "docs/docs.log",
            "keep.log",
            "local.md",
            "new.md",
            "out/tracked/card.yaml",
            "sub/out/seen.md",
            "tracked.log",
        ]
    );
}

#[test]
fn a_folder_of_a_repository_keeps_the_rules_of_the_folders_above() {
    let folder = Folder::new();
    folder.write(".gitignore", "*.tmp\n/aims/here/anchored.md\n");
    folder.write("aims/.gitignore", "draft.md\n");
    for file in ["aims/here/a.tmp", "aims/here/a.md", "aims/here/draft.md", "aims/here/anchored.md", "outside.md"] {
        folder.write(file, "x");
    }
    let repository = repository(&folder.path(""));
    folder.write("aims/here/tracked.tmp", "x");
    commit(&repository, &["aims/here/tracked.tmp"], 86_400);
    let tree = WorkingTree::open(&folder.path("aims/here"), &[]).expect("a working tree");
    assert_eq!(tree.paths(), ["a.md", "tracked.tmp"]);
}

#[test]
fn without_git_every_file_is_seen() {
    let folder = Folder::new();
    folder.write(".gitignore", "a.md\n");
    folder.write("a.md", "");
    folder.write("b/.hidden/c.md", "");
    assert_eq!(open(&folder).paths(), [".gitignore", "a.md", "b/.hidden/c.md"]);
}

#[test]
fn an_unborn_repository_is_read_like_any_other() {
    let folder = Folder::new();
    repository(&folder.path(""));
    folder.write(".gitignore", "b.md\n");
    folder.write("a.md", "");
    folder.write("b.md", "");
    assert_eq!(open(&folder).paths(), [".gitignore", "a.md"]);
}

#[test]
fn a_linked_work_tree_has_its_own_tracked_files() {
    let (folder, linked) = (Folder::new(), Folder::new());
    folder.write(".gitignore", "*.log\n");
    folder.write("tracked.log", "x");
    let repository = repository(&folder.path(""));
    commit(&repository, &["tracked.log"], 86_400);
    repository.worktree("second", &linked.path("tree"), None).expect("a work tree");
    linked.write("tree/untracked.log", "x");
    folder.write(".git/info/exclude", "private.md\n");
    linked.write("tree/private.md", "x");
    let tree = WorkingTree::open(&linked.path("tree"), &[]).expect("a working tree");
    assert_eq!(tree.paths(), [".gitignore", "tracked.log"]);
}

#[test]
fn submodules_are_passed_over_with_the_reason() {
    let folder = Folder::new();
    folder.write("a.md", "a");
    let repository = repository(&folder.path(""));
    let head = commit(&repository, &[], 86_400);
    let mut index = repository.index().expect("an index");
    let mut entry = index.get_path(Path::new("a.md"), 0).expect("an entry");
    (entry.mode, entry.id, entry.path) = (0o160_000, head, b"vendor/lib".to_vec());
    index.add(&entry).expect("a submodule");
    index.write().expect("an index");
    folder.write("vendor/lib/.git", "gitdir: ../../.git/modules/lib\n");
    folder.write("vendor/lib/card.md", "of another repository");
    let tree = open(&folder);
    assert_eq!(tree.paths(), ["a.md"]);
    assert_eq!(why(&tree, "vendor/lib"), Some("submodule"));
    assert!(tree.exists("vendor/lib"), "it is there, although it is not judged");
    assert_eq!(tree.read("vendor/lib/card.md", 100), Err(ReadError::Missing));
}

#[test]
fn files_that_a_sparse_checkout_leaves_out_are_read_from_the_repository() {
    let folder = Folder::new();
    folder.write("repo/near/a.md", "a");
    folder.write("repo/far/b.md", "committed");
    folder.write("repo/far/c.md", "c");
    folder.write("repo/.gitignore", "far/c.md\n");
    let repository = repository(&folder.path("repo"));
    commit(&repository, &["far/c.md"], 86_400);
    git(&folder.path("repo"), &["sparse-checkout", "set", "near"]);
    assert!(!folder.path("repo/far").exists(), "git left the folder out");
    let open = |below: &str| WorkingTree::open(&folder.path(below), &[]).expect("a working tree");
    let tree = open("repo");
    assert_eq!(tree.paths(), [".gitignore", "far/b.md", "far/c.md", "near/a.md"]);
    assert_eq!(tree.skipped(), []);
    assert_eq!(tree.read("far/b.md", 9), Ok(b"committed".to_vec()));
    assert_eq!(tree.read("far/b.md", 8), Err(ReadError::TooLarge(9)));
    assert!(tree.exists("far"));
    // What somebody writes there is what is on disk, and a file that was removed is not left out.
    folder.write("repo/far/b.md", "on disk");
    fs::remove_file(folder.path("repo/near/a.md")).expect("the file");
    let tree = open("repo");
    assert_eq!(tree.paths(), [".gitignore", "far/b.md", "far/c.md"]);
    assert_eq!(tree.read("far/b.md", 9), Ok(b"on disk".to_vec()));
    // A clone that did not fetch their content says so.
    git(&folder.path("repo"), &["config", "uploadpack.allowFilter", "true"]);
    let from = format!("file://{}", folder.real("repo").display());
    git(&folder.path(""), &["clone", "-q", "--sparse", "--filter=blob:none", &from, "clone"]);
    let tree = open("clone");
    assert_eq!(tree.paths(), [".gitignore", "far/b.md", "far/c.md", "near/a.md"]);
    assert_eq!(tree.read("far/b.md", 9), Err(ReadError::NotFetched("origin".to_owned())));
}

#[test]
fn an_index_of_a_form_that_cannot_be_read_is_said_with_what_helps() {
    let folder = Folder::new();
    folder.write("near/a.md", "a");
    folder.write("far/b.md", "b");
    let repository = repository(&folder.path(""));
    commit(&repository, &[], 86_400);
    git(&folder.path(""), &["sparse-checkout", "set", "--sparse-index", "near"]);
    let error = WorkingTree::open(&folder.path(""), &[]).expect_err("a sparse index").to_string();
    let (_, command) = error.split_once("`git ").expect("a command");
    let command = command.split_once('`').expect("a command").0;
    git(&folder.path(""), &command.split(' ').collect::<Vec<_>>());
    assert_eq!(open(&folder).paths(), ["far/b.md", "near/a.md"]);
}

#[test]
fn a_repository_within_is_read_by_its_own_rules_without_its_git_folder() {
    let folder = Folder::new();
    repository(&folder.path(""));
    repository(&folder.path("other"));
    folder.write(".gitignore", "*.log\n");
    folder.write("a.log", "");
    folder.write("other/.gitignore", "b.md\n");
    folder.write("other/a.log", "");
    folder.write("other/b.md", "");
    folder.write("other/deep/c.md", "");
    folder.write("other/deep/b.md", "");
    assert_eq!(open(&folder).paths(), [".gitignore", "other/.gitignore", "other/a.log", "other/deep/c.md"]);
}

#[test]
fn an_index_that_cannot_be_read_is_said() {
    let folder = Folder::new();
    repository(&folder.path(""));
    folder.write("a.md", "");
    folder.write(".git/index", "not an index");
    let tree = open(&folder);
    assert_eq!(tree.paths(), ["a.md"]);
    assert!(why(&tree, ".git/index").expect("a note").contains("is not seen"));
}

#[test]
fn a_folder_named_like_a_document_is_named_and_looked_into() {
    let folder = Folder::new();
    folder.write("impact-assessment.yaml/part.md", "");
    let tree = open(&folder);
    assert_eq!(tree.paths(), ["impact-assessment.yaml/part.md"]);
    assert_eq!(why(&tree, "impact-assessment.yaml"), Some("a folder, though it is named like a document"));
    assert_eq!(
        tree.read("impact-assessment.yaml", 100),
        Err(ReadError::Denied("it is a folder".to_owned())),
        "read as a document it says what it is"
    );
}

#[test]
fn excluded_files_are_counted_and_stay_evidence() {
    let folder = Folder::new();
    for file in ["a.md", "vendor/x/b.md", "docs/one/c.md", "docs/c.md", "docs/one/two/c.md", "vendored.md"] {
        folder.write(file, "x");
    }
    for (patterns, paths) in [
        (&["vendor"][..], &["a.md", "docs/c.md", "docs/one/c.md", "docs/one/two/c.md", "vendored.md"][..]),
        (&["./vendor/", "docs/*/c.md"], &["a.md", "docs/c.md", "docs/one/two/c.md", "vendored.md"]),
        (&["**/c.md", "vendor/**"], &["a.md", "vendored.md"]),
        (&["{a,vendored}.md", "docs/**"], &["vendor/x/b.md"]),
    ] {
        let patterns: Vec<String> = patterns.iter().map(|p| (*p).to_owned()).collect();
        let tree = WorkingTree::open(&folder.path(""), &patterns).expect("a working tree");
        assert_eq!(tree.paths(), paths, "{patterns:?}");
        assert_eq!(tree.excluded_count(), 6 - paths.len(), "{patterns:?}");
        assert!(tree.exists("vendor/x") && tree.read("docs/one/c.md", 10) == Ok(b"x".to_vec()), "{patterns:?}");
    }
    let error = WorkingTree::open(&folder.path(""), &["docs/{a".to_owned()]).expect_err("no glob").to_string();
    assert!(error.contains("`docs/{a`"), "{error}");
}

#[test]
fn only_what_is_listed_can_be_read() {
    let folder = Folder::new();
    repository(&folder.path(""));
    folder.write(".gitignore", "secret.env\n");
    folder.write("secret.env", "TOKEN");
    folder.write("a.md", "four");
    let tree = open(&folder);
    for (path, expected) in [
        ("a.md", Ok(b"four".to_vec())),
        ("secret.env", Err(ReadError::Missing)),
        (".git/HEAD", Err(ReadError::Missing)),
        ("../a.md", Err(ReadError::Missing)),
    ] {
        assert_eq!(tree.read(path, 4), expected, "{path}");
    }
    assert_eq!(tree.read("a.md", 3), Err(ReadError::TooLarge(4)));
    fs::remove_file(folder.path("a.md")).expect("the file");
    assert_eq!(tree.read("a.md", 4), Err(ReadError::Missing), "it went after it was listed");
}

#[test]
fn case_twins_are_two_files() {
    let folder = Folder::new();
    folder.write("Card.md", "one");
    folder.write("card.md", "two");
    let expected: &[&str] = if folder.path("CARD.MD").exists() { &["Card.md"] } else { &["Card.md", "card.md"] };
    assert_eq!(open(&folder).paths(), expected);
}

#[test]
fn an_lfs_pointer_is_known_by_its_first_line() {
    let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    assert!(is_lfs_pointer(pointer));
    assert!(!is_lfs_pointer(b"# About version https://git-lfs.github.com/spec/v1\n"));
    assert!(!is_lfs_pointer(&[pointer.as_slice(), &[b' '; 1_024]].concat()), "a pointer is short");
}

#[cfg(unix)]
mod on_unix {
    use super::*;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;

    #[test]
    fn links_are_followed_within_the_root_and_each_file_is_listed_once() {
        let (folder, outside) = (Folder::new(), Folder::new());
        outside.write("secret.md", "secret");
        repository(&folder.path(""));
        folder.write(".gitignore", "build/\n");
        folder.write("docs/card.md", "card");
        folder.write("build/made.md", "made");
        for (target, link) in [
            ("docs/card.md", "README.md"),
            ("build/made.md", "made.md"),
            ("made.md", "made-too.md"),
            ("docs", "more"),
            ("..", "docs/up"),
            ("loop-b.md", "loop-a.md"),
            ("loop-a.md", "loop-b.md"),
            ("nothing.md", "broken.md"),
            (".git/config", "config.yaml"),
            ("/dev/zero", "endless.yaml"),
        ] {
            symlink(target, folder.path(link)).expect("a link");
        }
        symlink(outside.path("secret.md"), folder.path("secret.md")).expect("a link");
        symlink(outside.path(""), folder.path("away")).expect("a link");
        let tree = open(&folder);
        assert_eq!(tree.paths(), [".gitignore", "docs/card.md", "made-too.md"]);
        let out = Some("a link that leads out of the root");
        for (path, expected) in [
            ("README.md", None),
            ("made.md", None),
            ("more", Some("a link to a folder; its files are seen at their own place")),
            ("docs/up", Some("a link to a folder; its files are seen at their own place")),
            ("broken.md", Some("a link to nothing")),
            ("config.yaml", out),
            ("endless.yaml", out),
            ("secret.md", out),
            ("away", out),
        ] {
            assert_eq!(why(&tree, path), expected, "{path}");
        }
        assert!(why(&tree, "loop-a.md").expect("a reason").starts_with("a link that cannot be followed"));
        for path in ["README.md", "made.md", "more", "more/card.md", "docs/up/docs/card.md"] {
            assert!(tree.exists(path), "{path}");
        }
        for path in ["secret.md", "away/secret.md", "more/none.md", "config.yaml"] {
            assert!(!tree.exists(path), "{path}");
        }
        assert_eq!(tree.read("README.md", 100), Ok(b"card".to_vec()));
        assert_eq!(tree.read("more/card.md", 100), Ok(b"card".to_vec()));
        assert_eq!(tree.read("made-too.md", 100), Ok(b"made".to_vec()));
        assert_eq!(tree.read("away/secret.md", 100), Err(ReadError::Missing));
    }

    #[test]
    fn a_file_that_becomes_a_link_after_it_was_listed_leads_nowhere() {
        let (folder, outside) = (Folder::new(), Folder::new());
        outside.write("secret.md", "secret");
        folder.write("card.md", "card");
        let tree = open(&folder);
        fs::remove_file(folder.path("card.md")).expect("the file");
        symlink(outside.path("secret.md"), folder.path("card.md")).expect("a link");
        assert_eq!(tree.read("card.md", 100), Err(ReadError::LeadsOut));
    }

    #[test]
    fn a_tracked_folder_that_became_a_link_is_gone() {
        let (folder, outside) = (Folder::new(), Folder::new());
        folder.write("docs/card.md", "card");
        let repository = repository(&folder.path(""));
        commit(&repository, &[], 86_400);
        fs::remove_dir_all(folder.path("docs")).expect("the folder");
        outside.write("card.md", "another");
        symlink(outside.path(""), folder.path("docs")).expect("a link");
        let tree = open(&folder);
        assert!(tree.paths().is_empty(), "{:?}", tree.paths());
        assert_eq!(why(&tree, "docs"), Some("a link that leads out of the root"));
    }

    #[test]
    fn ignore_files_that_are_links_or_endless_are_not_read() {
        let folder = Folder::new();
        repository(&folder.path(""));
        folder.write("a/x.md", "");
        folder.write("b/x.md", "");
        symlink("/dev/zero", folder.path("a/.gitignore")).expect("a link");
        folder.write("b/.gitignore", &"x.md\n".repeat(60_000));
        let tree = open(&folder);
        assert_eq!(tree.paths(), ["a/x.md", "b/.gitignore", "b/x.md"]);
        let shown = tree.skipped().iter().filter(|skipped| skipped.why.starts_with("not applied"));
        assert_eq!(shown.map(|skipped| skipped.path.as_str()).collect::<Vec<_>>(), ["a/.gitignore", "b/.gitignore"]);
    }

    #[test]
    fn names_that_are_no_utf8_sockets_and_closed_folders_are_passed_over_with_the_reason() {
        let folder = Folder::new();
        folder.write("a.md", "");
        let name = std::ffi::OsStr::from_bytes(b"caf\xE9.md");
        // Some systems refuse such names.
        let named = fs::write(folder.path("").join(name), "").is_ok();
        let _socket = UnixListener::bind(folder.path("socket.yaml")).expect("a socket");
        folder.write("closed/b.md", "");
        fs::set_permissions(folder.path("closed"), fs::Permissions::from_mode(0o000)).expect("own folder");
        let closed = folder.path("closed").read_dir().is_err();
        let tree = open(&folder);
        // The superuser opens every folder.
        assert_eq!(tree.paths(), if closed { &["a.md"][..] } else { &["a.md", "closed/b.md"] });
        assert_eq!(why(&tree, "caf\u{FFFD}.md"), named.then_some("its name is not UTF-8"));
        assert_eq!(why(&tree, "socket.yaml"), Some("not a regular file"));
        assert_eq!(why(&tree, "closed"), closed.then_some("cannot be opened: permission denied"));
        fs::set_permissions(folder.path("closed"), fs::Permissions::from_mode(0o700)).expect("own folder");
    }
}
