//! GitHub: what a workflow run tells about itself, and the platform's interface.

pub mod event;
mod settings;

pub use settings::{Repository, Settings, SettingsError, Token};
