//! What documents call each other: ids, paths, records of a file, the system they belong to.

use crate::support::run;

/// A register of two systems in one file, and cards in two folders.
fn documents() -> crate::support::Run {
    run()
        .file("gov/ai-system.yaml", "kind: ai-system\nid: scoring\n---\nkind: ai-system\nid: ranking\n")
        .file("models/a/model-card.yaml", "id: a\nsystem: scoring\n")
        .file("models/b/model-card.yaml", "id: b\nsystem: ranking\n")
        .file("models/x.note.yaml", "word: w\n")
}

#[test]
fn a_reference_leads_to_what_it_names() {
    let table = [
        ("resolve(ai_systems, 'scoring').map(s, s.id)", "['scoring']"),
        ("resolve(ai_systems, 'gov/ai-system.yaml').map(s, s.id)", "['scoring', 'ranking']"),
        ("resolve(ai_systems, 'gov/ai-system.yaml#ranking').map(s, s.id)", "['ranking']"),
        ("resolve(ai_systems, 'gov/ai-system.yaml#nobody').map(s, s.id)", "[]"),
        // From the folder of the note, and out of it.
        ("resolve(model_cards, 'a/model-card.yaml').map(c, c.id)", "['a']"),
        ("resolve(model_cards, '../models/b/model-card.yaml').map(c, c.id)", "['b']"),
        ("resolve(model_cards, '../../models/b/model-card.yaml').map(c, c.id)", "[]"),
        ("resolve(model_cards, 'https://example.org/a/model-card.yaml').map(c, c.id)", "[]"),
        // A kind at a time, and lists that expressions made.
        ("resolve(model_cards, 'scoring').map(c, c.id)", "[]"),
        ("resolve(soas, 'scoring').map(c, c.id)", "[]"),
        ("resolve(ai_systems.filter(s, s.id != 'scoring'), 'gov/ai-system.yaml').map(s, s.id)", "['ranking']"),
        ("resolve(ai_systems.filter(s, true), 'ranking').map(s, s.id)", "['ranking']"),
        ("of_system(model_cards, 'scoring').map(c, c.id)", "['a']"),
        ("of_system(ai_systems, 'ranking').map(s, s.id)", "['ranking']"),
        ("of_system(model_cards, 'nobody').map(c, c.id)", "[]"),
    ];
    for (expression, expected) in table {
        let says = documents().holds("p", &format!("{expression} == {expected}")).says();
        assert_eq!(says, ["p pass models/x.note.yaml"], "{expression} gives {expected}");
    }
    let fails = documents().holds("p", "resolve(ai_systems, 'scoring') == []").says();
    assert!(fails[0].starts_with("p fail "), "the table can fail: {fails:?}");
}
