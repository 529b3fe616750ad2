//! Which lines of a log a runner takes for commands, and what it reads from them: both forms, with the
//! ways each of them unescapes. Written after the behaviour of the public runner.

use std::collections::BTreeMap;

/// A command as the runner understands it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    pub name: String,
    pub properties: BTreeMap<String, String>,
    pub data: String,
}

/// Commands that a runner knows; of others it takes no notice.
const KNOWN: [&str; 15] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// The commands in what a step wrote.
pub fn commands(output: &str) -> Vec<Command> {
    // The runner is given lines: what ends one for a reader of a stream ends one here.
    output.split(['\n', '\r']).filter_map(command).collect()
}

/// The command in a line: `::name key=value,key=value::data` after spaces, or `##[name key=value;]data`
/// anywhere.
pub fn command(line: &str) -> Option<Command> {
    current(line).or_else(|| former(line))
}

fn current(line: &str) -> Option<Command> {
    let rest = line.trim_start().strip_prefix("::")?;
    let (head, data) = rest.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let data = unescaped(data, &[("%0D", "\r"), ("%0A", "\n"), ("%25", "%")]);
    let value = [("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")];
    known(name, properties.trim(), ',', &value, data)
}

fn former(line: &str) -> Option<Command> {
    let (_, rest) = line.split_once("##[")?;
    let (head, data) = rest.split_once(']')?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let value = [("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%25", "%")];
    known(name, properties, ';', &value, unescaped(data, &value))
}

fn known(name: &str, properties: &str, between: char, value: &[(&str, &str)], data: String) -> Option<Command> {
    if !KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    let pairs = properties.split(between).filter_map(|pair| pair.split_once('='));
    let properties = pairs.map(|(key, text)| (key.to_owned(), unescaped(text, value))).collect();
    Some(Command { name: name.to_ascii_lowercase(), properties, data })
}

fn unescaped(text: &str, rows: &[(&str, &str)]) -> String {
    rows.iter().fold(text.to_owned(), |text, (escaped, meant)| text.replace(escaped, meant))
}

#[test]
fn both_forms_of_commands_are_read() {
    let read = |line: &str| command(line).map(|c| (c.name, c.properties.into_iter().collect::<Vec<_>>(), c.data));
    let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
    assert_eq!(
        read("  ::error file=a%2Cb,line=3::100%25%0Anext"),
        Some(("error".to_owned(), vec![pair("file", "a,b"), pair("line", "3")], "100%\nnext".to_owned()))
    );
    assert_eq!(read("x ##[group]y"), Some(("group".to_owned(), vec![], "y".to_owned())));
    assert_eq!(read("::stop-commands::x").map(|c| c.0), Some("stop-commands".to_owned()));
    for line in ["x ::error::y", "::unheard-of::y", "::error", "plain", "a::b"] {
        assert_eq!(read(line), None, "{line}");
    }
}
