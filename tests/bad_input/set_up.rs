//! Configuration, schemas and policies that are not valid: nothing is checked with half of the rules.
//! Each error is shown at its place, all at once, and the exit code is 2.

use crate::support::{Folder, run};

const POLICY: &str = "applies_to: note\nvalidations:\n  - expression: 'true'\n";

/// Each text (its beginning, where it is long) with what is wrong with it.
fn told<'t>(table: impl IntoIterator<Item = &'t str>, problems: impl Fn(&str) -> Vec<String>) -> String {
    let cases = table.into_iter().map(|text| {
        let shown: String = text.chars().take(400).collect();
        let problems = problems(text);
        assert!(!problems.is_empty(), "nothing is wrong with\n{text}");
        format!("{}\n  => {}\n", shown.trim_end(), problems.join("\n  => "))
    });
    cases.collect::<Vec<_>>().join("\n")
}

/// The same for texts of `own/p.yaml`.
fn policies<'t>(table: impl IntoIterator<Item = &'t str>) -> String {
    told(table, |text| run().config("policy_dirs: [own]\n").file("own/p.yaml", text).set_up().err().unwrap_or_default())
}

#[test]
fn names_of_controls_clauses_kinds_and_keys_are_checked() {
    let texts = [
        format!("id: p\ntitle: t\ncontrols: [A.5.2, A.5.9]\nclauses: ['6.1.9']\n{POLICY}"),
        format!("id: p\ntitle: t\nseverty: error\n{POLICY}"),
        format!("id: p\ntitle: t\nseverity: fatal\n{POLICY}"),
        "id: p\ntitle: t\napplies_to: not\nvalidations:\n  - expression: 'true'\n".to_owned(),
        "id: p\ntitle: t\napplies_to: {files: 'a{'}\nvalidations:\n  - expression: 'true'\n".to_owned(),
        format!("id: p\ntitle: t\naccepts_reference: [nota]\n{POLICY}"),
        format!("id: other\ntitle: t\n{POLICY}"),
        format!("title: t\n{POLICY}"),
        "id: p\ntitle: t\napplies_to: note\nvalidations: []\n".to_owned(),
        String::new(),
        format!("id: p\ntitle: t\n{POLICY}---\nid: q\ntitle: t\n{POLICY}"),
        "id: p\ntitle: [\n".to_owned(),
        format!("id: p\nid: p\ntitle: t\n{POLICY}"),
    ];
    insta::assert_snapshot!(policies(texts.iter().map(String::as_str)));
}

#[test]
fn expressions_are_checked_where_they_stand() {
    let with =
        |expression: &str| format!("id: p\ntitle: t\napplies_to: note\nvalidations:\n  - expression: {expression}\n");
    let texts = [
        with("doc.size >"),
        with("dok.size > 1"),
        with("doc.word.startWith('a')"),
        with("item.size > 1"),
        with("params.size > 1"),
        with("variables.size > 1"),
        with("''"),
        with("\"doc.a == 1 ~ 2\""),
        with("|-\n      true &&\n      dok.size > 1"),
        with(&format!("1{} > 0", "+1".repeat(1_299))),
        with(&format!("{}1{} > 0", "(".repeat(1_000), ")".repeat(1_000))),
        with(&format!("|-\n      '{}' != ''", "a".repeat(5_000))),
        with(&format!("|-\n      {}1{} == []", "[".repeat(1_000), "]".repeat(1_000))),
        "id: p\ntitle: t\napplies_to: note\nwhen: a\nfor_each: b\nvariables:\n  - {name: x, expression: variables.y}\n  \
         - {name: y, expression: '1'}\nvalidations:\n  - expression: c\n    message: '{{ d }} and {{ e'\n"
            .to_owned(),
        "id: p\ntitle: t\napplies_to: note\nwhen: a\nfor_each: b\nvariables:\n  - {name: x, expression: variables.y}\n  \
         - {name: y, expression: '1'}\nvalidations:\n  - expression: c\n    message: 'x {{ d }}'\n    at: [doc, e]\n  \
         - {name: a, expression: 'true', message_expression: f}\n"
            .to_owned(),
    ];
    insta::assert_snapshot!(policies(texts.iter().map(String::as_str)));
}

#[test]
fn a_name_that_is_there_twice_is_told() {
    let twice = run()
        .config("policy_dirs: [own, more]\n")
        .file("own/p.yaml", format!("id: p\ntitle: t\n{POLICY}"))
        .file("more/p.yaml", format!("id: p\ntitle: t\n{POLICY}"));
    let expected = "more/p.yaml:1 policy-twice: a policy called `p` is there already: `own/p.yaml` | Give this one a name of its own; \
                    to change a shipped policy, use `policies:` in annexa.yaml.";
    assert_eq!(twice.set_up().err().unwrap_or_default(), [expected]);
    let text = "id: p\ntitle: t\napplies_to: note\nvariables: [{name: a, expression: '1'}, {name: a, expression: '2'}]\n\
         validations:\n  - {name: v, expression: 'true'}\n  - {name: v, expression: 'true'}\n";
    insta::assert_snapshot!(policies([text]));
}

#[test]
fn the_configuration_is_checked_whole() {
    let table = [
        "polices: {}\n",
        "policies: {q: {severity: note}}\n",
        "policies: {p: {severity: fatal}}\n",
        "policies: {p: {off: {until: 2026-01-01}}}\n",
        "policies: {p: {off: {reason: r, until: soon}}}\n",
        "policies: {p: {enforce_from: 2026-02-30}}\n",
        "policies: {p: {params: {days: 3}}}\n",
        "policies: {p: {params: {limit: lots}}}\n",
        "policies: {p: {params: {words: a}}}\n",
        "kinds: {nota: ['*.yaml']}\n",
        "kinds: {note: ['a{']}\n",
        "exclude: ['a{']\n",
        "schemas: [nowhere]\n",
        "policy_dirs: [nowhere]\n",
        "waivers: [{policy: q, scope: a, reason: r, approver: b, until: 2026-12-31}]\n",
        "waivers: [{policy: p, scope: a, until: 2026-12-31}]\n",
        "exclude: a\nexclude: b\n",
        "a: [\n",
        "- a\n",
        "exclude: []\n---\nexclude: []\n",
        "policies: {turn: {off: {reason: r}}}\n",
        "policies: {turn: {severity: note}}\n",
    ];
    let problems = |config: &str| {
        let run = run()
            .policy("p", &format!("params: {{limit: 3, words: [a]}}\n{POLICY}"))
            .policy("turn", &format!("contradicts_soa: true\n{POLICY}"));
        run.config(config).set_up().err().unwrap_or_default()
    };
    insta::assert_snapshot!(told(table, problems));
}

#[test]
fn schemas_of_own_kinds_are_checked() {
    let schema = |about: &str, rest: &str| format!("{{\"x-document\": {about},\n\"type\": \"object\"{rest}}}");
    let table = [
        schema("{\"id\": \"soa\", \"plural\": \"my_soas\"}", ""),
        schema("{\"id\": \"mine\", \"plural\": \"doc\"}", ""),
        schema("{\"id\": \"mine\"}", ""),
        "{\"type\": \"object\"}".to_owned(),
        schema("{\"id\": \"mine\", \"plural\": \"mines\"}", ",\n\"properties\": {\"a\": {\"type\": \"txt\"}}"),
        schema("{\"id\": \"mine\", \"plural\": \"mines\"}", ",\n\"$ref\": \"https://example.org/schema\""),
        schema("{\"id\": \"mine\", \"plural\": \"mines\"}", ",\n\"$ref\": \"file:///etc/passwd\""),
        schema(
            "{\"id\": \"mine\", \"plural\": \"mines\"}",
            ",\n\"properties\": {\"a\": {\"type\": \"string\", \"pattern\": \"(\"}}",
        ),
        "{".to_owned(),
        String::new(),
    ];
    let problems = |text: &str| {
        run().config("schemas: [own]\n").file("own/mine.schema.json", text).set_up().err().unwrap_or_default()
    };
    assert_eq!(problems(&schema("{\"id\": \"mine\", \"plural\": \"mines\"}", "")), Vec::<String>::new());
    insta::assert_snapshot!(told(table.iter().map(String::as_str), problems));
}

#[test]
fn nothing_is_checked_with_half_of_the_rules() {
    let folder = Folder::repository()
        .file("annexa.yaml", "exclud: [a]\npolicie: {nobody: {severity: note}}\n")
        .file("MODEL_CARD.md", "# Card\n");
    for command in [&["check"][..], &["doctor"], &["list"], &["explain", "A.5.4"]] {
        folder.annexa(command).expect(
            2,
            &["annexa.yaml:1:1", "exclude", "annexa.yaml:2:1", "Nothing was checked: 2 errors in the set-up."],
        );
    }
    folder.write("annexa.yaml", "policy_dirs: [own]\n");
    folder
        .write("own/p.yaml", "id: p\ntitle: t\napplies_to: model-card\nvalidations:\n  - expression: doc.\u{1b}[31m\n");
    let ran = folder.annexa(["check"]);
    ran.expect(2, &["own/p.yaml:5", "Nothing was checked: 1 error in the set-up."]);
    assert!(!ran.all().contains('\u{1b}'), "{}", ran.all());
}

/// An expression that is small as it is written and too large with its macros written out is an error of
/// the policy, not of the run.
#[test]
fn an_expression_that_cannot_be_run_is_not_loaded() {
    let expression = format!("{} == 1", vec!["[1].map(x, x)[0]"; 190].join(" + "));
    let text = format!("id: p\ntitle: t\napplies_to: note\nvalidations: [{{expression: '{expression}'}}]\n");
    let problems = crate::support::run().config("policy_dirs: [own]\n").file("own/p.yaml", text).set_up().err();
    assert!(problems.as_ref().is_some_and(|p| p.iter().any(|line| line.contains("has more than"))), "{problems:?}");
}
