//! One module a command. Here stages are wired: what `io` reads goes to the engine, what comes out
//! goes to the reporters.

mod check;
mod compare;
mod completions;
mod console;
mod demo;
mod docs;
mod doctor;
mod draft;
mod editor;
mod eval;
mod event;
mod explain;
mod failure;
mod init;
mod init_policy;
mod lifecycle;
mod list;
mod log;
mod outputs;
mod project;
mod publish;
mod schema;
mod soa;
mod tables;
mod test;
mod visible;

use crate::cli::{Cli, Command};
use crate::source::plain;
use clap::Parser;
use clap::error::ErrorKind;
use console::Console;
use std::ffi::OsString;

/// Exit code of wrong use and of a set-up that is not valid.
const WRONG_USE: u8 = 2;

/// Runs the command line and gives the exit code of the process.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return wrong_use(&shown(&arguments).unwrap_or(error)),
    };
    let mut console = Console::new(cli.color);
    let result = match &cli.command {
        Command::Check(args) => check::run(args, &mut console),
        Command::Publish(args) => publish::run(args, &mut console),
        Command::Test(args) => test::run(args, &mut console),
        Command::List(args) => list::run(args, &mut console),
        Command::Explain(args) => explain::run(args, &mut console),
        Command::Log(args) => log::run(args, &mut console),
        Command::Soa(args) => soa::run(args, &mut console),
        Command::Lifecycle(args) => lifecycle::run(args, &mut console),
        Command::Docs(args) => docs::run(args, &mut console),
        Command::Eval(args) => eval::run(args, &mut console),
        Command::Init(args) => init::run(args, &mut console),
        Command::Schema(args) => schema::run(args, &mut console),
        Command::Doctor(args) => doctor::run(args, &mut console),
        Command::Demo(args) => demo::run(args, &mut console),
        Command::Completions(args) => completions::run(args, &mut console),
    };
    result.unwrap_or_else(|failure| console.fail(&failure))
}

/// The error of the same arguments as they can be shown: a pipeline may pass on names that somebody
/// else chose.
fn shown(arguments: &[OsString]) -> Option<clap::Error> {
    Cli::try_parse_from(arguments.iter().map(|argument| plain(&argument.to_string_lossy()))).err()
}

/// Help and version end well, everything else is wrong use.
fn wrong_use(error: &clap::Error) -> u8 {
    // A pipe that is closed already is nobody's fault.
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => 0,
        _ => WRONG_USE,
    }
}
