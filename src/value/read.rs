//! From a file to a tree, by its syntax.

use super::{Builder, Problem, Tree, json, markdown, table, toml, yaml};
use crate::source::{Encoding, SourceFile, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// The syntaxes that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2; a file may hold several documents.
    Yaml,
    /// JSON (RFC 8259).
    Json,
    /// TOML 1.0.
    Toml,
    /// Markdown (CommonMark) with optional YAML front matter.
    Markdown,
    /// A table as CSV or a spreadsheet: the first row that is no title names the columns.
    Table,
}

impl Syntax {
    /// The syntax that a file name announces.
    pub fn of(path: &str) -> Option<Syntax> {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        match name.rsplit_once('.')?.1 {
            "yaml" | "yml" => Some(Syntax::Yaml),
            "json" | "jsonld" => Some(Syntax::Json),
            "toml" => Some(Syntax::Toml),
            "md" | "markdown" => Some(Syntax::Markdown),
            "csv" | "tsv" | "xlsx" => Some(Syntax::Table),
            _ => None,
        }
    }
}

/// How much of a hostile file is read.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a file.
    pub bytes: usize,
    /// Levels of nesting.
    pub depth: usize,
    /// Nodes of a file.
    pub nodes: usize,
    /// Documents of one YAML stream.
    pub documents: usize,
    /// Nodes that a file stands for once its aliases are followed.
    pub expanded_nodes: u64,
    /// Bytes of scalars that a file stands for once its aliases are followed.
    pub expanded_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            bytes: 5 * 1024 * 1024,
            depth: 128,
            nodes: 250_000,
            documents: 1_000,
            expanded_nodes: 1_000_000,
            expanded_bytes: 16 * 1024 * 1024,
        }
    }
}

/// Reads `file`. Whatever could be read is in the tree; what is wrong is in the problems. A file
/// whose syntax is broken gives a tree without the records that could not be read, and the problem.
/// YAML merge keys (`<<`) are replaced by what they stand for, and a document without content is no
/// record.
pub fn read(file: Arc<SourceFile>, syntax: Syntax, limits: &Limits) -> (Tree, Vec<Problem>) {
    let (mut tree, mut problems) = read_as_written(file, syntax, limits);
    if matches!(syntax, Syntax::Yaml | Syntax::Markdown) {
        yaml::merge_keys(&mut tree, &mut problems);
    }
    if syntax == Syntax::Yaml {
        let nodes = &tree.nodes;
        tree.roots.retain(|root| !nodes[root.0 as usize].span.is_empty());
    }
    (tree, listed(problems))
}

/// Reads `file` as [`read`] does, but keeps what the syntax alone says: merge keys are ordinary
/// keys, empty YAML documents are null, and every problem is listed.
pub fn read_as_written(file: Arc<SourceFile>, syntax: Syntax, limits: &Limits) -> (Tree, Vec<Problem>) {
    let mut problems = Vec::new();
    if let Some(problem) = unreadable(&file, limits) {
        problems.push(problem);
        return (Builder::new(file).finish(), problems);
    }
    let mut builder = Builder::new(Arc::clone(&file));
    match syntax {
        Syntax::Yaml => yaml::read(&mut builder, &file, Span::new(0, file.text().len()), limits, &mut problems),
        Syntax::Json => json::read(&mut builder, &file, limits, &mut problems),
        Syntax::Toml => toml::read(&mut builder, &file, limits, &mut problems),
        Syntax::Table => table::read(&mut builder, &file, limits, &mut problems),
        Syntax::Markdown => markdown::read(&mut builder, &file, limits, &mut problems),
    }
    (builder.finish(), problems)
}

/// Problems of one class beyond this number say nothing new.
const LISTED: usize = 50;

/// Orders the problems by place and keeps the first of each class; the last one kept says how many
/// more there are.
fn listed(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by_key(|problem| problem.at.span);
    let mut count: HashMap<&'static str, usize> = HashMap::new();
    for problem in &problems {
        *count.entry(problem.code).or_default() += 1;
    }
    let mut seen: HashMap<&'static str, usize> = HashMap::new();
    problems.retain_mut(|problem| {
        let seen = seen.entry(problem.code).or_default();
        *seen += 1;
        let more = count[problem.code].saturating_sub(LISTED);
        if *seen == LISTED && more > 0 {
            problem.message += &format!(" (and {more} more like this in the file)");
        }
        *seen <= LISTED
    });
    problems
}

fn unreadable(file: &SourceFile, limits: &Limits) -> Option<Problem> {
    let text = file.text();
    if text.len() > limits.bytes {
        return Some(Problem::new(
            "file-too-large",
            Span::at(0),
            format!("the file has {} bytes; at most {} are read", text.len(), limits.bytes),
            "Keep data out of governance documents, split the file, or list it under `exclude` in annexa.yaml.",
        ));
    }
    if file.encoding() == Encoding::NoSpreadsheet {
        return Some(Problem::new(
            "no-spreadsheet",
            Span::at(0),
            "the file is called a spreadsheet, and no sheet can be read from it",
            "Save it as a workbook (.xlsx) without a password, or as CSV (UTF-8).",
        ));
    }
    if file.encoding() == Encoding::LargeSpreadsheet {
        return Some(Problem::new(
            "file-too-large",
            Span::at(0),
            "the workbook holds more than is read: 32 MiB unpacked, 20,000 rows, 200 columns",
            "Keep the statement in a workbook of its own, without cells far away from it.",
        ));
    }
    if let Encoding::Lossy(at) = file.encoding() {
        return Some(Problem::new(
            "not-utf-8",
            Span::new(at as usize, at as usize + '\u{FFFD}'.len_utf8()),
            "the file is not UTF-8 text from here on",
            "Save the file as UTF-8.",
        ));
    }
    if let Some(at) = text.find('\0') {
        return Some(Problem::new(
            "nul-character",
            Span::new(at, at + 1),
            "the file holds a NUL character, which text files do not",
            "Remove the character; if the file is not text, list it under `exclude` in annexa.yaml.",
        ));
    }
    None
}
