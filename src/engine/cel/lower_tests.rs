//! Our parser and lowering against the crate's own parser: the same tree for every construct.

use super::library;
use super::lower::lower;
use crate::engine::deep;
use crate::engine::syntax::{Limit, parse};
use crate::policy::{Piece, Policy, bundled, pieces};
use cel::IdedExpr;
use cel::common::ast::operators::{LOGICAL_NOT, NEGATE};
use cel::common::ast::{EntryExpr, Expr};
use proptest::prelude::*;

/// One of every construct, and what is near to another one.
const EXPRESSIONS: &[&str] = &[
    // Constants.
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "- 1",
    "007",
    "9223372036854775807",
    "-9223372036854775808",
    "0x0",
    "0xFf",
    "-0x7fffffffffffffff",
    "-0x8000000000000000",
    "1u",
    "0U",
    "18446744073709551615u",
    "0xffu",
    "0xFFU",
    "1.0",
    "-1.5",
    "1e3",
    "1E-3",
    "1.5e+10",
    ".5",
    "-.5",
    "1.5e308",
    "0.0",
    // Text and bytes.
    "''",
    "\"\"",
    "'a'",
    "\"a\"",
    "'it\\'s'",
    "\"it's\"",
    "'\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\\"\\'\\`'",
    "'\\x41\\X42'",
    "'\\u00e9\\U0001f600'",
    "'\\101\\377'",
    "r'\\d+'",
    "R\"\\w\"",
    "'''a\nb'''",
    "\"\"\"a \"quoted\" word\"\"\"",
    "r'''a\\\n'b''",
    "''''a'''",
    "''''''",
    "'''it\\'''s'''",
    "'''\r\n\r'''",
    "b'a'",
    "B\"\\xff\"",
    "b'\\377\\x00é'",
    "br'\\x'",
    "bR'''\n'''",
    "'größe 🐱'",
    "'// no comment'",
    "r'\\'",
    "'a' 'b'",
    "'\\u00e'",
    // Names and selections.
    "a",
    "_",
    "_a1",
    "a.b",
    "a.b.c.d",
    "a . b",
    ".a",
    ".a.b",
    "a.`b-c`",
    "a.`b c/d.e`",
    "a.package",
    "a.if.for",
    "a.?b",
    "a.?b.c",
    "a.?`b-c`.?d",
    "a . ? b",
    "a[0]",
    "a['k']",
    "a[?0]",
    "a[? 'k'].b",
    "a[b[c]]",
    "a[b ? 0 : 1]",
    "(a).b",
    "(a.b).c",
    "'text'.size()",
    "1.0.x",
    "-1.x",
    "-a.b",
    "-a[0]",
    "{'a': 1}.a",
    "[1][0]",
    // Calls.
    "f()",
    "f(1)",
    "f(1, 2, 3)",
    "f(a, b)",
    ".f(1)",
    "a.f()",
    "a.b.f(c).g(d, e)",
    "a.f(b.g(c))",
    "f(f(f(1)))",
    "a.package()",
    "math.abs(-1)",
    "math.greatest(1)",
    "math.greatest(1, 2)",
    "math.least(1, 2.0, 3u)",
    "math.greatest([1, 2])",
    "math.least(a)",
    "math.greatest(a, b, c)",
    "math.least([a, b.c])",
    "other.greatest(1, 'a')",
    "greatest(1)",
    "optional.of(1)",
    "optional.none()",
    "lists.range(3)",
    // Operators, their levels and their grouping.
    "a + b",
    "a - b",
    "a-b",
    "a -1",
    "a - -1",
    "a--1",
    "1 - - 1",
    "a * b / c % d",
    "a + b * c",
    "a * b + c",
    "(a + b) * c",
    "a - b - c",
    "a - (b - c)",
    "a < b",
    "a <= b",
    "a > b",
    "a >= b",
    "a == b",
    "a != b",
    "a in b",
    "a in [1] == true",
    "a < b == c",
    "a + b < c * d",
    "a == b && c != d",
    "a && b",
    "a || b",
    "a && b && c",
    "a || b || c || d",
    "a && b && c && d && e",
    "a || b || c || d || e || f",
    "a && b && c && d && e && f && g",
    "a && b || c && d || e",
    "a || b && c || d",
    "(a || b) && (c || d)",
    "a && (b && c) && d",
    "!a",
    "!!a",
    "!!!a",
    "!(!a)",
    "! a.b",
    "!-1",
    "-(1)",
    "--1",
    "---1",
    "--a",
    "-(-a)",
    "-(-1)",
    "!a.b && !c",
    "-1u",
    "!a == b",
    "-a * b",
    // Choices.
    "a ? b : c",
    "a ? b : c ? d : e",
    "a ? (b ? c : d) : e",
    "a || b ? c || d : e",
    "(a ? b : c) ? d : e",
    "a ? [1] : {}",
    "a ?b :c",
    "a[?0] ? .b : .c",
    // Lists, maps, messages.
    "[]",
    "[,]",
    "[1]",
    "[1,]",
    "[1, 2, 'c', [4]]",
    "[?a]",
    "[1, ?a.?b, 2]",
    "{}",
    "{,}",
    "{'a': 1}",
    "{'a': 1,}",
    "{1: 'a', true: 2, 3u: {}}",
    "{?'a': b}",
    "{'a': 1, ?'b': c.?d}",
    "{a: b ? c : d}",
    "A{}",
    "a.b.C{}",
    ".a.B{}",
    "A{,}",
    "A{b: 1}",
    "A{b: 1, ?c: d,}",
    "A{`b-c`: 1}",
    "a . b . C { d : 1 }",
    "A{}.b",
    "[A{}, {}]",
    "a.package.B{if: 1}",
    // Macros.
    "has(a.b)",
    "has(a.b.c)",
    "has(a.`b-c`)",
    "has(a[0].b)",
    "has((a.b))",
    "has(a.?b.c)",
    "!has(a.b)",
    "has(a, b)",
    "a.has(b.c)",
    "a.all(x, x > 1)",
    "a.exists(x, x)",
    "a.exists_one(x, x)",
    "a.existsOne(x, x)",
    "a.map(x, x + 1)",
    "a.map(x, x > 1, x)",
    "a.filter(x, x)",
    "a.b.c.all(x, x)",
    "[1, 2].map(x, [x].map(y, x + y))",
    "a.all(x, a.exists(x, x))",
    "all(a, b)",
    "a.map(x)",
    "a.map(a, b, c, d)",
    "a.filter(x, x, y)",
    "a.sortBy(x, x.y)",
    "[1].sortBy(x, -x)",
    "a.b().sortBy(x, x)",
    "a.sortBy(x)",
    "a.optMap(x, x + 1)",
    "a.b.optMap(x, x)",
    "a.?b.optMap(x, x)",
    "a.optFlatMap(x, x.?b)",
    "a.?b.optFlatMap(x, x.?c).orValue(1)",
    "a.optMap(x)",
    "{}.map(k, k)",
    "a.all(x, has(x.b) && x.b.all(y, y == x.c))",
    "a.map(x, x.map(y, y).filter(z, z))[0]",
    "a.exists(in_, in_ == 1)",
    // Blanks and comments.
    " 1 ",
    "\t1\n+\r\n2\x0c",
    "1 // one",
    "// first\n1 +// second\n2",
    "a // x\n.b",
    "a.all(x, // each\n x > 1)",
    "1//",
    // What the slips of other languages look like and is none.
    "a.b-c",
    "a==b",
    "a<-b",
    "a!=!b",
    "not(a)",
    "a.contains('b')",
    "[-1]",
    "{-1: -1}",
    "f(-1)",
    "a?-1:-2",
    "true_",
    "inn",
    "nullable",
];

/// What `text` is for the crate's parser, and for ours.
fn trees(text: &str) -> (Option<IdedExpr>, Option<IdedExpr>) {
    let parser = library::env().parser().enable_optional_syntax(true).enable_ident_escape_syntax(true);
    let theirs = parser.max_recursion_depth(Limit::BRACKETS as u16).parse(text).ok();
    let ours = parse(text).ok().and_then(|ast| lower(&ast).ok());
    (theirs.map(plain), ours.map(plain))
}

/// Without ids. The crate drops pairs of signs, which cancel each other out; we keep them, so that
/// they can be checked.
fn plain(expr: IdedExpr) -> IdedExpr {
    let many = |exprs: Vec<IdedExpr>| exprs.into_iter().map(plain).collect::<Vec<_>>();
    let expr = match expr.expr {
        Expr::Call(mut call) => {
            call.args = many(call.args);
            call.target = call.target.map(|target| Box::new(plain(*target)));
            if let ([IdedExpr { expr: Expr::Call(inner), .. }], LOGICAL_NOT | NEGATE) =
                (call.args.as_slice(), call.func_name.as_str())
                && inner.func_name == call.func_name
            {
                return inner.args[0].clone();
            }
            Expr::Call(call)
        }
        Expr::Comprehension(mut c) => {
            for part in [&mut c.iter_range, &mut c.accu_init, &mut c.loop_cond, &mut c.loop_step, &mut c.result] {
                *part = plain(std::mem::take(part));
            }
            Expr::Comprehension(c)
        }
        Expr::List(mut list) => {
            list.elements = many(list.elements);
            Expr::List(list)
        }
        Expr::Map(mut map) => {
            map.entries.iter_mut().for_each(plain_entry);
            Expr::Map(map)
        }
        Expr::Struct(mut message) => {
            message.entries.iter_mut().for_each(plain_entry);
            Expr::Struct(message)
        }
        Expr::Select(mut select) => {
            select.operand = Box::new(plain(*select.operand));
            Expr::Select(select)
        }
        other => other,
    };
    IdedExpr { id: 0, expr }
}

fn plain_entry(entry: &mut cel::common::ast::IdedEntryExpr) {
    entry.id = 0;
    match &mut entry.expr {
        EntryExpr::MapEntry(entry) => {
            entry.key = plain(std::mem::take(&mut entry.key));
            entry.value = plain(std::mem::take(&mut entry.value));
        }
        EntryExpr::StructField(field) => field.value = plain(std::mem::take(&mut field.value)),
    }
}

#[track_caller]
fn assert_same(text: &str) {
    let (theirs, ours) = trees(text);
    assert_eq!(ours, theirs, "{text}\n{:?}", parse(text).err());
}

#[test]
fn every_construct_gives_the_tree_that_the_crate_gives() {
    deep(|| {
        EXPRESSIONS.iter().for_each(|text| assert_same(text));
        let valid = EXPRESSIONS.iter().filter(|text| trees(text).0.is_some()).count();
        assert!(valid >= 250, "{valid} of {} are expressions", EXPRESSIONS.len());
    });
}

#[test]
fn shipped_expressions_give_the_tree_that_the_crate_gives() {
    let expressions: Vec<String> = bundled().iter().flat_map(|policy| expressions_of(policy)).collect();
    assert!(expressions.len() > 200, "{} expressions are shipped", expressions.len());
    deep(move || {
        for text in &expressions {
            assert!(parse(text).is_ok(), "{text}");
            assert_same(text);
        }
    });
}

#[test]
fn ids_lead_back_to_the_bytes_of_the_nodes() {
    let text = "doc.owners.all(o, has(o.name) && o.name != 'TBD')";
    let ast = parse(text).expect("it is valid");
    let expr = lower(&ast).expect("it is valid");
    let mut stack = vec![&expr];
    while let Some(node) = stack.pop() {
        let id = u32::try_from(node.id).expect("it is small");
        assert!((1..=ast.len() as u32).contains(&id), "{node:?}");
        stack.extend(super::program::children(node));
    }
    let span = ast.span(crate::engine::syntax::ExprId(expr.id as u32 - 1));
    assert_eq!(span, 0..text.len() as u32);
}

/// All expressions of a policy, those in its messages too.
fn expressions_of(policy: &Policy) -> Vec<String> {
    let mut texts: Vec<String> = policy.when.iter().chain(&policy.for_each).map(|e| e.text.clone()).collect();
    texts.extend(policy.variables.iter().map(|(_, e)| e.text.clone()));
    for validation in &policy.validations {
        texts.push(validation.expression.text.clone());
        texts.extend(validation.message_expression.iter().chain(&validation.at).map(|e| e.text.clone()));
        let words = validation.message.iter().flat_map(|message| pieces(&message.text).unwrap_or_default());
        texts.extend(words.filter_map(|piece| match piece {
            Piece::Expression(text, _) => Some(text),
            Piece::Text(_) => None,
        }));
    }
    texts
}

/// Text of an expression of at most `depth` levels, rich in what is near to something else.
fn expression(depth: u32) -> BoxedStrategy<String> {
    let leaf = prop::sample::select(vec![
        "a",
        "b.c",
        ".d",
        "x",
        "1",
        "-1",
        "2u",
        "0x1f",
        ".5",
        "1e3",
        "'t'",
        "\"q'\"",
        "r'\\d'",
        "b'\\x00'",
        "'''m\n'''",
        "null",
        "true",
        "a.?b",
        "a[?0]",
        "a.`b-c`",
        "[]",
        "{}",
        "'\\u00e9'",
    ]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(depth, 64, 4, |inner| {
            let operator = prop::sample::select(vec![
                "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", " in ", "&&", "||", " && ", " || ", " - ", " // c\n+",
            ]);
            let name = prop::sample::select(vec!["x", "y", "abc_1"]);
            let macros = prop::sample::select(vec![
                "all", "exists", "exists_one", "existsOne", "map", "filter", "sortBy", "optMap", "optFlatMap", "size",
            ]);
            let function = prop::sample::select(vec!["f", "size", "math.least", "math.greatest", ".g", "a.m", "has", "not"]);
            prop_oneof![
                6 => (inner.clone(), operator, inner.clone()).prop_map(|(l, o, r)| format!("{l}{o}{r}")),
                2 => inner.clone().prop_map(|e| format!("({e})")),
                // Pairs of signs stand in the table: the crate takes them away before it looks at what is behind.
                1 => (prop::sample::select(vec!["!", "-", "- "]), inner.clone()).prop_map(|(s, e)| format!("{s}{e}")),
                1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, t, e)| format!("{c} ? {t} : {e}")),
                2 => (inner.clone(), prop::sample::select(vec![".f", ".?f", ".`f-g`", "[0]", "[?'k']", ".size()", ".in"]))
                    .prop_map(|(e, s)| format!("{e}{s}")),
                1 => (inner.clone(), inner.clone()).prop_map(|(e, k)| format!("{e}[{k}]")),
                2 => (inner.clone(), macros, name, inner.clone()).prop_map(|(e, m, n, b)| format!("({e}).{m}({n}, {b})")),
                1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(e, g, b)| format!("({e}).map(x, {g}, {b})")),
                1 => (function, prop::collection::vec(inner.clone(), 0..4)).prop_map(|(f, args)| format!("{f}({})", args.join(", "))),
                1 => (prop::collection::vec(inner.clone(), 0..4), "[?]?", ",?").prop_map(|(items, mark, comma)| {
                    if items.is_empty() { format!("[{comma}]") } else { format!("[{mark}{}{comma}]", items.join(", ")) }
                }),
                1 => (inner.clone(), inner.clone(), "[?]?").prop_map(|(k, v, mark)| format!("{{{mark}{k}: {v}}}")),
                1 => inner.clone().prop_map(|v| format!("m.N{{f: {v}}}")),
                1 => inner.prop_map(|e| format!("has(({e}).f)")),
            ]
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn generated_expressions_give_the_tree_that_the_crate_gives(text in expression(4)) {
        // The crate takes `has(has(a.b))`, which the specification does not: its argument is no field.
        prop_assume!(text.matches("has(").count() < 2);
        let copy = text.clone();
        let (theirs, ours) = deep(move || trees(&copy));
        prop_assert_eq!(ours, theirs, "{}", text);
    }

    /// Anything at all is parsed or refused at a place within it.
    #[test]
    fn no_text_disturbs_the_parser(text in "[a-c0-9.,:?!&|=<>+*/%(){}\\[\\]'\"\\\\`ru_ \n–“é\u{202e}-]{0,40}") {
        if let Err(error) = parse(&text) {
            prop_assert!(error.at.end <= text.len() && error.at.start <= error.at.end, "{:?}", error);
            prop_assert!(text.is_char_boundary(error.at.start) && text.is_char_boundary(error.at.end), "{:?}", error);
            prop_assert!(!error.message.is_empty() && !error.help.is_empty(), "{:?}", error);
        }
    }
}
