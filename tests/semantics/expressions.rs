//! What the language has besides the conformance tests: that walks have an order, and that reads have
//! their places.

use crate::support::run;

fn outcome(expression: &str) -> String {
    let text =
        "word: a\nparts:\n  - {id: x, ok: true}\n  - {id: y, ok: false}\n  - {id: z, ok: true}\nmap: {b: 2, a: 1}\n";
    let said = run().unchecked().file("a.note.yaml", text).holds("p", expression).says();
    assert_eq!(said.len(), 1, "{said:?}");
    said[0].strip_prefix("p ").expect("the policy").replace(" a.note.yaml", "")
}

#[test]
fn maps_are_walked_over_in_an_order_that_never_changes() {
    let made = "{'d': 4, 'b': 2, 3: 'x', true: 0, 'a': 1, 2u: 'y', 'c': 3}";
    for expression in [
        &format!("{made}.map(k, k) == [true, 2, 3, 'a', 'b', 'c', 'd']"),
        &format!("{made}.filter(k, k != 3).map(k, string(k)).join() == 'true2abcd'"),
        &format!("{made}.transformList(k, v, string(v)).join(' ') == '0 y x 1 2 3 4'"),
        // A document's own map keeps the order in which it is written.
        "doc.map.map(k, k) == ['b', 'a']",
        "doc.map.transformList(k, v, v) == [2, 1]",
    ] {
        for _ in 0..5 {
            assert_eq!(outcome(expression), "pass", "{expression}");
        }
    }
}

#[test]
fn names_of_inner_loops_hide_those_of_outer_ones() {
    for expression in [
        "['a', 'b'].all(i, v, [5].all(i, w, i == 0 && w == 5 && v in ['a', 'b']))",
        "[7].all(i, v, ['x'].all(v, v == 'x' && i == 0) && v == 7)",
        "[7].transformList(i, v, [8].map(i, i + v)) == [[15]]",
        "{'k': 1}.transformMap(k, v, {'l': 2}.transformMap(k, w, k + string(v + w))) == {'k': {'l': 'l3'}}",
        "cel.bind(x, 1, cel.bind(y, x + 1, [3].map(x, x + y)) + [x]) == [5, 1]",
        "[1].all(i, v, optional.of(v).optMap(v, v + 1).value() == 2 && v == 1)",
        "{'a': 1}.transformMapEntry(k, v, {string(v): k}) == {'1': 'a'}",
        "[1, 2, 3].transformMap(i, v, v > 1, v * v) == {1: 4, 2: 9}",
    ] {
        assert_eq!(outcome(expression), "pass", "{expression}");
    }
}

#[test]
fn a_loop_of_two_variables_fails_at_the_item_that_it_read_last() {
    assert_eq!(outcome("doc.parts.all(i, part, part.ok)"), "fail at:4: this does not hold: the title of p");
    assert_eq!(outcome("doc.parts.all(part, part.ok)"), "fail at:4: this does not hold: the title of p");
    assert_eq!(
        outcome("doc.word.all(k, v, true)"),
        "unknown at:1: `a loop with two variables` does not take string in `doc.word.all(k, v, true)`, where `doc.word` is 'a'"
    );
}
