//! Why a command could not do what it was asked.

use crate::engine::Faulty;
use crate::io::disk::WriteError;
use std::io;

/// A command's error, as the person at the terminal sees it.
#[derive(Debug)]
pub enum Failure {
    /// Something was asked that cannot be done: what is wrong, what to do.
    Usage {
        /// What is wrong.
        message: String,
        /// What to do; may be empty.
        help: String,
    },
    /// Something that was asked rightly and cannot be judged: what is missing, what to do.
    Incomplete {
        /// What is missing.
        message: String,
        /// What to do; may be empty.
        help: String,
    },
    /// An expression of the command line that is not valid.
    Expression(Faulty),
    /// Configuration, schemas or policies that are not valid.
    SetUp(Vec<Faulty>),
    /// The reader of our output is gone, which is no failure.
    BrokenPipe,
}

impl Failure {
    /// Something that cannot be done.
    pub fn usage(message: impl std::fmt::Display, help: impl std::fmt::Display) -> Self {
        Failure::Usage { message: message.to_string(), help: help.to_string() }
    }

    /// A file of `init` that was not written.
    pub fn not_written(error: WriteError) -> Self {
        let help = match error {
            WriteError::Exists(_) => "Name another file with `--to`, or overwrite it with `--force`.",
            WriteError::Folder(_) | WriteError::Failed { .. } => "Name another file with `--to`.",
        };
        Failure::usage(error, help)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Failure::BrokenPipe;
        }
        Failure::usage(format_args!("the output cannot be written: {error}"), "Check the disk and the permissions.")
    }
}
