//! GitHub: what a workflow run tells about itself, and the platform's interface.
//!
//! Answers are as hostile as files: bounded in size and number, read into the fields that are used,
//! and made harmless before a message quotes them. The token is in no message and goes to the server of
//! the settings alone.

mod client;
mod connect;
mod deliver;
mod error;
pub mod event;
mod read;
pub mod runner;
mod settings;
mod transport;
mod wire;
mod write;

pub use client::Client;
pub use deliver::{Delivery, Sender, Unposted, deliver};
pub use error::{Error, Kind};
pub use read::{pull_request, pull_request_of_commit};
pub use settings::{Pace, Repository, Settings, SettingsError, Token};
