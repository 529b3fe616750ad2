//! `annexa docs`: the reference of a pack. Every example that it shows is run first.

use super::console::Console;
use super::failure::Failure;
use super::project::Project;
use crate::cli::{DocsArgs, DocsFormat, DocsPart};
use crate::document::Kinds;
use crate::embedded;
use crate::engine::functions::FUNCTIONS;
use crate::engine::testing::{Ask, Bench, test};
use crate::engine::{self, Faulty};
use crate::io::disk;
use crate::policy::Policy;
use crate::report::reference::{self, Pack, Page};
use crate::source::{SourceFile, plain};
use crate::value::{Limits, Problem, Syntax, Tree, read};
use std::path::Path;
use std::sync::Arc;

/// The file that says what a pack is.
const PACK: &str = "pack.yaml";

/// Runs the command.
pub fn run(args: &DocsArgs, console: &mut Console) -> Result<u8, Failure> {
    let page = engine::deep(|| page(args))?;
    let text = match args.format {
        DocsFormat::Markdown => reference::markdown(&page),
        DocsFormat::Html => reference::html(&page),
    };
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        // The page is made anew each time, so that an older one is replaced.
        Some(path) => {
            disk::write(path, text.as_bytes(), true).map_err(|error| Failure::usage(error, ""))?;
            console.line(format_args!("Wrote {}.", plain(&path.display().to_string())))?;
        }
        None => console.out().write_all(text.as_bytes())?,
    }
    console.flush()?;
    Ok(0)
}

fn page(args: &DocsArgs) -> Result<Page, Failure> {
    if !matches!(args.only, Some(DocsPart::Policies | DocsPart::Coverage)) {
        run_functions()?;
    }
    if args.only == Some(DocsPart::Functions) {
        return Ok(reference::functions());
    }
    let (kinds, files) = match &args.pack {
        Some(folder) => own(folder)?,
        None => (Arc::new(Kinds::bundled()), shipped()),
    };
    let pack = pack(&kinds, &files)?;
    if args.only == Some(DocsPart::Coverage) {
        return Ok(reference::coverage(&pack, &kinds));
    }
    Ok(reference::policies(&pack, args.only.is_none()))
}

fn run_functions() -> Result<(), Failure> {
    for function in FUNCTIONS {
        function.run_example().map_err(|why| {
            Failure::usage(format_args!("the example of `{}` is wrong: {why}", function.name), "Mend the example.")
        })?;
    }
    Ok(())
}

/// The files of the pack that annexa ships.
fn shipped() -> Vec<Arc<SourceFile>> {
    let files = embedded::POLICIES.iter();
    files.map(|(path, text)| Arc::new(SourceFile::new(format!("policies/{path}"), text.as_bytes().to_vec()))).collect()
}

/// The files of a folder, or one policy, and the kinds of the repository around it.
fn own(folder: &Path) -> Result<(Arc<Kinds>, Vec<Arc<SourceFile>>), Failure> {
    let project = Project::open(folder)?;
    let given = project.root.narrowed_to.as_deref();
    let below = given.map_or(String::new(), |below| format!("{below}/"));
    let wanted = |path: &&String| {
        (path.starts_with(&below) || Some(path.as_str()) == given) && matches!(Syntax::of(path), Some(Syntax::Yaml))
    };
    let mut files = Vec::new();
    for path in project.tree.paths().iter().filter(wanted) {
        let bytes = project.tree.read(path, Limits::default().bytes).map_err(|error| {
            Failure::usage(
                format_args!("`{}`: {error}", plain(path)),
                "Make the file readable, or take it out of the pack.",
            )
        })?;
        files.push(Arc::new(SourceFile::new(path.as_str(), bytes)));
    }
    Ok((Arc::clone(&project.setup.kinds), files))
}

/// Reads the policies of a pack, all of which must be valid, and runs their examples.
fn pack(kinds: &Arc<Kinds>, files: &[Arc<SourceFile>]) -> Result<Pack, Failure> {
    let policies = engine::read_policies(files, kinds).map_err(Failure::SetUp)?;
    let wrong = policies
        .iter()
        .map(|policy| Faulty { file: Arc::clone(policy.tree.file()), problems: wrong_examples(policy, kinds) });
    let faulty: Vec<Faulty> = wrong.filter(|faulty| !faulty.problems.is_empty()).collect();
    if !faulty.is_empty() {
        return Err(Failure::SetUp(faulty));
    }
    if policies.is_empty() {
        return Err(Failure::usage(
            "there is no policy here",
            "Name a policy or a folder with policies, or leave it out for the shipped policies.",
        ));
    }
    let head = files.iter().find(|file| file.path().rsplit('/').next() == Some(PACK));
    let head = head.map(|file| read(Arc::clone(file), Syntax::Yaml, &Limits::default()).0);
    let text = |key: &str| head.as_ref().and_then(|tree| field(tree, key)).unwrap_or_default();
    let title = text("title");
    Ok(Pack {
        title: if title.is_empty() { "Policies".to_owned() } else { title },
        description: text("description"),
        version: text("version"),
        policies,
    })
}

fn field(tree: &Tree, key: &str) -> Option<String> {
    let node = tree.get(*tree.roots().first()?, key)?;
    tree.scalar_text(node).map(str::to_owned)
}

fn wrong_examples(policy: &Arc<Policy>, kinds: &Arc<Kinds>) -> Vec<Problem> {
    let bench = match Bench::of(policy, Arc::clone(kinds)) {
        Ok(bench) => bench,
        Err(problems) => return problems,
    };
    let tested = engine::deep(|| test(&bench, Ask::default()));
    let wrong = tested.failing().map(|case| {
        let why: Vec<String> = case.differences.iter().map(crate::report::difference).collect();
        let message = format!("the example `{}` is wrong: {}", case.name, why.join("; "));
        let help = "Correct the policy or its example; a page shows only examples that hold.";
        Problem::new("wrong-example", case.place.span, message, help)
    });
    wrong.collect()
}
