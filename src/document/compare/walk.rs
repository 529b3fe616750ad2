//! The walk over two versions at once, down to what differs. It keeps its own stack: aliases may nest
//! deeper than any file does.

use super::excerpt::excerpt;
use super::pairs::{self, Item};
use super::prose::squeezed;
use super::section::{self, is_section};
use super::weight::{REVIEWS, Shape, Weights, scalar, shape};
use super::{FieldChange, LONGEST_PATH, MOST_CHANGES};
use crate::document::item::{item_name, name_by};
use crate::source::clip;
use crate::value::NodeId;

/// Characters of a name in a path.
const LONGEST_NAME: usize = 80;

/// A step of the way from the root to a value.
#[derive(Clone, Copy)]
struct Step<'t> {
    /// The number of the step before.
    from: usize,
    part: Part<'t>,
    /// The last key on the way here.
    key: &'t str,
    /// The last name of an item or a section on the way here.
    item: &'t str,
}

#[derive(Clone, Copy)]
enum Part<'t> {
    Root,
    Key(&'t str),
    Item(&'t str),
    Position(usize),
    /// A section is a place of its own, whatever list holds it.
    Section(&'t str),
}

/// Two values that are to be compared.
#[derive(Clone, Copy)]
struct Visit {
    before: Option<NodeId>,
    after: Option<NodeId>,
    /// The number of the step that leads here.
    step: usize,
    /// Whether nothing below counts: it says who did a review of which nothing else is said.
    idle: bool,
}

/// Compares two records.
pub(super) struct Walk<'w, 't> {
    before: Option<&'w Weights<'t>>,
    after: Option<&'w Weights<'t>>,
    steps: Vec<Step<'t>>,
    waiting: Vec<Visit>,
    found: Vec<FieldChange>,
}

impl<'w, 't> Walk<'w, 't> {
    pub(super) fn new(before: Option<&'w Weights<'t>>, after: Option<&'w Weights<'t>>) -> Self {
        let root = Visit {
            before: before.map(Weights::root_node),
            after: after.map(Weights::root_node),
            step: 0,
            idle: false,
        };
        let steps = vec![Step { from: 0, part: Part::Root, key: "", item: "" }];
        Walk { before, after, steps, waiting: vec![root], found: Vec::new() }
    }

    /// The differences in the order of the later version.
    pub(super) fn changes(mut self) -> Vec<FieldChange> {
        let mut substantive = false;
        while let Some(visit) = self.waiting.pop() {
            let full = self.found.len() >= MOST_CHANGES;
            if full && substantive {
                break;
            }
            let content = |weights: Option<&Weights<'_>>, node: Option<NodeId>| Some(weights?.at(node?).content);
            if content(self.before, visit.before) == content(self.after, visit.after) {
                continue;
            }
            let shape = |weights: Option<&Weights<'_>>, node: Option<NodeId>| Some(shape(weights?.tree, node?));
            let (before, after) = (shape(self.before, visit.before), shape(self.after, visit.after));
            match before.or(after) {
                // Another shape is another thing: one went, and one came.
                _ if before.is_some() && after.is_some() && before != after => {
                    self.waiting.push(Visit { before: None, ..visit });
                    self.waiting.push(Visit { after: None, ..visit });
                }
                Some(Shape::List) => self.items(&visit),
                Some(Shape::Map) => self.entries(&visit),
                Some(Shape::Leaf) => {
                    let counts = self.counts(&visit);
                    if !full || counts {
                        let change = self.change(&visit, counts);
                        self.found.push(change);
                    }
                    substantive |= counts;
                }
                None => {}
            }
        }
        self.found
    }

    fn entries(&mut self, visit: &Visit) {
        let list = |weights: Option<&'w Weights<'t>>, node: Option<NodeId>| {
            weights.zip(node).map_or(&[][..], |(weights, node)| weights.tree.entries(node))
        };
        let keys = |weights: Option<&'w Weights<'t>>, node: Option<NodeId>| -> Vec<&'t str> {
            let tree = weights.map(|weights| weights.tree);
            list(weights, node).iter().filter_map(|entry| Some(tree?.text(&entry.key))).collect()
        };
        let (before, after) = (list(self.before, visit.before), list(self.after, visit.after));
        let names = [keys(self.before, visit.before), keys(self.after, visit.after)];
        let bare = self.is_bare_review(visit);
        let first = self.waiting.len();
        for (earlier, later) in pairs::entries(&names[0], &names[1]) {
            let Some(key) = later.map(|at| names[1][at]).or(earlier.map(|at| names[0][at])) else { continue };
            let (before, after) = (earlier.map(|at| before[at].value), later.map(|at| after[at].value));
            // Of a bare review nothing counts: neither who it was nor the rest.
            self.push(Visit { before, after, step: visit.step, idle: visit.idle || bare }, Part::Key(key));
        }
        self.waiting[first..].reverse();
    }

    fn items(&mut self, visit: &Visit) {
        let reviews = matches!(self.steps[visit.step].part, Part::Key(REVIEWS));
        let name = |weights: &Weights<'t>, item: NodeId| match weights.tree {
            tree if is_section(tree, item) => Some(section::heading(tree, item)),
            tree if reviews => name_by(tree, item, "on").or_else(|| item_name(tree, item)),
            tree => item_name(tree, item),
        };
        let side = |weights: Option<&'w Weights<'t>>, node: Option<NodeId>| {
            let Some((weights, node)) = weights.zip(node) else { return (&[][..], Vec::new()) };
            let nodes = weights.tree.items(node);
            let item = |item: &NodeId| Item {
                content: weights.at(*item).content,
                substance: if reviews { weights.review(*item) } else { weights.at(*item).substance },
                name: name(weights, *item),
            };
            (nodes, nodes.iter().map(item).collect())
        };
        let (before, earlier_items) = side(self.before, visit.before);
        let (after, later_items) = side(self.after, visit.after);
        let first = self.waiting.len();
        for (earlier, later) in pairs::items(&earlier_items, &later_items) {
            let name = later.map_or_else(|| earlier.and_then(|at| earlier_items[at].name), |at| later_items[at].name);
            let (before, after) = (earlier.map(|at| before[at]), later.map(|at| after[at]));
            let is_section = |weights: Option<&Weights<'_>>, node: Option<NodeId>| {
                weights.zip(node).is_some_and(|(weights, node)| is_section(weights.tree, node))
            };
            let part = match name {
                Some(name) if is_section(self.after, after) || is_section(self.before, before) => Part::Section(name),
                Some(name) => Part::Item(name),
                None => Part::Position(later.or(earlier).unwrap_or_default()),
            };
            self.push(Visit { before, after, step: visit.step, idle: visit.idle }, part);
        }
        self.waiting[first..].reverse();
    }

    fn push(&mut self, visit: Visit, part: Part<'t>) {
        let mut step = Step { from: visit.step, part, ..self.steps[visit.step] };
        match part {
            Part::Key(key) => step.key = key,
            Part::Item(name) | Part::Section(name) => step.item = name,
            Part::Root | Part::Position(_) => {}
        }
        self.steps.push(step);
        self.waiting.push(Visit { step: self.steps.len() - 1, ..visit });
    }

    /// Whether a map is an item of a list `reviews` that says who and when, and no more, in both versions.
    fn is_bare_review(&self, visit: &Visit) -> bool {
        let step = &self.steps[visit.step];
        let in_reviews = matches!(step.part, Part::Item(_) | Part::Position(_))
            && matches!(self.steps[step.from].part, Part::Key(REVIEWS));
        let bare = |weights: Option<&Weights<'_>>, node: Option<NodeId>| {
            weights.zip(node).is_none_or(|(weights, node)| weights.review(node) == 0)
        };
        in_reviews && bare(self.before, visit.before) && bare(self.after, visit.after)
    }

    fn counts(&self, visit: &Visit) -> bool {
        let substance = |weights: Option<&Weights<'_>>, node: Option<NodeId>| {
            let Some((weights, node)) = weights.zip(node) else { return 0 };
            match self.steps[visit.step].part {
                Part::Key(key) => weights.substance(key, node),
                _ => weights.at(node).substance,
            }
        };
        !visit.idle && substance(self.before, visit.before) != substance(self.after, visit.after)
    }

    fn change(&self, visit: &Visit, substantive: bool) -> FieldChange {
        let (before, after) = (self.section(self.before, visit.before), self.section(self.after, visit.after));
        let (key, before, after) = match (before, after) {
            (None, None) => {
                let text = |weights: Option<&Weights<'t>>, node: Option<NodeId>| {
                    Some(squeezed(&scalar(weights?.tree, node?)).into_owned())
                };
                (self.steps[visit.step].key, text(self.before, visit.before), text(self.after, visit.after))
            }
            (before, after) => {
                // A heading without text, or with the same: the heading is what changed.
                let body = |side: &Option<(String, String)>| side.as_ref().map(|(_, body)| body.clone());
                let title = |side: Option<(String, String)>| side.map(|(title, _)| title);
                let bodies = (body(&before).unwrap_or_default(), body(&after).unwrap_or_default());
                if bodies.0 == bodies.1 {
                    ("title", title(before), title(after))
                } else {
                    ("text", body(&before), body(&after))
                }
            }
        };
        FieldChange {
            path: self.path(visit.step),
            item: clip(&squeezed(self.steps[visit.step].item), LONGEST_NAME),
            key: clip(key, LONGEST_NAME),
            before: before.as_deref().map(|text| excerpt(text, after.as_deref())),
            after: after.as_deref().map(|text| excerpt(text, before.as_deref())),
            substantive,
        }
    }

    /// Heading and text of a section.
    fn section(&self, weights: Option<&Weights<'t>>, node: Option<NodeId>) -> Option<(String, String)> {
        let (tree, node) = (weights?.tree, node?);
        is_section(tree, node)
            .then(|| (squeezed(section::heading(tree, node)).into_owned(), section::body(tree, node).into_owned()))
    }

    /// The steps from `step` back to the root.
    fn back(&self, step: usize) -> impl Iterator<Item = Part<'t>> + '_ {
        std::iter::successors(Some(step), |step| (*step > 0).then(|| self.steps[*step].from))
            .map(|step| self.steps[step].part)
    }

    fn path(&self, step: usize) -> String {
        let name = |name: &str| clip(&squeezed(name), LONGEST_NAME);
        let (mut parts, mut length) = (Vec::new(), 0);
        for part in self.back(step) {
            let shown = match part {
                Part::Root => break,
                Part::Key(key) => format!(".{}", name(key)),
                Part::Item(item) => format!("[{}]", name(item)),
                Part::Position(position) => format!("[{position}]"),
                Part::Section(heading) => name(heading),
            };
            length += shown.chars().count();
            if length > LONGEST_PATH {
                parts.push("…".to_owned());
                break;
            }
            parts.push(shown);
            if matches!(part, Part::Section(_)) {
                break;
            }
        }
        let path: String = parts.into_iter().rev().collect();
        path.strip_prefix('.').map_or(path.clone(), str::to_owned)
    }
}
