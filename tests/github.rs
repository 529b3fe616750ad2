//! GitHub: events of workflow runs, and what is read from and written to the platform.

mod events;
pub mod fake;
mod faults;
#[cfg(feature = "conformance")]
mod openapi;
mod publish;
mod reading;
pub mod shapes;
