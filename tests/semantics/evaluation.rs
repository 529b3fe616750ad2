//! From an expression to an outcome.

use crate::support::run;

/// What `expression` says about the document `text`, without the policy's name and the document's.
fn outcome(text: &str, expression: &str) -> String {
    let said = run().unchecked().file("a.note.yaml", text).holds("p", expression).says();
    assert_eq!(said.len(), 1, "{said:?}");
    said[0].strip_prefix("p ").expect("the policy").replace(" a.note.yaml", "")
}

/// What `when` says about the document `text`, where the validation always fails.
fn applies(text: &str, when: &str) -> String {
    let policy = format!(
        "applies_to: note\nwhen: |-\n  {when}\nvalidations:\n  - expression: 'false'\n    message: judged\n    at: [doc]\n"
    );
    let said = run().unchecked().file("a.note.yaml", text).policy("p", &policy).says();
    assert_eq!(said.len(), 1, "{said:?}");
    said[0].strip_prefix("p ").expect("the policy").replace(" a.note.yaml", "")
}

#[test]
fn a_validation_passes_fails_or_cannot_be_judged() {
    let text = "word: a\nsize: 3\nparts:\n  - {id: x}\n";
    let table = [
        ("doc.size == 3.0", "pass"),
        ("doc.size == 3", "pass"),
        ("doc.size > 3", "fail at:2: this does not hold: the title of p"),
        // A field that is not there is no unknown: the record is missing, at its parent.
        ("doc.owner != ''", "fail at:1: `owner` is missing"),
        ("doc.parts[0].owner != ''", "fail at:4: `owner` is missing"),
        ("doc.parts.all(part, part.owner != '')", "fail at:4: `owner` is missing"),
        ("has(doc.owner)", "fail at:1: this does not hold: the title of p"),
        ("doc.?owner.orValue('x') == 'x'", "pass"),
        ("!has(doc.owner) || doc.owner != ''", "pass"),
        // A type that the expression does not take is no answer.
        ("doc.word > 3", "unknown at:1: `>` does not take string and int in `doc.word > 3`, where `doc.word` is 'a'"),
        (
            "doc.size + 1 > 3",
            "unknown at:2: `+` does not take double and int in `doc.size + 1`, where `doc.size` is 3.0",
        ),
        ("doc.word", "unknown at:1: the expression gives a string where true or false is wanted"),
        (
            "doc.parts[3].id == 'x'",
            "unknown at:1: the list has no item 3 in `doc.parts[3]`, where `doc.parts` is a list",
        ),
        ("1 / 0 == 1", "unknown at:1: a number is divided by zero in `1 / 0`"),
        (
            "date(doc.word) < today",
            "unknown at:1: `date`: `a` is no date like 2026-09-01 in `date(doc.word)`, where `doc.word` is 'a'",
        ),
        (
            "doc.word.matches('(')",
            "unknown at:1: `matches`: `(` is no regular expression, or too large a one in `doc.word.matches('(')`, where `doc.word` is 'a'",
        ),
    ];
    for (expression, expected) in table {
        assert_eq!(outcome(text, expression), expected, "{expression}");
    }
}

#[test]
fn a_condition_decides_whether_a_policy_applies() {
    let text = "word: a\nsize: 3\n";
    let table = [
        ("doc.size == 3", "fail at:1: judged"),
        ("doc.size > 3", "not-applicable at:2: it applies only where `doc.size > 3`"),
        ("doc.owner == 'b'", "unknown at:1: whether it applies depends on `owner`, which is missing"),
        (
            "has(doc.owner) && doc.owner == 'b'",
            "not-applicable at:1: it applies only where `has(doc.owner) && doc.owner == 'b'`",
        ),
        (
            "doc.?owner == optional.of('b')",
            "not-applicable at:1: it applies only where `doc.?owner == optional.of('b')`",
        ),
        ("doc.word > 3", "unknown at:1: `>` does not take string and int in `doc.word > 3`, where `doc.word` is 'a'"),
    ];
    for (when, expected) in table {
        assert_eq!(applies(text, when), expected, "{when}");
    }
}

#[test]
fn what_an_unknown_fact_marks_stays_unknown_whatever_the_expression_makes_of_it() {
    // No base commit: the policy compares with nothing.
    for expression in
        ["base == null", "base.size == doc.size || true", "base.?size.orValue(3) == 3", "true || base != null"]
    {
        let expected = if expression.starts_with("true") {
            "pass"
        } else {
            "not-applicable: this run has no base commit to compare with"
        };
        assert_eq!(outcome("size: 3\n", expression), expected, "{expression}");
    }
    // A file of the kind cannot be read: it may hold what is looked for.
    for expression in [
        "soas.size() == 0",
        "soas.exists(s, s.id == 'x') || true",
        "soas.all(s, has(s.id))",
        "soas[?0].?id.orValue('') == ''",
    ] {
        let said = run()
            .unchecked()
            .file("a.note.yaml", "size: 3\n")
            .file("soa.yaml", "id: [\n")
            .holds("p", expression)
            .says();
        let expected = "p unknown a.note.yaml (folded) at a.note.yaml:1: `soa.yaml` cannot be read, and it may hold what is looked for";
        assert_eq!(said, [expected], "{expression}");
    }
    let said = run()
        .unchecked()
        .file("a.note.yaml", "size: 3\n")
        .file("soa.yaml", "id: [\n")
        .holds("p", "risk_registers.size() == 0")
        .says();
    assert_eq!(said, ["p pass a.note.yaml"]);
}

#[test]
fn a_read_under_a_reported_problem_folds_into_it() {
    let run = run()
        .unchecked()
        .file("a.note.yaml", "size: large\nword: a\n")
        .holds("p", "doc.size > 1")
        .holds("q", "doc.word == 'b'");
    assert_eq!(
        run.problems(),
        ["document-has-its-shape fail a.note.yaml[/size] at a.note.yaml:1: `size` is text, and a number is needed"]
    );
    let said = run.says();
    assert_eq!(
        said,
        [
            "q fail a.note.yaml at a.note.yaml:2: this does not hold: the title of q",
            "p unknown a.note.yaml (folded) at a.note.yaml:1: `>` does not take string and int in `doc.size > 1`, where `doc.size` is 'large'",
        ]
    );
    assert_eq!(run.report().counts().unknown, 0, "a folded judgement is not counted");
}

#[test]
fn variables_are_lazy_and_see_those_above_them() {
    let policy = |validation: &str| {
        format!(
            "applies_to: note\nvariables:\n  - {{name: one, expression: doc.size}}\n  - {{name: two, expression: variables.one * 2.0}}\n  \
             - {{name: broken, expression: doc.nowhere}}\nvalidations:\n  - expression: |-\n      {validation}\n"
        )
    };
    let table = [
        ("variables.two == 6.0", "p pass a.note.yaml"),
        ("variables.two == 7.0", "p fail a.note.yaml at a.note.yaml:2: this does not hold: the title of p"),
        ("variables.broken == 1", "p fail a.note.yaml at a.note.yaml:1: `nowhere` is missing"),
        ("variables.two > 0.0 || variables.broken == 1", "p pass a.note.yaml"),
    ];
    for (validation, expected) in table {
        assert_eq!(
            run().unchecked().file("a.note.yaml", "word: a\nsize: 3\n").policy("p", &policy(validation)).says(),
            [expected],
            "{validation}"
        );
    }
}

#[test]
fn the_first_validation_that_does_not_hold_ends_the_policy_there() {
    let policy = "applies_to: note\nvalidations:\n  - {name: there, expression: has(doc.size), message: no size, at: [doc.size]}\n  \
                  - {name: enough, expression: doc.size > 5, message: '{{ doc.size }} of {{ doc.word }}, {{ doc.nowhere }}'}\n  \
                  - {expression: doc.size > 9, message_expression: \"'only ' + string(doc.size)\"}\n";
    let table = [
        ("word: a\n", "p fail a.note.yaml at a.note.yaml:1: no size", Some("there")),
        ("word: a\nsize: 3\n", "p fail a.note.yaml at a.note.yaml:2: 3 of a, ?", Some("enough")),
        ("word: a\nsize: 6.5\n", "p fail a.note.yaml at a.note.yaml:2: only 6.5", Some("validation-3")),
        ("word: a\nsize: 10\n", "p pass a.note.yaml", None),
    ];
    for (text, expected, validation) in table {
        let run = run().unchecked().file("a.note.yaml", text).policy("p", policy);
        assert_eq!(run.says(), [expected], "{text}");
        let report = run.report();
        let judged = report.judgements.iter().find(|j| report.rule(j).id == "p").expect("judged");
        assert_eq!(judged.validation.as_deref(), validation);
    }
}

#[test]
fn parameters_have_their_own_values_and_those_of_the_configuration() {
    let policy = "applies_to: note\nparams: {limit: 5, words: [a, b]}\nvalidations:\n  - expression: doc.size <= params.limit && doc.word in params.words\n    message: 'limit {{ params.limit }}'\n    at: [doc.size]\n";
    let run = run().unchecked().file("a.note.yaml", "word: a\nsize: 7\n").policy("p", policy);
    assert_eq!(run.says(), ["p fail a.note.yaml at a.note.yaml:2: limit 5"]);
    let changed = |params: &str| run.clone().config(&format!("policies: {{p: {{params: {params}}}}}\n")).says();
    assert_eq!(changed("{limit: 7}"), ["p pass a.note.yaml"]);
    assert_eq!(changed("{limit: 6.5}"), ["p fail a.note.yaml at a.note.yaml:2: limit 6.5"]);
    assert_eq!(changed("{limit: 9, words: [b]}"), ["p fail a.note.yaml at a.note.yaml:2: limit 9"]);
}

#[test]
fn the_day_of_the_run_is_the_only_clock() {
    let run = run().unchecked().file("a.note.yaml", "day: 2026-03-01\n");
    let table = [
        ("today == date('2026-06-01')", true),
        ("now == today", true),
        ("age(doc.day) == days(92)", true),
        ("doc.day < today", true),
        ("today - doc.day > days(92)", false),
        ("doc.day.getMonth() == 2", true),
    ];
    for (expression, holds) in table {
        let said = run.clone().holds("p", expression).says();
        assert_eq!(said[0].starts_with("p pass"), holds, "{expression}: {said:?}");
    }
}

#[test]
fn each_item_is_judged_on_its_own_and_called_by_its_name() {
    let policy = "applies_to: note\nfor_each: doc.parts\nvalidations:\n  - expression: item.ok\n    message: 'part {{ item.?id.orValue(\"without id\") }}'\n";
    let text = "parts:\n  - {id: b, ok: false}\n  - {id: a, ok: true}\n  - {name: c, ok: false}\n  - {id: b, ok: false}\n  - {ok: false}\n  - {id: d}\n";
    assert_eq!(
        run().unchecked().file("a.note.yaml", text).policy("p", policy).says(),
        [
            "p fail a.note.yaml[b] at a.note.yaml:2: part b",
            "p fail a.note.yaml[c] at a.note.yaml:4: part without id",
            "p fail a.note.yaml[b#2] at a.note.yaml:5: part b",
            "p fail a.note.yaml[ok: false] at a.note.yaml:6: part without id",
            "p fail a.note.yaml[d] at a.note.yaml:7: part d",
            "p pass a.note.yaml[a]",
        ]
    );
    for text in ["parts: []\n", "word: a\n"] {
        let said = run().unchecked().file("a.note.yaml", text).policy("p", policy).says();
        assert_eq!(said, ["p not-applicable a.note.yaml: there is nothing to judge one by one"]);
    }
    let said = run().unchecked().file("a.note.yaml", "parts: text\n").policy("p", policy).says();
    assert_eq!(said, ["p unknown a.note.yaml: `for_each` gives no list"]);
}

#[test]
fn a_condition_about_the_item_is_asked_for_each_and_one_about_the_document_once() {
    let policy = |when: &str| {
        format!(
            "applies_to: note\nwhen: {when}\nfor_each: doc.parts\nvalidations:\n  - expression: 'false'\n    message: judged\n    at: [item]\n"
        )
    };
    let text = "word: a\nparts:\n  - {id: x, on: true}\n  - {id: y, on: false}\n";
    let run = run().unchecked().file("a.note.yaml", text);
    assert_eq!(
        run.clone().policy("p", &policy("item.on")).says(),
        [
            "p fail a.note.yaml[x] at a.note.yaml:3: judged",
            "p not-applicable a.note.yaml[y] at a.note.yaml:4: it applies only where `item.on`",
        ]
    );
    // Through a variable it is about the item all the same.
    let through = format!("{}variables: [{{name: on, expression: item.on}}]\n", policy("variables.on"));
    let said = run.clone().policy("p", &through).says();
    assert_eq!(said[0], run.clone().policy("p", &policy("item.on")).says()[0]);
    assert_eq!(said[1], "p not-applicable a.note.yaml[y] at a.note.yaml:4: it applies only where `variables.on`");
    assert_eq!(
        run.policy("p", &policy("doc.word == 'b'")).says(),
        ["p not-applicable a.note.yaml at a.note.yaml:1: it applies only where `doc.word == 'b'`"]
    );
}
