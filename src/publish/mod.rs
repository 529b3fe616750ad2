//! Findings where reviewers read them: what to post on a pull request, given the report and what is
//! posted already. Pure; `io::github` carries the steps out.

mod annotations;
mod plan;
mod posted;
mod step;
mod target;

pub use annotations::PER_LEVEL;
pub use plan::plan;
pub use posted::{Conversation, InlineComment, Posted};
pub use step::{Annotation, Channels, CheckRun, Level, NewInline, Plan, Step};
pub use target::{Key, Target};
