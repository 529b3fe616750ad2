//! The acceptance repository (tests/fixtures/acceptance): a credit scorer with nine planted faults.
//! The shipped policies find each of them on its line, and nothing else.

use annexa::engine::{Choice, Input, Sources, deep, run, set_up};
use annexa::facts::{Day, MemorySnapshot};
use annexa::finding::{Judgement, Outcome, Report, Spot};
use annexa::history::Past;
use annexa::policy::bundled;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The planted faults: policy, item, the lines that a reader is shown (counted by hand), and a piece of
/// what the message says.
const FAULTS: &[(&str, &str, &[&str], &str)] = &[
    ("model-card-states-limitations", "", &["MODEL_CARD.md:40"], "`TODO`"),
    (
        "impact-assessment-fits-version",
        "",
        &["governance/impact-assessment.yaml:6", "MODEL_CARD.md:4"],
        "Version 2.1.0 was assessed, and 2.3.0 is in use",
    ),
    (
        "impact-assessment-is-approved",
        "",
        &["governance/impact-assessment.yaml:50", "governance/impact-assessment.yaml:47"],
        "says `status: approved` and names nobody",
    ),
    (
        "impact-assessment-is-in-time",
        "",
        &["governance/impact-assessment.yaml:53"],
        "was due for review on 2025-01-22, 495 days ago",
    ),
    (
        "high-harm-has-measure",
        "I-2",
        &["governance/impact-assessment.yaml:32", "governance/impact-assessment.yaml:29"],
        "no measure answers it",
    ),
    (
        "soa-evidence-exists",
        "A.6.2.4",
        &["governance/soa.yaml:25"],
        "does not exist: `governance/evidence/validation-2.3.0.md`",
    ),
    ("soa-decision-is-justified", "A.9.2", &["governance/soa.yaml:35"], "`A.9.2` is excluded without a justification"),
    (
        "soa-decides-every-control",
        "",
        &["governance/soa.yaml:10"],
        "4 of the 38 controls; missing: A.2.2–A.2.4, A.3.2–A.3.3, A.4.2–A.4.6, A.5.2–A.5.3, A.5.5,",
    ),
    (
        "sensitive-data-has-owner",
        "",
        &["data/applications.odcs.yaml:27"],
        "is active, holds data classified `sensitive`",
    ),
];

/// The fixture's files, read into memory: (path, bytes).
fn files() -> Vec<(String, Vec<u8>)> {
    fn below(folder: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
        for entry in std::fs::read_dir(folder).expect("the fixture can be read") {
            let entry = entry.expect("the fixture can be read");
            let name = format!("{prefix}{}", entry.file_name().to_str().expect("its names are UTF-8"));
            if entry.path().is_dir() {
                below(&entry.path(), &format!("{name}/"), files);
            } else {
                files.push((name, std::fs::read(entry.path()).expect("the fixture can be read")));
            }
        }
    }
    let mut files = Vec::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/acceptance"), "", &mut files);
    files
}

fn report(files: Vec<(String, Vec<u8>)>) -> Report {
    let snapshot = MemorySnapshot::new(files);
    let setup = set_up(Sources { snapshot: &snapshot, config: None, shipped: bundled() });
    let setup = setup.unwrap_or_else(|faulty| panic!("the set-up is not valid: {faulty:?}"));
    let input = Input {
        snapshot: Arc::new(snapshot),
        setup,
        today: Day::parse("2026-06-01").expect("it is a day"),
        past: Past::none("the fixture has none"),
        shared: None,
        base: None,
        pull_request: None,
        choice: Choice::default(),
        below: None,
    };
    deep(|| run(input))
}

fn line(spot: &Spot) -> String {
    format!("{}:{}", spot.file.path(), spot.place().line)
}

/// Policy, item and main place of each outcome that is neither a pass nor out of scope.
fn findings(report: &Report) -> BTreeSet<(String, String, String)> {
    let open = |j: &&Judgement| !matches!(j.outcome, Outcome::Pass | Outcome::NotApplicable);
    let row = |j: &Judgement| {
        let main = j.places.first().map(line).unwrap_or_default();
        (report.rule(j).id.clone(), j.item.clone().unwrap_or_default(), main)
    };
    report.judgements.iter().filter(open).map(row).collect()
}

#[test]
fn each_planted_fault_is_found_on_its_line_and_nothing_else_is() {
    let report = report(files());
    let expected: BTreeSet<_> = FAULTS
        .iter()
        .map(|(policy, item, places, _)| ((*policy).to_owned(), (*item).to_owned(), places[0].to_owned()))
        .collect();
    assert_eq!(expected.len(), 9);
    assert_eq!(findings(&report), expected);
}

#[test]
fn each_finding_shows_its_places_and_says_what_is_wrong() {
    let report = report(files());
    for (policy, item, places, words) in FAULTS {
        let found: Vec<_> = report
            .judgements
            .iter()
            .filter(|j| {
                j.outcome == Outcome::Fail && report.rule(j).id == *policy && j.item.as_deref().unwrap_or("") == *item
            })
            .collect();
        assert_eq!(found.len(), 1, "{policy}");
        let shown: Vec<String> = found[0].places.iter().map(line).collect();
        assert!(shown.iter().map(String::as_str).take(places.len()).eq(places.iter().copied()), "{policy}: {shown:?}");
        assert!(found[0].message.contains(words), "{policy}: {}", found[0].message);
    }
}

/// A README that names a purpose and people's addresses, a page for applicants and a workflow that runs
/// on `pull_request_target` are no records of governance, so nothing is said about them.
#[test]
fn other_files_of_the_repository_are_left_alone() {
    let files = files();
    let text = |path: &str| {
        let (_, bytes) = files.iter().find(|(p, _)| p == path).expect("the fixture has the file");
        String::from_utf8(bytes.clone()).expect("it is text")
    };
    assert!(text("README.md").contains("## Purpose"));
    assert!(text("README.md").contains("ines.ferreira@meridian.example"));
    assert!(text("MODEL_CARD.md").contains("credit-models@meridian.example"));
    assert!(text(".github/workflows/label.yml").contains("pull_request_target"));
    let report = report(files.clone());
    let said = report.judgements.iter().filter(|j| j.outcome != Outcome::NotApplicable);
    let read: BTreeSet<&str> = said.map(|j| &*j.subject.path).collect();
    let records =
        ["MODEL_CARD.md", "data/applications.odcs.yaml", "governance/impact-assessment.yaml", "governance/soa.yaml"];
    assert_eq!(read, records.into());
}

/// With the faults mended one by one the findings go, so each rests on its own fault alone.
#[test]
fn a_fault_that_is_mended_is_no_longer_found() {
    let mends: &[(&str, &str, &str, &str)] = &[
        (
            "model-card-states-limitations",
            "MODEL_CARD.md",
            "\nTODO\n",
            "\nWeak on businesses younger than three years.\n",
        ),
        ("impact-assessment-fits-version", "governance/impact-assessment.yaml", "assessed: 2.1.0", "assessed: v2.3.0"),
        (
            "impact-assessment-is-approved",
            "governance/impact-assessment.yaml",
            "approver: \"\"",
            "approver: credit-board",
        ),
        ("impact-assessment-is-in-time", "governance/impact-assessment.yaml", "2025-01-22", "2026-06-01"),
        (
            "high-harm-has-measure",
            "governance/impact-assessment.yaml",
            "mitigation: null",
            "mitigation: A second officer reads it",
        ),
        ("soa-evidence-exists", "governance/soa.yaml", "governance/evidence/validation-2.3.0.md", "MODEL_CARD.md"),
        (
            "soa-decision-is-justified",
            "governance/soa.yaml",
            "reason_kind: not_applicable",
            "justification: The branches decide about use",
        ),
        ("sensitive-data-has-owner", "data/applications.odcs.yaml", "domain: lending", "team: {name: lending-data}"),
    ];
    for (policy, path, from, to) in mends {
        let mut files = files();
        let (_, bytes) = files.iter_mut().find(|(p, _)| p == path).expect("the fixture has the file");
        let text = String::from_utf8(bytes.clone()).expect("it is text");
        assert_eq!(text.matches(from).count(), 1, "{path}: {from}");
        *bytes = text.replace(from, to).into_bytes();
        let left: BTreeSet<String> = findings(&report(files)).into_iter().map(|(policy, ..)| policy).collect();
        let expected: BTreeSet<String> = FAULTS.iter().map(|f| f.0.to_owned()).filter(|p| p != policy).collect();
        assert_eq!(left, expected, "{policy} mended");
    }
}
