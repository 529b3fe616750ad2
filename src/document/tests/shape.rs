use super::{kinds, load_with, plan, problems};

const HEAD: &str = "id: a\nowner: b\n";

#[test]
fn a_record_in_its_shape_has_no_problem() {
    let text = "kind: test-plan\nid: a\nowner:\nusers: [x, y]\nx-own: {a: 1}\nhash: 00ff\nmode: frozen\n";
    assert_eq!(problems(&plan(text)), []);
}

#[test]
fn each_fault_is_named_at_its_place_with_what_to_write() {
    // what follows `id` and `owner` on lines 1 and 2 -> code, line, marked text, words in message and help
    let table = [
        ("ownr: c", "unknown-field", 3, "ownr", "`ownr` is not a field", "Did you mean `owner`?"),
        ("planOf: c", "unknown-field", 3, "planOf", "`planOf`", "Did you mean `plan_of`?"),
        ("stage: design", "unknown-field", 3, "stage", "`stage`", "`stage` is a field of `lifecycle`: move it there."),
        ("colour: red", "unknown-field", 3, "colour", "`colour`", "begin with `x-`, as in `x-colour`"),
        (
            "automatic: yes",
            "wrong-type",
            3,
            "yes",
            "`automatic` is text, and `true` or `false` is needed",
            "YAML 1.2 reads `yes` as text. Write `automatic: true`, without quotes.",
        ),
        ("automatic: \"no\"", "wrong-type", 3, "\"no\"", "`automatic` is text", "`automatic: false`"),
        (
            "share: \"0.9\"",
            "wrong-type",
            3,
            "\"0.9\"",
            "`share` is text, and a number is needed",
            "The quotes make it text. Write `share: 0.9`.",
        ),
        ("share: 0,9", "wrong-type", 3, "0,9", "`share` is text", "`share: 0.9`"),
        ("share: 90%", "wrong-type", 3, "90%", "`share` is text", "`share: 0.9`"),
        ("share: < 0.10", "wrong-type", 3, "< 0.10", "`share` is text", "Write the number alone"),
        ("share: .nan", "wrong-type", 3, ".nan", "`share` is not a number", "is no measurement"),
        ("share: 2", "out-of-range", 3, "2", "`share` is 2, and must be at most 1", "at most 1"),
        ("users: x", "wrong-type", 3, "x", "`users` is text, and a list of text is needed", "`users: [x]`"),
        ("users: []", "too-few", 3, "users", "`users` needs at least 1 entry", "Add"),
        ("users: [x, x]", "duplicate-item", 3, "users", "`users` names the same entry twice", "Remove"),
        (
            "users: [x, {a: 1}]",
            "wrong-type",
            3,
            "{a: 1}",
            "`users[1]` is a group of named fields, and text is needed",
            "Write text",
        ),
        ("note: ''", "missing-value", 3, "''", "`note` has nothing written", "Fill it in"),
        ("note:", "missing-value", 3, "note", "`note` has nothing written", "Fill it in"),
        (
            "mode: periodc",
            "not-allowed",
            3,
            "periodc",
            "`mode` is `periodc`",
            "Did you mean `periodic`? Allowed are: `frozen`, `periodic`, `continuous`.",
        ),
        ("mode: whenever", "not-allowed", 3, "whenever", "`mode` is `whenever`", "Write one of: `frozen`"),
        (
            "lifecycle:\n  stage: [design]",
            "wrong-type",
            4,
            "stage",
            "`lifecycle.stage` is a list, and text is needed",
            "one of `design`",
        ),
        ("hash: xyz", "malformed", 3, "xyz", "`hash` is `xyz`", "for example `hash: 00ff`"),
        (
            "lifecycle:\n  since: 12/05/2024",
            "malformed",
            4,
            "12/05/2024",
            "nobody can tell its day from its month",
            "`since: 2026-09-01`",
        ),
        (
            "lifecycle:\n  since: 2026-13-01",
            "malformed",
            4,
            "2026-13-01",
            "`lifecycle.since` is `2026-13-01`, which is no date",
            "year, month and day",
        ),
        (
            "lifecycle:\n  stge: design",
            "unknown-field",
            4,
            "stge",
            "not a field of `lifecycle`",
            "Did you mean `stage`?",
        ),
        (
            "steps:\n  - {id: s1, type: sql, text: x}",
            "missing-field",
            4,
            "-",
            "`steps[s1].query` is missing",
            "Add `query`.",
        ),
        (
            "steps:\n  - nothing",
            "wrong-type",
            4,
            "nothing",
            "`steps[0]` is text, and a group of named fields is needed",
            "Write",
        ),
        (
            "parts:\n  - id: p",
            "missing-field",
            4,
            "-",
            "`parts[p].owner` is missing",
            "`owner: quality-team`. Who answers for it.",
        ),
    ];
    for (fault, code, line, marked, message, help) in table {
        let loaded = plan(&format!("{HEAD}{fault}\n"));
        let found = problems(&loaded);
        let first = found.iter().find(|row| row.0 == code).unwrap_or_else(|| panic!("{fault}: {found:?}"));
        assert_eq!((first.1, first.2), (line, marked), "{fault}: {found:?}");
        assert!(first.3.contains(message), "{fault}: {}", first.3);
        assert!(first.4.contains(help), "{fault}: {}", first.4);
        let expected = if fault.contains("text: x") { 2 } else { 1 };
        assert_eq!(found.len(), expected, "{fault}: {found:?}");
    }
}

#[test]
fn what_is_missing_is_shown_at_the_nearest_key_and_folds_only_what_reads_it() {
    let loaded = plan("# a comment\nowner: b\n");
    assert_eq!(problems(&loaded), [("missing-field", 2, "owner: b", "`id` is missing", "Add `id`.")]);
    let problem = &loaded.documents[0].problems[0];
    assert_eq!(problem.node, Some(loaded.documents[0].root));
    assert_eq!(problem.absent.as_deref(), Some("id"));
    assert_eq!(problem.item, "/id");
}

#[test]
fn a_misspelt_required_field_is_one_finding() {
    let loaded = plan("id: a\nownr: b\n");
    assert_eq!(problems(&loaded).iter().map(|row| row.0).collect::<Vec<_>>(), ["unknown-field"]);
}

#[test]
fn all_faults_come_at_once_in_their_order_and_list_items_go_by_their_names() {
    let loaded = plan("id: a\nmode: x\nsteps:\n- {id: a/b, type: text, text: [1]}\nusers: 1\n");
    let items: Vec<_> = loaded.documents[0].problems.iter().map(|p| (p.code, p.item.as_str())).collect();
    assert_eq!(
        items,
        [
            ("missing-field", "/owner"),
            ("not-allowed", "/mode"),
            ("wrong-type", "/steps/a~1b/text"),
            ("wrong-type", "/users"),
        ]
    );
}

#[test]
fn of_a_format_that_others_define_only_types_are_judged() {
    let kinds = kinds();
    let loaded = load_with(&kinds, &[], "model-card.yaml", "name: a\ncolour: red\nmetrics: {a: 1}\n").expect("by path");
    assert!(loaded.documents[0].problems.iter().all(|p| p.code == "wrong-type"), "{:?}", loaded.documents[0].problems);
}
