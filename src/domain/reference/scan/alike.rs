//! Words that were meant as a reference of the group and are none: `A-WG4-TP8-O03` with a letter for a digit.

use super::super::super::ReferenceScheme;

/// The most letters of a mistyped number.
const LONGEST_NUMBER: usize = 4;

/// Whether a folded word begins like a reference of the group, or is a number with a letter in a digit's
/// place. A whole reference does so, too.
pub fn begins_like_one(word: &str, scheme: &ReferenceScheme) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    if is_mistyped_number(word) {
        return true;
    }
    let labels = || std::iter::once(&scheme.group).chain(&scheme.group_aliases);
    let joined: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
    let beginnings = ["A", "P"].into_iter().filter_map(|mark| after(&joined, mark)).chain([joined.as_str()]);
    let is_item = |rest: &str| after(rest, &scheme.plenary).is_some_and(like_digits);
    if beginnings.flat_map(|rest| labels().filter_map(move |label| after(rest, label))).any(is_item) {
        return true;
    }
    let mut parts = word.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let (Some(first), Some(second)) = (parts.next(), parts.next()) else { return false };
    let is_label = |part: &str| labels().any(|label| label.eq_ignore_ascii_case(part));
    let is_prefix = |part: &str| scheme.contributions.iter().any(|prefix| prefix.eq_ignore_ascii_case(part));
    if ["A", "P"].iter().any(|mark| first.eq_ignore_ascii_case(mark)) {
        return is_label(second) || is_item(second);
    }
    // A revision may follow the number.
    let number = second.split(['R', 'r']).next().unwrap_or_default();
    (is_label(first) || is_item(first) || is_prefix(first)) && like_digits(number)
}

/// What follows `beginning` in any letter case, where there is one.
fn after<'a>(word: &'a str, beginning: &str) -> Option<&'a str> {
    let start = word.get(..beginning.len())?;
    (!beginning.is_empty() && start.eq_ignore_ascii_case(beginning)).then(|| &word[beginning.len()..])
}

/// Whether a text is of digits, and of letters that look like one.
fn like_digits(text: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit() || matches!(c, 'O' | 'o' | 'I' | 'l' | 'i');
    !text.is_empty() && text.chars().all(is_digit)
}

fn is_mistyped_number(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() <= LONGEST_NUMBER && digits > 0 && digits < word.len() && like_digits(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_with_a_letter_for_a_digit_is_like_one_and_a_word_is_not() {
        let scheme = ReferenceScheme::default();
        for word in [
            "A-WG4-TP8-O03",
            "a-wg4-tp8-oo3",
            "A-SEC-TP8-0O3:",
            "A-WG4-003",
            "A-TP8-003",
            "WG4-TP8-O03",
            "TP8-O3",
            "AWG4TP8003",
            "WG4TP8-003",
            "SEC-2014-O243",
            "SEC-O243R02",
            "A-WG4-TP8-003",
            "(O03)",
            "0O3,",
        ] {
            assert!(begins_like_one(word, &scheme), "{word}");
        }
        for word in [
            "waiting", "SEC-CSF", "A-B", "TLS-1.2", "3GPP", "2nd", "e2e", "TP8", "WG4", "R02", "oil", "003", "", "-",
            "A-",
        ] {
            assert!(!begins_like_one(word, &scheme), "{word}");
        }
    }
}
