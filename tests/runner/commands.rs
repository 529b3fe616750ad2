//! How GitHub's runner finds commands in what a step prints, after its own rules
//! (`ActionCommand` and `ActionCommandManager` of actions/runner).

use std::collections::BTreeMap;

/// The commands that the runner knows.
const KNOWN: &[&str] = &[
    "internal-set-repo-path",
    "set-env",
    "set-output",
    "save-state",
    "add-mask",
    "add-path",
    "add-matcher",
    "remove-matcher",
    "debug",
    "warning",
    "error",
    "notice",
    "group",
    "endgroup",
    "echo",
    "stop-commands",
];

/// A command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// Its name, in lower case.
    pub name: String,
    /// Its properties, with their names in lower case.
    pub properties: BTreeMap<String, String>,
    /// What it says.
    pub data: String,
}

impl Command {
    /// One without properties.
    pub fn new(name: &str, data: &str) -> Self {
        Command { name: name.to_owned(), data: data.to_owned(), ..Command::default() }
    }
}

/// Reads what a step prints, line by line, and remembers whether commands are stopped.
#[derive(Debug, Default)]
pub struct Reader {
    stopped: Option<String>,
}

impl Reader {
    /// The command that a line is and that the runner carries out.
    pub fn read(&mut self, line: &str) -> Option<Command> {
        let known = |name: &str| {
            let token = self.stopped.as_deref().is_some_and(|token| token.eq_ignore_ascii_case(name));
            token || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let command = at_the_start(line, known).or_else(|| anywhere(line, known))?;
        match &self.stopped {
            Some(token) => {
                if command.name.eq_ignore_ascii_case(token) {
                    self.stopped = None;
                }
                None
            }
            None if command.name == "stop-commands" => {
                let refused = command.data.is_empty()
                    || command.data.eq_ignore_ascii_case("pause-logging")
                    || KNOWN.iter().any(|known| known.eq_ignore_ascii_case(&command.data));
                assert!(!refused, "`{}` may not stop commands", command.data);
                self.stopped = Some(command.data);
                None
            }
            None => Some(command),
        }
    }
}

/// `::name key=value,key=value::data` after spaces.
fn at_the_start(line: &str, known: impl Fn(&str) -> bool) -> Option<Command> {
    let (head, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let unescape = |text: &str| unescape(text, &["\r", "\n", "%"]);
    command(head, ',', known, |text| self::unescape(text, &["\r", "\n", ":", ",", "%"]), || unescape(data))
}

/// `##[name key=value;key=value]data` anywhere in a line.
fn anywhere(line: &str, known: impl Fn(&str) -> bool) -> Option<Command> {
    let (_, rest) = line.split_once("##[")?;
    let (head, data) = rest.split_once(']')?;
    let unescape = |text: &str| unescape(text, &[";", "\r", "\n", "]", "%"]);
    command(head, ';', known, unescape, || unescape(data))
}

fn command(
    head: &str,
    between: char,
    known: impl Fn(&str) -> bool,
    unescape: impl Fn(&str) -> String,
    data: impl Fn() -> String,
) -> Option<Command> {
    let (name, rest) = head.split_once(' ').unwrap_or((head, ""));
    if !known(name) {
        return None;
    }
    let pairs = rest.trim().split(between).filter_map(|pair| pair.split_once('='));
    let pairs = pairs.filter(|(key, value)| !key.is_empty() && !value.is_empty());
    let properties = pairs.map(|(key, value)| (key.to_lowercase(), unescape(value))).collect();
    Some(Command { name: name.to_lowercase(), properties, data: data() })
}

/// Puts back these characters, which are written as `%` and their number; `%` itself comes last.
fn unescape(text: &str, characters: &[&str]) -> String {
    characters
        .iter()
        .fold(text.to_owned(), |text, character| text.replace(&format!("%{:02X}", character.as_bytes()[0]), character))
}

#[test]
fn commands_are_found_where_the_runner_finds_them() {
    let read = |line: &str| {
        Reader::default().read(line).map(|c| (c.name, c.properties.into_iter().collect::<Vec<_>>(), c.data))
    };
    let of = |name: &str, pairs: &[(&str, &str)], data: &str| {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Some((name.to_owned(), pairs, data.to_owned()))
    };
    assert_eq!(read("::error::gone"), of("error", &[], "gone"));
    assert_eq!(
        read("   ::ERROR file=a%2Cb.md,line=3::50%25%0Amore"),
        of("error", &[("file", "a,b.md"), ("line", "3")], "50%\nmore")
    );
    assert_eq!(read("the end ##[warning file=x;line=2]no%5D"), of("warning", &[("file", "x"), ("line", "2")], "no]"));
    for none in ["x ::error::gone", "::unknown::x", "::error:x", "##[unknown]x", "##[error", "plain"] {
        assert_eq!(read(none), None, "{none}");
    }
}

#[test]
fn stopped_commands_wait_for_their_word() {
    let mut reader = Reader::default();
    let lines = ["::stop-commands::abc", "::error::1", "x ##[error]2", "::abd::", "::ABC::", "::error::3"];
    let read: Vec<_> = lines.iter().filter_map(|line| reader.read(line)).map(|command| command.data).collect();
    assert_eq!(read, ["3"]);
}
