//! Walks over the history: for many paths at once, what `git log` with its default simplification finds
//! for each of them.
//!
//! Until its first change, the history of a path is a chain: from a commit to its first parent in which
//! the path is the same. Where it is the same in none, the commit changed it, and a whole history goes on
//! with all parents. So paths travel together from commit to commit, and each is decided where its own
//! chain leads; no date decides anything. Commits are taken by their dates only so that paths that come
//! from several sides meet before the commit is looked at; where clocks were wrong, a commit is looked at
//! twice.

use super::bits::Bits;
use super::diff::Trees;
use super::tree::Entry;
use super::trie::Node;
use super::{Gap, Id, Links, Objects, PathSet, objects::Watch};
use std::collections::hash_map::Entry as Slot;
use std::collections::{BinaryHeap, HashMap};

/// The last change of a set of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Touched {
    /// The commit that made it.
    By(Id),
    /// None of the paths was ever there.
    Never,
    /// It cannot be known.
    Unknown(Gap),
}

/// The last change of each set in the history of `head`; paths start at the folder `root`.
///
/// # Errors
/// When an object that every answer depends on is not there.
pub fn last_changes(objects: &dyn Objects, head: Id, root: &[String], sets: &[PathSet]) -> Result<Vec<Touched>, Gap> {
    let mut walk = Walk::new(objects, root, sets);
    let mut last = vec![Touched::Never; sets.len()];
    walk.arrive(head, Bits::all(sets.len()))?;
    while let Some((commit, links, pending)) = walk.next()? {
        match walk.step(commit, &links, pending, false) {
            Ok(Step { changed, lost }) => {
                changed.iter().for_each(|set| last[set] = Touched::By(commit));
                lost.iter().for_each(|set| last[set] = Touched::Unknown(Gap::Shallow));
            }
            Err((gap, pending)) => pending.iter().for_each(|set| last[set] = Touched::Unknown(gap.clone())),
        }
    }
    Ok(last)
}

/// All changes of each set in the history of its own head, in no particular order, and why there may be
/// more.
///
/// # Errors
/// When an object that every answer depends on is not there.
pub fn all_changes(
    objects: &dyn Objects,
    root: &[String],
    sets: &[(PathSet, Vec<Id>)],
) -> Result<Vec<(Vec<Id>, Option<Gap>)>, Gap> {
    let paths: Vec<PathSet> = sets.iter().map(|(set, _)| set.clone()).collect();
    let mut walk = Walk::new(objects, root, &paths);
    let mut found: Vec<(Vec<Id>, Option<Gap>)> = vec![(Vec::new(), None); sets.len()];
    let mut heads: HashMap<Id, Bits> = HashMap::new();
    for (set, (_, of_set)) in sets.iter().enumerate() {
        of_set.iter().for_each(|head| heads.entry(*head).or_insert_with(|| Bits::none(sets.len())).add(set));
    }
    for (head, sets) in heads {
        walk.arrive(head, sets)?;
    }
    let mut done: HashMap<Id, Bits> = HashMap::new();
    while let Some((commit, links, mut pending)) = walk.next()? {
        match done.entry(commit) {
            Slot::Occupied(mut before) => {
                pending.without(before.get());
                before.get_mut().join(&pending);
            }
            Slot::Vacant(first) => {
                first.insert(pending.clone());
            }
        }
        if pending.is_empty() {
            continue;
        }
        match walk.step(commit, &links, pending, true) {
            Ok(Step { changed, lost }) => {
                changed.iter().for_each(|set| found[set].0.push(commit));
                lost.iter().for_each(|set| found[set].1 = Some(Gap::Shallow));
            }
            Err((gap, pending)) => pending.iter().for_each(|set| found[set].1 = Some(gap.clone())),
        }
    }
    Ok(found)
}

struct Walk<'o> {
    objects: &'o dyn Objects,
    trees: Trees<'o>,
    top: Node,
    count: usize,
    waiting: HashMap<Id, (Links, Bits)>,
    /// By time; a commit stands in it once for each time that it is in `waiting`.
    order: BinaryHeap<(i64, Id)>,
    watch: Option<Box<dyn Watch + 'o>>,
    /// For each set the numbers of its watched paths; none where a filter cannot tell about it.
    watched: Vec<Option<Vec<usize>>>,
}

/// What a commit did.
struct Step {
    /// The sets that it changed.
    changed: Bits,
    /// The sets whose history is cut off at it.
    lost: Bits,
}

impl<'o> Walk<'o> {
    fn new(objects: &'o dyn Objects, root: &[String], sets: &[PathSet]) -> Self {
        let mut paths: Vec<Vec<u8>> = Vec::new();
        let watched = sets.iter().map(|set| {
            let anchored = set.anchored(root);
            // A filter knows files and their folders, but not that a pattern is met at the very top.
            let certain = anchored.iter().all(|one| !one.names.is_empty());
            certain.then(|| {
                let number = |names: &[Vec<u8>]| {
                    paths.push(names.join(&b'/'));
                    paths.len() - 1
                };
                anchored.iter().map(|one| &one.names[..]).map(number).collect()
            })
        });
        let watched = watched.collect();
        let watch = objects.watch(&paths.iter().map(Vec::as_slice).collect::<Vec<_>>());
        Walk {
            objects,
            trees: Trees::new(objects),
            top: Node::new(sets, root),
            count: sets.len(),
            waiting: HashMap::new(),
            order: BinaryHeap::new(),
            watch,
            watched,
        }
    }

    /// Sends sets on to a commit.
    fn arrive(&mut self, commit: Id, sets: Bits) -> Result<(), Gap> {
        match self.waiting.entry(commit) {
            Slot::Occupied(mut there) => there.get_mut().1.join(&sets),
            Slot::Vacant(free) => {
                let links = self.objects.links(commit)?;
                self.order.push((links.time, commit));
                free.insert((links, sets));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<(Id, Links, Bits)>, Gap> {
        let Some((_, commit)) = self.order.pop() else { return Ok(None) };
        let (links, sets) = self.waiting.remove(&commit).ok_or_else(|| Gap::Broken("a commit is lost".to_owned()))?;
        Ok(Some((commit, links, sets)))
    }

    /// Sends each set on to the first parent in which it is the same. Sets that are the same in none were
    /// changed here; they go on to all parents where the `whole` history is wanted.
    fn step(&mut self, commit: Id, links: &Links, pending: Bits, whole: bool) -> Result<Step, (Gap, Bits)> {
        let mut step = Step { changed: Bits::none(self.count), lost: Bits::none(self.count) };
        if links.cut {
            step.lost = pending;
            return Ok(step);
        }
        let mut rest = pending;
        for (number, parent) in links.parents.iter().enumerate() {
            match self.against(commit, links, *parent, number == 0, &rest) {
                Ok(changed) => {
                    let mut same = rest.clone();
                    same.without(&changed);
                    rest = changed;
                    if !same.is_empty()
                        && let Err(gap) = self.arrive(*parent, same.clone())
                    {
                        rest.join(&same);
                        return Err((gap, rest));
                    }
                }
                Err(gap) => return Err((gap, rest)),
            }
            if rest.is_empty() {
                return Ok(step);
            }
        }
        if links.parents.is_empty() {
            // The first commit of all changed what is in it.
            let tree = Some(Entry::folder(links.tree));
            let mut there = Bits::none(self.count);
            if let Err(gap) = self.trees.compare(&self.top, tree, None, &rest, &mut there) {
                return Err((gap, rest));
            }
            rest = there;
        } else if whole {
            for parent in &links.parents {
                if let Err(gap) = self.arrive(*parent, rest.clone()) {
                    return Err((gap, rest));
                }
            }
        }
        step.changed = rest;
        Ok(step)
    }

    /// The sets of `pending` that differ between a commit and a parent.
    fn against(&mut self, commit: Id, links: &Links, parent: Id, first: bool, pending: &Bits) -> Result<Bits, Gap> {
        let mut changed = Bits::none(self.count);
        // Filters know about the first parent alone.
        let maybe = if first { self.maybe(commit, pending) } else { None };
        let pending = maybe.as_ref().unwrap_or(pending);
        if pending.is_empty() {
            return Ok(changed);
        }
        let tree = match self.waiting.get(&parent) {
            Some((links, _)) => links.tree,
            None => self.objects.links(parent)?.tree,
        };
        self.trees.compare(
            &self.top,
            Some(Entry::folder(links.tree)),
            Some(Entry::folder(tree)),
            pending,
            &mut changed,
        )?;
        Ok(changed)
    }

    /// Those of `pending` that a filter does not rule out; nothing where there is no filter.
    fn maybe(&self, commit: Id, pending: &Bits) -> Option<Bits> {
        let filter = self.watch.as_ref()?.filter(commit)?;
        let mut maybe = pending.clone();
        for set in pending.iter() {
            if let Some(paths) = &self.watched[set]
                && !paths.iter().any(|path| filter.may_have_changed(*path))
            {
                maybe.remove(set);
            }
        }
        Some(maybe)
    }
}
