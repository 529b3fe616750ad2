//! The mistakes that authors of policies make, each with what is said and where. The columns are
//! counted by hand; `^` lines stand below what is underlined.

use annexa::document::Kinds;
use annexa::engine::check::{check_policy, environment};
use annexa::policy;
use annexa::source::SourceFile;
use std::sync::Arc;

/// What is wrong with a policy: `line:column-column message | help` each, the second column one past
/// the end. Id and title are there, so
/// `text` begins at line 3.
fn said(text: &str) -> Vec<String> {
    let text = format!("id: p\ntitle: Something holds\n{text}");
    let file = Arc::new(SourceFile::new("p.yaml", text.into_bytes()));
    let kinds = Kinds::bundled();
    let (policy, mut problems) = policy::read(&file, "p.yaml").expect("the shape is right");
    problems.extend(check_policy(&policy, &kinds, &environment(&kinds)));
    problems.sort_by_key(|problem| problem.at.span);
    let one = |problem: &annexa::value::Problem| {
        let place = file.place(problem.at.span);
        let end = if place.end_line == place.line { String::new() } else { format!("{}:", place.end_line) };
        format!("{}:{}-{end}{} {} | {}", place.line, place.column, place.end_column, problem.message, problem.help)
    };
    problems.iter().map(one).collect()
}

#[test]
fn each_typical_mistake_is_named_at_its_place_with_what_to_do() {
    let on_system = "applies_to: ai-system\n";
    // What is wrong, the policy from line 4 on, and everything that is said.
    let table: &[(&str, &str, &[&str])] = &[
        (
            "a misspelt field",
            "validations: [{expression: has(doc.onwer)}]",
            //                           ^ 28       ^ 36
            &["4:36-41 ai-system has no field `onwer` | Did you mean `owner`?"],
        ),
        (
            "a misspelt field behind `.?`",
            "validations: [{expression: 'doc.?lifecicle.stage.hasValue()'}]",
            &["4:34-43 ai-system has no field `lifecicle` | Did you mean `lifecycle`?"],
        ),
        (
            "a misspelt value",
            "validations:\n  - expression: doc.lifecycle.stage == 'deploymnet'",
            &["5:40-52 this never holds: the field is never `deploymnet` | Did you mean `deployment`?"],
        ),
        (
            "a misspelt value in a list, in a block",
            "validations:\n  - expression: |\n      doc.lifecycle.stage in\n        ['design', 'opertaion']",
            &["7:20-31 the field is never `opertaion` | Did you mean `operation`?"],
        ),
        (
            "a function that does not exist",
            "validations: [{expression: len(doc.models) > 0}]",
            &["4:28-31 there is no function `len` | The number of items or characters is `size(x)`."],
        ),
        (
            "a misspelt function, in double quotes with escapes",
            "validations: [{expression: \"!plaecholder(\\\"x\\\" + doc.name)\"}]",
            &["4:30-41 there is no function `plaecholder` | Did you mean `placeholder`?"],
        ),
        (
            "a name that nothing binds",
            "validations: [{expression: has(document.owner)}]",
            &[
                "4:32-40 nothing is called `document` here | The document is `doc`; lists of documents have the plural of their kind, such as `model_cards`.",
            ],
        ),
        (
            "`item` without `for_each`",
            "validations: [{expression: has(item.owner)}]",
            &[
                "4:32-36 nothing is called `item` here | `item` is there with `for_each`; without it the document is `doc`.",
            ],
        ),
        (
            "a number of days where a span of time is",
            "validations: [{expression: age(today) < 30}]",
            &["4:39-40 `<` does not compare duration and int | Spans of time are made by `days(30)`."],
        ),
        (
            "a text where a moment is wanted",
            "validations: [{expression: \"age(doc.name) < days(30)\"}]",
            &[
                "4:33-41 `age` wants timestamp here, and this is string | A date in a text is read with `date('2026-09-01')`.",
            ],
        ),
        (
            "a field of a list instead of its items",
            "validations: [{expression: doc.models.name != ''}]",
            &[
                "4:39-43 list(part of ai-system) has no fields, and `name` is asked of it | Ask its items: `x.all(i, i.name ...)`, `x.exists(i, i.name ...)`, or one of them: `x[0].name`.",
            ],
        ),
        (
            "a validation that is no condition",
            "validations: [{expression: doc.name}]",
            &[
                "4:28-36 A validation has to be true or false, and this is string | Compare the value with something, so that the answer is true or false.",
            ],
        ),
        (
            "an assignment for a comparison",
            "validations: [{expression: doc.name = 'x'}]",
            &["4:37-38 a single `=` does not compare | Write `==`."],
        ),
        (
            "`and` for `&&`",
            "validations: [{expression: has(doc.owner) and has(doc.name)}]",
            &["4:43-46 `and` is not an operator here | Write `&&`."],
        ),
        (
            "a bracket that is not closed",
            "validations:\n  - expression: (has(doc.owner) && has(doc.name)",
            &["5:17-18 this `(` is not closed: `)` is expected at the end | Write `)` where its content ends."],
        ),
        (
            "true in quotes",
            "validations: [{expression: \"size(doc.name) > 0 && 'true'\"}]",
            &["4:51-57 Each side of `&&` has to be true or false, and this is string | Write `true` without quotes."],
        ),
        (
            "a text that is looked for in a text",
            "validations: [{expression: \"'x' in doc.name\"}]",
            &[
                "4:36-44 `in` looks into a list or a map, and this is string | Whether a text holds another is `text.contains(part)`.",
            ],
        ),
        (
            "a field compared with null",
            "validations: [{expression: doc.name != null}]",
            &[
                "4:37-39 string and null are never equal, so this always holds | Whether a field is there is asked with `has(...)`.",
            ],
        ),
        (
            "a size below zero",
            "validations: [{expression: size(doc.models) >= 0}]",
            &[
                "4:28-49 this always holds: a size is zero or more | Compare with another number; not empty is `size(x) > 0`.",
            ],
        ),
        (
            "the same on both sides",
            "validations: [{expression: doc.owner == doc.owner}]",
            &[
                "4:28-50 both sides are the same, so this does not depend on the document | Compare with something else, or take the comparison away.",
            ],
        ),
        (
            "a variable that is not used, and one that is used before it is there",
            "variables:\n  - name: a\n    expression: variables.b\n  - name: b\n    expression: has(doc.owner)\nvalidations: [{expression: 'true'}]",
            &[
                "5:11-12 nothing uses the variable `a` | Use it as `variables.a`, or take it away.",
                "6:17-28 nothing is called `variables.b` here | A variable sees only those above it: move it up.",
            ],
        ),
        (
            "a parameter that is not used, and one that is misspelt",
            "params: {days: 30}\nvalidations: [{expression: params.dayz > 1}]",
            &[
                "4:10-14 nothing uses the parameter `days`, so setting it changes nothing | Use it as `params.days`, or take it away.",
                "5:35-39 there is no field `dayz` | Did you mean `days`?",
            ],
        ),
        (
            "a place that cannot exist, and one that is none",
            "validations:\n  - expression: has(doc.owner)\n    at: [doc.owner.nmae, \"'doc.owner'\"]",
            &[
                "6:20-24 string or null has no fields, and `nmae` is asked of it | Take the selection away, or ask it of a document or a map.",
                "6:27-38 this names no place: it reads nothing of a document | Write the field that a finding is about, without quotes within the expression: `doc.owner`.",
            ],
        ),
        (
            "a message that names nothing",
            "validations:\n  - expression: has(doc.owner)\n    message: \"`{{ doc.idd }}` has no owner {{ }}\"",
            &[
                "6:23-26 ai-system has no field `idd` | Did you mean `id`?",
                "6:47-47 the expression is empty | Write a CEL expression, or leave the field out.",
            ],
        ),
        (
            "a misspelt field of the pull request",
            "validations: [{expression: \"pr == null || pr.review.exists(r, r.state == 'aproved')\"}]",
            //                                       ^ 41
            &["4:46-52 there is no field `review` | Did you mean `reviews`?"],
        ),
        (
            "a misspelt state of a review",
            "validations: [{expression: \"pr == null || pr.reviews.exists(r, r.state == 'aproved')\"}]",
            &["4:75-84 this never holds: the field is never `aproved` | Did you mean `approved`?"],
        ),
        (
            "a field of a document that may be new, and of a pull request that may not be there",
            "when: has(base.owner) || pr.?draft.orValue(false)\nvalidations: [{expression: base.owner == doc.owner && pr.draft}]",
            &[
                "4:11-15 `base` is null for a document that is new, and the policy is unknown there | Ask first, with `base != null &&`.",
                "4:26-28 `pr` is null outside of a pull request, and the policy is unknown there | Ask first, with `pr != null &&`.",
                "5:28-32 `base` is null for a document that is new, and the policy is unknown there | Ask first, with `base != null &&`.",
                "5:55-57 `pr` is null outside of a pull request, and the policy is unknown there | Ask first, with `pr != null &&`.",
            ],
        ),
        (
            "the same within a variable",
            "variables: [{name: was, expression: base.owner}]\nvalidations: [{expression: variables.was != ''}, {expression: variables.was != 'x'}]",
            &[
                "4:37-41 `base` is null for a document that is new, and a validation reads `variables.was`, so the policy is unknown there | Ask first, with `base != null &&`.",
            ],
        ),
        (
            "null, asked for in every way",
            "when: base != null && has(base.owner)\nvariables: [{name: was, expression: base.owner}]\nvalidations:\n  - {name: a, expression: \"variables.was == doc.owner || !(pr == null) && pr.draft\"}\n  - {name: b, expression: pr != null}\n  - {name: c, expression: \"pr.number > 0 && doc.models.all(base, base.id != '') && cel.bind(base, doc, base.id != '')\"}",
            &[],
        ),
        (
            "a field that may be missing where the policy asks whether it applies",
            "when: doc.lifecycle.stage == 'operation'\nvalidations: [{expression: has(doc.owner)}]",
            &[
                "4:11-26 `doc.lifecycle.stage` may be missing, and the policy is unknown there | Read it with a default, `doc.?lifecycle.?stage.orValue(...)`, or ask first whether it is there, with `has(...) &&`.",
            ],
        ),
        (
            "a join by a field that is not there",
            "validations: [{expression: \"lookup(impact_assessments, 'sytem', doc.id).size() > 0\"}]",
            &["4:56-63 impact-assessment has no field `sytem` | Did you mean `system`?"],
        ),
        (
            "a value that the field never has, where it should not",
            "validations: [{expression: \"size(doc.name) > 0 && doc.update_mode != 'statik'\"}]",
            &[
                "4:70-78 this always holds: the field is never `statik` | Its values are `frozen`, `periodic`, `continuous`.",
            ],
        ),
        (
            "a default of another type",
            "validations: [{expression: \"doc.?name.orValue(0) != ''\"}]",
            &["4:47-48 `orValue` wants string here, and this is int | It is `optional(A).orValue(A) -> A`."],
        ),
        (
            "a macro that does not exist",
            "validations: [{expression: \"doc.models.any(m, m.id == '')\"}]",
            &["4:40-43 there is no function `any` | Whether one item fits is `list.exists(i, ...)`."],
        ),
        (
            "a remainder of a number with a fraction",
            "params: {share: 0.5}\nvalidations: [{expression: 'params.share % 2.0 > 1.0 && has(doc.name)'}]",
            &[
                "5:42-43 `%` does not work on double and double | The remainder is that of whole numbers: convert with `int(...)`.",
            ],
        ),
        (
            "numbers of two types",
            "params: {share: 0.5}\nvalidations: [{expression: 'size(doc.name) > 1 && params.share * 2 < 1.0'}]",
            &["5:64-65 `*` does not work on double and int | Numbers of one type go together: write `2.0`."],
        ),
    ];
    let mut wrong = Vec::new();
    for (mistake, text, expected) in table {
        let said = said(&format!("{on_system}{text}\n"));
        if said != *expected {
            wrong.push(format!("{mistake}\n{text}\n  expected {expected:#?}\n  said {said:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Conditions under which a field is known to be there; none of these may be refused.
#[test]
fn what_asks_first_is_understood() {
    let conditions = [
        "has(doc.lifecycle) && has(doc.lifecycle.stage) && doc.lifecycle.stage == 'operation'",
        "doc.?lifecycle.?stage.orValue('') == 'operation'",
        "!has(doc.name) || doc.name != 'x'",
        "has(doc.name) ? doc.name != 'x' : true",
        "doc.?models.orValue([]).size() > 0 && doc.models[0].id != ''",
        "doc.?models.orValue([]).size() >= 1 && doc.models[0].id != ''",
        "0 < doc.?models.orValue([]).size() && doc.models[0].id != ''",
        "doc.?name.orValue('') != '' && doc.name != 'x'",
        "'' != doc.?name.orValue('') && doc.name != 'x'",
        "doc.?name.orValue('') in ['a', 'b'] && doc.name != 'x'",
        "'name' in doc && doc.name != 'x'",
        "doc.?name.hasValue() && doc['name'] != 'x'",
        "has(doc.models) && doc.models.filter(m, has(m.version)).all(m, m.version != '')",
        "has(doc.models) && doc.models.filter(m, has(m.version)).all(k, m, m.version != '')",
        "has(doc.models) && doc.models.filter(m, has(m.version)).sortBy(m, m.version).all(m, m.version != '')",
        "variables.named && doc.name != 'x'",
        "doc.owner == null || doc.owner != 'x'",
    ];
    for condition in conditions {
        // `owner` may be null, and is asked for as `has(doc.owner)` in front of the last one.
        let condition = condition.replace("doc.owner == null", "!has(doc.owner) || doc.owner == null");
        let text = format!(
            "applies_to: ai-system\nwhen: \"{condition}\"\nvariables: [{{name: named, expression: has(doc.name)}}]\nvalidations: [{{expression: variables.named}}]\n"
        );
        assert_eq!(said(&text), Vec::<String>::new(), "{condition}");
    }
    let missing = [
        ("doc['name'] == 'x'", "doc.name"),
        ("has(doc.name) && cel.bind(doc, {'name': 'x'}, doc.name == 'x') && doc.version == 'x'", "doc.version"),
        ("doc.?name.orValue('') == '' && doc.name == 'x'", "doc.name"),
        ("!(doc.?name.orValue('') == 'a') && doc.name == 'x'", "doc.name"),
    ];
    for (condition, path) in missing {
        let said = said(&format!(
            "applies_to: ai-system\nwhen: \"{condition}\"\nvalidations: [{{expression: has(doc.name)}}]\n"
        ));
        assert_eq!(said.len(), 1, "{condition}: {said:?}");
        assert!(said[0].contains(&format!("`{path}` may be missing")), "{condition}: {said:?}");
    }
}

/// Policies made to keep the check busy: it ends all the same.
#[test]
fn hostile_policies_are_checked_soon() {
    let chain: String = (1..28)
        .map(|i| {
            format!("  - {{name: v{i}, expression: \"variables.v{0} && variables.v{0} || !variables.v{0}\"}}\n", i - 1)
        })
        .collect();
    let text = format!(
        "applies_to: ai-system\nwhen: variables.v27\nvariables:\n  - {{name: v0, expression: doc.name != ''}}\n{chain}validations: [{{expression: has(doc.name)}}]\n"
    );
    assert_eq!(annexa::engine::deep(|| said(&text)).len(), 1);
    let binds: String = (1..60).map(|i| format!("cel.bind(x{i}, {{x{0}: x{0}}}, ", i - 1)).collect();
    let expression = format!("cel.bind(x0, {{1: 1}}, {binds}size(x59) > 0{}", ")".repeat(60));
    let text = format!("applies_to: ai-system\nvalidations: [{{expression: \"{expression}\"}}]\n");
    let said = annexa::engine::deep(|| said(&text));
    assert!(said[0].contains("a key of a map is a text"), "{said:?}");
}
