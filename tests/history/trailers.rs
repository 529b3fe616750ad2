//! The trailers of a message, held against `git interpret-trailers --parse`.

use super::git::run;
use crate::support::Folder;
use annexa::history::trailers;

/// Last paragraphs, each put behind several beginnings.
const ENDS: [&str; 20] = [
    "Reviewed-by: A <a@x.example>",
    "Reviewed-by: A <a@x.example>\nSigned-off-by: B <b@x.example>\n\n\n",
    "Co-authored-by:A <a@x.example>\nAcked-by :   B",
    "Acked-by: A\n  and others\n\tand more\nTested-by: B",
    "Note: this is\njust text",
    "Signed-off-by: B <b@x.example>\nsome text\nmore text\nand more text",
    "Signed-off-by: B <b@x.example>\none\ntwo\nthree\nfour",
    "(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\nReviewed-by: A",
    "(cherry picked from commit 0123456)\none\ntwo\nReviewed-by: A\nfour",
    "Key: value\n# a comment\nOther: value",
    "Key: value\n---\n diff --git a/x b/x",
    "Key: value\n--- a/file\nother",
    "Not a key: value",
    "Ref #12: value",
    "https://x.example/path",
    "Empty:\nKey: value",
    ": no key\nKey: value",
    "  Key: indented",
    "Key: \u{e9}\u{2014}\nKlünge: not ASCII",
    "Key: value\r\nOther: value\r",
];
const BEGINNINGS: [&str; 4] = ["Subject\n\n", "Subject\n\nText of\nthe body.\n\n", "", "Subject\n"];

#[test]
fn trailers_are_those_that_git_finds() {
    let folder = Folder::new();
    let mut wrong = Vec::new();
    for beginning in BEGINNINGS {
        for end in ENDS {
            let message = format!("{beginning}{end}\n");
            let told = run(&folder.path(""), ["interpret-trailers", "--parse"], message.as_bytes());
            let told = String::from_utf8(told.stdout).expect("UTF-8");
            let found: String = trailers(&message).iter().map(|(key, value)| format!("{key}: {value}\n")).collect();
            let lines = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
            if lines(&found) != lines(&told) {
                wrong.push(format!("{message:?}\n  git: {told:?}\n  own: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
