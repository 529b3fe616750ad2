//! What is said about text that is no expression: where the slip is, what it is, and what to write.

use super::SyntaxError;
use super::lexer::{Kind, Token};
use super::parser::Parser;
use std::ops::Range;

/// Words that CEL keeps for itself.
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

/// Words that other languages have for operators, and what CEL has.
const WORDS: &[(&str, &str)] = &[
    ("and", "Write `&&`."),
    ("or", "Write `||`."),
    ("not", "Write `!(x in list)` for `not in`, and `!` in front of a condition for `not`."),
    ("is", "Write `==`."),
    ("eq", "Write `==`."),
    ("equals", "Write `==`."),
    ("ne", "Write `!=`."),
    ("mod", "Write `%`."),
    ("xor", "Write `a != b` of two conditions."),
    ("then", "Write `condition ? value : other value`."),
    ("else", "Write `condition ? value : other value`."),
    ("if", "Write `condition ? value : other value`."),
    ("contains", "Call it on the text: `text.contains('part')`; of a list, write `item in list`."),
    ("matches", "Call it on the text: `text.matches('pattern')`."),
    ("like", "Call `text.matches('pattern')`."),
    ("startsWith", "Call it on the text: `text.startsWith('start')`."),
    ("endsWith", "Call it on the text: `text.endsWith('end')`."),
    ("between", "Write `low <= x && x <= high`."),
    ("as", "A value gets a name with `cel.bind(x, value, ... x ...)`."),
];

impl Parser<'_> {
    fn token(&self) -> &Token {
        &self.tokens[self.next]
    }

    fn before(&self) -> Option<&Token> {
        self.next.checked_sub(1).map(|index| &self.tokens[index])
    }

    /// The token to be read, as messages show it.
    fn found(&self) -> String {
        let token = self.token();
        match token.kind {
            Kind::End => "the end".to_owned(),
            _ => format!("`{}`", crate::source::clip(self.written(token), 40)),
        }
    }

    fn error(&self, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> SyntaxError {
        SyntaxError { at, message: message.into(), help: help.into() }
    }

    /// Something stands where the expression, or the part in brackets, should have ended.
    pub(super) fn left_over(&self) -> SyntaxError {
        let (token, found) = (self.token(), self.found());
        let at = token.at.clone();
        let written = self.written(token);
        match token.kind {
            Kind::Wrong => self.wrong(),
            Kind::Symbol(":") => self.error(
                at,
                "this `:` belongs to no `?`",
                "A choice is written `condition ? value : other value`; keys and values stand in `{ }`.",
            ),
            Kind::Symbol("?") => {
                self.error(at, "a choice within a choice needs brackets", "Write `a ? (b ? c : d) : e`.")
            }
            Kind::Symbol(",") => self.error(
                at,
                "this `,` separates nothing",
                "Commas stand between arguments, items and entries; join conditions with `&&`.",
            ),
            Kind::Symbol(")" | "]" | "}") => {
                self.error(at, format!("this {found} closes nothing"), "Delete it, or open the bracket before it.")
            }
            Kind::Symbol("!") => {
                self.error(at, "an operator is missing before `!`", "Write `!=` to compare, or `&& !`.")
            }
            Kind::Name => match WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(written)) {
                Some((_, help)) => self.error(at, format!("{found} is not an operator here"), *help),
                None => self.side_by_side(at, &found),
            },
            _ => self.side_by_side(at, &found),
        }
    }

    fn wrong(&self) -> SyntaxError {
        match &self.wrong {
            Some(error) => error.clone(),
            None => self.error(self.token().at.clone(), "this is no part of the expression language", ""),
        }
    }

    /// Two operands without an operator between them.
    fn side_by_side(&self, at: Range<usize>, found: &str) -> SyntaxError {
        let (token, before) = (self.token(), self.before());
        let touches = before.is_some_and(|before| before.at.end == token.at.start);
        match (before.map(|before| before.kind), token.kind) {
            (Some(Kind::Int | Kind::Uint | Kind::Double), Kind::Name) if touches => {
                let from = before.map_or(at.start, |before| before.at.start);
                let text = &self.text[from..at.end];
                let help = "Numbers are written plainly (`1000000`, `0x1f`, `1.5e3`); a span of days is `days(30)`.";
                self.error(from..at.end, format!("`{text}` is no number"), help)
            }
            (Some(_), Kind::Double) if touches && self.written(token).starts_with('.') => {
                self.error(at, "a number is no field name", "An item of a list is taken with brackets: `list[0]`.")
            }
            (Some(Kind::Text), Kind::Text | Kind::Name) if touches => self.error(
                at,
                format!("the text before {found} ends too early"),
                "Write `\\'` for a quote within text, or put the text into the other kind of quotes.",
            ),
            (Some(Kind::Name), Kind::Text) if touches => self.error(
                at,
                "only `b` and `r` may stand right before a quote",
                "Put an operator between, or delete the letters.",
            ),
            (_, Kind::Quoted) => self.error(
                at,
                "a name in back-ticks stands behind a dot only",
                "Write `doc.`the-key``, or text in quotes: `'...'`.",
            ),
            _ => self.error(
                at,
                format!("an operator is missing before {found}"),
                "Put one between, such as `&&`, `==` or `+`.",
            ),
        }
    }

    /// A value is missing where one has to stand.
    pub(super) fn no_operand(&self) -> SyntaxError {
        let (token, found) = (self.token(), self.found());
        let at = token.at.clone();
        if token.kind == Kind::Wrong {
            return self.wrong();
        }
        if token.kind == Kind::Quoted {
            return self.side_by_side(at, &found);
        }
        let before = self.before();
        let operator = before.filter(|token| operates(token.kind));
        let closing = matches!(token.kind, Kind::End | Kind::Symbol(")" | "]" | "}" | "," | ":"));
        match (operator, token.kind) {
            (Some(operator), Kind::Symbol(sign @ ("-" | "!"))) if matches!(operator.kind, Kind::Symbol("-" | "!")) => {
                self.error(
                    at,
                    format!("`{sign}` cannot stand right after another sign"),
                    format!("Put brackets around: `({sign}x)`."),
                )
            }
            (Some(operator), Kind::Symbol("]")) if self.is_star(operator) => self.error(
                operator.at.clone(),
                "`[*]` is not how CEL goes through a list",
                "Write `list.map(x, x.field)`, or `list.all(x, condition)`.",
            ),
            (Some(operator), _) if closing => self.error(
                operator.at.clone(),
                format!("nothing follows `{}`", self.written(operator)),
                "Write what it works on behind it, or delete it.",
            ),
            (Some(operator), _) => self.error(
                at,
                format!("a value is missing between `{}` and {found}", self.written(operator)),
                "Delete one of the two, or write the value.",
            ),
            (None, Kind::End) if !self.open.is_empty() => self.not_closed(""),
            (None, Kind::End) => self.error(at, "the expression ends where more is expected", "Write the rest of it."),
            (None, Kind::Symbol(")")) if before.is_some_and(|b| b.kind == Kind::Symbol("(")) => self.error(
                at,
                "there is nothing between these brackets",
                "Write an expression between them, or delete them.",
            ),
            (None, Kind::Symbol("*")) if before.is_some_and(|b| b.kind == Kind::Symbol("[")) => self.error(
                at,
                "`[*]` is not how CEL goes through a list",
                "Write `list.map(x, x.field)`, or `list.all(x, condition)`.",
            ),
            (None, Kind::Symbol(")" | "]" | "}" | ",")) if before.is_some() => {
                let comma = before.filter(|b| b.kind == Kind::Symbol(","));
                match comma {
                    Some(comma) => self.error(
                        comma.at.clone(),
                        "nothing follows this `,`",
                        "Write what it announces, or delete it.",
                    ),
                    None => self.error(
                        at,
                        format!("a value is missing before {found}"),
                        "Write it, or delete what follows.",
                    ),
                }
            }
            _ => self.error(
                at,
                format!("a value is missing before {found}"),
                "Write what it works on in front of it, or delete it.",
            ),
        }
    }

    fn is_star(&self, token: &Token) -> bool {
        self.written(token) == "*"
    }

    /// What follows a dot is no name.
    pub(super) fn no_field(&self) -> SyntaxError {
        let (token, found) = (self.token(), self.found());
        let at = token.at.clone();
        let written = self.written(token);
        match token.kind {
            Kind::Wrong => self.wrong(),
            Kind::Int | Kind::Uint | Kind::Double => {
                self.error(at, "a number is no field name", "An item of a list is taken with brackets: `list[0]`.")
            }
            Kind::Text => self.error(at, "a text is no field name", format!("Write `[{written}]` without the dot.")),
            Kind::Symbol("in" | "true" | "false" | "null") => self.error(
                at,
                format!("{found} is a word of the language"),
                format!("Write `['{written}']` without the dot."),
            ),
            Kind::Symbol("*") => {
                self.error(at, "`.*` is not how CEL goes through a map", "Write `map.all(key, ... map[key] ...)`.")
            }
            _ => {
                let dot = self.before().map_or(at, |before| before.at.clone());
                self.error(
                    dot,
                    format!("a field name is missing before {found}"),
                    "Write the name of the field, or delete the dot.",
                )
            }
        }
    }

    /// A key or a field without its value.
    pub(super) fn no_value(&self, of: &str) -> SyntaxError {
        let token = self.token();
        if token.kind == Kind::Wrong {
            return self.wrong();
        }
        if let [.., outer, inner] = self.open.as_slice()
            && inner - outer == 1
            && self.tokens[*outer].kind == Kind::Symbol("{")
            && self.tokens[*outer].at.end == self.tokens[*inner].at.start
        {
            let at = self.tokens[*outer].at.start..self.tokens[*inner].at.end;
            return self.error(
                at,
                "`{{ }}` belongs to messages",
                "In an expression, write what stands between them alone.",
            );
        }
        if token.kind == Kind::End {
            return self.not_closed("}");
        }
        let message = format!("a `:` and the value are missing after this {of}, before {}", self.found());
        self.error(token.at.clone(), message, "Write `{'key': value}`; a list stands in `[ ]`.")
    }

    /// `condition ? value` without the other value.
    pub(super) fn half_choice(&self, question: usize) -> SyntaxError {
        let found = self.found();
        match self.token().kind {
            Kind::Wrong => self.wrong(),
            Kind::Symbol("?") => self.left_over(),
            Kind::End | Kind::Symbol(")" | "]" | "}" | ",") => self.error(
                self.tokens[question].at.clone(),
                format!("this `?` has no `:`, which is expected before {found}"),
                "Write `condition ? value : other value`.",
            ),
            _ => self.left_over(),
        }
    }

    /// A bracket that is not closed where it has to be.
    pub(super) fn not_closed(&self, close: &str) -> SyntaxError {
        let token = self.token();
        let Some(opening) = self.open.last().map(|index| &self.tokens[*index]) else { return self.left_over() };
        let bracket = self.written(opening);
        let close = match (close, bracket) {
            ("", "(") => ")",
            ("", "[") => "]",
            ("", _) => "}",
            (close, _) => close,
        };
        match token.kind {
            Kind::End | Kind::Symbol(")" | "]" | "}") => {
                let place = match token.kind {
                    Kind::End => "at the end".to_owned(),
                    _ => format!("before {}", self.found()),
                };
                self.error(
                    opening.at.clone(),
                    format!("this `{bracket}` is not closed: `{close}` is expected {place}"),
                    format!("Write `{close}` where its content ends."),
                )
            }
            Kind::Symbol(",") if bracket == "(" || close == "]" => self.error(
                token.at.clone(),
                format!("a `,` cannot stand between this `{bracket}` and its `{close}`"),
                "Only calls, lists and maps have several parts.",
            ),
            _ => self.left_over(),
        }
    }

    /// A word that is kept for the language, where a variable or a function has to stand.
    pub(super) fn reserved(&self) -> Option<SyntaxError> {
        let token = self.token();
        let written = self.written(token);
        let after = self.tokens.get(self.next + 1);
        if written == "not" && after.is_some_and(|after| begins_value(after.kind)) {
            return Some(self.error(
                token.at.clone(),
                "`not` is not an operator here",
                "Write `!` in front of the condition: `!(a == b)`.",
            ));
        }
        if !RESERVED.contains(&written) {
            return None;
        }
        let help = match written {
            "if" | "else" => "Write `condition ? value : other value`.",
            "for" | "while" | "loop" => "Go through a list with `list.all(x, condition)`, `exists`, `filter` or `map`.",
            "let" | "var" | "const" => "Give a value a name in `variables`, or with `cel.bind(x, value, ... x ...)`.",
            "return" => "An expression is its own value: delete the word.",
            _ => "Choose another name; as a field it may stand behind a dot.",
        };
        Some(self.error(token.at.clone(), format!("`{written}` is a reserved word and names nothing"), help))
    }
}

fn operates(kind: Kind) -> bool {
    let Kind::Symbol(symbol) = kind else { return false };
    super::Binary::of(symbol).is_some() || matches!(symbol, "!" | "?" | ":")
}

/// Whether a value can begin so, brackets apart: `not (x)` may be a call.
fn begins_value(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name | Kind::Int | Kind::Uint | Kind::Double | Kind::Text | Kind::Symbol("true" | "false" | "!")
    )
}
