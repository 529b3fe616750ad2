//! Output formats. Each turns the one [`Report`] of a check, the one [`Tested`] of a test run, or the
//! [`Chronicle`] of a document into bytes; none of them judges.
//!
//! A new format is one file and one row in [`FORMATS`], [`TEST_FORMATS`] or [`LOG_FORMATS`].

pub mod brief;
mod controls;
mod json;
mod log;
pub mod markdown;
pub mod markup;
pub mod reference;
#[cfg(test)]
pub(crate) mod sample;
mod sarif;
pub mod sheet;
mod tested;
mod text;
mod value;
mod words;

pub use brief::Brief;
pub use tested::sentence as difference;
pub use text::faults;
pub use value::{json as value_json, pretty as value_text, type_name as value_type};
pub use words::{ids_in_ranges, uncovered, verdict_line, verdict_name};

use crate::engine::life::Chronicle;
use crate::engine::testing::Tested;
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

/// One output format of a report `R`.
pub struct Format<R: 'static> {
    /// The name after `--output`.
    pub name: &'static str,
    /// What it is for, in one line.
    pub help: &'static str,
    /// Writes the whole report; fails only when `out` does.
    pub write: fn(&R, &Options, &mut dyn io::Write) -> io::Result<()>,
}

/// Every output format of a check.
pub static FORMATS: &[Format<Report>] = &[
    Format { name: "text", help: "for people at a terminal", write: text::write },
    Format { name: "json", help: "every outcome with its evidence, versioned, for programs", write: json::write },
    Format { name: "sarif", help: "SARIF 2.1.0, for code scanning", write: sarif::write },
    Format { name: "markdown", help: "for the page of a job and for reading in a browser", write: markdown::write },
];

/// Every output format of a test run.
pub static TEST_FORMATS: &[Format<Tested>] = &[
    Format { name: "text", help: "for people at a terminal", write: text::write_tested },
    Format { name: "json", help: "every case and every gap, versioned, for programs", write: tested::json::write },
    Format { name: "junit", help: "for build servers that show JUnit results", write: tested::junit::write },
];

/// Every output format of the life of a document.
pub static LOG_FORMATS: &[Format<Chronicle>] = &[
    Format { name: "text", help: "for people at a terminal", write: text::write_log },
    Format { name: "json", help: "every change with its fields, versioned, for programs", write: log::write },
];

/// The format of this name.
pub fn format<R>(formats: &'static [Format<R>], name: &str) -> Option<&'static Format<R>> {
    formats.iter().find(|format| format.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_found_by_their_names_and_no_name_stands_twice() {
        names_are_unique(FORMATS);
        names_are_unique(TEST_FORMATS);
        names_are_unique(LOG_FORMATS);
        assert!(format(FORMATS, "xml").is_none());
    }

    fn names_are_unique<R>(formats: &'static [Format<R>]) {
        let mut names: Vec<_> = formats.iter().map(|format| format.name).collect();
        for name in &names {
            assert_eq!(format(formats, name).map(|format| format.name), Some(*name));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), formats.len());
    }
}
