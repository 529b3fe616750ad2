//! Suites: files of cases beside the policies they are about.

use super::case::{self, Case, TestFiles};
use crate::document::{Schema, closest, did_you_mean};
use crate::facts::Snapshot;
use crate::policy::{Policy, bundled};
use crate::source::SourceFile;
use crate::value::{Limits, NodeId, Problem, Tree};
use std::sync::{Arc, LazyLock};

/// The schema of suites.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::bundled("policy-test"));

/// The problems of suites that may come from policies that are not valid.
pub(super) const OF_POLICIES: &[&str] = &["unknown-policy", "no-policies"];

/// Reads a suite, and everything that is wrong with it; a case that is not valid is left out. `policies`
/// are those that may be named, besides the shipped ones; where a case names none, those below the suite's
/// folder judge it. `snapshot` has the files that it takes.
pub fn read(file: &Arc<SourceFile>, policies: &[Arc<Policy>], snapshot: &dyn Snapshot) -> (Vec<Case>, Vec<Problem>) {
    let (tree, mut problems) = SCHEMA.read(file, true);
    let root = tree.roots().first().copied();
    if root.is_none() && problems.is_empty() {
        let help = "Write `cases:` with a case, or remove the file.";
        problems.push(Problem::new("empty-suite", file.line_span(1), "the file holds no case", help));
    }
    if let Some(second) = tree.roots().get(1) {
        let help = "Put all cases under one `cases:`, or give the second part a file of its own.";
        problems.push(Problem::new("second-suite", tree.head(*second), "a file holds one suite", help));
    }
    let (Some(root), true) = (root, problems.is_empty()) else { return (Vec::new(), problems) };
    let reader = Reader { tree: &tree, policies, snapshot, folder: folder(file.path()) };
    let cases = tree.get(root, "cases").map(|n| tree.items(n)).unwrap_or_default();
    let cases = cases.iter().filter_map(|node| reader.case(*node, &mut problems)).collect();
    (cases, problems)
}

struct Reader<'r> {
    tree: &'r Arc<Tree>,
    policies: &'r [Arc<Policy>],
    snapshot: &'r dyn Snapshot,
    /// The suite's folder; ends in `/` unless it is the root.
    folder: String,
}

impl Reader<'_> {
    fn case(&self, node: NodeId, problems: &mut Vec<Problem>) -> Option<Case> {
        let before = problems.len();
        let tree = self.tree;
        let policies = match tree.get(node, "policies") {
            Some(list) => tree.items(list).iter().filter_map(|n| self.named(*n, problems)).collect(),
            None => self.beside(node, problems),
        };
        let files = match tree.get(node, "from") {
            Some(from) => self.files(from, problems),
            None => {
                if tree.get(node, "files").is_none() {
                    problems.push(Problem::new(
                        "no-files",
                        tree.head(node),
                        "the case has no files, so there is nothing to judge",
                        "Write them under `files`, or name a folder beside the suite with `from`; its name ends in `.test`.",
                    ));
                }
                Vec::new()
            }
        };
        let case = case::read(tree, node, policies, files, problems);
        if let case::Expect::Each(rows) = &case.expect {
            for row in rows {
                self.check_policy(row, &case, problems);
            }
        }
        (problems.len() == before).then_some(case)
    }

    /// A policy that an expectation names has to be one that is asked.
    fn check_policy(&self, row: &case::Expected, case: &Case, problems: &mut Vec<Problem>) {
        let Some(id) = &row.policy else { return };
        let builtin = crate::finding::BUILTIN.iter().map(|b| b.id);
        let known: Vec<&str> = case.policies.iter().map(|p| p.id()).chain(builtin).collect();
        if known.contains(&id.as_str()) {
            return;
        }
        let help = did_you_mean(closest(id, known.iter().copied()), "Name it under `policies` of the case too.");
        let message = format!("`{id}` is none of the policies that judge this case");
        problems.push(Problem::new("unknown-policy", row.place.span, message, help));
    }

    fn named(&self, node: NodeId, problems: &mut Vec<Problem>) -> Option<Arc<Policy>> {
        let id = self.tree.scalar_text(node)?;
        let known = || self.policies.iter().chain(bundled());
        if let Some(policy) = known().find(|p| p.id() == id) {
            return Some(Arc::clone(policy));
        }
        let help = did_you_mean(
            closest(id, known().map(|p| p.id())),
            "Write the id of a policy of this folder or of one that annexa ships.",
        );
        problems.push(Problem::new(
            "unknown-policy",
            self.tree.node(node).span,
            format!("no policy is called `{id}`"),
            help,
        ));
        None
    }

    fn beside(&self, node: NodeId, problems: &mut Vec<Problem>) -> Vec<Arc<Policy>> {
        let inside = |p: &&Arc<Policy>| p.tree.file().path().starts_with(&self.folder);
        let beside: Vec<_> = self.policies.iter().filter(inside).cloned().collect();
        if beside.is_empty() {
            problems.push(Problem::new(
                "no-policies",
                self.tree.head(node),
                "no policy stands in the folder of this suite or below, so nothing judges the case",
                "Put the suite beside the policies, or name them under `policies`.",
            ));
        }
        beside
    }

    fn files(&self, node: NodeId, problems: &mut Vec<Problem>) -> TestFiles {
        let before = problems.len();
        let name = self.tree.scalar_text(node).unwrap_or_default();
        let below = format!("{}{name}/", self.folder);
        let span = self.tree.node(node).span;
        let mut files = Vec::new();
        for path in self.snapshot.paths().iter().filter(|p| p.starts_with(&below)) {
            match self.snapshot.read(path, Limits::default().bytes) {
                Ok(bytes) => files.push((path[below.len()..].to_owned(), bytes)),
                Err(error) => problems.push(Problem::new(
                    "unreadable-path",
                    span,
                    format!("`{path}`: {error}"),
                    "Make the file readable, or take it out of the folder.",
                )),
            }
        }
        if files.is_empty() && problems.len() == before {
            let message = format!("there is no folder `{below}` with files in it");
            let help = "Write the name of a folder beside the suite; files that git ignores are not seen.";
            problems.push(Problem::new("empty-path", span, message, help));
        }
        files
    }
}

/// The folder of a path with its `/`; empty for the root.
pub(super) fn folder(path: &str) -> String {
    path.rfind('/').map_or_else(String::new, |at| path[..=at].to_owned())
}
