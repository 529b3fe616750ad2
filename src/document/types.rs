//! Sets of JSON types, and what they make of a scalar as written.

use crate::value::Data;
use serde_json::{Map, Value};
use std::ops::{BitAnd, BitOr};

/// A set of the types that a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub const NONE: Types = Types(0);
    pub const NULL: Types = Types(1);
    pub const BOOL: Types = Types(2);
    /// Whole numbers.
    pub const INT: Types = Types(4);
    /// Numbers with a fraction; JSON Schema's `number` is both.
    pub const FRACTION: Types = Types(8);
    pub const TEXT: Types = Types(16);
    pub const LIST: Types = Types(32);
    pub const MAP: Types = Types(64);
    pub const ALL: Types = Types(127);

    /// The types that the keywords `type`, `enum` and `const` of one schema allow.
    pub fn of_schema(schema: &Map<String, Value>) -> Types {
        let named = match schema.get("type") {
            Some(Value::String(name)) => Types::named(name),
            Some(Value::Array(names)) => {
                names.iter().filter_map(Value::as_str).fold(Types::NONE, |sum, name| sum | Types::named(name))
            }
            _ => Types::ALL,
        };
        let listed = match (schema.get("const"), schema.get("enum")) {
            (Some(only), _) => Types::of(only),
            (None, Some(Value::Array(values))) => values.iter().fold(Types::NONE, |sum, value| sum | Types::of(value)),
            _ => Types::ALL,
        };
        named & listed
    }

    fn named(name: &str) -> Types {
        match name {
            "null" => Types::NULL,
            "boolean" => Types::BOOL,
            "integer" => Types::INT,
            "number" => Types::INT | Types::FRACTION,
            "string" => Types::TEXT,
            "array" => Types::LIST,
            "object" => Types::MAP,
            _ => Types::ALL,
        }
    }

    fn of(value: &Value) -> Types {
        match value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types::BOOL,
            Value::Number(number) if number.is_f64() => Types::FRACTION | Types::INT,
            Value::Number(_) => Types::INT,
            Value::String(_) => Types::TEXT,
            Value::Array(_) => Types::LIST,
            Value::Object(_) => Types::MAP,
        }
    }

    /// The type of a value as read.
    pub fn of_data(data: &Data) -> Types {
        match data {
            Data::Null | Data::Alias(_) => Types::NULL,
            Data::Bool(_) => Types::BOOL,
            Data::Int(_) => Types::INT,
            Data::Float(_) => Types::FRACTION,
            Data::Text(_) | Data::Time(..) => Types::TEXT,
            Data::List(_) => Types::LIST,
            Data::Map(_) => Types::MAP,
        }
    }

    /// Whether one of `other` is in the set.
    pub fn has(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }

    /// The set in words: `text or a list`.
    pub fn words(self) -> String {
        let mut words: Vec<&str> = Vec::new();
        if self.has(Types::TEXT) {
            words.push("text");
        }
        if self.has(Types::FRACTION) {
            words.push("a number");
        } else if self.has(Types::INT) {
            words.push("a whole number");
        }
        for (kind, word) in [
            (Types::BOOL, "`true` or `false`"),
            (Types::LIST, "a list"),
            (Types::MAP, "a group of named fields"),
            (Types::NULL, "nothing"),
        ] {
            if self.has(kind) {
                words.push(word);
            }
        }
        match words.split_last() {
            None => "nothing".to_owned(),
            Some((last, [])) => (*last).to_owned(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        }
    }
}

impl Default for Types {
    fn default() -> Self {
        Types::ALL
    }
}

impl BitAnd for Types {
    type Output = Types;
    fn bitand(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }
}

impl BitOr for Types {
    type Output = Types;
    fn bitor(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }
}
