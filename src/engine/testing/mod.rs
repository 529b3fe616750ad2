//! Tests of policies: cases are small repositories with what the policies have to say about them. They
//! stand in the policy files as `examples`, and in suites beside them.

mod bench;
mod case;
mod compare;
mod gaps;
mod mutate;
mod report;
mod run;
mod suite;

pub use bench::{Bench, Group, Scope, collect};
pub use case::{Case, Expect, Expected};
pub use compare::{Difference, Got, Kind};
pub use gaps::Gap;
pub use report::{Cost, PolicyTested, TestVerdict, Tested, TestedCase, TestedGroup};
pub use run::{Ask, test};
