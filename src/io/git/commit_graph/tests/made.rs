//! Repositories that the git program makes: histories from a seed, and what git itself says about them.

use crate::io::testing::Folder;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

/// Paths that come and go: folders, names that are no ASCII, one that is no UTF-8, and three that are
/// in each other's way.
pub const PATHS: &[&[u8]] = &[
    b"a",
    b"README.md",
    b"src/lib.rs",
    b"src/main.rs",
    b"src/deep/deeper/deepest/x.rs",
    b"src/deep/deeper/y.rs",
    b"src/deep/z.rs",
    b"docs/with space.md",
    "docs/über.md".as_bytes(),
    "日本/語.txt".as_bytes(),
    "日本/nested/語/ü".as_bytes(),
    b"docs/\xff\xfe\x80.bin",
    b"swap",
    b"swap/inner",
    b"swap/inner/most",
    b"models/one/card.md",
    b"models/two/card.md",
    b"models/two/data/train.csv",
];

/// A repository below a temporary folder, and the git program with nothing of this machine's settings.
pub struct Made {
    pub folder: Folder,
}

impl Made {
    /// A bare repository with a history of `commits` commits that is the same for the same seed, one ref
    /// a commit: merges of up to five parents, several roots, times in any order, commits without a
    /// change, and one with more paths than git puts into a filter.
    pub fn new(commits: u64, seed: u64) -> Made {
        let made = Made { folder: Folder::new() };
        made.git(&["init", "--quiet", "--bare", "."], b"");
        made.git(&["fast-import", "--quiet", "--done"], &stream(commits, &mut Random(seed)));
        made
    }

    /// Writes to a program of git and gives what it prints; fails the test when it fails.
    pub fn git(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        self.git_with(arguments, input, &[])
    }

    pub fn git_with(&self, arguments: &[&str], input: &[u8], environment: &[(&str, &str)]) -> Vec<u8> {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GIT_")) {
            command.env_remove(name);
        }
        let mut child = command
            .args(arguments)
            .current_dir(self.folder.path(""))
            .envs([("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C")])
            .envs(["HOME", "XDG_CONFIG_HOME"].map(|name| (name, self.folder.path(""))))
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("git is installed");
        let mut stdin = child.stdin.take().expect("a pipe");
        let output = std::thread::scope(|scope| {
            scope.spawn(move || stdin.write_all(input).expect("git reads"));
            child.wait_with_output().expect("git ends")
        });
        assert!(output.status.success(), "git {arguments:?} fails");
        output.stdout
    }

    /// Writes a graph of all commits with their filters.
    pub fn write_graph(&self, version: &str, options: &[&str]) {
        let version = format!("commitGraph.changedPathsVersion={version}");
        let arguments = [&["-c", &version, "commit-graph", "write", "--reachable", "--changed-paths"], options];
        self.git(&arguments.concat(), b"");
    }

    /// What git says about every commit, read from the commits themselves.
    pub fn commits(&self) -> Vec<Said> {
        let plain = ["-c", "core.commitGraph=false", "-c", "core.quotePath=false"];
        let log = self.git(&[&plain[..], &["log", "--all", "--format=%H %T %ct %P"]].concat(), b"");
        let mut commits: Vec<Said> = String::from_utf8(log).expect("ASCII").lines().map(Said::of).collect();
        // With its first parent beside it, a merge is compared with that one alone.
        let pairs: String = commits.iter().map(Said::pair).collect();
        let difference = ["diff-tree", "--stdin", "--root", "-r", "--no-renames", "--name-only", "--format=commit %H"];
        let changes = self.git(&[&plain[..], &difference].concat(), pairs.as_bytes());
        let (mut changed, mut id) = (BTreeMap::<String, BTreeSet<Vec<u8>>>::new(), String::new());
        for line in changes.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            match line.strip_prefix(b"commit ") {
                Some(named) => id = String::from_utf8(named.to_vec()).expect("ASCII"),
                None => drop(changed.entry(id.clone()).or_default().insert(line.to_vec())),
            }
        }
        for commit in &mut commits {
            commit.changed = changed.remove(&commit.id).unwrap_or_default();
        }
        assert!(changed.is_empty(), "every difference belongs to a commit");
        commits
    }
}

/// What git says about a commit.
#[derive(Debug)]
pub struct Said {
    pub id: String,
    pub tree: String,
    pub seconds: u64,
    pub parents: Vec<String>,
    /// The files that differ from the first parent.
    pub changed: BTreeSet<Vec<u8>>,
}

impl Said {
    fn of(line: &str) -> Said {
        let mut words = line.split_whitespace().map(str::to_owned);
        let mut next = || words.next().expect("three words or more");
        let (id, tree, seconds) = (next(), next(), next().parse().expect("a number"));
        Said { id, tree, seconds, parents: words.collect(), changed: BTreeSet::new() }
    }

    fn pair(&self) -> String {
        let parent = self.parents.first().map(|id| format!(" {id}")).unwrap_or_default();
        format!("{}{parent}\n", self.id)
    }
}

/// A xorshift generator: the same numbers for the same seed everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn stream(commits: u64, random: &mut Random) -> Vec<u8> {
    let mut out = Vec::new();
    for number in 1..=commits {
        let seconds = 1_000_000_000 + number * 3_600 - random.below(20) * 7_200;
        // One time that needs more than 32 bits.
        let seconds = if number == 7 { 5_000_000_000 } else { seconds };
        let head = format!(
            "commit refs/heads/c{number}\nmark :{number}\ncommitter Ana Keller <ana@example.org> {seconds} +0000\ndata 1\nx\n"
        );
        out.extend_from_slice(head.as_bytes());
        if number > 1 && random.below(30) > 0 {
            let count = [1, 1, 1, 1, 1, 1, 2, 2, 3, 5][random.below(10) as usize];
            let parents: BTreeSet<u64> = (0..count).map(|_| number - 1 - random.below(number.min(9) - 1)).collect();
            // The newest is not always the first.
            for (at, parent) in parents.iter().enumerate() {
                out.extend_from_slice(format!("{} :{parent}\n", if at == 0 { "from" } else { "merge" }).as_bytes());
            }
        }
        for _ in 0..random.below(4) {
            let path = PATHS[random.below(PATHS.len() as u64) as usize];
            match random.below(6) {
                0 => out.extend_from_slice(&[b"D ", path, b"\n"].concat()),
                mode => {
                    let mode = if mode == 1 { "100755" } else { "100644" };
                    let text = format!("{}", random.below(5));
                    let begin = format!("M {mode} inline ");
                    let data = format!("\ndata {}\n{text}\n", text.len());
                    out.extend_from_slice(&[begin.as_bytes(), path, data.as_bytes()].concat());
                }
            }
        }
        if number == commits / 2 {
            (0..600).for_each(|file| {
                out.extend_from_slice(format!("M 100644 inline many/{file}\ndata 1\nx\n").as_bytes());
            });
        }
        out.push(b'\n');
    }
    out.extend_from_slice(b"done\n");
    out
}
