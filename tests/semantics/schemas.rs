//! What the types of expressions take from a JSON Schema: never more than it says of every document.

use annexa::document::{Kinds, Shape};
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
