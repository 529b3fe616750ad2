//! What is to be tested: policies with the examples in their files, and the suites beside them.

use super::case::Case;
use super::{case, suite};
use crate::document::Kinds;
use crate::engine::setup::{Faults, Faulty, add_policies};
use crate::facts::Snapshot;
use crate::policy::{Policy, SUITE, is_policy_file};
use crate::source::{SourceFile, Span};
use crate::value::{Limits, Problem};
use std::sync::Arc;

/// Policies and cases.
#[derive(Default)]
pub struct Bench {
    /// The kinds that policies and cases know.
    pub kinds: Arc<Kinds>,
    /// The policies that are tested, with all their cases.
    pub policies: Vec<Arc<Policy>>,
    /// Cases in the order of their files.
    pub groups: Vec<Group>,
    /// Only some of the cases of these policies take part, so nothing is said about what they leave out.
    pub partial: bool,
}

/// The cases of a file.
pub struct Group {
    /// What it is called: the id of a policy, or the path of a suite.
    pub name: String,
    /// The file.
    pub file: Arc<SourceFile>,
    /// The cases; none for a policy without examples.
    pub cases: Vec<Case>,
}

/// Where policies and suites are looked for.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Files and folders, as paths from the root; the root itself is empty.
    pub paths: Vec<String>,
    /// A file that this is narrowed to: a policy with all its cases, or a suite alone.
    pub file: Option<String>,
}

impl Scope {
    /// Policy folders of a repository.
    pub fn folders(paths: impl IntoIterator<Item = String>) -> Self {
        let clean = |path: String| path.trim_start_matches("./").trim_matches('/').to_owned();
        let paths = paths.into_iter().map(clean).map(|p| if p == "." { String::new() } else { p });
        Scope { paths: paths.collect(), file: None }
    }

    /// One file: what stands beside it takes part as far as it needs it.
    pub fn file(path: &str) -> Self {
        Scope { paths: vec![suite::folder(path).trim_end_matches('/').to_owned()], file: Some(path.to_owned()) }
    }

    fn holds(&self, path: &str) -> bool {
        let below = |folder: &String| {
            folder.is_empty()
                || path == folder
                || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.paths.iter().any(below)
    }
}

/// Reads the policies and the suites of `scope`.
///
/// # Errors
/// Every file that is not valid, with everything wrong in it.
pub fn collect(snapshot: &dyn Snapshot, kinds: Arc<Kinds>, scope: &Scope) -> Result<Bench, Vec<Faulty>> {
    let mut faults = Faults::default();
    let mut files = |wanted: &dyn Fn(&str) -> bool| -> Vec<Arc<SourceFile>> {
        let paths = snapshot.paths().iter().filter(|p| scope.holds(p) && wanted(p));
        paths.filter_map(|path| open(snapshot, path, &mut faults)).collect()
    };
    let of_policies = files(&is_policy_file);
    let of_suites = files(&|path| path.ends_with(SUITE));
    let mut policies = Vec::new();
    add_policies(of_policies.iter(), &kinds, &mut policies, &mut faults);
    let complete = faults.is_empty();
    let mut groups = Vec::new();
    for policy in &policies {
        match examples(policy) {
            Ok(group) => groups.push(group),
            Err(problems) => faults.add(policy.tree.file(), problems),
        }
    }
    for file in &of_suites {
        match suite::read(file, &policies, snapshot) {
            Ok(suite) => {
                groups.push(Group { name: file.path().to_owned(), file: suite.file, cases: suite.cases });
            }
            Err(mut problems) => {
                // A policy that is not valid is missing for that reason alone.
                problems.retain(|p| complete || !suite::OF_POLICIES.contains(&p.code));
                faults.add(file, problems);
            }
        }
    }
    let faulty = faults.list();
    if !faulty.is_empty() {
        return Err(faulty);
    }
    let mut bench = Bench { kinds, policies, groups, partial: false };
    if let Some(path) = &scope.file {
        bench.narrow(path);
    }
    Ok(bench)
}

fn open(snapshot: &dyn Snapshot, path: &str, faults: &mut Faults) -> Option<Arc<SourceFile>> {
    match snapshot.read(path, Limits::default().bytes) {
        Ok(bytes) => Some(Arc::new(SourceFile::new(path, bytes))),
        Err(error) => {
            let file = Arc::new(SourceFile::new(path, Vec::new()));
            let help = "Make the file readable, or move it out of the folder of policies.";
            faults.add(&file, vec![Problem::new("unreadable-path", Span::at(0), error.to_string(), help)]);
            None
        }
    }
}

/// The examples in a policy's own file.
fn examples(policy: &Arc<Policy>) -> Result<Group, Vec<Problem>> {
    let mut problems = Vec::new();
    let cases = case::examples(policy, &mut problems);
    let group = Group { name: policy.id().to_owned(), file: Arc::clone(policy.tree.file()), cases };
    if problems.is_empty() { Ok(group) } else { Err(problems) }
}

impl Bench {
    /// One policy with the examples in its file.
    ///
    /// # Errors
    /// What is wrong with the examples.
    pub fn of(policy: &Arc<Policy>, kinds: Arc<Kinds>) -> Result<Self, Vec<Problem>> {
        let groups = vec![examples(policy)?];
        Ok(Bench { kinds, policies: vec![Arc::clone(policy)], groups, partial: false })
    }

    /// Whether there is nothing to test.
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.groups.iter().all(|g| g.cases.is_empty())
    }

    /// Keeps one file: a policy with all its cases, or a suite alone.
    fn narrow(&mut self, path: &str) {
        if path.ends_with(SUITE) {
            self.groups.retain(|g| g.file.path() == path);
            self.policies.clear();
            self.partial = true;
        } else {
            let ids: Vec<String> =
                self.policies.iter().filter(|p| p.tree.file().path() == path).map(|p| p.id().to_owned()).collect();
            self.only(&ids);
        }
    }

    /// Keeps the policies with these ids, and the cases that ask them.
    pub fn only(&mut self, ids: &[String]) {
        self.policies.retain(|p| ids.iter().any(|id| id == p.id()));
        for group in &mut self.groups {
            group.cases.retain(|case| case.policies.iter().any(|p| ids.iter().any(|id| id == p.id())));
        }
        let kept = &self.policies;
        self.groups.retain(|g| !g.cases.is_empty() || kept.iter().any(|p| p.id() == g.name));
    }

    /// The ids of all policies that some case asks.
    pub fn ids(&self) -> Vec<&str> {
        let asked = self.groups.iter().flat_map(|g| &g.cases).flat_map(|c| &c.policies);
        let mut ids: Vec<&str> = self.policies.iter().chain(asked).map(|p| p.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}
