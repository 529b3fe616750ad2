//! A change that is judged against what it began from: which version that is, whose rules judge, and what
//! of the change reviewers see.

use super::check::{Asked, today};
use super::event::Run;
use super::failure::Failure;
use super::project::{Found, Project};
use crate::config;
use crate::engine::{self, Base, Choice, Compared, Faulty, Input, Setup, Sides, Sources, Unreachable, set_up};
use crate::facts::{Globs, History, PullRequest, ReadError, Snapshot};
use crate::finding::{Gate, Report, RulesOf};
use crate::io::git::change::{Until, change};
use crate::io::git::commit_tree::{CommitSnapshot, CommitTree};
use crate::io::git::{self, Fork, Shape};
use crate::policy::bundled;
use crate::source::SourceFile;
use crate::value::Limits;
use std::path::Path;
use std::sync::Arc;

/// Digits of a commit's id in front of the paths of its files.
const SHORT: usize = 10;

/// What a change is compared with.
pub struct Versus {
    /// The full id of the base commit.
    pub base: String,
    /// What people call it.
    pub name: String,
    /// The full id of the commit that reviewers see, where it is another one than what is judged.
    pub seen: Option<String>,
    /// The full id of the commit that is judged; `None` for the files of the working tree.
    pub judged: Option<String>,
    /// The pull request.
    pub pull_request: Option<PullRequest>,
}

impl Versus {
    /// The version that `name` names: where it and the judged commit parted. Inside, why it cannot be had.
    ///
    /// # Errors
    /// When there is no such commit, or the two have nothing in common.
    pub fn named(root: &Path, name: &str, judged: Option<&str>) -> Result<Result<Versus, Unreachable>, Failure> {
        let base = git::commit(root, name).map_err(|why| Failure::usage(why, ""))?;
        let state = git::past(root, judged).state;
        let (History::Full { head } | History::Shallow { head }) = state else {
            return Err(Failure::usage(
                format_args!("nothing can be compared with `{name}`: there is no commit yet"),
                "Commit the files first, or check them without `--base`.",
            ));
        };
        match git::fork(root, &base.id, &head) {
            Fork::At(base) => Ok(Ok(Versus {
                base,
                name: name.to_owned(),
                seen: None,
                judged: judged.map(str::to_owned),
                pull_request: None,
            })),
            Fork::Unknown(why, help) => Ok(Err(Unreachable { why, help })),
            Fork::Never => Err(Failure::usage(
                format_args!("`{name}` and the commit {head} have no commit in common, so nothing can be compared"),
                "Name the branch that the change is to be merged into.",
            )),
        }
    }

    /// This base for what an event is about.
    pub fn instead_of(self, event: Option<Versus>) -> Versus {
        match event {
            Some(event) => Versus { base: self.base, name: self.name, ..event },
            None => self,
        }
    }

    /// The files and lines of the change.
    fn change(&self, root: &Path, head: &str) -> Result<crate::facts::Change, Failure> {
        let until = match (&self.seen, &self.judged) {
            (Some(seen), judged) => Until::Commit { seen, judged: judged.as_deref().unwrap_or(head) },
            (None, Some(judged)) => Until::Commit { seen: judged, judged },
            (None, None) => Until::WorkingTree,
        };
        // Platforms show what came since the branch parted, the judged merge may know a newer base.
        let from = match &self.seen {
            Some(seen) => match git::fork(root, &self.base, seen) {
                Fork::At(parted) => parted,
                Fork::Unknown(why, help) => return Err(Failure::Incomplete { message: why, help }),
                Fork::Never => self.base.clone(),
            },
            None => self.base.clone(),
        };
        change(root, &from, &until).map_err(|message| Failure::Incomplete {
            message,
            help: "Fetch the whole history (`fetch-depth: 0` in actions/checkout), and run again.".to_owned(),
        })
    }
}

/// Judges a change.
///
/// # Errors
/// When the base version cannot be read, or the set-up that judges is not valid.
pub fn judge(found: Found, versus: Versus, asked: &Asked<'_>, online: Option<&Run>) -> Result<Report, Failure> {
    let found = found.where_the_base_begins(&versus.base, asked.config)?;
    let root = found.root.path.clone();
    let short: String = versus.base.chars().take(SHORT).collect();
    let tree = CommitTree::open(&root, &versus.base).and_then(|tree| tree.below(&git::path_in_trees(&root)));
    let base = match tree {
        Ok(tree) => Arc::new(tree),
        Err(error) => {
            let why = Unreachable { why: error.to_string(), help: error.remedy() };
            return super::check::judge_alone(Project::of(found)?, asked, Some(Err(why)), versus.pull_request, online);
        }
    };
    let sides = sides(&found, &base, &short, asked.config)?;
    let judges = Judges::choose(&sides, base.as_ref(), asked.trust)?;
    let past = git::past(&root, Some(&versus.base));
    let head = match &versus.seen {
        Some(seen) => seen.clone(),
        None => head(&root, versus.judged.as_deref()),
    };
    let change = versus.change(&root, &head)?;
    let project = Project::with(found, judges.setup);
    let today = today(&project, asked)?;
    super::check::known_all(&project, asked)?;
    let pull_request = super::check::looked_up(online, &project, asked, versus.pull_request);
    let own = project.past()?;
    // A commit at which annexa is taken up counts on both sides.
    let past = crate::history::Past { adopted_at: own.adopted_at.clone(), ..past };
    let shared = project.shared()?;
    let whole = matches!(own.state, History::Full { .. })
        && git::shape(&root).is_ok_and(|shape: Shape| shape.partial.is_none());
    let input = Input {
        snapshot: project.snapshot(),
        below: project.root.narrowed_to.clone(),
        setup: project.setup,
        today,
        past: own,
        shared,
        base: Some(Ok(Base { snapshot: base, commit: short })),
        pull_request,
        choice: Choice { only: asked.only.to_vec(), skip: asked.skip.to_vec() },
    };
    let compared = Compared {
        base: versus.base,
        base_name: versus.name,
        head,
        gate: asked.gate.unwrap_or(Gate::New),
        rules: judges.rules,
        preview: judges.preview,
        sides,
        past,
        change,
        whole,
    };
    // Paths begin where the rules are, which may be another folder than the one that was found first.
    Ok(Report { root: git::prefix_in_trees(&root), ..engine::run_compared(input, compared) })
}

fn head(root: &Path, judged: Option<&str>) -> String {
    match git::past(root, judged).state {
        History::Full { head } | History::Shallow { head } => head,
        _ => String::new(),
    }
}

/// The rules of both versions.
fn sides(found: &Found, base: &CommitSnapshot, short: &str, config: Option<&str>) -> Result<Sides, Failure> {
    let name = config.unwrap_or(config::FILE_NAME);
    let config = match base.read(name, Limits::default().bytes) {
        Ok(bytes) => Some(Arc::new(SourceFile::new(name, bytes).of_commit(short))),
        Err(ReadError::Missing) => None,
        Err(error) => {
            let message = format!("the configuration of the base version cannot be read, so nothing judges: {error}");
            return Err(Failure::Incomplete { message, help: error.remedy() });
        }
    };
    let of_base = Sources { snapshot: base, config: config.as_ref(), shipped: bundled() };
    let of_head = Sources { snapshot: found.tree.as_ref(), config: found.config.as_ref(), shipped: bundled() };
    Ok(Sides { base: set_up(of_base), head: set_up(of_head) })
}

/// Whose rules judge, and why they do not count.
struct Judges {
    setup: Setup,
    rules: RulesOf,
    preview: Option<String>,
}

impl Judges {
    fn choose(sides: &Sides, base: &CommitSnapshot, trust: RulesOf) -> Result<Judges, Failure> {
        let head = |preview: Option<&str>| match &sides.head {
            Ok(setup) => Ok(Judges { setup: setup.clone(), rules: RulesOf::Head, preview: preview.map(str::to_owned) }),
            Err(faulty) => Err(Failure::SetUp(faulty.iter().map(Faulty::clone).collect())),
        };
        match &sides.base {
            _ if trust == RulesOf::Head => head(None),
            Ok(setup) if setup.config.tree.is_none() && holds_nothing(base, setup) => head(Some(
                "the base version has neither annexa.yaml nor a record, so this shows what will be asked for once the \
                 change is merged",
            )),
            Ok(setup) => Ok(Judges { setup: setup.clone(), rules: RulesOf::Base, preview: None }),
            // Rules that cannot be read protect nothing, and the change may be what mends them.
            Err(_) => head(None),
        }
    }
}

/// Whether no record is recognised in a version.
fn holds_nothing(base: &CommitSnapshot, setup: &Setup) -> bool {
    engine::load(base, &setup.kinds, &setup.recogniser, &setup.exclude, &Globs::none()).documents.is_empty()
}
