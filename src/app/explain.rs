//! `annexa explain`: a policy, a control or a clause in words.

use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use crate::catalogue::{self, Clause, Control};
use crate::cli::ExplainArgs;
use crate::document::{closest, did_you_mean};
use crate::finding::BUILTIN;
use crate::policy::{AppliesTo, Policy, Rule};
use crate::source::plain;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Runs the command.
pub fn run(args: &ExplainArgs, console: &mut Console) -> Result<u8, Failure> {
    let project = Project::open(&args.path)?;
    let policies = &project.setup.policies;
    let id = args.id.as_str();
    if let Some(policy) = policies.iter().find(|p| p.id() == id) {
        rule(console, &policy.rule)?;
        scope(console, policy)?;
    } else if let Some(check) = BUILTIN.iter().find(|b| b.id == id) {
        rule(console, &check.rule())?;
    } else if let Some(control) = catalogue::control(id) {
        explain_control(console, control, policies)?;
    } else if let Some(clause) = catalogue::clause(id) {
        explain_clause(console, clause, policies)?;
    } else {
        return Err(unknown(id, policies));
    }
    console.flush()?;
    Ok(0)
}

fn unknown(id: &str, policies: &[Arc<Policy>]) -> Failure {
    let like_id = id.starts_with(['A', 'a', 'B', 'b']) && id.contains(|c: char| c.is_ascii_digit());
    if like_id || id.starts_with(|c: char| c.is_ascii_digit()) {
        let wrong = if like_id { catalogue::check_control(id).err() } else { catalogue::check_clause(id).err() };
        if let Some(wrong) = wrong {
            return Failure::usage(wrong.message(id), wrong.help());
        }
    }
    let help = did_you_mean(
        closest(id, policies.iter().map(|p| p.id())),
        "`annexa list` shows the policies, `annexa list controls` the controls and clauses.",
    );
    Failure::usage(format_args!("nothing is called `{id}`"), help)
}

fn part(console: &mut Console, title: &str, text: &str) -> Result<(), Failure> {
    if text.trim().is_empty() {
        return Ok(());
    }
    console.blank()?;
    console.heading(title)?;
    for line in text.trim().lines() {
        console.line(format_args!("  {}", plain(line)))?;
    }
    Ok(())
}

fn rule(console: &mut Console, rule: &Rule) -> Result<(), Failure> {
    console.heading(&rule.id)?;
    console.line(plain(&rule.title))?;
    part(console, "Why it matters", &rule.why)?;
    part(console, "What to do", &rule.remedy)?;
    part(console, "What a pass shows", &rule.shows)?;
    part(console, "What it does not show", &rule.does_not_show)?;
    let who = rule.who_acts.words();
    let facts =
        format!("severity: {}\nbasis: {}\nacts: {who}\nfrom: {}", rule.severity.name(), rule.basis.name(), rule.origin);
    part(console, "Facts", &facts)?;
    let controls = rule.controls.iter().map(|id| match catalogue::control(id) {
        Some(control) => format!("{id} {}", control.title),
        None => id.clone(),
    });
    let clauses = rule.clauses.iter().map(|id| match catalogue::clause(id) {
        Some(clause) => format!("clause {id} {}", clause.subject),
        None => format!("clause {id}"),
    });
    part(console, "Maps to ISO/IEC 42001:2023", &controls.chain(clauses).collect::<Vec<_>>().join("\n"))
}

fn scope(console: &mut Console, policy: &Policy) -> Result<(), Failure> {
    let mut lines = vec![match &policy.applies_to {
        AppliesTo::Kind(kind) => format!("every {kind}"),
        AppliesTo::Files(globs) => format!("files: {}", globs.join(" ")),
    }];
    lines.extend(policy.for_each.as_ref().map(|e| format!("each of: {}", e.text.trim())));
    lines.extend(policy.when.as_ref().map(|e| format!("when: {}", e.text.trim())));
    part(console, "Applies to", &lines.join("\n"))?;
    let params = policy.params.iter().map(|(name, node)| {
        format!("{name}: {}", policy.tree.scalar_text(*node).map_or("a list or a map".to_owned(), str::to_owned))
    });
    part(console, "Parameters (annexa.yaml can change them)", &params.collect::<Vec<_>>().join("\n"))?;
    let validations = policy.validations.iter().map(|v| format!("{}: {}", v.name, v.expression.text.trim()));
    part(console, "Checks, in order", &validations.collect::<Vec<_>>().join("\n"))?;
    if policy.contradicts_soa {
        part(
            console,
            "Note",
            "It runs first and cannot be switched off: the Statement of Applicability decides what else applies.",
        )?;
    }
    Ok(())
}

fn mapped(console: &mut Console, id: &str, policies: &[Arc<Policy>]) -> Result<(), Failure> {
    let maps = |p: &&Arc<Policy>| p.rule.controls.iter().chain(&p.rule.clauses).any(|c| c == id);
    let mut mapped: Vec<&Arc<Policy>> = policies.iter().filter(maps).collect();
    mapped.sort_by_key(|p| (p.rule.severity, p.id().to_owned()));
    if mapped.is_empty() {
        part(console, "Policies", "None: nothing here checks this.")?;
    } else {
        start(console, &mapped)?;
        let lines: Vec<_> =
            mapped.iter().map(|p| format!("{} ({}): {}", p.id(), p.rule.severity.name(), p.rule.title)).collect();
        part(console, "Policies", &lines.join("\n"))?;
        part(
            console,
            "More",
            "`annexa explain <policy>` says why a rule matters, what to do and what it does not show.",
        )?;
    }
    elsewhere(console, id)
}

/// The records that the policies look at, with the command that writes each.
fn start(console: &mut Console, mapped: &[&Arc<Policy>]) -> Result<(), Failure> {
    let kinds: BTreeSet<&str> = mapped
        .iter()
        .filter_map(|policy| match &policy.applies_to {
            AppliesTo::Kind(kind) => Some(kind.as_str()),
            AppliesTo::Files(_) => None,
        })
        .collect();
    let lines: Vec<String> = kinds
        .iter()
        .map(|kind| match *kind {
            "soa" => "soa: `annexa soa init`".to_owned(),
            kind => format!("{kind}: `annexa init {kind}`"),
        })
        .collect();
    part(console, "Records to begin with", &lines.join("\n"))
}

/// What other texts say about the same subject.
fn elsewhere(console: &mut Console, id: &str) -> Result<(), Failure> {
    let line = |row: &catalogue::Related| {
        let note = if row.note.is_empty() { String::new() } else { format!(" ({})", row.note) };
        format!("{} {}{note}: confidence {}, by {}", row.text, row.to, row.confidence.name(), row.source)
    };
    let lines: Vec<String> = catalogue::related(id).map(line).collect();
    part(console, "Related elsewhere (a pointer, never a result)", &lines.join("\n"))
}

fn explain_control(console: &mut Console, control: &Control, policies: &[Arc<Policy>]) -> Result<(), Failure> {
    console.heading(&format!("{} {}", control.id, control.title))?;
    console.line(control.meaning)?;
    if let Some(group) = catalogue::group(control.group) {
        part(console, "Group", &format!("{} {}: {}", group.id, group.title, group.purpose))?;
    }
    part(console, "What in a repository shows it", control.evidence)?;
    let how_far = match control.checkability {
        catalogue::Checkability::Mostly => {
            "In the main: whether the evidence is there and consistent. Never whether the control works."
        }
        catalogue::Checkability::Partly => {
            "Partly: whether a record is there, fresh and consistent. Whether it is good needs a person."
        }
        catalogue::Checkability::Attested => "Not: only a person can say so, with a date.",
    };
    part(console, "How far a tool can check it", how_far)?;
    mapped(console, control.id, policies)
}

fn explain_clause(console: &mut Console, clause: &Clause, policies: &[Arc<Policy>]) -> Result<(), Failure> {
    console.heading(&format!("Clause {} {}", clause.id, clause.subject))?;
    part(console, "Record", clause.record)?;
    mapped(console, clause.id, policies)
}
