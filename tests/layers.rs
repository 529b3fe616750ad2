//! The layers of the source: a lower one never names a higher one, effects happen in one layer, and
//! each library of the project's core is named in one place. Judged by the text of `src/`, without
//! its comments and tests.

use regex::{Captures, Regex};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The modules from the bottom to the top. Those of one row may name each other.
const LAYERS: &[&[&str]] = &[
    &["source"],
    &["value"],
    &["document", "facts", "history", "catalogue"],
    &["config", "policy"],
    &["finding"],
    &["engine"],
    &["report", "publish"],
    &["io"],
    &["cli"],
    &["app"],
];

/// The tables that the build script makes: who may name them.
const EMBEDDED: (&str, &[&str]) = ("embedded", &["document", "policy", "io", "app"]);

/// What only some files may name: words, and the beginnings of the paths that may.
const KEPT_APART: &[(&[&str], &[&str])] = &[
    (&["std::fs", "std::net", "SystemTime::now", "Instant::now", "Utc::now", "Local::now", "read_dir"], &["src/io/"]),
    (&[".is_dir()", ".is_file()", ".is_symlink()", ".exists()", ".canonicalize()"], &["src/io/"]),
    (&["git2::", "ignore::", "stdin()"], &["src/io/"]),
    (&["std::env", "std::process"], &["src/io/", "src/main.rs"]),
    (&["stdout()", "stderr()"], &["src/io/", "src/app/console.rs"]),
    (&["println!", "print!", "eprintln!", "eprint!"], &[]),
    (&["cel::"], &["src/engine/cel/"]),
    (&["jsonschema::"], &["src/document/"]),
    (&["granit_parser::", "pulldown_cmark::", "toml_parser::"], &["src/value/"]),
    (&["miette::"], &["src/report/"]),
    (&["octocrab::", "tokio::", "hyper"], &["src/io/github"]),
];

/// Files that are no part of the layers: the list of modules, the tables, and the build script.
const APART: &[&str] = &["src/lib.rs", "src/embedded.rs", "src/embed.rs"];

#[test]
fn every_file_keeps_to_its_layer() {
    let files = files(Path::new(env!("CARGO_MANIFEST_DIR")), "src");
    assert!(files.len() > 50, "only {} files were found", files.len());
    let breaches: Vec<String> = files.iter().flat_map(|(path, text)| breaches(path, text)).collect();
    assert!(breaches.is_empty(), "\n{}", breaches.join("\n"));
}

#[test]
fn a_breach_is_seen() {
    let table = [
        (
            "src/source/file.rs",
            "use crate::value::Tree;",
            "src/source/file.rs:1: `source` names `value`, a higher layer",
        ),
        (
            "src/value/json/mod.rs",
            "\nlet io = super::super::io::disk::read();",
            "src/value/json/mod.rs:2: `value` names `io`, a higher layer",
        ),
        (
            "src/report/json.rs",
            "use crate::{\n    finding::Report,\n    app::Console,\n};",
            "src/report/json.rs:1: `report` names `app`, a higher layer",
        ),
        (
            "src/facts/day.rs",
            "crate::embedded::POLICIES",
            "src/facts/day.rs:1: `facts` names `embedded`, which is not for it",
        ),
        ("src/extra.rs", "", "src/extra.rs:1: `extra` has no layer"),
        (
            "src/engine/run.rs",
            "use std::{env, fs};",
            "src/engine/run.rs:1: `std::env` is only for src/io/, src/main.rs",
        ),
        ("src/policy/read.rs", "let now = Utc::now();", "src/policy/read.rs:1: `Utc::now` is only for src/io/"),
        (
            "src/app/check.rs",
            "fn f() {\nprintln!(\"done\");",
            "src/app/check.rs:2: `println!` is only for the build script",
        ),
        ("src/engine/run.rs", "use ::cel::Env;", "src/engine/run.rs:1: `cel::` is only for src/engine/cel/"),
        ("src/io/git.rs", "fn read() -> cel::Value {", "src/io/git.rs:1: `cel::` is only for src/engine/cel/"),
    ];
    for (path, text, expected) in table {
        assert_eq!(breaches(path, text).first().map(String::as_str), Some(expected), "{text}");
    }
}

#[test]
fn what_is_allowed_passes() {
    let table = [
        ("src/value/read.rs", "use crate::source::Span;"),
        ("src/config/mod.rs", "use crate::policy::Severity; // as crate::app says"),
        ("src/policy/read.rs", "use crate::embedded;"),
        ("src/engine/run.rs", "use super::cel::Value;\nuse crate::engine::cel::Scope;"),
        ("src/io/disk.rs", "use std::fs;"),
        ("src/main.rs", "std::env::args_os()"),
        ("src/app/doctor.rs", "self.environment.colors_stdout()"),
        (
            "src/value/keys.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {\n        println!();\n    }\n}\nfn c() {}",
        ),
    ];
    for (path, text) in table {
        assert_eq!(breaches(path, text), Vec::<String>::new(), "{text}");
    }
    let after = "#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nuse crate::app::main;";
    assert_eq!(breaches("src/io/env.rs", after), ["src/io/env.rs:5: `io` names `app`, a higher layer"]);
}

/// The files below `folder` that are not there for tests only, with `/` in their paths from `root`.
fn files(root: &Path, folder: &str) -> Vec<(String, String)> {
    let (mut files, mut folders, mut tests) = (Vec::new(), vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("sources are text").replace("\r\n", "\n");
                tests.extend(test_modules(&path, &text));
                files.push((path, text));
            }
        }
    }
    files.retain(|(path, _)| !tests.iter().any(|test| path.starts_with(test) || path.with_extension("") == *test));
    files.sort();
    let relative = |path: &Path| {
        let below = path.strip_prefix(root).expect("listed below the root");
        below.to_str().expect("names of sources are ASCII").replace('\\', "/")
    };
    files.into_iter().map(|(path, text)| (relative(&path), text)).collect()
}

/// Paths, without `.rs`, of the modules for tests that `text` declares in files of their own.
fn test_modules(path: &Path, text: &str) -> Vec<PathBuf> {
    static DECLARED: LazyLock<Regex> =
        LazyLock::new(|| pattern(r#"(?m)^#\[cfg\(test\)\]\n(?:#\[path = "(.+)\.rs"\]\n)?mod (\w+);$"#));
    let folder = path.parent().expect("a file is in a folder");
    let children = if path.ends_with("mod.rs") { folder.to_path_buf() } else { path.with_extension("") };
    let of = |found: Captures| found.get(1).map_or_else(|| children.join(&found[2]), |file| folder.join(file.as_str()));
    DECLARED.captures_iter(text).map(of).collect()
}

/// The text without comments and tests and with one `use` a name, each on the line it was on.
fn code(text: &str) -> String {
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)(^|[ ;{])//.*$"));
    static TEST: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"(?m)^#\[cfg\(test\)\]\n(?:#.*\n)*(?:[^\n{]*;$|(?s:.*?)^\}$)"));
    static GROUP: LazyLock<Regex> = LazyLock::new(|| pattern(r"\buse ([\w:]+)::\{([^;]*)\};"));
    let lines = |text: &str| "\n".repeat(text.matches('\n').count());
    let text = COMMENT.replace_all(text, "$1");
    let text = TEST.replace_all(&text, |found: &Captures| lines(&found[0]));
    let apart = |found: &Captures| {
        found[2].split(',').map(|name| format!("{}::{} ", &found[1], name.trim())).collect::<String>()
    };
    GROUP.replace_all(&text, |found: &Captures| apart(found) + &lines(&found[0])).into_owned()
}

/// Each breach in a file as `path:line: what`, in the order of the lines.
fn breaches(path: &str, text: &str) -> Vec<String> {
    static MODULE: LazyLock<Regex> = LazyLock::new(|| pattern(r"\bcrate::(\w+)"));
    static WORDS: LazyLock<Vec<(Regex, &str, &[&str])>> = LazyLock::new(|| {
        let rows = KEPT_APART.iter().flat_map(|(words, homes)| words.iter().map(move |word| (*word, *homes)));
        rows.map(|(word, homes)| (whole(word), word, homes)).collect()
    });
    let module = path["src/".len()..].split(['/', '.']).next().unwrap_or_default();
    let level = |name: &str| LAYERS.iter().position(|row| row.contains(&name));
    let own = match level(module) {
        Some(level) => level,
        None if path == "src/main.rs" => LAYERS.len(),
        None if APART.contains(&path) => return Vec::new(),
        None => return vec![format!("{path}:1: `{module}` has no layer")],
    };
    // As many `super` as there are folders lead to the root of the crate.
    let to_the_root = "super::".repeat(path.trim_end_matches("/mod.rs").matches('/').count());
    let code = code(text).replace(&to_the_root, "crate::");
    let mut found = Vec::new();
    for named in MODULE.captures_iter(&code) {
        let (at, name) = (named.get_match().start(), &named[1]);
        if name == EMBEDDED.0 && !EMBEDDED.1.contains(&module) {
            found.push((at, format!("`{module}` names `{name}`, which is not for it")));
        } else if level(name).is_some_and(|level| level > own) {
            found.push((at, format!("`{module}` names `{name}`, a higher layer")));
        }
    }
    for (pattern, word, homes) in WORDS.iter().filter(|(_, _, homes)| !homes.iter().any(|home| path.starts_with(home)))
    {
        found.extend(
            pattern.find_iter(&code).map(|place| (place.end(), format!("`{word}` is only for {}", listed(homes)))),
        );
    }
    found.sort();
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    found.into_iter().map(|(at, what)| format!("{path}:{}: {what}", line(at))).collect()
}

fn listed(homes: &[&str]) -> String {
    if homes.is_empty() { "the build script".to_owned() } else { homes.join(", ") }
}

/// `word` where it begins a path, a name or a call, and is not the end of a longer one.
fn whole(word: &str) -> Regex {
    let before = if word.starts_with('.') { "" } else { r"(?:^|[^\w:]|io::|(?:^|[^\w>])::)" };
    let after = if word.ends_with(char::is_alphabetic) { r"\b" } else { "" };
    pattern(&format!("(?m){before}{}{after}", regex::escape(word)))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is well formed")
}
