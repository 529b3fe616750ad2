//! One request and its answer: octocrab over a client of our own, with limits of time and size.

use super::connect::Connector;
use super::error::{Doing, Error, Kind, Wait, refusal};
use super::settings::{Pace, Settings};
use http_body_util::{BodyExt, Limited};
use hyper::http::header::{ACCEPT, HeaderMap, HeaderValue, USER_AGENT};
use hyper::http::{Method, Request, Uri};
use hyper_util::client::legacy::Client as Hyper;
use hyper_util::rt::TokioExecutor;
use octocrab::service::middleware::base_uri::BaseUriLayer;
use octocrab::service::middleware::extra_headers::ExtraHeadersLayer;
use octocrab::{AuthState, OctoBody, Octocrab, OctocrabBuilder};
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The largest answer that is read, in bytes: a page of 100 comments with 65,536 characters each.
const LARGEST: usize = 32 * 1024 * 1024;

/// At most so many times an answer may lead elsewhere: repositories are renamed.
const REDIRECTS: usize = 3;

/// Sends requests to one address.
pub(super) struct Transport {
    octocrab: Octocrab,
    base: String,
    /// How long one answer may take.
    patience: Duration,
}

/// An answer that says that it worked.
#[derive(Debug)]
pub(super) struct Answer {
    /// What it holds.
    pub body: Vec<u8>,
    /// Whether there is a page after this one.
    pub more: bool,
}

impl Transport {
    /// A transport to `base`. Must be made inside of a runtime.
    ///
    /// # Errors
    /// When the address is none, or the machine trusts nobody.
    pub fn new(base: &str, settings: &Settings, pace: &Pace) -> Result<Self, Error> {
        let doing = Doing { what: "get ready to talk to the platform", permission: "" };
        let unreachable = |why: &str| Error::new(Kind::Unreachable, &doing, why);
        let uri: Uri = base.parse().map_err(|_| unreachable("the address is not valid"))?;
        let octocrab = if uri.scheme_str() == Some("https") {
            let connector =
                Connector::new(pace.connect).encrypted().map_err(|error| unreachable(&error.to_string()))?;
            octocrab(Hyper::builder(TokioExecutor::new()).build(connector), uri, settings)
        } else {
            // The settings allow this for an address of this machine alone.
            octocrab(Hyper::builder(TokioExecutor::new()).build(Connector::straight(pace.connect)), uri, settings)
        };
        Ok(Transport { octocrab, base: base.to_owned(), patience: pace.answer })
    }

    /// Sends one request, once.
    ///
    /// # Errors
    /// When there is no answer until `until`, or the answer is none of success.
    pub async fn send(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        doing: &Doing<'_>,
        until: Instant,
    ) -> Result<Answer, Error> {
        let limit = self.patience.min(until.saturating_duration_since(Instant::now()));
        match tokio::time::timeout(limit, self.follow(method, path, body, doing)).await {
            Ok(answer) => answer,
            Err(_) => Err(Error::new(Kind::Timeout, doing, "")),
        }
    }

    async fn follow(
        &self,
        method: &Method,
        path: &str,
        body: Option<&Value>,
        doing: &Doing<'_>,
    ) -> Result<Answer, Error> {
        let mut path = path.to_owned();
        for _ in 0..=REDIRECTS {
            let request = Request::builder().method(method.clone()).uri(&path);
            let broken = |error: octocrab::Error| Error::new(Kind::Unprocessable, doing, &error.to_string());
            let request = self.octocrab.build_request(request, body).map_err(broken)?;
            let answer = self.octocrab.execute(request).await;
            let answer = answer.map_err(|error| Error::new(Kind::Unreachable, doing, &causes(&error)))?;
            let (head, body) = answer.into_parts();
            let read = Limited::new(body, LARGEST).collect().await;
            let status = head.status.as_u16();
            let body = match read {
                Ok(body) => body.to_bytes(),
                Err(error) => {
                    let why = format!("{status}, and then {}", causes(error.as_ref()));
                    return Err(Error::new(Kind::Broken, doing, &why));
                }
            };
            if head.status.is_success() {
                return Ok(Answer { body: body.to_vec(), more: has_next(&head.headers) });
            }
            match self.elsewhere(status, &head.headers) {
                // Only what changes nothing, or what asks for the same again, is followed.
                Some(next) if method == Method::GET || matches!(status, 307 | 308) => path = next,
                _ => return Err(refusal(doing, status, wait(&head.headers), &body)),
            }
        }
        Err(Error::new(Kind::NotFound, doing, "the answers lead in circles"))
    }

    /// Where an answer leads, on the same server: a token goes nowhere else.
    fn elsewhere(&self, status: u16, headers: &HeaderMap) -> Option<String> {
        if !matches!(status, 301 | 302 | 307 | 308) {
            return None;
        }
        let rest = headers.get("location")?.to_str().ok()?.strip_prefix(&self.base)?;
        rest.starts_with('/').then(|| rest.to_owned())
    }
}

/// octocrab over `client`.
fn octocrab<C>(client: Hyper<C, OctoBody>, base: Uri, settings: &Settings) -> Octocrab
where
    C: hyper_util::client::legacy::connect::Connect + Clone + Send + Sync + 'static,
{
    let agent = HeaderValue::from_static(concat!("annexa/", env!("CARGO_PKG_VERSION")));
    let headers = vec![(USER_AGENT, agent), (ACCEPT, HeaderValue::from_static("application/vnd.github+json"))];
    let auth = match &settings.token {
        Some(token) => AuthState::AccessToken { token: token.secret().into() },
        None => AuthState::None,
    };
    let built = OctocrabBuilder::new_empty()
        .with_service(client)
        .with_layer(&ExtraHeadersLayer::new(Arc::new(headers)))
        .with_layer(&BaseUriLayer::new(base))
        .with_auth(auth)
        .build();
    match built {
        Ok(octocrab) => octocrab,
        Err(never) => match never {},
    }
}

/// Whether the links of an answer name a next page. Their addresses are not used: pages are asked for
/// by their number.
fn has_next(headers: &HeaderMap) -> bool {
    let links = headers.get_all("link").iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|links| links.split(',')).any(|link| link.contains("rel=\"next\""))
}

/// How long the platform asks to wait.
fn wait(headers: &HeaderMap) -> Wait {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let exhausted = number("x-ratelimit-remaining") == Some(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let reset = || number("x-ratelimit-reset").filter(|_| exhausted).map(|at| at.saturating_sub(now));
    Wait { seconds: number("retry-after").or_else(reset), exhausted }
}

/// An error with what caused it, down to the network: the library's own words end at its service.
fn causes(error: &dyn std::error::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default();
        if !texts.iter().any(|known| known.contains(text)) {
            texts.push(text.to_owned());
        }
        next = error.source();
    }
    // The last one is nearest to the network.
    texts.split_off(texts.len().saturating_sub(2)).join(": ")
}
