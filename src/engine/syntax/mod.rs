//! The text of expressions: parsed here into a tree with exact places, which `check` types and `cel`
//! makes ready to run.

mod ast;

pub use ast::{
    Ast, Binary, Bytes, Expr, ExprId, ListItem, Literal, Loop, LoopKind, MapEntry, Name, Node, StructField, Unary,
};
