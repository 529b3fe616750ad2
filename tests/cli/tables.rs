//! `annexa soa` and `annexa lifecycle`: tables of what is decided and what is there.

use crate::support::Folder;
use std::path::Path;

const STATEMENT: &str = "\
kind: soa
id: soa-1
title: Decisions of Halden
controls:
  - control: A.2.2
    applicable: true
    reason_kind: objective
    justification: One page that says what AI may do
    implementation: implemented
    linked_risks: [R-1, R-2]
    evidence:
      - {path: policy.md, what_it_shows: The policy}
      - {attestation: \"Board, 2026-01-02: =HYPERLINK(1) read it\"}
  - control: A.10.4
    applicable: false
    justification: \"=no | customers\"
  - control: X-1
    applicable: true
    justification: Ours
";

fn folder() -> Folder {
    let folder = Folder::repository().file("governance/soa.yaml", STATEMENT).file("policy.md", "People decide.\n");
    folder.file("ai-system.yaml", "id: scoring\nlifecycle: {stage: design}\n")
}

#[test]
fn every_control_has_its_row_and_what_checks_found() {
    let ran = folder().annexa(["soa", "--today", "2026-11-02"]);
    ran.expect(
        0,
        &[
            "Decisions of Halden (governance/soa.yaml, as of 2026-11-02)",
            "2 of 39 rows apply, 1 do not, 36 are not decided.",
            "`evidenced`, something else here agrees",
        ],
    );
    let row = |id: &str| ran.out.lines().find(|line| line.trim_start().starts_with(id)).unwrap_or_default().to_owned();
    assert!(row("A.2.2 ").contains("yes") && row("A.2.2 ").contains("implemented"), "{}", row("A.2.2 "));
    assert!(row("A.10.4 ").contains("no"), "{}", row("A.10.4 "));
    assert!(row("X-1 ").contains("yes"), "{}", row("X-1 "));
    folder()
        .annexa(["soa", "--plain", "--today", "2026-11-02"])
        .expect(0, &["control: A.2.2; title: AI policy; applies: yes"]);
}

/// What is written is the statement again, cell by cell.
#[test]
fn what_is_written_is_read_back() {
    let read = |folder: &Folder| {
        folder.annexa(["soa", "--output", "json", "--today", "2026-11-02"]).json()["tables"][0]["rows"].clone()
    };
    let rows = read(&folder());
    assert_eq!(rows.as_array().map(Vec::len), Some(39));
    for (format, file) in [("csv", "soa.csv"), ("xlsx", "soa.xlsx"), ("markdown", "soa.md")] {
        let folder = folder();
        folder.annexa(["soa", "--output", &format!("{format}={file}"), "--today", "2026-11-02"]).expect(0, &[]);
        std::fs::remove_file(folder.path("governance/soa.yaml")).expect("the statement");
        let again = read(&folder);
        for (was, is) in rows.as_array().expect("rows").iter().zip(again.as_array().expect("rows")) {
            for (key, value) in
                was.as_object().expect("a row").iter().filter(|(key, _)| *key != "grade" && *key != "findings")
            {
                assert_eq!(is[key], *value, "{format}: {key} of {}", was["control"]);
            }
        }
        assert_eq!(again.as_array().map(Vec::len), Some(39), "{format}");
    }
}

#[test]
fn a_cell_is_no_formula_for_a_spreadsheet() {
    let ran = folder().annexa(["soa", "--output", "csv"]);
    ran.expect(0, &["'=no | customers"]);
    assert!(!ran.out.lines().any(|line| line.split(',').any(|cell| cell.starts_with(['=', '+', '@']))), "{}", ran.out);
}

#[test]
fn two_statements_do_not_fit_one_csv_file() {
    let folder = folder().file("other/soa.yaml", "kind: soa\nid: soa-2\ncontrols: []\n");
    folder.annexa(["soa", "--output", "csv"]).expect(2, &["there are 2 statements, and a CSV file holds one"]);
    folder.annexa(["soa", "governance/soa.yaml", "--output", "csv"]).expect(0, &["control,title,applicable"]);
    Folder::repository().annexa(["soa"]).expect(2, &["there is no Statement of Applicability here", "annexa soa init"]);
}

#[test]
fn a_draft_decides_nothing_and_says_what_is_seen() {
    let folder = Folder::repository().file("models/x/model_card.yaml", "id: ranker\nname: Ranker\n");
    folder.annexa(["soa", "init"]).expect(0, &["Wrote governance/soa.yaml.", "What was seen is no reason by itself."]);
    let draft = folder.read("governance/soa.yaml");
    assert_eq!(draft.matches("- control: A.").count(), 38);
    assert!(draft.contains("# seen here: model-card: models/x/model_card.yaml"), "{draft}");
    assert!(!draft.lines().any(|line| line.trim_start().starts_with("applicable:")), "nothing is decided");
    folder.annexa(["soa", "init"]).expect(2, &["governance/soa.yaml"]);
    for file in ["soa.csv", "soa.xlsx", "soa.md"] {
        let folder = Folder::repository();
        folder.annexa(["soa", "init", "--to", file]).expect(0, &["Wrote soa."]);
        folder.annexa(["soa"]).expect(0, &["0 of 38 rows apply, 0 do not, 38 are not decided."]);
    }
    Folder::repository().annexa(["soa", "init", "--to", "soa.pdf"]).expect(2, &["ends in no form that a draft has"]);
}

#[test]
fn a_comparison_shows_the_decision_and_its_reason() {
    let folder = folder();
    folder.commit("");
    folder.annexa(["soa", "diff", "HEAD"]).expect(0, &["No decision and no reason changed."]);
    let flipped = STATEMENT.replace(
        "applicable: false\n    justification: \"=no | customers\"",
        "applicable: true\n    justification: We sell it now",
    );
    folder.write(
        "governance/soa.yaml",
        flipped.replace("  - control: X-1\n    applicable: true\n    justification: Ours\n", ""),
    );
    let rows = folder.annexa(["soa", "diff", "HEAD", "--output", "json"]).json()["tables"][0]["rows"].clone();
    let told: Vec<String> = rows
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| ["control", "field", "before", "after"].map(|key| row[key].as_str().unwrap_or_default()).join(" | "))
        .collect();
    assert_eq!(
        told,
        [
            "A.10.4 | decision | applies: no | applies: yes",
            "A.10.4 | reason | =no | customers | We sell it now",
            "X-1 | decision | applies: yes | no row",
            "X-1 | reason | Ours | ",
        ]
    );
    folder.annexa(["soa", "diff", "nowhere"]).expect(2, &["nowhere"]);
}

#[test]
fn a_comparison_stays_with_the_statement_that_is_named() {
    let folder = folder();
    folder.commit("");
    folder.write("other/soa.yaml", "kind: soa\nid: soa-2\ncontrols:\n  - {control: A.2.2, applicable: true}\n");
    let ran = folder.annexa(["soa", "diff", "HEAD", "other/soa.yaml"]);
    ran.expect(0, &["other/soa.yaml since HEAD", "The statement is not there at `HEAD`.", "applies: yes"]);
    assert!(!ran.out.contains("governance/soa.yaml"), "{}", ran.out);
}

#[test]
fn a_statement_that_cannot_be_read_is_not_called_missing() {
    let folder = Folder::repository();
    folder.write("soa.csv", b"control,applicable\nA.2.2,ja \xe4\n");
    folder.annexa(["soa"]).expect(2, &["the statement `soa.csv` cannot be read", "not UTF-8"]);
}

#[test]
fn every_format_holds_the_cells_of_every_system() {
    let folder = Folder::repository()
        .file("a/ai-system.yaml", SYSTEM)
        .file("b/ai-system.yaml", SYSTEM.replace("scoring", "ranking"));
    let csv = folder.annexa(["lifecycle", "--output", "csv"]);
    csv.expect(0, &["system,cell,state", "scoring,inception.identification", "ranking,inception.identification"]);
    for format in ["markdown", "xlsx=x.xlsx", "json", "text"] {
        folder.annexa(["lifecycle", "--output", format]).expect(0, &[]);
    }
    folder.write("a/ai-system.yaml", "id: scoring\nlifecycle: {stage: nonsense}\n");
    folder
        .annexa(["lifecycle", "scoring"])
        .expect(0, &["The register says `nonsense`, which is no stage of the matrix"]);
}

/// Versions of a table are compared decision by decision, as those of a list are.
#[test]
fn a_flipped_decision_is_found_in_a_table_too() {
    let rows =
        |applies: &str| format!("control,applicable,justification\nA.5.2,{applies},People are judged by it each day\n");
    let folder = Folder::repository().file("soa.csv", rows("yes"));
    folder.commit("");
    folder.write("soa.csv", rows("no"));
    folder.commit("");
    let ran =
        folder.annexa(["check", "--today", "2026-11-02", "--only", "soa-decision-changes-with-its-reason", "--plain"]);
    ran.expect(1, &["`A.5.2` was included and is now excluded", "soa.csv line 2 column 7"]);
}

const SYSTEM: &str = "id: scoring\nowner: lead\nrisk_owner: lead\nlifecycle: {stage: design, since: 2026-01-01}\n";

#[test]
fn the_matrix_shows_every_stage_and_why() {
    let folder = Folder::repository().file("ai-system.yaml", SYSTEM).file("annexa.yaml", "{}\n");
    let ran = folder.annexa(["lifecycle", "--today", "2026-11-02"]);
    ran.expect(0, &["Life cycle of scoring", "Now in `design`", "design (now)", "not ISO text"]);
    let line =
        |stage: &str| ran.out.lines().find(|line| line.trim_start().starts_with(stage)).unwrap_or_default().to_owned();
    assert_eq!(line("retirement").matches("not yet").count(), 5);
    assert_eq!(line("verification").matches("not yet").count(), 5);
    assert!(line("inception").contains("pass"), "{}", line("inception"));
    folder.annexa(["lifecycle", "scorin"]).expect(2, &["no AI system is registered as `scorin`", "scoring"]);
    Folder::repository().annexa(["lifecycle"]).expect(2, &["no AI system is registered here"]);
}

#[test]
fn a_team_puts_its_own_cell_in_place_of_ours() {
    let matrix = "kind: lifecycle-matrix\nid: ours\ncells:\n  - cell: design.monitoring\n    record: A weekly note\n    kinds: [ai-system]\n    gate: The owner is named\n    git: none\n    policies: [system-has-owners]\n    fresh_days: 10\n";
    let folder = Folder::repository().file("ai-system.yaml", SYSTEM).file("lifecycle-matrix.yaml", matrix);
    let cells = |folder: &Folder| {
        folder.annexa(["lifecycle", "--output", "json", "--today", "2026-11-02"]).json()["tables"][1]["rows"].clone()
    };
    let of = |folder: &Folder| {
        cells(folder)
            .as_array()
            .expect("rows")
            .iter()
            .find(|row| row["cell"] == "design.monitoring")
            .expect("the cell")
            .clone()
    };
    let cell = of(&folder);
    assert_eq!((cell["record"].as_str(), cell["state"].as_str()), (Some("A weekly note"), Some("pass")));
    // A record that is older than it stays fresh is told in the stage that the system is in.
    folder.write(
        "ai-system.yaml",
        SYSTEM.replace("risk_owner: lead", "risk_owner: lead\nai_act: {screened_on: 2026-01-01}"),
    );
    assert_eq!(of(&folder)["state"], "pass", "that day is not one on which the record was worked on");
    folder.write("lifecycle-matrix.yaml", matrix.replace("[system-has-owners]", "[system-has-owner]"));
    folder.annexa(["lifecycle"]).expect(2, &["lifecycle-matrix.yaml:4", "no policy is called so", "system-has-owners"]);
}

#[test]
fn a_record_that_is_no_longer_fresh_is_told() {
    let matrix = "kind: lifecycle-matrix\nid: ours\ncells:\n  - cell: design.identification\n    record: The register\n    kinds: [risk-register]\n    gate: Owned\n    git: none\n    policies: [system-has-owners]\n    fresh_days: 30\n";
    let folder = Folder::repository().file("ai-system.yaml", SYSTEM).file("lifecycle-matrix.yaml", matrix);
    folder.write(
        "risk-register.yaml",
        "kind: risk-register\nid: r\ndate: 2026-09-01\nreviews:\n  - {on: 2026-09-02, conclusion: fine}\n",
    );
    let ran = folder.annexa(["lifecycle", "scoring", "--today", "2026-11-02", "--plain"]);
    ran.expect(0, &["risk-register.yaml of 2026-09-02 is 61 days old and stays fresh for 30"]);
}

/// The examples tell their own life: nothing that is due is open in the one that is in order.
#[test]
fn the_example_in_order_has_no_open_cell() {
    let folder = Folder::new();
    folder.annexa(["demo", "hiring", "--into", "repository"]).expect(0, &[]);
    let path = folder.path("repository");
    let rows = folder
        .annexa([
            Path::new("lifecycle"),
            Path::new("--path"),
            &path,
            Path::new("--today"),
            Path::new("2026-11-02"),
            Path::new("--output"),
            Path::new("json"),
        ])
        .json();
    let open: Vec<String> = rows["tables"][1]["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .filter(|row| matches!(row["state"].as_str(), Some("fail" | "unknown")))
        .map(|row| format!("{}: {}", row["cell"], row["why"]))
        .collect();
    assert_eq!(open, Vec::<String>::new());
}
