//! The paths of a walk as a tree of names.

use super::PathSet;
use crate::facts::Globs;
use std::collections::HashMap;

/// What files below a folder have to match.
#[derive(Debug)]
pub(super) struct Matching {
    /// The patterns, of whole paths.
    pub globs: Globs,
    /// The path of the folder, with a `/` behind each name.
    pub above: Vec<u8>,
}

/// A name and everything that is asked about below it.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// What is asked about at this very place: the number of the set, and what the files below have to
    /// match; all of them without it.
    pub asked: Vec<(usize, Option<Matching>)>,
    /// The names below.
    pub below: HashMap<Vec<u8>, Node>,
    /// The lowest number of a set here and below, and one more than the highest.
    pub range: (usize, usize),
}

impl Node {
    /// The sets in their order, below the folder `root` of the repository.
    pub fn new(sets: &[PathSet], root: &[String]) -> Node {
        let mut top = Node { range: (usize::MAX, 0), ..Node::default() };
        for (number, set) in sets.iter().enumerate() {
            for one in set.anchored(root) {
                let above = one.names.iter().flat_map(|name| [name, &b"/"[..]].concat()).collect();
                let matching = one.globs.map(|globs| Matching { globs, above });
                let mut node = &mut top;
                node.widen(number);
                for name in one.names {
                    node = node.below.entry(name).or_insert_with(|| Node { range: (usize::MAX, 0), ..Node::default() });
                    node.widen(number);
                }
                node.asked.push((number, matching));
            }
        }
        top
    }

    fn widen(&mut self, number: usize) {
        self.range = (self.range.0.min(number), self.range.1.max(number + 1));
    }
}
