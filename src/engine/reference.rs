//! Evidence kept elsewhere is evidence: a valid `reference` record stands for a document.

use super::{Corpus, place};
use crate::finding::Spot;
use crate::value::Data;

/// The reference that stands in for a document of one of `kinds` of the same system as `document`,
/// and what it says.
pub fn standing_in(corpus: &Corpus, document: Option<usize>, kinds: &[String]) -> Option<(Spot, String)> {
    if kinds.is_empty() {
        return None;
    }
    let system = document.and_then(|d| corpus.system(d));
    let today = corpus.today().midnight();
    corpus.of_kind("reference").find_map(|index| {
        let reference = &corpus.documents()[index];
        let (tree, root) = (&reference.tree, reference.root);
        let stands_for = tree.str_at(root, &["stands_for"])?;
        if !kinds.iter().any(|k| k == stands_for) || corpus.system(index) != system {
            return None;
        }
        let until = tree.get(root, "valid_until");
        if let Some(node) = until {
            match tree.data(node) {
                Data::Time(_, seconds) if *seconds >= today => {}
                _ => return None,
            }
        }
        let text = |key: &str| tree.str_at(root, &[key]).unwrap_or_default();
        let end = until.and_then(|n| tree.as_str(n)).map(|t| format!(", valid until {t}")).unwrap_or_default();
        let message = format!("kept elsewhere: {} ({}){end}", text("title"), text("where"));
        let at = tree
            .get(root, "where")
            .map_or_else(|| place::head(tree, root), |n| Spot::new(tree.file(), place::span_of(tree, n)));
        Some((at, message))
    })
}
