//! A member's word: the answers `yes` and `no` as people write them.
//!
//! A closed list: what is not on it is no clear answer, and changes nothing.

/// How a clear yes begins.
const YES: [&str; 7] = ["yes", "yep", "yeah", "y", "ok", "okay", "yes yes"];

/// How a clear no begins.
const NO: [&str; 2] = ["no", "nope"];

/// What may follow a yes.
const GRANTS: [&str; 16] = [
    "i confirm",
    "confirmed",
    "correct",
    "that is correct",
    "that is right",
    "do it",
    "please do",
    "please do it",
    "do it please",
    "go ahead",
    "please go ahead",
    "apply it",
    "please apply it",
    "of course",
    "sure",
    "i did",
];

/// What may follow a yes, or stand alone.
const MINE: [&str; 20] = [
    "i confirm",
    "i confirm it",
    "i confirm this",
    "that was me",
    "it was me",
    "this was me",
    "that is me",
    "it is me",
    "that was mine",
    "it was mine",
    "that is mine",
    "it is mine",
    "this is mine",
    "i wrote that",
    "i wrote it",
    "i wrote this",
    "i sent that",
    "i sent it",
    "i sent this",
    "that was from me",
];

/// What may follow a no, or stand alone.
const NOT_MINE: [&str; 20] = [
    "not me",
    "that was not me",
    "it was not me",
    "this was not me",
    "that is not me",
    "it is not me",
    "not mine",
    "that was not mine",
    "it was not mine",
    "that is not mine",
    "it is not mine",
    "this is not mine",
    "i did not",
    "i did not write that",
    "i did not write it",
    "i did not write this",
    "i did not send that",
    "i did not send it",
    "i did not send this",
    "that was not from me",
];

/// How a line begins that takes back some of a yes or a no above it.
const LIMITS: [&str; 11] =
    ["but", "except", "excepting", "however", "just", "not", "only", "unless", "without", "wait", "actually"];

/// The most words of a greeting.
const MOST_OF_GREETING: usize = 4;

/// The longest line that is looked at, in octets.
const LONGEST: usize = 80;

/// Whether a line, without its courtesies, says clearly yes or no.
pub(super) fn says(line: &str) -> Option<bool> {
    let words = words(line)?;
    let after = |beginnings: &[&str]| {
        let mut rests = beginnings.iter().filter_map(|beginning| words.strip_prefix(beginning));
        rests.find(|rest| rest.is_empty() || rest.starts_with(' ')).map(|rest| rest.trim_start().to_owned())
    };
    let is = |phrases: &[&str], words: &str| phrases.contains(&words);
    if is(&MINE, &words) {
        return Some(true);
    }
    if is(&NOT_MINE, &words) {
        return Some(false);
    }
    if let Some(rest) = after(&YES) {
        // "yes please": the courtesy is not the last word of every line.
        let rest = rest.trim_end_matches(" please");
        let clear = rest.is_empty() || rest == "please" || is(&GRANTS, rest) || is(&MINE, rest) || is(&YES, rest);
        return clear.then_some(true);
    }
    let rest = after(&NO)?;
    (rest.is_empty() || is(&NOT_MINE, &rest)).then_some(false)
}

/// Whether a line only greets: what follows it is still the beginning.
pub(super) fn is_greeting(line: &str) -> bool {
    // A look before: so a greeting begins.
    let first = line.bytes().find(u8::is_ascii_alphanumeric).unwrap_or_default();
    if line.is_ascii() && !matches!(first.to_ascii_lowercase(), b'h' | b'd' | b'm' | b'g') {
        return false;
    }
    let Some(words) = words(line) else { return false };
    let mut each = words.split(' ');
    let first = each.next().unwrap_or_default();
    let greets = matches!(first, "hi" | "hello" | "hey" | "dear" | "moin" | "good");
    let good = first != "good" || matches!(each.next(), Some("morning" | "afternoon" | "evening" | "day"));
    greets && good && words.split(' ').count() <= MOST_OF_GREETING && !words.contains(|c: char| c.is_ascii_digit())
}

/// Whether a line below a yes or a no takes back some of it.
pub(super) fn limits(line: &str) -> bool {
    let first: String = line.trim().chars().take_while(|c| c.is_alphabetic()).take(LONGEST).collect();
    LIMITS.contains(&first.to_lowercase().as_str())
}

/// The words of a line in lower case, short forms spelled out; `None` for a long one, or one that asks.
fn words(line: &str) -> Option<String> {
    if line.len() > LONGEST || line.contains('?') {
        return None;
    }
    let plain = line.to_lowercase().replace(['\u{2018}', '\u{2019}', '`'], "'");
    let plain = plain.replace("n't", " not").replace("that's", "that is").replace("it's", "it is");
    let apart = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    Some(apart.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clear_answer_is_known_in_the_words_that_people_use() {
        for yes in [
            "yes",
            "Yes.",
            "YES!",
            "ok",
            "Okay",
            "Yes, that was me.",
            "yes please",
            "Yes, it\u{2019}s mine.",
            "That was me.",
            "ok, go ahead",
            "Yes - please do it",
            "yes, I confirm",
            "I confirm.",
            "y",
        ] {
            assert_eq!(says(yes), Some(true), "{yes}");
        }
        for no in ["no", "No.", "no, that wasn't me", "That was not me!", "I didn't write that.", "nope", "Not me"] {
            assert_eq!(says(no), Some(false), "{no}");
        }
    }

    #[test]
    fn what_is_not_clear_says_nothing() {
        for text in [
            "",
            "yes?",
            "yes but not item 2",
            "yes, except the second",
            "yes and no",
            "yes, no",
            "no, yes",
            "yesterday",
            "ok for 1 only",
            "not yet",
            "no idea what this is",
            "was that me?",
            "who was that",
            "I wrote that line, but not the other",
            "yes, I did not",
            "no problem",
        ] {
            assert_eq!(says(text), None, "{text}");
        }
    }

    #[test]
    fn a_greeting_is_one_and_a_limit_too() {
        for text in ["Hi,", "Hello minuted", "Dear bot,", "Good morning!"] {
            assert!(is_greeting(text), "{text}");
        }
        for text in ["Hi, please close item 3 for me", "Good.", "yes", "", "Hi 2"] {
            assert!(!is_greeting(text), "{text}");
        }
        assert!(limits("but not item 2") && limits("  Except the last.") && limits("Only 1"));
        assert!(!limits("Kim") && !limits("Butler") && !limits(""));
    }
}
