//! What can go wrong on the way to the platform and back.

use crate::source::{clip, plain};

/// Characters of an answer that a message quotes.
const QUOTED: usize = 200;

/// What went wrong: a sentence that says what was tried, what came back, and what to do. It never holds
/// a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Of which sort it is.
    pub kind: Kind,
    /// What was tried: `read the comments of pull request #7`.
    pub doing: String,
    /// What the platform or the network said, made safe to show; may be empty.
    pub said: String,
    /// The permission that it takes, as workflows name it: `pull-requests: write`.
    pub permission: &'static str,
}

/// The sorts of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no token, or not one that may do this (401, 403).
    Denied,
    /// It is not there, or the token may not see it (404, 410).
    NotFound,
    /// Somebody changed it at the same time (409).
    Conflict,
    /// The platform does not take this content (422, or another refusal).
    Unprocessable,
    /// Too many requests; holds the seconds that the platform asks to wait, where it does.
    RateLimited(Option<u64>),
    /// The platform is out of order (5xx).
    Unavailable,
    /// No answer in time, or the run's own time is over.
    Timeout,
    /// There is no way to the platform: its address, a proxy, the network, certificates.
    Unreachable,
    /// The answer cannot be read.
    Broken,
    /// The run has written as much as one run may.
    OverBudget,
}

impl Error {
    /// An error without words of the platform.
    pub(super) fn new(kind: Kind, request: &Doing<'_>, said: &str) -> Self {
        Error { kind, doing: request.what.to_owned(), said: shown(said), permission: request.permission }
    }

    /// Whether the same request may work a moment later.
    pub(super) fn may_pass(&self) -> bool {
        matches!(
            self.kind,
            Kind::Conflict
                | Kind::RateLimited(_)
                | Kind::Unavailable
                | Kind::Timeout
                | Kind::Unreachable
                | Kind::Broken
        )
    }

    /// Whether what was asked may have been done although the answer says nothing of it.
    pub(super) fn may_have_landed(&self) -> bool {
        matches!(self.kind, Kind::Unavailable | Kind::Timeout | Kind::Unreachable | Kind::Broken)
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self.kind {
            Kind::Denied => format!(
                "Give the job `{}` under `permissions`. A workflow of a pull request from a fork or from Dependabot has \
                 read access alone, whatever it asks for: post from a second workflow on `workflow_run` there",
                self.permission
            ),
            Kind::NotFound => format!(
                "Check GITHUB_REPOSITORY and GITHUB_API_URL, and that the token may see the repository (`{}`)",
                self.permission
            ),
            Kind::Conflict => "Run the job again; give the workflow a `concurrency` group, so that one runs at a time".to_owned(),
            Kind::Unprocessable => "Nothing has to be done for the verdict; report what the platform said if it comes again".to_owned(),
            Kind::RateLimited(_) => "Run the job again later, or use a token with limits of its own".to_owned(),
            Kind::Unavailable | Kind::Timeout | Kind::Broken => "Run the job again; see the platform's status page".to_owned(),
            Kind::Unreachable => "Check GITHUB_API_URL, HTTPS_PROXY and NO_PROXY, and that the machine trusts the server's certificate (SSL_CERT_FILE)".to_owned(),
            Kind::OverBudget => "Nothing has to be done: the rest is in the job summary".to_owned(),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let why = match self.kind {
            Kind::Denied => "the token may not do that".to_owned(),
            Kind::NotFound => "it is not there, or the token may not see it".to_owned(),
            Kind::Conflict => "it was changed at the same time".to_owned(),
            Kind::Unprocessable => "the platform does not take it".to_owned(),
            Kind::RateLimited(Some(wait)) => format!("too many requests, and the platform asks to wait {wait} s"),
            Kind::RateLimited(None) => "too many requests".to_owned(),
            Kind::Unavailable => "the platform is out of order".to_owned(),
            Kind::Timeout => "no answer came in time".to_owned(),
            Kind::Unreachable => "the platform cannot be reached".to_owned(),
            Kind::Broken => "the answer cannot be read".to_owned(),
            Kind::OverBudget => "a run does not write more than that".to_owned(),
        };
        write!(f, "annexa could not {}: {why}", self.doing)?;
        if self.said.is_empty() { Ok(()) } else { write!(f, " ({})", self.said) }
    }
}

impl std::error::Error for Error {}

/// What is being tried, for messages.
pub(super) struct Doing<'a> {
    /// What: `read the comments of pull request #7`.
    pub what: &'a str,
    /// The permission that it takes.
    pub permission: &'static str,
}

/// Text of the platform or the network, safe and short.
pub(super) fn shown(text: &str) -> String {
    plain(&clip(text.trim(), QUOTED))
}

/// What an answer other than success means.
pub(super) fn refusal(request: &Doing<'_>, status: u16, wait: Wait, body: &[u8]) -> Error {
    let said = message(body);
    let limited = wait.exhausted || said.to_ascii_lowercase().contains("rate limit");
    let kind = match status {
        429 => Kind::RateLimited(wait.seconds),
        403 if limited || wait.seconds.is_some() => Kind::RateLimited(wait.seconds),
        401 | 403 | 407 => Kind::Denied,
        300..=399 | 404 | 410 => Kind::NotFound,
        409 => Kind::Conflict,
        500.. => Kind::Unavailable,
        _ => Kind::Unprocessable,
    };
    Error::new(kind, request, &format!("{status} {said}"))
}

/// How long the platform asks to wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wait {
    /// In seconds from now.
    pub seconds: Option<u64>,
    /// Whether no request is left in this hour.
    pub exhausted: bool,
}

/// The message in an answer, with those of its parts: reviews are refused with the reason in `errors`.
fn message(body: &[u8]) -> String {
    let Ok(answer) = serde_json::from_slice::<Refusal>(body) else {
        return String::new();
    };
    let parts = answer.errors.as_array().map(Vec::as_slice).unwrap_or_default().iter().filter_map(|part| {
        part.as_str().or_else(|| part.get("message").and_then(|m| m.as_str())).or_else(|| part.get("code")?.as_str())
    });
    let parts: Vec<&str> = parts.take(3).collect();
    let message = answer.message.unwrap_or_default();
    if parts.is_empty() { message } else { format!("{message}: {}", parts.join("; ")) }
}

#[derive(serde::Deserialize)]
struct Refusal {
    message: Option<String>,
    #[serde(default)]
    errors: serde_json::Value,
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOING: Doing<'static> = Doing { what: "write the comment", permission: "pull-requests: write" };

    #[test]
    fn answers_become_what_they_mean() {
        let none = Wait::default();
        let wait = |seconds| Wait { seconds: Some(seconds), exhausted: false };
        let integration = r#"{"message": "Resource not accessible by integration"}"#;
        let secondary = r#"{"message": "You have exceeded a secondary rate limit."}"#;
        let table = [
            (401, none, r#"{"message": "Bad credentials"}"#, Kind::Denied),
            (403, none, integration, Kind::Denied),
            (403, none, secondary, Kind::RateLimited(None)),
            (403, wait(7), secondary, Kind::RateLimited(Some(7))),
            (403, Wait { seconds: None, exhausted: true }, "{}", Kind::RateLimited(None)),
            (404, none, r#"{"message": "Not Found"}"#, Kind::NotFound),
            (409, none, "{}", Kind::Conflict),
            (422, none, "{}", Kind::Unprocessable),
            (429, wait(1), "", Kind::RateLimited(Some(1))),
            (502, none, "<html>", Kind::Unavailable),
        ];
        for (status, wait, body, expected) in table {
            assert_eq!(refusal(&DOING, status, wait, body.as_bytes()).kind, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_message_tells_what_was_tried_what_came_and_what_to_do() {
        let body = br#"{"message": "Unprocessable Entity", "errors": ["line must be part of the diff"]}"#;
        assert_eq!(
            refusal(&DOING, 422, Wait::default(), body).to_string(),
            "annexa could not write the comment: the platform does not take it (422 Unprocessable Entity: line must be part of the diff)"
        );
        let denied = refusal(&DOING, 403, Wait::default(), b"{}");
        assert!(denied.help().starts_with("Give the job `pull-requests: write`"), "{}", denied.help());
    }

    #[test]
    fn what_the_platform_says_commands_no_log() {
        let body = br###"{"message": "x\n::error::y ##[error]z"}"###;
        let error = refusal(&DOING, 422, Wait::default(), body).to_string();
        assert!(!error.contains('\n') && !error.contains("##[") && !error.contains(" ::"), "{error}");
    }
}
