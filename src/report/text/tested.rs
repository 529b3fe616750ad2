//! A test run for people: a line a policy, then what is not as expected, what cases leave out, and what
//! it came to.

use super::excerpt::{self, Mark};
use super::page::{Page, shown, wrap};
use crate::engine::cel::BUDGET;
use crate::engine::testing::{Difference, Gap, Got, PolicyTested, TestVerdict, Tested, TestedCase, TestedGroup};
use crate::finding::Spot;
use crate::report::tested::{line, sentence};
use crate::report::{Options, words::count};
use owo_colors::{OwoColorize, Style};
use std::io;

/// Names of columns of a comparison are so wide.
const NAME: usize = 12;

/// Writes the whole run.
pub fn write(tested: &Tested, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let page = &mut Page::new(out, options);
    if !options.quiet {
        overview(page, tested)?;
    }
    if tested.policies.iter().any(|p| p.cost.is_some()) {
        costs(page, tested)?;
    }
    for group in &tested.groups {
        for case in group.cases.iter().filter(|c| !c.differences.is_empty()) {
            failing(page, group, case)?;
        }
    }
    for policy in &tested.policies {
        for gap in &policy.gaps {
            one_gap(page, policy, gap, tested.allow_gaps)?;
        }
    }
    closing(page, tested)
}

fn overview(page: &mut Page, tested: &Tested) -> io::Result<()> {
    let width = tested.groups.iter().map(|g| shown(&g.name).chars().count()).max().unwrap_or(0).min(60);
    for group in &tested.groups {
        let failing = group.cases.iter().filter(|c| !c.differences.is_empty()).count();
        let policy = tested.policies.iter().find(|p| p.policy.id() == group.name);
        let gaps = policy.map_or(0, |p| p.gaps.len());
        let mut said = count(group.cases.len(), "case", "cases");
        let from_suites = policy.map_or(0, |p| p.cases.saturating_sub(group.cases.len()));
        if from_suites > 0 {
            said += &format!(", {from_suites} more in suites");
        }
        if let Some(changes) = policy.and_then(|p| p.changes) {
            said += &format!(", {}", count(changes, "change", "changes"));
        }
        if failing > 0 {
            said += &format!(", {failing} not as expected");
        }
        if gaps > 0 {
            said += &format!(", {}", count(gaps, "gap", "gaps"));
        }
        let (word, style) = match (failing, gaps) {
            (0, 0) => ("ok", page.styles.dim),
            (0, _) => ("gap", page.styles.warning),
            _ => ("fail", page.styles.error),
        };
        let name = shown(&group.name);
        if page.options.plain {
            page.line(format_args!("{word}: {name}: {said}"))?;
        } else {
            page.line(format_args!("{:4}  {name:width$}  {said}", word.style(style)))?;
        }
    }
    page.blank()
}

fn costs(page: &mut Page, tested: &Tested) -> io::Result<()> {
    page.heading("Steps")?;
    for policy in &tested.policies {
        let Some(cost) = &policy.cost else { continue };
        let (largest, sum) = (grouped(cost.whole.largest), grouped(cost.whole.sum));
        let budget = grouped(BUDGET.unsigned_abs());
        page.line(format_args!(
            "{}: at most {largest} of {budget} steps an evaluation, {sum} over {}",
            policy.policy.id(),
            count(usize::try_from(cost.whole.evaluations).unwrap_or(usize::MAX), "evaluation", "evaluations"),
        ))?;
        let width = cost.parts.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, spent) in &cost.parts {
            let (largest, sum) = (grouped(spent.largest), grouped(spent.sum));
            let times = spent.evaluations;
            if page.options.plain {
                page.line(format_args!("{name}: at most {largest}, {sum} over {times}"))?;
            } else {
                page.line(format_args!("  {name:width$}  {largest:>8}  {sum:>10} over {times}"))?;
            }
        }
    }
    page.blank()
}

/// `12,345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn failing(page: &mut Page, group: &TestedGroup, case: &TestedCase) -> io::Result<()> {
    for difference in &case.differences {
        let lead = format!("not as expected[{}]: ", shown(&group.name));
        let (error, heading) = (page.styles.error, page.styles.heading);
        page.styled(0, &lead, error, &sentence(difference), heading)?;
        place(page, &difference.place, error)?;
        page.paragraph(2, "case  ", page.styles.dim, &case.name)?;
        compared(page, difference)?;
        if let Some(spot) = difference.got.as_ref().and_then(|got| got.spot.as_ref()) {
            page.paragraph(2, "", Style::new(), "In the files of the case:")?;
            place(page, spot, page.styles.link)?;
        }
        page.blank()?;
    }
    Ok(())
}

/// What was expected beside what there is.
fn compared(page: &mut Page, difference: &Difference) -> io::Result<()> {
    let expected = difference.expected.as_ref();
    let got = difference.got.as_ref();
    if got.is_none() && expected.is_none() {
        return Ok(());
    }
    let wanted = expected.map(|e| e.against(got)).unwrap_or_default();
    let at = got.and_then(Got::at);
    let value = |name: &str| -> Option<&str> {
        let got = got?;
        match name {
            "outcome" => Some(got.outcome),
            "policy" => Some(&got.policy),
            "subject" => Some(&got.subject),
            "item" => got.item.as_deref(),
            "validation" => got.validation.as_deref(),
            "message" => Some(&got.message),
            _ => at.as_deref(),
        }
    };
    let half = page.width.saturating_sub(2 + NAME + 2) / 2;
    if !page.options.plain {
        let dim = page.styles.dim;
        let (first, second) = ("expected", "got");
        page.line(format_args!("  {:NAME$}{}{}", "", format!("{first:half$}").style(dim), second.style(dim)))?;
    }
    for name in ["outcome", "policy", "subject", "item", "validation", "message", "at"] {
        let row = wanted.iter().find(|(n, ..)| *n == name);
        let (left, right) = (row.map_or("", |(_, text, _)| *text), value(name).unwrap_or(""));
        if left.is_empty() && right.is_empty() {
            continue;
        }
        let odd = row.is_some_and(|(_, _, fits)| !fits);
        let (left, right) = (shown(left), shown(right));
        if page.options.plain {
            let word = if odd {
                "differs"
            } else if row.is_some() {
                "same"
            } else {
                "not named"
            };
            page.line(format_args!("{name}: expected {}, got {}, {word}", or_none(&left), or_none(&right)))?;
            continue;
        }
        let style = if odd { page.styles.error } else { Style::new() };
        let mark = if odd { "≠" } else { " " };
        let left = wrap(if row.is_some() { &left } else { "·" }, half.saturating_sub(2), 0, 0);
        let right = wrap(if right.is_empty() { "·" } else { &right }, half, 0, 0);
        for at in 0..left.len().max(right.len()) {
            let name = if at == 0 { name } else { "" };
            let mark = if at == 0 { mark } else { " " };
            let cell = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
            let (left, right) = (cell(&left), cell(&right));
            page.line(format_args!(
                "{} {name:NAME$}{}{}",
                mark.style(style),
                format!("{left:half$}").style(style),
                right.style(style)
            ))?;
        }
    }
    Ok(())
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

fn one_gap(page: &mut Page, policy: &PolicyTested, gap: &Gap, allowed: bool) -> io::Result<()> {
    let (word, style) = if allowed { ("gap, allowed", page.styles.note) } else { ("gap", page.styles.warning) };
    let lead = format!("{word}[{}]: ", shown(policy.policy.id()));
    page.styled(0, &lead, style, &gap.message, page.styles.heading)?;
    place(page, &gap.place, style)?;
    page.paragraph(2, "do    ", page.styles.heading, &gap.help)?;
    page.blank()
}

/// A place with the lines around it.
fn place(page: &mut Page, spot: &Spot, style: Style) -> io::Result<()> {
    if page.options.plain {
        return page.line(format_args!("at {} line {}", shown(&spot.file.name()), spot.place().line));
    }
    let drawn = excerpt::draw(page, &spot.file, &[Mark { span: spot.span, label: &spot.label, style, main: true }]);
    if drawn.is_empty() { page.line(shown(&line(spot))) } else { page.line(drawn) }
}

fn closing(page: &mut Page, tested: &Tested) -> io::Result<()> {
    let cases = count(tested.cases(), "case", "cases");
    let policies = count(tested.policies.len(), "policy", "policies");
    let failing = tested.failing().count();
    let gaps = tested.gaps().count();
    let held = match failing {
        0 => "all as expected".to_owned(),
        1 => "1 is not as expected".to_owned(),
        n => format!("{n} are not as expected"),
    };
    let gaps = match gaps {
        // A suite alone may hold only some of the cases of a policy.
        0 if tested.policies.is_empty() => String::new(),
        0 => ", no gaps".to_owned(),
        n if tested.allow_gaps => format!(", {}, allowed", count(n, "gap", "gaps")),
        n => format!(", {}", count(n, "gap", "gaps")),
    };
    let code = if tested.verdict() == TestVerdict::Passed { 0 } else { 1 };
    let tried: Vec<usize> = tested.policies.iter().filter_map(|p| p.changes).collect();
    let tried = match tried.iter().sum() {
        0 => String::new(),
        n => format!(" ({} tried)", count(n, "change", "changes")),
    };
    page.line(format_args!("{policies}, {cases}: {held}{gaps}{tried}"))?;
    page.line(format_args!("exit code {code}"))
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (100_000, "100,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
