//! Texts as they are compared where only their words count.

/// A text for comparing: small letters, words joined by `-`.
pub fn fold(text: &str) -> String {
    let words: Vec<String> = text.split(|c| !is_in_word(c)).filter(has_letter).map(str::to_lowercase).collect();
    words.join("-")
}

/// Whether a character is part of a word: a letter, a digit, or a mark that combines with the one before
/// it, as in texts whose accents are characters of their own.
pub fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// The blocks of combining marks, and the sound marks of kana.
pub fn is_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{3099}'..='\u{309a}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

/// Whether a word has a letter or a digit: marks alone are no word.
pub fn has_letter(word: &&str) -> bool {
    word.contains(char::is_alphanumeric)
}
