//! Tree objects as git stores them: mode, name, id; entry after entry.

use super::{Gap, Id};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Folders in folders, as deep as a path can be long.
pub const DEEP: usize = 2048;

/// Why a walk into folders ends.
pub fn too_deep() -> Gap {
    Gap::Broken("its folders are nested too deep".to_owned())
}

/// How much a walk into folders may look at. A few nested folders of a few bytes each can stand for
/// billions of files, and folders that differ have to be walked through. Entries that are the same on
/// both sides cost nothing but the bytes that are passed over.
#[derive(Debug)]
pub struct Budget {
    left: usize,
}

/// Entries that a walk looks at: ten times the files of the largest public repositories, and some
/// seconds.
const ENTRIES: usize = 5_000_000;

/// Entries that each further question may look at.
const A_QUESTION: usize = 100_000;

/// Entries that each commit that is passed adds: longer histories may take longer.
const A_COMMIT: usize = 4_000;

/// Bytes of trees that cost as much as an entry that differs.
const BYTES: usize = 1_024;

impl Default for Budget {
    fn default() -> Self {
        Budget::of(0)
    }
}

impl Budget {
    /// What a walk for so many questions may look at.
    pub fn of(questions: usize) -> Self {
        Budget { left: ENTRIES + questions * A_QUESTION }
    }

    /// A commit is passed.
    pub fn pass(&mut self) {
        self.left += A_COMMIT;
    }

    /// Pays for the comparison of two folders.
    ///
    /// # Errors
    /// When that is more than what is left.
    pub fn pay(&mut self, one: &[u8], other: &[u8], differing: &Differing<'_>) -> Result<(), Gap> {
        let price = differing.left.len() + differing.right.len() + (one.len() + other.len()) / BYTES + 1;
        let left = self.left.checked_sub(price);
        // Whatever is asked next is as endless; only what further commits add is left.
        self.left = left.unwrap_or(0);
        left.map(drop).ok_or_else(|| {
            Gap::TooLarge("commits change more files and folders here than can be looked through".to_owned())
        })
    }
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A file.
    File,
    /// A link; its content is the path that it leads to.
    Link,
    /// A commit of another repository.
    Submodule,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The mode as git compares it: its permissions reduced to whether a file can be run.
    pub mode: u32,
    /// The object.
    pub id: Id,
}

impl Entry {
    /// A folder with this tree.
    pub fn folder(tree: Id) -> Entry {
        Entry { mode: 0o040_000, id: tree }
    }

    /// What it is.
    pub fn kind(self) -> EntryKind {
        match self.mode {
            0o040_000 => EntryKind::Folder,
            0o120_000 => EntryKind::Link,
            0o160_000 => EntryKind::Submodule,
            _ => EntryKind::File,
        }
    }

    /// Whether it has a content of its own: a file or a link.
    pub fn holds_text(self) -> bool {
        matches!(self.kind(), EntryKind::File | EntryKind::Link)
    }

    /// Whether it is a folder.
    pub fn is_folder(self) -> bool {
        self.kind() == EntryKind::Folder
    }
}

/// An entry as it stands in the bytes of a tree.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'t> {
    mode: &'t [u8],
    /// Its name, any bytes but `/` and NUL.
    pub name: &'t [u8],
    id: &'t [u8],
    whole: &'t [u8],
}

impl Raw<'_> {
    /// The mode and the object. Old tools wrote modes with zeros in front and with all permissions; git
    /// takes them for the same.
    pub fn entry(&self) -> Entry {
        let mode = self.mode.iter().fold(0u32, |mode, digit| (mode << 3) | u32::from(digit.wrapping_sub(b'0') & 7));
        let mode = match mode & 0o170_000 {
            0o040_000 => 0o040_000,
            0o120_000 => 0o120_000,
            0o100_000 if mode & 0o100 != 0 => 0o100_755,
            0o100_000 => 0o100_644,
            _ => 0o160_000,
        };
        let mut id = [0; Id::BYTES];
        id.copy_from_slice(self.id);
        Entry { mode, id: Id(id) }
    }

    fn is_folder(&self) -> bool {
        self.entry().is_folder()
    }
}

/// Reads the entry that `bytes` begin with; nothing at their end.
///
/// # Errors
/// When the bytes are no tree.
pub fn next(bytes: &[u8]) -> Result<Option<Raw<'_>>, Gap> {
    if bytes.is_empty() {
        return Ok(None);
    }
    let parsed = || {
        let space = bytes.iter().take(8).position(|byte| *byte == b' ')?;
        let end = space + 1 + bytes[space + 1..].iter().position(|byte| *byte == 0)?;
        let whole = bytes.get(..end + 1 + Id::BYTES)?;
        Some(Raw { mode: &bytes[..space], name: &bytes[space + 1..end], id: &whole[end + 1..], whole })
    };
    parsed().map(Some).ok_or_else(|| Gap::Broken("a tree object cannot be read".to_owned()))
}

/// The entry of this name in a tree.
///
/// # Errors
/// When the bytes before it are no tree.
pub fn find(tree: &[u8], name: &[u8]) -> Result<Option<Entry>, Gap> {
    let mut rest = tree;
    while let Some(raw) = next(rest)? {
        if raw.name == name {
            return Ok(Some(raw.entry()));
        }
        rest = &rest[raw.whole.len()..];
    }
    Ok(None)
}

/// All entries of a tree.
///
/// # Errors
/// When the bytes are no tree.
pub fn entries(tree: &[u8]) -> Result<Vec<Raw<'_>>, Gap> {
    let (mut rest, mut found) = (tree, Vec::new());
    while let Some(raw) = next(rest)? {
        rest = &rest[raw.whole.len()..];
        found.push(raw);
    }
    Ok(found)
}

/// Entries that are not the same in two trees. A name may be on both sides: it changed.
#[derive(Default)]
pub struct Differing<'t> {
    /// Those of the first tree.
    pub left: Vec<Raw<'t>>,
    /// Those of the second.
    pub right: Vec<Raw<'t>>,
}

/// Compares two trees. Most of their entries are the same bytes: those in front of the first difference are
/// only counted off, since where an entry begins is known from the front alone, and those behind the last one
/// are not looked at.
///
/// # Errors
/// When the bytes are no trees.
pub fn differing<'t>(left: &'t [u8], right: &'t [u8]) -> Result<Differing<'t>, Gap> {
    let mut found = Differing::default();
    let same = shared_front(left, right);
    let mut start = 0;
    while let Some(raw) = next(&left[start..])?
        && start + raw.whole.len() <= same
    {
        start += raw.whole.len();
    }
    let (mut left, mut right) = (&left[start..], &right[start..]);
    let tail = shared_back(left, right);
    loop {
        if left.len() == right.len() && left.len() <= tail {
            return Ok(found);
        }
        let Some(one) = next(left)? else {
            found.right.extend(entries(right)?);
            return Ok(found);
        };
        if right.starts_with(one.whole) {
            left = &left[one.whole.len()..];
            right = &right[one.whole.len()..];
            continue;
        }
        let Some(other) = next(right)? else {
            found.left.extend(entries(left)?);
            return Ok(found);
        };
        let order = in_tree_order(&one, &other);
        if order.is_le() {
            left = &left[one.whole.len()..];
            found.left.push(one);
        }
        if order.is_ge() {
            right = &right[other.whole.len()..];
            found.right.push(other);
        }
    }
}

/// How many bytes are the same from the front.
fn shared_front(one: &[u8], other: &[u8]) -> usize {
    let whole = one.chunks_exact(CHUNK).zip(other.chunks_exact(CHUNK)).take_while(|(a, b)| a == b).count() * CHUNK;
    whole + one[whole..].iter().zip(&other[whole..]).take_while(|(a, b)| a == b).count()
}

/// How many bytes are the same from the back.
fn shared_back(one: &[u8], other: &[u8]) -> usize {
    let whole = one.rchunks_exact(CHUNK).zip(other.rchunks_exact(CHUNK)).take_while(|(a, b)| a == b).count() * CHUNK;
    let rest = |bytes: &[u8]| bytes.len() - whole;
    let (one, other) = (&one[..rest(one)], &other[..rest(other)]);
    whole + one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count()
}

/// Bytes that are compared at once.
const CHUNK: usize = 64;

/// Git sorts folders as if their names ended in `/`.
fn in_tree_order(one: &Raw<'_>, other: &Raw<'_>) -> Ordering {
    let shared = one.name.len().min(other.name.len());
    let tail = |raw: &Raw<'_>| match raw.name.get(shared) {
        Some(byte) => *byte,
        None if raw.is_folder() => b'/',
        None => 0,
    };
    // Names of the same length and text are of one entry, whatever each side is: a file and a folder of
    // one name are told apart by their place, so they come out one after the other.
    one.name[..shared].cmp(&other.name[..shared]).then_with(|| tail(one).cmp(&tail(other)))
}

/// Names that differ, with what stands on either side.
pub fn pairs<'d>(differing: &'d Differing<'d>) -> impl Iterator<Item = (&'d [u8], Option<Entry>, Option<Entry>)> {
    let (left, right) = (Side::new(&differing.left), Side::new(&differing.right));
    let both = differing.left.iter().map(move |raw| (raw.name, Some(raw.entry()), right.find(raw.name)));
    let added = differing.right.iter().filter(move |raw| left.find(raw.name).is_none());
    both.chain(added.map(|raw| (raw.name, None, Some(raw.entry()))))
}

/// The entries of one side by their names. Most commits change a few; some change thousands.
enum Side<'d> {
    Few(&'d [Raw<'d>]),
    Many(HashMap<&'d [u8], Entry>),
}

impl<'d> Side<'d> {
    fn new(entries: &'d [Raw<'d>]) -> Self {
        const FEW: usize = 8;
        if entries.len() <= FEW {
            return Side::Few(entries);
        }
        Side::Many(entries.iter().map(|raw| (raw.name, raw.entry())).collect())
    }

    fn find(&self, name: &[u8]) -> Option<Entry> {
        match self {
            Side::Few(entries) => entries.iter().find(|raw| raw.name == name).map(Raw::entry),
            Side::Many(entries) => entries.get(name).copied(),
        }
    }
}
