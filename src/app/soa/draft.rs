//! `annexa soa init`: a draft that says what the repository shows of each control, and decides nothing.

use super::rows::{COLUMNS, row};
use crate::app::console::Console;
use crate::app::editor::Reference;
use crate::app::failure::Failure;
use crate::app::project::Project;
use crate::app::tables;
use crate::catalogue::{CONTROLS, Control};
use crate::cli::SoaInitArgs;
use crate::document::{Decision, Document};
use crate::engine;
use crate::io::disk;
use crate::policy::{AppliesTo, Policy};
use crate::report::sheet::{Column, SHEET_FORMATS, Sheet, Sheets};
use crate::report::{self};
use crate::source::plain;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Paths that are named for a control; the rest is counted.
const NAMED: usize = 3;

/// Runs the command.
pub fn run(args: &SoaInitArgs, console: &mut Console) -> Result<u8, Failure> {
    let project = Project::open(Path::new("."))?;
    let seen = engine::deep(|| seen(&project));
    let there = super::of_kind(&project, super::KIND);
    if let Some(statement) = there.first().filter(|_| !args.force) {
        return Err(Failure::usage(
            format_args!("there is a statement already: `{}`", plain(statement.tree.file().path())),
            "Go on with it: `annexa soa` shows what is open. A second one is written with `--force`, and both will count.",
        ));
    }
    let mut reference = None;
    let bytes = match args.to.extension().and_then(|ending| ending.to_str()).map(str::to_lowercase).as_deref() {
        Some("csv") => table("csv", &seen, console)?,
        Some("xlsx") => table("xlsx", &seen, console)?,
        Some("md") => table("markdown", &seen, console)?,
        Some("yaml" | "yml") | None => {
            reference = Reference::shipped(&project.root, &args.to, super::KIND);
            yaml(reference.as_ref().map_or("", |reference| &reference.line), &seen).into_bytes()
        }
        Some(_) => {
            return Err(Failure::usage(
                format_args!("`{}` ends in no form that a draft has", plain(&args.to.display().to_string())),
                "Name a file that ends in .yaml, .csv, .xlsx or .md.",
            ));
        }
    };
    if args.to == Path::new("-") {
        console.out().write_all(&bytes)?;
        console.flush()?;
        return Ok(0);
    }
    disk::write(&args.to, &bytes, args.force).map_err(Failure::not_written)?;
    console.line(format_args!("Wrote {}.", plain(&args.to.display().to_string())))?;
    if let Some(reference) = &reference {
        reference.write().map_err(|error| Failure::usage(error, ""))?;
    }
    console.line(
        "Decide each row: whether it applies, and why. What was seen is no reason by itself. Then run `annexa soa`.",
    )?;
    console.flush()?;
    Ok(0)
}

/// What the repository shows of each control.
fn seen(project: &Project) -> Vec<(&'static Control, Vec<String>)> {
    let documents = tables::documents(project);
    let policies = &project.setup.policies;
    CONTROLS.iter().map(|control| (control, of_control(control, policies, &documents))).collect()
}

/// The records that checks of a control look at, by kind. The register and the statement itself are asked
/// about everything and say nothing about one control.
fn of_control(control: &Control, policies: &[Arc<Policy>], documents: &[Document]) -> Vec<String> {
    let about = policies.iter().filter(|policy| policy.rule.controls.iter().any(|id| id == control.id));
    let kinds: BTreeSet<&str> = about
        .filter_map(|policy| match &policy.applies_to {
            AppliesTo::Kind(kind) if kind != "ai-system" && kind != "soa" => Some(kind.as_str()),
            _ => None,
        })
        .collect();
    let line = |kind: &&str| {
        let of_kind: Vec<&str> =
            documents.iter().filter(|d| *d.kind.id == **kind).map(|d| d.tree.file().path()).collect();
        let named = of_kind.iter().take(NAMED).map(|path| plain(path)).collect::<Vec<_>>().join(", ");
        let more = of_kind.len().saturating_sub(NAMED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!of_kind.is_empty()).then(|| format!("{kind}: {named}{rest}"))
    };
    kinds.iter().filter_map(line).collect()
}

fn yaml(first: &str, seen: &[(&Control, Vec<String>)]) -> String {
    let mut text = format!(
        "{first}# Statement of Applicability: for each control, does it apply, and why? An exclusion with a reason is a\n\
         # decision like any other. What was seen here is a hint and no reason.\n\
         kind: soa\nid: <id>\nowner: <role that keeps this statement>\napprover: <role that approves it>\n\
         status: draft\n# decided_on: 2026-09-01\n# review_by: 2027-09-01\ncontrols:\n"
    );
    for (control, lines) in seen {
        let _ = writeln!(text, "  # {} {}: {}", control.id, control.title, control.meaning);
        for line in lines {
            let _ = writeln!(text, "  # seen here: {line}");
        }
        let _ = write!(
            text,
            "  - control: {}\n    # applicable: true | false\n    justification: <why it applies, or why it does not>\n",
            control.id
        );
    }
    text
}

fn table(format: &str, seen: &[(&Control, Vec<String>)], console: &Console) -> Result<Vec<u8>, Failure> {
    // The last columns are what checks found; in their place stands what was seen.
    let asked = COLUMNS.len() - 2;
    let mut columns: Vec<Column> = COLUMNS[..asked].iter().map(|column| Column { shown: true, ..*column }).collect();
    columns.push(Column { key: "seen_here", title: "seen here", share: 2, shown: true });
    let cells = |(control, lines): &(&Control, Vec<String>)| {
        let mut cells = row(&Decision::open(control.id), "", &[]);
        cells.truncate(asked);
        cells.push(lines.join("; "));
        cells
    };
    let sheet = Sheet {
        title: "Statement of Applicability".to_owned(),
        above: Vec::new(),
        columns,
        rows: seen.iter().map(cells).collect(),
        below: Vec::new(),
        overview: false,
    };
    let format = report::format(SHEET_FORMATS, format).expect("every draft has a format");
    let mut bytes = Vec::new();
    (format.write)(&Sheets(vec![sheet]), &console.options(), &mut bytes)?;
    Ok(bytes)
}
