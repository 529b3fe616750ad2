//! Which entries of two lists or maps belong together.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// An item of a list, as far as matching needs it.
pub(super) struct Item<'t> {
    /// The hash of what it says.
    pub(super) content: u64,
    /// The hash of what of it counts; 0 for nothing.
    pub(super) substance: u64,
    /// What it calls itself.
    pub(super) name: Option<&'t str>,
}

/// Positions of what belongs together, in the order of the later side; what only the earlier one has
/// follows what it followed there.
pub(super) type Pairs = Vec<(Option<usize>, Option<usize>)>;

/// Pairs items: those that say the same, then those that differ in nothing that counts, then those of
/// one name, then by position those without a name or without anything that counts.
pub(super) fn items(before: &[Item<'_>], after: &[Item<'_>]) -> Pairs {
    let mut matching = Matching::new(before, after);
    matching.by(|item| Some(item.content));
    matching.by(|item| Some(item.substance).filter(|substance| *substance != 0));
    matching.by(|item| item.name);
    matching.by(|item| (item.name.is_none() || item.substance == 0).then_some(()));
    matching.pairs()
}

/// Pairs entries of maps by their keys.
pub(super) fn entries(before: &[&str], after: &[&str]) -> Pairs {
    let mut matching = Matching::new(before, after);
    matching.by(|key| Some(*key));
    matching.pairs()
}

struct Matching<'a, T> {
    before: &'a [T],
    after: &'a [T],
    /// Where the other one stands, for each that was paired.
    later: Vec<Option<usize>>,
    earlier: Vec<Option<usize>>,
}

impl<'a, T> Matching<'a, T> {
    fn new(before: &'a [T], after: &'a [T]) -> Self {
        Matching { before, after, later: vec![None; before.len()], earlier: vec![None; after.len()] }
    }

    /// Pairs what is left and has the same key, the first with the first.
    fn by<K: Hash + Eq>(&mut self, key: impl Fn(&'a T) -> Option<K>) {
        let mut waiting: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (index, item) in self.before.iter().enumerate().filter(|(index, _)| self.later[*index].is_none()) {
            if let Some(key) = key(item) {
                waiting.entry(key).or_default().push_back(index);
            }
        }
        for (index, item) in self.after.iter().enumerate() {
            if self.earlier[index].is_some() {
                continue;
            }
            let found = key(item).and_then(|key| waiting.get_mut(&key)?.pop_front());
            if let Some(before) = found {
                self.later[before] = Some(index);
                self.earlier[index] = Some(before);
            }
        }
    }

    fn pairs(self) -> Pairs {
        // Each removed one with the place of what it follows; 0 is before the first.
        let mut removed = Vec::new();
        let mut place = 0;
        for (before, later) in self.later.iter().enumerate() {
            match later {
                Some(later) => place = later + 1,
                None => removed.push((place, before)),
            }
        }
        removed.sort_unstable();
        let mut removed = removed.into_iter().peekable();
        let mut pairs = Vec::with_capacity(self.before.len().max(self.after.len()));
        for place in 0..=self.after.len() {
            if let Some(after) = place.checked_sub(1) {
                pairs.push((self.earlier[after], Some(after)));
            }
            while let Some((_, before)) = removed.next_if(|(follows, _)| *follows == place) {
                pairs.push((Some(before), None));
            }
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_removed_stands_where_it_stood() {
        let shown = |before: &[&str], after: &[&str]| {
            let text = |(b, a): (Option<usize>, Option<usize>)| match (b, a) {
                (Some(_), Some(a)) => format!("={}", after[a]),
                (None, Some(a)) => format!("+{}", after[a]),
                (Some(b), None) => format!("-{}", before[b]),
                (None, None) => "nothing".to_owned(),
            };
            entries(before, after).into_iter().map(text).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(&["a", "b", "c"], &["a", "c"]), "=a -b =c");
        assert_eq!(shown(&["a", "b"], &["x", "b"]), "-a +x =b");
        assert_eq!(shown(&["a", "b", "c"], &["c", "b"]), "-a =c =b");
        assert_eq!(shown(&[], &["a"]), "+a");
        assert_eq!(shown(&["a", "b"], &[]), "-a -b");
    }
}
