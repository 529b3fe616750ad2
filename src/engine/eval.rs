//! One expression on one document, outside of any policy: for people who write expressions.

use super::bindings::Bound;
use super::cel::{BUDGET, Program, Read, Scope, Stop, SyntaxError, Trace, TreeRef, Value, View, traced};
use super::{Corpus, place, surroundings};
use crate::document::closest;
use crate::finding::Spot;
use crate::source::{Span, clip};
use crate::value::{Data, NodeId, Problem};
use std::cell::Cell;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// Tokens of an expression up to which the part that fails is looked for by trying parts.
const TRIED: usize = 100;

/// Steps that looking for the part that fails may take, all tries together.
const SEARCH: i64 = 10 * BUDGET;

/// How much of a value that was read is shown, in characters.
const SHOWN: usize = 120;

/// What an expression is evaluated on.
#[derive(Clone)]
pub struct EvalSubject {
    view: View,
    document: Option<usize>,
    path: String,
}

impl EvalSubject {
    /// A record of a file by its root, of a known kind or not.
    pub fn new(corpus: &Corpus, tree: u32, root: NodeId) -> Self {
        let at = TreeRef { tree: Arc::clone(corpus.tree(tree)), index: tree };
        let path = at.tree.file().path().to_owned();
        EvalSubject { view: View::new(at, root), document: corpus.document_at(tree, root), path }
    }

    /// The path of its file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The number of the document, where it is one of a known kind.
    pub fn document(&self) -> Option<usize> {
        self.document
    }
}

/// An access to a document, for people.
pub struct Seen {
    /// Where it is.
    pub at: Spot,
    /// The key with the value that was read, or the key that is missing.
    pub what: String,
    /// Whether it is a key that is not there.
    pub missing: bool,
}

/// What an expression came to.
pub struct Evaluation {
    /// The value, or why there is none.
    pub value: Result<Value, Stop>,
    /// Steps used.
    pub cost: i64,
    /// What it read, each place once, in the order of the first look.
    pub seen: Vec<Seen>,
    /// Why the value is not to be trusted, where it met something unknown.
    pub unknown: Vec<String>,
}

/// Compiles an expression; `doc` and `soa` are there `with_document`.
///
/// # Errors
/// Everything that is wrong with it, placed in the text itself.
pub fn compile(text: &str, corpus: &Corpus, with_document: bool) -> Result<Program, Vec<Problem>> {
    let problem = |error: SyntaxError| {
        Problem::new("expression", Span::new(error.at.start, error.at.end), error.message, error.help)
    };
    Program::compile(text, &|name| known(corpus, with_document, name))
        .map_err(|errors| errors.into_iter().map(problem).collect())
}

fn known(corpus: &Corpus, with_document: bool, name: &str) -> Result<(), String> {
    const ALWAYS: &[&str] = &["now", "today", "organization", "pr"];
    if ALWAYS.contains(&name) || corpus.listing(name).is_some() {
        return Ok(());
    }
    let space = name.split('.').next().unwrap_or(name);
    Err(match space {
        "doc" | "soa" if with_document => return Ok(()),
        "doc" | "soa" => "Name a document with `--doc FILE`.".to_owned(),
        "item" | "variables" | "params" => {
            format!("`{space}` is there in policies only; write here what it stands for.")
        }
        "base" => "There is no base commit here to compare with.".to_owned(),
        _ => match closest(name, ALWAYS.iter().copied().chain(["doc", "soa"]).chain(corpus.plurals())) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "The document is `doc`; lists of documents have the plural of their kind, such as `model_cards`."
                .to_owned(),
        },
    })
}

/// Evaluates a program. Call it through [`super::deep`].
pub fn evaluate(corpus: &Arc<Corpus>, program: &Program, subject: Option<&EvalSubject>) -> Evaluation {
    let (value, trace) = ask(corpus, program, subject);
    let exhausted = trace.exhausted.then_some(Stop::Exhausted);
    Evaluation {
        cost: trace.cost,
        seen: seen(corpus, &trace.reads),
        unknown: trace.marks.iter().map(|mark| mark.why().to_owned()).collect(),
        value: exhausted.map_or(value, Err),
    }
}

fn ask(corpus: &Arc<Corpus>, program: &Program, subject: Option<&EvalSubject>) -> (Result<Value, Stop>, Trace) {
    let params = Value::Null.into_val();
    let view = subject.map(|subject| subject.view.clone());
    let bound = Bound::new(corpus, view, subject.and_then(|s| s.document), None, params.as_ref());
    let path = subject.map_or("", |subject| subject.path.as_str());
    surroundings::within(corpus, path, || traced(|| Scope::new(&bound, &[]).evaluate(program)))
}

fn seen(corpus: &Corpus, reads: &[Read]) -> Vec<Seen> {
    let mut known = HashSet::new();
    let mut seen = Vec::new();
    for read in reads {
        let (tree, node, missing) = match read {
            Read::Node(tree, node) => (*tree, *node, None),
            Read::Missing(tree, node, key) => (*tree, *node, Some(key.as_str())),
        };
        let file = corpus.tree(tree);
        if missing.is_none() && matches!(file.data(node), Data::Map(_) | Data::List(_))
            || !known.insert((tree, node, missing))
        {
            continue;
        }
        let key = file.file().slice(file.node(node).key).trim().trim_end_matches(':');
        let what = match missing {
            Some(key) => format!("`{key}` is missing here"),
            None => {
                let text = file.scalar_text(node).unwrap_or("null");
                let key = if key.is_empty() || key == "-" { String::new() } else { format!("{key}: ") };
                clip(&format!("{key}{text}"), SHOWN)
            }
        };
        seen.push(Seen { at: place::spot(corpus, read), what, missing: missing.is_some() });
    }
    seen
}

/// Why an expression has no value, at the smallest part of it that fails in the same way.
pub fn fault(text: &str, corpus: &Arc<Corpus>, subject: Option<&EvalSubject>, stop: &Stop) -> Problem {
    let whole = 0..text.len();
    let at = match stop {
        Stop::Exhausted => whole,
        stop => {
            let spent = Cell::new(0);
            let fails = |part: &str| {
                // Dear expressions are not tried for long: then all of the text is the place.
                let tried = (spent.get() < SEARCH).then(|| compile(part, corpus, subject.is_some()).ok()).flatten();
                tried.is_some_and(|program| {
                    let (value, trace) = ask(corpus, &program, subject);
                    spent.set(spent.get() + trace.cost);
                    value.err().as_ref() == Some(stop)
                })
            };
            narrowed(text, smallest(text, fails).unwrap_or(whole), stop)
        }
    };
    let (message, help) = match stop {
        Stop::Absent(key) => (
            stop.to_string(),
            format!(
                "Fill it in, or ask first: `has(x.{key})`, or `x.?{key}.orValue(...)` with a value for when it is absent."
            ),
        ),
        Stop::Exhausted => (stop.to_string(), "Join lists with `lookup`, and keep loops out of loops.".to_owned()),
        Stop::Error(why) => {
            (why.clone(), "Make the expression expect the value, or mend the value that was read.".to_owned())
        }
    };
    Problem::new("evaluation", Span::new(at.start, at.end), message, help)
}

/// Within a part that fails, the field or the function that the error names, where it stands once.
fn narrowed(text: &str, part: Range<usize>, stop: &Stop) -> Range<usize> {
    let (wanted, from, length) = match stop {
        Stop::Absent(key) => (format!(".{key}"), 1, key.len()),
        Stop::Error(why) => match why.strip_prefix('`').and_then(|rest| rest.split_once("`: ")) {
            Some((name, _)) => (format!("{name}("), 0, name.len()),
            None => return part,
        },
        Stop::Exhausted => return part,
    };
    let mut found = text[part.clone()].match_indices(&wanted).map(|(at, _)| part.start + at + from);
    match (found.next(), found.next()) {
        (Some(at), None) => at..at + length,
        _ => part,
    }
}

/// The shortest part between two tokens for which `fails` holds. The crate's errors carry no place, so
/// the parts are tried, the shortest first.
fn smallest(text: &str, fails: impl Fn(&str) -> bool) -> Option<Range<usize>> {
    let tokens = tokens(text);
    if tokens.len() > TRIED {
        return None;
    }
    let mut parts = Vec::new();
    for (index, from) in tokens.iter().enumerate() {
        // What follows a dot is the field of something, and `)` begins nothing.
        if text[..from.start].trim_end().ends_with(['.', '?'])
            || text[from.start..].starts_with([')', ']', '}', ',', '.'])
        {
            continue;
        }
        let mut depth = 0i32;
        for to in &tokens[index..] {
            match &text[to.clone()] {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                break;
            }
            if depth == 0 {
                parts.push(from.start..to.end);
            }
        }
    }
    parts.sort_by_key(|part| part.len());
    parts.into_iter().find(|part| fails(&text[part.clone()]))
}

/// Words, texts in quotes, and every other character by itself.
fn tokens(text: &str) -> Vec<Range<usize>> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        if c.is_whitespace() {
            continue;
        } else if matches!(c, '\'' | '"' | '`') {
            let mut escaped = false;
            for (at, next) in rest.by_ref() {
                end = at + next.len_utf8();
                if next == c && !escaped {
                    break;
                }
                escaped = next == '\\' && !escaped;
            }
        } else if c.is_alphanumeric() || c == '_' {
            while let Some((at, next)) = rest.next_if(|(_, next)| next.is_alphanumeric() || *next == '_') {
                end = at + next.len_utf8();
            }
        }
        tokens.push(start..end);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::functions::REPOSITORY;

    #[test]
    fn errors_stand_at_the_part_that_fails() {
        let table = [
            ("doc.owner != 'x' && doc.version == '1'", "version"),
            ("doc.lifecycle.stage in ['a'] ? doc.nope : date('soon') < now", "date"),
            ("1 + size('abc') / (3 - 3)", "size('abc') / (3 - 3)"),
            ("[1, 2][7] > 0", "[1, 2][7]"),
            ("ai_systems.all(s, s.missing > 1)", "missing"),
            ("'é' + doc.nothing", "nothing"),
        ];
        super::super::deep(|| {
            let corpus = &*REPOSITORY;
            let entry = corpus.of_kind("ai-system").next().expect("an entry");
            let subject = EvalSubject::new(corpus, corpus.tree_index(entry), corpus.documents()[entry].root);
            for (text, expected) in table {
                let program = compile(text, corpus, true).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
                let stop = evaluate(corpus, &program, Some(&subject)).value.expect_err("it fails");
                let problem = fault(text, corpus, Some(&subject), &stop);
                assert_eq!(&text[problem.at.span.range()], expected, "{text}: {}", problem.message);
            }
        });
    }

    #[test]
    fn what_was_read_is_told_with_its_line() {
        super::super::deep(|| {
            let corpus = &*REPOSITORY;
            let entry = corpus.of_kind("ai-system").next().expect("an entry");
            let subject = EvalSubject::new(corpus, corpus.tree_index(entry), corpus.documents()[entry].root);
            let program =
                compile("doc.lifecycle.stage == 'operation' && !has(doc.version)", corpus, true).expect("valid");
            let evaluation = evaluate(corpus, &program, Some(&subject));
            let seen: Vec<_> =
                evaluation.seen.iter().map(|s| (s.at.place().line, s.what.as_str(), s.missing)).collect();
            assert_eq!(seen, [(7, "stage: operation", false), (1, "`version` is missing here", true)]);
            assert!(matches!(evaluation.value, Ok(Value::Bool(true))));
        });
        let problems = compile("doc.x", &REPOSITORY, false).expect_err("no document");
        assert!(problems[0].help.contains("--doc"), "{problems:?}");
    }
}
