//! The history as the git program tells it: every answer is held against git's own.

mod clones;
mod git;
mod made;
mod renames;
mod same_as_git;
mod trailers;
