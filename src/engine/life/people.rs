//! Authors, committers and those whom documents name, as expressions see them.

use super::gap;
use crate::config::{At, Person};
use crate::engine::cel::{Mark, Value};
use crate::engine::{Corpus, surroundings};
use crate::history::Signature;

/// Somebody that a commit names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// What tells people apart: an entry of annexa.yaml, else an address.
    pub id: String,
    /// The name of the commit, after `.mailmap`.
    pub name: String,
    /// The address of the commit, after `.mailmap`.
    pub email: String,
    /// What the person of annexa.yaml is called, where it is one.
    pub known_as: Option<String>,
    /// The role of that person; may be empty.
    pub role: String,
    /// The login of that person; may be empty.
    pub login: String,
}

/// Who a commit names: the person of annexa.yaml whose address it is, else who it says, by the name and the
/// address that `.mailmap` gives.
pub fn who(corpus: &Corpus, signature: &Signature) -> Who {
    let people = corpus.people();
    let (name, email) = people.canonical(&signature.name, &signature.email);
    match people.of_email(&signature.name, &signature.email) {
        Some(person) => known(person, name, email),
        None => Who {
            id: format!("<{}>", email.to_lowercase()),
            name: name.to_owned(),
            email: email.to_owned(),
            known_as: None,
            role: String::new(),
            login: String::new(),
        },
    }
}

/// Somebody that a commit names, as expressions see it.
///
/// # Errors
/// When nothing tells which addresses are one person's.
pub fn signer(corpus: &Corpus, signature: &Signature) -> Result<Value, Mark> {
    corpus.mailmap_gap().map_or(Ok(()), |found| Err(gap(found)))?;
    Ok(value(who(corpus, signature)))
}

/// The person that a role, a login, a name or an address means; nothing where it means none or several.
pub fn named_person(text: &str) -> Option<Value> {
    let found = |corpus: &Corpus| {
        let person = corpus.people().of_text(text)?;
        let first = person.emails.first().map(|email| email.value.trim()).unwrap_or_default();
        Some(value(known(person, &person.label(), first)))
    };
    surroundings::with(found).flatten()
}

fn known(person: &Person, name: &str, email: &str) -> Who {
    let text = |at: &Option<At<String>>| at.as_ref().map(|at| at.value.trim().to_owned()).unwrap_or_default();
    Who {
        // Each entry of annexa.yaml is somebody else, whatever it is called by.
        id: format!("people[{}]", person.node.0),
        name: name.to_owned(),
        email: email.to_owned(),
        known_as: Some(person.label()),
        role: text(&person.role),
        login: text(&person.login),
    }
}

fn value(who: Who) -> Value {
    let Who { id, name, email, role, login, .. } = who;
    let fields = [("email", email), ("id", id), ("login", login), ("name", name), ("role", role)];
    Value::Map(fields.map(|(key, text)| (key.to_owned(), Value::Text(text))).to_vec())
}
