//! What there is to post.

/// Where findings go besides the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// One comment in the conversation, kept up to date.
    pub comment: bool,
    /// Comments on the lines of the diff.
    pub inline: bool,
    /// At most so many of them.
    pub inline_max: usize,
    /// A check run on the newest commit.
    pub check_run: bool,
}

/// Everything that one run puts in front of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// For the log of the workflow, heaviest first, within its limits.
    pub annotations: Vec<Annotation>,
    /// The page of the job, as Markdown.
    pub summary: String,
    /// What to do on the platform, in this order.
    pub steps: Vec<Step>,
    /// What was not planned and why, one sentence each: a newer head, somebody's answer.
    pub notes: Vec<String>,
}

/// How an annotation is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Blocks.
    Error,
    /// Should be looked at.
    Warning,
    /// Is good to know.
    Notice,
}

/// A remark at a line, for a workflow's log and for check runs. Not escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// How it is shown.
    pub level: Level,
    /// The path from the top of the repository; `None` for one about the run.
    pub path: Option<String>,
    /// First and last line.
    pub lines: Option<(u32, u32)>,
    /// First and last column, where both are on one line.
    pub columns: Option<(u32, u32)>,
    /// Its title.
    pub title: String,
    /// What it says.
    pub message: String,
}

/// A new comment on a line or, without one, on a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInline {
    /// The path from the top of the repository.
    pub path: String,
    /// First and last line in the newest version; `None` for a comment on the file.
    pub lines: Option<(u32, u32)>,
    /// Its Markdown, with our marker.
    pub body: String,
}

/// A check run to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckRun {
    /// The commit that it is about: the newest of the pull request.
    pub head: String,
    /// `success`, `failure`, `neutral` or `action_required`.
    pub conclusion: &'static str,
    /// Its title.
    pub title: String,
    /// Its page, as Markdown.
    pub summary: String,
    /// All of its annotations; the platform takes 50 at a time.
    pub annotations: Vec<Annotation>,
}

/// One thing to do on the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Write a comment into the conversation.
    CreateComment {
        /// Its Markdown.
        body: String,
    },
    /// Change a comment of ours.
    EditComment {
        /// Its number.
        id: u64,
        /// Its new Markdown.
        body: String,
    },
    /// Take away a comment of ours that stands there twice.
    DeleteComment {
        /// Its number.
        id: u64,
    },
    /// Write comments on lines, as one review.
    CreateReview {
        /// The commit whose lines they are about.
        head: String,
        /// The comments.
        comments: Vec<NewInline>,
    },
    /// Mark a conversation that we began as resolved; where that is not allowed, edit its first comment.
    Resolve {
        /// The number of its first comment.
        id: u64,
        /// The platform's name of the conversation, where it is known.
        thread: Option<String>,
        /// The comment's Markdown where the conversation cannot be resolved.
        body: String,
    },
    /// Make a check run.
    CreateCheckRun(CheckRun),
}
