//! How a clone was made: what of the repository it has, as far as that decides what can be known.

use git2::{Config, ConfigEntry, Repository};

/// What a clone has and lacks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Older commits are cut off.
    pub shallow: bool,
    /// Objects were left out by a filter, such as `blob:none`; empty where it is not known which.
    pub partial: Option<String>,
    /// Not all files are checked out.
    pub sparse: bool,
    /// It is one of several work trees of a repository.
    pub linked: bool,
    /// It has no work tree.
    pub bare: bool,
    /// A commit is checked out, no branch.
    pub detached: bool,
    /// How many tags there are.
    pub tags: usize,
    /// It was told not to fetch tags.
    pub without_tags: bool,
    /// It was told to fetch some branches only.
    pub some_branches: bool,
    /// Commits are shown with others in their place (`git replace`), by git alone.
    pub replaced: bool,
    /// Commits are given other parents (`info/grafts`), by git alone.
    pub grafted: bool,
}

impl Shape {
    /// Reads the settings and lists of a repository, none of its objects.
    pub fn of(repository: &Repository) -> Shape {
        let config = repository.config().and_then(|mut config| config.snapshot()).ok();
        let config = config.as_ref();
        let truth = |name: &str| config.is_some_and(|config| config.get_bool(name).unwrap_or(false));
        let fetched = values(config, r"^remote\..*\.fetch$");
        let branches = |value: &String| value.trim_start_matches('+').starts_with("refs/heads/");
        Shape {
            shallow: is_shallow(repository),
            partial: partial(config),
            sparse: truth("core.sparsecheckout"),
            linked: repository.is_worktree(),
            bare: repository.is_bare(),
            detached: repository.head_detached().unwrap_or(false),
            tags: repository.references_glob("refs/tags/*").map_or(0, Iterator::count),
            without_tags: values(config, r"^remote\..*\.tagopt$").iter().any(|value| value == "--no-tags"),
            some_branches: fetched.iter().any(branches) && !fetched.iter().any(|value| value.contains("refs/heads/*:")),
            replaced: repository.references_glob("refs/replace/*").is_ok_and(|mut found| found.next().is_some()),
            grafted: holds_lines(repository, "info/grafts"),
        }
    }

    /// Whether git and this program may see other parents of a commit than its object names.
    pub fn rewritten(&self) -> bool {
        self.replaced || self.grafted
    }
}

/// Whether older commits were cut off. The list of the cuts belongs to the repository, not to one of
/// its work trees.
pub fn is_shallow(repository: &Repository) -> bool {
    holds_lines(repository, "shallow")
}

fn holds_lines(repository: &Repository, list: &str) -> bool {
    repository.commondir().join(list).metadata().is_ok_and(|about| about.len() > 0)
}

/// Whether objects were left out when the repository was cloned, and by which filter.
pub fn partial(config: Option<&Config>) -> Option<String> {
    let filter = values(config, r"^remote\..*\.partialclonefilter$").into_iter().next();
    filter.or_else(|| values(config, r"^remote\..*\.promisor$").iter().any(|v| v == "true").then(String::new))
}

fn values(config: Option<&Config>, names: &str) -> Vec<String> {
    let mut found = Vec::new();
    // A key without a value means that it is so.
    let text = |entry: &ConfigEntry<'_>| {
        if entry.has_value() { entry.value().ok().map(str::to_owned) } else { Some("true".to_owned()) }
    };
    if let Some(entries) = config.and_then(|config| config.entries(Some(names)).ok()) {
        let _ = entries.for_each(|entry| found.extend(text(entry)));
    }
    found
}
