//! A document's tree as CEL sees it.
//!
//! The crate lends values as `&dyn Val`, so what a container hands out must already exist in
//! memory: each view makes its children when they are first asked for and keeps them. Scalars
//! become the crate's own types, so that every built-in function takes them.

use super::equality;
use super::lazy::Lazy;
use super::trace;
use crate::engine::surroundings;
use crate::value::{Data, NodeId, Tree};
use cel::ExecutionError;
use cel::common::traits::{Adder, Container, Indexer, Iterable, Iterator as CelIterator, Sizer, Zeroer};
use cel::common::types::{
    CelBool, CelDouble, CelInt, CelList, CelNull, CelString, CelTimestamp, CelUInt, LIST_TYPE, MAP_TYPE, Type,
};
use cel::common::value::{CowVal, StaticVal, Val};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// What the git history of a document is called. It comes before a field of that name, which only formats
/// of others can have.
pub const HISTORY: &str = "history";

/// From this many entries on a map is looked up through an index.
const INDEXED_FROM: usize = 16;

/// A tree and its number in the corpus, which the record of reads names it by.
#[derive(Clone, Debug)]
pub struct TreeRef {
    /// The tree.
    pub tree: Arc<Tree>,
    /// Its number.
    pub index: u32,
}

/// A map or a list of a document.
#[derive(Clone)]
pub struct View(Arc<Inner>);

/// A child's value, made when it is first asked for.
type Child = OnceLock<Box<dyn Val>>;

struct Inner {
    at: TreeRef,
    /// The node as written; an alias keeps its own place here.
    node: NodeId,
    children: OnceLock<Box<[Child]>>,
    keys: OnceLock<Box<[CelString<'static>]>>,
    index: OnceLock<HashMap<Box<str>, u32>>,
    history: OnceLock<Option<Lazy>>,
}

/// Makes the CEL value of a node.
pub fn lend(at: &TreeRef, node: NodeId) -> Box<dyn Val> {
    let tree = &at.tree;
    match tree.data(node) {
        Data::Null | Data::Alias(_) => Box::new(CelNull),
        Data::Bool(b) => Box::new(CelBool::from(*b)),
        Data::Int(i) => Box::new(CelInt::from(*i)),
        Data::Float(f) => Box::new(CelDouble::from(*f)),
        Data::Text(text) => Box::new(CelString::from(tree.text(text).to_owned())),
        Data::Time(text, seconds) => match chrono::DateTime::from_timestamp(*seconds, 0) {
            Some(time) => Box::new(CelTimestamp::from(time.fixed_offset())),
            None => Box::new(CelString::from(tree.text(text).to_owned())),
        },
        Data::List(_) | Data::Map(_) => Box::new(View::new(at.clone(), node)),
    }
}

impl View {
    /// The view of a map or a list node.
    pub fn new(at: TreeRef, node: NodeId) -> Self {
        let inner = Inner {
            at,
            node,
            children: OnceLock::new(),
            keys: OnceLock::new(),
            index: OnceLock::new(),
            history: OnceLock::new(),
        };
        View(Arc::new(inner))
    }

    /// The tree it belongs to.
    pub fn tree(&self) -> &TreeRef {
        &self.0.at
    }

    /// Its node.
    pub fn node(&self) -> NodeId {
        self.0.node
    }

    /// Units of the budget that walking over it takes. Looking at the sizes of texts is no read.
    pub(super) fn weight(&self) -> usize {
        let tree = &self.0.at.tree;
        let text = |node: NodeId| match tree.data(node) {
            Data::Text(text) => tree.text(text).len(),
            _ => 0,
        };
        let bytes: usize = if self.is_map() {
            tree.entries(self.0.node).iter().map(|entry| tree.text(&entry.key).len()).sum()
        } else {
            tree.items(self.0.node).iter().map(|node| text(*node)).sum()
        };
        bytes + self.len() * trace::ITEM
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.0.at.tree.data(self.0.node), Data::Map(_))
    }

    pub(super) fn len(&self) -> usize {
        let tree = &self.0.at.tree;
        if self.is_map() { tree.entries(self.0.node).len() } else { tree.items(self.0.node).len() }
    }

    fn child_node(&self, index: usize) -> NodeId {
        let tree = &self.0.at.tree;
        if self.is_map() { tree.entries(self.0.node)[index].value } else { tree.items(self.0.node)[index] }
    }

    fn child(&self, index: usize) -> &(dyn Val + 'static) {
        let cells = self.0.children.get_or_init(|| (0..self.len()).map(|_| OnceLock::new()).collect());
        let node = self.child_node(index);
        trace::read_node(self.0.at.index, node);
        cells[index].get_or_init(|| lend(&self.0.at, node)).as_ref()
    }

    fn keys(&self) -> &[CelString<'static>] {
        self.0.keys.get_or_init(|| {
            let tree = &self.0.at.tree;
            tree.entries(self.0.node).iter().map(|e| CelString::from(tree.text(&e.key).to_owned())).collect()
        })
    }

    fn position(&self, key: &str) -> Option<usize> {
        let tree = &self.0.at.tree;
        let entries = tree.entries(self.0.node);
        if entries.len() < INDEXED_FROM {
            return entries.iter().position(|e| tree.text(&e.key) == key);
        }
        let index = self.0.index.get_or_init(|| {
            // Backwards, so that the first of two equal keys stays.
            entries.iter().enumerate().rev().map(|(at, e)| (tree.text(&e.key).into(), at as u32)).collect()
        });
        index.get(key).map(|at| *at as usize)
    }

    /// The value at `key` of a map, recorded; also records that it is not there.
    pub(super) fn field(&self, key: &str) -> Option<&(dyn Val + 'static)> {
        if key == HISTORY
            && let Some(history) = self.history()
        {
            return Some(history);
        }
        match self.position(key) {
            Some(at) => Some(self.child(at)),
            None => {
                trace::read_missing(self.0.at.index, self.0.node, key);
                None
            }
        }
    }

    /// The git history of a document; nothing below its root.
    fn history(&self) -> Option<&Lazy> {
        let of = || surroundings::with(|corpus| corpus.life(self.0.at.index, self.0.node)).flatten();
        self.0.history.get_or_init(of).as_ref()
    }

    /// The items of a list, or the values of a map, recorded.
    pub(super) fn values(&self) -> impl Iterator<Item = &(dyn Val + 'static)> {
        (0..self.len()).map(|index| self.child(index))
    }

    pub(super) fn key_texts(&self) -> impl Iterator<Item = &str> {
        self.keys().iter().map(|key| key.inner())
    }
}

impl std::fmt::Debug for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "View({}#{})", self.0.at.tree.file().path(), self.0.node.0)
    }
}

impl Val for View {
    fn get_type(&self) -> &Type {
        if self.is_map() { &MAP_TYPE } else { &LIST_TYPE }
    }

    fn cel_type() -> &'static Type {
        &MAP_TYPE
    }

    fn as_adder<'b, 'v>(&'b self) -> Option<&'b (dyn Adder + 'v)>
    where
        Self: 'v,
    {
        if self.is_map() { None } else { Some(self) }
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

    fn as_zeroer(&self) -> Option<&dyn Zeroer> {
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

impl StaticVal for View {}

impl Adder for View {
    fn add<'b, 'v>(&'b self, rhs: &(dyn Val + 'v)) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        let other = rhs.as_iterable().filter(|_| *rhs.get_type() == LIST_TYPE).ok_or_else(|| {
            ExecutionError::no_such_overload("_+_", vec!["list".to_owned(), rhs.get_type().name().to_owned()])
        })?;
        let mut items: Vec<Box<dyn Val + 'v>> = self.values().map(|value| value.clone_as_boxed()).collect();
        let mut others = other.iter();
        while let Some(item) = others.next() {
            items.push(item.clone_as_boxed());
        }
        Ok(CowVal::owned(CelList::from(items)))
    }
}

impl Container for View {
    fn contains(&self, value: &dyn Val) -> Result<bool, ExecutionError> {
        if !self.is_map() {
            return Ok(self.values().any(|item| equality::equal(item, value)));
        }
        let Some(key) = value.downcast_ref::<CelString>() else { return Ok(false) };
        Ok(self.field(key.inner()).is_some())
    }
}

impl Indexer for View {
    fn get<'b, 'v>(&'b self, key: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        if self.is_map() {
            let Some(key) = key.downcast_ref::<CelString>() else {
                return Err(ExecutionError::no_such_key(&equality::shown(key)));
            };
            return self
                .field(key.inner())
                .map(CowVal::Borrowed)
                .ok_or_else(|| ExecutionError::no_such_key(key.inner()));
        }
        let Some(index) = whole(key) else {
            return Err(ExecutionError::UnexpectedType {
                got: key.get_type().name().to_owned(),
                want: "int".to_owned(),
            });
        };
        match usize::try_from(index).ok().filter(|at| *at < self.len()) {
            Some(at) => Ok(CowVal::Borrowed(self.child(at))),
            None => Err(ExecutionError::IndexOutOfBounds(index.into())),
        }
    }

    fn steal<'v>(self: Box<Self>, key: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(key).map(CowVal::into_owned)
    }
}

/// A list index: CEL takes an int, a uint or a whole double.
pub(super) fn whole(key: &dyn Val) -> Option<i64> {
    if let Some(int) = key.downcast_ref::<CelInt>() {
        return Some(*int.inner());
    }
    if let Some(uint) = key.downcast_ref::<CelUInt>() {
        return i64::try_from(*uint.inner()).ok();
    }
    key.downcast_ref::<CelDouble>().map(|d| *d.inner()).filter(|d| d.fract() == 0.0 && d.abs() < 9e15).map(|d| d as i64)
}

impl Iterable for View {
    fn iter<'b, 'v>(&'b self) -> Box<dyn CelIterator<'b, 'v> + 'b>
    where
        Self: 'v,
    {
        Box::new(Walk { view: self, next: 0 })
    }
}

/// A list yields its items, a map its keys, in the order written.
struct Walk<'b> {
    view: &'b View,
    next: usize,
}

impl<'b, 'v> CelIterator<'b, 'v> for Walk<'b> {
    fn next(&mut self) -> Option<&'b (dyn Val + 'v)> {
        let at = self.next;
        if at >= self.view.len() {
            return None;
        }
        self.next += 1;
        if self.view.is_map() { Some(&self.view.keys()[at]) } else { Some(self.view.child(at)) }
    }
}

impl Sizer for View {
    fn size(&self) -> CelInt {
        CelInt::from(self.len() as i64)
    }
}

impl Zeroer for View {
    fn is_zero_value(&self) -> bool {
        self.len() == 0
    }
}
