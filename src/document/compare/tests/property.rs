//! What holds for any two versions.

use super::{changes, first, is_substantive, tree};
use crate::document::compare::FieldChange;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Values with the keys and the scalars that the rules know, so that versions often share parts.
fn value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        prop::sample::select(vec![
            "a",
            "b",
            "",
            "2026-03-01",
            "March 2026",
            "v2",
            "1.4.0",
            "on 2026-03-01 in v1.2",
            "on 2026-04-01 in v1.3",
            "on 2026-04-01 at 12 %",
            "two  words",
        ])
        .prop_map(Value::from),
        (0..3_i64).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let keys =
        prop::sample::select(vec!["id", "name", "on", "by", "version", "reviews", "conclusion", "x", "model_version"]);
    scalar.prop_recursive(4, 40, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..4)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// The same with keys and items in the opposite order.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().rev().map(reversed).collect(),
        Value::Object(entries) => {
            Value::Object(entries.iter().rev().map(|(k, v)| (k.clone(), reversed(v))).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn between(before: &Value, after: &Value) -> (Vec<FieldChange>, bool) {
    let (earlier, later) = (tree("f.json", &before.to_string()), tree("f.json", &after.to_string()));
    (changes(first(&earlier), first(&later)), is_substantive(first(&earlier), first(&later)))
}

/// Changes without their order and their paths, which follow the later version.
fn sides(found: Vec<FieldChange>) -> Vec<(String, Option<String>, Option<String>, bool)> {
    let mut sides: Vec<_> = found.into_iter().map(|c| (c.key, c.before, c.after, c.substantive)).collect();
    sides.sort();
    sides
}

proptest! {
    #[test]
    fn a_version_is_as_itself_in_any_order(value in value()) {
        prop_assert_eq!(between(&value, &value), (vec![], false));
        prop_assert_eq!(between(&value, &reversed(&value)), (vec![], false));
    }

    #[test]
    fn back_is_the_mirror_of_forth(before in value(), after in value()) {
        let (forth, back) = (between(&before, &after), between(&after, &before));
        let mirrored = back.0.into_iter().map(|c| FieldChange { before: c.after, after: c.before, ..c }).collect();
        prop_assert_eq!(sides(forth.0), sides(mirrored));
        prop_assert_eq!(forth.1, back.1);
    }

    #[test]
    fn a_version_is_of_substance_when_one_of_its_changes_is(before in value(), after in value()) {
        let (found, substantive) = between(&before, &after);
        prop_assert_eq!(found.iter().any(|change| change.substantive), substantive);
        prop_assert!(found.iter().all(|change| change.before != change.after));
    }

    #[test]
    fn json_is_as_yaml(value in value()) {
        let text = value.to_string();
        let (json, yaml) = (tree("f.json", &text), tree("f.yaml", &text));
        prop_assert_eq!(changes(first(&json), first(&yaml)), vec![]);
    }
}
