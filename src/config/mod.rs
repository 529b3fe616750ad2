//! annexa.yaml: what a project says about how it is checked, and its waivers.

mod mailmap;
mod people;
mod read;
mod waiver;

pub use mailmap::Mailmap;
pub use people::{People, Person};
pub use read::read;
pub use waiver::{Scope, Target, Waiver, covering};

use crate::policy::Severity;
use crate::value::{NodeId, Tree};
use std::sync::Arc;

/// The name of the configuration file.
pub const FILE_NAME: &str = "annexa.yaml";

/// The folder of what annexa writes for other tools, from the root: no document lies in it.
pub const OWN_FOLDER: &str = ".annexa";

/// A value of the configuration and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its node in the configuration's tree.
    pub node: NodeId,
}

/// A policy that is switched off.
#[derive(Clone, Debug)]
pub struct Off {
    /// Why.
    pub reason: String,
    /// Until which day (its first second, since 1970); a day that cannot be read is past.
    pub until: Option<i64>,
    /// Where it stands.
    pub node: NodeId,
}

/// What the project says about one policy.
#[derive(Clone, Debug)]
pub struct PolicySettings {
    /// The policy.
    pub id: At<String>,
    /// Another severity.
    pub severity: Option<Severity>,
    /// Switched off.
    pub off: Option<Off>,
    /// The day (its first second, since 1970) from which findings have their severity; before it
    /// they are notes.
    pub enforce_from: Option<i64>,
    /// Other values of parameters.
    pub params: Vec<At<String>>,
}

/// The configuration. Everything has a default, so that a repository that follows the conventions
/// needs none.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file; absent where there is none.
    pub tree: Option<Arc<Tree>>,
    /// The commit at which the project took annexa up.
    pub adopted_at: Option<At<String>>,
    /// The folder of a second checkout with records of the whole organisation.
    pub organization: Option<At<String>>,
    /// Folders or files with schemas of own kinds.
    pub schemas: Vec<At<String>>,
    /// Folders with own policies.
    pub policy_dirs: Vec<At<String>>,
    /// Further paths of documents, by kind.
    pub kinds: Vec<(At<String>, Vec<String>)>,
    /// Globs of paths that are not looked at.
    pub exclude: Vec<String>,
    /// Settings of single policies.
    pub policies: Vec<PolicySettings>,
    /// Who is who.
    pub people: Vec<Person>,
    /// Exceptions.
    pub waivers: Vec<Waiver>,
}

impl Config {
    /// The settings of one policy.
    pub fn policy(&self, id: &str) -> Option<&PolicySettings> {
        self.policies.iter().find(|p| p.id.value == id)
    }
}
