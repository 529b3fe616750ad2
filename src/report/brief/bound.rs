//! The bounds of a [`Brief`], the same whatever it was made of: a page is read by people, and a report
//! may come from a stranger.

use super::{At, Brief, Found, RuleAltered};
use crate::facts::Seen;
use crate::finding::Subject;
use crate::policy::Rule;
use crate::source::clip;
use std::sync::Arc;

/// Findings that are kept, and as many judgements that could not be made.
pub const KEPT: usize = 5_000;

/// Places of one finding that are kept.
pub const PLACES: usize = 50;

/// Statements of the history that are kept for one finding.
const STATEMENTS: usize = 100;

/// Other lists: changes of rules, sentences about what was not checked, kinds of documents.
const LISTED: usize = 1_000;

/// Characters of a name: an id, a branch, a label, a version.
const NAME: usize = 300;

/// Characters of a path.
const PATH: usize = 1_024;

/// Characters of a text of several sentences.
const TEXT: usize = 4_000;

/// Controls and clauses of one rule.
const IDS: usize = 100;

/// Cuts what is longer than the bounds.
pub(super) fn bounded(mut brief: Brief) -> Brief {
    name(&mut brief.version);
    path(&mut brief.root);
    brief.documents = std::mem::take(&mut brief.documents)
        .into_iter()
        .take(LISTED)
        .map(|(kind, number)| (clip(&kind, NAME), number))
        .collect();
    if let Some(comparison) = &mut brief.comparison {
        name(&mut comparison.base_name);
        comparison.preview.iter_mut().for_each(text);
        comparison.rule_changes.truncate(LISTED);
        comparison.rule_changes.iter_mut().for_each(altered);
    }
    brief.findings.iter_mut().chain(&mut brief.unknown).for_each(found);
    brief.not_checked.truncate(LISTED);
    brief.not_checked.iter_mut().for_each(text);
    brief.next_steps.truncate(3);
    for step in &mut brief.next_steps {
        text(&mut step.text);
        step.command.iter_mut().for_each(name);
    }
    brief
}

/// A rule with texts of sane lengths.
pub(super) fn rule(mut rule: Rule) -> Arc<Rule> {
    for words in [&mut rule.id, &mut rule.title] {
        name(words);
    }
    for words in [&mut rule.why, &mut rule.remedy, &mut rule.shows, &mut rule.does_not_show] {
        text(words);
    }
    path(&mut rule.origin);
    for ids in [&mut rule.controls, &mut rule.clauses] {
        ids.truncate(IDS);
        ids.iter_mut().for_each(name);
    }
    Arc::new(rule)
}

fn altered(change: &mut RuleAltered) {
    name(&mut change.name);
    text(&mut change.text);
    change.place.iter_mut().for_each(at);
}

fn found(found: &mut Found) {
    let Subject { kind, id, path } = &mut found.subject;
    for (words, limit) in [(kind, NAME), (id, NAME), (path, PATH)] {
        if words.chars().nth(limit).is_some() {
            *words = clip(words, limit).into();
        }
    }
    found.item.iter_mut().for_each(name);
    found.validation.iter_mut().for_each(name);
    text(&mut found.message);
    found.remedy.iter_mut().for_each(text);
    found.caused_at = found.caused_at.take().and_then(seen);
    found.more_places += found.places.len().saturating_sub(PLACES);
    found.places.truncate(PLACES);
    found.places.iter_mut().for_each(at);
    found.history.truncate(STATEMENTS);
    found.history.iter_mut().for_each(|cited| name(&mut cited.says));
}

fn at(at: &mut At) {
    path(&mut at.path);
    name(&mut at.label);
    let place = &mut at.place;
    place.line = place.line.max(1);
    place.column = place.column.max(1);
    place.end_line = place.end_line.max(place.line);
    place.end_column = place.end_column.max(if place.end_line == place.line { place.column } else { 1 });
    at.seen = at.seen.take().and_then(seen);
}

/// A place that a platform can be told; `None` for one that is no path within a repository.
fn seen(seen: Seen) -> Option<Seen> {
    let inside = seen.path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    let fits = inside && seen.path.chars().nth(PATH).is_none();
    let line = seen.line.max(1);
    fits.then(|| Seen { line, end_line: seen.end_line.max(line), ..seen })
}

fn cut(words: &mut String, limit: usize) {
    if words.len() > limit && words.chars().nth(limit).is_some() {
        *words = clip(words, limit);
    }
}

fn name(words: &mut String) {
    cut(words, NAME);
}

fn path(words: &mut String) {
    cut(words, PATH);
}

fn text(words: &mut String) {
    cut(words, TEXT);
}
