//! `annexa schema`: the JSON Schemas, for editors and for reading.

use super::console::Console;
use super::failure::Failure;
use crate::cli::SchemaArgs;
use crate::document::{closest, did_you_mean};
use crate::embedded::SCHEMAS;

/// Runs the command.
pub fn run(args: &SchemaArgs, console: &mut Console) -> Result<u8, Failure> {
    let names = || SCHEMAS.iter().filter_map(|(path, _)| path.strip_suffix(".schema.json"));
    let Some(name) = &args.name else {
        for name in names() {
            console.line(name)?;
        }
        console.flush()?;
        return Ok(0);
    };
    let found = SCHEMAS.iter().find(|(path, _)| path.strip_suffix(".schema.json") == Some(name));
    let Some((_, text)) = found else {
        let help = did_you_mean(closest(name, names()), "`annexa schema` lists the names.");
        return Err(Failure::usage(format_args!("there is no schema `{name}`"), help));
    };
    console.out().write_all(text.as_bytes())?;
    console.flush()?;
    Ok(0)
}
