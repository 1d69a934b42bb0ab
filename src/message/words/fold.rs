//! The case of letters, and what letters are: as the Unicode classes of patterns have them.

use std::sync::LazyLock;

use regex::Regex;

/// A character without its case: the same for all that differ by case alone (simple case folding,
/// Unicode 5.18). Its length in UTF-8 may be another.
pub(super) fn fold(c: char) -> char {
    match c {
        '\0'..='\x7f' => c.to_ascii_lowercase(),
        'а'..='я' => c,
        'А'..='Я' => char::from_u32(c as u32 + 0x20).unwrap_or(c),
        // Hebrew to Burmese, and the scripts of East Asia, have no case; the Turkish dotless i is
        // its own letter in every case.
        '\u{590}'..='\u{109f}' | '\u{2e80}'..='\u{a63f}' | '\u{ac00}'..='\u{faff}' | 'ı' => c,
        // The same letters twice, without a single capital.
        '\u{1fd3}' => '\u{390}',
        '\u{1fe3}' => '\u{3b0}',
        '\u{fb05}' => '\u{fb06}',
        // By way of the capital, for some small letters have two forms: the sigmas.
        _ => {
            let capital = only(c.to_uppercase()).unwrap_or(c);
            only(capital.to_lowercase()).unwrap_or(c)
        }
    }
}

fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    characters.next().filter(|_| characters.next().is_none())
}

/// It is a letter (general category L).
pub(super) fn is_letter(c: char) -> bool {
    static LETTER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\pL").ok());
    // All that is alphabetic in these blocks is a letter; elsewhere marks and numerals are too.
    let plain =
        matches!(c, '\0'..='\u{24f}' | '\u{386}'..='\u{481}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    c.is_alphabetic() && (plain || is(&LETTER, c))
}

/// It is of a word: a letter, a mark, a digit, an underscore.
pub(super) fn is_of_word(c: char) -> bool {
    static OF_WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\w").ok());
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric() || c == '_',
        _ => c.is_alphabetic() || is(&OF_WORD, c),
    }
}

fn is(pattern: &LazyLock<Option<Regex>>, c: char) -> bool {
    pattern.as_ref().is_some_and(|regex| regex.is_match(c.encode_utf8(&mut [0; 4])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_words_are_those_of_patterns() {
        let (letter, word) = (Regex::new(r"\A\pL\z").unwrap(), Regex::new(r"\A\w\z").unwrap());
        let assigned = Regex::new(r"\A\P{Cn}\z").unwrap();
        for c in '\0'..='\u{ffff}' {
            let text = c.to_string();
            // The standard library may know characters that the patterns do not know yet.
            if !assigned.is_match(&text) {
                continue;
            }
            assert_eq!(is_letter(c), letter.is_match(&text), "{c:?}");
            assert_eq!(is_of_word(c), word.is_match(&text), "{c:?}");
        }
    }
}
