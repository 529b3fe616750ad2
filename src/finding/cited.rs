//! What of the git history an outcome rests on.

/// How far a statement about the history can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trust {
    /// It follows from the objects themselves: their ids, which commit led to which, what a tree holds.
    Fact,
    /// Whoever made the commit wrote it, and could have written anything: names, addresses, dates, trailers.
    Claim,
}

impl Trust {
    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Trust::Fact => "fact",
            Trust::Claim => "claim",
        }
    }
}

/// A statement of the git history that an outcome rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cited {
    /// The commit's full id.
    pub commit: String,
    /// What it says, in a few words. Holds text of strangers: escape when shown.
    pub says: String,
    /// How far that can be trusted.
    pub trust: Trust,
}
