//! Hugging Face model cards: a README.md whose front matter has the keys of a card. The format has
//! no schema; its keys are those of the hub's documentation.

use super::model_card::metric;
use super::parts::{Keys, Record, fold, stand_in, text_of};
use crate::document::closest;
use crate::document::recognise::{front, is_readme};
use crate::value::{Builder, Data, Entry, NodeId, Problem, Syntax, Tree};

pub(super) use super::model_card::adapt;

/// Keys that only model cards have.
const MODEL: &[&str] = &[
    "base_model",
    "co2_eq_emissions",
    "datasets",
    "inference",
    "library_name",
    "metrics",
    "model-index",
    "model_index",
    "model_name",
    "pipeline_tag",
    "widget",
];
/// Keys of model cards that other pages have too.
const SHARED: &[&str] = &["license", "language", "tags", "thumbnail"];
/// Keys of dataset cards and of demo applications.
const NO_MODEL: &[&str] = &[
    "annotations_creators",
    "app_file",
    "colorFrom",
    "configs",
    "dataset_info",
    "language_creators",
    "multilinguality",
    "pretty_name",
    "sdk",
    "size_categories",
    "source_datasets",
    "task_categories",
    "task_ids",
];
/// Keys of pages that a site generator turns into a web site.
const SITE: &[&str] =
    &["date", "draft", "layout", "nav_order", "permalink", "sidebar_label", "sidebar_position", "slug", "weight"];

/// All keys of a card, for did-you-mean.
const KNOWN: &[&str] = &[
    "base_model",
    "base_model_relation",
    "co2_eq_emissions",
    "datasets",
    "inference",
    "language",
    "library_name",
    "license",
    "license_link",
    "license_name",
    "metrics",
    "model-index",
    "model_name",
    "new_version",
    "pipeline_tag",
    "tags",
    "thumbnail",
    "widget",
];

/// Whether a file is a README whose front matter has the keys of a card.
pub(super) fn sign(path: &str, syntax: Syntax, text: &str) -> bool {
    if !is_readme(path) || syntax != Syntax::Markdown {
        return false;
    }
    if is_titled(text) {
        return true;
    }
    let Some(text) = front(text) else { return false };
    let keys: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with([' ', '#', '-', '\t']))
        .filter_map(|line| Some(line.split_once(':')?.0.trim_matches(['"', '\'', ' '])))
        .collect();
    let has = |wanted: &[&str]| keys.iter().any(|key| wanted.contains(key));
    if has(MODEL) {
        // A dataset card may name its metrics or its files' library, too.
        return !has(NO_MODEL) || has(&["pipeline_tag", "base_model", "model-index", "widget"]);
    }
    has(SHARED) && !has(NO_MODEL) && !has(SITE)
}

/// Whether the first line of text is the heading `Model card ...`.
fn is_titled(text: &str) -> bool {
    let body = front(text).map_or(text, |front| {
        let end = front.as_ptr() as usize - text.as_ptr() as usize + front.len();
        text[end..].trim_start().trim_start_matches('-')
    });
    let title = body.trim_start().lines().next().unwrap_or_default();
    title.strip_prefix('#').is_some_and(|title| fold(title).starts_with("modelcard"))
}

/// Whether the record is the front matter of such a README. Front matter that is not closed is read
/// as text: the card is still one.
pub(super) fn tells(tree: &Tree, root: NodeId) -> bool {
    let file = tree.file();
    if !is_readme(file.path()) || tree.get(root, "sections").or_else(|| tree.get(root, "x-sections")).is_none() {
        return false;
    }
    sign(file.path(), Syntax::Markdown, file.text())
}

/// Sets what only front matter of the hub says: `model-index`, `license_name`; notes misspelt keys.
pub(super) fn front_matter_into(record: &mut Record<'_>, keys: &Keys, problems: &mut Vec<Problem>) {
    if let Some(entry) = keys.pick(&["modelindex"]).cloned() {
        model_index_into(record, &entry, keys.pick(&["metrics"]).cloned().as_ref(), problems);
    }
    if let (Some(license), Some(name)) = (keys.pick(&["license"]), keys.pick(&["licensename"]))
        && record.tree().as_str(license.value).is_none_or(|license| license == "other")
    {
        let value = text_of(record.builder, name.value, &[], ", ");
        record.replace("license", name.span, value);
    }
    if is_readme(record.tree().file().path()) {
        misspelt(record, problems);
    }
}

fn model_index_into(record: &mut Record<'_>, entry: &Entry, names: Option<&Entry>, problems: &mut Vec<Problem>) {
    let tree = record.tree();
    let models = match tree.data(entry.value) {
        Data::Map(_) => {
            problems.push(
                Problem::new(
                    "single-model-index",
                    entry.span,
                    "`model-index` holds one model directly, and the format wants a list of models",
                    "Put a dash before `name` and indent what follows; it is read as a list of one.",
                )
                .on(entry.value)
                .item("/model-index"),
            );
            vec![entry.value]
        }
        _ => tree.items(entry.value).to_vec(),
    };
    let mut made = Vec::new();
    for model in models {
        if let Some(name) = record.tree().entry(model, "name").cloned() {
            record.put("name", name.span, name.value);
        }
        let results = record.tree().get(model, "results");
        for result in results.map_or(Vec::new(), |results| record.tree().items(results).to_vec()) {
            result_into(record.builder, result, &mut made);
        }
    }
    // Names without values, such as `metrics: [accuracy]`, count where the index does not have them.
    if let Some(names) = names {
        let known: Vec<String> = made
            .iter()
            .flat_map(|metric| ["name", "type"].map(|key| record.tree().str_at(*metric, &[key]).map(fold)))
            .flatten()
            .collect();
        let items = match record.tree().data(names.value) {
            Data::List(_) => record.tree().items(names.value).to_vec(),
            _ => vec![names.value],
        };
        for item in items {
            if record.tree().as_str(item).is_none_or(|name| !known.contains(&fold(name))) {
                made.extend(metric(record.builder, item, None));
            }
        }
    }
    if !made.is_empty() {
        let place = record.tree().node(entry.value).span;
        let list = record.builder.list(place, &made);
        record.put("metrics", entry.span, list);
    }
}

fn result_into(builder: &mut Builder, result: NodeId, into: &mut Vec<NodeId>) {
    let tree = builder.tree();
    let dataset = tree.get(result, "dataset");
    let metrics = tree.get(result, "metrics");
    let metrics = match metrics.map(|metrics| (metrics, tree.data(metrics))) {
        Some((one, Data::Map(_))) => vec![one],
        Some((list, _)) => tree.items(list).to_vec(),
        None => Vec::new(),
    };
    for item in metrics {
        let tree = builder.tree();
        let mut fields = Vec::new();
        let mut take = |field, from: Option<NodeId>, keys: &[&str]| {
            let found = from.and_then(|from| {
                keys.iter().find_map(|key| {
                    tree.get(from, key)
                        .filter(|id| tree.scalar_text(*id).is_some_and(|t| !t.is_empty()) || *key == "value")
                })
            });
            fields.extend(found.map(|id| (field, id)));
        };
        take("name", Some(item), &["name", "type"]);
        take("type", Some(item), &["type"]);
        take("value", Some(item), &["value"]);
        take("dataset", dataset, &["name", "type"]);
        take("split", dataset, &["split"]);
        if !fields.is_empty() {
            into.push(stand_in(builder, item, fields));
        }
    }
}

/// Notes keys that are close to a key of the hub, and lets their value count under the right name.
fn misspelt(record: &mut Record<'_>, problems: &mut Vec<Problem>) {
    let tree = record.tree();
    // No card has a hundred keys; hostile ones are not compared one by one.
    let entries: Vec<Entry> = tree.entries(record.raw()).iter().take(100).cloned().collect();
    for entry in entries {
        let tree = record.tree();
        let key = tree.text(&entry.key).to_owned();
        if KNOWN.contains(&key.as_str()) || key.len() < 3 || key.ends_with("sections") {
            continue;
        }
        let Some(meant) = closest(&key, KNOWN.iter().copied()) else { continue };
        if tree.entry(record.raw(), meant).is_some() {
            continue;
        }
        let mut problem = Problem::new(
            "misspelt-field",
            entry.span,
            format!("`{key}` is no key of a Hugging Face card; it is read as `{meant}`, and the hub ignores it"),
            format!("Write `{meant}`."),
        )
        .on(entry.value)
        .item(format!("/{key}"));
        problem.at.text = format!("did you mean `{meant}`?");
        problems.push(problem);
        // Fields that have a name of their own in our record are there under that already.
        if !matches!(meant, "model-index" | "datasets" | "base_model" | "metrics" | "license") {
            record.put(meant, entry.span, entry.value);
        }
    }
}
