//! Versions by Semantic Versioning 2.0.

use super::{record, text_argument};
use crate::engine::cel::Value;
use crate::source::clip;
use semver::{Version, VersionReq};
use std::cmp::Ordering;

/// More than a version has; anything longer is read by nobody.
const LONGEST: usize = 256;

fn parse(text: &str) -> Option<Version> {
    (text.len() <= LONGEST).then(|| Version::parse(text).ok()).flatten()
}

fn version(value: &Value) -> Result<Version, String> {
    let text = text_argument(value)?;
    parse(text).ok_or_else(|| format!("`{}` is no version like 1.4.0", clip(text, 80)))
}

pub(super) fn is_semver(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Bool(parse(text_argument(&args[0])?).is_some()))
}

pub(super) fn semver(args: &[Value]) -> Result<Value, String> {
    // Numbers beyond the range of int belong to no version that anybody compares.
    let number = |number: u64| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let parts = parse(text_argument(&args[0])?).map(|version| {
        Box::new(record([
            ("major", number(version.major)),
            ("minor", number(version.minor)),
            ("patch", number(version.patch)),
            ("pre", Value::Text(version.pre.to_string())),
            ("build", Value::Text(version.build.to_string())),
        ]))
    });
    Ok(Value::Optional(parts))
}

pub(super) fn semver_compare(args: &[Value]) -> Result<Value, String> {
    Ok(Value::Int(match version(&args[0])?.cmp_precedence(&version(&args[1])?) {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }))
}

pub(super) fn semver_satisfies(args: &[Value]) -> Result<Value, String> {
    let (version, text) = (version(&args[0])?, text_argument(&args[1])?);
    let requirement = (text.len() <= LONGEST).then(|| VersionReq::parse(text).ok()).flatten();
    let requirement = requirement.ok_or_else(|| format!("`{}` is no requirement like `>=1.2, <2`", clip(text, 80)))?;
    Ok(Value::Bool(requirement.matches(&version)))
}
