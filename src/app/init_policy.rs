//! `annexa init policy`: a policy that loads, with examples that hold. What is not given on the
//! command line is asked for at a terminal; nothing is written before everything is known.

use super::console::Console;
use super::editor::{FOLDER, Reference, parts};
use super::failure::Failure;
use super::project::Project;
use crate::catalogue;
use crate::cli::{InitArgs, PolicyFlags};
use crate::document::{Kind, closest, did_you_mean, sample, sample_path};
use crate::engine;
use crate::engine::check::{check_policy, environment};
use crate::engine::testing::{Ask, Bench, test};
use crate::io::{disk, input};
use crate::policy::{self, Policy};
use crate::source::{SourceFile, plain};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where policies lie when annexa.yaml names no folder.
const DIR: &str = "governance/policies";

/// What a policy asks of a document.
enum Demand {
    /// That a field is filled in.
    Field(String),
    /// A condition.
    Expression(String),
}

/// What is known before anything is written.
struct Plan {
    id: String,
    title: String,
    kind: Arc<Kind>,
    demand: Demand,
    controls: Vec<String>,
}

/// Who answers questions.
trait Person {
    /// The answer; nothing when there is nobody, or no answer will come.
    fn answer(&mut self, question: &str, help: &str) -> Result<Option<String>, Failure>;
    /// Shows what was wrong with an answer.
    fn tell(&mut self, wrong: &str) -> Result<(), Failure>;
}

/// The person at the terminal.
struct Terminal<'c>(&'c mut Console);

impl Person for Terminal<'_> {
    fn answer(&mut self, question: &str, help: &str) -> Result<Option<String>, Failure> {
        if !input::is_terminal() {
            return Ok(None);
        }
        self.0.ask(&format!("{question}\n  {help}\n> "))?;
        input::line().map_err(|error| Failure::usage(format_args!("the answer cannot be read: {error}"), ""))
    }

    fn tell(&mut self, wrong: &str) -> Result<(), Failure> {
        Ok(self.0.ask(&format!("{}\n", plain(wrong)))?)
    }
}

/// Runs the command.
pub fn run(args: &InitArgs, console: &mut Console) -> Result<u8, Failure> {
    if args.from.is_some() {
        return Err(Failure::usage(
            "`--from` drafts a register entry, and no policy",
            "Leave it out, or use `annexa init ai-system --from CARD`.",
        ));
    }
    let project = Project::open(Path::new("."))?;
    let plan = plan(&args.policy, &project, &mut Terminal(console))?;
    let (path, unlisted) = target(args, &project, &plan.id);
    let reference = Reference::shipped(&project.root, &path, "policy");
    let first = reference.as_ref().map_or(String::new(), |reference| reference.line.clone());
    let (text, missing) = engine::deep(|| written(&plan, &first, &project))?;
    if path == Path::new("-") {
        console.out().write_all(text.as_bytes())?;
        console.flush()?;
        return Ok(0);
    }
    disk::write(&path, text.as_bytes(), args.force).map_err(Failure::not_written)?;
    let shown = path.strip_prefix(&project.root.path).unwrap_or(&path).display().to_string();
    console.line(format_args!("Wrote {}.", plain(&shown)))?;
    if let Some(reference) = &reference {
        reference.write().map_err(|error| Failure::usage(error, ""))?;
        console.line(format_args!("Editors take its schema from {FOLDER}."))?;
    }
    if let Some(missing) = missing {
        console.line(plain(missing))?;
    }
    if let Some(folder) = unlisted {
        let folder = plain(&folder);
        console.line(format_args!("List its folder in annexa.yaml, so that it runs: `policy_dirs: [{folder}]`."))?;
    }
    console.line("Say in `why` and `remedy` what it is for, then run `annexa check`.")?;
    console.flush()?;
    Ok(0)
}

/// The file to write, and its folder where annexa.yaml does not name it.
fn target(args: &InitArgs, project: &Project, id: &str) -> (PathBuf, Option<String>) {
    let dirs = || project.setup.config.policy_dirs.iter().map(|at| at.value.trim_start_matches("./"));
    let named = dirs().map(|dir| dir.trim_end_matches('/')).find(|dir| !dir.ends_with("yaml") && !dir.ends_with("yml"));
    let own = || project.root.path.join(named.unwrap_or(DIR)).join(format!("{id}.yaml"));
    let path = args.to.clone().unwrap_or_else(own);
    // What goes to standard output or out of the repository is somebody else's to place.
    let written = parts(&project.root, &path).filter(|_| path != Path::new("-"));
    let unlisted = written.and_then(|parts| {
        let holds = |dir: &str| {
            let mut dir = dir.split('/').filter(|part| !part.is_empty() && *part != ".");
            let mut below = parts.iter();
            dir.all(|part| below.next().is_some_and(|own| own == part))
        };
        let folder = parts.split_last().map(|(_, folder)| folder.join("/"))?;
        (!dirs().any(holds)).then(|| if folder.is_empty() { ".".to_owned() } else { folder })
    });
    (path, unlisted)
}

/// Takes what the command line gives and asks for the rest.
fn plan(flags: &PolicyFlags, project: &Project, person: &mut dyn Person) -> Result<Plan, Failure> {
    let asked = [&flags.id, &flags.title, &flags.applies_to].iter().any(|flag| flag.is_none())
        || flags.field.is_none() && flags.expression.is_none();
    let id = decide(
        "--id",
        flags.id.as_deref(),
        person,
        "What is the policy called?",
        "Kebab case, as it reads after \"waive\": model-card-names-owner",
        &|id| valid_id(id, project),
    )?;
    let title = decide(
        "--title",
        flags.title.as_deref(),
        person,
        "What holds when it passes?",
        "One line: Model cards name their owner",
        &valid_title,
    )?;
    let kinds: Vec<&str> = project.setup.kinds.iter().map(|kind| &*kind.id).collect();
    let kind = decide(
        "--applies-to",
        flags.applies_to.as_deref(),
        person,
        "Which kind of document does it judge?",
        &kinds.join(", "),
        &|kind| valid_kind(kind, project),
    )?;
    let fields: Vec<String> = kind.fields().into_iter().map(|field| field.name).collect();
    let valid = |text: &str| valid_demand(text, &fields);
    let demand = match (&flags.field, &flags.expression) {
        (_, Some(expression)) => Demand::Expression(expression.clone()),
        (Some(field), None) if fields.contains(field) => Demand::Field(field.clone()),
        (Some(field), None) => return Err(Failure::usage(no_field(field, &kind), near_field(field, &fields))),
        (None, None) => decide(
            "--field",
            None,
            person,
            "What must hold? A field that must be filled in, or a condition in CEL.",
            &fields.join(", "),
            &valid,
        )?,
    };
    let mut controls = flags.control.clone();
    if asked && controls.is_empty() {
        let help = "Ids such as A.5.2, with commas between them; none is fine";
        controls = match person.answer("Which Annex A controls does it belong to?", help)? {
            Some(answer) => answer.split([',', ' ']).filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            None => Vec::new(),
        };
    }
    let controls = controls.iter().map(|id| valid_control(id)).collect::<Result<Vec<_>, _>>();
    let controls = controls.map_err(|(wrong, help)| Failure::usage(wrong, help))?;
    Ok(Plan { id, title, kind, demand, controls })
}

/// What is wrong, and what to do.
type Wrong = (String, String);

/// The value of a flag, else an answer that is valid.
fn decide<T>(
    flag: &str,
    given: Option<&str>,
    person: &mut dyn Person,
    question: &str,
    help: &str,
    valid: &dyn Fn(&str) -> Result<T, Wrong>,
) -> Result<T, Failure> {
    if let Some(given) = given {
        return valid(given).map_err(|(wrong, help)| Failure::usage(wrong, help));
    }
    loop {
        let Some(answer) = person.answer(question, help)? else {
            return Err(Failure::usage(
                format_args!("`{flag}` is missing, and there is nobody at a terminal to ask; nothing was written"),
                "Give `--id`, `--title`, `--applies-to` and one of `--field` and `--expression`.",
            ));
        };
        match valid(answer.trim()) {
            Ok(value) => return Ok(value),
            Err((wrong, help)) => person.tell(&format!("{wrong}. {help}"))?,
        }
    }
}

fn valid_id(id: &str, project: &Project) -> Result<String, Wrong> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if !id.split('-').all(part) {
        let help = "Write small letters, digits and single hyphens, such as `model-card-names-owner`.";
        return Err((format!("`{id}` is no id of a policy"), help.to_owned()));
    }
    if project.setup.policies.iter().any(|policy| policy.id() == id) {
        return Err((format!("a policy called `{id}` is there already"), "Choose another id.".to_owned()));
    }
    Ok(id.to_owned())
}

fn valid_title(title: &str) -> Result<String, Wrong> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return Err(("the title is empty".to_owned(), "Say in one line what holds when the policy passes.".to_owned()));
    }
    Ok(title)
}

fn valid_kind(kind: &str, project: &Project) -> Result<Arc<Kind>, Wrong> {
    let kinds = &project.setup.kinds;
    kinds.get(kind).cloned().ok_or_else(|| {
        let help = did_you_mean(kinds.closest(kind), "`annexa list kinds` shows the kinds there are.");
        (format!("there is no kind `{kind}`"), help)
    })
}

fn valid_demand(text: &str, fields: &[String]) -> Result<Demand, Wrong> {
    if fields.iter().any(|field| field == text) {
        return Ok(Demand::Field(text.to_owned()));
    }
    if text.is_empty() || text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
        return Err((format!("there is no field `{text}`"), near_field(text, fields)));
    }
    Ok(Demand::Expression(text.to_owned()))
}

fn valid_control(id: &str) -> Result<String, Wrong> {
    if catalogue::is_own_control(id) {
        return Ok(id.to_owned());
    }
    catalogue::check_control(id).map(|_| id.to_owned()).map_err(|wrong| (wrong.message(id), wrong.help()))
}

fn no_field(field: &str, kind: &Kind) -> String {
    format!("a document of the kind `{}` has no field `{field}`", kind.id)
}

fn near_field(field: &str, fields: &[String]) -> String {
    did_you_mean(closest(field, fields.iter().map(String::as_str)), format!("The fields are {}.", fields.join(", ")))
}

/// The condition, the message and the place of a field that must be filled in.
fn condition(demand: &Demand, kind: &Kind) -> (String, String, String, Option<String>) {
    let field = match demand {
        Demand::Expression(expression) => {
            let message = "this does not hold: {{ doc.?id.orValue('') }}".to_owned();
            return ("holds".to_owned(), expression.clone(), message, None);
        }
        Demand::Field(field) => field,
    };
    let property = kind.schema().pointer(&format!("/properties/{field}"));
    let of = |name: &str| match property.and_then(|p| p.get("type")) {
        Some(Value::String(kind)) => kind == name,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == name),
        _ => false,
    };
    let is_text = of("string") && property.is_some_and(|p| p.get("format").is_none());
    let expression = if is_text {
        format!("!placeholder(doc.?{field}.orValue(''))")
    } else if of("array") {
        format!("doc.?{field}.orValue([]).size() > 0")
    } else {
        format!("has(doc.{field})")
    };
    let name = format!("{}-is-filled-in", field.replace('_', "-"));
    (name, expression, format!("`{field}` is not filled in"), Some(format!("doc.{field}")))
}

/// The text of the file, and what to say where an example could not be made. The file is read and its
/// examples are run as they will be later.
fn written(plan: &Plan, first: &str, project: &Project) -> Result<(String, Option<&'static str>), Failure> {
    let (name, expression, message, at) = condition(&plan.demand, &plan.kind);
    let mut text = first.to_owned();
    let quoted = |text: &str| Value::from(text).to_string();
    let _ = writeln!(text, "id: {}\ntitle: {}", plan.id, quoted(&plan.title));
    if !plan.controls.is_empty() {
        let _ = writeln!(text, "controls: [{}]", plan.controls.join(", "));
    }
    let _ = writeln!(text, "severity: warning\napplies_to: {}\nvalidations:\n  - name: {name}", plan.kind.id);
    let _ = writeln!(text, "    expression: {}\n    message: {}", quoted(&expression), quoted(&message));
    if let Some(at) = at {
        let _ = writeln!(text, "    at: [{at}]");
    }
    text.push_str("# why: <why a finding matters, and to whom>\n# remedy: <what to do about a finding>\n");
    // What is wrong with the condition is shown before examples are made of it.
    load(&plan.id, &text, project)?;
    if plan.kind.origin != "built-in" {
        return Ok((
            text,
            Some("Examples are not made for a kind of your own: add `examples` with its schema in `files`."),
        ));
    }
    let examples = examples(plan);
    let mut held = Vec::new();
    for (name, document, expect) in &examples {
        let example = in_yaml(name, &sample_path(&plan.kind), document, expect);
        let whole = format!("{text}examples:\n{example}");
        let policy = load(&plan.id, &whole, project)?;
        let bench = Bench::of(&policy, Arc::clone(&project.setup.kinds));
        let holds = bench.is_ok_and(|bench| engine::deep(|| test(&bench, Ask::default()).failing().next().is_none()));
        if holds && held.iter().all(|(_, known)| known != expect) {
            held.push((example, *expect));
        }
    }
    if !held.is_empty() {
        text.push_str("examples:\n");
        held.iter().for_each(|(example, _)| text.push_str(example));
    }
    let missing = match held.iter().map(|(_, expect)| *expect).collect::<Vec<_>>().as_slice() {
        [] => Some("No example could be made from the kind alone: add `examples` on which it passes and fails."),
        ["pass"] => Some("No example on which it fails could be made from the kind alone: add one to `examples`."),
        ["fail"] => Some("No example on which it passes could be made from the kind alone: add one to `examples`."),
        _ => None,
    };
    Ok((text, missing))
}

/// Documents that may pass and fail: name, text, what is expected.
fn examples(plan: &Plan) -> Vec<(String, String, &'static str)> {
    let kind = &plan.kind;
    match &plan.demand {
        Demand::Field(field) => {
            let words = field.replace('_', " ");
            let filled = sample(kind, &[field], &[]);
            let without = sample(kind, &[], &[]);
            let unfilled = sample(kind, &[], &[(field, json!("TODO"))]);
            vec![
                (format!("without {words}"), without, "fail"),
                (format!("{words} still to be filled in"), unfilled, "fail"),
                (format!("with {words}"), filled, "pass"),
            ]
        }
        Demand::Expression(_) => {
            let all: Vec<String> = kind.fields().into_iter().map(|field| field.name).collect();
            let all: Vec<&str> = all.iter().map(String::as_str).collect();
            let (little, much) = (sample(kind, &[], &[]), sample(kind, &all, &[]));
            let each = |expect| {
                [("a document with little in it", &little), ("a document with all fields", &much)]
                    .map(|(name, text)| (name.to_owned(), text.clone(), expect))
            };
            each("fail").into_iter().chain(each("pass").into_iter().rev()).collect()
        }
    }
}

fn in_yaml(name: &str, path: &str, document: &str, expect: &str) -> String {
    let body: String = document.lines().map(|line| format!("        {line}\n")).collect();
    format!("  - name: {name}\n    files:\n      {path}: |\n{body}    expect: {expect}\n")
}

/// The policy as it will be read.
fn load(id: &str, text: &str, project: &Project) -> Result<Arc<Policy>, Failure> {
    let file = Arc::new(SourceFile::new(format!("{id}.yaml"), text.as_bytes().to_vec()));
    let faulty = |problems| Failure::Expression(engine::Faulty { file: Arc::clone(&file), problems });
    let (policy, mut problems) = policy::read(&file, "own").map_err(|(_, problems)| faulty(problems))?;
    let policy = Arc::new(policy);
    let kinds = &project.setup.kinds;
    problems.extend(check_policy(&policy, kinds, &environment(kinds)));
    if problems.is_empty() { Ok(policy) } else { Err(faulty(problems)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Kinds;

    /// Somebody who gives these answers and then leaves.
    struct Script(Vec<&'static str>, Vec<String>);

    impl Person for Script {
        fn answer(&mut self, _: &str, _: &str) -> Result<Option<String>, Failure> {
            Ok(if self.0.is_empty() { None } else { Some(self.0.remove(0).to_owned()) })
        }

        fn tell(&mut self, wrong: &str) -> Result<(), Failure> {
            self.1.push(wrong.to_owned());
            Ok(())
        }
    }

    #[test]
    fn answers_are_asked_for_until_they_are_valid() {
        let project = Project::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a repository");
        let answers = vec![
            "No Id",
            "card-names-owner",
            " ",
            "Cards name their owner",
            "model-crad",
            "model-card",
            "owner",
            "owners",
            "A.3.2, A.4.2",
        ];
        let mut script = Script(answers, Vec::new());
        let plan = plan(&PolicyFlags::default(), &project, &mut script).expect("all is answered");
        assert_eq!((plan.id.as_str(), &*plan.kind.id), ("card-names-owner", "model-card"));
        assert!(matches!(plan.demand, Demand::Field(field) if field == "owners"));
        assert_eq!(plan.controls, ["A.3.2", "A.4.2"]);
        let told = [
            "`No Id` is no id",
            "the title is empty",
            "there is no kind `model-crad`. Did you mean `model-card`?",
            "there is no field `owner`. Did you mean `owners`?",
        ];
        assert_eq!(script.1.len(), told.len(), "{:?}", script.1);
        for (said, expected) in script.1.iter().zip(told) {
            assert!(said.starts_with(expected), "{said}");
        }
        let mut leaves = Script(vec!["an-id"], Vec::new());
        assert!(super::plan(&PolicyFlags::default(), &project, &mut leaves).is_err(), "who leaves writes nothing");
    }

    #[test]
    fn every_field_of_every_kind_gives_a_policy_whose_examples_hold() {
        let project = Project::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a repository");
        let mut without = Vec::new();
        for kind in Kinds::bundled().iter() {
            let fields = kind.fields();
            assert!(fields.len() > 5, "{}", kind.id);
            // A day that has to be there is missed by the shape check, before any policy.
            let required = |name: &str| kind.id.as_ref() == "attestation" && ["on", "valid_until"].contains(&name);
            for field in fields.iter().filter(|field| field.name != "kind" && !required(&field.name)) {
                let plan = Plan {
                    id: "a-policy".to_owned(),
                    title: "A: \"title\" # with marks".to_owned(),
                    kind: Arc::clone(kind),
                    demand: Demand::Field(field.name.clone()),
                    controls: vec!["A.5.2".to_owned()],
                };
                let (text, missing) = engine::deep(|| written(&plan, "", &project)).expect("it loads");
                if missing.is_some() {
                    without.push(format!("{}.{}", kind.id, field.name));
                }
                assert!(text.contains("expression:"), "{text}");
            }
        }
        assert_eq!(without, [""; 0], "fields without a failing and a passing example");
    }
}
