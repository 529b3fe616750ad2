//! Ids and short titles of controls and clauses, as reports show them.

use std::cmp::Ordering;

/// The controls of Annex A in their order, with short titles.
static ANNEX_A: &[(&str, &str)] = &[
    ("A.2.2", "AI policy"),
    ("A.2.3", "Alignment with other organizational policies"),
    ("A.2.4", "Review of the AI policy"),
    ("A.3.2", "AI roles and responsibilities"),
    ("A.3.3", "Reporting of concerns"),
    ("A.4.2", "Resource documentation"),
    ("A.4.3", "Data resources"),
    ("A.4.4", "Tooling resources"),
    ("A.4.5", "System and computing resources"),
    ("A.4.6", "Human resources"),
    ("A.5.2", "AI system impact assessment process"),
    ("A.5.3", "Documentation of AI system impact assessments"),
    ("A.5.4", "Assessing AI system impact on individuals or groups"),
    ("A.5.5", "Assessing societal impacts of AI systems"),
    ("A.6.1.2", "Objectives for responsible development"),
    ("A.6.1.3", "Processes for responsible design and development"),
    ("A.6.2.2", "AI system requirements and specification"),
    ("A.6.2.3", "Documentation of design and development"),
    ("A.6.2.4", "Verification and validation"),
    ("A.6.2.5", "AI system deployment"),
    ("A.6.2.6", "Operation and monitoring"),
    ("A.6.2.7", "Technical documentation"),
    ("A.6.2.8", "Recording of event logs"),
    ("A.7.2", "Data for development and enhancement"),
    ("A.7.3", "Acquisition of data"),
    ("A.7.4", "Quality of data"),
    ("A.7.5", "Data provenance"),
    ("A.7.6", "Data preparation"),
    ("A.8.2", "System documentation and information for users"),
    ("A.8.3", "External reporting"),
    ("A.8.4", "Communication of incidents"),
    ("A.8.5", "Information for interested parties"),
    ("A.9.2", "Processes for responsible use"),
    ("A.9.3", "Objectives for responsible use"),
    ("A.9.4", "Intended use"),
    ("A.10.2", "Allocating responsibilities"),
    ("A.10.3", "Suppliers"),
    ("A.10.4", "Customers"),
];

/// The ids of Annex A in their order.
pub(super) fn annex_a() -> impl Iterator<Item = &'static str> {
    ANNEX_A.iter().map(|(id, _)| *id)
}

/// The short title of a control or clause.
pub(super) fn title(id: &str) -> Option<&'static str> {
    ANNEX_A.iter().find(|(known, _)| *known == id).map(|(_, title)| *title)
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
