//! One hand-made report for the tests of every format.

use super::Options;
use crate::facts::{Change, Day, FileChange, FileStatus, History, Hunk, LineMap, Seen, Skipped};
use crate::finding::{
    Cited, Comparison, FailOn, Gate, Grade, Judgement, NextStep, Outcome, Report, RuleChange, RulesOf, Spot, Standing,
    Subject, Systems, Trust, Verdict, fingerprint,
};
use crate::policy::{Basis, Rule, Severity, WhoActs};
use crate::source::{SourceFile, Span};
use std::sync::Arc;

/// Lines are counted by hand: `id` is line 2, `stage` line 5.
const SYSTEM: &str = "\
kind: ai-system
id: hiring
title: Applicant screening
lifecycle:
  stage: operation
  since: 2026-01-12
owner: a.meier@example.org
";

/// `base_model` is line 3.
const CARD: &str = "\
---
model: screener
base_model: acme/base-7b
---

# Screener

Ranks applications.
";

/// The row of A.10.3 is lines 3 to 5.
const SOA: &str = "\
kind: soa
rows:
  - control: A.10.3
    applicable: false
    reason: we use no suppliers
";

pub(crate) fn file(path: &str, text: &str) -> Arc<SourceFile> {
    Arc::new(SourceFile::new(path, text.as_bytes().to_vec()))
}

/// The place of `words` in a file.
pub(crate) fn spot(file: &Arc<SourceFile>, words: &str, label: &str) -> Spot {
    let start = file.text().find(words).expect("the words stand in the file");
    Spot::labelled(file, Span::new(start, start + words.len()), label)
}

pub(crate) fn rule(id: &str, title: &str, controls: &[&str], clauses: &[&str]) -> Rule {
    Rule {
        id: id.to_owned(),
        title: title.to_owned(),
        controls: controls.iter().map(ToString::to_string).collect(),
        clauses: clauses.iter().map(ToString::to_string).collect(),
        basis: Basis::Requirement,
        severity: Severity::Error,
        who_acts: WhoActs::SystemOwner,
        why: "People affected by the system were not considered before it reached them.".to_owned(),
        remedy: "Add `impact-assessment.yaml` (`annexa init impact-assessment`), or renew it, and have its owner approve it."
            .to_owned(),
        shows: "An assessment of the version in use exists.".to_owned(),
        does_not_show: "That the assessment is adequate.".to_owned(),
        origin: "shipped".to_owned(),
    }
}

pub(crate) fn judgement(
    rule: usize,
    outcome: Outcome,
    severity: Severity,
    message: &str,
    places: Vec<Spot>,
) -> Judgement {
    let path: Arc<str> = places.first().map_or("", |spot| spot.file.path()).into();
    let subject = Subject { kind: "ai-system".into(), id: "hiring".into(), path };
    Judgement {
        rule,
        fingerprint: fingerprint(&rule.to_string(), &subject, None, Some(message)),
        subject,
        item: None,
        outcome,
        severity,
        system: None,
        grade: Grade::default(),
        validation: None,
        message: message.to_owned(),
        remedy: None,
        places,
        evidence: Vec::new(),
        history: Vec::new(),
        asked: Vec::new(),
        folded: false,
        standing: Standing::New,
        counts: true,
        caused_at: None,
    }
}

pub(crate) fn empty() -> Report {
    Report {
        today: Day::parse("2026-11-23").expect("a day"),
        commit: None,
        root: String::new(),
        history: History::Full { head: "4f2c1e0d9b8a7f6e5d4c3b2a190817f6e5d4c3b2".to_owned() },
        adopted_at: None,
        rules: Vec::new(),
        judgements: Vec::new(),
        systems: Systems::default(),
        documents: Default::default(),
        unrecognised: Vec::new(),
        skipped: Vec::new(),
        met_nothing: Vec::new(),
        off: Vec::new(),
        next_steps: Vec::new(),
        comparison: None,
    }
}

/// One judgement of every outcome, and more.
pub(crate) fn full() -> Report {
    let system = file("governance/hiring/ai-system.yaml", SYSTEM);
    let card = file("models/screener/README.md", CARD);
    let soa = file("governance/soa.yaml", SOA);
    let mut report = empty();
    report.history = History::Shallow { head: "4f2c1e0d9b8a7f6e5d4c3b2a190817f6e5d4c3b2".to_owned() };
    report.rules = vec![
        rule(
            "impact-assessment-is-current",
            "Systems in use have a current impact assessment",
            &["A.5.2", "A.5.3"],
            &["6.1.4", "8.4"],
        ),
        rule(
            "exclusion-is-not-contradicted",
            "No excluded control is contradicted by the repository",
            &["A.10.3"],
            &["6.1.3"],
        ),
        rule("card-names-an-owner", "Model cards name an owner", &["A.3.2", "A.9.4"], &[]),
        rule("incident-plan-has-deadlines", "Incident plans have deadlines", &["A.8.4"], &[]),
    ];
    report.rules[2].basis = Basis::AnnexaPractice;
    report.rules[2].who_acts = WhoActs::Author;
    let (fail, unknown) = (Outcome::Fail, Outcome::Unknown);
    let mut cold =
        judgement(0, unknown, Severity::Warning, "The card could not be read, so its owner is not known", vec![]);
    cold.folded = true;
    let mut blind = judgement(
        1,
        unknown,
        Severity::Warning,
        "A date before 2026-11-02 lies outside the history of this clone",
        vec![spot(&soa, "applicable", "")],
    );
    blind.remedy = Some("Fetch the whole history: `git fetch --unshallow`.".to_owned());
    let mut blind_too = judgement(0, unknown, Severity::Error, &blind.message, vec![spot(&system, "since", "")]);
    blind_too.remedy = blind.remedy.clone();
    let mut missing = judgement(
        0,
        fail,
        Severity::Error,
        "`hiring` is in use and has no impact assessment of its version 2.3",
        vec![spot(&system, "hiring", "this system"), spot(&system, "operation", "is in use")],
    );
    missing.validation = Some("exists".to_owned());
    missing.evidence = vec![spot(&system, "hiring", ""), spot(&system, "operation", "")];
    let cited = |commit: char, says: &str, trust: Trust| Cited {
        commit: commit.to_string().repeat(40),
        says: says.to_owned(),
        trust,
    };
    missing.history = vec![
        cited('a', "is the last change of models/screener/**", Trust::Fact),
        cited('a', "committed on 2026-11-20", Trust::Claim),
        cited('b', "led to it", Trust::Fact),
    ];
    report.judgements = vec![
        missing,
        judgement(
            1,
            fail,
            Severity::Error,
            "A.10.3 (suppliers) is excluded while the card names the base model of a supplier",
            vec![
                spot(&soa, "control: A.10.3\n    applicable: false\n    reason: we use no suppliers", "excluded here"),
                spot(&card, "acme/base-7b", "a supplier's model"),
            ],
        ),
        judgement(
            2,
            fail,
            Severity::Warning,
            "The card of `screener` names no owner who can be reached",
            vec![spot(&card, "model", "`owner` is missing")],
        ),
        blind_too,
        blind,
        cold,
        judgement(
            2,
            Outcome::Waived,
            Severity::Warning,
            "waived until 2027-01-31 by board@example.org: the team is being formed",
            vec![spot(&card, "Screener", "")],
        ),
        judgement(
            1,
            Outcome::Attested,
            Severity::Error,
            "kept in the supplier portal, checked on 2026-10-01",
            vec![spot(&soa, "rows", "")],
        ),
        judgement(1, Outcome::NotApplicable, Severity::Error, "excluded at governance/soa.yaml:3", vec![]),
        judgement(0, Outcome::Pass, Severity::Error, "", vec![spot(&system, "kind", "")]),
        judgement(2, Outcome::Pass, Severity::Error, "", vec![]),
    ];
    report.systems = Systems { registered: 3, checked_here: 2, kept_elsewhere: 1 };
    report.documents = [("ai-system", 2), ("model-card", 1), ("soa", 1)].map(|(kind, n)| (kind.to_owned(), n)).into();
    report.unrecognised = vec!["docs/assessment-draft.yaml".to_owned()];
    report.skipped =
        vec![Skipped { path: "shared/cards".to_owned(), why: "a link that leads out of the repository".to_owned() }];
    report.met_nothing = vec![3];
    report.off =
        vec![("slices-cover-pairs".to_owned(), "no protected attributes are kept, until 2027-03-01".to_owned())];
    report.next_steps = vec![
        NextStep {
            text: "Write an incident plan: users of a system in operation expect to hear of incidents.".to_owned(),
            command: Some("annexa init incident-plan".to_owned()),
        },
        NextStep { text: "Name a deputy for the owner of `hiring`.".to_owned(), command: None },
    ];
    report
}

/// The base commit of [`changed`].
pub(crate) const BASE: &str = "1f3b5d7091a2c4e6f8091b3d5f7a9c1e3b5d7f90";

/// The commit that reviewers of [`changed`] see.
pub(crate) const HEAD: &str = "4f2c1e0d9b8a7f6e5d4c3b2a190817f6e5d4c3b2";

/// The same judgements on a pull request: the first finding is on a changed line, the second was there
/// before, the third was caused by a change of another file. It also alters what judges.
pub(crate) fn changed() -> Report {
    let mut report = full();
    let before = &mut report.judgements[1];
    (before.standing, before.counts) = (Standing::Before, false);
    report.judgements[2].caused_at =
        Some(Seen { path: "models/screener/train.py".to_owned(), line: 12, end_line: 12, in_diff: true });
    let file = |start, count, added| FileChange {
        status: FileStatus::Modified,
        hunks: vec![Hunk { start, count, added: vec![added] }],
        lines: LineMap::Same,
    };
    let files = [
        ("governance/hiring/ai-system.yaml", file(1, 7, (5, 5))),
        ("models/screener/train.py", file(9, 7, (12, 12))),
        ("annexa.yaml", file(1, 9, (4, 9))),
    ];
    let altered = |about, name: &str, text: &str, weakens| RuleChange {
        about,
        name: name.to_owned(),
        text: text.to_owned(),
        weakens,
        place: None,
    };
    report.comparison = Some(Comparison {
        base: BASE.to_owned(),
        base_name: "main".to_owned(),
        head: HEAD.to_owned(),
        gate: Gate::New,
        rules: RulesOf::Base,
        preview: None,
        rule_changes: vec![
            altered("policy", "card-names-an-owner", "severity goes from warning to note", true),
            altered("policy", "incident-plan-has-deadlines", "is switched off", true),
            altered("waiver", "impact-assessment-is-current", "is waived for `hiring` until 2027-06-30", true),
            altered("kinds", "prompt-register", "is a new kind of record", false),
        ],
        concerns_us: true,
        change: Change { root: String::new(), files: files.map(|(path, file)| (path.to_owned(), file)).into() },
        pull_request: None,
    });
    report
}

pub(crate) fn options(report: &Report) -> Options {
    let fail_on = FailOn::Severity(Severity::Error);
    let verdict = Verdict::of(report, fail_on, false);
    Options { color: false, width: 100, plain: false, quiet: false, fail_on, verdict }
}

/// What a format writes.
pub(crate) fn written(format: &str, report: &Report, options: &Options) -> String {
    let mut out = Vec::new();
    let format = super::format(super::FORMATS, format).expect("a format of this name");
    (format.write)(report, options, &mut out).expect("memory takes everything");
    String::from_utf8(out).expect("every format writes UTF-8")
}
