//! From tokens to the tree, by precedence climbing. It goes deeper only where the text opens a
//! bracket, and counts those; chains of operators and choices are loops.

use super::ast::{Ast, Binary, Bytes, Expr, ExprId, ListItem, Literal, MapEntry, Name, StructField, Unary};
use super::lexer::{Kind, Token, tokens};
use super::{Limit, SyntaxError, literal};

/// Parses an expression.
///
/// # Errors
/// The first thing that is wrong with it: it is empty, too large, or not as CEL is written.
pub fn parse(text: &str) -> Result<Ast, SyntaxError> {
    if text.len() > Limit::BYTES {
        let message = format!("the expression has {} bytes; at most {} are compiled", text.len(), Limit::BYTES);
        return Err(SyntaxError::too_large(text, message));
    }
    let (tokens, wrong) = tokens(text);
    let mut parser = Parser { text, tokens, wrong, next: 0, open: Vec::new(), ast: Ast::default() };
    if parser.kind() == Kind::End {
        return Err(SyntaxError {
            at: 0..text.len(),
            message: "the expression is empty".to_owned(),
            help: "Write a CEL expression, or leave the field out.".to_owned(),
        });
    }
    parser.expression()?;
    if parser.kind() != Kind::End {
        return Err(parser.left_over());
    }
    if parser.ast.depth() > Limit::DEPTH {
        let message = format!("the expression is nested more than {} levels deep", Limit::DEPTH);
        return Err(SyntaxError::too_large(text, message));
    }
    Ok(parser.ast)
}

/// What every step of the parser gives.
pub(super) type Parsed<T> = Result<T, SyntaxError>;

/// A node, with the bytes that it and the brackets around it cover.
#[derive(Clone, Copy)]
pub(super) struct Part {
    pub id: ExprId,
    pub from: u32,
    pub to: u32,
}

/// An argument of a call. A plain name before a comma may be the variable of a macro; it becomes a
/// node when it is none.
pub(super) enum Argument {
    Name(Name),
    Part(Part),
}

pub(super) struct Parser<'t> {
    pub text: &'t str,
    pub tokens: Vec<Token>,
    /// What is wrong with the last token, when that is [`Kind::Wrong`].
    pub wrong: Option<SyntaxError>,
    /// The token to be read.
    pub next: usize,
    /// Tokens of the brackets that are open.
    pub open: Vec<usize>,
    pub ast: Ast,
}

impl Parser<'_> {
    pub fn kind(&self) -> Kind {
        self.tokens[self.next].kind
    }

    /// The kind of a token further on; the end is followed by ends.
    fn ahead(&self, by: usize) -> Kind {
        self.tokens.get(self.next + by).map_or(Kind::End, |token| token.kind)
    }

    pub fn at(&self, symbol: &str) -> bool {
        matches!(self.kind(), Kind::Symbol(found) if found == symbol)
    }

    /// Reads a token. The last one stays.
    fn advance(&mut self) -> Token {
        let token = self.tokens[self.next].clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.at(symbol);
        if found {
            self.advance();
        }
        found
    }

    pub fn written(&self, token: &Token) -> &str {
        &self.text[token.at.clone()]
    }

    fn start(&self) -> u32 {
        self.tokens[self.next].at.start as u32
    }

    fn push(&mut self, from: u32, to: u32, expr: Expr) -> Part {
        Part { id: self.ast.push(from..to, expr), from, to }
    }

    fn name(&mut self) -> Name {
        let token = self.advance();
        let text = self.written(&token).trim_matches('`').to_owned();
        Name { text, span: token.at.start as u32..token.at.end as u32 }
    }

    /// `condition ? then : otherwise`, which groups from the right.
    pub fn expression(&mut self) -> Parsed<Part> {
        let mut choices = Vec::new();
        let mut last = loop {
            let condition = self.operators(1)?;
            if !self.at("?") {
                break condition;
            }
            let question = self.next;
            self.advance();
            let then = self.operators(1)?;
            if !self.eat(":") {
                return Err(self.half_choice(question));
            }
            choices.push((condition, then));
        };
        while let Some((condition, then)) = choices.pop() {
            let expr = Expr::Conditional { condition: condition.id, then: then.id, otherwise: last.id };
            last = self.push(condition.from, last.to, expr);
        }
        Ok(last)
    }

    /// Operators with two operands that bind at least as tightly as `level`.
    fn operators(&mut self, level: u8) -> Parsed<Part> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator().filter(|operator| operator.level() >= level) {
            if matches!(operator, Binary::Or | Binary::And) {
                let (mut terms, mut places) = (vec![left], Vec::new());
                while self.operator() == Some(operator) {
                    places.push(bytes(&self.advance()));
                    terms.push(self.operators(operator.level() + 1)?);
                }
                left = self.balanced(operator, &terms, &places);
            } else {
                let at = bytes(&self.advance());
                let right = self.operators(operator.level() + 1)?;
                let expr = Expr::Binary { operator, at, left: left.id, right: right.id };
                left = self.push(left.from, right.to, expr);
            }
        }
        Ok(left)
    }

    fn operator(&self) -> Option<Binary> {
        match self.kind() {
            Kind::Symbol(symbol) => Binary::of(symbol),
            _ => None,
        }
    }

    /// A chain of `&&` or `||`, whose grouping does not matter, as a tree that is as flat as can be.
    fn balanced(&mut self, operator: Binary, terms: &[Part], places: &[Bytes]) -> Part {
        let [first] = terms else {
            let middle = places.len() / 2;
            let left = self.balanced(operator, &terms[..=middle], &places[..middle]);
            let right = self.balanced(operator, &terms[middle + 1..], &places[middle + 1..]);
            let at = places[middle].clone();
            return self.push(left.from, right.to, Expr::Binary { operator, at, left: left.id, right: right.id });
        };
        *first
    }

    fn unary(&mut self) -> Parsed<Part> {
        let (sign, operator) = match self.kind() {
            Kind::Symbol("!") => ("!", Unary::Not),
            Kind::Symbol("-") if matches!(self.ahead(1), Kind::Int | Kind::Double) => return self.member(),
            Kind::Symbol("-") => ("-", Unary::Negate),
            _ => return self.member(),
        };
        let mut starts = Vec::new();
        while self.at(sign) {
            // `!-1`: the sign belongs to the number; `--1`: both are operators.
            starts.push(self.start());
            self.advance();
        }
        let mut operand = self.member()?;
        while let Some(from) = starts.pop() {
            operand = self.push(from, operand.to, Expr::Unary { operator, operand: operand.id });
        }
        Ok(operand)
    }

    /// A primary expression with all selections, indexes and method calls behind it.
    fn member(&mut self) -> Parsed<Part> {
        let mut part = self.primary()?;
        loop {
            if self.at(".") {
                self.advance();
                let optional = self.eat("?");
                let quoted = self.kind() == Kind::Quoted;
                if !quoted && self.kind() != Kind::Name {
                    return Err(self.no_field());
                }
                let name = self.name();
                if !optional && !quoted && self.at("(") {
                    part = self.call(Some(part), name, part.from)?;
                } else {
                    let to = name.span.end;
                    let expr = Expr::Select { operand: part.id, field: name, optional };
                    part = self.push(part.from, to, expr);
                }
            } else if self.at("[") {
                self.open()?;
                let optional = self.eat("?");
                let key = self.expression()?;
                let to = self.close("]")?;
                part = self.push(part.from, to, Expr::Index { operand: part.id, key: key.id, optional });
            } else {
                return Ok(part);
            }
        }
    }

    fn primary(&mut self) -> Parsed<Part> {
        let from = self.start();
        match self.kind() {
            Kind::Name => self.named(from, false),
            Kind::Symbol(".") if self.ahead(1) == Kind::Name => {
                self.advance();
                self.named(from, true)
            }
            Kind::Int | Kind::Uint | Kind::Double => self.number(from, false),
            Kind::Symbol("-") if matches!(self.ahead(1), Kind::Int | Kind::Double) => {
                self.advance();
                self.number(from, true)
            }
            Kind::Text => {
                let token = self.advance();
                let value = literal::quoted(self.written(&token), token.at.start)?;
                Ok(self.push(from, token.at.end as u32, Expr::Literal(value)))
            }
            Kind::Symbol("true") => Ok(self.constant(Literal::Bool(true))),
            Kind::Symbol("false") => Ok(self.constant(Literal::Bool(false))),
            Kind::Symbol("null") => Ok(self.constant(Literal::Null)),
            Kind::Symbol("(") => {
                self.open()?;
                let inner = self.expression()?;
                Ok(Part { id: inner.id, from, to: self.close(")")? })
            }
            Kind::Symbol("[") => self.list(from),
            Kind::Symbol("{") => self.map(from),
            _ => Err(self.no_operand()),
        }
    }

    fn constant(&mut self, value: Literal) -> Part {
        let at = bytes(&self.advance());
        self.push(at.start, at.end, Expr::Literal(value))
    }

    fn number(&mut self, from: u32, negative: bool) -> Parsed<Part> {
        let token = self.advance();
        let value = literal::number(token.kind, self.written(&token), from as usize..token.at.end, negative)?;
        Ok(self.push(from, token.at.end as u32, Expr::Literal(value)))
    }

    /// What begins with a name: a variable, a call, a message, or the macro `cel.bind`.
    fn named(&mut self, from: u32, dot: bool) -> Parsed<Part> {
        if let Some(last) = self.message_name() {
            return self.message(from, last);
        }
        if !dot && self.begins_bind() {
            self.next += 2;
            let keyword = self.name();
            return self.bind(from, keyword);
        }
        let reserved = self.reserved();
        let mut name = self.name();
        if let Some(error) = reserved {
            return Err(error);
        }
        if dot {
            name = Name { text: format!(".{}", name.text), span: from..name.span.end };
        }
        if self.at("(") {
            return self.call(None, name, from);
        }
        Ok(self.push(from, name.span.end, Expr::Ident(name.text)))
    }

    /// The last token of the name when names with dots between them and a brace follow.
    fn message_name(&self) -> Option<usize> {
        let mut ahead = 0;
        while self.ahead(ahead + 1) == Kind::Symbol(".") && self.ahead(ahead + 2) == Kind::Name {
            ahead += 2;
        }
        (self.ahead(ahead + 1) == Kind::Symbol("{")).then_some(self.next + ahead)
    }

    fn message(&mut self, from: u32, last: usize) -> Parsed<Part> {
        // Blanks and comments may stand between the parts of the name.
        let dot = if self.tokens[self.next].at.start as u32 > from { "." } else { "" };
        let parts: String = self.tokens[self.next..=last].iter().map(|token| self.written(token)).collect();
        let name = Name { text: format!("{dot}{parts}"), span: from..self.tokens[last].at.end as u32 };
        self.next = last + 1;
        self.open()?;
        let mut fields = Vec::new();
        let to = self.sequence("}", |parser| {
            let optional = parser.eat("?");
            if !matches!(parser.kind(), Kind::Name | Kind::Quoted) {
                return Err(parser.no_field());
            }
            let name = parser.name();
            if !parser.eat(":") {
                return Err(parser.no_value("field"));
            }
            let value = parser.expression()?.id;
            fields.push(StructField { name, value, optional });
            Ok(())
        })?;
        Ok(self.push(from, to, Expr::Struct { name, fields }))
    }

    fn list(&mut self, from: u32) -> Parsed<Part> {
        self.open()?;
        let mut items = Vec::new();
        let to = self.sequence("]", |parser| {
            let optional = parser.eat("?");
            items.push(ListItem { value: parser.expression()?.id, optional });
            Ok(())
        })?;
        Ok(self.push(from, to, Expr::List(items)))
    }

    fn map(&mut self, from: u32) -> Parsed<Part> {
        self.open()?;
        let mut entries = Vec::new();
        let to = self.sequence("}", |parser| {
            let optional = parser.eat("?");
            let key = parser.expression()?.id;
            if !parser.eat(":") {
                return Err(parser.no_value("key"));
            }
            entries.push(MapEntry { key, value: parser.expression()?.id, optional });
            Ok(())
        })?;
        Ok(self.push(from, to, Expr::Map(entries)))
    }

    /// Items up to `close`; a comma may follow the last, and may stand alone.
    fn sequence(&mut self, close: &str, mut item: impl FnMut(&mut Self) -> Parsed<()>) -> Parsed<u32> {
        if self.at(",") && matches!(self.ahead(1), Kind::Symbol(found) if found == close) {
            self.advance();
        }
        while !self.at(close) {
            item(self)?;
            if !self.eat(",") {
                break;
            }
        }
        self.close(close)
    }

    /// The arguments of a call, from the bracket that opens them, and the end of the one that closes.
    pub fn arguments(&mut self) -> Parsed<(Vec<Argument>, u32)> {
        self.open()?;
        let mut arguments = Vec::new();
        while !self.at(")") || !arguments.is_empty() {
            if self.kind() == Kind::Name && self.ahead(1) == Kind::Symbol(",") {
                if let Some(error) = self.reserved() {
                    return Err(error);
                }
                arguments.push(Argument::Name(self.name()));
            } else {
                arguments.push(Argument::Part(self.expression()?));
            }
            if !self.eat(",") {
                break;
            }
        }
        Ok((arguments, self.close(")")?))
    }

    /// The node of an argument.
    pub fn node(&mut self, argument: Argument) -> ExprId {
        match argument {
            Argument::Name(name) => self.push(name.span.start, name.span.end, Expr::Ident(name.text)).id,
            Argument::Part(part) => part.id,
        }
    }

    fn call(&mut self, target: Option<Part>, function: Name, from: u32) -> Parsed<Part> {
        let (arguments, to) = self.arguments()?;
        let expr = match target {
            Some(target) => self.method(target, function, arguments)?,
            None => self.function(function, arguments)?,
        };
        Ok(self.push(from, to, expr))
    }

    /// Reads the opening bracket.
    fn open(&mut self) -> Parsed<()> {
        self.open.push(self.next);
        self.advance();
        if self.open.len() > Limit::BRACKETS {
            let message =
                format!("the brackets of the expression are nested more than {} levels deep", Limit::BRACKETS);
            return Err(SyntaxError::too_large(self.text, message));
        }
        Ok(())
    }

    /// Reads the closing bracket and gives its end.
    fn close(&mut self, close: &str) -> Parsed<u32> {
        if !self.at(close) {
            return Err(self.not_closed(close));
        }
        self.open.pop();
        Ok(self.advance().at.end as u32)
    }
}

fn bytes(token: &Token) -> Bytes {
    token.at.start as u32..token.at.end as u32
}
