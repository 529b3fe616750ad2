//! Model Card Toolkit, schema 0.0.1 and 0.0.2: JSON with `model_details`, `quantitative_analysis` and
//! `considerations`.

use super::model_card;
use super::parts::{Keys, PROSE, text_of};
use crate::document::recognise::has_key;
use crate::value::{Builder, Data, Entry, NodeId, Problem, Syntax, Text, Tree};

/// Whether the text has the two blocks that tell the format.
pub(super) fn sign(_: &str, syntax: Syntax, text: &str) -> bool {
    syntax != Syntax::Markdown
        && has_key(syntax, text, "model_details")
        && ["considerations", "quantitative_analysis", "model_parameters", "schema_version"]
            .iter()
            .any(|key| has_key(syntax, text, key))
}

/// Whether the record has them.
pub(super) fn tells(tree: &Tree, root: NodeId) -> bool {
    matches!(tree.get(root, "model_details").map(|id| tree.data(id)), Some(Data::Map(_)))
        && ["considerations", "quantitative_analysis", "model_parameters", "schema_version"]
            .iter()
            .any(|key| tree.get(root, key).is_some())
}

/// Lifts the blocks up to where other cards have the same fields, and reads the card as one of those.
pub(super) fn adapt(builder: &mut Builder, raw: NodeId, problems: &mut Vec<Problem>) -> NodeId {
    let tree = builder.tree();
    let mut entries = Vec::new();
    let mut lift = |path: &[&str], field: &str| {
        let (last, outer) = path.split_last().expect("paths have steps");
        let found = tree.find(raw, outer).and_then(|map| tree.entry(map, last)).cloned();
        entries.extend(found.map(|entry| Entry { key: Text::Owned(field.into()), ..entry }));
    };
    lift(&["model_details", "name"], "name");
    lift(&["model_details", "version", "name"], "version");
    lift(&["model_details", "owners"], "owners");
    lift(&["model_details", "licenses"], "license");
    lift(&["model_details", "license"], "license");
    lift(&["considerations", "use_cases"], "intended_use");
    lift(&["considerations", "limitations"], "limitations");
    lift(&["considerations", "ethical_considerations"], "risks");
    lift(&["quantitative_analysis", "performance_metrics"], "metrics");
    let has_license =
        entries.iter().filter(|entry| matches!(&entry.key, Text::Owned(key) if **key == *"license")).count();
    if has_license > 1 {
        let at = entries.iter().rposition(|entry| matches!(&entry.key, Text::Owned(key) if **key == *"license"));
        at.map(|at| entries.remove(at));
    }
    if let Some(list) = data_names(builder, raw) {
        entries.push(list);
    }
    let taken: Vec<String> = entries.iter().map(|entry| builder.tree().text(&entry.key).to_owned()).collect();
    let rest: Vec<Entry> = builder
        .tree()
        .entries(raw)
        .iter()
        .filter(|entry| !taken.iter().any(|key| key == builder.tree().text(&entry.key)))
        .cloned()
        .collect();
    entries.extend(rest);
    let span = builder.tree().node(raw).span;
    let lifted = builder.map(span, entries);
    model_card::adapt(builder, lifted, problems)
}

/// The names of the datasets in `model_parameters.data`: a list, or in 0.0.1 `train` and `eval`.
fn data_names(builder: &mut Builder, raw: NodeId) -> Option<Entry> {
    let tree = builder.tree();
    let parameters = tree.get(raw, "model_parameters")?;
    let entry = tree.entry(parameters, "data")?.clone();
    let sets: Vec<NodeId> = match tree.data(entry.value) {
        Data::List(_) => tree.items(entry.value).to_vec(),
        _ => tree.entries(entry.value).iter().map(|entry| entry.value).collect(),
    };
    let named: Vec<NodeId> = sets.into_iter().filter(|set| Keys::of(tree, *set).pick(&["name"]).is_some()).collect();
    if named.is_empty() {
        return None;
    }
    let names: Vec<NodeId> = named.into_iter().map(|set| text_of(builder, set, &["name", PROSE[0]], ", ")).collect();
    let span = builder.tree().node(entry.value).span;
    let list = builder.list(span, &names);
    Some(Entry { key: Text::Owned("datasets".into()), span: entry.span, value: list })
}
