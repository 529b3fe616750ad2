//! Tables of what is planned, given a report and what stands there already.

use super::*;
use crate::facts::Seen;
use crate::finding::{Standing, Verdict};
use crate::publish::{Key, Level};
use crate::report::sample::{HEAD, changed, options};

const KEY: &str = "governance/check";

/// One finding on a changed line, one caused by a change, one that was there before; rules weakened; and
/// nothing that could not be judged.
fn brief() -> Brief {
    let report = changed();
    let mut brief = Brief::of(&report, &options(&report));
    brief.unknown.clear();
    (brief.open, brief.verdict) = (0, Verdict::Findings);
    brief
}

fn without_findings() -> Brief {
    let mut brief = without_rule_changes();
    brief.findings.clear();
    (brief.blocking, brief.counts.before, brief.verdict) = (0, 0, Verdict::Clear);
    brief
}

fn without_rule_changes() -> Brief {
    let mut brief = brief();
    compared(&mut brief).rule_changes.clear();
    brief
}

fn compared(brief: &mut Brief) -> &mut crate::report::brief::Compared {
    brief.comparison.as_mut().expect("the sample is about a change")
}

fn place() -> Target {
    Target {
        server_url: "https://github.com".to_owned(),
        repository: "acme/models".to_owned(),
        head: HEAD.to_owned(),
        run_url: None,
        key: Key::new(&["governance", "check"]),
    }
}

fn posted() -> Posted {
    Posted { head: HEAD.to_owned(), ..Posted::default() }
}

fn said(id: u64, author: &str, body: &str) -> Conversation {
    Conversation { id, author: author.to_owned(), body: body.to_owned() }
}

fn sticky(brief: &Brief) -> String {
    let links = Links::new("https://github.com", "acme/models", None);
    markdown::comment(brief, &links, KEY)
}

/// A comment of ours on a line.
fn told(id: u64, fingerprint: &str) -> InlineComment {
    let body = format!("<!-- annexa:inline v1 key={KEY} {fingerprint} -->\r\nsomething");
    InlineComment { id, author: WORKFLOW.to_owned(), body, thread: Some(format!("T{id}")), ..InlineComment::default() }
}

/// The steps in short, for tables.
fn steps(plan: &Plan) -> Vec<String> {
    let step = |step: &Step| match step {
        Step::CreateComment { .. } => "create".to_owned(),
        Step::EditComment { id, .. } => format!("edit {id}"),
        Step::DeleteComment { id } => format!("delete {id}"),
        Step::CreateReview { comments, .. } => {
            let at = |comment: &NewInline| match comment.lines {
                Some((first, last)) => format!("{}:{first}-{last}", comment.path),
                None => comment.path.clone(),
            };
            format!("review {}", comments.iter().map(at).collect::<Vec<_>>().join(" "))
        }
        Step::Resolve { id, thread, .. } => format!("resolve {id} {}", thread.as_deref().unwrap_or("-")),
        Step::CreateCheckRun(run) => format!("check {}", run.conclusion),
    };
    plan.steps.iter().map(step).collect()
}

const COMMENT: Channels = Channels { comment: true, inline: false, inline_max: 20, check_run: false };
const INLINE: Channels = Channels { comment: false, inline: true, inline_max: 20, check_run: false };

#[test]
fn there_is_one_comment_of_ours_and_it_is_kept_up_to_date() {
    let old = sticky(&without_findings());
    let now = sticky(&brief());
    let untouched = || {
        let mut brief = without_findings();
        compared(&mut brief).concerns_us = false;
        brief
    };
    type Row<'a> = (&'a str, Brief, Vec<Conversation>, &'a [&'a str]);
    let table: Vec<Row> = vec![
        ("the first run", brief(), vec![], &["create"]),
        ("among others", brief(), vec![said(1, "ana", "hello")], &["create"]),
        ("a second push", brief(), vec![said(7, WORKFLOW, &old)], &["edit 7"]),
        ("nothing new", brief(), vec![said(7, WORKFLOW, &now)], &[]),
        ("line ends of the platform", brief(), vec![said(7, WORKFLOW, &now.trim_end().replace('\n', "\r\n"))], &[]),
        ("resolved", without_findings(), vec![said(7, WORKFLOW, &now)], &["edit 7"]),
        ("nothing to say", without_findings(), vec![], &[]),
        ("nothing of ours touched", untouched(), vec![], &[]),
        ("nothing of ours touched any more", untouched(), vec![said(7, WORKFLOW, &now)], &["edit 7"]),
        ("somebody else's marker", brief(), vec![said(7, "mallory", &now)], &["create"]),
        (
            "there twice",
            brief(),
            vec![said(7, WORKFLOW, &old), said(8, "mallory", &now), said(9, WORKFLOW, &now)],
            &["edit 7", "delete 9"],
        ),
        ("another job's", brief(), vec![said(7, WORKFLOW, &now.replace(KEY, "other/job"))], &["create"]),
        ("the marker further down", brief(), vec![said(7, WORKFLOW, &format!("> {now}"))], &["create"]),
    ];
    for (name, brief, conversation, expected) in table {
        let posted = Posted { conversation, ..posted() };
        let plan = plan(&brief, Some(&posted), &COMMENT, &place());
        assert_eq!(steps(&plan), expected, "{name}");
    }
}

#[test]
fn a_comment_that_was_made_is_not_made_again() {
    let first = plan(&brief(), Some(&posted()), &COMMENT, &place());
    let [Step::CreateComment { body }] = first.steps.as_slice() else { panic!("{:?}", first.steps) };
    let posted = Posted { conversation: vec![said(1, WORKFLOW, body)], ..posted() };
    assert_eq!(plan(&brief(), Some(&posted), &COMMENT, &place()).steps, []);
}

#[test]
fn ours_is_what_the_token_writes() {
    let now = sticky(&without_findings());
    for (viewer, author, expected) in [
        (Some("annexa-app[bot]"), "annexa-app[bot]", "edit 7"),
        (Some("annexa-app[bot]"), WORKFLOW, "create"),
        (None, WORKFLOW, "edit 7"),
        (None, "annexa-app[bot]", "create"),
        (Some("annexa-app[bot]"), "", "create"),
    ] {
        let posted =
            Posted { viewer: viewer.map(str::to_owned), conversation: vec![said(7, author, &now)], ..posted() };
        let plan = plan(&brief(), Some(&posted), &COMMENT, &place());
        assert_eq!(steps(&plan), [expected], "{viewer:?} {author}");
        assert_eq!(plan.notes.len(), usize::from(expected == "create"));
    }
}

#[test]
fn rule_changes_alone_are_worth_a_comment() {
    let mut brief = without_findings();
    let rules = super::tests::brief().comparison.expect("a change").rule_changes;
    compared(&mut brief).rule_changes = rules;
    let plan = plan(&brief, Some(&posted()), &COMMENT, &place());
    let [Step::CreateComment { body }] = plan.steps.as_slice() else { panic!("{:?}", plan.steps) };
    assert!(body.contains("#### This pull request weakens 2 policies, adds or extends 1 waiver"), "{body}");
    assert!(body.contains("### annexa: No new findings\n"), "{body}");
}

#[test]
fn a_preview_says_so_and_stands_on_no_line() {
    let mut brief = brief();
    brief.findings.iter_mut().for_each(|found| found.counts = false);
    (brief.blocking, brief.verdict) = (0, Verdict::Clear);
    compared(&mut brief).preview = Some("the base has no records yet".to_owned());
    let channels = Channels { comment: true, inline: true, inline_max: 20, check_run: true };
    let plan = plan(&brief, Some(&posted()), &channels, &place());
    assert_eq!(steps(&plan), ["create", "check neutral"]);
    let Step::CreateComment { body } = &plan.steps[0] else { panic!("{:?}", plan.steps) };
    assert!(body.contains("### annexa: Preview, which blocks nothing: 2 findings\n"), "{body}");
    assert!(body.contains("This is a preview, and nothing here blocks: the base has no records yet."), "{body}");
    assert!(plan.annotations.iter().all(|annotation| annotation.level == Level::Notice));
}

#[test]
fn a_newer_push_and_a_report_of_another_commit_post_nothing() {
    let channels = Channels { comment: true, inline: true, inline_max: 20, check_run: true };
    let newer = Posted { head: "f".repeat(40), ..posted() };
    let elsewhere = Target { head: "e".repeat(40), ..place() };
    let nowhere = Target { head: "main".to_owned(), ..place() };
    for (posted, place, why) in [
        (&newer, place(), "a newer push came meanwhile"),
        (&posted(), elsewhere, "about another commit"),
        (&posted(), nowhere, "not known which commit"),
    ] {
        let plan = plan(&brief(), Some(posted), &channels, &place);
        assert_eq!(plan.steps, [], "{why}");
        assert!(plan.notes.len() == 1 && plan.notes[0].contains(why), "{:?}", plan.notes);
        // The same findings are in the channels that need no platform.
        assert!(plan.annotations.len() == 2 && plan.summary.contains("2.3"), "{plan:?}");
    }
}

#[test]
fn without_a_pull_request_there_are_the_log_the_summary_and_a_check_run() {
    let mut brief = brief();
    brief.comparison = None;
    let channels = Channels { comment: true, inline: true, inline_max: 20, check_run: true };
    assert_eq!(steps(&plan(&brief, None, &channels, &place())), ["check failure"]);
    let plan = plan(&brief, None, &COMMENT, &place());
    assert_eq!((plan.steps.len(), plan.notes.len()), (0, 1));
}

#[test]
fn comments_stand_on_lines_of_the_diff_or_on_its_files() {
    let seen = |path: &str, line, in_diff| Some(Seen { path: path.to_owned(), line, end_line: line + 1, in_diff });
    // places as seen, what caused it -> where the comment stands
    let table = [
        ((seen("a", 3, true), None, None), Some("review a:3-4")),
        ((seen("a", 3, false), seen("b", 5, true), None), Some("review b:5-6")),
        ((None, None, seen("c", 9, true)), Some("review c:9-10")),
        ((seen("a", 3, false), None, seen("c", 9, true)), Some("review c:9-10")),
        ((seen("a", 3, false), None, None), Some("review a")),
        ((None, None, seen("c", 9, false)), Some("review c")),
        ((None, None, None), None),
    ];
    for ((first, second, caused_at), expected) in table {
        let mut brief = brief();
        brief.findings.truncate(1);
        let found = &mut brief.findings[0];
        (found.places[0].seen, found.places[1].seen, found.caused_at) = (first, second, caused_at);
        let plan = plan(&brief, Some(&posted()), &INLINE, &place());
        assert_eq!(steps(&plan), expected.into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_finding_is_told_once_and_what_was_there_before_is_not() {
    let brief = brief();
    let first = plan(&brief, Some(&posted()), &INLINE, &place());
    assert_eq!(steps(&first), ["review governance/hiring/ai-system.yaml:2-2 models/screener/train.py:12-12"]);
    assert_eq!(brief.findings[1].standing, Standing::Before);
    // A shifted line is the same finding: only the fingerprint counts.
    let known = brief.findings[0].fingerprint.to_string();
    let again = Posted { inline: vec![told(1, &known)], ..posted() };
    let second = plan(&brief, Some(&again), &INLINE, &place());
    assert_eq!(steps(&second), ["review models/screener/train.py:12-12"]);
    let forged = InlineComment { author: "mallory".to_owned(), ..told(1, &known) };
    let forged = Posted { inline: vec![forged], ..posted() };
    assert_eq!(steps(&plan(&brief, Some(&forged), &INLINE, &place())), steps(&first));
}

#[test]
fn conversations_whose_findings_are_gone_are_resolved_unless_somebody_answered() {
    let gone = "00000000000000aa";
    let answer = |author: &str| InlineComment {
        id: 2,
        answers: Some(1),
        author: author.to_owned(),
        body: "Is it?".to_owned(),
        ..InlineComment::default()
    };
    let resolved = InlineComment { resolved: true, ..told(1, gone) };
    let fixed = InlineComment { body: markdown::fixed(Fingerprint::parse(gone).expect("one"), HEAD), ..told(1, gone) };
    let foreign = InlineComment { author: "mallory".to_owned(), ..told(1, gone) };
    let other_job = InlineComment { body: told(1, gone).body.replace(KEY, "governance/other"), ..told(1, gone) };
    let table = [
        (vec![told(1, gone)], vec!["resolve 1 T1"], 0),
        (vec![told(1, gone), answer(WORKFLOW)], vec!["resolve 1 T1"], 0),
        (vec![told(1, gone), answer("ana")], vec![], 1),
        (vec![resolved], vec![], 0),
        (vec![fixed], vec![], 0),
        (vec![foreign], vec![], 0),
        // Another job looks at other files, and its findings are none of this report.
        (vec![other_job], vec![], 0),
    ];
    for (inline, expected, notes) in table {
        let posted = Posted { inline, ..posted() };
        let plan = plan(&without_findings(), Some(&posted), &INLINE, &place());
        assert_eq!((steps(&plan), plan.notes.len()), (expected.iter().map(ToString::to_string).collect(), notes));
    }
    // What could not be judged is not known to be gone.
    let report = changed();
    let blind = Brief { findings: Vec::new(), ..Brief::of(&report, &options(&report)) };
    let posted = Posted { inline: vec![told(1, gone)], ..posted() };
    let plan = plan(&blind, Some(&posted), &INLINE, &place());
    assert_eq!((plan.steps.len(), plan.notes.len()), (0, 1));
}

/// The sample with its first finding so many times.
fn many(number: u64) -> Brief {
    let mut brief = brief();
    let found = brief.findings[0].clone();
    brief.findings = (0..number)
        .map(|n| {
            let fingerprint = Fingerprint::parse(&format!("{n:016x}")).expect("16 digits");
            Found { fingerprint, message: format!("finding {n}"), ..found.clone() }
        })
        .collect();
    brief.blocking = brief.findings.len();
    brief
}

#[test]
fn thirty_findings_keep_to_the_limits_and_lose_nothing() {
    let brief = many(30);
    let channels = Channels { comment: true, inline: true, inline_max: 20, check_run: true };
    let plan = plan(&brief, Some(&posted()), &channels, &place());
    // Ten of a level: nine, and one that tells of the rest.
    assert_eq!(plan.annotations.len(), 10);
    assert_eq!(plan.annotations[9].message, "21 more of this level are in the job summary.");
    let Step::CreateComment { body } = &plan.steps[0] else { panic!("{:?}", plan.steps) };
    for n in 0..30 {
        assert!(plan.summary.contains(&format!("finding {n}\n")), "{n}: {}", plan.summary);
        assert!(body.contains(&format!("finding {n}")), "{n}: {body}");
    }
    assert!(body.contains("<summary>25 more findings</summary>"), "{body}");
    let Step::CreateReview { comments, head } = &plan.steps[1] else { panic!("{:?}", plan.steps) };
    assert_eq!((comments.len(), head.as_str()), (20, HEAD));
    let Step::CreateCheckRun(run) = &plan.steps[2] else { panic!("{:?}", plan.steps) };
    assert_eq!((run.annotations.len(), run.conclusion), (30, "failure"));
    assert_eq!(plan.notes.len(), 1, "{:?}", plan.notes);
}

#[test]
fn pages_never_grow_beyond_what_the_platform_takes() {
    let mut brief = many(5_000);
    for found in &mut brief.findings {
        found.message = format!("{} {}", found.message, "\u{202e}@[".repeat(1_000));
    }
    let channels = Channels { comment: true, inline: false, inline_max: 20, check_run: true };
    let plan = plan(&brief, Some(&posted()), &channels, &place());
    assert!(plan.summary.len() <= 900_000 && plan.summary.contains("are not shown here"));
    let Step::CreateComment { body } = &plan.steps[0] else { panic!("{:?}", plan.steps) };
    assert!(body.len() <= 60_000 && body.contains("are not shown here"), "{}", body.len());
    let Step::CreateCheckRun(run) = &plan.steps[1] else { panic!("{:?}", plan.steps) };
    assert!(run.summary.len() <= 65_535 && run.title.len() <= 255);
    assert!(plan.annotations.iter().all(|a| a.message.chars().count() <= 4_096));
}

#[test]
fn heavier_findings_come_first_in_the_log() {
    use crate::policy::Severity;
    let mut brief = many(3);
    brief.findings[0].severity = Severity::Note;
    brief.findings[1].severity = Severity::Warning;
    let plan = plan(&brief, None, &Channels::default(), &place());
    let levels: Vec<Level> = plan.annotations.iter().map(|annotation| annotation.level).collect();
    assert_eq!(levels, [Level::Error, Level::Warning, Level::Notice]);
    let first = &plan.annotations[0];
    assert_eq!(first.path.as_deref(), Some("governance/hiring/ai-system.yaml"));
    assert_eq!((first.lines, first.columns), (Some((2, 2)), Some((5, 11))));
    assert!(first.message.starts_with("finding 2. Why it matters: People affected"), "{}", first.message);
}
