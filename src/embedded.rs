//! What the build script put into the binary: policies, schemas and example repositories.

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
