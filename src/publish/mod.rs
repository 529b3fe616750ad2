//! Findings where reviewers read them: what to post on a pull request, given the report and what is
//! posted already. Pure; `io::github` carries the steps out.

mod posted;
mod step;

pub use posted::{Conversation, InlineComment, Posted};
pub use step::{Annotation, Channels, CheckRun, Level, NewInline, Plan, Step};
