//! What is done to an expression between parsing and evaluation: comparisons go to functions that
//! know own trees, and everything that repeats or grows pays from the budget.

use cel::IdedExpr;
use cel::common::ast::operators::{ADD, EQUALS, IN, LOGICAL_AND, NOT_EQUALS};
use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr};

fn call(id: u64, name: &str, args: Vec<IdedExpr>) -> IdedExpr {
    IdedExpr { id, expr: Expr::Call(CallExpr { func_name: name.to_owned(), target: None, args }) }
}

/// Wraps `expr` into a call of `name`, keeping its id so that errors keep their place.
fn wrap(name: &str, expr: &mut IdedExpr) {
    let inner = std::mem::take(expr);
    *expr = call(inner.id, name, vec![inner]);
}

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
        Expr::List(list) => list.elements.iter_mut().for_each(rewrite),
        Expr::Map(map) => {
            for entry in &mut map.entries {
                if let EntryExpr::MapEntry(entry) = &mut entry.expr {
                    rewrite(&mut entry.key);
                    rewrite(&mut entry.value);
                }
            }
        }
        Expr::Select(select) => rewrite(&mut select.operand),
        Expr::Struct(strct) => {
            for entry in &mut strct.entries {
                if let EntryExpr::StructField(field) = &mut entry.expr {
                    rewrite(&mut field.value);
                }
            }
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

/// Gives a call its internal name; says whether its result has to be paid for.
fn rename(call: &mut CallExpr) -> bool {
    let method = call.target.is_some();
    let name = match (call.func_name.as_str(), method) {
        (EQUALS, false) => "@eq",
        (NOT_EQUALS, false) => "@ne",
        (IN, false) => "@contains",
        ("matches", _) => "@matches",
        ("replace", true) => "@replace",
        ("join", true) => "@join",
        (ADD, false) | ("format" | "flatten" | "split" | "lowerAscii" | "upperAscii" | "reverse" | "sort", true) => {
            return true;
        }
        ("distinct", true) => {
            if let Some(target) = &mut call.target {
                wrap("@square", target);
            }
            return false;
        }
        ("range", true) => {
            // `lists.range(n)`: the namespace is the target here.
            call.args.iter_mut().for_each(|n| wrap("@count", n));
            return false;
        }
        _ => return false,
    };
    call.func_name = name.to_owned();
    if let Some(target) = call.target.take() {
        call.args.insert(0, *target);
    }
    false
}

fn rewrite_loop(id: u64, comprehension: &mut ComprehensionExpr) {
    rewrite(&mut comprehension.iter_range);
    rewrite(&mut comprehension.accu_init);
    rewrite(&mut comprehension.result);
    if matches!(comprehension.loop_cond.expr, Expr::Literal(_)) && appends(comprehension) {
        // `map` and `filter` keep the shape that the crate builds in place: only the parts that the
        // author wrote change, and the step is paid where each item is guarded or made.
        pay_in_step(id, &mut comprehension.loop_step);
    } else {
        rewrite(&mut comprehension.loop_cond);
        rewrite(&mut comprehension.loop_step);
        let condition = std::mem::take(&mut comprehension.loop_cond);
        comprehension.loop_cond = call(condition.id, LOGICAL_AND, vec![call(id, "@tick", Vec::new()), condition]);
    }
}

fn appends(comprehension: &ComprehensionExpr) -> bool {
    matches!(&comprehension.accu_init.expr, Expr::List(list) if list.elements.is_empty())
}

fn pay_in_step(id: u64, step: &mut IdedExpr) {
    let Expr::Call(outer) = &mut step.expr else {
        return rewrite(step);
    };
    if outer.func_name == ADD {
        // `@result + [expr]`: pay inside the list, so that the shape stays.
        if let Some(IdedExpr { expr: Expr::List(list), .. }) = outer.args.get_mut(1) {
            for element in &mut list.elements {
                rewrite(element);
                let inner = std::mem::take(element);
                let inner_id = inner.id;
                let tick = call(id, "@tick", Vec::new());
                // A spent budget is an error, so the last branch is never taken.
                *element = call(inner_id, "_?_:_", vec![tick, inner, null(inner_id)]);
            }
        }
    } else if outer.args.len() == 3 {
        // `guard ? @result + [x] : @result`: pay in the guard.
        rewrite(&mut outer.args[0]);
        let guard = std::mem::take(&mut outer.args[0]);
        outer.args[0] = call(guard.id, LOGICAL_AND, vec![call(id, "@tick", Vec::new()), guard]);
        if let Expr::Call(append) = &mut outer.args[1].expr
            && let Some(IdedExpr { expr: Expr::List(list), .. }) = append.args.get_mut(1)
        {
            list.elements.iter_mut().for_each(rewrite);
        }
    } else {
        rewrite(step);
    }
}

fn null(id: u64) -> IdedExpr {
    IdedExpr { id, expr: Expr::Literal(cel::common::ast::LiteralValue::Null) }
}
