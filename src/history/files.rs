//! Which files a commit changed.

use super::tree::{Budget, Entry, differing, pairs};
use super::{Gap, Objects};
use std::sync::Arc;

/// A file that differs between two trees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its path from the top of the repository; what is no text in it is replaced.
    pub path: String,
    /// What it was.
    pub before: Option<Entry>,
    /// What it became.
    pub after: Option<Entry>,
}

/// The files that differ between two sides and whose paths `wanted` takes, at most `limit` of them.
pub(super) fn changed(
    objects: &dyn Objects,
    before: Option<Entry>,
    after: Option<Entry>,
    wanted: &dyn Fn(&str) -> bool,
    limit: usize,
    budget: &mut Budget,
) -> Result<Vec<FileChange>, Gap> {
    let mut found = Vec::new();
    let mut todo = vec![(String::new(), before, after)];
    while let Some((above, before, after)) = todo.pop() {
        let folder = |side: Option<Entry>| match side {
            Some(entry) if entry.is_folder() => objects.tree(entry.id),
            _ => Ok(Arc::from([])),
        };
        let (left, right) = (folder(before)?, folder(after)?);
        let differing = differing(&left, &right)?;
        budget.pay(&left, &right, &differing)?;
        for (name, before, after) in pairs(&differing) {
            let path = format!("{above}{}", String::from_utf8_lossy(name));
            let file = |side: Option<Entry>| side.filter(|entry| !entry.is_folder());
            if file(before) != file(after) && wanted(&path) {
                found.push(FileChange { path: path.clone(), before: file(before), after: file(after) });
                if found.len() == limit {
                    return Ok(found);
                }
            }
            if [before, after].into_iter().flatten().any(Entry::is_folder) {
                todo.push((format!("{path}/"), before, after));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
