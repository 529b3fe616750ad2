//! One commit-graph file: its chunks, and the rows in them.
//!
//! Everything about sizes and bounds is checked once, when the file is read; only what a row says about
//! other rows is checked where it is asked for.

use super::Id;
use super::bloom::Filters;
use std::ops::Range;

/// In place of a parent: there is none.
const NO_PARENT: u32 = 0x7000_0000;
/// In place of the second parent, this bit says that the rest is a place in the list of edges; there it
/// marks the last parent.
const EDGE: u32 = 0x8000_0000;
/// Bytes of a row of commit data: tree, two parents, level and time.
const ROW: usize = 36;

/// A file of a chain, or the only one.
pub struct Layer {
    pub bytes: Vec<u8>,
    /// The number of commits in the layers before this one.
    pub first: u32,
    pub filters: Option<Filters>,
    fanout: Range<usize>,
    ids: Range<usize>,
    rows: Range<usize>,
    edges: Range<usize>,
}

/// What a row of commit data holds.
#[derive(Clone, Copy)]
pub struct Entry {
    pub tree: Id,
    /// One more than the highest level of a parent; 1 for a root.
    pub level: u32,
    pub seconds: u64,
    parents: [u32; 2],
}

impl Layer {
    /// Takes a file apart; `below` are the layers that it stands on.
    pub fn read(bytes: Vec<u8>, below: &[Layer]) -> Option<Layer> {
        let [b'C', b'G', b'P', b'H', 1, 1, chunks, bases, ..] = bytes[..] else { return None };
        if usize::from(bases) != below.len() {
            return None;
        }
        let chunks = Chunks::read(&bytes, usize::from(chunks))?;
        if bases > 0 {
            let named = bytes.get(chunks.find(b"BASE")?)?.as_chunks::<20>().0;
            if !named.iter().eq(below.iter().filter_map(|layer| checksum(&layer.bytes))) {
                return None;
            }
        }
        let fanout = chunks.of_size(b"OIDF", 1_024)?;
        let numbers = bytes.get(fanout.clone())?.as_chunks::<4>().0;
        if !numbers.is_sorted() {
            return None;
        }
        let count = u32::from_be_bytes(*numbers.last()?);
        let first: u32 = below.last().map_or(Some(0), |layer| layer.first.checked_add(layer.len() as u32))?;
        if first.checked_add(count)? > NO_PARENT {
            return None;
        }
        let count = count as usize;
        let filters = match (chunks.of_size(b"BIDX", count * 4), chunks.find(b"BDAT")) {
            (Some(index), Some(data)) => Filters::read(&bytes, index, data),
            _ => None,
        };
        let (ids, rows) = (chunks.of_size(b"OIDL", count * 20)?, chunks.of_size(b"CDAT", count * ROW)?);
        let edges = chunks.find(b"EDGE").unwrap_or(0..0);
        Some(Layer { first, filters, fanout, ids, rows, edges, bytes })
    }

    /// The number of commits in this layer.
    pub fn len(&self) -> usize {
        self.ids.len() / 20
    }

    /// The row of a commit.
    pub fn find(&self, id: &Id) -> Option<u32> {
        let fanout = self.bytes[self.fanout.clone()].as_chunks::<4>().0;
        let up_to = |first: u8| u32::from_be_bytes(fanout[usize::from(first)]) as usize;
        let from = id[0].checked_sub(1).map_or(0, up_to);
        let row = self.ids()[from..up_to(id[0])].binary_search(id).ok()?;
        Some((from + row) as u32)
    }

    /// The id of a row that is there.
    pub fn id(&self, row: u32) -> &Id {
        &self.ids()[row as usize]
    }

    fn ids(&self) -> &[Id] {
        self.bytes[self.ids.clone()].as_chunks::<20>().0
    }

    /// The data of a row that is there.
    pub fn entry(&self, row: u32) -> Entry {
        let (parts, _) = self.bytes[self.rows.clone()].as_chunks::<ROW>();
        let (tree, rest) = parts[row as usize].split_first_chunk::<20>().expect("a row has 36 bytes");
        let words = rest.as_chunks::<4>().0;
        let [first, second, high, low] = [0, 1, 2, 3].map(|at| u32::from_be_bytes(words[at]));
        Entry {
            tree: *tree,
            level: high >> 2,
            seconds: u64::from(high & 3) << 32 | u64::from(low),
            parents: [first, second],
        }
    }

    /// The parents of an entry, counted over all layers.
    pub fn parents(&self, entry: Entry) -> Option<Vec<u32>> {
        let [first, second] = entry.parents;
        if first == NO_PARENT {
            return (second == NO_PARENT).then(Vec::new);
        }
        let mut parents = vec![first];
        if second & EDGE != 0 {
            let edges = self.bytes[self.edges.clone()].as_chunks::<4>().0;
            for edge in edges.get((second & !EDGE) as usize..)?.iter().map(|edge| u32::from_be_bytes(*edge)) {
                parents.push(edge & !EDGE);
                if edge & EDGE != 0 {
                    return Some(parents);
                }
            }
            return None;
        }
        if second != NO_PARENT {
            parents.push(second);
        }
        Some(parents)
    }
}

/// The checksum that a file ends with.
pub fn checksum(bytes: &[u8]) -> Option<&Id> {
    bytes.last_chunk()
}

/// Where the parts of a file lie.
struct Chunks(Vec<([u8; 4], Range<usize>)>);

impl Chunks {
    /// The table after the head of 8 bytes: a name and where the chunk begins, in order; its last line
    /// has no name and points at the checksum.
    fn read(bytes: &[u8], count: usize) -> Option<Chunks> {
        let table = bytes.get(8..8 + 12 * (count + 1))?;
        let lines: Vec<([u8; 4], usize)> = table.as_chunks::<12>().0.iter().map(line).collect::<Option<_>>()?;
        let (end, starts) = lines.last()?;
        let whole = *end == [0; 4] && Some(*starts) == bytes.len().checked_sub(20);
        let after_the_table = lines.first()?.1 >= 8 + table.len();
        let in_order = lines.is_sorted_by_key(|(_, at)| *at);
        let chunks = lines.windows(2).map(|pair| (pair[0].0, pair[0].1..pair[1].1));
        (whole && after_the_table && in_order).then(|| Chunks(chunks.collect()))
    }

    fn find(&self, name: &[u8; 4]) -> Option<Range<usize>> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, range)| range.clone())
    }

    fn of_size(&self, name: &[u8; 4], size: usize) -> Option<Range<usize>> {
        self.find(name).filter(|range| range.len() == size)
    }
}

fn line(line: &[u8; 12]) -> Option<([u8; 4], usize)> {
    let (name, at) = line.split_first_chunk::<4>()?;
    let at = u64::from_be_bytes(*at.first_chunk()?);
    Some((*name, usize::try_from(at).ok()?))
}
