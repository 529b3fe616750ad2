//! A plan, and what of it was not carried out, as lines for a log.

use crate::app::console::Console;
use crate::app::failure::Failure;
use crate::io::github::Unposted;
use crate::publish::{NewInline, Plan, Step};
use crate::source::plain;

/// Lines of one text that a log gets; the rest is counted.
const LINES: usize = 200;

/// Says why something was not posted, what to do, and what would have been posted.
pub fn unposted(unposted: &Unposted, console: &mut Console) -> Result<(), Failure> {
    console.say(&format!("warning: {}", unposted.error), &unposted.error.help());
    if unposted.steps.is_empty() {
        return Ok(());
    }
    console.line("annexa: the verdict stands, and the same findings are in the job summary. Not posted:")?;
    for step in &unposted.steps {
        self::step(step, console)?;
    }
    console.flush()?;
    Ok(())
}

/// The whole plan.
pub fn plan(plan: &Plan, outputs: &[(&str, String)], console: &mut Console) -> Result<(), Failure> {
    console.line(format_args!("\nAnnotations: {}", plan.annotations.len()))?;
    for annotation in &plan.annotations {
        let place = match (&annotation.path, annotation.lines) {
            (Some(path), Some((line, _))) => format!("{}:{line}", plain(path)),
            (Some(path), None) => plain(path),
            (None, _) => "the run".to_owned(),
        };
        let level = format!("{:?}", annotation.level).to_lowercase();
        console.line(format_args!("  {level} {place} {}: {}", plain(&annotation.title), plain(&annotation.message)))?;
    }
    console.line("\nOutputs:")?;
    for (name, value) in outputs {
        console.line(format_args!("  {name}={value}"))?;
    }
    console.line("\nJob summary:")?;
    text(&plan.summary, console)?;
    console.line(
        format_args!("\nOn the pull request: {}", if plan.steps.is_empty() { "nothing" } else { "" })
            .to_string()
            .trim_end(),
    )?;
    for step in &plan.steps {
        self::step(step, console)?;
    }
    for note in &plan.notes {
        console.line(format_args!("note: {}", plain(note)))?;
    }
    console.flush()?;
    Ok(())
}

fn step(step: &Step, console: &mut Console) -> Result<(), Failure> {
    match step {
        Step::CreateComment { body } => {
            console.line("- a new comment:")?;
            text(body, console)
        }
        Step::EditComment { id, body } => {
            console.line(format_args!("- comment {id} as:"))?;
            text(body, console)
        }
        Step::DeleteComment { id } => {
            Ok(console.line(format_args!("- without comment {id}, which stands there twice"))?)
        }
        Step::CreateReview { comments, .. } => {
            for NewInline { path, lines, body } in comments {
                let place = lines.map(|(_, last)| format!(":{last}")).unwrap_or_default();
                console.line(format_args!("- a comment on {}{place}:", plain(path)))?;
                text(body, console)?;
            }
            Ok(())
        }
        Step::Resolve { id, .. } => Ok(console.line(format_args!("- conversation {id} marked as resolved"))?),
        Step::CreateCheckRun(run) => {
            console.line(format_args!(
                "- a check run `{}` ({}) with {} annotations:",
                plain(&run.title),
                run.conclusion,
                run.annotations.len()
            ))?;
            text(&run.summary, console)
        }
    }
}

/// A text of several lines, each set off and made harmless.
fn text(text: &str, console: &mut Console) -> Result<(), Failure> {
    for line in text.lines().take(LINES) {
        console.line(format_args!("  | {}", plain(line)))?;
    }
    let more = text.lines().count().saturating_sub(LINES);
    if more > 0 {
        console.line(format_args!("  | ... {more} more lines"))?;
    }
    Ok(())
}
