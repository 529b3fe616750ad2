//! A test run as JUnit XML, as build servers read it: a suite a file, a case a case, and a further case
//! for each gap.
//!
//! Written by hand: it takes four elements and one way to escape, which is less than a library would
//! have to be told.

use super::{line, sentence};
use crate::engine::testing::{Difference, Gap, Got, Tested, TestedCase};
use crate::report::Options;
use crate::source::{is_unsafe, plain};
use std::fmt::Write as _;
use std::io;

/// Writes the whole run.
pub fn write(tested: &Tested, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let mut suites = Vec::new();
    for group in &tested.groups {
        let cases: Vec<Case> = group.cases.iter().map(|case| of_case(&group.name, case)).collect();
        suites.push((group.name.as_str(), cases));
    }
    if !tested.allow_gaps {
        for policy in tested.policies.iter().filter(|p| !p.gaps.is_empty()) {
            let id = policy.policy.id();
            let gaps = policy.gaps.iter().map(|gap| of_gap(id, gap)).collect::<Vec<_>>();
            match suites.iter_mut().find(|(name, _)| *name == id) {
                Some((_, cases)) => cases.extend(gaps),
                None => suites.push((id, gaps)),
            }
        }
    }
    let sum = |cases: &[Case]| cases.iter().filter(|c| c.failure.is_some()).count();
    let all: usize = suites.iter().map(|(_, cases)| cases.len()).sum();
    let failed: usize = suites.iter().map(|(_, cases)| sum(cases)).sum();
    open(
        &mut xml,
        0,
        "testsuites",
        &[
            ("name", "annexa test"),
            ("tests", &all.to_string()),
            ("failures", &failed.to_string()),
            ("errors", "0"),
            ("time", "0"),
        ],
        ">",
    );
    for (name, cases) in &suites {
        let (tests, failures) = (cases.len().to_string(), sum(cases).to_string());
        open(
            &mut xml,
            1,
            "testsuite",
            &[
                ("name", name),
                ("tests", &tests),
                ("failures", &failures),
                ("errors", "0"),
                ("skipped", "0"),
                ("time", "0"),
            ],
            ">",
        );
        cases.iter().for_each(|case| case.write(&mut xml));
        xml.push_str("  </testsuite>\n");
    }
    xml.push_str("</testsuites>\n");
    out.write_all(xml.as_bytes())
}

struct Case {
    name: String,
    class: String,
    file: String,
    line: String,
    /// One line, and everything that there is to say.
    failure: Option<(String, String)>,
}

fn of_case(class: &str, case: &TestedCase) -> Case {
    let place = case.place.place();
    let failure = case.differences.first().map(|first| {
        let more = case.differences.len() - 1;
        let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
        (format!("{}{more}", sentence(first)), case.differences.iter().map(told).collect::<Vec<_>>().join("\n"))
    });
    Case {
        name: case.name.clone(),
        class: class.to_owned(),
        file: case.place.file.path().to_owned(),
        line: place.line.to_string(),
        failure,
    }
}

fn of_gap(class: &str, gap: &Gap) -> Case {
    Case {
        name: format!("gap: {}", gap.message),
        class: class.to_owned(),
        file: gap.place.file.path().to_owned(),
        line: gap.place.place().line.to_string(),
        failure: Some((gap.message.clone(), format!("{}: {}\n{}\n", line(&gap.place), gap.message, gap.help))),
    }
}

/// A difference in lines.
fn told(difference: &Difference) -> String {
    let mut text = format!("{}: {}\n", line(&difference.place), sentence(difference));
    if let Some(expected) = &difference.expected {
        for (name, wanted, fits) in expected.against(difference.got.as_ref()) {
            let _ = writeln!(text, "  expected {name}: {}{}", plain(wanted), if fits { "" } else { "  (not so)" });
        }
    }
    if let Some(got) = &difference.got {
        let at = got.at().unwrap_or_default();
        let item = got.item.as_ref().map(|i| format!(" [{i}]")).unwrap_or_default();
        let validation = got.validation.as_ref().map(|v| format!(" {v}")).unwrap_or_default();
        let Got { outcome, policy, subject, message, .. } = got;
        let line = format!("got: {outcome} of {policy} on {subject}{item}{validation} at {at}: {message}");
        let _ = writeln!(text, "  {}", plain(&line));
    }
    text
}

impl Case {
    fn write(&self, xml: &mut String) {
        let about = [
            ("name", self.name.as_str()),
            ("classname", &self.class),
            ("file", &self.file),
            ("line", &self.line),
            ("time", "0"),
        ];
        let Some((message, text)) = &self.failure else { return open(xml, 2, "testcase", &about, "/>") };
        open(xml, 2, "testcase", &about, ">");
        let start = xml.len();
        open(xml, 3, "failure", &[("message", message), ("type", "expectation")], ">");
        debug_assert!(xml[start..].ends_with('\n'));
        xml.pop();
        escape(xml, text, false);
        xml.push_str("</failure>\n    </testcase>\n");
    }
}

fn open(xml: &mut String, depth: usize, name: &str, attributes: &[(&str, &str)], end: &str) {
    for _ in 0..depth {
        xml.push_str("  ");
    }
    xml.push('<');
    xml.push_str(name);
    for (name, value) in attributes {
        let _ = write!(xml, " {name}=\"");
        escape(xml, value, true);
        xml.push('"');
    }
    xml.push_str(end);
    xml.push('\n');
}

/// Adds text of strangers: XML cannot hold control characters at all, so they are shown as U+FFFD, like
/// the marks that could act on who reads the file. In an attribute a line break would be read as a space.
fn escape(xml: &mut String, text: &str, attribute: bool) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\n' | '\t' if attribute => xml.push(' '),
            '\n' | '\t' => xml.push(c),
            '\u{FFFE}' | '\u{FFFF}' => xml.push('\u{FFFD}'),
            c if is_unsafe(c) => xml.push('\u{FFFD}'),
            c => xml.push(c),
        }
    }
}
