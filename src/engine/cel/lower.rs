//! From the tree of an expression to what the crate evaluates: operators become calls, macros the
//! loops that they stand for.
//!
//! Every node made for a node of the tree has its number plus one as its id, so that ids lead back to
//! places. The expansions are those of the crate's own parser, which a test holds them against; the
//! macros with two variables, which it does not have, walk over the keys alone, and the second
//! variable is what the range has there. So nothing is copied, and what is read is recorded when it
//! is read.

use crate::engine::syntax::{Ast, Binary, Expr as Written, ExprId, Literal, Loop, LoopKind, Name, SyntaxError, Unary};
use cel::IdedExpr;
use cel::common::ast::operators::{
    ADD, CONDITIONAL, DIVIDE, EQUALS, GREATER, GREATER_EQUALS, IN, INDEX, LESS, LESS_EQUALS, LOGICAL_AND, LOGICAL_NOT,
    LOGICAL_OR, MODULO, MULTIPLY, NEGATE, NOT_EQUALS, NOT_STRICTLY_FALSE, OPT_INDEX, OPT_SELECT, SUBSTRACT,
};
use cel::common::ast::{
    CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedEntryExpr, ListExpr, LiteralValue, MapEntryExpr, MapExpr,
    SelectExpr, StructExpr, StructFieldExpr,
};

/// What a loop collects in; no expression can write it.
const RESULT: &str = "@result";

/// The list that `sortBy` sorts.
const SORTED: &str = "@__sortBy_input__";

/// What `optMap` maps, unless it is a name already.
const TARGET: &str = "@target";

/// Lowers an expression.
///
/// # Errors
/// `math.greatest` or `math.least` of what can be no number.
pub fn lower(ast: &Ast) -> Result<IdedExpr, SyntaxError> {
    Lowering { ast, names: Vec::new() }.node(ast.root())
}

/// What a name stands for within a loop.
#[derive(Clone, Copy)]
enum Meaning {
    /// Itself.
    Itself,
    /// The key of the loop of this number.
    Key(u32),
    /// What the range of the loop of this number has at its key.
    Item(u32),
}

struct Lowering<'a> {
    ast: &'a Ast,
    /// Names that loops bind, the innermost last.
    names: Vec<(&'a str, Meaning)>,
}

type Lowered = Result<IdedExpr, SyntaxError>;

impl<'a> Lowering<'a> {
    fn node(&mut self, id: ExprId) -> Lowered {
        let at = u64::from(id.0) + 1;
        let make = |expr: Expr| IdedExpr { id: at, expr };
        Ok(match self.ast.expr(id) {
            Written::Literal(literal) => make(Expr::Literal(constant(literal))),
            Written::Ident(name) => match self.names.iter().rev().find(|(bound, _)| bound == name) {
                Some((_, Meaning::Key(number))) => ident(at, &key_name(*number)),
                Some((_, Meaning::Item(number))) => {
                    call(at, INDEX, vec![ident(at, &range_name(*number)), ident(at, &key_name(*number))])
                }
                _ => ident(at, name),
            },
            Written::Select { operand, field, optional: true } => {
                call(at, OPT_SELECT, vec![self.node(*operand)?, text(at, &field.text)])
            }
            Written::Select { operand, field, .. } => make(Expr::Select(self.select(*operand, field, false)?)),
            Written::Has { operand, field } => make(Expr::Select(self.select(*operand, field, true)?)),
            Written::Index { operand, key, optional } => {
                call(at, if *optional { OPT_INDEX } else { INDEX }, vec![self.node(*operand)?, self.node(*key)?])
            }
            Written::Unary { operator, operand } => {
                let name = if *operator == Unary::Not { LOGICAL_NOT } else { NEGATE };
                call(at, name, vec![self.node(*operand)?])
            }
            Written::Binary { operator, left, right, .. } => {
                call(at, function(*operator), vec![self.node(*left)?, self.node(*right)?])
            }
            Written::Conditional { condition, then, otherwise } => {
                call(at, CONDITIONAL, vec![self.node(*condition)?, self.node(*then)?, self.node(*otherwise)?])
            }
            Written::Call { target, function, args } => self.call(at, *target, function, args)?,
            Written::List(items) => {
                let optional = items.iter().enumerate().filter(|(_, item)| item.optional).map(|(at, _)| at).collect();
                let elements = self.nodes(items.iter().map(|item| item.value))?;
                make(Expr::List(ListExpr::new_with_optionals(elements, optional)))
            }
            Written::Map(entries) => {
                let mut lowered = Vec::with_capacity(entries.len());
                for entry in entries {
                    let (key, value) = (self.node(entry.key)?, self.node(entry.value)?);
                    let expr = EntryExpr::MapEntry(MapEntryExpr { key, value, optional: entry.optional });
                    lowered.push(IdedEntryExpr { id: at, expr });
                }
                make(Expr::Map(MapExpr { entries: lowered }))
            }
            Written::Struct { name, fields } => {
                let mut entries = Vec::with_capacity(fields.len());
                for field in fields {
                    let value = self.node(field.value)?;
                    let expr = StructFieldExpr { field: field.name.text.clone(), value, optional: field.optional };
                    entries.push(IdedEntryExpr { id: at, expr: EntryExpr::StructField(expr) });
                }
                make(Expr::Struct(StructExpr { type_name: name.text.clone(), entries }))
            }
            Written::Loop(walk) => self.walk(id.0, walk)?,
            Written::Bind { name, value, body } => {
                let value = self.node(*value)?;
                let body = self.within([(name.text.as_str(), Meaning::Itself)], |inner| inner.node(*body))?;
                bind(at, &name.text, value, body)
            }
            Written::OptMap { target, name, body, flat } => self.opt_map(at, *target, name, *body, *flat)?,
        })
    }

    fn nodes(&mut self, ids: impl Iterator<Item = ExprId>) -> Result<Vec<IdedExpr>, SyntaxError> {
        ids.map(|id| self.node(id)).collect()
    }

    /// Lowers what stands where `names` are bound.
    fn within<T>(
        &mut self,
        names: impl IntoIterator<Item = (&'a str, Meaning)>,
        lower: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        let outer = self.names.len();
        self.names.extend(names);
        let lowered = lower(self);
        self.names.truncate(outer);
        lowered
    }

    fn select(&mut self, operand: ExprId, field: &Name, test: bool) -> Result<SelectExpr, SyntaxError> {
        Ok(SelectExpr { operand: Box::new(self.node(operand)?), field: field.text.clone(), test })
    }

    fn call(&mut self, at: u64, target: Option<ExprId>, name: &Name, args: &[ExprId]) -> Lowered {
        let space = target.map(|target| self.ast.expr(target));
        let math = matches!(space, Some(Written::Ident(space)) if space == "math");
        match name.text.as_str() {
            "greatest" if math => return self.extreme(at, "math.@max", name, args),
            "least" if math => return self.extreme(at, "math.@min", name, args),
            _ => {}
        }
        let target = target.map(|target| self.node(target)).transpose()?.map(Box::new);
        let args = self.nodes(args.iter().copied())?;
        Ok(IdedExpr { id: at, expr: Expr::Call(CallExpr { func_name: name.text.clone(), target, args }) })
    }

    /// `math.greatest(...)`, `math.least(...)`: of one number or list, of two numbers, or of the list of
    /// more.
    fn extreme(&mut self, at: u64, function: &str, name: &Name, args: &[ExprId]) -> Lowered {
        let numeric = |id: &ExprId| self.may_be_number(*id);
        let wrong = match args {
            [] => return Err(not_numbers(name.span.start as usize..name.span.end as usize, name)),
            [one] => match self.ast.expr(*one) {
                Written::List(items) if !items.is_empty() && items.iter().all(|item| numeric(&item.value)) => None,
                _ => Some(*one).filter(|one| !numeric(one)),
            },
            many => many.iter().copied().find(|arg| !numeric(arg)),
        };
        if let Some(wrong) = wrong {
            let span = self.ast.span(wrong);
            return Err(not_numbers(span.start as usize..span.end as usize, name));
        }
        let mut args = self.nodes(args.iter().copied())?;
        if args.len() > 2 {
            args = vec![list(at, args)];
        }
        Ok(call(at, function, args))
    }

    fn may_be_number(&self, id: ExprId) -> bool {
        match self.ast.expr(id) {
            Written::Literal(literal) => matches!(literal, Literal::Int(_) | Literal::Uint(_) | Literal::Double(_)),
            Written::List(_) | Written::Map(_) | Written::Struct { .. } => false,
            _ => true,
        }
    }

    fn opt_map(&mut self, at: u64, target: ExprId, name: &'a Name, body: ExprId, flat: bool) -> Lowered {
        let target = self.node(target)?;
        let body = self.within([(name.text.as_str(), Meaning::Itself)], |inner| inner.node(body))?;
        let (subject, bound) = match &target.expr {
            Expr::Ident(name) => (name.clone(), None),
            _ => (TARGET.to_owned(), Some(target)),
        };
        let mapped = bind(at, &name.text, method(at, ident(at, &subject), "value", Vec::new()), body);
        let optional = |name: &str, args| method(at, ident(at, "optional"), name, args);
        let some = if flat { mapped } else { optional("of", vec![mapped]) };
        let has = method(at, ident(at, &subject), "hasValue", Vec::new());
        let chosen = call(at, CONDITIONAL, vec![has, some, optional("none", Vec::new())]);
        Ok(match bound {
            Some(target) => bind(at, TARGET, target, chosen),
            None => chosen,
        })
    }

    fn walk(&mut self, number: u32, walk: &'a Loop) -> Lowered {
        let at = u64::from(number) + 1;
        let range = self.node(walk.range)?;
        let Some(second) = &walk.second else {
            let names = [(walk.variable.text.as_str(), Meaning::Itself)];
            let (guard, body) = self.within(names, |inner| inner.parts(walk))?;
            let variable = walk.variable.text.as_str();
            if walk.kind == LoopKind::SortBy {
                let keys = collect(at, ident(at, SORTED), variable, guard, body);
                let sorted = method(at, ident(at, SORTED), "@sortByAssociatedKeys", vec![keys]);
                return Ok(bind(at, SORTED, range, sorted));
            }
            return Ok(turn(at, walk.kind, range, variable, guard, body));
        };
        let names =
            [(walk.variable.text.as_str(), Meaning::Key(number)), (second.text.as_str(), Meaning::Item(number))];
        let (guard, mut body) = self.within(names, |inner| inner.parts(walk))?;
        let (range_name, key) = (range_name(number), key_name(number));
        if walk.kind == LoopKind::TransformMap {
            body = list(at, vec![ident(at, &key), body]);
        }
        let keys = call(at, "@keys", vec![ident(at, &range_name)]);
        let looped = turn(at, walk.kind, keys, &key, guard, body);
        let result = match walk.kind {
            LoopKind::TransformMap => call(at, "@map", vec![looped]),
            LoopKind::TransformMapEntry => call(at, "@merge", vec![looped]),
            _ => looped,
        };
        Ok(bind(at, &range_name, range, result))
    }

    fn parts(&mut self, walk: &Loop) -> Result<(Option<IdedExpr>, IdedExpr), SyntaxError> {
        Ok((walk.guard.map(|guard| self.node(guard)).transpose()?, self.node(walk.body)?))
    }
}

/// The name that the range of a loop with two variables is bound to.
fn range_name(number: u32) -> String {
    format!("@range{number}")
}

/// The name that the keys of a loop with two variables are bound to.
fn key_name(number: u32) -> String {
    format!("@key{number}")
}

fn not_numbers(at: std::ops::Range<usize>, name: &Name) -> SyntaxError {
    SyntaxError {
        at,
        message: format!("`math.{}` takes numbers, or one list of numbers", name.text),
        help: format!("Write `math.{}(a, b)`.", name.text),
    }
}

fn constant(literal: &Literal) -> LiteralValue {
    match literal {
        Literal::Null => LiteralValue::Null,
        Literal::Bool(value) => LiteralValue::Boolean((*value).into()),
        Literal::Int(value) => LiteralValue::Int((*value).into()),
        Literal::Uint(value) => LiteralValue::UInt((*value).into()),
        Literal::Double(value) => LiteralValue::Double((*value).into()),
        Literal::Text(value) => LiteralValue::String(value.clone().into()),
        Literal::Bytes(value) => LiteralValue::Bytes(value.clone().into()),
    }
}

fn function(operator: Binary) -> &'static str {
    match operator {
        Binary::Or => LOGICAL_OR,
        Binary::And => LOGICAL_AND,
        Binary::Less => LESS,
        Binary::LessEquals => LESS_EQUALS,
        Binary::Greater => GREATER,
        Binary::GreaterEquals => GREATER_EQUALS,
        Binary::Equals => EQUALS,
        Binary::NotEquals => NOT_EQUALS,
        Binary::In => IN,
        Binary::Add => ADD,
        Binary::Subtract => SUBSTRACT,
        Binary::Multiply => MULTIPLY,
        Binary::Divide => DIVIDE,
        Binary::Modulo => MODULO,
    }
}

fn ident(id: u64, name: &str) -> IdedExpr {
    IdedExpr { id, expr: Expr::Ident(name.to_owned()) }
}

fn text(id: u64, value: &str) -> IdedExpr {
    IdedExpr { id, expr: Expr::Literal(LiteralValue::String(value.to_owned().into())) }
}

fn truth(id: u64, value: bool) -> IdedExpr {
    IdedExpr { id, expr: Expr::Literal(LiteralValue::Boolean(value.into())) }
}

fn number(id: u64, value: i64) -> IdedExpr {
    IdedExpr { id, expr: Expr::Literal(LiteralValue::Int(value.into())) }
}

fn list(id: u64, elements: Vec<IdedExpr>) -> IdedExpr {
    IdedExpr { id, expr: Expr::List(ListExpr::new(elements)) }
}

fn call(id: u64, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
    IdedExpr { id, expr: Expr::Call(CallExpr { func_name: name.to_owned(), target: None, args }) }
}

fn method(id: u64, target: IdedExpr, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
    let call = CallExpr { func_name: name.to_owned(), target: Some(Box::new(target)), args };
    IdedExpr { id, expr: Expr::Call(call) }
}

/// `name` bound to `value` in `body`: a loop over nothing that collects in `name`.
fn bind(id: u64, name: &str, value: IdedExpr, body: IdedExpr) -> IdedExpr {
    let bound = ComprehensionExpr {
        iter_range: list(id, Vec::new()),
        iter_var: "#unused".to_owned(),
        iter_var2: None,
        accu_var: name.to_owned(),
        accu_init: value,
        loop_cond: truth(id, false),
        loop_step: ident(id, name),
        result: body,
    };
    IdedExpr { id, expr: Expr::Comprehension(Box::new(bound)) }
}

/// The loop that a macro with one variable stands for.
fn turn(id: u64, kind: LoopKind, range: IdedExpr, variable: &str, guard: Option<IdedExpr>, body: IdedExpr) -> IdedExpr {
    let result = || ident(id, RESULT);
    let (start, condition, step, end) = match kind {
        LoopKind::All => {
            let holds = call(id, NOT_STRICTLY_FALSE, vec![result()]);
            (truth(id, true), holds, call(id, LOGICAL_AND, vec![result(), body]), result())
        }
        LoopKind::Exists => {
            let open = call(id, NOT_STRICTLY_FALSE, vec![call(id, LOGICAL_NOT, vec![result()])]);
            (truth(id, false), open, call(id, LOGICAL_OR, vec![result(), body]), result())
        }
        LoopKind::ExistsOne => {
            let counted = call(id, ADD, vec![result(), number(id, 1)]);
            let step = call(id, CONDITIONAL, vec![body, counted, result()]);
            (number(id, 0), truth(id, true), step, call(id, EQUALS, vec![result(), number(id, 1)]))
        }
        LoopKind::Filter => return collect(id, range, variable, Some(body), ident(id, variable)),
        _ => return collect(id, range, variable, guard, body),
    };
    repeat(id, range, variable, start, condition, step, end)
}

/// The list of `item` of all that pass `guard`.
fn collect(id: u64, range: IdedExpr, variable: &str, guard: Option<IdedExpr>, item: IdedExpr) -> IdedExpr {
    let mut step = call(id, ADD, vec![ident(id, RESULT), list(id, vec![item])]);
    if let Some(guard) = guard {
        step = call(id, CONDITIONAL, vec![guard, step, ident(id, RESULT)]);
    }
    repeat(id, range, variable, list(id, Vec::new()), truth(id, true), step, ident(id, RESULT))
}

fn repeat(
    id: u64,
    iter_range: IdedExpr,
    variable: &str,
    accu_init: IdedExpr,
    loop_cond: IdedExpr,
    loop_step: IdedExpr,
    result: IdedExpr,
) -> IdedExpr {
    let repeated = ComprehensionExpr {
        iter_range,
        iter_var: variable.to_owned(),
        iter_var2: None,
        accu_var: RESULT.to_owned(),
        accu_init,
        loop_cond,
        loop_step,
        result,
    };
    IdedExpr { id, expr: Expr::Comprehension(Box::new(repeated)) }
}
