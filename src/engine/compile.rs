//! From the expressions of a policy to programs.

use super::cel::Program;
use super::syntax::SyntaxError;
use crate::document::{Kinds, closest};
use crate::policy::{Expression, Piece, Policy, pieces};
use crate::source::Span;
use crate::value::{Data, NodeId, Problem, Text, Tree};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// Names that every policy sees besides its own.
const BOUND: &[&str] = &["doc", "now", "today", "soa", "organization", "pr", "base", "params"];

/// The names of the lists of documents.
#[derive(Clone, Debug, Default)]
pub struct Names {
    plurals: Vec<String>,
}

impl Names {
    /// The lists that these kinds give.
    pub fn of(kinds: &Kinds) -> Self {
        Names { plurals: kinds.iter().map(|k| k.plural.clone()).collect() }
    }
}

/// The parts of a message.
pub enum Part {
    /// Text as it is.
    Text(String),
    /// An expression.
    Program(Program),
}

/// What a validation says and where, compiled when it first fails.
pub struct Wording {
    /// The message; empty where the policy writes none.
    pub message: Vec<Part>,
    /// The message as one expression.
    pub message_expression: Option<Program>,
    /// The places.
    pub at: Vec<Program>,
}

/// A policy ready to run.
pub struct Compiled {
    /// The policy.
    pub policy: Arc<Policy>,
    /// Its condition.
    pub when: Option<Program>,
    /// Its items.
    pub for_each: Option<Program>,
    /// Its variables.
    pub variables: Vec<(String, Program)>,
    /// Its validations.
    pub validations: Vec<Program>,
    names: Names,
    wordings: Vec<OnceLock<Wording>>,
}

impl Compiled {
    /// Compiles a policy.
    ///
    /// # Errors
    /// Everything that is wrong with its expressions, on their places in the file.
    pub fn new(policy: &Arc<Policy>, names: &Names) -> Result<Compiled, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut program =
            |expression: &Expression, variables: usize| match compile(policy, names, expression, variables) {
                Ok(program) => Some(program),
                Err(found) => {
                    problems.extend(found);
                    None
                }
            };
        let all = policy.variables.len();
        let variables: Vec<_> = policy
            .variables
            .iter()
            .enumerate()
            .filter_map(|(index, (name, expression))| Some((name.clone(), program(expression, index)?)))
            .collect();
        let when = policy.when.as_ref().map(|e| program(e, all));
        let for_each = policy.for_each.as_ref().map(|e| program(e, all));
        let validations: Vec<_> = policy.validations.iter().filter_map(|v| program(&v.expression, all)).collect();
        let compiled = Compiled {
            when: when.flatten(),
            for_each: for_each.flatten(),
            variables,
            validations,
            names: names.clone(),
            wordings: policy.validations.iter().map(|_| OnceLock::new()).collect(),
            policy: Arc::clone(policy),
        };
        if problems.is_empty() {
            return Ok(compiled);
        }
        problems.extend(compiled.check_wordings());
        Err(problems)
    }

    /// What is wrong with messages and places, which are otherwise compiled when they are needed.
    pub fn check_wordings(&self) -> Vec<Problem> {
        (0..self.wordings.len()).flat_map(|index| self.word(index).1).collect()
    }

    /// The words of a validation.
    pub fn wording(&self, validation: usize) -> &Wording {
        self.wordings[validation].get_or_init(|| self.word(validation).0)
    }

    fn word(&self, index: usize) -> (Wording, Vec<Problem>) {
        let validation = &self.policy.validations[index];
        let all = self.policy.variables.len();
        let mut problems = Vec::new();
        let mut wording = Wording { message: Vec::new(), message_expression: None, at: Vec::new() };
        if let Some(message) = &validation.message {
            for piece in pieces(&message.text).unwrap_or_default() {
                match piece {
                    Piece::Text(text) => wording.message.push(Part::Text(text)),
                    Piece::Expression(text, offset) => {
                        match Program::compile(&text, &|name| self.policy.knows(&self.names, name, all)) {
                            Ok(program) => wording.message.push(Part::Program(program)),
                            Err(errors) => problems.extend(errors.into_iter().map(|mut e| {
                                e.at = e.at.start + offset..e.at.end + offset;
                                problem(&self.policy.tree, message.node, &message.text, e)
                            })),
                        }
                    }
                }
            }
        }
        let mut program = |expression: &Expression| match compile(&self.policy, &self.names, expression, all) {
            Ok(program) => Some(program),
            Err(found) => {
                problems.extend(found);
                None
            }
        };
        wording.message_expression = validation.message_expression.as_ref().and_then(&mut program);
        wording.at = validation.at.iter().filter_map(program).collect();
        (wording, problems)
    }
}

fn compile(policy: &Policy, names: &Names, expression: &Expression, variables: usize) -> Result<Program, Vec<Problem>> {
    Program::compile(&expression.text, &|name| policy.knows(names, name, variables)).map_err(|errors| {
        errors.into_iter().map(|e| problem(&policy.tree, expression.node, &expression.text, e)).collect()
    })
}

fn problem(tree: &Tree, node: NodeId, text: &str, error: SyntaxError) -> Problem {
    Problem::new("expression", span_of(tree, node, text, error.at), error.message, error.help)
}

trait Knows {
    /// Whether an expression that may use the first `variables` variables knows `name`; else what
    /// to do.
    fn knows(&self, names: &Names, name: &str, variables: usize) -> Result<(), String>;
}

impl Knows for Policy {
    fn knows(&self, names: &Names, name: &str, variables: usize) -> Result<(), String> {
        let own = |space: &str| name.strip_prefix(space).and_then(|rest| rest.strip_prefix('.'));
        let variable = |name: &str| self.variables.iter().take(variables).any(|(n, _)| n == name);
        let bound = BOUND.contains(&name) || names.plurals.iter().any(|n| n == name);
        if bound
            || own("params").is_some_and(|name| self.params.iter().any(|(n, _)| n == name))
            || own("variables").is_some_and(variable)
            || (name == "item" && self.for_each.is_some())
        {
            return Ok(());
        }
        let mut known: Vec<String> = BOUND.iter().map(|n| (*n).to_owned()).collect();
        known.extend(names.plurals.iter().cloned());
        known.extend(self.params.iter().map(|(n, _)| format!("params.{n}")));
        known.extend(self.variables.iter().take(variables).map(|(n, _)| format!("variables.{n}")));
        if self.for_each.is_some() {
            known.push("item".to_owned());
        }
        if self.variables.iter().any(|(n, _)| name == format!("variables.{n}")) {
            return Err("A variable sees only those above it: move it up.".to_owned());
        }
        if name == "item" {
            return Err("`item` is there with `for_each`; without it the document is `doc`.".to_owned());
        }
        Err(match closest(name, known.iter().map(String::as_str)) {
            Some(near) => format!("Did you mean `{near}`?"),
            None => "The document is `doc`; lists of documents have the plural of their kind, such as `model_cards`."
                .to_owned(),
        })
    }
}

/// The place in the file of a part of a scalar's text. Exact for plain, quoted and literal block
/// scalars; the whole scalar where the file writes the text in another form (escapes, folding).
pub(super) fn span_of(tree: &Tree, node: NodeId, text: &str, part: Range<usize>) -> Span {
    let span = tree.node(node).span;
    if let Data::Text(Text::Slice(slice)) = tree.data(node) {
        return Span::new(slice.start as usize + part.start, slice.start as usize + part.end);
    }
    let source = tree.file().slice(span);
    let line = text[..part.start.min(text.len())].matches('\n').count();
    let line_start = text[..part.start.min(text.len())].rfind('\n').map_or(0, |at| at + 1);
    // The text of a literal block is its lines without their indentation, in order.
    let mut wanted = text.lines();
    let mut next = wanted.next();
    let (mut number, mut offset) = (0, 0);
    for source_line in source.split_inclusive('\n') {
        let body = source_line.trim_end();
        if next.is_some_and(|n| body.trim_start() == n.trim()) {
            if number == line {
                let wanted_line = next.unwrap_or_default();
                let indent =
                    body.len() - body.trim_start().len() - (wanted_line.len() - wanted_line.trim_start().len());
                let start = span.start as usize + offset + indent + (part.start - line_start);
                return Span::new(start, (start + part.len()).min(span.start as usize + offset + body.len()));
            }
            number += 1;
            next = wanted.next();
        }
        offset += source_line.len();
    }
    span
}
