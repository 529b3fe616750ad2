//! `annexa init`: files to fill in. Nothing that it writes answers a question for anybody.

use super::console::Console;
use super::draft;
use super::editor::Reference;
use super::failure::Failure;
use super::init_policy;
use super::project::Project;
use crate::catalogue::CONTROLS;
use crate::cli::{InitArgs, PolicyFlags};
use crate::config::FILE_NAME;
use crate::document::{Kind, did_you_mean, template};
use crate::io::{disk, root};
use crate::source::plain;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const ANNEXA: &str = include_str!("templates/annexa.yaml");
const MODEL_CARD: &str = include_str!("templates/model-card.md");
const DATA_CONTRACT: &str = include_str!("templates/data-contract.yaml");

/// What is written, where, and what to say about it.
struct Written {
    text: String,
    path: PathBuf,
    note: String,
    reference: Option<Reference>,
}

/// Runs the command.
pub fn run(args: &InitArgs, console: &mut Console) -> Result<u8, Failure> {
    if args.kind.as_deref() == Some("policy") {
        return init_policy::run(args, console);
    }
    if args.policy != PolicyFlags::default() {
        return Err(Failure::usage(
            "a flag for policies was given, and this is none",
            "Use `annexa init policy`, or leave out `--id`, `--title`, `--applies-to`, `--field`, `--expression` and `--control`.",
        ));
    }
    let Written { text, path, note, reference } = compose(args)?;
    let first = reference.as_ref().map_or("", |reference| reference.line.as_str());
    let text = format!("{first}{text}");
    let path = args.to.clone().unwrap_or(path);
    if path == Path::new("-") {
        console.out().write_all(text.as_bytes())?;
        console.flush()?;
        return Ok(0);
    }
    disk::write(&path, text.as_bytes(), args.force).map_err(Failure::not_written)?;
    console.line(format_args!("Wrote {}.", plain(&path.display().to_string())))?;
    if let Some(reference) = &reference {
        reference.write().map_err(|error| Failure::usage(error, ""))?;
    }
    console.line(plain(&note))?;
    if args.kind.is_some() {
        console.line("Replace what is marked with < >, then run `annexa check`.")?;
    }
    console.flush()?;
    Ok(0)
}

fn compose(args: &InitArgs) -> Result<Written, Failure> {
    let on_disk = |path: &Path| args.to.clone().filter(|to| to != Path::new("-")).unwrap_or_else(|| path.to_path_buf());
    let Some(name) = &args.kind else {
        if args.from.is_some() {
            return Err(Failure::usage("`--from` goes with `annexa init ai-system`", ""));
        }
        let note = "Every setting in it is a comment: without changes nothing is checked differently.".to_owned();
        let path = PathBuf::from(FILE_NAME);
        let root = root::find(Path::new(".")).map_err(|error| Failure::usage(error, ""))?;
        let reference = Reference::shipped(&root, &on_disk(&path), "annexa");
        return Ok(Written { text: ANNEXA.to_owned(), path, note, reference });
    };
    let project = Project::open(Path::new("."))?;
    let Some(kind) = project.setup.kinds.get(name) else {
        let help = did_you_mean(project.setup.kinds.closest(name), "`annexa list kinds` shows the kinds there are.");
        return Err(Failure::usage(format_args!("there is no kind `{name}`"), help));
    };
    if args.from.is_some() && name != "ai-system" {
        return Err(Failure::usage(
            "only a register entry is drafted from a model card",
            "Use `annexa init ai-system --from CARD`.",
        ));
    }
    let note = format!("{}: {}", kind.title, kind.description);
    let drafted = if name == "ai-system" { draft::from_card(&project, args.from.as_deref(), kind)? } else { None };
    let (text, path, note) = match (name.as_str(), drafted) {
        (_, Some((text, note))) => (text, PathBuf::from("ai-system.yaml"), note),
        ("model-card", _) => (MODEL_CARD.to_owned(), PathBuf::from("MODEL_CARD.md"), note),
        ("data-contract", _) => (DATA_CONTRACT.to_owned(), PathBuf::from("datacontract.yaml"), note),
        ("soa", _) => (statement(kind), PathBuf::from("governance/soa.yaml"), note),
        ("ai-system", _) => (template(kind), PathBuf::from("ai-system.yaml"), note),
        _ => (template(kind), PathBuf::from(format!("governance/{name}.yaml")), note),
    };
    let reference = Reference::of_kind(&project.root, &on_disk(&path), kind);
    Ok(Written { text, path, note, reference })
}

/// The statement with its 38 rows, all still to be decided.
fn statement(kind: &Kind) -> String {
    let mut text = format!(
        "# {}. {}\n# For each control: does it apply, and why? An exclusion with a reason is a decision like any other.\nkind: soa\nid: <id>\nowner: <role that keeps this statement>\napprover: <role that approves it>\n# decided_on: 2026-09-01\n# review_by: 2027-09-01\ncontrols:\n",
        kind.title, kind.description
    );
    for control in CONTROLS {
        let _ = write!(
            text,
            "  # {} {}: {}\n  - control: {}\n    # applicable: true | false\n    justification: <why it applies, or why it does not>\n",
            control.id, control.title, control.meaning, control.id
        );
    }
    text
}
