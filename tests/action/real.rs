//! The whole action with the real program, in repositories as actions/checkout leaves them.

use super::history::git;
use crate::runner::composite::{Done, Job};
use crate::support::Folder;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A system without an owner: one error. Its name tries to speak to the runner.
pub const OLD: &str = "id: old\nname: |\n  Old\n  ::error::forged\n  end ##[error]forged\n";
/// Another one.
pub const NEW: &str = "id: new\nname: New\n";

/// A repository whose `main` has a system with an error, and in which the pull request 7 changes a file.
fn origin(path: &str, text: &str) -> Folder {
    origin_with(&[("systems/old/ai-system.yaml", OLD)], path, text)
}

/// A repository with these files on `main`, in which the pull request 7 changes one.
pub fn origin_with(files: &[(&str, &str)], path: &str, text: &str) -> Folder {
    let folder = Folder::repository();
    for (path, text) in files {
        folder.write(path, text);
    }
    folder.commit_on("", 1_772_000_000);
    git(&folder.path(""), &["checkout", "--quiet", "-b", "change"]);
    folder.write(path, text);
    folder.commit_on("", 1_772_086_400);
    merge(&folder);
    folder
}

/// Merges `change` as the platform does, apart from both branches, and leaves `main` checked out.
pub fn merge(origin: &Folder) {
    let root = origin.path("");
    git(&root, &["checkout", "--quiet", "--detach", "main"]);
    let who = ["-c", "user.name=Web", "-c", "user.email=web@example.org"];
    git(&root, &[&who[..], &["merge", "--quiet", "--no-ff", "--message", "Merge", "change"]].concat());
    git(&root, &["update-ref", "refs/pull/7/merge", "HEAD"]);
    git(&root, &["checkout", "--quiet", "main"]);
}

/// An event of the fixtures that names the commits of the repository instead of its own.
pub fn payload(origin: &Folder, file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/events/{file}.json"));
    let of = |name: &str| git(&origin.path(""), &["rev-parse", name]);
    let text = fs::read_to_string(path).expect("the event is there");
    let text = text.replace("6dcb09b5b57875f334f61aebed695e2e4193db5e", &of("change"));
    let text = text.replace("c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c", &of("main"));
    let merged = if file == "push" { of("main") } else { of("refs/pull/7/merge") };
    let text = text.replace("f95f852bd8fca8fcc58a9a2d6c842781e32a215e", &merged);
    serde_json::from_str(&text).expect("the event is JSON")
}

/// A job with the real program on a checkout of one commit of `reference`.
fn job(origin: &Folder, reference: &str, event: &str, file: &str) -> Job {
    start(origin, reference, event, &payload(origin, file))
}

/// The same with a payload of its own.
pub fn start(origin: &Folder, reference: &str, event: &str, payload: &Value) -> Job {
    let job = Job::new().event(event, payload).input("binary", env!("CARGO_BIN_EXE_annexa"));
    let workspace = job.workspace();
    git(&workspace, &["init", "--quiet"]);
    git(&workspace, &["remote", "add", "origin", &format!("file://{}", origin.path("").display())]);
    git(
        &workspace,
        &["fetch", "--quiet", "--no-tags", "--depth=1", "origin", &format!("+{reference}:refs/remotes/{reference}")],
    );
    git(&workspace, &["checkout", "--quiet", "--detach", &format!("refs/remotes/{reference}")]);
    let head = git(&workspace, &["rev-parse", "HEAD"]);
    job.env("GITHUB_SHA", head).env("GITHUB_REF", reference).env("SOURCE_DATE_EPOCH", "1780315200")
}

fn pull_request(origin: &Folder) -> Job {
    job(origin, "refs/pull/7/merge", "pull_request", "pull-request")
        .env("GITHUB_BASE_REF", "main")
        .env("GITHUB_HEAD_REF", "change")
}

/// The report, after a look at what must hold for each.
#[track_caller]
pub fn report(done: &Done) -> Value {
    let forged: Vec<_> = done.orders.iter().filter(|order| order.data == "forged").collect();
    assert!(forged.is_empty(), "{forged:?}");
    let text = fs::read_to_string(done.output("report")).unwrap_or_else(|error| panic!("{error}\n{}", done.log));
    let report: Value = serde_json::from_str(&text).expect("the report is JSON");
    assert_eq!(report["history"]["state"], "full", "the history was not fetched");
    assert_eq!(report["verdict"]["exit_code"].to_string(), done.output("exit-code"));
    report
}

/// The subjects of the errors that count.
pub fn errors(report: &Value) -> Vec<&str> {
    let outcomes = report["outcomes"].as_array().expect("outcomes").iter();
    let counting = outcomes.filter(|o| o["outcome"] == "fail" && o["severity"] == "error" && o["counts"] == true);
    let mut subjects: Vec<_> = counting.filter_map(|outcome| outcome["subject"]["id"].as_str()).collect();
    subjects.dedup();
    subjects
}

#[test]
fn a_push_is_judged_as_a_whole() {
    let origin = origin("README.md", "# A\n");
    let job = job(&origin, "refs/heads/main", "push", "push").input("gate", "all");
    let done = job.run();
    done.expect(1, "findings", &["`old` has no owner"]);
    assert_eq!(errors(&report(&done)), ["old"]);
}

#[test]
fn a_scheduled_run_is_judged_as_a_whole() {
    let origin = origin("README.md", "# A\n");
    let job = job(&origin, "refs/heads/main", "schedule", "schedule");
    let done = job.run();
    done.expect(1, "findings", &["`old` has no owner"]);
    assert_eq!(errors(&report(&done)), ["old"]);
    let job = job.input("fail-on", "never").input("markdown", "out/page.md");
    fs::create_dir(job.workspace().join("out")).expect("a folder");
    job.run().expect(0, "clear", &[]);
    let page = fs::read_to_string(job.workspace().join("out/page.md")).expect("the page is there");
    assert!(page.contains("has no owner"), "{page}");
}

#[test]
fn a_pull_request_answers_for_what_it_brings() {
    let origin = origin("systems/new/ai-system.yaml", NEW);
    let job = pull_request(&origin);
    let done = job.run();
    done.expect(1, "findings", &["`new` has no owner"]);
    assert_eq!(errors(&report(&done)), ["new"]);
}

#[test]
fn another_base_can_be_named() {
    let origin = origin("systems/new/ai-system.yaml", NEW);
    let job = pull_request(&origin).input("base", "main");
    let done = job.run();
    done.expect(1, "findings", &["`new` has no owner"]);
    assert_eq!(errors(&report(&done)), ["new"]);
}

#[test]
fn a_pull_request_that_brings_nothing_passes() {
    let origin = self::origin("README.md", "# A\n");
    let job = pull_request(&origin);
    let done = job.run();
    done.expect(0, "clear", &[]);
    assert_eq!(errors(&report(&done)), <[&str; 0]>::default());
}

#[test]
fn a_workflow_that_no_longer_checks_is_told() {
    let before = "on: [pull_request]\njobs:\n  records:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: example/annexa@v1\n";
    let origin = origin(".github/workflows/governance.yml", before);
    // It was there on the base already.
    let root = origin.path("");
    git(&root, &["checkout", "--quiet", "--detach", "refs/pull/7/merge"]);
    git(&root, &["branch", "--force", "main"]);
    git(&root, &["checkout", "--quiet", "-B", "change"]);
    origin.write(".github/workflows/governance.yml", before.replace("[pull_request]", "[push]"));
    origin.commit_on("", 1_772_172_800);
    merge(&origin);
    let job = pull_request(&origin);
    let done = job.run();
    done.expect(0, "clear", &["The change alters `on` in a file that runs annexa"]);
    report(&done);
}

#[test]
fn a_configuration_that_is_not_valid_is_told() {
    let origin = origin("annexa.yaml", "polices: {}\n");
    let done = job(&origin, "refs/pull/7/merge", "schedule", "schedule").run();
    done.expect(2, "invalid", &["polices"]);
    assert_eq!(done.messages("error"), ["annexa gave no report. The log of this step says why."]);
}
