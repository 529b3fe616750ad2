//! The names that every policy sees, bound for one subject.

use super::Corpus;
use super::base::{Earlier, Unreachable};
use super::cel::{Bindings, Lendable, Lent, Mark, Value, View, mark, read_node};
use super::pull_request::value_of;
use super::surroundings::MAKE_READABLE;
use std::sync::OnceLock;

/// What a run without a base version says to who asks for it.
pub const NO_BASE: &str = "this run has no base commit to compare with";

/// An item of a policy's `for_each`.
pub struct Item {
    /// The item as expressions see it.
    pub lent: Box<dyn Lendable>,
    /// Where it stands, if it stands in a document.
    pub node: Option<(u32, crate::value::NodeId)>,
}

/// The names for one subject and, where the policy has items, one item.
pub struct Bound<'r> {
    corpus: &'r Corpus,
    doc: Option<View>,
    document: Option<usize>,
    item: Option<Item>,
    params: &'r dyn Lendable,
    clock: [Box<dyn Lendable>; 2],
    nothing: Box<dyn Lendable>,
    soa: OnceLock<Box<dyn Lendable>>,
    organization: OnceLock<Box<dyn Lendable>>,
    pr: OnceLock<Box<dyn Lendable>>,
    base: OnceLock<Option<Earlier>>,
    by_path: bool,
}

impl<'r> Bound<'r> {
    /// Binds names for a subject, where there is one; `document` is its number where it is a document.
    pub fn new(
        corpus: &'r Corpus,
        doc: Option<View>,
        document: Option<usize>,
        item: Option<Item>,
        params: &'r dyn Lendable,
    ) -> Self {
        let now = Value::Time(corpus.today().seconds()).into_val();
        let today = Value::Time(corpus.today().midnight()).into_val();
        Bound {
            corpus,
            doc,
            document,
            item,
            params,
            clock: [now, today],
            nothing: Value::Null.into_val(),
            soa: OnceLock::new(),
            organization: OnceLock::new(),
            pr: OnceLock::new(),
            base: OnceLock::new(),
            by_path: false,
        }
    }

    /// The subject is a file, whatever it holds: `base` is what stood at its path.
    pub fn by_path(self) -> Self {
        Bound { by_path: true, ..self }
    }

    fn soa(&self) -> &dyn Lendable {
        let soa = self.soa.get_or_init(|| match self.document.and_then(|d| self.corpus.soa_of(d)) {
            Some(soa) => Value::Node(self.corpus.view(soa)).into_val(),
            None => Value::Null.into_val(),
        });
        soa.as_ref()
    }

    fn organization(&self) -> &dyn Lendable {
        let organization = self.organization.get_or_init(|| match self.corpus.organization() {
            Some((path, commit)) => Value::Map(vec![
                ("commit".to_owned(), Value::Text(commit.to_owned())),
                ("path".to_owned(), Value::Text(path.to_owned())),
            ])
            .into_val(),
            None => Value::Null.into_val(),
        });
        organization.as_ref()
    }

    fn pr(&self) -> &dyn Lendable {
        let pr = match self.corpus.pull_request() {
            Some(Ok(pr)) => self.pr.get_or_init(|| value_of(pr).into_val()),
            Some(Err(Unreachable { why, help })) => {
                mark(Mark::Unknown(why.clone(), help.clone()));
                &self.nothing
            }
            None => &self.nothing,
        };
        pr.as_ref()
    }

    /// What the subject was in the base version.
    fn base(&self) -> &dyn Lendable {
        let earlier = self.base.get_or_init(|| match (self.document, &self.doc) {
            (Some(document), _) if !self.by_path => self.corpus.earlier(document),
            (_, Some(doc)) => self.corpus.earlier_file(doc.tree().index, doc.node()),
            _ => None,
        });
        match earlier {
            Some(Earlier::Was(view)) => {
                read_node(view.tree().index, view.node());
                return view;
            }
            Some(Earlier::Absent) => {}
            Some(Earlier::Unknown(why, help)) => mark(Mark::Unknown(why.clone(), help.clone())),
            None => mark(Mark::Never(NO_BASE.to_owned())),
        }
        self.nothing.as_ref()
    }
}

impl Bindings for Bound<'_> {
    fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
        let value: &dyn Lendable = match name {
            "doc" => {
                let doc = self.doc.as_ref()?;
                read_node(doc.tree().index, doc.node());
                doc
            }
            "item" => {
                let item = self.item.as_ref()?;
                if let Some((tree, node)) = item.node {
                    read_node(tree, node);
                }
                item.lent.as_ref()
            }
            "params" => self.params,
            "now" => self.clock[0].as_ref(),
            "today" => self.clock[1].as_ref(),
            "soa" => self.soa(),
            "organization" => self.organization(),
            "pr" => self.pr(),
            "base" => self.base(),
            plural => {
                let listing = self.corpus.listing(plural)?;
                if let Some(file) = self.corpus.unreadable(plural) {
                    let why = format!("`{}` cannot be read, and it may hold what is looked for", file.path);
                    mark(if file.shared { Mark::Unknown(why, MAKE_READABLE.to_owned()) } else { Mark::Reported(why) });
                }
                listing
            }
        };
        Some(Lent::Borrowed(value))
    }
}
