//! Sets of small numbers.

/// A set of the numbers below a limit that all sets of one walk share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits(Box<[u64]>);

impl Bits {
    /// The empty set.
    pub fn none(limit: usize) -> Self {
        Bits(vec![0; limit.div_ceil(64)].into_boxed_slice())
    }

    /// All numbers below the limit.
    pub fn all(limit: usize) -> Self {
        let mut bits = Bits::none(limit);
        (0..limit).for_each(|number| bits.add(number));
        bits
    }

    /// Adds a number.
    pub fn add(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Takes a number away.
    pub fn remove(&mut self, number: usize) {
        self.0[number / 64] &= !(1 << (number % 64));
    }

    /// Whether it holds a number.
    pub fn has(&self, number: usize) -> bool {
        self.0[number / 64] & (1 << (number % 64)) != 0
    }

    /// Adds all of another set.
    pub fn join(&mut self, other: &Bits) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// What another set does not hold.
    pub fn minus(mut self, other: &Bits) -> Bits {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= !theirs);
        self
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many numbers it holds.
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether it holds a number from `low` to just before `high`.
    pub fn any_in(&self, low: usize, high: usize) -> bool {
        if low >= high {
            return false;
        }
        let (first, last) = (low / 64, (high - 1) / 64);
        let from = u64::MAX << (low % 64);
        let to = u64::MAX >> (63 - (high - 1) % 64);
        if first == last {
            return self.0[first] & from & to != 0;
        }
        self.0[first] & from != 0 || self.0[first + 1..last].iter().any(|word| *word != 0) || self.0[last] & to != 0
    }

    /// The numbers in their order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_behaves_like_a_set(numbers in proptest::collection::btree_set(0usize..200, 0..20), low in 0usize..200, high in 0usize..=200) {
            let mut bits = Bits::none(200);
            numbers.iter().for_each(|number| bits.add(*number));
            prop_assert_eq!(bits.iter().collect::<Vec<_>>(), numbers.iter().copied().collect::<Vec<_>>());
            prop_assert_eq!(bits.any_in(low, high), low < high && numbers.range(low..high).next().is_some());
            let rest = Bits::all(200).minus(&bits);
            prop_assert_eq!(rest.iter().count(), 200 - numbers.len());
        }
    }
}
