//! Ids and short titles of controls and clauses, as reports show them.

use crate::catalogue::{CONTROLS, clause, control};
use std::cmp::Ordering;

/// The ids of Annex A in their order.
pub(super) fn annex_a() -> impl Iterator<Item = &'static str> {
    CONTROLS.iter().map(|control| control.id)
}

/// The short title of a control or clause; an organisation's own controls have none.
pub(super) fn title(id: &str) -> Option<&'static str> {
    control(id).map(|control| control.title).or_else(|| clause(id).map(|clause| clause.subject))
}

/// Controls before clauses, numbers by value: A.9.4 before A.10.2, and both before 6.1.4.
pub(super) fn order(a: &str, b: &str) -> Ordering {
    let key = |id: &str| {
        let clause = id.starts_with(|c: char| c.is_ascii_digit());
        let parts: Vec<u32> = id.split('.').filter_map(|part| part.parse().ok()).collect();
        (clause, parts)
    };
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_value_and_controls_come_before_clauses() {
        let mut ids = ["10.2", "A.10.2", "6.1.4", "A.2.2", "A.9.4", "6.1.10"];
        ids.sort_by(|a, b| order(a, b));
        assert_eq!(ids, ["A.2.2", "A.9.4", "A.10.2", "6.1.4", "6.1.10", "10.2"]);
    }
}
