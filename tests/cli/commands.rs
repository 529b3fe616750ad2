//! `help`, `schema`, `list`, `explain`, `completions`, `doctor`, `demo`.

use crate::support::Folder;
use std::process::Command;

const COMMANDS: &[&str] =
    &["check", "list", "explain", "eval", "docs", "init", "schema", "doctor", "demo", "completions"];

#[test]
fn every_command_has_help_and_the_exit_codes_are_in_it() {
    let folder = Folder::new();
    let help = folder.annexa(["--help"]);
    help.expect(0, COMMANDS);
    help.expect(0, &["Exit codes:", "--color"]);
    for command in COMMANDS {
        let help = folder.annexa([command, "--help"]);
        help.expect(0, &["Usage: annexa", command]);
        assert!(help.err.is_empty() && help.out.lines().count() > 5, "{}", help.all());
        assert!(!help.out.contains("TODO"), "{}", help.out);
    }
    folder.annexa(["check", "--help"]).expect(
        0,
        &["Exit codes:", "--fail-on", "--when-empty", "--today", "--only", "--output", "--plain", "--quiet"],
    );
    let version = folder.annexa(["--version"]);
    assert_eq!((version.code, version.out.as_str()), (0, concat!("annexa ", env!("CARGO_PKG_VERSION"), "\n")));
}

#[test]
fn schemas_are_printed_and_are_schemas() {
    let folder = Folder::new();
    let names = folder.annexa(["schema"]);
    names.expect(0, &["soa", "model-card", "annexa", "policy", "report"]);
    for kind in annexa::document::Kinds::bundled().iter() {
        let schema = folder.annexa(["schema", &kind.id]).json();
        assert!(jsonschema::meta::is_valid(&schema), "{}", kind.id);
        assert!(names.out.contains(&*kind.id), "{}", names.out);
    }
    for name in ["annexa", "policy", "report"] {
        assert!(jsonschema::meta::is_valid(&folder.annexa(["schema", name]).json()), "{name}");
    }
    folder.annexa(["schema", "sao"]).expect(2, &["`sao`", "soa"]);
}

#[test]
fn lists_name_everything_there_is() {
    let folder = Folder::new();
    let kinds = annexa::document::Kinds::bundled();
    folder.annexa(["list", "kinds"]).expect(0, &kinds.iter().map(|k| &*k.id).collect::<Vec<_>>());
    let controls = folder.annexa(["list", "controls"]);
    controls.expect(0, &annexa::catalogue::CONTROLS.iter().map(|c| c.id).collect::<Vec<_>>());
    controls.expect(0, &["6.1.4"]);
    folder
        .annexa(["list", "functions"])
        .expect(0, &annexa::engine::functions::FUNCTIONS.iter().map(|f| f.name).collect::<Vec<_>>());
    folder.annexa(["list"]).expect(0, &annexa::policy::bundled().iter().map(|p| p.id()).collect::<Vec<_>>());
    folder.annexa(["list", "policys"]).expect(2, &["policies"]);
    folder.write("annexa.yaml", "policy_dirs: [own]\nschemas: [kinds]\n");
    folder.write("own/p.yaml", "id: p\ntitle: An own rule\napplies_to: note\nvalidations: [{expression: 'true'}]\n");
    folder.write("kinds/note.schema.json", crate::support::NOTE);
    folder.annexa(["list"]).expect(0, &["An own rule"]);
    folder.annexa(["list", "kinds"]).expect(0, &["note"]);
}

#[test]
fn policies_controls_and_clauses_are_explained() {
    let folder = Folder::new();
    folder.annexa(["explain", "A.5.4"]).expect(0, &["A.5.4", "Policies"]);
    folder.annexa(["explain", "6.1.4"]).expect(0, &["Clause 6.1.4", "Policies"]);
    folder.annexa(["explain", "document-is-readable"]).expect(0, &["Why it matters", "built-in"]);
    for policy in annexa::policy::bundled() {
        let parts = [
            "Why it matters",
            "What to do",
            "What a pass shows",
            "What it does not show",
            "severity:",
            "basis:",
            "acts:",
            "Maps to ISO/IEC 42001:2023",
        ];
        let ran = folder.annexa(["explain", policy.id()]);
        ran.expect(0, &parts);
        ran.expect(0, &[&policy.rule.title]);
    }
    folder.annexa(["explain", "A.5.9"]).expect(2, &["`A.5.9`"]);
    folder.annexa(["explain", "99.1"]).expect(2, &["`99.1`"]);
    folder
        .annexa(["explain", "document-is-redable"])
        .expect(2, &["nothing is called `document-is-redable`", "annexa list"]);
    if let Some(policy) = annexa::policy::bundled().first() {
        let near = format!("{}x", policy.id());
        folder.annexa(["explain", &near]).expect(2, &[&format!("Did you mean `{}`?", policy.id())]);
    }
}

#[test]
fn completions_parse_in_their_shells() {
    let folder = Folder::new();
    for (shell, check) in [
        ("bash", Some("-n")),
        ("zsh", Some("-n")),
        ("fish", Some("--no-execute")),
        ("elvish", None),
        ("powershell", None),
    ] {
        let ran = folder.annexa(["completions", shell]);
        ran.expect(0, COMMANDS);
        let file = format!("completion.{shell}");
        folder.write(&file, &ran.out);
        // Shells that are not installed cannot be asked.
        if let Some(Ok(output)) = check.map(|flag| Command::new(shell).arg(flag).arg(folder.path(&file)).output()) {
            assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
    folder.annexa(["completions", "bsh"]).expect(2, &["bash"]);
}

#[test]
fn doctor_says_what_is_read_and_what_is_passed_over() {
    let folder = Folder::repository()
        .file("soa.yaml", "kind: soa\nid: s\n")
        .file("old/soa.yaml", "kind: soa\nid: t\n")
        .file("impact-assessment.yaml", "a: [\n")
        .file("data.yaml", "x: 1\n")
        .file("annexa.yaml", "exclude: ['old/**']\n");
    folder.annexa(["doctor"]).expect(
        0,
        &[
            "root",
            "annexa.yaml",
            "no commit yet",
            "Documents: 1",
            "soa.yaml",
            "impact-assessment.yaml:1",
            "old/soa.yaml",
            "data.yaml",
        ],
    );
    let commit = folder.commit("");
    folder.annexa(["doctor"]).expect(0, &["complete, 1 commits up to", &commit[..10]]);
    Folder::new().annexa(["doctor"]).expect(0, &["none; the defaults hold", "not a git repository"]);
    let many = Folder::repository();
    for n in 0..30 {
        many.write(&format!("{n:02}.yaml"), "x: 1\n");
    }
    let short = many.annexa(["doctor"]);
    assert!(short.out.contains("30") && !short.out.contains("29.yaml"), "{}", short.out);
    many.annexa(["doctor", "--all"]).expect(0, &["29.yaml"]);
}

#[test]
fn each_example_can_be_built_and_checked() {
    for example in annexa::io::materialise::examples() {
        let folder = Folder::new();
        let ran = folder.annexa(["demo", example, "--into", "here"]);
        ran.expect(0, &[&format!("Built the example `{example}`"), "$ annexa check", "Try next", "exit code"]);
        assert_eq!(ran.err, "");
        // What it says to try is what it did.
        let today = ran.out.split("--today ").nth(1).and_then(|rest| rest.get(..10)).expect("a day").to_owned();
        let code = ran.out.split("exit code ").nth(1).and_then(|rest| rest.get(..1)).expect("a digit").to_owned();
        let check = folder.annexa(["check", "here", "--today", &today]);
        assert_eq!(check.code.to_string(), code, "{example}: {}", check.all());
        folder.annexa(["demo", example, "--into", "here"]).expect(2, &["not an empty folder", "--into"]);
    }
    Folder::new().annexa(["demo", "hirring"]).expect(2, &["there is no example `hirring`", "hiring"]);
}
