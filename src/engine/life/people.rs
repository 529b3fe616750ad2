//! Authors and committers as expressions see them.

use crate::engine::Corpus;
use crate::engine::cel::Value;
use crate::history::Signature;

/// Somebody that a commit names.
pub fn signer(_corpus: &Corpus, signature: &Signature) -> Value {
    person_value(&signature.name, &signature.email, "", "")
}

/// The person that a role, a login, a name or an address means.
pub fn named_person(_text: &str) -> Option<Value> {
    None
}

/// The value of a person. The id is what two mentions of one person have in common.
fn person_value(name: &str, email: &str, login: &str, role: &str) -> Value {
    let id = [email, login, role, name].into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let text = |text: &str| Value::Text(text.to_owned());
    Value::Map(vec![
        ("email".to_owned(), text(email)),
        ("id".to_owned(), Value::Text(id.to_lowercase())),
        ("login".to_owned(), text(login)),
        ("name".to_owned(), text(name)),
        ("role".to_owned(), text(role)),
    ])
}
