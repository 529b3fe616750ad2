//! Fields that may be missing, where a policy decides whether it applies, and names that may be null:
//! reading them makes the answer unknown. What asks first (`has`, `.?`, `!= null`) is understood.

use super::Typed;
use crate::engine::cel::HISTORY;
use crate::engine::syntax::{Ast, Binary, Bytes, Expr, ExprId, Literal, LoopKind, Name, Unary};
use crate::engine::types::{Record, Type};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// An expression with its types.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// Its parts.
    pub ast: &'a Ast,
    /// Their types.
    pub typed: &'a Typed,
}

/// A field that is read and may be missing, or a name that may be null and whose field is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unguarded {
    /// The variable whose expression reads it; `None` for the condition itself.
    pub variable: Option<String>,
    /// The field or the name, in the bytes of that expression.
    pub at: Bytes,
    /// The path that is read: `doc.lifecycle.stage`; of what may be null its name alone.
    pub path: String,
    /// The field of the path that may be missing first; 0 is the name in front.
    pub first: usize,
}

/// Paths that are there for sure.
type Facts = BTreeSet<String>;

/// Variables within variables are followed so deep; they can only read those above them.
const DEPTH: usize = 32;

/// Parts of expressions that are looked at for one condition, those of variables again at each use.
const STEPS: usize = 50_000;

/// Names of records that are null at times: documents that are new have no `base`.
const NULLABLE: &[&str] = &["base", "pr"];

/// The reads of `condition`, and of the variables it reads, that nothing guards once all of `given` hold.
pub fn unguarded<'a>(condition: Part<'a>, given: &[Part<'a>], variables: &BTreeMap<&str, Part<'a>>) -> Vec<Unguarded> {
    let mut walk = Walk {
        variables,
        found: Vec::new(),
        within: Vec::new(),
        steps: Cell::new(STEPS),
        known: RefCell::default(),
        read: HashSet::new(),
    };
    if !condition.ast.is_empty() {
        let given = given.iter().filter(|part| !part.ast.is_empty());
        let known = given.flat_map(|part| walk.facts(*part, part.ast.root(), true, 0)).collect();
        walk.read(condition, condition.ast.root(), &known);
    }
    walk.found
}

struct Walk<'w, 'a> {
    variables: &'w BTreeMap<&'w str, Part<'a>>,
    found: Vec<Unguarded>,
    within: Vec<String>,
    /// Parts that may still be looked at; beyond them nothing is said.
    steps: Cell<usize>,
    /// What variables tell, by their names and how they come out.
    known: RefCell<HashMap<(String, bool), Facts>>,
    /// Variables that were read, with what was known there.
    read: HashSet<(String, Facts)>,
}

impl<'a> Walk<'_, 'a> {
    fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// The variable that a part names, as `variables.x`.
    fn variable(&self, part: Part<'a>, id: ExprId) -> Option<(String, Part<'a>)> {
        let Expr::Select { operand, field, optional: false } = part.ast.expr(id) else { return None };
        let Expr::Ident(space) = part.ast.expr(*operand) else { return None };
        let variable = self.variables.get(field.text.as_str()).filter(|_| space == "variables")?;
        Some((field.text.clone(), *variable))
    }

    /// Walks over everything that is evaluated, knowing that `known` is there.
    fn read(&mut self, part: Part<'a>, id: ExprId, known: &Facts) {
        let ast = part.ast;
        if !self.step() {
            return;
        }
        if let Some((name, variable)) = self.variable(part, id) {
            if self.within.len() < DEPTH && self.read.insert((name.clone(), known.clone())) {
                self.within.push(name);
                self.read(variable, variable.ast.root(), known);
                self.within.pop();
            }
            return;
        }
        match ast.expr(id) {
            Expr::Select { operand, field, optional } => {
                let before = self.found.len();
                self.read(part, *operand, known);
                self.not_null(part, *operand, known);
                if *optional {
                    return;
                }
                if self.found.len() > before && matches!(ast.expr(*operand), Expr::Select { .. }) {
                    // One chain is one mistake: what stands behind the first field that may be missing
                    // belongs to it.
                    if let (Some(found), Some(path)) = (self.found.last_mut().filter(|f| f.first > 0), path(ast, id)) {
                        found.at.end = field.span.end;
                        found.path = path;
                    }
                } else if may_be_missing(part.typed.type_of(*operand), &field.text) {
                    self.report(part, id, field.span.clone(), known);
                }
            }
            Expr::Index { operand, key, optional: false } => {
                self.read(part, *operand, known);
                self.read(part, *key, known);
                self.not_null(part, *operand, known);
                if let Expr::Literal(Literal::Text(field)) = ast.expr(*key)
                    && may_be_missing(part.typed.type_of(*operand), field)
                {
                    self.report(part, id, ast.span(*key), known);
                }
            }
            Expr::Has { operand, .. } => {
                self.read(part, *operand, known);
                self.not_null(part, *operand, known);
            }
            Expr::Binary { operator: operator @ (Binary::And | Binary::Or), left, right, .. } => {
                // An error on one side counts only where the other side does not decide, in any order.
                let truth = *operator == Binary::And;
                let with = |facts: Facts| facts.union(known).cloned().collect::<Facts>();
                self.read(part, *left, &with(self.facts(part, *right, truth, 0)));
                self.read(part, *right, &with(self.facts(part, *left, truth, 0)));
            }
            Expr::Conditional { condition, then, otherwise } => {
                self.read(part, *condition, known);
                for (branch, truth) in [(*then, true), (*otherwise, false)] {
                    let facts = self.facts(part, *condition, truth, 0);
                    self.read(part, branch, &facts.union(known).cloned().collect());
                }
            }
            Expr::Loop(walk) => {
                self.read(part, walk.range, known);
                let mut inner = without(known, [Some(&walk.variable), walk.second.as_ref()].into_iter().flatten());
                // Of two names of a list the second is the item.
                let item = walk.second.as_ref().unwrap_or(&walk.variable);
                inner.extend(self.items_of(part, walk.range, &item.text));
                if let Some(guard) = walk.guard {
                    self.read(part, guard, &inner);
                    inner.extend(self.facts(part, guard, true, 0));
                }
                self.read(part, walk.body, &inner);
            }
            Expr::Bind { name, value: outer, body } | Expr::OptMap { name, target: outer, body, .. } => {
                self.read(part, *outer, known);
                self.read(part, *body, &without(known, [name]));
            }
            _ => ast.children(id).into_iter().for_each(|child| self.read(part, child, known)),
        }
    }

    /// What is there in each item of a list that `filter` made, said of the name `item`.
    fn items_of(&self, part: Part<'a>, list: ExprId, item: &str) -> Facts {
        if let Some((_, variable)) = self.variable(part, list) {
            return self.items_of(variable, variable.ast.root(), item);
        }
        let filter = match part.ast.expr(list) {
            Expr::Loop(filter) if filter.kind == LoopKind::Filter => filter,
            Expr::Loop(sorted) if sorted.kind == LoopKind::SortBy => return self.items_of(part, sorted.range, item),
            _ => return Facts::new(),
        };
        let facts = self.facts(part, filter.body, true, 0);
        let own = format!("{}.", filter.variable.text);
        let renamed = facts.iter().filter_map(|path| Some(format!("{item}.{}", path.strip_prefix(&own)?)));
        let mut facts: Facts = renamed.collect();
        facts.extend(self.items_of(part, filter.range, item));
        facts
    }

    /// A field is asked of what may be null.
    fn not_null(&mut self, part: Part<'a>, operand: ExprId, known: &Facts) {
        if matches!(part.ast.expr(operand), Expr::Ident(name) if NULLABLE.contains(&name.as_str())) {
            self.report(part, operand, part.ast.span(operand), known);
        }
    }

    fn report(&mut self, part: Part<'a>, id: ExprId, at: Bytes, known: &Facts) {
        // What has no name cannot be asked for before.
        let Some(path) = path(part.ast, id).filter(|path| !known.contains(path)) else { return };
        let first = path.matches('.').count();
        let unguarded = Unguarded { variable: self.within.last().cloned(), path, at, first };
        if !self.found.iter().any(|f| f.variable == unguarded.variable && f.path == unguarded.path) {
            self.found.push(unguarded);
        }
    }

    /// What is there for sure once a part has come out true, or false.
    fn facts(&self, part: Part<'a>, id: ExprId, truth: bool, depth: usize) -> Facts {
        if depth > DEPTH || !self.step() {
            return Facts::new();
        }
        if let Some((name, variable)) = self.variable(part, id) {
            let key = (name, truth);
            if let Some(facts) = self.known.borrow().get(&key) {
                return facts.clone();
            }
            let facts = self.facts(variable, variable.ast.root(), truth, depth + 1);
            self.known.borrow_mut().insert(key, facts.clone());
            return facts;
        }
        let both = |left: ExprId, right: ExprId, all: bool| -> Facts {
            let (left, right) = (self.facts(part, left, truth, depth + 1), self.facts(part, right, truth, depth + 1));
            if all { left.union(&right).cloned().collect() } else { left.intersection(&right).cloned().collect() }
        };
        match part.ast.expr(id) {
            Expr::Has { operand, field } if truth => path(part.ast, *operand)
                .map_or_else(Facts::new, |operand| with_parents(&format!("{operand}.{}", field.text))),
            Expr::Unary { operator: Unary::Not, operand } => self.facts(part, *operand, !truth, depth + 1),
            Expr::Binary { operator: Binary::And, left, right, .. } => both(*left, *right, truth),
            Expr::Binary { operator: Binary::Or, left, right, .. } => both(*left, *right, !truth),
            // `'field' in doc`
            Expr::Binary { operator: Binary::In, left, right, .. }
                if truth && matches!(part.ast.expr(*left), Expr::Literal(Literal::Text(_))) =>
            {
                match (part.ast.expr(*left), path(part.ast, *right)) {
                    (Expr::Literal(Literal::Text(field)), Some(operand)) => with_parents(&format!("{operand}.{field}")),
                    _ => Facts::new(),
                }
            }
            Expr::Binary { operator, left, right, .. } => self.by_comparison(part, *operator, *left, *right, truth),
            // `doc.?flag.orValue(false)`
            Expr::Call { .. }
                if truth
                    && with_default(part.ast, id).is_some_and(|(_, default)| {
                        matches!(part.ast.expr(default), Expr::Literal(Literal::Bool(false)))
                    }) =>
            {
                with_default(part.ast, id).map_or_else(Facts::new, |(path, _)| with_parents(&path))
            }
            // `doc.?field.hasValue()`
            Expr::Call { target: Some(target), function, .. } if truth && function.text == "hasValue" => {
                path(part.ast, *target).map_or_else(Facts::new, |path| with_parents(&path))
            }
            _ => Facts::new(),
        }
    }
}

impl Walk<'_, '_> {
    /// What a comparison tells: a field read with a default is there when it differs from the default.
    fn by_comparison(&self, part: Part<'_>, operator: Binary, left: ExprId, right: ExprId, truth: bool) -> Facts {
        let ast = part.ast;
        let is_constant = matches!(ast.expr(left), Expr::Literal(_));
        let (operator, left, right) =
            if is_constant { (operator.mirrored(), right, left) } else { (operator, left, right) };
        let there = match (operator, truth, ast.expr(right)) {
            // `doc.?list.orValue([]).size() > 0` and its like
            (Binary::Greater | Binary::NotEquals, true, Expr::Literal(Literal::Int(0)))
            | (Binary::Equals | Binary::LessEquals, false, Expr::Literal(Literal::Int(0))) => size_of(ast, left),
            (Binary::GreaterEquals | Binary::Equals, true, Expr::Literal(Literal::Int(1..)))
            | (Binary::Less, false, Expr::Literal(Literal::Int(1..))) => size_of(ast, left),
            // `base != null`
            (Binary::NotEquals, true, Expr::Literal(Literal::Null))
            | (Binary::Equals, false, Expr::Literal(Literal::Null)) => path(ast, left),
            _ => None,
        };
        let there = there.or_else(|| {
            let (path, default) = with_default(ast, left)?;
            let Expr::Literal(default) = ast.expr(default) else { return None };
            let differs = match (operator, ast.expr(right)) {
                // `doc.?field.orValue('') == 'a'`, `doc.?field.orValue('') != ''`
                (Binary::Equals, Expr::Literal(other)) => (default != other) == truth && (truth || default == other),
                (Binary::NotEquals, Expr::Literal(other)) => (default == other) == truth && (truth || default != other),
                // `doc.?field.orValue('') in ['a', 'b']`
                (Binary::In, Expr::List(items)) => {
                    truth
                        && items.iter().all(|item| match ast.expr(item.value) {
                            Expr::Literal(other) => default != other,
                            _ => false,
                        })
                }
                _ => false,
            };
            differs.then_some(path)
        });
        there.map_or_else(Facts::new, |path| with_parents(&path))
    }
}

/// What is known, without what is said of names that are bound anew: these are not the ones that may be null.
fn without<'n>(known: &Facts, names: impl IntoIterator<Item = &'n Name>) -> Facts {
    let names: Vec<&str> = names.into_iter().map(|name| name.text.as_str()).collect();
    let outer = known.iter().filter(|path| !names.contains(&path.split('.').next().unwrap_or_default()));
    outer.cloned().chain(names.iter().map(|name| (*name).to_owned())).collect()
}

/// The path of `path.?field.orValue(default)`, and the default.
fn with_default(ast: &Ast, id: ExprId) -> Option<(String, ExprId)> {
    let Expr::Call { target: Some(target), function, args } = ast.expr(id) else { return None };
    let optional = matches!(ast.expr(*target), Expr::Select { optional: true, .. });
    let [default] = args.as_slice() else { return None };
    (optional && function.text == "orValue").then_some((path(ast, *target)?, *default))
}

/// The path of `path.?list.orValue([]).size()`.
fn size_of(ast: &Ast, id: ExprId) -> Option<String> {
    let Expr::Call { target, function, args } = ast.expr(id) else { return None };
    let of = target.or(args.first().copied()).filter(|_| function.text == "size")?;
    let (path, default) = with_default(ast, of)?;
    matches!(ast.expr(default), Expr::List(items) if items.is_empty()).then_some(path)
}

/// Whether a document that is in order may lack the field.
fn may_be_missing(of: &Type, field: &str) -> bool {
    match of {
        Type::Record(Record::Document(shape)) => !(shape.requires(field) || shape.is_root() && field == HISTORY),
        _ => false,
    }
}

/// A chain of selections as text; optional selections count like others.
fn path(ast: &Ast, id: ExprId) -> Option<String> {
    match ast.expr(id) {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select { operand, field, .. } => Some(format!("{}.{}", path(ast, *operand)?, field.text)),
        Expr::Index { operand, key, .. } => match ast.expr(*key) {
            Expr::Literal(Literal::Text(field)) => Some(format!("{}.{field}", path(ast, *operand)?)),
            _ => None,
        },
        _ => None,
    }
}

/// A path that is there is so with everything in front of it.
fn with_parents(path: &str) -> Facts {
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| path[..end].to_owned()).collect()
}
