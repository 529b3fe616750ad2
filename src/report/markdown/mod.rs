//! A report as Markdown: the page of a job, the one comment on a pull request, and comments on lines.
//! They share their sentences; each keeps within what the platform takes.

mod comment;
mod headline;
mod inline;
mod links;
mod page;
mod pieces;
mod summary;
#[cfg(test)]
mod tests;

pub use comment::{COMMENT_LIMIT, comment, is_sticky, says_something};
pub use headline::{headline, rules_headline};
pub use inline::{fingerprint_of, fixed, inline};
pub use links::{Links, is_commit};
pub use summary::{SUMMARY_LIMIT, check_run_page, summary};

use pieces::short_id;

use super::{Brief, Options};
use crate::finding::Report;
use std::io;

/// Writes the page of a job, without links: a file knows no server.
pub(super) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(summary(&Brief::of(report, options), &Links::none()).as_bytes())
}
