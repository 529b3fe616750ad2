//! Fields of a model card out of its Markdown: the text below telling headings.

use super::parts::{Record, fold};
use crate::source::Span;
use crate::value::{Builder, Data, NodeId, Tree};

/// The fields that headings tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    IntendedUse,
    OutOfScope,
    Limitations,
}

impl Topic {
    pub const ALL: [Topic; 3] = [Topic::IntendedUse, Topic::OutOfScope, Topic::Limitations];

    pub fn field(self) -> &'static str {
        match self {
            Topic::IntendedUse => "intended_use",
            Topic::OutOfScope => "out_of_scope",
            Topic::Limitations => "limitations",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A heading is not about any topic, but breaks off the one above it: how to call the model is not
/// what it is for.
const ASIDE: u8 = 0x80;

/// Words that do not change what a heading is about.
const FILLERS: &[&str] = &[
    "a",
    "an",
    "and",
    "as",
    "for",
    "general",
    "in",
    "its",
    "known",
    "model",
    "of",
    "or",
    "our",
    "potential",
    "system",
    "technical",
    "the",
    "this",
    "with",
];

const INTENDED: &[&str] = &[
    "application",
    "direct use",
    "downstream use",
    "evaluated use",
    "foreseeable use",
    "intended application",
    "intended purpose",
    "intended usage",
    "intended use",
    "intended use case",
    "primary intended use",
    "primary use",
    "primary use case",
    "purpose",
    "recommended use",
    "scope",
    "scope use",
    "suitable use",
    "use",
    "use case",
    "uso previsto",
    "usos previsto",
    "utilisation prévue",
    "verwendungszweck",
];

const OUT_OF_SCOPE: &[&str] = &[
    "disallowed use",
    "excluded use",
    "inappropriate use",
    "malicious use",
    "malicious use misuse",
    "misuse",
    "misuse malicious out scope use",
    "misuse malicious use",
    "misuse malicious use out scope use",
    "misuse out scope use",
    "non intended use",
    "not intended",
    "not intended use",
    "not recommended use",
    "out scope",
    "out scope application",
    "out scope usage",
    "out scope use",
    "out scope use case",
    "out scope use misuse",
    "prohibited use",
    "unintended use",
    "unsuitable use",
    "unsupported use",
    "use avoid",
    "use not recommended",
];

/// Words of headings about limits; a heading of such words only, with one of the first row, is one.
const LIMITS: &[&str] =
    &["bias", "caveat", "harm", "limit", "limitation", "limitacione", "risk", "shortcoming", "weaknesse"];
const LIMITS_TOO: &[&str] = &[
    "challenge",
    "concern",
    "consideration",
    "ethic",
    "ethical",
    "failure",
    "fairness",
    "issue",
    "mitigation",
    "mode",
    "recommendation",
    "safety",
    "societal",
    "tradeoff",
];

/// Beginnings of headings that explain how to run or cite the model.
const ASIDES: &[&str] = &[
    "about-",
    "bibtex",
    "citation",
    "cite",
    "citing",
    "code",
    "example",
    "get-started",
    "getting-started",
    "how-",
    "install",
    "quick",
    "referencing",
    "training",
    "usage",
    "use-in-",
    "use-the-",
    "use-this-",
    "use-with-",
];

/// One section as far as fields are told by it.
pub(super) struct Section {
    pub heading: Span,
    pub level: i64,
    /// The heading, folded.
    pub label: String,
    pub text: NodeId,
    topics: u8,
}

/// What a heading in slug form is about: bits of [`Topic`], or [`ASIDE`].
fn topics(slug: &str) -> u8 {
    let words: Vec<String> = slug.split('-').filter(|word| !FILLERS.contains(word)).map(stem).collect();
    let phrase = words.join(" ");
    let is = |table: &[&str], phrase: &str| table.contains(&phrase);
    if is(OUT_OF_SCOPE, &phrase) {
        return Topic::OutOfScope.bit();
    }
    if ASIDES.iter().any(|aside| slug.starts_with(aside)) && !words.iter().any(|word| word == "limitation") {
        return ASIDE;
    }
    if is(INTENDED, &phrase) {
        return Topic::IntendedUse.bit();
    }
    // A heading may name several: split at the words about limits.
    let (limits, rest): (Vec<&String>, Vec<&String>) =
        words.iter().partition(|word| LIMITS.contains(&word.as_str()) || LIMITS_TOO.contains(&word.as_str()));
    let names_limits = limits.iter().any(|word| LIMITS.contains(&word.as_str()) || *word == "ethical");
    if !names_limits {
        return 0;
    }
    let rest = rest.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let mut bits = Topic::Limitations.bit();
    if is(INTENDED, &rest) || rest == "usage" {
        bits |= Topic::IntendedUse.bit();
    } else if is(OUT_OF_SCOPE, &rest) {
        bits |= Topic::OutOfScope.bit();
    } else if !(rest.is_empty() || words.iter().any(|word| word == "limitation")) {
        return 0;
    }
    bits
}

/// A word in the singular, with slips in the long words mended.
fn stem(word: &str) -> String {
    let word = match word {
        "biases" => "bias",
        _ if word.len() > 3 && !["ss", "us", "is", "as"].iter().any(|end| word.ends_with(end)) => {
            word.strip_suffix('s').unwrap_or(word)
        }
        _ => word,
    };
    for known in ["intended", "limitation"] {
        if word.len().abs_diff(known.len()) <= 1
            && word.as_bytes()[0] == known.as_bytes()[0]
            && strsim::damerau_levenshtein(word, known) <= 1
        {
            return known.to_owned();
        }
    }
    word.to_owned()
}

/// The list of sections of a Markdown file.
pub(super) fn list(tree: &Tree, raw: NodeId) -> Vec<NodeId> {
    let list = tree.get(raw, "x-sections").or_else(|| tree.get(raw, "sections"));
    list.map_or(Vec::new(), |list| tree.items(list).to_vec())
}

/// What the headings of the sections tell.
pub(super) fn outline(tree: &Tree, list: &[NodeId]) -> Vec<Section> {
    list.iter()
        .filter_map(|section| {
            let slug = tree.str_at(*section, &["slug"])?;
            let level = match tree.data(tree.get(*section, "level")?) {
                Data::Int(level) => *level,
                _ => return None,
            };
            let heading = tree.node(*section).key;
            let text = tree.get(*section, "text")?;
            Some(Section { heading, level, label: fold(slug), text, topics: topics(slug) })
        })
        .collect()
}

/// Sets the fields that headings tell.
pub(super) fn topics_into(record: &mut Record<'_>, sections: &[Section]) {
    for topic in Topic::ALL {
        let Some((heading, parts)) = gather(sections, topic) else { continue };
        let value = join(record.builder, heading, &parts);
        record.put(topic.field(), heading, value);
    }
}

/// The heading and the texts about a topic: of sections that are about it alone if there are any,
/// each with its subsections, else of those about several.
fn gather(sections: &[Section], topic: Topic) -> Option<(Span, Vec<NodeId>)> {
    let alone = sections.iter().any(|section| section.topics == topic.bit());
    let mut heading = None;
    let mut parts = Vec::new();
    let mut at = 0;
    while at < sections.len() {
        let section = &sections[at];
        at += 1;
        let chosen = if alone { section.topics == topic.bit() } else { section.topics & topic.bit() != 0 };
        if !chosen {
            continue;
        }
        heading.get_or_insert(section.heading);
        parts.push(section.text);
        let mut skipping = None;
        while let Some(below) = sections.get(at).filter(|below| below.level > section.level) {
            at += 1;
            if skipping.is_some_and(|level| below.level > level) {
                continue;
            }
            skipping = (below.topics != 0 && below.topics & topic.bit() == 0).then_some(below.level);
            if skipping.is_none() {
                parts.push(below.text);
            }
        }
    }
    Some((heading?, parts))
}

fn join(builder: &mut Builder, heading: Span, parts: &[NodeId]) -> NodeId {
    let tree = builder.tree();
    let filled: Vec<NodeId> =
        parts.iter().copied().filter(|part| tree.as_str(*part).is_some_and(|text| !text.trim().is_empty())).collect();
    match filled.as_slice() {
        [] => builder.made_text(heading, ""),
        [only] => *only,
        [first, ..] => {
            let texts: Vec<&str> = filled.iter().filter_map(|part| tree.as_str(*part)).collect();
            let (place, text) = (tree.node(*first).span, texts.join("\n\n"));
            builder.made_text(place, &text)
        }
    }
}

/// The name in the first heading: `Model card for X` and `# X` say `X`; a heading that only says what
/// the text is says none.
pub(super) fn title(tree: &Tree, list: &[NodeId]) -> Option<(NodeId, String)> {
    let first = list
        .iter()
        .find(|section| tree.get(**section, "level").is_some_and(|level| matches!(tree.data(level), Data::Int(1))))?;
    let node = tree.get(*first, "title")?;
    let title = tree.as_str(node)?.trim();
    let lower = title.to_lowercase();
    let mut name = title;
    for lead in ["model card for", "model card of", "model card", "modelcard for", "modelcard"] {
        // Lower case may change the length of other scripts; then the title stays whole.
        if let (true, Some(rest)) = (lower.starts_with(lead), title.get(lead.len()..)) {
            name = rest;
            break;
        }
    }
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '|' | '"'));
    let name = name.strip_suffix("model card").or_else(|| name.strip_suffix("Model Card")).unwrap_or(name).trim();
    let generic = [
        "introduction",
        "modeldescription",
        "modeldetails",
        "overview",
        "readme",
        "usage",
        "uses",
        "about",
        "description",
        "summary",
        "tableofcontents",
        "model",
    ];
    let folded = fold(name);
    (!folded.is_empty() && !generic.contains(&folded.as_str()) && topics(&folded) == 0 && name.chars().count() <= 120)
        .then(|| (node, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood_in_their_many_forms() {
        let (i, o, l) = (Topic::IntendedUse.bit(), Topic::OutOfScope.bit(), Topic::Limitations.bit());
        let table = [
            ("intended-use", i),
            ("intended-uses", i),
            ("uses", i),
            ("direct-use", i),
            ("model-use", i),
            ("use-cases", i),
            ("intended-uses-and-limitations", i | l),
            ("intented-use-and-limitations", i | l),
            ("uses-and-limitations", i | l),
            ("out-of-scope-use", o),
            ("misuse-and-malicious-use", o),
            ("misuse-malicious-use-and-out-of-scope-use", o),
            ("limitations-and-out-of-scope", o | l),
            ("limitations", l),
            ("limitation", l),
            ("bias", l),
            ("bias-risks-and-limitations", l),
            ("risks-limitations-and-biases", l),
            ("limitations-and-ethical-considerations", l),
            ("performance-and-limitations", l),
            ("ethical-considerations", l),
            ("how-to-use", ASIDE),
            ("usage", ASIDE),
            ("use-this-model", ASIDE),
            ("training-procedure", ASIDE),
            ("evaluation-results", 0),
            ("model-details", 0),
            ("risk-score-calculation", 0),
            ("user-guide", 0),
        ];
        for (slug, expected) in table {
            assert_eq!(topics(slug), expected, "{slug}");
        }
    }
}
