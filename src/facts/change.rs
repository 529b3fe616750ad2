//! A change as its reviewers see it: the files that differ between two commits, and the lines that a
//! platform shows of them.

use std::collections::BTreeMap;

/// What came between two commits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Where the root lies in the repository, with a `/` at its end; empty for its top. Paths of
    /// reports begin at the root, paths of the platform at the top.
    pub root: String,
    /// The files that differ, by their paths from the top as the change leaves them; of a file that
    /// went away its former path.
    pub files: BTreeMap<String, FileChange>,
}

/// How one file differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileChange {
    /// What happened to it.
    pub status: FileStatus,
    /// The parts that a platform shows, in the lines of the new version, from 1 on. Empty for a file
    /// that is shown without its text.
    pub hunks: Vec<Hunk>,
    /// Where the lines of the judged file stand in the version that reviewers see; see [`LineMap`].
    pub lines: LineMap,
}

/// What happened to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum FileStatus {
    /// It came.
    Added,
    /// Its content or its mode is another one.
    #[default]
    Modified,
    /// It went away.
    Removed,
    /// It had this path before.
    Renamed(String),
}

/// A part of a file that is shown: lines that came, and those around them that stayed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunk {
    /// The first line that is shown.
    pub start: u32,
    /// How many are.
    pub count: u32,
    /// Of these, those that came, as first and last line, in order.
    pub added: Vec<(u32, u32)>,
}

/// Lines of one version of a file in another one. Judged is what a merge gives, and reviewers see the
/// file before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LineMap {
    /// Both are the same.
    #[default]
    Same,
    /// Runs of lines that are the same: first line here, first line there, how many.
    Runs(Vec<(u32, u32, u32)>),
}

impl LineMap {
    /// Where a line stands in the other version; `None` where it is not there.
    pub fn line(&self, line: u32) -> Option<u32> {
        match self {
            LineMap::Same => Some(line),
            LineMap::Runs(runs) => {
                let (here, there, _) = runs.iter().find(|(here, _, count)| (*here..here + count).contains(&line))?;
                Some(there + (line - here))
            }
        }
    }
}

/// A place as reviewers see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The path from the top of the repository.
    pub path: String,
    /// The first line.
    pub line: u32,
    /// The last line, in the same part of the diff as the first where that one is shown.
    pub end_line: u32,
    /// Whether the first line is shown in the diff, so that a comment can stand there.
    pub in_diff: bool,
}

impl Change {
    /// The file at a path from the root, where the change touches it.
    pub fn file(&self, path: &str) -> Option<&FileChange> {
        self.files.get(&self.whole(path))
    }

    /// The path from the top of the repository of a path from the root.
    pub fn whole(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// Where reviewers see lines of a file; `None` in a file that the change does not touch, in one that
    /// went away, and for lines that only the merge gives.
    pub fn seen(&self, path: &str, line: u32, end_line: u32) -> Option<Seen> {
        let path = self.whole(path);
        let file = self.files.get(&path).filter(|file| file.status != FileStatus::Removed)?;
        let line = file.lines.line(line)?;
        let end = file.lines.line(end_line).unwrap_or(line).max(line);
        let hunk = file.hunks.iter().find(|hunk| hunk.shows(line));
        // A comment may not leave the part of the diff that it begins in.
        let end_line = hunk.map_or(end, |hunk| end.min(hunk.start + hunk.count - 1));
        Some(Seen { path, line, end_line, in_diff: hunk.is_some() })
    }

    /// The first line that came in a file, as reviewers see it; the top of a file that is shown without
    /// its text.
    pub fn first_added(&self, whole_path: &str) -> Option<Seen> {
        let file = self.files.get(whole_path).filter(|file| file.status != FileStatus::Removed)?;
        let added = file.hunks.iter().find_map(|hunk| hunk.added.first().map(|(first, _)| *first));
        let line = added.or_else(|| file.hunks.first().map(|hunk| hunk.start.max(1)));
        let in_diff = line.is_some_and(|line| file.hunks.iter().any(|hunk| hunk.shows(line)));
        let line = line.unwrap_or(1);
        Some(Seen { path: whole_path.to_owned(), line, end_line: line, in_diff })
    }
}

impl Hunk {
    fn shows(&self, line: u32) -> bool {
        (self.start..self.start + self.count).contains(&line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines 3 to 9 are shown, of which 6 came; the merge has two more lines above line 5.
    fn change() -> Change {
        let file = FileChange {
            status: FileStatus::Modified,
            hunks: vec![Hunk { start: 3, count: 7, added: vec![(6, 6)] }],
            lines: LineMap::Runs(vec![(1, 1, 4), (7, 5, 100)]),
        };
        let gone = FileChange { status: FileStatus::Removed, ..FileChange::default() };
        let plain = FileChange::default();
        let files = [("sub/a.yaml", file), ("sub/gone.yaml", gone), ("sub/image.png", plain)];
        Change { root: "sub/".to_owned(), files: files.map(|(path, file)| (path.to_owned(), file)).into() }
    }

    #[test]
    fn places_are_those_that_reviewers_see() {
        // path, lines as judged -> lines as seen, whether shown
        let table = [
            ("a.yaml", (8, 8), Some((6, 6, true))),
            ("a.yaml", (1, 1), Some((1, 1, false))),
            ("a.yaml", (8, 60), Some((6, 9, true))),
            ("a.yaml", (4, 5), Some((4, 4, true))),
            ("a.yaml", (5, 5), None),
            ("b.yaml", (1, 1), None),
            ("gone.yaml", (1, 1), None),
            ("image.png", (1, 1), Some((1, 1, false))),
        ];
        for (path, (line, end), expected) in table {
            let seen = change().seen(path, line, end);
            assert_eq!(seen.map(|s| (s.line, s.end_line, s.in_diff)), expected, "{path}:{line}");
        }
    }

    #[test]
    fn what_caused_a_finding_is_the_first_line_that_came() {
        let at = |path: &str| change().first_added(path).map(|seen| (seen.line, seen.in_diff));
        assert_eq!(at("sub/a.yaml"), Some((6, true)));
        assert_eq!(at("sub/image.png"), Some((1, false)));
        assert_eq!(at("sub/gone.yaml"), None);
        assert_eq!(at("a.yaml"), None);
    }
}
