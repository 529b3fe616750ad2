//! Standard output and standard error, and how much they can show.

use super::WRONG_USE;
use super::failure::Failure;
use crate::cli::Color;
use crate::engine::Faulty;
use crate::finding::{FailOn, Verdict};
use crate::io::env::Environment;
use crate::report::{self, Options};
use crate::source::plain;
use std::io::{self, BufWriter, Write};

/// Columns of text where nothing says how wide the terminal is.
const WIDTH: usize = 100;

/// Where a command writes.
pub struct Console {
    out: BufWriter<io::Stdout>,
    /// What the surroundings say.
    pub environment: Environment,
    color: Color,
}

impl Console {
    /// The process's own output.
    pub fn new(color: Color) -> Self {
        Console { out: BufWriter::new(io::stdout()), environment: Environment::read(), color }
    }

    /// Options for what goes to standard output.
    pub fn options(&self) -> Options {
        let color = match self.color {
            Color::Auto => self.environment.colors_stdout(),
            Color::Always => true,
            Color::Never => false,
        };
        Options {
            color,
            width: self.environment.columns.unwrap_or(WIDTH),
            plain: false,
            quiet: false,
            fail_on: FailOn::Never,
            verdict: Verdict::Clear,
        }
    }

    fn options_of_errors(&self) -> Options {
        let color = match self.color {
            Color::Auto => self.environment.colors_stderr(),
            Color::Always => true,
            Color::Never => false,
        };
        Options { color, ..self.options() }
    }

    /// A line of text of ours; text of strangers in it must be escaped by the caller.
    pub fn line(&mut self, text: impl std::fmt::Display) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    /// A line without words.
    pub fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// Asks on standard error, so that standard output stays what was asked for.
    pub fn ask(&mut self, text: &str) -> io::Result<()> {
        self.flush()?;
        let mut error = io::stderr().lock();
        write!(error, "{text}")?;
        error.flush()
    }

    /// A title above a part of the output.
    pub fn heading(&mut self, text: &str) -> io::Result<()> {
        if self.options().color { writeln!(self.out, "\u{1b}[1m{text}\u{1b}[0m") } else { writeln!(self.out, "{text}") }
    }

    /// The writer itself.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// Flushes, so that a closed pipe is seen while something can still be done about it.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Says why there is nothing on standard output.
    pub fn say(&mut self, message: &str, help: &str) {
        let _ = self.flush();
        said("", message, help);
    }

    /// Says why a command failed, and gives its exit code.
    pub fn fail(&mut self, failure: &Failure) -> u8 {
        let _ = self.flush();
        match failure {
            Failure::BrokenPipe => return 0,
            Failure::Usage { message, help } | Failure::Incomplete { message, help } => {
                let word = if self.options_of_errors().color { "\u{1b}[31;1merror:\u{1b}[0m " } else { "error: " };
                said(word, message, help);
            }
            Failure::Expression(faulty) => {
                let _ = self.problems(std::slice::from_ref(faulty));
            }
            Failure::SetUp(faulty) => {
                let _ = self.faults(faulty);
            }
        }
        if matches!(failure, Failure::Incomplete { .. }) {
            return Verdict::Incomplete.exit_code();
        }
        WRONG_USE
    }

    /// Shows what is wrong with texts, each with its place, on standard error.
    pub fn problems(&self, faulty: &[Faulty]) -> io::Result<()> {
        let options = self.options_of_errors();
        let mut error = BufWriter::new(io::stderr());
        for Faulty { file, problems } in faulty {
            report::faults(file, problems, &options, &mut error)?;
        }
        error.flush()
    }

    fn faults(&self, faulty: &[Faulty]) -> io::Result<()> {
        self.problems(faulty)?;
        let mut error = io::stderr().lock();
        let count: usize = faulty.iter().map(|f| f.problems.len()).sum();
        let what = if count == 1 { "1 error" } else { &format!("{count} errors") };
        writeln!(error, "Nothing was checked: {what} in the set-up.")?;
        error.flush()
    }
}

/// A sentence and what to do, on standard error.
fn said(word: &str, message: &str, help: &str) {
    let mut error = io::stderr().lock();
    let _ = writeln!(error, "{word}{}", plain(message));
    if !help.is_empty() {
        let _ = writeln!(error, "  do    {}", plain(help));
    }
}
