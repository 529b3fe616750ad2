//! Authors, committers and those whom documents name, as expressions see them.

use crate::config::{At, Person};
use crate::engine::cel::Value;
use crate::engine::{Corpus, surroundings};
use crate::history::Signature;

/// Somebody that a commit names: the person of annexa.yaml whose address it is, else who it says, by the
/// name and the address that `.mailmap` gives.
pub fn signer(corpus: &Corpus, signature: &Signature) -> Value {
    let people = corpus.people();
    let (name, email) = people.canonical(&signature.name, &signature.email);
    match people.of_email(&signature.name, &signature.email) {
        Some(person) => value(person, name, email),
        None => record(&format!("<{}>", email.to_lowercase()), name, email, "", ""),
    }
}

/// The person that a role, a login, a name or an address means; nothing where it means none or several.
pub fn named_person(text: &str) -> Option<Value> {
    let found = |corpus: &Corpus| {
        let person = corpus.people().of_text(text)?;
        let first = person.emails.first().map(|email| email.value.trim()).unwrap_or_default();
        Some(value(person, &person.label(), first))
    };
    surroundings::with(found).flatten()
}

fn value(person: &Person, name: &str, email: &str) -> Value {
    let text = |at: &Option<At<String>>| at.as_ref().map(|at| at.value.trim().to_owned()).unwrap_or_default();
    // Each entry of annexa.yaml is somebody else, whatever it is called by.
    let id = format!("people[{}]", person.node.0);
    record(&id, name, email, &text(&person.login), &text(&person.role))
}

fn record(id: &str, name: &str, email: &str, login: &str, role: &str) -> Value {
    let fields = [("email", email), ("id", id), ("login", login), ("name", name), ("role", role)];
    Value::Map(fields.map(|(key, text)| (key.to_owned(), Value::Text(text.to_owned()))).to_vec())
}
