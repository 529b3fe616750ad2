//! The one comment on a pull request: read in ten seconds, the rest folded.

use super::headline::{about, headline, rules_headline};
use super::pieces::{self, NAME};
use super::{Links, page::Page};
use crate::finding::RulesOf;
use crate::report::Brief;
use crate::report::brief::{Cause, Found, RuleAltered};
use crate::report::markup::{clipped, code};
use crate::report::words::count;
use crate::source::clip;

/// Bytes of a comment at most. The platform takes 65,536 characters.
pub const COMMENT_LIMIT: usize = 60_000;

/// Findings that are told whole.
const FIRST: usize = 5;

/// Causes of what could not be judged, and changes of rules, that are shown.
const LISTED: usize = 10;

/// Where each part of the comment ends at the latest, so that those after it have their room.
const FINDINGS_END: usize = 34_000;
const UNKNOWN_END: usize = 40_000;
const RULES_END: usize = 46_000;
const TABLE_END: usize = COMMENT_LIMIT - 4_000;

/// What the first line of our comment begins with.
const MARKER: &str = "<!-- annexa:sticky v1 key=";

/// Whether a comment begins as ours with this key does. That alone does not make it ours: its author
/// counts too.
pub fn is_sticky(body: &str, key: &str) -> bool {
    body.lines().next().is_some_and(|line| line.trim_end() == format!("{MARKER}{key} -->"))
}

/// Whether there is something to tell that is about the change.
pub fn says_something(brief: &Brief) -> bool {
    let changes = brief.comparison.as_ref().is_some_and(|comparison| !comparison.rule_changes.is_empty());
    changes || brief.shown().next().is_some() || brief.unknown.iter().any(|found| found.counts)
}

/// The comment. `key` is ours: small letters, digits, `.`, `_`, `/`, `-`.
pub fn comment(brief: &Brief, links: &Links, key: &str) -> String {
    let mut page = Page::new();
    page.raw(&format!("{MARKER}{key} -->\n"));
    page.paragraph(&format!("### annexa: {}", headline(brief)));
    let caution = pieces::caution(brief);
    if !caution.is_empty() {
        page.paragraph(&caution);
    }
    if !says_something(brief) {
        page.paragraph("What was said here about earlier versions of this pull request is resolved.");
    }
    let shown: Vec<&Found> = brief.shown().collect();
    let first = &shown[..shown.len().min(FIRST)];
    let dropped =
        page.items(first.iter().enumerate().map(|(at, found)| one(brief, links, at + 1, found)), FINDINGS_END);
    page.raw("\n");
    unknown(&mut page, brief, links);
    rules(&mut page, brief, links);
    let before = pieces::before(brief);
    if !before.is_empty() {
        page.paragraph(&before);
    }
    let rest = &shown[first.len()..];
    if !rest.is_empty() {
        page.raw(&format!("<details>\n<summary>{}</summary>\n\n", count(rest.len(), "more finding", "more findings")));
        page.raw(pieces::TABLE);
        let left_out = page.items(rest.iter().map(|found| pieces::row(brief, found)), TABLE_END);
        page.raw("\n");
        page.dropped(left_out, "finding", "findings");
        page.raw("</details>\n\n");
    }
    page.dropped(dropped + brief.left_out, "finding", "findings");
    let run = links.run().map(|run| format!(" [The whole report]({run})")).unwrap_or_default();
    page.paragraph(&format!(
        "{} Whether what a record says is adequate or true is not checked.{run}",
        pieces::judged(brief)
    ));
    page.finish()
}

fn one(brief: &Brief, links: &Links, number: usize, found: &Found) -> String {
    let mut out = format!("{number}. **{}** ({})\n", pieces::message(found), found.severity.name());
    let cause = match pieces::cause(brief, links, found) {
        Some(cause) => format!(", after the change of {cause}"),
        None => String::new(),
    };
    out.push_str(&format!(
        "   - Where: {}, about {}{cause}\n",
        pieces::main_place(brief, links, found),
        pieces::subject(found)
    ));
    for line in pieces::advice(found) {
        out.push_str(&format!("   - {line}\n"));
    }
    out
}

fn unknown(page: &mut Page, brief: &Brief, links: &Links) {
    let causes = brief.causes();
    if causes.is_empty() {
        return;
    }
    let all = brief.unknown.len();
    page.paragraph(&format!("#### {} could not be made", count(all, "judgement", "judgements")));
    let left_out = page.items(causes.iter().take(LISTED).map(|cause| one_cause(brief, links, cause)), UNKNOWN_END);
    page.raw("\n");
    page.dropped(left_out + causes.len().saturating_sub(LISTED), "cause", "causes");
}

/// A cause of what could not be judged, with its one remedy.
pub(super) fn one_cause(brief: &Brief, links: &Links, cause: &Cause) -> String {
    let first = cause.found[0];
    let others = match cause.found.len() - 1 {
        0 => String::new(),
        others => format!(" and {}", count(others, "other judgement", "other judgements")),
    };
    format!(
        "- **{}**: {} at {}{others}. {}\n",
        pieces::message(first),
        code(&clip(&first.rule.id, NAME)),
        pieces::main_place(brief, links, first),
        clipped(cause.remedy.trim(), pieces::ADVICE)
    )
}

fn rules(page: &mut Page, brief: &Brief, links: &Links) {
    let (Some(title), Some(comparison)) = (rules_headline(brief), &brief.comparison) else { return };
    page.paragraph(&format!("#### {title}"));
    let base = code(&clip(&comparison.base_name, NAME));
    page.paragraph(&match comparison.rules {
        RulesOf::Base => format!("It was judged by the rules of {base}; these changes take effect once it is merged."),
        RulesOf::Head => "It was judged with these changes.".to_owned(),
    });
    let changes = &comparison.rule_changes;
    let mut sorted: Vec<&RuleAltered> = changes.iter().collect();
    sorted.sort_by_key(|change| !change.weakens);
    let left_out = page.items(sorted.iter().take(LISTED).map(|change| altered(brief, links, change)), RULES_END);
    page.raw("\n");
    page.dropped(left_out + changes.len().saturating_sub(LISTED), "change", "changes");
}

/// One way in which the change alters what judges.
pub(super) fn altered(brief: &Brief, links: &Links, change: &RuleAltered) -> String {
    let weaker = if change.weakens { " (weaker)" } else { "" };
    let place = match &change.place {
        Some(at) => format!(" at {}", pieces::place(brief, links, at)),
        None => String::new(),
    };
    format!(
        "- {} {}{weaker}: {}{place}\n",
        about(change),
        code(&clip(&change.name, NAME)),
        clipped(change.text.trim(), pieces::MESSAGE)
    )
}
