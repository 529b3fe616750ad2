//! What a run is set up with: configuration, kinds and policies, checked together.

use super::check::{check_policy, environment};
use crate::config::{self, Config};
use crate::document::{Kinds, Recogniser};
use crate::facts::{Globs, Snapshot};
use crate::policy::{self, Policy, SUITE_FOLDER};
use crate::source::{SourceFile, Span};
use crate::value::{Limits, Problem, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file of the set-up that is not valid, with everything wrong in it.
#[derive(Clone, Debug)]
pub struct Faulty {
    /// The file.
    pub file: Arc<SourceFile>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Configuration, kinds and policies of a run.
#[derive(Clone)]
pub struct Setup {
    /// annexa.yaml.
    pub config: Config,
    /// The shipped kinds and the project's own.
    pub kinds: Arc<Kinds>,
    /// The shipped policies and the project's own.
    pub policies: Vec<Arc<Policy>>,
    /// How paths are told to be documents.
    pub recogniser: Arc<Recogniser>,
    /// Paths that are not looked at.
    pub exclude: Globs,
}

/// What a run is set up from.
#[derive(Clone, Copy)]
pub struct Sources<'s> {
    /// The files of the repository.
    pub snapshot: &'s dyn Snapshot,
    /// annexa.yaml, where there is one.
    pub config: Option<&'s Arc<SourceFile>>,
    /// The policies that are there before the project's own.
    pub shipped: &'s [Arc<Policy>],
}

/// Sets a run up.
///
/// # Errors
/// Every file that is not valid. A run does not start with half of its rules.
pub fn set_up(sources: Sources<'_>) -> Result<Setup, Vec<Faulty>> {
    set_up_with(Arc::new(Kinds::bundled()), sources)
}

/// Reads the configuration and the kinds of documents alone, which is what tests of policies need.
///
/// # Errors
/// Every file that is not valid.
pub fn set_up_kinds(sources: Sources<'_>) -> Result<(Config, Arc<Kinds>), Vec<Faulty>> {
    let mut faults = Faults::default();
    let config = configuration(&sources, &mut faults);
    let kinds = own_kinds(Arc::new(Kinds::bundled()), &sources, &config, &mut faults);
    if faults.0.is_empty() { Ok((config, kinds)) } else { Err(faults.list()) }
}

/// Sets a run up in which these kinds are there before the project's own.
///
/// # Errors
/// See [`set_up`].
pub fn set_up_with(kinds: Arc<Kinds>, sources: Sources<'_>) -> Result<Setup, Vec<Faulty>> {
    let mut faults = Faults::default();
    let config = configuration(&sources, &mut faults);
    let kinds = own_kinds(kinds, &sources, &config, &mut faults);
    let policies = policies(&sources, &config, &kinds, &mut faults);
    if let Some(tree) = &config.tree {
        faults.add(tree.file(), config.problems_with(&policies));
    }
    let recogniser = recogniser(&config, &kinds, &mut faults);
    // Files of tests look like records and are none of this repository's.
    let folder = |at: &config::At<String>| Globs::literal(at.value.trim_start_matches("./").trim_end_matches('/'));
    let of_tests = config.policy_dirs.iter().map(|at| format!("{}/**/*{SUITE_FOLDER}/**", folder(at)));
    let exclude = Globs::new(config.exclude.iter().cloned().chain(of_tests)).unwrap_or_else(|message| {
        faults.on_key(&config, "exclude", message);
        Globs::none()
    });
    match recogniser {
        Some(recogniser) if faults.0.is_empty() => {
            // A policy is called after what it is about, as a document of that kind may be.
            let own = policies.iter().filter(|policy| policy.rule.origin != "shipped");
            let own = own.map(|policy| policy.tree.file().path().to_owned());
            let recogniser = Arc::new(recogniser.except(own));
            Ok(Setup { config, kinds, policies, recogniser, exclude })
        }
        _ => Err(faults.list()),
    }
}

fn configuration(sources: &Sources<'_>, faults: &mut Faults) -> Config {
    match sources.config.map(config::read) {
        None => Config::default(),
        Some(Ok(config)) => config,
        Some(Err((tree, problems))) => {
            faults.add(tree.file(), problems);
            Config::default()
        }
    }
}

/// Faults by path, so that they come out in one order.
#[derive(Default)]
pub(super) struct Faults(BTreeMap<String, Faulty>);

impl Faults {
    pub(super) fn add(&mut self, file: &Arc<SourceFile>, problems: Vec<Problem>) {
        if !problems.is_empty() {
            let faulty = self.0.entry(file.path().to_owned());
            faulty.or_insert_with(|| Faulty { file: Arc::clone(file), problems: Vec::new() }).problems.extend(problems);
        }
    }

    fn on_key(&mut self, config: &Config, key: &str, message: String) {
        let Some(tree) = &config.tree else { return };
        let root = tree.roots().first();
        let span = root.and_then(|r| tree.entry(*r, key)).map_or(Span::at(0), |e| e.span);
        self.add(tree.file(), vec![Problem::new("path-pattern", span, message, "Patterns are like `docs/**/*.md`.")]);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn list(self) -> Vec<Faulty> {
        self.0
            .into_values()
            .map(|mut faulty| {
                faulty.problems.sort_by_key(|p| p.at.span);
                faulty
            })
            .collect()
    }
}

/// The files that a configured path names: itself, or those below it with one of these endings.
fn files_at(
    sources: &Sources<'_>,
    tree: &Tree,
    at: &config::At<String>,
    endings: &[&str],
    faults: &mut Faults,
) -> Vec<Arc<SourceFile>> {
    let wanted = at.value.trim_start_matches("./").trim_end_matches('/');
    let below = format!("{wanted}/");
    let ends = |path: &&String| endings.iter().any(|e| path.ends_with(e));
    let paths = sources.snapshot.paths().iter();
    let named: Vec<&String> = paths
        .filter(|p| p.as_str() == wanted || (wanted.is_empty() || wanted == "." || p.starts_with(&below)) && ends(p))
        .collect();
    let span = tree.node(at.node).span;
    if named.is_empty() {
        let message = format!("`{}` holds no file that ends in {}", at.value, endings.join(" or "));
        faults.add(
            tree.file(),
            vec![Problem::new(
                "empty-path",
                span,
                message,
                "Correct the path; it starts at the folder of annexa.yaml. A new folder is listed once its first file is there.",
            )],
        );
    }
    let mut files = Vec::new();
    for path in named {
        match sources.snapshot.read(path, Limits::default().bytes) {
            Ok(bytes) => files.push(Arc::new(SourceFile::new(path.as_str(), bytes))),
            Err(error) => {
                let message = format!("`{path}`: {error}");
                faults.add(
                    tree.file(),
                    vec![Problem::new(
                        "unreadable-path",
                        span,
                        message,
                        "Make the file readable, or correct the path.",
                    )],
                );
            }
        }
    }
    files
}

fn own_kinds(mut kinds: Arc<Kinds>, sources: &Sources<'_>, config: &Config, faults: &mut Faults) -> Arc<Kinds> {
    let Some(tree) = &config.tree else { return kinds };
    for at in &config.schemas {
        for file in files_at(sources, tree, at, &[".json", ".yaml", ".yml"], faults) {
            if let Err(problems) = Arc::make_mut(&mut kinds).add(&file) {
                faults.add(&file, problems);
            }
        }
    }
    kinds
}

fn policies(sources: &Sources<'_>, config: &Config, kinds: &Kinds, faults: &mut Faults) -> Vec<Arc<Policy>> {
    let mut policies: Vec<Arc<Policy>> = sources.shipped.to_vec();
    let Some(tree) = &config.tree else { return policies };
    for at in &config.policy_dirs {
        let files = files_at(sources, tree, at, &[".yaml", ".yml"], faults);
        add_policies(files.iter().filter(|file| policy::is_policy_file(file.path())), kinds, &mut policies, faults);
    }
    policies
}

/// Reads the policy files among `files`; suites of tests and the words about a pack are passed over.
///
/// # Errors
/// Every file that is not valid, with everything wrong in it, and policies whose id is taken already.
pub fn read_policies(files: &[Arc<SourceFile>], kinds: &Kinds) -> Result<Vec<Arc<Policy>>, Vec<Faulty>> {
    let (mut policies, mut faults) = (Vec::new(), Faults::default());
    let files = files.iter().filter(|file| policy::is_policy_file(file.path()));
    add_policies(files, kinds, &mut policies, &mut faults);
    if faults.is_empty() { Ok(policies) } else { Err(faults.list()) }
}

/// Reads policy files and everything that is wrong with them.
pub(super) fn add_policies<'f>(
    files: impl Iterator<Item = &'f Arc<SourceFile>>,
    kinds: &Kinds,
    policies: &mut Vec<Arc<Policy>>,
    faults: &mut Faults,
) {
    let environment = environment(kinds);
    for file in files {
        let policy = match policy::read(file, file.path()) {
            Ok((policy, problems)) => {
                faults.add(file, problems);
                Arc::new(policy)
            }
            Err((_, problems)) => {
                faults.add(file, problems);
                continue;
            }
        };
        faults.add(file, check_policy(&policy, kinds, &environment));
        if let Some(first) = policies.iter().find(|p| p.id() == policy.id()) {
            faults.add(file, vec![twice(&policy, first)]);
        } else {
            policies.push(policy);
        }
    }
}

fn twice(policy: &Policy, first: &Policy) -> Problem {
    let tree = &policy.tree;
    let span = tree.get(policy.root(), "id").map_or(tree.head(policy.root()), |n| tree.node(n).span);
    let place = if first.rule.origin == "shipped" {
        "one that annexa ships".to_owned()
    } else {
        format!("`{}`", first.rule.origin)
    };
    Problem::new(
        "policy-twice",
        span,
        format!("a policy called `{}` is there already: {place}", policy.id()),
        "Give this one a name of its own; to change a shipped policy, use `policies:` in annexa.yaml.",
    )
}

fn recogniser(config: &Config, kinds: &Kinds, faults: &mut Faults) -> Option<Recogniser> {
    let configured: Vec<(String, Vec<String>)> =
        config.kinds.iter().map(|(id, globs)| (id.value.clone(), globs.clone())).collect();
    match Recogniser::new(kinds, &configured) {
        Ok(recogniser) => Some(recogniser),
        Err(bad) => {
            let tree = config.tree.as_ref()?;
            let problem = |bad: crate::document::BadGlob| {
                let key = config.kinds.get(bad.row).map(|(id, _)| id.node);
                let span = match (key, bad.glob) {
                    (Some(node), Some(glob)) => tree.items(node).get(glob).map(|n| tree.node(*n).span),
                    (Some(node), None) => Some(tree.node(node).key),
                    (None, _) => None,
                };
                let help = "Kinds are named as in `annexa list kinds`, patterns are like `docs/**/*.md`.";
                Problem::new("kind-paths", span.unwrap_or(Span::at(0)), bad.message, help)
            };
            faults.add(tree.file(), bad.into_iter().map(problem).collect());
            None
        }
    }
}
