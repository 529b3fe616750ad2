//! Parts of sentences that the pages share. Everything of strangers is escaped here.

use super::Links;
use crate::finding::Trust;
use crate::policy::Basis;
use crate::report::brief::{At, Brief, Found};
use crate::report::markup::{cell, cell_code, clipped, code, words};
use crate::report::{controls, words as sentences};
use crate::source::clip;

/// Characters that are shown of what is wrong.
pub(super) const MESSAGE: usize = 600;

/// Characters that are shown of what to do, and of why it matters.
pub(super) const ADVICE: usize = 1_000;

/// Characters that are shown of names: subjects, labels, branches.
pub(super) const NAME: usize = 120;

/// Characters that are shown of a path; its end tells more than its beginning.
const PATH: usize = 200;

/// Controls and clauses that are shown of one rule.
const MAPPED: usize = 6;

/// What is wrong; the rule's title where nothing is said.
pub(super) fn message(found: &Found) -> String {
    let text = if found.message.trim().is_empty() { &found.rule.title } else { &found.message };
    clipped(text.trim(), MESSAGE)
}

/// The path of a place from the top of the repository and its lines, as reviewers see it where they do.
fn shown(brief: &Brief, at: &At) -> (String, u32, u32) {
    match (&at.seen, &at.commit) {
        (Some(seen), None) => (seen.path.clone(), seen.line, seen.end_line),
        // A file of another commit is named as git names it.
        (_, Some(commit)) => (format!("{}:{}", clip(commit, NAME), at.path), at.place.line, at.place.end_line),
        (None, None) => (brief.whole(&at.path), at.place.line, at.place.end_line),
    }
}

/// `path:line` as plain text.
fn location(brief: &Brief, at: &At) -> String {
    let (path, line, _) = shown(brief, at);
    format!("{}:{line}", short(&path))
}

/// The end of a path that is too long to be shown.
fn short(path: &str) -> String {
    let length = path.chars().count();
    if length <= PATH {
        path.to_owned()
    } else {
        format!("…{}", path.chars().skip(length - PATH).collect::<String>())
    }
}

/// A place as code, with a link where we know where it leads.
pub(super) fn place(brief: &Brief, links: &Links, at: &At) -> String {
    let text = code(&location(brief, at));
    // Only what reviewers see has lines that are known in a commit that the platform has.
    let link = match (&at.seen, &brief.comparison) {
        (Some(seen), Some(comparison)) if at.commit.is_none() => {
            links.file(&comparison.head, &seen.path, (seen.line, seen.end_line))
        }
        (None, None) if at.commit.is_none() => {
            let commit = brief.commit.as_deref().unwrap_or_default();
            links.file(commit, &brief.whole(&at.path), (at.place.line, at.place.end_line))
        }
        _ => None,
    };
    link.map_or_else(|| text.clone(), |link| format!("[{text}]({link})"))
}

/// Where a finding is, in one place.
pub(super) fn main_place(brief: &Brief, links: &Links, found: &Found) -> String {
    match found.places.first() {
        Some(at) => place(brief, links, at),
        None if found.subject.path.is_empty() => "the repository as a whole".to_owned(),
        None => code(&short(&brief.whole(&found.subject.path))),
    }
}

/// The same for the cell of a table, without a link.
pub(super) fn main_place_cell(brief: &Brief, found: &Found) -> String {
    match found.places.first() {
        Some(at) => cell_code(&location(brief, at)),
        None if found.subject.path.is_empty() => "the repository as a whole".to_owned(),
        None => cell_code(&short(&brief.whole(&found.subject.path))),
    }
}

/// The line of the change that caused a finding, where none of its places is in the change.
pub(super) fn cause(brief: &Brief, links: &Links, found: &Found) -> Option<String> {
    let seen = found.caused_at.as_ref()?;
    let text = code(&format!("{}:{}", short(&seen.path), seen.line));
    let head = brief.comparison.as_ref().map(|comparison| comparison.head.as_str()).unwrap_or_default();
    let link = links.file(head, &seen.path, (seen.line, seen.end_line));
    Some(link.map_or_else(|| text.clone(), |link| format!("[{text}]({link})")))
}

/// What a finding is about: `ai-system` and its id, and the item of it.
pub(super) fn subject(found: &Found) -> String {
    let item = match &found.item {
        Some(item) => format!(", item {}", code(&clip(item, NAME))),
        None => String::new(),
    };
    match &*found.subject.kind {
        "repository" => format!("the repository as a whole{item}"),
        kind => format!("{} {}{item}", clipped(kind, NAME), code(&clip(&found.subject.id, NAME))),
    }
}

/// Controls and clauses with their short titles, after what they are to the rule; empty where there is
/// none.
fn mapped_to(found: &Found) -> String {
    let rule = &found.rule;
    let named = |id: &String, word: &str| match controls::title(id) {
        Some(title) => format!("{word}{id} {title}"),
        None => format!("{word}{}", clipped(id, 40)),
    };
    let all: Vec<String> = rule
        .controls
        .iter()
        .map(|id| named(id, ""))
        .chain(rule.clauses.iter().map(|id| named(id, "clause ")))
        .collect();
    if all.is_empty() {
        return String::new();
    }
    let more = match all.len().saturating_sub(MAPPED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let lead = match rule.basis {
        Basis::Requirement => "Asked for by",
        Basis::Guidance => "Guidance on",
        Basis::AnnexaPractice => "Good practice, not asked for by the standard, towards",
        Basis::Own => "The organisation's own rule, mapped to",
    };
    format!("{lead} {}{more}", all[..all.len().min(MAPPED)].join(", "))
}

/// What to do, and who; empty where the rule does not say.
fn next_step(found: &Found) -> String {
    let text = found.what_to_do().trim();
    if text.is_empty() {
        return format!("For {}: mend it, or ask whoever wrote the rule.", found.rule.who_acts.words());
    }
    format!("Next step for {}: {}", found.rule.who_acts.words(), clipped(text, ADVICE))
}

/// Why it matters, who does what next, and what asks for it: a line each.
pub(super) fn advice(found: &Found) -> impl Iterator<Item = String> {
    let why = match found.rule.why.trim() {
        "" => String::new(),
        why => format!("Why it matters: {}", clipped(why, ADVICE)),
    };
    [why, next_step(found), mapped_to(found)].into_iter().filter(|line| !line.is_empty())
}

/// What commits a finding rests on, a line each.
pub(super) fn history(found: &Found, limit: usize) -> Vec<String> {
    let commits = found.history.chunk_by(|a, b| a.commit == b.commit);
    let lines = commits.map(|cited| {
        let said = |trust: Trust| {
            let says = cited.iter().filter(|c| c.trust == trust).map(|c| clip(&c.says, NAME));
            words(&says.collect::<Vec<_>>().join(", "))
        };
        let (facts, claims) = (said(Trust::Fact), said(Trust::Claim));
        let claims = if claims.is_empty() { claims } else { format!(" (claimed: {claims})") };
        format!("{} {facts}{claims}", code(short_id(&cited[0].commit)))
    });
    lines.take(limit).collect()
}

/// The first characters of a commit's id.
pub(super) fn short_id(id: &str) -> &str {
    id.get(..7).unwrap_or(id)
}

/// A finding as one row of a table.
pub(super) fn row(brief: &Brief, found: &Found) -> String {
    let text = if found.message.trim().is_empty() { &found.rule.title } else { &found.message };
    format!(
        "| {} | {} | {} | {} | {} |\n",
        found.severity.name(),
        cell(&clip(text.trim(), 300)),
        main_place_cell(brief, found),
        found.rule.who_acts.words(),
        cell_code(&clip(&found.rule.id, NAME)),
    )
}

/// The head of a table of findings.
pub(super) const TABLE: &str = "| Severity | Finding | Where | Who acts | Rule |\n|---|---|---|---|---|\n";

/// How many findings were there before, in one sentence; empty where there are none.
pub(super) fn before(brief: &Brief) -> String {
    if brief.counts.before == 0 || brief.preview().is_some() {
        return String::new();
    }
    let one = brief.counts.before == 1;
    let verbs = if one { ("was", "does") } else { ("were", "do") };
    let findings = sentences::count(brief.counts.before, "finding", "findings");
    format!("{findings} {} there before this change and {} not count here.", verbs.0, verbs.1)
}

/// What was judged: commits, day and version.
pub(super) fn judged(brief: &Brief) -> String {
    let with = format!("on {} with annexa {}", brief.today, clipped(&brief.version, 40));
    match &brief.comparison {
        Some(comparison) => {
            let name = code(&clip(&comparison.base_name, NAME));
            let rules = match comparison.rules {
                crate::finding::RulesOf::Base => "by its rules".to_owned(),
                crate::finding::RulesOf::Head => "by the rules that the change brings".to_owned(),
            };
            let (head, base) = (short_id(&comparison.head), short_id(&comparison.base));
            format!("Judged: {}, compared with {} of {name} and {rules}, {with}.", code(head), code(base))
        }
        None => match &brief.commit {
            Some(commit) => format!("Judged: {}, {with}.", code(short_id(commit))),
            None => format!("Judged: the files of the working tree, {with}."),
        },
    }
}

/// Why this is a preview, and whose rules judged where they are not those of the base; empty where there
/// is nothing to say.
pub(super) fn caution(brief: &Brief) -> String {
    let Some(comparison) = &brief.comparison else { return String::new() };
    let mut said = Vec::new();
    if let Some(why) = &comparison.preview {
        said.push(format!(
            "This is a preview, and nothing here blocks: {}.",
            clipped(why.trim_end_matches('.'), MESSAGE)
        ));
    }
    if comparison.rules == crate::finding::RulesOf::Head {
        said.push(format!(
            "The rules are those that this change brings (`--trust head`), not those of {}.",
            code(&clip(&comparison.base_name, NAME))
        ));
    }
    said.join(" ")
}
