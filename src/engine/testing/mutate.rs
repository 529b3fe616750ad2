//! Small changes to a policy that its cases should notice.
//!
//! Few kinds, each of which changes what the policy says wherever it can be told: comparisons moved by
//! their boundary or turned round, one side of a condition left out, one branch taken always, `all` and
//! `exists` exchanged, filters left out, whole numbers moved by one. Exchanging `&&` and `||` is not
//! among them: whoever notices that a side is missing notices that too.

use crate::engine::syntax::{Ast, Binary, Expr, ExprId, Literal, LoopKind, Unary, parse};
use crate::finding::Spot;
use crate::policy::{Expression, Policy};
use std::ops::Range;
use std::sync::Arc;

/// A changed policy.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// The changed part in the policy file.
    pub place: Spot,
    /// The part as it is.
    pub was: String,
    /// The part as the change makes it.
    pub now: String,
    /// What kind of case would notice.
    pub help: &'static str,
    /// The policy with the change.
    pub policy: Arc<Policy>,
}

/// An expression of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    When,
    ForEach,
    Variable(usize),
    Validation(usize),
}

/// A change of an expression's text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    /// The bytes of the part.
    part: Range<usize>,
    /// What stands there instead.
    now: String,
    help: &'static str,
}

/// Every change of what decides an outcome: variables that only messages and places read are left alone.
/// A change that is no valid expression is among them; compiling tells.
pub fn mutants(policy: &Policy) -> Vec<Mutant> {
    let deciding = deciding(policy);
    deciding.into_iter().flat_map(|slot| of_slot(policy, slot)).collect()
}

fn of_slot(policy: &Policy, slot: Slot) -> Vec<Mutant> {
    let Some(expression) = expression(policy, slot) else { return Vec::new() };
    let mutant = |change: Change| {
        let text = &expression.text;
        let mut changed = policy.clone();
        set(&mut changed, slot, format!("{}{}{}", &text[..change.part.start], change.now, &text[change.part.end..]));
        let span = policy.tree.part(expression.node, change.part.clone());
        Mutant {
            place: Spot::new(policy.tree.file(), span),
            was: one_line(&text[change.part]),
            now: one_line(unbracketed(&change.now)),
            help: change.help,
            policy: Arc::new(changed),
        }
    };
    changes(&expression.text, slot == Slot::When).into_iter().map(mutant).collect()
}

/// Text on one line, as it is shown and compared.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The brackets around what replaces a part are ours.
fn unbracketed(text: &str) -> &str {
    text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(text)
}

fn expression(policy: &Policy, slot: Slot) -> Option<&Expression> {
    match slot {
        Slot::When => policy.when.as_ref(),
        Slot::ForEach => policy.for_each.as_ref(),
        Slot::Variable(at) => policy.variables.get(at).map(|(_, e)| e),
        Slot::Validation(at) => policy.validations.get(at).map(|v| &v.expression),
    }
}

fn set(policy: &mut Policy, slot: Slot, text: String) {
    let expression = match slot {
        Slot::When => policy.when.as_mut(),
        Slot::ForEach => policy.for_each.as_mut(),
        Slot::Variable(at) => policy.variables.get_mut(at).map(|(_, e)| e),
        Slot::Validation(at) => policy.validations.get_mut(at).map(|v| &mut v.expression),
    };
    if let Some(expression) = expression {
        expression.text = text;
    }
}

/// The expressions that decide an outcome, in the order of the file.
fn deciding(policy: &Policy) -> Vec<Slot> {
    let reads = |slot: Slot| expression(policy, slot).map(|e| variables(&e.text)).unwrap_or_default();
    let validations = (0..policy.validations.len()).map(Slot::Validation);
    let first: Vec<Slot> = [Slot::ForEach, Slot::When].into_iter().chain(validations.clone()).collect();
    let mut read: Vec<String> = first.into_iter().flat_map(reads).collect();
    let mut used = vec![false; policy.variables.len()];
    // A variable reads only those above it.
    for at in (0..policy.variables.len()).rev() {
        if read.contains(&policy.variables[at].0) {
            used[at] = true;
            read.extend(reads(Slot::Variable(at)));
        }
    }
    let variables = (0..policy.variables.len()).filter(|at| used[*at]).map(Slot::Variable);
    [Slot::ForEach, Slot::When].into_iter().chain(variables).chain(validations).collect()
}

/// The variables that an expression reads.
fn variables(text: &str) -> Vec<String> {
    let Ok(ast) = parse(text) else { return Vec::new() };
    let name = |id: u32| match ast.expr(ExprId(id)) {
        Expr::Select { operand, field, .. } | Expr::Has { operand, field } => {
            matches!(ast.expr(*operand), Expr::Ident(name) if name == "variables").then(|| field.text.clone())
        }
        _ => None,
    };
    (0..ast.len() as u32).filter_map(name).collect()
}

/// Every change of an expression.
fn changes(text: &str, condition: bool) -> Vec<Change> {
    let Ok(ast) = parse(text) else { return Vec::new() };
    let mut found = Vec::new();
    if condition {
        let help = "Add a case to which the policy does not apply and that would have a finding.";
        found.push(Change { part: 0..text.len(), now: "true".to_owned(), help });
    }
    let mut writer = Writer { text, ast: &ast, found, inner: Vec::new() };
    // From the whole to its parts: a chain is met where it begins.
    (0..ast.len() as u32).rev().for_each(|id| writer.node(ExprId(id)));
    let mut found = writer.found;
    found.sort_by_key(|change| (change.part.start, std::cmp::Reverse(change.part.end)));
    found
}

struct Writer<'a> {
    text: &'a str,
    ast: &'a Ast,
    found: Vec<Change>,
    /// Parts of chains that are taken apart already.
    inner: Vec<ExprId>,
}

impl Writer<'_> {
    fn range(&self, id: ExprId) -> Range<usize> {
        let span = self.ast.span(id);
        span.start as usize..span.end as usize
    }

    /// The part `id` becomes the part `kept` alone.
    fn keep(&mut self, id: ExprId, kept: ExprId, help: &'static str) {
        let now = format!("({})", &self.text[self.range(kept)]);
        self.found.push(Change { part: self.range(id), now, help });
    }

    /// In the part `id` the bytes `at` become `now`.
    fn replace(&mut self, id: ExprId, at: Range<usize>, now: &str, help: &'static str) {
        let part = self.range(id);
        let now = format!("({}{now}{})", &self.text[part.start..at.start], &self.text[at.end..part.end]);
        self.found.push(Change { part, now, help });
    }

    /// Each condition of a chain of `&&` or `||` that begins at the part `id` is left out.
    fn leave_out(&mut self, id: ExprId, operator: Binary) {
        if self.inner.contains(&id) {
            return;
        }
        let (neutral, help) = match operator {
            Binary::And => ("true", "Add a case in which this alone is false and decides, or leave it out."),
            _ => ("false", "Add a case in which this alone is true and decides, or leave it out."),
        };
        let mut chain = vec![id];
        while let Some(part) = chain.pop() {
            match self.ast.expr(part) {
                Expr::Binary { operator: inner, left, right, .. } if *inner == operator => {
                    self.inner.push(part);
                    chain.extend([*left, *right]);
                }
                _ => {
                    let part = self.range(part);
                    self.found.push(Change { part, now: neutral.to_owned(), help });
                }
            }
        }
    }

    /// The whole numbers right below the part `id`, which shows what they bound. The items of a list are
    /// values, which bound nothing.
    fn numbers(&mut self, id: ExprId) {
        if matches!(self.ast.expr(id), Expr::List(_)) {
            return;
        }
        let help = "Add a case at the boundary that this number sets.";
        for child in self.ast.children(id) {
            if let Expr::Literal(Literal::Int(number)) = self.ast.expr(child) {
                let at = self.range(child);
                let less = (*number > 0).then(|| number - 1);
                for now in [number.checked_add(1), less].into_iter().flatten() {
                    self.replace(id, at.clone(), &now.to_string(), help);
                }
            }
        }
    }

    fn node(&mut self, id: ExprId) {
        self.numbers(id);
        match self.ast.expr(id) {
            Expr::Binary { operator: operator @ (Binary::And | Binary::Or), .. } => self.leave_out(id, *operator),
            Expr::Binary { operator: Binary::In, .. } => {
                let part = self.range(id);
                let now = format!("(!({}))", &self.text[part.clone()]);
                let help = "Add two cases that differ in this alone.";
                self.found.push(Change { part, now, help });
            }
            Expr::Binary { operator, at, .. } => {
                let other = match operator {
                    Binary::Less => "<=",
                    Binary::LessEquals => "<",
                    Binary::Greater => ">=",
                    Binary::GreaterEquals => ">",
                    Binary::Equals => "!=",
                    Binary::NotEquals => "==",
                    _ => return,
                };
                let help = match operator {
                    Binary::Equals | Binary::NotEquals => "Add two cases that differ in this alone.",
                    _ => "Add a case in which both sides are equal.",
                };
                self.replace(id, at.start as usize..at.end as usize, other, help);
            }
            Expr::Unary { operator: Unary::Not, operand } => {
                self.keep(id, *operand, "Add two cases that differ in this alone.");
            }
            Expr::Conditional { then, otherwise, .. } => {
                self.keep(id, *then, "Add a case in which the condition is false, and its branch decides.");
                self.keep(id, *otherwise, "Add a case in which the condition is true, and its branch decides.");
            }
            Expr::Loop(walk) => {
                let at = walk.keyword.span.start as usize..walk.keyword.span.end as usize;
                let some = "Add a case with two items of which one meets this and one does not.";
                match walk.kind {
                    LoopKind::All => self.replace(id, at, "exists", some),
                    LoopKind::Exists => self.replace(id, at, "all", some),
                    LoopKind::ExistsOne => self.replace(id, at, "exists", "Add a case in which two items meet this."),
                    LoopKind::Filter => {
                        self.keep(
                            id,
                            walk.range,
                            "Add a case with an item that is left out here, and that would change the outcome.",
                        );
                    }
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change() {
        let table: &[(&str, &[&str])] = &[
            ("a < b", &["a <= b"]),
            ("a <= b", &["a < b"]),
            ("a>b", &["a>=b"]),
            ("a >= b", &["a > b"]),
            ("a == b", &["a != b"]),
            ("a != b", &["a == b"]),
            ("a in b", &["!(a in b)"]),
            ("a && b", &["true && b", "a && true"]),
            ("a || b || c", &["false || b || c", "a || false || c", "a || b || false"]),
            ("(a || b) && c", &["(true) && c", "(false || b) && c", "(a || false) && c", "(a || b) && true"]),
            ("!a", &["a"]),
            ("a ? b : c", &["b", "c"]),
            ("a + 1", &["a + 2", "a + 0"]),
            ("f(a, 0)", &["f(a, 1)"]),
            ("a[0]", &["a[1]"]),
            ("a in [1, 2]", &["!(a in [1, 2])"]),
            ("a.all(x, x)", &["a.exists(x, x)"]),
            ("a.exists(x, x)", &["a.all(x, x)"]),
            ("a.exists_one(x, x)", &["a.exists(x, x)"]),
            ("a.filter(x, x).b", &["(a).b"]),
            ("a.map(x, x)", &[]),
            ("a == '<' + \"&&\"", &["a != '<' + \"&&\""]),
            ("no (", &[]),
        ];
        for (text, expected) in table {
            let got: Vec<String> = changes(text, false)
                .into_iter()
                .map(|c| {
                    let whole = format!("{}{}{}", &text[..c.part.start], c.now, &text[c.part.end..]);
                    if c.part == (0..text.len()) { unbracketed(&c.now).to_owned() } else { whole }
                })
                .collect();
            let expected: Vec<String> =
                expected.iter().map(|t| t.replace("((a)", "((a))").replace("((b)", "((b))")).collect();
            assert_eq!(got, expected, "{text}");
        }
        assert_eq!(changes("a", true).iter().map(|c| c.now.as_str()).collect::<Vec<_>>(), ["true"]);
    }
}
