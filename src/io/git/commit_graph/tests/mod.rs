mod hostile;
mod made;

use super::*;
use crate::io::testing::Folder;
use made::{Made, PATHS, Said};
use std::collections::BTreeSet;
use std::fs;

/// The bytes of an id of 40 digits.
fn id(text: &str) -> Id {
    let digits = text.as_bytes().as_chunks::<2>().0.iter().map(|pair| std::str::from_utf8(pair).expect("ASCII"));
    let bytes: Vec<u8> = digits.map(|pair| u8::from_str_radix(pair, 16).expect("digits")).collect();
    bytes.try_into().expect("40 digits")
}

fn ids<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<Id> {
    texts.into_iter().map(|text| id(text)).collect()
}

/// The paths of a history with all folders around them.
fn with_folders<'a>(paths: impl IntoIterator<Item = &'a [u8]>) -> BTreeSet<Vec<u8>> {
    let folders = |path: &[u8]| -> Vec<Vec<u8>> {
        let ends = (0..path.len()).filter(|&at| path[at] == b'/').chain([path.len()]);
        ends.map(|end| path[..end].to_vec()).collect()
    };
    paths.into_iter().flat_map(folders).collect()
}

/// Holds every link against git.
fn links_agree(graph: &CommitGraph, commits: &[Said]) {
    assert_eq!(graph.len(), commits.len());
    for commit in commits {
        let links = graph.links(&id(&commit.id)).unwrap_or_else(|| panic!("{commit:?} is not known"));
        let said = (id(&commit.tree), ids(&commit.parents), commit.seconds);
        assert_eq!((links.tree, links.parents, links.seconds), said, "{}", commit.id);
    }
    assert_eq!(graph.links(&[0x55; 20]), None);
}

/// Holds every answer about a path against git; gives how many of the commits have a filter, and the
/// share of the unchanged paths that are known to be unchanged.
fn filters_agree(graph: &CommitGraph, commits: &[Said]) -> (usize, f64) {
    let never: [&[u8]; 3] = [b"never/there", b"srcs", "docs/üb".as_bytes()];
    let asked = with_folders(PATHS.iter().copied().chain(never));
    let keys: Vec<(&[u8], PathKey)> = asked.iter().map(|path| (path.as_slice(), PathKey::new(path))).collect();
    let (mut filtered, mut unchanged, mut known) = (0, 0, 0);
    for commit in commits {
        let position = graph.links(&id(&commit.id)).expect("it is known").position;
        let changed = with_folders(commit.changed.iter().map(Vec::as_slice));
        filtered += usize::from(graph.may_have_changed(position, &keys[0].1).is_some());
        for (path, key) in &keys {
            let answer = graph.may_have_changed(position, key);
            let name = String::from_utf8_lossy(path);
            if changed.contains(*path) {
                assert_ne!(answer, Some(false), "{} changed {name}", commit.id);
            } else {
                (unchanged, known) = (unchanged + 1, known + usize::from(answer == Some(false)));
            }
        }
    }
    (filtered, f64::from(known as u32) / f64::from(unchanged))
}

fn open(made: &Made) -> CommitGraph {
    CommitGraph::open(&made.folder.path("objects")).expect("a graph")
}

/// The version, the probes of each layer's filters.
fn settings(graph: &CommitGraph) -> Vec<Option<(u8, u8)>> {
    let word = |bytes: &[u8], at: usize| bytes[at + 3];
    let chunk = |bytes: &[u8]| {
        let row =
            (8..).step_by(12).map(|at| &bytes[at..at + 12]).find(|row| row[..4] == *b"BDAT" || row[..4] == [0; 4]);
        let row = row.filter(|row| row[..4] == *b"BDAT")?;
        Some(u64::from_be_bytes(*row.last_chunk().expect("8 bytes")) as usize)
    };
    let of = |layer: &Layer| chunk(&layer.bytes).map(|at| (word(&layer.bytes, at), word(&layer.bytes, at + 4)));
    graph.layers.iter().map(of).collect()
}

#[test]
fn links_and_filters_agree_with_git() {
    let made = Made::new(160, 7);
    let commits = made.commits();
    let octopuses = commits.iter().filter(|commit| commit.parents.len() > 2).count();
    let roots = commits.iter().filter(|commit| commit.parents.is_empty()).count();
    assert!(octopuses > 5 && roots > 2, "{octopuses} octopuses and {roots} roots");
    assert!(commits.iter().any(|commit| commit.seconds > u64::from(u32::MAX)));
    for version in ["1", "2"] {
        let _ = fs::remove_file(made.folder.path("objects/info/commit-graph"));
        made.write_graph(version, &[]);
        let graph = open(&made);
        assert_eq!(settings(&graph), [Some((version.parse().expect("a digit"), 7))]);
        links_agree(&graph, &commits);
        let (filtered, share) = filters_agree(&graph, &commits);
        assert_eq!(filtered, commits.len(), "version {version}");
        assert!(share > 0.9, "version {version}: {share}");
    }
}

#[test]
fn a_graph_without_filters_gives_links_alone() {
    let made = Made::new(60, 3);
    made.git(&["commit-graph", "write", "--reachable"], b"");
    let (graph, commits) = (open(&made), made.commits());
    links_agree(&graph, &commits);
    assert!(!graph.has_filters() && !graph.is_empty());
    assert_eq!(filters_agree(&graph, &commits), (0, 0.0));
}

/// A chain of three files, each with other settings; the one in the middle has no filters.
fn chain_of_three(made: &Made) {
    let settings = [("2", Some(("5", "8"))), ("1", None), ("1", Some(("7", "10")))];
    for (count, (version, filters)) in [40, 80, 120].into_iter().zip(settings) {
        let version = format!("commitGraph.changedPathsVersion={version}");
        let tips: Vec<String> = (1..=count).map(|number| format!("refs/heads/c{number}")).collect();
        let ids = made.git(&[&["rev-parse"], &tips.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat(), b"");
        let write = ["-c", &version, "commit-graph", "write", "--stdin-commits", "--split=no-merge"];
        let changed = if filters.is_some() { "--changed-paths" } else { "--no-changed-paths" };
        let (probes, bits) = filters.unwrap_or(("7", "10"));
        let environment =
            [("GIT_TEST_BLOOM_SETTINGS_NUM_HASHES", probes), ("GIT_TEST_BLOOM_SETTINGS_BITS_PER_ENTRY", bits)];
        made.git_with(&[&write[..], &[changed]].concat(), &ids, &environment);
    }
}

#[test]
fn a_chain_counts_over_its_files_and_each_has_its_own_filters() {
    let made = Made::new(120, 11);
    chain_of_three(&made);
    let (graph, commits) = (open(&made), made.commits());
    assert_eq!(settings(&graph), [Some((2, 5)), None, Some((1, 7))]);
    assert_eq!(graph.layers.iter().map(Layer::len).collect::<Vec<_>>(), [40, 40, 40]);
    links_agree(&graph, &commits);
    let (filtered, share) = filters_agree(&graph, &commits);
    assert_eq!(filtered, 80, "the layer in the middle has none");
    assert!(share > 0.55, "{share}");
}

#[test]
fn a_chain_with_a_hole_is_not_used() {
    let made = Made::new(120, 11);
    chain_of_three(&made);
    let folder = made.folder.path("objects/info/commit-graphs");
    let list = fs::read_to_string(folder.join("commit-graph-chain")).expect("a list");
    let names: Vec<&str> = list.lines().collect();
    let [base, middle, top] = names[..] else { panic!("three files: {names:?}") };
    let opens = |list: &[&str]| {
        fs::write(folder.join("commit-graph-chain"), list.join("\n")).expect("a list");
        CommitGraph::open(&made.folder.path("objects")).map(|graph| graph.len())
    };
    assert_eq!(opens(&[base, middle, top]), Some(120));
    assert_eq!(opens(&[base, middle]), Some(80), "the files below stand on their own");
    let table: [&[&str]; 7] = [
        &[],
        &[middle, top],
        &[base, top],
        &[middle, base, top],
        &[base, middle, top, top],
        &[base, "../../../../objects", top],
        &[base, "", middle],
    ];
    for list in table {
        assert_eq!(opens(list), None, "{list:?}");
    }
    // A file under another's name.
    fs::copy(folder.join(format!("graph-{base}.graph")), folder.join(format!("graph-{}.graph", "0".repeat(40))))
        .expect("a copy");
    assert_eq!(opens(&[&"0".repeat(40), middle, top]), None);
    fs::remove_file(folder.join(format!("graph-{middle}.graph"))).expect("a file");
    assert_eq!(opens(&[base, middle, top]), None);
}

#[test]
fn what_is_no_graph_is_none() {
    let folder = Folder::new();
    assert!(CommitGraph::open(&folder.path("objects")).is_none(), "there is nothing");
    folder.write("objects/info/commit-graph/", "");
    assert!(CommitGraph::open(&folder.path("objects")).is_none(), "a folder");
    for text in ["", "CGPH", "CGPH\u{1}\u{1}\u{0}\u{0}", "something else that is long enough to be read"] {
        let folder = Folder::new();
        folder.write("objects/info/commit-graph", text);
        assert!(CommitGraph::open(&folder.path("objects")).is_none(), "{text:?}");
    }
}

#[test]
fn a_folder_ends_with_a_slash_or_not_and_the_topmost_may_always_have_changed() {
    let made = Made::new(20, 5);
    made.write_graph("2", &[]);
    let graph = open(&made);
    for commit in made.commits() {
        let position = graph.links(&id(&commit.id)).expect("it is known").position;
        let ask = |path: &[u8]| graph.may_have_changed(position, &PathKey::new(path));
        assert_eq!(ask(b"src/deep"), ask(b"src/deep/"));
        assert_eq!(ask(b""), Some(true));
    }
}
