//! Integration tests, one binary.

/// Suites from public registries; `tests/conformance/run` installs and runs them.
#[cfg(feature = "conformance")]
mod conformance {
    mod cel_spec;
    mod cel_types;
    mod sarif;
    mod yaml_suite;
}

mod acceptance;
#[cfg(unix)]
mod action;
mod bad_input;
mod catalogue;
mod cli;
mod coverage;
mod documentation;
mod github;
mod history;
mod layers;
mod publish;
mod runner;
mod semantics;
mod support;
