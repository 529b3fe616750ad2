//! The commits of a case.

use super::case::TestFiles;
use crate::facts::{Day, Globs};
use crate::history::MadeCommit;
use crate::source::Span;
use crate::value::{Data, NodeId, Problem, Tree};
use std::collections::{BTreeMap, HashMap};

/// The branch that the case's own commit is the end of.
const MAIN: &str = "main";

/// Who makes a commit that names nobody.
const SOMEBODY: (&str, &str) = ("Somebody", "somebody@example.org");

/// The day of the first commit that names none; each further one is a day after the one above it.
const FIRST_DAY: &str = "2026-01-01";

const SECONDS_A_DAY: i64 = 86_400;

/// Reads `history`, oldest commit first; what is wrong with it is added to `problems`. The last commit is the
/// one that the case is judged at: the end of the branch `main`.
pub fn commits(
    tree: &Tree,
    list: NodeId,
    files: &TestFiles,
    today: Day,
    problems: &mut Vec<Problem>,
) -> Vec<MadeCommit> {
    let mut made = Making { tree, files, today, problems, commits: Vec::new(), branches: HashMap::new() };
    for node in tree.items(list) {
        made.commit(*node);
    }
    let Making { commits, branches, .. } = made;
    match branches.get(MAIN).map(|branch| branch.tip) {
        // What the branch `main` ends with is the head, which is the last one.
        Some(tip) if tip + 1 == commits.len() => commits,
        _ => {
            let message = "the last commit of a history is the one that is judged, and this one is on another branch";
            let help = "Merge the branch into `main` with a last commit, or move the commit up.";
            let at = tree.items(list).last().copied().unwrap_or(list);
            problems.push(Problem::new("history-end", tree.head(at), message, help));
            commits
        }
    }
}

/// A branch: its last commit, and the commit that it began at.
#[derive(Clone, Copy)]
struct Branch {
    tip: usize,
    start: Option<usize>,
}

struct Making<'c> {
    tree: &'c Tree,
    files: &'c TestFiles,
    today: Day,
    problems: &'c mut Vec<Problem>,
    commits: Vec<MadeCommit>,
    branches: HashMap<String, Branch>,
}

type Files = BTreeMap<String, Vec<u8>>;

impl Making<'_> {
    fn wrong(&mut self, span: Span, message: String, help: &str) {
        self.problems.push(Problem::new("history", span, message, help));
    }

    fn commit(&mut self, node: NodeId) {
        let number = self.commits.len();
        let name = self.text(node, "branch").unwrap_or_else(|| MAIN.to_owned());
        let main = self.branches.get(MAIN).map(|branch| branch.tip);
        let branch = self.branches.get(&name).copied();
        let start = branch.map_or(main, |branch| Some(branch.tip));
        let before: Files = start.map(|start| self.commits[start].files.clone()).unwrap_or_default();
        let mut parents: Vec<usize> = start.into_iter().collect();
        let mut files = before.clone();
        for other in self.list(node, "merge") {
            let text = self.tree.scalar_text(other).unwrap_or_default().to_owned();
            match self.branches.get(&text).copied() {
                Some(merged) => {
                    parents.push(merged.tip);
                    self.merge(merged, &mut files);
                }
                None => {
                    let help = "Name a branch that a commit above has under `branch`.";
                    self.wrong(self.tree.node(other).span, format!("there is no branch `{text}` to merge"), help);
                }
            }
        }
        self.change(node, parents.len() > 1, &mut files);
        if files == before && parents.len() < 2 {
            let help = "Give `files` that are not there yet, or the text that a file gets under `content`.";
            self.wrong(self.tree.head(node), "this commit changes nothing".to_owned(), help);
        }
        let on = self.moment(node, "on").unwrap_or_else(|| {
            let last = self.commits.last().map(|commit| commit.times.1 + SECONDS_A_DAY);
            last.or_else(|| Day::parse(FIRST_DAY).map(Day::seconds)).unwrap_or_default()
        });
        let author = self.person(node, "by").unwrap_or_else(|| (SOMEBODY.0.to_owned(), SOMEBODY.1.to_owned()));
        let tags = self.list(node, "tag");
        let committer = self.person(node, "committed_by").unwrap_or_else(|| author.clone());
        let written_on = self.moment(node, "written_on").unwrap_or(on);
        self.commits.push(MadeCommit {
            files,
            parents,
            committer,
            author,
            times: (written_on, on),
            message: self.text(node, "message").unwrap_or_else(|| format!("Commit {}", number + 1)),
            tags: tags.iter().filter_map(|tag| self.tree.scalar_text(*tag).map(str::to_owned)).collect(),
            cut: matches!(self.tree.get(node, "shallow").map(|n| self.tree.data(n)), Some(Data::Bool(true))),
        });
        let began = branch.map_or(start, |branch| branch.start);
        self.branches.insert(name, Branch { tip: number, start: began });
    }

    /// Takes over what a branch changed since it began.
    fn merge(&self, merged: Branch, files: &mut Files) {
        let began: Files = merged.start.map(|start| self.commits[start].files.clone()).unwrap_or_default();
        let now = &self.commits[merged.tip].files;
        for (path, text) in now.iter().filter(|(path, text)| began.get(*path) != Some(text)) {
            files.insert(path.clone(), text.clone());
        }
        files.retain(|path, _| now.contains_key(path) || !began.contains_key(path));
    }

    fn change(&mut self, node: NodeId, is_merge: bool, files: &mut Files) {
        let (patterns, content) = (self.list(node, "files"), self.tree.get(node, "content"));
        if patterns.is_empty() && content.is_none() {
            if !is_merge {
                // What a case says of its files is how they are at the end.
                self.files.iter().for_each(|(path, text)| drop(files.insert(path.clone(), text.clone())));
            }
            return;
        }
        for pattern in patterns {
            let text = self.tree.scalar_text(pattern).unwrap_or_default().to_owned();
            let span = self.tree.node(pattern).span;
            let matching = match Globs::new([text.as_str()]) {
                Ok(globs) => self.files.iter().filter(|(path, _)| *path == text || globs.matches(path)).collect(),
                Err(why) => {
                    self.wrong(span, why, "Patterns are like `docs/**/*.md`.");
                    continue;
                }
            };
            let matching: Vec<&(String, Vec<u8>)> = matching;
            if matching.is_empty() {
                self.wrong(
                    span,
                    format!("`{text}` meets no file of the case"),
                    "Name a path or a pattern of its `files`.",
                );
            }
            matching.into_iter().for_each(|(path, text)| drop(files.insert(path.clone(), text.clone())));
        }
        for entry in content.map(|content| self.tree.entries(content)).unwrap_or_default() {
            let path = self.tree.text(&entry.key).to_owned();
            match self.tree.data(entry.value) {
                Data::Null if files.remove(&path).is_none() => {
                    let help = "Write a path that a commit above has, or the text that the file gets.";
                    self.wrong(entry.span, format!("`{path}` cannot be taken away: it is not there"), help);
                }
                Data::Null => {}
                _ => {
                    let text = self.tree.scalar_text(entry.value).unwrap_or_default();
                    files.insert(path, text.as_bytes().to_vec());
                }
            }
        }
    }

    fn text(&self, at: NodeId, key: &str) -> Option<String> {
        self.tree.get(at, key).and_then(|node| self.tree.scalar_text(node)).map(str::to_owned)
    }

    /// The items of a list, or the one thing that stands in its place.
    fn list(&self, at: NodeId, key: &str) -> Vec<NodeId> {
        let Some(node) = self.tree.get(at, key) else { return Vec::new() };
        match self.tree.data(node) {
            Data::List(_) => self.tree.items(node).to_vec(),
            _ => vec![node],
        }
    }

    fn moment(&mut self, at: NodeId, key: &str) -> Option<i64> {
        let node = self.tree.get(at, key)?;
        let text = self.tree.scalar_text(node).unwrap_or_default();
        let of_time = || chrono::DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.timestamp());
        match Day::parse(text).map(Day::seconds).or_else(of_time) {
            Some(moment) if moment < self.today.midnight() + SECONDS_A_DAY => Some(moment),
            Some(_) => {
                let message = format!("`{text}` is after the day of the case, {}", self.today);
                self.wrong(
                    self.tree.node(node).span,
                    message,
                    "Give the case a later `today`, or the commit an earlier day.",
                );
                None
            }
            None => {
                let help = "Write it as `2026-11-02` or `2026-11-02T09:00:00Z`.";
                self.wrong(self.tree.node(node).span, format!("`{text}` is no day"), help);
                None
            }
        }
    }

    fn person(&mut self, at: NodeId, key: &str) -> Option<(String, String)> {
        let node = self.tree.get(at, key)?;
        let text = self.tree.scalar_text(node).unwrap_or_default();
        let person = text.strip_suffix('>').and_then(|text| text.split_once('<'));
        if person.is_none() {
            let help = "Write it as in git: `Ana Ruiz <ana@example.org>`.";
            self.wrong(self.tree.node(node).span, format!("`{text}` is no name with an address"), help);
        }
        person.map(|(name, email)| (name.trim().to_owned(), email.trim().to_owned()))
    }
}
