//! What is done to an expression between parsing and evaluation: comparisons go to functions that
//! know own trees, and everything that repeats or grows pays from the budget.

use super::library::is_namespace;
use super::program::children;
use crate::engine::functions::Function;
use cel::IdedExpr;
use cel::common::ast::operators::{
    ADD, EQUALS, GREATER, GREATER_EQUALS, IN, LESS, LESS_EQUALS, LOGICAL_AND, NOT_EQUALS, OPT_INDEX, OPT_SELECT,
};
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, LiteralValue};

fn call(id: u64, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
    IdedExpr { id, expr: Expr::Call(CallExpr { func_name: name.to_owned(), target: None, args }) }
}

/// Wraps `expr` into a call of `name`, keeping its id so that errors keep their place.
fn wrap(name: &str, expr: &mut IdedExpr) {
    let inner = std::mem::take(expr);
    *expr = call(inner.id, name, vec![inner]);
}

/// Nodes of a loop's body that cost a step a turn.
const BODY: usize = 16;

/// Functions that take the same time whatever they are given.
const CHEAP: &[&str] = &["has", "hasValue", "value", "or", "orValue", "type", "@not_strictly_false"];

/// Operators that look at all of their operands.
const COMPARING: &[&str] = &[LESS, LESS_EQUALS, GREATER, GREATER_EQUALS];

/// Operators that copy what they give.
const COPYING: &[&str] = &[ADD, OPT_INDEX, OPT_SELECT];

/// Rewrites `expr` and everything below it.
pub fn rewrite(expr: &mut IdedExpr) {
    let id = expr.id;
    match &mut expr.expr {
        Expr::Call(call) => {
            call.target.iter_mut().for_each(|target| rewrite(target));
            call.args.iter_mut().for_each(rewrite);
            if rename(call) {
                wrap("@charge", expr);
            }
        }
        Expr::Comprehension(comprehension) => rewrite_loop(id, comprehension),
        Expr::List(list) => list.elements.iter_mut().for_each(copied),
        Expr::Map(map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    copied(&mut entry.key);
                    copied(&mut entry.value);
                }
            }
        }
        Expr::Select(select) => rewrite(&mut select.operand),
        Expr::Struct(strct) => {
            for entry in &mut strct.entries {
                if let EntryExpr::StructField(field) = &mut entry.expr {
                    copied(&mut field.value);
                }
            }
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

/// Rewrites a part that is copied into a list or a map.
fn copied(expr: &mut IdedExpr) {
    rewrite(expr);
    pay("@charge", expr);
}

/// Wraps what is not as small as the expression's own text.
fn pay(name: &str, expr: &mut IdedExpr) {
    if !matches!(expr.expr, Expr::Literal(_)) {
        wrap(name, expr);
    }
}

/// Gives a call its internal name and lets it pay for its arguments; says whether its result has to
/// be paid for.
fn rename(call: &mut CallExpr) -> bool {
    let method = call.target.is_some();
    let space = match call.target.as_deref().map(|target| &target.expr) {
        Some(Expr::Ident(name)) if is_namespace(name) => Some(name.as_str()),
        _ => None,
    };
    // Own functions pay where they are called from, by what each of them does.
    if space.is_some_and(|space| Function::named(&format!("{space}.{}", call.func_name)).is_some()) {
        return false;
    }
    let space = space.is_some();
    let alone = call.args.is_empty();
    let mut arguments = |how: &str| {
        let target = call.target.as_deref_mut().filter(|_| !space);
        target.into_iter().chain(&mut call.args).for_each(|arg| pay(how, arg));
    };
    let name = match (call.func_name.as_str(), method) {
        (EQUALS, false) => "@eq",
        (NOT_EQUALS, false) => "@ne",
        (IN, false) => "@contains",
        ("matches", _) => "@matches",
        ("getMilliseconds", true) if alone => "@milliseconds",
        ("replace", true) => "@replace",
        ("join", true) => "@join",
        ("distinct", true) => {
            arguments("@square");
            return false;
        }
        // `lists.range(n)`: the namespace is the target here.
        ("range", true) if space => {
            // Unlike any other constant, a number can stand for much.
            call.args.iter_mut().for_each(|arg| wrap("@count", arg));
            return false;
        }
        ("size", _) => {
            arguments("@text");
            return false;
        }
        ("split", true) => {
            arguments("@pieces");
            return false;
        }
        (name, false) if COPYING.contains(&name) => return true,
        (name, false) if COMPARING.contains(&name) => {
            arguments("@text");
            return false;
        }
        (name, _) if name.starts_with(['_', '!', '-', '@']) || CHEAP.contains(&name) => return false,
        (name, false) if Function::named(name).is_some() => return false,
        ("format", true) => {
            arguments("@scan");
            return true;
        }
        _ => {
            arguments("@scan");
            return false;
        }
    };
    call.func_name = name.to_owned();
    if let Some(target) = call.target.take() {
        call.args.insert(0, *target);
    }
    false
}

fn rewrite_loop(id: u64, comprehension: &mut ComprehensionExpr) {
    if is_empty_list(&comprehension.iter_range) {
        // A name bound to a value: both it and what is made of it are copied.
        copied(&mut comprehension.accu_init);
        copied(&mut comprehension.result);
        return;
    }
    let turn = (count(&comprehension.loop_step) + count(&comprehension.loop_cond)) / BODY + 1;
    rewrite(&mut comprehension.iter_range);
    pay("@walk", &mut comprehension.iter_range);
    rewrite(&mut comprehension.accu_init);
    rewrite(&mut comprehension.result);
    if matches!(comprehension.loop_cond.expr, Expr::Literal(_)) && appends(comprehension) {
        // `map` and `filter` keep the shape that the crate builds in place: only the parts that the
        // author wrote change, and the turn is paid where each item is guarded or made.
        pay_in_step(id, turn, &mut comprehension.loop_step);
    } else {
        rewrite(&mut comprehension.loop_cond);
        rewrite(&mut comprehension.loop_step);
        let condition = std::mem::take(&mut comprehension.loop_cond);
        comprehension.loop_cond = call(condition.id, LOGICAL_AND, vec![tick(id, turn), condition]);
    }
}

/// The nodes of an expression; its depth is limited.
fn count(expr: &IdedExpr) -> usize {
    1 + children(expr).into_iter().map(count).sum::<usize>()
}

fn appends(comprehension: &ComprehensionExpr) -> bool {
    is_empty_list(&comprehension.accu_init)
}

fn is_empty_list(expr: &IdedExpr) -> bool {
    matches!(&expr.expr, Expr::List(list) if list.elements.is_empty())
}

fn pay_in_step(id: u64, turn: usize, step: &mut IdedExpr) {
    let Expr::Call(outer) = &mut step.expr else {
        return rewrite(step);
    };
    if outer.func_name == ADD {
        // `@result + [expr]`: pay inside the list, so that the shape stays.
        if let Some(IdedExpr { expr: Expr::List(list), .. }) = outer.args.get_mut(1) {
            for element in &mut list.elements {
                rewrite(element);
                let inner = std::mem::take(element);
                *element = call(inner.id, "@keep", vec![number(id, turn), inner]);
            }
        }
    } else if outer.args.len() == 3 {
        // `guard ? @result + [x] : @result`: pay in the guard.
        rewrite(&mut outer.args[0]);
        let guard = std::mem::take(&mut outer.args[0]);
        outer.args[0] = call(guard.id, LOGICAL_AND, vec![tick(id, turn), guard]);
        if let Expr::Call(append) = &mut outer.args[1].expr
            && let Some(IdedExpr { expr: Expr::List(list), .. }) = append.args.get_mut(1)
        {
            list.elements.iter_mut().for_each(copied);
        }
    } else {
        rewrite(step);
    }
}

fn tick(id: u64, turn: usize) -> IdedExpr {
    call(id, "@tick", vec![number(id, turn)])
}

fn number(id: u64, n: usize) -> IdedExpr {
    // An expression has at most as many nodes as `Limit::NODES`.
    let value = i64::try_from(n).unwrap_or(i64::MAX);
    IdedExpr { id, expr: Expr::Literal(LiteralValue::Int(value.into())) }
}
