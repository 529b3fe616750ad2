//! Titles and column headers in the form that rules compare.

/// Normalises a title: lower case, words joined by `-`, without leading numbering (`1.`, `2.3`),
/// without a trailing `[optional]`, `&` read as `and`, apostrophes dropped.
///
/// ```
/// assert_eq!(annexa::value::slug("2.1 Intended uses & limitations [optional]"), "intended-uses-and-limitations");
/// ```
pub fn slug(title: &str) -> String {
    let title = title.trim().to_lowercase();
    let title = title.strip_suffix("[optional]").unwrap_or(&title);
    let mut slug = String::with_capacity(title.len());
    let mut gap = false;
    for c in without_number(title).chars() {
        if matches!(c, '\'' | '’') {
            continue;
        }
        if !c.is_alphanumeric() && c != '&' {
            gap = true;
            continue;
        }
        if (gap || c == '&') && !slug.is_empty() {
            slug.push('-');
        }
        gap = c == '&';
        if c == '&' { slug.push_str("and") } else { slug.push(c) }
    }
    slug
}

/// The title behind a number such as `1.`, `1)`, `1.2` or `1.2.3.`; a bare `2024` is no numbering.
fn without_number(title: &str) -> &str {
    let Some((number, rest)) = title.trim_start().split_once(char::is_whitespace) else { return title };
    let digits = number.strip_suffix(['.', ')']).unwrap_or(number);
    let numbering = digits.len() < number.len() || digits.contains('.');
    let parts = digits.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    if numbering && parts { rest } else { title }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn titles_are_normalised() {
        let table = [
            ("Intended uses & limitations", "intended-uses-and-limitations"),
            ("Intended uses and limitations", "intended-uses-and-limitations"),
            ("Bias, Risks, and Limitations", "bias-risks-and-limitations"),
            ("Downstream Use [optional]", "downstream-use"),
            ("1. Introduction", "introduction"),
            ("1) Introduction", "introduction"),
            ("2.3 Intended use", "intended-use"),
            ("2.3.1. Intended use", "intended-use"),
            ("2024 results", "2024-results"),
            ("1.5", "1-5"),
            ("Out-of-Scope Use", "out-of-scope-use"),
            ("What's new?", "whats-new"),
            ("R&D", "r-and-d"),
            ("  Limitations:  ", "limitations"),
            ("⚠️ Risks", "risks"),
            ("Überwachung", "überwachung"),
            ("&", "and"),
            ("", ""),
            ("***", ""),
        ];
        for (title, expected) in table {
            assert_eq!(slug(title), expected, "{title:?}");
        }
    }
}
