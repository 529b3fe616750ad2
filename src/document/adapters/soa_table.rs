//! Statements of Applicability that are kept as a table: CSV, a spreadsheet, or the tables of a Markdown
//! file. Columns are found by the usual names of their headers.

use super::parts::fold;
use crate::catalogue::normalise;
use crate::source::Span;
use crate::value::{Builder, Data, Entry, NodeId, Problem, Text, Tree};

/// Fields and the folded headers that mean them, the telling ones first.
const COLUMNS: &[(&str, &[&str])] = &[
    (
        "control",
        &[
            "control",
            "controlid",
            "controlno",
            "controlnumber",
            "controlref",
            "controlreference",
            "annexacontrol",
            "annexa",
            "reference",
            "ref",
            "id",
            "no",
            "number",
            "clause",
        ],
    ),
    (
        "title",
        &["title", "name", "controltitle", "controlname", "shorttitle", "control", "controldescription", "description"],
    ),
    (
        "applicable",
        &[
            "applicable",
            "applicability",
            "applies",
            "applicableyesno",
            "applicableyn",
            "included",
            "inscope",
            "decision",
            "selected",
        ],
    ),
    ("reason_kind", &["reasonkind", "kindofreason", "basis", "selectionreason"]),
    ("justification", JUSTIFICATION),
    (
        "included_because",
        &["justificationforinclusion", "reasonforinclusion", "inclusionjustification", "inclusionreason"],
    ),
    (
        "excluded_because",
        &["justificationforexclusion", "reasonforexclusion", "exclusionjustification", "exclusionreason"],
    ),
    (
        "implementation",
        &["implementation", "implementationstatus", "implementationstate", "implemented", "state", "status"],
    ),
    ("assessment", &["assessment", "assessmentresult", "auditresult", "result"]),
    (
        "evidence",
        &["evidence", "evidencelink", "evidencelinks", "links", "link", "documents", "document", "records", "record"],
    ),
    ("owner", &["owner", "controlowner", "responsible"]),
    ("approver", &["approver", "approvedby"]),
    ("decided_on", &["decidedon", "decisiondate", "decided", "date"]),
    ("review_by", &["reviewby", "nextreview", "reviewdate", "nextreviewdate"]),
    ("linked_risks", &["linkedrisks", "risks", "riskids", "riskid", "risk"]),
    ("answers", &["answers", "answer", "answertoacontradiction"]),
    ("systems", &["systems", "system", "aisystems", "aisystem"]),
    ("roles", &["roles"]),
    ("standard", &["standard", "framework", "norm"]),
];

const JUSTIFICATION: &[&str] = &[
    "justification",
    "justificationforinclusionexclusion",
    "justificationforinclusionorexclusion",
    "reasonforinclusionexclusion",
    "reasonforinclusionorexclusion",
    "reason",
    "reasons",
    "rationale",
];

/// Rows above the header that a table may have: titles and dates of a sheet.
const ABOVE: usize = 30;

const YES: &[&str] =
    &["yes", "y", "true", "applicable", "included", "inscope", "applies", "x", "✓", "✔", "1", "ja", "oui", "si", "sí"];
const NO: &[&str] =
    &["no", "n", "false", "notapplicable", "excluded", "outofscope", "doesnotapply", "na", "0", "nein", "non"];

/// Words of other tools and what they mean here.
const IMPLEMENTATION: &[(&str, &[&str])] = &[
    (
        "implemented",
        &["implemented", "fullyimplemented", "yes", "done", "complete", "completed", "ininplace", "inplace"],
    ),
    (
        "partial",
        &[
            "partial",
            "partially",
            "partiallyimplemented",
            "inprogress",
            "draft",
            "awaitingreview",
            "awaitingapproval",
            "needsrework",
        ],
    ),
    ("planned", &["planned", "todo", "scheduled"]),
    ("alternative", &["alternative", "alternativeimplementation"]),
    ("not_implemented", &["notimplemented", "notstarted", "no", "open"]),
];

/// A row of a table: its place, its cells by the folded header, and under which of these its control stands.
struct Row {
    span: Span,
    cells: Vec<(String, NodeId)>,
    control: String,
}

/// Whether a record has its rows in a table.
pub(super) fn is_table(tree: &Tree, root: NodeId) -> bool {
    tree.get(root, "controls").is_none() && !rows(tree, root).is_empty()
}

/// Makes the statement; a record that has its rows as a list already stays as it is.
pub(super) fn adapt(builder: &mut Builder, raw: NodeId, _: &mut Vec<Problem>) -> NodeId {
    if !is_table(builder.tree(), raw) {
        return raw;
    }
    let rows: Vec<NodeId> = rows(builder.tree(), raw).iter().filter_map(|row| decision(builder, row)).collect();
    let tree = builder.tree();
    let span = tree.node(raw).span;
    let kept = |entry: &&Entry| tree.text(&entry.key) != "rows";
    let mut entries: Vec<Entry> = tree.entries(raw).iter().filter(kept).cloned().collect();
    let first = rows.first().map_or(span, |row| tree.node(*row).span);
    let value = builder.list(span, &rows);
    builder.set_key(value, first);
    entries.push(Entry { key: Text::Owned("controls".into()), span: first, value });
    builder.map(span, entries)
}

/// The rows of all tables that have a column of controls.
fn rows(tree: &Tree, root: NodeId) -> Vec<Row> {
    if let Some(rows) = tree.get(root, "rows") {
        return of_sheet(tree, tree.items(rows));
    }
    let sections = tree.get(root, "sections").map(|list| tree.items(list)).unwrap_or_default();
    let tables =
        sections.iter().filter_map(|section| tree.get(*section, "tables")).flat_map(|tables| tree.items(tables));
    let cells = |row: &NodeId| -> (Span, Vec<(String, NodeId)>) {
        let cells = tree.entries(*row).iter().map(|entry| (fold(tree.text(&entry.key)), entry.value)).collect();
        (tree.node(*row).span, cells)
    };
    let of_one = |table: &NodeId| {
        let rows: Vec<(Span, Vec<(String, NodeId)>)> = tree.items(*table).iter().map(cells).collect();
        let head: Vec<String> =
            rows.first().into_iter().flat_map(|(_, cells)| cells).map(|(label, _)| label.clone()).collect();
        of_table(tree, &head, rows)
    };
    tables.flat_map(of_one).collect()
}

/// The rows below the first one that names columns of decisions.
fn of_sheet(tree: &Tree, rows: &[NodeId]) -> Vec<Row> {
    let labels = |row: &NodeId| -> Vec<String> {
        tree.items(*row).iter().map(|cell| fold(tree.scalar_text(*cell).unwrap_or_default())).collect()
    };
    let mut heads = rows.iter().take(ABOVE).map(labels).enumerate();
    let Some((at, head)) = heads.find(|(_, head)| decides(&|name| head.iter().any(|label| label == name))) else {
        return Vec::new();
    };
    let row =
        |row: &NodeId| (tree.node(*row).span, head.iter().cloned().zip(tree.items(*row).iter().copied()).collect());
    of_table(tree, &head, rows[at + 1..].iter().map(row).collect())
}

/// The rows of one table, where it is one of decisions: of the columns that may hold the control the one
/// with most ids does, since some call a title `Control` and the id `Ref`. Rows may lack the cells at their end.
fn of_table(tree: &Tree, head: &[String], rows: Vec<(Span, Vec<(String, NodeId)>)>) -> Vec<Row> {
    if !decides(&|name| head.iter().any(|label| label == name)) {
        return Vec::new();
    }
    let ids = |name: &&&str| {
        let cells = rows.iter().flat_map(|(_, cells)| cells.iter().filter(|(label, _)| label == **name));
        cells.filter(|(_, node)| tree.scalar_text(*node).is_some_and(is_like_an_id)).count()
    };
    let candidates = names("control").iter().filter(|name| head.iter().any(|label| label == **name));
    // Of several with as many the first name is the most telling one.
    let Some(control) = candidates.rev().max_by_key(ids).filter(|name| ids(name) > 0) else { return Vec::new() };
    let row = |(span, cells)| Row { span, cells, control: (*control).to_owned() };
    rows.into_iter().map(row).collect()
}

/// Whether columns of these names are those of decisions: a control, and whether it applies or why.
fn decides(has: &dyn Fn(&str) -> bool) -> bool {
    let any = |field: &str| names(field).iter().any(|name| has(name));
    any("control") && (any("applicable") || any("justification") || any("included_because") || any("excluded_because"))
}

/// Whether a text has the form of an id, right or wrong: `A.5.2`, `A 7.2`, `X-1`, `6.1.3`.
fn is_like_an_id(text: &str) -> bool {
    let text = text.trim().trim_matches(['*', '`']);
    normalise(text).is_some()
        || text.len() <= 12
            && text.chars().any(|c| c.is_ascii_digit())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ' ' | '_'))
            && text.split_whitespace().count() <= 2
}

/// The folded headers that mean a field.
fn names(field: &str) -> &'static [&'static str] {
    COLUMNS.iter().find(|(name, _)| *name == field).map(|(_, names)| *names).unwrap_or_default()
}

fn pick(row: &Row, field: &str) -> Option<NodeId> {
    let cell = |name: &str| row.cells.iter().find(|(label, _)| label == name).map(|(_, node)| *node);
    match field {
        "control" => cell(&row.control),
        // What stands under `Control` beside a column of ids is the title.
        _ => names(field).iter().filter(|name| **name != row.control).find_map(|name| cell(name)),
    }
}

/// The decision that a row is; `None` for a title between rows, an empty row, and another standard's.
fn decision(builder: &mut Builder, row: &Row) -> Option<NodeId> {
    let text = |builder: &Builder, field: &str| -> Option<(NodeId, String)> {
        let node = pick(row, field)?;
        let text = builder.tree().scalar_text(node).unwrap_or_default().trim().to_owned();
        (!text.is_empty()).then_some((node, text))
    };
    let (control, id) = text(builder, "control")?;
    if text(builder, "standard").is_some_and(|(_, standard)| !standard.contains("42001")) {
        return None;
    }
    let says = ["applicable", "justification", "included_because", "excluded_because", "implementation", "evidence"];
    if normalise(&id).is_none() && says.iter().all(|field| text(builder, field).is_none()) {
        return None;
    }
    let mut entries = vec![("control", control)];
    let applies = text(builder, "applicable").map(|(node, said)| match yes_or_no(&said) {
        Some(answer) => (boolean(builder, node, answer), Some(answer)),
        None => (node, None),
    });
    entries.extend(applies.map(|(node, _)| ("applicable", node)));
    let because = match applies.and_then(|(_, answer)| answer) {
        Some(false) => ["excluded_because", "justification", "included_because"],
        _ => ["included_because", "justification", "excluded_because"],
    };
    entries.extend(because.iter().find_map(|field| text(builder, field)).map(|(node, _)| ("justification", node)));
    for field in ["title", "owner", "approver", "decided_on", "review_by", "answers"] {
        entries.extend(text(builder, field).map(|(node, _)| (field, node)));
    }
    for field in ["reason_kind", "assessment"] {
        let found = text(builder, field);
        entries.extend(
            found.map(|(node, said)| (field, made(builder, node, &said.to_lowercase().replace([' ', '-'], "_")))),
        );
    }
    if let Some((node, said)) = text(builder, "implementation").filter(|(_, said)| !is_nothing(said)) {
        let folded = fold(&said);
        let known = IMPLEMENTATION.iter().find(|(_, words)| words.contains(&folded.as_str()));
        entries.push(("implementation", known.map_or(node, |(name, _)| made(builder, node, name))));
    }
    for field in ["linked_risks", "systems", "roles"] {
        if let Some((node, said)) = text(builder, field).filter(|(_, said)| !is_nothing(said)) {
            let parts: Vec<NodeId> = parts(&said, &[',', ';', '\n']).map(|part| made(builder, node, part)).collect();
            let span = builder.tree().node(node).span;
            entries.push((field, builder.list(span, &parts)));
        }
    }
    if let Some((node, said)) = text(builder, "evidence").filter(|(_, said)| !is_nothing(said)) {
        entries.push(("evidence", evidence(builder, node, &said)));
    }
    Some(map(builder, row.span, entries))
}

/// What an evidence cell names: the targets of its links, else its parts.
fn evidence(builder: &mut Builder, node: NodeId, said: &str) -> NodeId {
    let span = builder.tree().node(node).span;
    let written = builder.tree().file().slice(span).to_owned();
    let links: Vec<&str> =
        written.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(to, _)| to).collect();
    let named: Vec<&str> = if links.is_empty() { parts(said, &[';', '\n']).collect() } else { links };
    let items: Vec<NodeId> = named
        .into_iter()
        .map(|name| {
            let name = name.trim().trim_matches('`');
            let field = if name.contains("://") {
                "url"
            } else if is_path(name) {
                "path"
            } else {
                "attestation"
            };
            let value = made(builder, node, name);
            map(builder, span, vec![(field, value)])
        })
        .collect();
    builder.list(span, &items)
}

/// Whether a text reads as the path of a file: no white space, and a folder or an ending.
fn is_path(text: &str) -> bool {
    let ending = text.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty() && (1..=5).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    !text.contains(char::is_whitespace) && (text.contains('/') || ending) && normalise(text).is_none()
}

/// The parts of a cell that hold something; `A, B` is two where the comma stands between.
fn parts<'t>(text: &'t str, marks: &'static [char]) -> impl Iterator<Item = &'t str> {
    text.split(marks).map(str::trim).filter(|part| !part.is_empty())
}

fn is_nothing(text: &str) -> bool {
    matches!(fold(text).as_str(), "" | "na" | "none" | "notapplicable")
}

fn yes_or_no(text: &str) -> Option<bool> {
    let folded = fold(text);
    let word = if folded.is_empty() { text.trim() } else { folded.as_str() };
    if YES.contains(&word) { Some(true) } else { NO.contains(&word).then_some(false) }
}

fn made(builder: &mut Builder, at: NodeId, text: &str) -> NodeId {
    let span = builder.tree().node(at).span;
    let value = builder.made_text(span, text);
    let key = builder.tree().node(at).key;
    builder.set_key(value, key);
    value
}

fn boolean(builder: &mut Builder, at: NodeId, answer: bool) -> NodeId {
    let span = builder.tree().node(at).span;
    builder.scalar(span, Data::Bool(answer), false)
}

fn map(builder: &mut Builder, span: Span, fields: Vec<(&str, NodeId)>) -> NodeId {
    let entry = |(name, value): (&str, NodeId)| {
        let key = builder.tree().node(value).span;
        Entry { key: Text::Owned(name.into()), span: key, value }
    };
    let entries = fields.into_iter().map(entry).collect();
    builder.map(span, entries)
}
