//! Calls that are macros: they bind names or ask whether something is there.

use super::Mistake;
use super::ast::{Bytes, Expr, ExprId, Loop, LoopKind, Name};
use super::parser::{Parsed, Parser};

impl Parser {
    /// A call, or the macro that it is.
    pub(super) fn call(
        &mut self,
        span: Bytes,
        target: Option<ExprId>,
        function: Name,
        mut args: Vec<ExprId>,
    ) -> Parsed {
        match (target, function.text.as_str(), args.len()) {
            (None, "has", 1) => self.has(span, args[0]),
            (Some(target), name, count) if kind(name, count).is_some() => {
                let (kind, two) = kind(name, count).expect("it was just found");
                let mut rest = args.split_off(if two { 2 } else { 1 });
                let variable = self.variable(args[0], &function)?;
                let second = if two { Some(self.variable(args[1], &function)?) } else { None };
                if second.as_ref().is_some_and(|second| second.text == variable.text) {
                    let at = second.map_or(0..0, |second| second.span);
                    let message = format!("`{}` names two things", variable.text);
                    return Err(mistake(&at, message, "Give the second one another name."));
                }
                let body = rest.pop().expect("there are at least two arguments");
                let guard = rest.pop();
                let walk = Loop { kind, keyword: function, range: target, variable, second, guard, body };
                self.push(span, Expr::Loop(walk))
            }
            (Some(target), "optMap" | "optFlatMap", 2) => {
                let name = self.variable(args[0], &function)?;
                let flat = function.text == "optFlatMap";
                self.push(span, Expr::OptMap { target, name, body: args[1], flat })
            }
            (Some(target), "bind", 3) if matches!(self.ast.expr(target), Expr::Ident(name) if name == "cel") => {
                self.forget(target);
                let name = self.variable(args[0], &function)?;
                self.push(span, Expr::Bind { name, value: args[1], body: args[2] })
            }
            _ => self.push(span, Expr::Call { target, function, args }),
        }
    }

    fn has(&mut self, span: Bytes, arg: ExprId) -> Parsed {
        match self.ast.expr(arg).clone() {
            Expr::Select { operand, field, optional: false } => {
                self.ast.forget(arg);
                self.push(span, Expr::Has { operand, field })
            }
            _ => {
                let help = "Write `has(doc.owner)`; whether a key is in a map is `'key' in map`.";
                Err(mistake(&self.ast.span(arg), "`has` asks whether a field is there, and this is no field", help))
            }
        }
    }

    /// The name that a macro binds.
    fn variable(&mut self, arg: ExprId, function: &Name) -> Parsed<Name> {
        match self.ast.expr(arg).clone() {
            Expr::Ident(text) if !text.starts_with('.') => {
                let span = self.ast.span(arg);
                self.ast.forget(arg);
                Ok(Name { text, span })
            }
            _ => {
                let message = format!("`{}` wants a name here, by which the rest calls each item", function.text);
                Err(mistake(&self.ast.span(arg), message, "Write a name such as `x`: `list.all(x, x > 0)`."))
            }
        }
    }
}

fn mistake(at: &Bytes, message: impl Into<String>, help: &str) -> Mistake {
    Mistake::new(at.start as usize..at.end as usize, message, help)
}

/// The loop that a method with so many arguments is, and whether it binds two names.
fn kind(name: &str, count: usize) -> Option<(LoopKind, bool)> {
    Some(match (name, count) {
        ("all", 2 | 3) => (LoopKind::All, count == 3),
        ("exists", 2 | 3) => (LoopKind::Exists, count == 3),
        ("exists_one" | "existsOne", 2 | 3) => (LoopKind::ExistsOne, count == 3),
        ("map", 2 | 3) => (LoopKind::Map, false),
        ("filter", 2) => (LoopKind::Filter, false),
        ("transformList", 3 | 4) => (LoopKind::TransformList, true),
        ("transformMap", 3 | 4) => (LoopKind::TransformMap, true),
        ("transformMapEntry", 3 | 4) => (LoopKind::TransformMapEntry, true),
        ("sortBy", 2) => (LoopKind::SortBy, false),
        _ => return None,
    })
}
