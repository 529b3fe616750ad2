use super::{assert_fields, field, load_with, problems};
use crate::document::{Kinds, NOTES};

#[test]
fn a_hugging_face_card_is_read_from_front_matter_and_sections() {
    let text = "\
---
license: apache-2.0
base_model: acme/encoder
datasets:
- acme/letters
metrics: [accuracy, wer]
model-index:
- name: letter-sorter
  results:
  - task: {type: text-classification}
    dataset: {name: Letters 2025, type: acme/letters, split: test}
    metrics:
    - type: accuracy
      value: 0.93
      name: Accuracy
---
# Letter sorter

- **Developed by:** [Mail team](https://mail.example)
- **Version:** 2.10

## Uses

### Direct Use

Sorts letters by topic.

### Downstream Use [optional]

Feeds the archive.

### Out-of-Scope Use

Not for mail about health.

## Bias, Risks, and Limitations

<!-- nothing yet -->
";
    assert_fields(
        "models/letters/README.md",
        text,
        &[
            ("id", "letter-sorter @8"),
            ("name", "letter-sorter @8"),
            ("version", "2.10 @20"),
            ("owners", "[Mail team @19] @19"),
            ("license", "apache-2.0 @2"),
            ("base_models", "[acme/encoder @3] @3"),
            ("datasets", "[acme/letters @5] @5"),
            ("intended_use", "Sorts letters by topic.||Feeds the archive. @26"),
            ("out_of_scope", "Not for mail about health. @34"),
            ("limitations", " @36"),
            (
                "metrics",
                "[{name: Accuracy @15, type: accuracy @13, value: 0.93 @14, dataset: Letters 2025 @11, split: test @11} @13, \
                 {name: wer @6} @6] @8",
            ),
        ],
    );
}

#[test]
fn what_is_absent_stays_absent_and_what_is_empty_stands_at_its_heading() {
    let kinds = Kinds::bundled();
    let text = "# Sorter\n\n## Intended use\n\n## Training\n\nsome\n";
    let loaded = load_with(&kinds, &[], "MODEL_CARD.md", text).expect("by path");
    assert_eq!(field(&loaded, "intended_use"), " @3");
    for absent in ["out_of_scope", "limitations", "license", "owners", "version", "datasets", "metrics"] {
        assert_eq!(field(&loaded, absent), "-", "{absent}");
    }
    let document = &loaded.documents[0];
    let intended = document.tree.get(document.root, "intended_use").expect("there");
    assert_eq!(document.tree.file().slice(document.tree.head(intended)), "## Intended use");
}

#[test]
fn headings_that_name_two_topics_count_for_both_unless_one_has_its_own() {
    let card = |rest: &str| format!("# M\n\n## Intended uses & limitations\n\nSorts mail.\n\n{rest}");
    let both = [("intended_use", "Sorts mail. @5"), ("limitations", "Sorts mail. @5")];
    assert_fields("model_card.md", &card(""), &both);
    let own = card("### How to use\n\nCall it.\n\n### Limitations and bias\n\nOnly English.\n");
    assert_fields("model_card.md", &own, &[("intended_use", "Sorts mail. @5"), ("limitations", "Only English. @13")]);
}

#[test]
fn labels_tables_and_sections_of_plain_markdown_are_fields() {
    let text = "\
# Model Card: **Fraud filter**

| Field | Value |
|---|---|
| Owner | Payments risk |
| Version | 1.10 |

**License**: `MIT`

```yaml
owner: not this one
```

## Model card contact

risk@example.org

## Ethical considerations

None known.
";
    assert_fields(
        "docs/model-card.md",
        text,
        &[
            ("name", "Fraud filter @1"),
            ("id", "Fraud filter @1"),
            ("owners", "[Payments risk @5] @5"),
            ("version", "1.10 @6"),
            ("license", "MIT @8"),
            ("limitations", "None known. @20"),
        ],
    );
    let contact = "# Model card for X\n\n## Model Card Contact\n\nrisk@example.org\n";
    assert_fields("docs/model-card.md", contact, &[("owners", "[risk@example.org @5] @5"), ("name", "X @1")]);
}

#[test]
fn cards_in_yaml_and_json_are_read_in_their_many_spellings() {
    let yaml = "\
model_id: ranker
modelName: Ranker
model_version: 1.10
Owner: {name: People analytics, email: pa@example.org}
licences: [MIT, Apache-2.0]
parentModel: acme/base
dataset: applications
Intended Use:
  primary_uses: Ranks applications.
  out_of_scope_uses: [Rejecting, Pay]
limitations:
metrics:
  auc: 0.81
  recall: {value: 0.7, threshold: 0.6, slice: women}
";
    assert_fields(
        "models/model_card.yaml",
        yaml,
        &[
            ("id", "ranker @1"),
            ("name", "Ranker @2"),
            ("version", "1.10 @3"),
            ("owners", "[People analytics @4] @4"),
            ("license", "MIT, Apache-2.0 @5"),
            ("base_models", "[acme/base @6] @6"),
            ("datasets", "[applications @7] @7"),
            ("intended_use", "Ranks applications. @9"),
            ("out_of_scope", "Rejecting||Pay @10"),
            ("limitations", " @11"),
            (
                "metrics",
                "[{name: auc @13, value: 0.81 @13} @13, \
                 {name: recall @14, value: 0.7 @14, slice: women @14, threshold: 0.6 @14} @14] @13",
            ),
            ("slices", "[{value: 0.7 @14, name: women @14} @14] @13"),
            ("parentModel", "acme/base @6"),
        ],
    );
    let json = "{\"name\": \"a\", \"owners\": [{\"contact\": \"x@example.org\"}],\n \"metrics\": [{\"metric\": \"f1\", \"score\": 1}]}";
    assert_fields(
        "model_card.json",
        json,
        &[("owners", "[x@example.org @1] @1"), ("metrics", "[{name: f1 @2, value: 1 @2} @2] @2")],
    );
}

#[test]
fn model_card_toolkit_files_are_recognised_by_their_blocks() {
    let text = r#"{
 "model_details": {
  "name": "Pets",
  "owners": [{"name": "Vision team", "contact": "v@example.org"}],
  "version": {"name": "v1.0"},
  "licenses": [{"identifier": "MIT"}]
 },
 "considerations": {
  "use_cases": [{"description": "Tells cats from dogs."}],
  "limitations": ["No other animals.", "No drawings."]
 },
 "quantitative_analysis": {
  "performance_metrics": [{"type": "accuracy", "value": "0.9", "slice": "cat"}]
 }
}"#;
    assert_fields(
        "any.json",
        text,
        &[
            ("name", "Pets @3"),
            ("version", "v1.0 @5"),
            ("owners", "[Vision team @4] @4"),
            ("license", "MIT @6"),
            ("intended_use", "Tells cats from dogs. @9"),
            ("limitations", "No other animals.||No drawings. @10"),
            ("metrics", "[{name: accuracy @13, type: accuracy @13, value: 0.9 @13, slice: cat @13} @13] @13"),
            ("slices", "[{metric: accuracy @13, value: 0.9 @13, name: cat @13} @13] @13"),
        ],
    );
}

#[test]
fn a_readme_is_a_card_only_by_what_it_says() {
    let kinds = Kinds::bundled();
    let table = [
        ("---\nlicense: mit\n---\n# A\n", true),
        ("---\npipeline_tag: fill-mask\n---\n", true),
        ("---\r\ntags:\r\n- x\r\n---\r\n# A\r\n", true),
        ("---\nlicense: mit\n# never closed\n", true),
        ("# Model card for A\n", true),
        ("# A library\n\nlicense: mit\n", false),
        ("---\ntitle: A page\n---\n", false),
        ("---\ntags: [x]\nlayout: page\n---\n", false),
        ("---\nlicense: mit\ntask_categories: [x]\nsize_categories: [n<1K]\n---\n", false),
        ("---\nlicense: mit\nsdk: gradio\napp_file: app.py\n---\n", false),
        ("", false),
    ];
    for (text, expected) in table {
        let loaded = load_with(&kinds, &[], "deep/README.md", text);
        let is_card = loaded.as_ref().is_some_and(|l| l.documents.iter().any(|d| &*d.kind.id == "model-card"));
        assert_eq!(is_card, expected, "{text:?}");
    }
}

#[test]
fn types_drift_and_the_card_is_still_read() {
    let table: &[(&str, &str, &str)] = &[
        ("license: [mit, apache-2.0]", "license", "mit, apache-2.0 @2"),
        ("license:", "license", " @2"),
        ("license: other\nlicense_name: house-licence", "license", "house-licence @3"),
        ("license: mit\ndatasets: squad", "datasets", "[squad @3] @3"),
        ("license: mit\ndatasets:\n- {name: squad, type: x}", "datasets", "[squad @4] @4"),
        ("license: mit\nmetrics: f1", "metrics", "[{name: f1 @3} @3] @3"),
        ("license: mit\nlanguage: no", "language", "no @3"),
        ("license: mit\nversion: 1.10", "version", "1.10 @3"),
        ("license: mit\nmodel-index:\n  name: m\n  results: []", "name", "m @4"),
        (
            "model-index:\n- name: m\n  results:\n  - metrics: {type: f1, value: .nan}",
            "metrics",
            "[{name: f1 @5, type: f1 @5, value: NaN @5} @5] @3",
        ),
    ];
    for (front, name, expected) in table {
        assert_fields("README.md", &format!("---\n{front}\n---\n"), &[(name, expected)]);
    }
}

#[test]
fn misspelt_keys_are_noted_and_their_value_counts() {
    let kinds = Kinds::bundled();
    let text =
        "---\nlicense: mit\nmodel_index:\n  name: m\n  results: []\ndataset: squad\nlanguages: [en]\n---\n# Title\n";
    let loaded = load_with(&kinds, &[], "README.md", text).expect("a card");
    let rows: Vec<_> = problems(&loaded)
        .into_iter()
        .map(|(code, line, marked, _, help)| (code, line, marked.to_owned(), help.to_owned()))
        .collect();
    assert_eq!(
        rows,
        [
            ("misspelt-field", 3, "model_index".to_owned(), "Write `model-index`.".to_owned()),
            (
                "single-model-index",
                3,
                "model_index".to_owned(),
                "Put a dash before `name` and indent what follows; it is read as a list of one.".to_owned()
            ),
            ("misspelt-field", 6, "dataset".to_owned(), "Write `datasets`.".to_owned()),
            ("misspelt-field", 7, "languages".to_owned(), "Write `language`.".to_owned()),
        ]
    );
    assert!(rows.iter().all(|row| NOTES.contains(&row.0)));
    assert_eq!(field(&loaded, "name"), "m @4");
    assert_eq!(field(&loaded, "datasets"), "[squad @6] @6");
    assert_eq!(field(&loaded, "language"), "[en @7] @7");
}

#[test]
fn a_card_without_a_name_goes_by_its_file_or_folder() {
    for (path, expected) in [
        ("models/cv-ranker/model_card.md", Some("cv-ranker")),
        ("docs/cv_ranker_model_card.md", Some("cv_ranker")),
        ("model_cards/Ranker.md", Some("Ranker")),
        ("docs/model_card.md", None),
        ("MODEL_CARD.md", None),
    ] {
        let loaded = load_with(&Kinds::bundled(), &[], path, "Some text.\n").expect("by path");
        assert_eq!(loaded.documents[0].id.as_deref(), expected, "{path}");
    }
}
