//! `annexa doctor`: what a check would read here, as what, and what it would pass over.

mod clone;

use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use crate::cli::DoctorArgs;
use crate::engine::{self, Files};
use crate::facts::{Globs, History};
use crate::io::git;
use crate::source::plain;
use std::collections::BTreeMap;

/// Lines of a list that are shown without `--all`.
const SHOWN: usize = 10;

/// Commits are counted up to here.
const COUNTED: usize = 100_000;

/// Runs the command.
pub fn run(args: &DoctorArgs, console: &mut Console) -> Result<u8, Failure> {
    let project = Project::open(&args.path)?;
    let setup = &project.setup;
    let files = engine::deep(|| {
        engine::load(project.tree.as_ref(), &setup.kinds, &setup.recogniser, &setup.exclude, &Globs::none())
    });
    let shown = if args.all { usize::MAX } else { SHOWN };
    console.heading("Repository")?;
    console.line(format_args!("  root           {}", plain(&project.root.path.display().to_string())))?;
    let config = if project.config.is_some() { "annexa.yaml" } else { "none; the defaults hold" };
    console.line(format_args!("  configuration  {config}"))?;
    history(&project, console)?;
    console.line(format_args!("  policies       {}", setup.policies.len()))?;
    documents(&files, console, shown)?;
    let problems = files.broken.iter().flat_map(|b| {
        b.problems.iter().map(|p| format!("{}:{}  {}", b.file.path(), b.file.place(p.at.span).line, p.message))
    });
    let denied = files.denied.iter().map(|(path, _, error)| format!("{path}  {error}"));
    list(console, "Files with problems", problems.chain(denied).collect(), shown)?;
    let skipped = project.tree.skipped().iter().chain(&files.skipped).map(|s| format!("{}  {}", s.path, s.why));
    list(console, "Passed over", skipped.collect(), shown)?;
    let excluded = project.tree.paths().iter().filter(|p| setup.exclude.matches(p)).cloned();
    list(console, "Excluded by annexa.yaml", excluded.collect(), shown)?;
    let title =
        "Not recognised (could be documents: name their `kind:`, or list their paths under `kinds` in annexa.yaml)";
    list(console, title, files.unrecognised.clone(), shown)?;
    console.flush()?;
    Ok(0)
}

fn history(project: &Project, console: &mut Console) -> Result<(), Failure> {
    let past = project.past()?;
    let words = match &past.state {
        History::Full { head } => {
            let count = git::commit_count(&project.root.path, COUNTED);
            let count = count.map_or_else(
                || "uncounted".to_owned(),
                |n| if n >= COUNTED { format!("more than {n}") } else { n.to_string() },
            );
            format!("complete, {count} commits up to {}", short(head))
        }
        History::Shallow { head } => format!(
            "shallow, up to {}; older commits are not here: fetch them with `git fetch --unshallow`, or `fetch-depth: 0` in actions/checkout",
            short(head)
        ),
        History::Unborn => "no commit yet".to_owned(),
        History::None(why) => format!("none: {why}"),
        History::Closed(why) => format!("it cannot be read: {why}"),
    };
    row(console, "history", &words)?;
    if let Ok(shape) = git::shape(&project.root.path) {
        let graph = git::commit_graph(&project.root.path);
        for (what, text) in clone::lines(&shape, graph.as_ref()) {
            row(console, what, &text)?;
        }
    }
    if let Some(commit) = &past.adopted_at {
        row(console, "adopted at", short(commit))?;
    }
    if let Some(shared) = project.shared()? {
        row(console, "organisation", &format!("{} at {}", shared.path, short(&shared.commit)))?;
    }
    Ok(())
}

fn row(console: &mut Console, what: &str, text: &str) -> Result<(), Failure> {
    Ok(console.line(format_args!("  {what:<14} {}", plain(text)))?)
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}

fn documents(files: &Files, console: &mut Console, shown: usize) -> Result<(), Failure> {
    let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for document in &files.documents {
        let id = document.id.as_ref().map(|id| format!("  ({id})")).unwrap_or_default();
        kinds.entry(&document.kind.id).or_default().push(format!("{}{id}", document.tree.file().path()));
    }
    console.blank()?;
    console.heading(&format!("Documents: {}", files.documents.len()))?;
    for (kind, paths) in kinds {
        console.line(format_args!("  {kind}: {}", paths.len()))?;
        lines(console, &paths, shown, 4)?;
    }
    Ok(())
}

fn list(console: &mut Console, title: &str, items: Vec<String>, shown: usize) -> Result<(), Failure> {
    if items.is_empty() {
        return Ok(());
    }
    console.blank()?;
    console.heading(&format!("{title}: {}", items.len()))?;
    lines(console, &items, shown, 2)
}

fn lines(console: &mut Console, items: &[String], shown: usize, indent: usize) -> Result<(), Failure> {
    for item in items.iter().take(shown) {
        console.line(format_args!("{:indent$}{}", "", plain(item)))?;
    }
    if items.len() > shown {
        console.line(format_args!("{:indent$}and {} more; `--all` lists them", "", items.len() - shown))?;
    }
    Ok(())
}
