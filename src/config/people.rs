//! Who is who: `people` of annexa.yaml and `.mailmap`. Records name people by role, name or login, commits
//! by address, platforms by login; they can be compared only where somebody wrote down who is meant.

use super::At;
use super::mailmap::Mailmap;
use crate::value::{NodeId, fold};
use std::collections::HashMap;

/// The host of the addresses that GitHub gives to people who keep theirs private.
const PRIVATE: &str = "@users.noreply.github.com";

/// A person or team account of annexa.yaml.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name as documents write it.
    pub name: Option<At<String>>,
    /// The role as documents write it.
    pub role: Option<At<String>>,
    /// The account on the platform, with or without `@`.
    pub login: Option<At<String>>,
    /// The addresses that commits are made with.
    pub emails: Vec<At<String>>,
    /// The whole entry.
    pub node: NodeId,
}

impl Person {
    /// What to call the person in a message: the name, else the role, the login or an address.
    pub fn label(&self) -> String {
        let login = self.login.as_ref().map(|login| format!("@{}", account(&login.value)));
        let named = [&self.name, &self.role].into_iter().flatten().map(|at| at.value.trim().to_owned());
        let address = self.emails.first().map(|email| email.value.trim().to_owned());
        let mut labels = named.chain(login).chain(address).filter(|label| !label.is_empty());
        labels.next().unwrap_or_else(|| "a person without a name".to_owned())
    }
}

/// The people that a project knows, found by what others call them. What two of them are called by means
/// neither.
///
/// Logins and addresses are compared without regard to case, names and roles as policies compare texts
/// (`fold`): `Head of Recruiting` is `head-of-recruiting`.
#[derive(Clone, Debug, Default)]
pub struct People {
    persons: Vec<Person>,
    mailmap: Mailmap,
    by_email: Index,
    by_login: Index,
    by_words: Index,
}

/// Persons by what they are called; `None` where several are.
type Index = HashMap<String, Option<usize>>;

impl People {
    /// Takes `people` of annexa.yaml and the text of `.mailmap`, which may be empty.
    pub fn new(persons: Vec<Person>, mailmap: &str) -> People {
        let mailmap = Mailmap::parse(mailmap);
        let (mut by_email, mut by_login, mut by_words) = (Index::new(), Index::new(), Index::new());
        for (index, person) in persons.iter().enumerate() {
            for email in &person.emails {
                let name = person.name.as_ref().map_or("", |name| name.value.trim());
                add(&mut by_email, address(&email.value), index);
                // A commit is compared by the address that it stands for.
                add(&mut by_email, address(mailmap.map(name, email.value.trim()).1), index);
            }
            if let Some(login) = &person.login {
                add(&mut by_login, account(&login.value), index);
            }
            for words in [&person.name, &person.role].into_iter().flatten() {
                add(&mut by_words, fold(&words.value), index);
            }
        }
        People { persons, mailmap, by_email, by_login, by_words }
    }

    /// The name and the address that `.mailmap` gives for those of a commit.
    pub fn canonical<'a>(&'a self, name: &'a str, email: &'a str) -> (&'a str, &'a str) {
        self.mailmap.map(name, email)
    }

    /// Whether nobody is known.
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// The person behind the name and address of a commit. The name alone means nobody: `.mailmap` may ask
    /// for it, and anybody can write any. A private address of GitHub means its login.
    pub fn of_email(&self, name: &str, email: &str) -> Option<&Person> {
        let (_, proper) = self.mailmap.map(name.trim(), email.trim());
        let written = address(email);
        let login = written.strip_suffix(PRIVATE).map(|local| local.rsplit('+').next().unwrap_or_default().to_owned());
        let found = [
            self.by_email.get(&address(proper)),
            self.by_email.get(&written),
            login.as_ref().and_then(|login| self.by_login.get(login)),
        ];
        self.only(found)
    }

    /// The person that a text of a record or of a platform means: a role, a name, a login (`@ana` or
    /// `ana`) or an address.
    pub fn of_text(&self, text: &str) -> Option<&Person> {
        let text = text.trim();
        let words = if text.starts_with('@') { None } else { self.by_words.get(&fold(text)) };
        let found = [words, self.by_login.get(&account(text)), self.by_email.get(&address(text))];
        self.only(found)
    }

    /// The one person that all the ways that found somebody agree on.
    fn only(&self, found: [Option<&Option<usize>>; 3]) -> Option<&Person> {
        let mut found = found.into_iter().flatten();
        let first = (*found.next()?)?;
        found.all(|other| *other == Some(first)).then(|| &self.persons[first])
    }
}

fn add(index: &mut Index, key: String, person: usize) {
    if !key.is_empty() {
        let known = index.entry(key).or_insert(Some(person));
        *known = known.filter(|known| *known == person);
    }
}

fn address(text: &str) -> String {
    text.trim().to_lowercase()
}

fn account(text: &str) -> String {
    text.trim().trim_start_matches('@').to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read;
    use crate::source::SourceFile;
    use std::sync::Arc;

    fn people(mailmap: &str) -> People {
        let text = "people:\n  - {name: Ana Ruiz, role: head-of-recruiting, login: AnaRuiz, emails: [ana@example.org, \
                    A.Ruiz@example.com]}\n  - {name: Ben Okafor, login: '@beno', role: auditor}\n  - {name: Ana \
                    Keller, role: auditor, emails: [keller@example.org]}\n  - {login: bot, emails: [ana@example.org]}\n";
        let config =
            read(&Arc::new(SourceFile::new("annexa.yaml", text.as_bytes().to_vec()))).expect("a configuration");
        People::new(config.people, mailmap)
    }

    fn label(person: Option<&Person>) -> Option<String> {
        person.map(Person::label)
    }

    #[test]
    fn a_text_means_the_one_person_that_is_called_so() {
        let people = people("");
        for (text, expected) in [
            ("Ana Ruiz", Some("Ana Ruiz")),
            (" ana  ruiz ", Some("Ana Ruiz")),
            ("Head of Recruiting", Some("Ana Ruiz")),
            ("head_of_recruiting", Some("Ana Ruiz")),
            ("anaruiz", Some("Ana Ruiz")),
            ("@ANARUIZ", Some("Ana Ruiz")),
            ("a.ruiz@EXAMPLE.com", Some("Ana Ruiz")),
            ("beno", Some("Ben Okafor")),
            ("bot", Some("@bot")),
            // Two are called so.
            ("auditor", None),
            ("ana@example.org", None),
            ("Ana", None),
            ("@Ana Ruiz", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(label(people.of_text(text)).as_deref(), expected, "{text}");
        }
        assert!(!people.is_empty() && People::default().is_empty());
        assert_eq!(People::default().of_text("Ana Ruiz"), None);
    }

    #[test]
    fn a_commit_means_a_person_by_its_address_after_the_mailmap() {
        let people = people(
            "<keller@example.org> <ak@old.example>\n<one@example.net> <A.Ruiz@example.com>\nAna Keller \
                             <keller@example.org> Ana K <shared@example.org>\n",
        );
        for (name, email, expected) in [
            ("whoever", "KELLER@example.org", Some("Ana Keller")),
            ("whoever", "ak@old.example", Some("Ana Keller")),
            ("Ana K", "shared@example.org", Some("Ana Keller")),
            ("Ana Ruiz", "shared@example.org", None),
            ("x", "a.ruiz@example.com", Some("Ana Ruiz")),
            ("x", "one@example.net", Some("Ana Ruiz")),
            ("x", "1234+BenO@users.noreply.github.com", Some("Ben Okafor")),
            ("x", "beno@users.noreply.github.com", Some("Ben Okafor")),
            ("Ana Ruiz", "nobody@example.org", None),
            ("x", "ana@example.org", None),
            ("x", "", None),
        ] {
            assert_eq!(label(people.of_email(name, email)).as_deref(), expected, "{name} <{email}>");
        }
    }

    #[test]
    fn an_entry_keeps_its_places_and_is_called_by_what_it_has() {
        let text = "people:\n  - {}\n  - emails: [x@example.org]\n  - {role: owner, login: o}\n";
        let config =
            read(&Arc::new(SourceFile::new("annexa.yaml", text.as_bytes().to_vec()))).expect("a configuration");
        let labels: Vec<String> = config.people.iter().map(Person::label).collect();
        assert_eq!(labels, ["a person without a name", "x@example.org", "owner"]);
        let tree = config.tree.as_ref().expect("a tree");
        let line = |node: NodeId| tree.file().place(tree.node(node).span).line;
        assert_eq!((line(config.people[1].emails[0].node), line(config.people[2].node)), (3, 4));
    }
}
