//! Histories that are made up: those of tests of policies, and of this project's own.

use super::{Blob, Budget, Gap, Id, Links, Moves, Objects, Origin};
use sha2::{Digest, Sha256};
use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The signature of made-up commits that carry one. It is good for nothing but being there.
pub const MADE_UP_SIGNATURE: &str = "-----BEGIN SSH SIGNATURE-----\nmade up\n-----END SSH SIGNATURE-----";

/// A commit to make.
#[derive(Clone, Debug, Default)]
pub struct MadeCommit {
    /// All files after it: path and content.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Its parents, by their number among the commits, from 0.
    pub parents: Vec<usize>,
    /// Name and address of its author.
    pub author: (String, String),
    /// Name and address of its committer.
    pub committer: (String, String),
    /// Seconds since 1970 of the author, and of the committer.
    pub times: (i64, i64),
    /// Its message.
    pub message: String,
    /// Tags on it.
    pub tags: Vec<String>,
    /// Branches that end with it.
    pub branches: Vec<String>,
    /// Whether it carries a signature, which is a made-up one.
    pub signed: bool,
    /// Whether its parents are cut off, as at the edge of a shallow clone.
    pub cut: bool,
}

/// Objects in memory, in the form that git gives them. Their ids are not git's.
#[derive(Debug, Default)]
pub struct MemoryObjects {
    commits: HashMap<Id, (Vec<u8>, Links)>,
    trees: HashMap<Id, Arc<[u8]>>,
    blobs: HashMap<Id, Vec<u8>>,
    names: HashMap<String, Id>,
    ids: Vec<Id>,
}

impl MemoryObjects {
    /// Makes commits; each one's parents come before it.
    pub fn new(commits: impl IntoIterator<Item = impl Borrow<MadeCommit>>) -> MemoryObjects {
        let mut objects = MemoryObjects::default();
        for commit in commits {
            objects.add(commit.borrow());
        }
        objects.names.extend(objects.ids.last().map(|id| ("HEAD".to_owned(), *id)));
        objects
    }

    /// The ids of the commits in their order.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    fn add(&mut self, commit: &MadeCommit) {
        let files: Vec<(&str, &[u8])> = commit.files.iter().map(|(path, text)| (path.as_str(), &text[..])).collect();
        let tree = self.tree_of(&files);
        let parents: Vec<Id> = commit.parents.iter().map(|number| self.ids[*number]).collect();
        let mut text = format!("tree {tree}\n");
        parents.iter().for_each(|parent| text.push_str(&format!("parent {parent}\n")));
        for (what, (name, email), time) in
            [("author", &commit.author, commit.times.0), ("committer", &commit.committer, commit.times.1)]
        {
            text.push_str(&format!("{what} {name} <{email}> {time} +0000\n"));
        }
        if commit.signed {
            text.push_str(&format!("gpgsig {}\n", MADE_UP_SIGNATURE.replace('\n', "\n ")));
        }
        text.push_str(&format!("\n{}\n", commit.message.trim_end()));
        let id = id_of("commit", text.as_bytes());
        let parents = if commit.cut { Vec::new() } else { parents };
        let links = Links { tree, parents, time: commit.times.1, cut: commit.cut };
        self.names.extend(commit.branches.iter().map(|branch| (format!("refs/heads/{branch}"), id)));
        self.names.extend(commit.tags.iter().map(|tag| (format!("refs/tags/{tag}"), id)));
        self.commits.insert(id, (text.into_bytes(), links));
        self.ids.push(id);
    }

    /// Writes the tree of files in the order of their paths.
    fn tree_of(&mut self, files: &[(&str, &[u8])]) -> Id {
        let name = |path: &str| path.split('/').next().unwrap_or(path).to_owned();
        let mut entries: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        for below in files.chunk_by(|a, b| name(a.0) == name(b.0)) {
            let of = name(below[0].0);
            let (mode, id, ends) = if below[0].0 == of {
                let id = id_of("blob", below[0].1);
                self.blobs.insert(id, below[0].1.to_vec());
                ("100644", id, "")
            } else {
                let inside: Vec<(&str, &[u8])> =
                    below.iter().map(|(path, text)| (&path[of.len() + 1..], *text)).collect();
                ("40000", self.tree_of(&inside), "/")
            };
            let raw = [mode.as_bytes(), b" ", of.as_bytes(), b"\0", &id.0].concat();
            entries.push((format!("{of}{ends}").into_bytes(), raw));
        }
        entries.sort();
        let bytes: Vec<u8> = entries.into_iter().flat_map(|(_, raw)| raw).collect();
        let id = id_of("tree", &bytes);
        self.trees.insert(id, bytes.into());
        id
    }
}

impl Objects for MemoryObjects {
    fn commit(&self, id: Id) -> Result<Vec<u8>, Gap> {
        self.commits.get(&id).map(|(bytes, _)| bytes.clone()).ok_or(Gap::Partial)
    }

    fn links(&self, id: Id) -> Result<Links, Gap> {
        self.commits.get(&id).map(|(_, links)| links.clone()).ok_or(Gap::Partial)
    }

    fn tree(&self, id: Id) -> Result<Arc<[u8]>, Gap> {
        self.trees.get(&id).cloned().ok_or(Gap::Partial)
    }

    fn blob(&self, id: Id, limit: usize) -> Result<Blob, Gap> {
        let bytes = self.blobs.get(&id).ok_or(Gap::Partial)?;
        Ok(if bytes.len() > limit { Blob::TooLarge(bytes.len() as u64) } else { Blob::Bytes(bytes.clone()) })
    }

    fn resolve(&self, name: &str) -> Result<Option<Id>, Gap> {
        let of_id = || self.ids.iter().find(|id| name.len() >= 4 && id.to_string().starts_with(name)).copied();
        let named =
            ["", "refs/tags/", "refs/heads/"].iter().find_map(|space| self.names.get(&format!("{space}{name}")));
        match named.copied().or_else(of_id) {
            None if self.commits.values().any(|(_, links)| links.cut) => Err(Gap::Shallow),
            found => Ok(found),
        }
    }

    /// A file that went away with the same content.
    fn renamed_from(&self, commit: Id, parent: Id, path: &[u8]) -> Result<Option<Vec<u8>>, Gap> {
        let trees = (self.links(parent)?.tree, self.links(commit)?.tree);
        let moves = Moves::between(self, trees, &mut Budget::default())?;
        Ok(match moves.origin(path) {
            Origin::Same(path) => Some(path.to_vec()),
            Origin::OneOf(..) | Origin::Nowhere => None,
        })
    }
}

fn id_of(kind: &str, bytes: &[u8]) -> Id {
    let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(bytes).finalize();
    let mut id = [0; Id::BYTES];
    id.copy_from_slice(&digest[..Id::BYTES]);
    Id(id)
}
