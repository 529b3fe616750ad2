//! `annexa docs`: the pages of the project are what it writes, and what strangers write stays text.

use crate::support::Folder;
use annexa::policy;
use std::path::Path;

/// The generated pages of the project; `UPDATE=1 cargo test` rewrites them.
const PAGES: &[(&str, &str)] =
    &[("docs/policies.md", "policies"), ("docs/functions.md", "functions"), ("docs/coverage.md", "coverage")];

#[test]
fn the_pages_of_the_project_are_up_to_date() {
    for (path, part) in PAGES {
        let ran = Folder::new().annexa(["docs", "--shipped", "--only", part]);
        ran.expect(0, &["# "]);
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(page.parent().expect("a folder")).expect("the folder can be made");
            std::fs::write(&page, &ran.out).expect("the page can be written");
        }
        let kept = std::fs::read_to_string(&page).unwrap_or_default().replace("\r\n", "\n");
        assert!(kept == ran.out, "{path} is out of date: run the tests with UPDATE=1 and look at what changed");
    }
}

#[test]
fn a_page_names_every_policy_and_every_function_and_is_the_same_each_time() {
    let folder = Folder::new();
    let page = folder.annexa(["docs"]);
    for policy in policy::bundled() {
        page.expect(0, &[&format!("### `{}`", policy.id())]);
    }
    for function in annexa::engine::functions::FUNCTIONS {
        page.expect(0, &[function.signature, function.example]);
    }
    page.expect(0, &["By control", "What it does not show", "Examples", "by default `2`"]);
    folder.annexa(["docs", "--format", "html", "--output", "out/page.html"]).expect(0, &["Wrote out/page.html."]);
    let html = folder.read("out/page.html");
    folder.annexa(["docs", "--format", "html", "--output", "out/page.html"]).expect(0, &["Wrote out/page.html."]);
    assert_eq!(html, folder.read("out/page.html"));
    // Every link leads to a heading of the page.
    let targets = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
    let missing: Vec<_> = targets.filter(|target| !html.contains(&format!("id=\"{target}\""))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

const HOSTILE: &str = r##"id: hostile
title: "</h3><script>alert(1)</script> [x](https://evil.example) `a` *b*"
applies_to: soa
params: {days: 30}
validations:
  - name: "a`b"
    expression: "params.days > 1 && doc.id != '```'"
why: "# not a heading\n\n- nor a list <img src=x onerror=y> @somebody"
remedy: "\u202Eturned"
examples:
  - name: "<b>passes</b>"
    files:
      soa.yaml: |
        # ```
        kind: soa
        id: "</code></pre><script>"
    expect: pass
"##;

#[test]
fn texts_of_a_pack_are_no_markup() {
    let folder = Folder::repository().file("pack/hostile.yaml", HOSTILE);
    let markdown = folder.annexa(["docs", "pack", "--only", "policies"]);
    markdown.expect(0, &["### `hostile`", "&lt;script&gt;", "@\u{200B}somebody"]);
    let outside: String = markdown.out.split("````").step_by(2).collect();
    assert!(!outside.contains("<script") && !outside.contains("<img") && !outside.contains("https://"), "{outside}");
    assert!(!outside.contains("\n# not a heading") && !markdown.out.contains('\u{202E}'), "{outside}");
    let html = folder.annexa(["docs", "pack", "--only", "policies", "--format", "html"]);
    html.expect(0, &["&lt;script&gt;"]);
    assert!(!html.out.contains("<script") && !html.out.contains("<img") && !html.out.contains("<b>"), "{}", html.out);
}

#[test]
fn suites_beside_the_policies_are_no_policies() {
    let folder = Folder::repository()
        .file("pack/hostile.yaml", HOSTILE)
        .file("pack/more.test.yaml", "cases: []\n")
        .file("pack/more.test/soa.yaml", "id: s\n");
    folder.annexa(["docs", "pack", "--only", "policies"]).expect(0, &["### `hostile`"]);
}

#[test]
fn a_wrong_example_ends_the_page() {
    let folder = Folder::repository().file("pack/hostile.yaml", HOSTILE.replace("expect: pass", "expect: fail"));
    let ran = folder.annexa(["docs", "pack", "--output", "page.md"]);
    ran.expect(2, &["the example `<b>passes</b>` is wrong", "pack/hostile.yaml:11"]);
    assert!(!folder.path("page.md").exists());
    folder.write("pack/hostile.yaml", HOSTILE.replace("doc.id", "dok.id"));
    folder.annexa(["docs", "pack"]).expect(2, &["nothing is called `dok` here"]);
    let empty = Folder::repository().file("empty/readme.txt", "").file("empty/more.test.yaml", "cases: []\n");
    empty.annexa(["docs", "empty"]).expect(2, &["there is no policy here"]);
    empty.annexa(["docs", "nowhere"]).expect(2, &["nowhere` does not exist"]);
    empty.annexa(["docs", "empty", "--shipped"]).expect(2, &["cannot be used with"]);
}

#[test]
fn suites_and_their_files_are_no_policies_of_a_pack_and_ids_are_taken_once() {
    let folder = Folder::repository()
        .file("pack/hostile.yaml", HOSTILE)
        .file("pack/more.test.yaml", "cases: []\n")
        .file("pack/base.test/soa.yaml", "id: s\n");
    for path in ["pack", "pack/hostile.yaml"] {
        folder.annexa(["docs", path]).expect(0, &["### `hostile`"]);
    }
    folder.write("pack/other.yaml", HOSTILE);
    folder.annexa(["docs", "pack"]).expect(2, &["a policy called `hostile` is there already: `pack/hostile.yaml`"]);
}
