//! The patterns that leave files out: `.gitignore` of the repository and `exclude` of annexa.yaml.

use super::WorkingTreeError;
use crate::facts::{ReadError, Skipped};
use crate::io::disk;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::Path;
use std::rc::Rc;

/// A `.gitignore` beyond this is not applied: each line costs a pattern to compile.
const IGNORE_FILE_LIMIT: usize = 256 * 1024;

/// The ignore files that apply to a folder: its own and those of the folders above it.
pub struct Rules {
    own: Gitignore,
    /// The length of the prefix of a path from the top that `own` does not look at.
    prefix: usize,
    above: Option<Rc<Rules>>,
}

impl Rules {
    /// Reads an ignore file. Its patterns speak about paths below `folder`, a path from the top of the
    /// work tree with `/`. What is wrong with the file is noted under `shown`.
    pub fn read(
        file: &Path,
        folder: &str,
        above: Option<Rc<Rules>>,
        shown: &str,
        notes: &mut Vec<Skipped>,
    ) -> Option<Rc<Rules>> {
        let mut note = |why: String| notes.push(Skipped { path: shown.to_owned(), why });
        // git does not follow a link here either.
        let read = match file.symlink_metadata() {
            Ok(about) if about.is_file() => disk::read_regular(file, IGNORE_FILE_LIMIT),
            Ok(_) => Err(ReadError::Denied("it is not a regular file".to_owned())),
            Err(_) => return above,
        };
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                note(format!("not applied, so what it hides is seen: {error}"));
                return above;
            }
        };
        let mut builder = GitignoreBuilder::new("");
        for line in String::from_utf8_lossy(&bytes).trim_start_matches('\u{FEFF}').lines() {
            // A line that is no pattern hides nothing, as in git.
            builder.add_line(None, line).ok();
        }
        match builder.build() {
            Ok(own) if own.is_empty() => above,
            Ok(own) => {
                let prefix = if folder.is_empty() { 0 } else { folder.len() + 1 };
                Some(Rc::new(Rules { own, prefix, above }))
            }
            Err(error) => {
                note(format!("not applied, so what it hides is seen: {error}"));
                above
            }
        }
    }

    /// Whether the path, from the top of the work tree, is hidden. The nearest file decides.
    pub fn hide(&self, path: &str, is_folder: bool) -> bool {
        let mut rules = Some(self);
        while let Some(at) = rules {
            match at.own.matched(&path[at.prefix..], is_folder) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => rules = at.above.as_deref(),
            }
        }
        false
    }
}

/// The globs under `exclude`. Each leaves out the paths that it meets and all below them.
pub fn exclusions(patterns: &[String]) -> Result<GlobSet, WorkingTreeError> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let wrong = |error: globset::Error| WorkingTreeError::Pattern {
            pattern: crate::source::plain(pattern),
            why: error.kind().to_string(),
        };
        let path = pattern.strip_prefix("./").unwrap_or(pattern).trim_matches('/');
        let path = path.strip_suffix("/**").unwrap_or(path);
        for glob in [path.to_owned(), format!("{path}/**")] {
            set.add(GlobBuilder::new(&glob).literal_separator(true).build().map_err(wrong)?);
        }
    }
    set.build()
        .map_err(|error| WorkingTreeError::Pattern { pattern: patterns.join("`, `"), why: error.kind().to_string() })
}
