//! Which part of a long text shows what changed.

use super::SHOWN;
use crate::source::clip;

/// Characters of an excerpt that stand before the first difference.
const LEAD: usize = 40;

/// `text`, or of a long one [`SHOWN`] characters so that the first difference from `other` is among them.
pub(super) fn excerpt(text: &str, other: Option<&str>) -> String {
    let Some(other) = other else { return clip(text, SHOWN) };
    let same = text.chars().zip(other.chars()).take_while(|(one, two)| one == two).count();
    if same + LEAD < SHOWN {
        return clip(text, SHOWN);
    }
    let from = text.char_indices().nth(same - LEAD).map_or(text.len(), |(at, _)| at);
    format!("…{}", clip(&text[from..], SHOWN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_difference_is_shown() {
        let same = "é".repeat(1_000);
        let (one, two) = (format!("{same}a{same}"), format!("{same}b"));
        let lead = "é".repeat(40);
        assert_eq!(excerpt(&two, Some(&one)), format!("…{lead}b"));
        assert_eq!(excerpt(&one, Some(&two)), format!("…{lead}a{}…", "é".repeat(159)));
        assert_eq!(excerpt(&one, None), format!("{}…", "é".repeat(200)));
        assert_eq!(excerpt("short", Some("shirt")), "short");
        assert_eq!(excerpt(&same, Some(&two)), format!("…{lead}"));
    }
}
