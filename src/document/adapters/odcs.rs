//! Data contracts of the Open Data Contract Standard 2.2 to 3.x, and plain YAML with the fields of our
//! own record.

use super::parts::{Keys, NAMES, Record, fold, is_filled, stand_in, text_of};
use crate::document::recognise::has_key;
use crate::source::Span;
use crate::value::{Builder, Data, Entry, NodeId, Problem, Syntax, Text, Tree};

/// Versions of the standard whose layout is read.
const VERSIONS: &[&str] = &["2.2.0", "2.2.1", "2.2.2", "2.3.0", "3.0.0", "3.0.1", "3.0.2", "3.1.0", "3.2.0"];

/// Names under which custom properties or fields tell where data come from and on what terms.
const ACQUISITION: &[(&str, &[&str])] = &[
    ("source", &["source", "datasource", "sourcesystem", "origin", "provenance", "supplier", "acquiredfrom"]),
    ("license", &["license", "licence", "datalicense", "datalicence"]),
    ("legal_basis", &["legalbasis", "lawfulbasis"]),
    ("collected_on", &["collectedon", "collectionperiod", "acquiredon"]),
    ("method", &["collectionmethod", "acquisitionmethod"]),
    ("rights_holder", &["rightsholder", "copyrightholder", "licensor"]),
    ("consent", &["consent", "consentbasis"]),
];

/// Names under which custom properties tell terms.
const TERMS: &[&str] = &["terms", "termsofuse", "termsandconditions", "usageterms", "license", "licence"];

/// Words of classifications from the least to the most sensitive.
const LEVELS: &[&[&str]] = &[
    &["public", "open", "unclassified"],
    &["internal", "private"],
    &["confidential", "personal", "pii"],
    &["restricted", "sensitive", "secret"],
    &["highlyrestricted", "highlyconfidential", "strictlyconfidential", "specialcategory", "topsecret"],
];

/// Whether the text has `kind: DataContract` with an `apiVersion`, or the 2.x layout.
pub(super) fn sign(_: &str, syntax: Syntax, text: &str) -> bool {
    has_key(syntax, text, "apiVersion") && text.contains("DataContract") && has_key(syntax, text, "kind")
}

/// Whether the record has them.
pub(super) fn tells(tree: &Tree, root: NodeId) -> bool {
    tree.get(root, "apiVersion").is_some() && tree.str_at(root, &["kind"]) == Some("DataContract")
}

/// Makes the normalised record.
pub(super) fn adapt(builder: &mut Builder, raw: NodeId, problems: &mut Vec<Problem>) -> NodeId {
    check_version(builder.tree(), raw, problems);
    let keys = Keys::of(builder.tree(), raw);
    let mut record = Record::new(builder, raw);
    for (field, names) in [
        ("id", &["id", "uuid"][..]),
        ("name", &["name", "title", "datasetname", "dataproduct"]),
        ("version", &["version"]),
        ("status", &["status"]),
        ("owner", &["owner", "dataowner", "owners"]),
        ("system", &["system", "aisystem", "systemid"]),
        ("domain", &["domain", "datasetdomain"]),
        ("classification", &["classification"]),
    ] {
        if let Some(entry) = keys.pick(names).cloned() {
            let value = text_of(record.builder, entry.value, NAMES, ", ");
            record.put(field, entry.span, value);
        }
    }
    let custom = custom_properties(record.tree(), raw);
    owner_into(&mut record, &keys, &custom);
    description_into(&mut record, &keys);
    terms_into(&mut record, &keys, &custom);
    acquisition_into(&mut record, &keys, &custom);
    for field in ["provenance", "preparation"] {
        map_into(&mut record, &keys, &custom, field);
    }
    schema_into(&mut record, &keys);
    if let Some(entry) = keys.pick(&["servers"]).cloned() {
        listed(&mut record, "servers", &entry);
    }
    if let Some(entry) = keys.pick(&["sla", "slaproperties", "servicelevels"]).cloned() {
        listed(&mut record, "sla", &entry);
    }
    for (field, names) in [
        ("classification", &["classification", "dataclassification"][..]),
        ("system", &["system", "aisystem", "systemid"]),
    ] {
        if let Some((span, value)) = custom.pick(names) {
            let value = text_of(record.builder, value, NAMES, ", ");
            record.put(field, span, value);
        }
    }
    record.finish()
}

fn check_version(tree: &Tree, raw: NodeId, problems: &mut Vec<Problem>) {
    let Some(node) = tree.get(raw, "apiVersion") else { return };
    let written = tree.scalar_text(node).unwrap_or_default();
    if VERSIONS.contains(&written.trim_start_matches('v')) {
        return;
    }
    problems.push(
        Problem::new(
            "unknown-version",
            tree.node(node).span,
            format!("`{written}` is no version of the Open Data Contract Standard that is known here"),
            "It is read like the nearest known one. Check the version; the newest known one is `v3.2.0`.",
        )
        .on(node)
        .item("/apiVersion"),
    );
}

/// `customProperties`: a list of `{property, value}`.
pub(super) struct Custom {
    rows: Vec<(String, Span, NodeId)>,
}

impl Custom {
    fn pick(&self, names: &[&str]) -> Option<(Span, NodeId)> {
        names.iter().find_map(|name| self.rows.iter().find(|(key, ..)| key == name)).map(|(_, span, id)| (*span, *id))
    }
}

fn custom_properties(tree: &Tree, raw: NodeId) -> Custom {
    let mut rows = Vec::new();
    if let Some(list) = tree.get(raw, "customProperties") {
        for item in tree.items(list) {
            if let (Some(name), Some(value)) = (tree.get(*item, "property"), tree.get(*item, "value")) {
                let key = tree.scalar_text(name).map(fold).unwrap_or_default();
                rows.push((key, tree.node(name).span, value));
            }
        }
        rows.extend(tree.entries(list).iter().map(|entry| (fold(tree.text(&entry.key)), entry.span, entry.value)));
    }
    Custom { rows }
}

fn owner_into(record: &mut Record<'_>, keys: &Keys, custom: &Custom) {
    for entry in [keys.pick(&["team"]), keys.pick(&["stakeholders"])].into_iter().flatten().cloned() {
        let tree = record.tree();
        let members = tree.get(entry.value, "members").unwrap_or(entry.value);
        let owner = tree.items(members).iter().copied().find(|member| {
            let is_owner = tree.str_at(*member, &["role"]).is_some_and(|role| fold(role).contains("owner"));
            // A member who left is no owner any more.
            is_owner && tree.get(*member, "dateOut").is_none_or(|out| !is_filled(tree, out))
        });
        let named = match (owner, tree.data(entry.value)) {
            (Some(member), _) => ["name", "username"].iter().find_map(|key| tree.get(member, key)),
            (None, Data::Map(_)) => tree.get(entry.value, "name"),
            (None, Data::Text(_)) => Some(entry.value),
            _ => None,
        };
        if let Some(value) = named {
            let span = record.tree().node(value).key;
            record.put("owner", if span.is_empty() { entry.span } else { span }, value);
        }
    }
    if let Some((span, value)) = custom.pick(&["owner", "dataowner"]) {
        record.put("owner", span, value);
    }
}

fn description_into(record: &mut Record<'_>, keys: &Keys) {
    if let Some(entry) = keys.pick(&["description"]).cloned() {
        let value = match record.tree().data(entry.value) {
            Data::Map(_) => match record.tree().entry(entry.value, "purpose").cloned() {
                Some(purpose) => purpose.value,
                None => record.builder.made_text(entry.span, ""),
            },
            _ => text_of(record.builder, entry.value, NAMES, "\n\n"),
        };
        record.put("description", entry.span, value);
    } else if let Some(entry) = keys.pick(&["purpose"]).cloned() {
        let value = text_of(record.builder, entry.value, NAMES, "\n\n");
        record.put("description", entry.span, value);
    }
}

fn terms_into(record: &mut Record<'_>, keys: &Keys, custom: &Custom) {
    let mut parts: Vec<(Span, NodeId)> = Vec::new();
    let tree = record.tree();
    for outer in ["terms", "description"] {
        let Some(entry) = keys.pick(&[outer]) else { continue };
        match tree.data(entry.value) {
            Data::Map(_) => {
                let inner = Keys::of(tree, entry.value);
                let wanted = ["usage", "limitations", "license", "licence", "policies", "billing", "noticeperiod"];
                let found = wanted.iter().filter_map(|name| inner.pick(&[name]));
                parts.extend(found.map(|entry| (entry.span, entry.value)));
            }
            _ if outer == "terms" => parts.push((entry.span, entry.value)),
            _ => {}
        }
    }
    for name in ["usage", "limitations", "license", "licence"] {
        parts.extend(keys.pick(&[name]).map(|entry| (entry.span, entry.value)));
    }
    parts.extend(custom.pick(TERMS));
    put_joined(record, "terms", &parts);
}

/// Sets a field to the texts of `parts`, one paragraph each.
pub(super) fn put_joined(record: &mut Record<'_>, field: &str, parts: &[(Span, NodeId)]) {
    let Some((key, first)) = parts.first().copied() else { return };
    let value = if parts.len() == 1 {
        text_of(record.builder, first, NAMES, "\n\n")
    } else {
        let texts: Vec<NodeId> = parts
            .iter()
            .map(|(_, part)| text_of(record.builder, *part, &["name", "description", "url"], "\n\n"))
            .collect();
        let tree = record.tree();
        let texts: Vec<&str> =
            texts.iter().filter_map(|id| tree.scalar_text(*id)).filter(|text| !text.trim().is_empty()).collect();
        let text = texts.join("\n\n");
        let span = tree.node(first).span;
        record.builder.made_text(if span.is_empty() { key } else { span }, &text)
    };
    record.put(field, key, value);
}

fn acquisition_into(record: &mut Record<'_>, keys: &Keys, custom: &Custom) {
    if let Some(entry) = keys.pick(&["acquisition"]).cloned() {
        return record.put("acquisition", entry.span, entry.value);
    }
    let tree = record.tree();
    if let Some((span, value)) = custom.pick(&["acquisition", "acquisitionterms"]) {
        if matches!(tree.data(value), Data::Map(_)) {
            return record.put("acquisition", span, value);
        }
        let entry = Entry { key: Text::Owned("source".into()), span, value };
        let place = tree.node(value).span;
        let map = record.builder.map(place, vec![entry]);
        return record.put("acquisition", span, map);
    }
    let mut entries = Vec::new();
    for (field, names) in ACQUISITION {
        let found = keys.pick(names).map(|entry| (entry.span, entry.value)).or_else(|| custom.pick(names));
        // A chain of provenance says what the data were made from, and is a field of its own.
        let is_text = |value: &NodeId| !matches!(tree.data(*value), Data::Map(_));
        if let Some((span, value)) = found.filter(|(_, value)| is_filled(tree, *value) && is_text(value)) {
            entries.push(Entry { key: Text::Owned((*field).into()), span, value });
        }
    }
    if let Some(first) = entries.first() {
        let span = first.span;
        for entry in &mut entries {
            entry.value = text_of(record.builder, entry.value, NAMES, ", ");
        }
        let map = record.builder.map(span, entries);
        record.put("acquisition", span, map);
    }
}

/// A record of ours inside the contract, as a field or as a custom property; other forms of it are none.
fn map_into(record: &mut Record<'_>, keys: &Keys, custom: &Custom, field: &str) {
    let own = keys.pick(&[field]).map(|entry| (entry.span, entry.value));
    let maps = [own, custom.pick(&[field])].into_iter().flatten();
    for (span, value) in maps.collect::<Vec<_>>() {
        if matches!(record.tree().data(value), Data::Map(_)) {
            record.put(field, span, value);
        }
    }
}

/// Fields of one contract that are read.
const MOST_FIELDS: usize = 20_000;

/// What is gathered while the schema is walked.
#[derive(Default)]
pub(super) struct Gathered {
    pub fields: Vec<NodeId>,
    pub quality: Vec<NodeId>,
    /// The most sensitive classification so far: its level, key and value.
    highest: Option<(usize, Span, NodeId)>,
}

fn schema_into(record: &mut Record<'_>, keys: &Keys) {
    let mut found = Gathered::default();
    let schema = keys.pick(&["schema", "dataset", "fields"]).cloned();
    if let Some(entry) = &schema {
        let is_fields = fold(record.tree().text(&entry.key)) == "fields";
        for object in record.tree().items(entry.value).to_vec() {
            if is_fields {
                found.field(record.builder, object, "");
            } else {
                found.object(record.builder, object);
            }
        }
    }
    let quality = keys.pick(&["quality"]).cloned();
    if let Some(entry) = &quality {
        found.rules(record.builder, entry.value, None);
    }
    let key = |entry: &Option<Entry>| entry.as_ref().map(|entry| entry.span);
    found.put(record, key(&schema), key(&quality));
}

impl Gathered {
    /// Sets `fields`, `quality` and the highest `classification`.
    pub fn put(self, record: &mut Record<'_>, schema: Option<Span>, quality: Option<Span>) {
        if let Some(span) = schema {
            let list = record.builder.list(span, &self.fields);
            record.replace("fields", span, list);
        }
        let first = self.quality.first().map(|rule| record.tree().head(*rule));
        if let Some(span) = quality.or(first) {
            let list = record.builder.list(span, &self.quality);
            record.replace("quality", span, list);
        }
        if let Some((_, span, value)) = self.highest {
            record.put("classification", span, value);
        }
    }

    /// A table or object with its properties (`columns` in 2.x) and quality rules.
    fn object(&mut self, builder: &mut Builder, object: NodeId) {
        for list in ["properties", "columns"] {
            let tree = builder.tree();
            let fields = tree.get(object, list).map_or(Vec::new(), |list| tree.items(list).to_vec());
            for field in fields {
                self.field(builder, field, "");
            }
        }
        if let Some(rules) = builder.tree().get(object, "quality") {
            self.rules(builder, rules, None);
        }
    }

    /// A field and those inside it; `path` is the name of what it is in.
    pub fn field(&mut self, builder: &mut Builder, field: NodeId, path: &str) {
        let tree = builder.tree();
        let keys = Keys::of(tree, field);
        let mut name = String::new();
        let mut node = None;
        if let Some(entry) = keys.pick(&["name", "column", "property", "physicalname"]) {
            let own = tree.scalar_text(entry.value).unwrap_or_default();
            name = if path.is_empty() { own.to_owned() } else { format!("{path}.{own}") };
            let place = tree.node(entry.value).span;
            node = Some(if path.is_empty() { entry.value } else { builder.made_text(place, &name) });
        }
        self.describe(builder, field, node, &keys);
        // Aliases can stand for more levels and fields than a file has bytes.
        if path.matches('.').count() < 32
            && self.has_room()
            && let Some(entry) = keys.pick(&["properties", "fields", "columns"])
        {
            for inner in builder.tree().items(entry.value).to_vec() {
                self.field(builder, inner, &name);
            }
        }
    }

    /// Whether further fields are read.
    pub fn has_room(&self) -> bool {
        self.fields.len() < MOST_FIELDS
    }

    /// A field that its key names.
    pub fn named_field(&mut self, builder: &mut Builder, entry: &Entry, name: &str) {
        let keys = Keys::of(builder.tree(), entry.value);
        let node = builder.made_text(entry.span, name);
        self.describe(builder, entry.value, Some(node), &keys);
    }

    fn describe(&mut self, builder: &mut Builder, field: NodeId, name: Option<NodeId>, keys: &Keys) {
        let mut fields: Vec<(&str, NodeId)> = name.map(|name| ("name", name)).into_iter().collect();
        for (to, names) in
            [("type", &["logicaltype", "type", "physicaltype"][..]), ("classification", &["classification"])]
        {
            if let Some(entry) = keys.pick(names) {
                fields.push((to, text_of(builder, entry.value, NAMES, ", ")));
            }
        }
        if let Some(entry) = keys.pick(&["required"]) {
            fields.push(("required", entry.value));
        } else if let Some(entry) = keys.pick(&["isnullable"])
            && let Data::Bool(nullable) = *builder.tree().data(entry.value)
        {
            let value = builder.scalar(entry.span, Data::Bool(!nullable), false);
            fields.push(("required", value));
        }
        self.classify(builder.tree(), keys.pick(&["classification"]));
        for name in ["description", "pii"] {
            if let Some(entry) = keys.pick(&[name]) {
                fields.push((name, entry.value));
            }
        }
        self.fields.push(stand_in(builder, field, fields));
        if let Some(entry) = keys.pick(&["quality"]) {
            self.rules(builder, entry.value, name);
        }
    }

    fn classify(&mut self, tree: &Tree, entry: Option<&Entry>) {
        let Some(entry) = entry else { return };
        let Some(text) = tree.scalar_text(entry.value).map(fold).filter(|text| !text.is_empty()) else { return };
        // A word of a house's own scheme is above what is public, and below what is known to be more.
        let level = LEVELS.iter().position(|words| words.contains(&text.as_str())).unwrap_or(1);
        if self.highest.is_none_or(|(highest, ..)| level > highest) {
            self.highest = Some((level, entry.span, entry.value));
        }
    }

    /// The rules of a list, or the one of a map; `field` is the name of the field they are about.
    pub fn rules(&mut self, builder: &mut Builder, rules: NodeId, field: Option<NodeId>) {
        let list = match builder.tree().data(rules) {
            Data::Map(_) => vec![rules],
            _ => builder.tree().items(rules).to_vec(),
        };
        for rule in list {
            let made = quality(builder, rule, field);
            self.quality.push(made);
        }
    }
}

/// One quality rule with its name, what it says, its limit, and what it is for.
fn quality(builder: &mut Builder, rule: NodeId, field: Option<NodeId>) -> NodeId {
    let tree = builder.tree();
    let keys = Keys::of(tree, rule);
    let custom = custom_properties(tree, rule);
    let mut fields: Vec<(&str, NodeId)> = Vec::new();
    let mut texts = Vec::new();
    for (to, names) in [
        ("name", &["name", "id", "code", "templatename", "metric", "rule"][..]),
        ("dimension", &["dimension"]),
        ("rule", &["rule", "metric", "query", "specification", "implementation", "description", "type"]),
        ("use", &["use", "usage", "purpose"]),
        ("type", &["type"]),
        ("severity", &["severity"]),
        ("description", &["description"]),
        ("last_result", &["lastresult"]),
        ("last_run_on", &["lastrunon", "lastrun"]),
    ] {
        let found = keys.pick(names).map(|entry| entry.value).or_else(|| {
            let custom = custom.pick(names)?.1;
            matches!(to, "use" | "last_result" | "last_run_on").then_some(custom)
        });
        texts.extend(found.map(|value| (to, value)));
    }
    if let Data::Text(_) = tree.data(rule) {
        texts.push(("rule", rule));
    }
    let limits: Vec<(&str, NodeId)> = tree
        .entries(rule)
        .iter()
        .filter_map(|entry| {
            let key = tree.text(&entry.key);
            let known = [
                "mustBe",
                "mustNotBe",
                "mustBeGreaterThan",
                "mustBeGreaterOrEqualTo",
                "mustBeGreaterThanOrEqualTo",
                "mustBeLessThan",
                "mustBeLessOrEqualTo",
                "mustBeLessThanOrEqualTo",
                "mustBeBetween",
                "mustNotBeBetween",
            ];
            known.into_iter().find(|name| *name == key).map(|name| (name, entry.value))
        })
        .collect();
    let threshold = keys.pick(&["threshold", "limit", "target"]).map(|entry| entry.value);
    for (to, value) in texts {
        fields.push((to, text_of(builder, value, NAMES, "\n")));
    }
    fields.extend(threshold.or_else(|| limits.first().map(|(_, value)| *value)).map(|value| ("threshold", value)));
    fields.extend(limits);
    fields.extend(field.map(|name| ("field", name)));
    stand_in(builder, rule, fields)
}

/// Sets a field to a list; of a map the values become the items.
pub(super) fn listed(record: &mut Record<'_>, field: &str, entry: &Entry) {
    let tree = record.tree();
    let value = match tree.data(entry.value) {
        Data::Map(_) => {
            let items: Vec<NodeId> = tree
                .entries(entry.value)
                .iter()
                .map(|inner| inner.value)
                .filter(|value| matches!(tree.data(*value), Data::Map(_)))
                .collect();
            let span = tree.node(entry.value).span;
            record.builder.list(span, &items)
        }
        _ => entry.value,
    };
    record.put(field, entry.span, value);
}
