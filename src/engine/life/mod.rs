//! The life of documents as expressions see it: who changed what of them and when, and whether it was of
//! substance.
//!
//! Everything is found when it is first asked for. What the clone cannot tell marks the evaluation as
//! unknown; where there is no history at all, or a document is not committed yet, a policy that asks does
//! not apply.

mod chronicle;
mod commits;
mod of_document;
mod of_paths;
mod people;
mod types;
mod versions;

pub use chronicle::{Chronicle, Life, LifeChange, Unseen};
pub use commits::{commit_value, found_commit, is_ancestor, landed_together};
pub use of_document::{nothing_of, of_record};
pub use of_paths::{changed_since, changes_since, of_paths};
pub use people::{Who, named_person};
pub use types::{known, name_of};
pub use versions::Difference;

use super::Corpus;
use super::cel::Mark;
use super::surroundings;
use crate::facts::History;
use crate::history::{Gap, Log};

/// Gives `ask` the corpus and its log.
///
/// # Errors
/// Why the evaluation is not to be trusted: there is no history, or it cannot be read.
pub fn with_log<T>(ask: impl FnOnce(&Corpus, &Log) -> Result<T, Mark>) -> Result<T, Mark> {
    let asked = surroundings::with(|corpus| match (&corpus.past().log, &corpus.past().state) {
        (Some(log), _) => ask(corpus, log),
        (None, History::Unborn) => Err(Mark::Never("the repository has no commit yet".to_owned())),
        (None, History::None(why)) => Err(Mark::Never(format!("there is no git history to ask: {why}"))),
        (None, History::Full { .. } | History::Shallow { .. }) => {
            Err(Mark::Never("this run does not read the git history".to_owned()))
        }
    });
    asked.unwrap_or_else(|| Err(Mark::Never("there is no git history here".to_owned())))
}

/// What an evaluation that needs to know what a gap hides is told.
pub fn gap(gap: &Gap) -> Mark {
    Mark::Unknown(gap.to_string(), gap.help().to_owned())
}
