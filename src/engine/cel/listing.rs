//! All documents of one kind, as the list that policies read: with an index a field, so that a
//! join of thousands with thousands is no product.

use super::equality;
use super::trace;
use super::view::View;
use crate::value::NodeId;
use cel::ExecutionError;
use cel::common::traits::{Adder, Container, Indexer, Iterable, Iterator as CelIterator, Sizer};
use cel::common::types::{CelInt, CelList, LIST_TYPE, Type};
use cel::common::value::{CowVal, StaticVal, Val};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

type FieldIndex = Arc<HashMap<String, Vec<u32>>>;

/// The list of all documents of a kind.
#[derive(Clone)]
pub struct Listing(Arc<Inner>);

struct Inner {
    items: Box<[View]>,
    indexes: Mutex<HashMap<String, FieldIndex>>,
}

impl Listing {
    /// A list of these documents.
    pub fn new(items: Vec<View>) -> Self {
        Listing(Arc::new(Inner { items: items.into_boxed_slice(), indexes: Mutex::default() }))
    }

    /// The documents.
    pub fn items(&self) -> &[View] {
        &self.0.items
    }

    /// The documents whose text at `path` is `value`, or whose list there holds it. The read of each one found is recorded; what
    /// the index looked at is not, or the record would depend on who asked first.
    pub fn with_text(&self, path: &str, value: &str) -> Vec<View> {
        let index = self.index(path);
        let found = index.get(value).map_or(&[][..], Vec::as_slice);
        found
            .iter()
            .map(|at| self.0.items[*at as usize].clone())
            .inspect(|view| {
                if let Some(node) = node_at(view, path) {
                    trace::read_node(view.tree().index, node);
                }
            })
            .collect()
    }

    fn index(&self, path: &str) -> FieldIndex {
        let mut indexes = self.0.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indexes.get(path) {
            return Arc::clone(index);
        }
        let mut index: HashMap<String, Vec<u32>> = HashMap::new();
        for (at, view) in self.0.items.iter().enumerate() {
            let tree = &view.tree().tree;
            let Some(node) = node_at(view, path) else { continue };
            for node in std::iter::once(&node).chain(tree.items(node)) {
                let Some(text) = tree.as_str(*node) else { continue };
                let found = index.entry(text.to_owned()).or_default();
                // A list may name the same thing twice.
                if found.last() != Some(&(at as u32)) {
                    found.push(at as u32);
                }
            }
        }
        let index = Arc::new(index);
        indexes.insert(path.to_owned(), Arc::clone(&index));
        index
    }
}

fn node_at(view: &View, path: &str) -> Option<NodeId> {
    let steps: Vec<&str> = path.split('.').collect();
    view.tree().tree.find(view.node(), &steps)
}

impl std::fmt::Debug for Listing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.items()).finish()
    }
}

impl Val for Listing {
    fn get_type(&self) -> &Type {
        &LIST_TYPE
    }

    fn cel_type() -> &'static Type {
        &LIST_TYPE
    }

    fn as_adder<'b, 'v>(&'b self) -> Option<&'b (dyn Adder + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
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

impl StaticVal for Listing {}

impl Adder for Listing {
    fn add<'b, 'v>(&'b self, rhs: &(dyn Val + 'v)) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let items: Vec<Box<dyn Val>> = self.items().iter().map(|view| view.clone_as_boxed()).collect();
        let list: CelList<'v> = CelList::from(items.into_iter().map(|v| v as Box<dyn Val + 'v>).collect::<Vec<_>>());
        let sum = list.as_adder().ok_or(ExecutionError::MissingArgumentOrTarget)?.add(rhs)?.into_owned();
        Ok(CowVal::Owned(sum))
    }
}

impl Container for Listing {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        Ok(self.items().iter().any(|view| equality::equal(view, value)))
    }
}

impl Indexer for Listing {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let index = super::view::whole(key).ok_or_else(|| ExecutionError::UnexpectedType {
            got: key.get_type().name().to_owned(),
            want: "int".to_owned(),
        })?;
        let view = usize::try_from(index).ok().and_then(|at| self.items().get(at));
        view.map(|view| CowVal::Borrowed(view as &dyn Val)).ok_or(ExecutionError::IndexOutOfBounds(index.into()))
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(key).map(CowVal::into_owned)
    }
}

impl Iterable for Listing {
    fn iter<'b, 'v>(&'b self) -> Box<dyn CelIterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        Box::new(Walk(self.items().iter()))
    }
}

struct Walk<'b>(std::slice::Iter<'b, View>);

impl<'b, 'v> CelIterator<'b, 'v> for Walk<'b> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        self.0.next().map(|view| view as &dyn Val)
    }
}

impl Sizer for Listing {
    fn size(&self) -> CelInt {
        CelInt::from(self.items().len() as i64)
    }
}
