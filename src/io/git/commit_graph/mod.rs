//! Git's commit-graph files, read: the tree, the parents and the time of a commit without its object,
//! and which paths a commit cannot have changed.
//!
//! Git writes them on `git gc`, `git maintenance` and, where asked to, on `git fetch`; annexa never
//! does, since writing one costs more than the walk that it saves. They are a cache: whatever is not
//! as the format says is not used, and the walk reads the commits themselves.
//!
//! The checksum at the end of a file (SHA-1 of all before it) is not computed, so that a flipped bit
//! inside an id or a filter is not seen. What becomes evidence is read from its object and hashed. A
//! graph says nothing about shallow clones, grafts and replaced commits: who opens one asks for those
//! first, and uses none where there are any.

mod bloom;
mod file;

pub use bloom::PathKey;

use crate::io::disk;
use file::Layer;
use std::path::Path;

/// The name of an object in a repository that uses SHA-1.
pub type Id = [u8; 20];

/// The most bytes that are read, all files together: a graph of 4 million commits.
const LIMIT: usize = 512 << 20;
/// The most files of a chain; git keeps about as many as the number of commits has binary digits.
const LAYERS: usize = 64;

/// The commits of a repository as its commit-graph knows them.
pub struct CommitGraph {
    /// The base first; a commit names parents in its own layer and in those before it.
    layers: Vec<Layer>,
}

/// Where a commit stands in the graph that gave it; another graph counts otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(u32);

/// What a graph holds about a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// Where the commit stands, for [`CommitGraph::may_have_changed`].
    pub position: Position,
    /// The topmost tree of the commit.
    pub tree: Id,
    /// The parents in their order: none for a root, more than two for an octopus.
    pub parents: Vec<Id>,
    /// When it was committed, in seconds after 1970, as far as 34 bits reach.
    pub seconds: u64,
}

impl CommitGraph {
    /// Reads `info/commit-graph` of a folder of objects, or else the chain below `info/commit-graphs`.
    ///
    /// `None` where there is neither, where one is not as the format says (another version, other
    /// hashes than SHA-1, parts that lie outside or have the wrong size, a chain with a hole), and where
    /// both together have more than 512 MiB. Folders that `info/alternates` names are not looked into.
    pub fn open(objects: &Path) -> Option<CommitGraph> {
        let info = objects.join("info");
        match disk::read_regular(&info.join("commit-graph"), LIMIT) {
            Ok(single) => CommitGraph::of(vec![single]),
            Err(_) => CommitGraph::of(chain(&info.join("commit-graphs"))?),
        }
    }

    /// The graph of these files, the base first.
    fn of(files: Vec<Vec<u8>>) -> Option<CommitGraph> {
        let mut layers: Vec<Layer> = Vec::with_capacity(files.len());
        for bytes in files {
            let layer = Layer::read(bytes, &layers)?;
            layers.push(layer);
        }
        (!layers.is_empty()).then_some(CommitGraph { layers })
    }

    /// The number of commits.
    pub fn len(&self) -> usize {
        self.layers.iter().map(Layer::len).sum()
    }

    /// Whether there is no commit.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether at least one commit may have a filter of the paths that it changed.
    pub fn has_filters(&self) -> bool {
        self.layers.iter().any(|layer| layer.filters.is_some())
    }

    /// What the graph holds about a commit: `None` for one that it does not know, and for one whose
    /// entry cannot be true.
    ///
    /// Following parents from entry to entry ends: each stands lower than the commit that names it.
    pub fn links(&self, id: &Id) -> Option<Links> {
        let (layer, row) = self.layers.iter().rev().find_map(|layer| Some((layer, layer.find(id)?)))?;
        let entry = layer.entry(row);
        let parents = layer.parents(entry)?.into_iter().map(|at| {
            let (layer, row) = self.at(at)?;
            (layer.entry(row).level < entry.level).then(|| *layer.id(row))
        });
        Some(Links {
            position: Position(layer.first + row),
            tree: entry.tree,
            parents: parents.collect::<Option<_>>()?,
            seconds: entry.seconds,
        })
    }

    /// Whether what stands at a path can differ between a commit and its first parent, or the empty tree
    /// for a root. `Some(false)`: it does not. `Some(true)`: it may, one unchanged path in about a
    /// hundred included. `None`: the graph has no filter for the commit.
    ///
    /// Nothing is said about further parents.
    pub fn may_have_changed(&self, position: Position, path: &PathKey) -> Option<bool> {
        let (layer, row) = self.at(position.0)?;
        layer.filters.as_ref()?.may_contain(&layer.bytes, row, path)
    }

    /// The layer and the row in it of a commit that is counted over all layers.
    fn at(&self, position: u32) -> Option<(&Layer, u32)> {
        let layer = self.layers.iter().rev().find(|layer| layer.first <= position)?;
        let row = position - layer.first;
        ((row as usize) < layer.len()).then_some((layer, row))
    }
}

/// The files of a chain, the base first. Each is named by the checksum that it ends with.
fn chain(folder: &Path) -> Option<Vec<Vec<u8>>> {
    let list = disk::read_regular(&folder.join("commit-graph-chain"), 41 * LAYERS).ok()?;
    let mut left = LIMIT;
    let mut read = |name: &str| {
        // Nothing but digits: a name never leads to another folder.
        let digits = name.len() == 40 && name.bytes().all(|digit| digit.is_ascii_hexdigit());
        let bytes = disk::read_regular(&folder.join(format!("graph-{name}.graph")), left).ok();
        let bytes = bytes.filter(|_| digits)?;
        left -= bytes.len();
        file::checksum(&bytes).is_some_and(|sum| hex(sum) == name).then_some(bytes)
    };
    std::str::from_utf8(&list).ok()?.lines().map(&mut read).collect()
}

fn hex(id: &Id) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
