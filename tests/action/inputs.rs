//! Inputs: how they reach the program, what is refused, and that none of them is ever run.

use super::{call_of, calls, job};
use crate::runner::composite::{Job, manifest};
use std::fs;
use std::path::Path;

#[test]
fn without_inputs_the_workspace_is_checked() {
    let job = job();
    job.run().expect(0, "findings", &[]);
    let check = call_of(&job, "check");
    assert_eq!(check.folder, job.workspace().canonicalize().expect("it is there"));
    let report = check.words[5].strip_prefix("json=").expect("a report").to_owned();
    assert!(report.starts_with(job.temp().to_str().expect("a name")), "{report}");
    let output = format!("json={report}");
    let expected = ["check", "--github", "--output", "text", "--output", &output];
    assert_eq!(check.words[..6], expected);
    assert_eq!(check.words[6..], ["--fail-on=error", "--when-empty=fail", "--", "."]);
    assert_eq!(call_of(&job, "publish").words, ["publish", &report, "--inline-max=20"]);
}

#[test]
fn every_input_reaches_the_program() {
    let job = job();
    fs::create_dir(job.workspace().join("sub folder")).expect("a folder");
    let inputs = [
        ("path", "sub folder"),
        ("config", "governance/annexa.yaml"),
        ("fail-on", "warning"),
        ("gate", "touched"),
        ("when-empty", "pass"),
        ("online", "true"),
        ("comment", "true"),
        ("inline", "true"),
        ("inline-max", "7"),
        ("check-run", "true"),
        ("strict-publish", "true"),
        ("sarif", "out.sarif"),
        ("markdown", "out.md"),
    ];
    let job = inputs.iter().fold(job, |job, (name, value)| job.input(name, *value));
    job.run().expect(0, "findings", &[]);
    let expected = [
        "--output",
        "sarif=out.sarif",
        "--output",
        "markdown=out.md",
        "--config=governance/annexa.yaml",
        "--gate=touched",
        "--fail-on=warning",
        "--when-empty=pass",
        "--online",
        "--",
        "sub folder",
    ];
    assert_eq!(call_of(&job, "check").words[6..], expected);
    let flags = ["--inline-max=7", "--comment", "--inline", "--check-run", "--strict-publish", "--name=sub folder"];
    assert_eq!(call_of(&job, "publish").words[2..], flags);
}

#[test]
fn wrong_inputs_are_told_before_anything_is_fetched_or_built() {
    let table = [
        ("comment", "yes", "The input `comment` is `yes`, which is none of: true false."),
        ("comment", "True", "The input `comment` is `True`"),
        ("comment", "", "The input `comment` is ``"),
        ("inline", "1", "The input `inline` is `1`"),
        ("check-run", "true ", "The input `check-run` is `true `"),
        ("online", "on", "The input `online` is `on`"),
        ("strict-publish", "no", "The input `strict-publish` is `no`"),
        ("fail-on", "errors", "The input `fail-on` is `errors`, which is none of: error warning note never."),
        ("fail-on", "error warning", "The input `fail-on` is `error warning`"),
        ("gate", "old", "The input `gate` is `old`, which is none of: new touched all."),
        ("when-empty", "skip", "The input `when-empty` is `skip`"),
        ("inline-max", "0", "The input `inline-max` is `0`, which is no whole number from 1 to 50."),
        ("inline-max", "51", "The input `inline-max` is `51`"),
        ("inline-max", "5\n1", "The input `inline-max` is `5 1`"),
        ("inline-max", "-1", "The input `inline-max` is `-1`"),
        ("inline-max", "", "The input `inline-max` is ``"),
        ("path", "gone", "The input `path` is `gone`, and there is nothing of that name in the workspace."),
        ("path", "", "The input `path` is ``"),
    ];
    for (name, value, message) in table {
        // No program is given, and none could be had.
        let done = Job::new().input(name, value).run();
        done.expect(2, "invalid", &[]);
        assert_eq!(done.codes, [2], "{name}: {value}");
        assert!(done.messages("error")[0].starts_with(message), "{name}: {:?}", done.messages("error"));
        assert!(done.messages("error")[0].contains("Nothing was checked."));
    }
}

#[test]
fn a_pull_request_never_meets_secrets() {
    let done = Job::new().env("GITHUB_EVENT_NAME", "pull_request_target").run();
    done.expect(2, "invalid", &["Use `pull_request`"]);
}

#[test]
fn no_input_is_run_and_none_becomes_an_option() {
    let hostile = [
        "$(touch ran)",
        "`touch ran`",
        "; touch ran",
        "'; touch ran; '",
        "\"; touch ran; \"",
        "a\ntouch ran\n",
        "--version",
        "-x",
        "*",
        "$HOME",
        "a b  c",
        "${{ github.token }}",
        "%0A::error::gone",
        "a\n::error::gone",
        "##[error]gone",
        "\\",
        "日本",
    ];
    for value in hostile {
        let job = ["path", "config", "sarif", "markdown"].iter().fold(job(), |job, name| job.input(name, value));
        fs::create_dir_all(job.workspace().join(value)).expect("a folder");
        let done = job.run();
        done.expect(0, "findings", &[]);
        let check = call_of(&job, "check");
        for word in ["sarif=", "markdown=", "--config="] {
            assert!(check.words.contains(&format!("{word}{value}")), "{value}: {:?}", check.words);
        }
        assert_eq!(check.words[check.words.len() - 2..], ["--", value], "{value}");
        assert_eq!(done.output("sarif"), value);
        assert_eq!(done.orders.len(), 1, "{value}: {:#?}", done.orders);
        assert!(!job.workspace().join("ran").exists(), "{value}");
    }
}

#[test]
fn a_hostile_input_that_is_refused_is_shown_and_no_more() {
    for name in ["fail-on", "gate", "comment", "inline-max", "path", "binary"] {
        for value in [
            "$(touch ran)",
            "x\n::error::gone",
            "x\r::error::gone",
            "##[error]gone",
            "::error::gone",
            "%0A::error::gone",
            "--x",
        ] {
            let job = Job::new().input(name, value);
            let done = job.run();
            done.expect(2, "invalid", &["Nothing was checked."]);
            assert_eq!(done.orders.len(), 1, "{name}: {value}: {:#?}", done.orders);
            assert!(!job.workspace().join("ran").exists());
        }
    }
}

#[test]
fn no_text_of_a_workflow_is_pasted_into_a_script() {
    let action = manifest(Path::new(env!("CARGO_MANIFEST_DIR")));
    for step in action["runs"]["steps"].as_array().expect("steps") {
        assert!(!step["run"].as_str().expect("a script").contains("${{"));
    }
}

#[test]
fn the_token_is_in_no_step_that_builds() {
    let action = manifest(Path::new(env!("CARGO_MANIFEST_DIR")));
    let with_token = |step: &serde_json::Value| step["env"].to_string().contains("inputs.token");
    let steps: Vec<_> = action["runs"]["steps"].as_array().expect("steps").iter().map(with_token).collect();
    assert_eq!(steps, [false, true]);
}

#[test]
fn a_program_can_be_a_path_in_the_workspace() {
    let job = Job::new();
    let program = super::fake(&job);
    fs::copy(program, job.workspace().join("annexa")).expect("a copy");
    let job = job.input("binary", "annexa");
    job.run().expect(0, "findings", &["annexa 9.9.9"]);
    assert_eq!(calls(&job).len(), 3);
}
