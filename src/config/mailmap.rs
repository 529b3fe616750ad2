//! `.mailmap`: the names and addresses that a repository's authors want to be known by.

use std::collections::HashMap;

/// What `.mailmap` says, as git reads it (gitmailmap(5)). Names and addresses are compared without regard
/// to the case of ASCII letters; a later line wins.
#[derive(Clone, Debug, Default)]
pub struct Mailmap(HashMap<String, Entry>);

/// What is known about an address that commits are made with.
#[derive(Clone, Debug, Default)]
struct Entry {
    proper: Proper,
    /// For commits with this name only.
    of_name: HashMap<String, Proper>,
}

/// What takes the place of the name and of the address, each where it is given.
#[derive(Clone, Debug, Default)]
struct Proper {
    name: Option<String>,
    email: Option<String>,
}

impl Mailmap {
    /// Reads the file. A line that has none of git's four forms says nothing, as in git.
    pub fn parse(text: &str) -> Mailmap {
        let mut map: HashMap<String, Entry> = HashMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, email, rest)) = person(line).filter(|(_, email, _)| !email.is_empty()) else { continue };
            let proper = |name: &str, email: Option<&str>| Proper {
                name: Some(name.to_owned()).filter(|name| !name.is_empty()),
                email: email.map(str::to_owned),
            };
            match person(rest) {
                None => map.entry(key(email)).or_default().proper.take(proper(name, None)),
                Some(("", old, _)) => map.entry(key(old)).or_default().proper.take(proper(name, Some(email))),
                Some((old_name, old, _)) => {
                    map.entry(key(old)).or_default().of_name.insert(key(old_name), proper(name, Some(email)));
                }
            }
        }
        Mailmap(map)
    }

    /// The name and the address that those of a commit stand for; the same ones where the file says nothing.
    pub fn map<'a>(&'a self, name: &'a str, email: &'a str) -> (&'a str, &'a str) {
        let Some(entry) = self.0.get(&key(email)) else { return (name, email) };
        let proper = entry.of_name.get(&key(name)).unwrap_or(&entry.proper);
        (proper.name.as_deref().unwrap_or(name), proper.email.as_deref().unwrap_or(email))
    }
}

impl Proper {
    fn take(&mut self, later: Proper) {
        self.name = later.name.or(self.name.take());
        self.email = later.email.or(self.email.take());
    }
}

fn key(text: &str) -> String {
    text.to_ascii_lowercase()
}

/// `Name <address>` at the beginning of a text, and what follows it.
fn person(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once('<')?;
    let (email, rest) = rest.split_once('>')?;
    Some((name.trim(), email, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::process::Command;

    const FILE: &str = "# Old <comment@x.org>\nProper One <one@x.org> <commit-one@x.org>\nProper Two <TWO@x.org> Commit Two \
                        <commit-two@x.org>\n<new@x.org> <old@x.org>\nJust Name <name@x.org>\n   Spaced Name   <sp@x.org>   \
                        # trailing\nBad line no email\n<only@x.org>\nLater <name@x.org>\nThree <three@x.org> Old Three \
                        <COMMIT-two@x.org>\n Empty <> <e@x.org>\nX <x@x.org> <> \r\nDup <d1@x.org> <d@x.org>\nDup2 \
                        <d@x.org>\nA < a b@x.org > <sp2@x.org>\n <half@x.org\nÄ <ä@x.org> <Ä@x.org>\n";

    /// (name, address) of a commit and what they stand for.
    const TABLE: &[(&str, &str, &str, &str)] = &[
        ("N", "commit-one@x.org", "Proper One", "one@x.org"),
        ("N", "COMMIT-ONE@X.org", "Proper One", "one@x.org"),
        ("Commit Two", "commit-two@x.org", "Proper Two", "TWO@x.org"),
        ("commit two", "commit-two@x.org", "Proper Two", "TWO@x.org"),
        ("Old Three", "commit-two@x.org", "Three", "three@x.org"),
        ("N", "commit-two@x.org", "N", "commit-two@x.org"),
        ("N", "old@x.org", "N", "new@x.org"),
        ("N", "name@x.org", "Later", "name@x.org"),
        ("N", "NAME@x.org", "Later", "NAME@x.org"),
        ("N", "sp@x.org", "Spaced Name", "sp@x.org"),
        ("N", "only@x.org", "N", "only@x.org"),
        ("N", "e@x.org", "N", "e@x.org"),
        ("N", "d@x.org", "Dup2", "d1@x.org"),
        ("N", "sp2@x.org", "A", " a b@x.org "),
        ("N", "two@x.org", "N", "two@x.org"),
        ("N", "comment@x.org", "N", "comment@x.org"),
        ("N", "half@x.org", "N", "half@x.org"),
        ("N", "Ä@x.org", "Ä", "ä@x.org"),
        ("N", "", "X", "x@x.org"),
    ];

    #[test]
    fn a_line_stands_for_what_git_reads_in_it() {
        let map = Mailmap::parse(FILE);
        for (name, email, proper_name, proper_email) in TABLE {
            assert_eq!(map.map(name, email), (*proper_name, *proper_email), "{name} <{email}>");
        }
    }

    #[test]
    fn git_says_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let git = |arguments: &[&str]| {
            let mut command = Command::new("git");
            command
                .current_dir(folder.path())
                .args(arguments)
                .env("HOME", folder.path())
                .env("GIT_CONFIG_NOSYSTEM", "1");
            let output = command.output().expect("git is installed");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        git(&["init", "-q"]);
        fs::write(folder.path().join(".mailmap"), FILE).expect("a file");
        for (name, email, proper_name, proper_email) in TABLE {
            let said = git(&["check-mailmap", &format!("{name} <{email}>")]);
            assert_eq!(said.trim_end(), format!("{proper_name} <{proper_email}>"), "{name} <{email}>");
        }
    }
}
