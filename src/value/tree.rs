//! The arena tree: every key and value of a file with its span.

use crate::source::{SourceFile, Span};
use std::ops::Range;
use std::sync::Arc;

/// A node of one [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// Text of a scalar or a key: a piece of the file where it stands there letter by letter, else a copy.
#[derive(Clone, Debug, PartialEq)]
pub enum Text {
    /// The bytes of the file themselves.
    Slice(Span),
    /// Text that the file holds in another form (escapes, folded lines), or that an adapter made.
    Owned(Box<str>),
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Nothing written, or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number; also NaN and infinities, which are no measurements.
    Float(f64),
    /// Text.
    Text(Text),
    /// Text that its schema declares a date or a time, and that is one: seconds since 1970 in UTC.
    Time(Text, i64),
    /// A list: a range of [`Tree::items`].
    List(Range<u32>),
    /// A map in the order written: a range of [`Tree::entries`].
    Map(Range<u32>),
    /// A YAML alias; stands for the node of its anchor and has its own place.
    Alias(NodeId),
}

/// A node and its places.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the value. For a block collection from its first key or item to its last value.
    pub span: Span,
    /// The bytes of the key or the list dash that leads here; empty for a root.
    pub key: Span,
    /// What it is.
    pub data: Data,
    /// Whether a scalar stands in the file without quotes, so that its type may follow the schema.
    pub plain: bool,
}

/// One entry of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Text,
    /// Where the key stands.
    pub span: Span,
    /// The value.
    pub value: NodeId,
}

/// A number as JSON, or as text where JSON has none for it.
pub fn json_number(number: f64) -> serde_json::Value {
    let infinite = if number > 0.0 { "Infinity" } else { "-Infinity" };
    match serde_json::Number::from_f64(number) {
        Some(number) => number.into(),
        None => if number.is_nan() { "NaN" } else { infinite }.into(),
    }
}

/// All nodes of a file. A file may hold several records (documents of a YAML stream, sections of a
/// Markdown file): each is a root.
#[derive(Debug)]
pub struct Tree {
    pub(super) file: Arc<SourceFile>,
    pub(super) nodes: Vec<Node>,
    pub(super) items: Vec<NodeId>,
    pub(super) entries: Vec<Entry>,
    pub(super) roots: Vec<NodeId>,
}

impl Tree {
    /// The file it was read from.
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.file
    }

    /// The records of the file in their order.
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node as written: an alias stays an alias.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The node that `id` stands for: the anchor's for an alias.
    pub fn resolve(&self, id: NodeId) -> NodeId {
        match self.node(id).data {
            Data::Alias(target) => target,
            _ => id,
        }
    }

    /// What the node is, aliases followed.
    pub fn data(&self, id: NodeId) -> &Data {
        &self.node(self.resolve(id)).data
    }

    /// The characters of a text of this tree.
    pub fn text<'a>(&'a self, text: &'a Text) -> &'a str {
        match text {
            Text::Slice(span) => self.file.slice(*span),
            Text::Owned(text) => text,
        }
    }

    /// The text of a text or time node.
    pub fn as_str(&self, id: NodeId) -> Option<&str> {
        match self.data(id) {
            Data::Text(text) | Data::Time(text, _) => Some(self.text(text)),
            _ => None,
        }
    }

    /// What the file says for a scalar: the source text of a plain one, the value of a quoted one.
    pub fn scalar_text(&self, id: NodeId) -> Option<&str> {
        let node = self.node(self.resolve(id));
        match &node.data {
            Data::Text(text) | Data::Time(text, _) => Some(self.text(text)),
            Data::Null | Data::Bool(_) | Data::Int(_) | Data::Float(_) => Some(self.file.slice(node.span)),
            _ => None,
        }
    }

    /// A part of the file as JSON, aliases followed. What JSON has no number for is text: `NaN`,
    /// `Infinity` and `-Infinity`.
    pub fn json(&self, id: NodeId) -> serde_json::Value {
        match self.data(id) {
            Data::Map(_) => {
                let entries = self.entries(id).iter();
                entries.map(|e| (self.text(&e.key).to_owned(), self.json(e.value))).collect()
            }
            Data::List(_) => self.items(id).iter().map(|item| self.json(*item)).collect(),
            Data::Bool(b) => (*b).into(),
            Data::Int(i) => (*i).into(),
            Data::Float(f) => json_number(*f),
            Data::Null | Data::Alias(_) | Data::Text(_) | Data::Time(..) => self.as_str(id).into(),
        }
    }

    /// The entries of a map; empty for anything else.
    pub fn entries(&self, id: NodeId) -> &[Entry] {
        match self.data(id) {
            Data::Map(range) => &self.entries[range.start as usize..range.end as usize],
            _ => &[],
        }
    }

    /// The items of a list; empty for anything else.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match self.data(id) {
            Data::List(range) => &self.items[range.start as usize..range.end as usize],
            _ => &[],
        }
    }

    /// The value of `key` in a map.
    pub fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entry(id, key).map(|entry| entry.value)
    }

    /// The entry of `key` in a map.
    pub fn entry(&self, id: NodeId, key: &str) -> Option<&Entry> {
        self.entries(id).iter().find(|entry| self.text(&entry.key) == key)
    }

    /// Follows keys and list indices from `id`, such as `["lifecycle", "stage"]`.
    pub fn find(&self, id: NodeId, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(id, |at, step| match self.data(at) {
            Data::List(_) => self.items(at).get(step.parse::<usize>().ok()?).copied(),
            _ => self.get(at, step),
        })
    }

    /// The text at `path` below `id`.
    pub fn str_at(&self, id: NodeId, path: &[&str]) -> Option<&str> {
        self.as_str(self.find(id, path)?)
    }

    /// The bytes to underline when something is missing below `id`: its key, or for a root the
    /// first line of the record.
    pub fn head(&self, id: NodeId) -> Span {
        let node = self.node(id);
        if !node.key.is_empty() {
            return node.key;
        }
        let line = self.file.line_span(self.file.line_of(node.span.start));
        if line.is_empty() { node.span } else { Span { start: node.span.start.max(line.start).min(line.end), ..line } }
    }

    /// Changes what a node is; used when a schema types plain scalars.
    pub fn retype(&mut self, id: NodeId, data: Data) {
        self.nodes[id.0 as usize].data = data;
    }

    /// The pointer (RFC 6901) from root `root` to `id`, or the empty text when it is not below it.
    pub fn pointer(&self, root: NodeId, id: NodeId) -> String {
        fn walk(tree: &Tree, at: NodeId, wanted: NodeId, path: &mut Vec<String>) -> bool {
            if at == wanted {
                return true;
            }
            // An alias is a leaf here: its target has a pointer of its own.
            match &tree.node(at).data {
                Data::List(_) => tree.items(at).iter().enumerate().any(|(index, item)| {
                    path.push(index.to_string());
                    walk(tree, *item, wanted, path) || path.pop().is_none()
                }),
                Data::Map(_) => tree.entries(at).iter().any(|entry| {
                    path.push(tree.text(&entry.key).replace('~', "~0").replace('/', "~1"));
                    walk(tree, entry.value, wanted, path) || path.pop().is_none()
                }),
                _ => false,
            }
        }
        let mut path = Vec::new();
        walk(self, root, id, &mut path);
        path.into_iter().fold(String::new(), |pointer, step| pointer + "/" + &step)
    }
}
