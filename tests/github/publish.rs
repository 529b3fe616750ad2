//! `annexa publish` as a workflow runs it, against the fake.

use super::fake::{Fake, Kind};
use crate::support::{Folder, Ran};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const TOKEN: &str = "ghs_verysecret";

/// A repository whose last commit brings findings, the report on that, and the files of a runner.
struct Job {
    folder: Folder,
    head: String,
    fake: Fake,
}

impl Job {
    fn new(fake: Fake) -> Job {
        let folder = Folder::repository().file("annexa.yaml", "exclude: []\n");
        let base = folder.commit("");
        folder.write("soa.yaml", "kind: soa\nid: soa\n");
        let head = folder.commit("");
        let report = folder.annexa(["check", ".", "--base", &base, "--output", "json=report.json"]);
        assert_eq!(report.code, 1, "{}", report.all());
        fake.state().requests[0].head.clone_from(&head);
        fake.state().diff.insert("soa.yaml".to_owned(), vec![1, 2]);
        Job { folder, head, fake }
    }

    /// Changes an event of the fixtures to be about the commit of the report.
    fn event(&self, file: &str, pointers: &[(&str, Value)]) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/events/{file}.json"));
        let mut event: Value =
            serde_json::from_slice(&fs::read(path).expect("the event is there")).expect("it is JSON");
        for (pointer, value) in pointers {
            *event.pointer_mut(pointer).unwrap_or_else(|| panic!("{file} has no {pointer}")) = value.clone();
        }
        self.folder.write("event.json", event.to_string());
    }

    fn publish(&self, event: &str, flags: &[&str]) -> Ran {
        let (api, graphql) = (self.fake.api_url(), self.fake.graphql_url());
        let path = |name: &str| self.folder.path(name).to_string_lossy().into_owned();
        let (event_path, summary, output) = (path("event.json"), path("summary.md"), path("output"));
        let variables = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_API_URL", api.as_str()),
            ("GITHUB_GRAPHQL_URL", graphql.as_str()),
            ("GITHUB_REPOSITORY", "octo-org/governance"),
            ("GITHUB_TOKEN", TOKEN),
            ("GITHUB_EVENT_NAME", event),
            ("GITHUB_EVENT_PATH", event_path.as_str()),
            ("GITHUB_STEP_SUMMARY", summary.as_str()),
            ("GITHUB_OUTPUT", output.as_str()),
            ("GITHUB_WORKFLOW", "Governance"),
            ("GITHUB_JOB", "check"),
            ("GITHUB_RUN_ID", "30433642"),
            ("GITHUB_RUN_ATTEMPT", "1"),
        ];
        let ran = self.folder.annexa_with(["publish", "report.json"].iter().chain(flags), &variables);
        assert!(!ran.all().contains("verysecret"), "{}", ran.all());
        ran
    }

    fn on_pull_request(&self, flags: &[&str]) -> Ran {
        self.event("pull-request", &[("/pull_request/head/sha", json!(self.head))]);
        self.publish("pull_request", flags)
    }
}

/// The outputs of a step, as the runner reads them.
fn outputs(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        let (name, end) = line.split_once("<<").expect("a value between two lines");
        assert!(end.len() > 30, "{end} can be guessed");
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
        found.push((name.to_owned(), value.join("\n")));
    }
    found
}

#[test]
fn without_a_pull_request_the_log_the_summary_and_the_outputs_are_written() {
    let job = Job::new(Fake::new());
    for (event, file) in [
        ("push", "push"),
        ("schedule", "schedule"),
        ("merge_group", "merge-group"),
        ("workflow_dispatch", "workflow-dispatch"),
    ] {
        job.event(file, &[]);
        let ran = job.publish(event, &["--comment", "--inline", "--check-run"]);
        ran.expect(
            0,
            &["::error file=soa.yaml", "pull request to write on"]
                .map(|text| if event == "merge_group" && text.starts_with("pull") { "a merge queue" } else { text }),
        );
        let report: Value = serde_json::from_str(&job.folder.read("report.json")).expect("it is JSON");
        let found = outputs(&job.folder.read("output"));
        let names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["conclusion", "errors", "warnings", "notes", "unknown"]);
        assert_eq!(found[0].1, "findings");
        assert!(found[1].1.parse::<usize>().expect("a number") > 0);
        assert!(report["verdict"]["name"] == "findings" && job.folder.read("summary.md").len() > 100);
        fs::remove_file(job.folder.path("output")).expect("it is there");
    }
    assert_eq!(job.fake.state().log.len(), 0, "nothing is asked");
}

#[test]
fn a_second_push_changes_one_comment_and_adds_none() {
    let job = Job::new(Fake::new());
    job.on_pull_request(&["--comment", "--inline", "--check-run", "--strict-publish"])
        .expect(0, &["wrote the comment"]);
    let written = || {
        let state = job.fake.state();
        (state.comments.len(), state.inline.len())
    };
    let first = written();
    assert!(first.0 == 1, "{first:?}");
    job.on_pull_request(&["--comment", "--inline", "--strict-publish"]).expect(0, &[]);
    assert_eq!(written(), first);
    assert!(job.fake.state().comments[0].body.contains("soa"));
}

#[test]
fn a_token_that_may_only_read_leaves_everything_in_summary_and_log() {
    let job = Job::new(Fake::new());
    job.fake.state().read_only = true;
    let ran = job.on_pull_request(&["--comment", "--inline"]);
    ran.expect(
        0,
        &["Resource not accessible by integration", "Not posted:", "- a new comment:", "pull-requests: write"],
    );
    assert!(job.folder.read("summary.md").contains("soa"));
    job.on_pull_request(&["--comment", "--strict-publish"]).expect(3, &["Not posted:"]);
}

#[test]
fn a_platform_that_cannot_be_reached_changes_no_verdict() {
    let job = Job::new(Fake::new().fails("GET", "/", 99, Kind::Drop));
    job.on_pull_request(&["--comment"]).expect(0, &["cannot be reached", "Not posted:", "- a new comment:"]);
    job.on_pull_request(&["--comment", "--strict-publish"]).expect(3, &[]);
}

#[test]
fn the_second_workflow_finds_the_pull_request_by_the_platform() {
    for file in ["workflow-run", "workflow-run-fork"] {
        let job = Job::new(Fake::new());
        job.event(file, &[("/workflow_run/head_sha", json!(job.head))]);
        job.publish("workflow_run", &["--comment", "--strict-publish"]).expect(0, &["pull request #7"]);
        assert_eq!(job.fake.state().comments.len(), 1, "{file}");
    }
}

#[test]
fn a_report_about_another_commit_is_posted_nowhere() {
    let job = Job::new(Fake::new());
    job.event("workflow-run", &[]);
    let ran = job.publish("workflow_run", &["--comment"]);
    ran.expect(0, &["nothing is published: the report is about commit", "annexa check --github"]);
    assert!(!ran.out.contains("::error"), "{}", ran.out);
    job.publish("workflow_run", &["--comment", "--strict-publish"]).expect(3, &[]);
    assert_eq!(job.fake.state().log.len(), 0);
    assert!(!job.folder.path("summary.md").exists());
}

#[test]
fn a_report_without_a_change_stands_in_log_and_summary() {
    let job = Job::new(Fake::new());
    let report = job.folder.annexa(["check", ".", "--output", "json=report.json"]);
    assert_eq!(report.code, 1, "{}", report.all());
    let ran = job.on_pull_request(&["--comment"]);
    ran.expect(0, &["::error file=soa.yaml", "nothing is posted on the pull request: the report is about no commit"]);
    assert!(job.folder.read("summary.md").contains("soa"));
    assert_eq!(job.fake.state().log.len(), 0);
}

#[test]
fn a_newer_push_is_what_is_said_and_not_that_all_is_up_to_date() {
    let job = Job::new(Fake::new());
    job.fake.state().requests[0].head = "f".repeat(40);
    let ran = job.on_pull_request(&["--comment"]);
    ran.expect(0, &["Nothing was posted: a newer push came meanwhile"]);
    assert!(!ran.all().contains("up to date"), "{}", ran.all());
    assert_eq!(job.fake.state().comments.len(), 0);
}

#[test]
fn a_dry_run_touches_nothing() {
    let job = Job::new(Fake::new());
    let ran = job.on_pull_request(&["--comment", "--inline", "--dry-run"]);
    ran.expect(
        0,
        &[
            "this is what would be posted",
            "Pull request: octo-org/governance#7",
            "Annotations:",
            "conclusion=findings",
            "Job summary:",
            "- a new comment:",
        ],
    );
    assert!(!ran.out.lines().any(|line| line.starts_with("::")), "{}", ran.out);
    assert_eq!(job.fake.state().log.len(), 0);
    assert!(!job.folder.path("summary.md").exists() && !job.folder.path("output").exists());
}

#[test]
fn what_is_no_report_is_wrong_use() {
    let job = Job::new(Fake::new());
    for text in ["", "{}", "::error::x", "[1]"] {
        job.folder.write("report.json", text);
        let ran = job.on_pull_request(&["--comment"]);
        ran.expect(2, &["cannot be published"]);
        assert!(!ran.all().lines().any(|line| line.starts_with("::")), "{}", ran.all());
    }
    fs::remove_file(job.folder.path("report.json")).expect("it is there");
    job.on_pull_request(&[]).expect(2, &["cannot be read"]);
}

#[test]
fn a_summary_that_would_be_too_large_is_left_alone_and_said() {
    let job = Job::new(Fake::new());
    job.folder.write("summary.md", "x".repeat(1_048_570));
    job.on_pull_request(&[]).expect(0, &["the job summary was not written", "::error file=soa.yaml"]);
    assert_eq!(job.folder.read("summary.md").len(), 1_048_570);
}
