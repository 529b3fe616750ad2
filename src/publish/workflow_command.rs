//! Annotations as the lines of a workflow's log that its runner takes for commands.

use super::step::{Annotation, Level};
use crate::source::{is_unsafe, plain};
use std::fmt::Write as _;

/// The line, without a line break at its end. Nothing in the annotation's texts can end the command, add
/// to it or begin another.
pub fn workflow_command(annotation: &Annotation) -> String {
    let Annotation { level, path, lines, columns, title, message } = annotation;
    let name = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    let mut command = format!("::{name} ");
    let mut message = plain(message);
    match path {
        // A path that cannot be written into a log as it is would name another file.
        Some(path) if path.chars().any(is_unsafe) => message = format!("{}: {message}", plain(path)),
        Some(path) => {
            let _ = write!(command, "file={},", property(path));
            if let Some((first, last)) = lines {
                let _ = write!(command, "line={first},endLine={last},");
            }
            if let Some((first, last)) = columns {
                let _ = write!(command, "col={first},endColumn={last},");
            }
        }
        None => {}
    }
    // The runner takes spaces away around all properties.
    let _ = write!(command, "title={}::{}", property(plain(title).trim()), data(&message));
    command
}

/// Text after the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_in_their_place() {
        let annotation = Annotation {
            level: Level::Warning,
            path: Some("a,b:c%.yaml".to_owned()),
            lines: Some((3, 4)),
            columns: None,
            title: "One: two".to_owned(),
            message: "100%\n::error::x".to_owned(),
        };
        let expected =
            "::warning file=a%2Cb%3Ac%25.yaml,line=3,endLine=4,title=One%3A two::100%25\\u{a}\\u{3a}:error::x";
        assert_eq!(workflow_command(&annotation), expected);
        let odd = Annotation { path: Some("a\nb".to_owned()), title: String::new(), ..annotation };
        assert_eq!(workflow_command(&odd), "::warning title=::a\\u{a}b: 100%25\\u{a}\\u{3a}:error::x");
    }
}
