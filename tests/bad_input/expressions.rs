//! Expressions made to hang or crash an evaluator or to fill the memory. No policy can stop a run:
//! each is refused where it stands, or ends as `unknown` with what to do about it. How soon, and in how
//! little memory, `benches/hostile.rs` measures.

use super::hostile::{Case, End, cases, document};
use crate::support::{line, run};
use annexa::engine::cel::{Bindings, Lendable, Lent, Program, Scope, TreeRef, lend, traced};
use annexa::engine::check::{Environment, check};
use annexa::engine::deep;
use annexa::engine::types::Type;
use annexa::source::SourceFile;
use annexa::value::{Limits, Syntax, read_as_written};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

const STEPS: &str = "the expression takes more steps than an evaluation may";

/// How the case ends instead, if it does not end as it should.
fn wrong(case: &Case) -> Option<String> {
    let why = match case.end {
        End::Refused(why) => {
            let mut names = Environment::default();
            names.bind("doc", Type::Dyn);
            names.bind("now", Type::Timestamp);
            let mistakes = deep(|| match Program::compile(&case.text) {
                Ok(program) => check(program.ast(), &names).mistakes,
                Err(mistake) => vec![mistake],
            });
            let refused = mistakes.first().is_some_and(|m| m.message.contains(why) && !m.help.is_empty());
            return (!refused).then(|| format!("{}: {mistakes:?}", case.name));
        }
        End::Steps => STEPS,
        End::Unknown(why) => why,
    };
    let report = run().unchecked().file("a.note.yaml", document(case.document)).holds("p", &case.text).report();
    let judged: Vec<_> = report.judgements.iter().filter(|j| report.rule(j).id == "p").collect();
    let fits = |j: &&annexa::finding::Judgement| {
        j.outcome.name() == "unknown" && j.message.contains(why) && j.remedy.is_some() && !j.folded
    };
    if judged.len() == 1 && judged.iter().all(fits) {
        return None;
    }
    let said: Vec<_> = judged.iter().map(|j| line(&report, j)).collect();
    Some(format!("{}: {said:?}", case.name))
}

#[test]
fn hostile_expressions_are_refused_or_unknown() {
    let cases = cases();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
    assert!(names.len() == cases.len() && names.len() >= 100, "{} names of {} cases", names.len(), cases.len());
    let wrong: Vec<_> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A document as `doc`, without a run around it.
struct Doc(Box<dyn Lendable>);

impl Bindings for Doc {
    fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
        (name == "doc").then(|| Lent::Borrowed(self.0.as_ref()))
    }
}

#[test]
fn hostile_expressions_cost_the_same_every_time() {
    let mut documents: HashMap<&str, Doc> = HashMap::new();
    // Each costs a whole budget twice: some of them tell as much as all.
    for case in cases().into_iter().step_by(3) {
        let doc = documents.entry(case.document).or_insert_with(|| {
            let file = Arc::new(SourceFile::new("a.yaml", document(case.document).into_bytes()));
            let (tree, _) = read_as_written(file, Syntax::Yaml, &Limits::default());
            let root = tree.roots()[0];
            Doc(lend(&TreeRef { tree: Arc::new(tree), index: 0 }, root))
        });
        let Ok(program) = deep(|| Program::compile(&case.text)) else { continue };
        let evaluate = || deep(|| traced(|| Scope::new(doc, &[]).evaluate(&program).err()));
        let (first, second) = (evaluate(), evaluate());
        assert!(first == second, "{}: {:?} and {:?}", case.name, first.0, second.0);
    }
}

#[test]
fn what_is_recorded_of_a_document_does_not_grow_with_its_keys() {
    let long = "k".repeat(300_000);
    let items = ", 1".repeat(5_000);
    let document = format!(r#"{{"kind": "note", "word": "{long}", "items": [1{items}], "{long}": [1{items}]}}"#);
    let run = run().file("a.json", document);
    let report = run.holds("p", "doc.items.all(i, !doc[?doc.word + 'x'].hasValue())").report();
    let kept: usize = report.judgements.iter().flat_map(|j| &j.evidence).map(|s| s.label.len()).sum();
    assert!(kept < 1_000, "{kept}");
}

#[test]
fn a_regular_expression_that_would_run_away_elsewhere_takes_its_normal_time() {
    let run = run().unchecked().file("a.note.yaml", format!("word: {}\n", "a".repeat(20_000)));
    assert_eq!(run.clone().holds("p", "!doc.word.matches('^(a+)+$b')").says(), ["p pass a.note.yaml"]);
    let broken = run.holds("p", "doc.word.matches('(((a{1,99}){1,99}){1,99}){1,99}')").says();
    assert!(broken[0].contains("is no regular expression, or too large a one"), "{broken:?}");
}
