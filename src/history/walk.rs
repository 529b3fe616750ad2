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
use super::diff::{Difference, Trees};
use super::tree::Entry;
use super::trie::Node;
use super::{Gap, Graph, Id, Links, Objects, PathSet, objects::Watch};
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
    let mut walk = Walk::new(objects, None, root, sets);
    let mut last = vec![Touched::Never; sets.len()];
    walk.arrive(head, &Bits::all(sets.len()))?;
    while let Some((commit, links, pending)) = walk.next()? {
        let Step { changed, lost, .. } = walk.step(commit, &links, pending, false);
        changed.iter().for_each(|set| last[set] = Touched::By(commit));
        for (gap, sets) in lost {
            sets.iter().for_each(|set| last[set] = Touched::Unknown(gap.clone()));
        }
    }
    Ok(last)
}

/// Every change of a set of paths, under the names that it gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The commits, children before their parents, else newest first.
    pub commits: Vec<Id>,
    /// Those of them that put a file where their first parent has nothing.
    pub added: Vec<Id>,
    /// Why there may be earlier ones.
    pub gap: Option<Gap>,
}

/// All changes of each set in the history of its own heads, which are commits of `graph`. Nothing is followed
/// into commits that are `hidden`.
///
/// # Errors
/// When an object that every answer depends on is not there.
pub fn all_changes(
    objects: &dyn Objects,
    graph: &Graph,
    root: &[String],
    sets: &[(PathSet, Vec<Id>)],
    hidden: &dyn Fn(Id) -> bool,
) -> Result<Vec<Changes>, Gap> {
    let paths: Vec<PathSet> = sets.iter().map(|(set, _)| set.clone()).collect();
    let mut walk = Walk::new(objects, Some(graph), root, &paths);
    let mut found = vec![Changes::default(); sets.len()];
    for (set, (_, heads)) in sets.iter().enumerate() {
        let mut alone = Bits::none(sets.len());
        alone.add(set);
        heads.iter().try_for_each(|head| walk.arrive(*head, &alone))?;
    }
    while let Some((commit, links, pending)) = walk.next()? {
        if hidden(commit) {
            continue;
        }
        let Step { changed, added, lost } = walk.step(commit, &links, pending, true);
        for set in changed.iter() {
            found[set].commits.push(commit);
            if added.has(set) {
                found[set].added.push(commit);
            }
        }
        for (gap, sets) in lost {
            sets.iter().for_each(|set| found[set].gap = Some(gap.clone()));
        }
    }
    Ok(found)
}

/// Sets that a filter is asked about, each by itself. One comparison of trees answers for more sooner.
const MOST_ASKED: usize = 2_000;

struct Walk<'o> {
    objects: &'o dyn Objects,
    trees: Trees<'o>,
    top: Node,
    count: usize,
    /// Where links come from when the whole history is walked.
    graph: Option<&'o Graph>,
    waiting: HashMap<Id, (Links, Bits)>,
    /// The next one first; a commit stands in it once for each time that it is in `waiting`. With a graph
    /// by the places in it, so that each commit is looked at once, after all of its children; else by time.
    order: BinaryHeap<(i64, Id)>,
    watch: Option<Box<dyn Watch + 'o>>,
    /// For each set the numbers of its watched paths; none where a filter cannot tell about it.
    watched: Vec<Option<Vec<usize>>>,
}

/// What a commit did.
struct Step {
    /// The sets that it changed.
    changed: Bits,
    /// The sets of one path at which it stands, and nothing at its first parent.
    added: Bits,
    /// The sets whose history cannot be followed beyond it, and why.
    lost: Vec<(Gap, Bits)>,
}

impl<'o> Walk<'o> {
    fn new(objects: &'o dyn Objects, graph: Option<&'o Graph>, root: &[String], sets: &[PathSet]) -> Self {
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
            trees: Trees::new(objects, sets.len()),
            top: Node::new(sets, root),
            count: sets.len(),
            graph,
            waiting: HashMap::new(),
            order: BinaryHeap::new(),
            watch,
            watched,
        }
    }

    /// Sends sets on to a commit.
    fn arrive(&mut self, commit: Id, sets: &Bits) -> Result<(), Gap> {
        match self.waiting.entry(commit) {
            Slot::Occupied(mut there) => there.get_mut().1.join(sets),
            Slot::Vacant(free) => {
                let (links, order) = match self.graph {
                    Some(graph) => {
                        let place = graph.place(commit).ok_or_else(lost)?;
                        (graph.links(place)?, -(place as i64))
                    }
                    None => {
                        let links = self.objects.links(commit)?;
                        let time = links.time;
                        (links, time)
                    }
                };
                self.order.push((order, commit));
                free.insert((links, sets.clone()));
            }
        }
        Ok(())
    }

    fn next(&mut self) -> Result<Option<(Id, Links, Bits)>, Gap> {
        let Some((_, commit)) = self.order.pop() else { return Ok(None) };
        let (links, sets) = self.waiting.remove(&commit).ok_or_else(lost)?;
        Ok(Some((commit, links, sets)))
    }

    /// Sends each set on to the first parent in which it is the same. Sets that are the same in none were
    /// changed here; they go on to all parents where the `whole` history is wanted.
    fn step(&mut self, commit: Id, links: &Links, pending: Bits, whole: bool) -> Step {
        self.trees.pass();
        let none = || Bits::none(self.count);
        let mut step = Step { changed: none(), added: none(), lost: Vec::new() };
        if links.cut {
            step.lost.push((Gap::Shallow, pending));
            return step;
        }
        let mut rest = pending;
        for (number, parent) in links.parents.iter().enumerate() {
            let changed = match self.against(commit, links, *parent, number == 0, &rest) {
                Ok(difference) => {
                    if number == 0 {
                        step.added = difference.added;
                    }
                    difference.changed
                }
                Err(gap) => {
                    step.lost.push((gap, rest));
                    return step;
                }
            };
            let same = std::mem::replace(&mut rest, changed).minus(&rest);
            self.send(*parent, same, &mut step);
            if rest.is_empty() {
                return step;
            }
        }
        if links.parents.is_empty() {
            // The first commit of all changed what is in it.
            let (tree, mut all) = (Some(Entry::folder(links.tree)), Difference::none(self.count));
            match self.trees.compare(&self.top, tree, None, &rest, &mut all) {
                Ok(()) => (step.changed, step.added) = (all.changed, all.added),
                Err(gap) => step.lost.push((gap, rest)),
            }
            return step;
        }
        if whole {
            links.parents.iter().for_each(|parent| self.send(*parent, rest.clone(), &mut step));
        }
        step.changed = rest;
        step
    }

    fn send(&mut self, parent: Id, sets: Bits, step: &mut Step) {
        if !sets.is_empty()
            && let Err(gap) = self.arrive(parent, &sets)
        {
            step.lost.push((gap, sets));
        }
    }

    /// The sets of `pending` that differ between a commit and a parent.
    fn against(
        &mut self,
        commit: Id,
        links: &Links,
        parent: Id,
        first: bool,
        pending: &Bits,
    ) -> Result<Difference, Gap> {
        let mut changed = Difference::none(self.count);
        // Filters know about the first parent alone.
        let maybe = if first { self.maybe(commit, pending) } else { None };
        let pending = maybe.as_ref().unwrap_or(pending);
        if pending.is_empty() {
            return Ok(changed);
        }
        let tree = match self.waiting.get(&parent) {
            Some((links, _)) => links.tree,
            None => match self.graph {
                Some(graph) => graph.tree(graph.place(parent).ok_or_else(lost)?)?,
                None => self.objects.links(parent)?.tree,
            },
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
        let watch = self.watch.as_ref()?;
        if pending.len() > MOST_ASKED {
            return None;
        }
        let filter = watch.filter(commit)?;
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

fn lost() -> Gap {
    Gap::Broken("a commit is lost".to_owned())
}
