//! A comment on a line: one finding.

use super::pieces;
use super::{Links, short_id};
use crate::finding::Fingerprint;
use crate::report::Brief;
use crate::report::brief::Found;
use crate::report::markup::{clipped, code};
use crate::source::clip;

const MARKER: &str = "<!-- annexa:inline v1 ";

/// Of a comment whose finding is gone: it is not looked at again.
const FIXED: &str = "<!-- annexa:inline-fixed v1 ";

/// The fingerprint in the first line of a comment that begins as those of the job `key` do. That alone does
/// not make it ours: its author counts too.
pub fn fingerprint_of(body: &str, key: &str) -> Option<Fingerprint> {
    let text = body.lines().next()?.trim_end().strip_prefix(MARKER)?.strip_suffix(" -->")?;
    Fingerprint::parse(text.strip_prefix("key=")?.strip_prefix(key)?.strip_prefix(' ')?)
}

/// The comment.
pub fn inline(brief: &Brief, links: &Links, found: &Found, key: &str) -> String {
    let mut out = format!("{MARKER}key={key} {} -->\n", found.fingerprint);
    out.push_str(&format!("**{}** ({})\n\n", pieces::message(found), found.severity.name()));
    out.push_str(&format!("- About: {}\n", pieces::subject(found)));
    if let Some(cause) = pieces::cause(brief, links, found) {
        out.push_str(&format!("- Found at {}, after the change of {cause}\n", pieces::main_place(brief, links, found)));
    }
    for at in found.places.iter().skip(1).take(5) {
        let label = if at.label.is_empty() { String::new() } else { format!(": {}", clipped(&at.label, pieces::NAME)) };
        out.push_str(&format!("- Also {}{label}\n", pieces::place(brief, links, at)));
    }
    for line in pieces::advice(found) {
        out.push_str(&format!("- {line}\n"));
    }
    out.push_str(&format!("\nRule {} of annexa\n", code(&clip(&found.rule.id, pieces::NAME))));
    out
}

/// What stands in place of a comment whose finding is gone, where its conversation cannot be resolved.
pub fn fixed(fingerprint: Fingerprint, head: &str) -> String {
    format!("{FIXED}{fingerprint} -->\nThis finding is resolved as of {}.\n", code(short_id(head)))
}
