//! Merges of made-up commits, file by file.

use super::{Files, Step};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The commits that led to some, themselves included.
pub fn ancestors(steps: &[Step], of: &[usize]) -> BTreeSet<usize> {
    let (mut found, mut todo) = (BTreeSet::new(), of.to_vec());
    while let Some(at) = todo.pop() {
        if found.insert(at) {
            todo.extend(&steps[at].parents);
        }
    }
    found
}

/// Takes over into `files`, to which `ours` led, what `theirs` changed since the two parted. The paths that
/// both changed, each in its own way, stay as they are and are given back.
pub fn merge(steps: &[Step], files: &mut Files, ours: &[usize], theirs: usize) -> BTreeSet<Arc<str>> {
    // Parents have lower numbers: no other common ancestor comes after the one with the highest.
    let common = ancestors(steps, ours).intersection(&ancestors(steps, &[theirs])).max().copied();
    let nothing = Files::new();
    let base = common.map_or(&nothing, |at| &steps[at].files);
    let theirs = &steps[theirs].files;
    let mut both = BTreeSet::new();
    for path in base.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        let (before, our, their) = (base.get(path), files.get(path), theirs.get(path));
        if their == before || their == our {
            continue;
        }
        match their {
            _ if our != before => drop(both.insert(Arc::clone(path))),
            Some(bytes) => drop(files.insert(Arc::clone(path), Arc::clone(bytes))),
            None => drop(files.remove(path)),
        }
    }
    both
}
