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

    /// One file: what stands beside it, and in those of the policy folders that it lies in, takes part as
    /// far as it needs it.
    pub fn file(path: &str, folders: impl IntoIterator<Item = String>) -> Self {
        let mut scope = Scope::folders(folders);
        scope.paths.retain(|folder| below(folder, path));
        scope.paths.push(suite::folder(path).trim_end_matches('/').to_owned());
        Scope { file: Some(path.to_owned()), ..scope }
    }

    fn holds(&self, path: &str) -> bool {
        self.paths.iter().any(|folder| below(folder, path))
    }

    /// Whether what is wrong in a file is to be told: not where it merely lies near the one that is tested.
    fn is_about(&self, path: &str) -> bool {
        let Some(file) = &self.file else { return true };
        let (of_suite, suite) = (file.ends_with(SUITE), path.ends_with(SUITE));
        match (of_suite, suite) {
            _ if path == file => true,
            // The suites beside a policy and above, the policies beside a suite and below.
            (false, true) => file.starts_with(&suite::folder(path)),
            (true, false) => path.starts_with(&suite::folder(file)),
            _ => false,
        }
    }
}

/// Whether a path is `folder` or lies below; the root is empty.
fn below(folder: &str, path: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads the policies and the suites of `scope`.
///
/// # Errors
/// Every file that is not valid, with everything wrong in it.
pub fn collect(snapshot: &dyn Snapshot, kinds: Arc<Kinds>, scope: &Scope) -> Result<Bench, Vec<Faulty>> {
    let files = |wanted: &dyn Fn(&str) -> bool, faults: &mut Faults| -> Vec<Arc<SourceFile>> {
        let paths = snapshot.paths().iter().filter(|p| scope.holds(p) && wanted(p));
        paths.filter_map(|path| open(snapshot, path, faults)).collect()
    };
    let (mut of_policies, mut of_suites) = (Faults::default(), Faults::default());
    let mut policies = Vec::new();
    let found = files(&is_policy_file, &mut of_policies);
    add_policies(found.iter(), &kinds, &mut policies, &mut of_policies);
    let mut groups = Vec::new();
    for policy in &policies {
        match examples(policy) {
            Ok(group) => groups.push(group),
            Err(problems) => of_policies.add(policy.tree.file(), problems),
        }
    }
    // Whether a case asks for a policy that is missing, perhaps because it is not valid.
    let mut asked = false;
    for file in &files(&|path| path.ends_with(SUITE), &mut of_suites) {
        let (cases, mut problems) = suite::read(file, &policies, snapshot);
        if !of_policies.is_empty() {
            let before = problems.len();
            problems.retain(|p| !suite::OF_POLICIES.contains(&p.code));
            asked |= problems.len() < before && scope.is_about(file.path());
        }
        of_suites.add(file, problems);
        groups.push(Group { name: file.path().to_owned(), file: Arc::clone(file), cases });
    }
    let mut faulty = of_policies.list();
    faulty.retain(|faulty| asked || scope.is_about(faulty.file.path()));
    faulty.extend(of_suites.list().into_iter().filter(|faulty| scope.is_about(faulty.file.path())));
    if !faulty.is_empty() {
        faulty.sort_by(|a, b| a.file.path().cmp(b.file.path()));
        return Err(faulty);
    }
    let mut bench = Bench { kinds, policies, groups };
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
        Ok(Bench { kinds, policies: vec![Arc::clone(policy)], groups })
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
