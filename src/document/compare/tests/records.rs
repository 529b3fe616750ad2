//! Which record of a file was which.

use super::tree;
use crate::document::compare::counterpart;

/// For each record of the later version, the position of what it was.
fn matched(before: &str, after: &str) -> Vec<Option<usize>> {
    let (earlier, later) = (tree("f.yaml", before), tree("f.yaml", after));
    let was = |root| counterpart(&earlier, &later, root);
    let position = |root| earlier.roots().iter().position(|other| *other == root);
    later.roots().iter().map(|root| was(*root).and_then(position)).collect()
}

#[test]
fn records_are_matched_by_kind_and_id_else_by_their_place() {
    let table: &[(&str, &str, &str, &[Option<usize>])] = &[
        ("one record", "a: 1\n", "a: 2\n", &[Some(0)]),
        ("reordered", "id: a\n---\nid: b\n", "id: b\n---\nid: a\n", &[Some(1), Some(0)]),
        ("one added in front", "id: a\n", "id: z\n---\nid: a\n", &[None, Some(0)]),
        ("one removed", "id: a\n---\nid: b\n", "id: b\n", &[Some(1)]),
        ("no ids", "a: 1\n---\na: 2\n", "a: 1\n---\na: 3\n---\na: 4\n", &[Some(0), Some(1), None]),
        ("an id was given", "a: 1\n", "id: x\na: 1\n", &[Some(0)]),
        ("the id of the only record changed", "id: x\n", "id: y\n", &[Some(0)]),
        ("an id among several changed", "id: x\n---\nid: y\n", "id: z\n---\nid: y\n", &[None, Some(1)]),
        ("kinds differ", "kind: a\nid: x\n---\nkind: b\nid: x\n", "kind: b\nid: x\n", &[Some(1)]),
        ("another kind in its place", "kind: a\n", "kind: b\n", &[None]),
        ("the kind was written down", "id: x\n", "kind: b\nid: x\n", &[Some(0)]),
        ("several of one id", "id: x\n---\nid: x\n", "id: x\n", &[None]),
        ("an empty earlier file", "", "id: x\n", &[None]),
    ];
    for (what, before, after, expected) in table {
        assert_eq!(matched(before, after), *expected, "{what}");
    }
}

#[test]
fn what_is_no_record_was_none() {
    let (earlier, later) = (tree("f.yaml", "a: [1]\n"), tree("f.yaml", "a: [1]\n"));
    let inner = later.get(later.roots()[0], "a").expect("it is there");
    assert_eq!(counterpart(&earlier, &later, inner), None);
}
