//! What a scalar means: the core schema of YAML 1.2 (section 10.3.2).

use crate::value::Data;

/// The value of an unquoted scalar that is no text; `None` for text. `yes`, `no`, `on` and `off`
/// are text in YAML 1.2.
pub(super) fn plain(text: &str) -> Option<Data> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Some(Data::Null),
        "true" | "True" | "TRUE" => Some(Data::Bool(true)),
        "false" | "False" | "FALSE" => Some(Data::Bool(false)),
        _ => number(text),
    }
}

/// A number of the core schema; whole numbers beyond 64 bits become floating point.
pub(super) fn number(text: &str) -> Option<Data> {
    let first = *text.as_bytes().first()?;
    if !matches!(first, b'0'..=b'9' | b'+' | b'-' | b'.') {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    match text {
        ".nan" | ".NaN" | ".NAN" => return Some(Data::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(Data::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Data::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().map(Data::Int).or_else(|_| text.parse().map(Data::Float)).ok();
    }
    if is_float(unsigned) { text.parse().map(Data::Float).ok() } else { None }
}

fn radix(digits: &str, radix: u32) -> Option<Data> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return None;
    }
    Some(i64::from_str_radix(digits, radix).map_or_else(
        |_| {
            let value = digits.chars().filter_map(|c| c.to_digit(radix));
            Data::Float(value.fold(0.0, |sum, digit| sum * f64::from(radix) + f64::from(digit)))
        },
        Data::Int,
    ))
}

/// Digits with a dot, an exponent or both: `1.`, `.5`, `1e3`, but not `.`, `e3` or `1.2.3`.
fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    !(whole.is_empty() && fraction.is_empty()) && digits(whole) && digits(fraction) && exponent_fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_follow_the_core_schema() {
        let table = [
            ("", Some(Data::Null)),
            ("~", Some(Data::Null)),
            ("Null", Some(Data::Null)),
            ("nULL", None),
            ("True", Some(Data::Bool(true))),
            ("FALSE", Some(Data::Bool(false))),
            ("yes", None),
            ("no", None),
            ("on", None),
            ("Off", None),
            ("0", Some(Data::Int(0))),
            ("-17", Some(Data::Int(-17))),
            ("+17", Some(Data::Int(17))),
            ("017", Some(Data::Int(17))),
            ("0o17", Some(Data::Int(15))),
            ("0xfF", Some(Data::Int(255))),
            ("0x", None),
            ("-0x1", None),
            ("0o8", None),
            ("1_000", None),
            ("9223372036854775807", Some(Data::Int(i64::MAX))),
            ("9223372036854775808", Some(Data::Float(9_223_372_036_854_775_808.0))),
            ("0x10000000000000000", Some(Data::Float(18_446_744_073_709_551_616.0))),
            ("1.10", Some(Data::Float(1.1))),
            ("1.", Some(Data::Float(1.0))),
            (".5", Some(Data::Float(0.5))),
            ("-1e3", Some(Data::Float(-1000.0))),
            ("1.5E-1", Some(Data::Float(0.15))),
            (".inf", Some(Data::Float(f64::INFINITY))),
            ("-.INF", Some(Data::Float(f64::NEG_INFINITY))),
            (".", None),
            ("-", None),
            ("+", None),
            ("..5", None),
            ("1e", None),
            ("e3", None),
            ("1.2.3", None),
            ("2026-09-01", None),
            ("inf", None),
            ("nan", None),
            ("infinity", None),
            ("-inf", None),
            ("12:30", None),
        ];
        for (text, expected) in table {
            assert_eq!(plain(text), expected, "{text:?}");
        }
        assert!(matches!(plain(".NaN"), Some(Data::Float(value)) if value.is_nan()));
    }
}
