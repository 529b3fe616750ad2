use crate::facts::History;
use crate::finding::{FailOn, Judgement, Outcome, Report, Spot, Verdict};
use crate::policy::Severity;
use crate::report::Options;
use crate::report::sample::{empty, file, full, judgement, options, rule, spot, written};
use crate::source::{Span, is_unsafe};
use std::sync::Arc;

fn text(report: &Report) -> String {
    written("text", report, &options(report))
}

fn with_findings(findings: Vec<Judgement>) -> Report {
    let mut report = empty();
    report.rules = vec![rule("owner-is-named", "An owner is named", &["A.3.2"], &[])];
    report.documents = [("model-card".to_owned(), 1)].into();
    report.judgements = findings;
    report
}

/// One finding with one place, without colour.
fn at(text_of_file: &str, start: usize, end: usize) -> String {
    let file = file("card.md", text_of_file);
    let place = Spot::labelled(&file, Span::new(start, end), "here");
    text(&with_findings(vec![judgement(0, Outcome::Fail, Severity::Error, "It is wrong", vec![place])]))
}

/// The lines that miette drew.
fn drawing(text: &str) -> String {
    let lines = text.lines().skip_while(|line| !line.contains("╭─[")).take_while(|line| !line.starts_with("  rule"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_report_of_every_outcome() {
    insta::assert_snapshot!(text(&full()));
}

#[test]
fn a_report_for_screen_readers() {
    let report = full();
    let plain = written("text", &report, &Options { plain: true, ..options(&report) });
    insta::assert_snapshot!(plain);
    let drawn = plain.chars().find(|c| ('\u{2500}'..='\u{25FF}').contains(c) || is_unsafe(*c) && *c != '\n');
    assert_eq!(drawn, None, "nothing is drawn and nothing is coloured");
}

#[test]
fn the_summary_tells_what_waits_for_a_finding_and_when_the_tool_was_taken_up() {
    let mut report = full();
    report.adopted_at = Some("0123abcd".to_owned());
    let text = text(&report);
    assert!(text.contains("  1 more judgement waits until a finding above is mended\n"), "{text}");
    assert!(text.contains("  taken up at commit 0123abcd (`adopted_at`)\n"), "{text}");
}

#[test]
fn an_empty_report_says_what_to_do() {
    insta::assert_snapshot!(text(&empty()));
}

#[test]
fn a_report_without_findings_is_calm_and_says_what_stays_open() {
    let mut report = full();
    report.judgements.retain(|judgement| judgement.outcome == Outcome::Pass);
    report.history = History::Full { head: "4f2c1e0d".to_owned() };
    let text = text(&report);
    assert!(text.starts_with("No findings in 4 documents; 2 judgements hold, 0 could not be made.\n"), "{text}");
    assert!(
        text.contains("32 of the 38 controls of Annex A have no rule in this run: A.2.2 to A.2.4, A.3.3,"),
        "{text}"
    );
    assert!(!text.contains("shallow"));
    assert!(text.ends_with("exit code 0: no findings at or above error\n"), "{text}");
}

#[test]
fn quiet_leaves_the_findings_and_the_verdict() {
    let report = full();
    let quiet = written("text", &report, &Options { quiet: true, ..options(&report) });
    let whole = text(&report);
    let findings = whole.split("could not be judged[").next().expect("a first part");
    let verdict = whole.lines().last().expect("a last line");
    assert_eq!(quiet, format!("{findings}{verdict}\n"));
}

#[test]
fn colour_is_written_only_where_wanted_and_changes_no_word() {
    let report = full();
    let plain = text(&report);
    assert!(!plain.contains('\u{1b}'));
    let colored = written("text", &report, &Options { color: true, ..options(&report) });
    assert!(colored.contains("\u{1b}[31;1merror[impact-assessment-is-current]: \u{1b}[0m"), "{colored:?}");
    assert!(colored.contains("\u{1b}[33;1mwarning[card-names-an-owner]: \u{1b}[0m"));
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&escapes.replace_all(&colored, "")), trimmed(&plain));
}

#[test]
fn the_last_line_gives_the_exit_code_and_its_reason() {
    let error = |outcome| judgement(0, outcome, Severity::Error, "m", vec![]);
    let warning = |outcome| judgement(0, outcome, Severity::Warning, "m", vec![]);
    let bar = FailOn::Severity(Severity::Error);
    let table = [
        (vec![error(Outcome::Fail), warning(Outcome::Fail)], bar, "exit code 1: 1 finding at or above error"),
        (vec![warning(Outcome::Fail)], bar, "exit code 0: no findings at or above error"),
        (vec![error(Outcome::Fail)], FailOn::Never, "exit code 0: 1 finding, and this run was told to fail on none"),
        (
            vec![error(Outcome::Unknown), error(Outcome::Fail)],
            bar,
            "exit code 3: 1 judgement at or above error could not be made; 1 finding at or above error",
        ),
    ];
    for (findings, fail_on, expected) in table {
        let report = with_findings(findings);
        let verdict = Verdict::of(&report, fail_on, false);
        let text = written("text", &report, &Options { fail_on, verdict, ..options(&report) });
        assert_eq!(text.lines().last(), Some(expected));
    }
    assert_eq!(text(&empty()).lines().last(), Some("exit code 4: there was nothing to check"));
}

#[test]
fn one_cause_is_told_once_with_its_first_places_and_the_number_of_the_rest() {
    let file = file("a.yaml", "a: 1\nb: 2\nc: 3\nd: 4\ne: 5\n");
    let unknown = |words: &str| {
        judgement(0, Outcome::Unknown, Severity::Error, "The budget ran out", vec![spot(&file, words, "")])
    };
    let report = with_findings(["a", "b", "c", "d", "e"].map(unknown).into());
    let text = text(&report);
    assert_eq!(text.matches("The budget ran out").count(), 1);
    for expected in ["5 judgements rest on it:", "a.yaml:1:1", "a.yaml:2:1", "a.yaml:3:1", "and 2 judgements more"] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(!text.contains("a.yaml:4:1"));
}

#[test]
fn every_place_of_a_finding_is_drawn_or_listed() {
    let lines: String = (1..=20).map(|n| format!("line{n:02}\n")).collect();
    let file = file("many.md", &lines);
    let places = (1..=20).map(|n| spot(&file, &format!("line{n:02}"), &format!("place {n}"))).collect();
    let text = text(&with_findings(vec![judgement(0, Outcome::Fail, Severity::Error, "It is wrong", places)]));
    for n in 1..=20 {
        assert!(text.contains(&format!("place {n}\n")), "place {n} in {text}");
    }
    assert!(text.contains("  also  many.md:20:1 place 20\n"));
}

#[test]
fn text_of_strangers_cannot_act_on_a_terminal_or_a_build_runner() {
    let hostile = "::error::owned \u{1b}[31mred \u{202e}turned ##[add-mask]x \u{9b}31m\n::stop-commands::y";
    let file = file("\u{1b}]0;title\u{7}/::notice::.md", &format!("first\n{hostile}\nlast\n"));
    let mut bad = judgement(0, Outcome::Fail, Severity::Error, hostile, vec![spot(&file, "red", hostile)]);
    bad.remedy = Some(hostile.to_owned());
    let mut unknown = judgement(0, Outcome::Unknown, Severity::Error, hostile, vec![spot(&file, "red", hostile)]);
    unknown.remedy = Some(hostile.to_owned());
    let mut report = with_findings(vec![bad, unknown, judgement(0, Outcome::Waived, Severity::Error, hostile, vec![])]);
    let rule = &mut report.rules[0];
    for field in [&mut rule.id, &mut rule.title, &mut rule.why, &mut rule.controls[0]] {
        *field = hostile.to_owned();
    }
    report.unrecognised = vec![hostile.to_owned()];
    report.off = vec![(hostile.to_owned(), hostile.to_owned())];
    report.next_steps = vec![crate::finding::NextStep { text: hostile.to_owned(), command: Some(hostile.to_owned()) }];
    report.documents = [(hostile.to_owned(), 1)].into();
    report.history = History::None(hostile.to_owned());
    let ours = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a pattern");
    for (plain, color) in [(false, false), (true, false), (false, true), (true, true)] {
        for width in [40, 60, 100] {
            let text = written("text", &report, &Options { plain, color, width, ..options(&report) });
            assert!(!text.contains("\u{1b}]0;title") && !text.contains("\u{1b}[31mred"));
            let text = ours.replace_all(&text, "");
            assert_eq!(text.chars().find(|c| *c != '\n' && is_unsafe(*c)), None);
            assert!(!text.contains("##["));
            assert_eq!(text.lines().find(|line| line.trim_start().starts_with("::")), None);
        }
    }
}

#[test]
fn a_very_long_line_is_clipped_around_each_of_its_places() {
    let long = format!("{}needle{}pin{}\n", "x".repeat(70_000), "y".repeat(5_000), "z".repeat(5_000));
    let file = file("long.json", &long);
    let places = vec![spot(&file, "needle", "first"), spot(&file, "pin", "second")];
    let text = text(&with_findings(vec![judgement(0, Outcome::Fail, Severity::Error, "It is wrong", places)]));
    assert!(text.contains("[long.json:1:70001]"), "{text}");
    assert!(text.contains("[long.json:1:75007]"), "{text}");
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest < Some(160), "{widest:?}");
    insta::assert_snapshot!(drawing(&text));
}

#[test]
fn shapes_of_places() {
    // text of the file, first byte, byte after the last; the header names line and column, counted by hand
    let table: &[(&str, &str, usize, usize, &str)] = &[
        ("a word", "title: x\nowner: y\n", 9, 14, "card.md:2:1"),
        ("behind tabs", "\ttitle:\towner\n", 8, 13, "card.md:1:9"),
        ("CRLF", "a: 1\r\nb: 2\r\nc: 3\r\n", 6, 7, "card.md:2:1"),
        ("nothing, at the end of a line", "a: 1\nb:\nc: 3\n", 7, 7, "card.md:2:3"),
        ("nothing, after the last line break", "a: 1\n", 5, 5, "card.md:2:1"),
        ("nothing, in an empty file", "", 0, 0, "card.md:1:1"),
        ("three lines", "a:\n  b: 1\n  c: 2\nd: 3\n", 0, 16, "card.md:1:1"),
        ("more lines than are drawn", &"line\n".repeat(30), 5, 100, "card.md:2:1"),
        ("inside a character", "é: ü\n", 1, 5, "card.md:1:1"),
        ("beyond the end", "a: 1\n", 90, 99, "card.md:2:1"),
        ("wide characters", "名前: 値\n", 8, 11, "card.md:1:5"),
    ];
    let mut shown = String::new();
    for (name, text, start, end, header) in table {
        let drawing = drawing(&at(text, *start, *end));
        assert!(drawing.contains(&format!("[{header}]")), "{name}: {drawing}");
        assert!(drawing.contains("here"), "{name}: {drawing}");
        shown.push_str(&format!("{name}\n{drawing}\n\n"));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn places_one_inside_the_other_or_the_same_are_all_labelled() {
    let file = file("card.md", "owner: somebody\n");
    let places = vec![
        spot(&file, "owner: somebody", "all of it"),
        spot(&file, "somebody", "a part"),
        spot(&file, "somebody", "again"),
    ];
    let drawing =
        drawing(&text(&with_findings(vec![judgement(0, Outcome::Fail, Severity::Error, "It is wrong", places)])));
    // `somebody` begins in column 8: each label hangs below its own characters.
    assert_eq!(drawing.matches("[card.md:1:1]").count(), 1);
    assert_eq!(drawing.matches("[card.md:1:8]").count(), 2);
    insta::assert_snapshot!(drawing);
}

#[test]
fn the_table_stays_aligned_with_long_ids_and_on_narrow_terminals() {
    let mut report = full();
    report.rules[3].controls = vec!["X-our-own-control-with-a-very-long-name.12".to_owned()];
    for width in [40, 80, 100, 200] {
        let text = written("text", &report, &Options { width, ..options(&report) });
        let table: Vec<&str> = text
            .lines()
            .skip_while(|line| !line.starts_with("By control"))
            .skip(1)
            .take_while(|line| !line.is_empty())
            .collect();
        assert_eq!(table.len(), 9, "a head and eight ids with judgements");
        let widths: Vec<usize> = table.iter().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|w| *w == widths[0]), "{table:#?}");
    }
}

#[test]
fn random_places_in_random_text_never_end_the_program() {
    use proptest::prelude::*;
    let places = proptest::collection::vec((0usize..400, 0usize..60, "[a-z\u{1b}\t\n🦀]{0,5}"), 1..12);
    let lines = "([a-z🦀é\t\u{202e}]{0,30}(\r?\n)?){0,12}";
    proptest!(ProptestConfig::with_cases(300), |(text_of_file in lines, places in places, repeat in 1usize..30)| {
        let file = file("f.md", &text_of_file.repeat(repeat));
        let spot = |(start, length, label): &(usize, usize, String)| Spot::labelled(&Arc::clone(&file), Span::new(*start, start + length), label.clone());
        let places: Vec<Spot> = places.iter().map(spot).collect();
        let first = places[0].place();
        let report = with_findings(vec![judgement(0, Outcome::Fail, Severity::Error, "It is wrong", places)]);
        let text = text(&report);
        let header = format!("[f.md:{}:{}]", first.line, first.column);
        prop_assert!(text.contains(&header), "{header} in {text}");
        prop_assert!(!text.contains("Failed to read"));
        prop_assert!(text.chars().all(|c| c == '\n' || !is_unsafe(c)));
    });
}
