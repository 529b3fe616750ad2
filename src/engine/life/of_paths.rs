//! The history of files that are no documents: code, models, prompts, by their paths.

use super::commits::{cited, named, names_of, of_commit};
use super::of_document::authors;
use super::versions::{Compared, of_entries};
use super::{gap, with_log};
use crate::engine::cel::{Fields, Lazy, Mark, Value, ask, cite, spend};
use crate::engine::surroundings;
use crate::finding::{Cited, Trust};
use crate::history::{Gap, Id, Log, PathSet};

/// Files that a change names.
const NAMED: usize = 100;

/// The history of the files that match patterns.
pub fn of_paths(set: PathSet) -> Value {
    ask(&set);
    Value::Lazy(Lazy::new(OfPaths(set)))
}

/// Whether one of the files changed in a commit that did not lead to `commit`; `Err` within where that
/// names none.
///
/// # Errors
/// When it cannot be told.
pub fn changed_since(set: &PathSet, commit: &str) -> Result<Result<bool, String>, Mark> {
    ask(set);
    with_log(|_, log| {
        let asked = || -> Result<Result<bool, String>, Gap> {
            let since = match named(log, commit)? {
                Ok(since) => since,
                Err(why) => return Ok(Err(why)),
            };
            let Some(last) = log.last(set)? else { return Ok(Ok(false)) };
            let changed = !log.is_ancestor(last, since)?;
            let when = if changed { "did not lead to" } else { "led to" };
            let says = format!("is the last change of {} and {when} {}", shown(set), since.short());
            cite(&Cited { commit: last.to_string(), says, trust: Trust::Fact });
            Ok(Ok(changed))
        };
        asked().map_err(|found| gap(&found))
    })
}

/// The changes of the files in commits that did not lead to `commit`, newest first; `Err` within where
/// that names none.
///
/// # Errors
/// When there may be others.
pub fn changes_since(set: &PathSet, commit: &str) -> Result<Result<Value, String>, Mark> {
    ask(set);
    with_log(|_, log| {
        let asked = || -> Result<Result<Vec<Id>, String>, Gap> {
            let since = match named(log, commit)? {
                Ok(since) => since,
                Err(why) => return Ok(Err(why)),
            };
            // Most have not changed, which a short walk tells.
            match log.last(set)? {
                Some(last) if !log.is_ancestor(last, since)? => log.changes_since(set, since).map(Ok),
                _ => Ok(Ok(Vec::new())),
            }
        };
        Ok(asked().map_err(|found| gap(&found))?.map(|commits| changes(set, commits)))
    })
}

fn changes(set: &PathSet, commits: Vec<Id>) -> Value {
    spend(commits.len());
    let change = |commit: Id| Value::Lazy(Lazy::new(OfChange { set: set.clone(), commit }));
    Value::List(commits.into_iter().map(change).collect())
}

/// The patterns as messages show them.
fn shown(set: &PathSet) -> String {
    crate::source::clip(&set.patterns().join(", "), 120)
}

struct OfPaths(PathSet);

impl Fields for OfPaths {
    fn names(&self) -> &'static [&'static str] {
        names_of("history")
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        with_log(|_, log| {
            let never = || Mark::Never(format!("no commit changed {}", shown(&self.0)));
            let change = |commit: Id| Lazy::new(OfChange { set: self.0.clone(), commit });
            if matches!(field, "last" | "committed") {
                let last = log.last(&self.0).map_err(|found| gap(&found))?;
                return match (field, last) {
                    ("committed", last) => Ok(Value::Bool(last.is_some())),
                    (_, Some(last)) => Ok(Value::Lazy(change(last))),
                    (_, None) => Err(never()),
                };
            }
            let found = log.changes(&self.0).map_err(|found| gap(&found))?;
            let commits = &found.commits;
            if field == "last_substantive" {
                for commit in commits {
                    let change = change(*commit);
                    if let Some(Value::Bool(true)) = change.get("substantive")? {
                        return Ok(Value::Lazy(change));
                    }
                }
            }
            if let Some(found) = &found.gap {
                return Err(gap(found));
            }
            Ok(match field {
                "first" | "last_substantive" => Value::Lazy(change(*commits.last().ok_or_else(never)?)),
                "count" => Value::Int(commits.len() as i64),
                "changes" => changes(&self.0, commits.clone()),
                "authors" => authors(commits.iter().copied())?,
                "names" => Value::List(Vec::new()),
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
        Some(Cited { commit, says: format!("{which} {}", shown(&self.0)), trust: Trust::Fact })
    }

    fn identity(&self) -> String {
        format!("the history of {}", shown(&self.0))
    }
}

struct OfChange {
    set: PathSet,
    commit: Id,
}

impl OfChange {
    /// Whether a file changed in more than white space, or a document in substance.
    fn is_substantive(&self, log: &Log) -> Result<bool, Mark> {
        let files = log.files_changed(self.commit, &self.set, NAMED).map_err(|found| gap(&found))?;
        if files.len() == NAMED {
            return Ok(true);
        }
        for file in files {
            let (before, after) = ((file.before, file.path.as_str()), (file.after, file.path.as_str()));
            let is_document = surroundings::with(|corpus| corpus.holds_document(&file.path)).unwrap_or(false);
            let compared = if is_document { Compared::Records } else { Compared::Text };
            if before.0.is_none() != after.0.is_none() || of_entries(log, before, after, compared)?.substantive {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Fields for OfChange {
    fn names(&self) -> &'static [&'static str] {
        names_of("change")
    }

    fn make(&self, field: &str) -> Result<Value, Mark> {
        match field {
            "files" => with_log(|_, log| {
                let files = log.files_changed(self.commit, &self.set, NAMED).map_err(|found| gap(&found))?;
                Ok(Value::List(files.into_iter().map(|file| Value::Text(file.path)).collect()))
            }),
            "substantive" => with_log(|_, log| self.is_substantive(log).map(Value::Bool)),
            "fields" => Ok(Value::List(Vec::new())),
            _ => of_commit(self.commit, field),
        }
    }

    fn cite(&self, field: &str, value: &Value) -> Option<Cited> {
        let says = match (field, value) {
            ("files", Value::List(files)) if files.len() == 1 => format!("changed one file of {}", shown(&self.set)),
            ("files", Value::List(files)) => format!("changed {} files of {}", files.len(), shown(&self.set)),
            ("substantive", Value::Bool(is)) => {
                format!("changed {}{}", if *is { "" } else { "nothing of substance in " }, shown(&self.set))
            }
            _ => return cited(self.commit, field, value),
        };
        Some(Cited { commit: self.commit.to_string(), says, trust: Trust::Fact })
    }

    fn identity(&self) -> String {
        self.commit.short()
    }
}
