//! What a policy says about its own judgement.

use super::text_argument;
use crate::engine::cel::{Mark, Value, mark};

/// The evaluation is not to be trusted, whatever it gives: the policy says why.
pub(super) fn unknown(args: &[Value]) -> Result<Value, String> {
    let (why, help) = (text_argument(&args[0])?, text_argument(&args[1])?);
    mark(Mark::Unknown(why.to_owned(), help.to_owned()));
    Ok(Value::Bool(false))
}
