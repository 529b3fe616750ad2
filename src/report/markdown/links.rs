//! The only links that we write: to a file of a commit, and to the page of the workflow's run. Each part
//! is of a strict form or percent-encoded, so that none leads anywhere else.

use std::fmt::Write as _;

/// Characters of a path that is linked; longer ones are shown without a link.
const PATH: usize = 300;

/// What links begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    repository: Option<String>,
    run: Option<String>,
}

impl Links {
    /// No links at all.
    pub fn none() -> Links {
        Links::default()
    }

    /// Links to a repository `owner/name` of a server, and to the page of a run within it. What is not
    /// of the form that a platform gives makes no links.
    pub fn new(server: &str, repository: &str, run: Option<&str>) -> Links {
        let Some(host) = server.strip_prefix("https://") else { return Links::none() };
        let host_is_plain =
            !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'));
        let names: Vec<&str> = repository.split('/').collect();
        let name = |name: &&str| {
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
            plain && !name.is_empty() && name.chars().any(|c| c != '.')
        };
        if !host_is_plain || names.len() != 2 || !names.iter().all(name) {
            return Links::none();
        }
        let repository = format!("{server}/{repository}");
        let run = run.filter(|run| {
            let id = run.strip_prefix(&repository).and_then(|rest| rest.strip_prefix("/actions/runs/"));
            let (id, attempt) = id.map(|id| id.split_once("/attempts/").unwrap_or((id, "1"))).unwrap_or_default();
            [id, attempt].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        });
        Links { run: run.map(str::to_owned), repository: Some(repository) }
    }

    /// The page of the run.
    pub fn run(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// Lines of a file, by its path from the top, as a commit has it.
    pub fn file(&self, commit: &str, path: &str, lines: (u32, u32)) -> Option<String> {
        let repository = self.repository.as_ref()?;
        let inside = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !is_commit(commit) || !inside || path.chars().nth(PATH).is_some() {
            return None;
        }
        let mut link = format!("{repository}/blob/{commit}/");
        for byte in path.bytes() {
            match byte {
                b'/' | b'.' | b'-' | b'_' => link.push(char::from(byte)),
                _ if byte.is_ascii_alphanumeric() => link.push(char::from(byte)),
                _ => {
                    let _ = write!(link, "%{byte:02X}");
                }
            }
        }
        let (first, last) = lines;
        let _ = write!(link, "#L{first}");
        if last > first {
            let _ = write!(link, "-L{last}");
        }
        Some(link)
    }
}

/// Whether a text is the full id of a commit.
pub fn is_commit(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "4f2c1e0d9b8a7f6e5d4c3b2a190817f6e5d4c3b2";

    #[test]
    fn links_lead_into_the_repository_only() {
        let links = Links::new("https://github.com", "acme/models", None);
        let file = |path: &str| links.file(COMMIT, path, (12, 12));
        let blob = format!("https://github.com/acme/models/blob/{COMMIT}");
        assert_eq!(file("a/b c.yaml"), Some(format!("{blob}/a/b%20c.yaml#L12")));
        assert_eq!(file("ä)[x](#\n?"), Some(format!("{blob}/%C3%A4%29%5Bx%5D%28%23%0A%3F#L12")));
        assert_eq!(links.file(COMMIT, "a", (1, 3)), Some(format!("{blob}/a#L1-L3")));
        for path in ["../x", "/x", "a//b", "", &"x".repeat(301)] {
            assert_eq!(file(path), None, "{path}");
        }
        assert_eq!(links.file("main", "a", (1, 1)), None);
        assert_eq!(links.file(&COMMIT.to_uppercase(), "a", (1, 1)), None);
    }

    #[test]
    fn what_is_no_server_or_repository_gives_no_links() {
        let table = [
            ("https://github.com", "acme/models", true),
            ("https://git.acme.example:8443", "a.b/c_d", true),
            ("http://github.com", "acme/models", false),
            ("https://github.com/x", "acme/models", false),
            ("https://user@github.com", "acme/models", false),
            ("https://", "acme/models", false),
            ("https://github.com", "acme", false),
            ("https://github.com", "acme/models/x", false),
            ("https://github.com", "acme/..", false),
            ("https://github.com", "acme/a)b", false),
        ];
        for (server, repository, fits) in table {
            assert_eq!(Links::new(server, repository, None) != Links::none(), fits, "{server} {repository}");
        }
    }

    #[test]
    fn the_page_of_a_run_is_one_of_the_repository() {
        let run = |url: &str| Links::new("https://github.com", "a/b", Some(url)).run().is_some();
        assert!(run("https://github.com/a/b/actions/runs/12"));
        assert!(run("https://github.com/a/b/actions/runs/12/attempts/2"));
        for url in ["https://github.com/a/c/actions/runs/12", "https://github.com/a/b/actions/runs/1)x", "x", ""] {
            assert!(!run(url), "{url}");
        }
        assert!(
            !run("https://github.com/a/b/actions/runs/") && !run("https://github.com/a/b/actions/runs/1/attempts/")
        );
    }
}
