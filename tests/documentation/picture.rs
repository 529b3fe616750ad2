//! The comment that the README shows a picture of: what annexa posts on a pull request against the example
//! repository. `docs/images/make` writes both anew.

use crate::github::fake::Fake;
use crate::support::{Folder, Ran};
use pulldown_cmark::{Options, Parser, html};
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the pull request edits: a file, what stands there, and what comes in its place.
const EDITS: &[(&str, &str, &str)] = &[
    (
        "config/screening.yaml",
        "  # A recruiter opens and closes every application. Nothing is sent from here.\n  send_rejections: false\n",
        "  # What stands below this place is turned down the same night.\n  send_rejections: true\n  reject_below: 60\n",
    ),
    (
        "ai-system.yaml",
        "and the applicant is told so\n    adverse: true\n    automation: partial\n",
        "and the applicant is told so\n    adverse: true\n    automation: full\n",
    ),
    (
        "governance/soa.yaml",
        "  - control: A.9.2\n    applicable: true\n",
        "  - control: A.9.2\n    applicable: false\n",
    ),
    ("annexa.yaml", "# Who is who", "policies:\n  impact-assessment-is-in-time: {severity: note}\n\n# Who is who"),
];

/// The branch of the pull request in the example repository: its folder, its base and its head.
fn change() -> (Folder, String, String) {
    let folder = Folder::new();
    let into = folder.path("repository");
    folder.annexa(["demo", "hiring", "--into", into.to_str().expect("a name")]).expect(0, &[]);
    let base = git(&into, &["rev-parse", "HEAD"]);
    git(&into, &["checkout", "--quiet", "-b", "reject-by-rank"]);
    for (path, from, to) in EDITS {
        let path = into.join(path);
        let text = fs::read_to_string(&path).expect("the example has the file");
        assert_eq!(text.matches(from).count(), 1, "{}", path.display());
        fs::write(&path, text.replace(from, to)).expect("it can be written");
    }
    git(&into, &["commit", "--quiet", "--all", "--message", "Turn down what stands low in the queue"]);
    let head = git(&into, &["rev-parse", "HEAD"]);
    (folder, base, head)
}

fn git(folder: &Path, words: &[&str]) -> String {
    let day = "2026-10-20T10:00:00Z";
    let output = Command::new("git")
        .args(words)
        .current_dir(folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .envs([("GIT_AUTHOR_DATE", day), ("GIT_COMMITTER_DATE", day)])
        .envs([("GIT_AUTHOR_NAME", "Jonas Weber"), ("GIT_AUTHOR_EMAIL", "jonas.weber@halden.example")])
        .envs([("GIT_COMMITTER_NAME", "Jonas Weber"), ("GIT_COMMITTER_EMAIL", "jonas.weber@halden.example")])
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// Checks the change and posts what was found; what stands on the pull request then.
fn posted() -> String {
    let (folder, base, head) = change();
    let fake = Fake::new();
    fake.state().requests[0].head.clone_from(&head);
    let event = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/events/pull-request.json");
    let event = fs::read_to_string(event).expect("the event is there");
    let event = event.replace("6dcb09b5b57875f334f61aebed695e2e4193db5e", &head);
    folder.write("event.json", event.replace("c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c", &base));
    let (api, graphql) = (fake.api_url(), fake.graphql_url());
    let path = |name: &str| folder.path(name).to_string_lossy().into_owned();
    let (event, report) = (path("event.json"), path("report.json"));
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_API_URL", api.as_str()),
        ("GITHUB_GRAPHQL_URL", graphql.as_str()),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "octo-org/governance"),
        ("GITHUB_TOKEN", "ghs_token"),
        ("GITHUB_EVENT_NAME", "pull_request"),
        ("GITHUB_EVENT_PATH", event.as_str()),
        ("GITHUB_RUN_ID", "30433642"),
    ];
    let run = |words: &[&str]| -> Ran { folder.annexa_with(words, &variables) };
    let output = format!("json={report}");
    run(&["check", &path("repository"), "--github", "--today", "2026-11-02", "--output", &output]).expect(1, &[]);
    run(&["publish", &report, "--comment", "--strict-publish"]).expect(0, &["wrote the comment"]);
    let state = fake.state();
    assert_eq!(state.comments.len(), 1);
    state.comments[0].body.clone()
}

/// The comment as a page for a browser, in letters like those of the platform.
fn page(comment: &str) -> String {
    let mut body = String::new();
    html::push_html(&mut body, Parser::new_ext(comment, Options::ENABLE_GFM | Options::ENABLE_TABLES));
    format!(
        "<!doctype html><meta charset=utf-8><title>A comment of annexa</title><style>\n{}</style>\n<div class=head>\
         <b>github-actions</b> <span class=tag>bot</span> commented</div><div class=body>\n{body}</div>\n",
        include_str!("comment.css")
    )
}

#[test]
fn the_comment_of_the_picture_is_what_is_posted() {
    let posted = posted();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/images/comment.md");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &posted).expect("the comment can be written");
    }
    if let Some(page_path) = std::env::var_os("ANNEXA_COMMENT_PAGE") {
        fs::write(page_path, page(&posted)).expect("the page can be written");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == posted, "docs/images/comment.md is another one: run docs/images/make and look at it\n{posted}");
}
