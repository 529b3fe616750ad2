//! Own policies and schemas: the files below folders that annexa.yaml names.

use crate::facts::{ReadError, Snapshot};
use crate::source::SourceFile;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the folders hold.
#[derive(Debug, Default)]
pub struct Folders {
    /// The files that were read, sorted by path; each once.
    pub files: Vec<Arc<SourceFile>>,
    /// The files that could not be read.
    pub unread: Vec<(String, ReadError)>,
    /// The folders that hold no such file, as they were named: probably a slip in the name.
    pub empty: Vec<String>,
}

/// Reads the files below `folders` (paths from the root) whose name ends in one of `endings`, such
/// as `.yaml`. A name of a single file is taken as it is.
pub fn read(snapshot: &dyn Snapshot, folders: &[String], endings: &[&str], limit: usize) -> Folders {
    let mut found = Folders::default();
    let mut paths = BTreeSet::new();
    for named in folders {
        let folder = named.strip_prefix("./").unwrap_or(named).trim_end_matches('/');
        let below = if folder.is_empty() || folder == "." { String::new() } else { format!("{folder}/") };
        let mut met = false;
        for path in snapshot.paths() {
            let here = path == folder || path.starts_with(&below);
            if here && endings.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending)) {
                met = true;
                paths.insert(path);
            }
        }
        if !met {
            found.empty.push(named.clone());
        }
    }
    for path in paths {
        match snapshot.read(path, limit) {
            Ok(bytes) => found.files.push(Arc::new(SourceFile::new(path.as_str(), bytes))),
            Err(error) => found.unread.push((path.clone(), error)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::MemorySnapshot;

    #[test]
    fn each_file_below_the_folders_is_read_once_and_in_order() {
        let snapshot = MemorySnapshot::new([
            ("governance/policies/b.yaml", "b"),
            ("governance/policies/a/a.yml", "a"),
            ("governance/policies/README.md", "no policy"),
            ("governance/policies-old/c.yaml", "another folder"),
            ("governance/policies/large.yaml", "more than ten bytes"),
            ("one.yaml", "1"),
        ]);
        let folders = ["./governance/policies/", "governance/policies/a", "one.yaml", "goverance"].map(String::from);
        let found = read(&snapshot, &folders, &[".yaml", ".yml"], 10);
        let paths: Vec<_> = found.files.iter().map(|file| file.path()).collect();
        assert_eq!(paths, ["governance/policies/a/a.yml", "governance/policies/b.yaml", "one.yaml"]);
        assert_eq!(found.unread, [("governance/policies/large.yaml".to_owned(), ReadError::TooLarge(19))]);
        assert_eq!(found.empty, ["goverance"]);
    }
}
