//! What the types of expressions take from a JSON Schema: never more than it says of every document.

use annexa::document::{Form, Kinds, Shape};
use annexa::engine::check::of_shape;
use annexa::source::SourceFile;
use std::sync::Arc;

/// The type of the field `it` of a kind whose schema says `says` of it.
fn type_of(says: &str) -> String {
    of_shape(&shape(says).field("it").expect("it is named")).to_string()
}

/// A kind with the field `it`, and `#/$defs/it` that says the same.
fn shape(says: &str) -> Shape {
    let schema = format!(
        r##"{{"x-document": {{"id": "own", "plural": "owns", "globs": ["*.own.yaml"]}}, "type": "object",
             "properties": {{"it": {{"$ref": "#/$defs/it"}}}}, "$defs": {{"it": {says}}}}}"##
    );
    let mut kinds = Kinds::bundled();
    let file = Arc::new(SourceFile::new("own.schema.json", schema.into_bytes()));
    kinds.add(&file).unwrap_or_else(|problems| panic!("{says}: {problems:?}"));
    Shape::of(kinds.get("own").expect("it was added"))
}

fn assert_types(table: &[(&str, &str)]) {
    for (says, expected) in table {
        assert_eq!(type_of(says), *expected, "{says}");
    }
}

#[test]
fn lists_and_maps_of_themselves_have_a_type_that_ends() {
    for (says, opens) in [
        (r##"{"type": "object", "additionalProperties": {"$ref": "#/$defs/it"}}"##, "map("),
        (r##"{"type": "array", "items": {"$ref": "#/$defs/it"}}"##, "list("),
    ] {
        let found = type_of(says);
        // One at the place itself and eight below it.
        assert_eq!(found.matches(opens).count(), 9, "{found}");
        assert!(found.contains("dyn"), "{found}");
    }
    assert_types(&[(
        r#"{"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}"#,
        "list(list(int))",
    )]);
}

#[test]
fn text_has_the_values_that_every_alternative_lists() {
    for (says, expected) in [
        (r#"{"oneOf": [{"const": "lo"}, {"const": "hi"}]}"#, "lo hi"),
        (r#"{"anyOf": [{"enum": ["lo", "mid"]}, {"enum": ["mid", "hi"]}]}"#, "lo mid hi"),
        (r#"{"anyOf": [{"const": "lo"}, {"type": "string", "pattern": "^x"}]}"#, ""),
        (r#"{"anyOf": [{"enum": ["lo", "hi"]}, {"type": "null"}]}"#, "lo hi"),
        (r#"{"enum": ["lo", "hi", "off"], "allOf": [{"enum": ["off", "hi"]}]}"#, "hi off"),
        (r#"{"type": "string", "allOf": [{"oneOf": [{"const": "lo"}, {"const": "hi"}]}]}"#, "lo hi"),
    ] {
        let found = match shape(says).field("it").expect("it is named").form() {
            Form::OrNull(form) => *form,
            form => form,
        };
        let values: Vec<String> = expected.split_whitespace().map(str::to_owned).collect();
        assert_eq!(found, Form::Text(values), "{says}");
    }
}

#[test]
fn a_moment_is_one_in_every_alternative() {
    assert_types(&[
        (r#"{"type": "string", "format": "date"}"#, "timestamp"),
        (r#"{"anyOf": [{"type": "string", "format": "date"}, {"const": "never"}]}"#, "dyn"),
        (
            r#"{"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}"#,
            "timestamp",
        ),
        (r#"{"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}"#, "timestamp or null"),
        (r#"{"type": "string", "allOf": [{"format": "date"}, {"pattern": "^2"}]}"#, "timestamp"),
    ]);
}

#[test]
fn a_field_is_required_when_every_group_among_the_alternatives_requires_it() {
    for (says, expected) in [
        (r#"{"required": ["a"]}"#, "a"),
        (r#"{"oneOf": [{"required": ["a", "b"]}, {"required": ["c", "a"]}]}"#, "a"),
        (r#"{"required": ["b"], "anyOf": [{"required": ["a"]}, {"required": ["a", "c"]}]}"#, "a b"),
        (r#"{"anyOf": [{"required": ["a"]}, {}]}"#, ""),
        (r#"{"anyOf": [{"type": "object", "required": ["a"]}, {"type": "string"}]}"#, "a"),
        (r#"{"allOf": [{"required": ["a"]}, {"oneOf": [{"required": ["b"]}, {"required": ["b"]}]}]}"#, "a b"),
    ] {
        let it = shape(says).field("it").expect("it is named");
        let found: Vec<&str> = ["a", "b", "c"].into_iter().filter(|name| it.requires(name)).collect();
        assert_eq!(found.join(" "), expected, "{says}");
    }
}

#[test]
fn the_values_of_a_map_have_a_type_when_it_is_that_of_every_key() {
    let two = r#"{"type": "object", "patternProperties": {"^n_": {"type": "integer"}},
                  "additionalProperties": {"type": "string"}}"#;
    assert_types(&[
        (r#"{"type": "object", "additionalProperties": {"type": "string"}}"#, "map(string, string)"),
        (two, "map(string, dyn)"),
        (r#"{"type": "object", "patternProperties": {"^n_": {"type": "integer"}}}"#, "map(string, dyn)"),
        (
            r#"{"type": "object", "patternProperties": {"^n_": {"type": "integer"}}, "additionalProperties": false}"#,
            "map(string, int)",
        ),
        // A pattern that looks ahead is not read here, so that any key may be one of its own.
        (
            r#"{"type": "object", "patternProperties": {"^(?!s)": {"type": "integer"}},
                "additionalProperties": {"type": "string"}}"#,
            "map(string, dyn)",
        ),
    ]);
    let it = shape(two).field("it").expect("it is named");
    for (name, expected) in [("n_1", "int"), ("label", "string")] {
        assert_eq!(of_shape(&it.field(name).expect("something is said of it")).to_string(), expected, "{name}");
    }
    let ahead = r#"{"type": "object", "patternProperties": {"^(?!s)": {}}, "additionalProperties": false}"#;
    assert!(shape(ahead).field("it").expect("it is named").is_open());
}

#[test]
fn the_items_of_a_list_have_a_type_when_no_first_ones_have_their_own() {
    assert_types(&[
        (r#"{"type": "array", "items": {"type": "integer"}}"#, "list(int)"),
        (r#"{"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}}"#, "list(dyn)"),
        (r#"{"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}"#, "list(dyn)"),
    ]);
}
