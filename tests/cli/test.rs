//! `annexa test`.

use crate::support::{Folder, Ran};

/// A policy whose validations are about an SoA's `owner` and `approver`.
const POLICY: &str = "\
id: named
title: Statements name who keeps and who approves them
applies_to: soa
validations:
  - name: owned
    expression: has(doc.owner)
    message: \"`{{ doc.id }}` has no owner\"
    at: [doc.id]
  - name: approved
    expression: has(doc.approver) && doc.approver != 'nobody'
    message: \"`{{ doc.id }}` has no approver\"
    at: [doc.id]
";

/// Cases that leave nothing out.
const EXAMPLES: &str = "\
examples:
  - name: no owner
    files:
      soa.yaml: |
        kind: soa
        id: s
    expect:
      - {outcome: fail, subject: s, validation: owned, message: has no owner, at: 'soa.yaml:2'}
  - name: no approver
    files:
      soa.yaml: |
        id: s
        owner: o
    expect:
      - {outcome: fail, validation: approved, at: 'soa.yaml:1'}
  - name: nobody approves
    files:
      soa.yaml: |
        id: s
        owner: o
        approver: nobody
    expect: fail
  - name: both
    files:
      soa.yaml: |
        id: s
        owner: o
        approver: a
    expect: pass
";

/// A repository with the policy, its examples changed from `from` to `to`.
fn repository(from: &str, to: &str) -> Folder {
    let examples = EXAMPLES.replace(from, to);
    assert!(from == to || examples != EXAMPLES, "{from} is there");
    Folder::repository()
        .file("annexa.yaml", "policy_dirs: [own]\n")
        .file("own/named.yaml", format!("{POLICY}{examples}"))
}

fn suite(folder: Folder, text: &str) -> Ran {
    folder.file("own/more.test.yaml", text).annexa(["test"])
}

#[test]
fn cases_that_hold_are_counted() {
    let folder = repository("", "");
    folder
        .annexa(["test"])
        .expect(0, &["ok    named  4 cases", "1 policy, 4 cases: all as expected, no gaps", "exit code 0"]);
    for path in ["own", "own/named.yaml", "."] {
        folder.annexa(["test", path]).expect(0, &["1 policy, 4 cases: all as expected"]);
    }
    let quiet = folder.annexa(["test", "--quiet"]);
    assert_eq!(quiet.out, "1 policy, 4 cases: all as expected, no gaps\nexit code 0\n");
}

/// What is changed, what has to be said, and on which line of the policy file.
#[test]
fn what_is_not_as_expected_is_shown_with_its_place() {
    let table: &[(&str, &str, &[&str])] = &[
        ("expect: pass", "expect: fail", &["fail is expected, and there is pass", "own/named.yaml:41:13"]),
        (
            "outcome: fail, subject: s",
            "outcome: pass, subject: s",
            &["pass is expected, and there is fail", "own/named.yaml:20:"],
        ),
        ("soa.yaml:2", "soa.yaml:1", &["fail is expected, with another place", "≠ at", "soa.yaml:2:5", "2 │ id: s"]),
        ("subject: s", "subject: t", &["fail is expected, with another subject"]),
        ("has no owner", "has no one", &["fail is expected, with another message", "≠ message", "`s` has no owner"]),
        ("validation: owned, message: has no owner", "validation: approved", &["with another validation"]),
        (
            "expect:\n      - {outcome: fail, validation: approved, at: 'soa.yaml:1'}",
            "expect:\n      - {outcome: not-applicable}",
            &["not-applicable is expected, and there is fail"],
        ),
        (
            "        id: s\n        owner: o\n        approver: a\n",
            "        id: s\n        owner: [o]\n        approver: a\n",
            &["fail of `document-has-its-shape` is not expected", "In the files of the case:"],
        ),
        (
            "soa.yaml: |\n        kind: soa",
            "other.txt: |\n        kind: soa",
            &["none of the files is what the policy applies to"],
        ),
    ];
    for (from, to, texts) in table {
        let ran = repository(from, to).annexa(["test"]);
        ran.expect(1, texts);
        ran.expect(1, &["exit code 1"]);
    }
}

#[test]
fn a_finding_that_nothing_expects_is_told() {
    let text = "cases:\n  - name: two statements\n    files:\n      a/soa.yaml: 'id: a'\n      b/soa.yaml: 'id: b'\n    expect:\n      - {outcome: fail, subject: a}\n";
    suite(repository("", ""), text)
        .expect(1, &["fail of `named` is not expected", "own/more.test.yaml:2:11", "`b` has no owner"]);
}

#[test]
fn suites_take_files_from_a_folder_and_are_read_as_nothing_else() {
    let folder = repository("", "")
        .file("own/lender.test/governance/soa.yaml", "id: lender\nowner: o\n")
        .file(
            "own/lender.test.yaml",
            "cases:\n  - name: as it is\n    from: lender.test\n    expect:\n      - {policy: named, outcome: fail, subject: lender, at: 'governance/soa.yaml:1'}\n  - name: approved\n    from: lender.test\n    files:\n      governance/soa.yaml: {text: x}\n    expect: pass\n",
        );
    folder.annexa(["test"]).expect(2, &["own/lender.test.yaml:9"]);
    folder.write(
        "own/lender.test.yaml",
        "cases:\n  - name: as it is\n    from: lender.test\n    expect:\n      - {policy: named, outcome: fail, subject: lender, at: 'governance/soa.yaml:1'}\n  - name: approved\n    from: lender.test\n    files:\n      governance/soa.yaml: |\n        id: lender\n        owner: o\n        approver: a\n    expect: pass\n",
    );
    folder
        .annexa(["test"])
        .expect(0, &["4 cases, 2 more in suites", "own/lender.test.yaml  2 cases", "6 cases: all as expected"]);
    folder.annexa(["test", "own/lender.test.yaml"]).expect(0, &["0 policies, 2 cases: all as expected\n"]);
    folder.annexa(["test", "own/named.yaml"]).expect(0, &["1 policy, 6 cases: all as expected"]);
    // The folder is full of records that are none of this repository.
    let json = folder.annexa(["check", "--only", "named", "--output", "json"]).json();
    assert_eq!(json["documents"], serde_json::json!({}));
}

#[test]
fn suites_can_ask_shipped_policies_with_a_configuration_and_a_day() {
    let case = |days: u32| {
        format!(
            "cases:\n  - name: every two years\n    policies: [impact-assessment-is-in-time]\n    today: 2026-06-01\n    config: {{policies: {{impact-assessment-is-in-time: {{params: {{default_interval_days: {days}}}}}}}}}\n    files:\n      impact-assessment.yaml: |\n        status: approved\n        approved_on: 2025-03-01\n    expect: pass\n"
        )
    };
    suite(repository("", ""), &case(730)).expect(0, &["5 cases: all as expected"]);
    suite(repository("", ""), &case(365)).expect(1, &["pass is expected, and there is fail"]);
}

#[test]
fn what_the_cases_leave_out_is_told_and_can_be_allowed() {
    let table: &[(&str, &str, &str)] = &[
        ("expect: pass", "expect: fail", "not as expected"),
        (EXAMPLES, "examples: []\n", "`named` has no case at all"),
        (&EXAMPLES[EXAMPLES.find("  - name: both").expect("it is there")..], "", "no case passes `named`"),
        ("        owner: o\n", "", "no case makes the validation `approved` of `named` false"),
    ];
    for (from, to, text) in table {
        let folder = repository(from, to);
        folder.annexa(["test"]).expect(1, &[text]);
        assert!(!folder.annexa(["test", "--output", "junit"]).out.contains("failures=\"0\""), "{text}");
    }
    let folder = repository(EXAMPLES, "examples: []\n");
    folder.annexa(["test", "--allow-gaps"]).expect(0, &["gap, allowed[named]", "1 gap, allowed", "own/named.yaml:1:5"]);
    folder.annexa(["test", "--allow-gaps", "--output", "junit"]).expect(0, &["tests=\"0\""]);
}

#[test]
fn what_is_not_valid_is_told_all_at_once() {
    let ran = suite(
        repository("outcome: fail, subject: s", "outcome: failed, subject: s"),
        "cases:\n  - nam: x\n    files: {}\n    expect: pas\n  - name: y\n    expect: pass\n",
    );
    ran.expect(2, &["own/named.yaml:20:", "own/more.test.yaml:2:5", "Did you mean `name`", "own/more.test.yaml:4:13"]);
    let table: &[(&str, &[&str])] = &[
        ("", &["the file holds no case"]),
        ("cases: []\n", &["own/more.test.yaml:1"]),
        ("cases:\n  - {name: x, expect: pass}\n", &["the case has no files"]),
        ("cases:\n  - {name: x, from: gone.test, expect: pass}\n", &["there is no folder `own/gone.test/`"]),
        ("cases:\n  - {name: x, from: ../own, expect: pass}\n", &["own/more.test.yaml:2"]),
        (
            "cases:\n  - {name: x, policies: [namd], files: {a: b}, expect: pass}\n",
            &["no policy is called `namd`", "Did you mean `named`?"],
        ),
        (
            "cases:\n  - {name: x, files: {a: b}, expect: [{policy: namd, outcome: fail}]}\n",
            &["`namd` is none of the policies that judge this case", "Did you mean `named`?"],
        ),
        ("cases:\n  - {name: x, files: {a: b}, history: [], expect: pass}\n", &["history"]),
    ];
    for (text, texts) in table {
        suite(repository("", ""), text).expect(2, texts);
    }
    repository("", "").annexa(["test", "--only", "namd"]).expect(2, &["Did you mean `named`?"]);
    repository("", "").annexa(["test", "--output", "jnuit"]).expect(2, &["Did you mean `junit`?"]);
    repository("", "").annexa(["test", "gone"]).expect(2, &["`gone` does not exist"]);
    repository("", "").annexa(["test", "--shipped", "own"]).expect(2, &["cannot be used with"]);
}

#[test]
fn nothing_to_test_has_an_exit_code_of_its_own() {
    Folder::repository().annexa(["test"]).expect(4, &["nothing was tested", "policy_dirs"]);
    Folder::new().annexa(["test"]).expect(4, &["nothing was tested"]);
    Folder::repository().file("soa.yaml", "id: s\n").annexa(["test"]).expect(4, &["nothing was tested"]);
    Folder::new().file("named.yaml", format!("{POLICY}{EXAMPLES}")).annexa(["test"]).expect(0, &["4 cases"]);
}

#[test]
fn a_configuration_that_is_not_valid_fails_its_case() {
    let text = "cases:\n  - name: x\n    config: {exclde: []}\n    files: {soa.yaml: 'id: s'}\n    expect: fail\n";
    suite(repository("", ""), text).expect(1, &["the case cannot be run: annexa.yaml:", "own/more.test.yaml:3"]);
}

#[test]
fn steps_are_shown_and_are_the_same_in_each_run() {
    let folder = repository("", "");
    let ran = folder.annexa(["test", "--cost"]);
    ran.expect(0, &["of 100,000 steps an evaluation", "owned", "approved"]);
    assert_eq!(ran.out, folder.annexa(["test", "--cost"]).out);
    let cost = folder.annexa(["test", "--cost", "--output", "json"]).json()["policies"][0]["cost"].clone();
    // Four cases ask `owned`, three get as far as `approved`.
    assert_eq!((&cost["evaluations"], &cost["budget"]), (&7.into(), &100_000.into()));
}

#[test]
fn the_whole_text_is_read_as_it_is() {
    let folder = repository("soa.yaml:2", "soa.yaml:1");
    insta::assert_snapshot!(folder.annexa(["test"]).out);
    insta::assert_snapshot!(folder.annexa(["test", "--plain"]).out);
}

#[test]
fn junit_is_xml_that_build_servers_read() {
    let folder = repository("name: no owner", "name: \"no <owner> & \\e[31m \\\"x\\\"\"").file(
        "own/other.yaml",
        "id: other\ntitle: Other\napplies_to: soa\nvalidations: [{expression: has(doc.owner)}]\nexamples:\n  - {name: a, files: {soa.yaml: 'owner: o'}, expect: fail}\n",
    );
    let ran = folder.annexa(["test", "--output", "junit"]);
    assert_eq!(ran.code, 1);
    assert!(!ran.out.contains('\u{1b}'), "{}", ran.out);
    insta::assert_snapshot!(ran.out);
    folder
        .annexa(["test", "--output", "text", "--output", "junit=out/tests.xml"])
        .expect(1, &["not as expected[other]"]);
    assert_eq!(folder.read("out/tests.xml"), ran.out);
}

#[test]
fn the_json_of_a_test_run_fits_its_schema() {
    let folder = repository("soa.yaml:2", "soa.yaml:1");
    folder.write(
        "own/bare.yaml",
        "id: bare\ntitle: Bare\napplies_to: soa\nvalidations: [{expression: has(doc.owner)}]\n",
    );
    let schema: serde_json::Value = folder.annexa(["schema", "test-report"]).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let json = folder.annexa(["test", "--cost", "--output", "json"]).json();
    let errors: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!((&json["passed"], &json["failing"], &json["gaps"]), (&false.into(), &1.into(), &1.into()));
}

/// The expression of the second validation, and the change of it that no case notices.
#[test]
fn changes_that_no_case_notices_are_shown() {
    let folder = repository("", "");
    folder.annexa(["test", "--mutate"]).expect(
        1,
        &[
            "4 cases, 3 changes, 1 gap",
            "no case notices that `has(doc.approver)` becomes `true`",
            "own/named.yaml:10:17",
            "1 gap (3 changes tried)",
        ],
    );
    // Without it nothing is left that could be changed unnoticed: an absent approver fails too.
    let policy = folder.read("own/named.yaml").replace("has(doc.approver) && ", "");
    folder.write("own/named.yaml", policy);
    folder.annexa(["test", "--mutate"]).expect(0, &["no gaps (1 change tried)"]);
    // Or the policy says that it makes no difference.
    let accepted = format!(
        "{POLICY}equivalent_changes:\n  - {{was: has(doc.approver), now: \"true\", why: An absent field fails too.}}\n{EXAMPLES}"
    );
    folder.write("own/named.yaml", accepted.as_str());
    folder.annexa(["test", "--mutate"]).expect(0, &["no gaps (3 changes tried)"]);
    folder.write("own/named.yaml", accepted.replace("was: has(doc.approver)", "was: has(doc.aprover)"));
    folder.annexa(["test", "--mutate"]).expect(1, &["2 gaps", "`has(doc.aprover)` becomes `true`"]);
    // Cases that do not hold notice nothing, so nothing is tried.
    let folder = repository("expect: pass", "expect: fail");
    let ran = folder.annexa(["test", "--mutate"]);
    ran.expect(1, &["1 is not as expected"]);
    assert!(!ran.out.contains("tried"), "{}", ran.out);
}

/// A policy about a change, with what a case says about it.
const CHANGE: &str = "\
id: change-is-approved
title: A changed statement is approved by somebody else
applies_to: soa
validations:
  - name: approved
    expression: base == null || base == doc || pr != null && pr.reviews.exists(r, r.state == 'approved' && r.by != pr.author)
    message: \"`{{ doc.id }}` changed its owner from {{ base.owner }} to {{ doc.owner }}\"
    at: [base.owner]
";

#[test]
fn cases_have_a_base_version_and_a_pull_request() {
    let case = |more: &str, expect: &str| {
        format!(
            "  - name: a case\n    files: {{soa.yaml: \"id: s\\nowner: new\\n\", other.txt: x}}\n    {more}\n    expect: {expect}\n"
        )
    };
    let approved = "{author: ana, reviews: [{by: ben, state: approved, on: 2026-05-30}]}";
    let own = "{author: ana, number: 7, title: t, draft: true, labels: [l], base_branch: b, reviews: [{by: ana, state: approved, outdated: true}]}";
    let old = "base: {soa.yaml: \"id: s\\n\\nowner: old\\n\"}";
    let at = "[{outcome: fail, message: from old to new, at: 'base:soa.yaml:3'}]";
    let cases = [
        case(&format!("{old}\n    pull_request: {approved}"), "pass"),
        case(&format!("{old}\n    pull_request: {own}"), at),
        case(old, at),
        case("base: {}", "pass"),
        case("base: {soa.yaml: null}", "pass"),
        case("base: {soa.yaml: ~, gone.yaml: 'x: 1'}", "pass"),
        case("base: {soa.yaml: 'id: ['}", "unknown"),
        case(&format!("pull_request: {own}"), "not-applicable"),
    ];
    let examples = format!("{CHANGE}examples:\n{}", cases.concat());
    let folder = || Folder::repository().file("annexa.yaml", "policy_dirs: [own]\n");
    let suite = |cases: &str| folder().file("own/change-is-approved.yaml", CHANGE).file("own/c.test.yaml", cases);
    folder()
        .file("own/change-is-approved.yaml", &examples)
        .annexa(["test"])
        .expect(0, &["8 cases: all as expected, no gaps"]);
    suite(&format!("cases:\n{}", cases.concat())).annexa(["test"]).expect(0, &["8 cases: all as expected, no gaps"]);

    // The excerpt shows the base version and says so.
    let wrong = format!("cases:\n{}", case(old, "pass"));
    let ran = suite(&wrong).annexa(["test", "--allow-gaps"]);
    ran.expect(1, &["base:soa.yaml:3:8", "owner: old", "in the base version"]);

    let table: &[(&str, &[&str])] = &[
        ("base: {sao.yaml: null}", &[":4:12", "the case has no file `sao.yaml`"]),
        ("base: [soa.yaml]", &[":4:5", "a group of named fields is needed"]),
        ("pull_request: {autor: ana}", &[":4:20", "Did you mean `author`?"]),
        ("pull_request: {number: 0}", &[":4:28"]),
        ("pull_request: {reviews: [{by: ben}]}", &["`state`"]),
        ("pull_request: {reviews: [{by: ben, state: aproved}]}", &["Did you mean `approved`?"]),
    ];
    for (more, texts) in table {
        suite(&format!("cases:\n{}", case(more, "pass"))).annexa(["test"]).expect(2, texts);
    }
    let wrong = format!("{CHANGE}examples:\n{}", case("base: {sao.yaml: null}", "pass"));
    let folder = folder().file("own/change-is-approved.yaml", wrong);
    folder.annexa(["test"]).expect(2, &["own/change-is-approved.yaml:12:12", "the case has no file `sao.yaml`"]);
    folder.annexa(["docs", "own"]).expect(2, &["the case has no file `sao.yaml`"]);
    // What a case shows stands in the reference.
    folder.write("own/change-is-approved.yaml", examples);
    let page = folder.annexa(["docs", "own"]);
    page.expect(
        0,
        &[
            "In the base version, `soa.yaml` was not there.",
            "owner: old",
            "The base version is the same.",
            "In the pull request `{\"author\":\"ana\"",
        ],
    );
}

#[test]
fn a_check_has_neither_a_base_version_nor_a_pull_request() {
    let folder = Folder::repository()
        .file("annexa.yaml", "policy_dirs: [own]\n")
        .file("own/change-is-approved.yaml", CHANGE)
        .file(
            "own/outside.yaml",
            "id: outside\ntitle: Outside\napplies_to: soa\nvalidations: [{expression: pr == null}]\n",
        )
        .file("soa.yaml", "kind: soa\nid: s\nowner: o\n");
    let json = folder.annexa(["check", "--output", "json", "--only", "change-is-approved", "--only", "outside"]).json();
    let said: Vec<_> = json["outcomes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|j| ["change-is-approved", "outside"].iter().any(|id| j["rule"] == *id))
        .map(|j| format!("{} {} {}", j["rule"], j["outcome"], j["message"]))
        .collect();
    assert_eq!(
        said,
        [
            r#""change-is-approved" "not-applicable" "this run has no base commit to compare with""#,
            r#""outside" "pass" """#
        ]
    );
}

#[test]
fn one_policy_is_tested_with_the_suites_around_it_and_without_its_neighbours() {
    let folder = repository("", "");
    folder.write("own/named.yaml", POLICY);
    let examples = EXAMPLES.replace("examples:", "cases:");
    folder.write("own/all.test.yaml", examples.as_str());
    folder.write("own/broken.yaml", "id: broken\n");
    folder.annexa(["test"]).expect(2, &["own/broken.yaml"]);
    folder.annexa(["test", "own/named.yaml"]).expect(0, &["1 policy, 4 cases: all as expected, no gaps"]);
    // A suite above it within the folders of policies counts too.
    folder.write("own/deep/deep.yaml", POLICY.replace("id: named", "id: deep"));
    folder.annexa(["test", "own/deep/deep.yaml"]).expect(1, &["4 more in suites"]);
    // A case that asks for a policy that is not valid says so.
    folder.write("own/all.test.yaml", examples.replace("- name: both", "- name: both\n    policies: [named, broken]"));
    folder.annexa(["test", "own/named.yaml"]).expect(2, &["own/broken.yaml"]);
}

#[test]
fn a_suite_alone_says_nothing_about_gaps() {
    let folder = repository("", "").file("own/all.test.yaml", EXAMPLES.replace("examples:", "cases:"));
    let ran = folder.annexa(["test", "own/all.test.yaml"]);
    ran.expect(0, &["4 cases: all as expected\n"]);
    for flag in ["--mutate", "--cost"] {
        folder.annexa(["test", "own/all.test.yaml", flag]).expect(2, &["a suite may hold only some of the cases"]);
    }
}

#[test]
fn every_folder_that_is_not_there_and_every_path_out_of_the_case_is_shown() {
    let case = |from: &str| format!("  - {{name: {from}, from: {from}.test, expect: pass}}\n");
    suite(repository("", ""), &format!("cases:\n{}{}", case("a"), case("b")))
        .expect(2, &["no folder `own/a.test/`", "no folder `own/b.test/`"]);
    suite(repository("", ""), "cases:\n  - {name: x, from: 3, expect: pass}\n").expect(2, &["`from: hiring.test`"]);
    for path in ["../../etc/passwd", "/etc/passwd", "./soa.yaml", "a/../b", "a//b", "a/"] {
        let text = format!("cases:\n  - {{name: x, files: {{'{path}': ''}}, expect: pass}}\n");
        suite(repository("", ""), &text).expect(2, &[&format!("`{path}` is no name"), "root of the case"]);
    }
}

#[test]
fn two_formats_are_not_written_to_one_file() {
    for (command, format) in [("test", "junit"), ("check", "json")] {
        repository("", "")
            .annexa([command, "-o", &format!("{format}=a.xml"), "-o", "json=./a.xml"])
            .expect(2, &["two formats would both be written to `./a.xml`"]);
    }
}

/// A statement has to be looked at again after a release.
const ON_HISTORY: &str = "\
id: looked-at
title: Statements are newer than the release
applies_to: soa
when: doc.history.committed
validations:
  - name: after-release
    expression: is_ancestor('v1.0.0', doc.history.last_substantive.id)
    message: \"`{{ doc.id }}` changed last on {{ doc.history.last_substantive.on }}\"
    at: [doc.id]
examples:
  - name: changed after the release, on a branch that was merged
    files: {soa.yaml: \"id: s\\nowner: ana\\n\"}
    history:
      - {content: {soa.yaml: \"id: s\\n\"}, tag: v1.0.0}
      - {branch: side, by: Ana Ruiz <ana@x.example>}
      - {merge: side}
    config: {adopted_at: v1.0.0}
    expect: pass
  - name: only its date is newer
    files: {soa.yaml: \"id: s\\ndecided_on: 2026-02-01\\n\"}
    history:
      - {on: 2026-01-10, content: {soa.yaml: \"id: s\\ndecided_on: 2026-01-10\\n\"}}
      - {content: {code.py: x}, tag: v1.0.0}
      - {on: 2026-02-01}
    expect:
      - {outcome: fail, validation: after-release, message: 2026-01-10}
  - name: the release lies before what the clone holds
    files: {soa.yaml: \"id: s\\n\"}
    history:
      - {content: {soa.yaml: \"id: t\\n\"}, tag: v1.0.0}
      - {content: {code.py: x}, shallow: true}
      - {}
    expect: unknown
  - name: not committed
    files: {soa.yaml: \"id: s\\n\"}
    history: [{content: {code.py: x}}]
    expect: not-applicable
";

fn on_history(from: &str, to: &str) -> Folder {
    let policy = ON_HISTORY.replacen(from, to, 1);
    assert!(from == to || policy != ON_HISTORY, "{from} is there");
    Folder::repository().file("annexa.yaml", "policy_dirs: [own]\n").file("own/looked-at.yaml", policy)
}

#[test]
fn cases_have_a_history() {
    on_history("", "").annexa(["test"]).expect(0, &["1 policy, 4 cases: all as expected, no gaps"]);
    // Lines counted by hand.
    let table: &[(&str, &str, i32, &[&str])] = &[
        ("adopted_at: v1.0.0", "adopted_at: v3", 1, &["`adopted_at` names no commit of the", "looked-at.yaml:17:"]),
        (
            "merge: side",
            "merge: sid",
            2,
            &["no commit above has the branch or the tag `sid`", "looked-at.yaml:16:17", "`side`?"],
        ),
        (
            "{on: 2026-02-01}",
            "{on: 2026-07-01}",
            2,
            &["`2026-07-01` is after `today`, 2026-06-01", "looked-at.yaml:24:14"],
        ),
        ("tag: v1.0.0", "tags: v1.0.0", 2, &["`tags`", "looked-at.yaml:14:"]),
    ];
    for (from, to, code, texts) in table {
        on_history(from, to).annexa(["test"]).expect(*code, texts);
    }
}
