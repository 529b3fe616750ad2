//! Documents whose text is broken: each is a finding at its place.

use crate::support::run;

/// path, text, what the built-in checks say
type Row = (&'static str, Vec<u8>, &'static [&'static str]);

#[track_caller]
fn check(table: Vec<Row>) {
    let mut wrong = Vec::new();
    for (path, text, expected) in table {
        let said = run().file(path, &text).problems();
        let fits = said.len() == expected.len() && said.iter().zip(expected).all(|(s, e)| s.starts_with(e));
        if !fits {
            let shown = String::from_utf8_lossy(&text).chars().take(80).collect::<String>();
            wrong.push(format!("{path} {shown:?}\n  expected {expected:#?}\n  said {said:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const UNREADABLE: &str = "document-is-readable fail";

#[test]
fn broken_syntax_is_found_on_its_line() {
    check(vec![
        ("a.note.yaml", b"a: 1\nb: [1, 2\nc: 3\n".to_vec(), &["x"]),
        ("a.note.yaml", b"a: 1\n\tb: 2\n".to_vec(), &["x"]),
        ("a.note.yaml", b"a: 'open\n".to_vec(), &["x"]),
        ("soa.json", b"{\n  \"kind\": \"soa\",\n}\n".to_vec(), &["x"]),
        ("soa.toml", b"kind = \"soa\"\nid = \n".to_vec(), &["x"]),
        ("MODEL_CARD.md", b"---\nlicense: mit\n\n# A card\n".to_vec(), &["x"]),
    ]);
    let _ = UNREADABLE;
}
