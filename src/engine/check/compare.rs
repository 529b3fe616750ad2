//! Comparisons that can never hold, or always do: nearly always a slip of the pen.

use super::infer::Inference;
use super::unify::{is_free, is_number};
use super::words;
use crate::document::{closest, did_you_mean};
use crate::engine::syntax::{Binary, Bytes, Expr, ExprId, Literal, Unary};
use crate::engine::types::Type;

impl Inference<'_> {
    pub(super) fn equality(&mut self, operator: Binary, at: &Bytes, sides: [ExprId; 2], of: [&Type; 2]) -> Type {
        let [left, right] = sides;
        if !self.found.comparable(of[0], of[1]) {
            let types = [self.found.settle(of[0]), self.found.settle(of[1])];
            let verdict = if operator == Binary::Equals { "never equal" } else { "never equal, so this always holds" };
            let message = format!("{} are {verdict}", words::with_and(&types));
            let help = words::equality_help(&types, self.ast, sides);
            self.wrong(at.clone(), message, help);
            return Type::Bool;
        }
        let verdict = if operator == Binary::Equals { "this never holds" } else { "this always holds" };
        for (text, other) in [(left, of[1]), (right, of[0])] {
            self.value_of(text, &self.found.resolve(other), &format!("{verdict}: the field is never"));
        }
        let both = self.ast.span(left).start..self.ast.span(right).end;
        self.never_or_always(operator, left, right, &both);
        Type::Bool
    }

    pub(super) fn membership(&mut self, at: &Bytes, sides: [ExprId; 2], of: [&Type; 2]) -> Type {
        let [left, right] = sides;
        let container = self.found.resolve(of[1]);
        let item = match &container {
            of if is_free(of) => return Type::Bool,
            Type::List(item) => (**item).clone(),
            Type::Map(key, _) => (**key).clone(),
            Type::Record(_) => Type::String,
            Type::Optional(_) => {
                let help = "Take the value out with `.orValue([])`.";
                self.wrong(
                    self.ast.span(right),
                    format!("`in` looks into a list or a map, and this is {container}"),
                    help,
                );
                return Type::Bool;
            }
            other => {
                let message = format!("`in` looks into a list or a map, and this is {other}");
                let help = if Self::is_text(other) {
                    "Whether a text holds another is `text.contains(part)`."
                } else {
                    "Compare with `==`, or put the values into a list: `[a, b]`."
                };
                self.wrong(self.ast.span(right), message, help);
                return Type::Bool;
            }
        };
        if !self.found.comparable(of[0], &item) {
            let types = [self.found.settle(of[0]), self.found.settle(&item)];
            let message = format!("this never holds: {} is looked for among {}", types[0], types[1]);
            let help = words::equality_help(&types, self.ast, [left, right]);
            self.wrong(at.clone(), message, help);
            return Type::Bool;
        }
        if let Expr::List(items) = self.ast.expr(right) {
            let wanted = self.found.resolve(of[0]);
            for item in items {
                self.value_of(item.value, &wanted, "the field is never");
            }
        }
        // `'text' in doc.list_of_listed_values`
        self.value_of(left, &self.found.resolve(&item), "this never holds: no item is ever");
        Type::Bool
    }

    /// A literal text that is compared with a field whose values a schema lists has to be one of them.
    fn value_of(&mut self, text: ExprId, of: &Type, what: &str) {
        let (Some(value), Some(values)) = (self.text_of(text), Self::values_of(of)) else { return };
        if values.iter().any(|known| **known == *value) {
            return;
        }
        let names = values.iter().map(|known| &**known);
        let help = did_you_mean(closest(value, names.clone()), format!("Its values are {}.", words::listed(names)));
        let message = format!("{what} `{}`", crate::source::clip(value, 60));
        self.wrong(self.ast.span(text), message, help);
    }

    /// Comparisons whose answer is known without looking.
    pub(super) fn never_or_always(&mut self, operator: Binary, left: ExprId, right: ExprId, both: &Bytes) {
        self.same_on_both_sides(operator, left, right, both);
        // A size below zero.
        for (size, number, flipped) in [(left, right, false), (right, left, true)] {
            let (true, Some(number)) = (self.is_size(size), self.number(number)) else { continue };
            let operator = if flipped { operator.mirrored() } else { operator };
            let answer = match operator {
                Binary::Less if number <= 0.0 => Some("never"),
                Binary::LessEquals | Binary::Equals if number < 0.0 => Some("never"),
                Binary::GreaterEquals if number <= 0.0 => Some("always"),
                Binary::Greater | Binary::NotEquals if number < 0.0 => Some("always"),
                _ => None,
            };
            if let Some(answer) = answer {
                let message = format!("this {answer} holds: a size is zero or more");
                self.wrong(both.clone(), message, "Compare with another number; not empty is `size(x) > 0`.");
            }
        }
    }

    fn same_on_both_sides(&mut self, operator: Binary, left: ExprId, right: ExprId, both: &Bytes) {
        let compares = matches!(
            operator,
            Binary::Equals
                | Binary::NotEquals
                | Binary::Less
                | Binary::LessEquals
                | Binary::Greater
                | Binary::GreaterEquals
        );
        // Only what is read from somewhere: literals are compared in examples of functions.
        if compares && self.is_path(left) && self.alike(left, right) {
            let message = "both sides are the same, so this does not depend on the document";
            self.wrong(both.clone(), message, "Compare with something else, or take the comparison away.");
        }
    }

    fn is_path(&self, id: ExprId) -> bool {
        match self.ast.expr(id) {
            Expr::Ident(_) => true,
            Expr::Select { operand, .. } => self.is_path(*operand),
            _ => false,
        }
    }

    fn alike(&self, left: ExprId, right: ExprId) -> bool {
        match (self.ast.expr(left), self.ast.expr(right)) {
            (Expr::Ident(left), Expr::Ident(right)) => left == right,
            (
                Expr::Select { operand: left, field, optional },
                Expr::Select { operand: right, field: other, optional: also },
            ) => field.text == other.text && optional == also && self.alike(*left, *right),
            _ => false,
        }
    }

    fn is_size(&self, id: ExprId) -> bool {
        matches!(self.ast.expr(id), Expr::Call { function, .. } if function.text == "size")
    }

    fn number(&self, id: ExprId) -> Option<f64> {
        match self.ast.expr(id) {
            Expr::Literal(Literal::Int(number)) => Some(*number as f64),
            Expr::Literal(Literal::Double(number)) => Some(*number),
            Expr::Unary { operator: Unary::Negate, operand } => self.number(*operand).map(|number| -number),
            _ => None,
        }
    }
}

/// Whether a type is one that numbers are written in.
pub(super) fn mixes_numbers(of: &[Type]) -> bool {
    of.iter().all(is_number) && of.windows(2).any(|pair| pair[0] != pair[1])
}
