use crate::value::testing::{parse, parse_as_written, place, show, shown, values};
use crate::value::{Data, Syntax, Text};
use proptest::prelude::*;

/// Document, path, place of the value, place of the key or dash, value. Places are line:column from
/// 1, the end behind the last character; counted by hand.
#[test]
fn every_value_and_key_has_its_exact_place() {
    let document = "\
# a register
id: chat
owner: \"Ada \\\"A\\\" L\"   # who
tags:
- one
-   'two'
nested:
  - - x
    - {k: [1, v], e: }
  -
  - k:
      deep: &d yes
text: |
  one
   two

folded: >-
  a
  b
plain: goes
  on # c
'quoted key': *d
? explicit
: !!str 7
empty:
";
    let (tree, problems) = parse(Syntax::Yaml, document);
    assert_eq!(shown(&tree, &problems), Vec::<String>::new());
    let table: &[(&[&str], &str, &str, &str)] = &[
        (&["id"], "2:5-2:9", "2:1-2:3", "\"chat\""),
        (&["owner"], "3:8-3:21", "3:1-3:6", "\"Ada \\\"A\\\" L\""),
        (&["tags"], "5:1-6:10", "4:1-4:5", "[\"one\", \"two\"]"),
        (&["tags", "0"], "5:3-5:6", "5:1-5:2", "\"one\""),
        (&["tags", "1"], "6:5-6:10", "6:1-6:2", "\"two\""),
        (&["nested", "0"], "8:5-9:23", "8:3-8:4", "[\"x\", {k: [1, \"v\"], e: null}]"),
        (&["nested", "0", "0"], "8:7-8:8", "8:5-8:6", "\"x\""),
        (&["nested", "0", "1"], "9:7-9:23", "9:5-9:6", "{k: [1, \"v\"], e: null}"),
        (&["nested", "0", "1", "k"], "9:11-9:17", "9:8-9:9", "[1, \"v\"]"),
        (&["nested", "0", "1", "k", "1"], "9:15-9:16", "1:1-1:1", "\"v\""),
        (&["nested", "0", "1", "e"], "9:21-9:21", "9:19-9:20", "null"),
        (&["nested", "1"], "10:4-10:4", "10:3-10:4", "null"),
        (&["nested", "2"], "11:5-12:19", "11:3-11:4", "{k: {deep: \"yes\"}}"),
        (&["nested", "2", "k"], "12:7-12:19", "11:5-11:6", "{deep: \"yes\"}"),
        (&["nested", "2", "k", "deep"], "12:16-12:19", "12:7-12:11", "\"yes\""),
        (&["text"], "13:7-15:7", "13:1-13:5", "\"one\\n two\\n\""),
        (&["folded"], "17:9-19:4", "17:1-17:7", "\"a b\""),
        (&["plain"], "20:8-21:5", "20:1-20:6", "\"goes on\""),
        (&["quoted key"], "22:15-22:17", "22:1-22:13", "*\"yes\""),
        (&["explicit"], "24:9-24:10", "23:3-23:11", "\"7\""),
        (&["empty"], "25:7-25:7", "25:1-25:6", "null"),
    ];
    for (path, value, key, shown) in table {
        let id = tree.find(tree.roots()[0], path).unwrap();
        let node = tree.node(id);
        let found = (place(&tree, node.span), place(&tree, node.key), show(&tree, id));
        assert_eq!(found, ((*value).to_owned(), (*key).to_owned(), (*shown).to_owned()), "{path:?}");
    }
    assert_eq!(place(&tree, tree.node(tree.roots()[0]).span), "2:1-25:7");
}

#[test]
fn text_that_stands_in_the_file_is_not_copied() {
    let (tree, _) = parse(Syntax::Yaml, "a: plain\nb: 'quoted'\nc: 'it''s'\nd: \"\"\n");
    let root = tree.roots()[0];
    let slices: Vec<bool> =
        tree.entries(root).iter().map(|entry| matches!(tree.data(entry.value), Data::Text(Text::Slice(_)))).collect();
    assert_eq!(slices, [true, true, false, true]);
    let plain: Vec<bool> = tree.entries(root).iter().map(|entry| tree.node(entry.value).plain).collect();
    assert_eq!(plain, [true, false, false, false]);
}

#[test]
fn values_follow_yaml_1_2() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("# only a comment\n", &[]),
        ("---\n# only a comment\n", &[]),
        ("---\n# licence\n---\na: 1\n", &["{a: 1}"]),
        ("a: 1\n---\na: 2\n...\n---\n- 3\n", &["{a: 1}", "{a: 2}", "[3]"]),
        ("null", &["null"]),
        ("a: no\nb: yes\nc: on\nd: Null\ne: TRUE\n", &["{a: \"no\", b: \"yes\", c: \"on\", d: null, e: true}"]),
        ("a: 0x1F\nb: 1.10\nc: 12345678901234567890\n", &["{a: 31, b: 1.1, c: 1.2345678901234567e19}"]),
        ("a: .nan\nb: -.inf\nc: 2024-01-01\n", &["{a: NaN, b: -inf, c: \"2024-01-01\"}"]),
        ("1: a\ntrue: b\n~: c\n", &["{1: \"a\", true: \"b\", ~: \"c\"}"]),
        ("a: !!int '7'\nb: !!float 1\nc: !!str 1.10\nd: ! 7\n", &["{a: 7, b: 1.0, c: \"1.10\", d: \"7\"}"]),
        ("a: &x 1\nb: *x\n*x : c\n", &["{a: 1, b: *1, 1: \"c\"}"]),
        ("a: &x\n  k: v\nb: [*x, *x]\n", &["{a: {k: \"v\"}, b: [*{k: \"v\"}, *{k: \"v\"}]}"]),
        ("&k key: *k\n", &["{key: *\"key\"}"]),
        ("a: !!binary R0lG\n", &["{a: \"R0lG\"}"]),
        ("a: \"\\x41\\u00e9\\U0001F600\"\n", &["{a: \"A\u{e9}\u{1F600}\"}"]),
    ];
    for (document, expected) in table {
        let (tree, problems) = parse(Syntax::Yaml, document);
        assert_eq!(values(&tree), *expected, "{document:?}");
        assert_eq!(shown(&tree, &problems), Vec::<String>::new(), "{document:?}");
    }
}

#[test]
fn line_ends_change_nothing_but_offsets() {
    let document = "a: 1\nb:\n  - x\n  - |\n    t\n    u\nc: >\n  f\n  g\n";
    let (unix, _) = parse(Syntax::Yaml, document);
    let (windows, _) = parse(Syntax::Yaml, &document.replace('\n', "\r\n"));
    let (marked, _) = parse(Syntax::Yaml, &format!("\u{FEFF}{document}"));
    assert_eq!(values(&unix), ["{a: 1, b: [\"x\", \"t\\nu\\n\"], c: \"f g\\n\"}"]);
    assert_eq!(values(&windows), values(&unix));
    assert_eq!(values(&marked), values(&unix));
    for path in [&["b"] as &[&str], &["b", "0"], &["b", "1"], &["c"]] {
        let at = |tree: &crate::value::Tree| {
            let node = tree.node(tree.find(tree.roots()[0], path).unwrap());
            (place(tree, node.span), place(tree, node.key))
        };
        assert_eq!(at(&windows), at(&unix), "{path:?}");
        assert_eq!(at(&marked), at(&unix), "{path:?}");
    }
}

/// Document, problems with their places, and what is readable all the same.
#[test]
fn problems_name_their_place_and_the_rest_is_read() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("a: 1\nb: 2\na: 3\n", &["duplicate-key 3:1-3:2 < 1:1-1:2"], &["{a: 1, b: 2}"]),
        (
            "{a: 1, 'a': 2, a: 3}",
            &["duplicate-key 1:8-1:11 < 1:2-1:3", "duplicate-key 1:16-1:17 < 1:2-1:3"],
            &["{a: 1}"],
        ),
        ("? [x]\n: 1\nb: 2\n", &["key-is-not-text 1:3-1:6"], &["{b: 2}"]),
        ("a: {{ name }}\nb: 2\n", &["key-is-not-text 1:5-1:13"], &["{a: {}, b: 2}"]),
        ("a: *gone\nb: 2\n", &["unknown-alias 1:4-1:9"], &["{a: null, b: 2}"]),
        ("a: &x [*x]\nb: 2\n", &["alias-to-itself 1:8-1:10 < 1:4-1:6"], &["{a: [null], b: 2}"]),
        ("a: !include other.yaml\nb: 2\n", &["unknown-tag 1:4-1:12"], &["{a: \"other.yaml\", b: 2}"]),
        ("a: !Ref\n  k: 2\n", &["unknown-tag 1:4-1:8"], &["{a: {k: 2}}"]),
        ("a: !!int many\n", &["value-is-not-its-tag 1:10-1:14"], &["{a: \"many\"}"]),
        // Broken syntax: the document is lost, those before it are not.
        ("ok: 1\n---\na: b: c\n", &["yaml-syntax 3:5-3:6 < 3:1-3:2"], &["{ok: 1}"]),
        ("a: \"x\nb: y\n", &["yaml-syntax 1:4-1:5 < 2:1-2:2 < 1:1-1:2"], &[]),
        ("a: 'it's'\n", &["yaml-syntax 1:8-1:9 < 1:1-1:2"], &[]),
        ("a:\n\tb: c\n", &["yaml-syntax 2:2-2:3 < 1:1-1:2"], &[]),
        ("a: [1, 2\nb: 3\n", &["yaml-syntax 1:4-1:5 < 2:1-2:2 < 1:1-1:2"], &[]),
        ("a: [1, 2", &["yaml-syntax 1:4-1:5 < 1:1-1:2"], &[]),
        ("a:\n  b: 1\n c: 2\n", &["yaml-syntax 3:2-3:3"], &[]),
        ("a: @x\n", &["yaml-syntax 1:4-1:5 < 1:1-1:2"], &[]),
        ("a: 1\nb\nc: 2\n", &["yaml-syntax 2:1-2:2"], &[]),
    ];
    for (document, expected, readable) in table {
        let (tree, problems) = parse(Syntax::Yaml, document);
        assert_eq!(shown(&tree, &problems), *expected, "{document:?}");
        assert_eq!(values(&tree), *readable, "{document:?}");
    }
}

#[test]
fn broken_syntax_is_told_in_plain_words() {
    let table = [
        (
            "owner: Ada: Lovelace\n",
            "this `:` stands where no key can be, so the document cannot be read",
            "Put a value that contains `: ` in quotes; else check that the line above has a value or a `:` of its own and that both lines are indented alike.",
        ),
        (
            "a: \"x\nb: y\n",
            "the quote that opens here is not closed before line 2, so the document cannot be read",
            "Close the quote, or indent the lines that belong to it further than its key.",
        ),
        ("a: %x\n%y\n", "a value cannot begin with `%`, so the document cannot be read", "Put the value in quotes."),
        (
            "a: [1}\n",
            "the bracket `[` that opens here is closed by `}`, so the document cannot be read",
            "Let both brackets be of one kind: `[ ]` for a list, `{ }` for a map.",
        ),
    ];
    for (document, message, help) in table {
        let (_, problems) = parse(Syntax::Yaml, document);
        assert_eq!((problems[0].message.as_str(), problems[0].help.as_str()), (message, help), "{document:?}");
    }
}

#[test]
fn merge_keys_add_what_is_missing_and_keep_its_place() {
    let document = "\
base: &base {a: 1, b: 2}
more: &more {<<: *base, c: 3}
use:
  b: own
  <<: [*more, *base]
bad: {<<: text, k: v}
quoted: {'<<': *base}
";
    let (tree, problems) = parse(Syntax::Yaml, document);
    let root = tree.roots()[0];
    let shown_at = |path: &[&str]| show(&tree, tree.find(root, path).unwrap());
    assert_eq!(shown_at(&["more"]), "{c: 3, a: 1, b: 2}");
    assert_eq!(shown_at(&["use"]), "{b: \"own\", c: 3, a: 1}");
    assert_eq!(shown_at(&["bad"]), "{<<: \"text\", k: \"v\"}");
    assert_eq!(shown_at(&["quoted"]), "{<<: *{a: 1, b: 2}}");
    assert_eq!(place(&tree, tree.node(tree.find(root, &["use", "a"]).unwrap()).span), "1:17-1:18");
    assert_eq!(shown(&tree, &problems), ["merge-of-no-map 6:7-6:9 < 6:11-6:15"]);

    let (tree, problems) = parse_as_written(Syntax::Yaml, document);
    let entry = tree.find(tree.roots()[0], &["more"]).unwrap();
    assert_eq!(show(&tree, entry), "{<<: *{a: 1, b: 2}, c: 3}");
    assert!(problems.is_empty());
}

/// Scalars in all styles, indented to stand below a key.
fn scalar() -> impl Strategy<Value = String> {
    let text = "[a-zA-Z0-9 é:#'\"{}-]{0,12}";
    prop_oneof![
        "[a-zA-Zé][a-z0-9 _/.]{0,10}[a-z0-9]",
        "-?[0-9]{1,6}(\\.[0-9]{1,3})?",
        text.prop_map(|text| format!("'{}'", text.replace('\'', "''"))),
        text.prop_map(|text| format!("{text:?}")),
        proptest::collection::vec("[a-z#:é][a-z #:-]{0,8}", 1..4)
            .prop_map(|lines| format!("|\n      {}", lines.join("\n      "))),
        proptest::collection::vec("[a-zé][a-z]{0,8}", 1..4)
            .prop_map(|lines| format!(">-\n      {}", lines.join("\n      "))),
        proptest::collection::vec("[a-z]{1,5}", 2..4).prop_map(|lines| lines.join("\n      ")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What a span covers reads as the same scalar again.
    #[test]
    fn spans_read_back_as_the_same_scalar(scalars in proptest::collection::vec((scalar(), any::<bool>()), 1..6)) {
        let mut document = String::from("# head\nlist:\n");
        for (index, (scalar, in_map)) in scalars.iter().enumerate() {
            document += &if *in_map { format!("  - k{index}: {scalar}\n    z: 1 # c\n") } else { format!("  -   {scalar}\n") };
        }
        let (tree, problems) = parse(Syntax::Yaml, &document);
        prop_assert!(problems.is_empty(), "{document}\n{problems:?}");
        let list = tree.find(tree.roots()[0], &["list"]).unwrap();
        prop_assert_eq!(tree.items(list).len(), scalars.len());
        for item in tree.items(list) {
            prop_assert_eq!(tree.file().slice(tree.node(*item).key), "-");
            let value = tree.entries(*item).first().map_or(*item, |entry| entry.value);
            let slice = tree.file().slice(tree.node(value).span);
            let (again, _) = parse(Syntax::Yaml, slice);
            prop_assert_eq!(show(&again, again.roots()[0]), show(&tree, value), "{:?} of {}", slice, document);
        }
    }
}
