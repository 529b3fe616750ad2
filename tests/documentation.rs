//! The pages for people name files of the project: each of them is there.

mod picture;
mod walk_through;

use regex::Regex;
use std::fs;
use std::path::Path;

/// The pages that are looked at.
const PAGES: &[&str] = &["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"];

#[test]
fn every_path_that_the_pages_name_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let exists = |path: &str| root.join(path).exists();
    let mut missing = Vec::new();
    let written: Vec<_> = PAGES.iter().filter(|page| exists(page)).collect();
    assert!(written.len() >= 3, "only {written:?} are there");
    for page in written {
        let text = fs::read_to_string(root.join(page)).unwrap();
        missing
            .extend(dangling(&text, exists).iter().map(|(line, path)| format!("{page}:{line}: there is no `{path}`")));
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

#[test]
fn a_path_that_is_not_there_is_seen() {
    let text = "# A\n\nSee [b](src/gone.rs) and `src/here.rs`,\nnot <https://example.org/src/x> or `models/card.md`.\n\n`tests/gone/` and [top](#a)\n";
    let exists = |path: &str| ["src", "tests", "src/here.rs"].contains(&path);
    let expected = [(3, "src/gone.rs".to_owned()), (6, "tests/gone/".to_owned())];
    assert_eq!(dangling(text, exists), expected);
}

/// The paths that `text` names and that do not exist, with their lines. Every link to a file is a
/// path, and every word in back-ticks that begins with a folder of the project: pages also show
/// paths of other repositories. What has a placeholder (`<id>`) or a pattern (`*`) in it is none.
fn dangling(text: &str, exists: impl Fn(&str) -> bool) -> Vec<(usize, String)> {
    let link = Regex::new(r"\]\(([^)#:]+)(?:#[^)]*)?\)").expect("a link is a pattern");
    let word = Regex::new(r"`([\w.-]+(?:/[\w.-]+)*/?)`").expect("a path is a pattern");
    let mut dangling = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let links = link.captures_iter(line);
        let words =
            word.captures_iter(line).filter(|found| found[1].split_once('/').is_some_and(|(top, _)| exists(top)));
        let paths = links.chain(words).map(|found| found[1].to_owned()).filter(|path| !exists(path));
        dangling.extend(paths.map(|path| (index + 1, path)));
    }
    dangling
}
