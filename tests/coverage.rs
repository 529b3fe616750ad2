//! What the shipped policies cover: every control, every clause that asks for a record, and each concern that the
//! project exists for.

use annexa::catalogue::{CLAUSES, CONTROLS};
use annexa::policy::{Policy, bundled};
use clap::CommandFactory;

fn mapped(id: &str) -> Vec<&'static str> {
    let maps =
        |policy: &&std::sync::Arc<Policy>| policy.rule.controls.iter().chain(&policy.rule.clauses).any(|own| own == id);
    bundled().iter().filter(maps).map(|policy| policy.id()).collect()
}

#[test]
fn no_row_of_the_matrix_is_empty() {
    let controls = CONTROLS.iter().map(|control| control.id);
    let clauses = CLAUSES.iter().filter(|clause| clause.is_recorded()).map(|clause| clause.id);
    let empty: Vec<&str> = controls.chain(clauses).filter(|id| mapped(id).is_empty()).collect();
    assert_eq!(empty, Vec::<&str>::new());
    assert_eq!(
        CLAUSES.iter().filter(|clause| !clause.is_recorded()).map(|clause| clause.id).collect::<Vec<_>>(),
        ["4.4"]
    );
}

/// A control that a person can only attest takes an attestation.
#[test]
fn what_no_repository_shows_can_be_attested() {
    for id in ["A.3.3", "A.4.6", "5.1", "7.1", "7.3", "7.4"] {
        let takes = bundled().iter().filter(|policy| policy.accepts_attestation);
        let ids: Vec<&str> =
            takes.filter(|policy| mapped(id).contains(&policy.id())).map(|policy| policy.id()).collect();
        assert!(!ids.is_empty(), "{id}");
    }
}

/// What answers a concern.
enum By {
    /// These policies.
    Policies(&'static [&'static str]),
    /// A command of the program.
    Command(&'static str),
    /// A field of records.
    Field(&'static str),
}
use By::{Command, Field, Policies};

/// The concerns by their number. Left to later work: the gap to the EU AI Act (22), dates of law (23), a package of
/// evidence for auditors (31), summaries for procurement (33).
const CONCERNS: &[(u8, &str, By)] = &[
    (
        1,
        "ten clauses, plan to act",
        Policies(&["scope-has-its-records", "internal-audit-is-in-time", "management-review-is-in-time"]),
    ),
    (
        2,
        "the statement decides on purpose",
        Policies(&["soa-decision-is-justified", "soa-decision-changes-with-its-reason"]),
    ),
    (3, "a user of an API is no trainer", Policies(&["dataset-has-contract", "system-has-requirements"])),
    (
        4,
        "the two assessments are mixed up",
        Policies(&["assessments-are-separate-and-linked", "severe-impact-has-risk"]),
    ),
    (
        5,
        "impact assessments are due and recur",
        Policies(&["impact-assessment-exists", "impact-assessment-is-in-time", "impact-assessment-precedes-release"]),
    ),
    (
        6,
        "technical and societal context",
        Policies(&[
            "impact-assessment-names-people-context-and-society",
            "impact-assessment-covers-where-it-is-used",
            "new-group-reopens-the-assessment",
        ]),
    ),
    (
        7,
        "bias where two attributes meet",
        Policies(&["slices-cover-protected-pairs", "no-rule-on-protected-attribute"]),
    ),
    (8, "nobody reviewed the rejections", Policies(&["adverse-decision-is-reviewed"])),
    (
        9,
        "data governance",
        Policies(&[
            "dataset-has-contract",
            "data-contract-states-acquisition",
            "quality-is-ruled-for-each-use",
            "training-data-preparation-is-described",
        ]),
    ),
    (
        10,
        "from an output back to the data",
        Policies(&[
            "model-in-use-has-card",
            "evaluated-data-is-the-described-one",
            "dataset-input-has-contract",
            "logs-trace-an-output-back",
        ]),
    ),
    (11, "data contracts", Policies(&["contract-break-raises-its-version"])),
    (12, "quality differs by use", Policies(&["quality-is-ruled-for-each-use", "test-data-is-not-training-data"])),
    (13, "the life cycle", Policies(&["stage-change-has-its-exit-records", "system-is-verified-on-its-way-into-use"])),
    (
        14,
        "learning in use",
        Policies(&[
            "validation-of-learning-system-is-current",
            "system-in-operation-is-monitored",
            "frozen-system-does-not-learn",
        ]),
    ),
    (15, "documents by audience", Policies(&["audience-has-its-document", "user-doc-fits-its-release-and-readers"])),
    (16, "oversight with proof", Policies(&["oversight-override-is-tried-out"])),
    (
        17,
        "third parties",
        Policies(&[
            "supplied-model-has-supplier",
            "supplier-is-assessed",
            "third-party-version-is-pinned",
            "responsibility-matrix-has-no-gap",
        ]),
    ),
    (18, "the life-cycle matrix", Command("lifecycle")),
    (19, "what is checked and what not", Command("explain")),
    (
        20,
        "no method of evaluation in the standard",
        Policies(&["evaluation-states-its-method", "threshold-is-set-before-the-result", "result-has-sample-size"]),
    ),
    (
        21,
        "required and not measured",
        Policies(&["requirement-is-evaluated", "result-is-a-measurement-with-a-threshold"]),
    ),
    (
        24,
        "templates nobody reads",
        Policies(&[
            "model-card-is-filled-in",
            "impact-assessment-is-filled-in",
            "impact-assessment-reviews-leave-more-than-a-date",
            "assessments-are-written-for-their-system",
        ]),
    ),
    (25, "agents", Policies(&["agent-has-card", "agent-tool-is-bounded", "agent-has-limits-and-a-tried-stop"])),
    (26, "retrieval", Policies(&["retrieval-source-says-how-it-is-kept", "retrieval-is-evaluated"])),
    (27, "fine-tuning", Policies(&["fine-tuned-model-is-evaluated-again", "third-party-version-is-pinned"])),
    (28, "prompts", Policies(&["prompt-or-tool-change-is-evaluated", "prompt-or-tool-change-has-reviewer"])),
    (29, "a system that grants itself tools", Policies(&["no-self-granted-tools"])),
    (30, "what oversight means", Policies(&["oversight-mode-has-proof"])),
    (32, "records shared with other systems", Field("shared_with")),
    (
        34,
        "when it goes wrong",
        Policies(&["incident-is-told-in-time", "incident-is-followed-up", "corrective-action-is-carried-through"]),
    ),
    (
        35,
        "who is responsible",
        Policies(&["system-has-owners", "role-is-held", "impact-assessment-approver-is-not-its-only-author"]),
    ),
    (36, "governance or paperwork", Policies(&["records-come-with-the-work", "soa-decisions-are-looked-at-again"])),
];

#[test]
fn every_concern_is_answered() {
    let numbers: Vec<u8> = CONCERNS.iter().map(|(number, ..)| *number).collect();
    let expected: Vec<u8> = (1..=36).filter(|number| ![22, 23, 31, 33].contains(number)).collect();
    assert_eq!(numbers, expected, "32 of 36 rows");
    let program = annexa::cli::Cli::command();
    for (number, concern, by) in CONCERNS {
        match by {
            Policies(ids) => {
                let unknown: Vec<_> =
                    ids.iter().filter(|id| bundled().iter().all(|policy| policy.id() != **id)).collect();
                assert!(unknown.is_empty() && !ids.is_empty(), "{number} {concern}: {unknown:?}");
            }
            Command(name) => assert!(program.find_subcommand(name).is_some(), "{number} {concern}: {name}"),
            Field(name) => {
                let with =
                    annexa::embedded::SCHEMAS.iter().filter(|(_, text)| text.contains(&format!("\"{name}\": {{")));
                assert!(with.count() > 20, "{number} {concern}: {name}");
            }
        }
    }
}
