//! The Data Contract Specification, which its makers have given up for the Open Data Contract
//! Standard: enough of it is read to judge a contract, with a hint to move.

use super::odcs::{Gathered, listed, put_joined};
use super::parts::{Keys, NAMES, Record, text_of};
use crate::document::recognise::has_key;
use crate::value::{Builder, Data, NodeId, Problem, Syntax, Tree};

const MARK: &str = "dataContractSpecification";

/// Whether the text names the specification.
pub(super) fn sign(_: &str, syntax: Syntax, text: &str) -> bool {
    has_key(syntax, text, MARK)
}

/// Whether the record names it.
pub(super) fn tells(tree: &Tree, root: NodeId) -> bool {
    tree.get(root, MARK).is_some()
}

/// Makes the normalised record.
pub(super) fn adapt(builder: &mut Builder, raw: NodeId, problems: &mut Vec<Problem>) -> NodeId {
    if let Some(entry) = builder.tree().entry(raw, MARK) {
        problems.push(
            Problem::new(
                "deprecated-format",
                entry.span,
                "the Data Contract Specification is no longer developed",
                "The contract is read. Move it to the Open Data Contract Standard (`apiVersion: v3.1.0`, `kind: DataContract`) when it next changes.",
            )
            .on(entry.value)
            .item("/dataContractSpecification"),
        );
    }
    let keys = Keys::of(builder.tree(), raw);
    let mut record = Record::new(builder, raw);
    let info = keys.pick(&["info"]).map(|entry| Keys::of(record.tree(), entry.value));
    for (field, in_info, names) in [
        ("id", false, &["id"][..]),
        ("name", true, &["title", "name"]),
        ("version", true, &["version"]),
        ("status", true, &["status"]),
        ("owner", true, &["owner", "contact"]),
        ("description", true, &["description"]),
        ("system", false, &["system"]),
    ] {
        let from = if in_info { info.as_ref() } else { Some(&keys) };
        if let Some(entry) = from.and_then(|keys| keys.pick(names)).cloned() {
            let value = text_of(record.builder, entry.value, NAMES, ", ");
            record.put(field, entry.span, value);
        }
    }
    if let Some(entry) = keys.pick(&["terms"]) {
        let inner = Keys::of(record.tree(), entry.value);
        let parts: Vec<_> = ["usage", "limitations", "policies", "billing", "noticeperiod"]
            .iter()
            .filter_map(|name| inner.pick(&[name]))
            .map(|entry| (entry.span, entry.value))
            .collect();
        put_joined(&mut record, "terms", &parts);
    }
    for (field, names) in [("servers", &["servers"][..]), ("sla", &["servicelevels"])] {
        if let Some(entry) = keys.pick(names).cloned() {
            listed(&mut record, field, &entry);
        }
    }
    models_into(&mut record, &keys);
    record.finish()
}

/// `models` is a map of tables, each with a map of fields.
fn models_into(record: &mut Record<'_>, keys: &Keys) {
    let mut found = Gathered::default();
    let models = keys.pick(&["models"]).cloned();
    if let Some(entry) = &models {
        for model in record.tree().entries(entry.value).to_vec() {
            if let Some(fields) = record.tree().get(model.value, "fields") {
                fields_of(record.builder, fields, "", &mut found);
            }
            if let Some(rules) = record.tree().get(model.value, "quality") {
                found.rules(record.builder, rules, None);
            }
        }
    }
    let quality = keys.pick(&["quality"]).cloned();
    if let Some(entry) = &quality {
        found.rules(record.builder, entry.value, None);
    }
    found.put(record, models.map(|entry| entry.span), quality.map(|entry| entry.span));
}

/// The fields of a map by their names, and those inside them.
fn fields_of(builder: &mut Builder, fields: NodeId, path: &str, found: &mut Gathered) {
    for entry in builder.tree().entries(fields).to_vec() {
        let own = builder.tree().text(&entry.key);
        let name = if path.is_empty() { own.to_owned() } else { format!("{path}.{own}") };
        if !matches!(builder.tree().data(entry.value), Data::Map(_)) {
            continue;
        }
        found.named_field(builder, &entry, &name);
        // Aliases can stand for more levels and fields than a file has bytes.
        if found.has_room()
            && path.matches('.').count() < 32
            && let Some(inner) = builder.tree().get(entry.value, "fields")
        {
            fields_of(builder, inner, &name, found);
        }
    }
}
