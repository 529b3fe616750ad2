//! What is read from the platform: all pages, on a server of one's own too, and what people said last.

use super::fake::{BASE, Fake, HEAD, Kind};
use super::shapes;
use annexa::facts::ReviewState;
use annexa::io::github::{self, Client, Kind as Wrong, Settings};
use std::time::Duration;

const TOKEN: &str = "ghs_verysecret";

/// What a workflow's environment says, with the addresses of the fake.
pub fn settings(fake: &Fake) -> Settings {
    let (api, graphql) = (fake.api_url(), fake.graphql_url());
    let value = |name: &str| match name {
        "GITHUB_API_URL" => Some(api.clone()),
        "GITHUB_GRAPHQL_URL" => Some(graphql.clone()),
        "GITHUB_REPOSITORY" => Some("octo-org/governance".to_owned()),
        "GITHUB_TOKEN" => Some(TOKEN.to_owned()),
        _ => None,
    };
    Settings::of(value).expect("nothing is wrong")
}

pub fn client(fake: &Fake) -> Client {
    Client::new(&settings(fake)).expect("a client")
}

#[test]
fn all_pages_are_read_in_order_on_both_kinds_of_servers() {
    for (prefix, graphql) in [("", "/graphql"), ("/api/v3", "/api/graphql")] {
        let fake = Fake::with_prefix(prefix, graphql);
        {
            let mut state = fake.state();
            state.page = 3;
            for n in 0..10 {
                state.comment("mona", &format!("comment {n}"));
                let id = state.on_line("mona", &format!("line {n}"), "a.yaml", Some(n + 1));
                if n % 2 == 0 {
                    state.inline.iter_mut().find(|comment| comment.id == id).expect("it was made").resolved = true;
                }
            }
        }
        let (posted, notes) = client(&fake).posted(7).expect("it is read");
        assert_eq!(notes, Vec::<String>::new());
        assert_eq!(posted.head, HEAD);
        let bodies: Vec<_> = posted.conversation.iter().map(|comment| comment.body.as_str()).collect();
        assert_eq!(bodies, (0..10).map(|n| format!("comment {n}")).collect::<Vec<_>>());
        let inline: Vec<_> = posted.inline.iter().map(|c| (c.line, c.resolved, c.thread.is_some())).collect();
        assert_eq!(inline, (0..10).map(|n| (Some(n + 1), n % 2 == 0, true)).collect::<Vec<_>>());
        assert!(fake.state().log.iter().all(|e| e.authorization == format!("Bearer {TOKEN}")), "{prefix}");
    }
}

#[test]
fn without_the_other_interface_threads_are_unknown_and_that_is_said() {
    let fake = Fake::new().fails("POST", "/graphql", 9, Kind::Status(404, "Not Found", &[]));
    fake.state().on_line("mona", "x", "a.yaml", Some(1));
    let (posted, notes) = client(&fake).posted(7).expect("it is read");
    assert_eq!((posted.inline[0].thread.clone(), posted.inline[0].resolved), (None, false));
    assert!(notes[0].ends_with("conversations that are over are edited instead of resolved"), "{notes:?}");
}

#[test]
fn who_writes_is_known_where_the_token_may_ask() {
    let fake = Fake::new();
    fake.state().writer = "governance-app[bot]".to_owned();
    assert_eq!(client(&fake).posted(7).expect("it is read").0.viewer.as_deref(), Some("governance-app[bot]"));
    let fake = fake.fails("POST", "/graphql", 9, Kind::Status(403, "Resource not accessible", &[]));
    assert_eq!(client(&fake).posted(7).expect("it is read").0.viewer, None);
}

#[test]
fn a_pull_request_comes_with_what_its_reviewers_said_last() {
    let fake = Fake::new();
    {
        let mut state = fake.state();
        state.page = 2;
        state.requests[0].head_repo = None;
        for (by, what, commit, minute) in [
            ("ada", "CHANGES_REQUESTED", BASE, 1),
            ("bob", "APPROVED", BASE, 2),
            ("ada", "APPROVED", HEAD, 3),
            ("eve", "DISMISSED", HEAD, 4),
            ("", "APPROVED", HEAD, 5),
            ("dan", "APPROVED", HEAD, 6),
            ("dan", "DISMISSED", HEAD, 7),
        ] {
            let review = shapes::review(&state, by, what, commit, &format!("2026-05-28T10:0{minute}:00Z"));
            state.reviews.push(review);
        }
    }
    let found = github::pull_request(&settings(&fake), 7).expect("it is read");
    assert_eq!((found.number, found.author.as_str(), found.base_branch.as_str()), (7, "mona", "main"));
    assert_eq!(found.labels, ["ai-governance"]);
    let known = found.reviews.known().expect("they were looked up");
    let reviews: Vec<_> = known.iter().map(|r| (r.by.as_str(), r.state, r.outdated)).collect();
    assert_eq!(reviews, [("bob", ReviewState::Approved, true), ("ada", ReviewState::Approved, false)]);
    assert_eq!(known[0].on.moment(), "2026-05-28T10:02:00Z");
}

#[test]
fn a_commit_leads_to_its_pull_request() {
    let fake = Fake::new();
    assert_eq!(client(&fake).open_pull_request(HEAD), Ok(Some(7)));
    // One that only begins at the commit is another one.
    assert_eq!(client(&fake).open_pull_request(BASE), Ok(None));
    assert_eq!(github::pull_request_of_commit(&settings(&fake), HEAD), Ok(None));
    fake.state().requests[0].merged_at = Some("2026-05-29T08:00:00Z".to_owned());
    assert_eq!(github::pull_request_of_commit(&settings(&fake), HEAD), Ok(Some(7)));
    assert_eq!(client(&fake).open_pull_request(HEAD), Ok(None));
}

#[test]
fn a_commit_of_a_fork_is_found_among_the_open_ones() {
    let fake = Fake::new().fails("GET", "/commits/", 9, Kind::Status(422, "No commit found for SHA", &[]));
    assert_eq!(client(&fake).open_pull_request(HEAD), Ok(Some(7)));
}

#[test]
fn reads_are_tried_again_and_end() {
    let wrong = |kind: Kind, times: u32| {
        let fake = Fake::new().fails("GET", "/pulls/7", times, kind);
        let found = client(&fake).head(7).map_err(|error| error.kind);
        (found, fake.asked("GET", "/pulls/7"))
    };
    let head = || Ok(HEAD.to_owned());
    assert_eq!(wrong(Kind::Status(502, "Bad Gateway", &[]), 2), (head(), 3));
    assert_eq!(wrong(Kind::Status(429, "Too many", &[("retry-after", "0")]), 1), (head(), 2));
    assert_eq!(wrong(Kind::Half, 1), (head(), 2));
    assert_eq!(wrong(Kind::Drop, 2), (head(), 3));
    assert_eq!(wrong(Kind::Status(500, "Oh", &[]), 9), (Err(Wrong::Unavailable), 3));
    assert_eq!(wrong(Kind::Half, 9), (Err(Wrong::Broken), 3));
    assert_eq!(wrong(Kind::Status(404, "Not Found", &[]), 9), (Err(Wrong::NotFound), 1));
    assert_eq!(wrong(Kind::Status(401, "Bad credentials", &[]), 9), (Err(Wrong::Denied), 1));
    // Longer than a run has: it is said instead of waited for.
    let hour = Kind::Status(403, "You have exceeded a secondary rate limit", &[("retry-after", "3600")]);
    assert_eq!(wrong(hour, 9), (Err(Wrong::RateLimited(Some(3600))), 1));
}

#[test]
fn a_platform_that_does_not_answer_is_left_in_time() {
    let fake = Fake::new().fails("GET", "/pulls/7", 9, Kind::Hang { done: false });
    let mut settings = settings(&fake);
    settings.pace.answer = Duration::from_millis(150);
    let error = Client::new(&settings).expect("a client").head(7).expect_err("nobody answers");
    assert_eq!((error.kind, fake.asked("GET", "/pulls/7")), (Wrong::Timeout, 3));
    settings.pace.deadline = Duration::from_millis(100);
    let error = Client::new(&settings).expect("a client").head(7).expect_err("nobody answers");
    assert_eq!((error.kind, fake.asked("GET", "/pulls/7")), (Wrong::Timeout, 4));
}

#[test]
fn errors_never_hold_the_token() {
    let fake = Fake::new().fails("GET", "/pulls/7", 9, Kind::Status(401, "Bad credentials", &[]));
    let error = client(&fake).head(7).expect_err("it is refused");
    let said = format!("{error} {error:?} {} {:?}", error.help(), settings(&fake));
    assert!(!said.contains("verysecret") && said.contains("Bad credentials"), "{said}");
}

#[test]
fn a_renamed_repository_is_followed_on_the_same_server_only() {
    let fake = Fake::new();
    let there: &'static str = Box::leak(format!("{}/repos/octo-org/governance/pulls/7", fake.url).into_boxed_str());
    let headers: &'static [(&str, &str)] = Box::leak(Box::new([("location", there)]));
    let fake = fake.fails("GET", "/pulls/7", 1, Kind::Status(301, "Moved Permanently", headers));
    assert_eq!(client(&fake).head(7), Ok(HEAD.to_owned()));
    let elsewhere = Kind::Status(301, "Moved Permanently", &[("location", "https://example.org/repos/x/y/pulls/7")]);
    let fake = Fake::new().fails("GET", "/pulls/7", 1, elsewhere);
    assert_eq!(client(&fake).head(7).map_err(|error| error.kind), Err(Wrong::NotFound));
}
