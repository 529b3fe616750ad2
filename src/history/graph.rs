//! The commits of a history and how they hang together.

use super::bits::Bits;
use super::{Gap, Id, Links, Objects};
use std::collections::{BinaryHeap, HashMap, HashSet};

/// All commits that led to one, children before their parents.
#[derive(Debug)]
pub struct Graph {
    ids: Vec<Id>,
    parents: Vec<Vec<u32>>,
    /// The tree of each commit; none of one that could not be read.
    trees: Vec<Option<Id>>,
    /// Those whose parents are cut off.
    cuts: HashSet<Id>,
    places: HashMap<Id, u32>,
    /// For each commit the one of the main line that brought it there.
    landed: Vec<u32>,
    /// Why not all commits could be read.
    gap: Option<Gap>,
}

impl Graph {
    /// Reads the history of `head`. Where an object is missing, it ends there and says so when it is asked.
    pub fn read(objects: &dyn Objects, head: Id) -> Graph {
        let (mut ids, mut times, mut parents, mut trees) = (vec![head], Vec::new(), Vec::new(), Vec::new());
        let mut places = HashMap::from([(head, 0u32)]);
        let (mut cuts, mut gap) = (HashSet::new(), None);
        let mut at = 0;
        while let Some(id) = ids.get(at).copied() {
            at += 1;
            let links = match objects.links(id) {
                Ok(links) => links,
                Err(missing) => {
                    gap = Some(missing);
                    times.push(0);
                    trees.push(None);
                    parents.push(Vec::new());
                    continue;
                }
            };
            if links.cut {
                cuts.insert(id);
            }
            times.push(links.time);
            trees.push(Some(links.tree));
            let number = |parent: Id| {
                *places.entry(parent).or_insert_with(|| {
                    ids.push(parent);
                    ids.len() as u32 - 1
                })
            };
            parents.push(links.parents.into_iter().map(number).collect::<Vec<u32>>());
        }
        let order = in_order(&times, &parents);
        let mut place = vec![0u32; ids.len()];
        order.iter().zip(0..).for_each(|(old, new)| place[*old as usize] = new);
        let moved = |old: &u32| place[*old as usize];
        let parents: Vec<Vec<u32>> =
            order.iter().map(|old| parents[*old as usize].iter().map(moved).collect()).collect();
        let ids: Vec<Id> = order.iter().map(|old| ids[*old as usize]).collect();
        let trees = order.iter().map(|old| trees[*old as usize]).collect();
        let places = ids.iter().copied().zip(0..).collect();
        let landed = landed(&parents);
        Graph { ids, parents, trees, cuts, places, landed, gap }
    }

    /// How many commits there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no commit.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The position of a commit, children before their parents, else by the committer's dates, newest first.
    pub fn place(&self, id: Id) -> Option<usize> {
        self.places.get(&id).map(|place| *place as usize)
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// When the commit could not be read.
    pub(super) fn tree(&self, place: usize) -> Result<Id, Gap> {
        let unread = || self.gap.clone().unwrap_or(Gap::Partial);
        self.trees[place].ok_or_else(unread)
    }

    /// What a walk needs of a commit; its place stands for its time.
    ///
    /// # Errors
    /// When the commit could not be read.
    pub(super) fn links(&self, place: usize) -> Result<Links, Gap> {
        let tree = self.tree(place)?;
        let parents = self.parents[place].iter().map(|parent| self.ids[*parent as usize]).collect();
        Ok(Links { tree, parents, time: 0, cut: self.cuts.contains(&self.ids[place]) })
    }

    /// Whether all commits are there.
    ///
    /// # Errors
    /// Why they are not.
    pub fn whole(&self) -> Result<(), Gap> {
        match &self.gap {
            Some(gap) => Err(gap.clone()),
            None if !self.cuts.is_empty() => Err(Gap::Shallow),
            None => Ok(()),
        }
    }

    /// Whether one commit led to the other, both of this history. A commit leads to itself.
    pub fn leads_to(&self, earlier: usize, later: usize) -> bool {
        let (wanted, mut seen, mut todo) = (earlier as u32, HashSet::new(), vec![later as u32]);
        while let Some(at) = todo.pop() {
            if at == wanted {
                return true;
            }
            // Parents come behind their children: what is behind cannot have led to what is before it.
            todo.extend(self.parents[at as usize].iter().filter(|p| **p <= wanted && seen.insert(**p)));
        }
        false
    }

    /// All commits that led to one, and it itself, by their places.
    pub(super) fn leading_to(&self, place: usize) -> Bits {
        let mut led = Bits::none(self.len());
        let mut todo = vec![place as u32];
        while let Some(at) = todo.pop() {
            if !led.has(at as usize) {
                led.add(at as usize);
                todo.extend(&self.parents[at as usize]);
            }
        }
        led
    }

    /// The commit of the main line, which is the first parents of the head, that brought a commit there: the
    /// first one on it that the commit led to. One of the main line landed itself.
    ///
    /// # Errors
    /// When a commit that is cut off might have brought it earlier.
    pub fn landed(&self, place: usize) -> Result<Id, Gap> {
        let by = self.landed[place] as usize;
        if by != place {
            self.whole()?;
        }
        Ok(self.ids[by])
    }
}

/// Numbers of commits so that each stands before its parents, the newest first where that leaves a choice.
fn in_order(times: &[i64], parents: &[Vec<u32>]) -> Vec<u32> {
    let mut children = vec![0u32; parents.len()];
    parents.iter().flatten().for_each(|parent| children[*parent as usize] += 1);
    // Of two commits of one second the one that was met first comes first.
    let key = |at: u32| (times[at as usize], std::cmp::Reverse(at));
    let mut free: BinaryHeap<_> = (0..parents.len() as u32).filter(|at| children[*at as usize] == 0).map(key).collect();
    let mut order = Vec::with_capacity(parents.len());
    while let Some((_, std::cmp::Reverse(at))) = free.pop() {
        order.push(at);
        for parent in &parents[at as usize] {
            children[*parent as usize] -= 1;
            if children[*parent as usize] == 0 {
                free.push(key(*parent));
            }
        }
    }
    order
}

fn landed(parents: &[Vec<u32>]) -> Vec<u32> {
    let main_line: Vec<u32> =
        std::iter::successors((!parents.is_empty()).then_some(0u32), |at| parents[*at as usize].first().copied())
            .collect();
    let mut landed = vec![u32::MAX; parents.len()];
    for by in main_line.into_iter().rev() {
        let mut todo = vec![by];
        while let Some(at) = todo.pop() {
            if landed[at as usize] == u32::MAX {
                landed[at as usize] = by;
                todo.extend(&parents[at as usize]);
            }
        }
    }
    landed
}
