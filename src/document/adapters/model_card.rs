//! Model cards as people write them: YAML or JSON in various spellings, Markdown with or without
//! front matter.

use super::hugging_face;
use super::labels;
use super::parts::{Keys, NAMES, PROSE, Record, fold, is_filled, stand_in, text_of, texts_of};
use super::sections;
use crate::source::Span;
use crate::value::{Builder, Data, Entry, NodeId, Problem, Syntax};
use std::collections::HashSet;
use std::sync::OnceLock;

/// How a field of the card is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One text; several are joined with a comma.
    Word,
    /// Prose; several pieces are paragraphs.
    Prose,
    /// A list of texts.
    Words,
}

/// The other names of a field, folded, the best first.
struct Names {
    field: &'static str,
    form: Form,
    names: &'static [&'static str],
}

const FIELDS: &[Names] = &[
    Names { field: "id", form: Form::Word, names: &["id", "modelid", "identifier"] },
    Names { field: "name", form: Form::Word, names: &["name", "modelname", "title"] },
    Names { field: "version", form: Form::Word, names: &["version", "modelversion", "currentversion"] },
    Names { field: "system", form: Form::Word, names: &["system", "aisystem", "systemid", "aisystemid"] },
    Names { field: "owners", form: Form::Words, names: OWNERS },
    Names { field: "owners", form: Form::Words, names: MAKERS },
    Names {
        field: "license",
        form: Form::Word,
        names: &["license", "licence", "licenses", "licences", "licensing", "licenseinformation"],
    },
    Names {
        field: "base_models",
        form: Form::Words,
        names: &[
            "basemodels",
            "basemodel",
            "parentmodel",
            "parentmodels",
            "finetunedfrom",
            "finetunedfrommodel",
            "finetunedfrommodels",
            "foundationmodel",
        ],
    },
    Names {
        field: "datasets",
        form: Form::Words,
        names: &["datasets", "dataset", "trainingdatasets", "trainingdataset", "trainingdatasetids"],
    },
    Names {
        field: "intended_use",
        form: Form::Prose,
        names: &[
            "intendeduse",
            "intendeduses",
            "intendedusage",
            "intendedpurpose",
            "primaryintendeduses",
            "primaryintendeduse",
            "primaryuses",
            "primaryuse",
            "directuse",
            "usecases",
            "usecase",
            "purpose",
            "uses",
        ],
    },
    Names {
        field: "out_of_scope",
        form: Form::Prose,
        names: &[
            "outofscope",
            "outofscopeuse",
            "outofscopeuses",
            "outofscopeusecases",
            "misuse",
            "misuses",
            "prohibiteduses",
            "prohibiteduse",
            "unintendeduses",
            "unintendeduse",
            "notintendedfor",
            "excludeduses",
            "notintendeduse",
        ],
    },
    Names {
        field: "limitations",
        form: Form::Prose,
        names: &[
            "limitations",
            "limitation",
            "knownlimitations",
            "biasrisksandlimitations",
            "biasriskslimitations",
            "limitationsandbias",
            "caveatsandrecommendations",
            "caveats",
            "ethicalconsiderations",
            "biases",
            "bias",
        ],
    },
    Names { field: "hash", form: Form::Word, names: &["hash", "sha256", "modelhash", "modelsha256", "checksum"] },
];

const OWNERS: &[&str] = &[
    "owners",
    "owner",
    "modelowner",
    "modelowners",
    "ownership",
    "maintainers",
    "maintainer",
    "maintainedby",
    "accountable",
    "responsible",
    "responsibleteam",
    "responsibleperson",
    "businessowner",
];

/// Who made a model or answers mails about it stands in where nobody is called its owner.
const MAKERS: &[&str] = &[
    "developers",
    "developer",
    "developedby",
    "authors",
    "author",
    "modelauthors",
    "modelcardauthors",
    "createdby",
    "sharedby",
    "team",
    "teammembers",
    "organization",
    "organisation",
    "contact",
    "contacts",
    "contactinformation",
    "pointofcontact",
    "modelcardcontact",
];

/// Maps that only group fields.
const GROUPS: &[&str] = &[
    "modeldetails",
    "modelcard",
    "modelinfo",
    "model",
    "details",
    "metadata",
    "general",
    "overview",
    "info",
    "ownership",
    "governance",
    "considerations",
    "usage",
    "intendeduse",
    "intendeduses",
    "uses",
];

const METRICS: &[&str] =
    &["metrics", "performancemetrics", "evaluationresults", "evalresults", "performance", "evaluation", "results"];

/// Makes the normalised record of a card.
pub(super) fn adapt(builder: &mut Builder, raw: NodeId, problems: &mut Vec<Problem>) -> NodeId {
    let keys = Keys::of(builder.tree(), raw);
    let is_markdown = Syntax::of(builder.tree().file().path()) == Some(Syntax::Markdown);
    let mut record = Record::new(builder, raw);
    fields_into(&mut record, &keys, "");
    for group in GROUPS {
        if let Some(entry) = keys.pick(&[group])
            && matches!(record.tree().data(entry.value), Data::Map(_))
        {
            let inner = Keys::of(record.tree(), entry.value);
            fields_into(&mut record, &inner, group);
        }
    }
    if is_markdown {
        hugging_face::front_matter_into(&mut record, &keys, problems);
        markdown_into(&mut record, raw);
    }
    metrics_into(&mut record, &keys);
    if let Some(slices) = keys.pick(&["slices", "slicedmetrics", "slicemetrics"]) {
        put_list(&mut record, "slices", slices, slice);
    }
    name_and_id(&mut record);
    record.finish()
}

fn fields_into(record: &mut Record<'_>, keys: &Keys, group: &str) {
    for row in FIELDS {
        // A group of the field's own name holds it under other names.
        let names: Vec<&str> = row.names.iter().copied().filter(|name| *name != group).collect();
        let Some(entry) = keys.pick(&names).cloned() else { continue };
        let value = match record.tree().data(entry.value) {
            Data::Map(_) if row.form == Form::Prose => prose_of(record, &entry, row.field),
            _ => value_of(record, &entry, row.form),
        };
        record.put(row.field, entry.span, value);
    }
}

/// The text of a map of prose, without what is about another field.
fn prose_of(record: &mut Record<'_>, entry: &Entry, field: &str) -> NodeId {
    let tree = record.tree();
    let others = |key: &str| FIELDS.iter().any(|row| row.field != field && row.names.contains(&key));
    let parts: Vec<NodeId> = tree
        .entries(entry.value)
        .iter()
        .filter(|inner| is_filled(tree, inner.value))
        .filter(|inner| !matches!(fold(tree.text(&inner.key)).as_str(), key if others(key) && !PROSE.contains(&key)))
        .map(|inner| inner.value)
        .collect();
    match parts.as_slice() {
        [] => record.builder.made_text(entry.span, ""),
        [only] => text_of(record.builder, *only, PROSE, "\n\n"),
        [first, ..] => {
            let place = tree.node(*first).span;
            let texts: Vec<NodeId> = parts.iter().map(|part| text_of(record.builder, *part, PROSE, ", ")).collect();
            let tree = record.tree();
            let text = texts.iter().filter_map(|text| tree.scalar_text(*text)).collect::<Vec<_>>().join("\n\n");
            record.builder.made_text(place, &text)
        }
    }
}

fn value_of(record: &mut Record<'_>, entry: &Entry, form: Form) -> NodeId {
    match form {
        Form::Word => {
            text_of(record.builder, entry.value, &["name", "identifier", "id", "value", "customtext", "text"], ", ")
        }
        Form::Prose => text_of(record.builder, entry.value, PROSE, "\n\n"),
        Form::Words => texts_of(record.builder, entry.value, NAMES),
    }
}

/// Whether a folded key is a name of some field.
fn is_name(key: &str) -> bool {
    static NAMES: OnceLock<HashSet<&str>> = OnceLock::new();
    NAMES.get_or_init(|| FIELDS.iter().flat_map(|row| row.names).copied().collect()).contains(key)
}

fn markdown_into(record: &mut Record<'_>, raw: NodeId) {
    let list = sections::list(record.tree(), raw);
    let outline = sections::outline(record.tree(), &list);
    sections::topics_into(record, &outline);
    let labelled = labels::labelled(record.builder, &list, &outline, is_name);
    for row in FIELDS {
        if record.is_filled(row.field) {
            continue;
        }
        for name in row.names {
            let Some(found) = labelled.iter().find(|found| found.label == *name) else { continue };
            // A section called "Version" tells a history, one called "Name" anything.
            let length = record.tree().as_str(found.value).map_or(0, |text| text.chars().count());
            if row.form == Form::Word && length > 200 {
                continue;
            }
            let value =
                if row.form == Form::Words { texts_of(record.builder, found.value, NAMES) } else { found.value };
            record.put(row.field, found.label_span, value);
        }
    }
    if let Some((node, title)) = sections::title(record.tree(), &list) {
        let span = record.tree().node(node).span;
        let name = record.builder.made_text(span, &title);
        record.put("name", span, name);
    }
}

/// The id is the card's own, else its name, else what its file or folder is called.
fn name_and_id(record: &mut Record<'_>) {
    if record.is_filled("id") {
        return;
    }
    if let Some(name) = record.get("name").filter(|_| record.is_filled("name")) {
        let place = record.tree().node(name);
        let (key, span) = (place.key, place.span);
        let text = record.tree().scalar_text(name).unwrap_or_default().to_owned();
        let id = record.builder.made_text(span, &text);
        return record.put("id", if key.is_empty() { span } else { key }, id);
    }
    if let Some(name) = from_path(record.tree().file().path()) {
        let place = Span::at(0);
        let id = record.builder.made_text(place, &name);
        record.put("id", place, id);
    }
}

/// The telling part of a path: a file name beyond `model_card`, else the folder.
fn from_path(path: &str) -> Option<String> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.split('.').next().unwrap_or_default();
    let lower = stem.to_lowercase().replace('-', "_");
    let own = lower.strip_suffix("model_card").or_else(|| lower.strip_prefix("model_card")).unwrap_or(&lower);
    if !own.trim_matches('_').is_empty() && !matches!(fold(own).as_str(), "readme" | "modelcard" | "card") {
        let at = lower.find(own).unwrap_or(0);
        return Some(stem.get(at..at + own.len())?.trim_matches(['_', '-']).to_owned());
    }
    let folder = folder.rsplit('/').next().unwrap_or_default();
    let generic =
        ["", "cards", "doc", "docs", "documentation", "github", "governance", "model", "modelcards", "models", "src"];
    (!generic.contains(&fold(folder).as_str())).then(|| folder.to_owned())
}

/// Sets `metrics` from a field in any of its usual forms.
fn metrics_into(record: &mut Record<'_>, keys: &Keys) {
    let Some(entry) = METRICS.iter().find_map(|name| {
        let entry = keys.pick(&[name])?;
        // `evaluation: see the report` is prose about metrics.
        (*name == "metrics" || !matches!(record.tree().data(entry.value), Data::Text(_))).then_some(entry)
    }) else {
        return;
    };
    put_list(record, "metrics", entry, metric);
    let tree = record.tree();
    let with_slice: Vec<NodeId> = record
        .get("metrics")
        .map_or(&[][..], |list| tree.items(list))
        .iter()
        .copied()
        .filter(|item| tree.get(*item, "slice").is_some())
        .collect();
    if !with_slice.is_empty() {
        let made: Vec<NodeId> = with_slice.into_iter().filter_map(|item| slice(record.builder, item, None)).collect();
        let list = record.builder.list(record.tree().node(entry.value).span, &made);
        record.put("slices", entry.span, list);
    }
}

/// Makes one item of a list from a value and, in a map, its key.
type Maker = fn(&mut Builder, NodeId, Option<&Entry>) -> Option<NodeId>;

fn put_list(record: &mut Record<'_>, field: &str, entry: &Entry, make: Maker) {
    let tree = record.tree();
    let place = tree.node(entry.value).span;
    let mut made = Vec::new();
    match tree.data(entry.value) {
        Data::Null => {}
        Data::List(_) => {
            for item in tree.items(entry.value).to_vec() {
                made.extend(make(record.builder, item, None));
            }
        }
        Data::Map(_) if Keys::of(tree, entry.value).pick(&["value", "name", "type", "metric"]).is_none() => {
            for inner in tree.entries(entry.value).to_vec() {
                let is_group = matches!(record.tree().data(inner.value), Data::Map(_))
                    && Keys::of(record.tree(), inner.value).pick(VALUE).is_none();
                let rows = if is_group { record.tree().entries(inner.value).to_vec() } else { vec![inner] };
                for row in &rows {
                    made.extend(make(record.builder, row.value, Some(row)));
                }
            }
        }
        _ => made.extend(make(record.builder, entry.value, None)),
    }
    let list = record.builder.list(place, &made);
    record.put(field, entry.span, list);
}

const VALUE: &[&str] = &["value", "score", "result", "estimate"];

/// A metric from a map of its fields, from `name: value`, or from its bare name.
pub(super) fn metric(builder: &mut Builder, item: NodeId, key: Option<&Entry>) -> Option<NodeId> {
    let mut fields: Vec<(&str, NodeId)> = Vec::new();
    match builder.tree().data(item) {
        Data::Map(_) => {
            let keys = Keys::of(builder.tree(), item);
            let mut add = |builder: &mut Builder, field: &'static str, names: &[&str]| {
                if let Some(entry) = keys.pick(names) {
                    let value = match builder.tree().data(entry.value) {
                        Data::Map(_) | Data::List(_) if field != "value" => {
                            text_of(builder, entry.value, &["name", "type", "id", "value"], ", ")
                        }
                        _ => entry.value,
                    };
                    fields.push((field, value));
                }
            };
            add(builder, "name", &["name", "metric", "metricname", "type"]);
            add(builder, "type", &["type"]);
            add(builder, "value", VALUE);
            add(builder, "dataset", &["dataset", "data", "testset", "evaluationdataset"]);
            add(builder, "split", &["split", "datasplit"]);
            add(builder, "slice", &["slice", "slicename", "group", "subgroup", "segment"]);
            add(builder, "threshold", &["threshold", "target", "minimum", "min", "maximum", "max"]);
        }
        Data::Null if key.is_none() => return None,
        Data::Text(_) if key.is_none() => fields.push(("name", item)),
        Data::List(_) => return None,
        _ => fields.push(("value", item)),
    }
    if let Some(entry) = key.filter(|_| fields.first().is_none_or(|(field, _)| *field != "name")) {
        let name = builder.tree().text(&entry.key).to_owned();
        let name = builder.made_text(entry.span, &name);
        fields.insert(0, ("name", name));
    }
    Some(stand_in(builder, item, fields))
}

/// A value for one part of the data.
fn slice(builder: &mut Builder, item: NodeId, key: Option<&Entry>) -> Option<NodeId> {
    let mut fields = Vec::new();
    let keys = Keys::of(builder.tree(), item);
    for (field, names) in [
        ("metric", &["metric", "metricname", "type"][..]),
        ("value", VALUE),
        ("name", &["slice", "slicename", "group", "subgroup", "segment", "name"]),
    ] {
        if let Some(entry) = keys.pick(names) {
            fields.push((field, entry.value));
        }
    }
    if fields.is_empty() {
        fields.push(("value", item));
    }
    if let Some(entry) = key.filter(|_| fields.iter().all(|(field, _)| *field != "name")) {
        let name = builder.tree().text(&entry.key).to_owned();
        let name = builder.made_text(entry.span, &name);
        fields.push(("name", name));
    }
    Some(stand_in(builder, item, fields))
}
