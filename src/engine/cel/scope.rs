//! The names an expression sees, and its evaluation.

use super::library;
use super::operators::EXHAUSTED;
use super::program::Program;
use super::trace::{self, Used};
use super::value::Value;
use crate::engine::syntax::{Expr as Written, ExprId};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{ExecutionError, IdedExpr, Value as CelValue};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What the crate calls the selection of a field, and the type of null.
const SELECT: &str = "_._";
const NULL: &str = "null_type";

/// Why an evaluation has no value.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// A field that the document does not have; the trace tells where it is missing.
    Absent(String),
    /// It takes more steps than an evaluation may.
    Exhausted,
    /// Anything else; says what in words.
    Error(String),
}

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Stop::Absent(key) => write!(f, "`{key}` is not there"),
            Stop::Exhausted => f.write_str("the expression takes more steps than an evaluation may"),
            Stop::Error(why) => f.write_str(why),
        }
    }
}

/// Names bound from outside: documents, lists of documents, the clock.
pub trait Bindings: Send + Sync {
    /// The value of `name`; reads of documents are to be recorded by the binding.
    fn bind<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>>;
}

/// Values of variables in order of their names; each is evaluated when it is first read.
type Cell = OnceLock<(Result<Value, Stop>, Used)>;

/// One evaluation's names: what is bound from outside, and the policy's own lazy variables.
pub struct Scope<'s> {
    outer: &'s dyn Bindings,
    variables: &'s [(String, Program)],
    cells: Vec<Cell>,
    made: Vec<OnceLock<Box<dyn Val>>>,
    /// The variable that had no value when it was last asked for, counted from one.
    failed: AtomicUsize,
}

impl<'s> Scope<'s> {
    /// A scope with nothing evaluated yet.
    pub fn new(outer: &'s dyn Bindings, variables: &'s [(String, Program)]) -> Self {
        Scope {
            outer,
            variables,
            cells: variables.iter().map(|_| OnceLock::new()).collect(),
            made: variables.iter().map(|_| OnceLock::new()).collect(),
            failed: AtomicUsize::new(0),
        }
    }

    /// Evaluates `program`. Call it within [`trace::traced`].
    ///
    /// # Errors
    /// See [`Stop`].
    pub fn evaluate(&self, program: &Program) -> Result<Value, Stop> {
        self.run(&program.expr, Value::of)
    }

    /// Evaluates `program` and reads its value with `read`, which sees the exact type. Call it within
    /// [`trace::traced`].
    ///
    /// # Errors
    /// See [`Stop`].
    pub fn evaluate_as<T>(&self, program: &Program, read: impl FnOnce(&dyn Val) -> T) -> Result<T, Stop> {
        self.run(&program.expr, read)
    }

    /// Evaluates what was made of an expression.
    pub(super) fn run<T>(&self, expr: &IdedExpr, read: impl FnOnce(&dyn Val) -> T) -> Result<T, Stop> {
        // The crate is well tested, and still no expression of a stranger may end a run.
        catch_unwind(AssertUnwindSafe(|| self.resolve(expr, read)))
            .unwrap_or_else(|_| Err(Stop::Error("the expression evaluator failed on this expression".to_owned())))
    }

    fn resolve<T>(&self, expr: &IdedExpr, read: impl FnOnce(&dyn Val) -> T) -> Result<T, Stop> {
        let mut context = library::context();
        context.set_variable_resolver(self);
        match CelValue::resolve_val(expr, &context) {
            Ok(value) => Ok(read(value.as_ref())),
            Err(error) => Err(self.stop(error)),
        }
    }

    /// A variable that has no value is reported by the crate as undeclared; its own reason counts.
    fn stop(&self, error: ExecutionError) -> Stop {
        if let ExecutionError::UndeclaredReference(name) = &error
            && name.as_str() == "variables"
            && let Some(index) = self.failed.load(Ordering::Relaxed).checked_sub(1)
            && let Some((Err(stop), _)) = self.cells[index].get()
        {
            return stop.clone();
        }
        match error {
            ExecutionError::NoSuchKey(key) => Stop::Absent(key.to_string()),
            ExecutionError::FunctionError { function, .. } if function == EXHAUSTED => Stop::Exhausted,
            ExecutionError::FunctionError { function, message } => Stop::Error(format!("`{function}`: {message}")),
            ExecutionError::NoSuchOverload(overload)
                if overload.function() == SELECT && overload.argument_types().first().is_some_and(|of| of == NULL) =>
            {
                Stop::Error("null has no fields".to_owned())
            }
            ExecutionError::NoSuchOverload(overload) => Stop::Error(format!(
                "`{}` does not take {}",
                operator_name(overload.function()),
                with_and(overload.argument_types())
            )),
            ExecutionError::UnsupportedBinaryOperator(operator, left, right) => Stop::Error(format!(
                "`{}` does not take {}",
                operator_name(operator),
                with_and(&[left.type_of().to_string(), right.type_of().to_string()])
            )),
            ExecutionError::UnexpectedType { got, want } => Stop::Error(format!("{want} was wanted where {got} is")),
            ExecutionError::IndexOutOfBounds(CelValue::Int(index)) => {
                Stop::Error(format!("the list has no item {index}"))
            }
            ExecutionError::IndexOutOfBounds(_) => Stop::Error("the list has no such item".to_owned()),
            ExecutionError::DivisionByZero(_) | ExecutionError::RemainderByZero(_) => {
                Stop::Error("a number is divided by zero".to_owned())
            }
            ExecutionError::Overflow(..) => Stop::Error("a number is beyond what its type holds".to_owned()),
            ExecutionError::DuplicateKey(key) => {
                Stop::Error(format!("two entries have the key `{}`", crate::source::clip(&plain(&key), 80)))
            }
            other => Stop::Error(crate::source::clip(&other.to_string(), 200)),
        }
    }

    /// The variable that a part of `program` names, when it has no value.
    pub(super) fn variable_at(&self, program: &Program, id: ExprId) -> Option<(&'s str, &'s Program)> {
        let Written::Select { operand, field, .. } = program.ast().expr(id) else { return None };
        let Written::Ident(space) = program.ast().expr(*operand) else { return None };
        let index = self.variables.iter().position(|(name, _)| *name == field.text).filter(|_| space == "variables")?;
        let failed = matches!(self.cells[index].get(), Some((Err(_), _)));
        failed.then(|| (self.variables[index].0.as_str(), &self.variables[index].1))
    }

    fn variable<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let index = self.variables.iter().position(|(n, _)| n == name)?;
        let known = self.cells[index].get().is_some();
        let (value, used) = self.cells[index].get_or_init(|| {
            let from = trace::position();
            let value = self.evaluate(&self.variables[index].1);
            (value, trace::used_since(from))
        });
        if known {
            trace::replay(used);
        }
        let Ok(value) = value else {
            self.failed.store(index + 1, Ordering::Relaxed);
            return None;
        };
        Some(CowVal::Borrowed(self.made[index].get_or_init(|| value.clone().into_val()).as_ref()))
    }
}

impl VariableResolver for Scope<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        match name.strip_prefix("variables.") {
            Some(variable) if !variable.contains('.') => self.variable(variable),
            Some(_) => None,
            None => self.outer.bind(name),
        }
    }
}

/// A key of a map, as messages show it.
fn plain(key: &CelValue) -> String {
    match key {
        CelValue::String(text) => text.to_string(),
        CelValue::Int(number) => number.to_string(),
        CelValue::UInt(number) => number.to_string(),
        CelValue::Bool(value) => value.to_string(),
        other => format!("{other:?}"),
    }
}

fn operator_name(name: &str) -> &str {
    match name {
        "@contains" | "@in" => "in",
        SELECT => "a field selection",
        "_[_]" => "an index",
        "add" => "+",
        "sub" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        name => name.trim_matches(['_', '@']),
    }
}

fn with_and(types: &[String]) -> String {
    // The crate has two names for one type.
    let names = types.iter().map(|name| if name == "float" { "double" } else { name });
    names.collect::<Vec<_>>().join(" and ")
}
