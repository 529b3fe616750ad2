//! `annexa log`: the life of a document as policies see it.

use super::console::Console;
use super::failure::Failure;
use super::outputs::Outputs;
use super::project::Project;
use super::visible::Visible;
use crate::cli::LogArgs;
use crate::document::{closest, did_you_mean};
use crate::engine::life::Chronicle;
use crate::engine::{self, Corpus, CorpusBuilder};
use crate::facts::{Globs, History, Snapshot};
use crate::finding::{Subject, Verdict};
use crate::history::{Gap, Log, Past};
use crate::io::{clock, disk, git};
use crate::report::{LOG_FORMATS, Options};
use crate::source::plain;
use crate::value::{Limits, NodeId, Tree};
use std::path::Path;
use std::sync::Arc;

/// Runs the command.
pub fn run(args: &LogArgs, console: &mut Console) -> Result<u8, Failure> {
    let outputs = Outputs::new(&args.output, LOG_FORMATS)?;
    let chronicle = engine::deep(|| tell(args))?;
    let options = Options { plain: args.plain, ..console.options() };
    outputs.write(&chronicle, &options, console)?;
    Ok(if chronicle.is_complete() { 0 } else { Verdict::Incomplete.exit_code() })
}

fn tell(args: &LogArgs) -> Result<Chronicle, Failure> {
    let (project, record) = open(args)?;
    let path = document(&project, args)?;
    let past = project.past()?;
    let log = history(&project, &past)?;
    committed(&log, &path)?;
    let visible = Arc::new(Visible::alone(&project, &path));
    let corpus = corpus(&project, &path, Arc::clone(&visible), past)?;
    let chosen = records(&corpus, &path, record)?;
    let mut chronicle = Chronicle::of(&corpus, &log, &path, chosen, args.all).map_err(|gap| unknown(&gap))?;
    if project.commit.is_none()
        && let Ok(bytes) = visible.read(&path, Limits::default().bytes)
    {
        chronicle.compare_with_disk(&log, &bytes);
    }
    Ok(chronicle)
}

/// The repository around the document, and the id of the record that was asked for. A name of a file may
/// hold a `#` too.
fn open(args: &LogArgs) -> Result<(Project, Option<String>), Failure> {
    let opened = |path: &Path| match &args.at {
        Some(at) => Project::at(path, at),
        None => Project::open(path),
    };
    let split = args.document.to_str().and_then(|text| text.rsplit_once('#')).filter(|(file, _)| !file.is_empty());
    let found = match (opened(&args.document), split) {
        (Err(_), Some((file, id))) => opened(Path::new(file)).map(|project| (project, Some(id.to_owned()))),
        (found, _) => found.map(|project| (project, None)),
    };
    found.map_err(|failure| match failure {
        Failure::Usage { message, help } if help.is_empty() && args.at.is_none() => {
            Failure::usage(message, "Where it was removed, name a commit that still holds it with `--at`.")
        }
        other => other,
    })
}

/// The path of the document from the root.
fn document(project: &Project, args: &LogArgs) -> Result<String, Failure> {
    let path = project.root.narrowed_to.clone().unwrap_or_default();
    let is_folder = match &project.commit {
        Some(_) => project.tree.paths().binary_search(&path).is_err(),
        None => disk::is_folder(&project.root.path.join(&path)),
    };
    if is_folder {
        return Err(Failure::usage(
            format_args!("`{}` is no file", plain(&args.document.to_string_lossy())),
            "Name a document; `annexa doctor` lists those that are recognised.",
        ));
    }
    Ok(path)
}

fn history(project: &Project, past: &Past) -> Result<Arc<Log>, Failure> {
    if let Some(log) = &past.log {
        return Ok(Arc::clone(log));
    }
    match &past.state {
        History::None(_) if git::top(&project.root.path).is_none() => Err(Failure::usage(
            "this is not a git repository, so nothing tells what became of the document",
            "Name a document of a repository.",
        )),
        History::None(why) => Err(Failure::Incomplete {
            message: format!("the history cannot be read: {why}"),
            help: "`annexa doctor` shows what can be seen of the repository.".to_owned(),
        }),
        History::Unborn | History::Full { .. } | History::Shallow { .. } => Err(Failure::usage(
            "the repository has no commit yet, so the document has no history",
            "Commit it; its history begins there.",
        )),
    }
}

fn committed(log: &Log, path: &str) -> Result<(), Failure> {
    match log.at(log.head(), path).map_err(|gap| unknown(&gap))? {
        Some(_) => Ok(()),
        None => Err(Failure::usage(
            format_args!("`{}` is not in the commit {}, so it has no history there", plain(path), log.head().short()),
            "Commit it; or name a commit that holds it with `--at`.",
        )),
    }
}

fn unknown(gap: &Gap) -> Failure {
    Failure::Incomplete {
        message: format!("the history of the document cannot be known: {gap}"),
        help: gap.help().to_owned(),
    }
}

/// The document by itself, and who is who.
fn corpus(project: &Project, path: &str, visible: Arc<Visible>, past: Past) -> Result<Arc<Corpus>, Failure> {
    let setup = &project.setup;
    let wanted = Globs::new([Globs::literal(path)]).map_err(|why| Failure::usage(why, ""))?;
    let files = engine::load(visible.as_ref(), &setup.kinds, &setup.recogniser, &setup.exclude, &wanted);
    let unreadable = files.unreadable();
    let corpus = CorpusBuilder {
        snapshot: visible,
        today: clock::today(None).map_err(|why| Failure::usage(why, ""))?,
        kinds: Arc::clone(&setup.kinds),
        documents: files.documents,
        files: files.trees,
        unread: files.unread,
        unreadable,
        shared: Vec::new(),
        organization: None,
        base: None,
        pull_request: None,
        past,
        people: setup.config.people.clone(),
    };
    Ok(corpus.build())
}

type Record = (Subject, Option<(Arc<Tree>, NodeId)>);

/// The records whose lives are told: those of the file, or the one that was asked for; the file itself where
/// it holds none.
fn records(corpus: &Corpus, path: &str, wanted: Option<String>) -> Result<Vec<Record>, Failure> {
    let mut records: Vec<Record> = Vec::new();
    for (number, document) in corpus.documents().iter().enumerate() {
        let root = corpus.as_written(corpus.tree_index(number), document.root);
        records.push((corpus.subject(number), root.map(|root| (Arc::clone(&document.tree), root))));
    }
    if records.is_empty() {
        let subject = Subject { kind: "file".into(), id: path.into(), path: path.into() };
        records.push((subject, None));
    }
    let Some(wanted) = wanted else { return Ok(records) };
    let ids: Vec<Arc<str>> = records.iter().map(|(subject, _)| Arc::clone(&subject.id)).collect();
    records.retain(|(subject, _)| *subject.id == *wanted);
    if records.is_empty() {
        let near = closest(&wanted, ids.iter().map(|id| &**id));
        let help = did_you_mean(near, "Without `#` every record of the file is shown.");
        return Err(Failure::usage(format_args!("`{}` has no record `{}`", plain(path), plain(&wanted)), help));
    }
    Ok(records)
}
