//! What the operators and functions of CEL take and give: the standard library and the strings, math,
//! lists, encoders and optional extensions. The project's own functions say so in their table.

use crate::engine::functions::FUNCTIONS;
use crate::engine::types::Signature;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Signatures by name. Operators have their symbols; the minus sign in front of a value is `-_`.
pub type Signatures = BTreeMap<String, Vec<Signature>>;

/// All functions that there are.
pub fn signatures() -> &'static Signatures {
    static ALL: LazyLock<Signatures> = LazyLock::new(|| {
        let mut all = Signatures::new();
        let own = FUNCTIONS.iter().map(|function| function.signature);
        for line in STANDARD.lines().map(str::trim).filter(|line| !line.is_empty()).chain(own) {
            let signature = Signature::parse(line).expect("a test reads every row");
            all.entry(signature.name.clone()).or_default().push(signature);
        }
        all
    });
    &ALL
}

/// Operators that take any two of these types, in any mixture of the three kinds of numbers.
pub const ORDERED: &[&str] = &["<", "<=", ">", ">="];

/// One overload a line.
const STANDARD: &str = "
    !(bool) -> bool
    -_(int) -> int
    -_(double) -> double
    +(int, int) -> int
    +(uint, uint) -> uint
    +(double, double) -> double
    +(string, string) -> string
    +(bytes, bytes) -> bytes
    +(list(A), list(A)) -> list(A)
    +(timestamp, duration) -> timestamp
    +(duration, timestamp) -> timestamp
    +(duration, duration) -> duration
    -(int, int) -> int
    -(uint, uint) -> uint
    -(double, double) -> double
    -(timestamp, timestamp) -> duration
    -(timestamp, duration) -> timestamp
    -(duration, duration) -> duration
    *(int, int) -> int
    *(uint, uint) -> uint
    *(double, double) -> double
    /(int, int) -> int
    /(uint, uint) -> uint
    /(double, double) -> double
    %(int, int) -> int
    %(uint, uint) -> uint

    size(string) -> int
    size(bytes) -> int
    size(list(A)) -> int
    size(map(A, B)) -> int
    string.size() -> int
    bytes.size() -> int
    list(A).size() -> int
    map(A, B).size() -> int
    bool(bool) -> bool
    bool(string) -> bool
    int(int) -> int
    int(uint) -> int
    int(double) -> int
    int(string) -> int
    int(timestamp) -> int
    int(duration) -> int
    uint(uint) -> uint
    uint(int) -> uint
    uint(double) -> uint
    uint(string) -> uint
    double(double) -> double
    double(int) -> double
    double(uint) -> double
    double(string) -> double
    string(string) -> string
    string(bool) -> string
    string(int) -> string
    string(uint) -> string
    string(double) -> string
    string(bytes) -> string
    string(timestamp) -> string
    string(duration) -> string
    bytes(bytes) -> bytes
    bytes(string) -> bytes
    timestamp(timestamp) -> timestamp
    timestamp(string) -> timestamp
    timestamp(int) -> timestamp
    duration(duration) -> duration
    duration(string) -> duration
    duration(int) -> duration
    dyn(A) -> dyn
    type(A) -> type(A)
    string.contains(string) -> bool
    string.endsWith(string) -> bool
    string.startsWith(string) -> bool
    string.matches(string) -> bool
    matches(string, string) -> bool
    timestamp.getDate() -> int
    timestamp.getDate(string) -> int
    timestamp.getDayOfMonth() -> int
    timestamp.getDayOfMonth(string) -> int
    timestamp.getDayOfWeek() -> int
    timestamp.getDayOfWeek(string) -> int
    timestamp.getDayOfYear() -> int
    timestamp.getDayOfYear(string) -> int
    timestamp.getFullYear() -> int
    timestamp.getFullYear(string) -> int
    timestamp.getHours() -> int
    timestamp.getHours(string) -> int
    timestamp.getMilliseconds() -> int
    timestamp.getMilliseconds(string) -> int
    timestamp.getMinutes() -> int
    timestamp.getMinutes(string) -> int
    timestamp.getMonth() -> int
    timestamp.getMonth(string) -> int
    timestamp.getSeconds() -> int
    timestamp.getSeconds(string) -> int
    duration.getHours() -> int
    duration.getMilliseconds() -> int
    duration.getMinutes() -> int
    duration.getSeconds() -> int

    optional.none() -> optional(A)
    optional.of(A) -> optional(A)
    optional.ofNonZeroValue(A) -> optional(A)
    optional.unwrap(list(optional(A))) -> list(A)
    list(optional(A)).unwrapOpt() -> list(A)
    optional(A).hasValue() -> bool
    optional(A).value() -> A
    optional(A).or(optional(A)) -> optional(A)
    optional(A).orValue(A) -> A

    string.charAt(int) -> string
    string.format(list(dyn)) -> string
    string.indexOf(string) -> int
    string.indexOf(string, int) -> int
    list(string).join() -> string
    list(string).join(string) -> string
    string.lastIndexOf(string) -> int
    string.lastIndexOf(string, int) -> int
    string.lowerAscii() -> string
    string.replace(string, string) -> string
    string.replace(string, string, int) -> string
    string.reverse() -> string
    string.split(string) -> list(string)
    string.split(string, int) -> list(string)
    string.substring(int) -> string
    string.substring(int, int) -> string
    string.trim() -> string
    string.upperAscii() -> string
    strings.quote(string) -> string

    math.abs(int) -> int
    math.abs(uint) -> uint
    math.abs(double) -> double
    math.bitAnd(int, int) -> int
    math.bitAnd(uint, uint) -> uint
    math.bitNot(int) -> int
    math.bitNot(uint) -> uint
    math.bitOr(int, int) -> int
    math.bitOr(uint, uint) -> uint
    math.bitShiftLeft(int, int) -> int
    math.bitShiftLeft(uint, int) -> uint
    math.bitShiftRight(int, int) -> int
    math.bitShiftRight(uint, int) -> uint
    math.bitXor(int, int) -> int
    math.bitXor(uint, uint) -> uint
    math.ceil(double) -> double
    math.floor(double) -> double
    math.isFinite(double) -> bool
    math.isInf(double) -> bool
    math.isNaN(double) -> bool
    math.round(double) -> double
    math.sign(int) -> int
    math.sign(uint) -> uint
    math.sign(double) -> double
    math.sqrt(int) -> double
    math.sqrt(uint) -> double
    math.sqrt(double) -> double
    math.trunc(double) -> double

    list(A).distinct() -> list(A)
    list(list(A)).flatten() -> list(A)
    list(dyn).flatten(int) -> list(dyn)
    lists.range(int) -> list(int)
    list(A).reverse() -> list(A)
    list(A).slice(int, int) -> list(A)
    list(A).sort() -> list(A)
    base64.decode(string) -> bytes
    base64.encode(bytes) -> string
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::cel::SHIPPED_NAMES;

    #[test]
    fn every_function_of_the_environment_has_a_signature() {
        // Macros and the functions with any number of arguments are typed by rules of their own.
        let by_rule = [
            "all",
            "exists",
            "exists_one",
            "existsOne",
            "filter",
            "has",
            "map",
            "math.greatest",
            "math.least",
            "optFlatMap",
            "optMap",
            "sortBy",
            "transformList",
            "transformMap",
            "transformMapEntry",
            "cel.bind",
        ];
        for name in SHIPPED_NAMES.iter().filter(|name| !by_rule.contains(name)) {
            assert!(signatures().contains_key(*name), "{name}");
        }
    }
}
