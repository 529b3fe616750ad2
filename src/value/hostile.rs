//! Files made to hang or crash a reader. Tests run on stacks of 2 MiB; each file must end with
//! problems or values in bounded time.

use super::testing::parse;
use super::{Limits, Syntax, Tree, read};
use crate::source::SourceFile;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Far above what any of the files takes even without optimisation, far below what a reader takes
/// whose time grows with the square of the size.
const PATIENCE: Duration = Duration::from_secs(15);

/// The codes of the problems of `text` and how many records it has.
fn outcome(syntax: Syntax, text: &str) -> (Vec<&'static str>, usize) {
    let start = Instant::now();
    let (tree, problems) = parse(syntax, text);
    let elapsed = start.elapsed();
    println!("{syntax:?} {:?}... {elapsed:?}", &text[..text.floor_char_boundary(20)]);
    assert!(elapsed < PATIENCE, "{syntax:?} {:?}... took {elapsed:?}", &text[..text.floor_char_boundary(20)]);
    (problems.iter().map(|problem| problem.code).collect(), tree.roots().len())
}

fn repeated(piece: &str, bytes: usize) -> String {
    piece.repeat(bytes / piece.len())
}

#[test]
fn yaml_that_is_nested_without_end_is_cut_off() {
    for piece in ["{a: ", "[", "- ", "? ", "- ? ", "{[", "[a: ", "- {"] {
        let (problems, records) = outcome(Syntax::Yaml, &repeated(piece, 1_000_000));
        assert_eq!((problems.len(), records), (1, 0), "{piece:?}: {problems:?}");
        assert!(matches!(problems[0], "nesting-too-deep" | "yaml-syntax"), "{piece:?}: {problems:?}");
    }
    let deep: String = (0..3_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(outcome(Syntax::Yaml, &deep), (vec!["nesting-too-deep"], 0));
    let first = format!("ok: 1\n---\n{}", "[".repeat(200));
    assert_eq!(outcome(Syntax::Yaml, &first), (vec!["nesting-too-deep"], 1));
}

#[test]
fn yaml_that_is_large_is_cut_off() {
    let nodes = "a: 1\n---\n";
    assert_eq!(outcome(Syntax::Yaml, &repeated(nodes, 1_000_000)), (vec!["too-many-documents"], 1_000));
    assert_eq!(outcome(Syntax::Yaml, &repeated("- {a: b}\n", 4_500_000)), (vec!["too-many-values"], 0));
    assert_eq!(outcome(Syntax::Yaml, &format!("[{}]", repeated("a,", 4_000_000))), (vec!["too-many-values"], 0));
    let distinct: String = (0..200_000).map(|index| format!("k{index}: v\n")).collect();
    assert_eq!(outcome(Syntax::Yaml, &distinct), (vec![], 1));
    let (problems, records) = outcome(Syntax::Yaml, &repeated("k: v\n", 1_000_000));
    assert_eq!((problems, records), (vec!["duplicate-key"; 50], 1));
}

#[test]
fn yaml_on_one_line_is_read_in_one_go() {
    for piece in [
        "a", "é", "a ", "#", " #", "'", "\"", "&a ", "!a ", "*a ", "%", "|", ": ", ",", "\t", "\\", "-", "\u{FEFF}",
        "x: ",
    ] {
        outcome(Syntax::Yaml, &repeated(piece, 200_000));
        outcome(Syntax::Yaml, &format!("key: {}", repeated(piece, 200_000)));
        outcome(Syntax::Yaml, &format!("key: \"{}\"", repeated(piece, 200_000)));
        outcome(Syntax::Yaml, &format!("[{}", repeated(piece, 200_000)));
    }
    for line in [
        "# c\n",
        "\n",
        "-\n",
        "- #\n",
        "?\n",
        ":\n",
        "a:\n",
        "- |\n",
        "- &a\n",
        "%A b\n",
        "---\n",
        "...\n",
        "- ''\n",
        "'\n",
        "- a: >\n\n",
    ] {
        outcome(Syntax::Yaml, &repeated(line, 200_000));
    }
    let (problems, records) = outcome(Syntax::Yaml, &format!("key: {}", repeated("a", 1_000_000)));
    assert_eq!((problems, records), (vec![], 1));
}

/// Each level names the one before ten times.
fn bomb(levels: usize, alias: &str) -> String {
    let mut text = String::from("a0: &a0 {k: v}\n");
    for level in 1..=levels {
        let aliases = vec![alias.replace('N', &(level - 1).to_string()); 10].join(", ");
        text += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    text
}

#[test]
fn aliases_that_stand_for_too_much_are_refused() {
    assert_eq!(outcome(Syntax::Yaml, &bomb(9, "*aN")), (vec!["alias-expansion-too-large"], 0));
    assert_eq!(outcome(Syntax::Yaml, &bomb(4, "*aN")), (vec![], 1));
    assert_eq!(outcome(Syntax::Yaml, &bomb(900, "*aN")), (vec!["alias-expansion-too-large"], 0));

    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1_000_000), vec!["*a"; 5_000].join(", "));
    assert_eq!(outcome(Syntax::Yaml, &long), (vec!["alias-expansion-too-large"], 0));

    let mut merges = String::from("m0: &m0 {k: v}\n");
    for level in 1..60 {
        merges += &format!("m{level}: &m{level} {{<<: *m{0}, c{level}: {{<<: *m{0}}}}}\n", level - 1);
    }
    assert_eq!(outcome(Syntax::Yaml, &merges), (vec!["alias-expansion-too-large"], 0));

    // Each block of one Markdown file is bounded, and all of them together.
    let block = format!("```yaml\nkind: x\n{}```\n", bomb(5, "*aN"));
    let (problems, records) = outcome(Syntax::Markdown, &block.repeat(200));
    assert!(problems.iter().all(|code| *code == "alias-expansion-too-large"), "{problems:?}");
    assert!(records < 12, "{records}");
}

#[test]
fn wide_merges_stay_within_the_budget() {
    let wide: String = (0..9_000).map(|index| format!("  k{index}: v\n")).collect();
    let uses: String = (0..100).map(|index| format!("u{index}:\n  <<: *w\n  x: y\n")).collect();
    assert_eq!(outcome(Syntax::Yaml, &format!("w: &w\n{wide}{uses}")), (vec![], 1));
    let uses: String = (0..1_000).map(|index| format!("u{index}:\n  <<: *w\n  x: y\n")).collect();
    assert_eq!(outcome(Syntax::Yaml, &format!("w: &w\n{wide}{uses}")), (vec!["alias-expansion-too-large"], 0));
}

#[test]
fn hostile_json_is_cut_off() {
    assert_eq!(outcome(Syntax::Json, &repeated("[", 1_000_000)), (vec!["nesting-too-deep"], 0));
    assert_eq!(outcome(Syntax::Json, &repeated("{\"a\":", 1_000_000)), (vec!["nesting-too-deep"], 0));
    assert_eq!(outcome(Syntax::Json, &format!("[{}1]", repeated("1,", 4_000_000))), (vec!["too-many-values"], 0));
    assert_eq!(outcome(Syntax::Json, &format!("\"{}\"", repeated("\\u0061", 4_000_000))), (vec![], 1));
    assert_eq!(outcome(Syntax::Json, &repeated("9", 1_000_000)), (vec![], 1));
    assert_eq!(outcome(Syntax::Json, &repeated(" ", 4_000_000)), (vec!["json-syntax"], 0));
    let entries: Vec<String> = (0..200_000).map(|index| format!("\"{index}\":0")).collect();
    assert_eq!(outcome(Syntax::Json, &format!("{{{}}}", entries.join(","))), (vec![], 1));
    for piece in ["\"", "\\", ",", ":", "}", "]", "{}", "[]", "-", "/", "é"] {
        assert_eq!(outcome(Syntax::Json, &repeated(piece, 1_000_000)).1, 0, "{piece:?}");
    }
}

#[test]
fn hostile_toml_is_cut_off() {
    let deep = |piece: &str| outcome(Syntax::Toml, &format!("a = {}", repeated(piece, 1_000_000)));
    assert_eq!(deep("["), (vec!["nesting-too-deep"], 0));
    assert_eq!(deep("{a = "), (vec!["nesting-too-deep"], 0));
    assert_eq!(deep("[{a="), (vec!["nesting-too-deep"], 0));
    assert_eq!(outcome(Syntax::Toml, &format!("a{} = 1", repeated(".a", 500_000))), (vec!["nesting-too-deep"], 0));
    assert_eq!(outcome(Syntax::Toml, &format!("[a{}]", repeated(".a", 500_000))), (vec!["nesting-too-deep"], 0));
    assert_eq!(outcome(Syntax::Toml, &format!("a = [{}]", repeated("1,", 1_000_000))), (vec!["too-many-values"], 0));
    assert_eq!(outcome(Syntax::Toml, &format!("a = [{}]", repeated("1,", 4_900_000))), (vec!["too-many-values"], 0));
    let (problems, records) = outcome(Syntax::Toml, &repeated("a = 1\n", 1_000_000));
    assert_eq!((problems, records), (vec!["duplicate-key"; 50], 1));
    let tables: String = (0..100_000).map(|index| format!("[t{index}]\n")).collect();
    assert_eq!(outcome(Syntax::Toml, &tables), (vec![], 1));
    for piece in [
        "[", "]", "{", "}", "[a\n", "a\n", "=\n", ".", "a.", "'", "\"", "\"\"\"", "'''", "#", ",", "a=", "a={\n", "[[",
        "\r", "é", "a = [\n",
    ] {
        outcome(Syntax::Toml, &repeated(piece, 200_000));
    }
}

#[test]
fn hostile_markdown_is_cut_off_or_read() {
    for piece in [
        ">",
        "> ",
        "[",
        "](",
        "![",
        "*",
        "_",
        "**a ",
        "`",
        "~",
        "<",
        "<!--",
        "<a ",
        "&",
        "#",
        "# ",
        "- ",
        "1. ",
        "|",
        "| - ",
        "\\",
        "a\n-\n",
        "*a _b ",
        "[a](",
        "[a]: x\n",
        "<x>",
        "-->",
        "`` ` ",
        "\t",
        "    a\n",
        "[^a]",
        "{",
        "# {#",
        "<!-- a --> ",
        "<script>",
        "$",
        "==",
        "^",
    ] {
        outcome(Syntax::Markdown, &repeated(piece, 100_000));
        outcome(Syntax::Markdown, &repeated(&format!("{piece}\n"), 50_000));
        outcome(Syntax::Markdown, &repeated(&format!("{piece}\n\n"), 50_000));
    }
    let nested: String = (0..400).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    assert_eq!(outcome(Syntax::Markdown, &nested), (vec![], 1));
    assert_eq!(outcome(Syntax::Markdown, &repeated("# a\n", 1_000_000)), (vec!["too-many-values"], 0));
    let header = "|".repeat(5_000);
    let table = format!("{header}\n{}\n{}", "|-".repeat(5_000), "|a\n".repeat(50_000));
    outcome(Syntax::Markdown, &table);
    let same = format!("{}\n{}\n", "|a".repeat(50_000), "|-".repeat(50_000));
    outcome(Syntax::Markdown, &same);
    outcome(Syntax::Markdown, &format!("---\n{}", repeated("a: 1\n", 1_000_000)));
    outcome(Syntax::Markdown, &format!("---\n{}\n---\n", repeated("{a: ", 400_000)));
    outcome(Syntax::Markdown, &repeated("```yaml\nkind: a\n```\n", 1_000_000));
    outcome(Syntax::Markdown, &repeated("```yaml\nkind: [\n```\n", 1_000_000));
    outcome(Syntax::Markdown, &repeated("<b>x</b>\n", 1_000_000));
    outcome(Syntax::Markdown, &format!("<div>\n{}", repeated("<script", 1_000_000)));
    outcome(Syntax::Markdown, &format!("<div>\n{}", repeated("<script></x", 1_000_000)));
}

#[test]
fn files_above_the_limit_or_with_nul_are_not_parsed() {
    let huge = "a".repeat(6 * 1024 * 1024);
    assert_eq!(outcome(Syntax::Yaml, &huge), (vec!["file-too-large"], 0));
    assert_eq!(outcome(Syntax::Markdown, "# a\0b"), (vec!["nul-character"], 0));
    assert_eq!(outcome(Syntax::Json, "{\"a\": \"x\0\"}"), (vec!["nul-character"], 0));
}

/// A tree whose limits are smaller than one value still ends with a problem.
#[test]
fn the_smallest_limits_hold() {
    let limits = Limits { bytes: 100, depth: 0, nodes: 0, documents: 0, expanded_nodes: 0, expanded_bytes: 0 };
    for (syntax, text) in [
        (Syntax::Yaml, "a: [1]\nb: &x c\nd: *x\n"),
        (Syntax::Yaml, "a"),
        (Syntax::Json, "{\"a\": 1}"),
        (Syntax::Json, "1"),
        (Syntax::Toml, "a = 1\n"),
        (Syntax::Markdown, "---\na: 1\n---\n# A\n"),
    ] {
        let (tree, problems): (Tree, _) =
            read(Arc::new(SourceFile::new("f", text.as_bytes().to_vec())), syntax, &limits);
        assert!(tree.roots().is_empty() && !problems.is_empty(), "{syntax:?} {text:?}");
    }
}
