//! Text of strangers in what is printed: it never reaches a terminal, a log or a workflow as anything
//! but text.

use crate::support::{Folder, Ran};

/// Marks that act: escapes, a bell, a carriage return, direction marks, a zero-width space.
const MARKS: &str = "\u{1b}[31m\u{7}\u{9b}2J\u{202e}\u{2066}\u{200b}\u{2028}";

/// A repository that says hostile things wherever it can: names of files, keys, values, messages of
/// policies, reasons of waivers.
fn hostile() -> Folder {
    // YAML escapes in double quotes, so that the files themselves are valid.
    let marks: String = MARKS.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let command = "::error file=x::injected";
    Folder::repository()
        .file(
            "annexa.yaml",
            format!(
                "policy_dirs: [own]\npolicies: {{off-one: {{off: {{reason: \"{marks}\\n{command}\"}}}}}}\nwaivers:\n  - {{policy: waived-one, scope: '*', \
                 reason: \"{marks}\\n{command}\", approver: \"{marks}\", until: 2027-01-01}}\n  - {{policy: own, scope: x, reason: r, approver: a, until: \"{marks}\"}}\n"
            ),
        )
        .file("soa.yaml", format!("kind: soa\nid: \"a{marks}\\n{command}\"\n\"key{marks}\\n{command}\": 1\ncontrols:\n  - control: \"A{marks}\"\n    applicable: \"{marks}\"\n"))
        .file(format!("dir{}/risk-register.yaml", MARKS.replace('\u{2028}', "")).as_str(), format!("kind: risk-register\nid: r\nraw: {command} %0A\n"))
        .file("broken/soa.yaml", format!("id: [{MARKS}\n"))
        .file(format!("{command}.yaml").replace('/', "").as_str(), "kind: risk-registr\n")
        .file("own/own.yaml", format!("id: own\ntitle: \"t{marks}\\n{command}\"\nwhy: \"w{marks}\\n{command}\"\nremedy: \"r{marks}\\n{command}\"\napplies_to: soa\nvalidations:\n  - expression: doc.id == ''\n    message: \"m{marks}\\n{command} {{{{ doc.id }}}}\"\n"))
        .file("own/off-one.yaml", "id: off-one\ntitle: t\napplies_to: soa\nvalidations: [{expression: 'false'}]\n")
        .file("own/waived-one.yaml", "id: waived-one\ntitle: t\napplies_to: soa\nvalidations: [{expression: 'false'}]\n")
        .file("own/broken-one.yaml", format!("id: broken-one\ntitle: t\napplies_to: soa\nvalidations: [{{expression: \"date('{marks}') < today\"}}]\n"))
}

/// Nothing in the output acts: no control character besides line breaks, no direction mark, no line
/// that a workflow takes for a command.
#[track_caller]
fn assert_harmless(what: &str, ran: &Ran) {
    assert!(ran.code <= 3, "{what}: {}", ran.all());
    for (stream, text) in [("out", &ran.out), ("err", &ran.err)] {
        let acts: Vec<char> = text.chars().filter(|c| *c != '\n' && annexa::source::is_unsafe(*c)).collect();
        assert!(acts.is_empty(), "{what} {stream}: {acts:?}\n{}", ran.all());
        let command =
            text.lines().find(|line| line.trim_start().starts_with("::") || line.trim_start().starts_with("##["));
        assert!(command.is_none(), "{what} {stream}: {command:?}\n{}", ran.all());
    }
}

#[test]
fn hostile_text_never_acts() {
    let folder = hostile();
    let table: &[&[&str]] = &[
        &["check"],
        &["check", "--plain"],
        &["check", "--quiet"],
        &["check", "--output", "json"],
        &["check", "--color", "never"],
        &["doctor", "--all"],
        &["list"],
        &["list", "kinds"],
        &["explain", "own"],
        &["explain", "\u{1b}[31m\n::error::x"],
        &["check", "--only", "\u{1b}[31m\n::error::x"],
        &["check", "--output", "\u{1b}[31m\n::error::x"],
        &["check", "\u{1b}[31m\n::error::x"],
        &["check", "--today", "\u{1b}[31m\n::error::x"],
        &["\u{1b}[31m\n::error::x"],
        &["schema", "\u{1b}[31m\n::error::x"],
        &["init", "\u{1b}[31m\n::error::x"],
        &["demo", "\u{1b}[31m\n::error::x"],
    ];
    for arguments in table {
        assert_harmless(&format!("{arguments:?}"), &folder.annexa(*arguments));
    }
    let said = folder.annexa(["check"]);
    for text in ["\\u{1b}[31m", "\\u{202e}", "injected"] {
        assert!(said.out.contains(text), "what stands there is still shown: {text}\n{}", said.out);
    }
    let json = folder.annexa(["check", "--output", "json"]).json();
    let ids: Vec<_> =
        json["outcomes"].as_array().expect("a list").iter().filter_map(|o| o["subject"]["id"].as_str()).collect();
    assert!(ids.iter().any(|id| id.contains(MARKS)), "JSON reads back the same: {ids:?}");
}

#[test]
fn a_set_up_with_hostile_text_never_acts() {
    let marks: String = MARKS.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    let folder = hostile();
    for text in [
        format!("\"key{marks}\\n::error::x\": 1\n"),
        format!("adopted_at: \"{marks}\\n::error::x\"\n"),
        format!("organization: {{path: \"{marks}\\n::error::x\"}}\n"),
        format!("policies: {{\"p{marks}\\n::error::x\": {{severity: \"{marks}\"}}}}\n"),
        format!("exclude: [\"{{{marks}\\n::error::x\"]\n"),
        format!("kinds: {{\"{marks}\\n::error::x\": []}}\n"),
        format!("schemas: [\"{marks}\\n::error::x\"]\n"),
        format!("a: [{MARKS}\r::error::x\n"),
    ] {
        folder.write("annexa.yaml", &text);
        let ran = folder.annexa(["check"]);
        assert_harmless(&text, &ran);
        assert_eq!(ran.code, 2, "{text} {}", ran.all());
    }
}
