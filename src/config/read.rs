//! From annexa.yaml to a [`Config`], with every error in it at once.

use super::{At, Config, Off, Person, PolicySettings, Scope, Waiver};
use crate::document::Schema;
use crate::policy::{Policy, Severity};
use crate::source::SourceFile;
use crate::value::{Data, NodeId, Problem, Tree, parse_time};
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::bundled("annexa"));

/// Reads annexa.yaml.
///
/// # Errors
/// The tree and everything wrong with it. A date of a waiver that cannot be read is no error: the
/// waiver counts as expired, which is a finding of its own.
pub fn read(file: &Arc<SourceFile>) -> Result<Config, (Arc<Tree>, Vec<Problem>)> {
    let (tree, mut problems) = SCHEMA.read(file, true);
    let Some(&root) = tree.roots().first() else {
        // An empty file says nothing, and everything has a default.
        return if problems.is_empty() { Ok(Config::default()) } else { Err((tree, problems)) };
    };
    if let Some(second) = tree.roots().get(1) {
        let help = "Keep one document; remove the line `---`.";
        problems.push(Problem::new("second-document", tree.head(*second), "annexa.yaml holds one document", help));
    }
    let dates = waiver_dates(&tree, root);
    problems.retain(|p| p.node.is_none_or(|n| !dates.contains(&n)));
    if problems.is_empty() { Ok(build(&tree, root)) } else { Err((tree, problems)) }
}

fn waiver_dates(tree: &Tree, root: NodeId) -> Vec<NodeId> {
    let waivers = tree.get(root, "waivers").map(|n| tree.items(n)).unwrap_or_default();
    waivers.iter().filter_map(|w| tree.get(*w, "until")).collect()
}

fn build(tree: &Arc<Tree>, root: NodeId) -> Config {
    let at = |node: NodeId| Some(At { value: tree.scalar_text(node)?.to_owned(), node });
    let text = |parent: NodeId, key: &str| tree.get(parent, key).and_then(|n| tree.scalar_text(n)).map(str::to_owned);
    let list = |key: &str| tree.get(root, key).map(|n| tree.items(n)).unwrap_or_default();
    let map = |key: &str| tree.get(root, key).map(|n| tree.entries(n)).unwrap_or_default();
    let key = |entry: &crate::value::Entry| At { value: tree.text(&entry.key).to_owned(), node: entry.value };
    let texts = |node: NodeId| -> Vec<String> {
        tree.items(node).iter().filter_map(|n| tree.scalar_text(*n)).map(str::to_owned).collect()
    };
    let policies = map("policies").iter().map(|entry| PolicySettings {
        id: key(entry),
        severity: text(entry.value, "severity").and_then(|s| severity(&s)),
        off: tree.get(entry.value, "off").map(|off| Off {
            reason: text(off, "reason").unwrap_or_default(),
            until: text(off, "until").and_then(|t| parse_time(&t)),
            node: off,
        }),
        enforce_from: text(entry.value, "enforce_from").and_then(|t| parse_time(&t)),
        params: tree.get(entry.value, "params").map(|n| tree.entries(n).iter().map(key).collect()).unwrap_or_default(),
    });
    let waivers = list("waivers").iter().map(|node| {
        let until_text = text(*node, "until").unwrap_or_default();
        Waiver {
            policy: text(*node, "policy").unwrap_or_default(),
            scope: tree.get(*node, "scope").map(|scope| read_scope(tree, scope)).unwrap_or_default(),
            reason: text(*node, "reason").unwrap_or_default(),
            approver: text(*node, "approver").unwrap_or_default(),
            until: parse_time(&until_text),
            until_text,
            node: *node,
        }
    });
    let people = list("people").iter().map(|node| {
        let field = |key: &str| tree.get(*node, key).and_then(at);
        let emails = tree.get(*node, "emails").map(|n| tree.items(n)).unwrap_or_default();
        Person {
            name: field("name"),
            role: field("role"),
            login: field("login"),
            emails: emails.iter().filter_map(|n| at(*n)).collect(),
            node: *node,
        }
    });
    Config {
        tree: Some(Arc::clone(tree)),
        adopted_at: tree.get(root, "adopted_at").and_then(at),
        organization: tree.find(root, &["organization", "path"]).and_then(at),
        schemas: list("schemas").iter().filter_map(|n| at(*n)).collect(),
        policy_dirs: list("policy_dirs").iter().filter_map(|n| at(*n)).collect(),
        kinds: map("kinds").iter().map(|entry| (key(entry), texts(entry.value))).collect(),
        exclude: tree.get(root, "exclude").map(texts).unwrap_or_default(),
        policies: policies.collect(),
        people: people.collect(),
        waivers: waivers.collect(),
    }
}

fn read_scope(tree: &Tree, scope: NodeId) -> Scope {
    let text = |key: &str| tree.get(scope, key).and_then(|n| tree.scalar_text(n)).map(str::to_owned);
    let plain = tree.scalar_text(scope).filter(|t| *t != "*").map(str::to_owned);
    Scope {
        either: plain,
        subject: text("subject"),
        path: text("path"),
        item: text("item"),
        validation: text("validation"),
    }
}

fn severity(text: &str) -> Option<Severity> {
    [Severity::Error, Severity::Warning, Severity::Note].into_iter().find(|s| s.name() == text)
}

impl Config {
    /// What the configuration says about policies that do not exist, parameters they do not have,
    /// and policies that cannot be switched off.
    pub fn problems_with(&self, policies: &[Arc<Policy>]) -> Vec<Problem> {
        let Some(tree) = &self.tree else { return Vec::new() };
        let mut problems = Vec::new();
        for settings in &self.policies {
            let Some(policy) = policies.iter().find(|p| p.id() == settings.id.value) else {
                problems.push(unknown_policy(tree.node(settings.id.node).key, &settings.id.value, policies));
                continue;
            };
            for param in settings.params.iter().filter(|p| policy.params.iter().all(|(name, _)| *name != p.value)) {
                let names: Vec<_> = policy.params.iter().map(|(name, _)| name.as_str()).collect();
                problems.push(Problem::new(
                    "unknown-parameter",
                    tree.node(param.node).key,
                    format!("`{}` has no parameter `{}`", policy.id(), param.value),
                    if names.is_empty() {
                        "It has none: remove the line.".to_owned()
                    } else {
                        format!("It has: {}.", names.join(", "))
                    },
                ));
            }
            for param in &settings.params {
                let Some((_, own)) = policy.params.iter().find(|(name, _)| *name == param.value) else { continue };
                let (wanted, given) = (type_name(policy.tree.data(*own)), type_name(tree.data(param.node)));
                if wanted != given {
                    problems.push(Problem::new(
                        "wrong-type",
                        tree.node(param.node).span,
                        format!(
                            "the parameter `{}` of `{}` is {given}, and {wanted} is needed",
                            param.value,
                            policy.id()
                        ),
                        "Write a value of the same type as in the policy; `annexa explain` shows it.",
                    ));
                }
            }
            let lighter = settings.severity.is_some_and(|s| s > policy.rule.severity);
            if policy.contradicts_soa && (settings.off.is_some() || settings.enforce_from.is_some() || lighter) {
                problems.push(Problem::new(
                    "cannot-be-switched-off",
                    tree.node(settings.id.node).key,
                    format!("`{}` compares the Statement of Applicability with the repository and cannot be switched off or made lighter", policy.id()),
                    "Answer the contradiction in the row of the statement (`answers:`), or waive the single finding.",
                ));
            }
        }
        for waiver in &self.waivers {
            let known = policies.iter().any(|p| p.id() == waiver.policy)
                || ["document-is-readable", "document-has-its-shape"].contains(&waiver.policy.as_str());
            if !known {
                let span = tree.get(waiver.node, "policy").map_or(tree.head(waiver.node), |n| tree.node(n).span);
                problems.push(unknown_policy(span, &waiver.policy, policies));
            }
        }
        problems
    }
}

/// What a parameter's value is called; whole and other numbers are both numbers.
fn type_name(data: &Data) -> &'static str {
    match data {
        Data::Null | Data::Alias(_) => "empty",
        Data::Bool(_) => "`true` or `false`",
        Data::Int(_) | Data::Float(_) => "a number",
        Data::Text(_) | Data::Time(..) => "text",
        Data::List(_) => "a list",
        Data::Map(_) => "a map",
    }
}

fn unknown_policy(span: crate::source::Span, id: &str, policies: &[Arc<Policy>]) -> Problem {
    let help = crate::document::did_you_mean(
        crate::document::closest(id, policies.iter().map(|p| p.id())),
        "`annexa list` shows the policies there are.",
    );
    Problem::new("unknown-policy", span, format!("there is no policy `{id}`"), help)
}
