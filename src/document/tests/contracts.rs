use super::{assert_fields, load_with, problems};
use crate::document::{Kinds, NOTES};

#[test]
fn a_contract_of_the_open_standard_is_read() {
    let text = "\
apiVersion: v3.1.0
kind: DataContract
id: applications
name: Applications
version: 1.10
status: active
description:
  purpose: Past applications.
  usage: Training only.
  limitations: Not for pay.
schema:
- name: applications
  properties:
  - name: birth_year
    logicalType: integer
    required: true
    classification: internal
    quality:
    - {metric: nullValues, mustBe: 0, dimension: completeness}
  - name: health
    logicalType: object
    classification: restricted
    properties:
    - {name: note, logicalType: string}
  quality:
  - type: sql
    name: enough
    query: select 1
    mustBeGreaterThan: 1000
team:
  members:
  - {username: old, role: owner, dateOut: '2024-01-01'}
  - {username: mira, role: Data Owner}
slaProperties:
- {property: retention, value: 3}
customProperties:
- {property: licence, value: CC-BY-4.0}
- {property: sourceSystem, value: HR archive}
- {property: system, value: screening}
";
    assert_fields(
        "any/where.yaml",
        text,
        &[
            ("id", "applications @3"),
            ("version", "1.10 @5"),
            ("status", "active @6"),
            ("system", "screening @39"),
            ("owner", "mira @33"),
            ("description", "Past applications. @8"),
            ("terms", "Training only.||Not for pay.||CC-BY-4.0 @9"),
            ("acquisition", "{source: HR archive @38, license: CC-BY-4.0 @37} @38"),
            ("classification", "restricted @22"),
            (
                "fields",
                "[{name: birth_year @14, type: integer @15, classification: internal @17, required: Bool(true) @16} @14, \
                 {name: health @20, type: object @21, classification: restricted @22} @20, \
                 {name: health.note @24, type: string @24} @24] @11",
            ),
            (
                "quality",
                "[{name: nullValues @19, dimension: completeness @19, rule: nullValues @19, threshold: 0 @19, mustBe: 0 @19, field: birth_year @14} @19, \
                 {name: enough @27, rule: select 1 @28, type: sql @26, threshold: 1000 @29, mustBeGreaterThan: 1000 @29} @26] @19",
            ),
            ("sla", "[{property: retention @35, value: 3 @35} @35] @35"),
            ("apiVersion", "v3.1.0 @1"),
        ],
    );
}

#[test]
fn versions_before_three_and_plain_records_are_read_as_far_as_they_go() {
    let two = "\
apiVersion: 2.2.0
kind: DataContract
uuid: u1
datasetName: letters
version: 1.0.0
status: current
datasetDomain: mail
stakeholders: [{username: tom, role: Owner}]
dataset:
- table: letters
  columns:
  - {column: body, logicalType: string, isNullable: false}
";
    assert_fields(
        "two.yaml",
        two,
        &[
            ("id", "u1 @3"),
            ("name", "letters @4"),
            ("owner", "tom @8"),
            ("domain", "mail @7"),
            ("fields", "[{name: body @12, type: string @12, required: Bool(true) @12} @12] @9"),
        ],
    );
    let plain = "\
kind: data-contract
id: letters
owner: mail-team
acquisition: {source: post office, collected_on: 2025}
fields:
- {name: body, type: text, classification: personal}
quality:
- {name: enough, rule: at least 1000 rows, use: training, threshold: 1000}
terms: Only for training.
";
    assert_fields(
        "letters.yaml",
        plain,
        &[
            ("owner", "mail-team @3"),
            ("acquisition", "{source: post office @4, collected_on: 2025 @4} @4"),
            ("fields", "[{name: body @6, type: text @6, classification: personal @6} @6] @5"),
            ("quality", "[{name: enough @8, rule: at least 1000 rows @8, use: training @8, threshold: 1000 @8} @8] @7"),
            ("terms", "Only for training. @9"),
            ("classification", "personal @6"),
        ],
    );
}

#[test]
fn the_data_contract_specification_is_read_with_a_hint_to_move() {
    let text = "\
dataContractSpecification: 1.2.1
id: orders
info: {title: Orders, version: 0.0.1, owner: Checkout}
terms:
  usage: Analytics.
  limitations: Not in real time.
models:
  orders:
    fields:
      id: {type: text, required: true, classification: sensitive}
servicelevels:
  retention: {period: P1Y}
";
    let kinds = Kinds::bundled();
    let loaded = load_with(&kinds, &[], "a.yaml", text).expect("recognised");
    let rows = problems(&loaded);
    assert_eq!(rows.iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [("deprecated-format", 1)]);
    assert_fields(
        "a.yaml",
        text,
        &[
            ("name", "Orders @3"),
            ("version", "0.0.1 @3"),
            ("owner", "Checkout @3"),
            ("terms", "Analytics.||Not in real time. @5"),
            (
                "fields",
                "[{name: id @10, type: text @10, classification: sensitive @10, required: Bool(true) @10} @10] @7",
            ),
            ("sla", "[{period: P1Y @12} @12] @12"),
        ],
    );
}

#[test]
fn a_version_that_is_not_known_is_a_hint() {
    let loaded =
        load_with(&Kinds::bundled(), &[], "a.odcs.yaml", "apiVersion: v9\nkind: DataContract\nid: a\n").expect("read");
    let rows = problems(&loaded);
    assert_eq!(rows.iter().map(|row| (row.0, row.1, row.2)).collect::<Vec<_>>(), [("unknown-version", 1, "v9")]);
    assert!(NOTES.contains(&"unknown-version"));
}
