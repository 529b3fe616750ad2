//! What follows the findings: what could not be judged, exceptions, next steps, and what the run came
//! to, with a summary by control and what could not be checked.

use super::finding::{causes, location, spot_location};
use super::page::{Page, shown};
use crate::finding::{ControlSummary, Outcome, Report, RuleChange, Verdict};
use crate::report::{controls, words};
use crate::source::clip;
use owo_colors::{OwoColorize, Style};
use std::io;

/// Places shown of one cause, and paths of one list; the rest is counted.
const FIRST: usize = 3;
const PATHS: usize = 10;

/// Columns of the numbers, in the order of [`numbers`].
const COLUMNS: [&str; 6] = ["findings", "unknown", "waived", "attested", "hold", "n/a"];

/// Writes everything after the findings.
pub(super) fn write(page: &mut Page, report: &Report) -> io::Result<()> {
    if let Some(before) = words::before(report) {
        page.paragraph(0, "", Style::new(), &before)?;
        page.blank()?;
    }
    if !page.options.quiet {
        unknown(page, report)?;
        rule_changes(page, report)?;
        listed(page, report, Outcome::Waived, "Waived")?;
        listed(page, report, Outcome::Attested, "Attested by people, not shown by the repository")?;
        next_steps(page, report)?;
        let skipped: Vec<String> = report.skipped.iter().map(|s| format!("{}: {}", s.path, s.why)).collect();
        paths(page, "Passed over", &skipped)?;
        summary(page, report)?;
        by_control(page, report)?;
        page.heading("Not checked")?;
        for sentence in words::not_checked(report) {
            item(page, "- ", &sentence)?;
        }
        page.blank()?;
    }
    let style = match page.options.verdict {
        Verdict::Clear => page.styles.heading,
        Verdict::Findings => page.styles.error,
        Verdict::Incomplete | Verdict::Empty => page.styles.warning,
    };
    let line = words::verdict_line(report, page.options);
    page.styled(0, "", style, &line, style)
}

/// One item of a list. A screen reader needs no mark before it.
fn item(page: &mut Page, mark: &str, text: &str) -> io::Result<()> {
    let mark = if page.options.plain { "" } else { mark };
    page.paragraph(2, mark, Style::new(), text)
}

fn more(page: &mut Page, all: usize, shown: usize, one: &str, many: &str) -> io::Result<()> {
    if all <= shown {
        return Ok(());
    }
    let rest = words::count(all - shown, one, many);
    item(page, "", &format!("and {rest} more; `--output json` lists all"))
}

fn unknown(page: &mut Page, report: &Report) -> io::Result<()> {
    for cause in causes(report) {
        let all = cause.judgements.len();
        let lead = format!("could not be judged[{}]: ", cause.severity.name());
        let bold = page.styles.heading;
        page.styled(0, &lead, page.styles.of(cause.severity), cause.message, bold)?;
        let judgements = words::count(all, "judgement rests", "judgements rest");
        item(page, "", &format!("{judgements} on it:"))?;
        for judgement in cause.judgements.iter().take(FIRST) {
            let text = format!("{} at {}", report.rule(judgement).id, location(judgement));
            item(page, "- ", &text)?;
        }
        more(page, all, FIRST, "judgement", "judgements")?;
        let lead = if page.options.plain { "what to do: " } else { "do    " };
        page.paragraph(2, lead, page.styles.heading, cause.remedy)?;
        page.blank()?;
    }
    Ok(())
}

fn listed(page: &mut Page, report: &Report, outcome: Outcome, title: &str) -> io::Result<()> {
    let all = report.with(outcome).count();
    if all == 0 {
        return Ok(());
    }
    page.heading(&format!("{title} ({all})"))?;
    for judgement in report.with(outcome) {
        let text = format!("{} at {}: {}", report.rule(judgement).id, location(judgement), judgement.message);
        item(page, "- ", &text)?;
    }
    page.blank()
}

fn rule_changes(page: &mut Page, report: &Report) -> io::Result<()> {
    let changes = report.comparison.as_ref().map(|comparison| comparison.rule_changes.as_slice()).unwrap_or_default();
    if changes.is_empty() {
        return Ok(());
    }
    page.heading("What the change alters in what judges, once it is merged")?;
    for RuleChange { about, name, text, weakens, place } in changes {
        let at = place.as_ref().map(|spot| format!(" at {}", spot_location(spot))).unwrap_or_default();
        let less = if *weakens { " (less is found, or counts for less)" } else { "" };
        item(page, "- ", &format!("{about} {name} {text}{less}{at}"))?;
    }
    page.blank()
}

fn next_steps(page: &mut Page, report: &Report) -> io::Result<()> {
    if report.next_steps.is_empty() {
        return Ok(());
    }
    page.heading("Next steps (nothing demands them yet)")?;
    for (index, step) in report.next_steps.iter().enumerate() {
        page.paragraph(2, &format!("{}. ", index + 1), Style::new(), &step.text)?;
        if let Some(command) = &step.command {
            let lead = if page.options.plain { "command: " } else { "$ " };
            page.paragraph(5, lead, page.styles.dim, command)?;
        }
    }
    page.blank()
}

fn paths(page: &mut Page, title: &str, paths: &[String]) -> io::Result<()> {
    if paths.is_empty() {
        return Ok(());
    }
    page.heading(&format!("{title} ({})", paths.len()))?;
    for path in paths.iter().take(PATHS) {
        item(page, "- ", path)?;
    }
    more(page, paths.len(), PATHS, "path", "paths")?;
    page.blank()
}

fn summary(page: &mut Page, report: &Report) -> io::Result<()> {
    let counts = report.counts();
    page.heading(&format!("Summary as of {}", report.today))?;
    for text in [
        words::systems(report.systems),
        words::documents(&report.documents),
        words::findings(&counts),
        words::others(&counts),
    ]
    .into_iter()
    .chain(words::grades(&counts))
    {
        item(page, "", &text)?;
    }
    let folded = report.judgements.iter().filter(|judgement| judgement.folded).count();
    if folded > 0 {
        let more = words::count(folded, "more judgement waits", "more judgements wait");
        item(page, "", &format!("{more} until a finding above is mended"))?;
    }
    if let Some(commit) = &report.commit {
        item(page, "", &format!("judged: the files of the commit {commit}, not those of a working tree"))?;
    }
    for text in words::compared(report) {
        item(page, "", &text)?;
    }
    if let Some(commit) = &report.adopted_at {
        item(page, "", &format!("taken up at commit {commit} (`adopted_at`)"))?;
    }
    page.blank()
}

fn numbers(summary: &ControlSummary) -> [usize; 6] {
    let ControlSummary { failed, unknown, waived, attested, passed, not_applicable } = *summary;
    [failed, unknown, waived, attested, passed.total(), not_applicable]
}

fn by_control(page: &mut Page, report: &Report) -> io::Result<()> {
    // A row without any judgement says nothing; that its rules met nothing is said below.
    let judged = |(_, summary): &(String, ControlSummary)| *summary != ControlSummary::default();
    let mut rows: Vec<(String, ControlSummary)> = report.by_control().into_iter().filter(judged).collect();
    if rows.is_empty() {
        return Ok(());
    }
    rows.sort_by(|(a, _), (b, _)| controls::order(a, b));
    page.heading("By control and clause")?;
    if page.options.plain {
        for (id, summary) in &rows {
            let title = controls::title(id).map(|title| format!(" {title}")).unwrap_or_default();
            let said: Vec<String> = numbers(summary)
                .into_iter()
                .zip([
                    ["finding", "findings"],
                    ["unknown"; 2],
                    ["waived"; 2],
                    ["attested"; 2],
                    ["holds", "hold"],
                    ["not applicable"; 2],
                ])
                .filter(|(n, _)| *n > 0)
                .map(|(n, [one, many])| words::count(n, one, many))
                .collect();
            let said = if said.is_empty() { "nothing was judged".to_owned() } else { said.join(", ") };
            page.line(shown(&format!("{id}{title}: {said}")))?;
        }
        return page.blank();
    }
    table(page, &rows)?;
    page.blank()
}

fn table(page: &mut Page, rows: &[(String, ControlSummary)]) -> io::Result<()> {
    let ids: Vec<String> = rows.iter().map(|(id, _)| shown(id)).collect();
    let titles: Vec<&str> = rows.iter().map(|(id, _)| controls::title(id).unwrap_or_default()).collect();
    let widest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or_default();
    let id_width = widest(&mut ids.iter().map(|id| id.chars().count())).max("id".len());
    let number_width: usize = COLUMNS.iter().map(|name| name.len() + 2).sum();
    // Titles get what is left, and give way altogether on a narrow terminal.
    let left = page.width.saturating_sub(2 + id_width + 2 + number_width);
    let title_width = widest(&mut titles.iter().map(|title| title.chars().count())).min(left);
    let title_width = if title_width < 12 { 0 } else { title_width };
    let cells = |id: &str, title: &str| match title_width {
        0 => format!("  {id:id_width$}"),
        _ if title.chars().count() > title_width => format!("  {id:id_width$}  {}", clip(title, title_width - 1)),
        _ => format!("  {id:id_width$}  {title:title_width$}"),
    };
    let head: String = COLUMNS.iter().map(|name| format!("  {name}")).collect();
    page.line(format!("{}{head}", cells("id", "")).style(page.styles.dim))?;
    for ((id, title), (_, summary)) in ids.iter().zip(&titles).zip(rows) {
        let mut line = cells(id, title);
        for (index, (number, name)) in numbers(summary).into_iter().zip(COLUMNS).enumerate() {
            let width = name.len() + 2;
            let style = match index {
                0 if number > 0 => page.styles.error,
                1 if number > 0 => page.styles.warning,
                _ if number == 0 => page.styles.dim,
                _ => Style::new(),
            };
            let text = if number == 0 { "-".to_owned() } else { number.to_string() };
            line.push_str(&format!("{}", format_args!("{text:>width$}").style(style)));
        }
        page.line(line)?;
    }
    Ok(())
}
