//! Expressions as they are written: macros unexpanded, every node with the bytes it covers.

use std::ops::Range;

/// Bytes of the expression's own text.
pub type Bytes = Range<u32>;

/// The number of a node in its [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub u32);

/// A parsed expression. Nodes stand after those below them; the root is the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ast {
    nodes: Vec<Node>,
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// All bytes that it covers, brackets around it left out.
    pub span: Bytes,
    /// What it is.
    pub expr: Expr,
}

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, without back-ticks.
    pub text: String,
    /// Its bytes, back-ticks included.
    pub span: Bytes,
}

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// `1`; a minus sign in front of it is part of it.
    Int(i64),
    /// `1u`.
    Uint(u64),
    /// `1.0`.
    Double(f64),
    /// `'text'`, escapes resolved.
    Text(String),
    /// `b'bytes'`, escapes resolved.
    Bytes(Vec<u8>),
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each form is shown as it is written")]
pub enum Expr {
    /// A constant.
    Literal(Literal),
    /// A name. With a dot in front (`.x`) it is looked up outside of all loops; the dot is kept.
    Ident(String),
    /// `operand.field`, or `operand.?field`.
    Select { operand: ExprId, field: Name, optional: bool },
    /// `has(operand.field)`.
    Has { operand: ExprId, field: Name },
    /// `operand[key]`, or `operand[?key]`.
    Index { operand: ExprId, key: ExprId, optional: bool },
    /// `!x`, `-x`.
    Unary { operator: Unary, operand: ExprId },
    /// `left operator right`; `at` are the bytes of the operator.
    Binary { operator: Binary, at: Bytes, left: ExprId, right: ExprId },
    /// `condition ? then : otherwise`.
    Conditional { condition: ExprId, then: ExprId, otherwise: ExprId },
    /// `f(args)`, `target.f(args)`; of a function in a namespace (`math.abs(x)`) the namespace is the
    /// target.
    Call { target: Option<ExprId>, function: Name, args: Vec<ExprId> },
    /// `[a, ?b]`.
    List(Vec<ListItem>),
    /// `{a: b, ?c: d}`.
    Map(Vec<MapEntry>),
    /// `name{field: value}`; `name` may hold dots.
    Struct { name: Name, fields: Vec<StructField> },
    /// `range.all(x, condition)` and its like, with one variable or two.
    Loop(Loop),
    /// `cel.bind(name, value, body)`.
    Bind { name: Name, value: ExprId, body: ExprId },
    /// `target.optMap(name, body)`; `flat` for `optFlatMap`.
    OptMap { target: ExprId, name: Name, body: ExprId, flat: bool },
}

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// An operator with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Binary {
    Or,
    And,
    Less,
    LessEquals,
    Greater,
    GreaterEquals,
    Equals,
    NotEquals,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// An item of a list literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    /// The item.
    pub value: ExprId,
    /// Written with `?`: left out when it is an empty optional.
    pub optional: bool,
}

/// An entry of a map literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapEntry {
    /// The key.
    pub key: ExprId,
    /// The value.
    pub value: ExprId,
    /// Written with `?`: left out when the value is an empty optional.
    pub optional: bool,
}

/// A field of a message literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructField {
    /// The field.
    pub name: Name,
    /// The value.
    pub value: ExprId,
    /// Written with `?`.
    pub optional: bool,
}

/// A macro that walks over a list or a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Loop {
    /// Which.
    pub kind: LoopKind,
    /// The name of the macro where it stands.
    pub keyword: Name,
    /// What it walks over.
    pub range: ExprId,
    /// The name bound to the item (of a map: the key), or to index and item (key and value).
    pub variable: Name,
    /// The second name of the forms with two variables.
    pub second: Option<Name>,
    /// The condition in front of the transformation: `map(x, guard, body)`.
    pub guard: Option<ExprId>,
    /// The condition or the transformation.
    pub body: ExprId,
}

/// The macros that walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoopKind {
    /// `all`
    All,
    /// `exists`
    Exists,
    /// `exists_one`, `existsOne`
    ExistsOne,
    /// `map`
    Map,
    /// `filter`
    Filter,
    /// `transformList(k, v, body)`
    TransformList,
    /// `transformMap(k, v, body)`
    TransformMap,
    /// `transformMapEntry(k, v, {key: value})`
    TransformMapEntry,
    /// `sortBy(x, key)`
    SortBy,
}

impl Ast {
    /// Adds a node whose children are there already.
    pub fn push(&mut self, span: Bytes, expr: Expr) -> ExprId {
        // An expression has at most 4 KiB, so its nodes can be counted so.
        let id = ExprId(self.nodes.len() as u32);
        self.nodes.push(Node { span, expr });
        id
    }

    /// Takes the last node away again.
    pub(super) fn pop(&mut self) -> Option<Expr> {
        self.nodes.pop().map(|node| node.expr)
    }

    /// Levels of nesting.
    pub fn depth(&self) -> usize {
        let mut depths: Vec<usize> = Vec::with_capacity(self.len());
        for index in 0..self.len() {
            let below = self.children(ExprId(index as u32)).into_iter().map(|child| depths[child.0 as usize]).max();
            depths.push(1 + below.unwrap_or(0));
        }
        depths.into_iter().max().unwrap_or(0)
    }

    /// The node.
    pub fn node(&self, id: ExprId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What the node is.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.node(id).expr
    }

    /// The bytes of the node.
    pub fn span(&self, id: ExprId) -> Bytes {
        self.node(id).span.clone()
    }

    /// The node of the whole expression.
    pub fn root(&self) -> ExprId {
        ExprId(self.nodes.len().saturating_sub(1) as u32)
    }

    /// All nodes, children before their parents.
    pub fn ids(&self) -> impl Iterator<Item = ExprId> + use<> {
        (0..self.nodes.len() as u32).map(ExprId)
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether it has no node at all.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes right below, in the order they are written.
    pub fn children(&self, id: ExprId) -> Vec<ExprId> {
        match self.expr(id) {
            Expr::Literal(_) | Expr::Ident(_) => Vec::new(),
            Expr::Select { operand, .. } | Expr::Has { operand, .. } | Expr::Unary { operand, .. } => vec![*operand],
            Expr::Index { operand, key, .. } => vec![*operand, *key],
            Expr::Binary { left, right, .. } => vec![*left, *right],
            Expr::Conditional { condition, then, otherwise } => vec![*condition, *then, *otherwise],
            Expr::Call { target, args, .. } => target.iter().chain(args).copied().collect(),
            Expr::List(items) => items.iter().map(|item| item.value).collect(),
            Expr::Map(entries) => entries.iter().flat_map(|entry| [entry.key, entry.value]).collect(),
            Expr::Struct { fields, .. } => fields.iter().map(|field| field.value).collect(),
            Expr::Loop(walk) => [Some(walk.range), walk.guard, Some(walk.body)].into_iter().flatten().collect(),
            Expr::Bind { value, body, .. } => vec![*value, *body],
            Expr::OptMap { target, body, .. } => vec![*target, *body],
        }
    }
}

impl Binary {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Binary::Or => "||",
            Binary::And => "&&",
            Binary::Less => "<",
            Binary::LessEquals => "<=",
            Binary::Greater => ">",
            Binary::GreaterEquals => ">=",
            Binary::Equals => "==",
            Binary::NotEquals => "!=",
            Binary::In => "in",
            Binary::Add => "+",
            Binary::Subtract => "-",
            Binary::Multiply => "*",
            Binary::Divide => "/",
            Binary::Modulo => "%",
        }
    }

    /// The operator that says the same with its sides exchanged.
    pub fn mirrored(self) -> Binary {
        match self {
            Binary::Less => Binary::Greater,
            Binary::LessEquals => Binary::GreaterEquals,
            Binary::Greater => Binary::Less,
            Binary::GreaterEquals => Binary::LessEquals,
            other => other,
        }
    }

    /// The operator that is written so.
    pub fn of(symbol: &str) -> Option<Binary> {
        Some(match symbol {
            "||" => Binary::Or,
            "&&" => Binary::And,
            "<" => Binary::Less,
            "<=" => Binary::LessEquals,
            ">" => Binary::Greater,
            ">=" => Binary::GreaterEquals,
            "==" => Binary::Equals,
            "!=" => Binary::NotEquals,
            "in" => Binary::In,
            "+" => Binary::Add,
            "-" => Binary::Subtract,
            "*" => Binary::Multiply,
            "/" => Binary::Divide,
            "%" => Binary::Modulo,
            _ => return None,
        })
    }

    /// How tightly it binds, from 1.
    pub(super) fn level(self) -> u8 {
        match self {
            Binary::Or => 1,
            Binary::And => 2,
            Binary::Add | Binary::Subtract => 4,
            Binary::Multiply | Binary::Divide | Binary::Modulo => 5,
            _ => 3,
        }
    }
}
