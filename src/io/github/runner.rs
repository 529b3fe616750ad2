//! The files that a workflow's runner reads after a step.

use super::settings::Settings;
use crate::io::disk::{self, WriteError};
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};

/// The largest summary that a runner shows, in bytes; of a larger one it shows nothing.
const SUMMARY: usize = 1_048_576;

/// The largest file of outputs.
const OUTPUTS: usize = 1_048_576;

/// Adds a page to the summary of the job; false where there is none.
///
/// # Errors
/// When the file cannot be written, or the summary would be too large to be shown.
pub fn append_summary(settings: &Settings, page: &str) -> Result<bool, WriteError> {
    let Some(file) = &settings.step_summary else { return Ok(false) };
    disk::append(file, page.as_bytes(), SUMMARY)?;
    Ok(true)
}

/// Sets outputs of the step; false where there is no step. Values may hold anything: each is set between
/// two lines that nobody can guess.
///
/// # Errors
/// When the file cannot be written.
pub fn set_outputs(settings: &Settings, outputs: &[(&str, String)]) -> Result<bool, WriteError> {
    let Some(file) = &settings.output else { return Ok(false) };
    // Each state is seeded by the system anew for a process, and differs from the one before it.
    let number = || RandomState::new().hash_one(std::process::id());
    let end = format!("annexa-{:016x}{:016x}", number(), number());
    let mut text = String::new();
    for (name, value) in outputs {
        let _ = write!(text, "{name}<<{end}\n{value}\n{end}\n");
    }
    disk::append(file, text.as_bytes(), OUTPUTS)?;
    Ok(true)
}
