//! Formats that others define, brought to the field names of our kinds. One file a format and one
//! row in [`ADAPTERS`]. A normalised record holds the nodes of the file itself wherever it can, so
//! places stay exact; made text stands at the place that it was made from.

mod data_contract_specification;
mod hugging_face;
mod labels;
mod model_card;
mod model_card_toolkit;
mod odcs;
mod parts;
mod sections;
mod soa_table;

use crate::value::{Builder, NodeId, Problem, Syntax, Tree};

/// One foreign format.
struct Adapter {
    /// The kind that it is brought to.
    kind: &'static str,
    /// Whether a file of this path, syntax and text may be of the format; asked before it is parsed.
    sign: fn(&str, Syntax, &str) -> bool,
    /// Whether a record is of the format, whatever its file is called.
    tells: fn(&Tree, NodeId) -> bool,
    /// Whether to read a record of the kind as this format, though nothing tells it is; the last row
    /// of a kind reads what is left.
    fallback: bool,
    /// Makes the normalised record.
    adapt: fn(&mut Builder, NodeId, &mut Vec<Problem>) -> NodeId,
}

/// All foreign formats. Of those that fit a record the first counts.
const ADAPTERS: &[Adapter] = &[
    Adapter {
        kind: "model-card",
        sign: model_card_toolkit::sign,
        tells: model_card_toolkit::tells,
        fallback: false,
        adapt: model_card_toolkit::adapt,
    },
    Adapter {
        kind: "model-card",
        sign: hugging_face::sign,
        tells: hugging_face::tells,
        fallback: false,
        adapt: hugging_face::adapt,
    },
    Adapter {
        kind: "model-card",
        sign: |_, _, _| false,
        tells: |_, _| false,
        fallback: true,
        adapt: model_card::adapt,
    },
    Adapter {
        kind: "data-contract",
        sign: data_contract_specification::sign,
        tells: data_contract_specification::tells,
        fallback: false,
        adapt: data_contract_specification::adapt,
    },
    Adapter { kind: "data-contract", sign: odcs::sign, tells: odcs::tells, fallback: true, adapt: odcs::adapt },
    Adapter { kind: "soa", sign: |_, _, _| false, tells: |_, _| false, fallback: true, adapt: soa_table::adapt },
];

/// Whether the bare text of a file has the marks of a known format.
pub(super) fn sign(path: &str, syntax: Syntax, text: &str) -> bool {
    ADAPTERS.iter().any(|adapter| (adapter.sign)(path, syntax, text))
}

/// The kind of a record that has the marks of a known format.
pub(super) fn tells(tree: &Tree, root: NodeId) -> Option<&'static str> {
    ADAPTERS.iter().find(|adapter| (adapter.tells)(tree, root)).map(|adapter| adapter.kind)
}

/// Whether records of the kind are read from tables.
pub(super) fn may_be_a_table(kind: &str) -> bool {
    kind == "soa"
}

/// Whether a record of the kind has its fields in a table.
pub(super) fn is_table(kind: &str, tree: &Tree, root: NodeId) -> bool {
    may_be_a_table(kind) && soa_table::is_table(tree, root)
}

/// The tree with the decisions of statements that are kept as tables, as [`adapt`] makes them: versions of a
/// statement are compared row by row, whatever it is kept as.
pub fn with_decisions(tree: Tree) -> Tree {
    let tables: Vec<NodeId> = tree.roots().iter().copied().filter(|root| is_table("soa", &tree, *root)).collect();
    if tables.is_empty() {
        return tree;
    }
    let mut builder = Builder::resume(tree);
    for raw in tables {
        let root = soa_table::adapt(&mut builder, raw, &mut Vec::new());
        builder.replace_root(raw, root);
    }
    builder.finish()
}

/// Builds the normalised record of `raw`; `None` for a kind without adapters.
pub(super) fn adapt(kind: &str, builder: &mut Builder, raw: NodeId, problems: &mut Vec<Problem>) -> Option<NodeId> {
    let of_kind = || ADAPTERS.iter().filter(|adapter| adapter.kind == kind);
    let adapter = of_kind()
        .find(|adapter| (adapter.tells)(builder.tree(), raw))
        .or_else(|| of_kind().find(|adapter| adapter.fallback))?;
    Some((adapter.adapt)(builder, raw, problems))
}
