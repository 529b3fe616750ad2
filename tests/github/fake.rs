//! A GitHub on this machine: it keeps what is written, is as strict as the real one, and fails in the
//! ways that the real one fails. Under the feature `conformance` every exchange is held against GitHub's
//! OpenAPI (tests/github/openapi.rs).

use super::shapes;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// The longest comment that GitHub takes, in characters.
const COMMENT: usize = 65_536;

/// A hanging answer ends so late, for a client that waits for ever.
const HANG: Duration = Duration::from_secs(20);

pub struct Request {
    pub number: u32,
    pub title: String,
    pub author: String,
    pub draft: bool,
    pub labels: Vec<String>,
    pub base: String,
    pub head: String,
    pub head_repo: Option<String>,
    pub merged_at: Option<String>,
}

pub struct Comment {
    pub id: u64,
    pub author: String,
    pub body: String,
}

pub struct Inline {
    pub id: u64,
    pub author: String,
    pub body: String,
    pub path: String,
    pub line: Option<u64>,
    pub commit: String,
    pub answers: Option<u64>,
    pub resolved: bool,
}

pub struct Run {
    pub id: u64,
    pub name: String,
    pub head: String,
    pub conclusion: String,
    pub external_id: String,
    pub title: String,
    pub summary: String,
    pub annotations: Vec<Value>,
}

/// What the fake has and how it behaves.
pub struct State {
    pub repository: String,
    /// Before every path, as on a GitHub Enterprise Server: `/api/v3`.
    pub prefix: String,
    pub graphql: String,
    /// Who writes.
    pub writer: String,
    pub requests: Vec<Request>,
    pub comments: Vec<Comment>,
    pub inline: Vec<Inline>,
    pub reviews: Vec<Value>,
    pub runs: Vec<Run>,
    /// The lines of each file that the diff shows.
    pub diff: BTreeMap<String, Vec<u64>>,
    /// Things on a page, at most what is asked for.
    pub page: usize,
    /// Whether the token may only read.
    pub read_only: bool,
    /// Whether conversations may be resolved.
    pub may_resolve: bool,
    pub faults: Vec<Fault>,
    pub log: Vec<Exchange>,
    next: u64,
}

/// One request and its answer.
#[derive(Clone)]
#[cfg_attr(not(feature = "conformance"), expect(dead_code, reason = "what was said is for the description of GitHub"))]
pub struct Exchange {
    pub method: String,
    /// Without the prefix and the query.
    pub path: String,
    pub authorization: String,
    pub body: Option<Value>,
    pub status: u16,
    pub answer: Option<Value>,
}

/// A request that goes wrong.
pub struct Fault {
    pub method: &'static str,
    /// A part of the path.
    pub path: &'static str,
    /// How many more times.
    pub times: u32,
    pub kind: Kind,
}

type Hook = Box<dyn FnMut(&mut State) + Send>;

pub enum Kind {
    /// This answer, and nothing is done.
    Status(u16, &'static str, &'static [(&'static str, &'static str)]),
    /// It is done, and the answer is this.
    DoneThen(u16),
    /// No answer; done or not.
    Hang { done: bool },
    /// Half of the answer; done.
    Half,
    /// The connection ends without an answer; not done.
    Drop,
    /// Something happens first, and then it works.
    First(Hook),
}

pub struct Fake {
    pub url: String,
    pub state: Arc<Mutex<State>>,
}

pub const HEAD: &str = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
pub const BASE: &str = "c3d0be41ecbe669545ee3e94d31ed9a4bc91ee3c";

impl Fake {
    /// One with the pull request #7 of `octo-org/governance`.
    pub fn new() -> Fake {
        Fake::with_prefix("", "/graphql")
    }

    pub fn with_prefix(prefix: &str, graphql: &str) -> Fake {
        let request = Request {
            number: 7,
            title: "Add the impact assessment of v2".to_owned(),
            author: "mona".to_owned(),
            draft: false,
            labels: vec!["ai-governance".to_owned()],
            base: BASE.to_owned(),
            head: HEAD.to_owned(),
            head_repo: Some("octo-org/governance".to_owned()),
            merged_at: None,
        };
        let state = State {
            repository: "octo-org/governance".to_owned(),
            prefix: prefix.to_owned(),
            graphql: graphql.to_owned(),
            writer: "github-actions[bot]".to_owned(),
            requests: vec![request],
            comments: Vec::new(),
            inline: Vec::new(),
            reviews: Vec::new(),
            runs: Vec::new(),
            diff: BTreeMap::from([("a.yaml".to_owned(), (1..=20).collect()), ("b.yaml".to_owned(), vec![5, 6, 7])]),
            page: 100,
            read_only: false,
            may_resolve: true,
            faults: Vec::new(),
            log: Vec::new(),
            next: 1000,
        };
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let shared = Arc::clone(&state);
        // Ends with the process: a test has no more to say to it by then.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Fake { url, state }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn fails(self, method: &'static str, path: &'static str, times: u32, kind: Kind) -> Fake {
        self.state().faults.push(Fault { method, path, times, kind });
        self
    }

    /// How often this was asked.
    pub fn asked(&self, method: &str, path: &str) -> usize {
        self.state().log.iter().filter(|e| e.method == method && e.path.contains(path)).count()
    }

    pub fn api_url(&self) -> String {
        format!("{}{}", self.url, self.state().prefix)
    }

    pub fn graphql_url(&self) -> String {
        format!("{}{}", self.url, self.state().graphql)
    }
}

#[cfg(feature = "conformance")]
impl Drop for Fake {
    fn drop(&mut self) {
        if !thread::panicking() {
            super::openapi::hold(&self.state().log);
        }
    }
}

/// What an answer is: status, body, headers besides the usual ones.
type Answer = (u16, Value, Vec<(String, String)>);

fn serve(mut stream: TcpStream, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    while let Some((method, target, authorization, body)) = read(&mut reader) {
        let mut state = state.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let path = path.to_owned();
        let hit = state.faults.iter().position(|f| f.times > 0 && f.method == method && path.contains(f.path));
        let mut fault = hit.map(|at| {
            state.faults[at].times -= 1;
            if state.faults[at].times == 0 { state.faults.remove(at).kind } else { copy(&state.faults[at].kind) }
        });
        if let Some(Kind::First(hook)) = &mut fault {
            hook(&mut state);
        }
        let done = match &fault {
            Some(Kind::Status(status, message, headers)) => {
                let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
                (*status, json!({"message": message, "documentation_url": "https://docs.github.com/rest"}), headers)
            }
            Some(Kind::Drop) | Some(Kind::Hang { done: false }) => (0, Value::Null, Vec::new()),
            _ => state.answer(&method, &path, query, body.as_ref()),
        };
        let (status, answer, headers) = done;
        let sent = match &fault {
            Some(Kind::DoneThen(status)) => (*status, json!({"message": "Server Error"})),
            _ => (status, answer),
        };
        let short = path.strip_prefix(&state.prefix).unwrap_or(&path).to_owned();
        let kept = (sent.0 != 204 && sent.0 != 0).then(|| sent.1.clone());
        state.log.push(Exchange { method, path: short, authorization, body, status: sent.0, answer: kept });
        drop(state);
        match fault {
            Some(Kind::Drop) => return,
            Some(Kind::Hang { .. }) => {
                thread::sleep(HANG);
                return;
            }
            _ => {}
        }
        let text = if sent.0 == 204 { String::new() } else { sent.1.to_string() };
        let mut head = format!("HTTP/1.1 {} X\r\ncontent-type: application/json\r\n", sent.0);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", text.len()));
        let half = matches!(fault, Some(Kind::Half));
        let text = if half { &text[..text.len() / 2] } else { &text[..] };
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(text.as_bytes())).is_err() || half {
            return;
        }
    }
}

/// A fault that comes again.
fn copy(kind: &Kind) -> Kind {
    match kind {
        Kind::Status(status, message, headers) => Kind::Status(*status, message, headers),
        Kind::DoneThen(status) => Kind::DoneThen(*status),
        Kind::Hang { done } => Kind::Hang { done: *done },
        Kind::Half => Kind::Half,
        Kind::Drop => Kind::Drop,
        Kind::First(_) => panic!("something can happen first only once"),
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, String, String, Option<Value>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut parts = line.split(' ');
    let (method, target) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (mut length, mut authorization) = (0, String::new());
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok().filter(|read| *read > 0)?;
        let Some((name, value)) = header.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "authorization" => authorization = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((method, target, authorization, serde_json::from_slice(&body).ok()))
}

fn refused(status: u16, message: &str) -> Answer {
    (status, json!({"message": message, "documentation_url": "https://docs.github.com/rest"}), Vec::new())
}

impl State {
    fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn comment(&mut self, author: &str, body: &str) -> u64 {
        let id = self.id();
        self.comments.push(Comment { id, author: author.to_owned(), body: body.to_owned() });
        id
    }

    pub fn on_line(&mut self, author: &str, body: &str, path: &str, line: Option<u64>) -> u64 {
        let id = self.id();
        let commit = self.requests[0].head.clone();
        let (author, body, path) = (author.to_owned(), body.to_owned(), path.to_owned());
        self.inline.push(Inline { id, author, body, path, line, commit, answers: None, resolved: false });
        id
    }

    fn answer(&mut self, method: &str, path: &str, query: &str, body: Option<&Value>) -> Answer {
        if path == self.graphql {
            return self.graph(body.unwrap_or(&Value::Null));
        }
        let Some(path) = path.strip_prefix(&self.prefix) else { return refused(404, "Not Found") };
        let Some(rest) = path.strip_prefix(&format!("/repos/{}/", self.repository)) else {
            return refused(404, "Not Found");
        };
        if method != "GET" && self.read_only {
            return refused(403, "Resource not accessible by integration");
        }
        let parts: Vec<&str> = rest.split('/').collect();
        let text = |key: &str| body.and_then(|b| b[key].as_str()).unwrap_or_default().to_owned();
        match (method, &parts[..]) {
            ("GET", ["pulls"]) => {
                let open = self.requests.iter().filter(|request| request.merged_at.is_none());
                self.paged(query, open.map(|request| shapes::listed(self, request)).collect())
            }
            ("GET", ["pulls", number]) => match self.requests.iter().find(|r| r.number.to_string() == **number) {
                Some(request) => (200, shapes::pull_request(self, request), Vec::new()),
                None => refused(404, "Not Found"),
            },
            ("GET", ["commits", sha, "pulls"]) => {
                let of = self.requests.iter().filter(|request| request.head == *sha || request.base == *sha);
                self.paged(query, of.map(|request| shapes::listed(self, request)).collect())
            }
            ("GET", ["commits", sha, "check-runs"]) => {
                let runs: Vec<Value> = self.runs.iter().filter(|run| run.head == *sha).map(shapes::check_run).collect();
                (200, json!({"total_count": runs.len(), "check_runs": runs}), Vec::new())
            }
            ("GET", ["issues", "7", "comments"]) => {
                self.paged(query, self.comments.iter().map(|c| shapes::issue_comment(self, c)).collect())
            }
            ("POST", ["issues", "7", "comments"]) => match text("body") {
                body if body.chars().count() > COMMENT || body.is_empty() => self.too_long(),
                body => {
                    self.comment(&self.writer.clone(), &body);
                    (201, shapes::issue_comment(self, self.comments.last().expect("it was made")), Vec::new())
                }
            },
            ("PATCH" | "DELETE", ["issues", "comments", id]) => {
                let Some(at) = self.comments.iter().position(|comment| comment.id.to_string() == **id) else {
                    return refused(404, "Not Found");
                };
                if self.comments[at].author != self.writer {
                    return refused(403, "Resource not accessible by integration");
                }
                if method == "DELETE" {
                    self.comments.remove(at);
                    return (204, Value::Null, Vec::new());
                }
                if text("body").chars().count() > COMMENT {
                    return self.too_long();
                }
                self.comments[at].body = text("body");
                (200, shapes::issue_comment(self, &self.comments[at]), Vec::new())
            }
            ("GET", ["pulls", "7", "comments"]) => {
                self.paged(query, self.inline.iter().map(|c| shapes::inline(self, c)).collect())
            }
            ("POST", ["pulls", "7", "comments"]) => {
                let body = body.expect("a request has a body");
                match self.unfit(body) {
                    Some(why) => (
                        422,
                        json!({"message": "Validation Failed", "documentation_url": "https://docs.github.com/rest", "errors": [{"resource": "PullRequestReviewComment", "code": "custom", "field": "line", "message": why}]}),
                        Vec::new(),
                    ),
                    None => {
                        let author = self.writer.clone();
                        self.on_line(&author, &text("body"), &text("path"), body["line"].as_u64());
                        (201, shapes::inline(self, self.inline.last().expect("it was made")), Vec::new())
                    }
                }
            }
            ("PATCH", ["pulls", "comments", id]) => {
                let Some(at) = self.inline.iter().position(|comment| comment.id.to_string() == **id) else {
                    return refused(404, "Not Found");
                };
                self.inline[at].body = text("body");
                (200, shapes::inline(self, &self.inline[at]), Vec::new())
            }
            ("GET", ["pulls", "7", "reviews"]) => self.paged(query, self.reviews.clone()),
            ("POST", ["pulls", "7", "reviews"]) => self.review(body.expect("a request has a body")),
            ("POST", ["check-runs"]) => self.make_run(body.expect("a request has a body")),
            ("GET" | "PATCH", ["check-runs", id]) => {
                let Some(at) = self.runs.iter().position(|run| run.id.to_string() == **id) else {
                    return refused(404, "Not Found");
                };
                if let Some(body) = body {
                    if let Some(error) = self.unfit_output(&body["output"]) {
                        return error;
                    }
                    let more = body["output"]["annotations"].as_array().cloned().unwrap_or_default();
                    self.runs[at].annotations.extend(more);
                }
                (200, shapes::check_run(&self.runs[at]), Vec::new())
            }
            _ => refused(404, "Not Found"),
        }
    }

    fn too_long(&self) -> Answer {
        let errors = json!([{"resource": "IssueComment", "code": "unprocessable", "field": "data", "message": "Body is too long (maximum is 65536 characters)"}]);
        (
            422,
            json!({"message": "Validation Failed", "documentation_url": "https://docs.github.com/rest", "errors": errors}),
            Vec::new(),
        )
    }

    fn paged(&self, query: &str, all: Vec<Value>) -> Answer {
        let value = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)?
                .1
                .parse::<usize>()
                .ok()
        };
        let (page, size) = (value("page").unwrap_or(1), value("per_page").unwrap_or(30).min(self.page));
        let mut headers = Vec::new();
        if all.len() > page * size {
            let next = format!("<https://elsewhere.example.org/?page={}>; rel=\"next\"", page + 1);
            headers.push(("link".to_owned(), next));
        }
        (200, all.into_iter().skip((page - 1) * size).take(size).collect(), headers)
    }

    /// Why a comment on a line is not taken.
    fn unfit(&self, comment: &Value) -> Option<&'static str> {
        let path = comment["path"].as_str().unwrap_or_default();
        let Some(shown) = self.diff.get(path) else { return Some("Path could not be resolved") };
        if comment["body"].as_str().unwrap_or_default().chars().count() > COMMENT {
            return Some("Body is too long");
        }
        if comment["subject_type"] == "file" {
            return None;
        }
        let (Some(line), Some("RIGHT")) = (comment["line"].as_u64(), comment["side"].as_str()) else {
            return Some("Pull request review thread line must be part of the diff");
        };
        let first = comment["start_line"].as_u64();
        if first.is_some_and(|first| first >= line) {
            return Some("Pull request review thread start line must precede the end line.");
        }
        let all_shown = (first.unwrap_or(line)..=line).all(|line| shown.contains(&line));
        (!all_shown).then_some("Pull request review thread line must be part of the diff")
    }

    /// A review is taken as a whole or not at all.
    fn review(&mut self, review: &Value) -> Answer {
        let comments = review["comments"].as_array().cloned().unwrap_or_default();
        let simple = |why: &str| {
            let refused = json!({"message": "Unprocessable Entity", "errors": [why], "documentation_url": "https://docs.github.com/rest"});
            (422, refused, Vec::new())
        };
        if !self.requests.iter().any(|request| review["commit_id"] == request.head.as_str()) {
            return simple("The commit is not part of the pull request");
        }
        if let Some(why) = comments.iter().find_map(|comment| self.unfit(comment)) {
            return simple(why);
        }
        for comment in &comments {
            let text = |key: &str| comment[key].as_str().unwrap_or_default().to_owned();
            let author = self.writer.clone();
            self.on_line(&author, &text("body"), &text("path"), comment["line"].as_u64());
        }
        let made = shapes::review(self, &self.writer, "COMMENTED", &self.requests[0].head, "2026-05-28T12:00:00Z");
        self.reviews.push(made.clone());
        (200, made, Vec::new())
    }

    fn unfit_output(&self, output: &Value) -> Option<Answer> {
        let invalid = |why: &str| {
            let body = json!({"message": format!("Invalid request.\n\n{why}"), "documentation_url": "https://docs.github.com/rest"});
            Some((422, body, Vec::new()))
        };
        let annotations = output["annotations"].as_array().cloned().unwrap_or_default();
        if annotations.len() > 50 {
            return invalid("No subschema in \"anyOf\" matched. More than 50 items");
        }
        if output["summary"].as_str().unwrap_or_default().len() > 65_535 {
            return invalid("Only 65535 characters are allowed; summary");
        }
        for annotation in &annotations {
            let columns = !annotation["start_column"].is_null();
            let lines_differ = annotation["start_line"] != annotation["end_line"];
            let text = |key: &str| annotation[key].as_str().unwrap_or_default();
            let long = text("title").chars().count() > 255 || text("message").len() > 65_536;
            if columns && lines_differ || long {
                return invalid("An annotation does not fit");
            }
        }
        None
    }

    fn make_run(&mut self, run: &Value) -> Answer {
        if let Some(error) = self.unfit_output(&run["output"]) {
            return error;
        }
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if !self.requests.iter().any(|request| run["head_sha"] == request.head.as_str()) {
            return refused(422, "No commit found for SHA");
        }
        if run["status"] == "completed" && run["conclusion"].is_null() {
            return refused(422, "conclusion is missing");
        }
        let made = Run {
            id: self.id(),
            name: text(&run["name"]),
            head: text(&run["head_sha"]),
            conclusion: text(&run["conclusion"]),
            external_id: text(&run["external_id"]),
            title: text(&run["output"]["title"]),
            summary: text(&run["output"]["summary"]),
            annotations: run["output"]["annotations"].as_array().cloned().unwrap_or_default(),
        };
        let answer = shapes::check_run(&made);
        self.runs.push(made);
        (201, answer, Vec::new())
    }

    /// The two questions that annexa asks of the other interface.
    fn graph(&mut self, query: &Value) -> Answer {
        let text = query["query"].as_str().unwrap_or_default();
        let error = |kind: &str, message: &str| {
            (200, json!({"data": null, "errors": [{"type": kind, "message": message}]}), Vec::new())
        };
        if text.contains("viewer") {
            return (200, json!({"data": {"viewer": {"login": self.writer}}}), Vec::new());
        }
        if text.starts_with("mutation") {
            if self.read_only || !self.may_resolve {
                return error("FORBIDDEN", "Resource not accessible by integration");
            }
            let thread = query["variables"]["thread"].as_str().unwrap_or_default();
            let Some(found) = self.inline.iter_mut().find(|comment| format!("T{}", comment.id) == thread) else {
                return error("NOT_FOUND", "Could not resolve to a node with the global id");
            };
            found.resolved = true;
            let data = json!({"resolveReviewThread": {"thread": {"isResolved": true}}});
            return (200, json!({"data": data}), Vec::new());
        }
        let first = |comment: &&Inline| comment.answers.is_none();
        let node = |comment: &Inline| {
            json!({
                "id": format!("T{}", comment.id), "isResolved": comment.resolved,
                "comments": {"nodes": [{"databaseId": comment.id}]},
            })
        };
        // The cursor is the number of conversations that were given already.
        let from = query["variables"]["after"].as_str().map_or(0, |after| after.parse().expect("a cursor of ours"));
        let all: Vec<Value> = self.inline.iter().filter(first).map(node).collect();
        let end = (from + self.page).min(all.len());
        let page = json!({
            "pageInfo": {"hasNextPage": end < all.len(), "endCursor": end.to_string()}, "nodes": &all[from..end],
        });
        (200, json!({"data": {"repository": {"pullRequest": {"reviewThreads": page}}}}), Vec::new())
    }
}
