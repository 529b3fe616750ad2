//! A map whose values are made when they are first read, such as the history of a document: finding them
//! takes work that most policies do not need.

use super::trace::{self, Mark};
use super::value::Value;
use crate::finding::Cited;
use cel::ExecutionError;
use cel::common::traits::{Container, Indexer, Iterable, Iterator as CelIterator, Sizer};
use cel::common::types::{CelInt, CelNull, CelString, MAP_TYPE, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// Where the values of a [`Lazy`] come from.
pub trait Fields: Send + Sync {
    /// The names of the fields, sorted.
    fn names(&self) -> &'static [&'static str];

    /// Makes the value of a field. What it cannot know marks each evaluation that reads it.
    ///
    /// # Errors
    /// Why evaluations that read it are not to be trusted.
    fn make(&self, field: &str) -> Result<Value, Mark>;

    /// What a reader of the field rests on, of its value.
    fn cite(&self, field: &str, value: &Value) -> Option<Cited>;

    /// What it is, in a word or two, for messages; of two values of one kind it tells whether they are the
    /// same.
    fn identity(&self) -> String;
}

/// A map with named fields that are made when they are read.
#[derive(Clone)]
pub struct Lazy(Arc<Inner>);

struct Inner {
    fields: Box<dyn Fields>,
    made: Box<[OnceLock<Made>]>,
    keys: Box<[CelString<'static>]>,
}

/// A value that was made, and what every reader of it is told.
struct Made {
    value: Box<dyn Val>,
    mark: Option<Mark>,
    cited: Option<Cited>,
}

impl Lazy {
    /// A map with nothing made yet.
    pub fn new(fields: impl Fields + 'static) -> Self {
        let names = fields.names();
        Lazy(Arc::new(Inner {
            made: names.iter().map(|_| OnceLock::new()).collect(),
            keys: names.iter().map(|name| CelString::from((*name).to_owned())).collect(),
            fields: Box::new(fields),
        }))
    }

    /// What it is; see [`Fields::identity`].
    pub fn identity(&self) -> String {
        self.0.fields.identity()
    }

    /// The names of its fields, sorted.
    pub fn names(&self) -> &'static [&'static str] {
        self.0.fields.names()
    }

    /// The value of a field, for what makes other values of it.
    ///
    /// # Errors
    /// Why evaluations that read it are not to be trusted.
    pub fn get(&self, key: &str) -> Result<Option<Value>, Mark> {
        let Some(made) = self.made(key) else { return Ok(None) };
        match &made.mark {
            Some(mark) => Err(mark.clone()),
            None => Ok(Some(Value::of(made.value.as_ref()))),
        }
    }

    fn made(&self, key: &str) -> Option<&Made> {
        let index = self.names().binary_search(&key).ok()?;
        Some(self.0.made[index].get_or_init(|| match self.0.fields.make(key) {
            Ok(value) => {
                let cited = self.0.fields.cite(key, &value);
                Made { value: value.into_val(), mark: None, cited }
            }
            Err(mark) => Made { value: Box::new(CelNull), mark: Some(mark), cited: None },
        }))
    }

    pub(super) fn field(&self, key: &str) -> Option<&(dyn Val + 'static)> {
        let made = self.made(key)?;
        if let Some(mark) = &made.mark {
            trace::mark(mark.clone());
        }
        if let Some(cited) = &made.cited {
            trace::cite(cited);
        }
        trace::spend(1);
        Some(made.value.as_ref())
    }
}

impl std::fmt::Debug for Lazy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Lazy({})", self.identity())
    }
}

impl Val for Lazy {
    fn get_type(&self) -> &Type {
        &MAP_TYPE
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_iterable<'b, 'v>(&'b self) -> Option<&'b (dyn Iterable + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn equals(&self, other: &dyn Val) -> bool {
        super::equality::equal(self, other)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for Lazy {}

impl Container for Lazy {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        let key = value.downcast_ref::<CelString>().map(CelString::inner);
        Ok(key.is_some_and(|key| self.names().binary_search(&key).is_ok()))
    }
}

impl Iterable for Lazy {
    fn iter<'b, 'v>(&'b self) -> Box<dyn CelIterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        Box::new(Walk(self.0.keys.iter()))
    }
}

/// A map yields its keys.
struct Walk<'b>(std::slice::Iter<'b, CelString<'static>>);

impl<'b, 'v> CelIterator<'b, 'v> for Walk<'b> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(|key| key as &dyn Val)
    }
}

impl Sizer for Lazy {
    fn size(&self) -> CelInt {
        CelInt::from(self.names().len() as i64)
    }
}

impl Indexer for Lazy {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let name = key.downcast_ref::<CelString>().map_or("", |k| k.inner());
        self.field(name).map(CowVal::Borrowed).ok_or_else(|| ExecutionError::no_such_key(name))
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        Indexer::get(&*self, key).map(CowVal::into_owned)
    }
}
