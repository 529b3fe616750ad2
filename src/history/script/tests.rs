use super::{Files, Script};
use crate::document::Schema;
use crate::facts::{Day, History};
use crate::history::{Gap, Log, Past, PathSet};
use crate::source::SourceFile;
use crate::value::Problem;
use std::sync::Arc;

/// The files that every history here is about.
const FILES: [(&str, &str); 3] = [("a.yaml", "id: a\n"), ("b.md", "B\n"), ("src/x.py", "x = 1\n")];

/// Reads commits whose first one stands on line 3, judged on 2026-06-01.
fn read(commits: &str) -> Result<Script, Vec<(String, &'static str, String)>> {
    let schema = Schema::bundled_part("policy-test", "/properties/cases/items", &["today", "history"]);
    let file = Arc::new(SourceFile::new("case", format!("today: 2026-06-01\nhistory:\n{commits}").into_bytes()));
    let (tree, mut problems) = schema.read(&file, true);
    let files: Files = FILES.iter().map(|(path, text)| ((*path).into(), text.as_bytes().into())).collect();
    let today = Day::parse("2026-06-01").expect("a day");
    let script = match problems.as_slice() {
        [] => Script::read(
            &tree,
            tree.get(tree.roots()[0], "history").expect("it is there"),
            &files,
            today,
            &mut problems,
        ),
        _ => None,
    };
    let placed = |problem: Problem| {
        let place = file.place(problem.at.span);
        (format!("{}:{}", place.line, place.column), problem.code, problem.message)
    };
    script.ok_or_else(|| problems.into_iter().map(placed).collect())
}

fn past(commits: &str) -> (Past, Arc<Log>) {
    let past = read(commits).unwrap_or_else(|problems| panic!("{commits}: {problems:?}")).past();
    let log = past.log.clone().expect("there are commits");
    (past, log)
}

/// The subject of the last change of a path.
fn last(log: &Log, path: &str) -> Option<String> {
    let id = log.last(&PathSet::path(path)).expect("it is known")?;
    Some(log.commit(id).expect("it is there").subject().to_owned())
}

fn subjects(log: &Log, path: &str) -> Vec<String> {
    let story = log.story(path).expect("it is known");
    let subject = |id| log.commit(id).expect("it is there").subject().to_owned();
    story.changes.iter().map(|change| subject(change.commit)).collect()
}

#[test]
fn an_empty_commit_is_everything_as_it_stands_with_defaults_for_the_rest() {
    let (past, log) = past("  - {}\n");
    assert_eq!(past.state, History::Full { head: log.head().to_string() });
    assert_eq!(past.adopted_at, None);
    let commit = log.commit(log.head()).expect("it is there");
    assert_eq!((commit.subject(), commit.author.name.as_str(), commit.signed), ("Commit 1", "Somebody", false));
    // 2026-01-01 is 20,454 days after 1970.
    assert_eq!((commit.author.time, commit.committer.time), (20_454 * 86_400, 20_454 * 86_400));
    for (path, _) in FILES {
        assert_eq!(last(&log, path).as_deref(), Some("Commit 1"), "{path}");
    }
}

#[test]
fn files_have_earlier_texts_and_their_own_people_and_days() {
    let (_, log) = past(
        "  - {on: 2026-01-10, content: {a.yaml: 'id: old', gone.md: x}, files: b.md}
  - on: 2026-03-01T17:20:00+01:00
    written_on: 2026-02-01
    by: Ana Ruiz <ana@x.example>
    committed_by: Web <web@x.example>
    message: \"Assess\\n\\nReviewed-by: Bo <bo@x.example>\"
    files: [a.yaml, 'src/**']
    content: {gone.md: null}
    tag: [v1, approved]
    signed: true
  - {content: {b.md: Other}}
",
    );
    assert_eq!(subjects(&log, "a.yaml"), ["Assess", "Commit 1"]);
    assert_eq!(subjects(&log, "gone.md"), ["Assess", "Commit 1"]);
    assert_eq!((last(&log, "src/x.py").as_deref(), last(&log, "b.md").as_deref()), (Some("Assess"), Some("Commit 3")));
    assert_eq!(last(&log, "never.md"), None);
    let id = log.resolve("v1").expect("it is known").expect("it is there");
    assert_eq!(log.resolve("approved"), Ok(Some(id)));
    assert_eq!(log.resolve("main"), Ok(Some(log.head())));
    assert_eq!(log.resolve("v2"), Ok(None));
    let commit = log.commit(id).expect("it is there");
    assert_eq!((commit.author.email.as_str(), commit.committer.email.as_str()), ("ana@x.example", "web@x.example"));
    // 2026-02-01 is 20,485 days after 1970; 2026-03-01 is 28 days later, and 17:20 there is 16:20 in UTC.
    assert_eq!(commit.author.time, 20_485 * 86_400);
    assert_eq!(commit.committer.time, 20_513 * 86_400 + 16 * 3_600 + 20 * 60);
    assert!(commit.signed);
    assert_eq!(commit.trailers(), [("Reviewed-by".to_owned(), "Bo <bo@x.example>".to_owned())]);
    // Without `on`: a day later.
    let head = log.commit(log.head()).expect("it is there");
    assert_eq!(head.committer.time, commit.committer.time + 86_400);
}

#[test]
fn what_the_last_commit_lacks_is_not_committed() {
    let (_, log) = past("  - {files: [b.md], content: {a.yaml: 'id: old'}}\n");
    assert_eq!(log.at(log.head(), "src/x.py"), Ok(None));
    let entry = log.at(log.head(), "a.yaml").expect("it is known").expect("it is there");
    assert_eq!(log.blob(entry.id, 100), Ok(crate::history::Blob::Bytes(b"id: old".to_vec())));
}

#[test]
fn a_branch_lands_with_its_merge() {
    let (_, log) = past(
        "  - {content: {a.yaml: 'id: old', b.md: old, gone.md: x}, tag: v1}
  - {branch: side, files: [a.yaml], message: Side}
  - {content: {b.md: main}, message: Main}
  - {branch: side, content: {gone.md: null}, message: Second}
  - {merge: side, message: Land}
  - {branch: late, from: v1, files: [src/x.py], message: Late}
  - {branch: side, content: {a.yaml: side}, message: Third}
  - {merge: [late, side], message: Land both}
",
    );
    // The merges only brought what the commits did, and the second one only what is new since the first.
    assert_eq!(subjects(&log, "a.yaml"), ["Third", "Side", "Commit 1"]);
    assert_eq!(subjects(&log, "b.md"), ["Main", "Commit 1"]);
    assert_eq!(log.at(log.head(), "gone.md"), Ok(None));
    assert_eq!(log.at(log.head(), "src/x.py").map(|entry| entry.is_some()), Ok(true));
    let landed = |path: &str| {
        let id = log.last(&PathSet::path(path)).expect("it is known").expect("it changed");
        let by = log.landed(id).expect("it is known");
        log.commit(by).expect("it is there").subject().to_owned()
    };
    assert_eq!(
        (landed("a.yaml"), landed("src/x.py"), landed("gone.md")),
        ("Land both".into(), "Land both".into(), "Land".into())
    );
    let id = |name: &str| log.resolve(name).expect("it is known").expect("it is there");
    assert_eq!(log.is_ancestor(id("v1"), id("late")), Ok(true));
    assert_eq!(log.is_ancestor(id("late"), id("side")), Ok(false));
    assert_eq!(log.commit(log.head()).expect("it is there").parents.len(), 3);
}

#[test]
fn what_both_sides_changed_gets_the_text_that_the_merge_gives() {
    let (_, log) = past(
        "  - {}
  - {branch: side, content: {b.md: side, a.yaml: null}}
  - {content: {b.md: main, a.yaml: other}}
  - {merge: side, files: [b.md], content: {a.yaml: null}}
",
    );
    let (head, first) = (log.head(), log.at(log.head(), "b.md").expect("it is known").expect("it is there"));
    assert_eq!(log.blob(first.id, 100), Ok(crate::history::Blob::Bytes(b"B\n".to_vec())));
    assert_eq!(log.at(head, "a.yaml"), Ok(None));
}

#[test]
fn what_is_cut_off_is_not_known() {
    let (past, log) = past(
        "  - {content: {a.yaml: old}, tag: v1}
  - {files: [b.md], shallow: true}
  - {files: [src/x.py]}
",
    );
    assert_eq!(past.state, History::Shallow { head: log.head().to_string() });
    assert_eq!(last(&log, "src/x.py").as_deref(), Some("Commit 3"));
    assert_eq!(log.last(&PathSet::path("a.yaml")), Err(Gap::Shallow));
    assert_eq!(log.resolve("v1"), Err(Gap::Shallow));
    assert_eq!(log.graph().len(), 2);
}

#[test]
fn what_is_wrong_is_placed() {
    // The commits, from line 3 on; line and column counted by hand; the code; a piece of the message.
    let table = [
        ("  - {files: [a.yml]}\n", "3:14", "no-such-file", "`a.yml` meets none of the files"),
        ("  - {files: 'x/**'}\n", "3:13", "no-such-file", "`x/**`"),
        ("  - {files: ['a{']}\n", "3:14", "no-pattern", "`a{`"),
        ("  - {content: {c.md: null}}\n", "3:16", "no-such-file", "`c.md` is not there"),
        ("  - {}\n  - {}\n", "4:5", "empty-commit", "changes nothing"),
        ("  - {}\n  - {files: [a.yaml]}\n", "4:6", "empty-commit", "changes nothing"),
        ("  - {on: 2026-06-02}\n", "3:10", "after-today", "after `today`, 2026-06-01"),
        ("  - {written_on: 2026-06-02T00:00:00Z}\n", "3:18", "after-today", "after `today`"),
        ("  - {on: 2026-02-30}\n", "3:10", "no-such-day", "`2026-02-30` is no day"),
        ("  - {on: 2026-06-01}\n  - {content: {b.md: x}}\n", "4:6", "after-today", "a day after the one above"),
        ("  - {by: Ana}\n", "3:10", "no-person", "`Ana` is no name"),
        ("  - {committed_by: <a@x.example>}\n", "3:20", "no-person", "no name"),
        ("  - {}\n  - {merge: sid}\n", "4:13", "unknown-commit", "`sid`"),
        ("  - {}\n  - {merge: main}\n", "4:13", "nothing-to-merge", "nothing of `main` is missing"),
        (
            "  - {tag: v1}\n  - {branch: s, from: v2, content: {b.md: x}}\n  - {merge: s}\n",
            "4:23",
            "unknown-commit",
            "`v2`",
        ),
        ("  - {tag: v1}\n  - {from: v1, content: {b.md: x}}\n", "4:12", "second-start", "`main` has commits already"),
        ("  - {tag: v1}\n  - {tag: v1, content: {b.md: x}}\n", "4:11", "second-name", "`v1`"),
        ("  - {tag: main}\n", "3:11", "second-name", "`main`"),
        ("  - {tag: v1}\n  - {branch: v1, content: {b.md: x}}\n  - {merge: v1}\n", "4:14", "second-name", "`v1`"),
        ("  - {}\n  - {branch: s, content: {b.md: x}}\n", "4:6", "history-end", "not on `main`"),
        (
            "  - {}\n  - {branch: s, content: {b.md: x}}\n  - {content: {b.md: y}}\n  - {merge: s}\n",
            "6:13",
            "both-changed",
            "both sides changed `b.md`",
        ),
        ("  - {shallow: true}\n", "3:6", "nothing-to-cut", "nothing comes before"),
        ("  - {content: {src: x}}\n  - {}\n", "4:5", "file-and-folder", "`src/x.py`"),
        ("  - {file: a.yaml}\n", "3:6", "unknown-field", "`file`"),
        ("  - {content: {../a: x}}\n", "3:16", "malformed", "../a"),
        ("  - {tag: 'v 1'}\n", "3:11", "malformed", "v 1"),
        ("  - {branch: a..b}\n", "3:14", "malformed", "a..b"),
    ];
    for (commits, place, code, piece) in table {
        let problems = read(commits).expect_err(commits);
        let found = problems.iter().any(|(at, of, text)| at == place && *of == code && text.contains(piece));
        assert!(found, "{commits}{problems:?}");
        assert_eq!(problems.len(), 1, "{commits}{problems:?}");
    }
}

#[test]
fn policies_and_suites_write_histories_alike() {
    let history = |name: &str, place: &str| {
        let file = format!("{name}.schema.json");
        let text = crate::embedded::SCHEMAS.iter().find(|(path, _)| *path == file).expect(name).1;
        let schema: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        schema.pointer(place).expect(place).clone()
    };
    let of_suites = history("policy-test", "/properties/cases/items/properties/history");
    assert_eq!(of_suites, history("policy", "/properties/examples/items/properties/history"));
    let keys: Vec<&String> = of_suites["items"]["properties"].as_object().expect("fields").keys().collect();
    // Each of them is in one of the histories above.
    for key in keys {
        assert!(include_str!("tests.rs").contains(&format!("{key}: ")), "{key}");
    }
}
