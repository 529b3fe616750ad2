//! What policies mean. Each test brings its own two-line policies and documents, in memory.

mod applicability;
mod change;
mod configuration;
mod evaluation;
mod expressions;
mod history;
mod lists;
mod mistakes;
mod places;
mod references;
mod schemas;
mod stability;
mod standing_in;
mod typing;
