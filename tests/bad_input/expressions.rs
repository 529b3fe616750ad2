//! Expressions made to hang or crash an evaluator or to fill the memory. No policy can stop a run:
//! each ends as `unknown` with what to do about it, soon and in little memory.

use crate::support::{Run, run};
use std::time::{Duration, Instant};

/// Far above what any of them takes without optimisation (with it, a tenth), far below a hang.
const PATIENCE: Duration = Duration::from_secs(15);

const STEPS: &str = "the expression takes more steps than an evaluation may";

/// A document of 5,000 items and two equal texts of 400 KB.
fn document() -> String {
    let items: String = (0..5_000).map(|i| format!("  - {i}\n")).collect();
    let text = "x".repeat(400_000);
    format!("items:\n{items}text: {text}\ntext2: {text}\n")
}

fn check(run: &Run, expressions: &[&str], why: &str) {
    let mut wrong = Vec::new();
    for expression in expressions {
        let start = Instant::now();
        let report = run.clone().holds("p", expression).report();
        let took = start.elapsed();
        let judged: Vec<_> = report.judgements.iter().filter(|j| report.rule(j).id == "p").collect();
        let fits = |j: &&annexa::finding::Judgement| {
            j.outcome.name() == "unknown" && j.message.contains(why) && j.remedy.is_some() && !j.folded
        };
        if judged.len() != 1 || !judged.iter().all(fits) || took > PATIENCE {
            let said: Vec<_> = judged.iter().map(|j| crate::support::line(&report, j)).collect();
            wrong.push(format!("{took:?} {expression}: {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn loops_in_loops_end() {
    let eight = format!("{}true{}", "lists.range(10).all(x, ".repeat(8), ")".repeat(8));
    let body = format!("lists.range(100000).all(x, 0{} == 180)", " + 1".repeat(180));
    let reads = format!("lists.range(100000).all(x, doc.size{} == 181.0)", " + doc.size".repeat(180));
    let run = run().unchecked().file("a.note.yaml", "size: 1\nword: w\n");
    check(
        &run,
        &[
            &eight,
            &format!("{eight} || true"),
            &body,
            &reads,
            "lists.range(100000).map(x, lists.range(100000).map(y, y)).size() > 0",
            "lists.range(100000).filter(x, lists.range(100000).exists(y, y < 0)).size() == 0",
            "pairs(lists.range(10000)).size() > 0",
            "pairs(pairs(lists.range(200))).size() > 0",
            "lists.range(100000).map(x, {'k': x}).distinct().size() > 0",
            "lists.range(100000).all(i, glob('**/*' + string(i)).size() == 0)",
            "lists.range(100000).all(i, !file('no/such/' + string(i)).exists)",
            "lists.range(100000).all(i, !doc.word.matches('(a{1,90}){1,9}' + string(i)))",
        ],
        STEPS,
    );
}

#[test]
fn values_that_grow_end() {
    let strings = format!("['aaaaaaaaaa']{}.size() > 0", ".map(x, x+x+x+x+x+x+x+x+x+x)".repeat(10));
    let lists = format!("[1]{}.size() > 0", ".map(x, [x,x,x,x,x,x,x,x,x,x])".repeat(10));
    let maps = format!("[1]{}.size() > 0", ".map(x, {'a':x,'b':x,'c':x,'d':x,'e':x})".repeat(14));
    let sums = format!("[[1]]{}.size() > 0", ".map(x, x+x+x+x+x+x+x+x+x+x)".repeat(10));
    let replace = format!("'a'{} != ''", ".replace('a', 'aaaaaaaaaa')".repeat(9));
    let join = format!("[['a','a','a']]{}.size() > 0", ".map(x, [x.join('a'), x.join('a'), x.join('a')])".repeat(20));
    let run = run().unchecked().file("a.note.yaml", "size: 1\n");
    check(&run, &[&strings, &lists, &maps, &sums, &replace, &join], STEPS);
    check(&run, &["lists.range(10000000).size() > 0", "'%.1000000000f'.format([1.0]) != ''"], "");
}

#[test]
fn large_documents_do_not_make_cheap_looking_expressions_dear() {
    check(
        &run().unchecked().file("a.note.yaml", document()),
        &[
            // copies
            "doc.items.map(i, doc.text).size() > 0",
            "doc.items.all(i, [doc.text].size() > 0)",
            "doc.items.all(i, {'a': doc.text}.size() > 0)",
            "doc.items.all(i, doc.?text.hasValue())",
            "doc.items.all(i, doc[?'text'].hasValue())",
            "doc.items.all(i, optional.of(doc.text).hasValue())",
            "doc.items.all(i, (doc.items + doc.items).size() > 0)",
            "doc.items.all(i, doc.text + doc.text != '')",
            "doc.items.all(i, [doc.text].all(t, true))",
            "doc.items.all(i, string(doc.text) != '')",
            "doc.items.all(i, bytes(doc.text).size() > 0)",
            // comparisons
            "doc.items.all(i, doc.items == doc.items)",
            "doc.items.all(i, doc.items in [doc.items])",
            "doc.items.all(i, doc.text == doc.text2)",
            "doc.items.all(i, doc.text <= doc.text2)",
            "doc.items.all(i, !(doc.text2 in doc.items))",
            // searches
            "doc.items.all(i, doc.text.size() > 0)",
            "doc.items.all(i, !doc.text.contains('y'))",
            "doc.items.all(i, !doc.text.startsWith(doc.text2 + 'y'))",
            "doc.items.all(i, doc.text.indexOf('y') < 0)",
            "doc.items.all(i, doc.text.charAt(390000) == 'x')",
            "doc.items.all(i, doc.text.substring(5) != '')",
            "doc.items.all(i, doc.text.trim() != '')",
            "doc.items.all(i, doc.text.lowerAscii() != '')",
            "doc.items.all(i, doc.text.split('y').size() > 0)",
            "doc.items.all(i, '%s'.format([doc.text]) != '')",
            "doc.items.all(i, strings.quote(doc.text) != '')",
            "doc.items.all(i, base64.encode(bytes(doc.text)) != '')",
            "doc.items.all(i, !doc.text.matches('(x+)+y'))",
            "doc.items.all(i, doc.items.slice(0, 1).size() == 1)",
            "doc.items.all(i, doc.items.reverse().size() > 0)",
            "doc.items.all(i, doc.items.sort().size() > 0)",
            "doc.items.all(i, doc.text.split('').size() > 0)",
            // own functions
            "doc.items.all(i, !placeholder(doc.text))",
            "doc.items.all(i, informative(doc.text, 1))",
            "doc.items.all(i, similarity(doc.text, doc.text2) > 0.0)",
            "doc.items.all(i, lookup(doc.items, 'id', 'x').size() == 0)",
            "doc.items.all(i, leaves(doc.items).size() > 0)",
            "doc.items.all(i, !newest(doc.items, 'x').hasValue())",
            "doc.items.all(i, text_of(doc) != '')",
            "doc.items.all(i, !file(doc.text).exists)",
        ],
        STEPS,
    );
}

#[test]
fn what_is_recorded_of_a_document_does_not_grow_with_its_keys() {
    let long = "k".repeat(300_000);
    let items = ", 1".repeat(5_000);
    let document = format!(r#"{{"kind": "note", "word": "{long}", "items": [1{items}], "{long}": [1{items}]}}"#);
    let run = run().unchecked().file("a.json", document);
    check(&run, &["leaves(doc).size() > 0"], STEPS);
    let start = Instant::now();
    let report = run.holds("p", "doc.items.all(i, !doc[?doc.word + 'x'].hasValue())").report();
    assert!(start.elapsed() < PATIENCE);
    let kept: usize = report.judgements.iter().flat_map(|j| &j.evidence).map(|s| s.label.len()).sum();
    assert!(kept < 1_000, "{kept}");
}

#[test]
fn a_regular_expression_that_would_run_away_elsewhere_takes_its_normal_time() {
    let run = run().unchecked().file("a.note.yaml", format!("word: {}\n", "a".repeat(20_000)));
    assert_eq!(run.clone().holds("p", "!doc.word.matches('^(a+)+$b')").says(), ["p pass a.note.yaml"]);
    check(
        &run,
        &["doc.word.matches('(((a{1,99}){1,99}){1,99}){1,99}')"],
        "is no regular expression, or too large a one",
    );
}
