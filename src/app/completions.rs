//! `annexa completions`: from the same description of the command line that parses it.

use super::console::Console;
use super::failure::Failure;
use crate::cli::{Cli, CompletionsArgs};
use clap::CommandFactory;

/// Runs the command.
pub fn run(args: &CompletionsArgs, console: &mut Console) -> Result<u8, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "annexa", &mut bytes);
    console.out().write_all(&bytes)?;
    console.flush()?;
    Ok(0)
}
