//! What is said about slips, and which bytes the nodes of the tree cover.

use super::*;

/// The expression, the bytes that the error points at, what it says, and a word of its help.
const SLIPS: &[(&str, &str, &str, &str)] = &[
    // Brackets.
    ("size(doc.owners > 0", "(", "this `(` is not closed: `)` is expected at the end", "`)`"),
    ("doc.tags == ['a', 'b'", "[", "this `[` is not closed: `]` is expected at the end", "`]`"),
    ("{'a': 1", "{", "this `{` is not closed: `}` is expected at the end", "`}`"),
    ("f((a + b)", "(", "this `(` is not closed: `)` is expected at the end", "`)`"),
    ("[size(a]", "(", "this `(` is not closed: `)` is expected before `]`", "`)`"),
    ("doc.list[0", "[", "this `[` is not closed: `]` is expected at the end", "`]`"),
    ("size(doc.owners))", ")", "this `)` closes nothing", "Delete it"),
    ("()", ")", "there is nothing between these brackets", "expression"),
    ("(a, b)", ",", "a `,` cannot stand between this `(` and its `)`", "calls"),
    // Operands and operators.
    ("doc.a &&", "&&", "nothing follows `&&`", "behind"),
    ("doc.a && || doc.b", "||", "a value is missing between `&&` and `||`", "Delete"),
    ("== 3", "==", "a value is missing before `==`", "in front"),
    ("f(a,)", ",", "nothing follows this `,`", "announces"),
    ("doc.a doc.b", "doc", "an operator is missing before `doc`", "&&"),
    ("doc.a 'b'", "'b'", "an operator is missing before `'b'`", "&&"),
    ("doc.", ".", "a field name is missing before the end", "name"),
    ("doc.rows.0", ".0", "a number is no field name", "`list[0]`"),
    ("doc.'a b'", "'a b'", "a text is no field name", "['a b']"),
    ("doc.in", "in", "`in` is a word of the language", "['in']"),
    ("a, b", ",", "this `,` separates nothing", "&&"),
    ("!-x", "-", "`-` cannot stand right after another sign", "(-x)"),
    // What other languages write.
    ("doc.a = 3", "=", "a single `=` does not compare", "`==`"),
    ("doc.a === 3", "===", "`===` is not an operator here", "`==`"),
    ("doc.a <> 3", "<>", "`<>` is not an operator here", "`!=`"),
    ("doc.a => 3", "=>", "`=>` is not an operator here", "`>=`"),
    ("doc.a & doc.b", "&", "a single `&` is not an operator here", "`&&`"),
    ("doc.a | doc.b", "|", "a single `|` is not an operator here", "`||`"),
    ("doc.a and doc.b", "and", "`and` is not an operator here", "`&&`"),
    ("doc.a OR doc.b", "OR", "`OR` is not an operator here", "`||`"),
    ("not doc.a", "not", "`not` is not an operator here", "`!`"),
    ("doc.a not in ['b']", "not", "`not` is not an operator here", "`!(x in list)`"),
    ("doc.text contains 'a'", "contains", "`contains` is not an operator here", "text.contains"),
    ("if doc.a then doc.b", "if", "`if` is a reserved word and names nothing", "?"),
    ("let x = 1", "let", "`let` is a reserved word and names nothing", "cel.bind"),
    ("doc.rows[*].a", "*", "`[*]` is not how CEL goes through a list", "map"),
    ("doc.a; doc.b", ";", "`;` has no meaning in an expression", "&&"),
    ("doc.a # why", "#", "`#` has no meaning in an expression", "//"),
    ("{{ doc.id }}", "{{", "`{{ }}` belongs to messages", "alone"),
    ("doc.a ** 2", "**", "`**` is not an operator here", "*"),
    // Choices and maps.
    ("doc.a ? 1", "?", "this `?` has no `:`, which is expected before the end", "condition ?"),
    ("doc.a : 1", ":", "this `:` belongs to no `?`", "condition ?"),
    ("a ? b ? c : d : e", "?", "a choice within a choice needs brackets", "("),
    ("{'a', 'b'}", ",", "a `:` and the value are missing after this key, before `,`", "[ ]"),
    // Text and numbers.
    ("doc.a == 'draft", "'", "the text that begins here has no closing `'`", "'"),
    ("'one\ntwo'", "'", "the text that begins here has no closing `'`", "'''"),
    ("'''one", "'''", "the text that begins here has no closing `'''`", "'''"),
    ("a.matches('\\d+')", "\\d", "a backslash before `d` is no escape", "r'\\d+'"),
    ("'\\x4'", "\\x4", "`\\x4` is an escape that is cut short", "2 hexadecimal"),
    ("'\\ud800'", "\\ud800", "`\\ud800` stands for no character", "character"),
    ("b'\\u00e9'", "\\u", "bytes have no escapes for characters", "\\x"),
    ("'it's'", "s", "the text before `s` ends too early", "\\'"),
    ("doc.a == “draft”", "“", "`“` is a typographic quote, which begins no text", "'"),
    ("9223372036854775808", "9223372036854775808", "this number is too large", "9223372036854775807"),
    ("1e999", "1e999", "this number is too large", "1.8e308"),
    ("doc.age < 30d", "30d", "`30d` is no number", "days(30)"),
    ("1_000", "1_000", "`1_000` is no number", "1000000"),
    // Names.
    ("doc.größe", "ö", "`ö` cannot stand in a plain name", "doc['the key']"),
    ("doc.`a:b`", ":", "`:` cannot stand in a name in back-ticks", "doc['the key']"),
    ("doc.`a", "`", "the name that begins here has no closing back-tick", "back-ticks"),
    ("`a-b` == 1", "`a-b`", "a name in back-ticks stands behind a dot only", "doc"),
    ("a\u{a0}== 1", "\u{a0}", "the character U+00A0 stands here and cannot be seen", "Delete"),
    ("doc.a == '' \u{202e}", "\u{202e}", "the character U+202E stands here and cannot be seen", "Delete"),
    ("doc.a\0", "\0", "the character U+0000 stands here and cannot be seen", "Delete"),
    ("while(1)", "while", "`while` is a reserved word and names nothing", "list.all"),
    ("package == 1", "package", "`package` is a reserved word and names nothing", "field"),
    // Macros.
    ("has(doc)", "doc", "`has` asks for a field", "has(doc.owner)"),
    ("has(doc['a'])", "doc['a']", "`has` asks for a field", "'key' in map"),
    ("has(doc.?a)", "doc.?a", "`has` asks for a field", "hasValue"),
    ("doc.rows.all(r.a, r.a > 1)", "r.a", "`all` wants a new name here, which its last argument uses", "list.all(x"),
    ("doc.rows.all(k, k, true)", "k", "both variables are called `k`", "different"),
    (
        "cel.bind(x, 1)",
        "bind",
        "`cel.bind` takes a name, a value and an expression; here are 2 arguments",
        "cel.bind(x",
    ),
    ("'ab'.sortBy(x, x)", "'ab'", "`sortBy` sorts lists", "list.sortBy"),
    ("  ", "  ", "the expression is empty", "Write"),
];

#[test]
fn slips_are_named_where_they_are() {
    for (text, at, message, help) in SLIPS {
        let error = parse(text).expect_err(text);
        assert_eq!((&text[error.at.clone()], error.message.as_str()), (*at, *message), "{text}");
        assert!(error.help.contains(help), "{text}: {}", error.help);
    }
}

/// Slips that point at one of several equal pieces of text: the column of the first byte, from 0.
#[test]
fn slips_point_at_the_right_one() {
    for (text, column) in [
        ("size(doc.owners > 0", 4),
        ("f((a + b)", 1),
        ("f(g(a)", 1),
        ("(a) + (b", 6),
        ("[size(a]", 5),
        ("a && b && || c", 10),
        ("doc.a doc.b", 6),
        ("a ? b ? c : d : e", 6),
        ("doc.rows.all(k, k, true)", 16),
        ("'größe' = 1", 10),
        ("a.matches('ab\\d')", 13),
        ("a == 1 // why = how\n = 2", 21),
        ("'it's'", 4),
        ("// all\n\n  doc.a = 3", 16),
    ] {
        assert_eq!(parse(text).expect_err(text).at.start, column, "{text}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let brackets = format!("{}1{}", "(".repeat(200), ")".repeat(200));
    let not = format!("{}a", "!".repeat(300));
    let choices = format!("{}1", "a ? 1 : ".repeat(300));
    let fields = format!("a{}", ".b".repeat(300));
    for (text, message) in [
        (brackets.as_str(), "the brackets of the expression are nested more than 96 levels deep"),
        (not.as_str(), "the expression is nested more than 200 levels deep"),
        (choices.as_str(), "the expression is nested more than 200 levels deep"),
        (fields.as_str(), "the expression is nested more than 200 levels deep"),
        (&"1+".repeat(3000), "the expression has 6000 bytes; at most 4096 are compiled"),
        (&format!("{}1", "1+".repeat(2000)), "the expression is nested more than 200 levels deep"),
    ] {
        let error = parse(text).expect_err("it is too large");
        assert_eq!((error.message.as_str(), error.help.as_str()), (message, "Split it into `variables`."));
    }
    // Chains of conditions are not deep.
    assert!(parse(&format!("{}a", "a || ".repeat(500))).is_ok());
    assert!(parse(&format!("{}1{}", "[".repeat(96), "]".repeat(96))).is_ok());
}

/// Every node of the expression, as `what it is: the text that it covers`.
fn nodes(text: &str) -> Vec<String> {
    let ast = parse(text).expect(text);
    (0..ast.len() as u32)
        .map(|id| {
            let span = ast.span(ExprId(id));
            let kind = format!("{:?}", ast.expr(ExprId(id)));
            let kind = kind.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
            format!("{kind}: {}", &text[span.start as usize..span.end as usize])
        })
        .collect()
}

#[test]
fn nodes_cover_what_was_written() {
    for (text, expected) in [
        (
            "(a + b) * -c",
            vec!["Ident: a", "Ident: b", "Binary: a + b", "Ident: c", "Unary: -c", "Binary: (a + b) * -c"],
        ),
        ("(a.b).?c[-1]", vec!["Ident: a", "Select: a.b", "Select: (a.b).?c", "Literal: -1", "Index: (a.b).?c[-1]"]),
        ("has( doc . `a-b` )", vec!["Ident: doc", "Has: has( doc . `a-b` )"]),
        (
            "doc.a.all(k, v, v > 0) ? f(x, 1) : .y",
            vec![
                "Ident: doc",
                "Select: doc.a",
                "Ident: v",
                "Literal: 0",
                "Binary: v > 0",
                "Loop: doc.a.all(k, v, v > 0)",
                "Literal: 1",
                "Ident: x",
                "Call: f(x, 1)",
                "Ident: .y",
                "Conditional: doc.a.all(k, v, v > 0) ? f(x, 1) : .y",
            ],
        ),
        ("cel.bind(x, 1, x)", vec!["Literal: 1", "Ident: x", "Bind: cel.bind(x, 1, x)"]),
        ("a.b.C{d: 1}.e", vec!["Literal: 1", "Struct: a.b.C{d: 1}", "Select: a.b.C{d: 1}.e"]),
        (
            "[?a, b].optMap(x, x)",
            vec!["Ident: a", "Ident: b", "List: [?a, b]", "Ident: x", "OptMap: [?a, b].optMap(x, x)"],
        ),
        ("a && b || c", vec!["Ident: a", "Ident: b", "Binary: a && b", "Ident: c", "Binary: a && b || c"]),
    ] {
        assert_eq!(nodes(text), expected, "{text}");
    }
}

#[test]
fn names_and_operators_have_places() {
    let text = "doc.rows . map( row, row.a  in  [1] )";
    let ast = parse(text).expect(text);
    let Expr::Loop(walk) = ast.expr(ast.root()) else { panic!("a loop: {ast:?}") };
    let shown = |span: &Bytes| &text[span.start as usize..span.end as usize];
    assert_eq!((shown(&walk.keyword.span), shown(&walk.variable.span)), ("map", "row"));
    let Expr::Binary { at, .. } = ast.expr(walk.body) else { panic!("an operator: {ast:?}") };
    assert_eq!((shown(at), at.start), ("in", 28));
}
