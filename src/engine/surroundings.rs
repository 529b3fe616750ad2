//! What functions see of the run: the crate's functions are plain `fn`s, so the corpus and the
//! document that is judged are kept a thread for as long as an evaluation runs.

use super::Corpus;
use super::cel::{Listing, Mark, View, found, mark, spend};
use crate::facts::{Day, ReadError};
use std::cell::RefCell;
use std::sync::Arc;

/// Stack of the threads that compile and evaluate. Parsing and evaluating recurse; debug builds
/// need about 100 KB a level.
const STACK: usize = 64 << 20;

/// At most so many bytes of a file are read to see whether it says anything.
const PEEK: usize = 64 << 10;

/// At most so many bytes of a file are searched for its content.
const CONTENT: usize = 256 << 10;

/// What a Git LFS pointer begins with.
const LFS: &str = "version https://git-lfs.github.com/spec/";

/// What to do about a file that cannot be read.
pub const MAKE_READABLE: &str = "Make the file readable and run again.";

/// Steps of the budget that looking a file up takes.
const LOOK: usize = 10;

/// Steps of the budget that matching all paths with a pattern takes, besides a step a 16 paths.
const MATCH: usize = 100;

struct Current {
    corpus: Arc<Corpus>,
    folder: String,
}

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// Runs `work` with functions that see `corpus`, and relative paths that start at the folder of
/// `path`.
pub fn within<T>(corpus: &Arc<Corpus>, path: &str, work: impl FnOnce() -> T) -> T {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let outer = CURRENT.replace(Some(Current { corpus: Arc::clone(corpus), folder }));
    let result = work();
    CURRENT.set(outer);
    result
}

/// Gives `look` the corpus of the evaluation; `None` outside one.
pub fn with<T>(look: impl FnOnce(&Corpus) -> T) -> Option<T> {
    CURRENT.with_borrow(|current| current.as_ref().map(|c| look(&c.corpus)))
}

/// The day of the run; outside an evaluation the first day of 1970, as tests of functions see it.
pub fn today() -> Day {
    with(|corpus| corpus.today()).or_else(|| Day::from_seconds(0)).expect("1970 is a day")
}

/// A file that was looked up.
pub struct Found {
    /// The path from the root.
    pub path: String,
    /// Whether it holds nothing but white space.
    pub empty: bool,
    /// Whether it is a folder.
    pub folder: bool,
    /// Bytes; of a Git LFS pointer those of the file it stands for, of a folder 0.
    pub size: u64,
    /// Whether it is a Git LFS pointer.
    pub lfs: bool,
}

/// The paths that a reference to a file may mean, in order: from the root, then from the folder of the
/// judged document. None for a URL and for what leads out of the repository.
pub fn paths(path: &str) -> Vec<String> {
    // An empty path names nothing, though the folder of the document is there.
    if path.contains("://") || path.trim().is_empty() {
        return Vec::new();
    }
    let folder = CURRENT.with_borrow(|current| current.as_ref().map(|c| c.folder.clone())).unwrap_or_default();
    [normalise("", path), normalise(&folder, path)].into_iter().flatten().filter(|p| !p.is_empty()).collect()
}

/// The path of the file or folder that `path` names.
fn locate(path: &str) -> Option<String> {
    let path = path.split(['#', '?']).next().unwrap_or(path);
    if !spend(LOOK) {
        return None;
    }
    let located = paths(path).into_iter().find(|p| with(|corpus| corpus.snapshot().exists(p)).unwrap_or(false));
    if located.is_some() {
        found();
    }
    located
}

/// Looks `path` up from the root, then from the folder of the judged document.
pub fn file(path: &str) -> Option<Found> {
    let path = locate(path)?;
    with(|corpus| {
        let found = Found { path: path.clone(), empty: false, folder: false, size: 0, lfs: false };
        if corpus.snapshot().paths().binary_search(&path).is_err() {
            return Found { folder: true, ..found };
        }
        match corpus.snapshot().read(&path, PEEK) {
            Ok(bytes) => {
                // What is read is paid for, or a loop over large files would be cheap.
                spend(bytes.len() / 1024);
                let stood_for = lfs_size(&bytes);
                let empty = bytes.iter().all(u8::is_ascii_whitespace);
                Found { empty, lfs: stood_for.is_some(), size: stood_for.unwrap_or(bytes.len() as u64), ..found }
            }
            // A large file says something.
            Err(ReadError::TooLarge(size)) => Found { size, ..found },
            Err(ReadError::Missing) => found,
            Err(error) => {
                mark(Mark::Unknown(format!("`{path}`: {error}"), error.remedy()));
                found
            }
        }
    })
}

/// The size of the file that a Git LFS pointer stands for.
pub fn lfs_size(bytes: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.starts_with(LFS))?;
    text.lines().find_map(|line| line.strip_prefix("size ")?.trim().parse().ok())
}

/// The SHA-256 digest, in hexadecimal digits, of the file that a Git LFS pointer stands for.
pub fn lfs_digest(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.starts_with(LFS))?;
    text.lines().find_map(|line| line.strip_prefix("oid sha256:")).map(str::trim)
}

/// The content of a file; nothing when there is none of this name. A step a 256 bytes.
///
/// # Errors
/// When it is too large, a Git LFS pointer, unreadable, or the budget does not reach for it.
pub fn content(path: &str) -> Result<Option<String>, String> {
    let Some(path) = locate(path) else { return Ok(None) };
    let read = with(|corpus| match corpus.snapshot().paths().binary_search(&path) {
        Ok(_) => corpus.snapshot().read(&path, CONTENT).map(Some),
        Err(_) => Ok(None),
    });
    let bytes = match read.unwrap_or(Ok(None)) {
        Ok(Some(bytes)) => bytes,
        Ok(None) | Err(ReadError::Missing) => return Ok(None),
        Err(ReadError::TooLarge(size)) => {
            spend(CONTENT / 256);
            return Err(format!("`{path}` has {size} bytes; at most {CONTENT} are searched"));
        }
        Err(error) => return Err(format!("`{path}`: {error}")),
    };
    if !spend(bytes.len() / 256) {
        return Err("the evaluation takes more steps than it may".to_owned());
    }
    if lfs_size(&bytes).is_some() {
        return Err(format!("`{path}` is a Git LFS pointer here: its content is not in this checkout"));
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The documents of `listing` that a reference names: by id, else by path.
pub fn resolve(listing: &Listing, reference: &str) -> Vec<View> {
    let paths = paths(reference.split('#').next().unwrap_or(reference));
    with(|corpus| corpus.resolve(listing, reference, &paths)).unwrap_or_default()
}

/// Resolves `.` and `..`; `None` when the path is absolute or leads out of the root.
fn normalise(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The paths that match a pattern.
///
/// # Errors
/// When the pattern is none.
pub fn glob(pattern: &str) -> Result<Vec<String>, String> {
    with(|corpus| {
        if !spend(MATCH + corpus.snapshot().paths().len() / 16) {
            return Err("too many paths were searched".to_owned());
        }
        corpus.glob(pattern)
    })
    .unwrap_or_else(|| Ok(Vec::new()))
}

/// Runs `work` on threads whose stack holds the deepest expression that is allowed, however small
/// the caller's is.
pub fn deep<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    use std::sync::LazyLock;
    static POOL: LazyLock<rayon::ThreadPool> =
        LazyLock::new(|| rayon::ThreadPoolBuilder::new().stack_size(STACK).build().expect("the system gives threads"));
    POOL.install(work)
}
