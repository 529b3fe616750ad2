//! Why something about the history cannot be known.

use std::fmt;

/// A fact that the clone at hand cannot tell. Whatever meets one is unknown, never wrong and never a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The clone is shallow, and the answer lies before the oldest commits that it holds.
    Shallow,
    /// An object is not in the clone, which is a partial one.
    Partial,
    /// The clone was made without tags, and a name may be that of one.
    Tags,
    /// The clone was made of some branches only, and a name may be that of another one.
    Branches,
    /// The beginning of an id stands for several objects; holds it.
    Ambiguous(String),
    /// What would tell lies beyond a bound of this program, which keeps a repository that was made to be
    /// endless from holding it up; says what is too large.
    TooLarge(String),
    /// The file had a name before that is not to be followed from the folder at hand: it lies outside of
    /// it, or is not UTF-8; holds it.
    OlderName(String),
    /// An object is not what its name says, or cannot be read; says which and why.
    Broken(String),
}

impl Gap {
    /// What helps, in one line.
    pub fn help(&self) -> &'static str {
        match self {
            Gap::Shallow => {
                "Fetch the whole history: `fetch-depth: 0` in actions/checkout, `git fetch --unshallow` in a clone."
            }
            Gap::Partial => {
                "Clone without `--filter`, or fetch what is missing: `git fetch --refetch --no-filter origin`."
            }
            Gap::Tags => "Fetch the tags: `fetch-tags: true` in actions/checkout, `git fetch --tags` in a clone.",
            Gap::Branches => {
                "Fetch all branches: `git remote set-branches origin '*'`, then `git fetch`; in actions/checkout `fetch-depth: 0`."
            }
            Gap::Ambiguous(_) => "Write more digits of the id.",
            Gap::TooLarge(_) => {
                "`git log --follow --stat` shows what lies beyond this bound: read it there, and have a person confirm it."
            }
            Gap::OlderName(_) => {
                "Run the check from the top of the repository, or read the older history with `git log --follow`."
            }
            Gap::Broken(_) => "Check the repository with `git fsck`, and clone it again.",
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::Shallow => f.write_str("this clone is shallow, and the older commits that would tell are not in it"),
            Gap::Partial => f.write_str("this clone is a partial one, and an object that would tell is not in it"),
            Gap::Tags => f.write_str(
                "this clone was made without tags, so that it cannot tell whether there is one of this name",
            ),
            Gap::Branches => f.write_str(
                "this clone holds some branches only, so that it cannot tell whether there is one of this name",
            ),
            Gap::Ambiguous(id) => write!(f, "`{id}` is the beginning of several ids"),
            Gap::TooLarge(what) => f.write_str(what),
            Gap::OlderName(name) => write!(
                f,
                "the file was called `{name}` before, which lies outside of the folder that is checked or is not UTF-8"
            ),
            Gap::Broken(what) => write!(f, "the repository cannot tell: {what}"),
        }
    }
}
