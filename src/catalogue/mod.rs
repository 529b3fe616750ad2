//! Annex A controls and clauses of ISO/IEC 42001:2023 as data: ids, short titles, our own words.
//!
//! The text of the standard is copyrighted; every sentence here is ours. [`check_control`] and
//! [`check_clause`] say what is wrong with an id, because public lists are full of wrong ones.

mod check;
mod clauses;
mod controls;
mod normalise;

pub use check::{IdProblem, check_clause, check_control, is_own_control};
pub use clauses::{CLAUSES, Clause, Phase, clause};
pub use controls::{CONTROLS, Checkability, Control, GROUPS, Group, control, group};
pub use normalise::normalise;
