//! Runs a composite action as GitHub's runner does: inputs with their defaults, expressions, steps in their
//! shells, files for outputs and summary, commands in the output, and the limits on annotations.

use super::commands::Command as Order;
use super::stopped::Reader;
use crate::support::Folder;
use annexa::source::SourceFile;
use annexa::value::{Limits, Syntax, read};
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Annotations of one kind that an action may make; the rest stands in the log alone.
const ANNOTATIONS: usize = 10;
/// Characters of an annotation.
const MESSAGE: usize = 4_096;
/// Bytes of a summary; one that is larger is refused as a whole.
const SUMMARY: usize = 1_048_576;

/// What stands in PATH: nothing else of the system is found, so that a test decides what is there.
const TOOLS: &[&str] = &[
    "awk",
    "base64",
    "basename",
    "bash",
    "cat",
    "chmod",
    "cut",
    "dirname",
    "env",
    "git",
    "head",
    "ls",
    "mkdir",
    "mktemp",
    "od",
    "rm",
    "sed",
    "sh",
    "sha256sum",
    "shasum",
    "tr",
    "uname",
    "wc",
];

/// A job that uses the action.
pub struct Job {
    folder: Folder,
    action: PathBuf,
    inputs: BTreeMap<String, String>,
    variables: BTreeMap<String, OsString>,
    token: String,
}

/// What became of it.
#[derive(Debug)]
pub struct Done {
    /// Whether the step is green.
    pub green: bool,
    /// The exit codes of the steps that ran.
    pub codes: Vec<i32>,
    /// Everything that the steps printed, as it was printed.
    pub log: String,
    /// The commands that the runner took from it, in their order.
    pub orders: Vec<Order>,
    /// The annotations that are shown: level, properties and message.
    pub annotations: Vec<Order>,
    /// How many more there were.
    pub dropped: usize,
    /// The page of the job; `None` where nothing was written, or too much.
    pub summary: Option<String>,
    /// The outputs of the action.
    pub outputs: BTreeMap<String, String>,
}

impl Job {
    /// A job on a push, in an empty workspace whose path has a space, with the action of this project.
    pub fn new() -> Self {
        Job::with_action(Path::new(env!("CARGO_MANIFEST_DIR")))
    }

    /// A job that uses the action in a folder.
    pub fn with_action(action: &Path) -> Self {
        let folder = Folder::new();
        let mut job = Job {
            action: action.to_path_buf(),
            inputs: BTreeMap::new(),
            variables: BTreeMap::new(),
            token: "ghs_secretOfTheJob".to_owned(),
            folder,
        };
        for below in ["work space/repo", "runner temp", "tools", "files"] {
            fs::create_dir_all(job.folder.path(below)).expect("a folder");
        }
        job.set_event("push", &Value::Object(serde_json::Map::new()));
        for tool in TOOLS {
            if let Some(path) = found(tool) {
                // A program may look at the name that it was called by, so it is called by its own.
                job.set_tool(tool, &format!("exec '{}' \"$@\"", path.display()));
            }
        }
        job
    }

    /// The workspace, where the repository is checked out.
    pub fn workspace(&self) -> PathBuf {
        self.folder.path("work space/repo")
    }

    /// The folder for temporary files.
    pub fn temp(&self) -> PathBuf {
        self.folder.path("runner temp")
    }

    /// A place for files of the test.
    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path("files").join(below)
    }

    /// An input of the action.
    pub fn input(mut self, name: &str, value: impl Into<String>) -> Self {
        self.inputs.insert(name.to_owned(), value.into());
        self
    }

    /// An environment variable of the job, or one that the runner sets.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.to_owned(), value.into());
        self
    }

    /// The event that the workflow runs on, with its payload.
    pub fn event(mut self, name: &str, payload: &Value) -> Self {
        self.set_event(name, payload);
        self
    }

    fn set_event(&mut self, name: &str, payload: &Value) {
        let path = self.path("event.json");
        fs::write(&path, payload.to_string()).expect("a file");
        self.variables.insert("GITHUB_EVENT_NAME".to_owned(), name.into());
        self.variables.insert("GITHUB_EVENT_PATH".to_owned(), path.into());
    }

    /// A program in PATH, as a script for `sh`.
    pub fn tool(self, name: &str, script: &str) -> Self {
        self.set_tool(name, script);
        self
    }

    fn set_tool(&self, name: &str, script: &str) {
        executable(&self.folder.path("tools").join(name), &format!("#!/bin/sh\n{script}\n"));
    }

    /// Takes a program out of PATH.
    pub fn without(self, name: &str) -> Self {
        fs::remove_file(self.folder.path("tools").join(name)).expect("the program was there");
        self
    }

    /// Runs the action.
    pub fn run(&self) -> Done {
        let action = manifest(&self.action);
        assert_eq!(action["runs"]["using"], "composite");
        let inputs = self.all_inputs(&action["inputs"]);
        let mut outputs_of = BTreeMap::new();
        let (mut log, mut codes, mut green) = (String::new(), Vec::new(), true);
        let mut reader = Reader::default();
        let mut orders = Vec::new();
        let mut summary = String::new();
        for step in action["runs"]["steps"].as_array().expect("steps") {
            let context = Context { inputs: &inputs, outputs_of: &outputs_of, job: self };
            for key in step.as_object().expect("a step").keys() {
                assert!(["id", "shell", "run", "env"].contains(&key.as_str()), "{key} is not known here");
            }
            let ran = self.step(step, &context);
            orders.extend(reader.read(&ran.log));
            log += &ran.log;
            codes.push(ran.code);
            if ran.summary.len() > SUMMARY {
                let (name, data) = ("error".to_owned(), "the summary is too large".to_owned());
                orders.push(Order { name, data, ..Order::default() });
            } else {
                summary += &ran.summary;
            }
            outputs_of.insert(step["id"].as_str().expect("an id").to_owned(), ran.outputs);
            // What follows a step that failed is passed over.
            if ran.code != 0 {
                green = false;
                break;
            }
        }
        let (annotations, dropped) = shown(&orders);
        let context = Context { inputs: &inputs, outputs_of: &outputs_of, job: self };
        let outputs = action["outputs"].as_object().into_iter().flatten();
        let outputs =
            outputs.map(|(name, output)| (name.clone(), context.fill(output["value"].as_str().expect("a value"))));
        let outputs = outputs.collect();
        let summary = Some(summary).filter(|text| !text.is_empty());
        Done { green, codes, log, orders, annotations, dropped, summary, outputs }
    }

    /// The inputs with their defaults. What the action does not know is told by the runner and left out.
    fn all_inputs(&self, declared: &Value) -> BTreeMap<String, String> {
        let none = BTreeMap::new();
        let context = Context { inputs: &none, outputs_of: &BTreeMap::new(), job: self };
        let declared = declared.as_object().expect("inputs");
        let unknown: Vec<_> = self.inputs.keys().filter(|name| !declared.contains_key(*name)).collect();
        assert!(unknown.is_empty(), "the action has no input {unknown:?}");
        let value = |name: &String, input: &Value| match (self.inputs.get(name), &input["default"]) {
            (Some(given), _) => given.clone(),
            (None, Value::String(default)) => context.fill(default),
            (None, Value::Null) => String::new(),
            (None, other) => panic!("the default of {name} is {other}, and the runner takes text alone"),
        };
        declared.iter().map(|(name, input)| (name.clone(), value(name, input))).collect()
    }

    fn step(&self, step: &Value, context: &Context) -> Step {
        let files = tempfile::tempdir_in(self.temp()).expect("a folder");
        let file = |name: &str| {
            let path = files.path().join(name);
            fs::write(&path, "").expect("a file");
            path
        };
        let (output, summary, env) = (file("output"), file("summary"), file("env"));
        let script = files.path().join("script.sh");
        fs::write(&script, step["run"].as_str().expect("run")).expect("a file");
        let shell = step["shell"].as_str().expect("a composite action names its shell");
        let mut words = shell.split(' ').map(|word| word.replace("{0}", script.to_str().expect("a name")));
        let (mut read, write) = std::io::pipe().expect("a pipe");
        let mut command = Command::new(self.folder.path("tools").join(words.next().expect("a shell")));
        command.args(words).env_clear().current_dir(self.workspace()).stdin(Stdio::null());
        command.env("PATH", self.folder.path("tools")).env("HOME", self.folder.path("files"));
        let runner = [
            ("CI", "true"),
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "halden/hiring"),
            ("GITHUB_SERVER_URL", "https://git.example.org"),
            ("GITHUB_API_URL", "https://git.example.org/api/v3"),
            ("GITHUB_GRAPHQL_URL", "https://git.example.org/api/graphql"),
            ("GITHUB_RUN_ID", "4711"),
            ("GITHUB_RUN_ATTEMPT", "1"),
            ("GITHUB_WORKFLOW", "governance"),
            ("GITHUB_JOB", "annexa"),
        ];
        command.envs(runner).env("GITHUB_WORKSPACE", self.workspace()).env("RUNNER_TEMP", self.temp());
        command.envs(&self.variables).env("GITHUB_ACTION_PATH", &self.action);
        command.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_ENV", &env);
        for (name, value) in step["env"].as_object().into_iter().flatten() {
            command.env(name, context.fill(value.as_str().expect("text")));
        }
        command.stdout(write.try_clone().expect("a pipe")).stderr(write);
        let mut child = command.spawn().expect("the shell runs");
        // It holds the other end of the pipe.
        drop(command);
        let mut log = Vec::new();
        read.read_to_end(&mut log).expect("output");
        let code = child.wait().expect("it ends").code().expect("it ends by itself");
        let text = |path: &Path| fs::read_to_string(path).expect("a text");
        assert_eq!(text(&env), "", "the action changes the environment of later steps");
        Step {
            code,
            log: String::from_utf8_lossy(&log).into_owned(),
            outputs: outputs(&text(&output)),
            summary: text(&summary),
        }
    }
}

struct Step {
    code: i32,
    log: String,
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Done {
    /// An output of the action; empty where it is not set.
    pub fn output(&self, name: &str) -> &str {
        self.outputs.get(name).unwrap_or_else(|| panic!("the action has no output {name}"))
    }

    /// The messages of the annotations of one level.
    pub fn messages(&self, level: &str) -> Vec<&str> {
        self.annotations.iter().filter(|order| order.name == level).map(|order| order.data.as_str()).collect()
    }

    /// Checks the exit code of the last step, the conclusion, and that the log has these.
    #[track_caller]
    pub fn expect(&self, code: i32, conclusion: &str, texts: &[&str]) {
        let missing: Vec<_> = texts.iter().filter(|text| !self.log.contains(**text)).collect();
        let same = self.codes.last() == Some(&code)
            && self.green == (code == 0)
            && self.output("conclusion") == conclusion
            && self.output("exit-code") == code.to_string();
        assert!(same && missing.is_empty(), "expected {code}, {conclusion} and {missing:?}\n{self:#?}\n{}", self.log);
    }
}

/// What expressions can name.
struct Context<'a> {
    inputs: &'a BTreeMap<String, String>,
    outputs_of: &'a BTreeMap<String, BTreeMap<String, String>>,
    job: &'a Job,
}

impl Context<'_> {
    /// The text with the values of its expressions.
    fn fill(&self, text: &str) -> String {
        let Some((before, rest)) = text.split_once("${{") else { return text.to_owned() };
        let (expression, after) = rest.split_once("}}").expect("an expression has an end");
        format!("{before}{}{}", self.value(expression), self.fill(after))
    }

    /// The first part of `a || b` that is not empty.
    fn value(&self, expression: &str) -> String {
        let mut values = expression.split("||").map(|part| self.name(part.trim()));
        values.find(|value| !value.is_empty()).unwrap_or_default()
    }

    fn name(&self, name: &str) -> String {
        match *name.split('.').collect::<Vec<_>>() {
            ["inputs", input] => self.inputs.get(input).unwrap_or_else(|| panic!("no input {input}")).clone(),
            ["github", "token"] => self.job.token.clone(),
            ["steps", step, "outputs", output] => {
                self.outputs_of.get(step).and_then(|outputs| outputs.get(output)).cloned().unwrap_or_default()
            }
            _ => panic!("`{name}` is no expression that the runner of the tests knows"),
        }
    }
}

/// action.yml of a folder.
pub fn manifest(action: &Path) -> Value {
    let bytes = fs::read(action.join("action.yml")).expect("action.yml is there");
    let file = Arc::new(SourceFile::new("action.yml", bytes));
    let (tree, problems) = read(file, Syntax::Yaml, &Limits::default());
    assert!(problems.is_empty(), "{problems:#?}");
    tree.json(tree.roots()[0])
}

/// Annotations within the limits of a step, and how many are left out.
fn shown(orders: &[Order]) -> (Vec<Order>, usize) {
    let mut counts = BTreeMap::new();
    let mut annotations = Vec::new();
    let mut dropped = 0;
    for order in orders.iter().filter(|order| ["error", "warning", "notice"].contains(&order.name.as_str())) {
        let count = counts.entry(order.name.clone()).or_insert(0);
        *count += 1;
        if *count > ANNOTATIONS {
            dropped += 1;
            continue;
        }
        let mut order = order.clone();
        order.data = order.data.chars().take(MESSAGE).collect();
        annotations.push(order);
    }
    (annotations, dropped)
}

/// The outputs that a file of them gives: `name=value`, or a value of several lines between two equal ones.
fn outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let (equals, here) = (line.find('='), line.find("<<"));
        match (equals, here) {
            (Some(at), None) => _ = outputs.insert(line[..at].to_owned(), line[at + 1..].to_owned()),
            (Some(at), Some(here)) if at < here => _ = outputs.insert(line[..at].to_owned(), line[at + 1..].to_owned()),
            (_, Some(here)) => {
                let (name, end) = (&line[..here], &line[here + 2..]);
                let value: Vec<_> = lines.by_ref().take_while(|line| *line != end).collect();
                outputs.insert(name.to_owned(), value.join("\n"));
            }
            (None, None) => assert!(line.is_empty(), "`{line}` sets no output"),
        }
    }
    outputs
}

/// Writes a script that can be run.
pub fn executable(path: &Path, text: &str) {
    fs::write(path, text).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("permissions");
}

/// Where a program stands in the PATH of the tests.
fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").expect("PATH is set");
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}
