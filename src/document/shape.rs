//! The shape check: what a kind's JSON Schema finds wrong, one problem a cause, on the key or value
//! that has to change.

use super::item::item_name;
use super::kind::{Compiled, Kind};
use super::layout::Place;
use super::words;
use crate::source::Span;
use crate::value::{Data, Label, NodeId, Problem, Syntax, Tree};
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Wrong;
use std::collections::HashSet;

/// Keys that are read before the schema is, so that no schema has to name them.
const ALWAYS_FINE: &[&str] = &["kind", "$schema"];

/// Errors of one record that are looked at; aliases can repeat one without end.
const MOST_ERRORS: usize = 5_000;

/// Unknown keys of one map that are named; whoever has more has another format.
const MOST_KEYS: usize = 200;

/// Checks the record `root` of `tree`. Of a format that others define only types are judged.
pub(super) fn check(kind: &Kind, tree: &Tree, root: NodeId) -> Vec<Problem> {
    let Some(validator) = kind.validator() else { return Vec::new() };
    let errors: Vec<_> = validator.iter_errors(super::json::Item::Value(tree, root)).take(MOST_ERRORS).collect();
    if errors.is_empty() {
        return Vec::new();
    }
    let check = Check { kind, compiled: kind.compiled(), tree, root };
    let mut found = Found::default();
    for error in &errors {
        check.report(error, &mut found);
    }
    let mut problems = found.one_per_cause();
    if kind.foreign {
        problems.retain(|problem| problem.code == "wrong-type");
    }
    problems
}

/// What was found so far.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
    /// The fields that misspelt keys most likely stand for.
    meant: Vec<String>,
}

impl Found {
    /// Drops what only repeats another problem, and sorts by place. A field that is missing because
    /// its key is misspelt is one cause.
    fn one_per_cause(self) -> Vec<Problem> {
        let Found { mut problems, meant } = self;
        problems.retain(|problem| problem.code != "missing-field" || !meant.contains(&problem.item));
        problems.sort_by(|a, b| (a.at.span, a.code, &a.item).cmp(&(b.at.span, b.code, &b.item)));
        // A value of the wrong type cannot have the right form either.
        let mistyped: HashSet<_> = problems.iter().filter(|p| p.code == "wrong-type").map(|p| p.node).collect();
        problems.retain(|p| !(matches!(p.code, "not-allowed" | "malformed") && mistyped.contains(&p.node)));
        // Several paths may lead to one place: aliases, and keywords that say the same.
        let mut seen = HashSet::new();
        problems.retain(|problem| {
            let key = problem.absent.clone().unwrap_or_default();
            seen.insert((problem.at.span, problem.code, problem.node, key))
        });
        problems
    }
}

/// The nodes from `root` down to `pointer` (RFC 6901), each with the step that led there, as far as
/// they exist.
pub(super) fn walk<'p>(tree: &Tree, root: NodeId, pointer: &'p str) -> Vec<(&'p str, NodeId)> {
    let mut path = Vec::new();
    let mut at = root;
    for step in pointer.split('/').skip(1) {
        let next = match tree.data(at) {
            Data::List(_) => step.parse::<usize>().ok().and_then(|index| tree.items(at).get(index).copied()),
            _ if step.contains('~') => tree.get(at, &step.replace("~1", "/").replace("~0", "~")),
            _ => tree.get(at, step),
        };
        let Some(next) = next else { break };
        path.push((step, next));
        at = next;
    }
    path
}

pub(super) struct Check<'a> {
    pub kind: &'a Kind,
    pub compiled: &'a Compiled,
    pub tree: &'a Tree,
    root: NodeId,
}

/// A place in the document and in the schema's layout.
pub(super) struct Spot<'a> {
    pub node: NodeId,
    pub place: Option<(usize, &'a Place)>,
    /// The place in words: `lifecycle.stage`, `rows[A.5.4].decision`; empty for the record itself.
    pub name: String,
    /// The pointer with list items by name where they have one.
    pub item: String,
    /// The first alias on the way, where there is one.
    alias: Option<Span>,
}

impl<'a> Check<'a> {
    fn spot(&self, pointer: &str) -> Spot<'a> {
        let (mut node, mut name, mut item, mut alias) = (self.root, String::new(), String::new(), None);
        let mut at = Some(0);
        for (step, next) in walk(self.tree, self.root, pointer) {
            item.push('/');
            if matches!(self.tree.data(node), Data::List(_)) {
                let index = step.parse().unwrap_or(0);
                let called = item_name(self.tree, next);
                name.push_str(&format!("[{}]", called.unwrap_or(step)));
                item.push_str(&escape(called.unwrap_or(step)));
                at = at.and_then(|at| self.compiled.layout.item(at, index));
            } else {
                let key = step.replace("~1", "/").replace("~0", "~");
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&key);
                item.push_str(step);
                at = at.and_then(|at| self.compiled.layout.field(at, &key));
            }
            alias = alias.or((self.tree.resolve(next) != next).then(|| self.tree.node(next).span));
            // What has to change stands at the anchor.
            node = self.tree.resolve(next);
        }
        Spot { alias, node, place: at.map(|at| (at, self.compiled.layout.place(at))), name, item }
    }

    fn report(&self, error: &ValidationError<'_>, found: &mut Found) {
        let spot = self.spot(error.instance_path().as_str());
        let before = found.problems.len();
        match error.kind() {
            Wrong::AnyOf { context } | Wrong::OneOfNotValid { context } => {
                match nearest(context, error.instance_path().as_str()) {
                    Some(branch) => branch.iter().for_each(|error| self.report(error, found)),
                    None => found.problems.push(words::wrong_type(self, &spot)),
                }
            }
            Wrong::Required { property } => {
                found.problems.push(words::missing(self, &spot, property.as_str().unwrap_or_default()));
            }
            Wrong::AdditionalProperties { unexpected } | Wrong::UnevaluatedProperties { unexpected } => {
                for key in unexpected.iter().take(MOST_KEYS) {
                    if !(spot.node == self.root && self.is_fine(key)) {
                        let (problem, meant) = words::unknown(self, &spot, key);
                        found.problems.push(problem);
                        found.meant.extend(meant);
                    }
                }
            }
            wrong => found.problems.push(words::other(self, &spot, wrong)),
        }
        if let Some(alias) = spot.alias {
            for problem in found.problems[before..].iter_mut().filter(|problem| problem.related.is_empty()) {
                problem.related.push(Label { span: alias, text: "repeated here".to_owned() });
            }
        }
    }

    fn is_fine(&self, key: &str) -> bool {
        ALWAYS_FINE.contains(&key)
            || (key == "sections" && Syntax::of(self.tree.file().path()) == Some(Syntax::Markdown))
    }

    /// The key span of an entry; the map's own head where there is none.
    pub fn key_span(&self, map: NodeId, key: &str) -> Span {
        self.tree.entry(map, key).map_or_else(|| self.tree.head(map), |entry| entry.span)
    }
}

/// The alternative that was most likely meant: the one that fails least. `None` where the value has
/// the wrong type for every one.
fn nearest<'e>(
    alternatives: &'e [Vec<ValidationError<'static>>],
    here: &str,
) -> Option<&'e [ValidationError<'static>]> {
    alternatives
        .iter()
        .filter(|errors| {
            !errors.iter().any(|e| matches!(e.kind(), Wrong::Type { .. }) && e.instance_path().as_str() == here)
        })
        .min_by_key(|errors| {
            // A fixed word just below, such as `type: sql`, says which alternative it is.
            let other_form = errors.iter().any(|e| {
                let path = e.instance_path().as_str();
                matches!(e.kind(), Wrong::Constant { .. } | Wrong::Enum { .. })
                    && path.len() > here.len()
                    && !path[here.len() + 1..].contains('/')
            });
            (other_form, errors.len())
        })
        .map(Vec::as_slice)
}

pub(super) fn escape(step: &str) -> String {
    step.replace('~', "~0").replace('/', "~1")
}
