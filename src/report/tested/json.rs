//! A whole test run for programs, in an own versioned format; `schemas/test-report.schema.json`
//! describes it.

use super::line;
use crate::engine::cel::BUDGET;
use crate::engine::meter::Spent;
use crate::engine::testing::{Cost, Difference, Expected, Got, Kind, PolicyTested, TestVerdict, Tested, TestedGroup};
use crate::report::{Options, json};
use serde_json::{Value, json};
use std::io;

/// The version of the format.
const VERSION: u32 = 1;

/// Writes the whole run and a line break.
pub fn write(tested: &Tested, _: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let value = json!({
        "format": "annexa-test",
        "version": VERSION,
        "tool": {"name": "annexa", "version": env!("CARGO_PKG_VERSION")},
        "passed": tested.verdict() == TestVerdict::Passed,
        "allow_gaps": tested.allow_gaps,
        "cases": tested.cases(),
        "failing": tested.failing().count(),
        "gaps": tested.gaps().count(),
        "policies": tested.policies.iter().map(policy).collect::<Vec<_>>(),
        "groups": tested.groups.iter().map(group).collect::<Vec<_>>(),
    });
    json::write_value(&value, out)
}

fn policy(policy: &PolicyTested) -> Value {
    let gaps = policy
        .gaps
        .iter()
        .map(|gap| json!({"code": gap.code, "message": gap.message, "help": gap.help, "at": line(&gap.place)}));
    json!({
        "id": policy.policy.id(),
        "path": policy.policy.tree.file().path(),
        "cases": policy.cases,
        "gaps": gaps.collect::<Vec<_>>(),
        "changes": policy.changes,
        "cost": policy.cost.as_ref().map(cost),
    })
}

fn cost(cost: &Cost) -> Value {
    let spent = |spent: &Spent| json!({"largest": spent.largest, "sum": spent.sum, "evaluations": spent.evaluations});
    let part = |(name, of_part): &(String, Spent)| {
        let mut part = spent(of_part);
        part["name"] = name.as_str().into();
        part
    };
    let mut whole = spent(&cost.whole);
    whole["budget"] = BUDGET.into();
    whole["parts"] = cost.parts.iter().map(part).collect();
    whole
}

fn group(group: &TestedGroup) -> Value {
    let cases = group.cases.iter().map(|case| {
        json!({
            "name": case.name,
            "at": line(&case.place),
            "passed": case.differences.is_empty(),
            "differences": case.differences.iter().map(difference).collect::<Vec<_>>(),
        })
    });
    json!({"name": group.name, "path": group.file.path(), "cases": cases.collect::<Vec<_>>()})
}

fn difference(difference: &Difference) -> Value {
    let kind = match difference.kind {
        Kind::Missing => "missing",
        Kind::Unexpected => "unexpected",
        Kind::NoSubject => "no-subject",
        Kind::Broken(_) => "broken",
    };
    json!({
        "kind": kind,
        "message": super::sentence(difference),
        "at": line(&difference.place),
        "expected": difference.expected.as_ref().map(expected),
        "got": difference.got.as_ref().map(got),
    })
}

fn expected(expected: &Expected) -> Value {
    json!({
        "outcome": expected.outcome,
        "policy": expected.policy,
        "subject": expected.subject,
        "item": expected.item,
        "validation": expected.validation,
        "message": expected.message,
        "at": expected.at,
    })
}

fn got(got: &Got) -> Value {
    json!({
        "outcome": got.outcome,
        "policy": got.policy,
        "subject": got.subject,
        "path": got.path,
        "item": got.item,
        "validation": got.validation,
        "message": got.message,
        "at": got.at(),
    })
}
