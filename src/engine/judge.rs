//! All policies on all their subjects.

use super::Corpus;
use super::cel::{Lendable, TreeRef, View};
use super::compile::Compiled;
use super::evaluate::{Judge, Target};
use super::meter::Meter;
use super::soa::Exclusions;
use super::surroundings;
use crate::facts::Globs;
use crate::finding::Judgement;
use crate::policy::{AppliesTo, Severity};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// A policy with what the project's configuration makes of it.
pub struct Prepared {
    /// The policy and its programs.
    pub compiled: Arc<Compiled>,
    /// Its position in the report's rules.
    pub rule: usize,
    /// The severity of its findings.
    pub severity: Severity,
    /// The values of its parameters, as a map.
    pub params: Box<dyn Lendable>,
    /// Where its steps are counted, if anybody asks.
    pub meter: Option<Arc<Meter>>,
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
    let one = |policy: &Prepared, target: Target| {
        let path = Arc::clone(&target.subject.path);
        surroundings::within(corpus, &path, || Judge::new(corpus, policy, exclusions, target).outcomes())
    };
    let mut by_kind: HashMap<&str, Vec<&Prepared>> = HashMap::new();
    let mut of_files: Vec<(&Prepared, Target)> = Vec::new();
    for policy in policies {
        let met = match &policy.compiled.policy.applies_to {
            AppliesTo::Kind(kind) => {
                by_kind.entry(kind).or_default().push(policy);
                corpus.of_kind(kind).any(|index| index < corpus.judged().len())
            }
            AppliesTo::Files(patterns) => {
                let before = of_files.len();
                of_files.extend(files(corpus, patterns).map(|target| (*policy, target)));
                of_files.len() > before
            }
        };
        if !met {
            judged.met_nothing.push(policy.rule);
        }
    }
    // Document by document: what one policy has looked at is there for the next.
    let one = &one;
    let of_document = |index: usize| {
        let policies = by_kind.get(&*corpus.judged()[index].kind.id).map_or(&[][..], Vec::as_slice);
        let view = corpus.view(index);
        policies.iter().flat_map(move |policy| {
            let (subject, view) = (corpus.subject(index), view.clone());
            one(policy, Target { subject, view, document: Some(index), unread: None })
        })
    };
    judged.judgements.par_extend((0..corpus.judged().len()).into_par_iter().flat_map_iter(of_document));
    judged.judgements.par_extend(of_files.into_par_iter().flat_map_iter(|(policy, target)| one(policy, target)));
}

/// The records of the files that a policy asks for by path.
fn files(corpus: &Corpus, patterns: &[String]) -> impl Iterator<Item = Target> {
    // Patterns are checked when policies are loaded.
    let globs = Globs::new(patterns).unwrap_or_else(|_| Globs::none());
    let matching = corpus.files().iter().filter(move |(tree, _)| globs.matches(corpus.tree(*tree).file().path()));
    matching.flat_map(|(index, why)| corpus.tree(*index).roots().iter().map(move |root| (*index, *root, why))).map(
        |(index, root, why)| Target {
            subject: corpus.file_subject(index, root),
            view: View::new(TreeRef { tree: Arc::clone(corpus.tree(index)), index }, root),
            document: corpus.document_at(index, root),
            unread: why.clone(),
        },
    )
}
