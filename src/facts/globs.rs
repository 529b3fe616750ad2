//! Path patterns, the same everywhere: `*` stays within a folder, `**` crosses folders.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A set of path patterns.
#[derive(Clone, Debug)]
pub struct Globs(GlobSet);

impl Globs {
    /// Compiles patterns.
    ///
    /// # Errors
    /// The first pattern that is none, and why.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, String> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            let pattern = pattern.as_ref();
            let glob = GlobBuilder::new(pattern).literal_separator(true).build();
            set.add(glob.map_err(|error| format!("`{pattern}` is no path pattern: {}", error.kind()))?);
        }
        set.build().map(Globs).map_err(|error| format!("the path patterns are too many or too large: {error}"))
    }

    /// The pattern that matches this path alone.
    pub fn literal(path: &str) -> String {
        globset::escape(path)
    }

    /// Matches nothing.
    pub fn none() -> Self {
        Globs(GlobSet::empty())
    }

    /// Whether one of the patterns matches a path.
    pub fn matches(&self, path: &str) -> bool {
        self.0.is_match(path)
    }
}

#[cfg(test)]
mod tests {
    use super::Globs;

    #[test]
    fn a_star_stays_within_a_folder() {
        let table = [
            ("*.md", "a.md", true),
            ("*.md", "docs/a.md", false),
            ("**/*.md", "docs/a.md", true),
            ("docs/**", "docs/a/b.md", true),
            ("{a,b}/x.{yml,yaml}", "b/x.yaml", true),
        ];
        for (glob, path, expected) in table {
            assert_eq!(Globs::new([glob]).unwrap().matches(path), expected, "{glob} {path}");
        }
        assert!(Globs::new(["a{"]).unwrap_err().contains("`a{`"));
    }
}
