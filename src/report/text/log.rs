//! The life of a document for people: what it is, what there was in numbers, then each change.

use super::page::{Page, shown};
use crate::document::compare::FieldChange;
use crate::engine::life::{Chronicle, Difference, Life, LifeChange, Who};
use crate::facts::Day;
use crate::history::Gap;
use crate::report::{Options, words::count};
use crate::source::clip;
use owo_colors::{OwoColorize, Style};
use std::collections::BTreeSet;
use std::io;

/// Fields of a change that are shown without `--all`.
const FIELDS: usize = 6;

/// Characters of a value that are shown without `--all`.
const VALUE: usize = 60;

/// Trailers that say who else stands behind a change.
const TRAILERS: [&str; 5] = ["Acked-by", "Approved-by", "Co-authored-by", "Reviewed-by", "Signed-off-by"];

/// Trailers of a change that are shown without `--all`.
const NAMED: usize = 6;

/// How far to trust what is shown.
const TRUST: &str = "Names, days, subjects and trailers are what the commits claim, and signatures are not verified. \
                     Which commits there are, their order and what they changed are facts.";

/// Writes the lives of all records.
pub fn write(chronicle: &Chronicle, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let page = &mut Page::new(out, options);
    for (number, life) in chronicle.lives.iter().enumerate() {
        head(page, life)?;
        if number == 0 {
            page.paragraph(0, "", page.styles.dim, TRUST)?;
        }
        page.blank()?;
        for change in &life.changes {
            one(page, change, chronicle.all)?;
        }
        if let Some(gap) = &life.gap {
            page.paragraph(0, "older changes are not known: ", page.styles.warning, &gap.to_string())?;
            page.blank()?;
        }
    }
    remedies(page, chronicle)?;
    if chronicle.uncommitted == Some(true) {
        let path = &chronicle.path;
        let text = format!("`{path}` has changes that are not committed; they are not shown here.");
        page.paragraph(0, "", Style::new(), &text)?;
    }
    Ok(())
}

/// What helps to know more, each once.
fn remedies(page: &mut Page, chronicle: &Chronicle) -> io::Result<()> {
    let mut said = BTreeSet::new();
    for life in &chronicle.lives {
        said.extend(life.gap.as_ref().map(Gap::help));
        for change in &life.changes {
            said.extend(change.difference.as_ref().err().map(|unseen| &*unseen.help));
            said.extend(change.landed.as_ref().err().map(Gap::help));
        }
    }
    said.remove("");
    for help in &said {
        page.paragraph(0, "do    ", page.styles.heading, help)?;
    }
    if said.is_empty() { Ok(()) } else { page.blank() }
}

fn head(page: &mut Page, life: &Life) -> io::Result<()> {
    let subject = &life.subject;
    page.heading(&match (&*subject.kind, &*subject.id) {
        ("file", _) => shown(&format!("{}: a file of no known kind", subject.path)),
        (kind, id) => shown(&format!("{}: {kind} `{id}`", subject.path)),
    })?;
    numbers(life).iter().try_for_each(|line| page.paragraph(0, "", Style::new(), line))
}

/// What there was, in numbers and days.
fn numbers(life: &Life) -> Vec<String> {
    let Some(last) = life.changes.first() else { return vec!["no change of it is in this clone".to_owned()] };
    let mut changes = count(life.changes.len(), "change", "changes");
    if life.gap.is_some() {
        changes += " in this clone";
    }
    let people = match life.people() {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let of_substance = match life.substantive() {
        Some(n) => format!("{n} of substance"),
        None => "not known how many of substance".to_owned(),
    };
    let known = |change: Option<&LifeChange>| change.map_or("not known".to_owned(), committed);
    let (first, of_substance_on) = (known(life.first()), known(life.last_substantive()));
    vec![
        format!("{changes} by {people}, {of_substance}"),
        format!("first {first}, last {}, last of substance {of_substance_on}", committed(last)),
    ]
}

fn committed(change: &LifeChange) -> String {
    day(change.commit.committer.time)
}

fn day(seconds: i64) -> String {
    Day::from_seconds(seconds).map_or_else(|| "on no day".to_owned(), |day| day.to_string())
}

/// A name with what annexa.yaml knows of it.
fn name(who: &Who) -> String {
    let name = who.known_as.as_ref().unwrap_or(&who.name);
    let role = if who.role.is_empty() || who.role == *name { String::new() } else { format!(", {}", who.role) };
    let name = if name.is_empty() { "somebody without a name" } else { name };
    clip(&format!("{name}{role} <{}>", who.email), 160)
}

fn one(page: &mut Page, change: &LifeChange, all: bool) -> io::Result<()> {
    let commit = &change.commit;
    let (id, on) = (commit.id.short(), committed(change));
    if page.options.plain {
        page.line(format_args!("change {id} on {on} by {}", shown(&name(&change.author))))?;
    } else {
        page.line(format_args!("{}  {on}  {}", id.style(page.styles.link), shown(&name(&change.author))))?;
    }
    let subject = commit.subject();
    fact(page, "", if subject.is_empty() { "(no subject)" } else { subject })?;
    match &change.difference {
        Ok(difference) => substance(page, change, difference, all)?,
        Err(unseen) => page.paragraph(2, "what it changed is not known: ", page.styles.warning, &unseen.why)?,
    }
    if let Some(was) = &change.was {
        fact(page, "was ", &format!("`{was}`"))?;
    }
    if day(commit.author.time) != on {
        fact(page, "written on ", &day(commit.author.time))?;
    }
    match &change.landed {
        Ok(None) => {}
        Ok(Some((by, who))) => {
            let text = format!("{} on {}, by {}", by.id.short(), day(by.committer.time), name(who));
            fact(page, "came to the main line with ", &text)?;
        }
        Err(gap) => fact(page, "when it came to the main line is not known: ", &gap.to_string())?,
    }
    let mut trailers = commit.trailers();
    trailers.retain(|(key, _)| TRAILERS.iter().any(|known| known.eq_ignore_ascii_case(key)));
    let limit = if all { usize::MAX } else { NAMED };
    for (key, value) in trailers.iter().take(limit) {
        fact(page, "", &clip(&format!("{key}: {value}"), 160))?;
    }
    more(page, trailers.len(), limit, "trailer")?;
    if commit.signed {
        fact(page, "", "signed")?;
    }
    page.blank()
}

fn substance(page: &mut Page, change: &LifeChange, difference: &Difference, all: bool) -> io::Result<()> {
    let fields = &difference.fields;
    let word = match (change.added, difference.substantive) {
        (true, _) => "added",
        (_, true) => "of substance",
        (_, false) if change.was.is_some() && fields.is_empty() => "renamed, nothing else",
        (_, false) if fields.is_empty() => "nothing of it changed but white space, order or comments",
        (_, false) => "not of substance: only what does not count changed",
    };
    let style = if difference.substantive { page.styles.heading } else { page.styles.dim };
    if page.options.plain {
        page.line(word)?;
    } else {
        page.line(format_args!("  {}", word.style(style)))?;
    }
    let limit = if all { usize::MAX } else { FIELDS };
    for field in fields.iter().take(limit) {
        let text = told(field, all);
        let left_out = if field.substantive || !difference.substantive { "" } else { "  (does not count)" };
        page.paragraph(4, "", Style::new(), &format!("{text}{left_out}"))?;
    }
    more(page, fields.len(), limit, "field")
}

/// `next_review: 2026-03-01 -> 2026-12-01`.
fn told(field: &FieldChange, all: bool) -> String {
    let path = if field.path.is_empty() { "the whole" } else { &field.path };
    // Of long texts the part where they begin to differ.
    let start = match (&field.before, &field.after) {
        (Some(before), Some(after)) if !all => {
            before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count().saturating_sub(VALUE / 3)
        }
        _ => 0,
    };
    let side = |side: &Option<String>| match side {
        None => "nothing".to_owned(),
        Some(text) if text.is_empty() => "\"\"".to_owned(),
        Some(text) if all || text.chars().count() <= VALUE => text.clone(),
        Some(text) => {
            let part: String = text.chars().skip(start).collect();
            format!("{}{}", if start == 0 { "" } else { "…" }, clip(&part, VALUE))
        }
    };
    match &field.before {
        None => format!("{path}: {}", side(&field.after)),
        Some(_) => format!("{path}: {} -> {}", side(&field.before), side(&field.after)),
    }
}

fn more(page: &mut Page, all: usize, limit: usize, what: &str) -> io::Result<()> {
    if all <= limit {
        return Ok(());
    }
    let more = count(all - limit, &format!("more {what}"), &format!("more {what}s"));
    page.paragraph(4, "", page.styles.dim, &format!("and {more}; `--all` shows every one"))
}

fn fact(page: &mut Page, lead: &str, text: &str) -> io::Result<()> {
    page.paragraph(2, lead, page.styles.dim, text)
}
