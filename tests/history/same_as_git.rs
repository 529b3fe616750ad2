//! Last and all changes, landing and ancestry, on histories of every form, held against `git log`.

use super::git::{git, lines, run};
use super::made::{Dice, PATHS, history};
use annexa::history::{Id, Log, PathSet};
use annexa::io::git::past;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What is asked about besides the files: folders, what was never there, and patterns.
const FOLDERS: [&str; 5] = ["odd", "s", "a/b/d", "void", "never"];
const SETS: [&[&str]; 8] = [
    &["a/**/*.md"],
    &["**/*.md"],
    &["*.md"],
    &["a/*"],
    &["a/b/?.*"],
    &["a/c.md", "s/**"],
    &["**"],
    &["odd/*", "top.md"],
];

fn log_of(folder: &Path) -> Arc<Log> {
    past(folder, None).log.expect("a history")
}

fn id(hex: &str) -> Id {
    Id::parse(hex.as_bytes()).expect("an id")
}

/// All changes as git tells them: of a path letter by letter, or of patterns.
fn told(folder: &Path, literal: bool, paths: &[&str]) -> Vec<String> {
    let mut arguments: Vec<String> = Vec::new();
    if literal {
        arguments.push("--literal-pathspecs".to_owned());
    }
    arguments.extend(["log", "--format=%H", "HEAD", "--"].map(str::to_owned));
    let glob = |path: &&str| if literal { (*path).to_owned() } else { format!(":(glob){path}") };
    arguments.extend(paths.iter().map(glob));
    lines(folder, arguments)
}

/// Holds what is said about paths against git.
fn compare(folder: &Path, what: &str) {
    let log = log_of(folder);
    let paths: Vec<&str> = PATHS.into_iter().chain(FOLDERS).filter(|path| !path.contains('\u{1}')).collect();
    let literal = paths.iter().map(|path| (PathSet::path(path), true, std::slice::from_ref(path)));
    let patterns = SETS.into_iter().map(|set| (PathSet::new(set).expect("patterns"), false, set));
    let asked: Vec<(PathSet, bool, &[&str])> = literal.chain(patterns).collect();
    log.prepare([], asked.iter().map(|(set, ..)| set.clone()));
    for (set, literal, paths) in &asked {
        let told = told(folder, *literal, paths);
        let last = log.last(set).expect("known").map(|id| id.to_string());
        assert_eq!(last.as_ref(), told.first(), "{what}: the last change of {paths:?}");
        let changes = log.changes(set).expect("known");
        let found: Vec<String> = changes.commits.iter().map(Id::to_string).collect();
        let sorted = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<_>>();
        assert_eq!((sorted(&found), found.len()), (sorted(&told), told.len()), "{what}: the changes of {paths:?}");
        assert_eq!(changes.gap, None, "{what}: {paths:?}");
    }
}

/// Holds what is said about landing and ancestry against git.
fn compare_commits(folder: &Path, commits: &[String], what: &str, dice: &mut Dice) {
    let log = log_of(folder);
    let main_line = lines(folder, ["rev-list", "--first-parent", "--reverse", "HEAD"]);
    let led_to: Vec<BTreeSet<String>> =
        main_line.iter().map(|commit| lines(folder, ["rev-list", commit]).into_iter().collect()).collect();
    let reached = led_to.last().expect("a commit");
    for commit in commits {
        let landed = led_to.iter().position(|before| before.contains(commit)).map(|at| main_line[at].clone());
        match landed {
            Some(landed) => assert_eq!(log.landed(id(commit)).map(|id| id.to_string()), Ok(landed), "{what}: {commit}"),
            None => assert!(log.landed(id(commit)).is_err(), "{what}: {commit} is not in the history"),
        }
        for (main, before) in main_line.iter().zip(&led_to) {
            assert_eq!(log.is_ancestor(id(commit), id(main)), Ok(before.contains(commit)), "{what}: {commit} {main}");
        }
    }
    assert_eq!(log.graph().len(), reached.len(), "{what}");
    for _ in 0..4 {
        let [one, other] = [0; 2].map(|_| &commits[dice.roll(commits.len())]);
        let told = run(folder, ["merge-base", "--is-ancestor", one, other], b"").status.success();
        assert_eq!(log.is_ancestor(id(one), id(other)), Ok(told), "{what}: {one} {other}");
    }
}

#[test]
fn every_answer_is_that_of_git_log() {
    for seed in 1..=40 {
        let made = history(seed, 24);
        let folder = made.folder.path("");
        compare(&folder, &format!("seed {seed}"));
        if seed % 4 == 0 {
            compare_commits(&folder, &made.commits, &format!("seed {seed}"), &mut Dice::new(seed));
        }
    }
}

#[test]
fn a_commit_graph_changes_no_answer() {
    for seed in 41..=44 {
        let made = history(seed, 40);
        let folder = made.folder.path("");
        git(&folder, ["commit-graph", "write", "--reachable", "--changed-paths"]);
        assert!(annexa::io::git::commit_graph(&folder).is_some_and(|graph| graph.has_filters()));
        compare(&folder, &format!("seed {seed} with a commit-graph"));
        compare_commits(&folder, &made.commits, &format!("seed {seed} with a commit-graph"), &mut Dice::new(seed));
    }
}

/// The generator makes what the comparison is about.
#[test]
fn the_histories_hold_what_is_hard() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut changes = 0;
    for seed in 1..=20 {
        let made = history(seed, 24);
        changes += told(&made.folder.path(""), false, &["**/*.md"]).len();
        let all = git(&made.folder.path(""), ["log", "--format=%H %ct %P", "HEAD"]);
        let commits: Vec<Vec<&str>> = all.lines().map(|line| line.split(' ').collect()).collect();
        let times: BTreeMap<&str, u64> = commits.iter().map(|c| (c[0], c[1].parse().expect("a time"))).collect();
        let parents = |count: usize| commits.iter().filter(move |c| c.len() == count + 2 && !c[2].is_empty()).count();
        for (what, there) in [
            ("octopus merges", parents(3) + parents(4) > 0),
            ("several roots", commits.iter().filter(|c| c.len() == 3 && c[2].is_empty() || c.len() == 2).count() > 1),
            (
                "wrong clocks",
                commits.iter().any(|c| c[2..].iter().any(|p| times.get(p).is_some_and(|t| *t > times[c[0]]))),
            ),
            ("several merge bases", {
                let merges = commits.iter().filter(|c| c.len() > 3);
                let bases = |c: &Vec<&str>| {
                    run(&made.folder.path(""), ["merge-base", "--all", c[2], c[3]], b"").stdout.len() / 41
                };
                merges.clone().any(|commit| bases(commit) > 1)
            }),
        ] {
            if there {
                seen.insert(what);
            }
        }
    }
    assert_eq!(seen.len(), 4, "only {seen:?}");
    assert!(changes > 60, "only {changes} changes of one set");
}

/// `ANNEXA_HISTORY_REPOSITORY=path cargo test any_repository -- --ignored`
#[test]
#[ignore = "takes the repository that ANNEXA_HISTORY_REPOSITORY names"]
fn any_repository_is_told_as_git_tells_it() {
    let folder = std::env::var_os("ANNEXA_HISTORY_REPOSITORY").expect("the path of a repository");
    let folder = Path::new(&folder);
    let files = git(folder, ["-c", "core.quotePath=false", "ls-tree", "-r", "-z", "--name-only", "HEAD"]);
    let files: Vec<&str> = files.split('\0').filter(|path| !path.is_empty() && !path.contains('\u{fffd}')).collect();
    let mut dice = Dice::new(7);
    let paths: BTreeSet<&str> = (0..100).map(|_| files[dice.roll(files.len())]).collect();
    let log = log_of(folder);
    log.prepare([], paths.iter().map(|path| PathSet::path(path)));
    for path in paths {
        let told = told(folder, true, &[path]);
        let set = PathSet::path(path);
        assert_eq!(log.last(&set).expect("known").map(|id| id.to_string()).as_ref(), told.first(), "{path}");
        let mut found: Vec<String> = log.changes(&set).expect("known").commits.iter().map(Id::to_string).collect();
        let mut told = told;
        found.sort();
        told.sort();
        assert_eq!(found, told, "{path}");
    }
}
