//! For people at a terminal: findings with excerpts of their files, then what the run came to.
//! With [`Options::plain`] the same facts line by line, for screen readers.

mod closing;
mod excerpt;
mod faults;
mod finding;
mod linear;
mod log;
mod page;
mod sheet;
mod tested;

pub use faults::faults;
pub(super) use log::write as write_log;
pub(super) use sheet::write as write_sheets;
pub(super) use tested::write as write_tested;

use super::Options;
use crate::finding::Report;
use page::Page;
use std::io;

/// Writes the whole report.
pub(super) fn write(report: &Report, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page::new(out, options);
    if options.plain {
        linear::findings(&mut page, report)?;
    } else {
        finding::all(&mut page, report)?;
    }
    closing::write(&mut page, report)
}

#[cfg(test)]
mod tests;
