//! `==`, `!=`, `in` and `+` mean the same on the lists and maps of a document as on those that an
//! expression writes itself.

use crate::support::run;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// JSON documents: small, with values that often meet each other.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-2i64..3).prop_map(Value::from),
        prop_oneof![Just(0.5), Just(1.0), Just(-2.5)].prop_map(|f: f64| json!(f)),
        prop::sample::select(vec!["", "a", "b", "a'\"\\b", "é\u{1F980}", "line\nbreak"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::hash_map(
                prop::sample::select(vec!["k", "l", "m-n"]).prop_map(str::to_owned),
                inner,
                0..3
            )
            .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A value as CEL writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::String(text) => {
            let escaped: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
            format!("'{escaped}'")
        }
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| format!("'{key}': {}", literal(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Expressions over `A`, `B` (any values) and `L`, `M` (lists). Each is tried with every choice of a
/// document's value or a written one for each of them.
const TEMPLATES: &[&str] = &[
    "A == B",
    "A != B",
    "A in L",
    "!(A in L)",
    "A in [B]",
    "[A] == L",
    "L == M",
    "L + M == M + L",
    "(L + M).size() == L.size() + M.size()",
    "A in (L + M)",
    "L + [A] == M + [B]",
    "L in [M, L]",
    "L.map(x, x) == M",
    "L.filter(x, x == A) == M.filter(x, x == A)",
    "L.exists(x, x == A) == (A in L)",
    "L.all(x, x in M)",
    "{'k': A} == {'k': B}",
    "{'k': A} == A",
    "type(A) == type(B)",
    "L.distinct() == M.distinct()",
    "L.size() > 0 && L[0] == A",
    "L[?0] == optional.of(A)",
    "L.reverse() == M",
    "L.flatten() == M.flatten()",
    "lookup(L, 'k', A) == lookup(M, 'k', B)",
    "(A == B ? L : M) == L",
];

/// The expression with document's or written values, by the bits of `choice`.
fn filled(template: &str, values: &[(&str, &Value)], choice: usize) -> String {
    let pick = |letter: char| {
        let at = values.iter().position(|(name, _)| name.chars().eq([letter]));
        at.map(|at| if choice >> at & 1 == 0 { format!("doc.{letter}") } else { literal(values[at].1) })
    };
    let mut out = String::new();
    let mut before = ' ';
    let mut letters = template.chars().peekable();
    while let Some(c) = letters.next() {
        let alone = !before.is_alphanumeric() && !letters.peek().is_some_and(|next| next.is_alphanumeric());
        match pick(c).filter(|_| alone) {
            Some(text) => out += &text,
            None => out.push(c),
        }
        before = c;
    }
    out
}

#[test]
fn values_are_filled_in_as_documents_fields_or_as_literals() {
    let (a, l) = (json!("x"), json!([1, null]));
    let values = [("A", &a), ("L", &l)];
    assert_eq!(filled("A in L.all(x)", &values, 0b00), "doc.A in doc.L.all(x)");
    assert_eq!(filled("A in L", &values, 0b10), "doc.A in [1, null]");
    assert_eq!(filled("A in L", &values, 0b01), "'\\U00000078' in doc.L");
}

#[test]
fn the_templates_have_values_on_either_side() {
    let document = json!({"kind": "note", "A": 1, "B": [1], "L": [1, [1], {"k": 1}], "M": [[1]]}).to_string();
    let values = [("A", &Value::Null), ("B", &Value::Null), ("L", &Value::Null), ("M", &Value::Null)];
    let outcome = |template: &&str| {
        let said = run().unchecked().file("a.json", &document).holds("p", &filled(template, &values, 0)).says();
        said[0].split(' ').nth(1).unwrap_or_default().to_owned()
    };
    let outcomes: Vec<String> = TEMPLATES.iter().map(outcome).collect();
    let count = |wanted: &str| outcomes.iter().filter(|o| *o == wanted).count();
    assert!(count("pass") >= 8 && count("fail") >= 8, "{outcomes:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_values_and_written_ones_are_the_same(
        a in value(), b in value(), same in any::<bool>(),
        l in prop::collection::vec(value(), 0..4), m in prop::collection::vec(value(), 0..4), alike in any::<bool>(),
    ) {
        // Equal values would rarely meet by chance.
        let b = if same { a.clone() } else { b };
        let (l, m) = (Value::Array(l), Value::Array(m));
        let m = if alike { l.clone() } else { m };
        let values = [("A", &a), ("B", &b), ("L", &l), ("M", &m)];
        let document = json!({"kind": "note", "A": a, "B": b, "L": l, "M": m}).to_string();
        let cases: Vec<Vec<String>> = TEMPLATES.iter().map(|template| {
            let mut expressions: Vec<String> = (0..16).map(|choice| filled(template, &values, choice)).collect();
            expressions.sort();
            expressions.dedup();
            expressions
        }).collect();
        let named = || cases.iter().enumerate().flat_map(|(case, list)| {
            list.iter().enumerate().map(move |(n, expression)| (case, format!("p{case}-{n}"), expression))
        });
        let run = named().fold(run().unchecked().file("a.json", &document), |run, (_, id, expression)| run.holds(&id, expression));
        let report = run.report();
        // Where an expression has no value the reason may name types differently; that it has none may not.
        let outcomes: HashMap<&str, &str> =
            report.judgements.iter().map(|j| (report.rule(j).id.as_str(), j.outcome.name())).collect();
        for (case, id, expression) in named() {
            let first = format!("p{case}-0");
            let (outcome, expected) = (outcomes.get(id.as_str()), outcomes.get(first.as_str()));
            prop_assert!(outcome.is_some(), "{} was not judged", expression);
            prop_assert!(outcome == expected, "{document}\n{expression} is {outcome:?}\n{} is {expected:?}", cases[case][0]);
        }
    }
}
