//! All policies on all their subjects.

use super::Corpus;
use super::cel::{Lendable, TreeRef, View};
use super::compile::Compiled;
use super::evaluate::{Judge, Target};
use super::soa::Exclusions;
use super::surroundings;
use crate::facts::Globs;
use crate::finding::Judgement;
use crate::policy::{AppliesTo, Severity};
use rayon::prelude::*;
use std::sync::Arc;

/// A policy with what the project's configuration makes of it.
pub struct Prepared {
    /// The policy and its programs.
    pub compiled: Compiled,
    /// Its position in the report's rules.
    pub rule: usize,
    /// The severity of its findings.
    pub severity: Severity,
    /// The values of its parameters, as a map.
    pub params: Box<dyn Lendable>,
}

/// What came out of a run.
#[derive(Default)]
pub struct Judged {
    /// Every outcome, in no particular order.
    pub judgements: Vec<Judgement>,
    /// Positions in the report's rules of policies that met no subject.
    pub met_nothing: Vec<usize>,
}

/// Judges every subject of every policy. Policies that contradict the Statement of Applicability run
/// first, since the others ask it what applies.
pub fn judge(corpus: &Arc<Corpus>, policies: &[Prepared]) -> Judged {
    let mut judged = Judged::default();
    let (first, then): (Vec<_>, Vec<_>) = policies.iter().partition(|p| p.compiled.policy.contradicts_soa);
    run(corpus, &first, &Exclusions::default(), &mut judged);
    let exclusions = Exclusions::read(corpus, &judged.judgements);
    run(corpus, &then, &exclusions, &mut judged);
    judged
}

fn run(corpus: &Arc<Corpus>, policies: &[&Prepared], exclusions: &Exclusions, judged: &mut Judged) {
    let mut work = Vec::new();
    for policy in policies {
        let targets = targets(corpus, &policy.compiled.policy.applies_to);
        if targets.is_empty() {
            judged.met_nothing.push(policy.rule);
        }
        work.extend(targets.into_iter().map(|target| (*policy, target)));
    }
    let found: Vec<Vec<Judgement>> = work
        .into_par_iter()
        .map(|(policy, target)| {
            let path = target.subject.path.to_string();
            surroundings::within(corpus, &path, || Judge::new(corpus, policy, exclusions, target).outcomes())
        })
        .collect();
    judged.judgements.extend(found.into_iter().flatten());
}

fn targets(corpus: &Corpus, applies_to: &AppliesTo) -> Vec<Target> {
    match applies_to {
        AppliesTo::Kind(kind) => corpus
            .of_kind(kind)
            .filter(|index| *index < corpus.judged().len())
            .map(|index| Target {
                subject: corpus.subject(index),
                view: corpus.view(index),
                document: Some(index),
                unread: None,
            })
            .collect(),
        AppliesTo::Files(patterns) => {
            // Patterns are checked when policies are loaded.
            let Ok(globs) = Globs::new(patterns) else { return Vec::new() };
            let matching = corpus.files().iter().filter(|(tree, _)| globs.matches(corpus.tree(*tree).file().path()));
            matching
                .flat_map(|(index, why)| corpus.tree(*index).roots().iter().map(move |root| (*index, *root, why)))
                .map(|(index, root, why)| Target {
                    subject: corpus.file_subject(index, root),
                    view: View::new(TreeRef { tree: Arc::clone(corpus.tree(index)), index }, root),
                    document: corpus.document_at(index, root),
                    unread: why.clone(),
                })
                .collect()
        }
    }
}
