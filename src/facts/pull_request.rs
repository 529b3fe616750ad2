//! A pull request, as far as policies ask about it and GitHub can tell.

use super::Day;

/// A pull request that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PullRequest {
    /// Its number in the repository, from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// The login of who opened it.
    pub author: String,
    /// Whether it is a draft, which nobody can merge yet.
    pub draft: bool,
    /// The names of its labels.
    pub labels: Vec<String>,
    /// The branch that it is to be merged into.
    pub base_branch: String,
    /// What reviewers said last.
    pub reviews: Reviews,
}

/// What is known of the reviews of a pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reviews {
    /// Nobody looked them up.
    #[default]
    NotAsked,
    /// They were asked for and could not be had: why, and what to do.
    Unavailable(String, String),
    /// One entry a person: an approval or a request for changes, and a comment only where the person
    /// gave neither. Dismissed reviews are left out.
    Known(Vec<Review>),
}

impl Reviews {
    /// The reviews, where they are known.
    pub fn known(&self) -> Option<&[Review]> {
        match self {
            Reviews::Known(reviews) => Some(reviews),
            Reviews::NotAsked | Reviews::Unavailable(..) => None,
        }
    }
}

/// What one person said about a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The login of the reviewer.
    pub by: String,
    /// The moment it was given.
    pub on: Day,
    /// What it says.
    pub state: ReviewState,
    /// Whether commits were pushed after it, so that it is not about the last state.
    pub outdated: bool,
}

/// What a review says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewState {
    /// The change may be merged.
    Approved,
    /// The change may not be merged as it is.
    ChangesRequested,
    /// Neither.
    Commented,
}

impl ReviewState {
    /// All of them.
    pub const ALL: [ReviewState; 3] = [ReviewState::Approved, ReviewState::ChangesRequested, ReviewState::Commented];

    /// The name that policies know it by.
    pub fn name(self) -> &'static str {
        match self {
            ReviewState::Approved => "approved",
            ReviewState::ChangesRequested => "changes-requested",
            ReviewState::Commented => "commented",
        }
    }

    /// The state of this name.
    pub fn named(name: &str) -> Option<Self> {
        ReviewState::ALL.into_iter().find(|state| state.name() == name)
    }
}
