//! Names and fields: what they stand for, and what to say where there is none.

use super::infer::Inference;
use super::unify::{is_free, is_text};
use crate::document::{Form, Shape, closest, did_you_mean};
use crate::engine::cel::HISTORY;
use crate::engine::life::known;
use crate::engine::syntax::{Bytes, Expr, ExprId, Name};
use crate::engine::types::{Record, Type};
use std::sync::Arc;

/// Lists and maps within each other that a type spells out; a schema may say that they never end.
const NESTED: usize = 8;

/// The type of what stands at a place of a document.
pub fn of_shape(shape: &Shape) -> Type {
    of_form(shape, shape.form(), NESTED)
}

fn of_form(shape: &Shape, form: Form, levels: usize) -> Type {
    let below = |place: Option<Shape>| match place {
        Some(place) if levels > 0 => of_form(&place, place.form(), levels - 1),
        _ => Type::Dyn,
    };
    match form {
        Form::Mixed => Type::Dyn,
        Form::Null => Type::Null,
        Form::OrNull(of) => Type::Wrapper(Arc::new(of_form(shape, *of, levels))),
        Form::Bool => Type::Bool,
        Form::Int => Type::Int,
        Form::Number => Type::Double,
        Form::Text(values) if values.is_empty() => Type::String,
        Form::Text(values) => Type::OneOf(values.into_iter().map(String::into_boxed_str).collect()),
        Form::Moment => Type::Timestamp,
        Form::List(item) => Type::list(below(item)),
        // A group without named fields is a map from names that people choose.
        Form::Map if shape.names().next().is_none() => Type::map(Type::String, below(shape.values())),
        Form::Map => Type::Record(Record::Document(shape.clone())),
    }
}

/// What a field came to.
enum Field {
    /// It has this type.
    Is(Type),
    /// There is none; what to do.
    Missing(String),
}

impl Inference<'_> {
    /// A name, a selected field, or the question whether one is there.
    pub(super) fn reference(&mut self, id: ExprId) -> Type {
        let ast = self.ast;
        let node = ast.node(id);
        match &node.expr {
            Expr::Ident(name) => self.name(name, &node.span),
            Expr::Has { operand, field } => {
                let of = self.infer(*operand);
                self.select(&of, field);
                Type::Bool
            }
            Expr::Select { operand, field, optional } => {
                if !optional && let Some(qualified) = self.qualified(id) {
                    if let Some(of) = self.bound(&qualified) {
                        return of;
                    }
                    if self.env.is_space(qualified.rsplit_once('.').map_or("", |(space, _)| space))
                        && self.bound(qualified.split('.').next().unwrap_or_default()).is_none()
                    {
                        let help = self.env.help(&qualified);
                        return self.wrong(node.span.clone(), format!("nothing is called `{qualified}` here"), help);
                    }
                }
                let of = self.infer(*operand);
                let of = self.select(&of, field);
                if *optional && !matches!(of, Type::Optional(_) | Type::Error) { Type::optional(of) } else { of }
            }
            _ => Type::Dyn,
        }
    }

    /// The name that a chain of plain selections spells, unless a macro binds its first part.
    fn qualified(&self, id: ExprId) -> Option<String> {
        match self.ast.expr(id) {
            Expr::Ident(name) if self.scope.iter().any(|(bound, _)| bound == name) => None,
            Expr::Ident(name) => Some(name.clone()),
            Expr::Select { operand, field, optional: false } => {
                Some(format!("{}.{}", self.qualified(*operand)?, field.text))
            }
            _ => None,
        }
    }

    /// The name of the namespace that a call is made on, where it is one.
    pub(super) fn namespace(&self, target: ExprId) -> Option<String> {
        let name = self.qualified(target)?;
        (self.bound(&name).is_none() && self.env.is_function_space(&name)).then_some(name)
    }

    /// What is bound from outside under a name, the names of types included.
    fn bound(&self, name: &str) -> Option<Type> {
        let (name, rooted) = name.strip_prefix('.').map_or((name, false), |name| (name, true));
        let mut space = if rooted { "" } else { self.env.container.as_str() };
        while !space.is_empty() {
            if let Some(of) = self.env.get(&format!("{space}.{name}")) {
                return Some(of.clone());
            }
            space = space.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        self.env.get(name).cloned().or_else(|| named_type(name))
    }

    fn name(&mut self, name: &str, at: &Bytes) -> Type {
        if let Some((_, of)) = self.scope.iter().rev().find(|(bound, _)| bound == name) {
            return of.clone();
        }
        if let Some(of) = self.bound(name) {
            return of;
        }
        if self.env.is_space(name) || self.env.is_function_space(name) {
            let help = format!("Write the name after it: `{name}. ...`.");
            return self.wrong(at.clone(), format!("`{name}` is no value of its own"), help);
        }
        let inner: Vec<&str> = self.scope.iter().map(|(name, _)| name.as_str()).collect();
        let help = did_you_mean(closest(name, inner), self.env.help(name));
        self.wrong(at.clone(), format!("nothing is called `{name}` here"), help)
    }

    /// The type of a field of a value.
    pub(super) fn select(&mut self, of: &Type, field: &Name) -> Type {
        match self.field(of, &field.text) {
            Field::Is(found) => found,
            Field::Missing(help) => {
                let what = match of {
                    Type::Optional(inner) => inner,
                    other => other,
                };
                let message = match what {
                    Type::Record(Record::Document(shape)) => format!("{} has no field `{}`", shape.name(), field.text),
                    Type::Record(Record::Fields(_)) => format!("there is no field `{}`", field.text),
                    other => format!("{other} has no fields, and `{}` is asked of it", field.text),
                };
                self.wrong(field.span.clone(), message, help)
            }
        }
    }

    fn field(&mut self, of: &Type, name: &str) -> Field {
        match of {
            of if is_free(of) => Field::Is(Type::Dyn),
            Type::Named(..) => Field::Is(Type::Dyn),
            Type::Optional(inner) => match self.field(&inner.clone(), name) {
                Field::Is(found @ Type::Optional(_)) => Field::Is(found),
                Field::Is(found) => Field::Is(Type::optional(found)),
                missing => missing,
            },
            Type::Map(key, value) => {
                if self.found.fits(&Type::String, key) {
                    Field::Is((**value).clone())
                } else {
                    Field::Missing(format!("The keys of this map are {key}: write `x[key]`."))
                }
            }
            Type::Record(Record::Document(shape)) if shape.is_root() && name == HISTORY => {
                Field::Is(known("history").cloned().unwrap_or(Type::Dyn))
            }
            Type::Record(Record::Document(shape)) => match shape.field(name) {
                Some(place) => Field::Is(of_shape(&place)),
                None if shape.names().any(|field| field == name) => Field::Is(Type::Dyn),
                // The parts of a document that is written as Markdown.
                None if shape.is_root() && name == "sections" => Field::Is(Type::list(Type::Dyn)),
                None => match closest(name, shape.names()) {
                    Some(near) if shape.is_open() && name.len() > 4 => Field::Missing(format!(
                        "Did you mean `{near}`? A field that is really called so is `x['{name}']`, and `'{name}' in x` asks for it."
                    )),
                    _ if shape.is_open() => Field::Is(Type::Dyn),
                    near => Field::Missing(did_you_mean(near, listed(shape.names()))),
                },
            },
            Type::Record(Record::Fields(fields)) => match fields.iter().find(|(field, _)| **field == *name) {
                Some((_, of)) => Field::Is(of.clone()),
                None => Field::Missing(did_you_mean(
                    closest(name, fields.iter().map(|(field, _)| &**field)),
                    listed(fields.iter().map(|(field, _)| &**field)),
                )),
            },
            Type::List(_) if matches!(name, "length" | "size" | "count") => {
                Field::Missing("The number of items is `size(x)`.".to_owned())
            }
            Type::List(_) => Field::Missing(format!(
                "Ask its items: `x.all(i, i.{name} ...)`, `x.exists(i, i.{name} ...)`, or one of them: `x[0].{name}`."
            )),
            of if is_text(of) && matches!(name, "length" | "size") => {
                Field::Missing("The number of characters is `size(x)`.".to_owned())
            }
            Type::Timestamp => {
                Field::Missing("Parts of a time are `x.getFullYear()`, `x.getMonth()` and so on.".to_owned())
            }
            _ => Field::Missing("Take the selection away, or ask it of a document or a map.".to_owned()),
        }
    }

    pub(super) fn index(&mut self, operand: ExprId, key: ExprId, optional: bool) -> Type {
        let of = self.infer(operand);
        let of_key = self.infer(key);
        let (inner, chained) = match &of {
            Type::Optional(inner) => ((**inner).clone(), true),
            other => (other.clone(), false),
        };
        let at = self.ast.span(key);
        let found = match &inner {
            of if is_free(of) => Type::Dyn,
            Type::List(item) => {
                // A whole number in any of its forms is an index.
                if !is_free(&of_key) && !super::unify::is_number(&of_key) {
                    let message = format!("an item of a list is chosen by its number, and this is {of_key}");
                    return self.wrong(at, message, "Write its number, from 0 on, or look for it: `x.filter(i, ...)`.");
                }
                (**item).clone()
            }
            Type::Map(wanted, value) => {
                if !self.found.comparable(&of_key, wanted) {
                    let message = format!("the keys of this map are {wanted}, and this is {of_key}");
                    return self.wrong(at, message, "Use a key of that type.");
                }
                (**value).clone()
            }
            Type::Record(_) => match self.text_of(key) {
                Some(name) => match self.field(&inner, name) {
                    Field::Is(found) => found,
                    // An open record may have any field, and this is how one is named that is spelt like another.
                    Field::Missing(_) if is_open(&inner) => Type::Dyn,
                    Field::Missing(help) => {
                        let message = format!("{inner} has no field `{name}`");
                        return self.wrong(at, message, help);
                    }
                },
                None if is_free(&of_key) || is_text(&of_key) => Type::Dyn,
                None => {
                    let message = format!("a field is chosen by its name, and this is {of_key}");
                    return self.wrong(at, message, "Write the name of the field in quotes.");
                }
            },
            other => {
                let message = format!("{other} has no items");
                return self.wrong(self.ast.span(operand), message, "Items are taken from lists and maps.");
            }
        };
        if optional || chained { Type::optional(found) } else { found }
    }

    /// Checks a text that names a field path, such as `'approval.on'`, of a record.
    pub(super) fn path(&mut self, of: &Type, path: &str, at: &Bytes) {
        let mut here = self.found.resolve(of);
        for step in path.split('.') {
            if let Type::List(item) = &here {
                here = (**item).clone();
            }
            match self.field(&here, step) {
                Field::Is(next) => here = next,
                Field::Missing(help) => {
                    self.wrong(at.clone(), format!("{here} has no field `{step}`"), help);
                    return;
                }
            }
        }
    }
}

fn is_open(of: &Type) -> bool {
    matches!(of, Type::Record(Record::Document(shape)) if shape.is_open())
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names = names.peekable();
    match names.peek() {
        None => "It has no fields.".to_owned(),
        Some(_) => format!("Its fields are {}.", super::words::listed(names)),
    }
}

/// Types that are values themselves, as `type(x) == int` uses them.
fn named_type(name: &str) -> Option<Type> {
    let of = match name {
        "bool" => Type::Bool,
        "int" => Type::Int,
        "uint" => Type::Uint,
        "double" => Type::Double,
        "string" => Type::String,
        "bytes" => Type::Bytes,
        "null_type" => Type::Null,
        "list" => Type::list(Type::Dyn),
        "map" => Type::map(Type::Dyn, Type::Dyn),
        "type" => Type::Type(Arc::new(Type::Dyn)),
        "optional_type" => Type::optional(Type::Dyn),
        "google.protobuf.Timestamp" => Type::Timestamp,
        "google.protobuf.Duration" => Type::Duration,
        _ => return None,
    };
    Some(Type::Type(Arc::new(of)))
}
