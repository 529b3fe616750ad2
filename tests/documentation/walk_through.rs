//! `docs/write-a-policy.md` is walked through: its files are written, its commands are run in their order
//! in one repository, and what the page shows has to be what the program says.
//!
//! A fenced block of the page is one of three: ```` ```yaml title="path" ```` is a file as it is from there
//! on; ```` ```diff title="path" ```` changes the only place of a file that it fits; ```` ```console ```` holds
//! commands after `$ `, each with its output. Readers do not see titles, so the text before a block names
//! the file. Anything else fails.

use crate::support::Folder;
use annexa::cli::Cli;
use clap::Parser;
use clap::error::ErrorKind;
use regex::Regex;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const PAGE: &str = "docs/write-a-policy.md";

fn page() -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let text = fs::read_to_string(&path).expect("the page can be read").replace("\r\n", "\n");
    (path, text)
}

#[test]
fn the_page_shows_what_the_program_says() {
    let (path, text) = page();
    let walked = walk(&text);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, &walked).expect("the page can be written");
        return;
    }
    let differs = text.lines().zip(walked.lines()).enumerate().find(|(_, (shown, said))| shown != said);
    if let Some((index, (shown, said))) = differs {
        panic!(
            "{PAGE}:{}: shown is\n{shown}\nand it is now\n{said}\nRun the tests with UPDATE=1 and look at what changed.",
            index + 1
        );
    }
    assert_eq!(text, walked);
}

#[test]
fn the_page_shows_each_step_that_it_speaks_of() {
    let (_, text) = page();
    for words in [
        "annexa init ai-system",
        "annexa init policy",
        "annexa check",
        "annexa eval",
        "annexa test",
        "annexa test --mutate",
        "annexa test --quiet --cost",
        "annexa test --output",
        "annexa docs",
    ] {
        assert!(text.contains(&format!("\n$ {words}")), "`{words}` is run nowhere");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let link = Regex::new(r"\]\(([^)#:]+)(?:#[^)]*)?\)").expect("a pattern");
    let links: Vec<_> = link.captures_iter(&text).map(|found| found[1].to_owned()).collect();
    assert!(!links.is_empty() && links.iter().all(|link| folder.join(link).exists()), "{links:?}");
}

/// What is changed in a page that holds, and what the walk says of it.
#[test]
fn a_page_that_is_wrong_is_noticed() {
    const GOOD: &str = "Write `x.yaml`:\n\n```yaml title=\"x.yaml\"\na: 1\nb: 2\n```\n\nIn `x.yaml`:\n\n```diff title=\"x.yaml\"\n a: 1\n-b: 2\n+b: 3\n```\n\n`annexa check` looks.\n\n```console\n$ cat x.yaml\na: 1\nb: 3\n$ annexa eval \"1 +\\\n     1\"\nvalue  2\ntype   int\ncost   0 of 100000 steps\n```\n";
    assert_eq!(walk(GOOD), GOOD);
    let outputs =
        [("b: 3\n$", "b: 2\n$"), ("value  2", "value  3"), ("type   int\n", ""), ("steps\n", "steps\nmore\n")];
    for (from, to) in outputs {
        let wrong = GOOD.replacen(from, to, 1);
        assert_ne!(wrong, GOOD, "{from}");
        assert_eq!(walk(&wrong), GOOD, "{from}: another output is noticed, and put right");
    }
    let refused = [
        ("$ cat x.yaml", "$ rm x.yaml", "nothing is known of `rm x.yaml`"),
        ("$ cat x.yaml", "$ cat x.yaml | sort", "nothing is known of `cat x.yaml | sort`"),
        ("$ cat x.yaml", "cat x.yaml", "is the output of nothing"),
        ("-b: 2", "-b: 4", "fits in 0 places"),
        (" a: 1\n-b: 2\n", "", "fits in 3 places"),
        ("In `x.yaml`:", "Then:", "does not name `x.yaml`"),
        ("yaml title=\"x.yaml\"", "yaml", "neither a file, a change nor commands"),
        ("console", "sh", "neither a file, a change nor commands"),
        ("`annexa check` looks", "`annexa chekc` looks", "`annexa chekc`"),
        ("cost   0 of 100000 steps\n```\n", "", "is not closed"),
    ];
    for (from, to, said) in refused {
        let wrong = GOOD.replacen(from, to, 1);
        assert_ne!(wrong, GOOD, "{from}");
        refuses(&wrong, said);
    }
    for (step, said) in [
        ("- run: annexa check --today never", "write a day like 2026-11-23"),
        ("- run: annexa test", "nothing was tested"),
        ("- run: make", "nothing is known of `make`"),
        ("- uses: x", "runs nothing"),
    ] {
        let path = ".github/workflows/a.yaml";
        refuses(&format!("Write `{path}`:\n\n```yaml title=\"{path}\"\n{step}\n```\n"), said);
    }
}

#[track_caller]
fn refuses(page: &str, said: &str) {
    let refusal = catch_unwind(AssertUnwindSafe(|| walk(page))).expect_err(page);
    let refusal = refusal.downcast_ref::<String>().expect("a text");
    assert!(refusal.contains(said), "{page}\n{refusal}");
}

/// The page as it has to be: walks through it, and puts what the program says in place of what is shown.
fn walk(page: &str) -> String {
    let mut reader = Reader { folder: Folder::new(), below: String::new(), day: None, code: 0 };
    let (mut walked, mut prose) = (String::new(), String::new());
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        walked += &format!("{line}\n");
        let Some(kind) = line.strip_prefix("```") else {
            prose += &format!("{line}\n");
            continue;
        };
        let at = format!("{PAGE}:{}", number + 1);
        let block: Vec<&str> = lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        assert!(number + block.len() + 1 < page.lines().count(), "{at}: the block is not closed");
        parse_commands(&prose, &at);
        if kind == "console" {
            walked += &reader.console(&block, &at);
        } else {
            reader.write(kind, &block, &prose, &at);
            walked.extend(block.iter().map(|line| format!("{line}\n")));
        }
        walked += "```\n";
        prose.clear();
    }
    parse_commands(&prose, PAGE);
    walked
}

/// Commands that the text only names have to be ones that there are.
fn parse_commands(prose: &str, at: &str) {
    let named = Regex::new(r"`(annexa [^`]+)`").expect("a pattern");
    for found in named.captures_iter(prose) {
        let words = words(&found[1]).unwrap_or_else(|| panic!("{at}: `{}` is no command", &found[1]));
        // A command may be named without what it needs.
        if let Err(error) = Cli::try_parse_from(words)
            && error.kind() != ErrorKind::MissingRequiredArgument
        {
            panic!("{at}: `{}`: {error}", &found[1]);
        }
    }
}

/// Somebody who does what the page says.
struct Reader {
    folder: Folder,
    /// The folder that was gone into.
    below: String,
    /// `SOURCE_DATE_EPOCH`.
    day: Option<String>,
    /// The last exit code.
    code: i32,
}

impl Reader {
    /// Writes or changes the file that a block names.
    fn write(&self, kind: &str, block: &[&str], prose: &str, at: &str) {
        let titled = Regex::new("^([a-z]+) title=\"([^\"]+)\"$").expect("a pattern");
        let Some(found) = titled.captures(kind) else {
            panic!("{at}: `{kind}` is neither a file, a change nor commands");
        };
        let path = &found[2];
        assert!(prose.contains(&format!("`{path}`")), "{at}: the text before the block does not name `{path}`");
        let text = |marks: [char; 2]| -> String {
            let kept = block.iter().filter(|line| line.starts_with(marks));
            kept.map(|line| format!("{}\n", &line[1..])).collect()
        };
        let text = match &found[1] {
            "diff" => {
                let (old, new) = (text([' ', '-']), text([' ', '+']));
                let file = format!("\n{}", self.folder.read(&self.at(path)));
                let old = format!("\n{old}");
                let places = file.match_indices(&old).count();
                assert!(places == 1, "{at}: the change fits in {places} places of {path}:\n{file}");
                file.replacen(&old, &format!("\n{new}"), 1)[1..].to_owned()
            }
            _ => block.iter().map(|line| format!("{line}\n")).collect::<String>(),
        };
        if path.starts_with(".github/workflows/") {
            self.pipeline(&text, at);
        }
        self.folder.write(&self.at(path), text);
    }

    /// Runs what a workflow runs. A check may find something, and none may be used in a wrong way.
    fn pipeline(&self, workflow: &str, at: &str) {
        let steps: Vec<_> = workflow.lines().filter_map(|line| line.trim_start().strip_prefix("- run: ")).collect();
        assert!(!steps.is_empty(), "{at}: the workflow runs nothing");
        for step in steps {
            let words = words(step).filter(|words| words[0] == "annexa");
            let words = words.unwrap_or_else(|| panic!("{at}: nothing is known of `{step}`"));
            let ran = self.folder.annexa_in(&self.below, &words[1..], &self.day());
            assert!(ran.code == 0 || ran.code == 1 && words[1] == "check", "{at}: {step}\n{}", ran.all());
        }
    }

    /// The day as the program takes it.
    fn day(&self) -> Vec<(&str, &str)> {
        self.day.iter().map(|day| ("SOURCE_DATE_EPOCH", day.as_str())).collect()
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.below)
    }

    /// Runs the commands of a block and gives the block with what they say.
    fn console(&mut self, block: &[&str], at: &str) -> String {
        let mut said = String::new();
        let mut lines = block.iter().peekable();
        assert!(block.first().is_some_and(|line| line.starts_with("$ ")), "{at}: {block:?} is the output of nothing");
        while let Some(line) = lines.next() {
            let Some(mut command) = line.strip_prefix("$ ").map(str::to_owned) else { continue };
            said += &format!("{line}\n");
            while command.ends_with('\\') {
                let next = lines.next().unwrap_or_else(|| panic!("{at}: `{command}` goes on nowhere"));
                said += &format!("{next}\n");
                command.pop();
                command += next.trim_start();
            }
            let output = self.run(&command, at);
            assert!(!output.lines().any(|line| line.starts_with("```") || line.starts_with("$ ")), "{at}: {output}");
            // Lines without text at the end of an output are left out.
            let shown = output.trim_end_matches('\n');
            if !shown.is_empty() {
                said += &format!("{shown}\n");
            }
        }
        said
    }

    /// Runs one command. What is not the program itself is done here, so that no other program is needed.
    fn run(&mut self, command: &str, at: &str) -> String {
        let words = words(command).unwrap_or_default();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut code = 0;
        let output = match words.as_slice() {
            ["annexa", arguments @ ..] => {
                let ran = self.folder.annexa_in(&self.below, arguments, &self.day());
                code = ran.code;
                ran.out + &ran.err
            }
            ["cat", path] => self.folder.read(&self.at(path)),
            ["mkdir", name] => {
                fs::create_dir(self.folder.path(&self.at(name))).expect("a folder");
                String::new()
            }
            ["cd", name] if self.folder.path(&self.at(name)).is_dir() => {
                self.below = self.at(&format!("{name}/"));
                String::new()
            }
            ["export", day] if day.starts_with("SOURCE_DATE_EPOCH=") => {
                self.day = day.split_once('=').map(|(_, day)| day.to_owned());
                String::new()
            }
            ["echo", "$?"] => format!("{}\n", self.code),
            ["git", "init", "--quiet"] => {
                self.folder.init(&self.below);
                String::new()
            }
            ["git", "add", "--all"] => String::new(),
            ["git", "commit", "--quiet", "--message", _] => {
                self.folder.commit(&self.below);
                String::new()
            }
            _ => panic!("{at}: nothing is known of `{command}`"),
        };
        self.code = code;
        output
    }
}

/// The words of a command as a shell makes them of plain words and of texts in quotes; nothing for what
/// else a shell can do.
fn words(command: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for letter in command.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => words.extend(word.take()),
            ('|' | '&' | ';' | '<' | '>' | '*' | '(' | '`', None) => return None,
            ('$' | '`' | '\\', Some('"')) => return None,
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}
