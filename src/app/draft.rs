//! A register entry drafted from a model card: what the card says, with the lines it came from.

use super::failure::Failure;
use super::project::Project;
use crate::document::{Document, Kind, load, template};
use crate::source::{SourceFile, clip, plain};
use crate::value::{Limits, NodeId, slug};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// How much of a card's text becomes a purpose, in characters.
const PURPOSE: usize = 400;

/// Drafts an entry from `card`, else from the only model card of the repository; `None` when there is
/// no card, or more than one and none is named. Gives the text and a note about it.
///
/// # Errors
/// When the named card cannot be read or is none.
pub fn from_card(project: &Project, card: Option<&Path>, kind: &Kind) -> Result<Option<(String, String)>, Failure> {
    let document = match card {
        Some(path) => Some(named(project, path)?),
        None => only(project),
    };
    Ok(document.map(|document| {
        let path = document.tree.file().path().to_owned();
        let note = format!("Drafted from {path}; the comments name the lines. The card says nothing about the rest.");
        (draft(&document, kind), note)
    }))
}

fn named(project: &Project, path: &Path) -> Result<Document, Failure> {
    let help = "Name a model card: Markdown with front matter, YAML or JSON.";
    let full =
        std::path::absolute(path).map_err(|error| Failure::usage(format_args!("{}: {error}", path.display()), help))?;
    let below = full.strip_prefix(&project.root.path).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let document =
        read(project, &below).map_err(|error| Failure::usage(format_args!("{}: {error}", path.display()), help))?;
    document.ok_or_else(|| Failure::usage(format_args!("{} is no model card", path.display()), help))
}

fn read(project: &Project, path: &str) -> Result<Option<Document>, crate::facts::ReadError> {
    let limits = Limits::default();
    let file = Arc::new(SourceFile::new(path, project.tree.read(path, limits.bytes)?));
    let loaded = load(&project.setup.kinds, &project.setup.recogniser, file, &limits);
    Ok(loaded.and_then(|l| l.documents.into_iter().find(|d| &*d.kind.id == "model-card")))
}

fn only(project: &Project) -> Option<Document> {
    let mut cards = project
        .tree
        .paths()
        .iter()
        .filter(|path| !project.setup.exclude.matches(path))
        .filter_map(|path| read(project, path).ok().flatten());
    match (cards.next(), cards.next()) {
        (Some(card), None) => Some(card),
        _ => None,
    }
}

fn draft(card: &Document, kind: &Kind) -> String {
    let tree = &card.tree;
    // A file name may hold line breaks, which would end the comment.
    let path = &plain(tree.file().path());
    let line = |node: NodeId| {
        tree.file().place(if tree.node(node).span.is_empty() { tree.head(node) } else { tree.node(node).span }).line
    };
    let text_at = |key: &str| {
        let node = tree.get(card.root, key)?;
        Some((tree.scalar_text(node)?.trim().to_owned(), line(node)))
            .filter(|(text, _)| !crate::engine::functions::is_placeholder(text))
    };
    let mut known = String::new();
    let mut field = |name: &str, value: Option<(String, u32)>| {
        if let Some((value, line)) = value {
            let _ = writeln!(known, "# from {path}:{line}\n{name}: {}\n", quoted(&value));
        }
    };
    let name = text_at("name").or_else(|| text_at("id"));
    let id = name.as_ref().map(|(name, line)| (slug(name), *line)).filter(|(id, _)| !id.is_empty());
    field("id", id);
    field("name", name);
    let owners = tree.get(card.root, "owners").map(|n| tree.items(n)).unwrap_or_default();
    field("owner", owners.first().and_then(|n| Some((tree.scalar_text(*n)?.to_owned(), line(*n)))));
    let purpose = text_at("intended_use").map(|(text, line)| {
        let first = text.split("\n\n").next().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        (clip(&first, PURPOSE), line)
    });
    field("purpose", purpose);
    field("version", text_at("version"));
    models(&mut known, card, &line);
    list(&mut known, card, "datasets", "data", &line);
    merge(&template(kind), &known)
}

fn models(known: &mut String, card: &Document, line: &dyn Fn(NodeId) -> u32) {
    let tree = &card.tree;
    let path = &plain(tree.file().path());
    let id = ["id", "name"].iter().find_map(|k| tree.str_at(card.root, &[k])).map(slug).filter(|id| !id.is_empty());
    let _ = writeln!(
        known,
        "models:\n  - id: {}\n    card: {}",
        quoted(id.as_deref().unwrap_or("<id of the model>")),
        quoted(path)
    );
    let bases = tree.get(card.root, "base_models").map(|n| tree.items(n)).unwrap_or_default();
    if let Some((base, node)) = bases.first().and_then(|n| Some((tree.scalar_text(*n)?, *n))) {
        let _ = writeln!(known, "    # from {path}:{}\n    base_model: {}", line(node), quoted(base));
    }
    known.push('\n');
}

fn list(known: &mut String, card: &Document, from: &str, to: &str, line: &dyn Fn(NodeId) -> u32) {
    let tree = &card.tree;
    let items = tree.get(card.root, from).map(|n| tree.items(n)).unwrap_or_default();
    let Some(first) = items.first() else { return };
    let _ = writeln!(known, "# from {}:{}\n{to}:", plain(tree.file().path()), line(*first));
    for item in items.iter().filter_map(|n| tree.scalar_text(*n)) {
        let _ = writeln!(known, "  - {}", quoted(item));
    }
    known.push('\n');
}

/// Text as a YAML value; JSON's quotes are YAML's too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Puts what is known in place of the template's fields of the same name. Both are blocks with an
/// empty line between them; the template's words about a field stay above what is known.
fn merge(template: &str, known: &str) -> String {
    let known = blocks(known);
    let merged = blocks(template).into_iter().map(|block| {
        let found = key(&block).and_then(|k| known.iter().find(|b| key(b) == Some(k)));
        match found {
            Some(found) => {
                let words: Vec<&str> = block.lines().take_while(|line| key(line) != key(&block)).collect();
                words.into_iter().chain([found.as_str()]).collect::<Vec<_>>().join("\n")
            }
            None => block,
        }
    });
    merged.collect::<Vec<_>>().join("\n\n") + "\n"
}

fn blocks(text: &str) -> Vec<String> {
    text.split("\n\n").filter(|b| !b.trim().is_empty()).map(|b| b.trim_end().to_owned()).collect()
}

/// The field that a block is about: its first line that is a field, in a comment or not.
fn key(block: &str) -> Option<&str> {
    block.lines().find_map(|line| {
        let line = line.strip_prefix("# ").unwrap_or(line);
        let (key, _) = line.split_once(':')?;
        (!key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')).then_some(key)
    })
}
