//! From what an evaluation read to the places that a finding shows.

use super::Corpus;
use super::cel::Read;
use crate::finding::Spot;
use crate::source::Span;
use crate::value::{Data, NodeId, Tree};
use std::collections::HashSet;
use std::sync::Arc;

/// How many places a finding shows that names none itself.
const SHOWN: usize = 4;

/// How much evidence an outcome keeps. A policy that reads more reads whole lists, and the first
/// pieces tell as much.
const KEPT: usize = 500;

/// Up to so many reads are compared one by one.
const FEW: usize = 16;

/// The bytes to underline for a node: a scalar itself, for a collection what begins it.
pub fn span_of(tree: &Tree, node: NodeId) -> Span {
    let target = tree.resolve(node);
    match tree.data(target) {
        Data::Map(_) => {
            let key = tree.node(node).key;
            // An item of a list is placed by its dash, which is too small to see: show its first line.
            if tree.file().slice(key).trim() != "-" && !key.is_empty() {
                return key;
            }
            match tree.entries(target).first() {
                Some(first) => first_line(tree, first.span, tree.node(first.value).span),
                None => tree.node(node).span,
            }
        }
        Data::List(_) => tree.head(node),
        Data::Null if tree.node(node).span.is_empty() => tree.head(node),
        Data::Text(_) if tree.node(node).span.is_empty() => tree.head(node),
        _ => tree.node(node).span,
    }
}

fn first_line(tree: &Tree, key: Span, value: Span) -> Span {
    let file = tree.file();
    let line = file.line_span(file.line_of(key.start));
    Span { start: key.start, end: value.end.min(line.end).max(key.end) }
}

/// The place of an access; something missing is shown at what would hold it.
pub fn spot(corpus: &Corpus, read: &Read) -> Spot {
    match read {
        Read::Node(tree, node) => {
            let tree = corpus.tree(*tree);
            let label = if tree.file().commit().is_some() { "in the base version" } else { "" };
            Spot::labelled(tree.file(), span_of(tree, *node), label)
        }
        Read::Missing(tree, node, key) => {
            let tree = corpus.tree(*tree);
            let span = if tree.node(*node).key.is_empty() { tree.head(*node) } else { span_of(tree, *node) };
            Spot::labelled(tree.file(), span, format!("`{key}` is missing here"))
        }
    }
}

/// The places of a finding whose policy names none: what the failing expression read last within the
/// document, then the other scalars it read there, if they are few.
pub fn of_reads(corpus: &Corpus, reads: &[Read], tree: u32) -> Vec<Spot> {
    let scalars: Vec<&Read> = distinct(reads).into_iter().filter(|read| tells(corpus, read, tree)).collect();
    let Some(last) = scalars.last() else { return Vec::new() };
    let mut spots = vec![spot(corpus, last)];
    if scalars.len() <= SHOWN {
        spots.extend(scalars[..scalars.len() - 1].iter().map(|read| spot(corpus, read)));
    }
    spots
}

fn tells(corpus: &Corpus, read: &Read, wanted: u32) -> bool {
    match read {
        Read::Missing(tree, ..) => *tree == wanted,
        Read::Node(tree, node) => {
            *tree == wanted && !matches!(corpus.tree(*tree).data(*node), Data::Map(_) | Data::List(_))
        }
    }
}

/// Everything in documents that an outcome rests on: each scalar read, each field found missing.
pub fn evidence(corpus: &Corpus, reads: &[Read]) -> Vec<Spot> {
    let tree_of = |read: &Read| match read {
        Read::Node(tree, _) | Read::Missing(tree, ..) => *tree,
    };
    let mut spots: Vec<Spot> = distinct(reads)
        .into_iter()
        .filter(|read| tells(corpus, read, tree_of(read)))
        .take(KEPT)
        .map(|read| spot(corpus, read))
        .collect();
    // Outcomes are kept to the end of the run, and a pass has little evidence.
    spots.shrink_to_fit();
    spots
}

fn distinct(reads: &[Read]) -> Vec<&Read> {
    if reads.len() <= FEW {
        let repeated = |(at, read): (usize, &Read)| reads[at + 1..].iter().any(|later| key(later) == key(read));
        return reads.iter().enumerate().filter(|read| !repeated(*read)).map(|(_, read)| read).collect();
    }
    let mut seen = HashSet::new();
    // The last of equal reads stays, so that the order is by when something was last looked at.
    let mut kept: Vec<&Read> = reads.iter().rev().filter(|r| seen.insert(key(r))).collect();
    kept.reverse();
    kept
}

fn key(read: &Read) -> (u32, NodeId, &str) {
    match read {
        Read::Node(tree, node) => (*tree, *node, ""),
        Read::Missing(tree, node, key) => (*tree, *node, key),
    }
}

/// The head of a record: where something is shown that belongs to no field of it.
pub fn head(tree: &Arc<Tree>, root: NodeId) -> Spot {
    Spot::new(tree.file(), tree.head(root))
}
