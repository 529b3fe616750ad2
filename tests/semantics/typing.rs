//! What is accepted runs, and what runs is accepted: over expressions that are made at random from
//! typed parts.

use annexa::document::{Kinds, Recogniser, Shape, load};
use annexa::engine::cel::{Bindings, Lendable, Lent, Program, Scope, Stop, TreeRef, Value, lend, traced};
use annexa::engine::check::{Environment, check, of_shape};
use annexa::engine::types::Type;
use annexa::engine::{deep, syntax};
use annexa::source::SourceFile;
use annexa::value::Limits;
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

/// Every type that a schema can name, all of them there.
const SCHEMA: &str = r#"{"x-document": {"id": "sample", "plural": "samples", "globs": ["*.sample.yaml"]},
"type": "object", "additionalProperties": false, "properties": {
  "flag": {"type": "boolean"}, "count": {"type": "integer"}, "share": {"type": "number"}, "name": {"type": "string"},
  "stage": {"type": "string", "enum": ["design", "operation"]}, "day": {"type": "string", "format": "date"},
  "names": {"type": "array", "items": {"type": "string"}}, "counts": {"type": "array", "items": {"type": "integer"}},
  "parts": {"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["name"],
    "properties": {"name": {"type": "string"}, "count": {"type": "integer"}, "share": {"type": "number"}}}},
  "labels": {"type": "object", "additionalProperties": {"type": "string"}}}}"#;

const DOCUMENT: &str = "flag: true\ncount: 3\nshare: 0.5\nname: abc\nstage: design\nday: 2026-03-01\nnames: [a, b]\n\
counts: [1, 2, 3]\nparts:\n  - {name: x, count: 1, share: 1}\n  - {name: y, count: 2, share: 0.25}\nlabels: {k: v, l: w}\n";

/// `doc` alone.
struct Bound(Box<dyn Lendable>);

impl Bindings for Bound {
    fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
        (name == "doc").then(|| Lent::Borrowed(self.0.as_ref()))
    }
}

struct Sample {
    environment: Environment,
    bound: Bound,
}

/// Made once: reading the schemas takes longer than all that is done with them here.
static SAMPLE: LazyLock<Sample> = LazyLock::new(sample);

fn sample() -> Sample {
    let mut kinds = Kinds::bundled();
    kinds.add(&Arc::new(SourceFile::new("sample.schema.json", SCHEMA.into()))).expect("the schema is valid");
    let recogniser = Recogniser::new(&kinds, &[]).expect("the globs are valid");
    let file = Arc::new(SourceFile::new("a.sample.yaml", DOCUMENT.into()));
    let loaded = load(&kinds, &recogniser, file, &Limits::default()).expect("it is one");
    let document = &loaded.documents[0];
    assert!(document.problems.is_empty(), "{:?}", document.problems);
    let mut environment = Environment::default();
    environment.bind("doc", of_shape(&Shape::of(kinds.get("sample").expect("it was added"))));
    let bound = Bound(lend(&TreeRef { tree: Arc::clone(&document.tree), index: 0 }, document.root));
    Sample { environment, bound }
}

impl Sample {
    /// What is wrong with an expression before it is run; `None` when it is no CEL at all.
    fn refused(&self, text: &str) -> Option<Vec<String>> {
        let ast = syntax::parse(text).ok()?;
        Some(check(&ast, &self.environment).mistakes.into_iter().map(|m| m.message).collect())
    }

    fn run(&self, text: &str) -> Result<Value, Stop> {
        let program = Program::compile(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
        traced(|| Scope::new(&self.bound, &[]).evaluate(&program)).0
    }
}

/// Whether an evaluation ended because a value had the wrong type.
fn is_type_error(result: &Result<Value, Stop>) -> bool {
    matches!(result, Err(Stop::Error(why)) if why.contains("does not take") || why.contains("wanted") || why.contains("no overload"))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Of {
    Bool,
    Int,
    Double,
    Text,
    Time,
    Span,
    Texts,
    Ints,
    Parts,
    Part,
    Labels,
}

/// An expression of a type. The places `(kind, depth)` below it are made alike.
fn made(of: Of, depth: u32) -> BoxedStrategy<String> {
    let leaf: Vec<&'static str> = match of {
        Of::Bool => vec!["true", "doc.flag", "has(doc.name)", "(doc.stage == 'design')"],
        Of::Int => vec!["1", "(-7)", "doc.count", "doc.counts[0]", "size(doc.names)"],
        Of::Double => vec!["0.5", "doc.share", "double(doc.count)", "1e3"],
        Of::Text => vec!["'a'", "doc.name", "string(doc.stage)", "doc.names[1]", "doc.labels.k", "''"],
        Of::Time => vec!["doc.day", "date('2026-01-31')", "timestamp('2026-01-01T00:00:00Z')"],
        Of::Span => vec!["days(3)", "duration('90s')", "(doc.day - date('2026-01-01'))"],
        Of::Texts => vec!["doc.names", "['a', doc.name]", "[]", "doc.labels.map(k, k)"],
        Of::Ints => vec!["doc.counts", "[1, 2]", "lists.range(3)"],
        Of::Parts => vec!["doc.parts"],
        Of::Part => vec!["doc.parts[0]"],
        Of::Labels => vec!["doc.labels", "{'k': 'v'}"],
    };
    let leaf = prop::sample::select(leaf).prop_map(str::to_owned).boxed();
    if depth == 0 {
        return leaf;
    }
    let d = depth - 1;
    let one = |of: Of, shape: &'static str| made(of, d).prop_map(move |a| shape.replace("%a", &a)).boxed();
    let two = |a: Of, b: Of, shape: &'static str| {
        (made(a, d), made(b, d)).prop_map(move |(a, b)| shape.replace("%a", &a).replace("%b", &b)).boxed()
    };
    let three = |a: Of, b: Of, c: Of, shape: &'static str| {
        let parts = (made(a, d), made(b, d), made(c, d));
        parts.prop_map(move |(a, b, c)| shape.replace("%a", &a).replace("%b", &b).replace("%c", &c)).boxed()
    };
    let mut choices = vec![leaf];
    choices.extend(match of {
        Of::Bool => vec![
            two(Of::Bool, Of::Bool, "(%a && %b)"),
            two(Of::Bool, Of::Bool, "(%a || !(%b))"),
            two(Of::Int, Of::Int, "([%a] == [%b])"),
            two(Of::Int, Of::Double, "([%a][0] < %b)"),
            two(Of::Text, Of::Text, "([%a][0] <= %b)"),
            two(Of::Time, Of::Time, "([%a][0] > %b)"),
            two(Of::Text, Of::Texts, "(%a in %b)"),
            two(Of::Int, Of::Ints, "(%a in %b)"),
            two(Of::Text, Of::Text, "(%a).contains(%b)"),
            two(Of::Texts, Of::Text, "(%a).exists(n, n == %b)"),
            two(Of::Texts, Of::Int, "(%a).all(i, n, i < %b && n != '')"),
            one(Of::Labels, "(%a).all(k, v, k != v)"),
            one(Of::Parts, "(%a).exists_one(p, p.count > 1)"),
            one(Of::Part, "has((%a).share)"),
            one(Of::Texts, "sets.contains(%a, ['a'])"),
        ],
        Of::Int => vec![
            two(Of::Int, Of::Int, "(%a + %b)"),
            two(Of::Int, Of::Int, "(%a - %b)"),
            one(Of::Int, "-(%a)"),
            one(Of::Text, "size(%a)"),
            one(Of::Texts, "(%a).size()"),
            one(Of::Double, "int(%a)"),
            one(Of::Time, "(%a).getFullYear()"),
            one(Of::Part, "(%a).count"),
            three(Of::Bool, Of::Int, Of::Int, "(%a ? %b : %c)"),
            two(Of::Int, Of::Int, "math.greatest(%a, %b)"),
            two(Of::Ints, Of::Int, "(%a)[?0].orValue(%b)"),
            two(Of::Int, Of::Int, "cel.bind(x, %a, x + %b)"),
        ],
        Of::Double => vec![
            two(Of::Double, Of::Double, "(%a + %b)"),
            two(Of::Double, Of::Double, "(%a * %b)"),
            one(Of::Double, "math.abs(%a)"),
            two(Of::Text, Of::Text, "similarity(%a, %b)"),
            one(Of::Part, "(%a).?share.orValue(0.0)"),
        ],
        Of::Text => vec![
            two(Of::Text, Of::Text, "(%a + %b)"),
            one(Of::Text, "(%a).lowerAscii()"),
            one(Of::Int, "string(%a)"),
            one(Of::Texts, "(%a).join('-')"),
            one(Of::Part, "(%a).name"),
            two(Of::Labels, Of::Text, "(%a).?k.orValue(%b)"),
            three(Of::Bool, Of::Text, Of::Text, "(%a ? %b : %c)"),
        ],
        Of::Time => vec![two(Of::Time, Of::Span, "(%a + %b)"), two(Of::Time, Of::Span, "(%a - %b)")],
        Of::Span => {
            vec![two(Of::Time, Of::Time, "(%a - %b)"), two(Of::Span, Of::Span, "(%a + %b)"), one(Of::Int, "days(%a)")]
        }
        Of::Texts => vec![
            two(Of::Texts, Of::Texts, "(%a + %b)"),
            one(Of::Parts, "(%a).map(p, p.name)"),
            one(Of::Texts, "(%a).filter(n, n != 'a')"),
            one(Of::Labels, "(%a).transformList(k, v, k + v)"),
            one(Of::Text, "(%a).split('b')"),
            one(Of::Texts, "(%a).sort()"),
        ],
        Of::Ints => vec![
            two(Of::Ints, Of::Ints, "(%a + %b)"),
            one(Of::Ints, "(%a).map(n, n > 1, n - 1)"),
            one(Of::Texts, "(%a).map(n, size(n))"),
            one(Of::Ints, "(%a).distinct()"),
        ],
        Of::Parts => vec![
            two(Of::Parts, Of::Text, "(%a).filter(p, p.name != %b)"),
            one(Of::Parts, "(%a).sortBy(p, p.name)"),
            two(Of::Parts, Of::Text, "lookup(%a, 'name', %b)"),
        ],
        Of::Part => vec![],
        Of::Labels => vec![one(Of::Labels, "(%a).transformMap(k, v, v + k)")],
    });
    prop::strategy::Union::new(choices).boxed()
}

fn any_type() -> impl Strategy<Value = Of> {
    prop::sample::select(vec![
        Of::Bool,
        Of::Int,
        Of::Double,
        Of::Text,
        Of::Time,
        Of::Span,
        Of::Texts,
        Of::Ints,
        Of::Parts,
        Of::Labels,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Well-typed expressions are accepted, and none of them meets a value of the wrong type.
    #[test]
    fn what_is_made_of_the_right_types_is_accepted_and_runs(text in any_type().prop_flat_map(|of| made(of, 3))) {
        deep(|| {
            let sample = &*SAMPLE;
            prop_assert_eq!(sample.refused(&text), Some(Vec::new()), "{}", text);
            let result = sample.run(&text);
            prop_assert!(!is_type_error(&result), "{}: {:?}", text, result);
            Ok(())
        })?;
    }

    /// One part is replaced by one of another type: whatever is accepted all the same runs without
    /// meeting a value of the wrong type, and what runs to a value was not refused without a reason.
    #[test]
    fn what_is_accepted_meets_no_wrong_type((of, other) in (any_type(), any_type()), seed in made(Of::Text, 2), depth in 1u32..3) {
        let strategy = made(of, depth);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let text = strategy.new_tree(&mut runner).expect("it can be made").current();
        let stranger = made(other, 1).new_tree(&mut runner).expect("it can be made").current();
        for part in ["doc.count", "doc.name", "doc.names", "doc.day", "'a'", "doc.flag", "doc.share"] {
            let text = text.replacen(part, &format!("({stranger})"), 1) ;
            let text = format!("[{text}, {seed}].size() == 2");
            deep(|| {
                let sample = &*SAMPLE;
                if sample.refused(&text) == Some(Vec::new()) {
                    let result = sample.run(&text);
                    prop_assert!(!is_type_error(&result), "{}: {:?}", text, result);
                }
                Ok(())
            })?;
        }
    }
}

#[test]
fn types_are_found_out() {
    deep(|| {
        let sample = &*SAMPLE;
        let table = [
            ("doc.parts.map(p, p.share)", "list(double)"),
            ("doc.parts.filter(p, p.count > 1)[0].name", "string"),
            ("doc.labels.transformMap(k, v, size(v))", "map(string, int)"),
            ("doc.?parts[0].?name", "optional(string)"),
            ("doc.day - days(3)", "timestamp"),
            ("doc.flag ? [] : [1]", "list(int)"),
            ("[1, 'a']", "list(dyn)"),
            ("lookup(doc.parts, 'name', 'x')[0].count", "int"),
            ("cel.bind(x, doc.counts, x + x)", "list(int)"),
            ("math.greatest(doc.count, 3)", "int"),
        ];
        for (text, expected) in table {
            let ast = syntax::parse(text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
            let typed = check(&ast, &sample.environment);
            assert_eq!(typed.mistakes, Vec::new(), "{text}");
            assert_eq!(typed.result().to_string(), expected, "{text}");
        }
        assert_eq!(Type::parse("list(int)").map(Type::list), Ok(Type::list(Type::list(Type::Int))));
    });
}
