//! Policies: one YAML file each, its words and its CEL expressions.

mod rule;

pub use rule::{Basis, Rule, Severity, WhoActs};
