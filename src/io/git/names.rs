//! What the name of a commit means.

use git2::{ErrorCode, Object, ObjectType, Oid, Repository};

/// Why a name means no commit here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// It is none that is taken: ids, tags, branches, and steps back from them.
    Malformed,
    /// It is the beginning of several ids.
    Ambiguous,
    /// Nothing here is called so.
    Unknown,
    /// What it names is there, or is known to be elsewhere, but its commit is not here.
    Absent,
    /// It names something that is no commit.
    NotACommit,
    /// It cannot be looked up; says why.
    Other(String),
}

/// The commit that a name means: an id or its beginning (4 digits at least), a tag, a branch, a branch of
/// the remote `origin` with or without the remote's name, `HEAD`; and `~` and `^` behind it.
///
/// # Errors
/// Why there is none.
pub fn commit_of(repository: &Repository, text: &str) -> Result<Oid, Unnamed> {
    // Searches (`:/text`) and positions in time (`@{yesterday}`) would be slow or not repeatable.
    let plain_name = |c: char| c.is_alphanumeric() || "._-/+~^".contains(c);
    if text.is_empty() || text.starts_with('-') || !text.chars().all(plain_name) {
        return Err(Unnamed::Malformed);
    }
    if text.starts_with("refs/") {
        // A whole name is that of a tag or a branch, letter by letter, and no description of a commit.
        let reference = repository.find_reference(text).map_err(|error| match error.code() {
            ErrorCode::NotFound | ErrorCode::InvalidSpec => Unnamed::Unknown,
            _ => Unnamed::Other(error.message().to_owned()),
        })?;
        let object = reference.peel(ObjectType::Any).map_err(|error| Unnamed::Other(error.message().to_owned()))?;
        return commit_behind(repository, object);
    }
    // A pipeline checks out one commit: its branches are those of the remote alone.
    let start = text.split(['~', '^']).next().unwrap_or(text);
    let object = match look_up(repository, start) {
        Err(Unnamed::Unknown) => look_up(repository, &format!("refs/remotes/origin/{text}"))?,
        _ => look_up(repository, text)?,
    };
    commit_behind(repository, object)
}

fn look_up<'r>(repository: &'r Repository, text: &str) -> Result<Object<'r>, Unnamed> {
    repository.revparse_single(text).map_err(|error| match (error.code(), error.class()) {
        (ErrorCode::Ambiguous, _) => Unnamed::Ambiguous,
        // A step back from a commit whose parent is not here, a tag of a commit that is not here.
        (ErrorCode::NotFound, git2::ErrorClass::Odb) if !is_id(text) => Unnamed::Absent,
        (ErrorCode::NotFound | ErrorCode::InvalidSpec, _) => Unnamed::Unknown,
        _ => Unnamed::Other(error.message().to_owned()),
    })
}

fn is_id(text: &str) -> bool {
    text.bytes().all(|digit| digit.is_ascii_hexdigit())
}

/// The commit that a chain of tags ends in. Each tag is hashed: it decides which commit is meant.
fn commit_behind(repository: &Repository, mut object: Object<'_>) -> Result<Oid, Unnamed> {
    loop {
        match object.kind() {
            Some(ObjectType::Commit) => return Ok(object.id()),
            Some(ObjectType::Tag) => {
                let broken = |error: git2::Error| Unnamed::Other(error.message().to_owned());
                let odb = repository.odb().map_err(broken)?;
                let bytes = odb.read(object.id()).map_err(broken)?;
                if Oid::hash_object(ObjectType::Tag, bytes.data()).map_err(broken)? != object.id() {
                    return Err(Unnamed::Other(format!("the tag object {} is not what its id says", object.id())));
                }
                let target = object.as_tag().map(git2::Tag::target).ok_or(Unnamed::NotACommit)?;
                object = target.map_err(|error| match error.code() {
                    ErrorCode::NotFound => Unnamed::Absent,
                    _ => broken(error),
                })?;
            }
            _ => return Err(Unnamed::NotACommit),
        }
    }
}
