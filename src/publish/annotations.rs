//! Findings as annotations, heaviest first and within what a platform shows.

use super::step::{Annotation, Level};
use crate::policy::Severity;
use crate::report::Brief;
use crate::report::brief::{At, Found};
use crate::source::clip;

/// Annotations of one level that a workflow's log shows; what is more is dropped without a word.
pub const PER_LEVEL: usize = 10;

/// Characters that a runner keeps of a message, of which clipping takes one.
const MESSAGE: usize = 4_096 - 1;

/// Characters of a title.
const TITLE: usize = 250;

/// All findings as annotations: the heaviest first, then those that count, then by their order. What
/// could not be judged comes last, one for each cause.
pub(super) fn all(brief: &Brief) -> Vec<Annotation> {
    let mut findings: Vec<&Found> = brief.findings.iter().collect();
    findings.sort_by_key(|found| (found.severity, !found.counts));
    let findings = findings.into_iter().map(|found| annotation(brief, found, message(found)));
    let causes = brief.causes();
    let unknown = causes.iter().map(|cause| {
        let rest = match cause.found.len() {
            1 => String::new(),
            all => format!(" {} judgements rest on it.", all),
        };
        let text = format!("Could not be judged: {}.{rest}{}", full_stop(cause.message), next(cause.remedy));
        annotation(brief, cause.found[0], text)
    });
    findings.chain(unknown).collect()
}

/// Those that fit, and for each level that has more one that says how many there are.
pub(super) fn for_the_log(all: &[Annotation]) -> Vec<Annotation> {
    let mut shown = Vec::new();
    for level in [Level::Error, Level::Warning, Level::Notice] {
        let of_level: Vec<&Annotation> = all.iter().filter(|annotation| annotation.level == level).collect();
        let fits = if of_level.len() > PER_LEVEL { PER_LEVEL - 1 } else { of_level.len() };
        shown.extend(of_level[..fits].iter().map(|annotation| (*annotation).clone()));
        if fits < of_level.len() {
            shown.push(Annotation {
                level,
                path: None,
                lines: None,
                columns: None,
                title: "annexa".to_owned(),
                message: format!("{} more of this level are in the job summary.", of_level.len() - fits),
            });
        }
    }
    shown
}

fn annotation(brief: &Brief, found: &Found, message: String) -> Annotation {
    let level = match found.severity {
        // What does not count blocks nothing, and must not look as if it did.
        _ if !found.counts => Level::Notice,
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Notice,
    };
    let title = clip(&found.rule.title, TITLE - 1);
    let message = clip(&message, MESSAGE);
    let place = place(brief, found);
    let (path, lines, columns) =
        place.map_or((None, None, None), |(path, lines, columns)| (Some(path), Some(lines), columns));
    Annotation { level, path, lines, columns, title, message }
}

type Place = (String, (u32, u32), Option<(u32, u32)>);

/// Where it stands in the version that reviewers see, else where the change caused it, else where it is.
fn place(brief: &Brief, found: &Found) -> Option<Place> {
    let here = |at: &&At| at.commit.is_none();
    if let Some(at) = found.places.iter().filter(here).find(|at| at.seen.is_some()) {
        let seen = at.seen.as_ref()?;
        let place = at.place;
        let one_line = seen.line == seen.end_line && place.line == place.end_line;
        let columns = one_line.then_some((place.column, place.end_column));
        return Some((seen.path.clone(), (seen.line, seen.end_line), columns));
    }
    if let Some(seen) = &found.caused_at {
        return Some((seen.path.clone(), (seen.line, seen.end_line), None));
    }
    let at = found.places.iter().find(here)?;
    let place = at.place;
    let columns = (place.line == place.end_line).then_some((place.column, place.end_column));
    Some((brief.whole(&at.path), (place.line, place.end_line), columns))
}

fn message(found: &Found) -> String {
    let before = if found.counts { "" } else { " It does not count here." };
    let why = if found.rule.why.is_empty() { String::new() } else { format!(" Why it matters: {}", found.rule.why) };
    format!("{}.{before}{why}{} ({})", full_stop(&found.message), next(found.what_to_do()), found.rule.id)
}

fn next(remedy: &str) -> String {
    if remedy.is_empty() { String::new() } else { format!(" What to do: {remedy}") }
}

/// The words without a full stop at their end.
fn full_stop(words: &str) -> &str {
    words.trim_end().trim_end_matches('.')
}
