//! Reads commits as they are written, and replays them.

use super::merge::{ancestors, merge};
use super::stamp::{Moment, Person};
use super::{Files, MAIN, Script, Step};
use crate::document::{closest, did_you_mean};
use crate::facts::{Day, Globs};
use crate::source::Span;
use crate::value::{Data, NodeId, Problem, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Script {
    /// Reads the list of commits at `list`, whose shape is known to be right, of a repository that has
    /// `files` in the end and is judged on `today`. What is wrong is added to `problems`; then there is
    /// no script.
    pub fn read(tree: &Tree, list: NodeId, files: &Files, today: Day, problems: &mut Vec<Problem>) -> Option<Script> {
        let before = problems.len();
        let mut reader = Reader { tree, files, today, problems, script: Script::default(), tags: BTreeMap::new() };
        tree.items(list).iter().for_each(|commit| reader.commit(*commit));
        let script = reader.script;
        if script.branches.get(MAIN).is_none_or(|tip| tip + 1 < script.steps.len()) {
            let message = "the last commit is the one that is judged, and this one is not on `main`";
            let help = "Merge the branch with a last commit, or move the commit up.";
            let at = tree.items(list).last().copied().unwrap_or(list);
            problems.push(Problem::new("history-end", begin(tree, at), message, help));
        }
        (problems.len() == before).then_some(script)
    }
}

struct Reader<'r> {
    tree: &'r Tree,
    /// The files in the end.
    files: &'r Files,
    today: Day,
    problems: &'r mut Vec<Problem>,
    script: Script,
    tags: BTreeMap<String, usize>,
}

impl Reader<'_> {
    fn commit(&mut self, node: NodeId) {
        let number = self.script.steps.len();
        let branch = self.text(node, "branch").map_or_else(|| MAIN.to_owned(), |(name, _)| name);
        let mut parents: Vec<usize> = self.start(node, &branch).into_iter().collect();
        let files = self.replay(node, &mut parents);
        let on = self.moment(node, "on").unwrap_or_else(|| {
            let next = Moment::after(self.script.steps.last().map(|step| &step.committer));
            if self.tree.get(node, "on").is_none() && next.is_later(self.today) {
                let message = "a commit without `on` is made a day after the one above, and that is after `today`";
                self.wrong("after-today", begin(self.tree, node), message, "Write its day after `on`.");
            }
            next
        });
        let by = self.person(node, "by").unwrap_or_else(Person::somebody);
        let committed_by = self.person(node, "committed_by").unwrap_or_else(|| by.clone());
        let written_on = self.moment(node, "written_on").unwrap_or(on);
        if let (true, true, Some(cut)) =
            (self.flag(node, "shallow"), parents.is_empty(), self.tree.get(node, "shallow"))
        {
            let message = "nothing comes before this commit, so there is nothing to cut off";
            self.wrong("nothing-to-cut", self.tree.head(cut), message, "Put `shallow` on a later commit.");
        }
        let step = Step {
            files,
            parents,
            message: self.text(node, "message").map_or_else(|| format!("Commit {}", number + 1), |(text, _)| text),
            author: by.at(written_on),
            committer: committed_by.at(on),
            tags: self.tags(node, number),
            signed: self.flag(node, "signed"),
            cut: self.flag(node, "shallow"),
        };
        self.script.steps.push(step);
        self.script.branches.insert(branch, number);
    }

    /// The commit that this one follows: the last of its branch; for a new branch the one that `from`
    /// names, else the last of `main`.
    fn start(&mut self, node: NodeId, branch: &str) -> Option<usize> {
        let from = self.text(node, "from");
        let tip = self.script.branches.get(branch).copied();
        if tip.is_none()
            && self.tags.contains_key(branch)
            && let Some((_, span)) = self.text(node, "branch")
        {
            let help = "Give the branch another name, so that each name means one commit.";
            self.wrong("second-name", span, format!("`{branch}` is a tag of a commit above"), help);
        }
        match (tip, from) {
            (tip, None) => tip.or_else(|| self.named(MAIN)),
            (Some(tip), Some((_, span))) => {
                let message = format!("the branch `{branch}` has commits already, so it begins elsewhere");
                self.wrong("second-start", span, message, "Leave `from` out, or name another `branch`.");
                Some(tip)
            }
            (None, Some((name, span))) => self.known(&name, span).or_else(|| self.named(MAIN)),
        }
    }

    /// The files after a commit whose first parent is known; those that it merges are added.
    fn replay(&mut self, node: NodeId, parents: &mut Vec<usize>) -> Files {
        let problems = self.problems.len();
        let before = parents.first().map(|at| self.script.steps[*at].files.clone()).unwrap_or_default();
        let mut files = before.clone();
        let mut both: BTreeSet<Arc<str>> = BTreeSet::new();
        let merges = self.list(node, "merge");
        for other in &merges {
            let (name, span) = (self.tree.scalar_text(*other).unwrap_or_default(), self.tree.node(*other).span);
            let Some(theirs) = self.known(name, span) else { continue };
            if ancestors(&self.script.steps, parents).contains(&theirs) {
                let message = format!("nothing of `{name}` is missing here, so there is nothing to merge");
                self.wrong(
                    "nothing-to-merge",
                    span,
                    message,
                    "Leave `merge` out, or add a commit to that branch first.",
                );
                continue;
            }
            both.extend(merge(&self.script.steps, &mut files, parents, theirs));
            parents.push(theirs);
        }
        let given = self.change(node, !merges.is_empty(), &mut files);
        if let (Some(path), Some(merge)) = (both.difference(&given).next(), merges.first()) {
            let message = format!("both sides changed `{path}`, each in its own way");
            let help = "Say which text it gets, with `files` or `content`.";
            self.wrong("both-changed", self.tree.node(*merge).span, message, help);
        }
        if let Some(path) = files.keys().find(|path| under_a_file(path, &files)) {
            let message = format!("`{path}` lies in what is a file itself after this commit");
            let help = "Take one of the two away with `null` under `content`.";
            self.wrong("file-and-folder", begin(self.tree, node), message, help);
        }
        if files == before && merges.is_empty() && self.problems.len() == problems {
            let help = "Name `files` that have another text yet, or give the text of files under `content`.";
            self.wrong("empty-commit", begin(self.tree, node), "this commit changes nothing", help);
        }
        files
    }

    /// Changes files as a commit says; the paths that it says something about.
    fn change(&mut self, node: NodeId, is_merge: bool, files: &mut Files) -> BTreeSet<Arc<str>> {
        let (patterns, content) = (self.list(node, "files"), self.tree.get(node, "content"));
        let mut given = BTreeSet::new();
        if patterns.is_empty() && content.is_none() {
            if !is_merge {
                files.extend(self.files.iter().map(|(path, bytes)| (Arc::clone(path), Arc::clone(bytes))));
            }
            return given;
        }
        for pattern in patterns {
            let (text, span) = (self.tree.scalar_text(pattern).unwrap_or_default(), self.tree.node(pattern).span);
            let globs = match Globs::new([text]) {
                Ok(globs) => globs,
                Err(why) => {
                    self.wrong("no-pattern", span, why, "Patterns are like `docs/**/*.md`.");
                    continue;
                }
            };
            let met = self.files.iter().filter(|(path, _)| path.as_ref() == text || globs.matches(path));
            let met: Files = met.map(|(path, bytes)| (Arc::clone(path), Arc::clone(bytes))).collect();
            if met.is_empty() {
                let near = closest(text, self.files.keys().map(AsRef::as_ref));
                let help = did_you_mean(
                    near,
                    "Name a path of the files as they stand in the end, or give its text under `content`.",
                );
                self.wrong("no-such-file", span, format!("`{text}` meets none of the files"), help);
            }
            given.extend(met.keys().cloned());
            files.extend(met);
        }
        for entry in content.map(|content| self.tree.entries(content)).unwrap_or_default() {
            let path: Arc<str> = self.tree.text(&entry.key).into();
            match self.tree.data(entry.value) {
                // What one side of a merge changed and the other took away may be gone already.
                Data::Null if files.remove(&path).is_none() && !is_merge => {
                    let message = format!("`{path}` is not there, so it cannot be taken away");
                    let help = "Write a path that a commit above gave a text, or the text that the file gets.";
                    self.wrong("no-such-file", entry.span, message, help);
                }
                Data::Null => {}
                _ => {
                    let text = self.tree.scalar_text(entry.value).unwrap_or_default();
                    files.insert(Arc::clone(&path), text.as_bytes().into());
                }
            }
            given.insert(path);
        }
        given
    }

    fn tags(&mut self, node: NodeId, number: usize) -> Vec<String> {
        let mut tags = Vec::new();
        for tag in self.list(node, "tag") {
            let name = self.tree.scalar_text(tag).unwrap_or_default().to_owned();
            let taken = name == MAIN || self.script.branches.contains_key(&name);
            if taken || self.tags.insert(name.clone(), number).is_some() {
                let help = "Give the tag another name, so that each name means one commit.";
                let message = format!("`{name}` is the name of another tag or of a branch");
                self.wrong("second-name", self.tree.node(tag).span, message, help);
            }
            tags.push(name);
        }
        tags
    }

    /// The commit that a branch or a tag means so far.
    fn named(&self, name: &str) -> Option<usize> {
        self.script.branches.get(name).or_else(|| self.tags.get(name)).copied()
    }

    fn known(&mut self, name: &str, span: Span) -> Option<usize> {
        let found = self.named(name);
        if found.is_none() {
            let names = self.script.branches.keys().chain(self.tags.keys());
            let near = closest(name, names.map(String::as_str));
            let help = did_you_mean(near, "Name the `branch` or a `tag` of a commit above.");
            self.wrong("unknown-commit", span, format!("no commit above has the branch or the tag `{name}`"), help);
        }
        found
    }

    fn moment(&mut self, at: NodeId, key: &str) -> Option<Moment> {
        let (text, span) = self.text(at, key)?;
        let moment = Moment::parse(&text);
        match moment {
            Some(moment) if moment.is_later(self.today) => {
                let message = format!("`{text}` is after `today`, {}", self.today);
                self.wrong("after-today", span, message, "Write a later `today`, or an earlier day here.");
            }
            Some(_) => {}
            None => {
                let help = "Write it as `2026-11-02` or `2026-11-02T09:00:00+01:00`.";
                self.wrong("no-such-day", span, format!("`{text}` is no day"), help);
            }
        }
        moment
    }

    fn person(&mut self, at: NodeId, key: &str) -> Option<Person> {
        let (text, span) = self.text(at, key)?;
        let person = Person::parse(&text);
        if person.is_none() {
            let help = "Write it as in git: `Ana Ruiz <ana@example.org>`.";
            self.wrong("no-person", span, format!("`{text}` is no name with an address"), help);
        }
        person
    }

    /// The text of a key, and where it stands.
    fn text(&self, at: NodeId, key: &str) -> Option<(String, Span)> {
        let node = self.tree.get(at, key)?;
        Some((self.tree.scalar_text(node)?.to_owned(), self.tree.node(node).span))
    }

    /// The items of a list, or the one thing that stands in its place.
    fn list(&self, at: NodeId, key: &str) -> Vec<NodeId> {
        let Some(node) = self.tree.get(at, key) else { return Vec::new() };
        match self.tree.data(node) {
            Data::List(_) => self.tree.items(node).to_vec(),
            _ => vec![node],
        }
    }

    fn flag(&self, at: NodeId, key: &str) -> bool {
        matches!(self.tree.get(at, key).map(|node| self.tree.data(node)), Some(Data::Bool(true)))
    }

    fn wrong(&mut self, code: &'static str, at: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(code, at, message, help));
    }
}

/// The bytes to underline for a commit: its first key, for the dash before it is too small to see.
fn begin(tree: &Tree, commit: NodeId) -> Span {
    tree.entries(commit).first().map_or(tree.node(commit).span, |first| first.span)
}

/// Whether a folder above a path is a file.
fn under_a_file(path: &str, files: &Files) -> bool {
    path.match_indices('/').any(|(at, _)| files.contains_key(&path[..at]))
}
