//! Where a run posts to. What is in here comes from the environment of the workflow and from the
//! platform, never from a report.

/// The run, the repository and the commit that are posted about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The server that people see, such as `https://github.com`.
    pub server_url: String,
    /// `owner/name`.
    pub repository: String,
    /// The full id of the commit that was judged, as reviewers see it: the head of the pull request, not
    /// the merge.
    pub head: String,
    /// The page of the workflow's run, where there is one.
    pub run_url: Option<String>,
    /// What tells our comment from that of another job of ours on the same pull request; see [`Key`].
    pub key: Key,
}

/// The name of a comment of ours: small letters, digits, `.`, `_`, `/` and `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

/// Characters of a [`Key`].
const LONGEST: usize = 100;

impl Key {
    /// A key made of what names a job, such as its workflow and its id. Other characters become `-`.
    pub fn new(parts: &[&str]) -> Key {
        let safe = |c: char| match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') => c,
            _ => '-',
        };
        let parts = parts.iter().map(|part| part.chars().map(safe).collect::<String>()).filter(|part| !part.is_empty());
        // Two hyphens in a row end an HTML comment.
        let mut key: String = parts.collect::<Vec<_>>().join("/").chars().take(LONGEST).collect();
        while key.contains("--") {
            key = key.replace("--", "-");
        }
        if key.is_empty() { Key::default() } else { Key(key) }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Key {
    fn default() -> Self {
        Key("annexa".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_hold_nothing_that_could_end_a_marker() {
        let table: [(&[&str], &str); 5] = [
            (&["Governance", "check"], "governance/check"),
            (&["a b", ""], "a-b"),
            (&["x --> y"], "x-y"),
            (&["ä\n"], "-"),
            (&[], "annexa"),
        ];
        for (parts, expected) in table {
            assert_eq!(Key::new(parts).as_str(), expected);
        }
        assert_eq!(Key::new(&[&"x".repeat(500)]).as_str().len(), LONGEST);
    }
}
