//! What a page is made of. Texts are as strangers wrote them: each format makes them harmless.

/// A page.
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its parts in their order.
    pub blocks: Vec<Block>,
}

/// A part of a page.
pub enum Block {
    /// A heading below the title, from level 2 on, which links lead to by its anchor.
    Heading(u8, String, Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List(Vec<Vec<Inline>>),
    /// A table: the titles of its columns, then rows of cells.
    Table(Vec<&'static str>, Vec<Vec<Vec<Inline>>>),
    /// Lines as they are, in a language of code.
    Code(&'static str, String),
}

/// A piece of a line.
pub enum Inline {
    /// Words.
    Text(String),
    /// Words that stand out.
    Strong(String),
    /// Code.
    Code(String),
    /// A link to a heading of the page, by its anchor.
    Link(String, Box<Inline>),
}

/// Words.
pub fn text(text: impl Into<String>) -> Inline {
    Inline::Text(text.into())
}

/// Code.
pub fn code(code: impl Into<String>) -> Inline {
    Inline::Code(code.into())
}

/// A link to the heading with this anchor.
pub fn link(anchor: &str, shown: Inline) -> Inline {
    Inline::Link(anchor.to_owned(), Box::new(shown))
}

/// Pieces with commas between them.
pub fn listed(pieces: impl IntoIterator<Item = Inline>) -> Vec<Inline> {
    let mut line = Vec::new();
    for piece in pieces {
        if !line.is_empty() {
            line.push(text(", "));
        }
        line.push(piece);
    }
    line
}

/// The anchor of something by its name: small letters, digits, dots and hyphens.
pub fn anchor(space: &str, name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c.to_ascii_lowercase() } else { '-' };
    format!("{space}-{}", name.chars().map(safe).collect::<String>())
}

/// The paragraphs of a text: what empty lines part.
pub fn paragraphs(words: &str) -> Vec<Block> {
    let lines: Vec<&str> = words.trim().lines().map(str::trim).collect();
    let parts = lines.split(|line| line.is_empty()).filter(|part| !part.is_empty());
    parts.map(|part| Block::Paragraph(vec![text(part.join(" "))])).collect()
}
