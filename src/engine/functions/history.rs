//! The git history; see [`life`].

use super::patterns::compiled;
use super::{list_argument, record, text_argument, wanted};
use crate::engine::cel::{Mark, Value, ask, mark, spend};
use crate::engine::{life, surroundings};
use crate::history::{Blob, Gap, PathSet};
use crate::value::Limits;

/// Steps that a question about the history takes, besides what it gives.
const ASK: usize = 20;

/// At most so many bytes of an earlier version are searched for its content.
const CONTENT: usize = 256 << 10;

/// A set of paths from a list of patterns.
fn paths(value: &Value) -> Result<PathSet, String> {
    let items = list_argument(value)?;
    spend(ASK + items.len());
    let texts = items.iter().map(|item| text_argument(item)).collect::<Result<Vec<_>, _>>()?;
    PathSet::new(texts)
}

/// What a question gives; where it cannot be told, the evaluation is marked and `instead` stands for it.
fn told<T>(answer: Result<T, Mark>, instead: impl FnOnce() -> T) -> T {
    answer.unwrap_or_else(|why| {
        mark(why);
        instead()
    })
}

pub(super) fn history_of(args: &[Value]) -> Result<Value, String> {
    Ok(life::of_paths(paths(&args[0])?))
}

pub(super) fn changed_since(args: &[Value]) -> Result<Value, String> {
    let (set, commit) = (paths(&args[0])?, text_argument(&args[1])?);
    told(life::changed_since(&set, commit), || Ok(false)).map(Value::Bool)
}

pub(super) fn changes_since(args: &[Value]) -> Result<Value, String> {
    let (set, commit) = (paths(&args[0])?, text_argument(&args[1])?);
    told(life::changes_since(&set, commit), || Ok(Value::List(Vec::new())))
}

pub(super) fn is_ancestor(args: &[Value]) -> Result<Value, String> {
    let (earlier, later) = (text_argument(&args[0])?, text_argument(&args[1])?);
    spend(ASK);
    told(life::is_ancestor(earlier, later), || Ok(false)).map(Value::Bool)
}

pub(super) fn landed_together(args: &[Value]) -> Result<Value, String> {
    let (one, other) = (text_argument(&args[0])?, text_argument(&args[1])?);
    spend(ASK);
    told(life::landed_together(one, other), || Ok(false)).map(Value::Bool)
}

pub(super) fn commit(args: &[Value]) -> Result<Value, String> {
    spend(ASK);
    let found = told(life::found_commit(text_argument(&args[0])?), || None);
    Ok(Value::Optional(found.map(|id| Box::new(life::commit_value(id)))))
}

pub(super) fn release(args: &[Value]) -> Result<Value, String> {
    let (version, system) = (text_argument(&args[0])?.trim(), text_argument(&args[1])?.trim());
    if version.is_empty() {
        return Ok(Value::Optional(None));
    }
    // What no tag can be called is no tag; `~` and `^` would step back from one.
    if version.contains(['~', '^', ':', '?', '*', '[', '\\', ' ', '@']) || version.contains("..") {
        return Ok(Value::Optional(None));
    }
    let bare = version.strip_prefix('v').unwrap_or(version);
    let mut names = vec![format!("v{bare}"), bare.to_owned()];
    if !system.is_empty() {
        let of_system = ["-", "/", "@", "_"]
            .iter()
            .flat_map(|sign| [format!("{system}{sign}v{bare}"), format!("{system}{sign}{bare}")]);
        names.splice(0..0, of_system);
    }
    spend(ASK * names.len());
    let found = || {
        for name in names {
            if let Some(id) = life::found_commit(&format!("refs/tags/{name}"))? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    };
    Ok(Value::Optional(told(found(), || None).map(|id| Box::new(life::commit_value(id)))))
}

pub(super) fn file_at(args: &[Value]) -> Result<Value, String> {
    let (path, commit) = (text_argument(&args[0])?, text_argument(&args[1])?);
    let found = content_at(path, commit)?;
    let (exists, folder, size) = match &found {
        At::Nothing => (false, false, 0),
        At::Folder => (true, true, 0),
        At::File(Blob::Bytes(bytes)) => (true, false, bytes.len() as u64),
        At::File(Blob::TooLarge(size)) => (true, false, *size),
    };
    let lfs = match &found {
        At::File(Blob::Bytes(bytes)) => surroundings::lfs_size(bytes),
        _ => None,
    };
    let empty = matches!(&found, At::File(Blob::Bytes(bytes)) if bytes.iter().all(u8::is_ascii_whitespace));
    Ok(record([
        ("empty", Value::Bool(empty)),
        ("exists", Value::Bool(exists)),
        ("folder", Value::Bool(folder)),
        ("lfs", Value::Bool(lfs.is_some())),
        ("path", Value::Text(path.to_owned())),
        ("size", Value::Int(i64::try_from(lfs.unwrap_or(size)).unwrap_or(i64::MAX))),
    ]))
}

pub(super) fn file_matches_at(args: &[Value]) -> Result<Value, String> {
    let (path, commit, pattern) = (text_argument(&args[0])?, text_argument(&args[1])?, text_argument(&args[2])?);
    let bytes = match content_at(path, commit)? {
        At::Nothing | At::Folder => return Ok(Value::Bool(false)),
        At::File(Blob::TooLarge(size)) => {
            return Err(format!("`{path}` had {size} bytes there; at most {CONTENT} are searched"));
        }
        At::File(Blob::Bytes(bytes)) => bytes,
    };
    if surroundings::lfs_size(&bytes).is_some() {
        return Err(format!("`{path}` was a Git LFS pointer there: its content is not in the history"));
    }
    if !spend(bytes.len() / 16) {
        return Err(super::EXHAUSTED.to_owned());
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    compiled(pattern, |regex| Ok(Value::Bool(regex.is_match(&text))))
}

/// What stood at a path.
enum At {
    Nothing,
    Folder,
    File(Blob),
}

fn content_at(path: &str, commit: &str) -> Result<At, String> {
    spend(ASK);
    let asked = life::with_log(|_, log| {
        let look = || -> Result<Result<At, String>, Gap> {
            let Some(id) = log.resolve(commit)? else { return Ok(Err(format!("there is no commit `{commit}`"))) };
            Ok(Ok(match log.at(id, path)? {
                None => At::Nothing,
                Some(entry) if !entry.holds_text() => At::Folder,
                Some(entry) => At::File(log.blob(entry.id, CONTENT.min(Limits::default().bytes))?),
            }))
        };
        look().map_err(|found| life::gap(&found))
    });
    told(asked, || Ok(At::Nothing))
}

pub(super) fn after_adoption(args: &[Value]) -> Result<Value, String> {
    let commit = text_argument(&args[0])?;
    spend(ASK);
    let adopted = surroundings::with(|corpus| corpus.past().adopted_at.clone()).flatten();
    let Some(adopted) = adopted else { return Ok(Value::Bool(true)) };
    told(life::is_ancestor(commit, &adopted), || Ok(true)).map(|before| Value::Bool(!before))
}

pub(super) fn person(args: &[Value]) -> Result<Value, String> {
    let text = args[0].as_text().ok_or_else(|| wanted("text", &args[0]))?;
    Ok(Value::Optional(life::named_person(text).map(Box::new)))
}

pub(super) fn changed_files(args: &[Value]) -> Result<Value, String> {
    let set = paths(&args[0])?;
    ask(&set);
    let (files, why) = match surroundings::with(|corpus| corpus.changed_files(&set)).flatten() {
        Some(Ok(files)) => (files, None),
        Some(Err((why, help))) => (Vec::new(), Some(Mark::Unknown(why, help))),
        None => (Vec::new(), Some(Mark::Never(crate::engine::bindings::NO_BASE.to_owned()))),
    };
    spend(files.len());
    why.into_iter().for_each(mark);
    Ok(super::texts(files))
}
