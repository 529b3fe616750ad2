//! From the text of an expression to a program that is bounded and knows its names.

use super::library::{self, SHIPPED_NAMES, is_namespace};
use super::rewrite::rewrite;
use crate::document::closest;
use crate::engine::functions::FUNCTIONS;
use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr, SourceInfo};
use std::collections::BTreeSet;
use std::ops::Range;

/// How large an expression may be.
#[derive(Clone, Copy, Debug)]
pub struct Limit;

impl Limit {
    /// Bytes of text.
    pub const BYTES: usize = 4096;
    /// Nodes of the parsed expression, macros expanded.
    pub const NODES: usize = 2_000;
    /// Levels of nesting.
    pub const DEPTH: usize = 200;
    /// Levels of brackets that the parser follows.
    pub const PARSER_DEPTH: u16 = 96;
}

/// What is wrong with the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Bytes of the expression's own text.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

/// A compiled expression.
#[derive(Debug)]
pub struct Program {
    pub(super) expr: IdedExpr,
    source: SourceInfo,
    /// Plain names it uses: bound variables, `variables.x` and `params.x`.
    pub names: BTreeSet<String>,
}

/// A name an expression uses, and where.
struct Use {
    name: String,
    function: bool,
    id: u64,
}

impl Program {
    /// Compiles `text`. `known` tells whether a variable of this name is bound (`doc`, `params.days`).
    ///
    /// # Errors
    /// Everything that is wrong with it: syntax, size, names that nothing binds.
    pub fn compile(text: &str, known: &dyn Fn(&str) -> Result<(), String>) -> Result<Program, Vec<SyntaxError>> {
        if text.len() > Limit::BYTES {
            return Err(vec![SyntaxError {
                at: 0..text.len(),
                message: format!("the expression has {} bytes; at most {} are compiled", text.len(), Limit::BYTES),
                help: "Split it into `variables`.".to_owned(),
            }]);
        }
        if text.trim().is_empty() {
            return Err(vec![SyntaxError {
                at: 0..text.len(),
                message: "the expression is empty".to_owned(),
                help: "Write a CEL expression, or leave the field out.".to_owned(),
            }]);
        }
        let parsed = library::env()
            .parser()
            .enable_optional_syntax(true)
            .enable_ident_escape_syntax(true)
            .max_recursion_depth(Limit::PARSER_DEPTH)
            .parse_with_source_info(text);
        let (mut expr, source) = match parsed {
            Ok(parsed) => parsed,
            Err(errors) => {
                if brackets(text) >= usize::from(Limit::PARSER_DEPTH) {
                    return Err(vec![SyntaxError {
                        at: 0..text.len(),
                        message: format!(
                            "the brackets of the expression are nested more than {} levels deep",
                            Limit::PARSER_DEPTH
                        ),
                        help: "Split it into `variables`.".to_owned(),
                    }]);
                }
                let mut shown: Vec<_> = errors.errors.iter().map(|e| syntax_error(text, e.pos, &e.msg)).collect();
                // One slip makes the parser stumble several times; the first place is the cause.
                shown.truncate(1);
                return Err(shown);
            }
        };
        measure(&expr).map_err(|message| {
            vec![SyntaxError { at: 0..text.len(), message, help: "Split it into `variables`.".to_owned() }]
        })?;
        let mut uses = Vec::new();
        collect(&expr, &mut Vec::new(), &mut uses);
        let errors = unknown_names(text, &source, &uses, known);
        if !errors.is_empty() {
            return Err(errors);
        }
        rewrite(&mut expr);
        let names = uses.into_iter().filter(|u| !u.function).map(|u| u.name).collect();
        Ok(Program { expr, source, names })
    }

    /// The bytes of the expression's text that the node `id` covers, as far as the parser tells.
    pub fn span(&self, id: u64) -> Option<Range<usize>> {
        let (start, stop) = self.source.offset_for(id)?;
        Some(start as usize..stop as usize + 1)
    }
}

/// How deep brackets are nested. The parser gives up on depth without a word about it; brackets in
/// quotes count too, since this only words an error that is there anyway.
fn brackets(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn syntax_error(text: &str, (line, column): (isize, isize), message: &str) -> SyntaxError {
    let line_start: usize = text.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(str::len).sum();
    let line_text = text.get(line_start..).unwrap_or_default();
    let skipped = usize::try_from(column - 1).unwrap_or(0);
    let start = line_start + line_text.chars().take(skipped).map(char::len_utf8).sum::<usize>();
    let start = start.min(text.len());
    let rest = &text[start..];
    let token = rest.find(|c: char| !c.is_alphanumeric() && c != '_').filter(|n| *n > 0);
    let length = token.unwrap_or_else(|| rest.chars().next().map_or(0, char::len_utf8));
    let found = &rest[..length];
    let message = if found.is_empty() {
        "the expression ends where more is expected".to_owned()
    } else if message.starts_with("Syntax error: token recognition") {
        format!("`{found}` is no part of the expression language")
    } else if message.starts_with("Syntax error") {
        format!("`{found}` is not expected here")
    } else {
        crate::source::clip(message, 160)
    };
    SyntaxError { at: start..start + length, message, help: "Mend the CEL expression here.".to_owned() }
}

/// Counts nodes and levels without recursion, so that no expression can overflow the stack here.
fn measure(expr: &IdedExpr) -> Result<(), String> {
    let (mut nodes, mut stack) = (0usize, vec![(expr, 1usize)]);
    while let Some((node, depth)) = stack.pop() {
        nodes += 1;
        if nodes > Limit::NODES {
            return Err(format!("the expression has more than {} parts", Limit::NODES));
        }
        if depth > Limit::DEPTH {
            return Err(format!("the expression is nested more than {} levels deep", Limit::DEPTH));
        }
        stack.extend(children(node).into_iter().map(|child| (child, depth + 1)));
    }
    Ok(())
}

pub(super) fn children(node: &IdedExpr) -> Vec<&IdedExpr> {
    match &node.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Comprehension(c) => {
            vec![&c.iter_range, &c.accu_init, &c.loop_cond, &c.loop_step, &c.result]
        }
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|e| entry(&e.expr)).collect(),
        Expr::Struct(strct) => strct.entries.iter().flat_map(|e| entry(&e.expr)).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => Vec::new(),
    }
}

fn entry(expr: &EntryExpr) -> Vec<&IdedExpr> {
    match expr {
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
        EntryExpr::StructField(field) => vec![&field.value],
    }
}

/// Collects the names that the expression itself does not bind.
fn collect<'e>(node: &'e IdedExpr, bound: &mut Vec<&'e str>, uses: &mut Vec<Use>) {
    match &node.expr {
        Expr::Ident(name) if !bound.contains(&name.as_str()) => {
            uses.push(Use { name: name.clone(), function: false, id: node.id });
        }
        Expr::Select(select) => {
            if let Expr::Ident(space) = &select.operand.expr
                && matches!(space.as_str(), "variables" | "params")
                && !bound.contains(&space.as_str())
            {
                let name = format!("{space}.{}", select.field);
                return uses.push(Use { name, function: false, id: node.id });
            }
            collect(&select.operand, bound, uses);
        }
        Expr::Comprehension(c) => {
            collect(&c.iter_range, bound, uses);
            collect(&c.accu_init, bound, uses);
            let depth = bound.len();
            bound.push(&c.accu_var);
            bound.push(&c.iter_var);
            bound.extend(c.iter_var2.as_deref());
            for part in [&c.loop_cond, &c.loop_step, &c.result] {
                collect(part, bound, uses);
            }
            bound.truncate(depth);
        }
        Expr::Call(call) => {
            let space = call.target.as_deref().and_then(|t| match &t.expr {
                Expr::Ident(name) if is_namespace(name) && !bound.contains(&name.as_str()) => Some(name),
                _ => None,
            });
            let name = match space {
                Some(space) => format!("{space}.{}", call.func_name),
                None => call.func_name.clone(),
            };
            uses.push(Use { name, function: true, id: node.id });
            if space.is_none() {
                call.target.iter().for_each(|target| collect(target, bound, uses));
            }
            call.args.iter().for_each(|arg| collect(arg, bound, uses));
        }
        _ => children(node).into_iter().for_each(|child| collect(child, bound, uses)),
    }
}

/// Names of types, which `type(x) == int` compares with.
const TYPES: &[&str] = &[
    "bool",
    "bytes",
    "double",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
    "optional_type",
    "google",
];

fn unknown_names(
    text: &str,
    source: &SourceInfo,
    uses: &[Use],
    known: &dyn Fn(&str) -> Result<(), String>,
) -> Vec<SyntaxError> {
    let mut errors = Vec::new();
    for name in uses {
        let (message, help) = if name.function {
            if is_function(&name.name) {
                continue;
            }
            let all = FUNCTIONS.iter().map(|f| f.name).chain(SHIPPED_NAMES.iter().copied());
            let help = match closest(&name.name, all) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "`annexa list functions` shows the functions there are.".to_owned(),
            };
            (format!("there is no function `{}`", name.name), help)
        } else if TYPES.contains(&name.name.as_str()) {
            continue;
        } else {
            match known(&name.name) {
                Ok(()) => continue,
                Err(help) => (format!("nothing is called `{}` here", name.name), help),
            }
        };
        let at = locate(text, source, name);
        errors.push(SyntaxError { at, message, help });
    }
    errors
}

/// Functions whose names only the parser writes: operators and what macros make.
fn is_function(name: &str) -> bool {
    name.starts_with(['_', '@', '!', '-'])
        || SHIPPED_NAMES.contains(&name)
        || FUNCTIONS.iter().any(|f| f.name == name)
        || name.starts_with("math.@")
        || name == "sortByAssociatedKeys"
        || name.starts_with("lists.@")
}

/// The parser places a call at its bracket and a selection at its dot: look for the name around it.
fn locate(text: &str, source: &SourceInfo, name: &Use) -> Range<usize> {
    let Some((start, stop)) = source.offset_for(name.id) else { return 0..text.len() };
    let (start, stop) = (start as usize, (stop as usize + 1).min(text.len()));
    let short = name.name.rsplit('.').next().unwrap_or(&name.name);
    let before = text.get(..start).and_then(|t| t.trim_end().strip_suffix(short)).map(str::len);
    if let Some(at) = before {
        return at..at + short.len();
    }
    match text.get(start..).and_then(|t| t.find(short)) {
        Some(after) if after <= name.name.len() => start + after..start + after + short.len(),
        _ => start..stop.max(start),
    }
}
