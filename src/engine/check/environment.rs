//! The names that an expression sees, with their types.

use super::library::{Signatures, signatures};
use crate::document::{closest, did_you_mean};
use crate::engine::types::{Signature, Type};
use std::collections::BTreeMap;

/// The names bound outside of an expression.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, Type>,
    functions: Signatures,
    /// What to do about names that are not there and might be expected to be.
    hints: BTreeMap<String, String>,
    /// The namespace in which names are looked up first, as in `a.b`; usually empty.
    pub container: String,
}

impl Environment {
    /// Binds a name; it may hold dots.
    pub fn bind(&mut self, name: impl Into<String>, of: Type) {
        let name = name.into();
        self.hints.remove(&name);
        self.variables.insert(name, of);
    }

    /// Adds a function beside those that are always there.
    pub fn add_function(&mut self, signature: Signature) {
        self.functions.entry(signature.name.clone()).or_default().push(signature);
    }

    /// Says what to do where somebody uses `name`, which is not bound.
    pub fn hint(&mut self, name: impl Into<String>, help: impl Into<String>) {
        self.hints.insert(name.into(), help.into());
    }

    /// The type of a bound name.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.variables.get(name)
    }

    /// The bound names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// Whether names begin with `name` and a dot.
    pub fn is_space(&self, name: &str) -> bool {
        self.variables
            .keys()
            .chain(self.hints.keys())
            .any(|n| n.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
    }

    /// The signatures of a function.
    pub fn functions(&self, name: &str) -> impl Iterator<Item = &Signature> {
        let own = self.functions.get(name).map_or(&[][..], Vec::as_slice);
        own.iter().chain(signatures().get(name).map_or(&[][..], Vec::as_slice))
    }

    /// Whether functions stand in a namespace of that name, such as `math`.
    pub fn is_function_space(&self, name: &str) -> bool {
        let inside = |(n, all): (&String, &Vec<Signature>)| {
            n.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')) && all.iter().all(|s| s.receiver.is_none())
        };
        self.functions.iter().chain(signatures()).any(inside)
    }

    /// What to do about a name that is not there.
    pub fn help(&self, name: &str) -> String {
        if let Some(help) = self.hints.get(name) {
            return help.clone();
        }
        match closest(name, self.names()) {
            Some(near) => format!("Did you mean `{near}`?"),
            None if self.variables.contains_key("doc") => {
                "The document is `doc`; lists of documents have the plural of their kind, such as `model_cards`."
                    .to_owned()
            }
            None => "Correct the name.".to_owned(),
        }
    }

    /// What to do about a function that is not there.
    pub fn function_help(&self, name: &str) -> String {
        const ELSEWHERE: &[(&str, &str)] = &[
            ("len", "The number of items or characters is `size(x)`."),
            ("length", "The number of items or characters is `size(x)`."),
            ("count", "The number of items is `size(x)`; of those that fit, `x.filter(i, ...).size()`."),
            ("includes", "Whether an item is in a list is `item in list`; in a text, `text.contains(part)`."),
            ("any", "Whether one item fits is `list.exists(i, ...)`."),
            ("some", "Whether one item fits is `list.exists(i, ...)`."),
            ("every", "Whether all items fit is `list.all(i, ...)`."),
            ("toLowerCase", "Small letters are `text.lowerAscii()`."),
            ("lower", "Small letters are `text.lowerAscii()`."),
            ("toUpperCase", "Capital letters are `text.upperAscii()`."),
            ("strip", "Without white space at both ends is `text.trim()`."),
            ("match", "Whether a regular expression fits is `text.matches('...')`."),
            ("regex", "Whether a regular expression fits is `text.matches('...')`."),
            ("now", "The moment of the run is `now`, its day `today`, without brackets."),
            ("today", "The day of the run is `today`, without brackets."),
            ("exists", "Whether a field is there is `has(doc.field)`; whether an item fits, `list.exists(i, ...)`."),
            ("str", "Text is made by `string(x)`."),
            ("float", "Numbers with a fraction are made by `double(x)`."),
            ("not", "Not is `!` in front of the condition."),
        ];
        let last = name.rsplit('.').next().unwrap_or(name);
        if let Some((_, help)) = ELSEWHERE.iter().find(|(other, _)| *other == last) {
            return (*help).to_owned();
        }
        let macros = ["all", "exists", "exists_one", "filter", "map", "has"];
        let all = signatures().keys().chain(self.functions.keys()).map(String::as_str).chain(macros);
        did_you_mean(closest(name, all), "`annexa list functions` shows the functions there are.")
    }
}
