//! Output formats. Each turns the one [`Report`] into bytes; none of them judges.
//!
//! A new format is one file and one row in [`FORMATS`].

mod controls;
mod json;
pub mod reference;
#[cfg(test)]
mod sample;
mod text;
mod value;
mod words;

pub use text::faults;
pub use value::{json as value_json, pretty as value_text, type_name as value_type};
pub use words::{ids_in_ranges, uncovered, verdict_line};

use crate::finding::{FailOn, Report, Verdict};
use std::io;

/// How a report is shown.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether escape sequences for colour may be written.
    pub color: bool,
    /// Columns of the terminal; text is wrapped to it.
    pub width: usize,
    /// Linear text for screen readers: one fact a line, no boxes, no symbols, no colour.
    pub plain: bool,
    /// Only the findings and the verdict.
    pub quiet: bool,
    /// From which severity on the run fails.
    pub fail_on: FailOn,
    /// What the run came to; see [`Verdict::of`].
    pub verdict: Verdict,
}

/// One output format.
pub struct Format {
    /// The name after `--output`.
    pub name: &'static str,
    /// What it is for, in one line.
    pub help: &'static str,
    /// Writes the whole report; fails only when `out` does.
    pub write: fn(&Report, &Options, &mut dyn io::Write) -> io::Result<()>,
}

/// Every output format.
pub static FORMATS: &[Format] = &[
    Format { name: "text", help: "for people at a terminal", write: text::write },
    Format { name: "json", help: "every outcome with its evidence, versioned, for programs", write: json::write },
];

/// The format of this name.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_their_names_and_no_name_stands_twice() {
        let mut names: Vec<_> = FORMATS.iter().map(|format| format.name).collect();
        for name in &names {
            assert_eq!(format(name).map(|format| format.name), Some(*name));
        }
        assert!(format("xml").is_none());
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FORMATS.len());
    }
}
