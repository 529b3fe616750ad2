//! What is wrong with an expression before anything is read: names, fields, types, comparisons that
//! can never hold. A library call with places, for the loading of policies and for editors alike.

mod calls;
mod compare;
mod environment;
mod guard;
mod infer;
mod library;
mod names;
mod policy;
mod unify;
mod words;

pub use environment::Environment;
pub use names::of_shape;
pub use policy::{check_policy, environment};

pub use super::syntax::Mistake;

use super::syntax::{Ast, ExprId};
use super::types::Type;
use infer::Inference;

/// An expression whose parts have types.
#[derive(Clone, Debug)]
pub struct Typed {
    types: Vec<Type>,
    /// Everything that is wrong, in the order of the text.
    pub mistakes: Vec<Mistake>,
}

impl Typed {
    /// The type of a part.
    pub fn type_of(&self, part: ExprId) -> &Type {
        &self.types[part.0 as usize]
    }

    /// The type of the whole.
    pub fn result(&self) -> &Type {
        self.types.last().unwrap_or(&Type::Dyn)
    }
}

/// Types an expression.
pub fn check(ast: &Ast, environment: &Environment) -> Typed {
    let (types, mut mistakes) = Inference::run(ast, environment);
    mistakes.sort_by_key(|mistake| (mistake.at.start, mistake.at.end));
    Typed { types, mistakes }
}

/// Whether a value of one type may stand where another is wanted.
pub fn fits(from: &Type, wanted: &Type) -> bool {
    unify::Found::default().fits(from, wanted)
}
