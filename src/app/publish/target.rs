//! Where a report belongs: decided by the event and the platform, never by the report.

use crate::facts::Event;
use crate::io::github::{Client, Error, Settings, event};
use crate::publish::{Key, Target};
use crate::report::Brief;
use crate::source::plain;

/// Where is posted.
pub struct Aim {
    /// What the plan needs to know.
    pub target: Target,
    /// Why nothing is published at all, and what to do.
    pub refused: Option<(String, String)>,
    pull_request: Wanted,
}

enum Wanted {
    /// This one, as the event says.
    Number(u32),
    /// The one that another workflow ran for. The numbers come from the event of this workflow.
    OfRun(Vec<u32>),
    /// None; says why.
    None(String),
}

/// Finds out where the report belongs.
pub fn aim(settings: &Settings, brief: &Brief, name: &str) -> Aim {
    let mut target = Target {
        server_url: settings.server_url.clone(),
        repository: settings.repository.as_ref().map(ToString::to_string).unwrap_or_default(),
        head: settings.sha.clone().unwrap_or_default(),
        run_url: settings.run_url(),
        key: Key::new(&[settings.workflow.as_deref().unwrap_or(""), settings.job.as_deref().unwrap_or(""), name]),
    };
    let none = |why: String| Wanted::None(why);
    let pull_request = match event::read(settings) {
        Ok(Event::PullRequest(request)) => {
            target.head = request.head_sha;
            Wanted::Number(request.number)
        }
        Ok(Event::WorkflowRun { head_sha, event, pull_requests }) => {
            target.head = head_sha;
            match event.as_str() {
                "pull_request" | "pull_request_review" => Wanted::OfRun(pull_requests),
                _ => none(format!("the workflow that ended ran for `{}`", plain(&event))),
            }
        }
        Ok(Event::MergeGroup { head_sha, .. }) => {
            target.head = head_sha;
            none("a merge queue has no pull request of its own to write on".to_owned())
        }
        Ok(Event::Push { after, .. }) => {
            target.head = after;
            none("a push has no pull request to write on".to_owned())
        }
        Ok(Event::Schedule) => none("a scheduled run has no pull request to write on".to_owned()),
        Ok(Event::WorkflowDispatch) => none("a run by hand has no pull request to write on".to_owned()),
        Ok(Event::Other(name)) => none(format!("the event `{name}` has no pull request to write on")),
        Err(error) => none(error.to_string()),
    };
    let refused = match &pull_request {
        Wanted::None(_) => None,
        _ => stranger(brief, &target.head),
    };
    Aim { target, refused, pull_request }
}

/// Why a report is not about the commit that is posted about.
fn stranger(brief: &Brief, head: &str) -> Option<(String, String)> {
    let about = brief.comparison.as_ref().map(|compared| compared.head.as_str()).or(brief.commit.as_deref());
    if about.is_some_and(|about| about.eq_ignore_ascii_case(head)) {
        return None;
    }
    let about = about.map_or("no commit".to_owned(), |about| format!("commit {}", plain(about)));
    Some((
        format!(
            "the report is about {about}, and the run is about {head}, so its findings may not be those of this pull request"
        ),
        "Write the report with `annexa check --github` in the run that this one follows, and pass that file on."
            .to_owned(),
    ))
}

impl Aim {
    /// The pull request; `None` where there is none.
    ///
    /// # Errors
    /// When the platform has to be asked and does not answer.
    pub fn number(&self, client: &Client) -> Result<Option<u32>, Error> {
        match &self.pull_request {
            Wanted::Number(number) => Ok(Some(*number)),
            Wanted::None(_) => Ok(None),
            Wanted::OfRun(numbers) => {
                // What the event names may be one of several of the same branch.
                for number in numbers {
                    if client.head(*number)? == self.target.head {
                        return Ok(Some(*number));
                    }
                }
                client.open_pull_request(&self.target.head)
            }
        }
    }

    /// Whether the report was written in a run that the event is only about.
    pub fn is_of_another_run(&self) -> bool {
        matches!(self.pull_request, Wanted::OfRun(_))
    }

    /// Whether a pull request is to be expected.
    pub fn has_pull_request(&self) -> bool {
        !matches!(self.pull_request, Wanted::None(_))
    }

    /// Why there is no pull request to write on.
    pub fn without(&self) -> &str {
        match &self.pull_request {
            Wanted::None(why) => why,
            _ => {
                "no open pull request has this commit as its newest one any more, so nothing is posted; the findings are in the job summary"
            }
        }
    }

    /// Where it would go.
    pub fn described(&self) -> String {
        let repository = if self.target.repository.is_empty() { "this repository" } else { &self.target.repository };
        match &self.pull_request {
            Wanted::Number(number) => format!("Pull request: {repository}#{number}, at {}.", self.target.head),
            Wanted::OfRun(_) => format!(
                "Pull request: the one of {repository} whose newest commit is {}; the platform is asked which.",
                self.target.head
            ),
            Wanted::None(why) => format!("Pull request: none ({}).", plain(why)),
        }
    }
}
