//! The files and lines of a change, as a platform shows them to its reviewers.

use super::{open, prefix_in_trees};
use crate::facts::{Change, FileChange, FileStatus, Hunk, LineMap};
use crate::source::plain;
use git2::{Blob, Commit, Delta, Diff, DiffFindOptions, DiffOptions, Error, Oid, Patch, Repository, Tree};
use std::path::Path;

/// Lines around those that changed, as platforms show them.
const CONTEXT: u32 = 3;

/// Bytes of the largest file whose lines are compared; platforms show none of such files either.
const LARGEST: i64 = 1 << 20;

/// Files of a change whose lines are compared: platforms list no more.
const FILES: usize = 3_000;

/// What the change ends with.
pub enum Until<'i> {
    /// The files of the working tree, committed or not.
    WorkingTree,
    /// A commit that reviewers see, by its full id, and the one that is judged: what a merge of it gives.
    Commit {
        /// What reviewers see.
        seen: &'i str,
        /// What is judged.
        judged: &'i str,
    },
}

/// What came after the commit `base`, a full id, in the repository around `root`.
///
/// # Errors
/// Says in plain words what cannot be read.
pub fn change(root: &Path, base: &str, until: &Until<'_>) -> Result<Change, String> {
    let repository = open(root)?;
    read(&repository, base, until)
        .map(|files| Change { root: prefix_in_trees(root), files })
        .map_err(|error| format!("the files that changed cannot be told: {}", plain(error.message())))
}

type Files = std::collections::BTreeMap<String, FileChange>;

fn read(repository: &Repository, base: &str, until: &Until<'_>) -> Result<Files, Error> {
    let commit = |id: &str| -> Result<Commit<'_>, Error> { repository.find_commit(Oid::from_str(id)?) };
    let old = commit(base)?.tree()?;
    let mut options = DiffOptions::new();
    options.context_lines(CONTEXT).max_size(LARGEST).ignore_submodules(true).include_untracked(true);
    options.recurse_untracked_dirs(true).show_untracked_content(true).include_typechange(true);
    let (mut diff, trees) = match until {
        Until::WorkingTree => (repository.diff_tree_to_workdir_with_index(Some(&old), Some(&mut options))?, None),
        Until::Commit { seen, judged } => {
            let (seen, judged) = (commit(seen)?.tree()?, commit(judged)?.tree()?);
            (repository.diff_tree_to_tree(Some(&old), Some(&seen), Some(&mut options))?, Some((seen, judged)))
        }
    };
    diff.find_similar(Some(DiffFindOptions::new().renames(true).for_untracked(true)))?;
    let mut files = Files::new();
    for at in 0..diff.deltas().len() {
        if let Some((path, mut file)) = one(&diff, at, at < FILES)? {
            if let Some((seen, judged)) = trees.as_ref().filter(|_| at < FILES) {
                file.lines = lines(repository, judged, seen, &path)?;
            }
            files.insert(path, file);
        }
    }
    Ok(files)
}

/// One file; `None` where its name is no UTF-8, since no report names it.
fn one(diff: &Diff<'_>, at: usize, with_lines: bool) -> Result<Option<(String, FileChange)>, Error> {
    let Some(delta) = diff.get_delta(at) else { return Ok(None) };
    let name = |bytes: Option<&[u8]>| bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).map(str::to_owned);
    let (old, new) = (name(delta.old_file().path_bytes()), name(delta.new_file().path_bytes()));
    let (path, status) = match delta.status() {
        Delta::Deleted => (old, FileStatus::Removed),
        Delta::Added | Delta::Untracked | Delta::Copied => (new, FileStatus::Added),
        Delta::Renamed => (new, old.map_or(FileStatus::Added, FileStatus::Renamed)),
        Delta::Modified | Delta::Typechange | Delta::Conflicted => (new, FileStatus::Modified),
        _ => return Ok(None),
    };
    let Some(path) = path else { return Ok(None) };
    let hunks = match Patch::from_diff(diff, at)? {
        Some(patch) if with_lines && status != FileStatus::Removed => hunks(&patch)?,
        _ => Vec::new(),
    };
    Ok(Some((path, FileChange { status, hunks, lines: LineMap::Same })))
}

fn hunks(patch: &Patch<'_>) -> Result<Vec<Hunk>, Error> {
    let mut hunks = Vec::new();
    for number in 0..patch.num_hunks() {
        let (head, count) = patch.hunk(number)?;
        let mut added: Vec<(u32, u32)> = Vec::new();
        for line in 0..count {
            let line = patch.line_in_hunk(number, line)?;
            let Some(at) = line.new_lineno().filter(|_| line.origin() == '+') else { continue };
            match added.last_mut() {
                Some((_, last)) if *last + 1 == at => *last = at,
                _ => added.push((at, at)),
            }
        }
        if head.new_lines() > 0 {
            hunks.push(Hunk { start: head.new_start(), count: head.new_lines(), added });
        }
    }
    Ok(hunks)
}

/// Where the lines of the judged file stand in the one that reviewers see.
fn lines(repository: &Repository, judged: &Tree<'_>, seen: &Tree<'_>, path: &str) -> Result<LineMap, Error> {
    let id = |tree: &Tree<'_>| tree.get_path(Path::new(path)).ok().map(|entry| entry.id());
    let (Some(here), Some(there)) = (id(judged), id(seen)) else { return Ok(LineMap::Same) };
    if here == there {
        return Ok(LineMap::Same);
    }
    let (Ok(here), Ok(there)) = (repository.find_blob(here), repository.find_blob(there)) else {
        return Ok(LineMap::Runs(Vec::new()));
    };
    if [&here, &there].into_iter().any(|blob| blob.size() as i64 > LARGEST || blob.is_binary()) {
        return Ok(LineMap::Runs(Vec::new()));
    }
    runs(&here, &there).map(LineMap::Runs)
}

/// The lines that two versions have in common: what stands between the parts that differ.
fn runs(here: &Blob<'_>, there: &Blob<'_>) -> Result<Vec<(u32, u32, u32)>, Error> {
    let mut options = DiffOptions::new();
    options.context_lines(0);
    let patch = Patch::from_blobs(here, None, there, None, Some(&mut options))?;
    let total = here.content().iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
    let (mut at, mut to, mut runs) = (1, 1, Vec::new());
    for number in 0..patch.num_hunks() {
        let (head, _) = patch.hunk(number)?;
        // Of a part without lines on one side git names the line before it.
        let start = |start: u32, count: u32| if count == 0 { start + 1 } else { start };
        let (old, new) = (start(head.old_start(), head.old_lines()), start(head.new_start(), head.new_lines()));
        if old > at {
            runs.push((at, to, old - at));
        }
        (at, to) = (old + head.old_lines(), new + head.new_lines());
    }
    if at <= total {
        runs.push((at, to, total + 1 - at));
    }
    Ok(runs)
}
