//! What functions see of the run: the crate's functions are plain `fn`s, so the corpus and the
//! document that is judged are kept a thread for as long as an evaluation runs.

use super::Corpus;
use super::cel::{Mark, mark, spend};
use crate::facts::{Day, ReadError};
use std::cell::RefCell;
use std::sync::Arc;

/// Stack of the threads that compile and evaluate. Parsing and evaluating recurse; debug builds
/// need about 100 KB a level.
const STACK: usize = 64 << 20;

/// At most so many bytes of a file are read to see whether it says anything.
const PEEK: usize = 64 << 10;

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
}

/// Looks `path` up from the root, then from the folder of the judged document.
pub fn file(path: &str) -> Option<Found> {
    let path = path.split(['#', '?']).next().unwrap_or(path);
    if path.contains("://") || !spend(LOOK) {
        return None;
    }
    CURRENT.with_borrow(|current| {
        let Current { corpus, folder } = current.as_ref()?;
        let candidates = [normalise("", path), normalise(folder, path)];
        let found = candidates.into_iter().flatten().find(|p| !p.is_empty() && corpus.snapshot().exists(p))?;
        let empty = match corpus.snapshot().read(&found, PEEK) {
            Ok(bytes) => bytes.iter().all(u8::is_ascii_whitespace),
            // A folder exists and has no bytes of its own; a large file says something.
            Err(ReadError::Missing | ReadError::TooLarge(_)) => false,
            Err(error) => {
                mark(Mark::Unknown(format!("`{found}`: {error}")));
                false
            }
        };
        Some(Found { path: found, empty })
    })
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
