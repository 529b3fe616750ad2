//! The history of a document.

use super::commits::{cited, names_of, of_commit};
use super::versions::{Compared, Difference, Followed, difference, differs_from, of_entries};
use super::{gap, with_log};
use crate::document::compare::FieldChange;
use crate::engine::cel::{Fields, Lazy, Mark, Value};
use crate::finding::{Cited, Trust};
use crate::history::{Entry, Gap, Id, Log, PathSet, Story};
use crate::value::{NodeId, Tree};
use std::sync::{Arc, OnceLock};

/// The history of the record with this raw root.
pub fn of_record(tree: &Arc<Tree>, record: NodeId) -> Lazy {
    let followed = Followed { tree: Arc::clone(tree), record };
    Lazy::new(OfDocument { followed, committed: OnceLock::new() })
}

/// The history of something that has none here: it is not committed here, and whoever asks for more is told.
pub fn nothing_of(mark: Mark) -> Lazy {
    Lazy::new(OfNothing(mark))
}

struct OfNothing(Mark);

impl Fields for OfNothing {
    fn names(&self) -> &'static [&'static str] {
        names_of("history")
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        if field == "committed" { Ok(Value::Bool(false)) } else { Err(self.0.clone()) }
    }

    fn cite(&self, _: &str, _: &Value) -> Option<Cited> {
        None
    }

    fn identity(&self) -> String {
        "no history".to_owned()
    }
}

/// The name that the file had before the change at `at` of its story, where it had another one.
///
/// # Errors
/// When a tree is not there.
pub(super) fn earlier_name<'s>(log: &Log, story: &'s Story, at: usize) -> Result<Option<&'s String>, Gap> {
    let now = &story.changes[at];
    Ok(match story.changes.get(at + 1) {
        Some(earlier) if earlier.path != now.path && log.is_added(now)? => Some(&earlier.path),
        _ => None,
    })
}

/// How the record changed with the change at `at` of its story.
pub(super) fn step(log: &Log, story: &Story, at: usize, followed: &Followed) -> Result<Difference, Mark> {
    let now = &story.changes[at];
    if let Some(before) = before_it_went(log, story, at).map_err(|found| gap(&found))? {
        let after = log.at(now.commit, &now.path).map_err(|found| gap(&found))?;
        // That it went away is no change of what it says: it came back.
        let Some(after) = after else { return Ok(Difference { substantive: false, fields: Vec::new() }) };
        let (before, after) = ((Some(before), now.path.as_str()), (Some(after), now.path.as_str()));
        return of_entries(log, before, after, Compared::Record(followed));
    }
    // Where the file had another name before, its first parent holds it under that name.
    let before = earlier_name(log, story, at).map_err(|found| gap(&found))?.unwrap_or(&now.path);
    difference(log, now.commit, &now.path, before, Compared::Record(followed))
}

/// What a file was before it was taken away, where the change at `at` of its story takes it away or brings it
/// back under the same name.
fn before_it_went(log: &Log, story: &Story, at: usize) -> Result<Option<Entry>, Gap> {
    let now = &story.changes[at];
    let gone = log.at(now.commit, &now.path)?.is_none();
    if !gone && !log.is_added(now)? {
        return Ok(None);
    }
    let earlier = story.changes[at + 1..].iter().filter(|earlier| earlier.path == now.path);
    for earlier in earlier {
        if let Some(entry) = log.at(earlier.commit, &earlier.path)? {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

struct OfDocument {
    followed: Followed,
    /// Whether what is on disk is what was committed, and why not.
    committed: OnceLock<Result<(), Mark>>,
}

impl OfDocument {
    fn path(&self) -> &str {
        self.followed.tree.file().path()
    }

    /// # Errors
    /// When the file is not in the commit, or nothing is known of it.
    fn story(&self, log: &Log) -> Result<Arc<Story>, Mark> {
        self.committed(log)?;
        log.story(self.path()).map_err(|found| gap(&found))
    }

    fn committed(&self, log: &Log) -> Result<(), Mark> {
        self.committed.get_or_init(|| self.as_committed(log)).clone()
    }

    fn as_committed(&self, log: &Log) -> Result<(), Mark> {
        match log.at(log.head(), self.path()) {
            Ok(Some(entry)) if differs_from(log, entry, &self.followed)? => {
                Err(Mark::Never(format!("`{}` has changes that are not committed yet", self.path())))
            }
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(Mark::Never(format!("`{}` is not committed yet", self.path()))),
            Err(found) => Err(gap(&found)),
        }
    }

    /// A change of it by its place in its story.
    fn change(&self, at: usize, commit: Id) -> Lazy {
        Lazy::new(OfChange { followed: self.followed.clone(), at, commit, difference: OnceLock::new() })
    }
}

/// What needs all of a history says so where some of it is cut off.
fn whole(story: &Story) -> Result<(), Mark> {
    story.gap.as_ref().map_or(Ok(()), |found| Err(gap(found)))
}

impl Fields for OfDocument {
    fn names(&self) -> &'static [&'static str] {
        names_of("history")
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        with_log(|_, log| {
            if field == "committed" {
                let there = log.at(log.head(), self.path()).map_err(|found| gap(&found))?;
                return Ok(Value::Bool(there.is_some()));
            }
            let nothing = || Mark::Never(format!("no commit changed `{}`", self.path()));
            if field == "last" {
                // The newest change can be known where the oldest are cut off, and is found sooner.
                self.committed(log)?;
                let last = log.last(&PathSet::path(self.path())).map_err(|found| gap(&found))?;
                return last.map(|commit| Value::Lazy(self.change(0, commit))).ok_or_else(nothing);
            }
            let story = self.story(log)?;
            let change = |at: usize| self.change(at, story.changes[at].commit);
            if field == "last_substantive" {
                for at in 0..story.changes.len() {
                    let change = change(at);
                    if let Some(Value::Bool(true)) = change.get("substantive")? {
                        return Ok(Value::Lazy(change));
                    }
                }
            }
            whole(&story)?;
            let count = story.changes.len();
            Ok(match field {
                // What never said anything but dates was at least added.
                "first" | "last_substantive" => Value::Lazy(change(count.checked_sub(1).ok_or_else(nothing)?)),
                "count" => Value::Int(count as i64),
                "changes" => Value::List((0..count).map(|at| Value::Lazy(change(at))).collect()),
                "authors" => authors(story.changes.iter().map(|change| change.commit))?,
                "names" => {
                    let mut names: Vec<&String> = story.changes.iter().map(|change| &change.path).collect();
                    names.dedup();
                    Value::List(names.into_iter().skip(1).map(|name| Value::Text(name.clone())).collect())
                }
                _ => Value::Null,
            })
        })
    }

    fn cite(&self, field: &str, value: &Value) -> Option<Cited> {
        let which = match field {
            "last" => "is the last change of",
            "first" => "is the first change of",
            "last_substantive" => "is the last change of substance of",
            _ => return None,
        };
        let commit = value.get("id")?.to_string();
        Some(Cited { commit, says: format!("{which} {}", self.path()), trust: Trust::Fact })
    }

    fn identity(&self) -> String {
        format!("the history of {}", self.path())
    }
}

/// The different authors of commits, in their order.
pub(super) fn authors(commits: impl Iterator<Item = Id>) -> Result<Value, Mark> {
    let mut authors: Vec<(Option<String>, Value)> = Vec::new();
    for commit in commits {
        let author = of_commit(commit, "author")?;
        let id = author.get("id").map(|id| id.to_string());
        if authors.iter().all(|(known, _)| *known != id) {
            authors.push((id, author));
        }
    }
    Ok(Value::List(authors.into_iter().map(|(_, author)| author).collect()))
}

struct OfChange {
    followed: Followed,
    at: usize,
    commit: Id,
    difference: OnceLock<Result<Arc<Difference>, Mark>>,
}

impl OfChange {
    fn path(&self) -> &str {
        self.followed.tree.file().path()
    }

    fn difference(&self) -> Result<Arc<Difference>, Mark> {
        let made = self.difference.get_or_init(|| {
            with_log(|_, log| {
                let story = log.story(self.path()).map_err(|found| gap(&found))?;
                step(log, &story, self.at, &self.followed).map(Arc::new)
            })
        });
        made.clone()
    }
}

impl Fields for OfChange {
    fn names(&self) -> &'static [&'static str] {
        names_of("change")
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        match field {
            "substantive" => Ok(Value::Bool(self.difference()?.substantive)),
            "fields" => Ok(Value::List(self.difference()?.fields.iter().map(field_value).collect())),
            "files" => with_log(|_, log| {
                let story = log.story(self.path()).map_err(|found| gap(&found))?;
                let name = story.changes.get(self.at).map(|change| Value::Text(change.path.clone()));
                Ok(Value::List(name.into_iter().collect()))
            }),
            _ => of_commit(self.commit, field),
        }
    }

    fn cite(&self, field: &str, value: &Value) -> Option<Cited> {
        let path = self.path();
        let says = match (field, value) {
            ("substantive", Value::Bool(true)) => format!("changed {path} in substance"),
            ("substantive", _) => format!("changed nothing of substance in {path}"),
            ("fields", Value::List(fields)) if fields.len() == 1 => format!("changed one value of {path}"),
            ("fields", Value::List(fields)) => format!("changed {} values of {path}", fields.len()),
            _ => return cited(self.commit, field, value),
        };
        Some(Cited { commit: self.commit.to_string(), says, trust: Trust::Fact })
    }

    fn identity(&self) -> String {
        self.commit.short()
    }
}

fn field_value(change: &FieldChange) -> Value {
    let text = |text: &str| Value::Text(text.to_owned());
    let side = |side: &Option<String>| text(side.as_deref().unwrap_or_default());
    Value::Map(vec![
        ("after".to_owned(), side(&change.after)),
        ("before".to_owned(), side(&change.before)),
        ("item".to_owned(), text(&change.item)),
        ("key".to_owned(), text(&change.key)),
        ("path".to_owned(), text(&change.path)),
        ("substantive".to_owned(), Value::Bool(change.substantive)),
    ])
}
