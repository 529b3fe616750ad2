//! The filters of changed paths: for each commit a Bloom filter of the paths that differ from its first
//! parent, and of all folders around them.

use std::ops::Range;

/// Seeds of the two hashes of which all probes are made.
const SEEDS: [u32; 2] = [0x293a_e76f, 0x7e64_6e2c];
/// More probes a path than any git writes (it writes 7): a file that says so is not trusted.
const MOST_PROBES: u32 = 64;

/// A path as filters are asked for it: the hashes of the path and of each folder around it, computed
/// once.
#[derive(Clone, Debug)]
pub struct PathKey {
    /// The path, then its folders from the inside out: what is left out of a filter most often is asked
    /// first.
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    hashes: [u32; 2],
    /// Hashes with bytes from 0x80 on taken as negative.
    signed: [u32; 2],
}

impl PathKey {
    /// The key of a path from the topmost folder, with `/` between its parts and none at its ends. A
    /// path to a folder stands for all that is in it; the empty path, the topmost folder, has no filter
    /// and may always have changed.
    pub fn new(path: &[u8]) -> PathKey {
        let path = path.strip_suffix(b"/").unwrap_or(path);
        let ends = (0..path.len()).rev().filter(|&at| path[at] == b'/');
        let prefixes = std::iter::once(path.len()).chain(ends).map(|end| &path[..end]);
        let step = |path: &[u8]| Step {
            hashes: SEEDS.map(|seed| murmur3(seed, path, u32::from)),
            signed: SEEDS.map(|seed| murmur3(seed, path, |byte| byte.cast_signed() as u32)),
        };
        PathKey { steps: prefixes.filter(|path| !path.is_empty()).map(step).collect() }
    }
}

/// The filters of a layer.
pub struct Filters {
    /// Where each commit's filter ends, one number of 4 bytes a commit.
    index: Range<usize>,
    data: Range<usize>,
    /// Version 1 of the hash takes a byte as the machine's `char`: signed where git was built for x86,
    /// unsigned on most others, and the file does not say which.
    either: bool,
    probes: u32,
}

impl Filters {
    /// `None` for filters of a form that is not known: then the layer has none.
    pub fn read(bytes: &[u8], index: Range<usize>, data: Range<usize>) -> Option<Filters> {
        let (head, data) = (bytes.get(data.clone())?.first_chunk::<12>()?, data.start + 12..data.end);
        let words = head.as_chunks::<4>().0;
        // The third word, the bits an entry, decided how long the filters are; their lengths are known.
        let [version, probes] = [0, 1].map(|at| u32::from_be_bytes(words[at]));
        let known = matches!(version, 1 | 2) && (1..=MOST_PROBES).contains(&probes);
        known.then_some(Filters { index, data, either: version == 1, probes })
    }

    /// Whether the path may be in the filter of a row that is there; `None` when the row has no filter.
    pub fn may_contain(&self, bytes: &[u8], row: u32, path: &PathKey) -> Option<bool> {
        let ends = bytes.get(self.index.clone())?.as_chunks::<4>().0;
        let end = |row: u32| Some(u32::from_be_bytes(*ends.get(row as usize)?) as usize);
        let from = row.checked_sub(1).map_or(Some(0), end)?;
        let filter = bytes.get(self.data.clone())?.get(from..end(row)?)?;
        if filter.is_empty() {
            return None;
        }
        let holds = |hashes: [u32; 2]| (0..self.probes).all(|probe| bit(filter, hashes, probe));
        Some(path.steps.iter().all(|step| holds(step.hashes) || self.either && holds(step.signed)))
    }
}

/// Whether the bit of one probe is set in a filter that is not empty.
fn bit(filter: &[u8], [first, second]: [u32; 2], probe: u32) -> bool {
    let hash = first.wrapping_add(probe.wrapping_mul(second));
    let at = u64::from(hash) % (filter.len() as u64 * 8);
    filter[(at / 8) as usize] & 1 << (at % 8) != 0
}

/// MurmurHash3 of 32 bits; `wide` makes a word of a byte.
fn murmur3(seed: u32, bytes: &[u8], wide: impl Fn(u8) -> u32) -> u32 {
    let scrambled = |word: u32| word.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    // A negative byte reaches into the bytes above it, so words are joined by "or" as git does it...
    let (words, rest) = bytes.as_chunks::<4>();
    let mut hash = words.iter().fold(seed, |hash, word| {
        let word = (0..4).fold(0, |all, at| all | wide(word[at]) << (8 * at));
        (hash ^ scrambled(word)).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64)
    });
    // ...and those of the rest by "exclusive or".
    if !rest.is_empty() {
        hash ^= scrambled(rest.iter().enumerate().fold(0, |all, (at, byte)| all ^ wide(*byte) << (8 * at)));
    }
    hash ^= bytes.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_murmur3() {
        let table: [(u32, &[u8], u32); 5] = [
            (0, b"", 0),
            (1, b"", 0x514e_28b7),
            (0, b"Hello world!", 0x627b_0c2c),
            (0, b"The quick brown fox jumps over the lazy dog", 0x2e4f_f723),
            (0, b"\xff\xff\xff\xff", 0x7629_3b50),
        ];
        for (seed, text, hash) in table {
            assert_eq!(murmur3(seed, text, u32::from), hash, "{text:?}");
        }
    }
}
