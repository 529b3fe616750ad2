//! The plan: a report and what is posted already, as steps.

use super::annotations;
use super::posted::Posted;
use super::step::{Channels, Plan};
use super::target::Target;
use crate::report::Brief;

/// What one run puts in front of people. Pure: the same arguments give the same plan.
///
/// `posted` is what stands on the pull request; `None` where there is no pull request, or it could not
/// be read.
pub fn plan(brief: &Brief, posted: Option<&Posted>, channels: &Channels, place: &Target) -> Plan {
    let _ = (posted, channels, place);
    let all = annotations::all(brief);
    Plan { annotations: annotations::for_the_log(&all), ..Plan::default() }
}
