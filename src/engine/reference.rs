//! What stands in for evidence in the repository: a valid `reference` to a record that is kept elsewhere,
//! and a valid `attestation` of what nothing in a repository can show.

use super::functions::is_placeholder;
use super::{Corpus, place};
use crate::catalogue::{check_clause, normalise};
use crate::finding::Spot;
use crate::policy::Policy;
use crate::value::{Data, NodeId, Tree};

/// What stands in where `policy` does not hold for `document`, and what it says. Where the policy judges
/// kinds, controls or clauses one by one, what stands in has to be about that `item`.
pub fn standing_in(
    corpus: &Corpus,
    document: Option<usize>,
    policy: &Policy,
    item: Option<&str>,
) -> Option<(Spot, String)> {
    let kinds: Vec<&str> = policy.accepts_reference.iter().map(String::as_str).collect();
    let about: Vec<&str> = policy.rule.controls.iter().chain(&policy.rule.clauses).map(String::as_str).collect();
    let named = item.and_then(normalise).or_else(|| item.and_then(clause_id));
    let (kinds, about) = match (item, named.as_deref()) {
        (Some(kind), _) if kinds.contains(&kind) => (vec![kind], Vec::new()),
        (_, Some(id)) if about.contains(&id) => (Vec::new(), vec![id]),
        _ => (kinds, about),
    };
    reference(corpus, document, &kinds)
        .or_else(|| if policy.accepts_attestation { attestation(corpus, document, &about) } else { None })
}

fn clause_id(text: &str) -> Option<String> {
    check_clause(text).ok().map(|clause| clause.id.to_owned())
}

/// The attestation about one of these controls or clauses that holds for the system of `document`.
fn attestation(corpus: &Corpus, document: Option<usize>, ids: &[&str]) -> Option<(Spot, String)> {
    let system = document.and_then(|d| corpus.system(d));
    let today = corpus.today().midnight();
    corpus.of_kind("attestation").find_map(|index| {
        let record = &corpus.documents()[index];
        let (tree, root) = (&record.tree, record.root);
        let systems = texts(tree, root, "systems");
        if !systems.is_empty() && !system.is_some_and(|system| systems.contains(&system)) {
            return None;
        }
        let about = |key: &str, same: fn(&str) -> Option<String>| {
            texts(tree, root, key).into_iter().filter_map(same).any(|id| ids.contains(&id.as_str()))
        };
        if !about("controls", normalise) && !about("clauses", clause_id) {
            return None;
        }
        let moment = |key: &str| match tree.get(root, key).map(|node| tree.data(node)) {
            Some(Data::Time(_, seconds)) => Some(*seconds),
            _ => None,
        };
        let text = |key: &str| tree.str_at(root, &[key]).filter(|text| !is_placeholder(text));
        if moment("on")? >= today + DAY || moment("valid_until")? < today {
            return None;
        }
        let (role, statement) = (text("role")?, tree.get(root, "statement")?);
        text("statement")?;
        let written = |key: &str| tree.get(root, key).and_then(|node| tree.scalar_text(node)).unwrap_or_default();
        let message = format!("attested by {role} on {}, valid until {}", written("on"), written("valid_until"));
        Some((Spot::new(tree.file(), place::span_of(tree, statement)), message))
    })
}

/// Seconds.
const DAY: i64 = 86_400;

fn texts<'t>(tree: &'t Tree, root: NodeId, key: &str) -> Vec<&'t str> {
    let items = tree.get(root, key).map(|list| tree.items(list)).unwrap_or_default();
    items.iter().filter_map(|node| tree.scalar_text(*node)).collect()
}

/// The reference that stands in for a document of one of `kinds` of the same system as `document`,
/// and what it says.
fn reference(corpus: &Corpus, document: Option<usize>, kinds: &[&str]) -> Option<(Spot, String)> {
    if kinds.is_empty() {
        return None;
    }
    let system = document.and_then(|d| corpus.system(d));
    let today = corpus.today().midnight();
    corpus.of_kind("reference").find_map(|index| {
        let reference = &corpus.documents()[index];
        let (tree, root) = (&reference.tree, reference.root);
        let stands_for = tree.str_at(root, &["stands_for"])?;
        if !kinds.contains(&stands_for) || corpus.system(index) != system {
            return None;
        }
        let until = tree.get(root, "valid_until");
        if let Some(node) = until {
            match tree.data(node) {
                Data::Time(_, seconds) if *seconds >= today => {}
                _ => return None,
            }
        }
        let text = |key: &str| tree.str_at(root, &[key]).unwrap_or_default();
        let end = until.and_then(|n| tree.as_str(n)).map(|t| format!(", valid until {t}")).unwrap_or_default();
        let message = format!("kept elsewhere: {} ({}){end}", text("title"), text("where"));
        let at = tree
            .get(root, "where")
            .map_or_else(|| place::head(tree, root), |n| Spot::new(tree.file(), place::span_of(tree, n)));
        Some((at, message))
    })
}
