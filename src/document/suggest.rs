//! Did-you-mean.

/// The candidate that `word` most likely stands for, if one is close: another spelling of the same
/// words (`riskOwner`, `risk-owner`), or a slip of one letter in four.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    if folded.is_empty() || word.len() > 100 {
        return None;
    }
    let allowed = match folded.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word)
        .filter_map(|candidate| {
            let other = fold(candidate);
            let distance = if other == folded { 0 } else { strsim::damerau_levenshtein(&folded, &other) };
            // One more letter at the end is the plural or singular of the same word.
            let near = distance <= allowed || (distance == 1 && folded.len() > 2);
            near.then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The question whether `near` was meant; without it `otherwise`.
pub fn did_you_mean(near: Option<&str>, otherwise: impl Into<String>) -> String {
    near.map_or_else(|| otherwise.into(), |near| format!("Did you mean `{near}`?"))
}

fn fold(word: &str) -> String {
    word.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn slips_and_other_spellings_are_recognised_and_other_words_are_not() {
        let fields = ["owner", "risk_owner", "id", "lifecycle", "impact-assessment", "license"];
        let table = [
            ("ownr", Some("owner")),
            ("riskOwner", Some("risk_owner")),
            ("risk-owner", Some("risk_owner")),
            ("impact_assesment", Some("impact-assessment")),
            ("licence", Some("license")),
            ("life_cycle", Some("lifecycle")),
            ("Deployment", None),
            ("is", None),
            ("owner", None),
            ("", None),
        ];
        for (word, expected) in table {
            assert_eq!(closest(word, fields), expected, "{word}");
        }
    }
}
