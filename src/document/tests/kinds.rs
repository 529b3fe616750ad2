use super::{PLAN, kinds};
use crate::document::Kinds;
use crate::source::SourceFile;
use std::sync::Arc;

fn add(path: &str, text: &str) -> Vec<(&'static str, u32, String)> {
    let file = Arc::new(SourceFile::new(path, text.as_bytes().to_vec()));
    let problems = kinds().add(&file).err().unwrap_or_default();
    problems.into_iter().map(|p| (p.code, file.line_of(p.at.span.start), p.message)).collect()
}

#[test]
fn every_shipped_kind_is_ready_and_explains_each_field() {
    let kinds = Kinds::bundled();
    assert!(kinds.iter().count() >= 11);
    for kind in kinds.iter() {
        assert!(kind.validator().is_some(), "{}", kind.id);
        assert!(!kind.description.is_empty() && !kind.title.is_empty(), "{}", kind.id);
        for field in kind.fields() {
            assert!(!field.title.is_empty() && !field.description.is_empty(), "{}.{}", kind.id, field.name);
        }
    }
}

#[test]
fn fields_come_in_the_order_of_the_schema_with_their_words() {
    let kinds = kinds();
    let fields = kinds.get("test-plan").expect("added").fields();
    let rows: Vec<_> = fields.iter().map(|f| (f.name.as_str(), f.required, f.type_name.as_str())).take(10).collect();
    assert_eq!(
        rows,
        [
            ("kind", false, "text"),
            ("id", true, "text"),
            ("owner", true, "text or nothing"),
            ("version", false, "text"),
            ("plan_of", false, "text"),
            ("share", false, "a number"),
            ("runs", false, "a whole number"),
            ("automatic", false, "`true` or `false`"),
            ("users", false, "a list of text"),
            ("note", false, "text"),
        ]
    );
    assert_eq!(fields[2].examples, ["quality-team"]);
    assert_eq!(fields[0].values, ["test-plan"]);
}

#[test]
fn an_own_kind_may_be_written_in_yaml() {
    let mut kinds = Kinds::bundled();
    let text = "x-document: {id: bias-audit, plural: bias_audits}\ntitle: Bias audit\ntype: object\n";
    let file = Arc::new(SourceFile::new("s/bias-audit.schema.yaml", text.as_bytes().to_vec()));
    kinds.add(&file).expect("valid");
    let kind = kinds.get("bias-audit").expect("added");
    assert_eq!((kind.title.as_str(), kind.origin.as_str()), ("Bias audit", "s/bias-audit.schema.yaml"));
}

#[test]
fn what_is_wrong_with_an_own_schema_is_said_at_its_line() {
    type Rows = &'static [(&'static str, u32, &'static str)];
    let table: &[(&str, &str, Rows)] = &[
        (
            "a.schema.json",
            "{\n \"type\": \"object\"\n}",
            &[("missing-field", 1, "the schema has no `x-document`, so no document can be of its kind")],
        ),
        (
            "a.schema.yaml",
            "x-document:\n  title: A\n",
            &[("missing-field", 1, "`x-document` has no `id`"), ("missing-field", 1, "`x-document` has no `plural`")],
        ),
        (
            "a.schema.yaml",
            "x-document:\n  id: soa\n  plural: test_plans\n",
            &[
                ("taken-name", 2, "the id `soa` exists already: Statement of Applicability (built-in)"),
                ("taken-name", 3, "the plural `test_plans` exists already: Test plan (schemas/test-plan.schema.json)"),
            ],
        ),
        (
            "a.schema.yaml",
            "x-document:\n  id: Bias\n  plural: doc\n",
            &[
                ("malformed", 2, "this `id` is no name that policies can use"),
                ("taken-name", 3, "`doc` is a word of the policy language, so no list of documents can be called that"),
            ],
        ),
        (
            "a.schema.yaml",
            "x-document: {id: b, plural: bs}\nproperties:\n  a:\n    $ref: https://example.org/a.json\n",
            &[(
                "remote-reference",
                4,
                "`$ref` points out of this file, to `https://example.org/a.json`, and schemas are never fetched",
            )],
        ),
        ("a.schema.yaml", "", &[("empty-schema", 1, "the schema file is empty")]),
        ("a.schema.toml", "", &[("schema-syntax", 1, "a schema file is JSON or YAML, and this name says otherwise")]),
    ];
    for (path, text, expected) in table {
        let found = add(path, text);
        let found: Vec<_> = found.iter().map(|(code, line, message)| (*code, *line, message.as_str())).collect();
        assert_eq!(found, *expected, "{text:?}");
    }
    let found = add("a.schema.yaml", "x-document: {id: b, plural: bs}\nproperties:\n  a:\n    type: strng\n");
    assert_eq!((found[0].0, found[0].1), ("invalid-schema", 4));
    let found = add("a.schema.yaml", "x-document: {id: b, plural: bs}\nproperties: {a: {$ref: '#/$defs/none'}}\n");
    assert_eq!(found[0].0, "invalid-schema");
    assert_eq!(add("again.schema.json", PLAN).len(), 2);
}
