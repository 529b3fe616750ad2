//! Links of the file system: followed within the root only, and each file is reported once.

use crate::facts::Skipped;
use crate::io::disk;
use crate::io::listing::{LINK_LEADS_OUT, LINK_NOT_FOLLOWED, LINK_TO_FOLDER, LINK_TO_NOTHING, Links};
use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;

/// Follows `links`. Gives those to what is seen at its own place, and the ones to list as files because
/// their target is inside the root and is not listed itself; what cannot be followed goes to `skipped`.
pub fn follow(
    root: &Path,
    mut links: Vec<String>,
    files: &[String],
    skipped: &mut Vec<Skipped>,
) -> (Links, Vec<String>) {
    links.sort_unstable();
    let mut known = Links::default();
    let mut listed = Vec::new();
    if links.is_empty() {
        return (known, listed);
    }
    let mut seen: HashSet<String> = files.iter().cloned().collect();
    for link in links {
        let mut skip = |why: String| skipped.push(Skipped { path: link.clone(), why });
        let real = match root.join(&link).canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                skip(LINK_TO_NOTHING.to_owned());
                continue;
            }
            Err(error) => {
                skip(format!("{LINK_NOT_FOLLOWED}: {}", disk::reason(&error)));
                continue;
            }
        };
        if !disk::is_inside(root, &real) {
            skip(LINK_LEADS_OUT.to_owned());
            continue;
        }
        let target = real.strip_prefix(root).ok().and_then(disk::slashed);
        let mut know = |target: Option<String>| {
            if let Some(target) = target {
                known.push(link.clone(), target);
            }
        };
        if real.is_dir() {
            skip(LINK_TO_FOLDER.to_owned());
            know(target);
        } else if !real.is_file() {
            skip("a link to something that is not a regular file".to_owned());
        } else if target.as_ref().is_none_or(|target| seen.insert(target.clone())) {
            listed.push(link);
        } else {
            know(target);
        }
    }
    (known, listed)
}
