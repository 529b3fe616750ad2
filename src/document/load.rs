//! From a file to its documents.

use super::recognise::{Sign, near, sign};
use super::{Document, Kind, Kinds, Loaded, Recogniser, Recognition, adapters, shape, typing};
use crate::source::{SourceFile, Span, clip};
use crate::value::{Builder, Data, Limits, NodeId, Problem, Syntax, Tree, read};
use std::sync::Arc;

/// Reads `file` if it is a document, or several; `None` when it is none. A file that should be a
/// document and cannot be read gives its problems.
pub fn load(kinds: &Kinds, recogniser: &Recogniser, file: Arc<SourceFile>, limits: &Limits) -> Option<Loaded> {
    let path = file.path();
    let recognition = recogniser.by_path(path);
    if matches!(recognition, Recognition::No) {
        return None;
    }
    let Some(syntax) = Syntax::of(path) else { return Some(unread(file)) };
    let mut sure = true;
    let (by_path, configured) = match recognition {
        Recognition::Configured(kind) => (Some(kind), true),
        Recognition::Glob(kind) => (Some(kind), false),
        _ => {
            let sign = sign(kinds, path, syntax, file.text());
            if sign == Sign::None {
                return None;
            }
            sure = sign == Sign::Sure;
            (None, false)
        }
    };
    let (mut tree, mut problems) = read(Arc::clone(&file), syntax, limits);
    let unreadable = tree.roots().is_empty() && !problems.is_empty();
    let roots = tree.roots().to_vec();
    let mut found = Vec::new();
    for root in roots {
        if !configured && describes_others(&tree, root) {
            continue;
        }
        let kind = match kind_of(kinds, &tree, root, by_path.as_ref(), configured, &mut problems) {
            Some(kind) => kind,
            None => continue,
        };
        if let Some(problem) = without_fields(&kind, &tree, root, syntax, configured) {
            // Such a Markdown file may hold its records in fenced blocks.
            problems.extend((tree.roots().len() == 1).then_some(problem));
            continue;
        }
        if !matches!(tree.data(root), Data::Map(_)) || says_nothing(&tree, root) {
            // An empty document after a last `---` is no record; a file whose content could not be read
            // is not empty.
            let repeated = matches!(tree.data(root), Data::Map(_)) && !problems.is_empty();
            if !(repeated || matches!(tree.data(root), Data::Null) && tree.roots().len() > 1) {
                problems.push(no_record(&kind, &tree, root));
            }
            continue;
        }
        found.push((kind, root));
    }
    if !configured && found.is_empty() && tree.roots().iter().any(|root| describes_others(&tree, *root)) {
        return None;
    }
    if tree.roots().is_empty() && problems.is_empty() && by_path.is_some() {
        problems.push(empty_file());
    }
    let recognised = by_path.is_some() || !found.is_empty() || (unreadable && sure);
    if !recognised && !problems.iter().any(|problem| problem.code == "unknown-kind") {
        return None;
    }
    let mut adapted = Vec::new();
    for (kind, raw) in found {
        let (next, root, notes) = adapt(&kind, tree, raw);
        tree = next;
        typing::apply(&kind.compiled().layout, &mut tree, root);
        adapted.push((kind, raw, root, notes));
    }
    let tree = Arc::new(tree);
    let reading: Vec<Span> = problems.iter().map(|problem| problem.at.span).collect();
    let documents = adapted
        .into_iter()
        .map(|(kind, raw, root, mut problems)| {
            problems.extend(shape::check(&kind, &tree, root).into_iter().filter(|p| !follows(&tree, p, &reading)));
            problems.sort_by(|a, b| (a.at.span, a.code).cmp(&(b.at.span, b.code)));
            let text = |key| tree.scalar_text(tree.get(root, key)?).filter(|text| !text.is_empty()).map(str::to_owned);
            Document { id: text("id"), system: text("system"), kind, tree: Arc::clone(&tree), root, raw, problems }
        })
        .collect();
    Some(Loaded { tree, documents, problems, recognised })
}

/// Whether a record is a JSON Schema: it says how records look and is none.
fn describes_others(tree: &Tree, root: NodeId) -> bool {
    tree.str_at(root, &["$schema"]).is_some_and(|schema| schema.contains("json-schema.org"))
        && ["properties", "$defs", "definitions"].iter().any(|key| tree.get(root, key).is_some())
}

/// The kind of one record: what it says itself, else what its fields say, else what its path says.
fn kind_of(
    kinds: &Kinds,
    tree: &Tree,
    root: NodeId,
    by_path: Option<&Arc<Kind>>,
    configured: bool,
    problems: &mut Vec<Problem>,
) -> Option<Arc<Kind>> {
    let named = tree.entry(root, "kind").and_then(|entry| Some((entry.value, tree.as_str(entry.value)?)));
    if let Some((node, kind)) = named.and_then(|(node, text)| Some((node, kinds.get(text)?))) {
        if let Some(expected) = by_path.filter(|expected| configured && expected.id != kind.id) {
            problems.push(differs(tree, node, kind, expected));
        }
        return Some(Arc::clone(kind));
    }
    // Formats of others spell their kinds their own way.
    if let Some(kind) = named.and_then(|(_, text)| foreign_kind(kinds, text)) {
        return Some(Arc::clone(kind));
    }
    if configured {
        return by_path.cloned();
    }
    let by_content = adapters::tells(tree, root).and_then(|id| kinds.get(id));
    let by_probe = || {
        let has = |keys: &Vec<String>| keys.iter().all(|key| tree.get(root, key).is_some());
        kinds.iter().find(|kind| kind.probes.iter().any(has))
    };
    if let Some(kind) = by_content.or_else(by_probe) {
        return Some(Arc::clone(kind));
    }
    if let Some((node, text)) = named {
        // Other systems name their records the same way.
        if tree.get(root, "apiVersion").is_some() {
            return None;
        }
        if let Some(meant) = near(kinds, text) {
            problems.push(unknown_kind(tree, node, text, meant));
        }
    }
    by_path.cloned()
}

/// Whether a value has the wrong shape only because something in it could not be read, which is
/// reported already.
fn follows(tree: &Tree, problem: &Problem, reading: &[Span]) -> bool {
    let Some(node) = problem.node.filter(|_| matches!(problem.code, "wrong-type" | "not-allowed" | "malformed")) else {
        return false;
    };
    let value = tree.node(node).span;
    reading.iter().any(|span| value.start <= span.start && span.end <= value.end)
}

/// The kind of a foreign format that a `kind:` such as `DataContract` names.
fn foreign_kind<'k>(kinds: &'k Kinds, text: &str) -> Option<&'k Arc<Kind>> {
    let spelt =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
    let name = spelt(text);
    kinds.iter().find(|kind| kind.foreign && spelt(&kind.id) == name)
}

/// What to say of a table that is a record by its name only: it has no columns that mean anything.
fn without_columns(kind: &Kind, tree: &Tree, root: NodeId) -> Option<Problem> {
    if adapters::is_table(&kind.id, tree, root) {
        return None;
    }
    let (message, help) = if adapters::may_be_a_table(&kind.id) {
        (
            "no row of the table names a column `control` and one that says whether it applies, or why".to_owned(),
            "Name the columns in one row, such as `control`, `applicable` and `justification`; `annexa soa init --to soa.csv` \
             writes a table to start from."
                .to_owned(),
        )
    } else {
        let help = "Keep the record as .yaml, .json, .toml or .md, or stand a `reference` in for it.";
        (format!("records of the kind {} are not read from tables", kind.id), help.to_owned())
    };
    Some(Problem::new("no-columns", tree.head(root), message, help).on(root))
}

/// What to say of a Markdown file that is a record by its name only: prose has no fields.
fn without_fields(kind: &Kind, tree: &Tree, root: NodeId, syntax: Syntax, configured: bool) -> Option<Problem> {
    if syntax == Syntax::Table {
        return without_columns(kind, tree, root);
    }
    let only_text = || tree.entries(root).iter().all(|entry| tree.text(&entry.key) == "sections");
    if kind.foreign || syntax != Syntax::Markdown || !only_text() || adapters::is_table(&kind.id, tree, root) {
        return None;
    }
    Some(
        Problem::new(
            if configured { "empty-document" } else { "no-fields" },
            tree.head(root),
            format!("by its place the file records the kind {}, and it has no fields that can be read", kind.id),
            format!(
                "Write the fields between two lines `---` at its top, or in a fenced block of YAML with `kind: {}`. \
                 Where the file is something else, list it under `exclude` in annexa.yaml.",
                kind.id
            ),
        )
        .on(root),
    )
}

fn adapt(kind: &Kind, tree: Tree, raw: NodeId) -> (Tree, NodeId, Vec<Problem>) {
    if !kind.foreign && !adapters::is_table(&kind.id, &tree, raw) {
        return (tree, raw, Vec::new());
    }
    let mut builder = Builder::resume(tree);
    let mut problems = Vec::new();
    let root = adapters::adapt(&kind.id, &mut builder, raw, &mut problems).unwrap_or(raw);
    builder.replace_root(raw, root);
    (builder.finish(), root, problems)
}

fn unknown_kind(tree: &Tree, node: NodeId, text: &str, meant: &str) -> Problem {
    let mut problem = Problem::new(
        "unknown-kind",
        tree.node(node).span,
        format!("there is no kind `{}`, so the file is not read as a record", clip(text, 60)),
        format!(
            "Did you mean `kind: {meant}`? Where another tool reads the file, list it under `exclude` in annexa.yaml."
        ),
    )
    .on(node)
    .item("/kind");
    problem.at.text = format!("did you mean `{meant}`?");
    problem
}

fn differs(tree: &Tree, node: NodeId, kind: &Kind, expected: &Kind) -> Problem {
    Problem::new(
        "kind-differs",
        tree.node(node).span,
        format!("annexa.yaml lists this file under `{}`, and the record says it is `{}`", expected.id, kind.id),
        format!("It is read as `{}`. Make the two agree.", kind.id),
    )
    .on(node)
    .item("/kind")
}

/// Whether a record has no field at all: an empty file, or one with comments only.
fn says_nothing(tree: &Tree, root: NodeId) -> bool {
    // Markdown without text still has the list of its sections.
    let blank = |node: NodeId| tree.entries(node).is_empty() && tree.items(node).is_empty();
    tree.entries(root).iter().all(|entry| tree.text(&entry.key) == "sections" && blank(entry.value))
}

fn no_record(kind: &Kind, tree: &Tree, root: NodeId) -> Problem {
    let empty = matches!(tree.data(root), Data::Null | Data::Map(_));
    let (code, message) = if empty {
        ("empty-document", "the file is empty, so it records nothing".to_owned())
    } else {
        (
            "wrong-type",
            format!("a record of the kind {} is a group of named fields, and this is something else", kind.id),
        )
    };
    Problem::new(
        code,
        tree.head(root),
        message,
        format!("Write its fields as `name: value`; `annexa init {}` writes a file to start from.", kind.id),
    )
    .on(root)
}

fn empty_file() -> Problem {
    Problem::new(
        "empty-document",
        Span::at(0),
        "the file is empty, so it records nothing",
        "Fill it in, or remove it; `annexa init` writes files to start from.",
    )
}

/// A configured file of a syntax that nobody reads.
fn unread(file: Arc<SourceFile>) -> Loaded {
    let problem = Problem::new(
        "unknown-syntax",
        Span::at(0),
        "the file is listed as a record, and its name ends in no syntax that can be read",
        "Keep the record as .yaml, .json, .toml or .md, or stand a `reference` in for it.",
    );
    Loaded {
        tree: Arc::new(Builder::new(file).finish()),
        documents: Vec::new(),
        problems: vec![problem],
        recognised: true,
    }
}
