//! Which files are documents: by configured paths, by what they say of themselves, by convention.

use super::adapters;
use super::kind::Kind;
use super::kinds::Kinds;
use crate::value::Syntax;
use globset::{GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How a path relates to documents, before it is read.
pub enum Recognition {
    /// The project's configuration lists it as that kind.
    Configured(Arc<Kind>),
    /// It lies where documents of that kind lie by convention.
    Glob(Arc<Kind>),
    /// It can be read; a top-level `kind:` or the fields of a known format may name its kind.
    Maybe,
    /// It is no document.
    No,
}

/// A configured glob that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadGlob {
    /// The position of the kind in what was configured.
    pub row: usize,
    /// The position of the glob in its row; `None` where the kind itself is unknown.
    pub glob: Option<usize>,
    /// What is wrong with it.
    pub message: String,
}

/// Tells by its path whether a file can be a document. Made once for all files.
pub struct Recogniser {
    configured: GlobSet,
    configured_kinds: Vec<Arc<Kind>>,
    conventions: Conventions,
    kinds: Vec<Arc<Kind>>,
    /// Paths of no documents.
    except: HashSet<String>,
}

/// All conventions, looked up by whole names and by endings. Of several that hold the first counts.
#[derive(Default)]
struct Conventions {
    list: Vec<Convention>,
    named: HashMap<Box<str>, usize>,
    by_ending: HashMap<Box<str>, Vec<usize>>,
    others: Vec<usize>,
}

impl Conventions {
    fn add(&mut self, convention: Convention) {
        let at = self.list.len();
        match &convention.shape {
            Shape::Tail(names) => match names.as_slice() {
                [(name, None)] => {
                    self.named.entry(name.clone()).or_insert(at);
                }
                [(name, end), ..] => {
                    let end = end.as_ref().unwrap_or(name);
                    match end.rsplit_once('.') {
                        Some((_, ending)) => self.by_ending.entry(ending.into()).or_default().push(at),
                        None => self.others.push(at),
                    }
                }
                [] => {}
            },
            Shape::Glob(_) => self.others.push(at),
        }
        self.list.push(convention);
    }

    /// The kind of the first convention that holds for a path in lower case.
    fn kind(&self, path: &str) -> Option<usize> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let named = self.named.get(name).copied();
        let ending = name.rsplit_once('.').and_then(|(_, ending)| self.by_ending.get(ending));
        let by_ending = ending.into_iter().flatten().copied().find(|at| self.list[*at].holds(path));
        let other = self.others.iter().copied().find(|at| self.list[*at].holds(path));
        let first = [named, by_ending, other].into_iter().flatten().min()?;
        Some(self.list[first].kind)
    }
}

/// A conventional glob for one kind. Compiling hundreds of globs would take longer than reading a
/// small repository, and conventions are simple: names at the end of a path, each with at most one `*`.
struct Convention {
    kind: usize,
    shape: Shape,
}

enum Shape {
    /// The last names of a path, from the back: what each begins and ends with; without an end it is
    /// the whole name.
    Tail(Vec<(Box<str>, Option<Box<str>>)>),
    /// Any other glob.
    Glob(GlobMatcher),
}

impl Convention {
    /// `None` for what is no glob; a test reads those of all shipped kinds.
    fn new(glob: &str, kind: usize) -> Option<Convention> {
        let names = glob.strip_prefix("**/").unwrap_or("**").split('/');
        let simple =
            |name: &str| !name.contains(['?', '[', ']', '{', '}', '\\', '!']) && name.matches('*').count() <= 1;
        if names.clone().all(simple) {
            let tail = names.rev().map(|name| match name.split_once('*') {
                Some((start, end)) => (start.into(), Some(end.into())),
                None => (name.into(), None),
            });
            return Some(Convention { kind, shape: Shape::Tail(tail.collect()) });
        }
        let glob = GlobBuilder::new(glob).literal_separator(true).build().ok()?;
        Some(Convention { kind, shape: Shape::Glob(glob.compile_matcher()) })
    }

    /// Whether a path in lower case follows the convention.
    fn holds(&self, path: &str) -> bool {
        match &self.shape {
            Shape::Glob(glob) => glob.is_match(path),
            Shape::Tail(names) => {
                let mut parts = path.rsplit('/');
                names.iter().all(|(start, end)| {
                    let Some(part) = parts.next() else { return false };
                    match end {
                        None => part == &**start,
                        Some(end) => {
                            part.len() >= start.len() + end.len()
                                && part.starts_with(&**start)
                                && part.ends_with(&**end)
                        }
                    }
                })
            }
        }
    }
}

impl Recogniser {
    /// Prepares the conventions of `kinds` and the `configured` globs (kind id, globs from the root;
    /// `*` stays within a folder, `**` does not). Conventions hold in any case of letters.
    ///
    /// # Errors
    /// Every configured glob that cannot be read, and every kind that there is not.
    pub fn new(kinds: &Kinds, configured: &[(String, Vec<String>)]) -> Result<Recogniser, Vec<BadGlob>> {
        let mut bad = Vec::new();
        let mut set = GlobSetBuilder::new();
        let mut configured_kinds = Vec::new();
        for (row, (id, globs)) in configured.iter().enumerate() {
            let Some(kind) = kinds.get(id) else {
                let meant = kinds.closest(id).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
                bad.push(BadGlob { row, glob: None, message: format!("there is no kind `{id}`{meant}") });
                continue;
            };
            for (at, glob) in globs.iter().enumerate() {
                match GlobBuilder::new(glob).literal_separator(true).build() {
                    Ok(glob) => {
                        set.add(glob);
                        configured_kinds.push(Arc::clone(kind));
                    }
                    Err(error) => {
                        let message = format!("`{glob}` is no glob: {}", error.kind());
                        bad.push(BadGlob { row, glob: Some(at), message });
                    }
                }
            }
        }
        let configured = build(&set, &mut bad);
        let mut conventions = Conventions::default();
        for (row, kind) in kinds.iter().enumerate() {
            for glob in kind.globs.iter().flat_map(|glob| alternatives(&glob.to_lowercase())) {
                Convention::new(&glob, row).into_iter().for_each(|convention| conventions.add(convention));
            }
        }
        if bad.is_empty() {
            let kinds = kinds.iter().cloned().collect();
            Ok(Recogniser { configured, configured_kinds, conventions, kinds, except: HashSet::new() })
        } else {
            Err(bad)
        }
    }

    /// The same, for which these paths are no documents, whatever they are called.
    pub fn except(self, paths: impl IntoIterator<Item = String>) -> Self {
        Recogniser { except: paths.into_iter().collect(), ..self }
    }

    /// What `path` (from the root, with `/`) says before the file is read.
    pub fn by_path(&self, path: &str) -> Recognition {
        if self.except.contains(path) {
            return Recognition::No;
        }
        if let Some(first) = self.configured.matches(path).first() {
            return Recognition::Configured(Arc::clone(&self.configured_kinds[*first]));
        }
        let Some(syntax) = Syntax::of(path) else { return Recognition::No };
        // A folder of cards has a README that explains it; only its content makes it a card.
        if is_readme(path) {
            return Recognition::Maybe;
        }
        let folded = path.to_lowercase();
        match self.conventions.kind(&folded) {
            Some(kind) => Recognition::Glob(Arc::clone(&self.kinds[kind])),
            // Tables are mostly data; nothing in them says that they are records.
            None if syntax == Syntax::Table => Recognition::No,
            None => Recognition::Maybe,
        }
    }
}

fn build(set: &GlobSetBuilder, bad: &mut Vec<BadGlob>) -> GlobSet {
    set.build().unwrap_or_else(|error| {
        bad.push(BadGlob { row: 0, glob: None, message: format!("the globs together cannot be used: {error}") });
        GlobSet::empty()
    })
}

/// A glob without braces for each way through its braces: plain names are looked up, not matched.
fn alternatives(glob: &str) -> Vec<String> {
    let Some((before, (inside, after))) =
        glob.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    else {
        return match glob.split_once("[-_]") {
            Some((before, after)) => {
                ["-", "_"].iter().flat_map(|mark| alternatives(&format!("{before}{mark}{after}"))).collect()
            }
            None => vec![glob.to_owned()],
        };
    };
    if inside.contains('{') {
        return vec![glob.to_owned()];
    }
    inside.split(',').flat_map(|choice| alternatives(&format!("{before}{choice}{after}"))).collect()
}

/// Whether the path is that of a README in Markdown.
pub(super) fn is_readme(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.eq_ignore_ascii_case("readme.md") || name.eq_ignore_ascii_case("readme.markdown")
}

/// What the bare text of a file says of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Nothing: it need not be parsed.
    None,
    /// Something that is close to one of our kinds.
    Near,
    /// A kind, or the marks of a known format.
    Sure,
}

/// Kinds named in one file that are compared with ours for slips.
const MOST_GUESSES: usize = 1_000;

/// Looks for signs of a document in a text without parsing it, so that the many YAML and JSON files
/// of a repository that are none cost next to nothing.
pub(super) fn sign(kinds: &Kinds, path: &str, syntax: Syntax, text: &str) -> Sign {
    if adapters::sign(path, syntax, text) {
        return Sign::Sure;
    }
    let text = match syntax {
        Syntax::Markdown => match marked_up(text) {
            Some(text) => text,
            None => return Sign::None,
        },
        _ => text,
    };
    let mut named = Sign::None;
    for (at, value) in named_kinds(syntax, text).enumerate() {
        if kinds.get(value).is_some() {
            return Sign::Sure;
        }
        let unclear = value.is_empty() || value.starts_with(['&', '!', '|', '>']);
        if named == Sign::None && at < MOST_GUESSES && (unclear || near(kinds, value).is_some()) {
            named = Sign::Near;
        }
    }
    let by_probe =
        || kinds.iter().flat_map(|kind| &kind.probes).any(|keys| keys.iter().all(|key| has_key(syntax, text, key)));
    if by_probe() { Sign::Sure } else { named }
}

/// The shipped or own kind that a misspelt `kind:` most likely means.
pub(super) fn near<'k>(kinds: &'k Kinds, value: &str) -> Option<&'k str> {
    // Within short words a single letter makes another word.
    if value.len() < 6 && !kinds.iter().any(|kind| kind.id.eq_ignore_ascii_case(value)) {
        return None;
    }
    kinds.closest(value)
}

/// The part of a Markdown text that may name a kind: its front matter, or all of it where a fenced
/// block may hold records.
fn marked_up(text: &str) -> Option<&str> {
    let fenced = ["```y", "```json", "~~~y", "~~~json"].iter().any(|fence| text.contains(fence));
    if fenced { Some(text) } else { front(text) }
}

/// The text between the two lines of dashes at the start; up to the end where the second is missing.
pub(super) fn front(text: &str) -> Option<&str> {
    let first = text.lines().next()?;
    if first.trim_end() != "---" {
        return None;
    }
    let rest = text.get(first.len()..)?;
    Some(rest.find("\n---").map_or(rest, |end| &rest[..end]))
}

/// The values of all top-level keys `kind`, quotes and comments taken off.
fn named_kinds(syntax: Syntax, text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("kind").filter_map(move |(at, _)| {
        let rest = after_key(syntax, text, at, "kind".len())?;
        // A kind is short, and a line may be the whole file.
        let rest = &rest[..rest.floor_char_boundary(200)];
        let value = rest.lines().next().unwrap_or_default().trim();
        let value = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
            _ => value.split(" #").next().unwrap_or_default().split(',').next().unwrap_or_default().trim_end(),
        };
        Some(value)
    })
}

/// Whether the text has `key` as a key: at the start of a line, or quoted (JSON may be one line).
pub(super) fn has_key(syntax: Syntax, text: &str, key: &str) -> bool {
    text.match_indices(key).any(|(at, _)| after_key(syntax, text, at, key.len()).is_some())
}

/// What follows the key at `at` and its colon, when there is a key there.
fn after_key(syntax: Syntax, text: &str, at: usize, length: usize) -> Option<&str> {
    let before = &text[..at];
    let after = &text[at + length..];
    let quote = before.chars().next_back().filter(|c| matches!(c, '"' | '\''));
    let (before, after) = match quote {
        Some(quote) => (&before[..before.len() - 1], after.strip_prefix(quote)?),
        None => (before, after),
    };
    let starts_line = before.is_empty() || before.ends_with('\n');
    if !(starts_line || (quote == Some('"') && syntax != Syntax::Toml)) {
        return None;
    }
    let mark = if syntax == Syntax::Toml { '=' } else { ':' };
    after.trim_start_matches([' ', '\t']).strip_prefix(mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_and_separators_are_spelt_out() {
        assert_eq!(alternatives("**/a[-_]b.{yaml,json}"), ["**/a-b.yaml", "**/a_b.yaml", "**/a-b.json", "**/a_b.json"]);
        assert_eq!(alternatives("x/*.md"), ["x/*.md"]);
    }

    #[test]
    fn conventions_hold_like_the_globs_they_are() {
        let globs = [
            "**/soa.yaml",
            "**/*.soa.yaml",
            "**/soa-*.yaml",
            "**/soas/*.yaml",
            "docs/*.md",
            "**/a?.md",
            "**/x/**/y.md",
        ];
        let paths = [
            "soa.yaml",
            "a/soa.yaml",
            "a.soa.yaml",
            "soa-.yaml",
            "soa-1.yaml",
            "soas/x.yaml",
            "a/soas/x.yaml",
            "soas/a/x.yaml",
            "docs/a.md",
            "a/docs/a.md",
            "ab.md",
            "x/y.md",
            "x/z/y.md",
            "soas.yaml",
            "xsoa.yaml",
        ];
        for glob in globs {
            let own = Convention::new(glob, 0).expect("a glob");
            let reference = GlobBuilder::new(glob).literal_separator(true).build().expect("a glob").compile_matcher();
            for path in paths {
                assert_eq!(own.holds(path), reference.is_match(path), "{glob} {path}");
            }
        }
    }

    #[test]
    fn every_shipped_convention_can_be_used() {
        for kind in Kinds::bundled().iter() {
            for glob in kind.globs.iter().flat_map(|glob| alternatives(glob)) {
                assert!(Convention::new(&glob, 0).is_some(), "{} of {}", glob, kind.id);
            }
        }
    }

    #[test]
    fn a_kind_is_seen_where_it_is_a_top_level_key() {
        let table = [
            (Syntax::Yaml, "id: a\nkind: soa # ours\n", vec!["soa"]),
            (Syntax::Yaml, "kind: \"soa\"\n---\nkind: 'other'\n", vec!["soa", "other"]),
            (Syntax::Yaml, "spec:\n  kind: soa\nmankind: x\n", vec![]),
            (Syntax::Json, "{\"kind\": \"soa\", \"id\": 1}", vec!["soa"]),
            (Syntax::Toml, "kind = \"soa\"\n", vec!["soa"]),
            (Syntax::Yaml, "kind:\n", vec![""]),
        ];
        for (syntax, text, expected) in table {
            assert_eq!(named_kinds(syntax, text).collect::<Vec<_>>(), expected, "{text:?}");
        }
    }
}
