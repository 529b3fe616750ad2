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
            Gap::Broken(what) => write!(f, "the repository cannot tell: {what}"),
        }
    }
}
