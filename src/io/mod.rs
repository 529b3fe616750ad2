//! The only layer that touches disk, git, environment and clock. What it gathers leaves it as the
//! plain data of [`crate::facts`].
//!
//! Everything read here was written by strangers: nothing is followed out of the root, nothing but
//! regular files is opened, nothing is read without a limit.

pub mod clock;
pub mod disk;
pub mod env;
pub mod git;
pub mod github;
pub mod input;
mod listing;
pub mod materialise;
pub mod root;
pub mod worktree;

#[cfg(test)]
mod testing;
