//! The project's own CEL functions: one row each in [`table`]. Adding a function is adding a row; help
//! texts, the check of names and of types and the documentation come from there.

mod controls;
mod documents;
mod examples;
mod files;
mod history;
mod links;
mod lists;
mod outcome;
mod patterns;
mod sets;
mod substance;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time;
mod versions;

#[cfg(test)]
pub(super) use examples::REPOSITORY;
pub use table::FUNCTIONS;
pub use text::{is_placeholder, similarity};

use super::cel::Value;
use super::types::Signature;
use std::sync::LazyLock;

/// One function.
pub struct Function {
    /// The name in expressions, with its namespace: `sets.contains`.
    pub name: &'static str,
    /// Parameters and result, as in `age(moment: timestamp) -> duration`; see [`Signature::parse`].
    pub signature: &'static str,
    /// What it gives, in one or two sentences.
    pub help: &'static str,
    /// An expression that is true in the repository of [`Function::run_example`].
    pub example: &'static str,
    /// The function itself. Its error is shown after the function's name.
    pub call: fn(&[Value]) -> Result<Value, String>,
}

/// The signatures of [`FUNCTIONS`], in their order, read once.
static SIGNATURES: LazyLock<Vec<Signature>> = LazyLock::new(|| {
    let parsed = |row: &Function| Signature::parse(row.signature).unwrap_or_else(|why| panic!("{}: {why}", row.name));
    FUNCTIONS.iter().map(parsed).collect()
});

impl Function {
    /// The function of this name.
    pub fn named(name: &str) -> Option<&'static Function> {
        FUNCTIONS.binary_search_by(|row| row.name.cmp(name)).ok().map(|row| &FUNCTIONS[row])
    }

    /// Its parameters and its result, read.
    pub fn typed(&self) -> &'static Signature {
        let row = FUNCTIONS.binary_search_by(|row| row.name.cmp(self.name));
        &SIGNATURES[row.expect("every function is a row of the table")]
    }

    /// The number of parameters.
    pub fn arity(&self) -> usize {
        self.typed().params.len()
    }

    /// Runs the example in a small repository in memory: an AI system with its register entry, a data
    /// contract, an evaluation report and a file of code.
    ///
    /// # Errors
    /// What is wrong, when the example is not true.
    pub fn run_example(&self) -> Result<(), String> {
        examples::run(self.example)
    }
}

/// A row of the table; its name is what stands before the bracket of the signature.
const fn row(
    signature: &'static str,
    help: &'static str,
    example: &'static str,
    call: fn(&[Value]) -> Result<Value, String>,
) -> Function {
    let mut end = 0;
    while signature.as_bytes()[end] != b'(' {
        end += 1;
    }
    Function { name: signature.split_at(end).0, signature, help, example, call }
}

/// What a spent budget is called; the trace of the evaluation says so too.
const EXHAUSTED: &str = "the evaluation takes more steps than it may";

/// What a function is told instead of the type it wanted.
fn wanted(want: &str, got: &Value) -> String {
    format!("{want} was wanted where {} is", got.type_name())
}

fn text_argument(value: &Value) -> Result<&str, String> {
    value.as_text().ok_or_else(|| wanted("text", value))
}

fn list_argument(value: &Value) -> Result<Vec<Value>, String> {
    value.items().ok_or_else(|| wanted("a list", value))
}

/// A moment, in seconds since 1970; its fraction of a second is no part of any calculation.
fn time_argument(value: &Value) -> Result<i64, String> {
    value.moment().map(|(seconds, _)| seconds).ok_or_else(|| wanted("a date", value))
}

/// A whole number; a field that a schema calls a number holds `30` as 30.0.
fn whole_argument(value: &Value) -> Result<i64, String> {
    match value {
        Value::Int(whole) => Ok(*whole),
        Value::Uint(whole) => i64::try_from(*whole).map_err(|_| format!("{whole} is too large")),
        Value::Double(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => Ok(*whole as i64),
        other => Err(wanted("a whole number", other)),
    }
}

/// A map with the fields of a signature, in the order of their names.
fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let mut fields = fields.map(|(name, value)| (name.to_owned(), value)).to_vec();
    fields.sort_by(|a, b| a.0.cmp(&b.0));
    Value::Map(fields)
}

fn texts<S: Into<String>>(texts: impl IntoIterator<Item = S>) -> Value {
    Value::List(texts.into_iter().map(|text| Value::Text(text.into())).collect())
}
