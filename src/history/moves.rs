//! Files that went away and files that came between two trees: what renames are found among.

use super::tree::{Budget, DEEP, EntryKind, differing, pairs, too_deep};
use super::{Entry, Gap, Id, Objects};
use std::collections::{HashMap, HashSet};

/// Memory for the files of one comparison, in bytes: those of a move of half a million files.
const MEMORY: usize = 64 << 20;

/// A file with its path from the top of the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The path.
    pub path: Vec<u8>,
    /// What stands there.
    pub entry: Entry,
}

/// What went away and what came from one tree to another.
#[derive(Debug, Default)]
pub struct Moves {
    gone: Vec<File>,
    /// The places in `gone` by their contents.
    contents: HashMap<Id, Vec<usize>>,
    /// What came, where anything went away: else it came from nowhere, however much it is.
    came: HashMap<Vec<u8>, Entry>,
    /// The contents of what came.
    stayed: HashSet<Id>,
}

/// Where a file may have come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin<'m> {
    /// From this path, where its content stood letter by letter.
    Same(&'m [u8]),
    /// From one of these, the most similar names first; the file has this content.
    OneOf(Id, Vec<&'m File>),
    /// From nowhere.
    Nowhere,
}

impl Moves {
    /// Compares two trees, the old one and the new one.
    ///
    /// # Errors
    /// When a tree is not there, or when there is more in them than the budget and memory allow.
    pub fn between(objects: &dyn Objects, trees: (Id, Id), budget: &mut Budget) -> Result<Moves, Gap> {
        let (old, new) = (Some(Entry::folder(trees.0)), Some(Entry::folder(trees.1)));
        let (mut moves, mut memory) = (Moves::default(), MEMORY);
        let mut take = |path: &[u8]| {
            let left = memory.checked_sub(path.len() + size_of::<File>() + size_of::<Entry>());
            memory = left.ok_or_else(|| {
                Gap::TooLarge(
                    "a commit moves, adds or removes more files than can be held against each other".to_owned(),
                )
            })?;
            Ok(())
        };
        // What only came is not even walked through where nothing went away.
        Missing { objects, budget, path: Vec::new() }.visit(old, new, DEEP, &mut |path, entry| {
            take(path)?;
            moves.contents.entry(entry.id).or_default().push(moves.gone.len());
            moves.gone.push(File { path: path.to_vec(), entry });
            Ok(())
        })?;
        if moves.gone.is_empty() {
            return Ok(moves);
        }
        Missing { objects, budget, path: Vec::new() }.visit(new, old, DEEP, &mut |path, entry| {
            take(path)?;
            moves.came.insert(path.to_vec(), entry);
            if moves.contents.contains_key(&entry.id) {
                moves.stayed.insert(entry.id);
            }
            Ok(())
        })?;
        Ok(moves)
    }

    /// How many files it knows.
    pub fn len(&self) -> usize {
        self.gone.len() + self.came.len()
    }

    /// Whether nothing was moved.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty()
    }

    /// Where the file that came at `path` may have come from; a file that was there before came from nowhere.
    pub fn origin(&self, path: &[u8]) -> Origin<'_> {
        let Some(Entry { mode, id }) = self.came.get(path).copied() else { return Origin::Nowhere };
        // A link is never the same as a file, whatever it holds; whether a file can be run changes nothing.
        let kind = Entry { mode, id }.kind();
        let alike = |file: &&File| file.entry.kind() == kind && kind != EntryKind::Submodule;
        let same = self.contents.get(&id).into_iter().flatten().map(|at| &self.gone[*at]).filter(alike);
        if let Some(file) = same.min_by_key(|file| unlikeness(&file.path, path)) {
            return Origin::Same(&file.path);
        }
        // What stands elsewhere letter by letter went there.
        let left = self.gone.iter().filter(|file| !self.stayed.contains(&file.entry.id));
        let mut files: Vec<&File> = left.filter(alike).collect();
        files.sort_by_cached_key(|file| unlikeness(&file.path, path));
        if files.is_empty() { Origin::Nowhere } else { Origin::OneOf(id, files) }
    }
}

/// What takes a file that a walk comes to, by its path.
type Found<'f> = dyn FnMut(&[u8], Entry) -> Result<(), Gap> + 'f;

/// A walk to the files that one tree has and another one has not.
struct Missing<'w> {
    objects: &'w dyn Objects,
    budget: &'w mut Budget,
    path: Vec<u8>,
}

impl Missing<'_> {
    fn visit(
        &mut self,
        here: Option<Entry>,
        there: Option<Entry>,
        depth: usize,
        found: &mut Found<'_>,
    ) -> Result<(), Gap> {
        let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
        let bytes = |side: Option<Entry>| match side.filter(|entry| entry.is_folder()) {
            Some(folder) => self.objects.tree(folder.id).map(Some),
            None => Ok(None),
        };
        let (one, other) = (bytes(here)?, bytes(there)?);
        let (one, other) = (one.as_deref().unwrap_or_default(), other.as_deref().unwrap_or_default());
        let differing = differing(one, other)?;
        self.budget.pay(one, other, &differing)?;
        for (name, here, there) in pairs(&differing) {
            let Some(entry) = here else { continue };
            let above = self.path.len();
            self.path.extend_from_slice(name);
            if entry.is_folder() {
                self.path.push(b'/');
                self.visit(here, there, depth, found)?;
            } else if there.is_none_or(Entry::is_folder) {
                found(&self.path, entry)?;
            }
            self.path.truncate(above);
        }
        Ok(())
    }
}

/// How unlike two paths are: another file name weighs most, then another ending, then other folders.
fn unlikeness(one: &[u8], other: &[u8]) -> (bool, bool, usize, Vec<u8>) {
    fn after(path: &[u8], mark: u8) -> &[u8] {
        path.rsplit(|byte| *byte == mark).next().unwrap_or(path)
    }
    let shared = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    (after(one, b'/') != after(other, b'/'), after(one, b'.') != after(other, b'.'), usize::MAX - shared, one.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{MadeCommit, MemoryObjects};

    #[test]
    fn a_file_came_from_where_its_content_stood_or_from_what_is_left() {
        let commit = |files: &[(&str, &str)], parents: &[usize]| MadeCommit {
            files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect(),
            parents: parents.to_vec(),
            ..MadeCommit::default()
        };
        let objects = MemoryObjects::new(&[
            commit(&[("a/x.md", "one"), ("b/x.txt", "two"), ("c.md", "three"), ("kept", "four")], &[]),
            commit(&[("d/x.md", "one"), ("new.md", "3"), ("kept", "4")], &[0]),
        ]);
        let tree = |at: usize| objects.links(objects.ids()[at]).expect("a commit").tree;
        let moves = Moves::between(&objects, (tree(0), tree(1)), &mut Budget::default()).expect("trees");
        assert_eq!(moves.origin(b"d/x.md"), Origin::Same(b"a/x.md"));
        assert_eq!(moves.origin(b"kept"), Origin::Nowhere, "it was there before");
        match moves.origin(b"new.md") {
            // The nearest name first; what went on as d/x.md is none of them.
            Origin::OneOf(_, files) => {
                let paths: Vec<_> = files.iter().map(|file| String::from_utf8_lossy(&file.path)).collect();
                assert_eq!(paths, ["c.md", "b/x.txt"]);
            }
            other => panic!("{other:?}"),
        }
    }
}
