//! What other texts say about the same subject. A row is a pointer for readers, never a result: what holds for
//! a control says nothing about an article.

use super::{clause, normalise};

/// How sure a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// One source, or ours.
    Low,
    /// A source that a standards body offers.
    Medium,
}

impl Confidence {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Confidence::Low => "low",
            Confidence::Medium => "medium",
        }
    }
}

/// A pair of places about a related subject.
#[derive(Debug, PartialEq, Eq)]
pub struct Related {
    /// The control or clause.
    pub from: &'static str,
    /// The other text.
    pub text: &'static str,
    /// The place in it.
    pub to: &'static str,
    /// Who says that they are related.
    pub source: &'static str,
    /// How sure that is.
    pub confidence: Confidence,
    /// What a reader should know; may be empty.
    pub note: &'static str,
}

/// The European Union's regulation 2024/1689.
const AI_ACT: &str = "EU AI Act";

/// The framework of the United States' institute for standards, version 1.0.
const AI_RMF: &str = "NIST AI RMF 1.0";

const COMPANION: &str = "JKasteele/ai-act-companion, an analytical alignment and no equivalence";
const NIST: &str = "Crosswalk to the FDIS of ISO/IEC 42001 offered by NIST, an excerpt";
const OURS: &str = "annexa";

const fn row(
    from: &'static str,
    text: &'static str,
    to: &'static str,
    source: &'static str,
    confidence: Confidence,
    note: &'static str,
) -> Related {
    Related { from, text, to, source, confidence, note }
}

/// The rows about a control or clause, in any usual spelling.
pub fn related(id: &str) -> impl Iterator<Item = &'static Related> {
    let id = normalise(id).or_else(|| clause(id).map(|clause| clause.id.to_owned()));
    CROSSWALK.iter().filter(move |row| id.as_deref() == Some(row.from))
}

/// All rows: by text, then in the order of controls and clauses.
#[rustfmt::skip]
pub static CROSSWALK: &[Related] = &[
    row("A.2.2", AI_ACT, "Art. 17", COMPANION, Confidence::Low, ""),
    row("A.2.3", AI_ACT, "Art. 17", COMPANION, Confidence::Low, ""),
    row("A.2.4", AI_ACT, "Art. 17", COMPANION, Confidence::Low, ""),
    row("A.2.4", AI_ACT, "Art. 72", COMPANION, Confidence::Low, ""),
    row("A.3.2", AI_ACT, "Art. 17", COMPANION, Confidence::Low, ""),
    row("A.3.2", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.3.3", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.3.3", AI_ACT, "Art. 73", COMPANION, Confidence::Low, ""),
    row("A.4.2", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("A.4.3", AI_ACT, "Art. 10", COMPANION, Confidence::Low, ""),
    row("A.4.4", AI_ACT, "Art. 15", COMPANION, Confidence::Low, ""),
    row("A.4.5", AI_ACT, "Art. 15", COMPANION, Confidence::Low, ""),
    row("A.4.6", AI_ACT, "Art. 14", COMPANION, Confidence::Low, ""),
    row("A.5.2", AI_ACT, "Art. 9", COMPANION, Confidence::Low, ""),
    row("A.5.2", AI_ACT, "Art. 27", COMPANION, Confidence::Low, ""),
    row("A.5.3", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("A.5.3", AI_ACT, "Art. 27", COMPANION, Confidence::Low, ""),
    row("A.5.4", AI_ACT, "Art. 27", COMPANION, Confidence::Low, ""),
    row("A.5.5", AI_ACT, "Art. 9", COMPANION, Confidence::Low, ""),
    row("A.5.5", AI_ACT, "Art. 27", COMPANION, Confidence::Low, ""),
    row("A.6.1.2", AI_ACT, "Art. 9", COMPANION, Confidence::Low, ""),
    row("A.6.1.3", AI_ACT, "Art. 9", COMPANION, Confidence::Low, ""),
    row("A.6.1.3", AI_ACT, "Art. 15", COMPANION, Confidence::Low, ""),
    row("A.6.2.2", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("A.6.2.3", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("A.6.2.4", AI_ACT, "Art. 15", COMPANION, Confidence::Low, ""),
    row("A.6.2.5", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.6.2.6", AI_ACT, "Art. 72", COMPANION, Confidence::Low, ""),
    row("A.6.2.6", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.6.2.7", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("A.6.2.8", AI_ACT, "Art. 12", COMPANION, Confidence::Low, ""),
    row("A.7.2", AI_ACT, "Art. 10", COMPANION, Confidence::Low, ""),
    row("A.7.3", AI_ACT, "Art. 10", COMPANION, Confidence::Low, ""),
    row("A.7.4", AI_ACT, "Art. 10", COMPANION, Confidence::Low, ""),
    row("A.7.5", AI_ACT, "Art. 10", COMPANION, Confidence::Low, ""),
    row("A.7.6", AI_ACT, "Art. 10", COMPANION, Confidence::Low, ""),
    row("A.8.2", AI_ACT, "Art. 13", COMPANION, Confidence::Low, ""),
    row("A.8.3", AI_ACT, "Art. 73", COMPANION, Confidence::Low, ""),
    row("A.8.4", AI_ACT, "Art. 73", COMPANION, Confidence::Low, ""),
    row("A.8.5", AI_ACT, "Art. 13", COMPANION, Confidence::Low, ""),
    row("A.8.5", AI_ACT, "Art. 50", COMPANION, Confidence::Low, ""),
    row("A.9.2", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.9.3", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.9.4", AI_ACT, "Art. 13", COMPANION, Confidence::Low, ""),
    row("A.9.4", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.10.2", AI_ACT, "Art. 25", COMPANION, Confidence::Low, ""),
    row("A.10.2", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.10.3", AI_ACT, "Art. 25", COMPANION, Confidence::Low, ""),
    row("A.10.4", AI_ACT, "Art. 13", COMPANION, Confidence::Low, ""),
    row("A.10.4", AI_ACT, "Art. 26", COMPANION, Confidence::Low, ""),
    row("A.9.2", AI_ACT, "Art. 14", OURS, Confidence::Low, "Human oversight"),
    row("A.6.2.8", AI_ACT, "Art. 19", OURS, Confidence::Low, "Keeping logs"),
    row("A.6.2.8", AI_ACT, "Art. 26(6)", OURS, Confidence::Low, "Keeping logs"),
    row("6.1.2", AI_ACT, "Art. 9", COMPANION, Confidence::Low, ""),
    row("6.1.3", AI_ACT, "Art. 9", COMPANION, Confidence::Low, ""),
    row("7.5.1", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("7.5.2", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("7.5.3", AI_ACT, "Art. 11", COMPANION, Confidence::Low, ""),
    row("9.1", AI_ACT, "Art. 12", COMPANION, Confidence::Low, "In part"),
    row("6.1.4", AI_ACT, "Art. 27", COMPANION, Confidence::Low, "Broader than an assessment of fundamental rights"),
    row("9.1", AI_ACT, "Art. 72", COMPANION, Confidence::Low, "In part"),
    row("10.1", AI_ACT, "Art. 72", COMPANION, Confidence::Low, "In part"),
    row("10.2", AI_ACT, "Art. 72", COMPANION, Confidence::Low, "In part"),
    row("4.1", AI_RMF, "Govern 1.1", NIST, Confidence::Medium, ""),
    row("6.2", AI_RMF, "Govern 1.1", NIST, Confidence::Medium, ""),
    row("A.2.2", AI_RMF, "Govern 1.1", NIST, Confidence::Medium, ""),
    row("A.2.4", AI_RMF, "Govern 1.1", NIST, Confidence::Medium, ""),
    row("A.9.3", AI_RMF, "Govern 1.2", NIST, Confidence::Medium, ""),
    row("A.6.1.2", AI_RMF, "Govern 1.2", NIST, Confidence::Medium, ""),
    row("5.3", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("7.1", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("7.2", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("7.3", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("7.4", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("9.1", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("A.3.2", AI_RMF, "Govern 2.1", NIST, Confidence::Medium, ""),
    row("7.2", AI_RMF, "Govern 2.2", NIST, Confidence::Medium, ""),
    row("6.1.1", AI_RMF, "Map 1.5", NIST, Confidence::Medium, ""),
    row("A.6.2.2", AI_RMF, "Map 1.6", NIST, Confidence::Medium, ""),
    row("A.5.4", AI_RMF, "Map 1.6", NIST, Confidence::Medium, ""),
    row("A.5.5", AI_RMF, "Map 1.6", NIST, Confidence::Medium, ""),
    row("A.6.2.3", AI_RMF, "Map 2.1", NIST, Confidence::Medium, ""),
    row("A.4.2", AI_RMF, "Map 2.1", NIST, Confidence::Medium, ""),
    row("A.4.3", AI_RMF, "Map 2.1", NIST, Confidence::Medium, ""),
    row("A.4.4", AI_RMF, "Map 2.1", NIST, Confidence::Medium, ""),
    row("A.4.5", AI_RMF, "Map 2.1", NIST, Confidence::Medium, ""),
    row("A.4.6", AI_RMF, "Map 2.1", NIST, Confidence::Medium, ""),
    row("A.6.2.7", AI_RMF, "Map 2.2", NIST, Confidence::Medium, ""),
];

#[cfg(test)]
mod tests {
    use super::super::{CONTROLS, control};
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn rows_begin_at_controls_and_clauses_and_say_who_says_so() {
        for row in CROSSWALK {
            assert!(control(row.from).is_some() || clause(row.from).is_some(), "{}", row.from);
            assert!(!row.source.is_empty() && !row.to.is_empty());
        }
        let distinct: BTreeSet<_> = CROSSWALK.iter().map(|row| (row.from, row.text, row.to)).collect();
        assert_eq!(distinct.len(), CROSSWALK.len(), "no row twice");
    }

    #[test]
    fn every_control_has_an_article_of_low_confidence() {
        for control in CONTROLS {
            let mut rows = related(control.id).filter(|row| row.text == AI_ACT);
            assert!(rows.all(|row| row.confidence == Confidence::Low), "{}", control.id);
            assert!(related(control.id).any(|row| row.text == AI_ACT), "{}", control.id);
        }
    }
}
