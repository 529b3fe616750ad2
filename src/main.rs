//! The program: hands the command line to the library and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(annexa::app::main(std::env::args_os()))
}
