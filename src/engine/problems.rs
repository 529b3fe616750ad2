//! Judgements of the built-in checks: what is wrong with files, and with policies switched off.

use super::Corpus;
use super::load::Broken;
use super::setup::Faulty;
use crate::config::{Config, Off};
use crate::document::NOTES;
use crate::facts::{Change, FileStatus, ReadError};
use crate::finding::{BUILTIN, Grade, Judgement, Outcome, RuleChange, Spot, Standing, Subject, builtin, fingerprint};
use crate::policy::Severity;
use crate::source::SourceFile;
use crate::value::Problem;
use std::collections::HashSet;
use std::sync::Arc;

/// What is wrong with files and with the shape of documents, and a pass for each document that is
/// in order.
pub fn of_files(
    corpus: &Corpus,
    broken: &[Broken],
    denied: &[(String, Option<Arc<str>>, ReadError)],
) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for Broken { file, kind, problems } in broken {
        let path: Arc<str> = file.path().into();
        let subject = Subject { kind: kind.clone().unwrap_or_else(|| "file".into()), id: Arc::clone(&path), path };
        judgements.extend(grouped(problems).iter().map(|p| of_problem("document-is-readable", &subject, file, p)));
    }
    for (path, kind, error) in denied {
        let path: Arc<str> = path.as_str().into();
        let subject = Subject { kind: kind.clone().unwrap_or_else(|| "file".into()), id: Arc::clone(&path), path };
        let mut judgement = blank("document-is-readable", &subject, Outcome::Unknown, Some("unreadable"), None);
        judgement.message = match error {
            // One cause, however many files it concerns.
            ReadError::NotFetched(_) => error.to_string(),
            _ => format!("`{}`: {error}", subject.path),
        };
        judgement.remedy = Some(error.remedy());
        judgements.push(judgement);
    }
    let faulty: HashSet<&str> = broken.iter().map(|b| b.file.path()).collect();
    for (index, document) in corpus.judged().iter().enumerate() {
        let subject = corpus.subject(index);
        let file = document.tree.file();
        if !faulty.contains(file.path()) {
            judgements.push(blank("document-is-readable", &subject, Outcome::Pass, None, None));
        }
        if document.problems.is_empty() {
            judgements.push(blank("document-has-its-shape", &subject, Outcome::Pass, None, None));
        }
        judgements.extend(document.problems.iter().map(|p| of_problem("document-has-its-shape", &subject, file, p)));
    }
    judgements
}

/// One cause, such as an unfilled template, gives many problems of one class: they are one finding
/// with many places. Those that name an item are findings of their own.
fn grouped(problems: &[Problem]) -> Vec<Problem> {
    let mut groups: Vec<Problem> = Vec::new();
    for problem in problems {
        let same = groups.iter_mut().find(|g| g.code == problem.code && g.item.is_empty() && problem.item.is_empty());
        match same {
            Some(group) => group.related.push(problem.at.clone()),
            None => groups.push(problem.clone()),
        }
    }
    groups
}

fn of_problem(rule: &str, subject: &Subject, file: &Arc<SourceFile>, problem: &Problem) -> Judgement {
    let item = Some(problem.item.as_str()).filter(|i| !i.is_empty());
    let mut judgement = blank(rule, subject, Outcome::Fail, Some(problem.code), item);
    if NOTES.contains(&problem.code) {
        judgement.severity = Severity::Note;
    }
    judgement.message.clone_from(&problem.message);
    judgement.remedy = Some(problem.help.clone());
    judgement.places.push(Spot::labelled(file, problem.at.span, &problem.at.text));
    judgement.places.extend(problem.related.iter().map(|l| Spot::labelled(file, l.span, &l.text)));
    judgement
}

fn blank(rule: &str, subject: &Subject, outcome: Outcome, validation: Option<&str>, item: Option<&str>) -> Judgement {
    let index = builtin(rule);
    Judgement {
        rule: index,
        subject: subject.clone(),
        item: item.map(str::to_owned),
        outcome,
        severity: BUILTIN[index].severity(),
        system: None,
        grade: Grade::default(),
        validation: validation.map(str::to_owned),
        message: String::new(),
        remedy: None,
        places: Vec::new(),
        evidence: Vec::new(),
        history: Vec::new(),
        asked: Vec::new(),
        fingerprint: fingerprint(rule, subject, validation, item),
        folded: false,
        standing: Standing::New,
        counts: true,
        caused_at: None,
    }
}

/// Records of the base version that are gone: the record, by its kind and id; one without an id by its path.
pub fn of_removed(corpus: &Corpus, change: &Change) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for gone in corpus.removed() {
        if gone.id.is_none() && moved(corpus, change, gone.file.path(), &gone.kind.id) {
            continue;
        }
        let path: Arc<str> = gone.file.path().into();
        let id: Arc<str> = gone.id.as_deref().map_or_else(|| Arc::clone(&path), Into::into);
        let subject = Subject { kind: Arc::clone(&gone.kind.id), id, path };
        let mut judgement = blank("document-stays", &subject, Outcome::Fail, Some("gone"), None);
        let (name, title) = (&subject.id, gone.kind.title.to_lowercase());
        let still = corpus.snapshot().exists(gone.file.path());
        judgement.message = match change.file(gone.file.path()).map(|file| &file.status) {
            _ if still => format!("`{name}` was a record ({title}) and is no longer recognised as one"),
            _ => format!("`{name}` ({title}) is gone with this change"),
        };
        judgement.places.push(Spot::labelled(&gone.file, gone.head, "as it was"));
        judgements.push(judgement);
    }
    judgements
}

/// Whether the file at `path` is a record of the same kind at another path now.
fn moved(corpus: &Corpus, change: &Change, path: &str, kind: &str) -> bool {
    let from = change.whole(path);
    let to = change.files.iter().filter(|(_, file)| file.status == FileStatus::Renamed(from.clone()));
    let to: HashSet<&String> = to.map(|(path, _)| path).collect();
    let here = |document: &crate::document::Document| change.whole(document.tree.file().path());
    !to.is_empty() && corpus.judged().iter().any(|d| &*d.kind.id == kind && to.contains(&here(d)))
}

/// One finding for everything that a change loosens or edits in what judges; new policies alone are none.
pub fn of_rule_changes(changes: &[RuleChange]) -> Option<Judgement> {
    let told: Vec<&RuleChange> = changes.iter().filter(|change| change.weakens || change.text == "is edited").collect();
    if told.is_empty() {
        return None;
    }
    let path: Arc<str> = crate::config::FILE_NAME.into();
    let subject = Subject { kind: "configuration".into(), id: Arc::clone(&path), path };
    let mut judgement = blank("rules-stay-in-force", &subject, Outcome::Fail, Some("changed"), None);
    judgement.message = format!("This change {}; it is judged by the rules as they were", summary(changes));
    judgement.places = told
        .iter()
        .filter_map(|change| Some(Spot { label: format!("{} {}", change.name, change.text), ..change.place.clone()? }))
        .collect();
    Some(judgement)
}

/// What a change does to what judges, in a few words: `weakens 2 policies and adds 1 waiver`.
pub fn summary(changes: &[RuleChange]) -> String {
    let count = |wanted: &dyn Fn(&RuleChange) -> bool| {
        let names: HashSet<&str> = changes.iter().filter(|c| wanted(c)).map(|c| c.name.as_str()).collect();
        names.len()
    };
    let many = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let weakened = count(&|c| c.about == "policy" && c.weakens);
    let edited = count(&|c| c.about == "policy" && c.text == "is edited");
    let waived = changes.iter().filter(|c| c.about == "waiver" && c.weakens).count();
    let other = changes.iter().filter(|c| !matches!(c.about, "policy" | "waiver") && c.weakens).count();
    let mut said = Vec::new();
    if weakened > 0 {
        said.push(format!("weakens {}", many(weakened, "policy", "policies")));
    }
    if edited > 0 {
        said.push(format!("edits {}", many(edited, "policy", "policies")));
    }
    if waived > 0 {
        said.push(format!("adds or extends {}", many(waived, "waiver", "waivers")));
    }
    if other > 0 {
        said.push(format!("narrows what is looked at in {}", many(other, "place", "places")));
    }
    match said.as_slice() {
        [] => "alters nothing that judges".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What is wrong with the set-up that a change brings.
pub fn of_set_up(faulty: &[Faulty]) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    for Faulty { file, problems } in faulty {
        let path: Arc<str> = file.path().into();
        let subject = Subject { kind: "configuration".into(), id: Arc::clone(&path), path };
        judgements.extend(grouped(problems).iter().map(|p| of_problem("set-up-stays-valid", &subject, file, p)));
    }
    judgements
}

/// A policy whose time of being off is over: it runs again, and somebody should know why.
pub fn off_is_past(config: &Config, policy: &str, off: &Off) -> Judgement {
    let path: Arc<str> = crate::config::FILE_NAME.into();
    let subject = Subject { kind: "configuration".into(), id: Arc::clone(&path), path };
    let mut judgement = blank("switched-off-policy-is-in-force", &subject, Outcome::Fail, Some("past"), Some(policy));
    judgement.message = format!("`{policy}` was switched off for a time that is over, so it runs again");
    if let Some(tree) = &config.tree {
        let at = tree.get(off.node, "until").unwrap_or(off.node);
        judgement.places.push(Spot::new(tree.file(), tree.node(at).span));
    }
    judgement
}
