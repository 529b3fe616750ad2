//! Versions made to hang or crash a comparison; on stacks of 2 MiB, as tests have them.

use super::{changes, first, is_substantive, tree};
use crate::document::compare::{LONGEST_PATH, MOST_CHANGES, SHOWN};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Far above what any of these takes even without optimisation, far below what takes the square of
/// the size.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many changes there are, and how many of substance, from one text to the other.
fn outcome(path: &str, before: &str, after: &str) -> (usize, usize) {
    let (earlier, later) = (tree(path, before), tree(path, after));
    let start = Instant::now();
    let found = changes(first(&earlier), first(&later));
    let substantive = is_substantive(first(&earlier), first(&later));
    let elapsed = start.elapsed();
    assert!(elapsed < PATIENCE, "{elapsed:?}");
    for change in &found {
        let sides = [&change.before, &change.after].map(|side| side.as_ref().map_or(0, |text| text.chars().count()));
        assert!(change.path.chars().count() <= LONGEST_PATH + 1 && sides.iter().all(|side| *side <= SHOWN + 2));
    }
    let counting = found.iter().filter(|change| change.substantive).count();
    assert_eq!(substantive, counting > 0);
    (found.len(), counting)
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("{{\"a\": [{}]}}", items.collect::<Vec<_>>().join(", "))
}

#[test]
fn long_lists_are_matched_in_one_go() {
    let named = |numbers: &mut dyn Iterator<Item = u32>, value: &str| {
        list(numbers.map(|n| format!(r#"{{"id": "i{n}", "v": "{value}"}}"#)))
    };
    let all = named(&mut (0..50_000), "x");
    assert_eq!(outcome("f.json", &all, &named(&mut (1..50_000).rev(), "x")), (2, 2));
    let some = |value: &str| named(&mut (0..12_000), value);
    assert_eq!(outcome("f.json", &some("x"), &some("y")), (MOST_CHANGES, MOST_CHANGES));
    assert_eq!(outcome("f.json", &some("2026-03-01"), &some("2026-03-02")), (MOST_CHANGES, 0));

    let numbers = |from: usize| list((from..from + 50_000).map(|n| n.to_string()));
    assert_eq!(outcome("f.json", &numbers(0), &numbers(1)), (1, 1));
    assert_eq!(outcome("f.json", &numbers(0), &numbers(50_000)), (MOST_CHANGES, MOST_CHANGES));
    let same = |value: &str| list((0..12_000).map(|n| format!(r#"{{"id": "x", "v": "{value}{n}"}}"#)));
    assert_eq!(outcome("f.json", &same("a"), &same("b")), (MOST_CHANGES, MOST_CHANGES));
}

#[test]
fn a_change_of_substance_behind_many_without_is_found() {
    let dates = |day: &str, last: &str| {
        list((0..12_000).map(|_| format!("\"{day}\"")).chain([format!(r#"{{"z": "{last}"}}"#)]))
    };
    let found = outcome("f.json", &dates("2026-03-01", "x"), &dates("2026-03-02", "y"));
    assert_eq!(found, (MOST_CHANGES + 1, 1));
}

/// Each level names the one before ten times.
fn bomb(levels: usize, leaf: &str) -> String {
    let mut text = format!("a0: &a0 {{k: {leaf}}}\n");
    for level in 1..=levels {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    text
}

#[test]
fn aliases_stand_for_no_more_than_the_reader_allows() {
    assert_eq!(outcome("f.yaml", &bomb(4, "x"), &bomb(4, "x")), (0, 0));
    // 1 + 10 + 100 + 1,000 + 10,000 leaves.
    assert_eq!(outcome("f.yaml", &bomb(3, "x"), &bomb(3, "y")), (1_111, 1_111));
    assert_eq!(outcome("f.yaml", &bomb(4, "2026-03-01"), &bomb(4, "2026-03-02")), (MOST_CHANGES, 0));
}

#[test]
fn aliases_may_nest_deeper_than_files() {
    let chain = |leaf: &str| {
        let mut text = format!("a0: &a0 {leaf}\n");
        for level in 1..=300 {
            let _ = writeln!(text, "a{level}: &a{level} {{reviews: [*a{}]}}", level - 1);
        }
        text
    };
    assert_eq!(outcome("f.yaml", &chain("x"), &chain("y")), (301, 301));
}

#[test]
fn long_keys_and_texts_are_shown_in_part() {
    let long = "k".repeat(100_000);
    let text = |end: &str| format!(r#"{{"{long}": {{"{long}": [{{"id": "{long}", "{long}": "{long}{end}"}}]}}}}"#);
    assert_eq!(outcome("f.json", &text("a"), &text("b")), (1, 1));
    let words = |end: &str| format!("# {long}\n\n{} {end}\n", "12 March 2026 version 1.2 [a](b) ".repeat(10_000));
    assert_eq!(outcome("f.md", &words("a"), &words("b")), (1, 1));
    let sections = |text: &str| (0..12_000).fold(String::new(), |all, n| format!("{all}# S{n}\n\n{text}\n\n"));
    assert_eq!(outcome("f.md", &sections("a"), &sections("b")), (MOST_CHANGES, MOST_CHANGES));
}
