//! Types the plain scalars of a document by its schema: `version: 2.3` is the text `2.3` where text
//! is wanted, a whole number is a number where a number is wanted, a declared date is a time.

use super::layout::{Layout, Place, fold};
use super::types::Types;
use crate::value::{Data, Node, NodeId, Text, Tree, parse_time};

/// Types everything below `root`. Each node is typed once, also one that several aliases share.
pub(super) fn apply(layout: &Layout, tree: &mut Tree, root: NodeId) {
    let mut seen = vec![false; tree.len()];
    let mut waiting = vec![(root, 0)];
    while let Some((id, at)) = waiting.pop() {
        let id = tree.resolve(id);
        if std::mem::replace(&mut seen[id.0 as usize], true) {
            continue;
        }
        match &tree.node(id).data {
            Data::Map(_) => waiting.extend(
                tree.entries(id)
                    .iter()
                    .filter_map(|entry| Some((entry.value, layout.field(at, tree.text(&entry.key))?))),
            ),
            Data::List(_) => waiting.extend(
                tree.items(id).iter().enumerate().filter_map(|(index, item)| Some((*item, layout.item(at, index)?))),
            ),
            _ => {
                let place = layout.place(at);
                if let Some(data) = typed(tree, tree.node(id), place) {
                    tree.retype(id, data);
                }
            }
        }
    }
}

/// What a scalar is at `place`, when that differs from how it was read.
fn typed(tree: &Tree, node: &Node, place: &Place) -> Option<Data> {
    let types = place.types;
    match &node.data {
        Data::Bool(_) | Data::Int(_) | Data::Float(_)
            if node.plain && types.has(Types::TEXT) && !allows(types, &node.data) =>
        {
            Some(Data::Text(Text::Slice(node.span)))
        }
        Data::Int(number) if types != Types::ALL && types.has(Types::FRACTION) => Some(Data::Float(*number as f64)),
        Data::Float(number) if types.has(Types::INT) && !types.has(Types::FRACTION) => whole(*number).map(Data::Int),
        Data::Text(text) if !place.aliases.is_empty() => {
            let written = tree.text(text);
            let folded = fold(written);
            let (_, value) = place.aliases.iter().find(|(name, _)| *name == folded)?;
            (**value != *written).then(|| Data::Text(Text::Owned(value.clone())))
        }
        Data::Text(text) if place.moment && types.has(Types::TEXT) => {
            parse_time(tree.text(text)).map(|seconds| Data::Time(text.clone(), seconds))
        }
        _ => None,
    }
}

fn allows(types: Types, data: &Data) -> bool {
    match data {
        Data::Float(number) if whole(*number).is_some() => types.has(Types::INT | Types::FRACTION),
        Data::Int(_) => types.has(Types::INT | Types::FRACTION),
        data => types.has(Types::of_data(data)),
    }
}

fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a float no longer tells neighbouring whole numbers apart.
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}
