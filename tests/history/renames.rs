//! Files under all of their names, held against `git log --follow`.

use super::git::{git, lines};
use super::made::Dice;
use crate::support::Folder;
use annexa::io::git::past;

/// Twenty lines, of which a few are other ones each time.
fn text(dice: &mut Dice, before: &str) -> String {
    let mut lines: Vec<String> = before.lines().map(str::to_owned).collect();
    lines.resize_with(20, || format!("line {}", dice.roll(100_000)));
    for _ in 0..3 {
        let at = dice.roll(20);
        lines[at] = format!("line {}", dice.roll(100_000));
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_file_is_followed_through_its_names() {
    for seed in 1..=12 {
        let (folder, mut dice) = (Folder::repository(), Dice::new(seed));
        let names = ["a.md", "docs/a.md", "docs/b.md", "other.txt", "x/y/z.md"];
        let (mut name, mut content) = (names[0], text(&mut dice, ""));
        folder.write(name, &content);
        folder.write("apart.md", text(&mut dice, ""));
        folder.commit("");
        for step in 1..12 {
            if dice.one_in(3) {
                let to = names[dice.roll(names.len())];
                std::fs::remove_file(folder.path(name)).expect("a file");
                name = to;
                // A move changes the content in every second case.
                content = if dice.one_in(2) { text(&mut dice, &content) } else { content };
            } else if dice.one_in(3) {
                folder.write("apart.md", text(&mut dice, ""));
            } else {
                content = text(&mut dice, &content);
            }
            folder.write(name, &content);
            folder.write("step", format!("{step}"));
            git(&folder.path(""), ["add", "-A"]);
            git(&folder.path(""), ["commit", "-qm", "A change"]);
        }
        let told = lines(&folder.path(""), ["log", "--format=%H", "--follow", "HEAD", "--", name]);
        let log = past(&folder.path(""), None).log.expect("a history");
        let story = log.story(name).expect("known");
        let found: Vec<String> = story.changes.iter().map(|change| change.commit.to_string()).collect();
        assert_eq!((found, &story.gap), (told, &None), "seed {seed}");
    }
}

#[test]
fn a_commit_that_adds_thousands_of_files_is_looked_at_once() {
    let folder = Folder::repository();
    for number in 0..300 {
        folder.write(&format!("old/{number}.md"), format!("what {number} says\n").repeat(8));
    }
    folder.commit("");
    std::fs::rename(folder.path("old"), folder.path("new")).expect("a folder");
    for number in 0..2_000 {
        folder.write(&format!("added/{number}.md"), format!("{number}\n"));
    }
    git(&folder.path(""), ["add", "-A"]);
    git(&folder.path(""), ["commit", "-qm", "Move"]);
    let log = past(&folder.path(""), None).log.expect("a history");
    log.prepare((0..2_000).map(|n| format!("added/{n}.md")).chain((0..300).map(|n| format!("new/{n}.md"))), []);
    let count = |path: &str| log.story(path).expect("known").changes.len();
    assert_eq!((count("new/17.md"), count("added/17.md")), (2, 1));
    assert_eq!(log.story("new/17.md").expect("known").changes[1].path, "old/17.md");
}
