//! Annex A controls and clauses of ISO/IEC 42001:2023 as data: ids, short titles, our own words;
//! the objectives and risk sources of Annex C; what other texts say about the same subject.
//!
//! The text of the standard is copyrighted; every sentence here is ours. [`check_control`] and
//! [`check_clause`] say what is wrong with an id, because public lists are full of wrong ones.

mod annex_c;
mod check;
mod clauses;
mod controls;
mod crosswalk;
mod normalise;

pub use annex_c::{OBJECTIVES, RISK_SOURCES};
pub use check::{IdProblem, check_clause, check_control, is_own_control};
pub use clauses::{CLAUSES, Clause, Phase, clause};
pub use controls::{CONTROLS, Checkability, Control, GROUPS, Group, control, group};
pub use crosswalk::{CROSSWALK, Confidence, Related, related};
pub use normalise::normalise;
