//! A history that is the same for the same numbers, byte for byte: its head has a known id.
//!
//! Files are born over time and stay; a few are changed often and most seldom. Work goes on on the main
//! line and on up to eight branches, each merged after a handful of commits; a file that both sides
//! changed has a third content in the merge.

use crate::git::Git;
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// What decides a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub commits: usize,
    pub files: usize,
    pub seed: u64,
}

/// Heads that are known: another one means that the generator makes another history than it did when
/// figures were written down.
const HEADS: [(Size, &str); 2] = [
    (Size { commits: 100_000, files: 12_000, seed: 1 }, "bca481d403e514d7dc89a5d4e6a278ebdc5016ab"),
    (Size { commits: 5_000, files: 2_000, seed: 1 }, "f45eb39e489297719e2ea93795e1aa3a040cd199"),
];

const NAMES: [&str; 8] = [
    "Ana Keller",
    "Ben Okafor",
    "Carla Ruiz",
    "David Lind",
    "Elif Yilmaz",
    "Farid Nair",
    "Greta Weber",
    "Henrik Silva",
];
const FOLDERS: [&str; 12] = [
    "models",
    "data",
    "policies",
    "records",
    "assessments",
    "prompts",
    "tools",
    "evaluation",
    "training",
    "serving",
    "incidents",
    "suppliers",
];
const ENDINGS: [&str; 5] = ["yaml", "md", "json", "py", "toml"];

/// Branches that are open at a time.
const BRANCHES: usize = 8;
/// Of 1,000 commits, about so many are merges.
const MERGES: usize = 75;
/// When the history begins, in seconds after 1970, and how long after a commit comes the next.
const BEGIN: usize = 1_262_304_000;
const STEP: usize = 1_800;

/// The repository of a history in the cache: made when it is not there, which takes a minute for
/// 100,000 commits.
pub fn repository(cache: &Path, size: Size) -> Result<PathBuf, String> {
    if size.commits < 1_000 || size.files < 100 {
        return Err("a history needs 1,000 commits and 100 files at least".to_owned());
    }
    let folder = cache.join(format!("{}-{}-{}.git", size.commits, size.files, size.seed));
    if !folder.is_dir() {
        // Under its name only when it is whole.
        let making = cache.join(format!("making-{}", std::process::id()));
        make(&making, size).inspect_err(|_| drop(std::fs::remove_dir_all(&making)))?;
        std::fs::rename(&making, &folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let head = Git::at(&folder).run(&["rev-parse", "HEAD"])?;
    match HEADS.iter().find(|(known, _)| *known == size) {
        Some((_, known)) if *known != head => {
            Err(format!("{} has the head {head}, not {known}; remove it, or mend the generator", folder.display()))
        }
        _ => Ok(folder),
    }
}

fn make(folder: &Path, size: Size) -> Result<(), String> {
    eprintln!("making {} commits...", size.commits);
    let failed = |error: io::Error| format!("git fast-import: {error}");
    let git = Git::new(folder)?;
    git.run(&["symbolic-ref", "HEAD", "refs/heads/main"])?;
    let mut import = git.command();
    let mut process =
        import.args(["fast-import", "--quiet", "--done"]).stdin(Stdio::piped()).spawn().map_err(failed)?;
    let mut out = BufWriter::new(process.stdin.take().expect("it is a pipe"));
    write(&mut out, size).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    if !process.wait().map_err(failed)?.success() {
        return Err("git fast-import refuses the history".to_owned());
    }
    // As a server packs what it sends.
    git.run(&["repack", "-a", "-d", "-f", "-q"])?;
    git.run(&["pack-refs", "--all"])?;
    Ok(())
}

/// A line of work beside the main one.
struct Branch {
    /// Its newest commit, and the commit of the main line that it left from.
    tip: usize,
    left: usize,
    /// How many files there were then.
    born: usize,
    /// The version that it gave each file that it changed.
    changed: BTreeMap<usize, usize>,
}

/// Writes the stream that `git fast-import` reads. Commits are marked by their number, and a version of a
/// file is the number of the commit that made it.
fn write(out: &mut impl Write, size: Size) -> io::Result<()> {
    let mut random = Random::new(size.seed);
    let mut main = 1;
    // The versions on the main line.
    let mut versions = vec![1; size.files / 4];
    let mut branches: Vec<Branch> = Vec::new();
    head(out, &mut random, main, "main", None, None)?;
    (0..versions.len()).try_for_each(|file| content(out, file, 1))?;
    for number in 2..=size.commits {
        let drawn = random.below(1_000);
        let closing = size.commits - number < branches.len();
        // Branches are opened as often as merged, so that their number stays between none and all.
        let merges = !branches.is_empty() && (drawn < MERGES || branches.len() == BRANCHES && drawn < 2 * MERGES);
        let last_ones = size.commits - number <= BRANCHES;
        if closing || merges {
            let branch = branches.swap_remove(random.below(branches.len()));
            head(out, &mut random, number, "main", Some(main), Some(branch.tip))?;
            for (file, version) in branch.changed {
                // Changed on both sides: what comes out is neither.
                versions[file] = if versions[file] > branch.left { number } else { version };
                content(out, file, versions[file])?;
            }
            main = number;
        } else if drawn < 2 * MERGES && !last_ones {
            let mut branch = Branch { tip: main, left: main, born: versions.len(), changed: BTreeMap::new() };
            work(out, &mut random, number, &mut branch)?;
            branches.push(branch);
        } else if !branches.is_empty() && random.below(3) > 0 {
            let at = random.below(branches.len());
            work(out, &mut random, number, &mut branches[at])?;
        } else {
            head(out, &mut random, number, "main", Some(main), None)?;
            for file in some_files(&mut random, versions.len()) {
                versions[file] = number;
                content(out, file, number)?;
            }
            // All are born when nine tenths of the history are over.
            let due = size.files / 4 + size.files * 3 / 4 * number / (size.commits * 9 / 10);
            for file in versions.len()..due.min(size.files) {
                versions.push(number);
                content(out, file, number)?;
            }
            main = number;
        }
    }
    writeln!(out, "done")
}

/// A commit on a branch.
fn work(out: &mut impl Write, random: &mut Random, number: usize, branch: &mut Branch) -> io::Result<()> {
    head(out, random, number, "work", Some(branch.tip), None)?;
    branch.tip = number;
    for file in some_files(random, branch.born) {
        branch.changed.insert(file, number);
        content(out, file, number)?;
    }
    Ok(())
}

/// The head of a commit: everything but its files.
fn head(
    out: &mut impl Write,
    random: &mut Random,
    number: usize,
    branch: &str,
    from: Option<usize>,
    merged: Option<usize>,
) -> io::Result<()> {
    let name = NAMES[random.below(NAMES.len())];
    let address = name.to_lowercase().replace(' ', ".");
    let seconds = BEGIN + STEP * number;
    let message = if merged.is_some() { format!("Merge {number}") } else { format!("Change {number}") };
    writeln!(out, "commit refs/heads/{branch}\nmark :{number}")?;
    writeln!(out, "committer {name} <{address}@example.org> {seconds} +0000\ndata {}\n{message}", message.len())?;
    from.map_or(Ok(()), |from| writeln!(out, "from :{from}"))?;
    merged.map_or(Ok(()), |merged| writeln!(out, "merge :{merged}"))
}

/// One version of a file.
fn content(out: &mut impl Write, file: usize, version: usize) -> io::Result<()> {
    let text = format!("id: record-{file}\nversion: {version}\nstate: reviewed\nsummary: what file {file} is about\n");
    writeln!(out, "M 100644 inline {}\ndata {}\n{text}", path(file), text.len())
}

/// Where a file is: two to four folders deep, files that are changed often among those that are not.
fn path(file: usize) -> String {
    let mixed = (file as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let part = |divisor: u64, count: usize| (mixed / divisor) as usize % count;
    let (topic, ending) = (FOLDERS[part(1, FOLDERS.len())], ENDINGS[part(7, ENDINGS.len())]);
    let group = part(12, 20);
    let deeper = match part(240, 3) {
        0 => String::new(),
        1 => format!("set-{}/", part(720, 4)),
        _ => format!("set-{}/{}/", part(720, 4), FOLDERS[part(2_880, 5)]),
    };
    format!("{topic}/group-{group:02}/{deeper}file-{file:05}.{ending}")
}

/// One to four of the files that are there, the older ones much more often.
fn some_files(random: &mut Random, born: usize) -> Vec<usize> {
    let one = |random: &mut Random| (0..3).fold(born, |limit, _| random.below(limit) + 1) - 1;
    let mut files: Vec<usize> = (0..=random.below(4)).map(|_| one(random)).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// A xorshift generator: the same numbers for the same seed everywhere.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below the limit, which is not 0.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % limit as u64) as usize
    }

    /// Brings the items into an order that the seed decides.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
