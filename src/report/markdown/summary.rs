//! The page of a job: the whole report.

use super::comment::{altered, one_cause};
use super::headline::{headline, rules_headline};
use super::page::Page;
use super::{Links, pieces};
use crate::report::brief::{Found, RuleAltered};
use crate::report::markup::{clipped, code, words};
use crate::report::{Brief, words as sentences};
use crate::source::clip;

/// Bytes of the page of a job at most. The runner drops a page above 1 MiB whole.
pub const SUMMARY_LIMIT: usize = 900_000;

/// Characters of the page of a check run that the platform takes.
const CHECK_RUN_LIMIT: usize = 65_000;

/// Places of one finding that are listed.
const PLACES: usize = 20;

/// Commits of one finding that are listed.
const COMMITS: usize = 5;

/// The whole report as Markdown.
pub fn summary(brief: &Brief, links: &Links) -> String {
    limited(brief, links, SUMMARY_LIMIT)
}

/// The same for a check run, which takes less.
pub fn check_run_page(brief: &Brief, links: &Links) -> String {
    limited(brief, links, CHECK_RUN_LIMIT)
}

fn limited(brief: &Brief, links: &Links, limit: usize) -> String {
    let part = |percent: usize| limit / 100 * percent;
    let mut page = Page::new();
    page.paragraph(&format!("## annexa: {}", headline(brief)));
    let caution = pieces::caution(brief);
    if !caution.is_empty() {
        page.paragraph(&caution);
    }
    page.paragraph(&pieces::judged(brief));
    numbers(&mut page, brief);
    rules(&mut page, brief, links, part(15));
    let shown: Vec<&Found> = brief.shown().collect();
    if !shown.is_empty() {
        page.paragraph("### Findings");
        let left_out = page.items(shown.iter().map(|found| one(brief, links, found)), part(65));
        page.dropped(left_out, "finding", "findings");
    }
    let causes = brief.causes();
    if !causes.is_empty() {
        page.paragraph("### Could not be judged");
        let left_out = page.items(causes.iter().map(|cause| one_cause(brief, links, cause)), part(75));
        page.raw("\n");
        page.dropped(left_out, "cause", "causes");
    }
    let before: Vec<&Found> = brief.set_aside().collect();
    if !before.is_empty() {
        page.paragraph("### There before this change");
        page.raw(pieces::TABLE);
        let left_out = page.items(before.iter().map(|found| pieces::row(brief, found)), part(85));
        page.raw("\n");
        page.dropped(left_out, "finding", "findings");
    }
    if brief.left_out > 0 {
        page.dropped(brief.left_out, "finding or judgement", "findings and judgements");
    }
    if !brief.next_steps.is_empty() {
        page.paragraph("### Next steps (nothing demands them yet)");
        let steps = brief.next_steps.iter().map(|step| {
            let command = step.command.as_ref().map(|command| format!(" {}", code(command))).unwrap_or_default();
            format!("- {}{command}\n", clipped(step.text.trim(), pieces::ADVICE))
        });
        let left_out = page.items(steps, part(88));
        page.raw("\n");
        page.dropped(left_out, "step", "steps");
    }
    page.paragraph("### Not checked");
    let sentences = brief.not_checked.iter().map(|sentence| format!("- {}\n", words(sentence.trim())));
    let left_out = page.items(sentences, part(98));
    page.raw("\n");
    page.dropped(left_out, "reason", "reasons");
    page.finish()
}

fn numbers(page: &mut Page, brief: &Brief) {
    page.raw(&format!("- {}\n", sentences::systems(brief.systems)));
    page.raw(&format!("- {}\n", clipped(&sentences::documents(&brief.documents), pieces::ADVICE)));
    page.raw(&format!("- {}\n", sentences::findings(&brief.counts)));
    page.raw(&format!("- {}\n", sentences::others(&brief.counts)));
    if let Some(grades) = sentences::grades(&brief.counts) {
        page.raw(&format!("- {grades}\n"));
    }
    let before = pieces::before(brief);
    if !before.is_empty() {
        page.raw(&format!("- {before}\n"));
    }
    page.raw("\n");
}

fn rules(page: &mut Page, brief: &Brief, links: &Links, until: usize) {
    let (Some(title), Some(comparison)) = (rules_headline(brief), &brief.comparison) else { return };
    page.paragraph(&format!("### {title}"));
    let mut sorted: Vec<&RuleAltered> = comparison.rule_changes.iter().collect();
    sorted.sort_by_key(|change| !change.weakens);
    let left_out = page.items(sorted.iter().map(|change| altered(brief, links, change)), until);
    page.raw("\n");
    page.dropped(left_out, "change", "changes");
}

fn one(brief: &Brief, links: &Links, found: &Found) -> String {
    let mut out = format!("#### {}: {}\n\n", found.severity.name(), pieces::message(found));
    out.push_str(&format!("- About: {}\n", pieces::subject(found)));
    for at in found.places.iter().take(PLACES) {
        let label = if at.label.is_empty() { String::new() } else { format!(": {}", clipped(&at.label, pieces::NAME)) };
        out.push_str(&format!("- At {}{label}\n", pieces::place(brief, links, at)));
    }
    match found.places.len().saturating_sub(PLACES) + found.more_places {
        0 => {}
        more => out.push_str(&format!("- At {} more\n", sentences::count(more, "place", "places"))),
    }
    if let Some(cause) = pieces::cause(brief, links, found) {
        out.push_str(&format!("- After the change of {cause}\n"));
    }
    for line in pieces::history(found, COMMITS) {
        out.push_str(&format!("- History: {line}\n"));
    }
    for line in pieces::advice(found) {
        out.push_str(&format!("- {line}\n"));
    }
    let rule = code(&clip(&found.rule.id, pieces::NAME));
    out.push_str(&format!("- Rule {rule}, fingerprint `{}`\n\n", found.fingerprint));
    out
}
