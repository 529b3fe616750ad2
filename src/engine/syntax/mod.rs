//! The text of expressions: parsed here into a tree with exact places, which `check` types and `cel`
//! makes ready to run.

mod ast;
mod lexer;
mod literal;
mod macros;
mod parser;
#[cfg(test)]
mod tests;
mod wording;

pub use ast::{
    Ast, Binary, Bytes, Expr, ExprId, ListItem, Literal, Loop, LoopKind, MapEntry, Name, Node, StructField, Unary,
};
pub use parser::parse;

use std::ops::Range;

/// How large an expression may be.
#[derive(Clone, Copy, Debug)]
pub struct Limit;

impl Limit {
    /// Bytes of text.
    pub const BYTES: usize = 4096;
    /// Nodes of the expression, macros expanded.
    pub const NODES: usize = 2_000;
    /// Levels of nesting, macros expanded.
    pub const DEPTH: usize = 200;
    /// Levels of brackets.
    pub const BRACKETS: usize = 96;
}

/// What is wrong with the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Bytes of the expression's own text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

impl SyntaxError {
    /// An expression that is larger than it may be: what is too large.
    pub fn too_large(text: &str, message: String) -> Self {
        SyntaxError { at: 0..text.len(), message, help: "Split it into `variables`.".to_owned() }
    }
}
