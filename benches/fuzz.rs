//! Mutated expressions from the text to the value: none may panic, and none may take long.
//!
//!     cargo bench --bench fuzz -- --seconds 120 --seed 7
//!
//! It begins with the shipped expressions, the hostile ones and, when `tests/conformance/run` has been
//! there, the conformance tests of CEL. The same seed makes the same expressions in the same order.
//! Ends with 1 when something panicked.

#![allow(clippy::print_stdout, clippy::exit)]

#[path = "../tests/bad_input/hostile.rs"]
#[expect(dead_code, reason = "the documents are not needed here")]
mod hostile;

use annexa::document::{Kinds, Shape};
use annexa::engine::cel::{Bindings, Lendable, Lent, Program, Scope, Stop, TreeRef, lend, traced};
use annexa::engine::check::{Environment, check, environment, of_shape};
use annexa::engine::deep;
use annexa::engine::syntax::{ExprId, parse};
use annexa::engine::types::Type;
use annexa::policy::{Piece, bundled, pieces};
use annexa::source::SourceFile;
use annexa::value::{Limits, Syntax, read_as_written};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

/// The document that expressions see, under every name.
const DOCUMENT: &str =
    "{id: a, n: 3, f: 2.5, b: true, none: null, t: 'some text', list: [1, 2, 3], map: {a: 1, 'b-c': [x, y]},
rows: [{id: a, value: 1.5, tags: [x]}, {id: b, value: 2, tags: []}]}";

/// The names that the shipped policies see, on a document of which much is known.
static CHECKED: LazyLock<Environment> = LazyLock::new(|| {
    let kinds = Kinds::bundled();
    let mut names = environment(&kinds);
    if let Some(kind) = kinds.get("impact-assessment") {
        names.bind("doc", of_shape(&Shape::of(kind)));
    }
    for name in ["item", "variables", "params"] {
        names.bind(name, Type::Dyn);
    }
    names
});

/// What is put between and instead of what is there.
const PIECES: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    ":",
    "?",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "<",
    "<=",
    "==",
    "!=",
    "&&",
    "||",
    " in ",
    "'",
    "\"",
    "'''",
    "`",
    "\\",
    "\\x",
    "\\u00e9",
    "r'",
    "b'",
    "0",
    "1",
    "9223372036854775807",
    "18446744073709551615u",
    "0x",
    "1e308",
    ".5",
    "null",
    "true",
    "doc",
    "x",
    "doc.rows",
    "doc.list",
    "doc.map",
    "doc.?t",
    "[?0]",
    ".all(x, x)",
    ".map(x, x)",
    ".filter(x, x == 1)",
    ".all(k, v, k != v)",
    ".transformMap(k, v, v)",
    ".transformMapEntry(k, v, {v: k})",
    ".optMap(x, x)",
    ".sortBy(x, x)",
    "cel.bind(x, doc, x)",
    "has(doc.t)",
    "size(",
    ".matches('",
    ".format([",
    ".replace(",
    ".split('')",
    ".join()",
    ".flatten(",
    "lists.range(",
    "math.greatest(",
    "optional.of(",
    "timestamp('",
    "duration('",
    "string(",
    "leaves(doc)",
    "pairs(",
    "similarity(",
    "é",
    "\u{202e}",
    "\n",
    "//",
    " ",
    "and",
    "=",
    "“",
];

/// A xorshift generator: the same numbers for the same seed everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

struct Everything(Box<dyn Lendable>);

impl Bindings for Everything {
    fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
        // Names of types stay what they are.
        let type_name =
            matches!(name, "int" | "uint" | "double" | "bool" | "string" | "bytes" | "list" | "map" | "type");
        (!type_name && !name.contains('.')).then(|| Lent::Borrowed(self.0.as_ref()))
    }
}

fn seeds() -> Vec<String> {
    let mut seeds: Vec<String> =
        hostile::cases().into_iter().map(|case| case.text).filter(|t| t.len() < 5_000).collect();
    for policy in bundled() {
        seeds.extend(policy.when.iter().chain(&policy.for_each).map(|e| e.text.clone()));
        seeds.extend(policy.variables.iter().map(|(_, e)| e.text.clone()));
        for validation in &policy.validations {
            seeds.push(validation.expression.text.clone());
            seeds.extend(validation.at.iter().map(|e| e.text.clone()));
            let words = validation.message.iter().flat_map(|message| pieces(&message.text).unwrap_or_default());
            seeds.extend(words.filter_map(|piece| match piece {
                Piece::Expression(text, _) => Some(text),
                Piece::Text(_) => None,
            }));
        }
    }
    let spec = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/conformance/.cache/cel-spec.json");
    let spec: Vec<serde_json::Value> =
        std::fs::read(spec).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    seeds.extend(spec.iter().filter_map(|case| case["test"]["expr"].as_str()).map(str::to_owned));
    seeds
}

fn boundary(text: &str, random: &mut Random) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}

fn mutated(seeds: &[String], random: &mut Random) -> String {
    let mut text = seeds[random.below(seeds.len())].clone();
    for _ in 0..=random.below(4) {
        let (a, b) = (boundary(&text, random), boundary(&text, random));
        let (from, to) = (a.min(b), a.max(b));
        match random.below(6) {
            0 => text.insert_str(a, PIECES[random.below(PIECES.len())]),
            1 => {
                text.replace_range(from..to.min(text.ceil_char_boundary(from + 8)), PIECES[random.below(PIECES.len())])
            }
            2 => text.replace_range(from..to, ""),
            3 => {
                let copy = text[from..to].to_owned();
                text.insert_str(b, &copy);
            }
            4 => {
                let other = &seeds[random.below(seeds.len())];
                let at = boundary(other, random);
                text.truncate(a);
                text.push_str(&other[at..]);
            }
            _ => text = format!("({text}){}", PIECES[random.below(PIECES.len())]),
        }
    }
    text
}

#[derive(Default)]
struct Count {
    made: u64,
    parsed: u64,
    compiled: u64,
    accepted: u64,
    valued: u64,
    exhausted: u64,
    panicked: Vec<String>,
    slowest: (Duration, String),
}

/// One expression through every step.
fn try_out(text: &str, names: &Everything, count: &mut Count) {
    // Step 1: parse; every node lies in the text, and every error too.
    match parse(text) {
        Ok(ast) => {
            count.parsed += 1;
            for id in (0..ast.len() as u32).map(ExprId) {
                let span = ast.span(id);
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "a node lies outside");
            }
        }
        Err(error) => {
            assert!(text.get(error.at.clone()).is_some(), "an error lies outside: {error:?}");
            return;
        }
    }
    // Step 2: compile.
    let Ok(program) = Program::compile(text) else { return };
    count.compiled += 1;
    // Step 3: check, against the shipped kinds; every mistake lies in the text.
    let typed = check(program.ast(), &CHECKED);
    count.accepted += u64::from(typed.mistakes.is_empty());
    for mistake in &typed.mistakes {
        assert!(text.get(mistake.at.clone()).is_some(), "a mistake lies outside: {mistake:?}");
    }
    // Step 4: evaluate.
    let (outcome, trace) = traced(|| Scope::new(names, &[]).evaluate(&program));
    count.exhausted += u64::from(trace.exhausted);
    match outcome {
        Ok(value) => {
            count.valued += 1;
            assert!(value.to_string().len() < 100_000_000, "a value is too large to be shown");
        }
        Err(Stop::Error(why)) => assert!(!why.contains("the expression evaluator failed"), "the evaluator panicked"),
        Err(_) => {}
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let option = |name: &str, otherwise: u64| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(otherwise)
    };
    let (seconds, seed) = (option("--seconds", 10), option("--seed", 1));
    let file = Arc::new(SourceFile::new("doc.yaml", DOCUMENT.as_bytes().to_vec()));
    let (tree, _) = read_as_written(file, Syntax::Yaml, &Limits::default());
    let root = tree.roots()[0];
    let names = Everything(lend(&TreeRef { tree: Arc::new(tree), index: 0 }, root));
    let seeds = seeds();
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut count = Count::default();
    while Instant::now() < end && count.panicked.len() < 20 {
        let text = mutated(&seeds, &mut random);
        let start = Instant::now();
        count.made += 1;
        let outcome = deep(|| catch_unwind(AssertUnwindSafe(|| try_out(&text, &names, &mut count))));
        if outcome.is_err() {
            count.panicked.push(text.clone());
        }
        let took = start.elapsed();
        if took > count.slowest.0 {
            count.slowest = (took, text);
        }
    }
    println!("{} seeds, seed {seed}, {seconds} s", seeds.len());
    println!(
        "{} expressions: {} parsed, {} compiled, {} without a mistake, {} with a value, {} out of steps",
        count.made, count.parsed, count.compiled, count.accepted, count.valued, count.exhausted
    );
    println!("slowest {:?}: {:?}", count.slowest.0, count.slowest.1);
    count.panicked.iter().for_each(|text| println!("panicked: {text:?}"));
    if count.panicked.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
