//! One policy on one subject.

use super::bindings::{Bound, Item};
use super::cel::{Mark, Program, Read, Scope, Stop, Trace, Value, View, lend, traced};
use super::compile::Part;
use super::judge::Prepared;
use super::meter::Part as Metered;
use super::soa::Exclusions;
use super::{Corpus, place, reference};
use crate::document::{self, ITEM_NAMES};
use crate::finding::{Cited, Grade, Judgement, Outcome, Spot, Standing, Subject, Trust, fingerprint};
use crate::history::PathSet;
use crate::policy::AppliesTo;
use crate::source::clip;
use crate::value::NodeId;
use std::collections::HashMap;
use std::sync::Arc;

/// What is judged.
pub struct Target {
    /// Its name in findings.
    pub subject: Subject,
    /// Its root as expressions see it.
    pub view: View,
    /// Its number, where it is a document.
    pub document: Option<usize>,
    /// Why its file could not be read, where it could not: its root is an empty record then.
    pub unread: Option<String>,
}

/// How much of a value a message quotes, in characters.
const QUOTED: usize = 200;

/// One policy on one subject.
pub struct Judge<'r> {
    corpus: &'r Corpus,
    prepared: &'r Prepared,
    exclusions: &'r Exclusions,
    target: Target,
}

/// What a condition came to.
enum Answer {
    Yes,
    No,
    /// A field that is not there.
    Absent(String),
    /// The policy does not apply, with the reason.
    Never(String),
    /// It cannot be told: why, what to do, and whether something else reports it already.
    Unknown {
        why: String,
        remedy: String,
        reported: bool,
    },
}

/// An outcome before it has a name.
struct Drawn {
    outcome: Outcome,
    message: String,
    remedy: Option<String>,
    validation: Option<String>,
    places: Vec<Spot>,
    folded: bool,
}

/// Everything that an outcome rests on.
#[derive(Default)]
struct Rests {
    reads: Vec<Read>,
    cited: Vec<Cited>,
    asked: Vec<PathSet>,
    grade: Grade,
}

impl Rests {
    fn of(trace: &Trace) -> Self {
        let mut rests = Rests::default();
        rests.add(trace);
        rests
    }

    fn add(&mut self, trace: &Trace) {
        self.reads.extend_from_slice(&trace.reads);
        self.cited.extend_from_slice(&trace.cited);
        self.asked.extend_from_slice(&trace.asked);
    }

    /// What a validation that holds adds to the grade. What a condition read says nothing about it.
    fn raise(&mut self, own: u32, trace: &Trace) {
        let elsewhere = |read: &Read| !matches!(read, Read::Node(tree, _) | Read::Missing(tree, ..) if *tree == own);
        let grade = if trace.cited.iter().any(|cited| cited.trust == Trust::Fact) {
            Grade::Corroborated
        } else if trace.found > 0 || trace.reads.iter().any(elsewhere) {
            Grade::Evidenced
        } else {
            Grade::Declared
        };
        self.grade = self.grade.max(grade);
    }

    /// The paths whose changes were asked for, each set once.
    fn asked(&self) -> Vec<PathSet> {
        let mut asked = self.asked.clone();
        asked.sort();
        asked.dedup();
        asked
    }

    /// What the history said, each statement once.
    fn history(&self) -> Vec<Cited> {
        let mut cited = self.cited.clone();
        cited.sort();
        cited.dedup();
        cited
    }
}

impl Drawn {
    fn new(outcome: Outcome, message: impl Into<String>) -> Self {
        Drawn { outcome, message: message.into(), remedy: None, validation: None, places: Vec::new(), folded: false }
    }

    fn at(mut self, places: Vec<Spot>) -> Self {
        self.places = places;
        self
    }
}

impl<'r> Judge<'r> {
    /// Prepares to judge `target`.
    pub fn new(corpus: &'r Corpus, prepared: &'r Prepared, exclusions: &'r Exclusions, target: Target) -> Self {
        Judge { corpus, prepared, exclusions, target }
    }

    /// Every outcome on the subject: one, or one an item.
    pub fn outcomes(&self) -> Vec<Judgement> {
        let compiled = &self.prepared.compiled;
        if let Some(drawn) = self.excluded() {
            return vec![self.judgement(drawn, None, &Rests::default())];
        }
        if let Some(why) = &self.target.unread {
            return vec![self.unreadable(why)];
        }
        let Some(for_each) = &compiled.for_each else {
            return vec![self.one(None, compiled.when.as_ref())];
        };
        let bound = self.bound(None);
        let scope = Scope::new(&bound, &compiled.variables);
        // A condition about the subject alone is asked once; one about the item is asked for each.
        let whole = compiled.condition_on_subject();
        if let Some(when) = whole {
            let (answer, trace) = self.ask(&scope, when, Metered::When);
            if let Some(drawn) = self.applicability(answer, &trace) {
                return vec![self.judgement(drawn, None, &Rests::of(&trace))];
            }
        }
        let (items, trace) = traced(|| scope.evaluate(for_each));
        self.count(Metered::ForEach, &trace);
        if let Some(answer) = self.distrust(&trace) {
            let drawn = self.applicability(answer, &trace);
            return drawn.into_iter().map(|d| self.judgement(d, None, &Rests::of(&trace))).collect();
        }
        let items = match items {
            Ok(value) => self.items(value),
            Err(Stop::Absent(_)) => Some(Vec::new()),
            Err(stop) => {
                let drawn = self.applicability(self.answer(Err(stop), &trace), &trace);
                return drawn.into_iter().map(|d| self.judgement(d, None, &Rests::of(&trace))).collect();
            }
        };
        match items {
            None => {
                vec![self.judgement(Drawn::new(Outcome::Unknown, "`for_each` gives no list"), None, &Rests::of(&trace))]
            }
            Some(items) if items.is_empty() => {
                vec![self.judgement(
                    Drawn::new(Outcome::NotApplicable, "there is nothing to judge one by one"),
                    None,
                    &Rests::of(&trace),
                )]
            }
            Some(items) => {
                let each = if whole.is_some() { None } else { compiled.when.as_ref() };
                let mut names = HashMap::new();
                items.into_iter().map(|(name, item)| self.one(Some((unique(&mut names, name), item)), each)).collect()
            }
        }
    }

    /// A file that could not be read is unknown to a policy, unless the policy can tell without its
    /// content that it does not apply there.
    fn unreadable(&self, why: &str) -> Judgement {
        let compiled = &self.prepared.compiled;
        let bound = self.bound(None);
        let scope = Scope::new(&bound, &compiled.variables);
        if let Some(when) = compiled.condition_on_subject() {
            let (answer, trace) = self.ask(&scope, when, Metered::When);
            if let Answer::No | Answer::Never(_) = answer
                && let Some(drawn) = self.applicability(answer, &trace)
            {
                return self.judgement(drawn.at(Vec::new()), None, &Rests::of(&trace));
            }
        }
        let mut drawn = Drawn::new(Outcome::Unknown, format!("`{}` cannot be read: {why}", self.target.subject.path));
        drawn.remedy = Some("Mend the file, or list it under `exclude` in annexa.yaml.".to_owned());
        self.judgement(drawn, None, &Rests::default())
    }

    /// `not-applicable` when the Statement of Applicability excludes every control of the policy.
    fn excluded(&self) -> Option<Drawn> {
        let rule = &self.prepared.compiled.policy.rule;
        if rule.controls.is_empty() || !rule.clauses.is_empty() || self.prepared.compiled.policy.contradicts_soa {
            return None;
        }
        let (row, control) = self.exclusions.covering(self.corpus, self.target.document?, &rule.controls)?;
        let message = format!("{control} is excluded at {}:{}", row.file.path(), row.place().line);
        Some(Drawn::new(Outcome::NotApplicable, message).at(vec![row.clone()]))
    }

    fn bound(&self, item: Option<Item>) -> Bound<'_> {
        let Target { view, document, .. } = &self.target;
        let bound = Bound::new(self.corpus, Some(view.clone()), *document, item, self.prepared.params.as_ref());
        match self.prepared.compiled.policy.applies_to {
            AppliesTo::Kind(_) => bound,
            AppliesTo::Files(_) => bound.by_path(),
        }
    }

    fn one(&self, item: Option<(String, Item)>, when: Option<&Program>) -> Judgement {
        let compiled = &self.prepared.compiled;
        let (name, item) = item.unzip();
        let item_node = item.as_ref().and_then(|i| i.node);
        let bound = self.bound(item);
        let scope = Scope::new(&bound, &compiled.variables);
        let mut rests = Rests::default();
        if let Some(when) = when {
            let (answer, trace) = self.ask(&scope, when, Metered::When);
            rests.add(&trace);
            if let Some(drawn) = self.applicability(answer, &trace) {
                return self.judgement(drawn, name, &rests);
            }
        }
        self.count_variables(&bound);
        for (index, validation) in compiled.validations.iter().enumerate() {
            let (answer, trace) = self.ask(&scope, validation, Metered::Validation(index));
            rests.add(&trace);
            let mut drawn = match answer {
                Answer::Yes => {
                    rests.raise(self.target.view.tree().index, &trace);
                    continue;
                }
                Answer::No => self.failed(&scope, index, &trace, item_node, None),
                Answer::Absent(key) => self.failed(&scope, index, &trace, item_node, Some(key)),
                other => match self.applicability(other, &trace) {
                    Some(drawn) => drawn,
                    None => continue,
                },
            };
            if drawn.outcome == Outcome::Fail
                && let Some((spot, message)) =
                    reference::standing_in(self.corpus, self.target.document, &compiled.policy, name.as_deref())
            {
                drawn.outcome = Outcome::Attested;
                drawn.message = message;
                drawn.places.insert(0, spot);
            }
            drawn.validation = Some(compiled.policy.validations[index].name.clone());
            return self.judgement(drawn, name, &rests);
        }
        self.judgement(Drawn::new(Outcome::Pass, ""), name, &rests)
    }

    fn ask(&self, scope: &Scope<'_>, program: &Program, part: Metered) -> (Answer, Trace) {
        let (mut result, trace) = traced(|| scope.evaluate(program));
        self.count(part, &trace);
        if let Err(Stop::Error(why)) = &mut result
            && let Some(failure) = scope.explain(program)
        {
            why.push_str(&format!(" in `{}`{}", failure.part, failure.values()));
        }
        (self.answer(result, &trace), trace)
    }

    fn count(&self, part: Metered, trace: &Trace) {
        if let Some(meter) = &self.prepared.meter {
            meter.count(part, trace.cost);
        }
    }

    /// What each variable costs on its own, with everything it reads, where somebody asks. A run does
    /// not show it: a variable is part of what first reads it.
    fn count_variables(&self, bound: &Bound<'_>) {
        if self.prepared.meter.is_none() {
            return;
        }
        let variables = &self.prepared.compiled.variables;
        for (index, (_, program)) in variables.iter().enumerate() {
            let scope = Scope::new(bound, variables);
            let (_, trace) = traced(|| scope.evaluate(program));
            self.count(Metered::Variable(index), &trace);
        }
    }

    /// A marked evaluation is not to be trusted, whatever it gave.
    fn distrust(&self, trace: &Trace) -> Option<Answer> {
        if trace.exhausted {
            return Some(unknown(
                "the expression takes more steps than an evaluation may",
                "Simplify the policy: join lists with `lookup`, and keep loops out of loops.",
            ));
        }
        Some(match trace.marks.first()? {
            Mark::Never(why) => Answer::Never(why.clone()),
            Mark::Unknown(why, help) => unknown(why, help),
            Mark::Reported(why) => Answer::Unknown { why: why.clone(), remedy: String::new(), reported: true },
        })
    }

    fn answer(&self, result: Result<Value, Stop>, trace: &Trace) -> Answer {
        if let Some(answer) = self.distrust(trace) {
            return answer;
        }
        match result {
            Ok(Value::Bool(true)) => Answer::Yes,
            Ok(Value::Bool(false)) => Answer::No,
            Ok(other) => unknown(
                &format!("the expression gives a {} where true or false is wanted", other.type_name()),
                "Make the expression a condition.",
            ),
            Err(Stop::Absent(key)) => Answer::Absent(key),
            Err(Stop::Exhausted) => {
                unknown("the expression takes more steps than an evaluation may", "Simplify the policy.")
            }
            Err(Stop::Error(why)) => Answer::Unknown {
                reported: self.touches_problem(&trace.reads),
                remedy: "Mend the value that was read, or make the expression expect it.".to_owned(),
                why,
            },
        }
    }

    /// The condition that does not hold, in the words of the policy.
    fn condition(&self) -> String {
        let when = self.prepared.compiled.policy.when.as_ref().map_or("", |when| when.text.as_str());
        let when = when.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("it applies only where `{}`", clip(&when, QUOTED))
    }

    /// What a condition says about whether the policy applies; `None` when it does.
    fn applicability(&self, answer: Answer, trace: &Trace) -> Option<Drawn> {
        match answer {
            Answer::Yes => None,
            Answer::No => Some(Drawn::new(Outcome::NotApplicable, self.condition()).at(self.reads(trace))),
            Answer::Never(reason) => Some(Drawn::new(Outcome::NotApplicable, reason)),
            Answer::Absent(key) => {
                let mut drawn =
                    Drawn::new(Outcome::Unknown, format!("whether it applies depends on `{key}`, which is missing"));
                drawn.remedy = Some(format!(
                    "Fill in `{key}`, or let the policy ask with `has(...)` or `.?` whether it is there."
                ));
                drawn.folded = self.touches_problem(&trace.reads);
                Some(drawn.at(self.reads(trace)))
            }
            Answer::Unknown { why, remedy, reported } => {
                let mut drawn = Drawn::new(Outcome::Unknown, why);
                drawn.remedy = Some(remedy).filter(|r| !r.is_empty());
                drawn.folded = reported;
                Some(drawn.at(self.reads(trace)))
            }
        }
    }

    fn reads(&self, trace: &Trace) -> Vec<Spot> {
        let places = place::of_reads(self.corpus, &trace.reads, self.target.view.tree().index);
        if places.is_empty() { vec![self.head(None)] } else { places }
    }

    fn head(&self, item: Option<(u32, NodeId)>) -> Spot {
        match item {
            Some((tree, node)) => place::spot(self.corpus, &Read::Node(tree, node)),
            None => place::head(&self.target.view.tree().tree, self.target.view.node()),
        }
    }

    fn failed(
        &self,
        scope: &Scope<'_>,
        index: usize,
        trace: &Trace,
        item: Option<(u32, NodeId)>,
        absent: Option<String>,
    ) -> Drawn {
        let policy = &self.prepared.compiled.policy;
        let wording = self.prepared.compiled.wording(index);
        let mut places: Vec<Spot> = Vec::new();
        for program in &wording.at {
            if let Some(spot) = self.point(scope, program)
                && places.iter().all(|p| p.span != spot.span || p.file.name() != spot.file.name())
            {
                places.push(spot);
            }
        }
        if places.is_empty() {
            places = place::of_reads(self.corpus, &trace.reads, self.target.view.tree().index);
        }
        if places.is_empty() {
            places.push(self.head(item));
        }
        let message = self.message(scope, index).unwrap_or_else(|| match &absent {
            Some(key) => format!("`{key}` is missing"),
            None => format!("this does not hold: {}", policy.rule.title),
        });
        let mut drawn = Drawn::new(Outcome::Fail, message).at(places);
        if absent.is_some() && self.touches_problem(&trace.reads) {
            drawn.outcome = Outcome::Unknown;
            drawn.folded = true;
        }
        drawn
    }

    /// The place that an `at` expression names: the node it gives, else the last one it read.
    fn point(&self, scope: &Scope<'_>, program: &Program) -> Option<Spot> {
        let (value, trace) = traced(|| scope.evaluate(program));
        let given = match &value {
            Ok(Value::Node(view)) => Some(Read::Node(view.tree().index, view.node())),
            Ok(Value::Leaf(leaf)) => Some(Read::Node(leaf.node().0, leaf.node().1)),
            Ok(Value::Optional(Some(inner))) => match &**inner {
                Value::Node(view) => Some(Read::Node(view.tree().index, view.node())),
                _ => None,
            },
            // A list that an expression made has no place of its own; without items it names none.
            Ok(Value::List(items)) if items.is_empty() => return None,
            Ok(Value::List(items)) => match &items[0] {
                Value::Node(view) => Some(Read::Node(view.tree().index, view.node())),
                _ => None,
            },
            _ => None,
        };
        given.as_ref().or(trace.reads.last()).map(|read| place::spot(self.corpus, read))
    }

    fn message(&self, scope: &Scope<'_>, index: usize) -> Option<String> {
        let wording = self.prepared.compiled.wording(index);
        if let Some(program) = &wording.message_expression {
            return match traced(|| scope.evaluate(program)).0 {
                Ok(Value::Text(text)) => Some(clip(&text, 4 * QUOTED)),
                _ => None,
            };
        }
        if wording.message.is_empty() {
            return None;
        }
        let mut message = String::new();
        for part in &wording.message {
            match part {
                Part::Text(text) => message.push_str(text),
                Part::Program(program) => match traced(|| scope.evaluate(program)).0 {
                    Ok(value) => message.push_str(&clip(&value.to_string(), QUOTED)),
                    Err(_) => message.push('?'),
                },
            }
        }
        Some(message)
    }

    /// Whether the last thing that was read is reported as a problem of the document's shape.
    fn touches_problem(&self, reads: &[Read]) -> bool {
        let Some(last) = reads.last() else { return false };
        let (tree, node) = match last {
            Read::Node(tree, node) | Read::Missing(tree, node, _) => (*tree, *node),
        };
        self.corpus.records_of(tree).iter().flat_map(|d| &d.problems).any(|p| {
            p.node == Some(node)
                && match last {
                    Read::Missing(_, _, key) => p.absent.as_ref() == Some(key),
                    Read::Node(..) => p.absent.is_none() && p.code != "unknown-field",
                }
        })
    }

    /// Items with the names that fingerprints know them by.
    fn items(&self, value: Value) -> Option<Vec<(String, Item)>> {
        if let Value::Node(view) = &value {
            let (at, tree) = (view.tree(), &view.tree().tree);
            return Some(
                tree.items(view.node())
                    .iter()
                    .map(|node| {
                        let lent = lend(at, *node);
                        (item_name(&Value::of(lent.as_ref())), Item { lent, node: Some((at.index, *node)) })
                    })
                    .collect(),
            );
        }
        let items = value.items()?;
        Some(
            items
                .into_iter()
                .map(|item| {
                    let node = match &item {
                        Value::Node(view) => Some((view.tree().index, view.node())),
                        Value::Leaf(leaf) => Some(leaf.node()),
                        _ => None,
                    };
                    (item_name(&item), Item { node, lent: item.into_val() })
                })
                .collect(),
        )
    }

    /// A register entry is about itself, any other document about the system that it belongs to.
    fn system(&self) -> Option<Arc<str>> {
        let document = self.target.document?;
        match &*self.target.subject.kind {
            "ai-system" => Some(Arc::clone(&self.target.subject.id)),
            _ => self.corpus.system(document).map(Arc::from),
        }
    }

    fn judgement(&self, drawn: Drawn, item: Option<String>, rests: &Rests) -> Judgement {
        let validation = if drawn.outcome == Outcome::Pass { None } else { drawn.validation };
        let id = self.prepared.compiled.policy.id();
        Judgement {
            fingerprint: fingerprint(id, &self.target.subject, validation.as_deref(), item.as_deref()),
            rule: self.prepared.rule,
            subject: self.target.subject.clone(),
            system: self.system(),
            item,
            grade: if drawn.outcome == Outcome::Pass { rests.grade } else { Grade::default() },
            outcome: drawn.outcome,
            severity: self.prepared.severity,
            validation,
            message: drawn.message,
            remedy: drawn.remedy,
            places: drawn.places,
            evidence: place::evidence(self.corpus, &rests.reads),
            history: rests.history(),
            asked: rests.asked(),
            folded: drawn.folded,
            standing: Standing::New,
            counts: true,
            caused_at: None,
        }
    }
}

fn unknown(why: &str, remedy: &str) -> Answer {
    Answer::Unknown { why: why.to_owned(), remedy: remedy.to_owned(), reported: false }
}

/// What an item is called: its id, its control, its name, else its text. Never its position.
fn item_name(item: &Value) -> String {
    let named = match item {
        Value::Node(view) => document::item_name(&view.tree().tree, view.node()).map(str::to_owned),
        other => ITEM_NAMES
            .iter()
            .find_map(|key| other.get(key).filter(|v| matches!(v, Value::Text(_))).map(|v| v.to_string())),
    };
    clip(&named.unwrap_or_else(|| item.to_string()), 120)
}

/// A second item of the same name is told apart by counting.
fn unique(names: &mut HashMap<String, usize>, name: String) -> String {
    let count = names.entry(name.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { name } else { format!("{name}#{count}") }
}
