use super::{field, kinds, load_with, plan, problems};
use crate::document::Kinds;
use std::fmt::Write as _;

#[test]
fn a_chain_of_aliases_is_checked_once_and_in_time() {
    // Each level names the one before twice; followed blindly, the last stands for 2^12 values.
    let mut text = String::from("id: a\nowner: b\nx-0: &l0 {id: p, owner: o}\n");
    for level in 1..=12 {
        let before = level - 1;
        let _ = writeln!(text, "x-{level}: &l{level} {{id: p, owner: o, parts: [*l{before}, *l{before}]}}");
    }
    text.push_str("parts: [*l12]\n");
    let loaded = plan(&text);
    assert_eq!(problems(&loaded), []);
}

#[test]
fn a_fault_behind_many_aliases_does_not_multiply_without_end() {
    let mut text = String::from("id: a\nowner: b\nx-0: &l0 {id: p}\n");
    for level in 1..=10 {
        let before = level - 1;
        let _ = writeln!(text, "x-{level}: &l{level} {{id: p, owner: o, parts: [*l{before}, *l{before}]}}");
    }
    text.push_str("parts: [*l10]\n");
    let loaded = plan(&text);
    // Once for each path that leads there would be 1,024 times; the place is one.
    assert_eq!(problems(&loaded).len(), 1);
}

#[test]
fn deep_records_and_deep_contracts_are_read_or_refused() {
    let deep = format!("id: a\nowner: b\nx-deep: {}1{}\n", "[".repeat(120), "]".repeat(120));
    assert_eq!(problems(&plan(&deep)), []);
    let mut contract = String::from(
        "apiVersion: v3.1.0\nkind: DataContract\nid: a\nschema:\n- name: t\n  properties:\n  - &f0 {name: a}\n",
    );
    for level in 1..=60 {
        let before = level - 1;
        let _ = writeln!(contract, "  - &f{level} {{name: b, properties: [*f{before}]}}");
    }
    let loaded = load_with(&kinds(), &[], "a.odcs.yaml", &contract).expect("by path");
    assert!(field(&loaded, "fields").contains("b.b.b.a @7"));
}

#[test]
fn nothing_a_file_holds_stops_the_reading() {
    let kinds = Kinds::bundled();
    let texts: &[&str] = &[
        "",
        "---",
        "---\n",
        "- a\n- b\n",
        "null",
        "\u{FEFF}name: a\r\nmetrics: 1\r\n",
        "name: [\n",
        "{\"a\":",
        "metrics: {a: {b: {c: 1}}}\n",
        "owners: {a: {b: c}}\ndatasets: {x: ~}\nlicense: {}\n",
        "schema: 1\nfields: {a: b}\nquality: text\nteam: 1\nservers: x\n",
        "model_details: 1\nconsiderations: []\n",
        "model-index: 1\n",
        "metrics: [[1], ~, {}]\n",
        "sections: 1\n",
        "name: &a [*a]\n",
        "description: {purpose: ~}\nterms: []\ncustomProperties: [1, {property: a}]\n",
        "# \u{202E}\n\n## Uses\n\n\u{1b}[31m\n",
    ];
    for text in texts {
        for path in
            ["model_card.yaml", "model_card.json", "MODEL_CARD.md", "README.md", "a.odcs.yaml", "soa.yaml", "soa.toml"]
        {
            for front in [false, true] {
                let text = if front { format!("---\nlicense: mit\n{text}\n---\n") } else { (*text).to_owned() };
                if let Some(loaded) = load_with(&kinds, &[], path, &text) {
                    for document in &loaded.documents {
                        for problem in &document.problems {
                            let end = problem.at.span.end as usize;
                            assert!(end <= loaded.tree.file().text().len(), "{path}: {text:?}: {problem:?}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn files_of_one_line_and_of_countless_keys_take_no_long_time() {
    let kinds = kinds();
    let line = |part: &str| part.repeat(1_000_000 / part.len());
    let card = format!("# M\n\n- **Owner:** {}\n", line("["));
    let keys = (0..50_000).fold(String::from("id: a\nowner: b\n"), |text, at| text + &format!("k{at}: 1\n"));
    let table = [
        ("a.json", format!("[{}1]", line("{\"kind\": \"x\"},"))),
        ("a.yaml", line("kind: deployment \n")),
        ("MODEL_CARD.md", card),
        ("test-plan.yaml", keys.clone()),
        ("README.md", format!("---\nlicense: mit\n{keys}---\n")),
        ("README.md", format!("---\nlicense: mit\n---\n{}", line("## Uses\nOwner: x\n"))),
    ];
    for (path, text) in table {
        let start = std::time::Instant::now();
        load_with(&kinds, &[], path, &text);
        // A guard against hanging only; it leaves room for a slow machine.
        assert!(start.elapsed().as_secs() < 20, "{path} took {:?}", start.elapsed());
    }
}
