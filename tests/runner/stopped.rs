//! Commands in a log whose steps may stop them: between `::stop-commands::word` and `::word::` no line is one.

use super::commands::{Command, command, commands};

/// Reads a log, part by part.
#[derive(Debug, Default)]
pub struct Reader {
    /// The word that lets commands through again.
    word: Option<String>,
}

impl Reader {
    /// The commands of a part that the runner carries out.
    pub fn read(&mut self, part: &str) -> Vec<Command> {
        part.split(['\n', '\r']).filter_map(|line| self.line(line)).collect()
    }

    fn line(&mut self, line: &str) -> Option<Command> {
        if let Some(word) = &self.word {
            if name(line).is_some_and(|name| name.eq_ignore_ascii_case(word)) {
                self.word = None;
            }
            return None;
        }
        let found = command(line)?;
        if found.name != "stop-commands" {
            return Some(found);
        }
        // A word that is a command itself, or none, is refused: everybody could let commands through again.
        let refused = found.data.is_empty()
            || found.data.eq_ignore_ascii_case("pause-logging")
            || command(&format!("::{}::", found.data)).is_some();
        assert!(!refused, "`{}` may not stop commands", found.data);
        self.word = Some(found.data);
        None
    }
}

/// What a line would name as a command, in either form.
fn name(line: &str) -> Option<&str> {
    let current = line.trim_start().strip_prefix("::").and_then(|rest| rest.split_once("::"));
    let (head, _) = current.or_else(|| line.split_once("##[")?.1.split_once(']'))?;
    head.split(' ').next()
}

#[test]
fn stopped_commands_wait_for_their_word() {
    let mut reader = Reader::default();
    let mut data = |part: &str| reader.read(part).into_iter().map(|command| command.data).collect::<Vec<_>>();
    let part = "::error::0\n::stop-commands::abc\n::error::1\r::error::2\nx ##[error]3\n::abd::\n";
    assert_eq!(commands(part).len(), 5, "without the word they are commands");
    assert_eq!(data(part), ["0"]);
    assert_eq!(data("::error::4\n  ::ABC::\n::error::5"), ["5"]);
    assert_eq!(data("::stop-commands::x y\nz ##[x] \n::error::6"), <[&str; 0]>::default());
}
