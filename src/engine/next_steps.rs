//! What is worth doing next where nothing demands it yet.

use super::Corpus;
use crate::finding::NextStep;

/// At most so many are shown: a short list is read.
const SHOWN: usize = 3;

/// The first few steps, the most useful first.
pub fn of(corpus: &Corpus, configured: bool) -> Vec<NextStep> {
    let has = |kind: &str| corpus.of_kind(kind).next().is_some();
    let card = corpus.of_kind("model-card").next().map(|i| corpus.documents()[i].tree.file().path().to_owned());
    let mut steps = Vec::new();
    let mut step = |when: bool, text: &str, command: String| {
        if when {
            steps.push(NextStep { text: text.to_owned(), command: Some(command) });
        }
    };
    let register =
        "Register the AI system that the model card is about: who owns it, what it decides, whom it affects.";
    match &card {
        Some(card) if !has("ai-system") => step(true, register, format!("annexa init ai-system --from {card}")),
        _ => step(
            !has("ai-system") && !corpus.documents().is_empty(),
            "Register the AI system: who owns it, what it decides, whom it affects.",
            "annexa init ai-system".to_owned(),
        ),
    }
    step(
        has("ai-system") && !has("impact-assessment") && !has("reference"),
        "Assess what the system does to people, before it is in use.",
        "annexa init impact-assessment".to_owned(),
    );
    step(
        !has("soa") && !has("reference") && (has("ai-system") || card.is_some()),
        "Decide which Annex A controls apply to you, and why.",
        "annexa init soa".to_owned(),
    );
    step(
        !configured && !corpus.documents().is_empty(),
        "Write down how this repository is checked: other paths, severities, own policies.",
        "annexa init".to_owned(),
    );
    steps.truncate(SHOWN);
    steps
}
