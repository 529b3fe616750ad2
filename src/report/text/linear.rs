//! Findings line by line for screen readers: one fact a line, nothing drawn, every line whole.

use super::finding::{location, mapped_to, remedy};
use super::page::Page;
use crate::finding::{Judgement, Outcome, Report, Spot};
use crate::report::words;
use crate::source::clip;
use owo_colors::Style;
use std::io;

/// Characters read of a source line.
const LINE: usize = 160;

/// All findings, or a line that says that there are none.
pub(super) fn findings(page: &mut Page, report: &Report) -> io::Result<()> {
    let mut number = [0; 3];
    for judgement in report.shown(Outcome::Fail) {
        let severity = judgement.severity;
        number[severity as usize] += 1;
        let of = report.shown(Outcome::Fail).filter(|judgement| judgement.severity == severity).count();
        let lead = format!("{} {} of {of}: ", severity.name(), number[severity as usize]);
        one(page, report, judgement, &lead)?;
        page.blank()?;
    }
    if number == [0; 3] {
        fact(page, "", &words::calm(report))?;
        page.blank()?;
    }
    Ok(())
}

fn fact(page: &mut Page, lead: &str, text: &str) -> io::Result<()> {
    page.paragraph(0, lead, Style::new(), text)
}

fn one(page: &mut Page, report: &Report, judgement: &Judgement, lead: &str) -> io::Result<()> {
    let rule = report.rule(judgement);
    fact(page, lead, &judgement.message)?;
    if judgement.places.is_empty() {
        fact(page, "at ", &location(judgement))?;
    }
    for (index, spot) in judgement.places.iter().enumerate() {
        place(page, spot, if index == 0 { "at " } else { "also at " })?;
    }
    fact(page, "rule: ", &format!("{}, id {}", rule.title.trim_end_matches('.'), rule.id))?;
    for (lead, text) in [("why: ", rule.why.as_str()), ("what to do: ", remedy(judgement, rule))] {
        // Own policies need not say these.
        if !text.is_empty() {
            fact(page, lead, text)?;
        }
    }
    let mapped = mapped_to(rule);
    if !mapped.is_empty() {
        fact(page, "maps to: ", &mapped)?;
    }
    fact(page, "basis: ", rule.basis.name())?;
    fact(page, "who acts: ", rule.who_acts.words())?;
    fact(page, "fingerprint: ", &judgement.fingerprint.to_string())
}

fn place(page: &mut Page, spot: &Spot, lead: &str) -> io::Result<()> {
    let place = spot.place();
    let mut text = format!("{} line {} column {}", spot.file.name(), place.line, place.column);
    if place.end_line > place.line {
        text.push_str(&format!(" to line {}", place.end_line));
    }
    if !spot.label.is_empty() {
        text.push_str(&format!(": {}", spot.label));
    }
    fact(page, lead, &text)?;
    let line = spot.file.slice(spot.file.line_span(place.line));
    // A long line is read from its place on.
    let from = if line.len() > LINE { place.column as usize - 1 } else { 0 };
    let from = line.char_indices().nth(from).map_or(line.len(), |(at, _)| at);
    let read = clip(line[from..].trim(), LINE);
    if read.is_empty() { Ok(()) } else { fact(page, "text there: ", &read) }
}
