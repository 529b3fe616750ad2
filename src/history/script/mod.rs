//! Histories as people write them down: the `history` of a policy's case and of an example's
//! `history.yaml`, in one form. [`Script::read`] replays the commits over the files as they stand in the
//! end, and places everything that is wrong with them.

mod merge;
mod read;
mod stamp;
#[cfg(test)]
mod tests;

use super::{Log, MadeCommit, MemoryObjects, Past};
use crate::facts::History;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The branch of commits that name none. It has the last commit, which is checked out.
pub const MAIN: &str = "main";

/// Path and content of files; commits share what they have in common.
pub type Files = BTreeMap<Arc<str>, Arc<[u8]>>;

/// Commits, parents before their children. There is at least one, and the last is checked out.
#[derive(Clone, Debug, Default)]
pub struct Script {
    /// The commits.
    pub steps: Vec<Step>,
    /// The last commit of each branch, by its number from 0.
    pub branches: BTreeMap<String, usize>,
}

/// A commit.
#[derive(Clone, Debug)]
pub struct Step {
    /// All files after it.
    pub files: Files,
    /// Its parents, by their numbers from 0.
    pub parents: Vec<usize>,
    /// Its message.
    pub message: String,
    /// Who wrote the change, and when.
    pub author: Stamp,
    /// Who made the commit, and when.
    pub committer: Stamp,
    /// The tags on it.
    pub tags: Vec<String>,
    /// Whether it carries a signature. That is a made-up one, which nobody can verify.
    pub signed: bool,
    /// Whether everything before it is cut off, as at the edge of a shallow clone.
    pub cut: bool,
}

/// Somebody at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of UTC, as the person's clock showed them.
    pub offset: i32,
}

impl Script {
    /// The numbers of the commits that a clone holds: those that led to a branch, up to where they are
    /// cut off.
    pub fn held(&self) -> Vec<usize> {
        let mut held = vec![false; self.steps.len()];
        let mut todo: Vec<usize> = self.branches.values().copied().collect();
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut held[at], true) && !self.steps[at].cut {
                todo.extend(&self.steps[at].parents);
            }
        }
        (0..held.len()).filter(|at| held[*at]).collect()
    }

    /// The history as a run gets it; `adopted_at` is nothing.
    pub fn past(&self) -> Past {
        let held = self.held();
        let place = |number: &usize| held.binary_search(number).ok();
        let made = held.iter().map(|at| {
            let Step { files, parents, message, author, committer, tags, signed, cut } = &self.steps[*at];
            let branches = self.branches.iter().filter(|(_, tip)| *tip == at).map(|(name, _)| name.clone());
            MadeCommit {
                files: files.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect(),
                // Those that were cut off are not there.
                parents: parents.iter().filter_map(place).collect(),
                author: (author.name.clone(), author.email.clone()),
                committer: (committer.name.clone(), committer.email.clone()),
                times: (author.seconds, committer.seconds),
                message: message.clone(),
                tags: tags.clone(),
                branches: branches.collect(),
                signed: *signed,
                cut: *cut,
            }
        });
        let objects = MemoryObjects::new(made);
        let Some(head) = objects.ids().last().copied() else { return Past::none("there is no commit") };
        let name = head.to_string();
        let cut = held.iter().any(|at| self.steps[*at].cut);
        let state = if cut { History::Shallow { head: name } } else { History::Full { head: name } };
        Past { state, log: Some(Arc::new(Log::new(Arc::new(objects), head, ""))), adopted_at: None }
    }
}
