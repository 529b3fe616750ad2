//! Statements of Applicability that are kept as tables.

use super::load_with;
use crate::document::{Decision, Kinds, decisions};

fn read(path: &str, text: &str) -> Vec<Decision> {
    let loaded = load_with(&Kinds::bundled(), &[], path, text).expect("a document");
    let [statement] = loaded.documents.as_slice() else { panic!("{path} holds one statement") };
    let problems: Vec<&str> = statement.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems, Vec::<&str>::new(), "{path}");
    decisions(statement)
}

/// Control, whether it applies, reason, implementation, evidence, line.
fn told(path: &str, text: &str) -> Vec<String> {
    let line = |decision: &Decision| {
        let line = text[..decision.at.start as usize].matches('\n').count() + 1;
        let Decision { control, justification, implementation, .. } = decision;
        format!("{line}: {control} {} [{justification}] [{implementation}] {:?}", decision.applies(), decision.evidence)
    };
    read(path, text).iter().map(line).collect()
}

#[test]
fn columns_are_found_by_usual_names() {
    let csv = "\
Statement of Applicability;;;;
;;;;
Control ID;Title;Applicability;Justification for inclusion;Justification for exclusion;Implementation status;Evidence
Policies;;;;;;
A 2.2;AI policy;Applicable;One page for all;;In progress;governance/ai-policy.md; https://wiki.example/ai
iso42001:A.10.4;Customers;Not applicable;;Nobody outside uses it;n/a;none
;;;;;;
";
    assert_eq!(
        told("soa.csv", csv),
        [
            "5: A.2.2 yes [One page for all] [partial] [\"governance/ai-policy.md\"]",
            "6: A.10.4 no [Nobody outside uses it] [] []",
        ]
    );
}

#[test]
fn the_column_of_ids_is_the_one_that_holds_them() {
    let markdown = "\
# Statement of Applicability

| Control | Ref | Included | Reason | Evidence |
|---|---|---|---|---|
| AI policy | **A.2.2** | Y | One page \\| for all | [the policy](governance/ai-policy.md), [the board](https://wiki.example/b) |
| Customers | A.10.4 | partly | x | In a drawer |

## Exclusions

| Control | Ref | Reason for exclusion |
|---|---|---|
| None at this time | | |
";
    let loaded = load_with(&Kinds::bundled(), &[], "soa.md", markdown).expect("a document");
    let rows = decisions(&loaded.documents[0]);
    assert_eq!(rows.len(), 2, "a table without an id is none of decisions: {rows:?}");
    assert_eq!((rows[0].control.as_str(), rows[0].applicable), ("A.2.2", Some(true)));
    assert_eq!(rows[0].justification, "One page | for all");
    assert_eq!(rows[0].evidence, ["governance/ai-policy.md", "https://wiki.example/b"]);
    assert_eq!(rows[1].evidence, ["In a drawer"]);
    // What is neither yes nor no is no decision, and said to be of the wrong kind at its cell.
    let problem = &loaded.documents[0].problems[0];
    assert_eq!(rows[1].applicable, None);
    assert_eq!(markdown[problem.at.span.start as usize..problem.at.span.end as usize], *"partly");
}

#[test]
fn rows_of_another_standard_are_left_out() {
    let csv =
        "standard,control,applicable,justification\nISO/IEC 27001:2022,A.5.1,yes,x\nISO/IEC 42001:2023,A.5.2,yes,y\n";
    assert_eq!(told("soa.csv", csv), ["3: A.5.2 yes [y] [] []"]);
}

#[test]
fn front_matter_stands_beside_the_table() {
    let text = "---\nkind: soa\nid: s-1\nowner: lead\n---\n| control | applies | reason |\n|---|---|---|\n| A.2.2 | no | x |\n";
    let loaded = load_with(&Kinds::bundled(), &[], "governance/decisions.md", text).expect("a document");
    assert_eq!(loaded.documents[0].id.as_deref(), Some("s-1"));
    assert_eq!(told("governance/decisions.md", text), ["8: A.2.2 no [x] [] []"]);
}

#[test]
fn a_table_without_columns_of_decisions_says_so() {
    let table = [
        ("soa.csv", "name,price\nbolt,2\n", "no row of the table names a column `control`"),
        ("soa.xlsx", "no workbook", "the file is called a spreadsheet, and no sheet can be read from it"),
        ("soa.csv", "control,applicable\n", "no row of the table names a column `control`"),
        ("soa.csv", "", "no row of the table names a column `control`"),
    ];
    for (path, text, expected) in table {
        let loaded = load_with(&Kinds::bundled(), &[], path, text).expect("a document that cannot be read");
        let said: Vec<&str> = loaded.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(said.iter().any(|message| message.starts_with(expected)), "{path}: {text:?} gives {said:?}");
    }
}

#[test]
fn tables_elsewhere_are_data_and_json_schemas_describe_records() {
    let kinds = Kinds::bundled();
    assert!(load_with(&kinds, &[], "data/controls.csv", "control,applicable\nA.2.2,yes\n").is_none());
    let schema = r#"{"$schema": "http://json-schema.org/draft-07/schema#", "title": "x", "properties": {"name": {}}}"#;
    assert!(load_with(&kinds, &[], "model_card.schema.json", schema).is_none());
    assert!(load_with(&kinds, &[], "model_card.json", r#"{"name": "x", "properties": {}}"#).is_some());
}
