//! What the environment of a workflow run says, read once and checked.

use crate::io::env;
use crate::source::{clip, plain};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// What the environment says about the platform and this run. Everything is optional: outside a
/// workflow nothing of it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `GITHUB_ACTIONS`: whether this is a workflow run, whose log reader takes commands.
    pub actions: bool,
    /// `GITHUB_API_URL`, without a slash at its end; `https://HOST/api/v3` on a GitHub Enterprise Server.
    pub api_url: String,
    /// `GITHUB_GRAPHQL_URL`; `https://HOST/api/graphql` on a GitHub Enterprise Server.
    pub graphql_url: String,
    /// `GITHUB_SERVER_URL`, without a slash at its end: where people look.
    pub server_url: String,
    /// `GITHUB_REPOSITORY`.
    pub repository: Option<Repository>,
    /// `GITHUB_TOKEN`.
    pub token: Option<Token>,
    /// `GITHUB_EVENT_NAME`.
    pub event_name: Option<String>,
    /// `GITHUB_EVENT_PATH`: the file with the event.
    pub event_path: Option<PathBuf>,
    /// `GITHUB_RUN_ID`.
    pub run_id: Option<u64>,
    /// `GITHUB_RUN_ATTEMPT`.
    pub run_attempt: Option<u32>,
    /// `GITHUB_WORKFLOW`: what the workflow calls itself.
    pub workflow: Option<String>,
    /// `GITHUB_JOB`.
    pub job: Option<String>,
    /// `GITHUB_STEP_SUMMARY`: the file that becomes the page of the job.
    pub step_summary: Option<PathBuf>,
    /// `GITHUB_OUTPUT`: the file that takes the outputs of the step.
    pub output: Option<PathBuf>,
    /// `GITHUB_SHA`: the commit of the event; of a pull request the merge that GitHub made.
    pub sha: Option<String>,
    /// `GITHUB_REF`.
    pub reference: Option<String>,
    /// `GITHUB_BASE_REF`: the branch that a pull request is to be merged into.
    pub base_ref: Option<String>,
    /// `GITHUB_HEAD_REF`: the branch that a pull request comes from.
    pub head_ref: Option<String>,
    /// How patient and how fast a run is.
    pub pace: Pace,
}

/// How patient and how fast a run is. GitHub counts content that is written: 80 a minute and 500 an hour,
/// for all that use the same token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between two writes.
    pub between_writes: Duration,
    /// Before the second attempt; longer before the third.
    pub backoff: Duration,
    /// The longest wait that the platform may ask for.
    pub longest_wait: Duration,
    /// Until a connection stands.
    pub connect: Duration,
    /// Until one answer is read to its end.
    pub answer: Duration,
    /// Until everything is done.
    pub deadline: Duration,
    /// How many contents one run writes.
    pub writes: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            between_writes: Duration::from_secs(1),
            backoff: Duration::from_millis(700),
            longest_wait: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(30),
            deadline: Duration::from_secs(90),
            writes: 60,
        }
    }
}

impl Pace {
    /// The pace towards this machine, where no limit has to be spared. `patience` is for an answer, in
    /// milliseconds.
    fn quick(patience: Option<u64>) -> Self {
        let usual = Pace::default();
        Pace {
            between_writes: Duration::ZERO,
            backoff: Duration::from_millis(5),
            answer: patience.map_or(usual.answer, Duration::from_millis),
            ..usual
        }
    }
}

/// A repository of the platform. Both parts are letters, digits, `-`, `_` and `.`, and so safe in a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    /// Whose it is.
    pub owner: String,
    /// What it is called.
    pub name: String,
}

/// A secret that opens the platform. It is in no message and in no debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// A variable whose value cannot be used: what is wrong, why it matters, what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is {problem}, so {matters}; {help}")]
pub struct SettingsError {
    variable: &'static str,
    problem: String,
    matters: &'static str,
    help: &'static str,
}

impl Settings {
    /// Reads the environment of this process.
    ///
    /// # Errors
    /// When a variable is set to what it cannot be.
    pub fn read() -> Result<Self, SettingsError> {
        Settings::of(env::variable)
    }

    /// Reads variables from anywhere.
    ///
    /// # Errors
    /// When a variable is set to what it cannot be.
    pub fn of(get: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let url = |name: &'static str, default: &str| match get(name) {
            Some(text) => checked_url(name, &text),
            None => Ok(default.to_owned()),
        };
        let api_url = url("GITHUB_API_URL", "https://api.github.com")?;
        let graphql_url = match get("GITHUB_GRAPHQL_URL") {
            Some(text) => checked_url("GITHUB_GRAPHQL_URL", &text)?,
            // A server of one's own has its prefix before both interfaces.
            None => format!("{}/graphql", api_url.strip_suffix("/v3").unwrap_or(&api_url)),
        };
        let pace = match api_url.starts_with("http://") {
            true => Pace::quick(get("ANNEXA_PATIENCE").and_then(|text| text.parse().ok())),
            false => Pace::default(),
        };
        Ok(Settings {
            pace,
            actions: get("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
            api_url,
            graphql_url,
            server_url: url("GITHUB_SERVER_URL", "https://github.com")?,
            repository: get("GITHUB_REPOSITORY").map(|text| Repository::parse(&text)).transpose()?,
            token: get("GITHUB_TOKEN").map(|text| Token::new(&text)).transpose()?,
            event_name: get("GITHUB_EVENT_NAME"),
            event_path: get("GITHUB_EVENT_PATH").map(PathBuf::from),
            run_id: get("GITHUB_RUN_ID").and_then(|text| text.parse().ok()),
            run_attempt: get("GITHUB_RUN_ATTEMPT").and_then(|text| text.parse().ok()),
            workflow: get("GITHUB_WORKFLOW"),
            job: get("GITHUB_JOB"),
            step_summary: get("GITHUB_STEP_SUMMARY").map(PathBuf::from),
            output: get("GITHUB_OUTPUT").map(PathBuf::from),
            sha: get("GITHUB_SHA").filter(|text| is_commit_id(text)),
            reference: get("GITHUB_REF"),
            base_ref: get("GITHUB_BASE_REF"),
            head_ref: get("GITHUB_HEAD_REF"),
        })
    }

    /// Where people see this run; `None` outside a workflow.
    pub fn run_url(&self) -> Option<String> {
        let (repository, run) = (self.repository.as_ref()?, self.run_id?);
        Some(format!("{}/{repository}/actions/runs/{run}", self.server_url))
    }
}

impl Repository {
    /// Reads `owner/name`.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        match text.split_once('/') {
            Some((owner, name)) if is_name(owner) && is_name(name) => {
                Ok(Repository { owner: owner.to_owned(), name: name.to_owned() })
            }
            _ => Err(SettingsError {
                variable: "GITHUB_REPOSITORY",
                problem: format!("`{}`", plain(&clip(text, 60))),
                matters: "it does not tell which repository is meant",
                help: "write it as `owner/name`",
            }),
        }
    }
}

impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.name)
    }
}

impl Token {
    /// Takes a secret.
    ///
    /// # Errors
    /// When it cannot stand in a header, for one with a line break in it.
    pub fn new(text: &str) -> Result<Self, SettingsError> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(SettingsError {
                variable: "GITHUB_TOKEN",
                problem: "not a token: there are spaces or other characters in it".to_owned(),
                matters: "it cannot be sent",
                help: "pass it as `${{ github.token }}`, or as a secret without anything around it",
            });
        }
        Ok(Token(text.to_owned()))
    }

    /// The secret itself, for the header alone.
    pub(super) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn is_name(text: &str) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.len() <= 100 && text != "." && text != ".." && text.chars().all(known)
}

/// Whether this is the full id of a commit.
pub(super) fn is_commit_id(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A URL that a token may be sent to: encrypted, or one that does not leave this machine.
fn checked_url(variable: &'static str, text: &str) -> Result<String, SettingsError> {
    let url = text.trim_end_matches('/');
    let host = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default().to_owned();
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '[' | ']');
        (!host.is_empty() && host.chars().all(known)).then_some(host)
    };
    let path_is_plain = |rest: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~' | '/');
        rest.split_once('/').is_none_or(|(_, path)| path.chars().all(known))
    };
    let good = match url.split_once("://") {
        Some(("https", rest)) => host(rest).is_some() && path_is_plain(rest),
        Some(("http", rest)) => host(rest).is_some_and(|host| is_loopback(&host)) && path_is_plain(rest),
        _ => false,
    };
    if good {
        return Ok(url.to_owned());
    }
    Err(SettingsError {
        variable,
        problem: format!("`{}`", plain(&clip(text, 80))),
        matters: "a token would not be safe on its way there",
        help: "write an address that begins with https://, without a user name, a query or a fragment",
    })
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(name, _)| name);
    matches!(name, "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        Settings::of(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn without_variables_it_is_github_com_and_no_run() {
        let settings = with(&[]).expect("nothing is wrong");
        assert_eq!(settings.api_url, "https://api.github.com");
        assert_eq!(settings.graphql_url, "https://api.github.com/graphql");
        assert_eq!(settings.server_url, "https://github.com");
        assert!(!settings.actions && settings.repository.is_none() && settings.run_url().is_none());
    }

    #[test]
    fn a_server_of_ones_own_keeps_its_prefixes() {
        let settings = with(&[("GITHUB_API_URL", "https://git.example.org/api/v3/")]).expect("nothing is wrong");
        assert_eq!(settings.api_url, "https://git.example.org/api/v3");
        assert_eq!(settings.graphql_url, "https://git.example.org/api/graphql");
    }

    #[test]
    fn a_token_is_sent_to_safe_addresses_alone() {
        // address -> whether it is taken
        let table = [
            ("https://api.github.com", true),
            ("https://git.example.org:8443/api/v3", true),
            ("http://127.0.0.1:4040/api/v3", true),
            ("http://localhost:1", true),
            ("http://[::1]:80", true),
            ("http://api.github.com", false),
            ("http://127.0.0.1.example.org", false),
            ("http://localhost@example.org", false),
            ("https://user:word@example.org", false),
            ("https://", false),
            ("https://example.org/?to=a", false),
            ("https://example.org/a b", false),
            ("ftp://example.org", false),
            ("api.github.com", false),
        ];
        for (url, expected) in table {
            assert_eq!(with(&[("GITHUB_API_URL", url)]).is_ok(), expected, "{url}");
        }
    }

    #[test]
    fn a_repository_is_an_owner_and_a_name() {
        for (text, expected) in [
            ("octo-org/a.b_c", true),
            ("octo-org", false),
            ("a/b/c", false),
            ("../x", false),
            ("a/..", false),
            ("a/b?c", false),
            ("/b", false),
        ] {
            assert_eq!(with(&[("GITHUB_REPOSITORY", text)]).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn the_token_is_never_shown() {
        let settings = with(&[("GITHUB_TOKEN", "ghs_verysecret")]).expect("nothing is wrong");
        assert!(!format!("{settings:?}").contains("verysecret"));
        let error = with(&[("GITHUB_TOKEN", "ghs very secret")]).expect_err("it has spaces");
        assert!(!format!("{error} {error:?}").contains("very"), "{error}");
    }

    #[test]
    fn what_is_wrong_says_what_to_do() {
        let error = with(&[("GITHUB_REPOSITORY", "x\u{1b}y")]).expect_err("it is no repository");
        assert_eq!(
            error.to_string(),
            "GITHUB_REPOSITORY is `x\\u{1b}y`, so it does not tell which repository is meant; write it as `owner/name`"
        );
    }
}
