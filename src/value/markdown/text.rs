//! The plain text of a section: what a reader sees, without marks, comments and tags.

use pulldown_cmark::{Event, Tag, TagEnd};

/// The white space due before the next text.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    #[default]
    None,
    Line,
    Block,
}

/// Collects the text of events.
#[derive(Default)]
pub(super) struct PlainText {
    text: String,
    gap: Gap,
    /// Lists that are open; a list inside an item follows it without a blank line.
    lists: usize,
    /// The lines of an HTML block, whose comments may span several.
    html: Option<String>,
    /// Whether the table row has a cell already.
    cells: bool,
}

impl PlainText {
    /// The text so far, without white space around it.
    pub(super) fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        *self = PlainText { lists: self.lists, ..PlainText::default() };
        match text.trim() {
            trimmed if trimmed.len() == text.len() => text,
            trimmed => trimmed.to_owned(),
        }
    }

    fn push(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        let gap = std::mem::take(&mut self.gap);
        if gap != Gap::None && !self.text.is_empty() {
            let end = self.text.trim_end_matches('\n').len();
            self.text.truncate(end);
            self.text.push_str(if gap == Gap::Line { "\n" } else { "\n\n" });
        }
        self.text.push_str(text);
    }

    fn gap(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    /// Takes in one event.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(*end),
            Event::Text(text) | Event::Code(text) => self.push(text),
            Event::SoftBreak | Event::HardBreak => self.text.push('\n'),
            Event::Rule => self.gap(Gap::Block),
            Event::TaskListMarker(done) => self.push(if *done { "[x] " } else { "[ ] " }),
            Event::InlineHtml(tag) if is_break(tag) => self.text.push('\n'),
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(html),
                None => self.push(&without_tags(html)),
            },
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::HtmlBlock => {
                self.gap(Gap::Block);
                self.html = Some(String::new());
            }
            Tag::List(_) => {
                self.gap(if self.lists == 0 { Gap::Block } else { Gap::Line });
                self.lists += 1;
            }
            Tag::Item => self.gap(Gap::Line),
            Tag::TableHead | Tag::TableRow => {
                self.gap(Gap::Line);
                self.cells = false;
            }
            Tag::TableCell => {
                if self.cells {
                    self.push(" | ");
                }
                self.cells = true;
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Table(_) => {
                self.gap(Gap::Block);
            }
            _ => {}
        }
    }

    fn end(&mut self, end: TagEnd) {
        match end {
            TagEnd::HtmlBlock => {
                if let Some(html) = self.html.take() {
                    self.push(without_tags(&html).trim());
                }
                self.gap(Gap::Block);
            }
            TagEnd::List(_) => {
                self.lists = self.lists.saturating_sub(1);
                self.gap(if self.lists == 0 { Gap::Block } else { Gap::Line });
            }
            TagEnd::Item | TagEnd::TableHead | TagEnd::TableRow => self.gap(Gap::Line),
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::Table => {
                self.gap(Gap::Block)
            }
            _ => {}
        }
    }
}

/// Whether an inline tag is `<br>` in one of its forms.
pub(super) fn is_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('<').trim_end_matches('>').trim_end_matches('/').trim();
    name.eq_ignore_ascii_case("br")
}

/// The text of a piece of HTML: comments, scripts, style sheets and tags dropped, `<br>` a line break.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map_or(rest.len(), |end| end + 3)
        } else if let Some(end) = element_end(rest, "script").or_else(|| element_end(rest, "style")) {
            end
        } else if rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        } else {
            text.push('<');
            1
        };
        if is_break(&rest[..end]) {
            text.push('\n');
        }
        rest = &rest[end..];
    }
    text.push_str(rest);
    text
}

/// Where the element `name` that `html` begins with ends; its own end when it is never closed.
fn element_end(html: &str, name: &str) -> Option<usize> {
    let starts = |at: usize, mark: &str| {
        let rest = &html.as_bytes()[at + mark.len()..];
        rest.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
            && !rest.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
    };
    if !starts(0, "<") {
        return None;
    }
    let close = html.match_indices("</").map(|(at, _)| at).find(|at| starts(*at, "</"));
    Some(close.and_then(|at| html[at..].find('>').map(|end| at + end + 1)).unwrap_or(html.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_comments_are_no_text() {
        let table = [
            ("<p>For <b>triage</b> only.</p>", "For triage only."),
            ("<!-- Provide\n\nsomething -->", ""),
            ("a<!-- never closed", "a"),
            ("a <br/>b<BR>c", "a \nb\nc"),
            ("<script>let a = '</b>';</SCRIPT>x", "x"),
            ("<style>p {}", ""),
            ("<scripted>x</scripted>", "x"),
            ("1 < 2", "1 < 2"),
            ("<", "<"),
        ];
        for (html, expected) in table {
            assert_eq!(without_tags(html), expected, "{html:?}");
        }
    }
}
