//! From the text of an expression to a program that is bounded and knows its names.

use super::library::SHIPPED_NAMES;
use super::lower::lower;
use super::rewrite::rewrite;
use crate::document::closest;
use crate::engine::functions::FUNCTIONS;
use crate::engine::syntax::{Ast, Expr as Written, ExprId, Limit, SyntaxError, parse};
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr};
use std::collections::BTreeSet;
use std::ops::Range;

/// A compiled expression.
#[derive(Debug)]
pub struct Program {
    pub(super) expr: IdedExpr,
    ast: Ast,
    /// Plain names it uses: bound variables, `variables.x` and `params.x`.
    pub names: BTreeSet<String>,
}

impl Program {
    /// Compiles `text`. `known` tells whether a variable of this name is bound (`doc`, `params.days`).
    ///
    /// # Errors
    /// Everything that is wrong with it: syntax, size, names that nothing binds.
    pub fn compile(text: &str, known: &dyn Fn(&str) -> Result<(), String>) -> Result<Program, Vec<SyntaxError>> {
        let program = Program::unchecked(text).map_err(|error| vec![error])?;
        let mut uses = Uses { ast: &program.ast, bound: Vec::new(), found: Vec::new() };
        uses.collect(program.ast.root());
        let errors: Vec<SyntaxError> = uses.found.iter().filter_map(|name| unknown(name, known)).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        let names = uses.found.into_iter().filter(|name| name.kind == Kind::Variable).map(|name| name.name).collect();
        Ok(Program { names, ..program })
    }

    /// Compiles `text` and lets every name stand: one that nothing binds stops the evaluation that
    /// reads it.
    ///
    /// # Errors
    /// The first thing that is wrong with its syntax, or its size.
    pub fn unchecked(text: &str) -> Result<Program, SyntaxError> {
        let ast = parse(text)?;
        let mut expr = lower(&ast)?;
        measure(&expr).map_err(|message| SyntaxError::too_large(text, message))?;
        rewrite(&mut expr);
        Ok(Program { expr, ast, names: BTreeSet::new() })
    }

    /// The expression as it is written. The ids of what is evaluated are the numbers of its nodes plus
    /// one.
    pub fn ast(&self) -> &Ast {
        &self.ast
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

/// What a name is used as.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Variable,
    Function,
    Message,
}

/// A name that an expression uses, and where.
struct Use {
    name: String,
    kind: Kind,
    at: Range<usize>,
}

/// Collects the names that the expression itself does not bind.
struct Uses<'a> {
    ast: &'a Ast,
    bound: Vec<&'a str>,
    found: Vec<Use>,
}

impl<'a> Uses<'a> {
    fn collect(&mut self, id: ExprId) {
        let ast = self.ast;
        match ast.expr(id) {
            Written::Ident(name) => match name.strip_prefix('.') {
                // With a dot in front, no loop binds it.
                Some(name) => self.add(name.to_owned(), Kind::Variable, ast.span(id)),
                None if self.bound.contains(&name.as_str()) => {}
                None => self.add(name.clone(), Kind::Variable, ast.span(id)),
            },
            Written::Select { operand, field, optional: false } | Written::Has { operand, field } => {
                match self.free(*operand) {
                    Some(space @ ("variables" | "params")) => {
                        self.add(
                            format!("{space}.{}", field.text),
                            Kind::Variable,
                            ast.span(*operand).start..field.span.end,
                        );
                    }
                    _ => self.collect(*operand),
                }
            }
            Written::Call { target, function, args } => {
                let space = target.and_then(|target| self.free(target)).filter(|name| is_namespace(name));
                let name = match space {
                    Some(space) => format!("{space}.{}", function.text),
                    None => function.text.trim_start_matches('.').to_owned(),
                };
                self.add(name, Kind::Function, function.span.clone());
                if space.is_none() {
                    target.iter().for_each(|target| self.collect(*target));
                }
                args.iter().for_each(|arg| self.collect(*arg));
            }
            Written::Struct { name, fields } => {
                self.add(name.text.clone(), Kind::Message, name.span.clone());
                fields.iter().for_each(|field| self.collect(field.value));
            }
            Written::Loop(walk) => {
                self.collect(walk.range);
                let names = std::iter::once(&walk.variable).chain(&walk.second).map(|name| name.text.as_str());
                self.within(names, walk.guard.into_iter().chain([walk.body]));
            }
            Written::Bind { name, value, body } => {
                self.collect(*value);
                self.within([name.text.as_str()], [*body]);
            }
            Written::OptMap { target, name, body, .. } => {
                self.collect(*target);
                self.within([name.text.as_str()], [*body]);
            }
            _ => ast.children(id).into_iter().for_each(|child| self.collect(child)),
        }
    }

    fn within(&mut self, names: impl IntoIterator<Item = &'a str>, bodies: impl IntoIterator<Item = ExprId>) {
        let outer = self.bound.len();
        self.bound.extend(names);
        bodies.into_iter().for_each(|body| self.collect(body));
        self.bound.truncate(outer);
    }

    /// The name that stands there, when the expression does not bind it.
    fn free(&self, id: ExprId) -> Option<&'a str> {
        match self.ast.expr(id) {
            Written::Ident(name) if !self.bound.contains(&name.as_str()) => Some(name),
            _ => None,
        }
    }

    fn add(&mut self, name: String, kind: Kind, at: Range<u32>) {
        self.found.push(Use { name, kind, at: at.start as usize..at.end as usize });
    }
}

pub(super) fn is_namespace(name: &str) -> bool {
    matches!(name, "math" | "lists" | "strings" | "optional" | "base64")
}

/// Names of types, which `type(x) == int` compares with.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
    "optional_type",
    "google",
];

/// What is wrong with a name that nothing binds.
fn unknown(name: &Use, known: &dyn Fn(&str) -> Result<(), String>) -> Option<SyntaxError> {
    let (message, help) = match name.kind {
        Kind::Function if is_function(&name.name) => return None,
        Kind::Function => {
            let all = FUNCTIONS.iter().map(|f| f.name).chain(SHIPPED_NAMES.iter().copied());
            let help = match (name.name.as_str(), closest(&name.name, all)) {
                ("not", _) => "Write `!(...)`.".to_owned(),
                (_, Some(near)) => format!("Did you mean `{near}`?"),
                (_, None) => "`annexa list functions` shows the functions there are.".to_owned(),
            };
            (format!("there is no function `{}`", name.name), help)
        }
        Kind::Message => {
            let help = "Write a map: `{'key': value}`.".to_owned();
            (format!("there is no message type `{}`", name.name), help)
        }
        Kind::Variable if TYPES.contains(&name.name.as_str()) => return None,
        Kind::Variable => match known(&name.name) {
            Ok(()) => return None,
            Err(help) => (format!("nothing is called `{}` here", name.name), help),
        },
    };
    Some(SyntaxError { at: name.at.clone(), message, help })
}

fn is_function(name: &str) -> bool {
    SHIPPED_NAMES.contains(&name) || FUNCTIONS.iter().any(|f| f.name == name)
}
