//! The life of a document for programs, in an own versioned format; `schemas/log.schema.json` describes it.

use super::{Options, json};
use crate::document::compare::FieldChange;
use crate::engine::life::{Chronicle, Life, LifeChange, Who};
use crate::history::Gap;
use serde_json::{Value, json};
use std::io;

/// The version of the format.
const VERSION: u32 = 1;

/// Fields of a change that are told without `--all`.
const FIELDS: usize = 200;

/// Writes the whole life and a line break.
pub(super) fn write(chronicle: &Chronicle, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let limit = if chronicle.all { usize::MAX } else { FIELDS };
    let value = json!({
        "format": "annexa-log",
        "version": VERSION,
        "tool": {"name": "annexa", "version": env!("CARGO_PKG_VERSION")},
        "path": chronicle.path,
        "head": chronicle.head,
        "uncommitted": chronicle.uncommitted,
        "complete": chronicle.is_complete(),
        "records": chronicle.lives.iter().map(|life| record(life, limit)).collect::<Vec<_>>(),
    });
    json::write_value(&value, out)
}

fn record(life: &Life, limit: usize) -> Value {
    let id = |change: Option<&LifeChange>| change.map(|change| change.commit.id.to_string());
    json!({
        "kind": &*life.subject.kind,
        "id": &*life.subject.id,
        "people": life.people(),
        "substantive": life.substantive(),
        "first": id(life.first()),
        "last": id(life.changes.first()),
        "last_substantive": id(life.last_substantive()),
        "older": life.gap.as_ref().map(missing),
        "changes": life.changes.iter().map(|each| change(each, limit)).collect::<Vec<_>>(),
    })
}

fn change(change: &LifeChange, limit: usize) -> Value {
    let commit = &change.commit;
    let landed = change.landed.as_ref().map(|landed| {
        let landed = landed.as_ref();
        landed.map(|(by, who)| json!({"commit": by.id.to_string(), "on": on(by.committer.time), "author": person(who)}))
    });
    let found = change.difference.as_ref();
    let fields = found.map_or(&[][..], |found| found.fields.as_slice());
    let trailers = commit.trailers().into_iter().map(|(key, value)| json!({"key": key, "value": value}));
    json!({
        "commit": commit.id.to_string(),
        "path": change.path,
        "was": change.was,
        "added": change.added,
        "on": on(commit.committer.time),
        "authored_on": on(commit.author.time),
        "author": person(&change.author),
        "committer": person(&change.committer),
        "landed": landed.as_ref().ok(),
        "subject": commit.subject(),
        "trailers": trailers.collect::<Vec<_>>(),
        "signed": commit.signed,
        "substantive": found.ok().map(|found| found.substantive),
        "fields": fields.iter().take(limit).map(field).collect::<Vec<_>>(),
        "fields_left_out": fields.len().saturating_sub(limit),
        "unknown": found.err().map(|unseen| json!({"why": unseen.why, "help": unseen.help})),
        "landed_unknown": change.landed.as_ref().err().map(missing),
    })
}

fn person(who: &Who) -> Value {
    json!({"name": who.name, "email": who.email, "known_as": who.known_as, "role": who.role, "login": who.login})
}

fn field(field: &FieldChange) -> Value {
    let FieldChange { path, item, key, before, after, substantive } = field;
    json!({"path": path, "item": item, "key": key, "before": before, "after": after, "substantive": substantive})
}

fn missing(gap: &Gap) -> Value {
    json!({"why": gap.to_string(), "help": gap.help()})
}

/// A moment in RFC 3339; null for one that no calendar has.
fn on(seconds: i64) -> Option<String> {
    let moment = chrono::DateTime::from_timestamp(seconds, 0)?;
    Some(moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}
