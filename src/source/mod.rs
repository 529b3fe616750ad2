//! Files as read, and the only place where a byte offset becomes a line and a column.

mod file;
mod place;
mod spreadsheet;
mod text;

pub use file::{Encoding, SourceFile};
pub use place::{Place, Span};
pub use text::{clip, is_unsafe, plain};
