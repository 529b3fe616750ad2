//! The client: requests in a row, each tried again by its own rule, within the time and the number of
//! writes that a run has.

use super::error::{Doing, Error, Kind};
use super::settings::{Pace, Repository, Settings};
use super::transport::{Answer, Transport};
use super::wire;
use hyper::http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// So many times a request is sent at most.
const ATTEMPTS: u32 = 3;

/// Things on a page; the most that the platform gives.
const PER_PAGE: usize = 100;

/// At most so many pages are read. A conversation with more is not read at all, since what is on the
/// last page may be ours.
const PAGES: usize = 50;

/// Talks to the platform about one repository.
pub struct Client {
    runtime: Runtime,
    rest: Transport,
    graphql: Transport,
    graphql_path: String,
    pub(super) repository: Repository,
    pace: Pace,
    until: Instant,
    written: Cell<(usize, Option<Instant>)>,
}

impl Client {
    /// A client for the repository of the settings. Its time begins now. Nothing is sent yet.
    ///
    /// # Errors
    /// When the settings name no repository or hold no token, or the machine trusts nobody.
    pub fn new(settings: &Settings) -> Result<Self, Error> {
        let doing = Doing { what: "talk to the platform", permission: "pull-requests: write" };
        let repository = settings.repository.clone();
        let repository =
            repository.ok_or_else(|| Error::new(Kind::NotFound, &doing, "GITHUB_REPOSITORY is not set"))?;
        if settings.token.is_none() {
            return Err(Error::new(Kind::Denied, &doing, "GITHUB_TOKEN is not set"));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::new(Kind::Unreachable, &doing, &error.to_string()))?;
        let entered = runtime.enter();
        // octocrab asks for GraphQL below the address of REST, where servers of one's own do not have it.
        let (graphql, graphql_path) = settings.graphql_url.rsplit_once('/').unwrap_or((&settings.graphql_url, ""));
        let rest = Transport::new(&settings.api_url, settings, &settings.pace)?;
        let graphql = Transport::new(graphql, settings, &settings.pace)?;
        drop(entered);
        Ok(Client {
            runtime,
            rest,
            graphql,
            graphql_path: format!("/{graphql_path}"),
            repository,
            pace: settings.pace,
            until: Instant::now() + settings.pace.deadline,
            written: Cell::new((0, None)),
        })
    }

    /// `/repos/owner/name` and what follows.
    pub(super) fn path(&self, rest: impl std::fmt::Display) -> String {
        format!("/repos/{}/{rest}", self.repository)
    }

    /// Reads one thing.
    pub(super) fn get<T: DeserializeOwned>(&self, path: &str, doing: &Doing<'_>) -> Result<T, Error> {
        self.again(|| parse(&self.once(&Method::GET, path, None, doing)?, doing))
    }

    /// Reads all pages of a list.
    pub(super) fn list<T: DeserializeOwned>(&self, path: &str, doing: &Doing<'_>) -> Result<Vec<T>, Error> {
        self.pages(path, doing, |page: Vec<T>| page)
    }

    /// Reads all pages of a list that lies in something else.
    pub(super) fn pages<P: DeserializeOwned, T>(
        &self,
        path: &str,
        doing: &Doing<'_>,
        items: impl Fn(P) -> Vec<T>,
    ) -> Result<Vec<T>, Error> {
        let sign = if path.contains('?') { '&' } else { '?' };
        let mut all = Vec::new();
        for page in 1..=PAGES {
            let path = format!("{path}{sign}per_page={PER_PAGE}&page={page}");
            let (found, more) = self.again(|| {
                let answer = self.once(&Method::GET, &path, None, doing)?;
                Ok((parse::<P>(&answer, doing)?, answer.more))
            })?;
            all.extend(items(found));
            if !more {
                return Ok(all);
            }
        }
        Err(Error::new(Kind::Broken, doing, &format!("more than {} entries", PAGES * PER_PAGE)))
    }

    /// Changes what is there already, or takes it away: sent again, it does the same.
    pub(super) fn change(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        doing: &Doing<'_>,
    ) -> Result<(), Error> {
        self.again(|| {
            self.spaced(doing)?;
            self.once(method, path, body, doing).map(|_| ())
        })
    }

    /// Makes something. Where it is not known whether that worked, `landed` looks, and it is sent again
    /// only when it finds nothing.
    pub(super) fn make<T>(
        &self,
        path: &str,
        body: &Value,
        doing: &Doing<'_>,
        read: impl Fn(&Answer) -> Result<T, Error>,
        landed: impl Fn() -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        let send = || self.once(&Method::POST, path, Some(body), doing).and_then(|answer| read(&answer));
        self.carefully(doing, send, landed)
    }

    /// Changes something where twice is not the same as once: like [`Client::make`].
    pub(super) fn extend(
        &self,
        path: &str,
        body: &Value,
        doing: &Doing<'_>,
        landed: impl Fn() -> Result<Option<()>, Error>,
    ) -> Result<(), Error> {
        self.carefully(doing, || self.once(&Method::PATCH, path, Some(body), doing).map(|_| ()), landed)
    }

    fn carefully<T>(
        &self,
        doing: &Doing<'_>,
        send: impl Fn() -> Result<T, Error>,
        landed: impl Fn() -> Result<Option<T>, Error>,
    ) -> Result<T, Error> {
        let mut attempt = 1;
        loop {
            self.spaced(doing)?;
            let made = send();
            let error = match made {
                Ok(made) => return Ok(made),
                Err(error) if error.may_pass() => error,
                Err(error) => return Err(error),
            };
            let waited = self.wait(attempt, &error);
            if error.may_have_landed() {
                match landed() {
                    Ok(Some(found)) => return Ok(found),
                    Ok(None) => {}
                    // Whether it is there cannot be known, and twice is worse than once too few.
                    Err(_) => return Err(error),
                }
            }
            if !waited || attempt == ATTEMPTS {
                return Err(error);
            }
            attempt += 1;
        }
    }

    /// Asks the other interface.
    pub(super) fn ask<T: DeserializeOwned>(&self, query: &Value, doing: &Doing<'_>) -> Result<T, Error> {
        self.again(|| {
            let sent = self.graphql.send(&Method::POST, &self.graphql_path, Some(query), doing, self.until);
            let answer: GraphAnswer<T> = parse(&self.runtime.block_on(sent)?, doing)?;
            if let Some(error) = answer.errors.first() {
                let kind = match error.kind.as_deref() {
                    Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => Kind::Denied,
                    Some("NOT_FOUND") => Kind::NotFound,
                    Some("RATE_LIMITED") => Kind::RateLimited(None),
                    _ => Kind::Unprocessable,
                };
                return Err(Error::new(kind, doing, &error.message));
            }
            answer.data.ok_or_else(|| Error::new(Kind::Broken, doing, "there is no data in it"))
        })
    }

    /// Waits until the next write is due, and counts it.
    pub(super) fn spaced(&self, doing: &Doing<'_>) -> Result<(), Error> {
        let (count, last) = self.written.get();
        if count >= self.pace.writes {
            return Err(Error::new(Kind::OverBudget, doing, &format!("{count} writes")));
        }
        if let Some(last) = last {
            self.sleep(self.pace.between_writes.saturating_sub(last.elapsed()));
        }
        self.written.set((count + 1, Some(Instant::now())));
        Ok(())
    }

    fn once(&self, method: &Method, path: &str, body: Option<&Value>, doing: &Doing<'_>) -> Result<Answer, Error> {
        self.runtime.block_on(self.rest.send(method, path, body, doing, self.until))
    }

    fn again<T>(&self, mut send: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        for attempt in 1..ATTEMPTS {
            match send() {
                Err(error) if error.may_pass() && self.wait(attempt, &error) => {}
                other => return other,
            }
        }
        send()
    }

    /// Waits before the next attempt, as long as the platform asks or a little longer each time; not at
    /// all, and false, where that is longer than the run has.
    fn wait(&self, attempt: u32, error: &Error) -> bool {
        let backoff = self.pace.backoff * 2_u32.pow(attempt - 1);
        // So that jobs that failed together do not come back together.
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
        let jitter = backoff.mul_f64(f64::from(nanos % 1_000) / 2_000.0);
        let wait = match error.kind {
            Kind::RateLimited(Some(seconds)) => Duration::from_secs(seconds).max(backoff),
            _ => backoff,
        } + jitter;
        let left = self.until.saturating_duration_since(Instant::now());
        if wait > self.pace.longest_wait + jitter || wait >= left {
            return false;
        }
        self.sleep(wait);
        true
    }

    /// Connections are kept alive meanwhile.
    fn sleep(&self, time: Duration) {
        if !time.is_zero() {
            self.runtime.block_on(async { tokio::time::sleep(time).await });
        }
    }
}

/// Reads what an answer holds.
pub(super) fn parse<T: DeserializeOwned>(answer: &Answer, doing: &Doing<'_>) -> Result<T, Error> {
    serde_json::from_slice(&answer.body).map_err(|error| Error::new(Kind::Broken, doing, &error.to_string()))
}

/// The number of what was made.
pub(super) fn made(answer: &Answer, doing: &Doing<'_>) -> Result<u64, Error> {
    parse::<wire::Made>(answer, doing).map(|made| made.id)
}

/// What is sent.
pub(super) fn sent(body: &impl Serialize, doing: &Doing<'_>) -> Result<Value, Error> {
    serde_json::to_value(body).map_err(|error| Error::new(Kind::Unprocessable, doing, &error.to_string()))
}

#[derive(serde::Deserialize)]
struct GraphAnswer<T> {
    data: Option<T>,
    #[serde(default = "Vec::new")]
    errors: Vec<GraphError>,
}

#[derive(serde::Deserialize)]
struct GraphError {
    message: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}
