use crate::value::testing::{parse, place, show, shown, values};
use crate::value::{Data, NodeId, Syntax, Text, Tree};

/// The sections as `level slug: text`.
fn sections(tree: &Tree) -> Vec<String> {
    let list = tree.find(tree.roots()[0], &["sections"]).unwrap();
    let text = |section: NodeId, key: &str| tree.str_at(section, &[key]).unwrap();
    let level = |section: NodeId| show(tree, tree.get(section, "level").unwrap());
    tree.items(list)
        .iter()
        .map(|section| format!("{} {}: {:?}", level(*section), text(*section, "slug"), text(*section, "text")))
        .collect()
}

const CARD: &str = "\
---
license: mit
datasets: [a, b]
---
Before.

# Model Card for *chat*

<!-- Provide a summary. -->

## Model Details

A [small](https://example.org) model
for `triage`.

- **License:** MIT
- Owner: Ada

### Downstream Use [optional]

[More Information Needed]

Setext & more
-------------

| Id | **Owner** |
|----|-----------|
| [A1](x) | Ada \\| Bo<br>Cy |
| B2 |

```yaml
# not a heading
a: 1
```
";

#[test]
fn a_card_is_its_front_matter_and_its_sections() {
    let (tree, problems) = parse(Syntax::Markdown, CARD);
    assert_eq!(shown(&tree, &problems), Vec::<String>::new());
    assert_eq!(tree.roots().len(), 1);
    let root = tree.roots()[0];
    assert_eq!(show(&tree, tree.get(root, "datasets").unwrap()), "[\"a\", \"b\"]");
    assert_eq!(place(&tree, tree.node(tree.get(root, "license").unwrap()).span), "2:10-2:13");
    assert_eq!(place(&tree, tree.node(tree.find(root, &["datasets", "1"]).unwrap()).span), "3:15-3:16");
    assert_eq!(
        sections(&tree),
        [
            "0 preamble: \"Before.\"",
            "1 model-card-for-chat: \"\"",
            "2 model-details: \"A small model\\nfor triage.\\n\\nLicense: MIT\\nOwner: Ada\"",
            "3 downstream-use: \"[More Information Needed]\"",
            "2 setext-and-more: \"Id | Owner\\nA1 | Ada | Bo\\nCy\\nB2 | \\n\\n# not a heading\\na: 1\"",
        ]
    );
}

/// Path below `sections`, place of the value, place of the key; counted by hand.
#[test]
fn sections_have_exact_places() {
    let (tree, _) = parse(Syntax::Markdown, CARD);
    let table: &[(&[&str], &str, &str)] = &[
        (&[], "5:1-34:4", "7:1-7:24"),
        (&["0"], "5:1-5:8", "1:1-1:1"),
        (&["0", "text"], "5:1-5:8", "1:1-1:1"),
        (&["1"], "7:1-9:28", "7:1-7:24"),
        (&["1", "title"], "7:3-7:24", "7:1-7:24"),
        (&["1", "text"], "9:1-9:28", "7:1-7:24"),
        (&["1", "empty"], "7:1-7:24", "7:1-7:24"),
        (&["2", "text"], "13:1-17:13", "11:1-11:17"),
        (&["3", "title"], "19:5-19:30", "19:1-19:30"),
        (&["3", "text"], "21:1-21:26", "19:1-19:30"),
        (&["4"], "23:1-34:4", "23:1-24:14"),
        (&["4", "title"], "23:1-23:14", "23:1-24:14"),
        (&["4", "tables", "0"], "26:1-29:7", "1:1-1:1"),
        (&["4", "tables", "0", "0"], "28:1-28:30", "28:1-28:30"),
        (&["4", "tables", "0", "0", "id"], "28:3-28:10", "28:1-28:30"),
        (&["4", "tables", "0", "0", "owner"], "28:13-28:28", "28:1-28:30"),
        (&["4", "tables", "0", "1", "owner"], "29:7-29:7", "29:1-29:7"),
    ];
    for (path, value, key) in table {
        let list = tree.get(tree.roots()[0], "sections").unwrap();
        let node = tree.node(tree.find(list, path).unwrap());
        assert_eq!((place(&tree, node.span), place(&tree, node.key)), ((*value).into(), (*key).into()), "{path:?}");
    }
}

#[test]
fn tables_are_rows_keyed_by_column() {
    let (tree, _) = parse(Syntax::Markdown, CARD);
    let tables = tree.find(tree.roots()[0], &["sections", "4", "tables"]).unwrap();
    assert_eq!(show(&tree, tables), "[[{id: \"A1\", owner: \"Ada | Bo Cy\"}, {id: \"B2\", owner: \"\"}]]");

    let (tree, _) = parse(Syntax::Markdown, "| a | | a | A-2 |\n|-|-|-|-|\n| 1 | 2 | 3 | 4 |\n");
    let tables = tree.find(tree.roots()[0], &["sections", "0", "tables"]).unwrap();
    assert_eq!(show(&tree, tables), "[[{a: \"1\", column: \"2\", a-2: \"3\", a-2-2: \"4\"}]]");
}

#[test]
fn plain_paragraphs_are_not_copied() {
    let (tree, _) = parse(Syntax::Markdown, "# Use\n\nFor triage.\nOnly.\n\n# Other\n\nFor *triage*.\n");
    let text = |index: &str| tree.data(tree.find(tree.roots()[0], &["sections", index, "text"]).unwrap());
    assert!(matches!(text("0"), Data::Text(Text::Slice(_))));
    assert!(matches!(text("1"), Data::Text(Text::Owned(_))));
}

/// Document -> sections.
#[test]
fn what_counts_as_section_and_text() {
    let table: &[(&str, &[&str])] = &[
        ("", &[]),
        ("\n\n", &[]),
        ("text only", &["0 preamble: \"text only\""]),
        ("<!-- only a comment -->\n", &[]),
        ("# 1.2 Intended use\n<!-- a\n\nb -->\n", &["1 intended-use: \"\""]),
        ("# A\n# B\ntext\n", &["1 a: \"\"", "1 b: \"text\""]),
        ("# A\n<!-- never closed\n# B\n", &["1 a: \"\""]),
        ("```\n# code\n```\n", &["0 preamble: \"# code\""]),
        ("> # quoted\n", &["0 preamble: \"quoted\""]),
        ("- # listed\n\n  more\n", &["0 preamble: \"listed\\n\\nmore\""]),
        ("# A {#anchor}\nx <!-- c --> y<br>z\n", &["1 a: \"x  y\\nz\""]),
        ("#\ntext\n", &["1 : \"text\""]),
        ("# A\n\n<p>For <b>triage</b>.</p>\n", &["1 a: \"For triage.\""]),
        ("# A\n\n- [ ] open\n- [x] done\n  - deep\n", &["1 a: \"[ ] open\\n[x] done\\ndeep\""]),
        ("# A\n\n1. one\n\n   two\n2. three\n", &["1 a: \"one\\n\\ntwo\\n\\nthree\""]),
        ("# A\n\n![alt](u)\n", &["1 a: \"alt\""]),
        ("# A\n\n***\n", &["1 a: \"\""]),
    ];
    for (document, expected) in table {
        let (tree, problems) = parse(Syntax::Markdown, document);
        assert_eq!(sections(&tree), *expected, "{document:?}");
        assert!(problems.is_empty(), "{document:?}");
    }
}

#[test]
fn an_empty_section_is_marked_and_placed_at_its_heading() {
    let (tree, _) = parse(Syntax::Markdown, "# Use\n\n\n## Next\n\ntext\n");
    let at = |path: &[&str]| tree.find(tree.roots()[0], path).unwrap();
    assert_eq!(show(&tree, at(&["sections", "0", "empty"])), "true");
    assert_eq!(show(&tree, at(&["sections", "1", "empty"])), "false");
    assert_eq!(place(&tree, tree.node(at(&["sections", "0", "text"])).span), "1:6-1:6");
    assert_eq!(place(&tree, tree.node(at(&["sections", "0"])).span), "1:1-1:6");
}

#[test]
fn line_ends_change_nothing_but_offsets() {
    let (unix, _) = parse(Syntax::Markdown, CARD);
    let (windows, problems) = parse(Syntax::Markdown, &CARD.replace('\n', "\r\n"));
    let (marked, _) = parse(Syntax::Markdown, &format!("\u{FEFF}{CARD}"));
    assert!(problems.is_empty());
    assert_eq!(values(&windows), values(&unix));
    assert_eq!(values(&marked), values(&unix));
    let places = |tree: &Tree| -> Vec<String> {
        (0..tree.len())
            .map(|index| tree.node(NodeId(index as u32)))
            .map(|node| place(tree, node.span) + &place(tree, node.key))
            .collect()
    };
    assert_eq!(places(&windows), places(&unix));
    assert_eq!(places(&marked), places(&unix));
}

/// Document -> problems, records.
#[test]
fn front_matter_that_cannot_be_read_leaves_the_body() {
    let table: &[(&str, &[&str], &str)] = &[
        ("---\nlicense: mit\n\n# Use\n", &["front-matter-not-closed 1:1-1:4"], "use"),
        ("---\na: [1\n---\n# Use\n", &["yaml-syntax 2:4-2:5 < 2:1-2:2"], "use"),
        ("---\n- a\n---\n# Use\n", &["front-matter-is-no-map 2:1-2:4"], "use"),
        ("---\n# comment\n---\n# Use\n", &[], "use"),
        ("---\na: 1\na: 2\n---\n# Use\n", &["duplicate-key 3:1-3:2 < 2:1-2:2"], "use"),
    ];
    for (document, expected, last) in table {
        let (tree, problems) = parse(Syntax::Markdown, document);
        assert_eq!(shown(&tree, &problems), *expected, "{document:?}");
        let list = tree.find(tree.roots()[0], &["sections"]).unwrap();
        assert_eq!(tree.str_at(*tree.items(list).last().unwrap(), &["slug"]), Some(*last), "{document:?}");
    }
}

#[test]
fn sections_of_the_front_matter_are_kept() {
    let (tree, _) = parse(Syntax::Markdown, "---\nsections: mine\n---\n# Use\n");
    let root = tree.roots()[0];
    assert_eq!(tree.str_at(root, &["sections"]), Some("mine"));
    assert_eq!(tree.str_at(root, &["x-sections", "0", "slug"]), Some("use"));
}

#[test]
fn fenced_blocks_with_a_kind_are_records() {
    let document = "\
---
defaults: &d {a: 1}
---
# Systems

```yaml
kind: ai-system
id: one
```

- in a list

  ```yml
  # second
  kind: ai-system
  id: two
  # third
  note: x
  ```

```json
{\"kind\": \"ai-system\", \"id\": \"three\"}
```

```yaml
metadata:
  kind: nested
```

> ```yaml
> kind: quoted
> ```

```
kind: no language
```

```yaml
kind: [
```
";
    let (tree, problems) = parse(Syntax::Markdown, document);
    let ids: Vec<Option<&str>> = tree.roots().iter().map(|root| tree.str_at(*root, &["id"])).collect();
    assert_eq!(ids, [None, Some("one"), Some("two"), Some("three")]);
    assert_eq!(place(&tree, tree.node(tree.find(tree.roots()[1], &["id"]).unwrap()).span), "8:5-8:8");
    assert_eq!(place(&tree, tree.node(tree.find(tree.roots()[2], &["id"]).unwrap()).span), "16:7-16:10");
    assert_eq!(place(&tree, tree.node(tree.find(tree.roots()[3], &["id"]).unwrap()).span), "22:29-22:36");
    assert_eq!(shown(&tree, &problems), ["yaml-syntax 39:7-39:8 < 39:1-39:5"]);
}
