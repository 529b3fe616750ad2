//! Judgements of the built-in checks: what is wrong with files, and with policies switched off.

use super::Corpus;
use super::load::Broken;
use crate::config::{Config, Off};
use crate::document::NOTES;
use crate::facts::ReadError;
use crate::finding::{BUILTIN, Judgement, Outcome, Spot, Standing, Subject, builtin, fingerprint};
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
        validation: validation.map(str::to_owned),
        message: String::new(),
        remedy: None,
        places: Vec::new(),
        evidence: Vec::new(),
        history: Vec::new(),
        fingerprint: fingerprint(rule, subject, validation, item),
        folded: false,
        standing: Standing::New,
        counts: true,
        caused_at: None,
    }
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
