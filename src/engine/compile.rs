//! From the expressions of a policy to programs.

use super::cel::Program;
use super::syntax::Mistake;
use crate::policy::{Expression, Piece, Policy, pieces};
use crate::value::Problem;
use std::sync::{Arc, OnceLock};

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
    when_reads_item: bool,
    wordings: Vec<OnceLock<Wording>>,
}

impl Compiled {
    /// Compiles a policy. Names and types are checked by [`check_policy`](super::check::check_policy).
    ///
    /// # Errors
    /// What is wrong with the syntax of its expressions, on their places in the file.
    pub fn new(policy: &Arc<Policy>) -> Result<Compiled, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut program = |expression: &Expression| {
            Program::compile(&expression.text)
                .map_err(|mistake| problems.push(policy.problem(expression, mistake)))
                .ok()
        };
        let variables: Vec<_> =
            policy.variables.iter().filter_map(|(name, e)| Some((name.clone(), program(e)?))).collect();
        let when = policy.when.as_ref().and_then(&mut program);
        let for_each = policy.for_each.as_ref().and_then(&mut program);
        let validations = policy.validations.iter().filter_map(|v| program(&v.expression)).collect();
        let wordings = policy.validations.iter().map(|_| OnceLock::new()).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let when_reads_item = when.as_ref().is_some_and(|when| reads_item(when, &variables));
        Ok(Compiled { policy: Arc::clone(policy), when_reads_item, when, for_each, variables, validations, wordings })
    }

    /// Whether one of its expressions, but for messages and places, reads a variable of this name, such as `pr`.
    pub fn uses(&self, name: &str) -> bool {
        let parts = self.when.iter().chain(&self.for_each).chain(&self.validations);
        parts.chain(self.variables.iter().map(|(_, variable)| variable)).any(|program| program.uses(name))
    }

    /// The condition, where it is about the subject alone: neither it nor a variable that it reads asks
    /// for the item.
    pub fn condition_on_subject(&self) -> Option<&Program> {
        self.when.as_ref().filter(|_| !self.when_reads_item)
    }

    /// The words of a validation. What does not compile is left out: it was an error when the policy was
    /// loaded.
    pub fn wording(&self, validation: usize) -> &Wording {
        self.wordings[validation].get_or_init(|| self.word(validation))
    }

    fn word(&self, index: usize) -> Wording {
        let validation = &self.policy.validations[index];
        let message = validation.message.as_ref().map_or("", |message| &message.text);
        let part = |piece| match piece {
            Piece::Text(text) => Some(Part::Text(text)),
            Piece::Expression(text, _) => Program::compile(&text).ok().map(Part::Program),
        };
        let program = |expression: &Expression| Program::compile(&expression.text).ok();
        Wording {
            message: pieces(message).unwrap_or_default().into_iter().filter_map(part).collect(),
            message_expression: validation.message_expression.as_ref().and_then(program),
            at: validation.at.iter().filter_map(program).collect(),
        }
    }
}

/// Whether a program reads the item, itself or through variables, each of which sees those above it.
fn reads_item(program: &Program, variables: &[(String, Program)]) -> bool {
    let mut of_item: Vec<&str> = Vec::new();
    let reads = |program: &Program, of_item: &[&str]| {
        program.uses("item") || of_item.iter().any(|name| program.reads_variable(name))
    };
    for (name, variable) in variables {
        if reads(variable, &of_item) {
            of_item.push(name);
        }
    }
    reads(program, &of_item)
}

impl Policy {
    /// A mistake of one of its expressions, at its place in the file.
    pub(super) fn problem(&self, expression: &Expression, mistake: Mistake) -> Problem {
        Problem::new("expression", self.tree.part(expression.node, mistake.at), mistake.message, mistake.help)
    }
}
