//! Numbers of JSON.

use crate::value::Data;

/// A number by the grammar of JSON; whole numbers beyond 64 bits become floating point.
pub(super) fn read(word: &str) -> Option<Data> {
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let whole = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    if whole == 0 || (whole > 1 && unsigned.starts_with('0')) {
        return None;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let rest = &unsigned[whole..];
    if rest.is_empty() {
        return word.parse().map(Data::Int).or_else(|_| word.parse().map(Data::Float)).ok();
    }
    let (fraction, exponent) = match rest.split_once(['e', 'E']) {
        Some((fraction, exponent)) => (fraction, Some(exponent)),
        None => (rest, None),
    };
    let fraction_fits = fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits);
    let exponent_fits = exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)));
    (fraction_fits && exponent_fits).then(|| word.parse().ok().map(Data::Float)).flatten()
}
