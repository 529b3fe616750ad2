//! Each fault of the platform: what is written is there once, what is not is said with its content, and
//! nothing else is touched.

use super::fake::{Fake, HEAD, Kind, State};
use super::reading::{client, settings};
use annexa::io::github::{Client, Delivery, Kind as Wrong, Sender, deliver};
use annexa::publish::{Annotation, CheckRun, Level, NewInline, Plan, Posted, Step};
use std::time::Duration;

const MARK: &str = "<!-- ours -->";

fn inline(path: &str, lines: Option<(u32, u32)>) -> NewInline {
    NewInline { path: path.to_owned(), lines, body: format!("{MARK} about {path} {lines:?}") }
}

fn review(comments: &[NewInline]) -> Step {
    Step::CreateReview { head: HEAD.to_owned(), comments: comments.to_vec() }
}

/// As a planner does it: one comment, kept up to date, and of several the oldest.
fn sticky(posted: Option<&Posted>) -> Plan {
    let body = format!("{MARK} two findings");
    let ours: Vec<_> =
        posted.map(|p| &p.conversation[..]).unwrap_or_default().iter().filter(|c| c.body.starts_with(MARK)).collect();
    let mut steps = Vec::new();
    match ours.first() {
        None if posted.is_some() => steps.push(Step::CreateComment { body }),
        Some(first) if first.body != body => steps.push(Step::EditComment { id: first.id, body }),
        _ => {}
    }
    steps.extend(ours.iter().skip(1).map(|more| Step::DeleteComment { id: more.id }));
    Plan { steps, ..Plan::default() }
}

fn sender(client: &Client) -> Sender<'_> {
    Sender { client, number: 7, head: HEAD, external_id: "governance/1/1", run_url: None }
}

fn post(fake: &Fake, plan: impl Fn(Option<&Posted>) -> Plan) -> Delivery {
    let mut settings = settings(fake);
    settings.pace.answer = Duration::from_millis(400);
    let client = Client::new(&settings).expect("a client");
    deliver(&sender(&client), plan)
}

fn steps(steps: Vec<Step>) -> impl Fn(Option<&Posted>) -> Plan {
    move |posted| Plan { steps: if posted.is_some() { steps.clone() } else { Vec::new() }, ..Plan::default() }
}

fn kinds(delivery: &Delivery) -> Vec<Wrong> {
    delivery.unposted.iter().map(|unposted| unposted.error.kind).collect()
}

#[test]
fn a_comment_is_written_once_or_not_at_all_whatever_happens() {
    const READ_ONLY: &str = "Resource not accessible by integration";
    const SECONDARY: &str = "You have exceeded a secondary rate limit.";
    let posts = "/issues/7/comments";
    // what happens, how often; how many comments are there in the end; what the warning is
    let table: Vec<(&str, Kind, u32, usize, Vec<Wrong>)> = vec![
        ("401", Kind::Status(401, "Bad credentials", &[]), 9, 0, vec![Wrong::Denied]),
        ("403 fork", Kind::Status(403, READ_ONLY, &[]), 9, 0, vec![Wrong::Denied]),
        ("404", Kind::Status(404, "Not Found", &[]), 9, 0, vec![Wrong::NotFound]),
        ("409 once", Kind::Status(409, "Conflict", &[]), 1, 1, vec![]),
        ("422", Kind::Status(422, "Validation Failed", &[]), 9, 0, vec![Wrong::Unprocessable]),
        ("429 once", Kind::Status(429, "Slow down", &[("retry-after", "0")]), 1, 1, vec![]),
        (
            "429 for ever",
            Kind::Status(429, "Slow down", &[("retry-after", "0")]),
            9,
            0,
            vec![Wrong::RateLimited(Some(0))],
        ),
        ("secondary once", Kind::Status(403, SECONDARY, &[("retry-after", "0")]), 1, 1, vec![]),
        (
            "secondary for an hour",
            Kind::Status(403, SECONDARY, &[("retry-after", "3600")]),
            9,
            0,
            vec![Wrong::RateLimited(Some(3600))],
        ),
        ("5xx before", Kind::Status(502, "Bad Gateway", &[]), 1, 1, vec![]),
        ("5xx after", Kind::DoneThen(502), 1, 1, vec![]),
        ("5xx for ever", Kind::Status(503, "Unavailable", &[]), 9, 0, vec![Wrong::Unavailable]),
        ("hangs before", Kind::Hang { done: false }, 1, 1, vec![]),
        ("hangs after", Kind::Hang { done: true }, 1, 1, vec![]),
        ("half an answer", Kind::Half, 1, 1, vec![]),
        ("no answer", Kind::Drop, 1, 1, vec![]),
        ("no answer for ever", Kind::Drop, 9, 0, vec![Wrong::Unreachable]),
    ];
    for (name, kind, times, there, expected) in table {
        let fake = Fake::new().fails("POST", posts, times, kind);
        fake.state().comment("mona", "Please look at this.");
        let delivery = post(&fake, sticky);
        let ours = fake.state().comments.iter().filter(|c| c.body.starts_with(MARK)).count();
        assert_eq!((ours, kinds(&delivery)), (there, expected), "{name}: {delivery:#?}");
        assert_eq!(fake.state().comments[0].body, "Please look at this.", "{name}");
        if there == 0 {
            // What would have been posted is told.
            assert!(
                matches!(&delivery.unposted[0].steps[..], [Step::CreateComment { body }] if body.starts_with(MARK)),
                "{name}"
            );
        } else {
            // Another run, and another push, change nothing or that one.
            let again = post(&fake, sticky);
            assert_eq!((fake.state().comments.len(), again.unposted.len()), (2, 0), "{name}");
        }
    }
}

#[test]
fn what_cannot_be_read_is_not_written_to() {
    for (name, path, kind) in [
        ("the comments", "/issues/7/comments", Kind::Status(500, "Oh", &[])),
        ("half a page", "/issues/7/comments", Kind::Half),
        ("the lines", "/pulls/7/comments", Kind::Status(403, "Resource not accessible by integration", &[])),
    ] {
        let fake = Fake::new().fails("GET", path, 99, kind);
        let delivery = post(&fake, sticky);
        assert_eq!((delivery.unposted.len(), fake.asked("POST", "")), (1, 0), "{name}");
    }
}

#[test]
fn a_changed_comment_is_tried_again_and_made_anew_where_it_is_gone() {
    let fake = Fake::new().fails("PATCH", "/issues/comments", 1, Kind::DoneThen(502));
    fake.state().comment("github-actions[bot]", &format!("{MARK} old"));
    let delivery = post(&fake, sticky);
    assert_eq!((fake.state().comments[0].body.as_str(), delivery.unposted.len()), ("<!-- ours --> two findings", 0));

    let gone = |state: &mut State| state.comments.clear();
    let fake = Fake::new().fails("PATCH", "/issues/comments", 1, Kind::First(Box::new(gone)));
    fake.state().comment("github-actions[bot]", &format!("{MARK} old"));
    let delivery = post(&fake, sticky);
    let bodies: Vec<_> = fake.state().comments.iter().map(|comment| comment.body.clone()).collect();
    assert_eq!((bodies, delivery.unposted.len()), (vec![format!("{MARK} two findings")], 0));
}

#[test]
fn two_runs_at_once_leave_one_comment() {
    let other = |state: &mut State| {
        state.comment("github-actions[bot]", &format!("{MARK} two findings"));
    };
    let fake = Fake::new().fails("POST", "/issues/7/comments", 1, Kind::First(Box::new(other)));
    let delivery = post(&fake, sticky);
    assert_eq!((fake.state().comments.len(), delivery.unposted.len()), (1, 0), "{delivery:#?}");
    assert_eq!(fake.asked("DELETE", "/issues/comments"), 1);
}

#[test]
fn a_newer_head_wins() {
    let pushed = |state: &mut State| state.requests[0].head = "f".repeat(40);
    // The push comes after what is posted was read, and before anything is written.
    let fake = Fake::new().fails("GET", "/pulls/7/comments", 1, Kind::First(Box::new(pushed)));
    let delivery = post(&fake, sticky);
    assert_eq!((fake.asked("POST", "/issues"), fake.asked("POST", "/pulls"), delivery.unposted.len()), (0, 0, 0));
    assert!(delivery.notes[0].contains("the pull request is at ffffffffff by now"), "{:?}", delivery.notes);
}

#[test]
fn one_line_outside_of_the_diff_falls_back_alone() {
    let comments = [
        inline("a.yaml", Some((3, 3))),
        inline("b.yaml", Some((99, 99))),
        inline("a.yaml", Some((4, 6))),
        inline("gone.yaml", Some((1, 1))),
    ];
    let fake = Fake::new();
    let delivery = post(&fake, steps(vec![review(&comments)]));
    let there: Vec<_> = fake.state().inline.iter().map(|c| (c.path.clone(), c.line)).collect();
    assert_eq!(there, [("a.yaml".to_owned(), Some(3)), ("a.yaml".to_owned(), Some(6))]);
    let [unposted] = &delivery.unposted[..] else { panic!("{delivery:#?}") };
    assert_eq!(unposted.error.kind, Wrong::Unprocessable);
    assert!(unposted.error.to_string().contains("thread line must be part of the diff"), "{}", unposted.error);
    let missing: Vec<_> = unposted.steps.iter().collect();
    assert_eq!(missing, [&review(&comments[1..2]), &review(&comments[3..4])]);
}

#[test]
fn comments_on_lines_and_files_go_the_ways_that_github_takes() {
    let comments = [inline("a.yaml", Some((3, 3))), inline("a.yaml", Some((4, 6))), inline("b.yaml", None)];
    let fake = Fake::new();
    let delivery = post(&fake, steps(vec![review(&comments)]));
    assert_eq!((kinds(&delivery), fake.state().inline.len()), (vec![], 3));
    assert_eq!((fake.asked("POST", "/pulls/7/reviews"), fake.asked("POST", "/pulls/7/comments")), (1, 1));
    // What stands there is not written again.
    let delivery = post(&fake, steps(vec![review(&comments)]));
    assert_eq!((kinds(&delivery), fake.state().inline.len()), (vec![], 3));
    assert_eq!((fake.asked("POST", "/pulls/7/reviews"), fake.asked("POST", "/pulls/7/comments")), (1, 1));
}

#[test]
fn a_review_whose_answer_was_lost_is_not_written_twice() {
    let comments = [inline("a.yaml", Some((3, 3))), inline("b.yaml", Some((5, 7)))];
    for kind in
        [Kind::DoneThen(502), Kind::Half, Kind::Hang { done: true }, Kind::Status(502, "Bad Gateway", &[]), Kind::Drop]
    {
        let fake = Fake::new().fails("POST", "/pulls/7/reviews", 1, kind);
        let delivery = post(&fake, steps(vec![review(&comments)]));
        assert_eq!((kinds(&delivery), fake.state().inline.len()), (vec![], 2));
    }
}

#[test]
fn what_is_over_is_resolved_or_edited() {
    for (may, thread) in [(true, true), (false, true), (true, false)] {
        let fake = Fake::new();
        fake.state().may_resolve = may;
        let id = fake.state().on_line("github-actions[bot]", MARK, "a.yaml", Some(3));
        let thread = thread.then(|| format!("T{id}"));
        let resolved = thread.is_some() && may;
        let delivery = post(&fake, steps(vec![Step::Resolve { id, thread, body: "It is over.".to_owned() }]));
        let state = fake.state();
        let body = if resolved { MARK } else { "It is over." };
        assert_eq!((state.inline[0].resolved, state.inline[0].body.as_str()), (resolved, body));
        assert_eq!(kinds(&delivery), []);
    }
}

#[test]
fn a_check_run_has_all_of_its_annotations_once() {
    let annotation = |n: u32| Annotation {
        level: Level::Warning,
        path: Some("a.yaml".to_owned()),
        lines: Some((n, n)),
        columns: Some((1, 2)),
        title: "t".repeat(400),
        message: format!("number {n}"),
    };
    let about_the_run = Annotation { path: None, ..annotation(1) };
    let run = CheckRun {
        head: HEAD.to_owned(),
        conclusion: "failure",
        title: "2 errors".to_owned(),
        summary: "A page.".to_owned(),
        annotations: (1..=120).map(annotation).chain([about_the_run]).collect(),
    };
    let faults: Vec<Option<(&str, &str, Kind)>> = vec![
        None,
        Some(("POST", "/check-runs", Kind::DoneThen(502))),
        Some(("PATCH", "/check-runs/", Kind::DoneThen(502))),
        Some(("PATCH", "/check-runs/", Kind::Status(502, "Bad Gateway", &[]))),
        Some(("PATCH", "/check-runs/", Kind::Half)),
    ];
    for fault in faults {
        let fake = match fault {
            Some((method, path, kind)) => Fake::new().fails(method, path, 1, kind),
            None => Fake::new(),
        };
        let delivery = post(&fake, steps(vec![Step::CreateCheckRun(run.clone())]));
        assert_eq!(kinds(&delivery), []);
        let state = fake.state();
        let [made] = &state.runs[..] else { panic!("{} runs", state.runs.len()) };
        let numbers: Vec<_> = made.annotations.iter().map(|a| a["start_line"].as_u64()).collect();
        assert_eq!(numbers, (1..=120).map(Some).collect::<Vec<_>>());
        assert_eq!((made.conclusion.as_str(), made.external_id.as_str()), ("failure", "governance/1/1"));
    }
}

#[test]
fn a_token_that_may_only_read_loses_nothing() {
    let fake = Fake::new();
    fake.state().read_only = true;
    let all = vec![Step::CreateComment { body: MARK.to_owned() }, review(&[inline("a.yaml", Some((3, 3)))])];
    let delivery = post(&fake, steps(all.clone()));
    assert_eq!(kinds(&delivery), [Wrong::Denied, Wrong::Denied]);
    let told: Vec<Step> = delivery.unposted.iter().flat_map(|unposted| unposted.steps.clone()).collect();
    assert_eq!(told, all);
    assert!(delivery.unposted[0].error.help().contains("pull-requests: write"));
}

#[test]
fn a_run_writes_no_more_than_its_budget() {
    let fake = Fake::new();
    let mut settings = settings(&fake);
    settings.pace.writes = 2;
    let ids: Vec<u64> = (0..4).map(|_| fake.state().comment("github-actions[bot]", MARK)).collect();
    let all = ids.iter().map(|id| Step::DeleteComment { id: *id }).collect();
    let limited = Client::new(&settings).expect("a client");
    let delivery = deliver(&sender(&limited), steps(all));
    assert_eq!((kinds(&delivery), fake.state().comments.len()), (vec![Wrong::OverBudget], 2));
    assert_eq!(delivery.unposted[0].steps.len(), 2);
}

#[test]
fn writes_are_spaced_and_the_time_of_a_run_ends() {
    let fake = Fake::new();
    let mut settings = settings(&fake);
    settings.pace.between_writes = Duration::from_millis(60);
    let ids: Vec<u64> = (0..3).map(|_| fake.state().comment("github-actions[bot]", MARK)).collect();
    let begun = std::time::Instant::now();
    let slow = Client::new(&settings).expect("a client");
    for id in ids {
        slow.delete_comment(id).expect("it is taken away");
    }
    assert!(begun.elapsed() >= Duration::from_millis(120));
    settings.pace.deadline = Duration::ZERO;
    let late = Client::new(&settings).expect("a client");
    assert_eq!(late.head(7).map_err(|error| error.kind), Err(Wrong::Timeout));
}

#[test]
fn a_fork_that_is_gone_is_no_obstacle() {
    let fake = Fake::new();
    fake.state().requests[0].head_repo = None;
    assert_eq!(kinds(&post(&fake, sticky)), []);
    assert_eq!(fake.state().comments.len(), 1);
    assert_eq!(client(&fake).open_pull_request(HEAD), Ok(Some(7)));
}
