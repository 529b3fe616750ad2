use super::*;
use crate::facts::{History, Snapshot};
use crate::io::testing::Folder;
use crate::io::worktree::WorkingTree;
use crate::io::{disk, git};

const CARD: &str = "# Card\n\nFinal text.\n";
const CRLF: &str = "id,name\r\n1,Ana\r\n";

const TOLD: &str = "today: 2026-11-02
history:
  - message: Register the system
    by: Ana Keller <ana@example.org>
    on: 2025-11-03T09:00:00+01:00
    files: [ai-system.yaml, 'data/**']
    content:
      card.md: |
        # Card
      old.md: |
        Removed later.
  - message: |
      Finish the card

      Reviewed in the board.
    by: Bo Lindqvist <bo@example.org>
    on: 2026-01-19T14:30:00Z
    files: [card.md]
    content: {old.md: null}
    tag: v1.0.0
";

fn files(history: &str) -> Vec<(&str, &str)> {
    vec![("ai-system.yaml", "id: a\n"), ("card.md", CARD), ("data/people.csv", CRLF), (HISTORY, history)]
}

fn build(history: &str) -> (Folder, Result<Materialised, MaterialiseError>) {
    let folder = Folder::new();
    let built = materialise(&files(history), &folder.path("example"));
    (folder, built)
}

#[test]
fn the_repository_has_the_files_the_history_and_the_day() {
    let (folder, built) = build(TOLD);
    let built = built.expect("an example");
    assert_eq!(built.today.to_string(), "2026-11-02");
    let root = folder.real("example");
    assert_eq!(git::past(&root, None).state, History::Full { head: built.commits[1].clone() });
    let tree = WorkingTree::open(&root, &[]).expect("a working tree");
    assert_eq!(tree.paths(), ["ai-system.yaml", "card.md", "data/people.csv"], "history.yaml is not part of it");
    assert_eq!(disk::read_below(&root, "card.md", 100), Ok(CARD.as_bytes().to_vec()));
    assert_eq!(disk::read_below(&root, "data/people.csv", 100), Ok(CRLF.as_bytes().to_vec()), "line ends stay");

    let repository = Repository::open(&root).expect("a repository");
    assert_eq!(repository.head().expect("a branch").name().ok(), Some("refs/heads/main"));
    assert!(repository.statuses(None).expect("a status").is_empty(), "the work tree is clean");
    assert_eq!(git::resolve_commit(&root, "v1.0.0", None).as_ref(), Ok(&built.commits[1]));

    let commit = |at: usize| repository.find_commit(Oid::from_str(&built.commits[at]).expect("an id")).expect("there");
    let (first, second) = (commit(0), commit(1));
    // 2025-11-03T08:00:00Z is 20,395 days and 8 hours after 1970.
    assert_eq!((first.time().seconds(), first.time().offset_minutes()), (20_395 * 86_400 + 8 * 3_600, 60));
    assert_eq!(first.parent_count(), 0);
    assert_eq!(first.author().to_string(), "Ana Keller <ana@example.org>");
    assert_eq!(second.parent_id(0).ok(), Some(first.id()));
    assert_eq!(second.message().ok(), Some("Finish the card\n\nReviewed in the board.\n"));
    assert_eq!(second.committer().to_string(), "Bo Lindqvist <bo@example.org>");
    let earlier = first.tree().expect("a tree").get_name("card.md").expect("an entry").id();
    assert_eq!(repository.find_blob(earlier).expect("a blob").content(), b"# Card\n");
}

#[test]
fn two_runs_give_the_same_commits() {
    let (_one, first) = build(TOLD);
    let (_two, second) = build(TOLD);
    assert_eq!(first.expect("an example"), second.expect("an example"));
}

#[test]
fn branches_merges_signatures_and_cuts_are_made() {
    let told = "today: 2026-11-02
history:
  - {content: {ai-system.yaml: 'id: old'}, tag: v0}
  - {files: [card.md], shallow: true, tag: [v1, v1.0]}
  - {branch: side, files: [ai-system.yaml], signed: true, by: Ana <ana@example.org>}
  - {files: ['data/*'], committed_by: Web <web@example.org>, written_on: 2025-12-24, on: 2026-02-01}
  - {merge: side, message: Take the side over}
";
    let (folder, built) = build(told);
    let built = built.expect("an example");
    let root = folder.real("example");
    let head = built.commits[4].clone();
    assert_eq!(git::past(&root, None).state, History::Shallow { head: head.clone() });
    let repository = Repository::open(&root).expect("a repository");
    assert!(repository.statuses(None).expect("a status").is_empty(), "the work tree is clean");
    let id = |at: usize| Oid::from_str(&built.commits[at]).expect("an id");
    let commit = |at: usize| repository.find_commit(id(at)).expect("there");
    let parents = |at: usize| commit(at).parent_ids().collect::<Vec<_>>();
    assert_eq!((parents(2), parents(3), parents(4)), (vec![id(1)], vec![id(1)], vec![id(3), id(2)]));
    assert_eq!(git::resolve_commit(&root, "side", None), Ok(built.commits[2].clone()));
    assert_eq!(git::resolve_commit(&root, "v1.0", None), Ok(built.commits[1].clone()));
    assert!(git::resolve_commit(&root, "v0", None).is_err(), "it is cut off");
    assert!(repository.extract_signature(&id(2), None).is_ok() && repository.extract_signature(&id(3), None).is_err());
    let written = commit(3);
    // 2025-12-24 is 20,446 days after 1970, 2026-02-01 is 20,485.
    assert_eq!(written.author().when().seconds(), 20_446 * 86_400);
    assert_eq!(written.committer().to_string(), "Web <web@example.org>");
    assert_eq!(written.committer().when().seconds(), 20_485 * 86_400);
}

#[test]
fn what_is_wrong_with_a_history_is_shown_with_its_lines() {
    // from, to, line and column counted by hand, what the message says
    let table = [
        (", 'data/**'", "", "2:1", "never added: data/people.csv"),
        ("    content: {old.md: null}\n", "", "2:1", "never removed: old.md"),
        ("    files: [card.md]\n", "", "2:1", "left with an earlier text: card.md"),
        ("'data/**'", "'date/**'", "6:29", "`date/**` meets none of the files"),
        ("old.md: null", "gone.md: null", "19:15", "`gone.md` is not there"),
        ("    files: [card.md]\n    content: {old.md: null}", "    files: [ai-system.yaml]", "12:5", "changes nothing"),
        ("      old.md", "      ../old.md", "10:7", "../old.md"),
        ("2026-11-02", "2.11.2026", "1:8", "2.11.2026"),
        ("today: 2026-11-02\n", "", "1:1", "`today`"),
        ("message: Register the system", "mesage: x", "3:5", "mesage"),
        ("Ana Keller <ana@example.org>", "Ana Keller", "4:9", "no name with an address"),
        ("2025-11-03T09:00:00+01:00", "2026-11-03T00:00:00Z", "5:9", "after `today`"),
        ("history:\n", "history: []\nx-rest:\n", "2:1", "history"),
        ("tag: v1.0.0", "tag: [", "20:", ""),
    ];
    for (from, to, place, expected) in table {
        let told = TOLD.replacen(from, to, 1);
        assert_ne!(told, TOLD, "`{from}` is in the text");
        let error = build(&told).1.expect_err(from).to_string();
        let shown =
            error.lines().any(|line| line.starts_with(&format!("history.yaml:{place}")) && line.contains(expected));
        assert!(shown, "{from} -> {to}: {error}");
    }
}

#[test]
fn an_example_is_built_in_an_empty_folder_only() {
    let folder = Folder::new();
    folder.write("here/mine.md", "kept");
    let error = materialise(&files(TOLD), &folder.path("here")).expect_err("not empty");
    assert!(matches!(error, MaterialiseError::NotEmpty(_)), "{error}");
    assert_eq!(folder.path("here").read_dir().expect("a folder").count(), 1);
    assert!(matches!(materialise(&[("a.md", "")], &folder.path("new")), Err(MaterialiseError::NoHistory)));
    assert!(!folder.path("new").exists());
}
