//! `annexa` reads the AI-governance documents of a repository, evaluates CEL policies mapped to
//! ISO/IEC 42001 controls on them, and places each finding on its exact line.
//!
//! The modules are layers; a lower one never names a higher one (`tests/layers.rs` checks it):
//! `source` < `value` < `document`, `facts`, `catalogue` < `config`, `policy` < `finding` < `engine`
//! < `report`, `publish` < `io` < `app`. Only `io` touches disk, git, environment and clock.

pub mod app;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod document;
pub mod embedded;
pub mod engine;
pub mod facts;
pub mod finding;
pub mod history;
pub mod io;
pub mod policy;
pub mod publish;
pub mod report;
pub mod source;
pub mod value;
