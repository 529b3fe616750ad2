//! `annexa eval`: one expression, its value, and what it read.

use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use super::visible::Visible;
use crate::cli::{EvalArgs, EvalOutput};
use crate::document::Recogniser;
use crate::engine::cel::BUDGET;
use crate::engine::eval::{self, EvalSubject, Evaluation};
use crate::engine::syntax::Limit;
use crate::engine::{self, Corpus, CorpusBuilder, Faulty, Files};
use crate::facts::{Day, Globs, History};
use crate::io::{clock, disk, input};
use crate::report::{value_json, value_text, value_type};
use crate::source::{SourceFile, plain};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// Exit code of an expression that has no value to rely on.
const NO_VALUE: u8 = 3;

/// What the expression is called in errors.
const NAME: &str = "expression";

/// One result: the document it is about, and what came out.
struct Answer {
    subject: Option<EvalSubject>,
    evaluation: Evaluation,
}

/// Runs the command.
pub fn run(args: &EvalArgs, console: &mut Console) -> Result<u8, Failure> {
    let text = match args.expression.as_str() {
        "-" => input::text(2 * Limit::BYTES)
            .map_err(|error| Failure::usage(format_args!("the expression cannot be read: {error}"), ""))?,
        text => text.to_owned(),
    };
    let text = text.trim_end().to_owned();
    if text.len() > Limit::BYTES {
        return Err(Failure::usage(
            format_args!("the expression has more than {} bytes, and longer ones are not compiled", Limit::BYTES),
            "Evaluate its parts one by one.",
        ));
    }
    let today = clock::today(args.today).map_err(|message| Failure::usage(message, ""))?;
    let file = Arc::new(SourceFile::new(NAME, text.clone().into_bytes()));
    let faulty = |problems| Faulty { file: Arc::clone(&file), problems };
    let (corpus, answers, faults) = engine::deep(|| {
        let (corpus, subjects) = open(args, today)?;
        let documents: Vec<_> = subjects.iter().flatten().cloned().collect();
        let doc = args.doc.is_some().then(|| eval::type_of(&corpus, &documents));
        let program =
            eval::compile(&text, corpus.kinds(), doc).map_err(|problems| Failure::Expression(faulty(problems)))?;
        let mut faults = Vec::new();
        let mut answers = Vec::new();
        for subject in subjects {
            let evaluation = eval::evaluate(&corpus, &program, subject.as_ref());
            if let Err(stop) = &evaluation.value {
                let fault = eval::fault(&corpus, &program, subject.as_ref(), stop);
                // Many documents fail alike; the expression is shown once for each way.
                if faults.iter().all(|known: &crate::value::Problem| known.message != fault.message) {
                    faults.push(fault);
                }
            }
            answers.push(Answer { subject, evaluation });
        }
        Ok::<_, Failure>((corpus, answers, faults))
    })?;
    match args.output {
        EvalOutput::Text => answers.iter().try_for_each(|answer| show(answer, &corpus, console))?,
        EvalOutput::Json => {
            let results: Vec<_> = answers.iter().map(|answer| as_json(answer, &corpus)).collect();
            let whole = json!({"format": "annexa-eval", "version": 1, "expression": text, "today": today.to_string(), "results": results});
            console.line(format_args!("{whole:#}"))?;
        }
    }
    console.flush()?;
    if !faults.is_empty() {
        console.problems(&[faulty(faults)])?;
    }
    let sure = |answer: &Answer| answer.evaluation.value.is_ok() && answer.evaluation.unknown.is_empty();
    Ok(if answers.iter().all(sure) { 0 } else { NO_VALUE })
}

/// The documents that the expression sees, and those that it is evaluated on.
fn open(args: &EvalArgs, today: Day) -> Result<(Arc<Corpus>, Vec<Option<EvalSubject>>), Failure> {
    let around = args.doc.as_deref().unwrap_or(Path::new("."));
    let project = Project::open(args.path.as_deref().unwrap_or(around))?;
    let doc = args.doc.as_deref().map(|doc| below(&project, doc)).transpose()?;
    let past = project.past()?;
    // A file that lies anywhere is looked at alone: what else is in that folder belongs to nothing.
    let loose =
        args.path.is_none() && args.doc.is_some() && project.config.is_none() && matches!(past.state, History::None(_));
    let snapshot = Arc::new(match &doc {
        Some(doc) if loose => Visible::alone(&project, doc),
        Some(doc) => Visible::with(&project, doc),
        None => Visible::all(&project),
    });
    let (setup, shared) = (&project.setup, project.shared()?);
    let config = &setup.config;
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    if let (Some(kind), Some(doc)) = (&args.kind, &doc) {
        rows.push((kind.clone(), vec![Globs::literal(doc)]));
    }
    rows.extend(config.kinds.iter().map(|(id, globs)| (id.value.clone(), globs.clone())));
    let recogniser = Recogniser::new(&setup.kinds, &rows).map_err(|bad| {
        let message = bad.into_iter().next().map(|bad| bad.message).unwrap_or_default();
        Failure::usage(message, "`annexa list kinds` shows the kinds there are.")
    })?;
    if let Some(doc) = doc.as_ref().filter(|doc| setup.exclude.matches(doc)) {
        return Err(Failure::usage(
            format_args!("`{doc}` is listed under `exclude` in annexa.yaml, so no policy sees it"),
            "Take it out there, or copy it to another folder.",
        ));
    }
    let wanted = match &doc {
        Some(doc) => Globs::new([Globs::literal(doc)]).map_err(|why| Failure::usage(why, ""))?,
        None => Globs::none(),
    };
    let files = engine::load(snapshot.as_ref(), &setup.kinds, &recogniser, &setup.exclude, &wanted);
    if let Some(doc) = &doc {
        readable(&files, doc)?;
    }
    let unreadable = files.unreadable();
    let organization = shared.map(|shared| (shared.path, shared.commit));
    let corpus = CorpusBuilder {
        snapshot,
        today,
        kinds: Arc::clone(&setup.kinds),
        documents: files.documents,
        files: files.trees,
        unread: files.unread,
        unreadable,
        shared: Vec::new(),
        organization,
        base: None,
        pull_request: None,
        past,
        people: config.people.clone(),
    }
    .build();
    let Some(doc) = doc else { return Ok((corpus, vec![None])) };
    let subjects = subjects(&corpus, &doc);
    if subjects.is_empty() {
        return Err(Failure::usage(
            format_args!("`{doc}` holds nothing that an expression can read"),
            "Name a YAML, JSON, TOML or Markdown file that is not empty.",
        ));
    }
    Ok((corpus, subjects.into_iter().map(Some).collect()))
}

/// The records of a file: its documents, else its roots.
fn subjects(corpus: &Corpus, doc: &str) -> Vec<EvalSubject> {
    let documents = corpus.documents().iter().enumerate().filter(|(_, d)| d.tree.file().path() == doc);
    let documents: Vec<_> =
        documents.map(|(index, d)| EvalSubject::new(corpus, corpus.tree_index(index), d.root)).collect();
    if !documents.is_empty() {
        return documents;
    }
    let file = corpus.files().iter().find(|(tree, _)| corpus.tree(*tree).file().path() == doc);
    let roots = |tree: u32| corpus.tree(tree).roots().iter().map(move |root| EvalSubject::new(corpus, tree, *root));
    file.map(|(tree, _)| roots(*tree).collect()).unwrap_or_default()
}

/// The path of the document from the root of the repository.
fn below(project: &Project, doc: &Path) -> Result<String, Failure> {
    let shown = plain(&doc.to_string_lossy());
    let root = crate::io::root::find(doc).map_err(|error| Failure::usage(error, ""))?;
    let full = root.narrowed_to.as_ref().map_or(root.path.clone(), |below| root.path.join(below));
    if disk::is_folder(&full) {
        return Err(Failure::usage(format_args!("`{shown}` is a folder"), "Name a file with `--doc`."));
    }
    let inside = full.strip_prefix(&project.root.path).ok().and_then(Path::to_str).map(|path| path.replace('\\', "/"));
    inside.ok_or_else(|| {
        Failure::usage(
            format_args!("`{shown}` is not in the repository `{}`", plain(&project.root.path.to_string_lossy())),
            "Name a document of the repository, or another repository with `--path`.",
        )
    })
}

/// A document with broken syntax has no fields to show: what is wrong is shown instead.
fn readable(files: &Files, doc: &str) -> Result<(), Failure> {
    let known = files.documents.iter().any(|d| d.tree.file().path() == doc);
    if let Some(broken) = files.broken.iter().find(|b| b.file.path() == doc && !known) {
        return Err(Failure::Expression(Faulty { file: Arc::clone(&broken.file), problems: broken.problems.clone() }));
    }
    let denied = files.denied.iter().find(|(path, ..)| path == doc).map(|(_, _, error)| error.to_string());
    let unread = files.unread.iter().find(|(tree, _)| tree.file().path() == doc).map(|(_, why)| why.clone());
    match denied.or(unread) {
        Some(why) => Err(Failure::usage(format_args!("`{doc}`: {why}"), "Mend the file first.")),
        None => Ok(()),
    }
}

fn show(answer: &Answer, corpus: &Corpus, console: &mut Console) -> Result<(), Failure> {
    let Answer { subject, evaluation } = answer;
    if let Some(subject) = subject {
        let name = match subject.document().map(|document| corpus.subject(document)) {
            Some(named) => format!("{}: {} `{}`", named.path, named.kind, named.id),
            None => format!("{}: a file of no known kind", subject.path()),
        };
        console.heading(&plain(&name))?;
    }
    match &evaluation.value {
        Ok(value) => {
            let text = value_text(value);
            if text.contains('\n') {
                console.line("value")?;
                text.lines().try_for_each(|line| console.line(format_args!("    {line}")))?;
            } else {
                console.line(format_args!("value  {text}"))?;
            }
            console.line(format_args!("type   {}", value_type(value)))?;
        }
        Err(_) => console.line("value  none: see the error")?,
    }
    console.line(format_args!("cost   {} of {BUDGET} steps", evaluation.cost))?;
    for why in &evaluation.unknown {
        console.line(format_args!("unknown  {}", plain(why)))?;
    }
    let places: Vec<String> = evaluation
        .seen
        .iter()
        .map(|seen| plain(&format!("{}:{}", seen.at.file.path(), seen.at.place().line)))
        .collect();
    let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0);
    if !places.is_empty() {
        console.line("read")?;
    }
    for (place, seen) in places.iter().zip(&evaluation.seen) {
        console.line(format_args!("    {place:width$}  {}", plain(&seen.what)))?;
    }
    console.blank()?;
    Ok(())
}

fn as_json(answer: &Answer, corpus: &Corpus) -> serde_json::Value {
    let Answer { subject, evaluation } = answer;
    let named = subject.as_ref().and_then(EvalSubject::document).map(|document| corpus.subject(document));
    let reads: Vec<_> = evaluation
        .seen
        .iter()
        .map(|seen| {
            let place = seen.at.place();
            json!({"path": seen.at.file.path(), "line": place.line, "column": place.column, "missing": seen.missing, "text": seen.what})
        })
        .collect();
    let (value, kind, error) = match &evaluation.value {
        Ok(value) => (value_json(value), value_type(value).into(), serde_json::Value::Null),
        Err(stop) => (serde_json::Value::Null, serde_json::Value::Null, stop.to_string().into()),
    };
    json!({
        "path": subject.as_ref().map(EvalSubject::path),
        "kind": named.as_ref().map(|s| s.kind.to_string()),
        "id": named.as_ref().map(|s| s.id.to_string()),
        "value": value,
        "type": kind,
        "cost": evaluation.cost,
        "reads": reads,
        "unknown": evaluation.unknown,
        "error": error,
    })
}
