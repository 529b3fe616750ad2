//! Standard input: an expression that is piped in, and answers at a terminal.

use std::io::{self, BufRead, IsTerminal, Read};

/// Whether somebody may answer questions.
pub fn is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// All of standard input, at most `limit` bytes of it.
///
/// # Errors
/// When it cannot be read or is no UTF-8.
pub fn text(limit: usize) -> io::Result<String> {
    let mut text = String::new();
    io::stdin().lock().take(limit as u64).read_to_string(&mut text)?;
    Ok(text)
}

/// One line without its end; nothing when the input has ended.
///
/// # Errors
/// When it cannot be read or is no UTF-8.
pub fn line() -> io::Result<Option<String>> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line)?;
    Ok((read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
}
