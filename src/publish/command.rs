//! Annotations as the commands that a workflow's log takes.

use super::step::{Annotation, Level};
use crate::source::plain;
use std::fmt::Write;

/// The line that shows an annotation. No text in it can end the line or begin a command of its own.
pub fn command(annotation: &Annotation) -> String {
    let level = match annotation.level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    let mut properties = Vec::new();
    if let Some(path) = &annotation.path {
        properties.push(format!("file={}", property(path)));
        if let Some((first, last)) = annotation.lines {
            properties.push(format!("line={first},endLine={last}"));
            if let Some((first, last)) = annotation.columns {
                properties.push(format!("col={first},endColumn={last}"));
            }
        }
    }
    if !annotation.title.is_empty() {
        properties.push(format!("title={}", property(&annotation.title)));
    }
    let mut line = format!("::{level}");
    if !properties.is_empty() {
        let _ = write!(line, " {}", properties.join(","));
    }
    let text: Vec<String> = annotation.message.lines().map(|line| data(&plain(line))).collect();
    let _ = write!(line, "::{}", text.join("%0A"));
    line
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&plain(text)).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annotations_are_commands_with_their_place() {
        let annotation = Annotation {
            level: Level::Error,
            path: Some("docs/a, b:c.yaml".to_owned()),
            lines: Some((3, 3)),
            columns: Some((5, 9)),
            title: "100% late".to_owned(),
            message: "first\nsecond: 5%".to_owned(),
        };
        let expected = "::error file=docs/a%2C b%3Ac.yaml,line=3,endLine=3,col=5,endColumn=9,title=100%25 late::first%0Asecond: 5%25";
        assert_eq!(command(&annotation), expected);
        let about_the_run = Annotation { level: Level::Notice, path: None, title: String::new(), ..annotation };
        assert_eq!(command(&about_the_run), "::notice::first%0Asecond: 5%25");
    }

    #[test]
    fn no_text_ends_the_line_or_begins_a_command() {
        let hostile = "x\r\n::stop-commands::y\u{2028}##[error]z\u{1b}[31m";
        let annotation = Annotation {
            level: Level::Warning,
            path: Some(hostile.to_owned()),
            lines: None,
            columns: None,
            title: hostile.to_owned(),
            message: hostile.to_owned(),
        };
        let line = command(&annotation);
        assert!(!line.contains(['\n', '\r', '\u{1b}', '\u{2028}']) && !line.contains("##["), "{line}");
        assert_eq!(line.matches("::").count(), 2 + line.matches("\\u{3a}:stop-commands::").count(), "{line}");
    }
}
