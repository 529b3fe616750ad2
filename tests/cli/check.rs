//! `annexa check`.

use crate::support::{Folder, command};
use std::io::Read;
use std::process::Stdio;

/// A repository whose own policies give what the flags ask for: nothing shipped takes part.
struct Repository(Folder);

const ONLY: &str = "error-one,warning-one,note-one,unknown-one,pass-one";

impl Repository {
    fn new(findings: &[&str]) -> Self {
        let folder = Folder::repository()
            .file("annexa.yaml", "policy_dirs: [own]\n")
            .file("soa.yaml", "kind: soa\nid: s\nowner: o\n");
        for (id, severity, expression) in [
            ("error-one", "error", "doc.id == 'x'"),
            ("warning-one", "warning", "doc.id == 'x'"),
            ("note-one", "note", "doc.id == 'x'"),
            ("unknown-one", "error", "dyn(doc.id) > 3"),
            ("pass-one", "error", "doc.id == 's'"),
        ] {
            let holds = !findings.contains(&id.trim_end_matches("-one"));
            let expression = if holds { "true" } else { expression };
            folder.write(
                &format!("own/{id}.yaml"),
                format!("id: {id}\ntitle: The title of {id}\nseverity: {severity}\napplies_to: soa\nvalidations:\n  - {{expression: \"{expression}\", message: 'about {id}', at: [doc.id]}}\n"),
            );
        }
        Repository(folder)
    }

    fn check(&self, more: &[&str]) -> crate::support::Ran {
        self.0.annexa(["check", "--only", ONLY].iter().chain(more))
    }
}

#[test]
fn the_exit_code_follows_what_was_found_and_what_is_asked_for() {
    let table: &[(&[&str], &[&str], i32)] = &[
        (&[], &[], 0),
        (&["error"], &[], 1),
        (&["warning"], &[], 0),
        (&["warning"], &["--fail-on", "warning"], 1),
        (&["note"], &["--fail-on", "warning"], 0),
        (&["note"], &["--fail-on", "note"], 1),
        (&["error", "warning", "note"], &["--fail-on", "never"], 0),
        (&["unknown"], &[], 3),
        // What could not be judged comes before what was found.
        (&["unknown", "error"], &[], 3),
        (&["unknown"], &["--fail-on", "never"], 0),
        (&["error"], &["--output", "json"], 1),
        (&["error"], &["--quiet"], 1),
        (&["error"], &["--plain"], 1),
    ];
    for (findings, arguments, code) in table {
        let ran = Repository::new(findings).check(arguments);
        assert_eq!(ran.code, *code, "{findings:?} {arguments:?} {}", ran.all());
        assert_eq!(ran.err, "", "{findings:?} {arguments:?}");
        if !arguments.contains(&"json") {
            assert!(ran.out.contains(&format!("exit code {code}")), "{}", ran.out);
        }
    }
}

#[test]
fn a_repository_without_anything_for_us_is_told_and_may_pass() {
    let folder = Folder::repository().file("README.md", "# A program\n\nText.\n").file("src/main.rs", "fn main() {}\n");
    folder.annexa(["check"]).expect(4, &["Nothing to check", "annexa init", "exit code 4: there was nothing to check"]);
    folder.annexa(["check", "--when-empty", "pass"]).expect(0, &["Nothing to check"]);
    let ran = folder.annexa(["check", "--output", "json"]);
    assert_eq!((ran.code, ran.json()["verdict"]["name"].as_str()), (4, Some("empty")));
    Folder::new().annexa(["check"]).expect(4, &["Nothing to check"]);
}

#[test]
fn a_finding_says_what_where_why_and_what_to_do() {
    let ran = Repository::new(&["error", "warning"]).check(&[]);
    ran.expect(
        1,
        &[
            "about error-one",
            "soa.yaml:2:",
            "2 │ id: s",
            "error-one",
            "about warning-one",
            "2 findings: 1 error, 1 warning, 0 notes",
        ],
    );
    let plain = Repository::new(&["error"]).check(&["--plain"]);
    plain.expect(1, &["about error-one", "line 2"]);
    assert!(!plain.out.contains(['│', '╭', '─', '·']), "{}", plain.out);
    let quiet = Repository::new(&["error"]).check(&["--quiet"]);
    assert!(
        quiet.out.contains("about error-one") && quiet.out.len() < ran.out.len() && !quiet.out.contains("Next steps"),
        "{}",
        quiet.out
    );
}

#[test]
fn one_run_writes_several_formats() {
    let repository = Repository::new(&["error"]);
    let ran = repository.check(&["--output", "text", "--output", "json=out/report.json", "-o", "json=again.json"]);
    ran.expect(1, &["about error-one"]);
    let json: serde_json::Value = serde_json::from_str(&repository.0.read("out/report.json")).expect("JSON");
    assert_eq!(json["counts"]["errors"], 1);
    assert_eq!(repository.0.read("again.json"), repository.0.read("out/report.json"));
    let ran = repository.check(&["--output", "text=report.txt"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(repository.0.read("report.txt").contains("about error-one"));
    assert!(!repository.check(&["--color", "always", "--output", "text=report.txt"]).all().contains("panicked"));
    assert!(!repository.0.read("report.txt").contains('\u{1b}'), "a file has no colour");
    repository
        .check(&["--output", "text", "--output", "json"])
        .expect(2, &["two formats would both go to standard output", "--output json=FILE"]);
    repository.check(&["--output", "jsno"]).expect(2, &["there is no output format `jsno`", "Did you mean `json`?"]);
    repository.check(&["--output", "json=own"]).expect(2, &["`own` is a folder"]);
}

#[test]
fn the_json_report_fits_its_schema_and_names_every_outcome() {
    let repository = Repository::new(&["error", "unknown"]);
    let schema: serde_json::Value = repository.0.annexa(["schema", "report"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let json = repository.check(&["--output", "json"]).json();
    let errors: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    let outcomes: Vec<_> =
        json["outcomes"].as_array().expect("a list").iter().filter_map(|o| o["outcome"].as_str()).collect();
    for outcome in ["fail", "unknown", "pass"] {
        assert!(outcomes.contains(&outcome), "{outcomes:?}");
    }
    assert_eq!(json["today"], "2026-06-01");
}

#[test]
fn colour_is_for_terminals_unless_it_is_asked_for() {
    let repository = Repository::new(&["error"]);
    /// arguments, environment variables, whether there is colour
    type Row<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], bool);
    let table: &[Row] = &[
        (&[], &[], false),
        (&["--color", "always"], &[], true),
        (&["--color", "never"], &[("CLICOLOR_FORCE", "1")], false),
        (&[], &[("CLICOLOR_FORCE", "1")], true),
        (&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&["--color", "always", "--plain"], &[], false),
        (&["--color", "always", "--output", "json"], &[], false),
    ];
    for (arguments, variables, colour) in table {
        let ran = repository.0.annexa_with(["check", "--only", ONLY].iter().chain(*arguments), variables);
        assert_eq!(ran.out.contains('\u{1b}'), *colour, "{arguments:?} {variables:?}");
    }
}

#[test]
fn the_width_of_the_terminal_is_kept() {
    let repository = Repository::new(&["error", "warning"]);
    for columns in ["40", "80"] {
        let ran = repository.0.annexa_with(["check", "--only", ONLY], &[("COLUMNS", columns)]);
        let width: usize = columns.parse().expect("a number");
        let long: Vec<_> = ran
            .out
            .lines()
            .filter(|l| l.chars().count() > width && !l.trim().starts_with('$') && l.trim().contains(' '))
            .collect();
        assert_eq!(long, Vec::<&str>::new(), "{columns}");
    }
}

#[test]
fn the_day_comes_from_the_command_line_then_from_the_variable() {
    let folder = Folder::repository().file("soa.yaml", "kind: soa\nid: s\n");
    let day = |arguments: &[&str], epoch: &str| {
        folder
            .annexa_with(["check", "--output", "json"].iter().chain(arguments), &[("SOURCE_DATE_EPOCH", epoch)])
            .json()["today"]
            .as_str()
            .map(str::to_owned)
    };
    assert_eq!(day(&[], "0").as_deref(), Some("1970-01-01"));
    assert_eq!(day(&["--today", "2026-11-23"], "0").as_deref(), Some("2026-11-23"));
    folder.annexa_with(["check"], &[("SOURCE_DATE_EPOCH", "soon")]).expect(2, &["SOURCE_DATE_EPOCH", "--today"]);
    for day in ["2026-13-01", "2026-02-30", "tomorrow", ""] {
        folder.annexa(["check", "--today", day]).expect(2, &["2026-11-23"]);
    }
}

#[test]
fn names_that_are_not_there_are_told_with_the_nearest() {
    let repository = Repository::new(&[]);
    let check = |arguments: &[&str]| repository.0.annexa(["check"].iter().chain(arguments));
    check(&["--only", "eror-one"])
        .expect(2, &["no policy is called `eror-one` or maps to it", "Did you mean `error-one`?"]);
    check(&["--skip", "nothing-like-it-at-all"]).expect(2, &["`annexa list`"]);
    check(&["--fail-on", "eror"]).expect(2, &["error", "warning", "note", "never"]);
    check(&["--fail-no", "error"]).expect(2, &["--fail-on"]);
    repository.0.annexa(["chek"]).expect(2, &["check"]);
    let none: [&str; 0] = [];
    repository.0.annexa(none).expect(2, &["Usage: annexa"]);
}

#[test]
fn only_a_control_takes_the_policies_that_map_to_it() {
    let folder = Folder::repository().file("soa.yaml", "kind: soa\nid: s\n");
    let rules = |arguments: &[&str]| {
        let json = folder.annexa(["check", "--output", "json"].iter().chain(arguments)).json();
        let rules = json["rules"].as_array().expect("a list").iter().filter(|r| r["origin"] == "shipped");
        rules.map(|r| format!("{} {}", r["controls"], r["clauses"])).collect::<Vec<_>>()
    };
    let some = rules(&["--only", "6.1.3"]);
    assert!(!some.is_empty() && some.iter().all(|maps| maps.contains("\"6.1.3\"")), "{some:?}");
    assert!(rules(&["--skip", "6.1.3"]).iter().all(|maps| !maps.contains("\"6.1.3\"")));
}

/// `annexa check | head -1` and a pager that is left: no error, and the exit code of what was found.
#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_changes_nothing() {
    let folder = Folder::repository();
    for n in 0..400 {
        folder.write(&format!("{n}/soa.yaml"), "kind: soa\nid: s\nunknown: 1\nanother: 2\n");
    }
    for format in ["text", "json"] {
        let mut child = command(&folder.path(""))
            .args(["check", "--output", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut first = [0; 10];
        let mut out = child.stdout.take().expect("piped");
        out.read_exact(&mut first).expect("some output");
        drop(out);
        let output = child.wait_with_output().expect("it ends");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(1), ""), "{format}");
    }
    for arguments in [&["list", "controls"][..], &["schema", "soa"], &["completions", "bash"], &["--help"]] {
        let mut child = command(&folder.path(""))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert!(output.status.code().is_some(), "{arguments:?}: {:?}", output.status);
    }
}

#[test]
fn what_a_policy_does_not_say_leaves_no_empty_line() {
    let repository = Repository::new(&["error"]);
    for (format, leads) in [(&["--quiet"][..], ["why", "  do"]), (&["--plain"], ["why:", "what to do:"])] {
        let ran = repository.check(format);
        ran.expect(1, &["about error-one", "The title of error-one"]);
        let empty =
            ran.out.lines().find(|line| leads.iter().any(|lead| line.trim_start().starts_with(lead.trim_start())));
        assert_eq!(empty, None, "{}", ran.out);
    }
}

#[test]
fn two_runs_say_the_same() {
    let repository = Repository::new(&["error", "warning", "unknown"]);
    for format in ["text", "json"] {
        let run = || repository.0.annexa(["check", "--output", format]).out;
        let first = run();
        assert!(!first.is_empty() && run() == first, "{format}");
        let one = repository.0.annexa_with(["check", "--output", format], &[("RAYON_NUM_THREADS", "1")]).out;
        let many = repository.0.annexa_with(["check", "--output", format], &[("RAYON_NUM_THREADS", "7")]).out;
        assert!(one == first && many == first, "{format}: the number of threads matters");
    }
}

#[test]
fn a_history_that_is_not_there_judges_nothing_and_one_that_cannot_be_read_is_unknown() {
    let own = "id: own\ntitle: It changed\napplies_to: ai-system\nvalidations:\n  - expression: doc.history.count > 0\n    \
               message: it did not\n";
    let with = |folder: Folder| {
        folder.file("annexa.yaml", "policy_dirs: [own]\n").file("own/own.yaml", own).file("ai-system.yaml", "id: a\n")
    };
    let check = |folder: &Folder| folder.annexa(["check", "--only", "own"]);
    let without = with(Folder::new());
    check(&without).expect(0, &["such as ages and the order of changes: this is not a git repository."]);
    let unborn = with(Folder::repository());
    check(&unborn).expect(0, &["such as ages and the order of changes: there is no commit yet."]);
    let ran = unborn.annexa(["check", "--only", "own", "--output", "json"]);
    assert!(ran.out.contains("\"the repository has no commit yet\""), "{}", ran.out);
    // Of a form that is not read.
    let config = unborn.read(".git/config").replace("repositoryformatversion = 0", "repositoryformatversion = 1");
    unborn.write(".git/config", format!("{config}[extensions]\n\tobjectformat = sha256\n"));
    check(&unborn).expect(3, &["the git history cannot be read: the repository names its commits by", "annexa doctor"]);
    unborn.annexa(["log", "ai-system.yaml"]).expect(3, &["the git history cannot be read", "annexa doctor"]);
    unborn.annexa(["doctor"]).expect(0, &["it cannot be read: the repository names its commits by SHA-256"]);
}
