//! Which of the paths that are asked about differ between two commits.

use super::bits::Bits;
use super::tree::{Budget, DEEP, Entry, differing, pairs, too_deep};
use super::trie::{Matching, Node};
use super::{Gap, Id, Objects};
use crate::facts::Globs;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Bytes of trees that are kept. A walk asks for a tree twice, soon after each other; a larger store is
/// slower than reading the few others again.
const KEPT: usize = 1 << 20;

/// Sets of paths that differ between two sides.
pub(super) struct Difference {
    /// All of them.
    pub changed: Bits,
    /// Those of one path at which the left side has a file and the right one nothing.
    pub added: Bits,
}

impl Difference {
    pub fn none(count: usize) -> Self {
        Difference { changed: Bits::none(count), added: Bits::none(count) }
    }
}

/// Trees that were read last.
pub(super) struct Trees<'o> {
    objects: &'o dyn Objects,
    kept: HashMap<Id, Arc<[u8]>>,
    order: VecDeque<Id>,
    bytes: usize,
    /// What may be looked at below the places that are asked about.
    budget: Budget,
}

impl<'o> Trees<'o> {
    /// Reads trees for a walk that answers so many questions.
    pub fn new(objects: &'o dyn Objects, questions: usize) -> Self {
        Trees { objects, kept: HashMap::new(), order: VecDeque::new(), bytes: 0, budget: Budget::of(questions) }
    }

    /// A commit is passed.
    pub fn pass(&mut self) {
        self.budget.pass();
    }

    pub fn get(&mut self, id: Id) -> Result<Arc<[u8]>, Gap> {
        if let Some(tree) = self.kept.get(&id) {
            return Ok(Arc::clone(tree));
        }
        let tree = self.objects.tree(id)?;
        self.bytes += tree.len();
        self.kept.insert(id, Arc::clone(&tree));
        self.order.push_back(id);
        while self.bytes > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.bytes -= self.kept.remove(&oldest).map_or(0, |tree| tree.len());
        }
        Ok(tree)
    }

    /// The bytes of a side that is a folder; none of one that is not.
    fn folder(&mut self, entry: Option<Entry>) -> Result<Arc<[u8]>, Gap> {
        match entry {
            Some(entry) if entry.is_folder() => self.get(entry.id),
            _ => Ok(Arc::from([])),
        }
    }

    /// Adds to `found` those of `pending` that differ between two sides, which stand at `node`.
    pub fn compare(
        &mut self,
        node: &Node,
        left: Option<Entry>,
        right: Option<Entry>,
        pending: &Bits,
        found: &mut Difference,
    ) -> Result<(), Gap> {
        if left == right || !pending.any_in(node.range.0, node.range.1) {
            return Ok(());
        }
        for (set, matching) in &node.asked {
            if pending.has(*set) && !found.changed.has(*set) {
                let differs = match matching {
                    // Without a pattern the file at the very place counts too.
                    None => self.differs(left, right, DEEP)?,
                    Some(Matching { globs, above }) => {
                        self.matching_differs(left, right, globs, &mut above.clone(), DEEP)?
                    }
                };
                if differs {
                    found.changed.add(*set);
                    if right.is_none() && matching.is_none() && left.is_some_and(|entry| !entry.is_folder()) {
                        found.added.add(*set);
                    }
                }
            }
        }
        if node.below.is_empty() {
            return Ok(());
        }
        let (one, other) = (self.folder(left)?, self.folder(right)?);
        let differing = differing(&one, &other)?;
        for (name, left, right) in pairs(&differing) {
            if let Some(below) = node.below.get(name) {
                self.compare(below, left, right, pending, found)?;
            }
        }
        Ok(())
    }

    /// Whether a file differs between two sides, at their place or below. Trees may have two ids for the
    /// same files, since modes can be written in several ways, and empty ones hold nothing at all.
    fn differs(&mut self, left: Option<Entry>, right: Option<Entry>, depth: usize) -> Result<bool, Gap> {
        if left == right {
            return Ok(false);
        }
        let file = |side: Option<Entry>| side.filter(|entry| !entry.is_folder());
        if file(left) != file(right) {
            return Ok(true);
        }
        let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
        let (one, other) = (self.folder(left)?, self.folder(right)?);
        let differing = differing(&one, &other)?;
        self.budget.pay(&one, &other, &differing)?;
        for (_, left, right) in pairs(&differing) {
            if self.differs(left, right, depth)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a file whose path matches differs below two sides. `path` holds the names that were passed
    /// since the top of the repository.
    fn matching_differs(
        &mut self,
        left: Option<Entry>,
        right: Option<Entry>,
        globs: &Globs,
        path: &mut Vec<u8>,
        depth: usize,
    ) -> Result<bool, Gap> {
        let depth = depth.checked_sub(1).ok_or_else(too_deep)?;
        let (one, other) = (self.folder(left)?, self.folder(right)?);
        let differing = differing(&one, &other)?;
        self.budget.pay(&one, &other, &differing)?;
        for (name, left, right) in pairs(&differing) {
            let before = path.len();
            path.extend_from_slice(name);
            let file = |side: Option<Entry>| side.filter(|entry| !entry.is_folder());
            let found = file(left) != file(right) && globs.matches(&String::from_utf8_lossy(path)) || {
                path.push(b'/');
                let folders = [left, right].into_iter().flatten().any(Entry::is_folder);
                folders && self.matching_differs(left, right, globs, path, depth)?
            };
            path.truncate(before);
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
