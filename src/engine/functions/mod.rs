//! The project's own CEL functions: one row each. Adding a function is adding a row; help texts,
//! the check of names and the documentation come from here.

mod controls;
mod documents;
mod lists;
mod text;
mod time;

pub use text::{is_placeholder, similarity};

use super::cel::Value;

/// One function.
pub struct Function {
    /// The name in expressions.
    pub name: &'static str,
    /// Parameters and result, as in `age(timestamp) -> duration`.
    pub signature: &'static str,
    /// What it gives, in one or two sentences.
    pub help: &'static str,
    /// An expression that is true; run by the tests.
    pub example: &'static str,
    /// The function itself. Its error is shown after the function's name.
    pub call: fn(&[Value]) -> Result<Value, String>,
}

impl Function {
    /// The number of parameters.
    pub fn arity(&self) -> usize {
        let inside = self.signature.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |p| p.0);
        if inside.trim().is_empty() { 0 } else { inside.split(',').count() }
    }
}

/// All functions, by name.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "about_control",
        signature: "about_control(string) -> map",
        help: "What an id is: {kind, message, help}. `kind` is `control`, `own` (another prefix, such as `X-1`), `group`, `objective`, `guidance`, `clause`, `other-numbering` or `unknown`; message and help say what is wrong with an id that is no control, and are empty otherwise.",
        example: "about_control('A 7.2').kind == 'control' && about_control('X-1').kind == 'own' && about_control('A.6.1').kind == 'group'",
        call: controls::about_control,
    },
    Function {
        name: "age",
        signature: "age(timestamp) -> duration",
        help: "How long ago a moment was on the day of the run; negative for a moment to come.",
        example: "age(today - days(3)) >= days(3)",
        call: time::age,
    },
    Function {
        name: "annex_a",
        signature: "annex_a() -> list(string)",
        help: "The ids of the 38 Annex A controls in their order.",
        example: "annex_a().size() == 38 && annex_a()[0] == 'A.2.2'",
        call: controls::annex_a,
    },
    Function {
        name: "control_id",
        signature: "control_id(string) -> string",
        help: "The id of an Annex A control however it is spelled; empty for anything that is no control (groups and objectives too).",
        example: "control_id('ISO 42001 A 7.2') == 'A.7.2' && control_id('A.6.1') == ''",
        call: controls::control_id,
    },
    Function {
        name: "control_title",
        signature: "control_title(string) -> string",
        help: "The short title of an Annex A control; empty for anything else.",
        example: "control_title('A.10.3') == 'Suppliers'",
        call: controls::control_title,
    },
    Function {
        name: "date",
        signature: "date(string) -> timestamp",
        help: "Reads a date (`2026-09-01`) or a time (`2026-09-01T12:00:00Z`). Anything else is an error.",
        example: "date('2026-09-01') < date('2026-09-01T12:00:00Z')",
        call: time::date,
    },
    Function {
        name: "days",
        signature: "days(int) -> duration",
        help: "So many days.",
        example: "date('2026-03-01') - days(1) == date('2026-02-28')",
        call: time::days,
    },
    Function {
        name: "document_path",
        signature: "document_path(dyn) -> string",
        help: "The path of the file that a document or a part of one stands in; empty for values that expressions made.",
        example: "document_path({}) == ''",
        call: documents::document_path,
    },
    Function {
        name: "file",
        signature: "file(string) -> map",
        help: "Looks a path up: {path, exists, empty}. First from the root of the repository, then from the folder of the document that is judged. Never leaves the repository, never opens URLs.",
        example: "file('no/such/file').exists == false",
        call: documents::file,
    },
    Function {
        name: "glob",
        signature: "glob(string) -> list(string)",
        help: "The paths of the repository that match a pattern such as `tests/**/*.py`, sorted.",
        example: "glob('no/such/**') == []",
        call: documents::glob,
    },
    Function {
        name: "informative",
        signature: "informative(string, int) -> bool",
        help: "Whether a text has at least so many different words that carry meaning: no stop words, no placeholders.",
        example: "informative('Used for internal log search alone', 3) && !informative('not applicable', 3)",
        call: text::informative,
    },
    Function {
        name: "is_number",
        signature: "is_number(dyn) -> bool",
        help: "Whether a value is a finite number; a text such as `< 0.10` is none, nor is NaN.",
        example: "is_number(0.5) && is_number(3) && !is_number('< 0.10')",
        call: lists::is_number,
    },
    Function {
        name: "leaves",
        signature: "leaves(dyn) -> list(map)",
        help: "Every scalar below a node in order: {path: 'rules.0.max_age', key: 'max_age', value, parent}; `parent` is the map or list of the document that holds it.",
        example: "leaves({'rules': [{'max_age': 60}]})[0].path == 'rules.0.max_age'",
        call: lists::leaves,
    },
    Function {
        name: "leaves_like",
        signature: "leaves_like(dyn, string) -> list(map)",
        help: "Those of `leaves` whose path or text matches a regular expression; for files with more values than an expression can look at one by one.",
        example: "leaves_like({'rules': [{'max_age': 60, 'pages': 3, 'then': 'no'}]}, '_age$|^no$').map(l, l.key) == ['max_age', 'then']",
        call: lists::leaves_like,
    },
    Function {
        name: "lookup",
        signature: "lookup(list, string, dyn) -> list",
        help: "The items whose field (a path such as `dataset.id`) equals a value, or is a list that holds it. Indexed for the lists of documents, so that joins stay fast.",
        example: "lookup([{'id': 'a'}, {'id': 'b'}], 'id', 'b').size() == 1 && lookup([{'data': ['a', 'b']}], 'data', 'b').size() == 1",
        call: documents::lookup,
    },
    Function {
        name: "newest",
        signature: "newest(list, string) -> optional",
        help: "The item with the latest time in a field; nothing when no item has one.",
        example: "newest([{'on': date('2026-01-01')}, {'on': date('2026-02-01')}], 'on').value().on == date('2026-02-01')",
        call: documents::newest,
    },
    Function {
        name: "of_system",
        signature: "of_system(list, string) -> list",
        help: "The documents of a list that belong to an AI system, as `system_id` tells it; for an empty id those of none. Indexed for the lists of documents.",
        example: "of_system([{'system': 'a'}, {'system': 'b'}], 'b').size() == 1",
        call: documents::of_system,
    },
    Function {
        name: "pairs",
        signature: "pairs(list) -> list(list)",
        help: "Every pair of two different items, in order.",
        example: "pairs(['sex', 'age', 'origin']).size() == 3",
        call: lists::pairs,
    },
    Function {
        name: "placeholder",
        signature: "placeholder(string) -> bool",
        help: "Whether a text says nothing yet: empty, TODO, `[More Information Needed]`, `<your name>`, `{{ name }}` and the like.",
        example: "placeholder('TODO') && placeholder('') && !placeholder('Ranks applicants for a recruiter.')",
        call: text::placeholder,
    },
    Function {
        name: "similarity",
        signature: "similarity(string, string) -> double",
        help: "How alike two texts are, from 0.0 to 1.0: the share of three-word sequences that they have in common.",
        example: "similarity('one two three four', 'one two three four') == 1.0",
        call: text::similarity_row,
    },
    Function {
        name: "system_id",
        signature: "system_id(dyn) -> string",
        help: "The AI system that a document belongs to: the one it names in `system`, else the nearest register entry upwards, else the only one. Empty where there is none.",
        example: "system_id({'system': 'screening'}) == 'screening'",
        call: documents::system_id,
    },
    Function {
        name: "text_of",
        signature: "text_of(dyn) -> string",
        help: "All text below a node, joined by line breaks; dates and numbers are left out.",
        example: "text_of({'a': ['one', 2, 'three']}) == 'one\\nthree'",
        call: text::text_of,
    },
    Function {
        name: "words",
        signature: "words(string) -> list(string)",
        help: "The words of a text or an identifier in small letters: split at everything but letters and digits, between letters and digits, and at the capitals of camelCase.",
        example: "words('rules.0.maxAge') == ['rules', '0', 'max', 'age']",
        call: text::words_row,
    },
];

/// What a function is told instead of the type it wanted.
fn wanted(want: &str, got: &Value) -> String {
    format!("{want} was wanted where {} is", got.type_name())
}

fn text_argument(value: &Value) -> Result<&str, String> {
    value.as_text().ok_or_else(|| wanted("text", value))
}

fn list_argument(value: &Value) -> Result<Vec<Value>, String> {
    value.items().ok_or_else(|| wanted("a list", value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cel::{Bindings, Lendable, Lent, Program, Scope, traced};
    use crate::engine::deep;

    /// The clock of the examples.
    struct Clock(Box<dyn Lendable>);

    impl Bindings for Clock {
        fn bind<'b>(&'b self, name: &str) -> Option<Lent<'b, 'b>> {
            (name == "today").then(|| Lent::Borrowed(self.0.as_ref()))
        }
    }

    #[test]
    fn every_function_does_what_its_example_says() {
        deep(|| {
            for function in FUNCTIONS {
                let program = Program::compile(function.example, &|_| Ok(()));
                let program = program.unwrap_or_else(|e| panic!("{}: {e:?}", function.name));
                let clock = Clock(Value::Time(0).into_val());
                let (value, _) = traced(|| Scope::new(&clock, &[]).evaluate(&program));
                assert!(matches!(value, Ok(Value::Bool(true))), "{}: {value:?}", function.name);
            }
        });
    }

    #[test]
    fn the_table_is_sorted_and_each_signature_is_the_function() {
        for pair in FUNCTIONS.windows(2) {
            assert!(pair[0].name < pair[1].name, "{} comes before {}", pair[1].name, pair[0].name);
        }
        for function in FUNCTIONS {
            assert!(function.signature.starts_with(&format!("{}(", function.name)), "{}", function.signature);
            assert!(function.signature.contains(") -> "), "{}", function.signature);
        }
    }
}
