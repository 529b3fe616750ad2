//! Links of the file system: followed within the root only, and each file is reported once.

use crate::facts::Skipped;
use crate::io::disk;
use std::collections::HashSet;
use std::io::ErrorKind;
use std::path::Path;

/// Links to what is seen at its own place: (path of the link, path of its target), sorted.
#[derive(Debug, Default)]
pub struct Links {
    links: Vec<String>,
    targets: Vec<String>,
}

impl Links {
    /// Follows `links`. Gives the ones to list as files, because their target is inside the root and
    /// is not listed itself; what cannot be followed goes to `skipped`.
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
                    skip("a link to nothing".to_owned());
                    continue;
                }
                Err(error) => {
                    skip(format!("a link that cannot be followed: {}", disk::reason(&error)));
                    continue;
                }
            };
            if !disk::is_inside(root, &real) {
                skip("a link that leads out of the root".to_owned());
                continue;
            }
            let target = real.strip_prefix(root).ok().and_then(disk::slashed);
            if real.is_dir() {
                skip("a link to a folder; its files are seen at their own place".to_owned());
                known.push(link, target);
            } else if !real.is_file() {
                skip("a link to something that is not a regular file".to_owned());
            } else if target.as_ref().is_none_or(|target| seen.insert(target.clone())) {
                listed.push(link);
            } else {
                known.push(link, target);
            }
        }
        (known, listed)
    }

    fn push(&mut self, link: String, target: Option<String>) {
        if let Some(target) = target {
            self.links.push(link);
            self.targets.push(target);
        }
    }

    /// Whether `path` is a link, or a folder that holds one.
    pub fn covers(&self, path: &str) -> bool {
        super::covers(&self.links, path)
    }

    /// The real path of `path` where a folder in it is a link. One step is enough: targets are real paths.
    pub fn resolve(&self, path: &str) -> Option<String> {
        let ends = path.match_indices('/').map(|(at, _)| at);
        for end in ends {
            if let Ok(at) = self.links.binary_search_by(|link| link.as_str().cmp(&path[..end])) {
                let rest = &path[end + 1..];
                let target = &self.targets[at];
                return Some(if target.is_empty() { rest.to_owned() } else { format!("{target}/{rest}") });
            }
        }
        None
    }
}
