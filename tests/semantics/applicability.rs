//! What applies: the Statement of Applicability, references to records kept elsewhere, the
//! organisation's checkout, files of any kind, several records in one file.

use crate::support::{Run, run};

/// A statement that excludes A.5.2 (line 4, with a reason), A.5.3 (line 7, without one) and includes
/// A.5.4.
const SOA: &str = "kind: soa\nid: s\ncontrols:\n  - control: A.5.2\n    applicable: false\n    justification: No system of ours decides about people, see the register.\n  \
                   - control: A.5.3\n    applicable: false\n    justification: n/a\n  - control: A.5.4\n    applicable: true\n    justification: We use one model.\n";

fn with_policy(about: &str) -> Run {
    run().file("a.note.yaml", "word: a\n").policy(
        "p",
        &format!("{about}\napplies_to: note\nvalidations:\n  - {{expression: doc.word == 'b', message: wrong}}\n"),
    )
}

#[test]
fn a_policy_whose_controls_are_all_excluded_with_a_reason_does_not_apply() {
    let fails = "p fail a.note.yaml at a.note.yaml:1: wrong";
    let excluded = "p not-applicable a.note.yaml at soa.yaml:4: A.5.2 is excluded at soa.yaml:4";
    let table = [
        ("controls: [A.5.2]", excluded),
        ("controls: ['ISO 42001 A 5.2']", excluded),
        // An exclusion without a reason is no decision.
        ("controls: [A.5.3]", fails),
        ("controls: [A.5.2, A.5.3]", fails),
        ("controls: [A.5.2, A.5.4]", fails),
        ("controls: [A.6.2.4]", fails),
        // Clauses cannot be excluded.
        ("controls: [A.5.2]\nclauses: ['6.1.4']", fails),
        ("clauses: ['6.1.4']", fails),
        ("title2: x", fails),
    ];
    for (about, expected) in table {
        let about = if about.starts_with("title2") { "" } else { about };
        assert_eq!(with_policy(about).file("soa.yaml", SOA).says(), [expected], "{about}");
    }
    assert_eq!(with_policy("controls: [A.5.2]").says(), [fails], "no statement excludes nothing");
}

#[test]
fn an_exclusion_that_the_repository_contradicts_takes_nothing_out_of_play() {
    let contradiction = "contradicts_soa: true\nseverity: warning\napplies_to: soa\nfor_each: doc.controls.filter(c, !c.applicable)\n\
                         validations:\n  - {expression: \"notes.size() == 0\", message: contradicted, at: [item.control]}\n";
    let said = with_policy("controls: [A.5.2]").file("soa.yaml", SOA).policy("turn", contradiction).says();
    assert_eq!(
        said,
        [
            "p fail a.note.yaml at a.note.yaml:1: wrong",
            "turn fail s[A.5.2] at soa.yaml:4: contradicted",
            "turn fail s[A.5.3] at soa.yaml:7: contradicted",
        ]
    );
}

#[test]
fn the_nearest_statement_governs_and_one_that_names_the_system_comes_first() {
    let include = SOA.replace("applicable: false", "applicable: true").replace("id: s", "id: here");
    let system = |id: &str| format!("kind: ai-system\nid: {id}\n");
    let policy = "controls: [A.5.2]\napplies_to: note\nvalidations:\n  - {expression: 'false', message: 'governed by {{ soa == null ? \"none\" : soa.id }}', at: [doc]}\n";
    let run = run()
        .file("soa.yaml", SOA)
        .file("one/soa.yaml", &include)
        .file("one/a.note.yaml", "word: a\n")
        .file("two/a.note.yaml", "word: a\n")
        .file("one/ai-system.yaml", system("first"))
        .file("three/ai-system.yaml", system("third"))
        .file("three/a.note.yaml", "word: a\n")
        .file("other/soa.yaml", include.replace("id: here", "id: third-soa\nsystems: [third]"))
        .policy("p", policy);
    assert_eq!(
        run.says(),
        [
            "p fail one/a.note.yaml at one/a.note.yaml:1: governed by here",
            "p fail three/a.note.yaml at three/a.note.yaml:1: governed by third-soa",
            "p not-applicable two/a.note.yaml at soa.yaml:4: A.5.2 is excluded at soa.yaml:4",
        ]
    );
}

#[test]
fn a_valid_reference_stands_for_a_record_kept_elsewhere() {
    let reference = |more: &str| {
        format!(
            "kind: reference\nid: r\nstands_for: risk-register\ntitle: Register of the group\nwhere: Shared drive, folder 12\n{more}"
        )
    };
    let policy = "applies_to: ai-system\naccepts_reference: [risk-register]\nvalidations:\n  - {expression: \"risk_registers.size() > 0\", message: no register, at: [doc.id]}\n";
    let fails = "p fail s at ai-system.yaml:2: no register";
    let table = [
        ("", "p attested s at risks.reference.yaml:5: kept elsewhere: Register of the group (Shared drive, folder 12)"),
        (
            "valid_until: 2026-06-01\n",
            "p attested s at risks.reference.yaml:5: kept elsewhere: Register of the group (Shared drive, folder 12), valid until 2026-06-01",
        ),
        ("valid_until: 2026-05-31\n", fails),
        ("valid_until: soon\n", fails),
        ("system: another\n", fails),
    ];
    for (more, expected) in table {
        let run = run()
            .file("ai-system.yaml", "kind: ai-system\nid: s\n")
            .file("risks.reference.yaml", reference(more))
            .policy("p", policy);
        assert_eq!(run.says(), [expected], "{more}");
    }
    let other = reference("").replace("stands_for: risk-register", "stands_for: soa");
    let run = run()
        .file("ai-system.yaml", "kind: ai-system\nid: s\n")
        .file("risks.reference.yaml", other)
        .policy("p", policy);
    assert_eq!(run.says(), [fails]);
}

#[test]
fn records_of_the_organisation_are_read_and_judged_elsewhere() {
    let run = with_policy("controls: [A.5.2]")
        .shared("soa.yaml", SOA)
        .shared("b.note.yaml", "word: shared\n")
        .holds("q", "notes.exists(n, n.word == 'shared') && organization.path == '../aims' && organization.commit.startsWith('0123')");
    assert_eq!(
        run.says(),
        [
            "p not-applicable a.note.yaml at ../aims/soa.yaml:4: A.5.2 is excluded at ../aims/soa.yaml:4",
            "q pass a.note.yaml"
        ]
    );
    let broken =
        with_policy("controls: [A.5.2]").shared("soa.yaml", "kind: soa\nid: [\n").holds("q", "soas.size() == 0");
    assert_eq!(
        broken.says(),
        [
            "p fail a.note.yaml at a.note.yaml:1: wrong",
            "q unknown a.note.yaml at a.note.yaml:1: `../aims/soa.yaml` cannot be read, and it may hold what is looked for",
        ],
        "a record there that cannot be read is no record that is not there"
    );
}

#[test]
fn a_policy_can_judge_files_of_any_kind() {
    let policy = "applies_to: {files: ['config/**/*.yaml', 'config/*.toml', '*.json']}\nvalidations:\n  - expression: leaves(doc).all(l, l.key != 'max_age' || l.value >= 99)\n    message: an age\n";
    let run = run()
        .file("config/a.yaml", "rules:\n  - name: x\n    max_age: 60\n---\nrules:\n  - max_age: 99\n")
        .file("config/deep/b.yaml", "max_age: 120\n")
        .file("config/c.toml", "[x]\nmax_age = 3\n")
        .file("config/broken.yaml", "a: [\n")
        .file("d.json", "{\"max_age\":\n 1}")
        .file("other.yaml", "max_age: 1\n")
        .policy("p", policy);
    assert_eq!(
        run.says(),
        [
            "p fail config/a.yaml at config/a.yaml:3: an age",
            "p fail config/c.toml at config/c.toml:2: an age",
            "p fail d.json at d.json:2: an age",
            "p unknown config/broken.yaml: `config/broken.yaml` cannot be read: line 1: a bracket is not closed, so the document cannot be read",
            "p pass config/a.yaml#2",
            "p pass config/deep/b.yaml",
        ]
    );
}

#[test]
fn several_records_may_share_a_file() {
    let stream = "kind: note\nid: x\nword: b\n---\nkind: note\nid: y\nword: a\n---\nkind: soa\nid: s\n";
    let fenced = "# Notes\n\n```yaml\nkind: note\nid: z\nword: a\n```\n\nText.\n\n```json\n{\"kind\": \"note\", \"id\": \"w\",\n \"word\": \"a\"}\n```\n\n```yaml\nother: 1\n```\n";
    let policy = "applies_to: note\nvalidations:\n  - {expression: doc.word == 'b', message: wrong}\n";
    let run = run()
        .file("all.yaml", stream)
        .file("docs/notes.md", fenced)
        .policy("p", policy)
        .policy("q", "applies_to: soa\nvalidations:\n  - {expression: doc.id == 's'}\n");
    assert_eq!(run.problems(), Vec::<String>::new());
    assert_eq!(
        run.says(),
        [
            "p fail y at all.yaml:7: wrong",
            "p fail z at docs/notes.md:6: wrong",
            "p fail w at docs/notes.md:13: wrong",
            "p pass x",
            "q pass s",
        ]
    );
}

#[test]
fn a_document_belongs_to_the_system_it_names_else_to_the_nearest_above_else_to_the_only_one() {
    let system = |id: &str| format!("kind: ai-system\nid: {id}\n");
    let policy =
        "applies_to: note\nvalidations:\n  - {expression: 'false', message: 'of `{{ system_id(doc) }}`', at: [doc]}\n";
    let run = run()
        .file("docs/a.note.yaml", "word: a\n")
        .file("one/ai-system.yaml", system("first"))
        .file("one/deep/b.note.yaml", "word: a\n")
        .file("one/c.note.yaml", "system: second\nword: a\n")
        .policy("p", policy);
    let owners =
        |run: &Run| run.says().iter().filter_map(|s| Some(s.split("of ").nth(1)?.to_owned())).collect::<Vec<_>>();
    assert_eq!(owners(&run), ["`first`", "`second`", "`first`"]);
    assert_eq!(owners(&run.file("two/ai-system.yaml", system("second"))), ["``", "`second`", "`first`"]);
}
