//! A scalar of a document with the way that leads to it, as `leaves()` gives it.

use super::equality;
use super::trace;
use super::view::{TreeRef, View, lend};
use crate::value::NodeId;
use cel::ExecutionError;
use cel::common::traits::{Container, Indexer, Iterable, Iterator as CelIterator, Sizer};
use cel::common::types::{CelInt, CelString, MAP_TYPE, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use std::any::Any;
use std::sync::{Arc, LazyLock};

/// Its keys, in their order.
static KEYS: LazyLock<[CelString<'static>; 4]> =
    LazyLock::new(|| ["key", "parent", "path", "value"].map(|key| CelString::from(key.to_owned())));

/// A map of `path`, `key`, `value` and `parent`. Reading `value` is a read of the document's node,
/// so that a finding about it stands on its line.
#[derive(Clone, Debug)]
pub struct Leaf(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    at: TreeRef,
    node: NodeId,
    path: CelString<'static>,
    key: CelString<'static>,
    value: Box<dyn Val>,
    parent: Box<dyn Val>,
}

impl Leaf {
    /// The scalar `node`, which `path` leads to within the document and `key` names; `parent` is the
    /// map or list that holds it.
    pub fn new(parent: &View, node: NodeId, path: &str, key: &str) -> Self {
        let at = parent.tree().clone();
        let value = lend(&at, node);
        Leaf(Arc::new(Inner {
            value,
            node,
            at,
            path: CelString::from(path.to_owned()),
            key: CelString::from(key.to_owned()),
            parent: Box::new(parent.clone()),
        }))
    }

    /// The way from the root of the document.
    pub fn path(&self) -> &str {
        self.0.path.inner()
    }

    /// The text that it holds, without counting as a read of it.
    pub fn text(&self) -> Option<&str> {
        self.0.at.tree.as_str(self.0.node)
    }

    /// The tree.
    pub fn tree(&self) -> &TreeRef {
        &self.0.at
    }

    /// The tree's number and the node.
    pub fn node(&self) -> (u32, NodeId) {
        (self.0.at.index, self.0.node)
    }

    pub(super) fn field(&self, key: &str) -> Option<&(dyn Val + 'static)> {
        match key {
            "path" => Some(&self.0.path),
            "key" => Some(&self.0.key),
            "value" => {
                trace::read_node(self.0.at.index, self.0.node);
                Some(self.0.value.as_ref())
            }
            "parent" => Some(self.0.parent.as_ref()),
            _ => None,
        }
    }
}

impl Val for Leaf {
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
        equality::equal(self, other)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

impl StaticVal for Leaf {}

impl Container for Leaf {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        let key = value.downcast_ref::<CelString>().map(CelString::inner);
        Ok(KEYS.iter().any(|known| Some(known.inner()) == key))
    }
}

impl Iterable for Leaf {
    fn iter<'b, 'v>(&'b self) -> Box<dyn CelIterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        Box::new(Walk(KEYS.iter()))
    }
}

/// A map yields its keys.
struct Walk(std::slice::Iter<'static, CelString<'static>>);

impl<'b, 'v> CelIterator<'b, 'v> for Walk {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(|key| key as &dyn Val)
    }
}

impl Sizer for Leaf {
    fn size(&self) -> CelInt {
        CelInt::from(KEYS.len() as i64)
    }
}

impl Indexer for Leaf {
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
        self.get(key).map(CowVal::into_owned)
    }
}
