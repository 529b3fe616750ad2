//! Expressions made to hang or crash an evaluator or to fill the memory, with the documents that they
//! are for. `benches/hostile.rs` measures the same ones.

/// How an expression ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// The policy is not loaded; the message holds this text.
    Refused(&'static str),
    /// The outcome is `unknown` because the steps run out.
    Steps,
    /// The outcome is `unknown` for another reason; the message holds this text.
    Unknown(&'static str),
}

/// An expression and the document it is for.
pub struct Case {
    /// What it attacks.
    pub name: &'static str,
    /// The text of the document.
    pub document: &'static str,
    /// The expression.
    pub text: String,
    /// How it ends.
    pub end: End,
}

/// A document without much in it.
pub const SMALL: &str = "small";

/// A document of 5,000 items and two equal texts of 400 KB.
pub const LARGE: &str = "large";

/// A document whose keys are as long as 300 KB.
pub const KEYS: &str = "keys";

/// The text of a document.
pub fn document(name: &str) -> String {
    let long = "k".repeat(300_000);
    match name {
        SMALL => "size: 1\nword: w\nmap: {a: 1, b: 2}\n".to_owned(),
        LARGE => {
            let items: String = (0..5_000).map(|i| format!("  - {i}\n")).collect();
            let (text, words) = ("x".repeat(400_000), "some words of a text ".repeat(5_000));
            format!("items:\n{items}text: {text}\ntext2: {text}\nwords: {words}\n")
        }
        _ => format!("word: w\n? {long}\n: [1{}]\n", ", 1".repeat(5_000)),
    }
}

/// All of them.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name, document, end, text: &str| cases.push(Case { name, document, text: text.to_owned(), end });
    let nested = |open: &str, inner: &str, close: &str, levels: usize| {
        format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
    };

    // Texts that are no programs.
    let deep = End::Refused("levels deep");
    add("brackets, round", SMALL, deep, &nested("(", "true", ")", 1_900));
    add("brackets, square", SMALL, deep, &nested("[", "1", "]", 1_900));
    add("brackets, curly", SMALL, deep, &nested("{1:", "1", "}", 900));
    add("brackets of calls", SMALL, deep, &nested("size(", "1", ")", 600));
    add("brackets without end", SMALL, deep, &"[".repeat(4_000));
    add("brackets of all kinds", SMALL, deep, &"([{".repeat(1_300));
    add("brackets, 96 levels, unclosed", SMALL, End::Refused("is not closed"), &"(a[".repeat(48));
    add("signs", SMALL, deep, &format!("{}true", "!".repeat(4_000)));
    add("minus signs", SMALL, deep, &format!("{}size", "-".repeat(4_000)));
    add("sum of many", SMALL, deep, &format!("1{} == 1", "+1".repeat(2_000)));
    add("fields of fields", SMALL, deep, &format!("doc{}", ".a".repeat(2_000)));
    add("indexes of indexes", SMALL, deep, &format!("doc{}", "[0]".repeat(1_300)));
    add("choices in choices", SMALL, deep, &format!("{}true", "true?true:".repeat(400)));
    add("methods of methods", SMALL, deep, &format!("doc.word{}", ".trim()".repeat(550)));
    add("macros in macros", SMALL, deep, &nested("[1].map(x,", "x", ")", 90));
    add("many parts", SMALL, End::Refused("more than 2000 parts"), &format!("[{}].size() > 0", "1,".repeat(2_030)));
    add("4,097 bytes", SMALL, End::Refused("4097 bytes"), &format!("true{}", " ".repeat(4_093)));
    add("a megabyte", SMALL, End::Refused("1000000 bytes"), &"a".repeat(1_000_000));
    add("a name of 4 KB", SMALL, End::Refused("nothing is called"), &"a".repeat(4_000));
    add("a function of 4 KB", SMALL, End::Refused("there is no function"), &format!("{}()", "f".repeat(4_000)));
    add("many names", SMALL, End::Refused("nothing is called"), &format!("x{}", "||x".repeat(600)));
    add("characters that turn the text", SMALL, End::Refused("cannot be seen"), "true \u{202e}&& false");
    add("blanks that are none", SMALL, End::Refused("cannot be seen"), "doc.size\u{a0}==\u{a0}1.0");
    add("a text without end", SMALL, End::Refused("has no closing"), &format!("'{}", "\\'".repeat(1_900)));
    add("escapes without end", SMALL, End::Refused("has no closing"), &format!("'''{}", "\\".repeat(2_000)));
    add("a number of 4 KB", SMALL, End::Refused("too large"), &"9".repeat(4_000));
    add("a number beyond all", SMALL, End::Refused("too large"), "1e99999999999999999999 > 0.0");
    add("messages", SMALL, End::Refused("there is no message type"), "google.protobuf.Struct{} == {}");

    // Loops.
    let eight = nested("lists.range(10).all(x, ", "true", ")", 8);
    add("loops in loops", SMALL, End::Steps, &eight);
    add("an error that `||` absorbs", SMALL, End::Steps, &format!("{eight} || true"));
    add("an error that `&&` absorbs", SMALL, End::Steps, &format!("!({eight} && false)"));
    add("loops of two variables", SMALL, End::Steps, &nested("lists.range(10).all(i, v, ", "i == v", ")", 8));
    add(
        "maps of maps",
        SMALL,
        End::Steps,
        &format!("{}.size() > 0", nested("lists.range(30).transformMap(i, v, ", "v", ")", 5)),
    );
    add(
        "entries of entries",
        SMALL,
        End::Steps,
        &format!("{}.size() > 0", nested("lists.range(60).transformMapEntry(i, v, {i: ", "v", "})", 4)),
    );
    add(
        "the same key again and again",
        SMALL,
        End::Unknown("the same key"),
        "lists.range(5000).transformMapEntry(i, v, {'k': v}).size() > 0",
    );
    add("a map with a key twice", SMALL, End::Unknown("two entries have the key `a`"), "{'a': 1, 'a': 2}.size() > 0");
    add(
        "a key twice, of two types",
        SMALL,
        End::Unknown("two entries"),
        "[1].transformMapEntry(i, v, {1: v, 1u: v}).size() > 0",
    );
    add("a large body", SMALL, End::Steps, &format!("lists.range(100000).all(x, 0{} == 180)", " + 1".repeat(180)));
    add(
        "a body of reads",
        SMALL,
        End::Steps,
        &format!("lists.range(100000).all(x, doc.size{} == 181.0)", " + doc.size".repeat(180)),
    );
    add("map in map", SMALL, End::Steps, "lists.range(100000).map(x, lists.range(100000).map(y, y)).size() > 0");
    add(
        "exists in filter",
        SMALL,
        End::Steps,
        "lists.range(100000).filter(x, lists.range(100000).exists(y, y < 0)).size() == 0",
    );
    add(
        "sorts in a loop",
        SMALL,
        End::Steps,
        "lists.range(100000).all(i, lists.range(10000).sortBy(x, -x)[0] == 9999)",
    );
    add(
        "ranges that nothing walks over",
        SMALL,
        End::Steps,
        "lists.range(100000).all(i, lists.range(100000).size() > 0)",
    );
    add("ranges that are of no use", SMALL, End::Steps, "lists.range(100000).all(i, lists.range(10000).none)");
    add("pairs", SMALL, End::Steps, "pairs(lists.range(10000)).size() > 0");
    add("pairs of pairs", SMALL, End::Steps, "pairs(pairs(lists.range(200))).size() > 0");
    add("distinct maps", SMALL, End::Steps, "lists.range(100000).map(x, {'k': x}).distinct().size() > 0");
    add("distinct numbers", SMALL, End::Steps, "lists.range(20000).distinct().size() > 0");
    add("patterns of paths", SMALL, End::Steps, "lists.range(100000).all(i, glob('**/*' + string(i)).size() == 0)");
    add("files", SMALL, End::Steps, "lists.range(100000).all(i, !file('no/such/' + string(i)).exists)");
    add(
        "regular expressions",
        SMALL,
        End::Steps,
        "lists.range(100000).all(i, !doc.word.matches('(a{1,90}){1,9}' + string(i)))",
    );
    add(
        "a broken regular expression",
        SMALL,
        End::Steps,
        "lists.range(100000).exists(i, doc.word.matches('(((a{1,99}){1,99}){1,99}){1,99}'))",
    );
    add(
        "comparisons of maps",
        SMALL,
        End::Steps,
        "lists.range(100000).all(i, {'a': i, 'b': doc.map, 'c': [i]} == {'c': [i], 'b': doc.map, 'a': i})",
    );

    // Values that grow.
    add(
        "texts of texts",
        SMALL,
        End::Steps,
        &format!("['aaaaaaaaaa']{}.size() > 0", ".map(x, x+x+x+x+x+x+x+x+x+x)".repeat(10)),
    );
    add("lists of lists", SMALL, End::Steps, &format!("[1]{}.size() > 0", ".map(x, [x,x,x,x,x,x,x,x,x,x])".repeat(10)));
    add(
        "maps in maps",
        SMALL,
        End::Steps,
        &format!("[1]{}.size() > 0", ".map(x, {'a':x,'b':x,'c':x,'d':x,'e':x})".repeat(14)),
    );
    add("sums of lists", SMALL, End::Steps, &format!("[[1]]{}.size() > 0", ".map(x, x+x+x+x+x+x+x+x+x+x)".repeat(10)));
    add("replace", SMALL, End::Steps, &format!("'a'{} != ''", ".replace('a', 'aaaaaaaaaa')".repeat(9)));
    add(
        "join",
        SMALL,
        End::Steps,
        &format!("[['a','a','a']]{}.size() > 0", ".map(x, [x.join('a'), x.join('a'), x.join('a')])".repeat(20)),
    );
    add(
        "format",
        SMALL,
        End::Steps,
        &format!("['a']{}.size() > 0", ".map(x, '%s%s%s%s%s%s%s%s'.format([x,x,x,x,x,x,x,x]))".repeat(12)),
    );
    let bound = (1..30).map(|i| format!("cel.bind(x{i}, x{0}+x{0}+x{0}+x{0}, ", i - 1)).collect::<String>();
    add(
        "names of doubled texts",
        SMALL,
        End::Steps,
        &format!("cel.bind(x0, 'aaaa', {bound}x29 != ''{})", ")".repeat(29)),
    );
    let bound = (1..30).map(|i| format!("cel.bind(x{i}, [x{0},x{0},x{0},x{0}], ", i - 1)).collect::<String>();
    add(
        "names of doubled lists",
        SMALL,
        End::Steps,
        &format!("cel.bind(x0, [1], {bound}x29.size() > 0{})", ")".repeat(29)),
    );
    let mapped = ".optMap(x, x + x + x + x)".repeat(30);
    add("optionals", SMALL, End::Steps, &format!("optional.of('aaaa'){mapped}.hasValue()"));
    add("a long range", SMALL, End::Unknown(""), "lists.range(10000000).size() > 0");
    add("a range beyond all", SMALL, End::Unknown(""), "lists.range(9223372036854775807).size() > 0");
    add("many digits", SMALL, End::Unknown(""), "'%.1000000000f'.format([1.0]) != ''");
    add(
        "a sum beyond the largest number",
        SMALL,
        End::Unknown("beyond what its type holds"),
        "9223372036854775807 + 1 > 0",
    );
    add(
        "a time beyond all",
        SMALL,
        End::Unknown(""),
        "timestamp('9999-12-31T23:59:59Z') + duration('999999999s') > now",
    );

    // Large documents, and expressions that look cheap.
    for (name, call) in [
        ("doc.items.map(i, doc.text)", "doc.items.map(i, doc.text).size() > 0"),
        ("[doc.text].size() > 0", "=[doc.text].size() > 0"),
        ("{'a': doc.text}.size() > 0", "={'a': doc.text}.size() > 0"),
        ("doc.?text.hasValue()", "=doc.?text.hasValue()"),
        ("doc[?'text'].hasValue()", "=doc[?'text'].hasValue()"),
        ("optional.of(doc.text).hasValue()", "=optional.of(doc.text).hasValue()"),
        ("(doc.items + doc.items).size() > 0", "=(doc.items + doc.items).size() > 0"),
        ("doc.text + doc.text != ''", "=doc.text + doc.text != ''"),
        ("[doc.text].all(t, true)", "=[doc.text].all(t, true)"),
        ("string(doc.text) != ''", "=string(doc.text) != ''"),
        ("bytes(doc.text).size() > 0", "=bytes(doc.text).size() > 0"),
        ("doc.items == doc.items", "=doc.items == doc.items"),
        ("doc.items in [doc.items]", "=doc.items in [doc.items]"),
        ("doc.text == doc.text2", "=doc.text == doc.text2"),
        ("doc.text <= doc.text2", "=doc.text <= doc.text2"),
        ("!(doc.text2 in doc.items)", "=!(doc.text2 in doc.items)"),
        ("doc.text.size() > 0", "=doc.text.size() > 0"),
        ("!doc.text.contains('y')", "=!doc.text.contains('y')"),
        ("!doc.text.startsWith(doc.text2 + 'y')", "=!doc.text.startsWith(doc.text2 + 'y')"),
        ("doc.text.indexOf('y') < 0", "=doc.text.indexOf('y') < 0"),
        ("doc.text.charAt(390000) == 'x'", "=doc.text.charAt(390000) == 'x'"),
        ("doc.text.substring(5) != ''", "=doc.text.substring(5) != ''"),
        ("doc.text.trim() != ''", "=doc.text.trim() != ''"),
        ("doc.text.lowerAscii() != ''", "=doc.text.lowerAscii() != ''"),
        ("doc.text.split('y').size() > 0", "=doc.text.split('y').size() > 0"),
        ("'%s'.format([doc.text]) != ''", "='%s'.format([doc.text]) != ''"),
        ("strings.quote(doc.text) != ''", "=strings.quote(doc.text) != ''"),
        ("base64.encode(bytes(doc.text)) != ''", "=base64.encode(bytes(doc.text)) != ''"),
        ("!doc.text.matches('(x+)+y')", "=!doc.text.matches('(x+)+y')"),
        ("doc.items.slice(0, 1).size() == 1", "=doc.items.slice(0, 1).size() == 1"),
        ("doc.items.reverse().size() > 0", "=doc.items.reverse().size() > 0"),
        ("doc.items.sort().size() > 0", "=doc.items.sort().size() > 0"),
        ("doc.text.split('').size() > 0", "=doc.text.split('').size() > 0"),
        ("!placeholder(doc.words)", "=!placeholder(doc.words)"),
        ("informative(doc.words, 1)", "=informative(doc.words, 1)"),
        ("similarity(doc.text, doc.text2) > 0.0", "=similarity(doc.text, doc.text2) > 0.0"),
        ("lookup(doc.items, 'id', 'x').size() == 0", "=lookup(doc.items, 'id', 'x').size() == 0"),
        ("leaves(doc.items).size() > 0", "=leaves(doc.items).size() > 0"),
        ("!newest(doc.items, 'x').hasValue()", "=!newest(doc.items, 'x').hasValue()"),
        ("text_of(doc) != ''", "=text_of(doc) != ''"),
        ("!file(doc.text).exists", "=!file(doc.text).exists"),
        ("size(cel.bind(t, doc.text, t + t)) > 0", "=size(cel.bind(t, doc.text, t + t)) > 0"),
        ("doc.items.all(k, v, k >= 0)", "=doc.items.all(k, v, k >= 0)"),
        ("similarity(doc.words, doc.words) > 0.0", "=similarity(doc.words, doc.words) > 0.0"),
        ("words(doc.words).size() > 0", "=words(doc.words).size() > 0"),
        ("pairs(doc.items).size() > 0", "=pairs(doc.items).size() > 0"),
        ("doc.items.sortBy(x, x).size() > 0", "=doc.items.sortBy(x, x).size() > 0"),
        ("doc.items.distinct().size() > 0", "=doc.items.distinct().size() > 0"),
    ] {
        let text = match call.strip_prefix('=') {
            Some(body) => format!("doc.items.all(i, {body})"),
            None => call.to_owned(),
        };
        add(name, LARGE, End::Steps, &text);
    }
    add("flatten", LARGE, End::Steps, "lists.range(3000).map(i, doc.items).flatten().size() > 0");
    add("leaves of long keys", KEYS, End::Steps, "leaves(doc).size() > 0");
    cases
}
