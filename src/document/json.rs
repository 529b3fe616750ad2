//! Lets the JSON Schema validator read a [`Tree`] in place: no copy of the document is made.

use crate::value::{Data, NodeId, Tree};
use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object};
use serde_json::{Number, Value};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;

/// The tree as a representation of JSON.
pub(super) struct TreeJson;

/// A value of a tree, or the name of a map entry (JSON Schema checks names like values).
#[derive(Clone, Copy)]
pub(super) enum Item<'a> {
    Value(&'a Tree, NodeId),
    Name(&'a str),
}

/// A whole or a finite number.
#[derive(Clone, Copy)]
pub(super) enum Figure {
    Int(i64),
    Float(f64),
}

impl Json for TreeJson {
    type Node<'a> = Item<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();
    // A lookup walks the entries, so one pass over them is soon cheaper.
    const KEYS_PER_LOOKUP: usize = 8;
    // Trees are built bottom up: no node is below itself.
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Item<'_>) -> T) -> T {
        f(Item::Name(string))
    }
}

impl<'a> Item<'a> {
    fn data(&self) -> Option<&'a Data> {
        match *self {
            Item::Value(tree, id) => Some(tree.data(id)),
            Item::Name(_) => None,
        }
    }
}

impl<'a> Node<'a, TreeJson> for Item<'a> {
    type Object = Members<'a>;
    type Array = Items<'a>;
    type Number = Figure;

    fn as_object(&self) -> Option<Members<'a>> {
        match *self {
            Item::Value(tree, id) if matches!(tree.data(id), Data::Map(_)) => Some(Members { tree, id }),
            _ => None,
        }
    }

    fn as_array(&self) -> Option<Items<'a>> {
        match *self {
            Item::Value(tree, id) if matches!(tree.data(id), Data::List(_)) => Some(Items { tree, id }),
            _ => None,
        }
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        match *self {
            Item::Name(name) => Some(Cow::Borrowed(name)),
            Item::Value(tree, id) => match tree.data(id) {
                Data::Text(text) | Data::Time(text, _) => Some(Cow::Borrowed(tree.text(text))),
                // JSON has no such numbers; as text they fail where a number is wanted.
                Data::Float(number) if !number.is_finite() => Some(Cow::Owned(number.to_string())),
                _ => None,
            },
        }
    }

    fn as_number(&self) -> Option<Figure> {
        match self.data()? {
            Data::Int(number) => Some(Figure::Int(*number)),
            Data::Float(number) if number.is_finite() => Some(Figure::Float(*number)),
            _ => None,
        }
    }

    fn as_boolean(&self) -> Option<bool> {
        match self.data()? {
            Data::Bool(value) => Some(*value),
            _ => None,
        }
    }

    fn is_null(&self) -> bool {
        matches!(self.data(), Some(Data::Null))
    }

    fn json_type(&self) -> JsonType {
        match self.data() {
            None | Some(Data::Text(_) | Data::Time(..)) => JsonType::String,
            Some(Data::Float(number)) if !number.is_finite() => JsonType::String,
            Some(Data::Int(_) | Data::Float(_)) => JsonType::Number,
            // `data` follows aliases, so none is left.
            Some(Data::Null | Data::Alias(_)) => JsonType::Null,
            Some(Data::Bool(_)) => JsonType::Boolean,
            Some(Data::List(_)) => JsonType::Array,
            Some(Data::Map(_)) => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match expected {
            Value::Null => self.is_null(),
            Value::Bool(value) => self.as_boolean() == Some(*value),
            Value::String(text) => self.as_string().is_some_and(|s| s == text.as_str()),
            Value::Number(number) => self.as_number().is_some_and(|own| own.equals(number)),
            Value::Array(values) => self.as_array().is_some_and(|items| {
                items.len() == values.len()
                    && items.elements().zip(values).all(|(item, value)| item.equals_value(value))
            }),
            Value::Object(values) => self.as_object().is_some_and(|members| {
                members.len() == values.len()
                    && members.members().all(|(name, item)| values.get(name).is_some_and(|v| item.equals_value(v)))
            }),
        }
    }

    /// The validator asks for the value only to show it. Problems here show the file itself, so
    /// nothing is copied but the name of a field, which nothing else tells.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self {
            Item::Name(name) => Value::from(*name),
            Item::Value(..) => Value::Null,
        })
    }

    fn identity(&self) -> Option<NodeIdentity> {
        match *self {
            Item::Value(tree, id) => Some(NodeIdentity::tagged(std::ptr::from_ref(tree) as usize, tree.resolve(id).0)),
            Item::Name(_) => None,
        }
    }
}

impl Figure {
    fn equals(self, other: &Number) -> bool {
        match (self, other.as_i64()) {
            (Figure::Int(own), Some(other)) => own == other,
            (own, _) => own.as_f64() == other.as_f64(),
        }
    }
}

impl JsonNumber for Figure {
    fn as_u64(&self) -> Option<u64> {
        match *self {
            Figure::Int(number) => u64::try_from(number).ok(),
            Figure::Float(_) => None,
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match *self {
            Figure::Int(number) => Some(number),
            Figure::Float(_) => None,
        }
    }

    fn as_f64(&self) -> Option<f64> {
        match *self {
            Figure::Int(number) => Some(number as f64),
            Figure::Float(number) => Some(number),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Figure::Int(number) => Cow::Owned(number.to_string()),
            Figure::Float(number) => Cow::Owned(number.to_string()),
        }
    }

    fn to_number(&self) -> Cow<'_, Number> {
        Cow::Owned(match *self {
            Figure::Int(number) => Number::from(number),
            Figure::Float(number) => Number::from_f64(number).unwrap_or_else(|| Number::from(0)),
        })
    }

    fn is_integer(&self) -> bool {
        match *self {
            Figure::Int(_) => true,
            Figure::Float(number) => number.fract() == 0.0,
        }
    }

    fn is_written_as_integer(&self) -> bool {
        matches!(self, Figure::Int(_))
    }
}

/// The entries of a map.
pub(super) struct Members<'a> {
    tree: &'a Tree,
    id: NodeId,
}

impl<'a> Object<'a, TreeJson> for Members<'a> {
    type Node = Item<'a>;
    type MemberName = &'a str;
    type MembersIter = MembersIter<'a>;

    fn len(&self) -> usize {
        self.tree.entries(self.id).len()
    }

    fn get(&self, key: &Box<str>) -> Option<Item<'a>> {
        self.tree.get(self.id, key).map(|id| Item::Value(self.tree, id))
    }

    fn members(&self) -> MembersIter<'a> {
        MembersIter { tree: self.tree, entries: self.tree.entries(self.id).iter() }
    }
}

/// See [`Members`].
pub(super) struct MembersIter<'a> {
    tree: &'a Tree,
    entries: std::slice::Iter<'a, crate::value::Entry>,
}

impl<'a> Iterator for MembersIter<'a> {
    type Item = (&'a str, Item<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next().map(|entry| (self.tree.text(&entry.key), Item::Value(self.tree, entry.value)))
    }
}

/// The items of a list.
pub(super) struct Items<'a> {
    tree: &'a Tree,
    id: NodeId,
}

impl<'a> Array<'a, TreeJson> for Items<'a> {
    type Node = Item<'a>;
    type ElementsIter = ItemsIter<'a>;

    fn len(&self) -> usize {
        self.tree.items(self.id).len()
    }

    fn elements(&self) -> ItemsIter<'a> {
        ItemsIter { tree: self.tree, items: self.tree.items(self.id).iter() }
    }

    fn is_unique(&self) -> bool {
        let mut seen = HashSet::new();
        self.tree.items(self.id).iter().all(|item| {
            let mut form = String::new();
            canonical(self.tree, *item, &mut form);
            seen.insert(form)
        })
    }
}

/// See [`Items`].
pub(super) struct ItemsIter<'a> {
    tree: &'a Tree,
    items: std::slice::Iter<'a, NodeId>,
}

impl<'a> Iterator for ItemsIter<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        self.items.next().map(|id| Item::Value(self.tree, *id))
    }
}

/// Writes a form of a value that is the same for equal values only.
fn canonical(tree: &Tree, id: NodeId, into: &mut String) {
    match tree.data(id) {
        Data::List(_) => {
            into.push('[');
            for item in tree.items(id) {
                canonical(tree, *item, into);
                into.push(',');
            }
            into.push(']');
        }
        Data::Map(_) => {
            let mut entries: Vec<_> = tree.entries(id).iter().map(|e| (tree.text(&e.key), e.value)).collect();
            entries.sort_unstable();
            into.push('{');
            for (key, value) in entries {
                let _ = write!(into, "{key:?}:");
                canonical(tree, value, into);
                into.push(',');
            }
            into.push('}');
        }
        Data::Text(text) | Data::Time(text, _) => {
            let _ = write!(into, "{:?}", tree.text(text));
        }
        Data::Int(number) => {
            let _ = write!(into, "{}", *number as f64);
        }
        Data::Float(number) => {
            let _ = write!(into, "{number}");
        }
        Data::Bool(value) => {
            let _ = write!(into, "{value}");
        }
        Data::Null | Data::Alias(_) => into.push('~'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;
    use crate::value::{Limits, Syntax, read};
    use std::sync::Arc;

    #[test]
    fn a_tree_is_judged_as_the_same_json_would_be() {
        let schemas = [
            r#"{"type": "object"}"#,
            r#"{"type": "array", "uniqueItems": true}"#,
            r#"{"items": {"type": "integer"}}"#,
            r#"{"const": {"a": [1.0, null, true, "x"]}}"#,
            r#"{"enum": [1, "a", null, [], {}]}"#,
            r#"{"required": ["a"], "additionalProperties": false, "properties": {"a": {}}}"#,
            r#"{"propertyNames": {"maxLength": 1}}"#,
            r#"{"minimum": 1.5, "multipleOf": 0.5, "type": "number"}"#,
            r#"{"type": "string", "minLength": 2, "maxLength": 3, "pattern": "^.ä"}"#,
            r#"{"minProperties": 2}"#,
            r#"{"contains": {"const": 1}}"#,
            r##"{"$ref": "#/$defs/x", "$defs": {"x": {"properties": {"a": {"$ref": "#/$defs/x"}}, "type": ["object", "array"]}}}"##,
        ];
        let documents = [
            "{}",
            "[]",
            "1",
            "1.0",
            "1.5",
            "-3",
            "2.25",
            "1e3",
            "true",
            "null",
            "\"a\"",
            "\"xä\"",
            "\"xäöü\"",
            "[1, 1.0]",
            "[1, 2]",
            "[{\"a\": 1, \"b\": 2}, {\"b\": 2, \"a\": 1}]",
            "[\"1\", 1]",
            "{\"a\": [1, null, true, \"x\"]}",
            "{\"a\": 1, \"bb\": 2}",
            "{\"a\": {\"a\": {\"a\": []}}}",
            "{\"a\": {\"a\": 1}}",
        ];
        for schema in schemas {
            let schema: Value = serde_json::from_str(schema).expect("JSON");
            let ours = jsonschema::options_for::<TreeJson>().build(&schema).expect("a schema");
            let theirs = jsonschema::validator_for(&schema).expect("a schema");
            for text in documents {
                let file = Arc::new(SourceFile::new("a.json", text.as_bytes().to_vec()));
                let (tree, problems) = read(file, Syntax::Json, &Limits::default());
                assert!(problems.is_empty(), "{text}");
                let instance: Value = serde_json::from_str(text).expect("JSON");
                let root = Item::Value(&tree, tree.roots()[0]);
                assert_eq!(ours.is_valid(root), theirs.is_valid(&instance), "{text} against {schema}");
                let paths = |errors: Vec<String>| errors;
                let own = ours.iter_errors(root).map(|e| e.instance_path().to_string()).collect();
                let other = theirs.iter_errors(&instance).map(|e| e.instance_path().to_string()).collect();
                assert_eq!(paths(own), paths(other), "{text} against {schema}");
            }
        }
    }
}
