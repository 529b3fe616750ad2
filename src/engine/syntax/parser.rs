//! From tokens to the tree: the grammar of the CEL specification.

use super::ast::{Ast, Binary, Bytes, Expr, ExprId, ListItem, Literal, MapEntry, Name, StructField, Unary};
use super::lexer::{Token, tokens};
use super::{Limit, Mistake};
use std::ops::Range;

/// Words that are kept for later and are no names of values; fields may be called so.
const RESERVED: &[&str] = &[
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// Words of other languages in places where an operator is expected.
const WORDS: &[(&str, &str)] = &[
    ("and", "Write `&&`."),
    ("or", "Write `||`."),
    ("is", "Write `==`."),
    ("not", "Write `!` in front of the condition."),
    ("contains", "Write `list.exists(...)`, `value in list` or `text.contains(part)`."),
    ("matches", "Write `text.matches('...')`."),
    ("if", "Write `condition ? value : other`."),
    ("else", "Write `condition ? value : other`."),
    ("then", "Write `condition ? value : other`."),
];

/// Parses an expression.
///
/// # Errors
/// The first thing that is wrong: what follows it is often right.
pub fn parse(source: &str) -> Result<Ast, Mistake> {
    if source.len() > Limit::BYTES {
        let message = format!("the expression has {} bytes; at most {} are read", source.len(), Limit::BYTES);
        return Err(Mistake::new(0..source.len(), message, "Split it into `variables`."));
    }
    if source.trim().is_empty() {
        let help = "Write a CEL expression, or leave the field out.";
        return Err(Mistake::new(0..source.len(), "the expression is empty", help));
    }
    let tokens = tokens(source)?;
    let mut parser = Parser { tokens, next: 0, ast: Ast::default(), depth: 0, levels: Vec::new(), open: Vec::new() };
    parser.expression()?;
    if parser.peek() == &Token::End { Ok(parser.ast) } else { Err(parser.unexpected()) }
}

pub(super) struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    pub(super) ast: Ast,
    /// Brackets that are open around what is parsed.
    depth: usize,
    /// How deep each node is.
    levels: Vec<usize>,
    /// The open brackets, for the message about one that is not closed.
    open: Vec<(&'static str, Range<usize>)>,
}

pub(super) type Parsed<T = ExprId> = Result<T, Mistake>;

pub(super) fn bytes(range: &Range<usize>) -> Bytes {
    // An expression has at most `Limit::BYTES`.
    range.start as u32..range.end as u32
}

fn range(bytes: &Bytes) -> Range<usize> {
    bytes.start as usize..bytes.end as usize
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].0
    }

    fn here(&self) -> Range<usize> {
        self.tokens[self.next].1.clone()
    }

    /// The end of the last token that was taken.
    fn behind(&self) -> u32 {
        self.tokens[self.next.saturating_sub(1)].1.end as u32
    }

    fn take(&mut self) -> (Token, Range<usize>) {
        let taken = self.tokens[self.next].clone();
        if self.next + 1 < self.tokens.len() {
            self.next += 1;
        }
        taken
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn skip(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.take();
        }
        found
    }

    /// Takes an opening bracket that is there.
    fn open(&mut self) -> Parsed<Range<usize>> {
        let (token, at) = self.take();
        if let Token::Sign(sign) = token {
            self.open.push((sign, at.clone()));
        }
        self.depth += 1;
        if self.depth > Limit::BRACKETS {
            let message = format!("the brackets are nested more than {} levels deep", Limit::BRACKETS);
            return Err(Mistake::new(at, message, "Split the expression into `variables`."));
        }
        Ok(at)
    }

    fn close(&mut self, sign: &'static str) -> Parsed<()> {
        if !self.is(sign) {
            return Err(self.unexpected());
        }
        self.take();
        self.open.pop();
        self.depth -= 1;
        Ok(())
    }

    pub(super) fn push(&mut self, span: Bytes, expr: Expr) -> Parsed {
        let id = self.ast.push(span.clone(), expr);
        let level = 1 + self.ast.children(id).iter().map(|child| self.levels[child.0 as usize]).max().unwrap_or(0);
        self.levels.push(level);
        if level > Limit::DEPTH {
            let message = format!("the expression is nested more than {} levels deep", Limit::DEPTH);
            return Err(Mistake::new(range(&span), message, "Split it into `variables`."));
        }
        if self.ast.len() > Limit::NODES {
            let message = format!("the expression has more than {} parts", Limit::NODES);
            return Err(Mistake::new(range(&span), message, "Split it into `variables`."));
        }
        Ok(id)
    }

    fn from(&self, first: ExprId) -> Bytes {
        self.ast.span(first).start..self.behind()
    }

    /// What is said about a token that cannot stand where it stands.
    fn unexpected(&self) -> Mistake {
        let at = self.here();
        match self.peek() {
            Token::End => match self.open.last() {
                Some((sign, open)) => {
                    let closing = closing(sign);
                    let message = format!("the bracket `{sign}` is not closed");
                    Mistake::new(open.clone(), message, format!("Close it with `{closing}`."))
                }
                None => {
                    let last = self.tokens[self.next.saturating_sub(1)].1.clone();
                    let message = "the expression ends where more is expected";
                    Mistake::new(last, message, "Complete it, or take away what stands at its end.")
                }
            },
            Token::Sign(sign @ (")" | "]" | "}")) => match self.open.last() {
                Some((open, place)) if closing(open) != *sign => {
                    let message = format!("`{sign}` closes a bracket that was opened with `{open}`");
                    Mistake::new(
                        at,
                        message,
                        format!("Close `{open}` (byte {}) with `{}` first.", place.start + 1, closing(open)),
                    )
                }
                Some(_) => {
                    Mistake::new(at, format!("something is missing in front of `{sign}`"), "Complete the expression.")
                }
                None => Mistake::new(at, format!("`{sign}` closes nothing"), "Take it away, or open the bracket."),
            },
            Token::Name(word) => {
                let help = WORDS.iter().find(|(other, _)| other == word).map(|(_, help)| *help);
                let message = match help {
                    Some(_) => format!("`{word}` is no operator"),
                    None => format!("`{word}` is not expected here"),
                };
                Mistake::new(at, message, help.unwrap_or("Write an operator such as `&&` or `==` in front of it."))
            }
            Token::Quoted(word) => {
                let help = "Names in back-ticks stand behind a dot: doc.`the-name`.";
                Mistake::new(at, format!("`{word}` is not expected here"), help)
            }
            Token::Literal(_) => {
                let help = "Write an operator such as `==`, or a comma, in front of it.";
                Mistake::new(at, "this value is not expected here", help)
            }
            Token::Sign(sign) => {
                let help = "Write a value on each side of an operator.";
                Mistake::new(at, format!("`{sign}` is not expected here"), help)
            }
        }
    }

    pub(super) fn expression(&mut self) -> Parsed {
        let condition = self.or()?;
        if !self.is("?") {
            return Ok(condition);
        }
        self.take();
        let then = self.or()?;
        if !self.skip(":") {
            let mut mistake = self.unexpected();
            if self.peek() == &Token::End && self.open.is_empty() {
                mistake.message = "a choice has two values, and the second is missing".to_owned();
                mistake.help = "Write `condition ? value : other`.".to_owned();
            }
            return Err(mistake);
        }
        self.nested(|parser| {
            let otherwise = parser.expression()?;
            let span = parser.from(condition);
            parser.push(span, Expr::Conditional { condition, then, otherwise })
        })
    }

    /// Something that calls itself without a bracket.
    fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.depth += 1;
        if self.depth > Limit::BRACKETS {
            let message = format!("the expression is nested more than {} levels deep", Limit::BRACKETS);
            return Err(Mistake::new(self.here(), message, "Split it into `variables`."));
        }
        let done = work(self)?;
        self.depth -= 1;
        Ok(done)
    }

    fn or(&mut self) -> Parsed {
        self.chain("||", Binary::Or, |parser| parser.chain("&&", Binary::And, Self::relation))
    }

    /// A chain of one logical operator, as a balanced tree: a long one is not deep.
    fn chain(&mut self, sign: &str, operator: Binary, part: impl Fn(&mut Self) -> Parsed) -> Parsed {
        let mut terms = vec![part(self)?];
        let mut signs = Vec::new();
        while self.is(sign) {
            signs.push(self.take().1);
            terms.push(part(self)?);
        }
        self.balanced(operator, &terms, &signs)
    }

    fn balanced(&mut self, operator: Binary, terms: &[ExprId], signs: &[Range<usize>]) -> Parsed {
        if signs.is_empty() {
            return Ok(terms[0]);
        }
        let middle = signs.len() / 2;
        let left = self.balanced(operator, &terms[..=middle], &signs[..middle])?;
        let right = self.balanced(operator, &terms[middle + 1..], &signs[middle + 1..])?;
        let span = self.ast.span(left).start..self.ast.span(right).end;
        self.push(span, Expr::Binary { operator, at: bytes(&signs[middle]), left, right })
    }

    fn relation(&mut self) -> Parsed {
        self.left(Self::sum, |sign| {
            Some(match sign {
                "<" => Binary::Less,
                "<=" => Binary::LessEquals,
                ">" => Binary::Greater,
                ">=" => Binary::GreaterEquals,
                "==" => Binary::Equals,
                "!=" => Binary::NotEquals,
                "in" => Binary::In,
                _ => return None,
            })
        })
    }

    fn sum(&mut self) -> Parsed {
        self.left(Self::product, |sign| match sign {
            "+" => Some(Binary::Add),
            "-" => Some(Binary::Subtract),
            _ => None,
        })
    }

    fn product(&mut self) -> Parsed {
        self.left(Self::unary, |sign| match sign {
            "*" => Some(Binary::Multiply),
            "/" => Some(Binary::Divide),
            "%" => Some(Binary::Modulo),
            _ => None,
        })
    }

    /// Operators of one rank from left to right.
    fn left(&mut self, part: fn(&mut Self) -> Parsed, operator: fn(&str) -> Option<Binary>) -> Parsed {
        let mut left = part(self)?;
        while let Token::Sign(sign) = *self.peek() {
            let Some(operator) = operator(sign) else { break };
            let at = bytes(&self.take().1);
            let right = part(self)?;
            let span = self.ast.span(left).start..self.ast.span(right).end;
            left = self.push(span, Expr::Binary { operator, at, left, right })?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parsed {
        for (sign, operator) in [("!", Unary::Not), ("-", Unary::Negate)] {
            let begin = self.here().start as u32;
            let mut count = 0;
            while self.is(sign) {
                // The last minus sign in front of a number belongs to it.
                let number = matches!(
                    self.tokens.get(self.next + 1),
                    Some((Token::Literal(Literal::Int(_) | Literal::Double(_)), _))
                );
                if operator == Unary::Negate && number && count == 0 {
                    return self.member();
                }
                self.take();
                count += 1;
            }
            if count > 0 {
                let operand = self.member()?;
                // Two of a kind take each other away.
                if count % 2 == 0 {
                    return Ok(operand);
                }
                let span = begin..self.ast.span(operand).end;
                return self.push(span, Expr::Unary { operator, operand });
            }
        }
        self.member()
    }

    /// A value and what is selected from it.
    fn member(&mut self) -> Parsed {
        let mut of = self.primary()?;
        loop {
            if self.skip(".") {
                of = self.selection(of)?;
            } else if self.is("[") {
                self.open()?;
                let optional = self.skip("?");
                let key = self.expression()?;
                self.close("]")?;
                let span = self.from(of);
                of = self.push(span, Expr::Index { operand: of, key, optional })?;
            } else if self.is("{")
                && let Some(name) = self.message_name(of)
            {
                of = self.message(of, name)?;
            } else {
                return Ok(of);
            }
        }
    }

    fn selection(&mut self, of: ExprId) -> Parsed {
        let optional = self.skip("?");
        let field = self.field_name()?;
        if !optional && self.is("(") {
            let args = self.arguments()?;
            let span = self.from(of);
            return self.call(span, Some(of), field, args);
        }
        let span = self.from(of);
        self.push(span, Expr::Select { operand: of, field, optional })
    }

    fn field_name(&mut self) -> Parsed<Name> {
        match self.peek() {
            Token::Name(text) | Token::Quoted(text) => {
                let text = text.clone();
                let (_, at) = self.take();
                Ok(Name { text, span: bytes(&at) })
            }
            Token::Sign(word @ ("in" | "true" | "false" | "null")) => {
                let help = format!("Write it as an index: `x['{word}']`.");
                Err(Mistake::new(self.here(), format!("`{word}` cannot stand behind a dot"), help))
            }
            Token::End => {
                let last = self.tokens[self.next.saturating_sub(1)].1.clone();
                Err(Mistake::new(last, "a name is missing behind the dot", "Write the field: `doc.owner`."))
            }
            _ => Err(Mistake::new(self.here(), "a name is missing behind the dot", "Write the field: `doc.owner`.")),
        }
    }

    fn arguments(&mut self) -> Parsed<Vec<ExprId>> {
        self.open()?;
        let mut args = Vec::new();
        if !self.is(")") {
            args.push(self.expression()?);
            while self.skip(",") {
                args.push(self.expression()?);
            }
        }
        self.close(")")?;
        Ok(args)
    }

    fn primary(&mut self) -> Parsed {
        let at = self.here();
        match self.peek().clone() {
            Token::Literal(literal) => {
                if literal == Literal::Int(i64::MIN) {
                    let help = "Write a smaller number, or one with a fraction.";
                    return Err(Mistake::new(at, "this number does not fit into 64 bits", help));
                }
                self.take();
                self.push(bytes(&at), Expr::Literal(literal))
            }
            Token::Sign("-") => self.negative(),
            Token::Sign(word @ ("true" | "false")) => {
                self.take();
                self.push(bytes(&at), Expr::Literal(Literal::Bool(word == "true")))
            }
            Token::Sign("null") => {
                self.take();
                self.push(bytes(&at), Expr::Literal(Literal::Null))
            }
            Token::Sign("(") => {
                self.open()?;
                let inside = self.expression()?;
                self.close(")")?;
                Ok(inside)
            }
            Token::Sign("[") => self.list(),
            Token::Sign("{") => self.map(),
            Token::Sign(".") => {
                self.take();
                match self.peek().clone() {
                    Token::Name(name) => self.name(at.start, format!(".{name}")),
                    _ => Err(self.unexpected()),
                }
            }
            Token::Name(name) => self.name(at.start, name),
            _ => Err(self.unexpected()),
        }
    }

    /// A number with its sign.
    fn negative(&mut self) -> Parsed {
        let (_, sign) = self.take();
        let (token, at) = self.take();
        let literal = match token {
            Token::Literal(Literal::Int(number)) => Literal::Int(number.wrapping_neg()),
            Token::Literal(Literal::Double(number)) => Literal::Double(-number),
            _ => return Err(Mistake::new(at, "a number is expected behind the minus sign", "Write the number.")),
        };
        self.push(bytes(&(sign.start..at.end)), Expr::Literal(literal))
    }

    /// A name, or a call of it; the token is the name itself.
    fn name(&mut self, begin: usize, name: String) -> Parsed {
        let (_, at) = self.take();
        let word = name.trim_start_matches('.');
        if self.is("(") {
            if RESERVED.contains(&word) {
                return Err(reserved(word, at));
            }
            let args = self.arguments()?;
            let span = begin as u32..self.behind();
            return self.call(span, None, Name { text: name, span: bytes(&(begin..at.end)) }, args);
        }
        if RESERVED.contains(&word) {
            return Err(reserved(word, at));
        }
        self.push(bytes(&(begin..at.end)), Expr::Ident(name))
    }

    fn list(&mut self) -> Parsed {
        let begin = self.open()?.start as u32;
        let mut items = Vec::new();
        while !self.is("]") {
            let optional = self.skip("?");
            items.push(ListItem { value: self.expression()?, optional });
            if !self.skip(",") {
                break;
            }
        }
        self.close("]")?;
        let span = begin..self.behind();
        self.push(span, Expr::List(items))
    }

    fn map(&mut self) -> Parsed {
        let begin = self.open()?.start as u32;
        let mut entries = Vec::new();
        while !self.is("}") {
            let optional = self.skip("?");
            let key = self.expression()?;
            if !self.skip(":") {
                let mut mistake = self.unexpected();
                if matches!(self.peek(), Token::Sign("," | "}")) {
                    mistake.message = "a map has a key and a value, and here is one of them".to_owned();
                    mistake.help = "Write `{'key': value}`; lists have square brackets.".to_owned();
                }
                return Err(mistake);
            }
            let value = self.expression()?;
            entries.push(MapEntry { key, value, optional });
            if !self.skip(",") {
                break;
            }
        }
        self.close("}")?;
        let span = begin..self.behind();
        self.push(span, Expr::Map(entries))
    }

    /// The name that a plain chain of selections spells, in front of the fields of a message.
    fn message_name(&self, id: ExprId) -> Option<String> {
        match self.ast.expr(id) {
            Expr::Ident(name) => Some(name.clone()),
            Expr::Select { operand, field, optional: false } => {
                Some(format!("{}.{}", self.message_name(*operand)?, field.text))
            }
            _ => None,
        }
    }

    fn message(&mut self, of: ExprId, text: String) -> Parsed {
        let name = Name { text, span: self.ast.span(of) };
        let mut fields = Vec::new();
        self.open()?;
        while !self.is("}") {
            let optional = self.skip("?");
            let name = self.field_name()?;
            if !self.skip(":") {
                return Err(self.unexpected());
            }
            fields.push(StructField { name, value: self.expression()?, optional });
            if !self.skip(",") {
                break;
            }
        }
        self.close("}")?;
        let span = name.span.start..self.behind();
        self.forget(of);
        self.push(span, Expr::Struct { name, fields })
    }

    /// Empties a chain of selections that turned out to be a name: nothing refers to its nodes.
    pub(super) fn forget(&mut self, id: ExprId) {
        let mut waiting = vec![id];
        while let Some(id) = waiting.pop() {
            waiting.extend(self.ast.children(id));
            self.ast.forget(id);
        }
    }
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn reserved(word: &str, at: Range<usize>) -> Mistake {
    let help = match WORDS.iter().find(|(other, _)| *other == word) {
        Some((_, help)) => (*help).to_owned(),
        None => "Use another name.".to_owned(),
    };
    Mistake::new(at, format!("`{word}` is kept for the language and is no name"), help)
}
