//! When each of N paths was last changed, asked of git's own programs and of annexa on the same history.
//!
//!     cargo bench --bench history
//!     cargo bench --bench history -- --commits 5000 --files 2000 --seed 1
//!     cargo bench --bench history -- --repository DIR
//!
//! Needs git 2.31 or later. README.md in the folder above says what is measured and how. Ends with 1
//! when an answer is not the one of `git log -1`.

#![allow(clippy::print_stdout, clippy::print_stderr, clippy::exit)]

mod answers;
mod generate;
mod git;
mod measure;
mod table;

use answers::{Answers, Question};
use clap::Parser;
use generate::{Random, Size};
use git::Git;
use measure::Figures;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::Row;

/// How many paths are asked for at a time.
const COUNTS: [usize; 5] = [10, 100, 200, 1_000, 10_000];

/// A shell of `git log -1` for each path is measured on this many and scaled; on these, all answers are
/// compared.
const SAMPLE: usize = 20;

/// When each of N paths was last changed: git's own programs and annexa on the same history.
#[derive(Parser)]
struct Options {
    /// Commits of the history that is made
    #[arg(long, default_value_t = 100_000)]
    commits: usize,
    /// Files at its head
    #[arg(long, default_value_t = 12_000)]
    files: usize,
    /// Decides the history and which paths are asked for
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// A repository instead of a made one; nothing is written into it
    #[arg(long, value_name = "DIR")]
    repository: Option<PathBuf>,
    /// Runs of each command; the one with the least CPU counts
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Where made histories stay
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_TARGET_TMPDIR"), "/history"))]
    cache: PathBuf,
    /// What cargo says to every benchmark.
    #[arg(long, hide = true)]
    bench: bool,
    /// Runs the commands of a job and writes what they used.
    #[arg(long, hide = true, value_name = "JOB")]
    measured: Option<PathBuf>,
    /// Prints what annexa answers for the paths of a file.
    #[arg(long, hide = true, value_name = "PATHS", requires = "repository")]
    answer: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let ended = match (&options.measured, &options.answer, &options.repository) {
        (Some(job), ..) => measure::relay(job).map(|()| true),
        (_, Some(paths), Some(repository)) => answers::print_ours(repository, paths).map(|()| true),
        _ => all(&options),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Measures everything and prints it; whether all answers were right.
fn all(options: &Options) -> Result<bool, String> {
    std::fs::create_dir_all(&options.cache)
        .map_err(|error| format!("{} cannot be made: {error}", options.cache.display()))?;
    let work = tempfile::tempdir_in(&options.cache).map_err(|error| format!("no temporary folder: {error}"))?;
    let size = Size { commits: options.commits, files: options.files, seed: options.seed };
    let source = match &options.repository {
        Some(given) => given.canonicalize().map_err(|error| format!("{}: {error}", given.display()))?,
        None => generate::repository(&options.cache, size)?,
    };
    // Neither is written into: a clone that borrows the objects takes the graph.
    let plain = Git::borrowing(&source, &work.path().join("plain.git"))?;
    let graphed = Git::borrowing(&source, &work.path().join("graphed.git"))?;
    graphed.run(&["commit-graph", "write", "--reachable", "--changed-paths", "--no-progress"])?;

    let mut paths = plain.paths()?;
    Random::new(options.seed).shuffle(&mut paths);
    table::print_head(&plain, &source, paths.len())?;
    let asked = Asked { work: work.path(), runs: options.runs, paths: &paths };
    let sample = &paths[..SAMPLE.min(paths.len())];
    let (each, truth) = asked.of(&Question::LogEach { git: &plain, paths: sample, graph: false })?;
    let (each_graphed, with_graph) = asked.of(&Question::LogEach { git: &graphed, paths: sample, graph: true })?;
    let (walk, by_walk) = asked.of(&Question::Walk { git: &plain, paths: sample })?;
    let mut wrong = compared("git log -1 with filters", &truth, &with_graph, sample);
    let others = by_walk.differences(&truth, sample).count();
    println!(
        "the walk of git log --name-only answers {others} of {} paths otherwise: it passes over merges",
        sample.len()
    );

    for count in COUNTS.into_iter().filter(|&count| count <= paths.len().max(COUNTS[0])) {
        let share = count as f64 / sample.len() as f64;
        let mut rows = vec![
            Row { name: "a  git log -1 for each", base: None, figures: each.scaled(share) },
            Row { name: "b  git log --name-only", base: Some("b"), figures: walk },
            Row { name: "f  a with filters", base: None, figures: each_graphed.scaled(share) },
        ];
        for (name, base, git) in [("annexa", "annexa", &plain), ("annexa with filters", "filters", &graphed)] {
            let (figures, answers) = asked.ours(git, count)?;
            wrong += compared(&format!("{name}, {count} paths"), &truth, &answers, &sample[..count.min(sample.len())]);
            rows.push(Row { name, base: Some(base), figures });
        }
        table::print(count, &rows);
    }
    println!("\nall compared on {} paths: {wrong} wrong", sample.len());
    Ok(wrong == 0)
}

/// How questions are asked.
struct Asked<'a> {
    work: &'a Path,
    runs: usize,
    paths: &'a [String],
}

impl Asked<'_> {
    fn of(&self, question: &Question) -> Result<(Figures, Answers), String> {
        let (figures, output) = measure::best(&question.commands(), self.runs, self.work)?;
        Ok((figures, question.read(&output)?))
    }

    /// What annexa answers for the first `count` paths.
    fn ours(&self, git: &Git, count: usize) -> Result<(Figures, Answers), String> {
        let paths = &self.paths[..count.min(self.paths.len())];
        let list = self.work.join("paths");
        std::fs::write(&list, paths.join("\n")).map_err(|error| format!("{}: {error}", list.display()))?;
        self.of(&Question::Ours { repository: git.folder(), list: &list })
    }
}

/// Prints each of the paths whose answer is not the one of `git log -1`, and counts them.
fn compared(name: &str, truth: &Answers, answers: &Answers, paths: &[String]) -> usize {
    let wrong = answers.differences(truth, paths).inspect(|(path, said, right)| {
        println!("wrong: {name} says {said} for {path}, git log -1 {right}");
    });
    wrong.count()
}
