//! The life of a file's records told whole, for people and programs that read it instead of a policy.

use super::of_document::{earlier_name, step};
use super::people::{Who, who};
use super::versions::{Compared, Difference, Followed, difference};
use crate::engine::Corpus;
use crate::engine::cel::Mark;
use crate::finding::Subject;
use crate::history::{Blob, Commit, Gap, Id, Log, Story};
use crate::value::{Limits, NodeId, Tree};
use std::collections::HashSet;
use std::sync::Arc;

/// What is known of the life of a file.
pub struct Chronicle {
    /// The path of the file.
    pub path: String,
    /// The commit whose history was read, in full.
    pub head: String,
    /// Whether the file on disk says something else than the last commit; nothing where that cannot be told, or
    /// where no file on disk was asked about.
    pub uncommitted: Option<bool>,
    /// Its records, each with its life. A file of no known kind is one.
    pub lives: Vec<Life>,
    /// Whether everything is to be shown, however much it is.
    pub all: bool,
}

/// A record whose life is told: what it is, its file and its root there; only what it is for a file as a whole.
pub type Record = (Subject, Option<(Arc<Tree>, NodeId)>);

/// The life of one record.
pub struct Life {
    /// What it is.
    pub subject: Subject,
    /// Every change of its file, children before their parents, else newest first.
    pub changes: Vec<LifeChange>,
    /// Why there may be earlier ones.
    pub gap: Option<Gap>,
}

/// A change of a record's file.
pub struct LifeChange {
    /// The commit.
    pub commit: Arc<Commit>,
    /// Its author.
    pub author: Who,
    /// Its committer.
    pub committer: Who,
    /// The commit that brought it to the main line, where that is another one.
    pub landed: Result<Option<(Arc<Commit>, Who)>, Gap>,
    /// The name of the file after it.
    pub path: String,
    /// The name that the file had before, where it had another one.
    pub was: Option<String>,
    /// Whether the file was not there before, under any name.
    pub added: bool,
    /// What it changed of the record, or why that cannot be known.
    pub difference: Result<Difference, Unseen>,
}

/// Why something cannot be known, and what to do.
pub struct Unseen {
    /// Why.
    pub why: String,
    /// What helps; may be empty.
    pub help: String,
}

impl From<Mark> for Unseen {
    fn from(mark: Mark) -> Unseen {
        match mark {
            Mark::Unknown(why, help) => Unseen { why, help },
            Mark::Never(why) | Mark::Reported(why) => Unseen { why, help: String::new() },
        }
    }
}

impl Chronicle {
    /// Tells the lives of records of one file.
    ///
    /// # Errors
    /// When nothing at all can be known.
    pub fn of(corpus: &Corpus, log: &Log, path: &str, records: Vec<Record>, all: bool) -> Result<Chronicle, Gap> {
        let story = log.story(path)?;
        let tell = |(subject, record): Record| {
            let followed = record.map(|(tree, record)| Followed { tree, record });
            let changes = (0..story.changes.len()).map(|at| told(corpus, log, &story, at, followed.as_ref()));
            Ok(Life { subject, changes: changes.collect::<Result<_, Gap>>()?, gap: story.gap.clone() })
        };
        Ok(Chronicle {
            path: path.to_owned(),
            head: log.head().to_string(),
            uncommitted: None,
            lives: records.into_iter().map(tell).collect::<Result<_, Gap>>()?,
            all,
        })
    }

    /// Notes whether the bytes of the file on disk are those of the last commit, however its lines end.
    pub fn compare_with_disk(&mut self, log: &Log, bytes: &[u8]) {
        let committed = log.at(log.head(), &self.path).ok().flatten().filter(|entry| entry.holds_text());
        let blob = committed.and_then(|entry| log.blob(entry.id, Limits::default().bytes).ok());
        let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        self.uncommitted = match blob {
            Some(Blob::Bytes(kept)) => Some(lines(&kept) != lines(bytes)),
            _ => None,
        };
    }

    /// Whether everything that there is to tell is told.
    pub fn is_complete(&self) -> bool {
        self.lives
            .iter()
            .all(|life| life.gap.is_none() && life.changes.iter().all(|c| c.difference.is_ok() && c.landed.is_ok()))
    }
}

fn told(corpus: &Corpus, log: &Log, story: &Story, at: usize, followed: Option<&Followed>) -> Result<LifeChange, Gap> {
    let change = &story.changes[at];
    let commit = log.commit(change.commit)?;
    let landing = |by: Id| -> Result<Option<(Arc<Commit>, Who)>, Gap> {
        if by == change.commit {
            return Ok(None);
        }
        let commit = log.commit(by)?;
        let who = who(corpus, &commit.author);
        Ok(Some((commit, who)))
    };
    let was = earlier_name(log, story, at).ok().flatten().cloned();
    let found = match followed {
        Some(followed) => step(log, story, at, followed),
        None => difference(log, change.commit, &change.path, was.as_ref().unwrap_or(&change.path), Compared::Text),
    };
    Ok(LifeChange {
        author: who(corpus, &commit.author),
        committer: who(corpus, &commit.committer),
        landed: log.landed(change.commit).and_then(landing),
        path: change.path.clone(),
        added: was.is_none() && log.is_added(change).unwrap_or(false),
        was,
        difference: found.map_err(Unseen::from),
        commit,
    })
}

impl Life {
    /// How many of its changes are of substance; nothing where that of one cannot be told.
    pub fn substantive(&self) -> Option<usize> {
        self.changes.iter().map(|change| Some(usize::from(change.difference.as_ref().ok()?.substantive))).sum()
    }

    /// How many people wrote it.
    pub fn people(&self) -> usize {
        self.changes.iter().map(|change| &change.author.id).collect::<HashSet<_>>().len()
    }

    /// Its oldest change; nothing where there may be older ones.
    pub fn first(&self) -> Option<&LifeChange> {
        self.changes.last().filter(|_| self.gap.is_none())
    }

    /// Its newest change of substance, else its first; nothing where that cannot be told.
    pub fn last_substantive(&self) -> Option<&LifeChange> {
        for change in &self.changes {
            match &change.difference {
                Ok(difference) if difference.substantive => return Some(change),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
        self.first()
    }
}
