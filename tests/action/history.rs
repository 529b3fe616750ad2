//! The history: what the checkout left out is fetched, with the token in no command line, or one message says
//! what to do.

use super::{call_of, job};
use crate::runner::composite::{Done, Job};
use crate::support::Folder;
use serde_json::json;
use std::path::Path;
use std::process::Command;

/// git in a folder, without the configuration of whoever runs the tests.
pub fn git(folder: &Path, words: &[&str]) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "protocol.file.allow=always"]).args(words).current_dir(folder);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().expect("git runs");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

/// A repository with a branch `main` of three commits, the tag `v1` on the second, and a branch `change`.
fn origin() -> Folder {
    let folder = Folder::repository();
    for (number, text) in ["one", "two", "three"].iter().enumerate() {
        folder.write("soa.yaml", text);
        folder.commit_on("", 1_772_000_000 + 86_400 * i64::try_from(number).expect("small"));
        if number == 1 {
            git(&folder.path(""), &["tag", "v1"]);
        }
    }
    git(&folder.path(""), &["checkout", "--quiet", "-b", "change"]);
    folder.write("soa.yaml", "four");
    folder.commit_on("", 1_772_400_000);
    git(&folder.path(""), &["checkout", "--quiet", "main"]);
    folder
}

/// Checks a branch out as actions/checkout does by default: one commit, without tags.
fn check_out(origin: &Folder, job: &Job, branch: &str) {
    let url = format!("file://{}", origin.path("").display());
    let workspace = job.workspace();
    git(&workspace, &["init", "--quiet", "-b", "other"]);
    git(&workspace, &["remote", "add", "origin", &url]);
    git(&workspace, &["fetch", "--quiet", "--no-tags", "--depth=1", "origin", &format!("refs/heads/{branch}")]);
    git(&workspace, &["checkout", "--quiet", "--detach", "FETCH_HEAD"]);
    assert_eq!(git(&workspace, &["rev-list", "--count", "HEAD"]), "1");
}

fn pull_request(job: Job) -> Job {
    job.event("pull_request", &json!({"number": 7})).env("GITHUB_BASE_REF", "main").env("GITHUB_HEAD_REF", "change")
}

#[test]
fn a_shallow_checkout_gets_its_history_and_its_tags() {
    for event in ["push", "schedule", "workflow_dispatch", "merge_group"] {
        let origin = origin();
        let job = job().event(event, &json!({}));
        check_out(&origin, &job, "main");
        job.run().expect(0, "findings", &[]);
        let workspace = job.workspace();
        assert_eq!(git(&workspace, &["rev-list", "--count", "HEAD"]), "3", "{event}");
        assert_eq!(git(&workspace, &["tag"]), "v1", "{event}");
    }
}

#[test]
fn a_pull_request_gets_its_base() {
    let origin = origin();
    let job = pull_request(job());
    check_out(&origin, &job, "change");
    job.run().expect(0, "findings", &[]);
    let base = git(&origin.path(""), &["rev-parse", "main"]);
    assert_eq!(git(&job.workspace(), &["merge-base", "HEAD", "origin/main"]), base);
    // The event tells the base to the program.
    assert!(!call_of(&job, "check").words.iter().any(|word| word.starts_with("--base")));
}

#[test]
fn a_base_that_is_asked_for_is_fetched_and_named_as_it_stands_here() {
    let origin = origin();
    for (base, expected) in [("change", "--base=origin/change"), ("v1", "--base=v1")] {
        let job = job().input("base", base);
        check_out(&origin, &job, "main");
        job.run().expect(0, "findings", &[]);
        assert!(call_of(&job, "check").words.contains(&expected.to_owned()), "{base}");
    }
    let commit = git(&origin.path(""), &["rev-parse", "main~1"]);
    let job = job().input("base", &*commit);
    check_out(&origin, &job, "main");
    job.run().expect(0, "findings", &[]);
    assert!(call_of(&job, "check").words.contains(&format!("--base={commit}")));
}

#[test]
fn a_base_that_is_not_there_is_told() {
    let origin = origin();
    for base in ["gone", "--upload-pack=touch ran", "$(touch ran)", "-", "main\n::error::gone"] {
        let job = job().input("base", base);
        check_out(&origin, &job, "main");
        let done = job.run();
        done.expect(3, "failed", &["is not in the checkout, and it could not be fetched as a branch."]);
        assert_eq!(done.orders.len(), 1, "{base}: {:#?}", done.orders);
        assert!(!job.workspace().join("ran").exists());
    }
}

#[track_caller]
fn one_message(done: &Done, message: &str) {
    done.expect(3, "failed", &["fetch-depth: 0"]);
    assert_eq!(done.orders.len(), 1, "{:#?}", done.orders);
    assert!(done.messages("error")[0].contains(message), "{:#?}", done.orders);
}

#[test]
fn a_history_that_cannot_be_fetched_is_one_message() {
    let job = pull_request(job());
    {
        let origin = origin();
        check_out(&origin, &job, "change");
    }
    one_message(&job.run(), "The history of the checkout is cut off, and the rest of it could not be fetched.");
    assert!(!job.path("calls/1").exists(), "it was checked all the same");
    one_message(&job.without("git").run(), "The history of the checkout is cut off, and git is missing");
}

#[test]
fn a_pull_request_without_a_repository_is_one_message() {
    for event in ["pull_request", "pull_request_review", "merge_group"] {
        one_message(&job().event(event, &json!({})).run(), "There is no git repository at `.`");
    }
    job().event("schedule", &json!({})).run().expect(0, "findings", &[]);
}

#[test]
fn a_whole_clone_needs_no_network_and_no_git() {
    let job = pull_request(job());
    {
        let origin = origin();
        let url = format!("file://{}", origin.path("").display());
        git(&job.workspace(), &["clone", "--quiet", &url, "."]);
    }
    job.run().expect(0, "findings", &[]);
    job.without("git").run().expect(0, "findings", &[]);
}

#[test]
fn the_history_of_a_checkout_below_the_workspace_is_found() {
    let origin = origin();
    let job = job().input("path", "in a folder/soa.yaml");
    let below = job.workspace().join("in a folder");
    std::fs::create_dir(&below).expect("a folder");
    let url = format!("file://{}", origin.path("").display());
    git(&below, &["clone", "--quiet", "--depth=1", &url, "."]);
    job.run().expect(0, "findings", &[]);
    assert_eq!(git(&below, &["rev-list", "--count", "HEAD"]), "3");
}

#[test]
fn git_gets_the_token_through_its_environment_and_for_its_server_alone() {
    let origin = origin();
    let job = job();
    check_out(&origin, &job, "main");
    // What would be fetched is written down instead.
    let script = "case \" $* \" in\n*' rev-parse --is-shallow-repository'*) echo true ;;\n*' rev-parse HEAD'*) echo 0123 ;;\n\
                  *' fetch '*) env >\"$HOME/env\"; echo \"$@\" >\"$HOME/words\" ;;\nesac";
    let job = job.tool("git", script);
    let done = job.run();
    done.expect(0, "findings", &[]);
    let read = |name| std::fs::read_to_string(job.path(name)).expect("git was called");
    let (env, words) = (read("env"), read("words"));
    // base64 of `x-access-token:ghs_secretOfTheJob`
    let secret = "eC1hY2Nlc3MtdG9rZW46Z2hzX3NlY3JldE9mVGhlSm9i";
    for line in [
        "GIT_CONFIG_COUNT=6".to_owned(),
        "GIT_CONFIG_KEY_4=http.https://git.example.org/.extraheader".to_owned(),
        "GIT_CONFIG_VALUE_4=".to_owned(),
        "GIT_CONFIG_KEY_5=http.https://git.example.org/.extraheader".to_owned(),
        format!("GIT_CONFIG_VALUE_5=AUTHORIZATION: basic {secret}"),
        "GIT_TERMINAL_PROMPT=0".to_owned(),
    ] {
        assert!(env.lines().any(|found| found == line), "{line}\n{env}");
    }
    assert!(!env.contains("ghs_secretOfTheJob"), "{env}");
    assert!(words.ends_with("fetch --no-progress --no-recurse-submodules --tags --unshallow origin 0123\n"), "{words}");
    for text in [&done.log, &words] {
        assert!(!text.contains(secret) && !text.contains("ghs_"), "{text}");
    }
    let plain = job.env("GITHUB_SERVER_URL", "http://git.example.org");
    plain.run().expect(0, "findings", &[]);
    let env = std::fs::read_to_string(plain.path("env")).expect("git was called");
    assert!(env.contains("GIT_CONFIG_COUNT=4\n") && !env.contains(secret), "{env}");
}

#[test]
fn the_program_may_read_a_checkout_of_somebody_else() {
    let job = job();
    git(&job.workspace(), &["init", "--quiet"]);
    let program = job.path("some tools/annexa");
    let text = std::fs::read_to_string(&program).expect("the stand-in");
    let seen = "[ \"$1\" = check ] && cat \"$XDG_CONFIG_HOME/git/config\" >\"$HOME/config\"\n";
    crate::runner::composite::executable(&program, &text.replacen('\n', &format!("\n{seen}"), 1));
    job.run().expect(0, "findings", &[]);
    let config = job.path("config");
    let trusted = git(&job.workspace(), &["config", "--file", config.to_str().expect("a name"), "safe.directory"]);
    assert_eq!(Path::new(&trusted).canonicalize().ok(), job.workspace().canonicalize().ok());
}
