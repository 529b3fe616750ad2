//! Each row of the table is what its signature and its example say.

use super::examples::{REPOSITORY, value};
use super::*;
use crate::engine::cel::traced;
use crate::engine::types::{Record, Type};
use crate::engine::{deep, surroundings};

#[test]
fn every_function_does_what_its_example_says() {
    for function in FUNCTIONS {
        function.run_example().unwrap_or_else(|why| panic!("{}: {why}", function.name));
        assert!(function.example.contains(&format!("{}(", function.name)), "{}", function.example);
    }
    assert!(examples::run("1 == 2").is_err() && examples::run("no_such()").is_err());
}

#[test]
fn the_table_is_sorted_and_each_row_has_a_name_a_signature_and_help() {
    for pair in FUNCTIONS.windows(2) {
        assert!(pair[0].name < pair[1].name, "{} comes before {}", pair[1].name, pair[0].name);
    }
    for function in FUNCTIONS {
        let signature = function.typed();
        assert_eq!(signature.name, function.name);
        assert_eq!(signature.receiver, None, "{}", function.name);
        assert!(signature.params.iter().all(|p| !p.name.is_empty()), "{} names its parameters", function.name);
        assert!(function.help.ends_with('.') && function.help.len() > 15, "{}", function.help);
        assert!(std::ptr::eq(Function::named(function.name).expect("it is there"), function));
    }
    assert!(Function::named("nothing").is_none());
}

/// Whether a value is of a type; letters stand for anything.
fn fits(value: &Value, of: &Type) -> bool {
    match (of, value) {
        (Type::Dyn | Type::Param(_), _)
        | (Type::Null, Value::Null)
        | (Type::Bool, Value::Bool(_))
        | (Type::Int, Value::Int(_))
        | (Type::Double, Value::Double(_))
        | (Type::String | Type::FieldOf(_), Value::Text(_))
        | (Type::Wrapper(_) | Type::Optional(_), Value::Null) => {
            !matches!((of, value), (Type::Optional(_), Value::Null))
        }
        (Type::Timestamp, value) => value.moment().is_some(),
        (Type::Duration, value) => value.span().is_some(),
        (Type::Wrapper(of), value) => fits(value, of),
        (Type::Optional(_), Value::Optional(None)) => true,
        (Type::Optional(of), Value::Optional(Some(value))) => fits(value, of),
        (Type::List(of), value) => value.items().is_some_and(|items| items.iter().all(|item| fits(item, of))),
        (Type::Map(_, of), value) => value.entries().is_some_and(|entries| entries.iter().all(|(_, v)| fits(v, of))),
        // Its values are made when they are read, in an evaluation.
        (Type::Record(Record::Fields(fields)), Value::Lazy(lazy)) => {
            fields.iter().map(|(name, _)| &**name).eq(lazy.names().iter().copied())
        }
        (Type::Record(Record::Fields(fields)), value) => {
            value.entries().is_none_or(|entries| entries.len() == fields.len())
                && fields.iter().all(|(name, of)| value.get(name).is_some_and(|v| fits(&v, of)))
        }
        _ => false,
    }
}

/// The calls of a function in its example that stand for themselves, with their brackets.
fn calls(function: &Function) -> Vec<&'static str> {
    let opening = format!("{}(", function.name);
    let starts = function.example.match_indices(&opening).map(|(at, _)| at);
    let own =
        starts.filter(|at| !function.example[..*at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.')));
    own.filter_map(|at| {
        let (mut depth, mut quoted, mut escaped) = (0, false, false);
        let end = function.example[at..].char_indices().find(|(_, c)| {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\'' => quoted = !quoted,
                '(' if !quoted => depth += 1,
                ')' if !quoted => depth -= 1,
                _ => {}
            }
            depth == 0 && *c == ')' && !quoted
        })?;
        Some(&function.example[at..=at + end.0])
    })
    .collect()
}

#[test]
fn what_each_function_gives_for_its_example_is_of_its_type() {
    for function in FUNCTIONS {
        let results: Vec<_> = calls(function).into_iter().map(|call| (call, value(call))).collect();
        assert!(!results.is_empty(), "{}", function.example);
        for (call, result) in results {
            let result = result.unwrap_or_else(|why| panic!("{call}: {why}"));
            assert!(fits(&result, &function.typed().result), "{call} gives {result:?}: {}", function.signature);
        }
    }
    // The comparison itself can fail.
    for (value, of) in [
        (Value::Int(1), "string"),
        (Value::Null, "optional(int)"),
        (Value::Map(Vec::new()), "{path: string}"),
        (texts(["a"]), "list(int)"),
    ] {
        assert!(!fits(&value, &Type::parse(of).expect("a type")), "{value} is no {of}");
    }
}

#[test]
fn wrong_arguments_give_an_error_and_never_a_panic() {
    let text = |text: &str| Value::Text(text.to_owned());
    let node = Value::Node(REPOSITORY.view(0));
    let Ok(Value::List(found)) = value("leaves(doc)") else { panic!("a list of leaves") };
    let samples = [
        Value::Null,
        Value::Bool(true),
        Value::Int(i64::MIN),
        Value::Int(3),
        Value::Double(f64::NAN),
        text(""),
        text("a.b/é(\\9"),
        Value::Time(i64::MAX),
        Value::Time(0),
        Value::Duration(i64::MIN),
        Value::List(Vec::new()),
        Value::List(vec![text("x"), Value::Null, Value::Map(Vec::new())]),
        Value::Map(vec![("id".to_owned(), text("x"))]),
        Value::Optional(None),
        Value::Optional(Some(Box::new(text("x")))),
        Value::Uint(u64::MAX),
        value("b'a'").expect("bytes"),
        value("timestamp('2026-09-01T12:00:00.5Z')").expect("a moment"),
        value("{1: 'x'}").expect("a map"),
        node,
        found[0].clone(),
        Value::Documents(REPOSITORY.listing("ai_systems").expect("a list").clone()),
    ];
    deep(|| {
        for function in FUNCTIONS {
            let signature = function.typed();
            let count = signature.params.len();
            for case in 0..samples.len().pow(count as u32) {
                let choose = |at: usize| samples[case / samples.len().pow(at as u32) % samples.len()].clone();
                let args: Vec<Value> = (0..count).map(choose).collect();
                let right = args.iter().zip(&signature.params).all(|(arg, param)| fits(arg, &param.of));
                let call = || surroundings::within(&REPOSITORY, "governance/x.yaml", || (function.call)(&args));
                match traced(call).0 {
                    Ok(result) => {
                        assert!(right, "{} takes {args:?}", function.signature);
                        assert!(fits(&result, &signature.result), "{} gives {result:?} for {args:?}", function.name);
                    }
                    Err(message) => assert!(!message.is_empty(), "{} {args:?}", function.name),
                }
            }
        }
    });
}

#[test]
fn leaves_are_maps_like_any_other() {
    for expression in [
        "leaves(doc)[0] == leaves(doc)[0]",
        "leaves(doc)[0] != leaves(doc)[1]",
        "leaves(doc)[1] in leaves(doc)",
        "leaves({'a': 1}) == leaves({'a': 1})",
        "leaves({'a': 1}) != leaves({'a': 2})",
        "'path' in leaves(doc)[0] && leaves(doc)[0].size() == 4",
        "leaves(doc)[0].all(key, key in ['key', 'parent', 'path', 'value'])",
        "duplicates(leaves(doc) + leaves(doc)).size() == leaves(doc).size()",
        "leaves({'a': {'b': 1}})[0].parent == {'b': 1}",
    ] {
        assert_eq!(examples::run(expression), Ok(()), "{expression}");
    }
}

#[test]
fn values_pass_through_functions_as_they_are() {
    for item in [
        "b'a'",
        "{1: 'a', true: [b'b']}",
        "[{2u: {'b': b'a'}}]",
        "optional.of(b'a')",
        "1u",
        "18446744073709551615u",
        "9007199254740993",
        "timestamp('2026-09-01T12:00:00.123456789Z')",
        "timestamp('1969-12-31T23:59:59.5Z')",
        "timestamp('2026-09-01T12:00:00+02:00')",
        "duration('1.5s')",
        "duration('-0.5s')",
        "type(1)",
    ] {
        for expression in [
            format!("union([{item}], [{item}]) == [{item}] && [{item}] == union([{item}], [{item}])"),
            format!("type(union([{item}], [])[0]) == type({item})"),
            format!("duplicates([{item}, null, {item}]) == [{item}] && difference([{item}], [null]) == [{item}]"),
            format!("sets.contains([{item}], [{item}]) && !sets.contains([{item}], ['other'])"),
            format!("pairs([{item}, {item}]) == [[{item}, {item}]]"),
            format!("lookup([{{'a': {item}}}], 'a', {item}) == [{{'a': {item}}}]"),
        ] {
            assert_eq!(examples::run(&expression), Ok(()), "{expression}");
        }
    }
    for expression in [
        "sets.equivalent([1], [1u]) && sets.equivalent([2.0], [2u])",
        "union([b'a'], [b'b']) == [b'a', b'b']",
        "duplicates([{1: 'a'}, {'1': 'a'}]) == []",
        "duplicates([18446744073709551615u, 18446744073709551614u]) == []",
        "duplicates([timestamp('2026-09-01T12:00:00.1Z'), timestamp('2026-09-01T12:00:00.2Z')]) == []",
        "sets.equivalent([timestamp('2026-09-01T12:00:00+02:00')], [timestamp('2026-09-01T10:00:00Z')])",
        "string(union([timestamp('2026-09-01T12:00:00+02:00')], [])[0]) == string(timestamp('2026-09-01T12:00:00+02:00'))",
        "union([timestamp('2026-09-01T12:00:00+02:00')], [])[0].getHours() == timestamp('2026-09-01T12:00:00+02:00').getHours()",
        "date(timestamp('2026-09-01T12:00:00.5Z')) == timestamp('2026-09-01T12:00:00.5Z')",
        "start_of_day(timestamp('2026-09-01T00:00:00.5+02:00')) == date('2026-08-31')",
        "newest([{'a': timestamp('2026-09-01T12:00:00.2Z')}, {'a': timestamp('2026-09-01T12:00:00.1Z')}], 'a').value().a > timestamp('2026-09-01T12:00:00.1Z')",
        "leaves({1: {2: b'a'}})[0].path == '1.2' && leaves({1: {2: b'a'}})[0].value == b'a'",
        "leaves({1: 'a'})[0].parent == {1: 'a'} && text_of({1: 'a'}) == 'a'",
        "is_number(1u) && days(1u) == days(1)",
    ] {
        assert_eq!(examples::run(expression), Ok(()), "{expression}");
    }
}

#[test]
fn names_in_a_namespace_are_told_from_methods() {
    for expression in [
        "'a-b'.replace('-', '+') == 'a+b' && regex.replace('a-b', '[-]', '+') == 'a+b'",
        "'abc'.contains('b') && sets.contains(['b'], ['b'])",
        "['a'].exists(sets, sets.startsWith('a'))",
    ] {
        assert_eq!(examples::run(expression), Ok(()), "{expression}");
    }
}

#[test]
fn hostile_files_cost_before_they_are_searched() {
    use crate::document::Kinds;
    use crate::facts::{Day, MemorySnapshot};
    use std::sync::Arc;
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 123456789\n";
    let files = [
        ("large.txt", "a".repeat(300 << 10)),
        ("most.txt", "a".repeat(250 << 10)),
        ("lfs.bin", pointer.to_owned()),
        ("empty.txt", " \n".to_owned()),
    ];
    let corpus = crate::engine::CorpusBuilder {
        snapshot: Arc::new(MemorySnapshot::new(files)),
        today: Day::from_seconds(0).expect("a day"),
        kinds: Arc::new(Kinds::bundled()),
        documents: Vec::new(),
        files: Vec::new(),
        unread: Vec::new(),
        unreadable: Vec::new(),
        shared: Vec::new(),
        organization: None,
        base: None,
        pull_request: None,
        past: crate::history::Past::none("it is made up"),
        people: Vec::new(),
    }
    .build();
    let call = |name: &str, args: &[&str]| {
        let args: Vec<Value> = args.iter().map(|text| Value::Text((*text).to_owned())).collect();
        let function = Function::named(name).expect("it is there");
        traced(|| surroundings::within(&corpus, "x.yaml", || (function.call)(&args)))
    };
    let (too_large, _) = call("file_matches", &["large.txt", "b"]);
    assert!(too_large.expect_err("too large").contains("307200 bytes"));
    let (pointer, _) = call("file_contains", &["lfs.bin", "b"]);
    assert!(pointer.expect_err("a pointer").contains("Git LFS"));
    let (searched, trace) = call("file_matches", &["most.txt", "b"]);
    assert!(matches!(searched, Ok(Value::Bool(false))) && trace.cost > 16_000, "{searched:?} {}", trace.cost);
    let (many, trace) = call("regex.extractAll", &[&"a".repeat(1 << 20), "a"]);
    assert!(many.is_err() && trace.exhausted, "each match pays for the rest of the text");
    for (path, expected) in [
        ("lfs.bin", "empty: false, exists: true, folder: false, lfs: true, path: lfs.bin, size: 123456789"),
        ("large.txt", "empty: false, exists: true, folder: false, lfs: false, path: large.txt, size: 307200"),
        ("empty.txt", "empty: true, exists: true, folder: false, lfs: false, path: empty.txt, size: 2"),
        ("../empty.txt", "empty: false, exists: false, folder: false, lfs: false, path: ../empty.txt, size: 0"),
        (
            "https://x.org/empty.txt",
            "empty: false, exists: false, folder: false, lfs: false, path: https://x.org/empty.txt, size: 0",
        ),
    ] {
        assert_eq!(call("file", &[path]).0.expect("text was given").to_string(), expected);
    }
}
