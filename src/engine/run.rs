//! A run from files to a report: load, judge, waive, sum up. Pure: everything from outside comes in
//! with [`Input`].

use super::base::{Base, Unreachable};
use super::cel::Value;
use super::compile::Compiled;
use super::corpus::{CorpusBuilder, Unreadable};
use super::judge::{Judged, Prepared, judge};
use super::load::{Broken, Files, load, load_as};
use super::meter::Meter;
use super::setup::Setup;
use super::{Corpus, next_steps, problems};
use crate::document::Kinds;
use crate::facts::{Day, Globs, PullRequest, ReadError, Skipped, Snapshot};
use crate::finding::{BUILTIN, Report, Systems, waive};
use crate::history::Past;
use crate::policy::{AppliesTo, Policy, Severity};
use crate::source::SourceFile;
use crate::value::{Data, NodeId, Tree};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// Which policies take part.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Only these; all when empty.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

/// The organisation's checkout.
#[derive(Clone)]
pub struct Shared {
    /// Its files.
    pub snapshot: Arc<dyn Snapshot>,
    /// Its path as configured.
    pub path: String,
    /// Its commit, or a word that says there is none.
    pub commit: String,
}

/// Everything that a run depends on.
pub struct Input {
    /// The files.
    pub snapshot: Arc<dyn Snapshot>,
    /// Configuration, kinds and policies.
    pub setup: Setup,
    /// The day.
    pub today: Day,
    /// The git history.
    pub past: Past,
    /// The organisation's checkout.
    pub shared: Option<Shared>,
    /// The version that the files are compared with, or why it cannot be had.
    pub base: Option<Result<Base, Unreachable>>,
    /// The pull request that they are part of, or why it cannot be told.
    pub pull_request: Option<Result<PullRequest, Unreachable>>,
    /// Which policies take part.
    pub choice: Choice,
    /// Only what stands below this path is reported; everything is read.
    pub below: Option<String>,
}

/// The files of a run as documents, joined and ready to be judged, as often as somebody asks.
pub struct Reading {
    snapshot: Arc<dyn Snapshot>,
    setup: Setup,
    today: Day,
    choice: Choice,
    below: Option<String>,
    corpus: Arc<Corpus>,
    broken: Vec<Broken>,
    denied: Vec<(String, Option<Arc<str>>, ReadError)>,
    unrecognised: Vec<String>,
    skipped: Vec<Skipped>,
}

/// A policy made ready by [`Reading::judge`]'s caller.
pub struct Ready {
    /// Its programs.
    pub compiled: Arc<Compiled>,
    /// Where its steps are counted, if anybody asks.
    pub meter: Option<Arc<Meter>>,
}

/// Judges everything. Call it through [`super::deep`].
pub fn run(input: Input) -> Report {
    Reading::new(input).judge(&ready)
}

/// Whether a policy that takes part reads the variable `name`, so that it is worth finding out.
pub fn asks_for(setup: &Setup, choice: &Choice, name: &str) -> bool {
    let chosen = setup.policies.iter().filter(|policy| choice.takes(policy));
    chosen.into_iter().any(|policy| ready(policy).compiled.uses(name))
}

/// A policy made ready as a check needs it.
pub(super) fn ready(policy: &Arc<Policy>) -> Ready {
    match Compiled::new(policy) {
        Ok(compiled) => Ready { compiled: Arc::new(compiled), meter: None },
        // Own policies were compiled when they were loaded, and shipped ones are tested.
        Err(found) => unreachable!("{} compiled when it was loaded: {found:?}", policy.id()),
    }
}

impl Reading {
    /// Reads everything that policies can ask for.
    pub fn new(input: Input) -> Self {
        let Input { snapshot, setup, today, past, shared, base, pull_request, choice, below } = input;
        let asked = setup.policies.iter().filter(|p| p.contradicts_soa || choice.takes(p));
        let wanted = wanted(asked);
        let files = load(snapshot.as_ref(), &setup.kinds, &setup.recogniser, &setup.exclude, &wanted);
        let base = base.map(|base| base.map(|base| read_base(base, &setup, &wanted)));
        let mut unreadable = files.unreadable();
        let Files { documents, trees, broken, denied, unread, unrecognised, skipped } = files;
        let (shared_documents, organization) =
            shared.map(|s| read_shared(s, &setup, &mut unreadable)).unwrap_or_default();
        let corpus = CorpusBuilder {
            snapshot: Arc::clone(&snapshot),
            today,
            kinds: Arc::clone(&setup.kinds),
            documents,
            files: trees,
            unread,
            unreadable,
            shared: shared_documents,
            organization,
            base,
            pull_request,
            past,
            people: setup.config.people.clone(),
        }
        .build();
        Reading { snapshot, setup, today, choice, below, corpus, broken, denied, unrecognised, skipped }
    }

    /// The documents, joined.
    pub(super) fn corpus(&self) -> &Corpus {
        &self.corpus
    }

    /// The kinds of documents.
    pub fn kinds(&self) -> &Kinds {
        &self.setup.kinds
    }

    /// Judges with the policies of the set-up as `ready` makes them.
    pub fn judge(&self, ready: &dyn Fn(&Arc<Policy>) -> Ready) -> Report {
        let Reading { setup, today, choice, corpus, .. } = self;
        let today = *today;
        // What contradicts the Statement of Applicability is needed to know what applies, chosen or not.
        // Those not chosen come last, so that the report can end before them.
        let mut chosen: Vec<&Arc<Policy>> =
            setup.policies.iter().filter(|p| p.contradicts_soa || choice.takes(p)).collect();
        chosen.sort_by_key(|p| !choice.takes(p));
        let unasked = chosen.iter().filter(|p| !choice.takes(p)).count();
        let mut rules: Vec<_> = BUILTIN.iter().map(|b| b.rule()).collect();
        let mut off = Vec::new();
        let mut prepared = Vec::new();
        let mut met_nothing = Vec::new();
        let mut judgements = problems::of_files(corpus, &self.broken, &self.denied);
        for policy in chosen {
            let settings = setup.config.policy(policy.id());
            let mut rule = policy.rule.clone();
            rule.severity = severity(policy, setup, today);
            let index = rules.len();
            let severity = rule.severity;
            rules.push(rule);
            if let Some(switched_off) = settings.and_then(|s| s.off.as_ref()) {
                match switched_off.until {
                    Some(until) if today.midnight() > until => {
                        judgements.push(problems::off_is_past(&setup.config, policy.id(), switched_off));
                    }
                    _ => {
                        off.push((policy.id().to_owned(), switched_off.reason.clone()));
                        continue;
                    }
                }
            }
            if !has_subject(corpus, &policy.applies_to) {
                met_nothing.push(index);
                continue;
            }
            let Ready { compiled, meter } = ready(policy);
            let params = params(policy, setup).into_val();
            prepared.push(Prepared { compiled, rule: index, severity, params, meter });
        }
        let Judged { judgements: judged, met_nothing: none } = judge(corpus, &prepared);
        judgements.extend(judged);
        met_nothing.extend(none);
        rules.truncate(rules.len() - unasked);
        judgements.retain(|j| j.rule < rules.len());
        met_nothing.retain(|rule| *rule < rules.len());
        let whole = choice.only.is_empty() && choice.skip.is_empty() && self.below.is_none();
        if let Some(tree) = &setup.config.tree {
            waive(&mut judgements, &rules, &setup.config.waivers, tree, today, whole);
        }
        judgements.sort_unstable_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        met_nothing.sort_unstable();
        let mut counts = BTreeMap::new();
        for document in corpus.judged() {
            *counts.entry(document.kind.id.to_string()).or_insert(0) += 1;
        }
        let mut passed_over: Vec<Skipped> = self.snapshot.skipped().to_vec();
        passed_over.extend(self.skipped.iter().cloned());
        passed_over.sort_by(|a, b| a.path.cmp(&b.path));
        let mut report = Report {
            today,
            commit: self.snapshot.commit().map(str::to_owned),
            root: String::new(),
            history: corpus.past().state.clone(),
            adopted_at: corpus.past().adopted_at.clone(),
            rules,
            judgements,
            systems: systems(corpus),
            documents: counts,
            unrecognised: self.unrecognised.clone(),
            skipped: passed_over,
            met_nothing,
            off,
            next_steps: next_steps::of(corpus, setup.config.tree.is_some()),
            comparison: None,
        };
        if let Some(below) = &self.below {
            report.narrow(below);
        }
        report
    }
}

impl Choice {
    fn takes(&self, policy: &Policy) -> bool {
        let named = |list: &[String]| {
            list.iter().any(|name| {
                name == policy.id() || policy.rule.controls.contains(name) || policy.rule.clauses.contains(name)
            })
        };
        (self.only.is_empty() || named(&self.only)) && !named(&self.skip)
    }
}

fn wanted<'p>(policies: impl Iterator<Item = &'p Arc<Policy>>) -> Globs {
    let globs: BTreeSet<&String> = policies
        .filter_map(|p| match &p.applies_to {
            AppliesTo::Files(globs) => Some(globs),
            AppliesTo::Kind(_) => None,
        })
        .flatten()
        .collect();
    // Each policy's patterns were checked when it was loaded.
    Globs::new(globs).unwrap_or_else(|_| Globs::none())
}

fn has_subject(corpus: &Corpus, applies_to: &AppliesTo) -> bool {
    match applies_to {
        AppliesTo::Kind(kind) => corpus.of_kind(kind).any(|index| index < corpus.judged().len()),
        AppliesTo::Files(_) => !corpus.files().is_empty(),
    }
}

/// The severity after annexa.yaml; before `enforce_from` a finding is a note.
fn severity(policy: &Policy, setup: &Setup, today: Day) -> Severity {
    let settings = setup.config.policy(policy.id());
    match settings.and_then(|s| s.enforce_from) {
        Some(from) if today.seconds() < from => Severity::Note,
        _ => settings.and_then(|s| s.severity).unwrap_or(policy.rule.severity),
    }
}

fn params(policy: &Policy, setup: &Setup) -> Value {
    let own = setup.config.policy(policy.id()).map(|s| s.params.as_slice()).unwrap_or_default();
    let config = setup.config.tree.as_deref();
    let value = |name: &String, node: NodeId| {
        let changed = own.iter().find(|p| p.value == *name).zip(config);
        let own = plain(&policy.tree, node);
        match changed {
            Some((param, tree)) => typed_like(&own, plain(tree, param.node)),
            None => own,
        }
    };
    Value::Map(policy.params.iter().map(|(name, node)| (name.clone(), value(name, *node))).collect())
}

/// A whole number becomes one with a fraction where the policy's own value is one.
fn typed_like(own: &Value, value: Value) -> Value {
    match (own, value) {
        (Value::Double(_), Value::Int(number)) => Value::Double(number as f64),
        (Value::List(own), Value::List(items)) if !own.is_empty() => {
            Value::List(items.into_iter().map(|item| typed_like(&own[0], item)).collect())
        }
        (_, value) => value,
    }
}

/// A parameter's value: no read of a document, so a plain copy.
fn plain(tree: &Tree, node: NodeId) -> Value {
    match tree.data(node) {
        Data::Null | Data::Alias(_) => Value::Null,
        Data::Bool(b) => Value::Bool(*b),
        Data::Int(i) => Value::Int(*i),
        Data::Float(f) => Value::Double(*f),
        Data::Text(text) => Value::Text(tree.text(text).to_owned()),
        Data::Time(_, seconds) => Value::Time(*seconds),
        Data::List(_) => Value::List(tree.items(node).iter().map(|n| plain(tree, *n)).collect()),
        Data::Map(_) => Value::Map(
            tree.entries(node).iter().map(|e| (tree.text(&e.key).to_owned(), plain(tree, e.value))).collect(),
        ),
    }
}

fn read_shared(
    shared: Shared,
    setup: &Setup,
    unreadable: &mut Vec<Unreadable>,
) -> (Vec<crate::document::Document>, Option<(String, String)>) {
    let placed = Placed::new(shared.snapshot.as_ref(), &shared.path);
    let files = load(&placed, &setup.kinds, &setup.recogniser, &setup.exclude, &Globs::none());
    unreadable.extend(files.unreadable().into_iter().map(|u| Unreadable { shared: true, ..u }));
    (files.documents, Some((shared.path, shared.commit)))
}

fn read_base(base: Base, setup: &Setup, wanted: &Globs) -> (Base, Files) {
    let Setup { kinds, recogniser, exclude, .. } = setup;
    let open = |path: String, bytes| SourceFile::new(path, bytes).of_commit(base.commit.as_str());
    let files = load_as(&open, base.snapshot.as_ref(), kinds, recogniser, exclude, wanted);
    (base, files)
}

/// A snapshot whose paths are shown below another path, so that a finding tells the checkouts apart.
struct Placed<'s> {
    inner: &'s dyn Snapshot,
    prefix: String,
    paths: Vec<String>,
}

impl<'s> Placed<'s> {
    fn new(inner: &'s dyn Snapshot, path: &str) -> Self {
        let prefix = format!("{}/", path.trim_end_matches('/'));
        let paths = inner.paths().iter().map(|p| format!("{prefix}{p}")).collect();
        Placed { inner, prefix, paths }
    }
}

impl Snapshot for Placed<'_> {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, crate::facts::ReadError> {
        self.inner.read(path.strip_prefix(&self.prefix).unwrap_or(path), limit)
    }
}

fn systems(corpus: &Corpus) -> Systems {
    let registered: HashSet<&str> = corpus.of_kind("ai-system").filter_map(|d| corpus.system(d)).collect();
    let mut elsewhere = HashSet::new();
    let mut here = HashSet::new();
    for (index, document) in corpus.judged().iter().enumerate() {
        let Some(system) = corpus.system(index).filter(|system| registered.contains(system)) else { continue };
        match &*document.kind.id {
            "ai-system" => false,
            "reference" => elsewhere.insert(system),
            _ => here.insert(system),
        };
    }
    Systems { registered: registered.len(), checked_here: here.len(), kept_elsewhere: elsewhere.len() }
}
