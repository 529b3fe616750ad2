//! What stands on a pull request already.

/// What the platform has of a pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// The login that we write as; `None` where the platform does not tell, as for the token of a
    /// workflow.
    pub viewer: Option<String>,
    /// The full id of the newest commit of the pull request.
    pub head: String,
    /// The comments of its conversation, oldest first, whoever wrote them.
    pub conversation: Vec<Conversation>,
    /// The comments on its lines, oldest first, whoever wrote them.
    pub inline: Vec<InlineComment>,
}

/// A comment of the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conversation {
    /// Its number.
    pub id: u64,
    /// The login of who wrote it; empty where the account is gone.
    pub author: String,
    /// Its Markdown, hostile like everything that people write.
    pub body: String,
}

/// A comment on a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InlineComment {
    /// Its number.
    pub id: u64,
    /// The number of the comment that it answers.
    pub answers: Option<u64>,
    /// The login of who wrote it; empty where the account is gone.
    pub author: String,
    /// Its Markdown, hostile like everything that people write.
    pub body: String,
    /// The file.
    pub path: String,
    /// The line; `None` where the lines are gone from the diff or the comment is on the file.
    pub line: Option<u32>,
    /// The platform's name of the conversation that it begins, where that is known.
    pub thread: Option<String>,
    /// Whether that conversation is marked as resolved.
    pub resolved: bool,
}
