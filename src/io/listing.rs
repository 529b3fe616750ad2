//! What snapshots of a repository share: looking paths up in what was listed, links that were
//! followed already, and the words for what is passed over.

/// A name that cannot be written in a report.
pub const NOT_UTF8: &str = "its name is not UTF-8";
/// Another repository.
pub const SUBMODULE: &str = "submodule";
/// A link whose target does not exist.
pub const LINK_TO_NOTHING: &str = "a link to nothing";
/// A link that would show what is not part of the project.
pub const LINK_LEADS_OUT: &str = "a link that leads out of the root";
/// A link to a folder of the project.
pub const LINK_TO_FOLDER: &str = "a link to a folder; its files are seen at their own place";
/// The beginning of the reason for a link that leads nowhere.
pub const LINK_NOT_FOLLOWED: &str = "a link that cannot be followed";

/// Whether `sorted` holds `path` or something below it.
pub fn covers(sorted: &[String], path: &str) -> bool {
    if sorted.binary_search_by(|p| p.as_str().cmp(path)).is_ok() {
        return true;
    }
    let folder = format!("{path}/");
    let at = sorted.partition_point(|p| p.as_str() < folder.as_str());
    sorted.get(at).is_some_and(|p| p.starts_with(&folder))
}

/// Links to what is seen at its own place: (path of the link, path of its target), sorted.
#[derive(Debug, Default)]
pub struct Links {
    links: Vec<String>,
    targets: Vec<String>,
}

impl Links {
    /// Adds a link behind the ones that are there. Its target is a real path: no part of it is a link.
    pub fn push(&mut self, link: String, target: String) {
        debug_assert!(self.links.last().is_none_or(|last| *last < link), "links come sorted");
        self.links.push(link);
        self.targets.push(target);
    }

    /// Whether `path` is a link, or a folder that holds one.
    pub fn covers(&self, path: &str) -> bool {
        covers(&self.links, path)
    }

    /// The real path of `path` where it is a link or a folder in it is one. One step is enough: targets
    /// are real paths.
    pub fn resolve(&self, path: &str) -> Option<String> {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends {
            if let Ok(at) = self.links.binary_search_by(|link| link.as_str().cmp(&path[..end])) {
                let rest = path[end..].trim_start_matches('/');
                let target = &self.targets[at];
                let between = if target.is_empty() || rest.is_empty() { "" } else { "/" };
                return Some(format!("{target}{between}{rest}"));
            }
        }
        None
    }
}
