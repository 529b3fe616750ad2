//! Files that went away and files that came between two trees: what renames are found among.

use super::tree::{DEEP, EntryKind, differing, pairs, too_deep};
use super::{Entry, Gap, Id, Objects};
use std::collections::{HashMap, HashSet};

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
    /// By their contents.
    gone: HashMap<Id, Vec<File>>,
    came: HashMap<Vec<u8>, Entry>,
    /// Those that went away and did not come back elsewhere letter by letter.
    left: Vec<File>,
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
    /// Compares two trees.
    ///
    /// # Errors
    /// When a tree is not there.
    pub fn between(objects: &dyn Objects, old: Id, new: Id) -> Result<Moves, Gap> {
        let mut moves = Moves::default();
        let (old, new) = (Some(Entry::folder(old)), Some(Entry::folder(new)));
        moves.compare(objects, old, new, &mut Vec::new(), DEEP)?;
        if moves.gone.is_empty() {
            // Nothing can have come from anywhere, however much came.
            moves.came = HashMap::new();
        }
        let contents: HashSet<Id> = moves.came.values().map(|entry| entry.id).collect();
        let left = moves.gone.values().flatten().filter(|file| !contents.contains(&file.entry.id));
        moves.left = left.cloned().collect();
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

    fn compare(
        &mut self,
        objects: &dyn Objects,
        old: Option<Entry>,
        new: Option<Entry>,
        path: &mut Vec<u8>,
        depth: usize,
    ) -> Result<(), Gap> {
        let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
        let bytes = |side: Option<Entry>| match side.filter(|entry| entry.is_folder()) {
            Some(folder) => objects.tree(folder.id).map(Some),
            None => Ok(None),
        };
        let (one, other) = (bytes(old)?, bytes(new)?);
        let differing = differing(one.as_deref().unwrap_or_default(), other.as_deref().unwrap_or_default())?;
        for (name, old, new) in pairs(&differing) {
            let above = path.len();
            path.extend_from_slice(name);
            let file = |side: Option<Entry>| side.filter(|entry| !entry.is_folder());
            match (file(old), file(new)) {
                (Some(entry), None) => {
                    self.gone.entry(entry.id).or_default().push(File { path: path.clone(), entry });
                }
                (None, Some(entry)) => drop(self.came.insert(path.clone(), entry)),
                _ => {}
            }
            if [old, new].into_iter().flatten().any(Entry::is_folder) {
                path.push(b'/');
                self.compare(objects, old, new, path, depth)?;
            }
            path.truncate(above);
        }
        Ok(())
    }

    /// Where the file that came at `path` may have come from; a file that was there before came from nowhere.
    pub fn origin(&self, path: &[u8]) -> Origin<'_> {
        let Some(Entry { mode, id }) = self.came.get(path).copied() else { return Origin::Nowhere };
        // A link is never the same as a file, whatever it holds; whether a file can be run changes nothing.
        let kind = Entry { mode, id }.kind();
        let alike = |file: &&File| file.entry.kind() == kind && kind != EntryKind::Submodule;
        let same = self.gone.get(&id).into_iter().flatten().filter(alike);
        if let Some(file) = same.min_by_key(|file| unlikeness(&file.path, path)) {
            return Origin::Same(&file.path);
        }
        let mut files: Vec<&File> = self.left.iter().filter(alike).collect();
        files.sort_by_cached_key(|file| unlikeness(&file.path, path));
        if files.is_empty() { Origin::Nowhere } else { Origin::OneOf(id, files) }
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
        let moves = Moves::between(&objects, tree(0), tree(1)).expect("trees");
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
