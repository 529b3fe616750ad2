//! What is wrong with a file: broken syntax, a duplicate key, a value of the wrong shape.

use super::NodeId;
use crate::source::Span;

/// Where a [`Problem`] is, or a further place that explains it, within the same file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The bytes to underline.
    pub span: Span,
    /// What stands there, in a few words; may be empty for the main place.
    pub text: String,
}

/// One thing wrong with a file. Becomes a finding with its place; never stops a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// A stable name of this class of problem in kebab case, such as `duplicate-key`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The main place.
    pub at: Label,
    /// Further places in the same file.
    pub related: Vec<Label>,
    /// The node concerned, where there is one; evaluations that read below it fold into this problem.
    pub node: Option<NodeId>,
    /// The key that is missing in `node`, where that is the problem: only what reads this key folds
    /// into it then, not all that reads below `node`.
    pub absent: Option<String>,
    /// A stable name of the item concerned (a key, a pointer) that tells two problems of one file
    /// apart without naming a line.
    pub item: String,
}

impl Problem {
    /// A problem at `span` without further places.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>, help: impl Into<String>) -> Self {
        Problem {
            code,
            message: message.into(),
            help: help.into(),
            at: Label { span, text: String::new() },
            related: Vec::new(),
            node: None,
            absent: None,
            item: String::new(),
        }
    }

    /// Adds a further place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Names the node concerned.
    #[must_use]
    pub fn on(mut self, node: NodeId) -> Self {
        self.node = Some(node);
        self
    }

    /// Names the key that is missing in the node concerned.
    #[must_use]
    pub fn absent(mut self, key: impl Into<String>) -> Self {
        self.absent = Some(key.into());
        self
    }

    /// Names the item concerned; see [`Problem::item`].
    #[must_use]
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.item = item.into();
        self
    }
}
