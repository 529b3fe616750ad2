//! Paths that are asked about together.

use crate::facts::Globs;

/// Bytes of the longest path.
const LONGEST: usize = 4096;

/// Files and folders, as patterns such as `models/cv-ranker/**`. They have one history: that of all of
/// them together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathSet {
    patterns: Vec<String>,
}

/// One pattern, taken apart: the folder or file that it is certain about, and the rest.
#[derive(Clone, Debug)]
pub(super) struct Anchored {
    /// The parts of the path that hold no pattern.
    pub names: Vec<Vec<u8>>,
    /// What the files below have to match, by their whole path; all of them without it.
    pub globs: Option<Globs>,
}

impl PathSet {
    /// One file or folder by its path, letter by letter.
    pub fn path(path: &str) -> PathSet {
        PathSet { patterns: vec![Globs::literal(path)] }
    }

    /// The files that match one of the patterns. A pattern that names a folder means everything in it.
    ///
    /// # Errors
    /// The first pattern that is none, and why.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<PathSet, String> {
        let plain = |pattern: S| {
            // From the root, as `.gitignore` and CODEOWNERS write paths too.
            let parts = pattern.as_ref().split('/').filter(|part| !part.is_empty() && *part != ".");
            parts.collect::<Vec<_>>().join("/")
        };
        let mut patterns: Vec<String> = patterns.into_iter().map(plain).filter(|p| !p.is_empty()).collect();
        patterns.sort();
        patterns.dedup();
        if let Some(up) = patterns.iter().find(|pattern| pattern.split('/').any(|part| part == "..")) {
            let shown = crate::source::clip(up, 60);
            return Err(format!(
                "`{shown}` leads upwards with `..`; paths are written from the root of the repository"
            ));
        }
        if let Some(long) = patterns.iter().find(|pattern| pattern.len() > LONGEST) {
            return Err(format!("`{}` is longer than a path can be", crate::source::clip(long, 60)));
        }
        Globs::new(&patterns)?;
        Ok(PathSet { patterns })
    }

    /// The patterns.
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Tells whether a path is of the set: it matches a pattern, or lies in a folder that one names.
    pub fn matcher(&self) -> Globs {
        // Patterns are checked when a set is made.
        Globs::new(self.patterns.iter().flat_map(|pattern| with_below(pattern))).unwrap_or_else(|_| Globs::none())
    }

    /// The patterns taken apart, below the folder `root` of the repository.
    pub(super) fn anchored(&self, root: &[String]) -> Vec<Anchored> {
        self.patterns.iter().map(|pattern| anchored(pattern, root)).collect()
    }
}

fn anchored(pattern: &str, root: &[String]) -> Anchored {
    let mut names: Vec<Vec<u8>> = root.iter().map(|name| name.as_bytes().to_vec()).collect();
    let mut parts = pattern.split('/').peekable();
    while let Some(name) = parts.peek().and_then(|part| literal(part)) {
        names.push(name.into_bytes());
        parts.next();
    }
    let rest: Vec<&str> = parts.collect();
    let everything = rest.is_empty() || rest == ["**"];
    let whole = || {
        let above = root.iter().map(|name| Globs::literal(name)).chain([pattern.to_owned()]);
        above.collect::<Vec<_>>().join("/")
    };
    // Patterns are checked when a set is made.
    let globs = (!everything).then(|| Globs::new(with_below(&whole())).unwrap_or_else(|_| Globs::none()));
    Anchored { names, globs }
}

/// A pattern, and one for everything in the folders that it names.
fn with_below(pattern: &str) -> Vec<String> {
    let below = (!pattern.ends_with('*')).then(|| format!("{pattern}/**"));
    std::iter::once(pattern.to_owned()).chain(below).collect()
}

/// The name that a part of a pattern means, where it means one alone: `[[]` is a bracket.
fn literal(part: &str) -> Option<String> {
    let (mut name, mut rest) = (String::new(), part);
    while let Some(c) = rest.chars().next() {
        let mut inside = rest.strip_prefix('[').unwrap_or("").chars();
        match (c, inside.next(), inside.next()) {
            ('[', Some(one), Some(']')) if one != '!' && one != '^' => {
                name.push(one);
                rest = &rest[2 + one.len_utf8()..];
            }
            ('*' | '?' | '[' | ']' | '{' | '}' | '\\', ..) => return None,
            _ => {
                name.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_followed_as_far_as_it_is_certain() {
        let table = [
            ("a/b.md", "a b.md", true),
            ("a/**", "a", true),
            ("a/", "a", true),
            ("./a", "a", true),
            ("/a//./b", "a b", true),
            ("a/*.md", "a", false),
            ("**/x.md", "", false),
            ("a/{b,c}/d", "a", false),
        ];
        for (pattern, names, everything) in table {
            let set = PathSet::new([pattern]).expect(pattern);
            let one = &set.anchored(&[])[0];
            let found: Vec<_> = one.names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
            assert_eq!((found.join(" ").as_str(), one.globs.is_none()), (names, everything), "{pattern}");
        }
        let odd = "a[1]*{}?.md";
        assert_eq!(PathSet::path(odd).anchored(&["sub".to_owned()])[0].names, [b"sub".to_vec(), odd.into()]);
        assert!(PathSet::new(["a{"]).is_err());
        assert!(PathSet::new(["a/../b"]).is_err());
    }

    #[test]
    fn patterns_below_a_folder_match_whole_paths() {
        let set = PathSet::new(["*.md"]).expect("a pattern");
        let one = &set.anchored(&["my[1]".to_owned()])[0];
        let globs = one.globs.as_ref().expect("a pattern");
        assert!(globs.matches("my[1]/a.md") && !globs.matches("a.md"));
    }

    #[test]
    fn a_folder_that_a_pattern_names_is_everything_in_it() {
        for pattern in ["models/*/bin", "models/{a,b}", "mod*/a"] {
            let set = PathSet::new([pattern]).expect(pattern);
            let walked = set.anchored(&[])[0].globs.clone().expect("a pattern");
            let path = "models/a/bin/x/weights";
            assert!(set.matcher().matches(path) && walked.matches(path), "{pattern}");
        }
    }
}
