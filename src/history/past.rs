//! What a run knows of the past.

use super::Log;
use crate::facts::History;
use std::sync::Arc;

/// The history as a run gets it: how much of it there is, and where to ask.
#[derive(Clone)]
pub struct Past {
    /// How much can be seen.
    pub state: History,
    /// Where to ask; nothing where there is no history.
    pub log: Option<Arc<Log>>,
    /// The commit of `adopted_at`, resolved to its full id.
    pub adopted_at: Option<String>,
}

impl Past {
    /// No history, and why.
    pub fn none(why: impl Into<String>) -> Past {
        Past { state: History::None(why.into()), log: None, adopted_at: None }
    }
}
