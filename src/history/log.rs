//! The history of one commit, as facts ask for it. What was found is kept; nothing is read before
//! somebody asks.

use super::files::{FileChange, changed};
use super::tree::{self, Budget, Entry};
use super::{Blob, Changes, Commit, Gap, Graph, Id, Objects, PathSet, Touched, all_changes, last_changes};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Renames that are followed for a path.
const RENAMES: usize = 16;

/// A commit that changed a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The commit.
    pub commit: Id,
    /// The name that the file had, from the root.
    pub path: String,
}

/// Every change of a file, under all of its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story {
    /// Its changes, children before their parents, else newest first.
    pub changes: Vec<Change>,
    /// Why there may be earlier ones.
    pub gap: Option<Gap>,
}

/// The log of a commit.
pub struct Log {
    objects: Arc<dyn Objects>,
    head: Id,
    root: Vec<String>,
    graph: OnceLock<Graph>,
    kept: Mutex<Kept>,
    /// Paths that one walk is to answer for together.
    prepared: Mutex<Prepared>,
    /// What all questions about the files of a commit may look at together.
    budget: Mutex<Budget>,
}

#[derive(Default)]
struct Prepared {
    files: BTreeSet<String>,
    sets: BTreeSet<PathSet>,
}

#[derive(Default)]
struct Kept {
    last: HashMap<PathSet, Touched>,
    changes: HashMap<PathSet, Arc<Changes>>,
    stories: HashMap<String, Arc<Story>>,
    commits: HashMap<Id, Arc<Commit>>,
    ancestry: HashMap<(Id, Id), Result<bool, Gap>>,
}

impl Log {
    /// The log of `head`; paths start at the folder `root` of the repository, which is empty for its top.
    pub fn new(objects: Arc<dyn Objects>, head: Id, root: &str) -> Log {
        let root = root.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let (graph, kept, prepared, budget) = (OnceLock::new(), Mutex::default(), Mutex::default(), Mutex::default());
        Log { objects, head, root, graph, kept, prepared, budget }
    }

    /// The commit whose history this is.
    pub fn head(&self) -> Id {
        self.head
    }

    /// Names files and sets of paths that will be asked about, so that one walk answers for all.
    pub fn prepare(&self, files: impl IntoIterator<Item = String>, sets: impl IntoIterator<Item = PathSet>) {
        let mut prepared = lock(&self.prepared);
        prepared.files.extend(files);
        prepared.sets.extend(sets);
    }

    /// The last change of a set of paths.
    ///
    /// # Errors
    /// When it cannot be known.
    pub fn last(&self, set: &PathSet) -> Result<Option<Id>, Gap> {
        let mut kept = lock(&self.kept);
        if !kept.last.contains_key(set) {
            let prepared = lock(&self.prepared);
            let files = prepared.files.iter().map(|path| PathSet::path(path));
            let mut sets: BTreeSet<PathSet> = files.chain(prepared.sets.iter().cloned()).collect();
            drop(prepared);
            sets.retain(|set| !kept.last.contains_key(set));
            sets.insert(set.clone());
            let sets: Vec<PathSet> = sets.into_iter().collect();
            let found = last_changes(self.objects.as_ref(), self.head, &self.root, &sets)?;
            kept.last.extend(sets.into_iter().zip(found));
        }
        match &kept.last[set] {
            Touched::By(id) => Ok(Some(*id)),
            Touched::Never => Ok(None),
            Touched::Unknown(gap) => Err(gap.clone()),
        }
    }

    /// Every change of a set of paths.
    ///
    /// # Errors
    /// When nothing at all can be known.
    pub fn changes(&self, set: &PathSet) -> Result<Arc<Changes>, Gap> {
        let mut kept = lock(&self.kept);
        if !kept.changes.contains_key(set) {
            let mut sets: BTreeSet<PathSet> = lock(&self.prepared).sets.clone();
            sets.retain(|set| !kept.changes.contains_key(set));
            sets.insert(set.clone());
            let sets: Vec<_> = sets.into_iter().map(|set| (set, vec![self.head])).collect();
            let found = all_changes(self.objects.as_ref(), self.graph(), &self.root, &sets, &|_| false)?;
            kept.changes.extend(sets.into_iter().map(|(set, _)| set).zip(found.into_iter().map(Arc::new)));
        }
        Ok(Arc::clone(&kept.changes[set]))
    }

    /// Every change of a file, under all of its names.
    ///
    /// # Errors
    /// When nothing at all can be known.
    pub fn story(&self, path: &str) -> Result<Arc<Story>, Gap> {
        let mut kept = lock(&self.kept);
        if !kept.stories.contains_key(path) {
            let mut paths: BTreeSet<String> = lock(&self.prepared).files.clone();
            paths.retain(|path| !kept.stories.contains_key(path));
            paths.insert(path.to_owned());
            for (path, story) in self.stories(paths)? {
                kept.stories.insert(path, Arc::new(story));
            }
        }
        Ok(Arc::clone(&kept.stories[path]))
    }

    fn stories(&self, paths: BTreeSet<String>) -> Result<Vec<(String, Story)>, Gap> {
        let mut found: Vec<(String, Story)> = paths.into_iter().map(|path| (path, Story::default())).collect();
        // Where each file's history goes on, and under which name.
        let mut open: Vec<(usize, String, Vec<Id>)> =
            found.iter().enumerate().map(|(number, (path, _))| (number, path.clone(), vec![self.head])).collect();
        for round in 0..=RENAMES {
            let sets: Vec<(PathSet, Vec<Id>)> =
                open.iter().map(|(_, path, heads)| (PathSet::path(path), heads.clone())).collect();
            let walked = all_changes(self.objects.as_ref(), self.graph(), &self.root, &sets, &|_| false)?;
            let mut next: BTreeMap<(usize, String), Vec<Id>> = BTreeMap::new();
            for ((number, path, _), Changes { mut commits, added, gap }) in open.into_iter().zip(walked) {
                let story = &mut found[number].1;
                story.gap = story.gap.take().or(gap);
                for by in added {
                    if !commits.contains(&by) {
                        continue;
                    }
                    match self.earlier_name(by, &path) {
                        Ok(Some(_)) if round == RENAMES => {
                            let why = format!("`{path}` was renamed more often than is followed");
                            story.gap = Some(Gap::TooLarge(why));
                        }
                        Ok(Some((name, parent))) => {
                            // What had the name before the file got it was another file.
                            commits.retain(|earlier| *earlier == by || !self.led_to(*earlier, by));
                            next.entry((number, name)).or_default().push(parent);
                        }
                        Ok(None) => {}
                        Err(gap) => story.gap = Some(gap),
                    }
                }
                story.changes.extend(commits.into_iter().map(|commit| Change { commit, path: path.clone() }));
            }
            if next.is_empty() {
                break;
            }
            open = next.into_iter().map(|((number, name), heads)| (number, name, heads)).collect();
        }
        for (_, story) in &mut found {
            let place = |change: &Change| self.graph().place(change.commit);
            story.changes.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.path.cmp(&b.path)));
            story.changes.dedup();
        }
        Ok(found)
    }

    /// The commits that changed a set of paths and did not lead to `since`, which is of this history;
    /// children before their parents, else newest first.
    ///
    /// # Errors
    /// When there may be others.
    pub fn changes_since(&self, set: &PathSet, since: Id) -> Result<Vec<Id>, Gap> {
        let graph = self.graph();
        // What is not of this history shares its older commits with it, and nothing here tells which.
        let Some(place) = graph.place(since) else {
            return Err(graph.whole().err().unwrap_or_else(|| {
                Gap::Broken(format!("the commit {} is not in the history of {}", since.short(), self.head.short()))
            }));
        };
        let led = graph.leading_to(place);
        let hidden = |id: Id| graph.place(id).is_some_and(|place| led.has(place));
        let sets = [(set.clone(), vec![self.head])];
        let walked = all_changes(self.objects.as_ref(), graph, &self.root, &sets, &hidden)?;
        let mut found = Vec::new();
        for Changes { commits, gap, .. } in walked {
            gap.map_or(Ok(()), Err)?;
            found.extend(commits);
        }
        Ok(found)
    }

    /// The files of a set that a commit changed against its first parent, by their paths from the root of this
    /// log; at most `limit`.
    ///
    /// # Errors
    /// When a tree is not there, or when too much was changed to be looked through.
    pub fn files_changed(&self, commit: Id, set: &PathSet, limit: usize) -> Result<Vec<FileChange>, Gap> {
        let links = self.objects.links(commit)?;
        let before = match links.parents.first() {
            Some(parent) => self.at(*parent, "")?,
            None if links.cut => return Err(Gap::Shallow),
            None => None,
        };
        let matcher = set.matcher();
        let after = self.at(commit, "")?;
        let mut budget = lock(&self.budget);
        budget.pass();
        changed(self.objects.as_ref(), before, after, &|path| matcher.matches(path), limit, &mut budget)
    }

    /// Whether one commit of this history led to another one of it.
    fn led_to(&self, earlier: Id, later: Id) -> bool {
        let graph = self.graph();
        match (graph.place(earlier), graph.place(later)) {
            (Some(earlier), Some(later)) => graph.leads_to(earlier, later),
            _ => false,
        }
    }

    /// The name that a file had in the first parent of the commit that added it at `path`.
    fn earlier_name(&self, commit: Id, path: &str) -> Result<Option<(String, Id)>, Gap> {
        let links = self.objects.links(commit)?;
        let Some(parent) = links.parents.first().copied() else { return Ok(None) };
        let whole = self.whole_path(path);
        let Some(earlier) = self.objects.renamed_from(commit, parent, whole.as_bytes())? else { return Ok(None) };
        let prefix = self.root.iter().flat_map(|name| [name.as_str(), "/"]).collect::<String>();
        let earlier = String::from_utf8_lossy(&earlier);
        match earlier.strip_prefix(&prefix).filter(|name| !name.contains(char::REPLACEMENT_CHARACTER)) {
            Some(name) => Ok(Some((name.to_owned(), parent))),
            None => Err(Gap::OlderName(earlier.into_owned())),
        }
    }

    /// What a commit says.
    ///
    /// # Errors
    /// When it is not there or not what its id says.
    pub fn commit(&self, id: Id) -> Result<Arc<Commit>, Gap> {
        if let Some(commit) = lock(&self.kept).commits.get(&id) {
            return Ok(Arc::clone(commit));
        }
        let commit = Arc::new(Commit::parse(id, &self.objects.commit(id)?)?);
        lock(&self.kept).commits.insert(id, Arc::clone(&commit));
        Ok(commit)
    }

    /// The commits of this history.
    pub fn graph(&self) -> &Graph {
        self.graph.get_or_init(|| Graph::read(self.objects.as_ref(), self.head))
    }

    /// The commit of the main line that brought a commit of this history there.
    ///
    /// # Errors
    /// When it cannot be known.
    pub fn landed(&self, id: Id) -> Result<Id, Gap> {
        let graph = self.graph();
        match graph.place(id) {
            Some(place) => graph.landed(place),
            None => Err(graph.whole().err().unwrap_or_else(|| {
                Gap::Broken(format!("the commit {} is not in the history of {}", id.short(), self.head.short()))
            })),
        }
    }

    /// Whether a commit led to another one, or is it.
    ///
    /// # Errors
    /// When it cannot be known.
    pub fn is_ancestor(&self, earlier: Id, later: Id) -> Result<bool, Gap> {
        if earlier == later {
            return Ok(true);
        }
        if let Some(known) = lock(&self.kept).ancestry.get(&(earlier, later)) {
            return known.clone();
        }
        let graph = self.graph();
        let answer = match (graph.place(earlier), graph.place(later)) {
            (Some(earlier), Some(later)) => match graph.leads_to(earlier, later) {
                true => Ok(true),
                // The way may lead through commits that are cut off.
                false => graph.whole().map(|()| false),
            },
            // What led to a commit of this history is in this history.
            (None, Some(_)) => graph.whole().map(|()| false),
            (_, None) => {
                let other = Graph::read(self.objects.as_ref(), later);
                match other.place(earlier) {
                    Some(_) => Ok(true),
                    None => other.whole().map(|()| false),
                }
            }
        };
        lock(&self.kept).ancestry.insert((earlier, later), answer.clone());
        answer
    }

    /// The commit that a tag, a branch or an id names.
    ///
    /// # Errors
    /// When the clone may lack what it stands for.
    pub fn resolve(&self, name: &str) -> Result<Option<Id>, Gap> {
        self.objects.resolve(name)
    }

    /// What stands at a path of a commit.
    ///
    /// # Errors
    /// When a tree is not there.
    pub fn at(&self, commit: Id, path: &str) -> Result<Option<Entry>, Gap> {
        let mut id = self.objects.links(commit)?.tree;
        let mut names =
            self.root.iter().map(String::as_str).chain(path.split('/')).filter(|n| !n.is_empty()).peekable();
        while let Some(name) = names.next() {
            let Some(entry) = tree::find(&self.objects.tree(id)?, name.as_bytes())? else { return Ok(None) };
            match (names.peek(), entry.is_folder()) {
                (None, _) => return Ok(Some(entry)),
                (Some(_), true) => id = entry.id,
                (Some(_), false) => return Ok(None),
            }
        }
        Ok(Some(Entry::folder(id)))
    }

    /// The first parent of a commit; nothing for the first commit of all.
    ///
    /// # Errors
    /// When it is cut off or not there.
    pub fn first_parent(&self, commit: Id) -> Result<Option<Id>, Gap> {
        let links = self.objects.links(commit)?;
        if links.cut { Err(Gap::Shallow) } else { Ok(links.parents.first().copied()) }
    }

    /// Whether a change added a file: its first parent has none at the path.
    ///
    /// # Errors
    /// When a tree is not there.
    pub fn is_added(&self, change: &Change) -> Result<bool, Gap> {
        match self.first_parent(change.commit)? {
            Some(parent) => Ok(self.at(parent, &change.path)?.is_none()),
            None => Ok(true),
        }
    }

    /// The content of a file, verified.
    ///
    /// # Errors
    /// When it is not there or not what its id says.
    pub fn blob(&self, id: Id, limit: usize) -> Result<Blob, Gap> {
        self.objects.blob(id, limit)
    }

    /// The content of a file at the top of the repository, as it is at the head; nothing where there is none.
    ///
    /// # Errors
    /// When it cannot be read, or has more than `limit` bytes.
    pub fn at_top(&self, name: &str, limit: usize) -> Result<Option<Vec<u8>>, Gap> {
        let tree = self.objects.tree(self.objects.links(self.head)?.tree)?;
        let Some(entry) = tree::find(&tree, name.as_bytes())?.filter(|entry| entry.holds_text()) else {
            return Ok(None);
        };
        match self.objects.blob(entry.id, limit)? {
            Blob::Bytes(bytes) => Ok(Some(bytes)),
            Blob::TooLarge(size) => Err(Gap::Broken(format!("`{name}` has {size} bytes, more than is read"))),
        }
    }

    fn whole_path(&self, path: &str) -> String {
        self.root.iter().map(String::as_str).chain([path]).collect::<Vec<_>>().join("/")
    }
}

/// What is kept is whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
