//! The environment that expressions are compiled and evaluated in: the CEL standard library, its
//! strings, math, lists and encoders extensions, and the project's own function table.

use super::operators;
use super::value::Value;
use crate::engine::functions::FUNCTIONS;
use cel::common::functions::Function as CelFunction;
use cel::common::types::DYN_TYPE;
use cel::common::value::CowVal;
use cel::{Context, Env, ExecutionError, extensions};
use std::sync::{Arc, LazyLock};

/// Functions and macros of the standard library and the extensions, for did-you-mean and for the
/// check that a name exists at all.
pub const SHIPPED_NAMES: &[&str] = &[
    "all",
    "base64.decode",
    "base64.encode",
    "bool",
    "bytes",
    "cel.bind",
    "charAt",
    "contains",
    "distinct",
    "double",
    "duration",
    "dyn",
    "endsWith",
    "exists",
    "exists_one",
    "existsOne",
    "filter",
    "flatten",
    "format",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getFullYear",
    "getHours",
    "getMilliseconds",
    "getMinutes",
    "getMonth",
    "getSeconds",
    "has",
    "hasValue",
    "indexOf",
    "int",
    "join",
    "lastIndexOf",
    "lists.range",
    "lowerAscii",
    "map",
    "matches",
    "math.abs",
    "math.bitAnd",
    "math.bitNot",
    "math.bitOr",
    "math.bitShiftLeft",
    "math.bitShiftRight",
    "math.bitXor",
    "math.ceil",
    "math.floor",
    "math.greatest",
    "math.isFinite",
    "math.isInf",
    "math.isNaN",
    "math.least",
    "math.round",
    "math.sign",
    "math.sqrt",
    "math.trunc",
    "optFlatMap",
    "optMap",
    "optional.none",
    "optional.of",
    "optional.ofNonZeroValue",
    "or",
    "orValue",
    "replace",
    "reverse",
    "size",
    "slice",
    "sort",
    "sortBy",
    "split",
    "startsWith",
    "string",
    "strings.quote",
    "substring",
    "timestamp",
    "transformList",
    "transformMap",
    "transformMapEntry",
    "trim",
    "type",
    "uint",
    "upperAscii",
    "value",
];

/// The one environment of the process: building one takes as long as compiling an expression.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(environment().expect("no function is declared twice")));

/// The shared environment, whose parser ours is held against.
#[cfg(test)]
pub fn env() -> &'static Arc<Env> {
    &ENV
}

/// An evaluation context without variables.
pub fn context<'v>() -> Context<'static, 'v> {
    Context::with_env(Arc::clone(&ENV))
}

fn environment() -> Result<Env, cel::DeclarationError> {
    let mut env = Env::stdlib();
    env.add_extension(extensions::strings)?;
    env.add_extension(extensions::math)?;
    env.add_extension(extensions::lists)?;
    env.add_extension(extensions::encoders)?;
    operators::declare(&mut env)?;
    for (row, function) in FUNCTIONS.iter().enumerate() {
        let arity = function.arity();
        env.add_overload(
            function.name,
            &format!("{}/{arity}", function.name),
            (0..arity).map(|_| DYN_TYPE).collect(),
            DISPATCH[row],
        )?;
    }
    Ok(env)
}

/// Overloads are plain `fn`s without a context: each row of the table gets one that knows its row.
fn dispatch<'b, 'v, const ROW: usize>(args: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let function = &FUNCTIONS[ROW];
    operators::pay_for_arguments(&args)?;
    let values: Vec<Value> = args.iter().map(|arg| Value::of(arg.as_ref())).collect();
    match (function.call)(&values) {
        Ok(value) => Ok(CowVal::Owned(value.into_val())),
        Err(message) => Err(ExecutionError::function_error(function.name, message)),
    }
}

macro_rules! dispatch_table {
    ($($row:literal)*) => { [$(dispatch::<$row> as CelFunction),*] };
}

// A row beyond the table is caught by the test that every function has one.
static DISPATCH: [CelFunction; 48] = dispatch_table!(
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
    24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47
);
