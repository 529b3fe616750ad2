//! What GitHub's runner does with an action, as far as the tests need it: without a network, a server or a
//! container, and with everything that a job hands over as a parameter.

pub mod commands;
#[cfg(unix)]
pub mod composite;
