//! Who is asked, and what the answers are: for each path the commit that changed it last.

use crate::git::Git;
use annexa::history::PathSet;
use annexa::io::git as repositories;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

/// Gives for each path of a repository the id of the commit that changed it last, by the rules of
/// `git log`, or says why it cannot.
type LastChanges = fn(&Path, &[String]) -> Result<Vec<(String, String)>, String>;

/// What annexa answers.
const OURS: LastChanges = |repository, paths| {
    let past = repositories::past(repository, None);
    let log = past.log.ok_or_else(|| format!("there is no history: {:?}", past.state))?;
    let sets: Vec<PathSet> = paths.iter().map(|path| PathSet::path(path)).collect();
    log.prepare([], sets.iter().cloned());
    let answer = |(path, set): (&String, &PathSet)| {
        let last = log.last(set).map_err(|gap| format!("{path}: {gap}"))?;
        Ok((path.clone(), last.map(|id| id.to_string()).unwrap_or_default()))
    };
    paths.iter().zip(&sets).map(answer).collect()
};

/// Prints what annexa answers for the paths of a file, one a line.
pub fn print_ours(repository: &Path, list: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    let paths: Vec<String> = text.lines().map(str::to_owned).collect();
    let lines: Vec<String> = OURS(repository, &paths)?.iter().map(|(path, id)| format!("{path}\t{id}\n")).collect();
    print!("{}", lines.concat());
    Ok(())
}

/// A question to one of those who answer.
pub enum Question<'a> {
    /// `git log -1` for each path.
    LogEach { git: &'a Git, paths: &'a [String], graph: bool },
    /// One walk that lists the files of every commit.
    Walk { git: &'a Git, paths: &'a [String] },
    /// annexa, in a process of its own, for the paths that a file lists.
    Ours { repository: &'a Path, list: &'a Path },
}

impl Question<'_> {
    /// The commands that answer it.
    pub fn commands(&self) -> Vec<Vec<String>> {
        match self {
            Question::LogEach { git, paths, graph } => {
                let log = |path: &String| {
                    let graph = format!("core.commitGraph={graph}");
                    let options = ["--literal-pathspecs", "-c", &graph, "log", "-1", "--format=%H", "HEAD", "--", path];
                    words(git, &options)
                };
                paths.iter().map(log).collect()
            }
            Question::Walk { git, .. } => {
                let quiet = ["-c", "core.commitGraph=false", "-c", "core.quotePath=false"];
                vec![words(git, &[&quiet[..], &["log", "--name-only", "--format=%x00%H", "HEAD"]].concat())]
            }
            Question::Ours { repository, list } => {
                let exe = std::env::current_exe().unwrap_or_default();
                let words = [&exe, Path::new("--answer"), list, Path::new("--repository"), repository];
                vec![words.map(|word| word.to_string_lossy().into_owned()).to_vec()]
            }
        }
    }

    /// The answers in what the commands wrote.
    pub fn read(&self, output: &[u8]) -> Result<Answers, String> {
        let text = String::from_utf8_lossy(output);
        match self {
            Question::LogEach { paths, .. } => {
                let ids: Vec<&str> = text.lines().collect();
                if ids.len() != paths.len() {
                    return Err(format!("git log gave {} answers for {} paths", ids.len(), paths.len()));
                }
                Ok(Answers(paths.iter().cloned().zip(ids.into_iter().map(str::to_owned)).collect()))
            }
            Question::Walk { paths, .. } => {
                let asked: HashSet<&str> = paths.iter().map(String::as_str).collect();
                let mut answers = BTreeMap::new();
                for commit in text.split('\0') {
                    let mut lines = commit.lines();
                    let id = lines.next().unwrap_or_default();
                    for path in lines.filter(|path| asked.contains(path)) {
                        answers.entry(path.to_owned()).or_insert_with(|| id.to_owned());
                    }
                }
                Ok(Answers(answers))
            }
            Question::Ours { .. } => {
                let pair = |line: &str| line.split_once('\t').map(|(path, id)| (path.to_owned(), id.to_owned()));
                let pairs: Option<_> = text.lines().map(pair).collect();
                Ok(Answers(pairs.ok_or("annexa answered in another form")?))
            }
        }
    }
}

fn words(git: &Git, arguments: &[&str]) -> Vec<String> {
    let folder = git.folder().to_string_lossy();
    let all = [&["git", "--git-dir", &folder][..], arguments].concat();
    all.into_iter().map(str::to_owned).collect()
}

/// For each path the commit that changed it last.
pub struct Answers(BTreeMap<String, String>);

impl Answers {
    /// Each of the paths that is answered otherwise than in `truth`: the path, the answer, the truth.
    pub fn differences<'a>(
        &'a self,
        truth: &'a Answers,
        paths: &'a [String],
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
        let of = |answers: &'a Answers, path: &String| answers.0.get(path).map_or("nothing", String::as_str);
        let both = move |path: &'a String| (path.as_str(), of(self, path), of(truth, path));
        paths.iter().map(both).filter(|(_, said, right)| said != right)
    }
}
