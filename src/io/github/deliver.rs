//! Carries a plan out. No failure here changes what was found: each becomes a warning that says what
//! would have been posted, and the same findings are in the summary of the job.

use super::client::Client;
use super::error::{Error, Kind};
use super::write::stands;
use crate::publish::{NewInline, Plan, Posted, Step};
use std::collections::BTreeMap;

/// So many times what is posted is read and planned for: once, and once more where somebody else wrote
/// at the same time.
const TURNS: usize = 2;

/// What became of a plan.
#[derive(Clone, Debug, Default)]
pub struct Delivery {
    /// What the plan shows besides its steps, as it was last made.
    pub plan: Plan,
    /// What was done, a few words each.
    pub done: Vec<String>,
    /// What was not done and need not be, one sentence each.
    pub notes: Vec<String>,
    /// What failed.
    pub unposted: Vec<Unposted>,
}

/// A channel that failed.
#[derive(Clone, Debug)]
pub struct Unposted {
    /// Why.
    pub error: Error,
    /// What would have been posted.
    pub steps: Vec<Step>,
}

/// What a run writes with.
pub struct Sender<'a> {
    /// The client.
    pub client: &'a Client,
    /// The pull request.
    pub number: u32,
    /// The commit that was judged: nothing is written about it once there is a newer one.
    pub head: &'a str,
    /// What tells this run's check run from others.
    pub external_id: &'a str,
    /// The page of this run.
    pub run_url: Option<&'a str>,
}

/// Reads what is posted, plans by it, and carries the plan out. Where a new comment meets one that another
/// run wrote at the same moment, it is planned once more, so that one is left. Where nothing can be read, what
/// the plan has without it is done.
pub fn deliver(sender: &Sender<'_>, plan: impl Fn(Option<&Posted>) -> Plan) -> Delivery {
    let mut delivery = Delivery::default();
    for turn in 0..TURNS {
        let posted = match sender.client.posted(sender.number) {
            Ok((posted, notes)) => {
                delivery.notes.extend(notes);
                posted
            }
            Err(error) => {
                // Of what was written before, nothing has to be taken back.
                if turn == 0 {
                    delivery.plan = plan(None);
                    delivery.unposted.push(Unposted { error, steps: Vec::new() });
                    let steps = delivery.plan.steps.clone();
                    sender.carry_out(&steps, &mut delivery);
                }
                break;
            }
        };
        let made = plan(Some(&posted));
        let steps = match turn {
            0 => made.steps.clone(),
            // What could not be written a moment ago is not tried again.
            _ => made.steps.iter().filter(|step| matches!(step, Step::DeleteComment { .. })).cloned().collect(),
        };
        if turn == 0 {
            delivery.plan = made;
        }
        let wrote = sender.carry_out(&steps, &mut delivery);
        if !wrote {
            break;
        }
    }
    delivery
}

impl Sender<'_> {
    /// Does the steps in their order; whether a comment came into the conversation, which another run may have
    /// written too.
    pub(super) fn carry_out(&self, steps: &[Step], delivery: &mut Delivery) -> bool {
        let mut failed: BTreeMap<&'static str, Unposted> = BTreeMap::new();
        let mut wrote = false;
        for step in steps {
            match self.newer(step) {
                Ok(None) => {}
                Ok(Some(newer)) => {
                    delivery.notes.push(format!(
                        "nothing more is posted about {}: the pull request is at {} by now, and its own run posts about that",
                        short(self.head),
                        short(&newer)
                    ));
                    break;
                }
                Err(error) => {
                    fail(&mut failed, error, step.clone());
                    continue;
                }
            }
            let (done, missing) = self.step(step, delivery);
            wrote |= matches!(step, Step::CreateComment { .. }) && done;
            for (error, step) in missing {
                fail(&mut failed, error, step);
            }
        }
        delivery.unposted.extend(failed.into_values());
        wrote
    }

    /// The newest commit where it is another one than the one judged; asked before what is about it is written.
    fn newer(&self, step: &Step) -> Result<Option<String>, Error> {
        if matches!(step, Step::DeleteComment { .. } | Step::Resolve { .. }) {
            return Ok(None);
        }
        let newest = self.client.head(self.number)?;
        Ok((!newest.eq_ignore_ascii_case(self.head)).then_some(newest))
    }

    /// Does one step; whether it was done, and what of it was not.
    fn step(&self, step: &Step, delivery: &mut Delivery) -> (bool, Vec<(Error, Step)>) {
        let done = match step {
            Step::CreateComment { body } => self.client.create_comment(self.number, body).map(|_| "wrote the comment"),
            Step::EditComment { id, body } => match self.client.edit_comment(*id, body) {
                // Somebody took it away meanwhile.
                Err(error) if error.kind == Kind::NotFound => {
                    self.client.create_comment(self.number, body).map(|_| "wrote the comment")
                }
                other => other.map(|()| "brought the comment up to date"),
            },
            Step::DeleteComment { id } => {
                self.client.delete_comment(*id).map(|()| "took away a comment that stood there twice")
            }
            Step::Resolve { id, thread, body } => {
                self.client.resolve(*id, thread.as_deref(), body).map(|()| "marked a conversation as resolved")
            }
            Step::CreateCheckRun(run) => {
                self.client.create_check_run(run, self.external_id, self.run_url).map(|()| "made the check run")
            }
            Step::CreateReview { head, comments } => return self.review(head, comments, delivery),
        };
        match done {
            Ok(what) => {
                delivery.done.push(what.to_owned());
                (true, Vec::new())
            }
            Err(error) => (false, vec![(error, step.clone())]),
        }
    }

    /// Writes comments on lines: as one review; one by one where the platform refuses the review, since one
    /// line that is not in its diff makes it refuse all; and those on files by themselves.
    fn review(&self, head: &str, comments: &[NewInline], delivery: &mut Delivery) -> (bool, Vec<(Error, Step)>) {
        let whole = |error| (error, Step::CreateReview { head: head.to_owned(), comments: comments.to_vec() });
        // Another run may have been faster.
        let there = match self.client.inline(self.number) {
            Ok(there) => there,
            Err(error) => return (false, vec![whole(error)]),
        };
        let new: Vec<&NewInline> = comments.iter().filter(|new| !there.iter().any(|old| stands(old, new))).collect();
        let (lines, files): (Vec<&NewInline>, Vec<&NewInline>) = new.iter().partition(|new| new.lines.is_some());
        let (mut written, mut missing, mut single) = (0, Vec::new(), files);
        if !lines.is_empty() {
            match self.client.create_review(self.number, head, &lines) {
                Ok(()) => written += lines.len(),
                Err(error) if error.kind == Kind::Unprocessable => single.splice(0..0, lines).for_each(drop),
                Err(error) => missing.push((error, lines)),
            }
        }
        for (at, comment) in single.iter().enumerate() {
            match self.client.create_inline(self.number, head, comment) {
                Ok(()) => written += 1,
                Err(error) if error.kind == Kind::Unprocessable => missing.push((error, vec![*comment])),
                // The next one would fare no better.
                Err(error) => {
                    missing.push((error, single[at..].to_vec()));
                    break;
                }
            }
        }
        if written > 0 {
            delivery.done.push(format!("wrote {written} on lines of the diff"));
        }
        let step = |comments: Vec<&NewInline>| Step::CreateReview {
            head: head.to_owned(),
            comments: comments.into_iter().cloned().collect(),
        };
        (missing.is_empty(), missing.into_iter().map(|(error, comments)| (error, step(comments))).collect())
    }
}

/// One warning a channel: what failed once mostly fails again in the same way.
fn fail(failed: &mut BTreeMap<&'static str, Unposted>, error: Error, step: Step) {
    let channel = match &step {
        Step::CreateComment { .. } | Step::EditComment { .. } | Step::DeleteComment { .. } => "comment",
        Step::CreateReview { .. } => "inline",
        Step::Resolve { .. } => "resolve",
        Step::CreateCheckRun(_) => "check run",
    };
    failed.entry(channel).or_insert(Unposted { error, steps: Vec::new() }).steps.push(step);
}

fn short(commit: &str) -> &str {
    commit.get(..10).unwrap_or(commit)
}
