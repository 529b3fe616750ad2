//! Files that somebody broke: nothing panics, and no walk over what is still read goes on for ever.

use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;

/// A small graph with every chunk that is read, and the commits in it.
static WHOLE: LazyLock<(Vec<u8>, Vec<Id>)> = LazyLock::new(|| {
    let made = Made::new(40, 11);
    made.write_graph("1", &[]);
    let bytes = fs::read(made.folder.path("objects/info/commit-graph")).expect("a graph");
    let commits = made.commits().iter().map(|commit| id(&commit.id)).collect();
    (bytes, commits)
});

/// The three files of a chain.
static CHAIN: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let made = Made::new(120, 11);
    chain_of_three(&made);
    chain(&made.folder.path("objects/info/commit-graphs")).expect("a chain")
});

/// Reads all that a graph says: every commit with its parents, and what its filter says about a path.
fn read_all(graph: &CommitGraph) -> usize {
    let keys = [PathKey::new(b"a"), PathKey::new("日本/nested/語/ü".as_bytes())];
    let rows = graph.layers.iter().flat_map(|layer| (0..layer.len() as u32).map(|row| *layer.id(row)));
    let known: Vec<Id> = rows.collect();
    for id in &known {
        let Some(mut links) = graph.links(id) else { continue };
        for key in &keys {
            graph.may_have_changed(links.position, key);
        }
        let mut steps = 0;
        while let Some(next) = links.parents.last().and_then(|parent| graph.links(parent)) {
            (links, steps) = (next, steps + 1);
            assert!(steps < known.len(), "a walk goes in a circle");
        }
    }
    assert_eq!(graph.may_have_changed(Position(u32::MAX), &keys[0]), None);
    known.len()
}

/// Where a chunk begins.
fn at(bytes: &[u8], name: &[u8; 4]) -> usize {
    let row = (8..).step_by(12).map(|at| &bytes[at..at + 12]).find(|row| row[..4] == *name).expect("it is there");
    u64::from_be_bytes(*row.last_chunk().expect("8 bytes")) as usize
}

#[test]
fn a_whole_file_is_read() {
    let (bytes, commits) = &*WHOLE;
    let graph = CommitGraph::of(vec![bytes.clone()]).expect("a graph");
    assert_eq!(read_all(&graph), commits.len());
    at(bytes, b"EDGE");
    assert_eq!(read_all(&CommitGraph::of(CHAIN.clone()).expect("a graph")), 120);
}

#[test]
fn a_file_that_is_not_as_the_format_says_is_not_used() {
    let (bytes, _) = &*WHOLE;
    for end in 0..bytes.len() {
        assert!(CommitGraph::of(vec![bytes[..end].to_vec()]).is_none(), "cut at {end}");
    }
    assert!(CommitGraph::of(vec![[bytes, &[0][..]].concat()]).is_none(), "too long");
    let ids_at = bytes.windows(4).position(|window| window == b"OIDL").expect("a row of the table");
    // The place and its new value: another format, version, kind of hash, number of chunks, number of
    // files below, a chunk without its name, a chunk elsewhere, commits that are not counted in order.
    let table = [
        (0, b'X'),
        (4, 2),
        (5, 2),
        (6, bytes[6] + 1),
        (6, bytes[6] - 1),
        (7, 1),
        (ids_at, b'X'),
        (ids_at + 11, bytes[ids_at + 11] ^ 4),
        (ids_at + 4, 0xff),
        (at(bytes, b"OIDF"), 1),
        (at(bytes, b"OIDF") + 1_023, 0),
    ];
    for (place, value) in table {
        let mut bytes = bytes.clone();
        bytes[place] = value;
        assert!(CommitGraph::of(vec![bytes]).is_none(), "{value} at {place}");
    }
}

#[test]
fn a_chain_out_of_order_is_not_used() {
    let [base, middle, top] = &CHAIN[..] else { panic!("three files") };
    let of = |files: &[&Vec<u8>]| CommitGraph::of(files.iter().map(|&file| file.clone()).collect()).is_some();
    assert!(of(&[base, middle, top]));
    assert!(!of(&[]) && !of(&[middle]) && !of(&[base, top]) && !of(&[middle, base, top]) && !of(&[base, base, top]));
}

#[test]
fn an_entry_that_cannot_be_true_is_not_given() {
    let (bytes, commits) = &*WHOLE;
    let graph = CommitGraph::of(vec![bytes.clone()]).expect("a graph");
    let rows = at(bytes, b"CDAT");
    for commit in commits {
        let links = graph.links(commit).expect("it is known");
        let entry = rows + 36 * links.position.0 as usize;
        let with = |place: usize, number: u32| {
            let mut bytes = bytes.clone();
            bytes[entry + place..][..4].copy_from_slice(&number.to_be_bytes());
            CommitGraph::of(vec![bytes]).expect("its form is right").links(commit)
        };
        assert_eq!(with(20, links.position.0), None, "its own parent");
        assert_eq!(with(20, commits.len() as u32), None, "a parent after the last row");
        assert_eq!(with(24, 0x8000_ffff), None, "edges after the last edge");
        if !links.parents.is_empty() {
            assert_eq!(with(28, 1 << 2), None, "as low as a root");
            assert_eq!(with(20, 0x7000_0000).is_some(), links.parents.len() == 1, "a second parent without a first");
        }
    }
}

#[test]
fn a_filter_that_is_not_there_says_nothing() {
    let (bytes, commits) = &*WHOLE;
    let (index, data) = (at(bytes, b"BIDX"), at(bytes, b"BDAT"));
    let answers = |place: usize, words: &[u32]| {
        let mut bytes = bytes.clone();
        for (at, word) in words.iter().enumerate() {
            bytes[place + 4 * at..][..4].copy_from_slice(&word.to_be_bytes());
        }
        let graph = CommitGraph::of(vec![bytes]).expect("its links are right");
        let ask = |row: usize| graph.may_have_changed(Position(row as u32), &PathKey::new(b"never/there"));
        (0..commits.len()).map(ask).collect::<Vec<_>>()
    };
    assert!(answers(data, &[1]).contains(&Some(false)));
    assert_eq!(answers(data, &[3]), vec![None; commits.len()], "a hash that is not known");
    assert_eq!(answers(data + 4, &[0]), vec![None; commits.len()], "no probes");
    assert_eq!(answers(data + 4, &[u32::MAX]), vec![None; commits.len()], "more probes than any");
    assert_eq!(answers(index, &vec![0; commits.len()]), vec![None; commits.len()], "empty filters");
    assert_eq!(answers(index, &vec![u32::MAX; commits.len()])[0], None, "a filter after the last byte");
    assert_eq!(answers(index, &[100, 3])[1], None, "a filter that ends before it begins");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn broken_files_do_no_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        in_head in any::<bool>(),
        layer in 0usize..4,
    ) {
        let mut files = if layer < 3 { CHAIN.clone() } else { vec![WHOLE.0.clone()] };
        let layer = layer % files.len();
        // Most of a file is ids; half of the time, what is broken is the table before them.
        let end = if in_head { 120 } else { files[layer].len() };
        for (place, value) in changes {
            files[layer][place.index(end)] = value;
        }
        if let Some(graph) = CommitGraph::of(files) {
            read_all(&graph);
        }
    }

    #[test]
    fn broken_links_do_no_harm(changes in prop::collection::vec((0usize..40, 5usize..9, 0u32..64, any::<bool>()), 1..30)) {
        let mut bytes = WHOLE.0.clone();
        let rows = at(&bytes, b"CDAT");
        for (row, word, number, edge) in changes {
            let number = number | if edge { 0x8000_0000 } else { 0 };
            bytes[rows + 36 * row + 4 * word..][..4].copy_from_slice(&number.to_be_bytes());
        }
        read_all(&CommitGraph::of(vec![bytes]).expect("its form is right"));
    }
}
