//! What an item of a list is called.

use crate::value::{Data, NodeId, Tree};

/// The keys that name an item, the first one that it has: names survive where positions change.
pub const ITEM_NAMES: &[&str] = &[
    "id",
    "control",
    "name",
    "metric",
    "attribute",
    "group",
    "decision",
    "title",
    "path",
    "cell",
    "role",
    "party",
    "who",
    "system",
    "subject",
    "topic",
    "event",
    "criterion",
    "what",
    "data",
];

/// What an item of a list calls itself by one of [`ITEM_NAMES`]; `None` where it has none of them.
pub fn item_name(tree: &Tree, item: NodeId) -> Option<&str> {
    ITEM_NAMES.iter().find_map(|key| name_by(tree, item, key))
}

/// The scalar below `key`, where it says something.
pub(super) fn name_by<'t>(tree: &'t Tree, item: NodeId, key: &str) -> Option<&'t str> {
    let value = tree.get(item, key)?;
    if matches!(tree.data(value), Data::Null) {
        return None;
    }
    tree.scalar_text(value).filter(|name| !name.trim().is_empty())
}
