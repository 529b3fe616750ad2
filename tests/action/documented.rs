//! What docs/github.md says of inputs and outputs is what action.yml has.

use crate::runner::composite::manifest;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The rows of the table below a heading: its first cells, without their back-ticks.
fn rows(heading: &str, cells: usize) -> Vec<Vec<String>> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/github.md")).expect("the page");
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).expect("the heading");
    let section = section.split("\n## ").next().expect("a section");
    let lines = section.lines().filter(|line| line.starts_with("| `"));
    let cell = |text: &str| text.trim().trim_matches('`').to_owned();
    lines.map(|line| line.split('|').skip(1).take(cells).map(cell).collect()).collect()
}

/// The entries of a map of action.yml: the name and the value of a key.
fn entries(map: &str, key: &str) -> Vec<Vec<String>> {
    let action = manifest(Path::new(env!("CARGO_MANIFEST_DIR")));
    let entries = action[map].as_object().expect("a map");
    let value = |entry: &Value| entry[key].as_str().unwrap_or_default().to_owned();
    entries.iter().map(|(name, entry)| vec![name.clone(), value(entry)]).collect()
}

#[test]
fn the_page_has_every_input_with_its_default() {
    assert_eq!(rows("Inputs", 2), entries("inputs", "default"));
}

#[test]
fn the_page_has_every_output() {
    let names: Vec<_> = entries("outputs", "value").into_iter().map(|entry| vec![entry[0].clone()]).collect();
    assert_eq!(rows("Outputs", 1), names);
}

#[test]
fn every_input_is_handed_to_the_script() {
    let action = manifest(Path::new(env!("CARGO_MANIFEST_DIR")));
    let steps = action["runs"]["steps"].to_string();
    for input in entries("inputs", "default") {
        let variable = format!("INPUT_{}", input[0].to_uppercase().replace('-', "_"));
        assert!(steps.contains(&format!("\"{variable}\":\"${{{{ inputs.{} }}}}\"", input[0])), "{}", input[0]);
    }
}
