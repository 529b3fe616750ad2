//! Policies on the git history: who changed what and when, what led to what, and what of it can be known.

use crate::support::{Run, run};

const FIRST: &str = "id: a\nword: one\nday: 2026-01-01\n";
/// The day alone is another one.
const DATED: &str = "# looked at\nday: 2026-03-01\nid: a\nword:   one\n";
const SECOND: &str = "id: a\nword: two\nday: 2026-03-01\n";

/// What `expression` says about the note `a` in `run`.
fn outcome(run: Run, expression: &str) -> String {
    let said = run.holds("p", expression).says();
    assert_eq!(said.len(), 1, "{expression}: {said:?}");
    said[0].strip_prefix("p ").expect("the policy").to_owned()
}

fn holds(run: impl Fn() -> Run, table: &[&str]) {
    for expression in table {
        assert_eq!(outcome(run(), expression), "pass a", "{expression}");
    }
}

/// A note that was written, then only dated, then changed, beside code that changed in between.
fn written() -> Run {
    run()
        .file("a.note.yaml", SECOND)
        .commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST)])
        .tag("v1.0.0")
        .commit("2026-03-02", "bo@x.example", &[("a.note.yaml", DATED), ("src/x.py", "x = 1\n")])
        .commit("2026-04-02", "ana@x.example", &[("a.note.yaml", SECOND), ("src/x.py", "x = 1\n")])
        .commit("2026-05-02", "bo@x.example", &[("a.note.yaml", SECOND), ("src/x.py", "x  =  1\n")])
}

#[test]
fn a_document_knows_its_changes_and_who_made_them() {
    holds(
        written,
        &[
            "doc.history.committed",
            "doc.history.count == 3",
            "doc.history.changes.map(c, c.subject) == ['Commit of 2026-04-02', 'Commit of 2026-03-02', 'Commit of 2026-01-02']",
            "doc.history.last.on == date('2026-04-02') && doc.history.first.on == date('2026-01-02')",
            "age(doc.history.last.on) == days(60)",
            "doc.history.authors.map(p, p.email) == ['ana@x.example', 'bo@x.example']",
            "doc.history.last.author.name == 'ana' && doc.history.last.committer.email == 'ana@x.example'",
            "doc.history.last.landed.id == doc.history.last.id",
            "doc.history.last.files == ['a.note.yaml'] && doc.history.names == []",
            "size(doc.history.last.id) == 40 && !doc.history.last.signed && doc.history.last.trailers == []",
            "doc.history.last == doc.history.changes[0] && doc.history.last != doc.history.first",
            "notes.all(n, n.history.count == 3)",
        ],
    );
}

#[test]
fn a_new_date_is_a_change_without_substance() {
    holds(
        written,
        &[
            "doc.history.changes.map(c, c.substantive) == [true, false, true]",
            "doc.history.changes[1].fields.map(f, f.path) == ['day']",
            "doc.history.changes[0].fields.map(f, f.key + ': ' + f.before + ' -> ' + f.after) == ['word: one -> two']",
            "doc.history.last_substantive == doc.history.last",
        ],
    );
    let dated = || {
        run().file("a.note.yaml", DATED).commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST)]).commit(
            "2026-03-02",
            "bo@x.example",
            &[("a.note.yaml", DATED)],
        )
    };
    holds(dated, &["doc.history.last_substantive == doc.history.first", "doc.history.last != doc.history.first"]);
}

#[test]
fn files_that_are_no_documents_have_a_history_by_their_paths() {
    holds(
        written,
        &[
            "history_of(['src/**']).count == 2 && history_of(['src']).last == history_of(['src/*.py']).last",
            // More white space is no substance; that the file came to be is.
            "history_of(['src/**']).changes.map(c, c.substantive) == [false, true]",
            "history_of(['src/**']).last_substantive.files == ['src/x.py']",
            "!history_of(['docs/**']).committed",
            "changed_since(['src/**'], doc.history.last.id) && !changed_since(['src/**'], 'HEAD')",
            "changes_since(['src/**', 'no/such'], doc.history.last.id).map(c, c.subject) == ['Commit of 2026-05-02']",
            "changes_since(['**/*.yaml'], 'v1.0.0').size() == 2",
            "file_at('src/x.py', 'HEAD').size == 8 && !file_at('src/x.py', 'v1.0.0').exists && file_at('src', 'HEAD').folder",
            "file_matches_at('a.note.yaml', 'v1.0.0', 'word: one') && !file_matches_at('a.note.yaml', 'HEAD', 'word: one')",
        ],
    );
}

#[test]
fn order_is_what_led_to_what_whatever_the_dates_say() {
    // The second commit claims to be years older than the first.
    let skewed = || {
        run()
            .file("a.note.yaml", SECOND)
            .commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST)])
            .tag("v1.0.0")
            .commit("2019-01-02", "bo@x.example", &[("a.note.yaml", SECOND)])
    };
    holds(
        skewed,
        &[
            "is_ancestor('v1.0.0', doc.history.last.id) && !is_ancestor(doc.history.last.id, 'v1.0.0')",
            "doc.history.first.id == commit('v1.0.0').value().id",
            "changed_since(['a.note.yaml'], 'v1.0.0')",
            "release('1.0.0', 'a').value().id == doc.history.first.id && !release('2.0.0', 'a').hasValue()",
        ],
    );
    assert_eq!(
        outcome(skewed(), "is_ancestor('v7', 'HEAD')"),
        "unknown a at a.note.yaml:1: `is_ancestor`: there is no commit `v7` in `is_ancestor('v7', 'HEAD')`"
    );
}

/// A branch with two changes of the note that one merge brought to the main line.
fn merged() -> Run {
    run()
        .file("a.note.yaml", SECOND)
        .commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST)])
        .made(vec![0], "2026-02-01", "bo@x.example", &[("a.note.yaml", DATED)])
        .tag("side")
        .made(vec![1], "2026-02-02", "bo@x.example", &[("a.note.yaml", SECOND)])
        .made(vec![0], "2026-02-03", "ana@x.example", &[("a.note.yaml", FIRST), ("other", "x")])
        .made(vec![3, 2], "2026-02-04", "cy@x.example", &[("a.note.yaml", SECOND), ("other", "x")])
}

#[test]
fn a_merge_lands_what_its_branch_changed() {
    holds(
        merged,
        &[
            "doc.history.count == 3 && doc.history.last.author.name == 'bo'",
            "doc.history.last.landed.author.name == 'cy' && doc.history.last.landed.on == date('2026-02-04')",
            "landed_together('side', doc.history.last.id) && !landed_together('side', doc.history.first.id)",
            "doc.history.first.landed.id == doc.history.first.id",
        ],
    );
}

#[test]
fn a_document_that_moved_keeps_its_history() {
    let moved = || {
        run().file("b/a.note.yaml", FIRST).commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST)]).commit(
            "2026-02-02",
            "bo@x.example",
            &[("b/a.note.yaml", FIRST)],
        )
    };
    holds(
        moved,
        &[
            "doc.history.count == 2 && doc.history.first.author.name == 'ana' && doc.history.names == ['a.note.yaml']",
            "!doc.history.last.substantive && doc.history.last_substantive == doc.history.first",
            "doc.history.first.files == ['a.note.yaml']",
        ],
    );
}

#[test]
fn records_of_one_file_are_told_apart() {
    let (before, after) = ("id: a\nword: one\n---\nid: b\nword: one\n", "id: a\nword: one\n---\nid: b\nword: two\n");
    let two = run()
        .file("x.note.yaml", after)
        .commit("2026-01-02", "ana@x.example", &[("x.note.yaml", before)])
        .commit("2026-02-02", "bo@x.example", &[("x.note.yaml", after)]);
    let said = two.holds("p", "doc.history.last.substantive").says();
    assert_eq!(said, ["p fail a at x.note.yaml:1: this does not hold: the title of p", "p pass b"]);
}

#[test]
fn gates_about_order_ask_what_came_after_the_adoption() {
    let adopted = || written().adopted_at("v1.0.0");
    holds(
        adopted,
        &[
            "!after_adoption(doc.history.first.id) && after_adoption(doc.history.last.id)",
            "doc.history.changes.filter(c, after_adoption(c.id)).size() == 2",
        ],
    );
    holds(written, &["after_adoption(doc.history.first.id)"]);
}

/// The same history, of which a clone holds the last two commits.
fn shallow() -> Run {
    run()
        .file("a.note.yaml", SECOND)
        .file("old.note.yaml", "id: old\n")
        .commit("2026-03-02", "bo@x.example", &[("a.note.yaml", FIRST), ("old.note.yaml", "id: old\n")])
        .with_commit(|commit| commit.cut = true)
        .commit("2026-04-02", "ana@x.example", &[("a.note.yaml", SECOND), ("old.note.yaml", "id: old\n")])
}

#[test]
fn what_a_shallow_clone_cut_off_is_unknown_and_never_a_pass() {
    const CUT: &str = "this clone is shallow, and the older commits that would tell are not in it";
    let table = [
        // What changed since is there, and so are the objects of the commits that are.
        ("doc.history.last.author.name == 'ana'", "pass a"),
        ("doc.history.last.substantive", "pass a"),
        ("doc.history.count > 0", "unknown"),
        ("doc.history.first.on < now || true", "unknown"),
        ("doc.history.authors.size() > 0", "unknown"),
        ("notes.exists(n, n.id == 'old' && n.history.last.on < now)", "unknown"),
        ("history_of(['no/such']).committed || true", "unknown"),
        ("is_ancestor(doc.history.last.id, 'HEAD~9') || true", "unknown"),
    ];
    for (expression, expected) in table {
        let said = shallow().holds("p", expression).says();
        let of_a = said.iter().find(|line| line.ends_with(" a") || line.contains(" a at ")).unwrap_or(&said[0]);
        match expected {
            "unknown" if expression.contains('~') => assert!(of_a.starts_with("p unknown"), "{expression}: {of_a}"),
            "unknown" => assert_eq!(*of_a, format!("p unknown a at a.note.yaml:1: {CUT}"), "{expression}"),
            passes => assert_eq!(*of_a, format!("p {passes}"), "{expression}"),
        }
    }
    let report = shallow().holds("p", "doc.history.count > 0").report();
    let unknown = report.judgements.iter().find(|j| j.outcome.name() == "unknown").expect("it is unknown");
    assert!(unknown.remedy.as_deref().is_some_and(|remedy| remedy.contains("fetch-depth: 0")), "{unknown:?}");
}

#[test]
fn without_a_history_a_policy_on_it_does_not_apply() {
    let table = [
        (run().file("a.note.yaml", FIRST), "not-applicable a: there is no git history to ask, since it is made up"),
        (
            run().file("a.note.yaml", FIRST).commit("2026-01-02", "ana@x.example", &[("other", "x")]),
            "not-applicable a: `a.note.yaml` is not committed yet",
        ),
    ];
    for (run, expected) in table {
        for expression in ["doc.history.count == 0 || true", "doc.history.last.on < now"] {
            assert_eq!(outcome(run.clone(), expression), expected, "{expression}");
        }
    }
}

#[test]
fn claims_and_facts_are_told_apart_in_the_evidence() {
    let report =
        written().holds("p", "doc.history.last.author.name == 'ana' && is_ancestor('v1.0.0', 'HEAD')").report();
    let judgement = report.judgements.iter().find(|j| report.rule(j).id == "p").expect("the policy");
    let cited: Vec<String> = judgement.history.iter().map(|c| format!("{} {}", c.trust.name(), c.says)).collect();
    assert_eq!(cited.len(), 3, "{cited:#?}");
    assert!(cited.iter().any(|c| c == "claim written by ana@x.example"), "{cited:#?}");
    assert!(cited.iter().any(|c| c == "fact is the last change of a.note.yaml"), "{cited:#?}");
    assert!(cited.iter().any(|c| c.starts_with("fact ") && c.ends_with(" led to it")), "{cited:#?}");
}

#[test]
fn what_differs_from_the_base_version_is_known_by_its_path() {
    let changed = || {
        run()
            .file("a.note.yaml", FIRST)
            .file("new.txt", "x")
            .file("same.txt", "x")
            .base("a.note.yaml", SECOND)
            .base("same.txt", "x")
            .base("gone.txt", "x")
    };
    holds(
        changed,
        &[
            "changed_files(['*']) == ['a.note.yaml', 'gone.txt', 'new.txt']",
            "changed_files(['same.txt', 'no/such/**']) == []",
        ],
    );
    let without = run().file("a.note.yaml", FIRST);
    let expected = "not-applicable a: this run has no base commit to compare with";
    assert_eq!(outcome(without, "changed_files(['*']) == []"), expected);
}

#[test]
fn patterns_name_folders_and_begin_at_the_root() {
    let folders = || {
        run()
            .file("a.note.yaml", FIRST)
            .commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST), ("m/a/bin/w", "1")])
            .tag("v1")
            .commit("2026-02-02", "bo@x.example", &[("a.note.yaml", FIRST), ("m/a/bin/w", "2")])
    };
    for pattern in ["m/*/bin", "m/{a,b}", "/m/**", "m//a", "m/./a/*/w", "./m/"] {
        assert_eq!(outcome(folders(), &format!("changed_since(['{pattern}'], 'v1')")), "pass a", "{pattern}");
    }
    let upwards = outcome(folders(), "changed_since(['../m'], 'v1')");
    assert!(upwards.starts_with("unknown a") && upwards.contains("leads upwards"), "{upwards}");
}

#[test]
fn a_configuration_counts_by_its_text_and_a_record_by_what_it_says() {
    let table = [
        ("config.yaml", "version: 1.0\n", "version: 2.0\n", true),
        ("config.yaml", "steps: [a, b]\n", "steps: [b, a]\n", true),
        ("config.yaml", "a: {{ b }}: [\n", "a: {{ c }}: [\n", true),
        ("config.yaml", "a: 1\n", "a:   1\n", false),
        ("b.note.yaml", "id: b\nday: 2026-01-01\n", "id: b\nday: 2026-02-01\n", false),
    ];
    for (path, before, after, expected) in table {
        let run = run()
            .file("a.note.yaml", FIRST)
            .file(path, after)
            .commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST), (path, before)])
            .commit("2026-02-02", "bo@x.example", &[("a.note.yaml", FIRST), (path, after)]);
        let said = run.holds("p", &format!("history_of(['{path}']).last.substantive == {expected}")).says();
        assert!(said.iter().any(|line| line == "p pass a"), "{path} {after}: {said:?}");
    }
}

#[test]
fn what_went_away_and_came_back_was_not_renewed() {
    let back = |text: &str| {
        run()
            .file("a.note.yaml", text)
            .commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST), ("x", "1")])
            .commit("2026-02-02", "bo@x.example", &[("x", "1")])
            .commit("2026-03-02", "bo@x.example", &[("a.note.yaml", text), ("x", "1")])
    };
    assert_eq!(outcome(back(FIRST), "doc.history.last_substantive == doc.history.first"), "pass a");
    assert_eq!(outcome(back(SECOND), "doc.history.last_substantive == doc.history.last"), "pass a");
}

#[test]
fn what_is_not_committed_yet_is_not_judged_by_what_was() {
    let edited =
        |text: &str| run().file("a.note.yaml", text).commit("2026-01-02", "ana@x.example", &[("a.note.yaml", FIRST)]);
    let expected = "not-applicable a: `a.note.yaml` has changes that are not committed yet";
    assert_eq!(outcome(edited(SECOND), "doc.history.count == 1"), expected);
    // White space and a date are no other content.
    for text in [DATED, &FIRST.replace('\n', "\r\n")] {
        assert_eq!(outcome(edited(text), "doc.history.count == 1"), "pass a", "{text:?}");
    }
}

#[test]
fn records_of_the_organisation_have_their_history_elsewhere() {
    let shared = || {
        run().file("a.note.yaml", FIRST).shared("b.note.yaml", "id: b\n").commit(
            "2026-01-02",
            "ana@x.example",
            &[("a.note.yaml", FIRST)],
        )
    };
    assert_eq!(outcome(shared(), "notes.filter(n, n.history.committed).map(n, n.id) == ['a']"), "pass a");
    let asked = outcome(shared(), "notes.all(n, n.history.count > 0)");
    assert!(asked.starts_with("unknown a") && asked.contains("repository of the organisation"), "{asked}");
}

#[test]
fn a_document_that_moved_too_often_is_not_taken_for_new() {
    let moved = |times: usize| {
        let mut moved = run().file(&format!("{times}/a.note.yaml"), FIRST);
        for at in 0..=times {
            moved = moved.commit(
                &format!("2026-01-{:02}", at + 1),
                "ana@x.example",
                &[(&format!("{at}/a.note.yaml"), FIRST)],
            );
        }
        moved
    };
    assert_eq!(outcome(moved(16), "doc.history.count == 17"), "pass a");
    let too_often = outcome(moved(17), "doc.history.first.on < now");
    assert!(
        too_often.starts_with("unknown a") && too_often.contains("renamed more often than is followed"),
        "{too_often}"
    );
}
