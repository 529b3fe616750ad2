//! Commits as expressions see them.

use super::people::signer;
use super::{gap, types, with_log};
use crate::engine::cel::{Fields, Lazy, Mark, Value, cite};
use crate::finding::{Cited, Trust};
use crate::history::{Commit, Gap, Id, Log};
use std::sync::{Arc, LazyLock};

/// The names of the fields of a record, sorted.
pub(super) fn names_of(record: &str) -> &'static [&'static str] {
    static NAMES: LazyLock<[(&str, Vec<&'static str>); 3]> = LazyLock::new(|| {
        ["change", "commit", "history"]
            .map(|record| (record, types::fields(record).iter().map(|(name, _)| &**name).collect()))
    });
    NAMES.iter().find(|(known, _)| *known == record).map_or(&[], |(_, names)| names)
}

/// A commit, nothing of which is read yet.
pub fn commit_value(id: Id) -> Value {
    Value::Lazy(Lazy::new(OfCommit(id)))
}

struct OfCommit(Id);

impl Fields for OfCommit {
    fn names(&self) -> &'static [&'static str] {
        names_of("commit")
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        of_commit(self.0, field)
    }

    fn cite(&self, field: &str, value: &Value) -> Option<Cited> {
        cited(self.0, field, value)
    }

    fn identity(&self) -> String {
        self.0.short()
    }
}

/// The value of a field that every commit has.
pub(super) fn of_commit(id: Id, field: &str) -> Result<Value, Mark> {
    if field == "id" {
        return Ok(Value::Text(id.to_string()));
    }
    with_log(|corpus, log| {
        let commit = read(log, id)?;
        Ok(match field {
            "author" => signer(corpus, &commit.author)?,
            "authored_on" => Value::Time(commit.author.time),
            "committer" => signer(corpus, &commit.committer)?,
            "landed" => {
                let by = read(log, log.landed(id).map_err(|found| gap(&found))?)?;
                Value::Map(vec![
                    ("author".to_owned(), signer(corpus, &by.author)?),
                    ("committer".to_owned(), signer(corpus, &by.committer)?),
                    ("id".to_owned(), Value::Text(by.id.to_string())),
                    ("on".to_owned(), Value::Time(by.committer.time)),
                ])
            }
            "on" => Value::Time(commit.committer.time),
            "signed" => Value::Bool(commit.signed),
            "subject" => Value::Text(commit.subject().to_owned()),
            "trailers" => Value::List(commit.trailers().into_iter().map(trailer).collect()),
            _ => Value::Null,
        })
    })
}

fn trailer((key, value): (String, String)) -> Value {
    Value::Map(vec![("key".to_owned(), Value::Text(key)), ("value".to_owned(), Value::Text(value))])
}

fn read(log: &Log, id: Id) -> Result<Arc<Commit>, Mark> {
    log.commit(id).map_err(|found| gap(&found))
}

/// What a reader of a field of a commit rests on.
pub(super) fn cited(id: Id, field: &str, value: &Value) -> Option<Cited> {
    let name = |person: &Value| person.get("email").map(|email| email.to_string()).unwrap_or_default();
    let (says, trust) = match field {
        "author" => (format!("written by {}", name(value)), Trust::Claim),
        "authored_on" => (format!("written on {value}"), Trust::Claim),
        "committer" => (format!("committed by {}", name(value)), Trust::Claim),
        "landed" => {
            let by = value.get("id").map(|id| id.to_string()).unwrap_or_default();
            (format!("came to the main line with {}", by.get(..7).unwrap_or(&by)), Trust::Fact)
        }
        "on" => (format!("committed on {value}"), Trust::Claim),
        "signed" => {
            let says = if *value_is(value) { "carries a signature, which was not verified" } else { "is not signed" };
            (says.to_owned(), Trust::Fact)
        }
        "subject" => (format!("says: {value}"), Trust::Claim),
        "trailers" => (format!("ends with: {value}"), Trust::Claim),
        _ => return None,
    };
    Some(Cited { commit: id.to_string(), says: crate::source::clip(&says, 200), trust })
}

fn value_is(value: &Value) -> &bool {
    match value {
        Value::Bool(is) => is,
        _ => &false,
    }
}

/// The commit that a name or an id means; nothing where there is none.
///
/// # Errors
/// When it cannot be told.
pub fn found_commit(name: &str) -> Result<Option<Id>, Mark> {
    with_log(|_, log| log.resolve(name).map_err(|found| gap(&found)))
}

/// The commit that a name means, which has to be there.
pub(super) fn named(log: &Log, name: &str) -> Result<Result<Id, String>, Gap> {
    // What the history gave is an id already.
    if let Some(id) = Id::parse(name.as_bytes()).filter(|id| log.graph().place(*id).is_some()) {
        return Ok(Ok(id));
    }
    Ok(log.resolve(name)?.ok_or_else(|| format!("there is no commit `{}`", crate::source::clip(name, 80))))
}

/// Whether one commit led to another, or is it; `Err` within where a name means none.
///
/// # Errors
/// When it cannot be told.
pub fn is_ancestor(earlier: &str, later: &str) -> Result<Result<bool, String>, Mark> {
    with_log(|_, log| {
        let asked = || -> Result<Result<(Id, Id, bool), String>, Gap> {
            let (one, other) = match (named(log, earlier)?, named(log, later)?) {
                (Ok(one), Ok(other)) => (one, other),
                (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
            };
            Ok(Ok((one, other, log.is_ancestor(one, other)?)))
        };
        let answer = asked().map_err(|found| gap(&found))?;
        Ok(answer.map(|(one, other, led)| {
            let verb = if one == other {
                "is"
            } else if led {
                "led to"
            } else {
                "did not lead to"
            };
            let says = format!("{} {verb} it", one.short());
            cite(&Cited { commit: other.to_string(), says, trust: Trust::Fact });
            led
        }))
    })
}

/// Whether two commits came to the main line at once; `Err` within where a name means none.
///
/// # Errors
/// When it cannot be told.
pub fn landed_together(one: &str, other: &str) -> Result<Result<bool, String>, Mark> {
    with_log(|_, log| {
        let asked = || -> Result<Result<(Id, bool), String>, Gap> {
            let (one, other) = match (named(log, one)?, named(log, other)?) {
                (Ok(one), Ok(other)) => (one, other),
                (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
            };
            let by = log.landed(one)?;
            Ok(Ok((by, one == other || by == log.landed(other)?)))
        };
        let answer = asked().map_err(|found| gap(&found))?;
        Ok(answer.map(|(by, together)| {
            let says = if together { "brought both to the main line" } else { "brought one of two to the main line" };
            cite(&Cited { commit: by.to_string(), says: says.to_owned(), trust: Trust::Fact });
            together
        }))
    })
}
