//! Histories that are made up from a seed, object by object, so that they hold what no program writes
//! any more, too.

use crate::support::Folder;
use git2::{ObjectType, Oid, Repository};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers that look random and are the same each time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % sides
    }

    pub fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

/// Where files are put. Some of them stand where others have their folder.
pub const PATHS: [&str; 14] = [
    "a",
    "a/b",
    "a/b/x.md",
    "a/b/y.txt",
    "a/c.md",
    "a.b",
    "a/b/d/e/z.md",
    "top.md",
    "odd/é [1]*.md",
    "odd/\"quoted\"\tname",
    "odd/\u{1}not-text",
    "s/link",
    "s/sub",
    "s/run.sh",
];

/// Files by their paths: the mode, and what is in them.
type Files = BTreeMap<&'static str, (&'static str, u8)>;

/// Files below a folder.
type Below<'p> = Vec<(&'p str, (&'p str, u8))>;

/// A repository with its commits.
pub struct Made {
    pub folder: Folder,
    pub commits: Vec<String>,
}

/// How trees are written: as git does, and as old and other tools did.
#[derive(Clone, Copy)]
struct Style {
    padded: bool,
    group_writable: bool,
    empty_folder: bool,
}

/// Makes a history of `count` commits; the last one is `main`.
pub fn history(seed: u64, count: usize) -> Made {
    let (folder, mut dice) = (Folder::repository(), Dice::new(seed));
    let repository = Repository::open(folder.path("")).expect("a repository");
    let mut made: Vec<(Oid, Files)> = Vec::new();
    let mut tips: BTreeSet<usize> = BTreeSet::new();
    for number in 0..count {
        let parents = parents(&mut dice, number, count, &tips);
        let files = files(&mut dice, &parents.iter().map(|at| &made[*at].1).collect::<Vec<_>>());
        let style = Style { padded: dice.one_in(4), group_writable: dice.one_in(4), empty_folder: dice.one_in(5) };
        let entries: Vec<_> = files.iter().map(|(path, file)| (*path, *file)).collect();
        let tree = write_tree(&repository, &entries, style, true);
        // Clocks go wrong by hours, and now and then stand still.
        let time = 1_000_000 + number * 1_000 + dice.roll(3) * dice.roll(9_000);
        let ids: Vec<Oid> = parents.iter().map(|at| made[*at].0).collect();
        made.push((write_commit(&repository, tree, &ids, time), files));
        parents.iter().for_each(|at| {
            tips.remove(at);
        });
        tips.insert(number);
    }
    let head = made.last().expect("a commit").0;
    repository.reference("refs/heads/main", head, true, "").expect("a branch");
    Made { folder, commits: made.iter().map(|(id, _)| id.to_string()).collect() }
}

fn parents(dice: &mut Dice, number: usize, count: usize, tips: &BTreeSet<usize>) -> Vec<usize> {
    if number == 0 {
        return Vec::new();
    }
    if number + 1 == count {
        // The last one brings the ends together.
        return tips.iter().rev().take(4).copied().collect();
    }
    let wanted = match dice.roll(20) {
        0 => 0,
        1..=12 => 1,
        13..=18 => 2,
        _ => 3,
    };
    let mut parents = Vec::new();
    for _ in 0..wanted {
        let at = number - 1 - dice.roll(number.min(6));
        if !parents.contains(&at) {
            parents.push(at);
        }
    }
    parents
}

/// The files of a commit: those of its parents, each from one of them, and a few changes. Few contents
/// are in use, so that many changes are taken back.
fn files(dice: &mut Dice, parents: &[&Files]) -> Files {
    let mut files: Files = parents.first().map(|files| (*files).clone()).unwrap_or_default();
    for path in PATHS {
        if parents.len() > 1 {
            match parents[dice.roll(parents.len())].get(path) {
                Some(file) => put(&mut files, path, *file),
                None => drop(files.remove(path)),
            }
        }
    }
    // A merge changes something of its own less often.
    let changes = match parents.len() {
        0 => 12,
        1 => dice.roll(5),
        _ => dice.roll(4) / 3,
    };
    for _ in 0..changes {
        let path = PATHS[dice.roll(PATHS.len())];
        let mode = match path {
            "s/link" => "120000",
            "s/sub" => "160000",
            "s/run.sh" if dice.one_in(2) => "100755",
            _ => "100644",
        };
        if dice.one_in(5) {
            files.remove(path);
        } else if path != "a" || dice.one_in(4) {
            put(&mut files, path, (mode, dice.roll(3) as u8));
        }
    }
    files
}

/// Puts a file; what stands in its way goes.
fn put(files: &mut Files, path: &'static str, file: (&'static str, u8)) {
    let inside = |one: &str, of: &str| one.strip_prefix(of).is_some_and(|rest| rest.starts_with('/'));
    files.retain(|other, _| !inside(other, path) && !inside(path, other));
    files.insert(path, file);
}

fn write_tree(repository: &Repository, files: &[(&str, (&str, u8))], style: Style, top: bool) -> Oid {
    let odb = repository.odb().expect("objects");
    let mut entries: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut entry = |name: &str, mode: &str, id: Oid| {
        // One name is no text at all.
        let name: Vec<u8> = name.bytes().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
        let order = [&name[..], if mode.ends_with("40000") { b"/" } else { b"" }].concat();
        entries.push((order, [mode.as_bytes(), b" ", &name, b"\0", id.as_bytes()].concat()));
    };
    let folder = if style.padded { "040000" } else { "40000" };
    let first = |path: &str| path.split('/').next().unwrap_or(path).to_owned();
    let mut names: BTreeMap<String, Below<'_>> = BTreeMap::new();
    for (path, file) in files {
        names.entry(first(path)).or_default().push((path, *file));
    }
    for (name, inside) in names {
        match inside[0] {
            (path, ("160000", content)) if path == name => {
                entry(&name, "160000", Oid::from_bytes(&[content + 1; 20]).expect("an id"));
            }
            (path, (mode, content)) if path == name => {
                let id = odb.write(ObjectType::Blob, format!("{content}\n").as_bytes()).expect("a file");
                entry(&name, if style.group_writable && mode == "100644" { "100664" } else { mode }, id);
            }
            _ => {
                let below: Below<'_> = inside.iter().map(|(path, file)| (&path[name.len() + 1..], *file)).collect();
                entry(&name, folder, write_tree(repository, &below, style, false));
            }
        }
    }
    if style.empty_folder && top {
        entry("void", folder, odb.write(ObjectType::Tree, b"").expect("a tree"));
    }
    entries.sort();
    let bytes: Vec<u8> = entries.into_iter().flat_map(|(_, bytes)| bytes).collect();
    odb.write(ObjectType::Tree, &bytes).expect("a tree")
}

fn write_commit(repository: &Repository, tree: Oid, parents: &[Oid], time: usize) -> Oid {
    let parents: String = parents.iter().map(|id| format!("parent {id}\n")).collect();
    let who = format!("Ana Keller <ana@example.org> {time} +0000");
    let text = format!("tree {tree}\n{parents}author {who}\ncommitter {who}\n\nA change at {time}\n");
    let odb = repository.odb().expect("objects");
    odb.write(ObjectType::Commit, text.as_bytes()).expect("a commit")
}
