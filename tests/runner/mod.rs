//! What a runner of workflows does with what a step writes, and with an action as a whole: without a network,
//! a server or a container, and with everything that a job hands over as a parameter.

pub mod commands;
#[cfg(unix)]
pub mod composite;
#[cfg(unix)]
mod stopped;
