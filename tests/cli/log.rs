//! `annexa log`: the life of a document as policies see it.

use crate::support::{Folder, NOTE, Ran, command};
use annexa::facts::Day;
use git2::{Commit, IndexAddOption, Oid, Repository, Signature, Time};
use std::fs;
use std::process::Stdio;

const CONFIG: &str =
    "schemas: [kinds]\npeople:\n  - {name: Ana Keller, role: risk-owner, login: ana, emails: [ana@x.example]}\n";

/// A repository whose commits say what a test wants.
struct Past(Folder);

impl Past {
    fn new() -> Past {
        let folder = Folder::repository().file("kinds/note.schema.json", NOTE).file("annexa.yaml", CONFIG);
        Past(folder.file(".mailmap", "<ana@x.example> <ana@old.example>\n"))
    }

    fn repository(&self) -> Repository {
        Repository::open(self.0.path("")).expect("a repository")
    }

    /// Commits the files as they are: on these parents, by the author and his day, the committer and hers.
    fn commit(&self, parents: &[Oid], author: (&str, &str), committer: (&str, &str), message: &str) -> Oid {
        let repository = self.repository();
        let mut index = repository.index().expect("an index");
        index.clear().expect("an index");
        index.add_all(["*"], IndexAddOption::DEFAULT, None).expect("files");
        index.write().expect("an index");
        let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
        let who = |(email, day): (&str, &str)| {
            let seconds = Day::parse(day).expect("a day").seconds();
            Signature::new(email.split('@').next().expect("a name"), email, &Time::new(seconds, 0)).expect("a name")
        };
        let parents: Vec<Commit> = parents.iter().map(|id| repository.find_commit(*id).expect("a commit")).collect();
        let parents: Vec<&Commit> = parents.iter().collect();
        let id = repository.commit(None, &who(author), &who(committer), message, &tree, &parents).expect("a commit");
        repository.reference("refs/heads/main", id, true, "").expect("a branch");
        id
    }

    /// Commits the files as they are on top of what there is.
    fn on_top(&self, email: &str, day: &str, message: &str) -> Oid {
        let head = self.repository().head().ok().and_then(|head| head.target());
        self.commit(head.as_slice(), (email, day), (email, day), message)
    }

    fn log(&self, arguments: &[&str]) -> Ran {
        self.0.annexa(["log"].iter().chain(arguments))
    }

    /// Makes the clone end at a commit, as a shallow one does.
    fn cut(&self, at: Oid, lost: &[Oid]) {
        self.0.write(".git/shallow", format!("{at}\n"));
        lost.iter().for_each(|id| self.lose(*id));
    }

    fn lose(&self, object: Oid) {
        let id = object.to_string();
        fs::remove_file(self.0.path(&format!(".git/objects/{}/{}", &id[..2], &id[2..]))).expect("the object");
    }
}

/// A note that was written, dated anew, changed on a branch that somebody else merged, and renamed.
fn past() -> (Past, [Oid; 5]) {
    let past = Past::new();
    past.0.write("old.note.yaml", "id: a\nword: one\nday: 2026-01-01\n");
    let first = past.on_top("ana@x.example", "2026-01-02", "Write the note");
    past.0.write("old.note.yaml", "# looked at\nday: 2026-02-01\nid: a\nword:   one\n");
    let dated = past.on_top("ana@old.example", "2026-02-02", "Look at the note");
    past.0.write("old.note.yaml", "id: a\nword: two\nday: 2026-02-20\nsize: 7\n");
    let message = "Say two\n\nBecause.\n\nReviewed-by: Cy <cy@x.example>\nChange-Id: 7\n";
    let branch = past.commit(&[dated], ("bo@x.example", "2026-02-20"), ("bo@x.example", "2026-03-01"), message);
    past.0.write("other.txt", "x");
    past.commit(&[dated, branch], ("ana@x.example", "2026-03-05"), ("ana@x.example", "2026-03-05"), "Merge two");
    let merge = past.repository().head().expect("a head").target().expect("a commit");
    fs::rename(past.0.path("old.note.yaml"), past.0.path("a.note.yaml")).expect("a file");
    let renamed = past.on_top("bo@x.example", "2026-04-01", "::error::Move \u{1b}[31mit");
    (past, [first, dated, branch, merge, renamed])
}

#[test]
fn a_life_is_told_newest_first_with_what_counts_of_it() {
    let (past, _) = past();
    let ran = past.log(&["a.note.yaml"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    insta::assert_snapshot!(ran.out);
    insta::assert_snapshot!(past.log(&["a.note.yaml", "--plain"]).out);
}

#[test]
fn text_of_strangers_does_no_harm() {
    let (past, _) = past();
    let ran = past.log(&["a.note.yaml"]);
    assert!(!ran.out.contains('\u{1b}') && ran.out.contains("\\u{3a}:error::Move \\u{1b}[31mit"), "{}", ran.out);
    let json = past.log(&["a.note.yaml", "--output", "json"]);
    assert!(!json.out.contains('\u{1b}'), "{}", json.out);
    assert_eq!(json.json()["records"][0]["changes"][0]["subject"], "::error::Move \u{1b}[31mit");
}

#[test]
fn json_tells_the_same_and_fits_its_schema() {
    let (past, [first, dated, branch, merge, renamed]) = past();
    let schema: serde_json::Value = past.0.annexa(["schema", "log"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let fits = |ran: &Ran| {
        let json = ran.json();
        let errors: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
        json
    };
    let json = fits(&past.log(&["a.note.yaml", "--output", "json"]));
    assert_eq!((&json["complete"], &json["uncommitted"]), (&true.into(), &false.into()));
    let record = &json["records"][0];
    let ids: Vec<_> = record["changes"].as_array().expect("changes").iter().map(|c| c["commit"].as_str()).collect();
    let expected = [renamed, branch, dated, first].map(|id| id.to_string());
    assert_eq!(ids, expected.each_ref().map(|id| Some(&**id)));
    assert_eq!((&record["people"], &record["substantive"]), (&2.into(), &2.into()));
    assert_eq!(record["last_substantive"], branch.to_string());
    assert_eq!(record["changes"][1]["landed"]["commit"], merge.to_string());
    assert_eq!(record["changes"][2]["author"]["role"], "risk-owner", "by .mailmap and people");
    past.cut(dated, &[first]);
    let json = fits(&past.log(&["a.note.yaml", "--output", "json"]));
    assert_eq!((&json["complete"], &json["records"][0]["first"]), (&false.into(), &serde_json::Value::Null));
    let both = past.log(&["a.note.yaml", "--output", "text", "--output", "json=life.json"]);
    both.expect(3, &["old.note.yaml"]);
    assert!(past.0.read("life.json").contains("annexa-log"));
    past.log(&["a.note.yaml", "--output", "xml"]).expect(2, &["there is no output format `xml`"]);
}

#[test]
fn many_fields_are_shown_one_by_one_only_when_asked_for() {
    let past = Past::new();
    let lines: String = (0..9).map(|n| format!("field{n}: old\n")).collect();
    past.0.write("a.note.yaml", format!("id: a\n{lines}"));
    past.on_top("ana@x.example", "2026-01-02", "Write");
    past.0.write("a.note.yaml", format!("id: a\nday: 2026-01-01\n{}", lines.replace("old", "new")));
    past.on_top("ana@x.example", "2026-01-03", "Change");
    let short = past.log(&["a.note.yaml"]);
    // 10 of the change, of which 6 are shown; 10 of the first version, the id among them.
    short.expect(0, &["    field4: old -> new\n    and 4 more fields; `--all` shows every one"]);
    assert!(!short.out.contains("field8"), "{}", short.out);
    let all = past.log(&["a.note.yaml", "--all"]);
    all.expect(0, &["    day: 2026-01-01 (does not count)", "    field8: old -> new\n", "    field8: old\n"]);
}

#[test]
fn records_of_one_file_have_lives_of_their_own() {
    let past = Past::new();
    past.0.write("x.note.yaml", "id: a\nword: one\n---\nid: b\nword: one\n");
    past.on_top("ana@x.example", "2026-01-02", "Write");
    past.0.write("x.note.yaml", "id: a\nword: one\n---\nid: b\nword: two\n");
    past.on_top("ana@x.example", "2026-01-03", "Change b");
    past.log(&["x.note.yaml"]).expect(0, &["note `a`", "note `b`"]);
    let a = past.log(&["x.note.yaml#a"]);
    a.expect(0, &["2 changes by 1 person, 1 of substance", "last of substance 2026-01-02", "  nothing of it changed"]);
    assert!(!a.out.contains("`b`"), "{}", a.out);
    past.log(&["x.note.yaml#b"]).expect(0, &["2 of substance", "    word: one -> two"]);
    past.log(&["x.note.yaml#c"]).expect(2, &["`x.note.yaml` has no record `c`"]);
    // A name of a file may hold the sign too.
    past.0.write("x#b.txt", "text");
    past.on_top("ana@x.example", "2026-01-04", "Text");
    past.log(&["x#b.txt"]).expect(0, &["x#b.txt: a file of no known kind"]);
}

#[test]
fn a_file_of_no_known_kind_is_followed_as_a_whole() {
    let past = Past::new();
    past.0.write("src/x.py", "x = 1\n");
    past.on_top("ana@x.example", "2026-01-02", "Write");
    past.0.write("src/x.py", "x  =  1\n");
    past.on_top("ana@x.example", "2026-01-03", "Spaces");
    past.0.write("src/x.py", "x = 2\n");
    past.on_top("ana@x.example", "2026-01-04", "Two");
    let ran = past.log(&["src/x.py"]);
    ran.expect(0, &["3 changes by 1 person, 2 of substance", "  nothing of it changed but white space"]);
    past.0.write("src/x.py", "x = 3\n");
    past.log(&["src/x.py"]).expect(0, &["`src/x.py` has changes that are not committed"]);
    past.0.write("src/x.py", "x = 2\r\n");
    assert!(!past.log(&["src/x.py"]).out.contains("not committed"), "line ends are no change");
}

#[test]
fn an_earlier_commit_knows_what_led_to_it() {
    let (past, [_, dated, ..]) = past();
    past.log(&["old.note.yaml", "--at", &dated.to_string()]).expect(0, &["2 changes by 1 person", "last 2026-02-02"]);
    past.log(&["old.note.yaml", "--at", "main"]).expect(2, &["there is no `old.note.yaml` in the commit"]);
    past.log(&["old.note.yaml"]).expect(2, &["does not exist", "--at"]);
    past.log(&["kinds", "--at", "main"]).expect(2, &["`kinds` is no file"]);
    past.log(&["kinds"]).expect(2, &["`kinds` is no file"]);
}

#[test]
fn without_a_history_it_is_said_why() {
    let past = Past::new();
    past.0.write("a.note.yaml", "id: a\n");
    past.log(&["a.note.yaml"]).expect(2, &["the repository has no commit yet"]);
    past.on_top("ana@x.example", "2026-01-02", "Write");
    past.0.write("b.note.yaml", "id: b\n");
    past.log(&["b.note.yaml"]).expect(2, &["`b.note.yaml` is not in the commit", "Commit it"]);
    Folder::new().file("a.yaml", "id: a\n").annexa(["log", "a.yaml"]).expect(2, &["this is not a git repository"]);
}

#[test]
fn what_a_clone_left_out_is_not_known_and_said_with_what_brings_it() {
    let (shallow, [first, dated, ..]) = past();
    shallow.cut(dated, &[first]);
    shallow.log(&["a.note.yaml"]).expect(
        3,
        &["2 changes in this clone by 1 person", "first not known", "older changes are not known", "fetch-depth: 0"],
    );
    let (partial, [_, dated, ..]) = past();
    let earlier = partial.repository().revparse_single(&format!("{dated}:old.note.yaml")).expect("a file").id();
    partial.lose(earlier);
    let mut config = partial.repository().config().expect("a configuration");
    for (name, value) in [("remote.origin.promisor", "true"), ("remote.origin.partialclonefilter", "blob:none")] {
        config.set_str(name, value).expect("it is written");
    }
    let ran = partial.log(&["a.note.yaml"]);
    ran.expect(3, &["what it changed is not known", "git fetch --refetch --no-filter origin", "Write the note"]);
    assert_eq!(ran.out.matches("--refetch").count(), 1, "{}", ran.out);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let (past, _) = past();
    let mut child = command(&past.0.path(""))
        .args(["log", "a.note.yaml", "--all"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
