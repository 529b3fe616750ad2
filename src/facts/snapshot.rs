//! A set of files to judge: the working tree, the tree of a commit, or files in memory.

use std::collections::BTreeMap;

/// A path that was passed over, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The path from the root.
    pub path: String,
    /// Why, in a few words, such as "links out of the root".
    pub why: String,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is not there.
    #[error("there is no such file")]
    Missing,
    /// It is there and may not be read; holds the reason of the system.
    #[error("it cannot be read: {0}")]
    Denied(String),
    /// It is larger than the limit; holds its size in bytes.
    #[error("it has {0} bytes, more than is read")]
    TooLarge(u64),
    /// A link leads out of the root.
    #[error("it is a link that leads out of the repository")]
    LeadsOut,
    /// Git knows it, and a partial clone left its content out; holds the name of the remote that has it.
    #[error("the content was left out when the repository was cloned (a partial clone)")]
    NotFetched(String),
    /// What the repository keeps is not what the commit names; holds what is wrong with it.
    #[error("the repository is damaged: {0}")]
    Damaged(String),
}

impl ReadError {
    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            ReadError::NotFetched(remote) => format!(
                "Run `git fetch --refetch --no-filter {remote}`, which brings what the clone left out, and run again."
            ),
            ReadError::Damaged(_) => {
                "Run `git fsck` to see what else is damaged, and clone the repository again.".to_owned()
            }
            _ => "Make the file readable for this run, or list it under `exclude` in annexa.yaml.".to_owned(),
        }
    }
}

/// Files to judge. Paths are relative to the root and use `/`.
pub trait Snapshot: Send + Sync {
    /// Every file that can be seen, sorted.
    fn paths(&self) -> &[String];

    /// The full id of the commit whose files these are; `None` where they are not those of a commit.
    fn commit(&self) -> Option<&str> {
        None
    }

    /// What was passed over.
    fn skipped(&self) -> &[Skipped] {
        &[]
    }

    /// The bytes of a file; at most `limit` of them.
    ///
    /// # Errors
    /// When it is missing, too large, or may not be read.
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, ReadError>;

    /// Whether a file or a folder of this name is there.
    fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let paths = self.paths();
        if paths.binary_search_by(|p| p.as_str().cmp(path)).is_ok() {
            return true;
        }
        let folder = format!("{path}/");
        let at = paths.partition_point(|p| p.as_str() < folder.as_str());
        paths.get(at).is_some_and(|p| p.starts_with(&folder))
    }
}

/// Files in memory: the examples of policies, tests, and repositories that are made up.
#[derive(Clone, Debug, Default)]
pub struct MemorySnapshot {
    files: BTreeMap<String, Vec<u8>>,
    paths: Vec<String>,
}

impl MemorySnapshot {
    /// Takes (path, text) pairs.
    pub fn new<P: Into<String>, T: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        let files: BTreeMap<_, _> = files.into_iter().map(|(path, text)| (path.into(), text.into())).collect();
        let paths = files.keys().cloned().collect();
        MemorySnapshot { files, paths }
    }
}

impl Snapshot for MemorySnapshot {
    fn paths(&self) -> &[String] {
        &self.paths
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
        let bytes = self.files.get(path).ok_or(ReadError::Missing)?;
        if bytes.len() > limit { Err(ReadError::TooLarge(bytes.len() as u64)) } else { Ok(bytes.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_exist_where_a_file_is_below_them() {
        let snapshot = MemorySnapshot::new([("a/b.md", ""), ("a-c", "")]);
        for (path, expected) in [("a", true), ("a/", true), ("a/b.md", true), ("b", false), ("a/b", false)] {
            assert_eq!(snapshot.exists(path), expected, "{path}");
        }
    }
}
