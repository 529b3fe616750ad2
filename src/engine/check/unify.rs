//! Which types fit where, and what open types turn out to be.

use crate::engine::types::{Param, Record, Signature, Type};
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of the open types of one expression.
#[derive(Clone, Debug, Default)]
pub struct Found(Vec<Option<Type>>);

impl Found {
    /// A type of which nothing is known yet.
    pub fn open(&mut self) -> Type {
        self.0.push(None);
        Type::Param(Param::Open(self.0.len() as u32 - 1))
    }

    /// A signature with open types in place of its letters: receiver, parameters, result.
    pub fn instance(&mut self, signature: &Signature) -> (Option<Type>, Vec<Type>, Type) {
        let mut letters = HashMap::new();
        let receiver = signature.receiver.as_ref().map(|of| self.fresh(of, &mut letters));
        let params = signature.params.iter().map(|param| self.fresh(&param.of, &mut letters)).collect();
        (receiver, params, self.fresh(&signature.result, &mut letters))
    }

    fn fresh(&mut self, of: &Type, letters: &mut HashMap<Arc<str>, Type>) -> Type {
        match of {
            Type::Param(Param::Letter(letter)) => {
                letters.entry(Arc::clone(letter)).or_insert_with(|| self.open()).clone()
            }
            other => rebuilt(other, &mut |part| self.fresh(part, letters)),
        }
    }

    /// The type with everything put in that is known by now.
    pub fn resolve(&self, of: &Type) -> Type {
        match of {
            Type::Param(Param::Open(number)) => match &self.0[*number as usize] {
                Some(known) => self.resolve(known),
                None => of.clone(),
            },
            other => rebuilt(other, &mut |part| self.resolve(part)),
        }
    }

    /// The type as it is shown in the end: what nothing decides is `dyn`.
    pub fn settle(&self, of: &Type) -> Type {
        match self.resolve(of) {
            Type::Param(_) => Type::Dyn,
            other => rebuilt(&other, &mut |part| self.settle(part)),
        }
    }

    /// Whether a value of type `from` may stand where `to` is wanted; learns what open types are.
    pub fn fits(&mut self, from: &Type, to: &Type) -> bool {
        if let Type::Param(Param::Open(number)) = to {
            return self.decide(*number, from, true);
        }
        if let Type::Param(Param::Open(number)) = from {
            return self.decide(*number, to, false);
        }
        match (from, to) {
            (Type::Dyn | Type::Error, _) | (_, Type::Dyn | Type::Error) => true,
            (Type::Null, to) => matches!(to, Type::Null) || nullable(to),
            (Type::Wrapper(from), Type::Wrapper(to)) => self.fits(from, to),
            (from, Type::Wrapper(to)) => self.fits(from, to),
            (Type::Wrapper(from), to) => self.fits(from, to),
            (from, to) if is_text(from) && is_text(to) => true,
            (Type::List(from), Type::List(to)) => self.fits(from, to),
            (Type::Optional(from), Type::Optional(to)) => self.fits(from, to),
            (Type::Type(_), Type::Type(_)) => true,
            (Type::Map(from_key, from), Type::Map(to_key, to)) => self.fits(from_key, to_key) && self.fits(from, to),
            (Type::Record(_), Type::Map(key, value)) => self.fits(&Type::String, key) && self.fits(&Type::Dyn, value),
            (Type::Map(key, _), Type::Record(_)) => self.fits(key, &Type::String),
            // Records of several kinds may meet in one list; nothing is known of its items then.
            (Type::Record(_), Type::Record(_)) => true,
            (Type::Named(from, parts), Type::Named(to, others)) => {
                from == to
                    && parts.len() == others.len()
                    && parts.iter().zip(others.iter()).all(|(a, b)| self.fits(a, b))
            }
            (from, to) => from == to,
        }
    }

    /// Decides or widens the open type `number` by a type that has to fit it.
    fn decide(&mut self, number: u32, by: &Type, inward: bool) -> bool {
        let open = Type::Param(Param::Open(number));
        if *by == open {
            return true;
        }
        match self.0[number as usize].clone() {
            None if self.mentions(by, number) => false,
            None => {
                self.0[number as usize] = Some(by.clone());
                true
            }
            Some(known) => {
                let fits = if inward { self.fits(by, &known) } else { self.fits(&known, by) };
                if fits {
                    let wider = self.wider(&known, by);
                    if !self.mentions(&wider, number) {
                        self.0[number as usize] = Some(wider);
                    }
                }
                fits
            }
        }
    }

    fn mentions(&self, of: &Type, number: u32) -> bool {
        let mut found = false;
        let mut look = |part: &Type| {
            found |= self.mentions(part, number);
            part.clone()
        };
        match of {
            Type::Param(Param::Open(other)) if *other == number => return true,
            Type::Param(Param::Open(other)) => {
                return self.0[*other as usize].as_ref().is_some_and(|known| self.mentions(known, number));
            }
            other => rebuilt(other, &mut look),
        };
        found
    }

    /// Of two types that fit each other the one that says less.
    pub fn wider(&self, left: &Type, right: &Type) -> Type {
        let (left, right) = (self.resolve(left), self.resolve(right));
        match (&left, &right) {
            (Type::Dyn, _) | (_, Type::Dyn) => Type::Dyn,
            (Type::Error, other) | (other, Type::Error) => other.clone(),
            // Two that are open say the same; the first one stays.
            (Type::Param(_), Type::Param(_)) => left,
            (Type::Param(_), other) | (other, Type::Param(_)) => other.clone(),
            (Type::Null, other) | (other, Type::Null) => other.clone(),
            (Type::Wrapper(_), _) => left,
            (_, Type::Wrapper(_)) => right,
            (left, right) if is_text(left) && is_text(right) => {
                if left == right {
                    left.clone()
                } else {
                    Type::String
                }
            }
            (Type::List(a), Type::List(b)) => Type::list(self.wider(a, b)),
            (Type::Optional(a), Type::Optional(b)) => Type::optional(self.wider(a, b)),
            (Type::Map(k, v), Type::Map(l, w)) => Type::map(self.wider(k, l), self.wider(v, w)),
            (Type::Named(name, a), Type::Named(_, b)) => {
                Type::Named(Arc::clone(name), a.iter().zip(b.iter()).map(|(a, b)| self.wider(a, b)).collect())
            }
            (Type::Record(a), Type::Record(b)) if a == b => left,
            (Type::Record(_), Type::Record(_) | Type::Map(..)) | (Type::Map(..), Type::Record(_)) => {
                Type::map(Type::String, Type::Dyn)
            }
            _ => left,
        }
    }

    /// The type of a list literal's items, of a map literal's values, of both ends of a condition: the
    /// wider one where they fit, else nothing is known.
    pub fn join(&mut self, left: &Type, right: &Type) -> Type {
        let before = self.clone();
        if self.fits(right, left) || {
            *self = before.clone();
            self.fits(left, right)
        } {
            return self.wider(left, right);
        }
        *self = before;
        Type::Dyn
    }

    /// Whether two values of these types can be equal at all. Numbers of all kinds compare.
    pub fn comparable(&mut self, left: &Type, right: &Type) -> bool {
        let (left, right) = (self.resolve(left), self.resolve(right));
        match (&left, &right) {
            (left, right) if is_number(left) && is_number(right) => true,
            // Two empty lists are equal, whatever they are lists of.
            (Type::List(_), Type::List(_)) => true,
            (Type::Map(..) | Type::Record(_), Type::Map(..) | Type::Record(_)) => true,
            (Type::Optional(_), Type::Optional(_)) => true,
            (Type::Null, other) | (other, Type::Null) => {
                matches!(other, Type::Null | Type::Dyn | Type::Error | Type::Param(_)) || nullable(other)
            }
            _ => {
                let before = self.clone();
                let fits = self.fits(&left, &right);
                if !fits {
                    *self = before;
                }
                fits
            }
        }
    }
}

/// A type with `change` made to the types right below it.
fn rebuilt(of: &Type, change: &mut dyn FnMut(&Type) -> Type) -> Type {
    match of {
        Type::List(of) => Type::List(Arc::new(change(of))),
        Type::Optional(of) => Type::Optional(Arc::new(change(of))),
        Type::Wrapper(of) => Type::Wrapper(Arc::new(change(of))),
        Type::Type(of) => Type::Type(Arc::new(change(of))),
        Type::FieldOf(of) => Type::FieldOf(Arc::new(change(of))),
        Type::Map(key, value) => {
            let key = change(key);
            Type::map(key, change(value))
        }
        Type::Named(name, of) if !of.is_empty() => Type::Named(Arc::clone(name), of.iter().map(&mut *change).collect()),
        Type::Record(Record::Fields(fields)) => {
            Type::Record(Record::Fields(fields.iter().map(|(name, of)| (name.clone(), change(of))).collect()))
        }
        other => other.clone(),
    }
}

pub fn is_text(of: &Type) -> bool {
    match of {
        Type::String | Type::OneOf(_) | Type::FieldOf(_) => true,
        Type::Wrapper(of) => is_text(of),
        _ => false,
    }
}

pub fn is_number(of: &Type) -> bool {
    match of {
        Type::Int | Type::Uint | Type::Double => true,
        Type::Wrapper(of) => is_number(of),
        _ => false,
    }
}

/// Whether nothing is known of the type.
pub fn is_free(of: &Type) -> bool {
    matches!(of, Type::Dyn | Type::Error | Type::Param(_))
}

/// What `null` may stand for: the records of documents and, as CEL has it, everything that is a message
/// or an object in other languages.
fn nullable(of: &Type) -> bool {
    matches!(
        of,
        Type::Record(_)
            | Type::Timestamp
            | Type::Duration
            | Type::Named(..)
            | Type::Optional(_)
            | Type::Wrapper(_)
            | Type::Dyn
            | Type::Error
            | Type::Param(_)
    )
}
