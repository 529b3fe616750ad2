use crate::value::testing::{parse, place, show, shown, values};
use crate::value::{Data, Syntax, Text};
use proptest::prelude::*;

#[test]
fn every_value_and_key_has_its_exact_place() {
    let document = "\
# a register
id = \"chat\"
n = 1_000 # c
owner.name = 'Ada'
owner.\"mail \\u0061\" = \"\"\"
a\"\"\"

[life.cycle]
stage = \"use\\n\"
since = 2024-01-02
list = [ 1, [ ], { k = 0x1F, l.m = -1.5e1 } ]

[[systems]]
id = 'one'
[systems.more]
x = true
[[systems]]
";
    let (tree, problems) = parse(Syntax::Toml, document);
    assert_eq!(shown(&tree, &problems), Vec::<String>::new());
    let root = tree.roots()[0];
    let table: &[(&[&str], &str, &str, &str)] = &[
        (&[], "2:1-17:12", "1:1-1:1", ""),
        (&["id"], "2:6-2:12", "2:1-2:3", "\"chat\""),
        (&["n"], "3:5-3:10", "3:1-3:2", "1000"),
        (&["owner"], "4:1-6:5", "4:1-4:6", "{name: \"Ada\", mail a: \"a\"}"),
        (&["owner", "name"], "4:14-4:19", "4:7-4:11", "\"Ada\""),
        (&["owner", "mail a"], "5:23-6:5", "5:7-5:20", "\"a\""),
        (&["life"], "8:1-11:46", "8:2-8:6", ""),
        (&["life", "cycle"], "8:1-11:46", "8:7-8:12", ""),
        (&["life", "cycle", "stage"], "9:9-9:16", "9:1-9:6", "\"use\\n\""),
        (&["life", "cycle", "since"], "10:9-10:19", "10:1-10:6", "\"2024-01-02\""),
        (&["life", "cycle", "list"], "11:8-11:46", "11:1-11:5", "[1, [], {k: 31, l: {m: -15.0}}]"),
        (&["life", "cycle", "list", "2", "l", "m"], "11:36-11:42", "11:32-11:33", "-15.0"),
        (&["systems"], "13:1-17:12", "13:3-13:10", "[{id: \"one\", more: {x: true}}, {}]"),
        (&["systems", "0"], "13:1-16:9", "13:1-13:12", "{id: \"one\", more: {x: true}}"),
        (&["systems", "0", "more"], "15:1-16:9", "15:10-15:14", "{x: true}"),
        (&["systems", "1"], "17:1-17:12", "17:1-17:12", "{}"),
    ];
    for (path, value, key, expected) in table {
        let id = tree.find(root, path).unwrap();
        let node = tree.node(id);
        assert_eq!((place(&tree, node.span), place(&tree, node.key)), ((*value).into(), (*key).into()), "{path:?}");
        if !expected.is_empty() {
            assert_eq!(show(&tree, id), *expected, "{path:?}");
        }
    }
    let node = |path: &[&str]| tree.node(tree.find(root, path).unwrap());
    assert!(node(&["life", "cycle", "since"]).plain);
    assert!(!node(&["id"]).plain);
    assert!(matches!(node(&["owner", "mail a"]).data, Data::Text(Text::Owned(_))));
    assert!(matches!(node(&["owner", "name"]).data, Data::Text(Text::Slice(_))));
}

#[test]
fn values_follow_the_specification() {
    let table = [
        ("", "{}"),
        ("# only a comment\n", "{}"),
        ("a = 0o17\nb = 0b11\nc = +5\nd = -0", "{a: 15, b: 3, c: 5, d: 0}"),
        ("a = inf\nb = -inf\nc = nan\nd = 1e3", "{a: inf, b: -inf, c: NaN, d: 1000.0}"),
        ("a = 9223372036854775808\nb = 0xFFFFFFFFFFFFFFFF", "{a: 9.223372036854776e18, b: 1.8446744073709552e19}"),
        ("a = 1979-05-27 07:32:00Z\nb = 07:32:00", "{a: \"1979-05-27 07:32:00Z\", b: \"07:32:00\"}"),
        ("a = '''\nx\\y'''\nb = \"\"\"x \\\n  y\"\"\"", "{a: \"x\\\\y\", b: \"x y\"}"),
        ("a.b = 1\na.c = 2\n[a.d]\ne = 3", "{a: {b: 1, c: 2, d: {e: 3}}}"),
        ("[a.b]\nx = 1\n[a]\ny = 2", "{a: {b: {x: 1}, y: 2}}"),
        ("[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\n[[a]]\nc = [\n 1, # one\n 2,\n]", "{a: [{b: [{x: 1}, {}]}, {c: [1, 2]}]}"),
        ("\"\" = 1\n'x y'.z = 2", "{: 1, x y: {z: 2}}"),
    ];
    for (document, expected) in table {
        let (tree, problems) = parse(Syntax::Toml, document);
        assert_eq!(values(&tree), [expected], "{document:?} {problems:?}");
        assert!(problems.is_empty(), "{document:?} {problems:?}");
    }
    let (windows, _) = parse(Syntax::Toml, "a = '''x\r\ny'''\r\n[b]\r\nc = 1\r\n");
    assert_eq!(values(&windows), ["{a: \"x\\ny\", b: {c: 1}}"]);
}

/// Document, problems with their places, and what is readable all the same.
#[test]
fn problems_name_their_place() {
    let table: &[(&str, &[&str], &[&str])] = &[
        ("a = 1\na = 2\nb = 3", &["duplicate-key 2:1-2:2 < 1:1-1:2"], &["{a: 1, b: 3}"]),
        ("[a]\nx = 1\n[a]\ny = 2\n[b]\n", &["duplicate-key 3:2-3:3 < 1:2-1:3"], &["{a: {x: 1}, b: {}}"]),
        ("a = 1\n[a.b]\nx = 1\n", &["duplicate-key 2:2-2:3 < 1:1-1:2"], &["{a: 1}"]),
        ("a = {}\na.b = 1\n", &["duplicate-key 2:1-2:2 < 1:1-1:2"], &["{a: {}}"]),
        ("a = [1]\n[[a]]\n", &["duplicate-key 2:3-2:4 < 1:1-1:2"], &["{a: [1]}"]),
        ("a = {b = 1, b = 2}\n", &["duplicate-key 1:13-1:14 < 1:6-1:7"], &["{a: {b: 1}}"]),
        ("[a.b.c]\n[a]\nb.d = 1\n", &["duplicate-key 3:1-3:2 < 1:4-1:5"], &["{a: {b: {c: {}}}}"]),
        ("a = \n", &["toml-syntax 1:5-1:5"], &[]),
        ("a 1\n", &["toml-syntax 1:3-1:3"], &[]),
        ("a = 'x\n", &["toml-syntax 1:7-1:7 < 1:5-1:7"], &[]),
        ("[a\nb = 1\n", &["toml-syntax 1:3-1:3 < 1:1-1:3"], &[]),
        ("a = [1 2]\n", &["toml-syntax 1:6-1:9"], &[]),
        ("a = yes\n", &["toml-syntax 1:5-1:8"], &[]),
        ("a = \"\\q\"\n", &["toml-syntax 1:7-1:7 < 1:5-1:9"], &[]),
    ];
    for (document, expected, readable) in table {
        let (tree, problems) = parse(Syntax::Toml, document);
        assert_eq!(shown(&tree, &problems), *expected, "{document:?} {problems:?}");
        assert_eq!(values(&tree), *readable, "{document:?}");
    }
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?[1-9][0-9]{0,8}",
        "-?[1-9][0-9]{0,3}\\.[0-9]{1,3}",
        "(19|20)[0-9]{2}-0[1-9]-1[0-9]",
        "'[a-zA-Z0-9 é#\\\\]{0,12}'",
        "\"([a-z é#]|\\\\n|\\\\\"|\\\\u00e9){0,12}\"",
        "'''[a-z \n]{0,12}'''",
        Just("true".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// What a span covers reads as the same scalar again.
    #[test]
    fn spans_read_back_as_the_same_scalar(scalars in proptest::collection::vec(scalar(), 1..6)) {
        let document: String =
            scalars.iter().enumerate().map(|(index, scalar)| format!("[t.\"{index}\"] # c\nk . v = [ {scalar} ]\n")).collect();
        let (tree, problems) = parse(Syntax::Toml, &document);
        prop_assert!(problems.is_empty(), "{document}\n{problems:?}");
        for (index, scalar) in scalars.iter().enumerate() {
            let id = tree.find(tree.roots()[0], &["t", &index.to_string(), "k", "v", "0"]).unwrap();
            let slice = tree.file().slice(tree.node(id).span);
            prop_assert_eq!(slice, scalar);
            let (again, _) = parse(Syntax::Toml, &format!("x = {slice}"));
            prop_assert_eq!(show(&again, again.find(again.roots()[0], &["x"]).unwrap()), show(&tree, id));
        }
    }
}
