//! Events as GitHub sends them, and as somebody might make them up.

use annexa::facts::{ChangeRequest, Event};
use annexa::io::github::Settings;
use annexa::io::github::event::{self, EventError};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

const HEAD: &str = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const BASE: &str = "c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c";
const MERGED: &str = "f95f852bd8fca8fcc58a9a2d6c842781e32a215e";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/events/{name}.json"))
}

fn payload(name: &str) -> Value {
    serde_json::from_slice(&fs::read(path(name)).expect("the event is there")).expect("the event is JSON")
}

fn parsed(name: &str, file: &str) -> Event {
    event::parse(name, &fs::read(path(file)).expect("the event is there")).expect("the event is read")
}

fn request() -> ChangeRequest {
    ChangeRequest {
        number: 7,
        title: "Add the impact assessment of v2".to_owned(),
        author: "mona".to_owned(),
        draft: false,
        labels: vec!["ai-governance".to_owned()],
        base_branch: "main".to_owned(),
        base_sha: BASE.to_owned(),
        head_sha: HEAD.to_owned(),
        head_repo: Some("octo-org/governance".to_owned()),
        fork: false,
    }
}

#[test]
fn every_event_is_read_as_what_it_is() {
    let own = request();
    let fork = ChangeRequest {
        number: 8,
        author: "contributor".to_owned(),
        labels: Vec::new(),
        head_repo: Some("contributor/governance".to_owned()),
        fork: true,
        ..own.clone()
    };
    let dependabot = ChangeRequest {
        number: 9,
        title: "Bump the model-tools group with 2 updates".to_owned(),
        author: "dependabot[bot]".to_owned(),
        labels: vec!["dependencies".to_owned()],
        ..own.clone()
    };
    let deleted =
        ChangeRequest { number: 10, labels: Vec::new(), head_repo: None, fork: true, draft: true, ..own.clone() };
    let push = |before: Option<&str>, branch: Option<&str>| Event::Push {
        before: before.map(str::to_owned),
        after: MERGED.to_owned(),
        branch: branch.map(str::to_owned),
        forced: false,
    };
    let run = |pull_requests: Vec<u32>| Event::WorkflowRun {
        head_sha: HEAD.to_owned(),
        event: "pull_request".to_owned(),
        pull_requests,
    };
    let queue = Event::MergeGroup {
        head_sha: MERGED.to_owned(),
        base_sha: BASE.to_owned(),
        head_ref: format!("refs/heads/gh-readonly-queue/main/pr-7-{BASE}"),
        base_ref: "refs/heads/main".to_owned(),
        pull_request: Some(7),
    };
    let table = [
        ("pull_request", "pull-request", Event::PullRequest(own.clone())),
        ("pull_request", "pull-request-fork", Event::PullRequest(fork)),
        ("pull_request", "pull-request-dependabot", Event::PullRequest(dependabot)),
        ("pull_request", "pull-request-deleted-fork", Event::PullRequest(deleted)),
        ("pull_request_review", "pull-request-review", Event::PullRequest(own)),
        ("merge_group", "merge-group", queue),
        ("push", "push", push(Some(BASE), Some("main"))),
        ("push", "push-new-branch", push(None, Some("feature/v3"))),
        ("push", "push-tag", push(None, None)),
        ("push", "push-deleted", Event::Other("push".to_owned())),
        ("schedule", "schedule", Event::Schedule),
        ("workflow_dispatch", "workflow-dispatch", Event::WorkflowDispatch),
        ("workflow_run", "workflow-run", run(vec![7])),
        ("workflow_run", "workflow-run-fork", run(Vec::new())),
        ("release", "push", Event::Other("release".to_owned())),
    ];
    for (name, file, expected) in table {
        assert_eq!(parsed(name, file), expected, "{file}");
    }
}

/// Changes one field of an event by its pointer and reads it.
fn with(name: &str, file: &str, pointer: &str, value: Value) -> Result<Event, EventError> {
    let mut payload = payload(file);
    *payload.pointer_mut(pointer).unwrap_or_else(|| panic!("{file} has no {pointer}")) = value;
    event::parse(name, payload.to_string().as_bytes())
}

#[test]
fn made_up_events_are_refused_with_the_field() {
    let table = [
        ("pull_request", "pull-request", "/pull_request/number", json!(0), "pull_request.number"),
        ("pull_request", "pull-request", "/pull_request/number", json!(5_000_000_000_u64), "pull_request.number"),
        ("pull_request", "pull-request", "/pull_request/number", json!("7"), "invalid type"),
        ("pull_request", "pull-request", "/pull_request/head/sha", json!("--upload-pack=x"), "pull_request.head.sha"),
        ("pull_request", "pull-request", "/pull_request/base/sha", json!("main"), "pull_request.base.sha"),
        ("pull_request", "pull-request", "/pull_request/head/repo/full_name", json!("a/../b"), "full_name"),
        ("pull_request", "pull-request", "/pull_request", json!(null), "invalid type"),
        ("merge_group", "merge-group", "/merge_group/head_sha", json!("x"), "merge_group.head_sha"),
        ("push", "push", "/after", json!(""), "after"),
        ("workflow_run", "workflow-run", "/workflow_run/head_sha", json!("0"), "workflow_run.head_sha"),
    ];
    for (name, file, pointer, value, expected) in table {
        let error = with(name, file, pointer, value.clone()).expect_err("it is refused").to_string();
        assert!(error.contains(expected) && error.contains(name), "{pointer} = {value}: {error}");
    }
}

#[test]
fn an_error_quotes_nothing_that_a_log_would_obey() {
    let error = event::parse("pull_request", b"::error::x").expect_err("it is no JSON").to_string();
    assert!(error.starts_with("the event file of GITHUB_EVENT_PATH is no `pull_request` event"), "{error}");
    let error = with("push", "push", "/forced", json!("a\n::error::x")).expect_err("it is no truth value").to_string();
    assert!(!error.contains('\n') && !error.contains(" ::error"), "{error}");
}

#[test]
fn texts_are_cut_and_lists_are_bounded() {
    let Event::PullRequest(request) =
        with("pull_request", "pull-request", "/pull_request/title", json!("ä".repeat(70_000))).expect("it is read")
    else {
        panic!("it is a pull request")
    };
    assert_eq!(request.title.chars().count(), 1_000);
    let labels: Vec<Value> = (0..5_000).map(|n| json!({"name": format!("label-{n}")})).collect();
    let Event::PullRequest(request) =
        with("pull_request", "pull-request", "/pull_request/labels", json!(labels)).expect("it is read")
    else {
        panic!("it is a pull request")
    };
    assert_eq!(request.labels.len(), 100);
}

#[test]
fn the_queue_tells_its_pull_request_by_its_branch() {
    let table = [
        (format!("refs/heads/gh-readonly-queue/main/pr-104-{BASE}"), Some(104)),
        (format!("refs/heads/gh-readonly-queue/release/pr-3-x/pr-9-{BASE}"), Some(9)),
        (format!("refs/heads/gh-readonly-queue/main/pr-0-{BASE}"), None),
        // Entries below it are part of the group.
        (format!("refs/heads/gh-readonly-queue/main/pr-104-{MERGED}"), None),
        ("refs/heads/gh-readonly-queue/main/pr-104-main".to_owned(), None),
        ("refs/heads/main".to_owned(), None),
    ];
    for (branch, expected) in table {
        let event = with("merge_group", "merge-group", "/merge_group/head_ref", json!(branch)).expect("it is read");
        let Event::MergeGroup { pull_request, .. } = event else { panic!("it is a queue's") };
        assert_eq!(pull_request, expected, "{branch}");
    }
}

#[test]
fn the_event_is_found_by_the_environment() {
    let file = path("pull-request").to_string_lossy().into_owned();
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |name: Option<&str>, path: Option<&str>| {
        let value = |variable: &str| match variable {
            "GITHUB_EVENT_NAME" => name.map(str::to_owned),
            "GITHUB_EVENT_PATH" => path.map(str::to_owned),
            _ => None,
        };
        event::read(&Settings::of(value).expect("nothing is wrong"))
    };
    assert_eq!(read(Some("pull_request"), Some(&file)), Ok(Event::PullRequest(request())));
    assert_eq!(read(None, None), Err(EventError::NoEvent));
    assert!(matches!(read(Some("push"), Some("gone.json")), Err(EventError::Unreadable(_))));
    assert!(matches!(read(Some("push"), Some(folder)), Err(EventError::Unreadable(_))));
    assert!(matches!(read(Some("merge_group"), Some(&file)), Err(EventError::Malformed { .. })));
}
