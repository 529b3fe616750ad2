//! What a schema says about a place of a document, for those who read documents by it.

use super::kind::Kind;
use super::types::Types;
use std::sync::Arc;

/// A place of the documents of a kind: its root, or a field or an item below it.
#[derive(Clone)]
pub struct Shape {
    kind: Arc<Kind>,
    at: usize,
}

/// What may stand at a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Values of more than one type, or any.
    Mixed,
    /// Nothing but `null`.
    Null,
    /// A plain value of this form, or `null`.
    OrNull(Box<Form>),
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number.
    Number,
    /// Text; one of the values, where they are listed.
    Text(Vec<String>),
    /// A date or a time.
    Moment,
    /// A list of items; `None` where nothing is said of them, or not the same of all.
    List(Option<Shape>),
    /// A group of named fields.
    Map,
}

impl Shape {
    /// The root of the documents of a kind.
    pub fn of(kind: &Arc<Kind>) -> Shape {
        Shape { kind: Arc::clone(kind), at: 0 }
    }

    /// What may stand here.
    pub fn form(&self) -> Form {
        let layout = &self.kind.compiled().layout;
        let place = layout.place(self.at);
        let plain = Types::BOOL | Types::INT | Types::FRACTION | Types::TEXT;
        if place.types.has(Types::NULL) && place.types.has(plain) && !place.types.has(Types::LIST | Types::MAP) {
            return match self.of_types(place.types & plain) {
                Form::Mixed => Form::Mixed,
                one => Form::OrNull(Box::new(one)),
            };
        }
        self.of_types(place.types)
    }

    fn of_types(&self, types: Types) -> Form {
        let layout = &self.kind.compiled().layout;
        let place = layout.place(self.at);
        match types {
            Types::NULL => Form::Null,
            Types::BOOL => Form::Bool,
            Types::INT => Form::Int,
            types if types == Types::INT | Types::FRACTION || types == Types::FRACTION => Form::Number,
            Types::TEXT if place.only_moments => Form::Moment,
            // Text that reads as a date becomes one, and other text stays text.
            Types::TEXT if place.moment => Form::Mixed,
            Types::TEXT => Form::Text(place.values.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect()),
            Types::LIST => Form::List(layout.items(self.at).map(|at| self.step(at))),
            Types::MAP => Form::Map,
            _ => Form::Mixed,
        }
    }

    /// The place of a field of the group that stands here; `None` where nothing is said of it.
    pub fn field(&self, name: &str) -> Option<Shape> {
        self.kind.compiled().layout.field(self.at, name).map(|at| self.step(at))
    }

    /// The place of every field that is not named; `None` where nothing is said of them, or not the
    /// same of all.
    pub fn values(&self) -> Option<Shape> {
        self.kind.compiled().layout.values(self.at).map(|at| self.step(at))
    }

    /// The named fields in the order of the schema.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kind.compiled().layout.place(self.at).fields.iter().map(|(name, _)| &**name)
    }

    /// Whether the field is always there in a document that is in order.
    pub fn requires(&self, name: &str) -> bool {
        self.kind.compiled().layout.place(self.at).required.iter().any(|field| &**field == name)
    }

    /// Whether fields of other names may stand here too.
    pub fn is_open(&self) -> bool {
        !self.kind.compiled().layout.place(self.at).closed
    }

    /// The kind.
    pub fn kind(&self) -> &Arc<Kind> {
        &self.kind
    }

    /// Whether it is the whole document.
    pub fn is_root(&self) -> bool {
        self.at == 0
    }

    /// What it is called in messages: the kind for its root, else `part of` it.
    pub fn name(&self) -> String {
        if self.is_root() { self.kind.id.to_string() } else { format!("part of {}", self.kind.id) }
    }

    fn step(&self, at: usize) -> Shape {
        Shape { kind: Arc::clone(&self.kind), at }
    }
}

impl PartialEq for Shape {
    fn eq(&self, other: &Shape) -> bool {
        Arc::ptr_eq(&self.kind, &other.kind) && self.at == other.at
    }
}

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shape({}, {})", self.kind.id, self.at)
    }
}
