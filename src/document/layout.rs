//! What a schema says at each place of a document, worked out once per kind: the types allowed
//! there, the fields, and the words that explain them. Typing and the wording of shape problems
//! look places up here instead of walking the schema for every document.

use super::types::Types;
use regex::Regex;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// No schema of a person comes near; keeps one that multiplies its alternatives small.
const MOST_PLACES: usize = 8_192;
/// Chains of `$ref` and nested `allOf` followed at one place.
const MOST_STEPS: usize = 32;

/// A schema, laid out. Place 0 is the root.
pub(super) struct Layout {
    places: Vec<Place>,
}

/// One place of a document as its schema describes it.
#[derive(Default)]
pub(super) struct Place {
    /// The types a value may have here.
    pub types: Types,
    /// Whether text here is declared a date or a time, by one alternative at least.
    pub moment: bool,
    /// Whether every text here is.
    pub only_moments: bool,
    /// The named fields in the order of the schema.
    pub fields: Vec<(Box<str>, usize)>,
    /// The fields that must be there whichever alternative holds.
    pub required: Vec<Box<str>>,
    /// The values that are allowed, where every alternative lists its own.
    pub values: Vec<Value>,
    /// Other names of allowed values, folded, each with the value it stands for.
    pub aliases: Vec<(String, Box<str>)>,
    /// The schema's `title`, `description`, `examples` and `default` here.
    pub title: String,
    pub description: String,
    pub examples: Vec<Value>,
    pub default: Option<Value>,
    by_name: HashMap<Box<str>, usize>,
    patterns: Vec<(Regex, Option<usize>)>,
    /// Whether a pattern is written in a dialect that is not read here: nothing is known of its fields.
    unread: bool,
    rest: Option<usize>,
    /// Whether no other fields may stand here.
    pub closed: bool,
    /// The first items, each where something is said of it.
    prefix: Vec<Option<usize>>,
    items: Option<usize>,
}

impl Layout {
    /// Lays out `schema`. References within the schema are followed; what cannot be is free.
    pub fn new(schema: &Value) -> Layout {
        let mut maker = Maker { root: schema, known: HashMap::new(), waiting: Vec::new() };
        maker.place_of(Rule::Schema(schema));
        let mut places = Vec::new();
        while let Some(rule) = maker.waiting.get(places.len()).cloned() {
            let place = maker.make(&rule);
            places.push(place);
        }
        Layout { places }
    }

    /// The place with that number.
    pub fn place(&self, at: usize) -> &Place {
        &self.places[at]
    }

    /// The place of the value of `key` in a map at place `at`.
    pub fn field(&self, at: usize, key: &str) -> Option<usize> {
        let place = self.place(at);
        place
            .by_name
            .get(key)
            .copied()
            .map(Some)
            .or_else(|| place.patterns.iter().find(|(pattern, _)| pattern.is_match(key)).map(|(_, to)| *to))
            .unwrap_or(place.rest.filter(|_| !place.unread))
    }

    /// The place of the values of all keys without a place of their own; `None` where nothing is said
    /// of them, or not the same of all.
    pub fn values(&self, at: usize) -> Option<usize> {
        let place = self.place(at);
        if place.unread {
            return None;
        }
        let open = (!place.closed).then_some(place.rest);
        let mut all = place.patterns.iter().map(|(_, to)| *to).chain(open);
        let first = all.next()?;
        if all.all(|to| to == first) { first } else { None }
    }

    /// The place of item `index` of a list at place `at`.
    pub fn item(&self, at: usize, index: usize) -> Option<usize> {
        let place = self.place(at);
        place.prefix.get(index).copied().unwrap_or(place.items)
    }

    /// The place of every item of a list at place `at`; `None` where nothing is said of them, or the
    /// first ones have places of their own.
    pub fn items(&self, at: usize) -> Option<usize> {
        let place = self.place(at);
        place.items.filter(|_| place.prefix.is_empty())
    }
}

/// Schemas that hold together at one place.
#[derive(Clone)]
enum Rule<'a> {
    Schema(&'a Value),
    All(Vec<Rule<'a>>),
    Any(Vec<Rule<'a>>),
}

/// A step down from a place.
#[derive(Clone, Copy)]
enum Step<'k> {
    Name(&'k str),
    Pattern(&'k str),
    Rest,
    Item(usize),
    Items,
}

struct Maker<'a> {
    root: &'a Value,
    /// Places by what holds there, so that recursive schemas end.
    known: HashMap<Vec<usize>, usize>,
    waiting: Vec<Rule<'a>>,
}

impl<'a> Maker<'a> {
    fn place_of(&mut self, rule: Rule<'a>) -> Option<usize> {
        // Where nothing holds there is nothing to look up.
        if matches!(&rule, Rule::All(rules) if rules.is_empty()) {
            return None;
        }
        let mut key = Vec::new();
        rule.identify(&mut key);
        if let Some(at) = self.known.get(&key) {
            return Some(*at);
        }
        if self.waiting.len() >= MOST_PLACES {
            return None;
        }
        self.known.insert(key, self.waiting.len());
        self.waiting.push(rule);
        Some(self.waiting.len() - 1)
    }

    fn make(&mut self, rule: &Rule<'a>) -> Place {
        let mut place = Place { types: self.types(rule, 0), ..Place::default() };
        let mut schemas = Vec::new();
        self.flatten(rule, 0, &mut schemas);
        let mut patterns: Vec<&'a str> = Vec::new();
        let mut longest_prefix = 0;
        for schema in &schemas {
            place.moment |= is_moment(schema);
            for (name, _) in members(schema, "properties") {
                if !place.by_name.contains_key(name.as_str()) {
                    let to = self.child(rule, Step::Name(name), 0).and_then(|rule| self.place_of(rule));
                    if let Some(to) = to {
                        place.by_name.insert(name.as_str().into(), to);
                        place.fields.push((name.as_str().into(), to));
                    }
                }
            }
            for (pattern, _) in members(schema, "patternProperties") {
                if !patterns.contains(&pattern.as_str()) {
                    patterns.push(pattern);
                }
            }
            longest_prefix = longest_prefix.max(list(schema, "prefixItems").len());
            self.explain(schema, &mut place);
        }
        place.required = self.required(rule, 0).into_iter().map(Box::from).collect();
        place.values = self.values(rule, 0).unwrap_or_default().into_iter().cloned().collect();
        place.only_moments = self.only_moments(rule, 0);
        for pattern in patterns {
            match (Regex::new(pattern), self.child(rule, Step::Pattern(pattern), 0)) {
                (Ok(regex), Some(rule)) => place.patterns.push((regex, self.place_of(rule))),
                (Ok(_), None) => {}
                (Err(_), _) => place.unread = true,
            }
        }
        let rest = self.child(rule, Step::Rest, 0);
        place.closed = rest.is_none() && !place.unread;
        place.rest = rest.and_then(|rule| self.place_of(rule));
        for index in 0..longest_prefix {
            let to = self.child(rule, Step::Item(index), 0).and_then(|rule| self.place_of(rule));
            place.prefix.push(to);
        }
        place.items = self.child(rule, Step::Items, 0).and_then(|rule| self.place_of(rule));
        place
    }

    fn explain(&self, schema: &'a Map<String, Value>, place: &mut Place) {
        if place.title.is_empty() {
            place.title = text(schema, "title").unwrap_or_default().to_owned();
        }
        if place.description.is_empty() {
            place.description = text(schema, "description").unwrap_or_default().to_owned();
        }
        if place.examples.is_empty() {
            place.examples = list(schema, "examples").to_vec();
        }
        if place.default.is_none() {
            place.default = schema.get("default").cloned();
        }
        if place.aliases.is_empty() {
            for (value, names) in members(schema, "x-aliases") {
                let names = names.as_array().map_or(&[][..], Vec::as_slice).iter().filter_map(Value::as_str);
                let rows = names.chain([value.as_str()]).map(|name| (fold(name), value.as_str().into()));
                place.aliases.extend(rows);
            }
            // A value without other names still counts in any case of letters.
            if !place.aliases.is_empty() {
                let values = list(schema, "enum").iter().filter_map(Value::as_str);
                place.aliases.extend(values.map(|value| (fold(value), value.into())));
            }
        }
    }

    /// All schema objects that may hold at the place, outer before inner.
    fn flatten(&self, rule: &Rule<'a>, steps: usize, into: &mut Vec<&'a Map<String, Value>>) {
        if steps > MOST_STEPS {
            return;
        }
        match rule {
            Rule::Schema(Value::Object(schema)) => {
                if !into.iter().any(|known| std::ptr::eq(*known, schema)) {
                    into.push(schema);
                    self.parts(schema).iter().for_each(|part| self.flatten(part, steps + 1, into));
                }
            }
            Rule::Schema(_) => {}
            Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|part| self.flatten(part, steps + 1, into)),
        }
    }

    /// Fields required whichever alternative holds.
    fn required(&self, rule: &Rule<'a>, steps: usize) -> Vec<&'a str> {
        if steps > MOST_STEPS {
            return Vec::new();
        }
        let (own, parts) = match rule {
            Rule::Schema(Value::Object(schema)) => {
                (list(schema, "required").iter().filter_map(Value::as_str).collect(), self.parts(schema))
            }
            Rule::Schema(_) => return Vec::new(),
            Rule::All(rules) => (Vec::new(), rules.clone()),
            Rule::Any(rules) => {
                // An alternative that is no map says nothing of the fields of one.
                let maps = rules.iter().filter(|part| self.types(part, steps + 1).has(Types::MAP));
                return maps
                    .map(|part| self.required(part, steps + 1))
                    .reduce(|both, more| both.into_iter().filter(|name| more.contains(name)).collect())
                    .unwrap_or_default();
            }
        };
        parts.iter().fold(own, |mut sum, part| {
            let more = self.required(part, steps + 1);
            sum.extend(more.into_iter().filter(|name| !sum.contains(name)).collect::<Vec<_>>());
            sum
        })
    }

    /// The values allowed, `null` aside where only a type names it; `None` where they are not listed.
    fn values(&self, rule: &Rule<'a>, steps: usize) -> Option<Vec<&'a Value>> {
        if steps > MOST_STEPS {
            return None;
        }
        let (own, parts) = match rule {
            Rule::Schema(Value::Object(schema)) => {
                let own = match (schema.get("const"), schema.get("enum")) {
                    (Some(only), _) => Some(vec![only]),
                    (None, Some(Value::Array(listed))) => Some(listed.iter().collect()),
                    _ if Types::of_schema(schema) == Types::NULL => Some(Vec::new()),
                    _ => None,
                };
                (own, self.parts(schema))
            }
            Rule::Schema(Value::Bool(false)) => return Some(Vec::new()),
            Rule::Schema(_) => return None,
            Rule::All(rules) => (None, rules.clone()),
            Rule::Any(rules) => {
                return rules.iter().try_fold(Vec::new(), |mut sum: Vec<&'a Value>, part| {
                    let more = self.values(part, steps + 1)?;
                    sum.extend(more.into_iter().filter(|value| !sum.contains(value)).collect::<Vec<_>>());
                    Some(sum)
                });
            }
        };
        parts.iter().fold(own, |sum, part| match (sum, self.values(part, steps + 1)) {
            (Some(sum), Some(more)) => Some(sum.into_iter().filter(|value| more.contains(value)).collect()),
            (sum, more) => sum.or(more),
        })
    }

    /// Whether all text that is allowed is declared a date or a time.
    fn only_moments(&self, rule: &Rule<'a>, steps: usize) -> bool {
        if steps > MOST_STEPS {
            return false;
        }
        let one = |parts: &[Rule<'a>]| parts.iter().any(|part| self.only_moments(part, steps + 1));
        match rule {
            rule if !self.types(rule, steps).has(Types::TEXT) => true,
            Rule::Schema(Value::Object(schema)) => is_moment(schema) || one(&self.parts(schema)),
            Rule::Schema(_) => false,
            Rule::All(rules) => one(rules),
            Rule::Any(rules) => rules.iter().all(|part| self.only_moments(part, steps + 1)),
        }
    }

    /// The further schemas that a schema applies to the same place.
    fn parts(&self, schema: &'a Map<String, Value>) -> Vec<Rule<'a>> {
        let mut parts = Vec::new();
        if let Some(target) = text(schema, "$ref").and_then(|pointer| self.target(pointer)) {
            parts.push(Rule::Schema(target));
        }
        parts.extend(list(schema, "allOf").iter().map(Rule::Schema));
        for keyword in ["anyOf", "oneOf"] {
            let alternatives = list(schema, keyword);
            if !alternatives.is_empty() {
                parts.push(Rule::Any(alternatives.iter().map(Rule::Schema).collect()));
            }
        }
        parts
    }

    fn target(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer.strip_prefix('#')?)
    }

    fn types(&self, rule: &Rule<'a>, steps: usize) -> Types {
        if steps > MOST_STEPS {
            return Types::ALL;
        }
        let all = |rules: &[Rule<'a>]| rules.iter().fold(Types::ALL, |sum, part| sum & self.types(part, steps + 1));
        match rule {
            Rule::Schema(Value::Bool(false)) => Types::NONE,
            Rule::Schema(Value::Object(schema)) => Types::of_schema(schema) & all(&self.parts(schema)),
            Rule::Schema(_) => Types::ALL,
            Rule::All(rules) => all(rules),
            Rule::Any(rules) => rules.iter().fold(Types::NONE, |sum, part| sum | self.types(part, steps + 1)),
        }
    }

    /// What holds one step down; `None` where nothing may stand there.
    fn child(&self, rule: &Rule<'a>, step: Step<'_>, steps: usize) -> Option<Rule<'a>> {
        if steps > MOST_STEPS {
            return Some(Rule::All(Vec::new()));
        }
        let mut all = Vec::new();
        match rule {
            Rule::Schema(Value::Bool(false)) => return None,
            Rule::Schema(Value::Object(schema)) => {
                own_child(schema, step, &mut all)?;
                for part in self.parts(schema) {
                    all.push(self.child(&part, step, steps + 1)?);
                }
            }
            Rule::Schema(_) => {}
            Rule::All(rules) => {
                for part in rules {
                    all.push(self.child(part, step, steps + 1)?);
                }
            }
            Rule::Any(rules) => {
                let wanted = if matches!(step, Step::Item(_) | Step::Items) { Types::LIST } else { Types::MAP };
                let mut any: Vec<Rule<'a>> = rules
                    .iter()
                    .filter(|part| self.types(part, steps + 1).has(wanted))
                    .filter_map(|part| self.child(part, step, steps + 1))
                    .collect();
                return match any.len() {
                    0 => None,
                    1 => any.pop(),
                    _ => Some(Rule::Any(any)),
                };
            }
        }
        all.retain(|part| !matches!(part, Rule::All(parts) if parts.is_empty()));
        if all.len() == 1 { all.pop() } else { Some(Rule::All(all)) }
    }
}

/// The schemas that `schema` itself gives for one step down; `None` where it forbids the step.
fn own_child<'a>(schema: &'a Map<String, Value>, step: Step<'_>, into: &mut Vec<Rule<'a>>) -> Option<()> {
    let before = into.len();
    match step {
        Step::Name(name) => {
            into.extend(schema.get("properties").and_then(|p| p.get(name)).map(Rule::Schema));
            for (pattern, value) in members(schema, "patternProperties") {
                if Regex::new(pattern).is_ok_and(|regex| regex.is_match(name)) {
                    into.push(Rule::Schema(value));
                }
            }
        }
        Step::Pattern(pattern) => {
            into.extend(schema.get("patternProperties").and_then(|p| p.get(pattern)).map(Rule::Schema));
        }
        Step::Rest => {}
        Step::Item(index) => into.extend(list(schema, "prefixItems").get(index).map(Rule::Schema)),
        Step::Items => {}
    }
    if into.len() == before {
        let fallback = if matches!(step, Step::Item(_) | Step::Items) { "items" } else { "additionalProperties" };
        match schema.get(fallback) {
            Some(Value::Bool(false)) => return None,
            Some(other) => into.push(Rule::Schema(other)),
            None => {}
        }
    }
    Some(())
}

impl Rule<'_> {
    /// A key that is the same for the same schemas in the same arrangement.
    fn identify(&self, into: &mut Vec<usize>) {
        match self {
            Rule::Schema(schema) => into.push(std::ptr::from_ref::<Value>(schema) as usize),
            Rule::All(rules) | Rule::Any(rules) => {
                // No address is that small.
                into.extend([usize::from(matches!(self, Rule::Any(_))), rules.len()]);
                rules.iter().for_each(|rule| rule.identify(into));
            }
        }
    }
}

/// A form in which case and separators do not count.
pub(super) fn fold(name: &str) -> String {
    name.trim().chars().map(|c| if matches!(c, '_' | '-') { ' ' } else { c.to_ascii_lowercase() }).collect()
}

fn is_moment(schema: &Map<String, Value>) -> bool {
    matches!(text(schema, "format"), Some("date" | "date-time"))
}

fn text<'a>(schema: &'a Map<String, Value>, keyword: &str) -> Option<&'a str> {
    schema.get(keyword).and_then(Value::as_str)
}

fn list<'a>(schema: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    schema.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn members<'a>(schema: &'a Map<String, Value>, keyword: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    schema.get(keyword).and_then(Value::as_object).into_iter().flatten()
}
