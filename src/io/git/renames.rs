//! Which of the files that went away is most like one that came.

use crate::history::File;
use git2::{Delta, DiffFindOptions, DiffOptions, Error, Oid, Repository};

/// Files whose contents are compared: those with the most similar names.
const CANDIDATES: usize = 200;

/// The largest content that is compared, in bytes.
const LARGEST: usize = 1 << 20;

/// How alike two contents have to be, in percent: git's own bound.
const ALIKE: u16 = 50;

/// A file that may have been renamed.
pub struct Renamed<'p> {
    /// Where it came to stand.
    pub path: &'p [u8],
    /// What is in it.
    pub content: Oid,
    /// The trees before and after.
    pub trees: (Oid, Oid),
}

/// The file that is most like one that came, among those that went away; nothing where none is alike by
/// half.
///
/// # Errors
/// Those of the library, when an object is missing.
pub fn most_alike(repository: &Repository, file: &Renamed<'_>, candidates: &[&File]) -> Result<Option<Vec<u8>>, Error> {
    let (odb, path) = (repository.odb()?, file.path);
    let mut options = DiffOptions::new();
    // Paths are taken letter by letter.
    options.disable_pathspec_match(true).pathspec(path.to_vec());
    // The comparison would pass over contents that are not there: their sizes are asked for first.
    let (own, _) = odb.read_header(file.content)?;
    let mut any = false;
    for candidate in candidates.iter().take(CANDIDATES) {
        let (size, _) = odb.read_header(Oid::from_bytes(&candidate.entry.id.0)?)?;
        // Of contents of such different sizes no half can be the same.
        let near = size.min(own) * 100 >= size.max(own) * usize::from(ALIKE);
        if near && size.max(own) <= LARGEST {
            options.pathspec(candidate.path.clone());
            any = true;
        }
    }
    if !any {
        return Ok(None);
    }
    let (old, new) = file.trees;
    let (old, new) = (repository.find_tree(old)?, repository.find_tree(new)?);
    let mut diff = repository.diff_tree_to_tree(Some(&old), Some(&new), Some(&mut options))?;
    let mut find = DiffFindOptions::new();
    diff.find_similar(Some(find.renames(true).rename_threshold(ALIKE).rename_limit(CANDIDATES + 1)))?;
    let renamed = diff
        .deltas()
        .find(|delta| delta.status() == Delta::Renamed && delta.new_file().path_bytes().is_some_and(|new| new == path));
    Ok(renamed.and_then(|delta| delta.old_file().path_bytes().map(<[u8]>::to_vec)))
}
