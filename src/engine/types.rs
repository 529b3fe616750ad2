//! Types of expressions, and the signatures that are written with them.

use crate::document::Shape;
use std::fmt;
use std::sync::Arc;

/// The type of a value, as far as it is known before anything is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// Nothing is known: anything may be done with it.
    Dyn,
    /// What has an error already; nothing more is said about it.
    Error,
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A whole number of at least zero, written `1u`.
    Uint,
    /// A number with a fraction.
    Double,
    /// Text.
    String,
    /// Text that a schema allows these values for.
    OneOf(Arc<[Box<str>]>),
    /// Bytes.
    Bytes,
    /// A moment.
    Timestamp,
    /// A span of time.
    Duration,
    /// A type as a value: `int`, `type(x)`.
    Type(Arc<Type>),
    /// A list.
    List(Arc<Type>),
    /// A map: keys, values.
    Map(Arc<Type>, Arc<Type>),
    /// A value that may be absent.
    Optional(Arc<Type>),
    /// A number, text or truth value, or `null`.
    Wrapper(Arc<Type>),
    /// A map with known fields.
    Record(Record),
    /// In signatures: text that names a field of a record, such as `'approval.on'`.
    FieldOf(Arc<Type>),
    /// A type that a signature leaves open, by its letter, or one that is to be found, by its number.
    Param(Param),
    /// Any other type, by name, with its own parameters.
    Named(Arc<str>, Arc<[Type]>),
}

/// A type that is left open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Param {
    /// `A` of a signature.
    Letter(Arc<str>),
    /// One that the checker finds out.
    Open(u32),
}

/// A map with known fields.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// The fields of a place of a document.
    Document(Shape),
    /// The fields of what a function gives; no others.
    Fields(Arc<[(Box<str>, Type)]>),
}

/// What a function takes and gives: `lookup(list(A), field(A), dyn) -> list(A)`, or of a method
/// `string.split(string) -> list(string)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// The name, with its namespace: `math.abs`.
    pub name: String,
    /// The type it is called on, of a method.
    pub receiver: Option<Type>,
    /// Its parameters.
    pub params: Vec<Parameter>,
    /// What it gives.
    pub result: Type,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name for people; may be empty.
    pub name: String,
    /// Its type.
    pub of: Type,
}

impl Type {
    /// A list of these.
    pub fn list(of: Type) -> Type {
        Type::List(Arc::new(of))
    }

    /// A map from these to these.
    pub fn map(key: Type, value: Type) -> Type {
        Type::Map(Arc::new(key), Arc::new(value))
    }

    /// Such a value, or nothing.
    pub fn optional(of: Type) -> Type {
        Type::Optional(Arc::new(of))
    }

    /// The type of that name.
    pub fn named(name: &str) -> Type {
        Type::Named(name.into(), Arc::new([]))
    }

    /// Reads a type: `list(map(string, dyn))`, `{path: string, exists: bool}`, `A`.
    ///
    /// # Errors
    /// What is not understood.
    pub fn parse(text: &str) -> Result<Type, String> {
        let mut reader = Reader { rest: text };
        let found = reader.one()?;
        reader.end()?;
        Ok(found)
    }
}

impl Signature {
    /// Reads a signature. Parameters may have names: `age(moment: timestamp) -> duration`.
    ///
    /// # Errors
    /// What is not understood.
    pub fn parse(text: &str) -> Result<Signature, String> {
        let (head, result) = text.rsplit_once("->").ok_or_else(|| format!("`{text}` has no `->`"))?;
        let open = opening(head).ok_or_else(|| format!("`{text}` has no parameters"))?;
        let inside = head[open + 1..].trim_end().strip_suffix(')').ok_or_else(|| format!("`{text}` has no `)`"))?;
        let mut reader = Reader { rest: inside };
        let mut params = Vec::new();
        while !reader.rest.trim().is_empty() {
            let name = reader.label();
            params.push(Parameter { name, of: reader.one()? });
            if !reader.skip(',') {
                break;
            }
        }
        reader.end()?;
        let (receiver, name) = receiver(&head[..open])?;
        Ok(Signature { name, receiver, params, result: Type::parse(result)? })
    }
}

/// Where the parameters begin: the bracket that the last one of the head closes.
fn opening(head: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in head.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' if depth == 1 => return Some(at),
            '(' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// `string.split` is a method, `math.abs` a function in a namespace.
fn receiver(head: &str) -> Result<(Option<Type>, String), String> {
    if let Some((before, name)) = head.rsplit_once('.') {
        match Type::parse(before) {
            // `optional.of` stands in a namespace; methods are written `optional(A).value`.
            Ok(_) if before == "optional" => {}
            Ok(Type::Named(..)) => {}
            Ok(receiver) => return Ok((Some(receiver), name.trim().to_owned())),
            Err(why) if before.contains('(') => return Err(why),
            Err(_) => {}
        }
    }
    Ok((None, head.trim().to_owned()))
}

/// Reads types from left to right.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn skip(&mut self, wanted: char) -> bool {
        match self.rest.trim_start().strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Result<(), String> {
        if self.skip(wanted) { Ok(()) } else { Err(format!("`{wanted}` is missing before `{}`", self.rest)) }
    }

    fn end(&self) -> Result<(), String> {
        if self.rest.trim().is_empty() { Ok(()) } else { Err(format!("`{}` is too much", self.rest)) }
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest.trim_start();
        let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '.')).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(length);
        self.rest = rest;
        word
    }

    /// `name:` in front of a type.
    fn label(&mut self) -> String {
        let before = self.rest;
        let word = self.word();
        if !word.is_empty() && self.skip(':') {
            return word.to_owned();
        }
        self.rest = before;
        String::new()
    }

    fn one(&mut self) -> Result<Type, String> {
        if self.skip('{') {
            let mut fields = Vec::new();
            while !self.skip('}') {
                let name = self.label();
                if name.is_empty() {
                    return Err(format!("a field's name is missing before `{}`", self.rest));
                }
                fields.push((name.into(), self.one()?));
                self.skip(',');
            }
            return Ok(Type::Record(Record::Fields(fields.into())));
        }
        let word = self.word();
        let plain = match word {
            "dyn" => Type::Dyn,
            "null" => Type::Null,
            "bool" => Type::Bool,
            "int" => Type::Int,
            "uint" => Type::Uint,
            "double" => Type::Double,
            "string" => Type::String,
            "bytes" => Type::Bytes,
            "timestamp" => Type::Timestamp,
            "duration" => Type::Duration,
            "list" | "map" | "optional" | "type" | "wrapper" | "field" => return self.with_parameters(word),
            "" => return Err(format!("a type is missing before `{}`", self.rest)),
            letter if letter.len() == 1 && letter.starts_with(|c: char| c.is_ascii_uppercase()) => {
                Type::Param(Param::Letter(letter.into()))
            }
            name => crate::engine::life::known(name).cloned().unwrap_or_else(|| Type::named(name)),
        };
        Ok(plain)
    }

    fn with_parameters(&mut self, word: &str) -> Result<Type, String> {
        if !self.skip('(') {
            return Ok(match word {
                "list" => Type::list(Type::Dyn),
                "map" => Type::map(Type::Dyn, Type::Dyn),
                "optional" => Type::optional(Type::Dyn),
                _ => Type::Type(Arc::new(Type::Dyn)),
            });
        }
        let first = Arc::new(self.one()?);
        let made = match word {
            "list" => Type::List(first),
            "optional" => Type::Optional(first),
            "wrapper" => Type::Wrapper(first),
            "field" => Type::FieldOf(first),
            "map" => {
                self.expect(',')?;
                Type::Map(first, Arc::new(self.one()?))
            }
            _ => Type::Type(first),
        };
        self.expect(')')?;
        Ok(made)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(receiver) = &self.receiver {
            write!(f, "{receiver}.")?;
        }
        write!(f, "{}(", self.name)?;
        for (index, param) in self.params.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            if !param.name.is_empty() {
                write!(f, "{}: ", param.name)?;
            }
            write!(f, "{}", param.of)?;
        }
        write!(f, ") -> {}", self.result)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Dyn | Type::Error | Type::Param(Param::Open(_)) => f.write_str("dyn"),
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Uint => f.write_str("uint"),
            Type::Double => f.write_str("double"),
            Type::String | Type::OneOf(_) | Type::FieldOf(_) => f.write_str("string"),
            Type::Bytes => f.write_str("bytes"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Duration => f.write_str("duration"),
            Type::Type(of) if **of == Type::Dyn => f.write_str("type"),
            Type::Type(of) => write!(f, "type({of})"),
            Type::List(of) => write!(f, "list({of})"),
            Type::Map(key, value) => write!(f, "map({key}, {value})"),
            Type::Optional(of) => write!(f, "optional({of})"),
            Type::Wrapper(of) => write!(f, "{of} or null"),
            Type::Record(Record::Document(shape)) => f.write_str(&shape.name()),
            Type::Record(Record::Fields(fields)) => {
                if let Some(name) = crate::engine::life::name_of(fields) {
                    return f.write_str(name);
                }
                f.write_str("{")?;
                for (index, (name, of)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: {of}", if index == 0 { "" } else { ", " })?;
                }
                f.write_str("}")
            }
            Type::Param(Param::Letter(letter)) => f.write_str(letter),
            Type::Named(name, of) if of.is_empty() => f.write_str(name),
            Type::Named(name, of) => {
                let of: Vec<String> = of.iter().map(Type::to_string).collect();
                write!(f, "{name}({})", of.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_signatures_are_read_and_written_alike() {
        for text in [
            "dyn",
            "list(map(string, dyn))",
            "optional(A)",
            "{path: string, exists: bool}",
            "map(int, list(double))",
            "google.protobuf.Any",
        ] {
            assert_eq!(Type::parse(text).map(|t| t.to_string()), Ok(text.to_owned()));
        }
        let lookup =
            Signature::parse("lookup(list: list(A), field: field(A), value: dyn) -> list(A)").expect("it is one");
        assert_eq!((lookup.name.as_str(), lookup.params.len(), &lookup.receiver), ("lookup", 3, &None));
        assert_eq!(lookup.params[1].name, "field");
        assert_eq!(lookup.result.to_string(), "list(A)");
        let split = Signature::parse("string.split(string, int) -> list(string)").expect("it is one");
        assert_eq!((split.name.as_str(), split.receiver), ("split", Some(Type::String)));
        let first = Signature::parse("list(A).first() -> optional(A)").expect("it is one");
        assert_eq!((first.name.as_str(), first.params.len()), ("first", 0));
        let space = Signature::parse("math.abs(double) -> double").expect("it is one");
        assert_eq!((space.name.as_str(), space.receiver), ("math.abs", None));
        assert!(Signature::parse("f(list(string -> int").is_err());
        assert!(Type::parse("list(string) x").is_err());
    }
}
