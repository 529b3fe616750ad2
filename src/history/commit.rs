//! Commit objects: who, when, what they say.

use super::{Gap, Id, Links, trailers::trailers};

/// Who made something, and when, as the commit claims it: anybody can write any name and any time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: String,
    /// Seconds since 1970.
    pub time: i64,
}

/// A commit as it stands in the repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub id: Id,
    /// Its tree.
    pub tree: Id,
    /// Its parents, also those that a shallow clone does not hold.
    pub parents: Vec<Id>,
    /// Who wrote the change.
    pub author: Signature,
    /// Who made the commit.
    pub committer: Signature,
    /// Whether it carries a signature. Whether the signature is good is not looked at.
    pub signed: bool,
    /// Its message.
    pub message: String,
}

impl Commit {
    /// Reads the bytes of a commit object.
    ///
    /// # Errors
    /// When they are none.
    pub fn parse(id: Id, bytes: &[u8]) -> Result<Commit, Gap> {
        let broken = || Gap::Broken(format!("the commit {} cannot be read", id.short()));
        let (tree, parents, rest) = head(bytes).ok_or_else(broken)?;
        let (mut author, mut committer, mut signed) = (None, None, false);
        let mut rest = rest;
        loop {
            let (line, after) = line(rest);
            if line.is_empty() {
                rest = after;
                break;
            }
            if let Some(value) = line.strip_prefix(b"author ") {
                author = author.or_else(|| signature(value));
            } else if let Some(value) = line.strip_prefix(b"committer ") {
                committer = committer.or_else(|| signature(value));
            } else if line.starts_with(b"gpgsig") {
                signed = true;
            }
            rest = after;
        }
        let committer = committer.ok_or_else(broken)?;
        Ok(Commit {
            id,
            tree,
            parents,
            author: author.unwrap_or_else(|| committer.clone()),
            committer,
            signed,
            message: String::from_utf8_lossy(rest).into_owned(),
        })
    }

    /// The first line of its message.
    pub fn subject(&self) -> &str {
        self.message.lines().find(|line| !line.trim().is_empty()).map_or("", str::trim)
    }

    /// The trailers of its message, such as `Reviewed-by`, in their order.
    pub fn trailers(&self) -> Vec<(String, String)> {
        trailers(&self.message)
    }
}

impl Links {
    /// Reads what a walk needs from the bytes of a commit object.
    pub fn parse(bytes: &[u8]) -> Option<Links> {
        let (tree, parents, mut rest) = head(bytes)?;
        loop {
            let (line, after) = line(rest);
            if let Some(value) = line.strip_prefix(b"committer ") {
                return Some(Links { tree, parents, time: time(value).unwrap_or(0), cut: false });
            }
            if line.is_empty() {
                return None;
            }
            rest = after;
        }
    }
}

/// The tree, the parents, and the lines after them.
fn head(bytes: &[u8]) -> Option<(Id, Vec<Id>, &[u8])> {
    let (first, mut rest) = line(bytes);
    let tree = Id::parse(first.strip_prefix(b"tree ")?)?;
    let mut parents = Vec::new();
    loop {
        let (next, after) = line(rest);
        let Some(parent) = next.strip_prefix(b"parent ") else { return Some((tree, parents, rest)) };
        parents.push(Id::parse(parent)?);
        rest = after;
    }
}

/// The first line without its end, and what follows it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

/// `Name <address> seconds offset`.
fn signature(value: &[u8]) -> Option<Signature> {
    let text = String::from_utf8_lossy(value);
    let (who, _) = text.rsplit_once('>')?;
    let (name, email) = who.split_once('<')?;
    let time = time(value).unwrap_or(0);
    Some(Signature { name: name.trim().to_owned(), email: email.trim().to_owned(), time })
}

fn time(value: &[u8]) -> Option<i64> {
    let after = value.iter().rposition(|byte| *byte == b'>')? + 1;
    std::str::from_utf8(&value[after..]).ok()?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tree 0123456789abcdef0123456789abcdef01234567\n";

    #[test]
    fn a_commit_says_who_and_when() {
        let text = format!(
            "{TREE}parent 1123456789abcdef0123456789abcdef01234567\nauthor A U Thor <a@x.example> 5 +0100\n\
             committer C <c@x.example> 9 -0200\ngpgsig -----BEGIN\n line\n -----END\n\nSubject\n\nBody\n"
        );
        let id = Id([7; 20]);
        let commit = Commit::parse(id, text.as_bytes()).expect("a commit");
        assert_eq!(
            (commit.author.name.as_str(), commit.author.email.as_str(), commit.author.time),
            ("A U Thor", "a@x.example", 5)
        );
        assert_eq!((commit.committer.time, commit.signed, commit.subject()), (9, true, "Subject"));
        assert_eq!(commit.parents.len(), 1);
        let links = Links::parse(text.as_bytes()).expect("links");
        assert_eq!((links.tree, links.parents, links.time), (commit.tree, commit.parents, 9));
    }

    #[test]
    fn what_is_no_commit_is_said_and_what_is_odd_is_read() {
        for bytes in ["", "tree 12\n", "blob", TREE, &format!("{TREE}author A <a> 1 +0000\n\n")] {
            assert!(Commit::parse(Id([7; 20]), bytes.as_bytes()).is_err(), "{bytes}");
        }
        let odd = format!("{TREE}author <> junk\ncommitter A <a <b> c> x\n\n");
        let commit = Commit::parse(Id([7; 20]), odd.as_bytes()).expect("a commit");
        assert_eq!((commit.author.name.as_str(), commit.committer.time, commit.subject()), ("", 0, ""));
    }
}
