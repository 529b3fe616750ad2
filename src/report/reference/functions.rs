//! The reference of the functions, from their table.

use super::block::{Block, Page, anchor, code, paragraphs, text};
use crate::engine::functions::FUNCTIONS;

/// Every function with its signature, its help and its example.
pub fn functions() -> Page {
    Page { title: "Functions of policies".to_owned(), blocks: blocks(2) }
}

/// The functions with headings from `level` on.
pub(super) fn blocks(level: u8) -> Vec<Block> {
    let intro = "Besides the operators, macros and functions of CEL and of its strings, math, lists and encoders \
                 extensions, expressions have these. In a signature `list(A)` and `optional(A)` are a list and an \
                 optional of any one type, `field(A)` is text that names a field of it (`approval.on`), \
                 `wrapper(string)` is text or null, and `dyn` is anything. Each example is true in a small \
                 repository; all of them are run.";
    let mut blocks = vec![Block::Paragraph(vec![text(intro)])];
    for function in FUNCTIONS {
        blocks.push(Block::Heading(level, anchor("function", function.name), vec![code(function.name)]));
        blocks.push(Block::Code("text", function.signature.to_owned()));
        blocks.extend(paragraphs(function.help));
        blocks.push(Block::Code("cel", function.example.to_owned()));
    }
    blocks
}
