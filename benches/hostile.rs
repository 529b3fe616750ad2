//! How soon hostile expressions end, and in how much memory. `cargo bench --bench hostile` runs each in
//! a process of its own, so that one that dies or takes all memory is seen, and ends with 1 when a goal
//! is missed.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit)]

#[path = "../tests/bad_input/hostile.rs"]
mod hostile;

use annexa::engine::{self, Choice, Input, Sources};
use annexa::facts::{Day, MemorySnapshot};
use annexa::history::Past;
use annexa::policy;
use annexa::source::SourceFile;
use hostile::{Case, End, cases, document};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Goals for one expression on one document, reading the document included.
const TIME: Duration = Duration::from_millis(500);
const MEMORY_KB: u64 = 100 * 1024;

const KIND: &str = r#"{"x-document": {"id": "note", "plural": "notes", "title": "Note", "globs": ["**/*.note.yaml"]},
"type": "object", "properties": {"size": {"type": "number"}, "word": {"type": "string"}}}"#;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--case"), Some(name)) => one(&name),
        _ => all(),
    }
}

fn all() -> ExitCode {
    let Ok(program) = std::env::current_exe() else { return ExitCode::FAILURE };
    let (mut measured, mut missed) = (Vec::new(), 0);
    for case in cases() {
        let output = Command::new(&program).args(["--case", case.name]).output();
        let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let mut fields = said.split_whitespace();
        let mut number = || fields.next().and_then(|n| n.parse::<u64>().ok());
        let numbers = (number(), number());
        let (Some(micros), Some(kb)) = numbers else {
            println!("{:<60} did not end as it should: {}", case.name, said.trim());
            missed += 1;
            continue;
        };
        let time = Duration::from_micros(micros);
        let over = time > TIME || kb > MEMORY_KB;
        missed += usize::from(over);
        let mark = if over { "  MISSED" } else { "" };
        println!("{:<60} {:>8.1} ms {:>7.1} MB{mark}", case.name, micros as f64 / 1e3, kb as f64 / 1024.0);
        measured.push((time, kb, case.name));
    }
    measured.sort_by_key(|(time, ..)| std::cmp::Reverse(*time));
    println!("\nslowest:");
    measured.iter().take(5).for_each(|(time, _, name)| println!("  {time:>10.1?} {name}"));
    measured.sort_by_key(|(_, kb, _)| std::cmp::Reverse(*kb));
    println!("largest:");
    measured.iter().take(5).for_each(|(_, kb, name)| println!("  {:>7.1} MB {name}", *kb as f64 / 1024.0));
    println!("{} cases, {missed} beyond {TIME:?} or {} MB", measured.len() + missed, MEMORY_KB / 1024);
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs a case and prints microseconds and the largest memory of the process in KB, or what is wrong.
fn one(name: &str) -> ExitCode {
    let Some(case) = cases().into_iter().find(|case| case.name == name) else { return ExitCode::FAILURE };
    let text = document(case.document);
    let start = Instant::now();
    match outcome(&case, text) {
        Ok(()) => println!("{} {}", start.elapsed().as_micros(), peak_kb()),
        Err(why) => println!("{why}"),
    }
    ExitCode::SUCCESS
}

/// A whole run in memory: the document read, the policy compiled and judged.
fn outcome(case: &Case, text: String) -> Result<(), String> {
    let snapshot = MemorySnapshot::new([
        ("kinds/note.schema.json".to_owned(), KIND.to_owned()),
        ("a.note.yaml".to_owned(), text),
        ("own/p.yaml".to_owned(), written(&case.text)),
    ]);
    let refused = matches!(case.end, End::Refused(_));
    // The check of types refuses some of the others too; they are measured without it, as if it could be
    // got round.
    let dirs = if refused { "policy_dirs: [own]\n" } else { "" };
    let config = format!("schemas: [kinds]\n{dirs}");
    let config = Arc::new(SourceFile::new("annexa.yaml", config.into_bytes()));
    let file = Arc::new(SourceFile::new("own/p.yaml", written(&case.text).into_bytes()));
    let unchecked = if refused { None } else { policy::read(&file, "own").ok().map(|(policy, _)| Arc::new(policy)) };
    let shipped: Vec<_> = unchecked.into_iter().collect();
    let sources = Sources { snapshot: &snapshot, config: Some(&config), shipped: &shipped };
    let setup = match engine::deep(|| engine::set_up(sources)) {
        Ok(_) if refused => return Err("it is loaded".to_owned()),
        Err(_) if refused => return Ok(()),
        Ok(setup) => setup,
        Err(faulty) => return Err(faulty.iter().flat_map(|f| f.problems.iter().map(|p| p.message.clone())).collect()),
    };
    let input = Input {
        snapshot: Arc::new(snapshot),
        setup,
        today: Day::parse("2026-06-01").ok_or("no day")?,
        past: Past::none("it is made up"),
        shared: None,
        base: None,
        pull_request: None,
        choice: Choice::default(),
        below: None,
    };
    let report = engine::deep(|| engine::run(input));
    let judged: Vec<_> =
        report.judgements.iter().filter(|j| report.rule(j).id == "p").map(|j| j.outcome.name()).collect();
    if judged == ["unknown"] { Ok(()) } else { Err(format!("it is judged {judged:?}")) }
}

fn written(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    format!("id: p\ntitle: t\napplies_to: note\nvalidations: [{{expression: {quoted}}}]\n")
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
