//! What adapters have in common: a normalised record in the making, and text out of whatever holds it.

use crate::source::Span;
use crate::value::{Builder, Data, Entry, NodeId, Text, Tree};

/// A normalised record in the making. The first value of a field stays.
pub(super) struct Record<'b> {
    pub builder: &'b mut Builder,
    raw: NodeId,
    entries: Vec<Entry>,
}

impl<'b> Record<'b> {
    /// Begins the normalised record of `raw`.
    pub fn new(builder: &'b mut Builder, raw: NodeId) -> Self {
        Record { builder, raw, entries: Vec::new() }
    }

    pub fn tree(&self) -> &Tree {
        self.builder.tree()
    }

    pub fn get(&self, field: &str) -> Option<NodeId> {
        self.entries.iter().find(|entry| self.tree().text(&entry.key) == field).map(|entry| entry.value)
    }

    /// Whether the field has something written.
    pub fn is_filled(&self, field: &str) -> bool {
        self.get(field).is_some_and(|id| is_filled(self.tree(), id))
    }

    /// Sets a field whose key or heading stands at `span`. A field with nothing written gives way.
    pub fn put(&mut self, field: &str, span: Span, value: NodeId) {
        if self.is_filled(field) {
            return;
        }
        if let Some(at) = self.entries.iter().position(|entry| self.builder.tree().text(&entry.key) == field) {
            if is_filled(self.builder.tree(), value) {
                self.entries.remove(at);
            } else {
                return;
            }
        }
        self.entries.push(Entry { key: Text::Owned(field.into()), span, value });
    }

    /// The record as written.
    pub fn raw(&self) -> NodeId {
        self.raw
    }

    /// Sets a field whatever it was.
    pub fn replace(&mut self, field: &str, span: Span, value: NodeId) {
        let tree = self.builder.tree();
        self.entries.retain(|entry| tree.text(&entry.key) != field);
        self.entries.push(Entry { key: Text::Owned(field.into()), span, value });
    }

    /// The record: the fields that were set, then the fields as written that none of them replaces.
    pub fn finish(self) -> NodeId {
        let Record { builder, raw, mut entries } = self;
        let tree = builder.tree();
        let taken: Vec<&str> = entries.iter().map(|entry| tree.text(&entry.key)).collect();
        let rest: Vec<Entry> =
            tree.entries(raw).iter().filter(|entry| !taken.contains(&tree.text(&entry.key))).cloned().collect();
        entries.extend(rest);
        let span = tree.node(raw).span;
        builder.map(span, entries)
    }
}

/// Whether anything is written in a value.
pub(super) fn is_filled(tree: &Tree, id: NodeId) -> bool {
    match tree.data(id) {
        Data::Null => false,
        Data::Text(text) => !tree.text(text).trim().is_empty(),
        Data::List(_) => tree.items(id).iter().any(|item| is_filled(tree, *item)),
        _ => true,
    }
}

/// A key with case and separators taken off, so that `intendedUse` and `Intended use` are one.
pub(super) fn fold(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The entries of a map by their folded keys.
pub(super) struct Keys {
    rows: Vec<(String, Entry)>,
}

impl Keys {
    pub fn of(tree: &Tree, map: NodeId) -> Keys {
        Keys { rows: tree.entries(map).iter().map(|entry| (fold(tree.text(&entry.key)), entry.clone())).collect() }
    }

    /// The entry of the first of `names` (folded) that is there.
    pub fn pick(&self, names: &[&str]) -> Option<&Entry> {
        names.iter().find_map(|name| self.rows.iter().find(|(key, _)| key == name)).map(|(_, entry)| entry)
    }
}

/// The fields in which a map says its text, by preference.
pub(super) const NAMES: &[&str] = &["name", "title", "username", "identifier", "id", "email", "contact", "url"];
pub(super) const PROSE: &[&str] = &["description", "text", "customtext", "summary", "value", "name", "identifier"];

/// A text node for `id`: itself for a scalar, the telling field of a map, the joined items of a list.
/// Nothing written gives an empty text at the key.
pub(super) fn text_of(builder: &mut Builder, id: NodeId, names: &[&str], joint: &str) -> NodeId {
    let tree = builder.tree();
    let place = tree.node(id).span;
    match tree.data(id) {
        Data::Null => {
            let place = tree.head(id);
            builder.made_text(place, "")
        }
        Data::Map(_) => {
            let keys = Keys::of(tree, id);
            let told = names.iter().find_map(|name| {
                let value = keys.pick(&[name])?.value;
                is_filled(tree, value).then_some(value)
            });
            match told {
                Some(value) => text_of(builder, value, names, joint),
                None => {
                    let parts: Vec<String> =
                        tree.entries(id).iter().filter_map(|entry| plain_text(tree, entry.value, names)).collect();
                    builder.made_text(place, &parts.join(joint))
                }
            }
        }
        Data::List(_) => {
            let filled: Vec<NodeId> = tree.items(id).iter().copied().filter(|item| is_filled(tree, *item)).collect();
            if let [only] = filled.as_slice() {
                return text_of(builder, *only, names, joint);
            }
            let parts: Vec<String> = filled.iter().filter_map(|item| plain_text(tree, *item, names)).collect();
            builder.made_text(place, &parts.join(joint))
        }
        _ => id,
    }
}

/// The text that [`text_of`] would make, as characters.
fn plain_text(tree: &Tree, id: NodeId, names: &[&str]) -> Option<String> {
    match tree.data(id) {
        Data::Map(_) => {
            let keys = Keys::of(tree, id);
            names.iter().find_map(|name| tree.scalar_text(keys.pick(&[name])?.value)).map(str::to_owned)
        }
        Data::List(_) => {
            let parts: Vec<&str> = tree.items(id).iter().filter_map(|item| tree.scalar_text(*item)).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        _ => tree.scalar_text(id).map(str::to_owned),
    }
    .filter(|text| !text.trim().is_empty())
}

/// A list of texts for `id`: one text is a list of one, a map without a telling field its entries.
pub(super) fn texts_of(builder: &mut Builder, id: NodeId, names: &[&str]) -> NodeId {
    let tree = builder.tree();
    let place = tree.node(id).span;
    let is_scalar = |id: NodeId| !matches!(tree.data(id), Data::Map(_) | Data::List(_) | Data::Null);
    let items: Vec<NodeId> = match tree.data(id) {
        Data::Null => Vec::new(),
        Data::List(_) => {
            let items = tree.items(id).to_vec();
            if items.iter().all(|item| is_scalar(*item)) {
                return id;
            }
            items.into_iter().filter(|item| builder.tree().data(*item) != &Data::Null).collect()
        }
        Data::Map(_) if Keys::of(tree, id).pick(names).is_none() => {
            let entries = tree.entries(id).to_vec();
            entries
                .into_iter()
                .map(|entry| match builder.tree().data(entry.value) {
                    Data::Text(_) => entry.value,
                    _ => {
                        let name = builder.tree().text(&entry.key).to_owned();
                        builder.made_text(entry.span, &name)
                    }
                })
                .collect()
        }
        _ => vec![id],
    };
    let texts: Vec<NodeId> = items.into_iter().map(|item| text_of(builder, item, names, ", ")).collect();
    builder.list(place, &texts)
}

/// A map of fields that stand for `item`, placed where it is.
pub(super) fn stand_in(builder: &mut Builder, item: NodeId, fields: Vec<(&str, NodeId)>) -> NodeId {
    let node = builder.tree().node(item);
    let (span, key) = (node.span, node.key);
    let entries = fields
        .into_iter()
        .map(|(name, value)| {
            let at = builder.tree().node(value);
            let at = if at.key.is_empty() { at.span } else { at.key };
            Entry { key: Text::Owned(name.into()), span: at, value }
        })
        .collect();
    let map = builder.map(span, entries);
    builder.set_key(map, key);
    map
}
