use crate::value::testing::{parse, place, show, shown, values};
use crate::value::{Data, Syntax, Text};
use proptest::prelude::*;

#[test]
fn every_value_and_key_has_its_exact_place() {
    let document = "{\n  \"id\": \"chat\",\n  \"n\\u0061me\": \"A\\n\\\"b\\\" \\uD83D\\uDE00\",\n  \"list\" : [1, -2.5e1, [ ], {}],\n\t\"é\": null\n}\n";
    let (tree, problems) = parse(Syntax::Json, document);
    assert_eq!(shown(&tree, &problems), Vec::<String>::new());
    let root = tree.roots()[0];
    assert_eq!(place(&tree, tree.node(root).span), "1:1-6:2");
    let table: &[(&[&str], &str, &str, &str)] = &[
        (&["id"], "2:9-2:15", "2:3-2:7", "\"chat\""),
        (&["name"], "3:16-3:39", "3:3-3:14", "\"A\\n\\\"b\\\" \u{1F600}\""),
        (&["list"], "4:12-4:32", "4:3-4:9", "[1, -25.0, [], {}]"),
        (&["list", "1"], "4:16-4:22", "1:1-1:1", "-25.0"),
        (&["list", "2"], "4:24-4:27", "1:1-1:1", "[]"),
        (&["é"], "5:7-5:11", "5:2-5:5", "null"),
    ];
    for (path, value, key, shown) in table {
        let id = tree.find(root, path).unwrap();
        let node = tree.node(id);
        let found = (place(&tree, node.span), place(&tree, node.key), show(&tree, id));
        assert_eq!(found, ((*value).to_owned(), (*key).to_owned(), (*shown).to_owned()), "{path:?}");
    }
    assert!(matches!(tree.data(tree.get(root, "id").unwrap()), Data::Text(Text::Slice(_))));
    assert!(matches!(tree.data(tree.get(root, "name").unwrap()), Data::Text(Text::Owned(_))));
}

#[test]
fn scalars_are_records_too_and_numbers_follow_the_grammar() {
    let table = [
        ("null", "null"),
        (" true ", "true"),
        ("\"\\u00e9\\/\\b\\f\\n\\r\\t\\\\\"", "\"\u{e9}/\\u{8}\\u{c}\\n\\r\\t\\\\\""),
        ("-0", "0"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775809", "-9.223372036854776e18"),
        ("1E+2", "100.0"),
        ("0.5", "0.5"),
        ("1e999", "inf"),
    ];
    for (document, expected) in table {
        let (tree, problems) = parse(Syntax::Json, document);
        assert_eq!(values(&tree), [expected], "{document} {problems:?}");
    }
}

/// Document, problem and further places.
#[test]
fn whatever_is_no_json_is_told_with_its_place() {
    let table = [
        ("", "json-syntax 1:1-1:1"),
        ("{\"a\": 1,}", "json-syntax 1:8-1:9"),
        ("[1,\n]", "json-syntax 1:3-1:4"),
        ("[1 2]", "json-syntax 1:4-1:5 < 1:1-1:2"),
        ("[1", "json-syntax 1:3-1:3 < 1:1-1:2"),
        ("{\"a\" 1}", "json-syntax 1:6-1:7 < 1:2-1:5"),
        ("{a: 1}", "json-syntax 1:2-1:3"),
        ("{\"a\": }", "json-syntax 1:7-1:8"),
        ("{\"a\": 'b'}", "json-syntax 1:7-1:8"),
        ("{\"a\": yes}", "json-syntax 1:7-1:10"),
        ("[01]", "json-syntax 1:2-1:4"),
        ("[1.]", "json-syntax 1:2-1:4"),
        ("[.5]", "json-syntax 1:2-1:4"),
        ("[+1]", "json-syntax 1:2-1:4"),
        ("[NaN]", "json-syntax 1:2-1:5"),
        ("[1] // x", "json-syntax 1:5-1:6"),
        ("[\"a\n\"]", "json-syntax 1:2-1:3"),
        ("[\"a\tb\"]", "json-syntax 1:4-1:5"),
        ("[\"\\x\"]", "json-syntax 1:3-1:5"),
        ("[\"\\u12g4\"]", "json-syntax 1:3-1:5"),
        ("[\"\\uD83D\"]", "json-syntax 1:3-1:9"),
        ("[\"\\uDE00\\uD83D\"]", "json-syntax 1:3-1:9"),
        ("[\"\\", "json-syntax 1:3-1:4"),
        ("[\"", "json-syntax 1:2-1:3"),
    ];
    for (document, expected) in table {
        let (tree, problems) = parse(Syntax::Json, document);
        assert_eq!(shown(&tree, &problems), [expected], "{document:?}");
        assert!(tree.roots().is_empty(), "{document:?}");
    }
}

#[test]
fn duplicate_keys_are_reported_and_the_first_counts() {
    let (tree, problems) = parse(Syntax::Json, "{\"a\": 1, \"b\": 2, \"\\u0061\": 3}");
    assert_eq!(shown(&tree, &problems), ["duplicate-key 1:18-1:26 < 1:2-1:5"]);
    assert_eq!(values(&tree), ["{a: 1, b: 2}"]);

    // More entries than are compared one by one.
    let entries: Vec<String> = (0..40).map(|index| format!("\"k{}\": {index}", index % 39)).collect();
    let (tree, problems) = parse(Syntax::Json, &format!("{{{}}}", entries.join(",")));
    assert_eq!(problems.iter().map(|problem| problem.item.as_str()).collect::<Vec<_>>(), ["k0"]);
    assert_eq!(tree.entries(tree.roots()[0]).len(), 39);
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        (-1e6..1e6f64).prop_map(Into::into),
        ".{0,8}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
            proptest::collection::hash_map(".{0,4}", inner, 0..5)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What a span covers is the same value again, for an independent reader too.
    #[test]
    fn spans_read_back_as_the_same_value(value in json(), pretty in any::<bool>()) {
        let document = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let (tree, problems) = parse(Syntax::Json, &document);
        prop_assert!(problems.is_empty(), "{document}\n{problems:?}");
        let mut pairs = vec![(tree.roots()[0], &value)];
        while let Some((id, value)) = pairs.pop() {
            let slice = tree.file().slice(tree.node(id).span);
            prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(slice).unwrap(), value);
            match value {
                serde_json::Value::Array(items) => pairs.extend(tree.items(id).iter().copied().zip(items)),
                serde_json::Value::Object(map) => {
                    pairs.extend(map.iter().map(|(key, value)| (tree.get(id, key).unwrap(), value)));
                }
                serde_json::Value::String(text) => prop_assert_eq!(tree.as_str(id), Some(text.as_str())),
                _ => {}
            }
        }
    }
}
