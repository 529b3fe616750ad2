//! Objectives and risk sources of the informative Annex C, by names of our own. How many there are is public;
//! the exact lists are partly from memory.

/// What an organisation may want of its AI: a risk is a risk to one of them.
pub const OBJECTIVES: [&str; 11] = [
    "accountability",
    "ai-expertise",
    "data-availability-and-quality",
    "environmental-impact",
    "fairness",
    "maintainability",
    "privacy",
    "robustness",
    "safety",
    "security",
    "transparency-and-explainability",
];

/// Where a risk may come from.
pub const RISK_SOURCES: [&str; 7] = [
    "environment-complexity",
    "lack-of-transparency-and-explainability",
    "level-of-automation",
    "machine-learning",
    "system-hardware",
    "system-life-cycle",
    "technology-readiness",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded::SCHEMAS;

    /// The names that the register takes are these, and own ones with a prefix.
    #[test]
    fn the_risk_register_takes_these_names() {
        let (_, text) = SCHEMAS.iter().find(|(path, _)| *path == "risk-register.schema.json").expect("it is shipped");
        let schema: serde_json::Value = serde_json::from_str(text).expect("it is JSON");
        for (field, names) in [("objective", &OBJECTIVES[..]), ("source", &RISK_SOURCES[..])] {
            let pattern = &schema["properties"]["risks"]["items"]["properties"][field]["pattern"];
            assert_eq!(pattern.as_str(), Some(format!("^({}|x-.+)$", names.join("|")).as_str()), "{field}");
        }
    }
}
