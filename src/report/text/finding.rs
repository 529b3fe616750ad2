//! Findings as blocks: what is wrong, where, why it matters, what to do.

use super::excerpt::{self, Mark};
use super::page::{Page, shown};
use crate::finding::{Cited, Judgement, Outcome, Report, Spot, Trust};
use crate::policy::{Rule, Severity};
use crate::report::{controls, words};
use owo_colors::{OwoColorize, Style};
use std::borrow::Cow;
use std::io;

/// Places of one finding that are drawn; further ones are listed, a line each.
const DRAWN: usize = 8;

/// Commits of one finding that are shown.
const COMMITS: usize = 3;

/// All findings, or a line that says that there are none.
pub(super) fn all(page: &mut Page, report: &Report) -> io::Result<()> {
    let mut any = false;
    for judgement in report.shown(Outcome::Fail) {
        any = true;
        one(page, report, judgement)?;
        page.blank()?;
    }
    if !any {
        page.paragraph(0, "", Style::new(), &words::calm(report))?;
        page.blank()?;
    }
    Ok(())
}

fn one(page: &mut Page, report: &Report, judgement: &Judgement) -> io::Result<()> {
    let rule = report.rule(judgement);
    let style = page.styles.of(judgement.severity);
    let lead = format!("{}[{}]: ", judgement.severity.name(), shown(&rule.id));
    page.styled(0, &lead, style, &judgement.message, page.styles.heading)?;
    places(page, judgement)?;
    history(page, judgement)?;
    let dim = page.styles.dim;
    page.paragraph(2, "rule  ", dim, &rule.title)?;
    // Own policies need not say these.
    for (lead, style, text) in
        [("why   ", dim, rule.why.as_str()), ("do    ", page.styles.heading, remedy(judgement, rule))]
    {
        if !text.is_empty() {
            page.paragraph(2, lead, style, text)?;
        }
    }
    let mapped = mapped_to(rule);
    if !mapped.is_empty() {
        page.styled(2, "maps  ", dim, &mapped, dim)?;
    }
    let (basis, who) = (rule.basis.name(), rule.who_acts.words());
    let facts = format!("basis: {basis} · acts: {who} · fingerprint: {}", judgement.fingerprint);
    page.styled(2, "      ", dim, &facts, dim)
}

/// What to do about a judgement.
pub(super) fn remedy<'a>(judgement: &'a Judgement, rule: &'a Rule) -> &'a str {
    judgement.remedy.as_deref().unwrap_or(&rule.remedy)
}

/// Controls and clauses of a rule with their short titles.
pub(super) fn mapped_to(rule: &Rule) -> String {
    let named = |id: &String, word: &str| match controls::title(id) {
        Some(title) => format!("{word}{id} {title}"),
        None => format!("{word}{id}"),
    };
    let ids = rule.controls.iter().map(|id| named(id, "")).chain(rule.clauses.iter().map(|id| named(id, "clause ")));
    ids.collect::<Vec<_>>().join(", ")
}

/// Where a judgement is: its file and place, or what was judged.
pub(super) fn location(judgement: &Judgement) -> String {
    match judgement.places.first() {
        Some(spot) => spot_location(spot),
        None if judgement.subject.path.is_empty() => "the repository as a whole".to_owned(),
        None => shown(&judgement.subject.path),
    }
}

/// `path:line:column`.
pub(super) fn spot_location(spot: &Spot) -> String {
    let place = spot.place();
    format!("{}:{}:{}", shown(&spot.file.name()), place.line, place.column)
}

fn places(page: &mut Page, judgement: &Judgement) -> io::Result<()> {
    if judgement.places.is_empty() {
        let at = location(judgement);
        return page.paragraph(2, "at    ", page.styles.dim, &at);
    }
    let (drawn, listed) = judgement.places.split_at(judgement.places.len().min(DRAWN));
    let mut files: Vec<Cow<str>> = Vec::new();
    for spot in drawn {
        if !files.contains(&spot.file.name()) {
            files.push(spot.file.name());
        }
    }
    for name in files {
        let here: Vec<&Spot> = drawn.iter().filter(|spot| spot.file.name() == name).collect();
        let marks: Vec<Mark> = here
            .iter()
            .map(|spot| {
                let main = std::ptr::eq(*spot, &drawn[0]);
                let style = if main { page.styles.of(judgement.severity) } else { page.styles.link };
                Mark { span: spot.span, label: &spot.label, style, main }
            })
            .collect();
        let picture = excerpt::draw(page, &here[0].file, &marks);
        page.line(picture)?;
    }
    for spot in listed {
        let (at, label) = (spot_location(spot), shown(&spot.label));
        page.line(format_args!("  also  {} {label}", at.style(page.styles.link)))?;
    }
    Ok(())
}

/// What commits a finding rests on, a line each: what follows from them, and what they claim.
fn history(page: &mut Page, judgement: &Judgement) -> io::Result<()> {
    let of_commit = |cited: &[Cited]| {
        let said = |trust: Trust| {
            let says = cited.iter().filter(|c| c.trust == trust).map(|c| shown(&c.says));
            says.collect::<Vec<_>>().join(", ")
        };
        let (facts, claims) = (said(Trust::Fact), said(Trust::Claim));
        let claims = if claims.is_empty() { claims } else { format!("(claimed: {claims})") };
        format!("{} {facts} {claims}", shown(cited[0].commit.get(..7).unwrap_or(&cited[0].commit)))
    };
    let commits: Vec<&[Cited]> = judgement.history[..].chunk_by(|a, b| a.commit == b.commit).collect();
    for cited in commits.iter().take(COMMITS) {
        page.paragraph(2, "git   ", page.styles.dim, of_commit(cited).trim_end())?;
    }
    if commits.len() > COMMITS {
        let more = format!("and {} more commits; `--output json` has all", commits.len() - COMMITS);
        page.paragraph(2, "git   ", page.styles.dim, &more)?;
    }
    Ok(())
}

/// Judgements that could not be made, by their cause: one block and one remedy each.
pub(super) struct Cause<'a> {
    pub message: &'a str,
    pub remedy: &'a str,
    /// The heaviest severity among them.
    pub severity: Severity,
    pub judgements: Vec<&'a Judgement>,
}

/// Groups the judgements that could not be made, in report order.
pub(super) fn causes(report: &Report) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for judgement in report.shown(Outcome::Unknown) {
        let remedy = judgement.remedy.as_deref().unwrap_or(words::UNKNOWN_REMEDY);
        let at = *known.entry((judgement.message.as_str(), remedy)).or_insert_with(|| {
            let severity = judgement.severity;
            causes.push(Cause { message: &judgement.message, remedy, severity, judgements: Vec::new() });
            causes.len() - 1
        });
        causes[at].severity = causes[at].severity.min(judgement.severity);
        causes[at].judgements.push(judgement);
    }
    causes
}
