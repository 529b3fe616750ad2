//! Objects of a repository as evidence: none is loaded before its size is known, and each is hashed
//! again, since the library is told not to.

use crate::facts::ReadError;
use crate::source::plain;
use git2::{ErrorCode, ObjectType, OdbLookupFlags, Oid, Repository};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A tree of more bytes holds more files than a folder of people does.
const TREE_LIMIT: usize = 64 << 20;

/// Far more than a commit with a signature and a long message has.
const COMMIT_LIMIT: usize = 16 << 20;

/// What git keeps, for several threads at once.
pub struct Objects {
    at: PathBuf,
    /// The remote of a partial clone.
    promisor: Option<String>,
    /// The library's repository is for one thread at a time: each takes one that is free, or opens another.
    idle: Mutex<Vec<Repository>>,
}

/// An entry of a tree as it is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, any bytes but `/` and 0.
    pub name: Vec<u8>,
    /// The kind of the entry and whether a file is executable: `0o100_644`.
    pub mode: u32,
    /// The object.
    pub id: Oid,
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Objects").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Objects {
    /// Opens the repository around `folder`, or the bare one that it is in.
    ///
    /// # Errors
    /// Says in plain words why it cannot be opened.
    pub fn open(folder: &Path) -> Result<Objects, String> {
        let repository = super::open(folder)?;
        let promisor = promisor(&repository);
        Ok(Objects { at: folder.to_path_buf(), promisor, idle: Mutex::new(vec![repository]) })
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// When it has more than `limit` bytes, was not fetched, or is not what its id says.
    pub fn blob(&self, id: Oid, limit: usize) -> Result<Vec<u8>, ReadError> {
        self.read(id, ObjectType::Blob, limit)
    }

    /// The entries of a folder in the order that git keeps them.
    ///
    /// # Errors
    /// When it was not fetched, is not what its id says, or is no tree.
    pub fn tree(&self, id: Oid) -> Result<Vec<Entry>, ReadError> {
        let bytes = self.read(id, ObjectType::Tree, TREE_LIMIT)?;
        entries(&bytes).ok_or_else(|| ReadError::Damaged(format!("the tree {id} cannot be read")))
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// When the commit is not there, is not what its id says, or names no tree.
    pub fn tree_of(&self, commit: Oid) -> Result<Oid, ReadError> {
        let bytes = self.read(commit, ObjectType::Commit, COMMIT_LIMIT)?;
        let id =
            bytes.strip_prefix(b"tree ").and_then(|rest| rest.get(..40)).and_then(|id| std::str::from_utf8(id).ok());
        id.and_then(|id| Oid::from_str(id).ok())
            .ok_or_else(|| ReadError::Damaged(format!("the commit {commit} names no tree")))
    }

    fn read(&self, id: Oid, wanted: ObjectType, limit: usize) -> Result<Vec<u8>, ReadError> {
        let free = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repository = free.map_or_else(|| super::open(&self.at), Ok).map_err(ReadError::Denied)?;
        let bytes = self.read_from(&repository, id, wanted, limit);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(repository);
        bytes
    }

    fn read_from(
        &self,
        repository: &Repository,
        id: Oid,
        wanted: ObjectType,
        limit: usize,
    ) -> Result<Vec<u8>, ReadError> {
        let damaged = |error: git2::Error| match (&self.promisor, error.code()) {
            (Some(remote), ErrorCode::NotFound) => ReadError::NotFetched(remote.clone()),
            (None, ErrorCode::NotFound) => ReadError::Damaged(format!("its object {id} is missing")),
            _ => ReadError::Damaged(format!("its object {id} cannot be read ({})", plain(error.message()))),
        };
        let store = repository.odb().map_err(damaged)?;
        // Looking again for each of the thousands that a partial clone left out would take minutes.
        if let Some(remote) = &self.promisor
            && !store.exists_ext(id, OdbLookupFlags::NO_REFRESH)
        {
            return Err(ReadError::NotFetched(remote.clone()));
        }
        let (size, kind) = store.read_header(id).map_err(damaged)?;
        if kind != wanted {
            return Err(ReadError::Damaged(format!("its object {id} is a {kind}, and a {wanted} is named")));
        }
        if size > limit {
            return Err(ReadError::TooLarge(size as u64));
        }
        let object = store.read(id).map_err(damaged)?;
        match Oid::hash_object(kind, object.data()) {
            Ok(hash) if hash == id => Ok(object.data().to_vec()),
            _ => Err(ReadError::Damaged(format!("the content of its object {id} does not match that id"))),
        }
    }
}

/// The remote that a partial clone left objects at. Its name becomes part of a command that somebody
/// may paste, so one that a shell could take for something else is not repeated.
fn promisor(repository: &Repository) -> Option<String> {
    let config = repository.config().ok()?;
    let mut entries = config.entries(Some(r"^remote\..*\.promisor$")).ok()?;
    while let Some(entry) = entries.next() {
        let Ok(entry) = entry else { continue };
        let Some(key) = entry.name().ok() else { continue };
        if config.get_bool(key).unwrap_or(false) {
            let name = key.strip_prefix("remote.").and_then(|rest| rest.strip_suffix(".promisor")).unwrap_or_default();
            let harmless = |c: char| c.is_ascii_alphanumeric() || "._/-".contains(c);
            let named = !name.is_empty() && !name.starts_with('-') && name.chars().all(harmless);
            return Some(if named { name } else { "origin" }.to_owned());
        }
    }
    None
}

/// Reads a tree: `<mode> <name>\0<id>`, again and again. Old tools wrote modes with a zero in front,
/// which means the same.
fn entries(mut bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let space = bytes.iter().position(|byte| *byte == b' ')?;
        let mode = u32::from_str_radix(std::str::from_utf8(&bytes[..space]).ok()?, 8).ok()?;
        let end = space + bytes[space..].iter().position(|byte| *byte == 0)?;
        let id = Oid::from_bytes(bytes.get(end + 1..end + 21)?).ok()?;
        entries.push(Entry { name: bytes[space + 1..end].to_vec(), mode, id });
        bytes = &bytes[end + 21..];
    }
    Some(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_read_with_modes_of_any_padding_and_refused_when_cut() {
        let id = [7; 20];
        let raw = |mode: &str, name: &[u8]| [mode.as_bytes(), b" ", name, b"\0", &id].concat();
        let tree = [raw("100644", b"a.md"), raw("040000", b"docs"), raw("40000", b"caf\xE9")].concat();
        let read = entries(&tree).expect("a tree");
        let seen: Vec<(&[u8], u32)> = read.iter().map(|entry| (entry.name.as_slice(), entry.mode)).collect();
        assert_eq!(seen, [(&b"a.md"[..], 0o100_644), (b"docs", 0o40_000), (b"caf\xE9", 0o40_000)]);
        assert!(read.iter().all(|entry| entry.id.as_bytes() == id));
        assert_eq!(entries(b""), Some(Vec::new()));
        for broken in [&tree[..tree.len() - 1], &tree[..3], b"9 a\0", b" a\0"] {
            assert_eq!(entries(broken), None, "{broken:?}");
        }
    }
}
