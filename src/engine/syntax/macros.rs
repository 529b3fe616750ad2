//! Calls that are macros: they bind names, so their arguments are not what arguments of functions are.

use super::SyntaxError;
use super::ast::{Expr, ExprId, Literal, Loop, LoopKind, Name};
use super::lexer::Kind;
use super::parser::{Argument, Parsed, Parser, Part};

/// Macros with a variable: the name, what it makes, how many variables, and how many arguments.
const LOOPS: &[(&str, LoopKind, usize, std::ops::RangeInclusive<usize>)] = &[
    ("all", LoopKind::All, 1, 2..=2),
    ("exists", LoopKind::Exists, 1, 2..=2),
    ("exists_one", LoopKind::ExistsOne, 1, 2..=2),
    ("existsOne", LoopKind::ExistsOne, 1, 2..=2),
    ("filter", LoopKind::Filter, 1, 2..=2),
    ("map", LoopKind::Map, 1, 2..=3),
    ("sortBy", LoopKind::SortBy, 1, 2..=2),
    ("all", LoopKind::All, 2, 3..=3),
    ("exists", LoopKind::Exists, 2, 3..=3),
    ("exists_one", LoopKind::ExistsOne, 2, 3..=3),
    ("existsOne", LoopKind::ExistsOne, 2, 3..=3),
    ("transformList", LoopKind::TransformList, 2, 3..=4),
    ("transformMap", LoopKind::TransformMap, 2, 3..=4),
    ("transformMapEntry", LoopKind::TransformMapEntry, 2, 3..=4),
];

impl Parser<'_> {
    /// `target.name(arguments)`: a macro when its shape fits, else a call.
    pub(super) fn method(&mut self, target: Part, name: Name, arguments: Vec<Argument>) -> Parsed<Expr> {
        let count = arguments.len();
        if let Some((_, kind, variables, _)) =
            LOOPS.iter().find(|(word, _, _, counts)| *word == name.text && counts.contains(&count))
        {
            return self.walk(*kind, *variables, target, name, arguments);
        }
        if count == 2 && matches!(name.text.as_str(), "optMap" | "optFlatMap") {
            let mut arguments = arguments.into_iter();
            let variable = self.variable(arguments.next(), &name)?;
            let body = self.last(arguments);
            return Ok(Expr::OptMap { target: target.id, name: variable, body, flat: name.text == "optFlatMap" });
        }
        let args = arguments.into_iter().map(|argument| self.node(argument)).collect();
        Ok(Expr::Call { target: Some(target.id), function: name, args })
    }

    /// `name(arguments)`: the macro `has`, else a call.
    pub(super) fn function(&mut self, name: Name, arguments: Vec<Argument>) -> Parsed<Expr> {
        if name.text == "has"
            && let [Argument::Part(part)] = arguments.as_slice()
        {
            return self.presence(*part);
        }
        let args = arguments.into_iter().map(|argument| self.node(argument)).collect();
        Ok(Expr::Call { target: None, function: name, args })
    }

    /// `has(operand.field)`: the selection, parsed last, gives way to the question for it.
    fn presence(&mut self, part: Part) -> Parsed<Expr> {
        match self.ast.expr(part.id) {
            Expr::Select { optional: false, .. } => {}
            expr => {
                let help = match expr {
                    Expr::Index { .. } => "Of a key in brackets, ask `'key' in map`.",
                    Expr::Select { .. } => "What `.?` gives is asked with `hasValue()`.",
                    _ => "Write `has(doc.owner)`: whether `doc` has the field `owner`.",
                };
                return Err(self.misused(part, "`has` asks for a field".to_owned(), help));
            }
        }
        let Some(Expr::Select { operand, field, .. }) = self.ast.pop() else {
            return Err(self.misused(part, "`has` asks for a field".to_owned(), ""));
        };
        Ok(Expr::Has { operand, field })
    }

    fn walk(
        &mut self,
        kind: LoopKind,
        variables: usize,
        range: Part,
        keyword: Name,
        arguments: Vec<Argument>,
    ) -> Parsed<Expr> {
        let sorted = self.ast.expr(range.id);
        if kind == LoopKind::SortBy && matches!(sorted, Expr::Literal(_) | Expr::Map(_) | Expr::Struct { .. }) {
            return Err(self.misused(range, "`sortBy` sorts lists".to_owned(), "Write `list.sortBy(x, key of x)`."));
        }
        let mut arguments = arguments.into_iter();
        let variable = self.variable(arguments.next(), &keyword)?;
        let second = (variables == 2).then(|| self.variable(arguments.next(), &keyword)).transpose()?;
        if let Some(second) = &second
            && second.text == variable.text
        {
            return Err(SyntaxError {
                at: second.span.start as usize..second.span.end as usize,
                message: format!("both variables are called `{}`", second.text),
                help: "Give them different names.".to_owned(),
            });
        }
        let guard = if arguments.len() == 2 { arguments.next().map(|argument| self.node(argument)) } else { None };
        let body = self.last(arguments);
        Ok(Expr::Loop(Loop { kind, keyword, range: range.id, variable, second, guard, body }))
    }

    fn last(&mut self, mut arguments: std::vec::IntoIter<Argument>) -> ExprId {
        match arguments.next() {
            Some(argument) => self.node(argument),
            // The arguments were counted: there is one.
            None => self.ast.push(0..0, Expr::Literal(Literal::Null)),
        }
    }

    /// The name that a macro binds.
    fn variable(&mut self, argument: Option<Argument>, keyword: &Name) -> Parsed<Name> {
        match argument {
            Some(Argument::Name(name)) => Ok(name),
            Some(Argument::Part(part)) => {
                let message = format!("`{}` wants a new name here, which its last argument uses", keyword.text);
                let help = if LOOPS.iter().any(|(word, _, variables, _)| *word == keyword.text && *variables == 1) {
                    format!("Write `list.{}(x, ... x ...)`.", keyword.text)
                } else {
                    format!("Put a plain name such as `x` into `{}`.", keyword.text)
                };
                Err(self.misused(part, message, &help))
            }
            None => Err(self.left_over()),
        }
    }

    /// Whether `cel.bind(` follows.
    pub(super) fn begins_bind(&self) -> bool {
        let is = |ahead: usize, text: &str| {
            self.tokens
                .get(self.next + ahead)
                .is_some_and(|token| token.kind != Kind::Text && self.written(token) == text)
        };
        is(0, "cel") && is(1, ".") && is(2, "bind") && is(3, "(")
    }

    /// `cel.bind(name, value, body)`; `keyword` is `bind`, which has been read.
    pub(super) fn bind(&mut self, from: u32, keyword: Name) -> Parsed<Part> {
        let (arguments, to) = self.arguments()?;
        if arguments.len() != 3 {
            let at = keyword.span.start as usize..keyword.span.end as usize;
            let message =
                format!("`cel.bind` takes a name, a value and an expression; here are {} arguments", arguments.len());
            return Err(SyntaxError { at, message, help: "Write `cel.bind(x, value, ... x ...)`.".to_owned() });
        }
        let mut arguments = arguments.into_iter();
        let name = self.variable(arguments.next(), &keyword)?;
        let value = arguments.next().map(|argument| self.node(argument));
        let body = self.last(arguments);
        let expr = Expr::Bind { name, value: value.unwrap_or(body), body };
        Ok(Part { id: self.ast.push(from..to, expr), from, to })
    }

    fn misused(&self, part: Part, message: String, help: &str) -> SyntaxError {
        SyntaxError { at: part.from as usize..part.to as usize, message, help: help.to_owned() }
    }
}
