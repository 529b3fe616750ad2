//! Policies: one YAML file each, its words and its CEL expressions.

mod message;
mod read;
mod rule;

pub use message::{Piece, pieces};
pub use read::{Unread, bundled, read};
pub use rule::{Basis, Rule, Severity, WhoActs};

use crate::value::{NodeId, Tree};
use std::sync::Arc;

/// The ending of files that hold tests of the policies beside them.
pub const SUITE: &str = ".test.yaml";

/// The ending of folders that hold the files of such tests.
pub const SUITE_FOLDER: &str = ".test";

/// The life-cycle matrix of a pack: it says which policies decide its cells.
pub const MATRIX: &str = "lifecycle-matrix.yaml";

/// Whether a path in a folder of policies is one of a policy: not the words about a pack, nor its matrix, nor a suite of
/// tests or a file of one.
pub fn is_policy_file(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    (name.ends_with(".yaml") || name.ends_with(".yml"))
        && name != "pack.yaml"
        && name != MATRIX
        && !name.ends_with(SUITE)
        && !folder.split('/').any(|part| part.ends_with(SUITE_FOLDER))
}

/// An expression as it stands in a policy file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The CEL text.
    pub text: String,
    /// The scalar that holds it.
    pub node: NodeId,
}

/// What a policy judges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppliesTo {
    /// Every document of a kind.
    Kind(String),
    /// Every file that one of the globs matches.
    Files(Vec<String>),
}

/// One condition of a policy.
#[derive(Clone, Debug)]
pub struct Validation {
    /// Its name; part of a finding's fingerprint. Made from the position where none is written.
    pub name: String,
    /// What has to hold.
    pub expression: Expression,
    /// What is wrong when it does not: text with CEL between `{{` and `}}`.
    pub message: Option<Expression>,
    /// CEL that makes the message.
    pub message_expression: Option<Expression>,
    /// CEL expressions whose last read node is a place of the finding; the first is the main one.
    pub at: Vec<Expression>,
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Its words.
    pub rule: Rule,
    /// What it judges.
    pub applies_to: AppliesTo,
    /// A list of the document whose items are judged one by one.
    pub for_each: Option<Expression>,
    /// Whether it applies to the document or the item.
    pub when: Option<Expression>,
    /// Names of the parameters with the nodes of their values.
    pub params: Vec<(String, NodeId)>,
    /// Named expressions.
    pub variables: Vec<(String, Expression)>,
    /// What has to hold.
    pub validations: Vec<Validation>,
    /// It looks for facts that contradict exclusions of the Statement of Applicability: it runs
    /// first and cannot be switched off.
    pub contradicts_soa: bool,
    /// Kinds of records that may be kept elsewhere; a valid reference makes a fail `attested`.
    pub accepts_reference: Vec<String>,
    /// Whether a valid attestation about one of its controls or clauses makes a fail `attested`.
    pub accepts_attestation: bool,
    /// The file, for places of errors and for its examples.
    pub tree: Arc<Tree>,
}

impl Policy {
    /// The id.
    pub fn id(&self) -> &str {
        &self.rule.id
    }

    /// The root of the policy in its file.
    pub fn root(&self) -> NodeId {
        self.tree.roots().first().copied().unwrap_or(NodeId(0))
    }
}
