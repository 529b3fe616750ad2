//! The SARIF report, judged by the validator of its makers with the rules of the standard and those of
//! code scanning.

use crate::support::Folder;
use serde_json::Value;
use std::process::Command;

/// A report with findings, waived ones and text that is hard to write, from a repository below the top.
fn report(folder: &Folder) {
    folder.annexa(["demo", "hiring-gaps", "--into", "repository"]).expect(0, &[]);
    folder.write("repository/models/[a](b) é/README.md", "---\nmodel_id: \"[x](https://evil.example)\"\nlicense: [\n");
    let ran = folder.annexa(["check", "repository", "--output", "sarif=report.sarif"]);
    assert!(matches!(ran.code, 1 | 3), "{}", ran.all());
}

#[test]
fn the_validator_finds_no_error() {
    let tool = std::env::var("ANNEXA_SARIF_MULTITOOL").expect("it is not installed: run tests/conformance/run");
    let folder = Folder::new();
    report(&folder);
    let written: Value = serde_json::from_str(&folder.read("report.sarif")).expect("it is JSON");
    let results = written["runs"][0]["results"].as_array().expect("a list");
    assert!(results.len() > 5, "{} results say too little", results.len());
    let output = Command::new(tool)
        .args(["validate", "report.sarif", "--rule-kind", "Sarif;Ghas", "--output", "found.sarif"])
        .args(["--log", "ForceOverwrite"])
        .current_dir(folder.path(""))
        .env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1")
        .output()
        .expect("the validator runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    // It ends well even where it finds errors: what counts is its own report.
    let found: Value = serde_json::from_str(&folder.read("found.sarif")).expect("it is JSON");
    let mut errors = Vec::new();
    for run in found["runs"].as_array().expect("a list") {
        for result in run["results"].as_array().into_iter().flatten() {
            let text = format!("{} {} {}", result["ruleId"], result["message"], result["locations"]);
            match result["level"].as_str().unwrap_or("warning") {
                "error" => errors.push(text),
                level => println!("{level}: {text}"),
            }
        }
        for invocation in run["invocations"].as_array().into_iter().flatten() {
            for kind in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
                let notifications = invocation[kind].as_array().into_iter().flatten();
                errors.extend(notifications.filter(|n| n["level"] == "error").map(ToString::to_string));
            }
        }
    }
    assert!(errors.is_empty(), "{errors:#?}");
}
