//! The whole action with the real program, a repository and a GitHub: what each event leads to.

use super::history::git;
use super::real::{NEW, OLD, errors, merge, origin_with, payload, report, start};
use crate::github::fake::{Fake, Inline};
use crate::github::shapes;
use crate::runner::composite::{Done, Job};
use crate::support::Folder;
use serde_json::json;
use std::fs;

/// A policy on approvals, and the configuration that names it.
const APPROVED: &str = "id: change-is-approved\ntitle: A change is approved\ncontrols: [A.3.2]\n\
    applies_to: ai-system\nwhen: pr != null\nvalidations:\n  - expression: pr.approvals.size() > 0\n    \
    message: Nobody approved the change\nwhy: Two pairs of eyes see more.\nremedy: Ask for a review.\n";
const CONFIG: &str = "policy_dirs: [governance/policies]\npolicies:\n  system-has-owners: {severity: warning}\n";

/// A repository with an old finding, where pull request 7 brings a new one.
fn origin() -> Folder {
    origin_with(&[("systems/old/ai-system.yaml", OLD)], "systems/new/ai-system.yaml", NEW)
}

/// The same, where a policy asks who approved, and nothing else is an error.
fn origin_with_approvals() -> Folder {
    let files = [
        ("systems/old/ai-system.yaml", OLD),
        ("annexa.yaml", CONFIG),
        ("governance/policies/change-is-approved.yaml", APPROVED),
    ];
    origin_with(&files, "systems/new/ai-system.yaml", NEW)
}

/// A GitHub that has the pull request 7 of the repository.
fn github(origin: &Folder) -> Fake {
    let fake = Fake::with_prefix("/api/v3", "/api/graphql");
    follow(&fake, origin);
    fake
}

/// Tells GitHub what was pushed.
fn follow(fake: &Fake, origin: &Folder) {
    let mut state = fake.state();
    state.requests[0].head = git(&origin.path(""), &["rev-parse", "change"]);
    state.requests[0].base = git(&origin.path(""), &["rev-parse", "main"]);
    state.diff = [("systems/new/ai-system.yaml".to_owned(), vec![1, 2])].into();
}

/// A job for an event that `file` is a payload of, on a checkout of `reference`.
fn job(origin: &Folder, fake: &Fake, reference: &str, event: &str, file: &str) -> Job {
    let mut payload = payload(origin, file);
    for pointer in ["/number", "/pull_request/number"] {
        if let Some(number) = payload.pointer_mut(pointer) {
            *number = json!(7);
        }
    }
    start(origin, reference, event, &payload)
        .env("GITHUB_REPOSITORY", "octo-org/governance")
        .env("GITHUB_API_URL", fake.api_url())
        .env("GITHUB_GRAPHQL_URL", fake.graphql_url())
}

fn on_pull_request(origin: &Folder, fake: &Fake, event: &str, file: &str) -> Job {
    job(origin, fake, "refs/pull/7/merge", event, file)
        .env("GITHUB_BASE_REF", "main")
        .env("GITHUB_HEAD_REF", "change")
        .input("comment", "true")
        .input("inline", "true")
}

/// The branch of the pull request as the merge queue would merge it.
fn queue(origin: &Folder) -> String {
    let base = git(&origin.path(""), &["rev-parse", "main"]);
    let name = format!("refs/heads/gh-readonly-queue/main/pr-7-{base}");
    git(&origin.path(""), &["update-ref", &name, "refs/pull/7/merge"]);
    name
}

/// What stands on the pull request: its comments, and those on lines.
fn written(fake: &Fake) -> (Vec<String>, Vec<String>) {
    let state = fake.state();
    let place = |comment: &Inline| format!("{}:{:?}", comment.path, comment.line);
    (state.comments.iter().map(|c| c.body.clone()).collect(), state.inline.iter().map(place).collect())
}

/// Nothing was lost: the page of the job has the finding.
#[track_caller]
fn told(done: &Done, text: &str) {
    let page = done.summary.as_deref().unwrap_or_default();
    assert!(page.contains(text), "{page}\n{}", done.log);
}

#[test]
fn a_second_push_changes_one_comment_and_adds_none() {
    let origin = origin();
    let fake = github(&origin);
    let job = on_pull_request(&origin, &fake, "pull_request", "pull-request");
    let done = job.run();
    done.expect(1, "findings", &["wrote the comment"]);
    assert_eq!(errors(&report(&done)), ["new"]);
    told(&done, "`new` has no owner");
    let (comments, lines) = written(&fake);
    assert_eq!((comments.len(), &lines), (1, &vec!["systems/new/ai-system.yaml:Some(1)".to_owned(); 2]));
    assert!(comments[0].contains("`new` has no owner") && !comments[0].contains("`old` has no owner"), "{comments:?}");

    // The owner is there now; the stage is still missing, one line further down.
    git(&origin.path(""), &["checkout", "--quiet", "change"]);
    origin
        .write("systems/new/ai-system.yaml", "# The new one.\nid: new\nname: New\nowner: lending\nrisk_owner: risk\n");
    origin.commit_on("", 1_772_172_800);
    merge(&origin);
    follow(&fake, &origin);
    fake.state().diff = [("systems/new/ai-system.yaml".to_owned(), vec![1, 2, 3, 4, 5])].into();
    let done = on_pull_request(&origin, &fake, "pull_request", "pull-request").run();
    done.expect(0, "clear", &["brought the comment up to date"]);
    let (after, lines) = written(&fake);
    assert_eq!((after.len(), lines.len()), (1, 2));
    assert!(after[0] != comments[0] && !after[0].contains("`new` has no owner"), "{after:?}");
    let state = fake.state();
    let open: Vec<_> = state.inline.iter().filter(|comment| !comment.resolved).collect();
    assert!(open.len() == 1 && open[0].body.contains("stage of its life"), "what is mended is resolved");
}

#[test]
fn a_review_runs_the_check_again_with_what_it_says() {
    let origin = origin_with_approvals();
    let fake = github(&origin);
    let job = on_pull_request(&origin, &fake, "pull_request_review", "pull-request-review");
    let done = job.run();
    done.expect(0, "clear", &[]);
    let outcomes = report(&done)["outcomes"].to_string();
    assert!(outcomes.contains("nobody looked up the reviews of the pull request"), "{outcomes}");
    assert_eq!(fake.asked("GET", "/reviews"), 0, "nothing is asked without `online`");
    let job = job.input("online", "true");
    job.run().expect(1, "findings", &["Nobody approved the change"]);
    let head = fake.state().requests[0].head.clone();
    let approved = shapes::review(&fake.state(), "ada", "APPROVED", &head, "2026-05-28T10:03:00Z");
    fake.state().reviews.push(approved);
    let done = job.run();
    done.expect(0, "clear", &[]);
    let (comments, _) = written(&fake);
    assert_eq!(comments.len(), 1);
    assert!(!comments[0].contains("Nobody approved"), "{comments:?}");
}

#[test]
fn a_fork_and_dependabot_have_a_token_that_reads_and_lose_nothing() {
    for file in ["pull-request-fork", "pull-request-dependabot"] {
        let origin = origin();
        let fake = github(&origin);
        fake.state().read_only = true;
        let done = on_pull_request(&origin, &fake, "pull_request", file).run();
        done.expect(1, "findings", &["Not posted:", "- a new comment:"]);
        told(&done, "`new` has no owner");
        assert!(done.messages("error").iter().any(|text| text.contains("`new` has no owner")), "{file}");
        assert_eq!(written(&fake), (vec![], vec![]), "{file}");
    }
}

#[test]
fn a_second_workflow_posts_what_the_first_left_for_a_fork() {
    let origin = origin();
    let fake = github(&origin);
    fake.state().read_only = true;
    let first = on_pull_request(&origin, &fake, "pull_request", "pull-request-fork");
    let left = fs::read(first.run().output("report")).expect("the first workflow leaves its report");
    fake.state().read_only = false;
    let event = payload(&origin, "workflow-run-fork");
    let second = Job::new()
        .event("workflow_run", &event)
        .input("binary", env!("CARGO_BIN_EXE_annexa"))
        .input("comment", "true")
        .env("GITHUB_REPOSITORY", "octo-org/governance")
        .env("GITHUB_API_URL", fake.api_url())
        .env("GITHUB_GRAPHQL_URL", fake.graphql_url());
    let report = second.path("report.json");
    fs::write(&report, left).expect("a file");
    let second = second.input("report", report.to_str().expect("a name"));
    for _ in 0..2 {
        second.run().expect(0, "findings", &["pull request #7"]);
        let (comments, lines) = written(&fake);
        assert_eq!((comments.len(), lines.len()), (1, 0));
        assert!(comments[0].contains("`new` has no owner"), "{comments:?}");
    }
}

#[test]
fn a_merge_queue_is_judged_by_the_pull_request_that_it_holds() {
    let origin = origin_with_approvals();
    let fake = github(&origin);
    let queue = queue(&origin);
    let job = |queue: &str| {
        job(&origin, &fake, queue, "merge_group", "merge-group").input("online", "true").input("comment", "true")
    };
    let done = job(&queue).run();
    done.expect(1, "findings", &["Nobody approved the change", "a merge queue has no pull request of its own"]);
    told(&done, "Nobody approved the change");
    let head = fake.state().requests[0].head.clone();
    let approved = shapes::review(&fake.state(), "ada", "APPROVED", &head, "2026-05-28T10:03:00Z");
    fake.state().reviews.push(approved);
    job(&queue).run().expect(0, "clear", &[]);
    assert_eq!(written(&fake), (vec![], vec![]));
}

#[test]
fn a_merge_group_of_several_pull_requests_has_no_approvals_of_its_own() {
    let origin = origin_with_approvals();
    let other = "c".repeat(40);
    let branch = format!("refs/heads/gh-readonly-queue/main/pr-7-{other}");
    git(&origin.path(""), &["update-ref", &branch, "refs/pull/7/merge"]);
    let mut event = payload(&origin, "merge-group");
    event["merge_group"]["head_ref"] = json!(branch);
    let done = start(&origin, &branch, "merge_group", &event).input("online", "true").run();
    done.expect(3, "incomplete", &["does not tell one pull request", "Let each pull request be checked on its own"]);
}

#[test]
fn a_push_to_the_branch_knows_who_approved_what_it_brings() {
    let origin = origin_with_approvals();
    git(&origin.path(""), &["checkout", "--quiet", "main"]);
    let before = git(&origin.path(""), &["rev-parse", "main"]);
    git(&origin.path(""), &["reset", "--quiet", "--hard", "refs/pull/7/merge"]);
    let fake = github(&origin);
    {
        let mut state = fake.state();
        let after = git(&origin.path(""), &["rev-parse", "main"]);
        (state.requests[0].base, state.requests[0].head) = (before, after);
        state.requests[0].merged_at = Some("2026-05-29T08:00:00Z".to_owned());
    }
    let job = job(&origin, &fake, "refs/heads/main", "push", "push").input("comment", "true");
    // Offline nothing is known of reviews, so the policy has nothing to say.
    job.run().expect(0, "clear", &["a push has no pull request to write on"]);
    let job = job.input("online", "true");
    job.run().expect(1, "findings", &["Nobody approved the change"]);
    let head = fake.state().requests[0].head.clone();
    let approved = shapes::review(&fake.state(), "ada", "APPROVED", &head, "2026-05-28T10:03:00Z");
    fake.state().reviews.push(approved);
    job.run().expect(0, "clear", &[]);
    assert_eq!(written(&fake), (vec![], vec![]));
}

#[test]
fn runs_without_a_change_ask_nothing_of_the_platform() {
    for (event, file) in [("schedule", "schedule"), ("workflow_dispatch", "workflow-dispatch")] {
        let origin = origin();
        let fake = github(&origin);
        let job = job(&origin, &fake, "refs/heads/main", event, file).input("comment", "true").input("online", "true");
        let done = job.run();
        done.expect(1, "findings", &["`old` has no owner", "has no pull request to write on"]);
        told(&done, "`old` has no owner");
        assert_eq!(fake.state().log.len(), 0, "{event}");
    }
}
