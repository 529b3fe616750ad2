//! `annexa publish`: puts the findings of a report where reviewers read them. The report is hostile: its
//! commits, numbers and addresses decide nothing. A channel that fails changes no verdict.

mod show;
mod target;

use super::console::Console;
use super::failure::Failure;
use crate::cli::PublishArgs;
use crate::finding::Verdict;
use crate::io::disk;
use crate::io::github::{Client, Delivery, Sender, Settings, Unposted, deliver, runner};
use crate::publish::{Channels, Plan, Posted, Target, plan, workflow_command};
use crate::report::{Brief, brief, verdict_name};
use crate::source::plain;
use target::{Aim, aim};

/// Runs the command.
pub fn run(args: &PublishArgs, console: &mut Console) -> Result<u8, Failure> {
    let brief = read(args)?;
    let settings = Settings::read().map_err(|error| Failure::usage(error, ""))?;
    let mut channels = Channels {
        comment: args.comment,
        inline: args.inline,
        inline_max: usize::from(args.inline_max),
        check_run: args.check_run,
    };
    let aim = aim(&settings, &brief, &args.name);
    // A check run is a verdict, and a report that comes from another workflow was written by a stranger.
    if channels.check_run && aim.is_of_another_run() {
        channels.check_run = false;
        console.say(
            "warning: no check run is made: the report comes from another workflow, and what it says could be anything",
            "Make the job that checks the one that is required; use `--comment` here.",
        );
    }
    if args.dry_run {
        return dry_run(&brief, &channels, &aim, console);
    }
    if let Some((why, help)) = &aim.refused {
        // What was found in this very run is told in its log and on its page all the same.
        let what =
            if aim.is_of_another_run() { "nothing is published" } else { "nothing is posted on the pull request" };
        console.say(&format!("warning: {what}: {why}"), help);
        if !aim.is_of_another_run() {
            local(&brief, &channels, &aim.target, &settings, console)?;
        }
        return Ok(exit_code(args, true));
    }
    let mut failed = local(&brief, &channels, &aim.target, &settings, console)?;
    let wanted = channels.comment || channels.inline || channels.check_run;
    if wanted {
        failed |= !post(&brief, &channels, &aim, &settings, console)?;
    }
    Ok(exit_code(args, failed))
}

fn exit_code(args: &PublishArgs, failed: bool) -> u8 {
    if failed && args.strict_publish { Verdict::Incomplete.exit_code() } else { 0 }
}

fn read(args: &PublishArgs) -> Result<Brief, Failure> {
    let shown = plain(&args.report.to_string_lossy());
    let bytes = disk::read_regular(&args.report, brief::MAX_BYTES).map_err(|error| {
        Failure::usage(
            format_args!("the report `{shown}` cannot be read: {error}"),
            "Write it with `annexa check --output json=FILE`, and name that file.",
        )
    })?;
    Brief::read(&bytes).map_err(|error| {
        Failure::usage(
            format_args!("`{shown}` cannot be published: {error}"),
            "Write it anew with `annexa check --output json=FILE`, by the version of annexa that publishes it.",
        )
    })
}

/// What needs no network: annotations, the summary of the job, the outputs of the step. Whether
/// something failed.
fn local(
    brief: &Brief,
    channels: &Channels,
    target: &Target,
    settings: &Settings,
    console: &mut Console,
) -> Result<bool, Failure> {
    let made = plan(brief, None, channels, target);
    if settings.actions {
        for annotation in &made.annotations {
            console.line(workflow_command(annotation))?;
        }
    }
    let mut failed = false;
    if let Err(error) = runner::append_summary(settings, &made.summary) {
        failed = true;
        console.say(
            &format!("warning: the job summary was not written: {error}"),
            "Look at the annotations and at the log of `annexa check`; write less into the summary in earlier steps.",
        );
    }
    if let Err(error) = runner::set_outputs(settings, &outputs(brief)) {
        failed = true;
        console.say(&format!("warning: the outputs of this step were not set: {error}"), "");
    }
    console.flush()?;
    Ok(failed)
}

/// Values of our own alone: words and numbers.
fn outputs(brief: &Brief) -> [(&'static str, String); 5] {
    let counts = &brief.counts;
    [
        ("conclusion", verdict_name(brief.verdict).to_owned()),
        ("errors", counts.errors.to_string()),
        ("warnings", counts.warnings.to_string()),
        ("notes", counts.notes.to_string()),
        ("unknown", counts.unknown.to_string()),
    ]
}

/// What goes to the pull request; whether all of it did, or need not.
fn post(
    brief: &Brief,
    channels: &Channels,
    aim: &Aim,
    settings: &Settings,
    console: &mut Console,
) -> Result<bool, Failure> {
    let client = match Client::new(settings) {
        Ok(client) => client,
        Err(error) => {
            let made = plan(brief, Some(&nothing_yet(&aim.target)), channels, &aim.target);
            show::unposted(&Unposted { error, steps: made.steps }, console)?;
            return Ok(false);
        }
    };
    let number = match aim.number(&client) {
        Ok(Some(number)) => number,
        Ok(None) => {
            console.say(aim.without(), "");
            return Ok(true);
        }
        Err(error) => {
            let made = plan(brief, Some(&nothing_yet(&aim.target)), channels, &aim.target);
            show::unposted(&Unposted { error, steps: made.steps }, console)?;
            return Ok(false);
        }
    };
    let target = &aim.target;
    let external_id = format!(
        "{}/{}/{}",
        target.key.as_str(),
        settings.run_id.unwrap_or_default(),
        settings.run_attempt.unwrap_or_default()
    );
    let sender = Sender {
        client: &client,
        number,
        head: &target.head,
        external_id: &external_id,
        run_url: target.run_url.as_deref(),
    };
    let mut delivery = deliver(&sender, |posted| plan(brief, posted, channels, target));
    let unread = delivery.unposted.iter_mut().find(|unposted| unposted.steps.is_empty());
    if let Some(unposted) = unread {
        // What stands there is not known, so nothing was planned; what would stand there is.
        let all = plan(brief, Some(&nothing_yet(target)), channels, target).steps;
        unposted.steps = all.into_iter().filter(|step| !delivery.plan.steps.contains(step)).collect();
    }
    tell(&delivery, number, console)?;
    Ok(delivery.unposted.is_empty())
}

fn tell(delivery: &Delivery, number: u32, console: &mut Console) -> Result<(), Failure> {
    for done in &delivery.done {
        console.line(format_args!("annexa: {done} (pull request #{number})"))?;
    }
    // A note says why nothing was done where that is another reason.
    let notes = delivery.plan.notes.iter().chain(&delivery.notes);
    if delivery.done.is_empty() && delivery.unposted.is_empty() && notes.count() == 0 {
        console.line(format_args!("annexa: what stands on pull request #{number} is up to date"))?;
    }
    for note in delivery.plan.notes.iter().chain(&delivery.notes) {
        console.line(format_args!("annexa: {}", plain(note)))?;
    }
    for unposted in &delivery.unposted {
        show::unposted(unposted, console)?;
    }
    console.flush()?;
    Ok(())
}

/// A pull request on which nobody has said anything.
fn nothing_yet(target: &Target) -> Posted {
    Posted { head: target.head.clone(), ..Posted::default() }
}

/// Shows the whole plan for a pull request on which nothing is posted yet.
fn dry_run(brief: &Brief, channels: &Channels, aim: &Aim, console: &mut Console) -> Result<u8, Failure> {
    console.line("Nothing is written and nothing is sent: this is what would be posted.")?;
    if let Some((why, help)) = &aim.refused {
        console.line(format_args!("Nothing would be published: {}", plain(why)))?;
        console.line(format_args!("  do    {}", plain(help)))?;
        return Ok(0);
    }
    console.line(aim.described())?;
    let posted = aim.has_pull_request().then(|| nothing_yet(&aim.target));
    let made: Plan = plan(brief, posted.as_ref(), channels, &aim.target);
    show::plan(&made, &outputs(brief), console)?;
    Ok(0)
}
