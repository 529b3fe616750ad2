//! The reference of a pack: its policies with their examples, and the functions that expressions use.
//! Pure text; whoever asks for it runs the examples first, so that none is shown that is wrong.

mod block;
mod coverage;
mod functions;
mod html;
mod markdown;
mod policies;

pub use block::{Block, Inline, Page};
pub use coverage::coverage;
pub use functions::functions;
pub use html::html;
pub use markdown::markdown;
pub use policies::{Pack, policies};
