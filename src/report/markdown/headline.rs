//! The verdict as one sentence, in our own words alone, so that it can be a title.

use crate::finding::Verdict;
use crate::report::Brief;
use crate::report::brief::RuleAltered;
use crate::report::words::count;

/// What the run came to, in one sentence without a full stop.
pub fn headline(brief: &Brief) -> String {
    let what = if brief.comparison.is_some() { "this change" } else { "this run" };
    let verb = |one: &'static str, many: &'static str| if brief.blocking == 1 { one } else { many };
    let blocking = format!("{} {}", count(brief.blocking, "finding", "findings"), verb("blocks", "block"));
    let shown = brief.shown().count();
    if brief.preview().is_some() {
        let found = if shown == 0 { "no findings".to_owned() } else { count(shown, "finding", "findings") };
        return format!("Preview, which blocks nothing: {found}");
    }
    match brief.verdict {
        Verdict::Findings if brief.comparison.is_none() => {
            format!("{} to mend", count(brief.blocking, "finding", "findings"))
        }
        Verdict::Findings => format!("{blocking} {what}"),
        Verdict::Incomplete => {
            let open = count(brief.open, "judgement", "judgements");
            let besides = if brief.blocking > 0 { format!(", and {blocking} {what}") } else { String::new() };
            format!("{open} could not be made, so {what} cannot be cleared yet{besides}")
        }
        Verdict::Empty => "There was nothing to check".to_owned(),
        Verdict::Clear if shown == 0 && brief.comparison.is_some() => "No new findings".to_owned(),
        Verdict::Clear if shown == 0 => "No findings".to_owned(),
        Verdict::Clear => {
            let (verb, look) = if shown == 1 { ("is", "a look") } else { ("are", "a look") };
            format!("Nothing blocks {what}; {} {verb} worth {look}", count(shown, "finding", "findings"))
        }
    }
}

/// What the change does to the rules, in one sentence without a full stop; `None` where it does nothing.
pub fn rules_headline(brief: &Brief) -> Option<String> {
    let changes = &brief.comparison.as_ref()?.rule_changes;
    if changes.is_empty() {
        return None;
    }
    let number = |about: &str| changes.iter().filter(|change| change.weakens && change.about == about).count();
    let mut said = Vec::new();
    // What is weakened, one part for each kind; the rest in one word.
    let rows = [
        ("policy", "weakens", "policy", "policies"),
        ("waiver", "adds or extends", "waiver", "waivers"),
        ("exclude", "leaves out files by", "pattern", "patterns"),
        ("kinds", "weakens", "kind of record", "kinds of records"),
        ("configuration", "loosens", "setting", "settings"),
    ];
    for (about, verb, one, many) in rows {
        match number(about) {
            0 => {}
            n => said.push(format!("{verb} {}", count(n, one, many))),
        }
    }
    let others = changes.iter().filter(|change| !change.weakens).count();
    if others > 0 {
        let rest = if said.is_empty() { ("rule", "rules") } else { ("other rule", "other rules") };
        said.push(format!("changes {}", count(others, rest.0, rest.1)));
    }
    let said = match said.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => said.join(""),
    };
    Some(format!("This pull request {said}"))
}

/// What the change of a rule is about, for people.
pub(super) fn about(change: &RuleAltered) -> &'static str {
    match change.about {
        "policy" => "policy",
        "waiver" => "waiver",
        "exclude" => "files that are left out",
        "kinds" => "kind of record",
        _ => "configuration",
    }
}
