//! The type of every part of an expression, and everything that is wrong with it.

use super::Mistake;
use super::environment::Environment;
use super::unify::{Found, is_free, is_text};
use crate::engine::syntax::{Ast, Binary, Bytes, Expr, ExprId, Literal, Loop, LoopKind, Unary};
use crate::engine::types::Type;

/// Walks over one expression.
pub struct Inference<'a> {
    pub(super) ast: &'a Ast,
    pub(super) env: &'a Environment,
    pub(super) found: Found,
    types: Vec<Type>,
    /// Names bound by macros, the innermost last.
    pub(super) scope: Vec<(String, Type)>,
    pub(super) mistakes: Vec<Mistake>,
}

impl<'a> Inference<'a> {
    /// Types every part of `ast`.
    pub fn run(ast: &'a Ast, env: &'a Environment) -> (Vec<Type>, Vec<Mistake>) {
        let types = vec![Type::Dyn; ast.len()];
        let mut walk = Inference { ast, env, found: Found::default(), types, scope: Vec::new(), mistakes: Vec::new() };
        if !ast.is_empty() {
            walk.infer(ast.root());
        }
        let types = walk.types.iter().map(|of| walk.found.settle(of)).collect();
        (types, walk.mistakes)
    }

    pub(super) fn wrong(&mut self, at: Bytes, message: impl Into<String>, help: impl Into<String>) -> Type {
        self.mistakes.push(Mistake::new(at.start as usize..at.end as usize, message, help));
        Type::Error
    }

    /// The type of a part, with what is known of it so far.
    pub(super) fn infer(&mut self, id: ExprId) -> Type {
        let of = self.part(id);
        let of = self.found.resolve(&of);
        self.types[id.0 as usize] = of.clone();
        of
    }

    fn part(&mut self, id: ExprId) -> Type {
        let ast = self.ast;
        let node = ast.node(id);
        match &node.expr {
            Expr::Literal(literal) => of_literal(literal),
            Expr::Ident(_) | Expr::Select { .. } | Expr::Has { .. } => self.reference(id),
            Expr::Index { operand, key, optional } => self.index(*operand, *key, *optional),
            Expr::Unary { operator, operand } => {
                let of = self.infer(*operand);
                let name = if *operator == Unary::Not { "!" } else { "-_" };
                self.operator(name, &[*operand], &[of], &node.span)
            }
            Expr::Binary { operator, at, left, right } => self.binary(*operator, at, *left, *right),
            Expr::Conditional { condition, then, otherwise } => {
                self.condition(*condition, "The part before `?`");
                let then = self.infer(*then);
                let otherwise = self.infer(*otherwise);
                self.found.join(&then, &otherwise)
            }
            Expr::Call { target, function, args } => self.call(*target, function, args, &node.span),
            Expr::List(items) => {
                let mut of = None;
                for item in items {
                    let found = self.infer(item.value);
                    let found = if item.optional { self.inside(&found, item.value) } else { found };
                    of = Some(of.map_or(found.clone(), |of| self.found.join(&of, &found)));
                }
                Type::list(of.unwrap_or_else(|| self.found.open()))
            }
            Expr::Map(entries) => {
                let (mut keys, mut values) = (None, None);
                for entry in entries {
                    let key = self.key(entry.key);
                    let value = self.infer(entry.value);
                    let value = if entry.optional { self.inside(&value, entry.value) } else { value };
                    keys = Some(keys.map_or(key.clone(), |of| self.found.join(&of, &key)));
                    values = Some(values.map_or(value.clone(), |of| self.found.join(&of, &value)));
                }
                let key = keys.unwrap_or_else(|| self.found.open());
                Type::map(key, values.unwrap_or_else(|| self.found.open()))
            }
            Expr::Struct { name, fields } => {
                for field in fields {
                    self.infer(field.value);
                }
                let message = format!("there is no message type `{}`", name.text);
                self.wrong(name.span.clone(), message, "Write a map: `{'key': value}`.")
            }
            Expr::Loop(walk) => self.walk(walk),
            Expr::Bind { name, value, body } => {
                let value = self.infer(*value);
                self.within(&[(&name.text, value)], *body)
            }
            Expr::OptMap { target, name, body, flat } => {
                let target = self.infer(*target);
                let inside = self.content(&target, *body);
                let made = self.within(&[(&name.text, inside)], *body);
                if *flat { Type::optional(self.inside(&made, *body)) } else { Type::optional(made) }
            }
        }
    }

    /// The type of a key of a map literal.
    fn key(&mut self, id: ExprId) -> Type {
        let of = self.infer(id);
        if is_free(&of) || is_text(&of) || matches!(of, Type::Bool | Type::Int | Type::Uint) {
            return of;
        }
        let message = format!("a key of a map is a text, a whole number or a truth value, and this is {of}");
        self.wrong(self.ast.span(id), message, "Make it a text with `string(...)`.");
        Type::Dyn
    }

    /// The type of `body` with further names bound.
    pub(super) fn within(&mut self, names: &[(&str, Type)], body: ExprId) -> Type {
        self.with_names(names, |inner| inner.infer(body))
    }

    /// Does something where further names are bound.
    fn with_names<T>(&mut self, names: &[(&str, Type)], work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.scope.len();
        self.scope.extend(names.iter().map(|(name, of)| ((*name).to_owned(), of.clone())));
        let done = work(self);
        self.scope.truncate(outer);
        done
    }

    /// The type within an optional that is written with `?` in a literal.
    fn inside(&mut self, of: &Type, at: ExprId) -> Type {
        match self.found.resolve(of) {
            Type::Optional(of) => (*of).clone(),
            of if is_free(&of) => Type::Dyn,
            of => {
                let message = format!("an optional value is wanted here, and this is {of}");
                self.wrong(
                    self.ast.span(at),
                    message,
                    "Make it optional with `optional.of(...)`, or take the `?` away.",
                )
            }
        }
    }

    fn content(&mut self, of: &Type, at: ExprId) -> Type {
        match of {
            Type::Optional(of) => (**of).clone(),
            of if is_free(of) => Type::Dyn,
            of => {
                let message = format!("this works on an optional value, and it is called on {of}");
                self.wrong(self.ast.span(at), message, "Select the field with `.?`, which gives an optional value.")
            }
        }
    }

    /// Something that has to be true or false.
    pub(super) fn condition(&mut self, id: ExprId, what: &str) {
        let of = self.infer(id);
        if !self.found.fits(&of, &Type::Bool) {
            let message = format!("{what} has to be true or false, and this is {of}");
            let help = super::words::condition_help(&of, self.ast, id);
            self.wrong(self.ast.span(id), message, help);
        }
    }

    fn binary(&mut self, operator: Binary, at: &Bytes, left: ExprId, right: ExprId) -> Type {
        match operator {
            Binary::And | Binary::Or => {
                let what = format!("Each side of `{}`", operator.symbol());
                self.condition(left, &what);
                self.condition(right, &what);
                return Type::Bool;
            }
            _ => {}
        }
        let (of_left, of_right) = (self.infer(left), self.infer(right));
        let of_left = self.found.resolve(&of_left);
        match operator {
            Binary::Equals | Binary::NotEquals => self.equality(operator, at, [left, right], [&of_left, &of_right]),
            Binary::In => self.membership(at, [left, right], [&of_left, &of_right]),
            _ => {
                let both = self.ast.span(left).start..self.ast.span(right).end;
                self.never_or_always(operator, left, right, &both);
                self.operator(operator.symbol(), &[left, right], &[of_left, of_right], at)
            }
        }
    }

    fn walk(&mut self, walk: &Loop) -> Type {
        let range = self.infer(walk.range);
        // The first and the second name, and what the one name of the forms with one is bound to.
        let (first, second, only) = match &range {
            Type::List(item) => (Type::Int, (**item).clone(), (**item).clone()),
            Type::Map(key, value) => ((**key).clone(), (**value).clone(), (**key).clone()),
            Type::Record(_) => (Type::String, Type::Dyn, Type::String),
            of if is_free(of) => {
                // Nothing but lists and maps can be walked over; which of the two cannot be known.
                (Type::Dyn, Type::Dyn, Type::Dyn)
            }
            of => {
                let message = format!("`{}` walks over a list or a map, and this is {of}", walk.keyword.text);
                let help = super::words::range_help(of);
                self.wrong(self.ast.span(walk.range), message, help);
                (Type::Error, Type::Error, Type::Error)
            }
        };
        let names = match &walk.second {
            Some(name) => vec![(walk.variable.text.as_str(), first.clone()), (name.text.as_str(), second.clone())],
            None => vec![(walk.variable.text.as_str(), only.clone())],
        };
        let keyword = &walk.keyword.text;
        let what = format!("The condition of `{keyword}`");
        if let Some(guard) = walk.guard {
            self.with_names(&names, |inner| inner.condition(guard, &what));
        }
        if matches!(walk.kind, LoopKind::All | LoopKind::Exists | LoopKind::ExistsOne | LoopKind::Filter) {
            self.with_names(&names, |inner| inner.condition(walk.body, &what));
            return if walk.kind == LoopKind::Filter { Type::list(only) } else { Type::Bool };
        }
        let made = self.within(&names, walk.body);
        match walk.kind {
            LoopKind::SortBy => range,
            LoopKind::TransformMap => Type::map(first, made),
            LoopKind::TransformMapEntry => match made {
                Type::Map(..) => made,
                _ => Type::map(Type::Dyn, Type::Dyn),
            },
            _ => Type::list(made),
        }
    }

    /// The words of a literal text, where the part is one.
    pub(super) fn text_of(&self, id: ExprId) -> Option<&'a str> {
        match self.ast.expr(id) {
            Expr::Literal(Literal::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The values that a schema lists for a text.
    pub(super) fn values_of(of: &Type) -> Option<&[Box<str>]> {
        match of {
            Type::OneOf(values) => Some(values),
            _ => None,
        }
    }

    pub(super) fn is_text(of: &Type) -> bool {
        is_text(of)
    }
}

fn of_literal(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::Text(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}
