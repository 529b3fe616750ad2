//! `annexa init`: what it writes is recognised, is valid, and answers no question for anybody.

use crate::support::Folder;
use annexa::document::Kinds;
use annexa::engine::functions::is_placeholder;

#[test]
fn the_configuration_changes_nothing_until_it_is_changed() {
    let folder = Folder::repository().file("soa.yaml", "kind: soa\nid: s\n");
    let before = folder.annexa(["check", "--quiet"]).out;
    let ran = folder.annexa(["init"]);
    ran.expect(0, &["Wrote annexa.yaml."]);
    assert!(!ran.out.contains("< >"), "nothing in it is marked: {}", ran.out);
    assert_eq!(folder.annexa(["check", "--quiet"]).out, before);
    folder.annexa(["init"]).expect(2, &["`annexa.yaml` exists already", "--force"]);
    folder.annexa(["init", "--force"]).expect(0, &["Wrote annexa.yaml."]);
    // Each setting in its comments is one that there is.
    let text = folder.read("annexa.yaml");
    assert!(text.lines().all(|l| l.is_empty() || l.starts_with('#')), "{text}");
}

#[test]
fn every_kind_has_a_document_to_fill_in() {
    for kind in Kinds::bundled().iter() {
        let id = &*kind.id;
        let folder = Folder::repository();
        let printed = folder.annexa(["init", id, "--to", "-"]);
        printed.expect(0, &[]);
        let ran = folder.annexa(["init", id]);
        ran.expect(0, &["Wrote ", "annexa check"]);
        let path = ran.out.split("Wrote ").nth(1).and_then(|rest| rest.split(".\n").next()).expect("a path").to_owned();
        assert_eq!(folder.read(&path), printed.out, "{id}: printed and written are the same");
        folder.annexa(["init", id]).expect(2, &["exists already", "--to", "--force"]);
        let json = folder.annexa(["check", "--output", "json"]).json();
        assert_eq!(json["documents"][id], 1, "{id} at {path} is recognised: {}", json["documents"]);
        assert_eq!(json["documents"].as_object().map(serde_json::Map::len), Some(1), "{id}: {}", json["documents"]);
        let unreadable: Vec<_> = json["outcomes"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|o| o["rule"] == "document-is-readable" && o["outcome"] != "pass")
            .collect();
        assert!(unreadable.is_empty(), "{id}: {unreadable:#?}");
    }
    Folder::new().annexa(["init", "sao"]).expect(2, &["there is no kind `sao`", "Did you mean `soa`?"]);
    Folder::new()
        .annexa(["init", "soa", "--from", "x.md"])
        .expect(2, &["only a register entry is drafted from a model card"]);
    Folder::new().annexa(["init", "--from", "x.md"]).expect(2, &["`--from` goes with `annexa init ai-system`"]);
}

/// Values that a person need not write: ids of the catalogue, the kind itself, words
/// of the data contract standard.
fn is_given(text: &str, kind: &str) -> bool {
    text == kind
        || annexa::catalogue::control(text).is_some()
        || matches!(text, "DataContract" | "v3.0.2" | "draft" | "owner" | "source" | "acquisitionTerms")
}

#[test]
fn what_is_written_answers_no_question() {
    for kind in Kinds::bundled().iter() {
        let id = &*kind.id;
        let folder = Folder::new();
        let text = folder.annexa(["init", id, "--to", "-"]).out;
        let name =
            if text.starts_with("---") || text.starts_with('#') && id == "model-card" { "x.md" } else { "x.yaml" };
        let file = std::sync::Arc::new(annexa::source::SourceFile::new(name, text.clone().into_bytes()));
        let syntax = annexa::value::Syntax::of(name).expect("a syntax");
        let (tree, problems) = annexa::value::read(file, syntax, &annexa::value::Limits::default());
        assert!(problems.is_empty(), "{id}: {problems:?}");
        let mut answered = Vec::new();
        for root in tree.roots() {
            answers(&tree, *root, "", &mut answered);
        }
        answered.retain(|(_, text)| !is_given(text, id));
        assert!(answered.is_empty(), "{id}: {answered:#?}\n{text}");
    }
}

/// Texts that say something, with their keys. Headings of Markdown ask, they do not answer.
fn answers(tree: &annexa::value::Tree, node: annexa::value::NodeId, key: &str, found: &mut Vec<(String, String)>) {
    for entry in tree.entries(node) {
        let name = tree.text(&entry.key);
        if !matches!(name, "title" | "level" | "slug") || tree.as_str(node).is_some() {
            answers(tree, entry.value, name, found);
        }
    }
    for item in tree.items(node) {
        answers(tree, *item, key, found);
    }
    if let Some(text) = tree.as_str(node).filter(|text| !is_placeholder(text)) {
        found.push((key.to_owned(), text.to_owned()));
    }
}

/// A card as people publish them; the lines are counted by hand.
const CARD: &str = "---
license: apache-2.0
base_model: distilbert-base-uncased
datasets:
- imdb
language: en
model_name: Review sorter
---

# Review sorter

Sorts reviews of products into praise and complaint, for the support team.

## Intended use

Sorting of incoming reviews.
";

#[test]
fn a_register_entry_is_drafted_from_the_card_and_names_its_lines() {
    let folder = Folder::repository().file("README.md", CARD);
    folder.annexa(["init", "ai-system"]).expect(0, &["Wrote ai-system.yaml.", "Drafted from README.md"]);
    let draft = folder.read("ai-system.yaml");
    for text in ["kind: ai-system", "Sorting of incoming reviews.", "Review sorter", "distilbert-base-uncased", "imdb"]
    {
        assert!(draft.contains(text), "{text}\n{draft}");
    }
    for (wanted, line) in [
        ("name: \"Review sorter\"", 7),
        ("purpose: \"Sorting", 16),
        ("base_model: \"distilbert", 3),
        ("data:\n  - \"imdb\"", 5),
    ] {
        let before = draft.split(wanted).next().expect("a beginning").lines().rev().find(|l| !l.trim().is_empty());
        assert_eq!(before.map(str::trim), Some(format!("# from README.md:{line}").as_str()), "{wanted}\n{draft}");
    }
    let json = folder.annexa(["check", "--output", "json"]).json();
    assert_eq!((&json["documents"]["ai-system"], &json["documents"]["model-card"]), (&1.into(), &1.into()));
    let other = Folder::repository().file("README.md", CARD).file("models/b/README.md", CARD);
    other.annexa(["init", "ai-system", "--from", "models/b/README.md"]).expect(0, &["Drafted from models/b/README.md"]);
    other.annexa(["init", "ai-system", "--force", "--from", "nowhere.md"]).expect(2, &["nowhere.md"]);
    other.annexa(["init", "ai-system", "--force", "--from", "../README.md"]).expect(2, &["../README.md"]);
    other.write("plain.yaml", "x: 1\n");
    other.annexa(["init", "ai-system", "--force", "--from", "plain.yaml"]).expect(2, &["plain.yaml is no model card"]);
}

#[test]
fn a_repository_with_a_card_alone_gets_a_handful() {
    let folder = Folder::repository().file("README.md", CARD);
    let json = folder.annexa(["check", "--output", "json"]).json();
    let findings: Vec<_> =
        json["outcomes"].as_array().expect("a list").iter().filter(|o| o["outcome"] == "fail").collect();
    assert!(findings.len() <= 7, "{findings:#?}");
    assert!(findings.iter().all(|f| f["places"][0]["path"] == "README.md"), "{findings:#?}");
    let steps = json["next_steps"].as_array().expect("a list");
    assert!((1..=3).contains(&steps.len()), "{steps:#?}");
}

/// `init policy` with what is needed for a policy on a kind.
fn policy<'a>(kind: &'a str, field: &'a str) -> [&'a str; 10] {
    [
        "init",
        "policy",
        "--id",
        "field-says-something",
        "--title",
        "It says: \"something\"",
        "--applies-to",
        kind,
        "--field",
        field,
    ]
}

#[test]
fn a_policy_is_written_with_examples_that_hold() {
    use annexa::engine::deep;
    use annexa::engine::testing::{Ask, Bench, test};
    for kind in Kinds::bundled().iter() {
        let folder =
            Folder::repository().file("annexa.yaml", "policy_dirs: [own]\n").file("own/pack.yaml", "id: own\n");
        let field =
            kind.fields().into_iter().map(|f| f.name).find(|name| name != "kind" && name != "id").expect("a field");
        let ran = folder.annexa(policy(&kind.id, &field));
        ran.expect(0, &["Wrote own/field-says-something.yaml.", ".annexa/schemas"]);
        assert!(!ran.out.contains("policy_dirs") && !ran.out.contains("No example"), "{}: {}", kind.id, ran.out);
        let text = folder.read("own/field-says-something.yaml");
        assert!(
            text.starts_with("# yaml-language-server: $schema=../.annexa/schemas/policy.schema.json\nid: "),
            "{text}"
        );
        assert_eq!(folder.read(".annexa/schemas/policy.schema.json"), folder.annexa(["schema", "policy"]).out);
        let file = std::sync::Arc::new(annexa::source::SourceFile::new(
            "own/field-says-something.yaml",
            text.clone().into_bytes(),
        ));
        let (read, problems) = annexa::policy::read(&file, "own").unwrap_or_else(|(_, p)| panic!("{p:?}\n{text}"));
        assert!(problems.is_empty(), "{problems:?}\n{text}");
        let read = std::sync::Arc::new(read);
        let bench = Bench::of(&read, std::sync::Arc::new(Kinds::bundled())).expect("valid examples");
        let tested = deep(|| test(&bench, Ask::default()));
        assert!(text.contains("expect: fail") && text.contains("expect: pass") && tested.cases() == 2, "{text}");
        assert_eq!(tested.failing().count(), 0, "{}\n{text}", kind.id);
        let changed = deep(|| test(&bench, Ask { mutate: true, ..Ask::default() }));
        assert_eq!(changed.gaps().count(), 0, "{}: a small change goes unnoticed\n{text}", kind.id);
        // It runs with the others from now on.
        folder.annexa(["list"]).expect(0, &["field-says-something"]);
        folder.annexa(policy(&kind.id, &field)).expect(2, &["is there already"]);
    }
}

#[test]
fn a_policy_can_have_a_condition_of_its_own() {
    let folder = Folder::repository();
    let given = |expression: &'static str| {
        [
            "init",
            "policy",
            "--id",
            "a-b",
            "--title",
            "T",
            "--applies-to",
            "ai-system",
            "--expression",
            expression,
            "--control",
            "A.5.2,A.6.2.2",
        ]
    };
    let ran = folder.annexa(given("has(doc.owner)"));
    ran.expect(0, &["Wrote governance/policies/a-b.yaml.", "policy_dirs: [governance/policies]"]);
    let text = folder.read("governance/policies/a-b.yaml");
    assert!(
        text.contains("controls: [A.5.2, A.6.2.2]") && text.contains("expect: fail") && text.contains("expect: pass"),
        "{text}"
    );
    folder.annexa(given("has(doc.owner)")).expect(2, &["exists already", "--force"]);
    folder.annexa([&given("true")[..], &["--force"]].concat()).expect(0, &["No example on which it fails"]);
    folder
        .annexa([&given("dok.id == ''")[..], &["--force"]].concat())
        .expect(2, &["nothing is called `dok` here", "Did you mean `doc`?"]);
    assert!(
        folder.read("governance/policies/a-b.yaml").contains("expression: \"true\""),
        "what is wrong replaces nothing"
    );
}

#[test]
fn what_is_missing_or_wrong_is_said_and_nothing_is_written() {
    let folder = Folder::repository();
    let all = policy("ai-system", "owner");
    let table: &[(&[&str], &[&str])] = &[
        (&all[..2], &["`--id` is missing", "nobody at a terminal"]),
        (&all[..4], &["`--title` is missing", "--applies-to"]),
        (&all[..8], &["`--field` is missing", "--expression"]),
        (&["init", "policy", "--id", "Not Kebab"], &["`Not Kebab` is no id"]),
        (&["init", "policy", "--id", "system-has-owners"], &["is there already"]),
        (&policy("ai-sistem", "owner"), &["there is no kind `ai-sistem`", "Did you mean `ai-system`?"]),
        (&policy("ai-system", "ownr"), &["has no field `ownr`", "Did you mean `owner`?"]),
        (&[&all[..], &["--control", "A.99.9"]].concat(), &["A.99.9"]),
        (&[&all[..], &["--expression", "true"]].concat(), &["cannot be used with"]),
        (&["init", "soa", "--id", "x"], &["annexa init policy"]),
    ];
    for (arguments, texts) in table {
        folder.annexa(*arguments).expect(2, texts);
    }
    assert!(!folder.path("governance").exists() && !folder.path(".annexa").exists());
    let printed = folder.annexa([&all[..], &["--to", "-"]].concat());
    printed.expect(0, &["id: field-says-something"]);
    assert!(!folder.path(".annexa").exists(), "what is printed writes nothing");
}

#[test]
fn files_to_fill_in_name_their_schema_for_editors() {
    let folder = Folder::repository().file("sub/x.txt", "");
    folder.annexa(["init"]).expect(0, &[]);
    folder.annexa(["init", "soa"]).expect(0, &[]);
    folder.annexa(["init", "ai-system", "--to", "a/b/ai-system.yaml"]).expect(0, &[]);
    for (path, line) in [
        ("annexa.yaml", ".annexa/schemas/annexa.schema.json"),
        ("governance/soa.yaml", "../.annexa/schemas/soa.schema.json"),
        ("a/b/ai-system.yaml", "../../.annexa/schemas/ai-system.schema.json"),
    ] {
        let text = folder.read(path);
        let first = text.lines().next().expect("a line");
        assert_eq!(first, format!("# yaml-language-server: $schema={line}"), "{path}");
        let schema = folder.path(path).parent().expect("a folder").join(line);
        assert!(schema.exists(), "{}", schema.display());
    }
    // Formats of others are no shape of ours, and Markdown has no such line.
    for kind in ["model-card", "data-contract"] {
        assert!(!folder.annexa(["init", kind, "--to", "-"]).out.contains("yaml-language-server"), "{kind}");
    }
    // An older copy is renewed, something else is kept.
    folder.write(".annexa/schemas/soa.schema.json", "{\"$id\": \"annexa:soa\"}");
    folder.annexa(["init", "soa", "--force"]).expect(0, &[]);
    assert!(folder.read(".annexa/schemas/soa.schema.json").contains("properties"));
    folder.write(".annexa/schemas/soa.schema.json", "{}");
    folder.annexa(["init", "soa", "--force"]).expect(2, &["soa.schema.json"]);
    assert_eq!(folder.read(".annexa/schemas/soa.schema.json"), "{}");
    // The copies are no documents.
    let json = folder.annexa(["check", "--output", "json"]).json();
    assert_eq!(json["unrecognised"], serde_json::json!([]), "{}", json["unrecognised"]);
}

#[test]
fn a_policy_beside_the_folders_of_policies_says_how_it_runs() {
    let folder = Folder::repository().file("annexa.yaml", "policy_dirs: [own]\n").file("own/readme.yml.txt", "");
    let flags =
        ["init", "policy", "--id", "w", "--title", "T", "--applies-to", "soa", "--field", "owner", "--force", "--to"];
    folder.write(
        "own/v.yaml",
        "id: v\ntitle: V\napplies_to: soa\nwhy: V\nremedy: V\nvalidations: [{expression: has(doc.owner)}]\n",
    );
    folder.annexa([&flags[..], &["sub/w.yaml"]].concat()).expect(0, &["`policy_dirs: [sub]`"]);
    let ran = folder.annexa([&flags[..], &["./own/w.yaml"]].concat());
    ran.expect(0, &["Wrote"]);
    assert!(!ran.out.contains("policy_dirs"), "{}", ran.out);
    folder.annexa(["init", "policy", "--from", "card.md"]).expect(2, &["and no policy"]);
}
