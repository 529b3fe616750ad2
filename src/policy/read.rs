//! From a policy file to a [`Policy`], with every error in it at once.

use super::{AppliesTo, Basis, Expression, Policy, Rule, Severity, Validation, WhoActs};
use crate::catalogue;
use crate::document::Schema;
use crate::embedded;
use crate::source::SourceFile;
use crate::value::{NodeId, Problem, Tree};
use serde::de::IntoDeserializer;
use serde::{Deserialize, de};
use std::sync::{Arc, LazyLock};

/// The schema of policy files.
static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::bundled("policy"));

/// The shipped policies in the order of their paths, without their examples: these are the last
/// part of each file, half of what there is to read, and for tests. They are read once a process.
pub fn bundled() -> &'static [Arc<Policy>] {
    static POLICIES: LazyLock<Vec<Arc<Policy>>> = LazyLock::new(|| {
        let files = embedded::POLICIES.iter().filter(|(path, _)| super::is_policy_file(path));
        files
            .map(|(path, text)| {
                let rules = text.split_once("\nexamples:\n").map_or(*text, |(rules, _)| rules);
                let file = Arc::new(SourceFile::new(format!("policies/{path}"), rules.as_bytes().to_vec()));
                // Their tests run the full check; at every start the shape need not be checked again.
                match decode(&file, "shipped", false) {
                    Ok((policy, _)) => Arc::new(policy),
                    Err((_, problems)) => panic!("the shipped policy {path} is broken: {problems:?}"),
                }
            })
            .collect()
    });
    &POLICIES
}

/// Reads a policy file: the policy, and what is wrong with its id, its control and clause ids, and
/// its names, none of which keeps its expressions from being checked too.
///
/// # Errors
/// The file's tree and everything wrong with its syntax and shape.
pub fn read(file: &Arc<SourceFile>, origin: &str) -> Result<(Policy, Vec<Problem>), Unread> {
    decode(file, origin, true)
}

/// A policy file that is none: its tree and what is wrong.
pub type Unread = (Arc<Tree>, Vec<Problem>);

fn decode(file: &Arc<SourceFile>, origin: &str, checked: bool) -> Result<(Policy, Vec<Problem>), Unread> {
    let (tree, mut problems) = SCHEMA.read(file, checked);
    let Some(&root) = tree.roots().first() else {
        if problems.is_empty() {
            let help = "Write a policy, or remove the file from the policy folder.";
            problems.push(Problem::new("empty-policy", file.line_span(1), "the file holds no policy", help));
        }
        return Err((tree, problems));
    };
    if let Some(second) = tree.roots().get(1) {
        let help = "Give each policy a file of its own, named like its id.";
        problems.push(Problem::new("second-policy", tree.head(*second), "a policy file holds one policy", help));
    }
    if !problems.is_empty() {
        return Err((tree, problems));
    }
    let fields = Fields { tree: &tree };
    check_id(&fields, root, file, &mut problems);
    check_ids(&fields, root, &mut problems);
    let names = |list: &str| {
        fields.list(root, list).into_iter().filter_map(|n| Some((fields.text(n, "name")?, n))).collect::<Vec<_>>()
    };
    check_unique(&fields, names("variables"), "variable", &mut problems);
    check_unique(&fields, names("validations"), "validation", &mut problems);
    check_messages(&fields, root, &mut problems);
    Ok((build(&fields, root, origin, Arc::clone(&tree)), problems))
}

/// Plain access to the fields of a file whose shape is known to be right.
struct Fields<'t> {
    tree: &'t Tree,
}

impl Fields<'_> {
    fn text(&self, at: NodeId, key: &str) -> Option<String> {
        self.tree.get(at, key).and_then(|n| self.tree.scalar_text(n)).map(str::to_owned)
    }

    fn list(&self, at: NodeId, key: &str) -> Vec<NodeId> {
        self.tree.get(at, key).map(|n| self.tree.items(n).to_vec()).unwrap_or_default()
    }

    fn texts(&self, at: NodeId, key: &str) -> Vec<String> {
        let items = self.list(at, key);
        items.into_iter().filter_map(|n| self.tree.scalar_text(n).map(str::to_owned)).collect()
    }

    fn expression(&self, at: NodeId, key: &str) -> Option<Expression> {
        self.tree.get(at, key).and_then(|node| self.expression_of(node))
    }

    fn expression_of(&self, node: NodeId) -> Option<Expression> {
        Some(Expression { text: self.tree.scalar_text(node)?.to_owned(), node: self.tree.resolve(node) })
    }

    fn word<'de, T: Deserialize<'de>>(&self, at: NodeId, key: &str, default: T) -> T {
        let Some(text) = self.text(at, key) else { return default };
        let deserializer: de::value::StringDeserializer<de::value::Error> = text.into_deserializer();
        T::deserialize(deserializer).unwrap_or(default)
    }
}

fn build(fields: &Fields, root: NodeId, origin: &str, tree: Arc<Tree>) -> Policy {
    let text = |key: &str| fields.text(root, key).unwrap_or_default();
    let rule = Rule {
        id: text("id"),
        title: text("title"),
        controls: fields.texts(root, "controls").iter().filter_map(|id| catalogue::normalise(id)).collect(),
        clauses: fields.texts(root, "clauses"),
        basis: fields.word(root, "basis", Basis::Own),
        severity: fields.word(root, "severity", Severity::Error),
        who_acts: fields.word(root, "who_acts", WhoActs::Author),
        why: text("why"),
        remedy: text("remedy"),
        shows: text("shows"),
        does_not_show: text("does_not_show"),
        origin: origin.to_owned(),
    };
    let validations = fields.list(root, "validations").into_iter().enumerate().filter_map(|(index, node)| {
        Some(Validation {
            name: fields.text(node, "name").unwrap_or_else(|| format!("validation-{}", index + 1)),
            expression: fields.expression(node, "expression")?,
            message: fields.expression(node, "message"),
            message_expression: fields.expression(node, "message_expression"),
            at: fields.list(node, "at").into_iter().filter_map(|n| fields.expression_of(n)).collect(),
        })
    });
    let variables = fields.list(root, "variables").into_iter();
    let variables = variables.filter_map(|n| Some((fields.text(n, "name")?, fields.expression(n, "expression")?)));
    let params = fields.tree.get(root, "params").map(|n| fields.tree.entries(n)).unwrap_or_default();
    Policy {
        applies_to: applies_to(fields, root),
        for_each: fields.expression(root, "for_each"),
        when: fields.expression(root, "when"),
        params: params.iter().map(|e| (fields.tree.text(&e.key).to_owned(), e.value)).collect(),
        variables: variables.collect(),
        validations: validations.collect(),
        contradicts_soa: fields.text(root, "contradicts_soa").as_deref() == Some("true"),
        accepts_attestation: fields.text(root, "accepts_attestation").as_deref() == Some("true"),
        accepts_reference: fields.texts(root, "accepts_reference"),
        rule,
        tree,
    }
}

fn applies_to(fields: &Fields, root: NodeId) -> AppliesTo {
    let node = fields.tree.get(root, "applies_to");
    match node.and_then(|n| fields.tree.get(n, "files")) {
        Some(files) if fields.tree.items(files).is_empty() => {
            AppliesTo::Files(fields.tree.scalar_text(files).map(str::to_owned).into_iter().collect())
        }
        Some(files) => {
            let globs = fields.tree.items(files).iter().filter_map(|n| fields.tree.scalar_text(*n));
            AppliesTo::Files(globs.map(str::to_owned).collect())
        }
        None => AppliesTo::Kind(fields.text(root, "applies_to").unwrap_or_default()),
    }
}

fn check_id(fields: &Fields, root: NodeId, file: &SourceFile, problems: &mut Vec<Problem>) {
    let Some(node) = fields.tree.get(root, "id") else { return };
    let id = fields.tree.scalar_text(node).unwrap_or_default();
    let name = file.path().rsplit('/').next().unwrap_or_default();
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")).unwrap_or(name);
    if id != stem {
        problems.push(Problem::new(
            "policy-id-is-file-name",
            fields.tree.node(node).span,
            format!("the policy is called `{id}` and its file `{name}`"),
            format!("Use one name for both, so that a finding leads to its file: rename the file to `{id}.yaml` or write `id: {stem}`."),
        ));
    }
}

fn check_ids(fields: &Fields, root: NodeId, problems: &mut Vec<Problem>) {
    type Check = fn(&str) -> Result<(), (String, String)>;
    let control: Check = |id| catalogue::check_control(id).map(|_| ()).map_err(|e| (e.message(id), e.help()));
    let clause: Check = |id| catalogue::check_clause(id).map(|_| ()).map_err(|e| (e.message(id), e.help()));
    for (list, check) in [("controls", control), ("clauses", clause)] {
        for node in fields.list(root, list) {
            let id = fields.tree.scalar_text(node).unwrap_or_default();
            if let Err((message, help)) = check(id) {
                problems.push(Problem::new("unknown-control", fields.tree.node(node).span, message, help));
            }
        }
    }
}

fn check_unique(fields: &Fields, names: Vec<(String, NodeId)>, what: &str, problems: &mut Vec<Problem>) {
    for (index, (name, node)) in names.iter().enumerate() {
        if let Some((_, first)) = names[..index].iter().find(|(earlier, _)| earlier == name) {
            let span =
                |node: NodeId| fields.tree.get(node, "name").map(|n| fields.tree.node(n).span).unwrap_or_default();
            let message = format!("a second {what} is called `{name}`");
            let help = format!("Give each {what} a name of its own.");
            problems.push(Problem::new("name-twice", span(*node), message, help).also(span(*first), "the first one"));
        }
    }
}

fn check_messages(fields: &Fields, root: NodeId, problems: &mut Vec<Problem>) {
    for validation in fields.list(root, "validations") {
        let Some(node) = fields.tree.get(validation, "message") else { continue };
        if super::pieces(fields.tree.scalar_text(node).unwrap_or_default()).is_err() {
            let span = fields.tree.node(node).span;
            let help = "Close each `{{` with `}}`.";
            problems.push(Problem::new(
                "message-not-closed",
                span,
                "the message opens `{{` and does not close it",
                help,
            ));
        }
        if let Some(other) = fields.tree.entry(validation, "message_expression") {
            let help = "Keep one of the two.";
            problems.push(Problem::new(
                "two-messages",
                other.span,
                "a validation has one message, and this is the second",
                help,
            ));
        }
    }
}
