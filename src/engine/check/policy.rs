//! Everything that is wrong with a policy and takes the kinds of documents to see: what it applies to,
//! its expressions, its messages and places, names that nothing uses.

use super::guard::{Part, unguarded};
use super::{Environment, Mistake, Typed, check, of_shape};
use crate::document::{Kinds, Shape, did_you_mean};
use crate::engine::cel::Program;
use crate::engine::pull_request::of_pull_request;
use crate::engine::syntax::{Ast, Expr, Literal, parse};
use crate::engine::types::{Record, Type};
use crate::facts::Globs;
use crate::policy::{AppliesTo, Expression, Piece, Policy, pieces};
use crate::source::Span;
use crate::value::{Data, NodeId, Problem, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// The names that every policy sees, whatever it applies to.
pub fn environment(kinds: &Kinds) -> Environment {
    let mut environment = Environment::default();
    for kind in kinds.iter() {
        environment.bind(kind.plural.as_str(), Type::list(of_shape(&Shape::of(kind))));
    }
    let soa = kinds.get("soa").map_or(Type::Dyn, |kind| of_shape(&Shape::of(kind)));
    environment.bind("soa", soa);
    for moment in ["now", "today"] {
        environment.bind(moment, Type::Timestamp);
    }
    let text = |name: &str| (name.into(), Type::String);
    environment.bind("organization", Type::Record(Record::Fields([text("commit"), text("path")].into())));
    environment.bind("pr", of_pull_request());
    environment
}

/// Everything wrong with `policy`, on its places in the file, all at once.
pub fn check_policy(policy: &Policy, kinds: &Kinds, environment: &Environment) -> Vec<Problem> {
    let mut check = Check { policy, environment: environment.clone(), used: Used::default(), problems: Vec::new() };
    check.subject(kinds);
    check.expressions();
    check.unused();
    // An expression that an alias repeats has its mistakes once.
    let mut told = BTreeSet::new();
    check.problems.retain(|problem| told.insert((problem.at.span, problem.message.clone())));
    check.problems
}

/// Names that expressions use.
#[derive(Default)]
struct Used {
    variables: BTreeSet<String>,
    params: BTreeSet<String>,
    /// All parameters, since they are used as one map.
    all_params: bool,
}

struct Check<'p> {
    policy: &'p Policy,
    environment: Environment,
    used: Used,
    problems: Vec<Problem>,
}

/// A parsed and typed expression.
struct Read {
    ast: Ast,
    typed: Typed,
}

impl Read {
    fn part(&self) -> Part<'_> {
        Part { ast: &self.ast, typed: &self.typed }
    }
}

impl Check<'_> {
    fn subject(&mut self, kinds: &Kinds) {
        let tree = &self.policy.tree;
        let place =
            |key: &str| tree.get(self.policy.root(), key).map_or(tree.head(self.policy.root()), |n| tree.node(n).span);
        let unknown_kind = |kind: &str, span: Span| {
            let help = did_you_mean(kinds.closest(kind), "`annexa list kinds` shows the kinds there are.");
            Problem::new("unknown-kind", span, format!("there is no kind `{kind}`"), help)
        };
        let mut doc = Type::Dyn;
        match &self.policy.applies_to {
            AppliesTo::Kind(kind) => match kinds.get(kind) {
                Some(kind) => doc = of_shape(&Shape::of(kind)),
                None => self.problems.push(unknown_kind(kind, place("applies_to"))),
            },
            AppliesTo::Files(patterns) => {
                if let Err(message) = Globs::new(patterns) {
                    let help = "Patterns are like `config/**/*.yaml`.";
                    self.problems.push(Problem::new("path-pattern", place("applies_to"), message, help));
                }
            }
        }
        for kind in self.policy.accepts_reference.iter().filter(|kind| kinds.get(kind).is_none()) {
            self.problems.push(unknown_kind(kind, place("accepts_reference")));
        }
        self.environment.bind("doc", doc.clone());
        self.environment.bind("base", doc);
        let params = self.policy.params.iter().map(|(name, node)| (name.as_str().into(), of_value(tree, *node)));
        self.environment.bind("params", Type::Record(Record::Fields(params.collect())));
    }

    fn expressions(&mut self) {
        let policy = self.policy;
        self.environment.hint("variables", "A policy's variables are named after it: `variables.name`.");
        for (name, _) in &policy.variables {
            self.environment.hint(format!("variables.{name}"), "A variable sees only those above it: move it up.");
        }
        match &policy.for_each {
            Some(for_each) => self.items(for_each),
            None => self.environment.hint("item", "`item` is there with `for_each`; without it the document is `doc`."),
        }
        let mut variables = BTreeMap::new();
        for (name, expression) in &policy.variables {
            let read = self.read(expression);
            let of = read.as_ref().map_or(Type::Error, |read| read.typed.result().clone());
            self.environment.bind(format!("variables.{name}"), of);
            variables.extend(read.map(|read| (name.as_str(), (expression, read))));
        }
        let mut given = Vec::new();
        if let Some(when) = &policy.when
            && let Some(read) = self.condition(when, "`when`")
        {
            self.guards(when, &read, true, &given, &variables);
            given.push(read);
        }
        for validation in &policy.validations {
            if let Some(read) = self.condition(&validation.expression, "A validation") {
                self.guards(&validation.expression, &read, false, &given, &variables);
                // Those that follow are asked only where this one holds.
                given.push(read);
            }
            if let Some(message) = &validation.message {
                self.message(message);
            }
            if let Some(message) = &validation.message_expression {
                self.result(
                    message,
                    &Type::String,
                    "A message",
                    "Make it a text with `string(...)`, or write a `message`.",
                );
            }
            for at in &validation.at {
                self.place(at);
            }
        }
    }

    /// Binds `item`. The list may use variables, and variables the item: the first round finds its type.
    fn items(&mut self, for_each: &Expression) {
        let outer = self.environment.clone();
        self.environment.bind("item", Type::Dyn);
        for (name, expression) in &self.policy.variables {
            let of = parse(&expression.text).map_or(Type::Error, |ast| check(&ast, &self.environment).result().clone());
            self.environment.bind(format!("variables.{name}"), of);
        }
        let read = self.read(for_each);
        self.environment = outer;
        let item = match read.as_ref().map(|read| read.typed.result()) {
            Some(Type::List(item)) => (**item).clone(),
            Some(Type::Dyn | Type::Error) | None => Type::Dyn,
            Some(other) => {
                let message = format!("`for_each` has to be a list, and this is {other}");
                let help = "Name the list whose items are judged one by one, such as `doc.risks`.";
                self.add(for_each, vec![Mistake { at: 0..for_each.text.len(), message, help: help.to_owned() }]);
                Type::Dyn
            }
        };
        self.environment.bind("item", item);
    }

    /// Parses and types an expression and keeps what is wrong with it.
    fn read(&mut self, expression: &Expression) -> Option<Read> {
        match compilable(&expression.text) {
            Ok(ast) => {
                self.used.collect(&ast);
                let mut typed = check(&ast, &self.environment);
                let mistakes = std::mem::take(&mut typed.mistakes);
                self.add(expression, mistakes);
                Some(Read { ast, typed })
            }
            Err(mistake) => {
                self.add(expression, vec![mistake]);
                None
            }
        }
    }

    fn add(&mut self, expression: &Expression, mistakes: Vec<Mistake>) {
        let policy = self.policy;
        self.problems.extend(mistakes.into_iter().map(|mistake| policy.problem(expression, mistake)));
    }

    fn condition(&mut self, expression: &Expression, what: &str) -> Option<Read> {
        self.result(
            expression,
            &Type::Bool,
            what,
            "Compare the value with something, so that the answer is true or false.",
        )
    }

    /// An expression that has to give one type.
    fn result(&mut self, expression: &Expression, wanted: &Type, what: &str, help: &str) -> Option<Read> {
        let read = self.read(expression)?;
        let of = read.typed.result();
        if !super::fits(of, wanted) {
            let wanted = if *wanted == Type::Bool { "true or false".to_owned() } else { wanted.to_string() };
            let message = format!("{what} has to be {wanted}, and this is {of}");
            let at = read.ast.span(read.ast.root());
            self.add(
                expression,
                vec![Mistake { at: at.start as usize..at.end as usize, message, help: help.to_owned() }],
            );
        }
        Some(read)
    }

    fn message(&mut self, message: &Expression) {
        for piece in pieces(&message.text).unwrap_or_default() {
            let Piece::Expression(text, offset) = piece else { continue };
            let mistakes = match compilable(&text) {
                Ok(ast) => {
                    self.used.collect(&ast);
                    check(&ast, &self.environment).mistakes
                }
                Err(mistake) => vec![mistake],
            };
            let moved = mistakes.into_iter().map(|m| Mistake { at: m.at.start + offset..m.at.end + offset, ..m });
            self.add(message, moved.collect());
        }
    }

    /// A place is the last node that its expression reads, so it has to read a document.
    fn place(&mut self, at: &Expression) {
        let before = self.problems.len();
        let Some(read) = self.read(at) else { return };
        if self.problems.len() == before && !reads_a_document(&read.ast) {
            let message = "this names no place: it reads nothing of a document".to_owned();
            let help = "Write the field that a finding is about, without quotes within the expression: `doc.owner`."
                .to_owned();
            self.add(at, vec![Mistake { at: 0..at.text.len(), message, help }]);
        }
    }

    /// What a condition reads although it may not be there, once all of `given` hold. A field that is
    /// missing makes `when` unknown and a validation false; what is null makes both unknown.
    fn guards(
        &mut self,
        expression: &Expression,
        read: &Read,
        of_when: bool,
        given: &[Read],
        variables: &BTreeMap<&str, (&Expression, Read)>,
    ) {
        let parts = variables.iter().map(|(name, (_, read))| (*name, read.part())).collect();
        let given: Vec<Part<'_>> = given.iter().map(Read::part).collect();
        for found in unguarded(read.part(), &given, &parts).into_iter().filter(|f| of_when || f.first == 0) {
            let expression = found.variable.as_ref().map_or(expression, |name| variables[name.as_str()].0);
            let reader = if of_when { "`when`" } else { "a validation" };
            let why = match &found.variable {
                None => "the policy is unknown there".to_owned(),
                Some(name) => format!("{reader} reads `variables.{name}`, so the policy is unknown there"),
            };
            let path = &found.path;
            let (message, help) = if found.first == 0 {
                let where_to = if path == "pr" { "outside of a pull request" } else { "for a document that is new" };
                (format!("`{path}` is null {where_to}, and {why}"), format!("Ask first, with `{path} != null &&`."))
            } else {
                let steps: Vec<&str> = path.split('.').collect();
                let optional = steps[..found.first].join(".") + ".?" + &steps[found.first..].join(".?");
                let help = format!(
                    "Read it with a default, `{optional}.orValue(...)`, or ask first whether it is there, with `has(...) &&`."
                );
                (format!("`{path}` may be missing, and {why}"), help)
            };
            let at = found.at.start as usize..found.at.end as usize;
            let problem = self.policy.problem(expression, Mistake { at, message, help });
            // Several validations may read one variable.
            if !self.problems.iter().any(|p| p.at.span == problem.at.span && p.message == problem.message) {
                self.problems.push(problem);
            }
        }
    }

    fn unused(&mut self) {
        let (policy, tree) = (self.policy, &self.policy.tree);
        let list = tree.get(policy.root(), "variables").map(|n| tree.items(n)).unwrap_or_default();
        let mut told = BTreeSet::new();
        for node in list {
            let Some(name) = tree.get(*node, "name") else { continue };
            let text = tree.scalar_text(name).unwrap_or_default();
            if !self.used.variables.contains(text) && told.insert(text) {
                let message = format!("nothing uses the variable `{text}`");
                let help = format!("Use it as `variables.{text}`, or take it away.");
                self.problems.push(Problem::new("unused-name", tree.node(name).span, message, help));
            }
        }
        for (name, node) in &policy.params {
            if !self.used.all_params && !self.used.params.contains(name) {
                let message = format!("nothing uses the parameter `{name}`, so setting it changes nothing");
                let help = format!("Use it as `params.{name}`, or take it away.");
                self.problems.push(Problem::new("unused-name", tree.node(*node).key, message, help));
            }
        }
    }
}

impl Used {
    fn collect(&mut self, ast: &Ast) {
        let mut within = BTreeSet::new();
        for id in ast.ids() {
            let (operand, name) = match ast.expr(id) {
                Expr::Select { operand, field, .. } | Expr::Has { operand, field } => {
                    (*operand, Some(field.text.clone()))
                }
                Expr::Index { operand, key, .. } => match ast.expr(*key) {
                    Expr::Literal(Literal::Text(name)) => (*operand, Some(name.clone())),
                    _ => (*operand, None),
                },
                _ => continue,
            };
            let (Expr::Ident(space), Some(name)) = (ast.expr(operand), name) else { continue };
            match space.as_str() {
                "variables" => self.variables.insert(name),
                "params" => self.params.insert(name) | within.insert(operand),
                _ => continue,
            };
        }
        self.all_params |=
            ast.ids().any(|id| matches!(ast.expr(id), Expr::Ident(name) if name == "params") && !within.contains(&id));
    }
}

/// Parses an expression that can be run, too: macros written out, it may be larger than is allowed.
fn compilable(text: &str) -> Result<Ast, Mistake> {
    Program::compile(text).map(Program::into_ast)
}

fn reads_a_document(ast: &Ast) -> bool {
    ast.ids().any(
        |id| matches!(ast.expr(id), Expr::Ident(name) if !matches!(name.as_str(), "params" | "pr" | "now" | "today")),
    )
}

/// The type of a parameter by its value.
fn of_value(tree: &Tree, node: NodeId) -> Type {
    match tree.data(node) {
        Data::Null | Data::Alias(_) => Type::Dyn,
        Data::Bool(_) => Type::Bool,
        Data::Int(_) => Type::Int,
        Data::Float(_) => Type::Double,
        Data::Text(_) => Type::String,
        Data::Time(..) => Type::Timestamp,
        Data::List(_) => {
            let mut items = tree.items(node).iter().map(|item| of_value(tree, *item));
            let first = items.next().unwrap_or(Type::Dyn);
            Type::list(if items.all(|of| of == first) { first } else { Type::Dyn })
        }
        // annexa.yaml may set other keys.
        Data::Map(_) => Type::map(Type::String, Type::Dyn),
    }
}
