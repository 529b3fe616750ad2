//! From the text of an expression to a program that is bounded.

use super::lower::lower;
use super::rewrite::rewrite;
use crate::engine::syntax::{Ast, Expr as Written, Limit, Mistake, parse};
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};

/// A compiled expression.
#[derive(Debug)]
pub struct Program {
    pub(super) expr: IdedExpr,
    ast: Ast,
    text: Box<str>,
}

impl Program {
    /// Compiles `text`. Names and types are the matter of [`check`](crate::engine::check): a name that
    /// nothing binds is an error of the evaluation here.
    ///
    /// # Errors
    /// The first thing that is wrong with its syntax or its size.
    pub fn compile(text: &str) -> Result<Program, Mistake> {
        let ast = parse(text)?;
        let mut expr = lower(&ast)?;
        measure(&expr).map_err(|message| Mistake::too_large(text, message))?;
        rewrite(&mut expr);
        Ok(Program { expr, ast, text: text.into() })
    }

    /// The expression as it is written. The ids of what is evaluated are the numbers of its nodes plus
    /// one.
    pub fn ast(&self) -> &Ast {
        &self.ast
    }

    /// The expression as it is written, alone.
    pub fn into_ast(self) -> Ast {
        self.ast
    }

    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it reads the policy's variable of that name.
    pub fn reads_variable(&self, name: &str) -> bool {
        let space = |operand| matches!(self.ast.expr(operand), Written::Ident(space) if space == "variables");
        self.ast.ids().any(|id| match self.ast.expr(id) {
            Written::Select { operand, field, .. } | Written::Has { operand, field } => {
                field.text == name && space(*operand)
            }
            _ => false,
        })
    }

    /// Whether the name stands in it.
    pub fn uses(&self, name: &str) -> bool {
        self.ast.ids().any(|id| matches!(self.ast.expr(id), Written::Ident(found) if found == name))
    }
}

/// Counts nodes and levels without recursion, so that no expression can overflow the stack here.
fn measure(expr: &IdedExpr) -> Result<(), String> {
    let (mut nodes, mut stack) = (0usize, vec![(expr, 1usize)]);
    while let Some((node, depth)) = stack.pop() {
        nodes += 1;
        if nodes > Limit::NODES {
            return Err(format!("the expression has more than {} parts", Limit::NODES));
        }
        if depth > Limit::DEPTH {
            return Err(format!("the expression is nested more than {} levels deep", Limit::DEPTH));
        }
        stack.extend(children(node).into_iter().map(|child| (child, depth + 1)));
    }
    Ok(())
}

pub(super) fn children(node: &IdedExpr) -> Vec<&IdedExpr> {
    match &node.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(c) => {
            vec![&c.iter_range, &c.accu_init, &c.loop_cond, &c.loop_step, &c.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|e| entry(&e.expr)).collect(),
        Expr::Struct(strct) => strct.entries.iter().flat_map(|e| entry(&e.expr)).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => Vec::new(),
    }
}

fn entry(expr: &EntryExpr) -> Vec<&IdedExpr> {
    match expr {
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
        EntryExpr::StructField(field) => vec![&field.value],
    }
}
