//! What a runner of workflows does with what a step writes.

pub mod commands;
