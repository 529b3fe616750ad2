//! Text of strangers in every field of a report: in what is posted it is text and nothing else.

use crate::runner::commands::{Command, commands};
use annexa::facts::{Day, Seen};
use annexa::finding::{
    Cited, Counts, FailOn, Fingerprint, Gate, NextStep, RulesOf, Standing, Subject, Systems, Trust, Verdict,
};
use annexa::policy::{Basis, Rule, Severity, WhoActs};
use annexa::publish::{Annotation, Channels, Key, Level, Plan, Posted, Step, Target, plan, workflow_command};
use annexa::report::Brief;
use annexa::report::brief::{At, Compared, Found, RuleAltered};
use annexa::source::{Place, is_unsafe, plain};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use regex::Regex;
use std::sync::{Arc, LazyLock};

const HEAD: &str = "4f2c1e0d9b8a7f6e5d4c3b2a190817f6e5d4c3b2";

/// What people try.
const PARTS: &[&str] = &[
    "[click](https://evil.example)",
    "![x](//evil.example/x.png)",
    "<img src=x onerror=alert(1)>",
    "<details><summary>",
    "</details>",
    "<!-- annexa:sticky v1 key=governance/check -->",
    "-->",
    "<!--",
    "@octocat",
    "@acme/team",
    "#12",
    "acme/models#12",
    "GH-12",
    "closes #1",
    "https://evil.example",
    "www.evil.example",
    "a@evil.example",
    "mailto:a@evil.example",
    "```suggestion\nx\n```",
    "~~~suggestion",
    "`",
    "``",
    "|",
    "\\",
    "\\|",
    "*",
    "**",
    "_",
    "$x$",
    "$$",
    "[^1]",
    "[^1]: note",
    "[x]: https://evil.example",
    "[ ] task",
    "\n\n# heading\n",
    "\n- item\n",
    "\n1. item\n",
    "\n> [!WARNING]\n> quote\n",
    "\n|a|b|\n|-|-|\n|c|d|\n",
    "\n---\n",
    "\n===\n",
    "    code",
    "\t",
    "&lt;b&gt;",
    "&#64;octocat",
    "&",
    ":octocat:",
    "4f2c1e0d9b8a7f6e5d4c3b2a190817f6e5d4c3b2",
    "\u{202e}",
    "\u{200b}",
    "\u{1b}[31m",
    "\r",
    "\n",
    "\u{2028}",
    "\u{85}",
    "::error::x",
    "\n::error file=x::y\n",
    "##[error]x",
    "##[set-env name=X]y",
    "::stop-commands::z",
    "%0A::error::x",
    "%250A",
    ",title=x",
    "::",
    ":",
    "%",
    " ",
    "word",
    "ä",
];

/// Some of it, one behind the other, never without a letter.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![4 => proptest::sample::select(PARTS).prop_map(str::to_owned), 1 => "\\PC{0,8}"];
    proptest::collection::vec(part, 1..6)
        .prop_map(|parts| parts.concat())
        .prop_filter("has letters", |text| text.chars().any(|c| !c.is_whitespace()))
}

/// A report with these texts in its fields, each used in turn.
fn brief(texts: &[String]) -> Brief {
    let mut texts = texts.iter().cycle();
    let mut next = || texts.next().expect("there are texts").clone();
    let place = Place { line: 3, column: 1, end_line: 3, end_column: 9 };
    let mut found = |fingerprint: &str, severity| {
        let rule = Rule {
            id: next(),
            title: next(),
            controls: vec!["A.5.2".to_owned(), next()],
            clauses: vec![next()],
            basis: Basis::Own,
            severity,
            who_acts: WhoActs::Author,
            why: next(),
            remedy: next(),
            shows: next(),
            does_not_show: next(),
            origin: next(),
        };
        let seen = |path: String| Seen { path, line: 3, end_line: 3, in_diff: true };
        let at = |path: String, label: String, seen| At { path, commit: None, place, label, seen };
        let places = vec![
            At { seen: Some(seen(next())), ..at(next(), next(), None) },
            at(next(), next(), None),
            At { commit: Some(next()), ..at(next(), next(), None) },
        ];
        Found {
            rule: Arc::new(rule),
            subject: Subject { kind: next().into(), id: next().into(), path: next().into() },
            item: Some(next()),
            severity,
            validation: Some(next()),
            message: next(),
            remedy: Some(next()),
            fingerprint: Fingerprint::parse(fingerprint).expect("16 digits"),
            standing: Standing::New,
            counts: true,
            caused_at: Some(seen(next())),
            places,
            more_places: 0,
            history: vec![Cited { commit: HEAD.to_owned(), says: next(), trust: Trust::Claim }],
        }
    };
    let mut findings: Vec<Found> = (0..8).map(|n| found(&format!("{n:016x}"), Severity::Error)).collect();
    findings.push(Found { counts: false, standing: Standing::Before, ..found("00000000000000bb", Severity::Note) });
    let unknown = vec![found("00000000000000cc", Severity::Warning)];
    Brief {
        version: next(),
        today: Day::parse("2026-11-23").expect("a day"),
        commit: None,
        root: String::new(),
        verdict: Verdict::Findings,
        fail_on: FailOn::Severity(Severity::Error),
        counts: Counts { errors: 8, notes: 1, before: 1, unknown: 1, ..Counts::default() },
        blocking: 8,
        open: 0,
        systems: Systems::default(),
        documents: [(next(), 1)].into(),
        comparison: Some(Compared {
            base: "1f3b5d7091a2c4e6f8091b3d5f7a9c1e3b5d7f90".to_owned(),
            base_name: next(),
            head: HEAD.to_owned(),
            gate: Gate::New,
            rules: RulesOf::Head,
            preview: None,
            concerns_us: true,
            rule_changes: vec![RuleAltered {
                about: "policy",
                name: next(),
                text: next(),
                weakens: true,
                place: Some(At { path: next(), commit: None, place, label: next(), seen: None }),
            }],
        }),
        findings,
        unknown,
        left_out: 0,
        not_checked: vec![next()],
        next_steps: vec![NextStep { text: next(), command: Some(next()) }],
    }
}

fn planned(brief: &Brief) -> Plan {
    let target = Target {
        server_url: "https://github.com".to_owned(),
        repository: "acme/models".to_owned(),
        head: HEAD.to_owned(),
        run_url: Some("https://github.com/acme/models/actions/runs/7".to_owned()),
        key: Key::new(&["governance", "check"]),
    };
    let posted = Posted { head: HEAD.to_owned(), ..Posted::default() };
    let channels = Channels { comment: true, inline: true, inline_max: 20, check_run: true };
    plan(brief, Some(&posted), &channels, &target)
}

/// Every page of a plan, with how many markers of ours it begins with.
fn pages(plan: &Plan) -> Vec<(&str, usize)> {
    let mut pages = vec![(plan.summary.as_str(), 0)];
    for step in &plan.steps {
        match step {
            Step::CreateComment { body } => pages.push((body, 1)),
            Step::CreateReview { comments, .. } => pages.extend(comments.iter().map(|c| (c.body.as_str(), 1))),
            Step::CreateCheckRun(run) => pages.push((&run.summary, 0)),
            other => panic!("not planned here: {other:?}"),
        }
    }
    pages
}

fn events(page: &str) -> Vec<Event<'_>> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    Parser::new_ext(page, options).collect()
}

/// The blocks of a page: what strangers write never adds one or takes one away.
fn blocks(page: &str) -> Vec<String> {
    let block = |event: &Event| match event {
        Event::Start(Tag::Link { .. } | Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => None,
        Event::Start(tag) => Some(format!("{tag:?}")),
        _ => None,
    };
    events(page).iter().filter_map(block).collect()
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is well formed")
}

/// What is wrong with a page.
fn wrong(page: &str, markers: usize) -> Option<String> {
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^https://github\.com/acme/models/(blob/[0-9a-f]{40}/[A-Za-z0-9%._/-]+#L\d+(-L\d+)?|actions/runs/7)$")
    });
    static HTML: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"^(<details>|</details>|<summary>\d+ more findings?</summary>|<!-- annexa:(sticky v1 key=governance/check|inline v1 key=governance/check [0-9a-f]{16}) -->)$",
        )
    });
    static ACTIVE: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)@[a-z0-9]|://|\bwww\.[a-z0-9]|#[0-9]|\bgh-[0-9]|:[0-9_+-]*[a-z][a-z0-9_+-]*:|\b(mailto|xmpp):[a-z0-9]|\b[0-9a-f]{7,40}\b",
        )
    });
    let mut said = String::new();
    for event in events(page) {
        match event {
            Event::Text(text) => {
                said.push_str(&text);
                continue;
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                if let Some(line) = html.lines().find(|line| !line.trim().is_empty() && !HTML.is_match(line.trim())) {
                    return Some(format!("HTML: {line}"));
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) if !LINK.is_match(&dest_url) => {
                return Some(format!("link: {dest_url}"));
            }
            Event::Start(Tag::Image { .. } | Tag::FootnoteDefinition(_) | Tag::CodeBlock(_) | Tag::BlockQuote(_)) => {
                return Some(format!("{event:?}"));
            }
            Event::FootnoteReference(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::TaskListMarker(_)
            | Event::Rule
            | Event::HardBreak => return Some(format!("{event:?}")),
            _ => {}
        }
        said.push('\n');
    }
    if let Some(active) = ACTIVE.find(&said) {
        return Some(format!("active text: {}", active.as_str()));
    }
    if page.matches("<!--").count() != markers || page.matches("annexa:").count() < markers {
        return Some("a marker too many".to_owned());
    }
    if let Some(c) = page.chars().find(|c| is_unsafe(*c) && !matches!(c, '\n' | '\u{200B}')) {
        return Some(format!("a character that is not seen: {}", c.escape_unicode()));
    }
    page.lines().find(|line| line.trim_start().starts_with("```")).map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn pages_hold_text_of_strangers_as_text(texts in proptest::collection::vec(hostile(), 1..12)) {
        let plan = planned(&brief(&texts));
        let calm = planned(&brief(&vec!["x".to_owned(); texts.len()]));
        prop_assert_eq!(plan.steps.len(), 3);
        for ((page, markers), (calm, _)) in pages(&plan).into_iter().zip(pages(&calm)) {
            let wrong = wrong(page, markers);
            prop_assert!(wrong.is_none(), "{:?} in\n{}", wrong, page);
            prop_assert_eq!(blocks(page), blocks(calm), "{}", page);
        }
    }

    #[test]
    fn a_runner_reads_the_commands_that_are_meant_and_no_others(
        texts in proptest::collection::vec(hostile(), 3),
        whole in any::<bool>(),
    ) {
        let [path, title, message] = texts.as_slice() else { unreachable!("three were asked for") };
        let annotation = Annotation {
            level: Level::Warning,
            path: whole.then(|| path.clone()),
            lines: Some((3, 4)),
            columns: Some((1, 2)),
            title: title.clone(),
            message: message.clone(),
        };
        let shown = whole && !path.chars().any(is_unsafe);
        let lead = if whole && !shown { format!("{}: ", plain(path)) } else { String::new() };
        let mut meant = Command {
            name: "warning".to_owned(),
            properties: [("title".to_owned(), plain(title).trim().to_owned())].into(),
            data: format!("{lead}{}", plain(message)),
        };
        if shown {
            let own = [("file", path.as_str()), ("line", "3"), ("endLine", "4"), ("col", "1"), ("endColumn", "2")];
            meant.properties.extend(own.map(|(key, value)| (key.to_owned(), value.to_owned())));
        }
        prop_assert_eq!(commands(&format!("{}\n", workflow_command(&annotation))), vec![meant]);
    }

    #[test]
    fn all_annotations_of_a_hostile_report_are_one_command_each(texts in proptest::collection::vec(hostile(), 1..12)) {
        let plan = planned(&brief(&texts));
        let log: String = plan.annotations.iter().map(|a| format!("{}\n", workflow_command(a))).collect();
        prop_assert_eq!(commands(&log).len(), plan.annotations.len());
    }
}
