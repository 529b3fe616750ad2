//! The `history.yaml` of an example: the commits that made it, and the day to judge it by.

use crate::facts::Day;
use crate::source::{SourceFile, Span};
use crate::value::{Limits, NodeId, Syntax, Tree, read};
use chrono::DateTime;
use std::sync::Arc;

/// The commits of an example, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleHistory {
    /// The day to judge the example by.
    pub today: Day,
    /// The commits; at least one.
    pub commits: Vec<ExampleCommit>,
}

/// One commit. Its steps are taken in the order of the fields: files, contents, removals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleCommit {
    /// Its message.
    pub message: String,
    /// The name of its author and committer.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Seconds since 1970.
    pub seconds: i64,
    /// Minutes east of UTC, as the author's clock showed them.
    pub offset: i32,
    /// Paths and globs of files that get the text of the finished example.
    pub files: Vec<String>,
    /// Files that get another, earlier text: (path, text).
    pub content: Vec<(String, String)>,
    /// Paths that are removed.
    pub remove: Vec<String>,
    /// The name of a tag for this commit.
    pub tag: Option<String>,
}

/// Something wrong in a `history.yaml`, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryProblem {
    /// Line from 1.
    pub line: u32,
    /// Column from 1, in characters.
    pub column: u32,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for HistoryProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "history.yaml:{}:{}: {}", self.line, self.column, self.message)
    }
}

impl ExampleHistory {
    /// Reads the text of a `history.yaml`.
    ///
    /// # Errors
    /// With everything that is wrong in it, in its order.
    pub fn parse(text: &str) -> Result<ExampleHistory, Vec<HistoryProblem>> {
        let file = Arc::new(SourceFile::new("history.yaml", text.as_bytes().to_vec()));
        let (tree, problems) = read(file, Syntax::Yaml, &Limits::default());
        let mut decode = Decode { tree: &tree, problems: Vec::new() };
        for problem in problems {
            decode.note(problem.at.span, problem.message);
        }
        let history = match tree.roots() {
            [root] => decode.history(*root),
            [] => decode.wrong(Span::at(0), "it is empty; it holds `today` and `commits`"),
            [_, second, ..] => decode.wrong(tree.head(*second), "it holds a second document; put all into the first"),
        };
        let mut problems = decode.problems;
        problems.sort_by_key(|problem| (problem.line, problem.column));
        match history {
            Some(history) if problems.is_empty() => Ok(history),
            _ => Err(problems),
        }
    }
}

struct Decode<'a> {
    tree: &'a Tree,
    problems: Vec<HistoryProblem>,
}

impl Decode<'_> {
    fn note(&mut self, span: Span, message: impl Into<String>) {
        let place = self.tree.file().place(span);
        self.problems.push(HistoryProblem { line: place.line, column: place.column, message: message.into() });
    }

    fn wrong<T>(&mut self, span: Span, message: impl Into<String>) -> Option<T> {
        self.note(span, message);
        None
    }

    fn keys(&mut self, map: NodeId, known: &[&str]) {
        let tree = self.tree;
        for entry in tree.entries(map) {
            let key = tree.text(&entry.key);
            if !known.contains(&key) {
                self.note(entry.span, format!("`{key}` is not known here; known are {}", known.join(", ")));
            }
        }
    }

    fn history(&mut self, root: NodeId) -> Option<ExampleHistory> {
        self.keys(root, &["today", "commits"]);
        let today = self.text(root, "today").and_then(|(text, span)| match Day::parse(&text) {
            Some(day) => Some((day, span)),
            None => self.wrong(span, format!("`{text}` is not a day; write it as 2026-11-02")),
        });
        let mut commits = Vec::new();
        let list = self.tree.get(root, "commits");
        for id in list.map(|list| self.tree.items(list)).unwrap_or_default() {
            commits.push(self.commit(*id, today.map(|(day, _)| day)));
        }
        if commits.is_empty() {
            let at = self.tree.head(list.unwrap_or(root));
            return self.wrong(at, "`commits` has no item; an example begins with at least one commit");
        }
        Some(ExampleHistory { today: today?.0, commits: commits.into_iter().collect::<Option<_>>()? })
    }

    fn commit(&mut self, id: NodeId, today: Option<Day>) -> Option<ExampleCommit> {
        self.keys(id, &["message", "author", "date", "files", "content", "remove", "tag"]);
        let message = self.text(id, "message");
        let (name, email) = match self.tree.get(id, "author") {
            Some(author) => {
                self.keys(author, &["name", "email"]);
                (self.text(author, "name"), self.text(author, "email"))
            }
            None => (self.text(id, "author"), None),
        };
        let date = self.text(id, "date").and_then(|(text, span)| match DateTime::parse_from_rfc3339(&text) {
            // A run on `today` sees the whole day.
            Ok(date) if today.is_some_and(|today| date.timestamp() >= today.midnight() + 86_400) => {
                self.wrong(span, format!("`{text}` is after `today`"))
            }
            Ok(date) => Some(date),
            Err(_) => self.wrong(span, format!("`{text}` is not a time; write it as 2026-11-02T09:00:00Z")),
        });
        let (files, remove) = (self.texts(id, "files"), self.texts(id, "remove"));
        let content = self.content(id);
        let tag = self.tree.get(id, "tag").and_then(|_| self.text(id, "tag"));
        if files.is_empty() && remove.is_empty() && content.is_empty() {
            return self.wrong(self.tree.head(id), "this commit changes nothing; give `files`, `content` or `remove`");
        }
        let date = date?;
        Some(ExampleCommit {
            message: message?.0,
            name: name?.0,
            email: email?.0,
            seconds: date.timestamp(),
            offset: date.offset().local_minus_utc() / 60,
            files,
            content,
            remove,
            tag: tag.map(|(tag, _)| tag),
        })
    }

    fn text(&mut self, map: NodeId, key: &str) -> Option<(String, Span)> {
        let Some(id) = self.tree.get(map, key) else {
            return self.wrong(self.tree.head(map), format!("`{key}` is missing"));
        };
        let span = self.tree.node(id).span;
        match self.tree.scalar_text(id) {
            Some(text) if !text.trim().is_empty() => Some((text.to_owned(), span)),
            _ => self.wrong(self.tree.head(id), format!("`{key}` is not text")),
        }
    }

    fn texts(&mut self, map: NodeId, key: &str) -> Vec<String> {
        let Some(list) = self.tree.get(map, key) else { return Vec::new() };
        let mut texts = Vec::new();
        for id in self.tree.items(list) {
            match self.tree.scalar_text(*id) {
                Some(text) => texts.push(text.to_owned()),
                None => self.note(self.tree.node(*id).span, format!("an item of `{key}` is not text")),
            }
        }
        if texts.is_empty() {
            self.note(self.tree.head(list), format!("`{key}` is not a list of paths"));
        }
        texts
    }

    fn content(&mut self, map: NodeId) -> Vec<(String, String)> {
        let Some(content) = self.tree.get(map, "content") else { return Vec::new() };
        let mut files = Vec::new();
        for entry in self.tree.entries(content) {
            let path = self.tree.text(&entry.key).to_owned();
            match self.tree.as_str(entry.value) {
                Some(text) => files.push((path, text.to_owned())),
                None => self.note(
                    entry.span,
                    format!("`{path}` has no text; write it after `|`, or list the path under `remove`"),
                ),
            }
        }
        if files.is_empty() {
            self.note(self.tree.head(content), "`content` is not a map from paths to texts");
        }
        files
    }
}
