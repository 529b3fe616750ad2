//! Policies about a change: `base`, what a document was before, and `pr`, the pull request.

use crate::support::{Run, line, places, run};
use annexa::facts::{Day, PullRequest, Review, ReviewState, Reviews};

const NOTE: &str = "id: a\nword: new\nsize: 3\n";

/// What `expression` says about the note `a`, or the only note, in `run`.
fn outcome(run: Run, expression: &str) -> String {
    let said = run.unchecked().holds("p", expression).says();
    assert_eq!(said.len(), 1, "{expression}: {said:?}");
    said[0].strip_prefix("p ").expect("the policy").to_owned()
}

fn changed() -> Run {
    run().file("a.note.yaml", NOTE).base("a.note.yaml", "word: old\nid: a\n")
}

#[test]
fn base_is_the_document_as_it_was() {
    let table = [
        ("base != null", "pass a"),
        ("base.word == 'old' && doc.word == 'new'", "pass a"),
        ("base.id == doc.id", "pass a"),
        ("doc != base", "pass a"),
        ("!has(base.size)", "pass a"),
        ("base.?size.orValue(0.0) < doc.size", "pass a"),
        ("document_path(base) == document_path(doc)", "pass a"),
        ("base.size == 1.0", "fail a at a.note.yaml:1: `size` is missing"),
        // A place in the base version says so; the document's own come first unless they are asked for.
        ("base.word == doc.word", "fail a at a.note.yaml:2: this does not hold: the title of p"),
        (
            "base.word > 3",
            "unknown a at a.note.yaml:1: `>` does not take string and int in `base.word > 3`, where `base.word` is 'old'",
        ),
    ];
    for (expression, expected) in table {
        assert_eq!(outcome(changed(), expression), expected, "{expression}");
    }
    let same = run().file("a.note.yaml", NOTE).base("a.note.yaml", NOTE);
    assert_eq!(outcome(same, "doc == base"), "pass a");
}

#[test]
fn a_document_that_was_not_there_has_no_base_and_without_a_base_nothing_is_said() {
    let new = || run().file("a.note.yaml", NOTE).base("b.note.yaml", "id: b\n");
    assert_eq!(outcome(new(), "base == null"), "pass a");
    assert_eq!(outcome(run().file("a.note.yaml", NOTE).empty_base(), "base == null"), "pass a");
    assert_eq!(outcome(new(), "base.word == 'old'"), "unknown a at a.note.yaml:1: null has no fields in `base.word`");
    for expression in ["base == null", "base != null", "true", "base.word == 'x' || true"] {
        let expected = if expression == "true" {
            "pass a"
        } else {
            "not-applicable a: this run has no base commit to compare with"
        };
        assert_eq!(outcome(run().file("a.note.yaml", NOTE), expression), expected, "{expression}");
    }
}

/// Files now, files before, and the word of what the document was; nothing where it was not there.
#[test]
fn documents_are_matched_by_kind_and_id_and_by_path_where_there_is_no_id() {
    type Files = &'static [(&'static str, &'static str)];
    let table: &[(Files, Files, &str)] = &[
        // Moved and renamed.
        (&[("x/a.note.yaml", "id: a")], &[("y/b.note.yaml", "{id: a, word: w}")], "w"),
        // Another document has taken its path.
        (&[("a.note.yaml", "id: a")], &[("a.note.yaml", "{id: b, word: w}")], ""),
        (&[("a.note.yaml", "id: a")], &[("a.note.yaml", "{id: b, word: x}"), ("c.note.yaml", "{id: a, word: w}")], "w"),
        // The id is no longer there, or new.
        (&[("a.note.yaml", "size: 1")], &[("a.note.yaml", "{word: w}")], "w"),
        (&[("a.note.yaml", "size: 1")], &[("b.note.yaml", "{word: w}")], ""),
        (&[("a.note.yaml", "size: 1")], &[("a.note.yaml", "{id: a, word: w}")], "w"),
        (&[("a.note.yaml", "id: a")], &[("a.note.yaml", "{word: w}")], "w"),
        // Two of one id: the one at the same path.
        (&[("a.note.yaml", "id: a")], &[("b.note.yaml", "{id: a, word: x}"), ("a.note.yaml", "{id: a, word: w}")], "w"),
        // Another kind with the id.
        (&[("a.note.yaml", "id: a")], &[("soa.yaml", "{id: a, word: w}")], ""),
        // A file of no kind beside it.
        (&[("a.note.yaml", "id: a")], &[("notes.txt", "id: a"), ("a.note.yaml", "{id: a, word: w}")], "w"),
    ];
    for (now, before, word) in table {
        let with = |run: Run, file: &(&str, &str)| run.file(file.0, file.1);
        let documents = || {
            let run = now.iter().fold(run(), with).empty_base();
            before.iter().fold(run, |run, (path, text)| run.base(path, text))
        };
        let expression = if word.is_empty() { "base == null".to_owned() } else { format!("base.word == '{word}'") };
        let said = outcome(documents(), &expression);
        assert!(said.starts_with("pass "), "{now:?} {before:?}: {said}");
        assert!(!outcome(documents(), &format!("!({expression})")).starts_with("pass "), "{now:?}: it can fail");
    }
    // Several records of one file.
    let before = "id: a\nword: x\n---\nword: y\n---\nid: c\nword: z\n";
    let now = "id: c\n---\nsize: 1\n---\nid: a\n";
    let said = run()
        .file("a.note.yaml", now)
        .base("a.note.yaml", before)
        .holds("p", "base.word == 'q'")
        .holds("q", "base.word in ['x', 'y', 'z']");
    let said: Vec<_> = said.unchecked().says();
    assert_eq!(said.iter().filter(|line| line.starts_with("q pass")).count(), 3, "{said:?}");
}

#[test]
fn an_unreadable_base_is_unknown() {
    let broken = "id: a\nword: [old\n";
    let mend = "Compare the two versions yourself; the next change can be compared once a readable one is merged.";
    let fetch = "Fetch the whole base commit, and run again.";
    let table = [
        ("a.note.yaml", broken, "`main:a.note.yaml` cannot be read, and it may hold the earlier version: line ", mend),
        // Any file of the kind may hold it.
        ("b.note.yaml", broken, "`main:b.note.yaml` cannot be read, and it may hold the earlier version: line ", mend),
        (
            "a.note.yaml",
            "DENIED",
            "`main:a.note.yaml` cannot be read, and it may hold the earlier version: it cannot be read: its content was not fetched",
            fetch,
        ),
    ];
    for (path, text, why, remedy) in table {
        for expression in ["base == null", "base != null || true", "base.?word.orValue('old') == 'old'"] {
            let run = run().unchecked().file("a.note.yaml", NOTE).base(path, text).holds("p", expression);
            let report = run.report();
            let judgement = report.judgements.iter().find(|j| report.rule(j).id == "p").expect("an outcome");
            assert!(line(&report, judgement).contains(why), "{path} {expression}: {}", line(&report, judgement));
            assert_eq!((judgement.outcome.name(), judgement.folded), ("unknown", false), "{path} {expression}");
            assert_eq!(judgement.remedy.as_deref(), Some(remedy), "{path}");
        }
    }
    // What is found is not lost on account of another file; another kind does not matter.
    let found = || changed().base("b.note.yaml", broken);
    assert_eq!(outcome(found(), "base.word == 'old'"), "pass a");
    let other = || run().file("a.note.yaml", NOTE).base("soa.yaml", broken);
    assert_eq!(outcome(other(), "base == null"), "pass a");
    // Two documents of one id, neither at the path.
    let two = run().file("a.note.yaml", NOTE).base("b.note.yaml", "id: a\n").base("c.note.yaml", "id: a\n");
    assert_eq!(outcome(two, "base == null"), "unknown a at a.note.yaml:1: `main` has 2 documents with the id `a`");
}

#[test]
fn places_in_the_base_version_are_told_apart() {
    let policy = "applies_to: note\nvalidations:\n  - expression: base == null || doc.word == base.word\n    message: \"`{{ base.word }}` became `{{ doc.word }}`\"\n    at: [doc.word, base.word, base.size]\n";
    let report = changed().policy("p", policy).report();
    let finding = report.judgements.iter().find(|j| report.rule(j).id == "p").expect("a finding");
    assert_eq!(finding.message, "`old` became `new`");
    assert_eq!(places(finding), ["a.note.yaml:2", "main:a.note.yaml:1", "main:a.note.yaml:1"]);
    let labels: Vec<&str> = finding.places.iter().map(|spot| spot.label.as_str()).collect();
    assert_eq!(labels, ["", "in the base version", "`size` is missing here"]);
    let evidence: Vec<(String, u32)> =
        finding.evidence.iter().map(|spot| (spot.file.name().into_owned(), spot.place().line)).collect();
    assert_eq!(evidence, [("a.note.yaml".to_owned(), 2), ("main:a.note.yaml".to_owned(), 1)]);
    // A fingerprint is that of the finding without a base.
    let alone = policy.replace("base == null || doc.word == base.word", "doc.word == 'old'").replace("base", "doc");
    let alone = run().file("a.note.yaml", NOTE).policy("p", &alone).report();
    let other = alone.judgements.iter().find(|j| alone.rule(j).id == "p").expect("a finding");
    assert_eq!(finding.fingerprint, other.fingerprint);
}

#[test]
fn files_are_compared_by_path() {
    let policy = |expression: &str| {
        format!("applies_to: {{files: ['conf/*.yaml', '*.note.yaml']}}\nvalidations:\n  - expression: {expression}\n")
    };
    let says = |run: Run, expression: &str| run.unchecked().policy("p", &policy(expression)).says();
    let now = || run().file("conf/a.yaml", "id: a\nmode: strict\n");
    assert_eq!(says(now().base("conf/a.yaml", "id: z\nmode: lax\n"), "base.mode == 'lax'"), ["p pass conf/a.yaml"]);
    assert_eq!(says(now().base("conf/b.yaml", "id: a\nmode: lax\n"), "base == null"), ["p pass conf/a.yaml"]);
    assert_eq!(
        says(now(), "base == null"),
        ["p not-applicable conf/a.yaml: this run has no base commit to compare with"]
    );
    let said = says(now().base("conf/a.yaml", "mode: [\n"), "base == null");
    assert!(
        said[0].starts_with("p unknown conf/a.yaml at conf/a.yaml:1: `main:conf/a.yaml` cannot be read"),
        "{said:?}"
    );
    // A document that such a policy meets is a file like others.
    let moved = run().file("a.note.yaml", NOTE).base("b.note.yaml", NOTE);
    assert_eq!(says(moved, "base == null"), ["p pass a.note.yaml"]);
    let records = run().file("conf/a.yaml", "n: 1\n---\nn: 2\n---\nn: 3\n").base("conf/a.yaml", "n: 1\n---\nn: 2\n");
    assert_eq!(
        says(records, "base != null && base == doc"),
        [
            "p fail conf/a.yaml#3 at conf/a.yaml:5: this does not hold: the title of p",
            "p pass conf/a.yaml",
            "p pass conf/a.yaml#2"
        ]
    );
}

fn pull_request(reviews: &[(&str, ReviewState, bool)]) -> PullRequest {
    let on = Day::parse("2026-05-30").expect("a day");
    let review = |(by, state, outdated): &(&str, ReviewState, bool)| Review {
        by: (*by).to_owned(),
        on,
        state: *state,
        outdated: *outdated,
    };
    PullRequest {
        number: 42,
        title: "Retire the old model".to_owned(),
        author: "ana".to_owned(),
        draft: false,
        labels: vec!["governance".to_owned()],
        base_branch: "main".to_owned(),
        reviews: Reviews::Known(reviews.iter().map(review).collect()),
    }
}

/// Each with the fields' types checked, as policies are before they run.
#[test]
fn pr_is_the_pull_request_or_null() {
    let approved = [("ana", ReviewState::Commented, false), ("ben", ReviewState::Approved, false)];
    let table = [
        ("pr != null", true),
        ("pr.number == 42 && pr.title.startsWith('Retire') && pr.author == 'ana' && !pr.draft", true),
        ("'governance' in pr.labels && pr.base_branch == 'main'", true),
        ("pr.reviews.exists(r, r.state == 'approved' && r.by != pr.author && !r.outdated)", true),
        ("pr.reviews.all(r, r.on <= now && r.on == date('2026-05-30'))", true),
        ("pr.reviews.exists(r, r.state == 'changes-requested')", false),
    ];
    for (expression, holds) in table {
        let with = run().file("a.note.yaml", NOTE).pull_request(pull_request(&approved));
        let said = with.holds("p", &format!("pr != null && ({expression})")).says();
        assert_eq!(said[0].starts_with("p pass"), holds, "{expression}: {said:?}");
        let guarded = format!("pr == null || ({expression})");
        let without = run().file("a.note.yaml", NOTE).holds("p", &guarded).says();
        assert_eq!(without, ["p pass a"], "{guarded}");
    }
    let none = run().file("a.note.yaml", NOTE).pull_request(pull_request(&[]));
    let said = none.holds("p", "pr != null && pr.reviews.exists(r, r.state == 'approved')").says();
    assert_eq!(said, ["p fail a at a.note.yaml:1: this does not hold: the title of p"]);
    assert_eq!(
        outcome(run().file("a.note.yaml", NOTE), "pr.draft"),
        "unknown a at a.note.yaml:1: null has no fields in `pr.draft`"
    );
}
