//! What the tests of whole runs share: runs in memory with own policies, repositories on disk whose
//! names and times are fixed, and the program itself in surroundings that say nothing.

use annexa::engine::check::{check_policy, environment};
use annexa::engine::{self, Base, Choice, Input, Shared, Sources};
use annexa::facts::{Day, History, MemorySnapshot, PullRequest, ReadError, Snapshot};
use annexa::finding::{Judgement, Report};
use annexa::history::{Log, MadeCommit, MemoryObjects, Objects, Past};
use annexa::policy::{self, Policy};
use annexa::source::SourceFile;
use git2::{IndexAddOption, Repository, RepositoryInitOptions, Signature, Time};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

/// The day of runs that name none.
pub const TODAY: &str = "2026-06-01";

/// A kind that takes any field, so that a test's document says only what the test is about.
pub const NOTE: &str = r#"{"x-document": {"id": "note", "plural": "notes", "title": "Note", "globs": ["**/*.note.yaml"]},
"type": "object", "properties": {"day": {"type": "string", "format": "date"}, "size": {"type": "number"}, "word": {"type": "string"}}}"#;

/// A run in memory: files, policies, configuration. The kind `note` is there besides the shipped
/// ones.
#[derive(Clone, Default)]
pub struct Run {
    files: Vec<(String, Vec<u8>)>,
    policies: Vec<(String, String)>,
    config: String,
    today: Option<String>,
    shared: Option<Vec<(String, Vec<u8>)>>,
    base: Option<Vec<(String, Vec<u8>)>>,
    pull_request: Option<PullRequest>,
    choice: Choice,
    below: Option<String>,
    unchecked: bool,
    commits: Vec<MadeCommit>,
    adopted_at: Option<String>,
}

/// A run without anything.
pub fn run() -> Run {
    Run::default()
}

impl Run {
    /// A file of the repository.
    pub fn file(mut self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.files.push((path.to_owned(), text.as_ref().to_vec()));
        self
    }

    /// Gives the files in the other order.
    pub fn reverse_files(&mut self) {
        self.files.reverse();
    }

    /// A policy; `text` is everything besides its id and its title.
    pub fn policy(mut self, id: &str, text: &str) -> Self {
        self.policies.push((id.to_owned(), format!("id: {id}\ntitle: the title of {id}\n{text}")));
        self
    }

    /// A policy on each `note` with one validation.
    pub fn holds(self, id: &str, expression: &str) -> Self {
        self.policy(id, &format!("applies_to: note\nvalidations:\n  - expression: |-\n      {expression}\n"))
    }

    /// Lines of annexa.yaml.
    pub fn config(mut self, text: &str) -> Self {
        self.config.push_str(text);
        self
    }

    pub fn today(mut self, day: &str) -> Self {
        self.today = Some(day.to_owned());
        self
    }

    /// A file of the organisation's checkout, which is at `../aims`.
    pub fn shared(mut self, path: &str, text: &str) -> Self {
        self.shared.get_or_insert_default().push((path.to_owned(), text.as_bytes().to_vec()));
        self
    }

    /// A base version without a file.
    pub fn empty_base(mut self) -> Self {
        self.base.get_or_insert_default();
        self
    }

    /// A file of the base version, whose commit is called `main`.
    pub fn base(mut self, path: &str, text: &str) -> Self {
        self.base.get_or_insert_default().push((path.to_owned(), text.as_bytes().to_vec()));
        self
    }

    pub fn pull_request(mut self, pull_request: PullRequest) -> Self {
        self.pull_request = Some(pull_request);
        self
    }

    pub fn only(mut self, ids: &[&str]) -> Self {
        self.choice.only = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    pub fn skip(mut self, ids: &[&str]) -> Self {
        self.choice.skip = ids.iter().map(|id| (*id).to_owned()).collect();
        self
    }

    pub fn below(mut self, path: &str) -> Self {
        self.below = Some(path.to_owned());
        self
    }

    /// Sets the run up; what is wrong with the set-up, one line each: `path:line code: message | help`.
    pub fn set_up(&self) -> Result<engine::Setup, Vec<String>> {
        let mut files = self.files.clone();
        files.push(("kinds/note.schema.json".to_owned(), NOTE.as_bytes().to_vec()));
        let snapshot = MemorySnapshot::new(files);
        let kinds = if self.config.contains("schemas:") { "" } else { "schemas: [kinds]\n" };
        let config = Arc::new(SourceFile::new("annexa.yaml", format!("{}{kinds}", self.config).into_bytes()));
        let shipped: Vec<Arc<Policy>> = self.policies.iter().map(|(id, text)| read_policy(id, text)).collect();
        let sources = Sources { snapshot: &snapshot, config: Some(&config), shipped: &shipped };
        let setup = engine::deep(|| engine::set_up(sources)).map_err(|faulty| {
            let lines = faulty.iter().flat_map(|f| {
                f.problems.iter().map(|p| {
                    let line = f.file.place(p.at.span).line;
                    format!("{}:{line} {}: {} | {}", f.file.path(), p.code, p.message, p.help)
                })
            });
            lines.collect::<Vec<_>>()
        })?;
        let names = environment(&setup.kinds);
        for policy in &shipped {
            if self.unchecked {
                continue;
            }
            let problems = engine::deep(|| check_policy(policy, &setup.kinds, &names));
            assert!(problems.is_empty(), "{}: {problems:#?}", policy.id());
        }
        Ok(setup)
    }

    /// Policies run without the check of their types: the evaluation has to stand what would not be
    /// loaded, too.
    pub fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    /// A commit on top of the last one: its day, its author's address, and all of its files.
    pub fn commit(self, day: &str, author: &str, files: &[(&str, &str)]) -> Self {
        let parents = (0..self.commits.len()).last().into_iter().collect();
        self.made(parents, day, author, files)
    }

    /// A commit on these, by their numbers from 0.
    pub fn made(mut self, parents: Vec<usize>, day: &str, author: &str, files: &[(&str, &str)]) -> Self {
        let seconds = Day::parse(day).expect("a day").seconds();
        let name = author.split('@').next().unwrap_or(author).to_owned();
        self.commits.push(MadeCommit {
            files: files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect(),
            parents,
            author: (name.clone(), author.to_owned()),
            committer: (name, author.to_owned()),
            times: (seconds, seconds),
            message: format!("Commit of {day}"),
            ..MadeCommit::default()
        });
        self
    }

    /// Changes the commit that was made last.
    pub fn with_commit(mut self, change: impl FnOnce(&mut MadeCommit)) -> Self {
        change(self.commits.last_mut().expect("a commit"));
        self
    }

    /// A tag on the commit that was made last.
    pub fn tag(self, name: &str) -> Self {
        self.with_commit(|commit| commit.tags.push(name.to_owned()))
    }

    /// The commit, by a tag, at which annexa was taken up.
    pub fn adopted_at(mut self, tag: &str) -> Self {
        self.adopted_at = Some(tag.to_owned());
        self
    }

    fn past(&self) -> Past {
        let objects = MemoryObjects::new(&self.commits);
        let Some(head) = objects.ids().last().copied() else { return Past::none("it is made up") };
        let adopted = |tag: &String| objects.resolve(tag).ok().flatten().expect("a tag").to_string();
        let adopted_at = self.adopted_at.as_ref().map(adopted);
        let cut = self.commits.iter().any(|commit| commit.cut);
        let id = head.to_string();
        let state = if cut { History::Shallow { head: id } } else { History::Full { head: id } };
        Past { state, log: Some(Arc::new(Log::new(Arc::new(objects), head, ""))), adopted_at }
    }

    /// Runs it.
    pub fn report(&self) -> Report {
        let setup = self.set_up().unwrap_or_else(|problems| panic!("{problems:#?}"));
        let input = Input {
            snapshot: Arc::new(MemorySnapshot::new(self.files.clone())),
            setup,
            today: Day::parse(self.today.as_deref().unwrap_or(TODAY)).expect("a day"),
            past: self.past(),
            shared: self.shared.clone().map(|files| Shared {
                snapshot: Arc::new(MemorySnapshot::new(files)),
                path: "../aims".to_owned(),
                commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            }),
            base: self.base.clone().map(|files| {
                let snapshot = Arc::new(Denying(MemorySnapshot::new(files)));
                Ok(Base { snapshot, commit: "main".to_owned() })
            }),
            pull_request: self.pull_request.clone().map(Ok),
            choice: self.choice.clone(),
            below: self.below.clone(),
        };
        engine::deep(|| engine::run(input))
    }

    /// What the policies say, one line an outcome; see [`line`].
    pub fn says(&self) -> Vec<String> {
        let report = self.report();
        report.judgements.iter().filter(|j| report.rule(j).origin != "built-in").map(|j| line(&report, j)).collect()
    }

    /// What the built-in checks find, one line each; see [`line`].
    pub fn problems(&self) -> Vec<String> {
        let report = self.report();
        let wrong = |j: &&Judgement| report.rule(j).origin == "built-in" && j.outcome.name() != "pass";
        report.judgements.iter().filter(wrong).map(|j| line(&report, j)).collect()
    }
}

/// Files of which those that say `DENIED` may not be read.
struct Denying(MemorySnapshot);

impl Snapshot for Denying {
    fn paths(&self) -> &[String] {
        self.0.paths()
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, ReadError> {
        match self.0.read(path, limit)?.as_slice() {
            b"DENIED" => Err(ReadError::Denied("its content was not fetched".to_owned())),
            bytes => Ok(bytes.to_vec()),
        }
    }
}

fn read_policy(id: &str, text: &str) -> Arc<Policy> {
    let file = Arc::new(SourceFile::new(format!("policies/{id}.yaml"), text.as_bytes().to_vec()));
    match policy::read(&file, "own") {
        Ok((policy, problems)) if problems.is_empty() => Arc::new(policy),
        Ok((_, problems)) | Err((_, problems)) => panic!("{id}: {problems:#?}\n{text}"),
    }
}

/// `policy outcome subject[item] at path:line: message`; without the place where there is none, and
/// with `(folded)` where it is only the echo of another problem.
pub fn line(report: &Report, judgement: &Judgement) -> String {
    let mut line = format!("{} {} {}", report.rule(judgement).id, judgement.outcome.name(), judgement.subject.id);
    if let Some(item) = &judgement.item {
        line += &format!("[{item}]");
    }
    if judgement.folded {
        line += " (folded)";
    }
    if let Some(place) = places(judgement).first() {
        line += &format!(" at {place}");
    }
    if !judgement.message.is_empty() {
        line += &format!(": {}", judgement.message);
    }
    line
}

/// Every place of a judgement as `path:line`, the main one first.
pub fn places(judgement: &Judgement) -> Vec<String> {
    judgement.places.iter().map(|s| format!("{}:{}", s.file.name(), s.place().line)).collect()
}

/// A temporary folder that is removed at the end of the test.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    /// An empty git repository on the branch `main`.
    pub fn repository() -> Self {
        let folder = Folder::new();
        folder.init("");
        folder
    }

    /// Makes a git repository below the folder.
    pub fn init(&self, below: &str) {
        let mut options = RepositoryInitOptions::new();
        options.initial_head("main").external_template(false).mkpath(true);
        Repository::init_opts(self.path(below), &options).expect("a repository");
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    /// Writes a file with its folders.
    pub fn file(self, below: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(below, text);
        self
    }

    /// Writes a file with its folders.
    pub fn write(&self, below: &str, text: impl AsRef<[u8]>) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
    }

    /// Commits everything that is not ignored, at a fixed time, and gives the commit's id.
    pub fn commit(&self, below: &str) -> String {
        self.commit_on(below, 1_772_000_000)
    }

    /// Commits everything that is not ignored, at `seconds` after 1970, and gives the commit's id.
    pub fn commit_on(&self, below: &str, seconds: i64) -> String {
        let repository = Repository::open(self.path(below)).expect("a repository");
        let mut index = repository.index().expect("an index");
        index.add_all(["*"], IndexAddOption::DEFAULT, None).expect("files");
        index.write().expect("an index");
        let tree = repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
        let who = Signature::new("Ana Keller", "ana@example.org", &Time::new(seconds, 0)).expect("a name");
        let parent = repository.head().ok().map(|head| head.peel_to_commit().expect("a commit"));
        let parents: Vec<_> = parent.iter().collect();
        repository.commit(Some("HEAD"), &who, &who, "A change", &tree, &parents).expect("a commit").to_string()
    }

    /// Runs the program in the folder.
    pub fn annexa<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        self.annexa_with(arguments, &[])
    }

    /// Runs the program in the folder with environment variables.
    pub fn annexa_with<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        variables: &[(&str, &str)],
    ) -> Ran {
        self.annexa_in("", arguments, variables)
    }

    /// Runs the program below the folder with environment variables; `[ROOT]` is that place then.
    pub fn annexa_in<S: AsRef<OsStr>>(
        &self,
        below: &str,
        arguments: impl IntoIterator<Item = S>,
        variables: &[(&str, &str)],
    ) -> Ran {
        let folder = self.path(below);
        let mut command = command(&folder);
        command.args(arguments).envs(variables.iter().copied());
        Ran::new(command.output().expect("the program runs"), &folder)
    }
}

/// The program in `folder`, without a terminal and with an environment that says nothing.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annexa"));
    command.env_clear().current_dir(folder).stdin(Stdio::null());
    for name in ["PATH", "TMPDIR", "SystemRoot"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("HOME", folder).env("SOURCE_DATE_EPOCH", "1780315200"); // 2026-06-01T12:00:00Z
    command
}

/// What the program did.
pub struct Ran {
    pub code: i32,
    /// Standard output; the temporary folder is written as `[ROOT]`.
    pub out: String,
    /// Standard error, written in the same way.
    pub err: String,
}

impl Ran {
    fn new(output: Output, root: &Path) -> Self {
        let real = root.canonicalize().expect("it is there");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("output is UTF-8");
            text.replace(&*real.to_string_lossy(), "[ROOT]").replace(&*root.to_string_lossy(), "[ROOT]")
        };
        let code = output.status.code().unwrap_or_else(|| panic!("the program was ended by a signal: {output:?}"));
        let ran = Ran { code, out: text(output.stdout), err: text(output.stderr) };
        assert!(!ran.err.contains("panicked"), "{}", ran.err);
        ran
    }

    /// Both outputs.
    pub fn all(&self) -> String {
        format!("exit {}\n--- out\n{}\n--- err\n{}", self.code, self.out, self.err)
    }

    /// Checks the exit code and that all of these stand in the output, in one of the two streams.
    #[track_caller]
    pub fn expect(&self, code: i32, texts: &[&str]) {
        let missing: Vec<_> =
            texts.iter().filter(|text| !self.out.contains(**text) && !self.err.contains(**text)).collect();
        assert!(self.code == code && missing.is_empty(), "expected exit {code} and {missing:?}\n{}", self.all());
    }

    /// The JSON on standard output.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}", self.all()))
    }
}
