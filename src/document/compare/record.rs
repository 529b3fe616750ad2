//! Which record of an earlier version one was.

use crate::document::item::name_by;
use crate::value::{NodeId, Tree};

/// Which of the records of an earlier version one was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counterpart<T> {
    /// This one.
    One(T),
    /// It was not there.
    None,
    /// So many have its id, and nothing tells which.
    Several(usize),
}

/// What a record was, among the earlier records of its kind: the one with its id, of several the only
/// one in its file; where one of the two has no id, the one at its place. `of_id` are those with its
/// id, `here` tells those in its file, `at_place` is the one at its place and whether that has an id.
pub fn counterpart_among<T: Copy>(
    of_id: &[T],
    here: impl Fn(T) -> bool,
    at_place: Option<(T, bool)>,
    has_id: bool,
) -> Counterpart<T> {
    let mut in_file = of_id.iter().copied().filter(|record| here(*record));
    match (of_id, in_file.next(), in_file.next()) {
        ([one], ..) => Counterpart::One(*one),
        (_, Some(one), None) => Counterpart::One(one),
        ([], ..) => match at_place.filter(|(_, other)| !(*other && has_id)) {
            Some((record, _)) => Counterpart::One(record),
            None => Counterpart::None,
        },
        _ => Counterpart::Several(of_id.len()),
    }
}

/// Which record of the earlier version of a file is the one that `record`, a root of the later version,
/// was: the one of its kind and id, where one of the two has no id the one at its place. The only
/// record of a file stays that when its id changes. `None` where it was not there, where several have
/// its id, or where `record` is no root of `after`.
///
/// Both trees are those of [`read`](crate::value::read).
pub fn counterpart(before: &Tree, after: &Tree, record: NodeId) -> Option<NodeId> {
    let place = after.roots().iter().position(|root| *root == record)?;
    let kind = name_by(after, record, "kind");
    let id = name_by(after, record, "id");
    // What a record does not say of itself, its file's name says of all.
    let same_kind =
        |root: &NodeId| kind.is_none_or(|kind| name_by(before, *root, "kind").is_none_or(|was| was == kind));
    let of_id: Vec<NodeId> = before
        .roots()
        .iter()
        .copied()
        .filter(|root| id.is_some() && name_by(before, *root, "id") == id && same_kind(root))
        .collect();
    let only = before.roots().len() == 1 && after.roots().len() == 1;
    let at_place = before.roots().get(place).filter(|root| same_kind(root));
    let at_place = at_place.map(|root| (*root, name_by(before, *root, "id").is_some() && !only));
    match counterpart_among(&of_id, |_| true, at_place, id.is_some()) {
        Counterpart::One(record) => Some(record),
        Counterpart::None | Counterpart::Several(_) => None,
    }
}
