//! The types of what the history tells. Signatures name them: `changes_since(...) -> list(change)`.

use crate::engine::types::{Record, Type};
use std::sync::{Arc, LazyLock};

fn record<const N: usize>(fields: [(&str, Type); N]) -> Type {
    Type::Record(Record::Fields(fields.into_iter().map(|(name, of)| (name.into(), of)).collect()))
}

fn texts() -> Type {
    Type::list(Type::String)
}

/// The types by their names.
static KNOWN: LazyLock<[(&str, Type); 6]> = LazyLock::new(|| {
    let person = record([
        ("email", Type::String),
        ("id", Type::String),
        ("login", Type::String),
        ("name", Type::String),
        ("role", Type::String),
    ]);
    let landing = record([
        ("author", person.clone()),
        ("committer", person.clone()),
        ("id", Type::String),
        ("on", Type::Timestamp),
    ]);
    let field = record([
        ("after", Type::String),
        ("before", Type::String),
        ("item", Type::String),
        ("key", Type::String),
        ("path", Type::String),
        ("substantive", Type::Bool),
    ]);
    let of_commit = [
        ("author", person.clone()),
        ("authored_on", Type::Timestamp),
        ("committer", person.clone()),
        ("id", Type::String),
        ("landed", landing.clone()),
        ("on", Type::Timestamp),
        ("signed", Type::Bool),
        ("subject", Type::String),
        ("trailers", Type::list(record([("key", Type::String), ("value", Type::String)]))),
    ];
    let of_change = [("fields", Type::list(field.clone())), ("files", texts()), ("substantive", Type::Bool)];
    let fields = |fields: Vec<(&str, Type)>| {
        let mut fields: Vec<(Box<str>, Type)> = fields.into_iter().map(|(name, of)| (name.into(), of)).collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        Type::Record(Record::Fields(fields.into()))
    };
    let commit = fields(of_commit.to_vec());
    let change = fields(of_commit.into_iter().chain(of_change).collect());
    let history = record([
        ("authors", Type::list(person.clone())),
        ("changes", Type::list(change.clone())),
        ("committed", Type::Bool),
        ("count", Type::Int),
        ("first", change.clone()),
        ("last", change.clone()),
        ("last_substantive", change.clone()),
        ("names", texts()),
    ]);
    [
        ("change", change),
        ("commit", commit),
        ("field_change", field),
        ("history", history),
        ("landing", landing),
        ("person", person),
    ]
});

/// The type of this name.
pub fn known(name: &str) -> Option<&'static Type> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, of)| of)
}

/// The name of a type, where it has one.
pub fn name_of(fields: &Arc<[(Box<str>, Type)]>) -> Option<&'static str> {
    let is = |of: &Type| matches!(of, Type::Record(Record::Fields(known)) if Arc::ptr_eq(known, fields));
    KNOWN.iter().find(|(_, of)| is(of)).map(|(name, _)| *name)
}

/// The fields of a record of this name, sorted.
pub fn fields(name: &str) -> &'static [(Box<str>, Type)] {
    match known(name) {
        Some(Type::Record(Record::Fields(fields))) => fields,
        _ => &[],
    }
}
