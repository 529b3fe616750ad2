//! One expression on one document, outside of any policy: for people who write expressions.

use super::bindings::Bound;
use super::cel::{Program, Read, Scope, Stop, TreeRef, Value, View, traced};
use super::check::{check, environment, of_shape};
use super::syntax::Mistake;
use super::types::Type;
use super::{Corpus, place, surroundings};
use crate::document::{Kinds, Shape};
use crate::finding::Spot;
use crate::source::{Span, clip};
use crate::value::{Data, NodeId, Problem};
use std::collections::HashSet;
use std::sync::Arc;

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

/// Compiles an expression. `doc` is the type of the document that it is evaluated on; without one there
/// is no `doc`.
///
/// # Errors
/// Everything that is wrong with it, placed in the text itself.
pub fn compile(text: &str, kinds: &Kinds, doc: Option<Type>) -> Result<Program, Vec<Problem>> {
    let problem = |mistake: Mistake| {
        Problem::new("expression", Span::new(mistake.at.start, mistake.at.end), mistake.message, mistake.help)
    };
    let program = Program::compile(text).map_err(|mistake| vec![problem(mistake)])?;
    let mut names = environment(kinds);
    match doc {
        Some(of) => names.bind("doc", of),
        None => {
            for name in ["doc", "soa"] {
                names.hint(name, "Name a document with `--doc FILE`.");
            }
        }
    }
    for space in ["item", "variables", "params"] {
        names.hint(space, format!("`{space}` is there in policies only; write here what it stands for."));
    }
    names.hint("base", "There is no base commit here to compare with.");
    let typed = check(program.ast(), &names);
    if typed.mistakes.is_empty() { Ok(program) } else { Err(typed.mistakes.into_iter().map(problem).collect()) }
}

/// What is known of the document of an expression that is evaluated on each of these.
pub fn type_of(corpus: &Corpus, subjects: &[EvalSubject]) -> Type {
    let kind = |subject: &EvalSubject| subject.document.map(|index| &corpus.documents()[index].kind);
    match subjects.first().and_then(kind) {
        Some(first) if subjects.iter().all(|s| kind(s).is_some_and(|k| k.id == first.id)) => {
            of_shape(&Shape::of(first))
        }
        _ => Type::Dyn,
    }
}

/// Evaluates a program. Call it through [`super::deep`].
pub fn evaluate(corpus: &Arc<Corpus>, program: &Program, subject: Option<&EvalSubject>) -> Evaluation {
    on(corpus, subject, |scope| {
        let (value, trace) = traced(|| scope.evaluate(program));
        let exhausted = trace.exhausted.then_some(Stop::Exhausted);
        let mut unknown: Vec<String> = trace.marks.iter().map(|mark| mark.why().to_owned()).collect();
        let mut opening = Opening { left: OPENED, unknown: &mut unknown };
        let value = value.map(|value| opening.open(value, false));
        Evaluation { cost: trace.cost, seen: seen(corpus, &trace.reads), value: exhausted.map_or(value, Err), unknown }
    })
}

/// Values that are made to show what an expression came to.
const OPENED: usize = 2_000;

/// Makes what is only made when it is read, such as a history, as long as its surroundings are there.
struct Opening<'u> {
    left: usize,
    unknown: &'u mut Vec<String>,
}

impl Opening<'_> {
    /// A value with the fields of what it came to, or of the items of that. What stands in such a field, and
    /// what comes after [`OPENED`] values, is shown by its name: a commit by its id.
    fn open(&mut self, value: Value, within: bool) -> Value {
        self.left = self.left.saturating_sub(1);
        match value {
            Value::Lazy(lazy) if within || self.left == 0 => Value::Text(lazy.identity()),
            Value::Lazy(lazy) => {
                let field = |name: &&str| {
                    let value = match lazy.get(name) {
                        Ok(value) => value.map_or(Value::Null, |value| self.open(value, true)),
                        Err(mark) => {
                            if self.unknown.iter().all(|known| known != mark.why()) {
                                self.unknown.push(mark.why().to_owned());
                            }
                            Value::Null
                        }
                    };
                    ((*name).to_owned(), value)
                };
                Value::Map(lazy.names().iter().map(field).collect())
            }
            Value::List(items) => Value::List(items.into_iter().map(|item| self.open(item, within)).collect()),
            Value::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| (key, self.open(value, within))).collect())
            }
            Value::Optional(Some(value)) => Value::Optional(Some(Box::new(self.open(*value, within)))),
            other => other,
        }
    }
}

/// Does something with the names that an expression sees on a document.
fn on<T>(corpus: &Arc<Corpus>, subject: Option<&EvalSubject>, work: impl FnOnce(&Scope<'_>) -> T) -> T {
    let params = Value::Null.into_val();
    let view = subject.map(|subject| subject.view.clone());
    let bound = Bound::new(corpus, view, subject.and_then(|s| s.document), None, params.as_ref());
    let path = subject.map_or("", |subject| subject.path.as_str());
    surroundings::within(corpus, path, || work(&Scope::new(&bound, &[])))
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

/// Why an expression has no value, at the smallest part of it that fails.
pub fn fault(corpus: &Arc<Corpus>, program: &Program, subject: Option<&EvalSubject>, stop: &Stop) -> Problem {
    let failure = on(corpus, subject, |scope| scope.explain(program));
    let (message, help) = match stop {
        Stop::Absent(key) => (
            stop.to_string(),
            format!(
                "Fill it in, or ask first: `has(x.{key})`, or `x.?{key}.orValue(...)` with a value for when it is absent."
            ),
        ),
        Stop::Exhausted => (stop.to_string(), "Join lists with `lookup`, and keep loops out of loops.".to_owned()),
        Stop::Error(_) => {
            (stop.to_string(), "Make the expression expect the value, or mend the value that was read.".to_owned())
        }
    };
    let at = failure.as_ref().map_or(0..program.text().len(), |failure| failure.at.clone());
    let values = failure.map(|failure| failure.values()).unwrap_or_default();
    Problem::new("evaluation", Span::new(at.start, at.end), message + &values, help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::functions::REPOSITORY;

    #[test]
    fn errors_stand_at_the_part_that_fails() {
        let table = [
            ("doc.owner != 'x' && doc.version == '1'", "version"),
            ("doc.lifecycle.stage in ['design'] ? doc.owner : date('soon') < now", "date('soon')"),
            ("1 + size('abc') / (3 - 3)", "size('abc') / (3 - 3)"),
            ("[1, 2][7] > 0", "[1, 2][7]"),
            ("ai_systems.all(s, s.version != '')", "version"),
            ("(doc.version == '1' || true) && [1].exists(i, 10 / (i - 1) > 3)", "10 / (i - 1)"),
            ("[0, 1].exists(i, 1 / i > 5)", "1 / i"),
            ("'é' + doc.version", "version"),
        ];
        super::super::deep(|| {
            let corpus = &*REPOSITORY;
            let entry = corpus.of_kind("ai-system").next().expect("an entry");
            let subject = EvalSubject::new(corpus, corpus.tree_index(entry), corpus.documents()[entry].root);
            for (text, expected) in table {
                let program = compile(text, &Kinds::bundled(), Some(type_of(corpus, std::slice::from_ref(&subject))))
                    .unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
                let stop = evaluate(corpus, &program, Some(&subject)).value.expect_err("it fails");
                let problem = fault(corpus, &program, Some(&subject), &stop);
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
            let of = type_of(corpus, std::slice::from_ref(&subject));
            let program =
                compile("doc.lifecycle.stage == 'operation' && !has(doc.version)", &Kinds::bundled(), Some(of));
            let program = program.expect("valid");
            let evaluation = evaluate(corpus, &program, Some(&subject));
            let seen: Vec<_> =
                evaluation.seen.iter().map(|s| (s.at.place().line, s.what.as_str(), s.missing)).collect();
            assert_eq!(seen, [(7, "stage: operation", false), (1, "`version` is missing here", true)]);
            assert!(matches!(evaluation.value, Ok(Value::Bool(true))));
        });
        let problems = compile("doc.x", &Kinds::bundled(), None).expect_err("no document");
        assert!(problems[0].help.contains("--doc"), "{problems:?}");
    }
}
