//! Versions of files: what one was at a commit, and how two differ.

use super::gap;
use crate::document::compare::{FieldChange, changes, counterpart, is_substantive, text_differs};
use crate::document::with_decisions;
use crate::engine::cel::Mark;
use crate::history::{Blob, Entry, Gap, Id, Log};
use crate::source::SourceFile;
use crate::value::{Limits, NodeId, Syntax, Tree, read};
use std::sync::Arc;

/// How a file differs from what it was before a commit.
pub struct Difference {
    /// Whether in more than dates, versions, white space, order and comments.
    pub substantive: bool,
    /// Field by field, where it is a document.
    pub fields: Vec<FieldChange>,
}

/// A record of a file that is followed through its versions.
#[derive(Clone, Debug)]
pub struct Followed {
    /// The file as it is now.
    pub tree: Arc<Tree>,
    /// The record as it was read.
    pub record: NodeId,
}

/// What of a file counts.
#[derive(Clone, Copy, Debug)]
pub enum Compared<'f> {
    /// One record of it.
    Record(&'f Followed),
    /// All records: it is a document.
    Records,
    /// Its text: it is no document, and what its values mean is not known here. A version of a model in a
    /// configuration is more than a version of a record.
    Text,
}

/// How a file changed with a commit. `now` is its name there, `before` the one it had in the first parent.
pub fn difference(log: &Log, commit: Id, now: &str, before: &str, compared: Compared<'_>) -> Result<Difference, Mark> {
    let sides = || -> Result<(Option<Entry>, Option<Entry>), Gap> {
        let after = log.at(commit, now)?;
        let parent = log.first_parent(commit)?;
        Ok((parent.map(|parent| log.at(parent, before)).transpose()?.flatten(), after))
    };
    let (before_entry, after_entry) = sides().map_err(|found| gap(&found))?;
    of_entries(log, (before_entry, before), (after_entry, now), compared)
}

/// How what stands at one place differs from what stands at another.
pub fn of_entries(
    log: &Log,
    (before, before_path): (Option<Entry>, &str),
    (after, after_path): (Option<Entry>, &str),
    compared: Compared<'_>,
) -> Result<Difference, Mark> {
    if before.map(|entry| entry.id) == after.map(|entry| entry.id) {
        return Ok(Difference { substantive: false, fields: Vec::new() });
    }
    let (before, after) = match (content(log, before)?, content(log, after)?) {
        (Content::Bytes(before), Content::Bytes(after)) => (before, after),
        // A file that is too large to be compared is another one: its name says so. Of a document that is not
        // enough, since what counts in it is less than all of it.
        (Content::TooLarge(size), _) | (_, Content::TooLarge(size)) if !matches!(compared, Compared::Text) => {
            return Err(Mark::Unknown(
                format!("`{after_path}` had {size} bytes in an earlier version, more than is compared"),
                "Compare its versions yourself.".to_owned(),
            ));
        }
        _ => return Ok(Difference { substantive: true, fields: Vec::new() }),
    };
    let by_text = || {
        let substantive = text_differs(before.as_deref().unwrap_or_default(), after.as_deref().unwrap_or_default());
        Difference { substantive: substantive || before.is_none() != after.is_none(), fields: Vec::new() }
    };
    let (false, Some(syntax_after), Some(syntax_before)) =
        (matches!(compared, Compared::Text), Syntax::of(after_path), Syntax::of(before_path))
    else {
        return Ok(by_text());
    };
    let parsed = |bytes: &Option<Vec<u8>>, path: &str, syntax: Syntax| {
        let bytes = bytes.clone()?;
        Some(with_decisions(read(Arc::new(SourceFile::new(path, bytes)), syntax, &Limits::default()).0))
    };
    let tree_before = parsed(&before, before_path, syntax_before);
    let tree_after = parsed(&after, after_path, syntax_after);
    // Versions without a record, such as broken ones, have nothing else to be compared by.
    if [&tree_before, &tree_after].into_iter().flatten().all(|tree| tree.roots().is_empty()) {
        return Ok(by_text());
    }
    let (before, after) = (tree_before, tree_after);
    let mut difference = Difference { substantive: false, fields: Vec::new() };
    for (before, after) in records(before.as_ref(), after.as_ref(), compared) {
        difference.substantive |= is_substantive(before, after);
        difference.fields.extend(changes(before, after));
    }
    Ok(difference)
}

/// Whether a record as it was read says something else than the version of its file that was committed.
/// Line ends and other white space, which git may change when it writes files, make no difference.
///
/// # Errors
/// When that version cannot be read.
pub fn differs_from(log: &Log, committed: Entry, now: &Followed) -> Result<bool, Mark> {
    let Content::Bytes(Some(before)) = content(log, committed)? else { return Ok(false) };
    let file = now.tree.file();
    if !text_differs(&before, file.text().as_bytes()) {
        return Ok(false);
    }
    let Some(syntax) = Syntax::of(file.path()) else { return Ok(true) };
    let parsed = |bytes: Vec<u8>| {
        with_decisions(read(Arc::new(SourceFile::new(file.path(), bytes)), syntax, &Limits::default()).0)
    };
    let (before, after) = (parsed(before), parsed(file.text().as_bytes().to_vec()));
    let of = |side: &Tree| counterpart(side, &now.tree, now.record);
    let (was, is) = (of(&before), of(&after));
    Ok(is_substantive(was.map(|record| (&before, record)), is.map(|record| (&after, record))))
}

type Record<'t> = (&'t Tree, NodeId);

/// The records that are compared: the followed one, else each with the one it was.
fn records<'t>(
    before: Option<&'t Tree>,
    after: Option<&'t Tree>,
    compared: Compared<'_>,
) -> Vec<(Option<Record<'t>>, Option<Record<'t>>)> {
    if let Compared::Record(Followed { tree, record }) = compared {
        let of = |side: Option<&'t Tree>| side.and_then(|side| Some((side, counterpart(side, tree, *record)?)));
        return vec![(of(before), of(after))];
    }
    let mut pairs = Vec::new();
    let mut met = Vec::new();
    for root in after.map(Tree::roots).unwrap_or_default() {
        let Some(after) = after else { continue };
        let was = before.and_then(|before| Some((before, counterpart(before, after, *root)?)));
        met.extend(was.map(|(_, root)| root));
        pairs.push((was, Some((after, *root))));
    }
    let gone = before.into_iter().flat_map(|tree| tree.roots().iter().map(move |root| (tree, *root)));
    pairs.extend(gone.filter(|(_, root)| !met.contains(root)).map(|gone| (Some(gone), None)));
    pairs
}

/// What a version of a file holds.
enum Content {
    /// Its bytes; nothing where nothing stands there, or no file.
    Bytes(Option<Vec<u8>>),
    /// More bytes than are compared; so many.
    TooLarge(u64),
}

fn content(log: &Log, entry: impl Into<Option<Entry>>) -> Result<Content, Mark> {
    let Some(entry) = entry.into().filter(|entry| entry.holds_text()) else { return Ok(Content::Bytes(None)) };
    match log.blob(entry.id, Limits::default().bytes) {
        Ok(Blob::Bytes(bytes)) => Ok(Content::Bytes(Some(bytes))),
        Ok(Blob::TooLarge(size)) => Ok(Content::TooLarge(size)),
        Err(found) => Err(gap(&found)),
    }
}
