//! Lines that would be a command with one word spelled otherwise: `clsoe A-WG4-TP8-001`.

use strsim::damerau_levenshtein;

use super::catalogue::{HELP, words};
use super::doubt::NEGATIONS;
use super::grammar::{Mode, Read, names_something, read};
use super::targets::targets;
use super::written::{Rest, Written};
use crate::domain::Text;

/// The words that commands begin with, or that stand after what they are about.
const WORDS: [&str; 46] = [
    "done",
    "close",
    "closed",
    "completed",
    "finished",
    "fixed",
    "confirm",
    "reopen",
    "ongoing",
    "cancel",
    "note",
    "priority",
    "what",
    "due",
    "extend",
    "assign",
    "action",
    "accept",
    "reject",
    "status",
    "history",
    "list",
    "help",
    "pause",
    "resume",
    "undo",
    "posted",
    "withdraw",
    "agreed",
    "noted",
    "approved",
    "postponed",
    "digest",
    "ratify",
    "object",
    "objection",
    "attending",
    "remote",
    "remotely",
    "regrets",
    "register",
    "approval",
    "meeting",
    "session",
    "call",
    "agenda",
];

/// So many wrong keys at most leave no doubt about any word.
const MOST_WRONG: u32 = 2;

/// What a line that is no command was probably meant to be.
pub(super) fn near_miss(rest: Rest<'_>, mode: &Mode<'_>) -> Option<Text> {
    let before = targets(rest, mode);
    let at = match &before {
        Some(found) => found.rest.mark(':').unwrap_or(found.rest),
        None => rest,
    };
    let written = at.first_word();
    let word = written.trim_end_matches([':', ',', '.', '!', ';']).to_lowercase();
    if NEGATIONS.contains(&&*word) {
        return None;
    }
    let start = rest.text().len() - at.text().len();
    let (head, tail) = (rest.text().get(..start)?, at.text().get(word.len()..)?);
    let exact = Mode { near: false, ..*mode };
    let mut closest: Vec<(usize, &str)> = WORDS
        .iter()
        .map(|meant| (distance(&word, meant), *meant))
        .filter(|(distance, meant)| *distance > 0 && *distance <= allowed(&word, meant))
        .collect();
    closest.sort_unstable();
    closest.into_iter().find_map(|(_, meant)| {
        let line = format!("{head}{meant}{tail}");
        let Read::Command(command) = read(&Written::new(&line), &exact) else { return None };
        let names = names_something(&command);
        // A word alone ("none", "gone") is a misspelled command only where it begins like one.
        let alike = word.chars().next() == meant.chars().next() || same_letters(&word, meant);
        (names || (mode.meant && alike)).then(|| Text::new("line-near-miss").with("meant", line))
    })
}

/// The command's word that another word was probably meant to be.
pub(super) fn nearly(word: &str) -> Option<&'static str> {
    let is_command = |meant: &&str| HELP.iter().any(|(syntax, _)| words(syntax).any(|known| known == *meant));
    let near = |meant: &&str| (1..=allowed(word, meant)).contains(&distance(word, meant)) && is_command(meant);
    let alike = |meant: &&str| word.chars().next() == meant.chars().next() || same_letters(word, meant);
    WORDS.iter().copied().filter(|meant| near(meant) && alike(meant)).min_by_key(|meant| distance(word, meant))
}

/// Whether a word is another one, or that one misspelled.
pub(super) fn is_nearly(word: &str, meant: &str) -> bool {
    word.chars().next() == meant.chars().next() && distance(word, meant) <= allowed(word, meant)
}

/// What follows a word that is "until" misspelled: `untill 2014-05-05`.
pub(super) fn after_misspelled_until<'a>(rest: Rest<'a>) -> Option<Rest<'a>> {
    let word = rest.first_word();
    let lower = word.to_lowercase();
    (lower != "until" && is_nearly(&lower, "until")).then(|| rest.after(word.len()))
}

/// How many keys apart two words are; swapped ones count once. Long words are none of ours.
fn distance(word: &str, meant: &str) -> usize {
    if word.len() > 12 || is_far(word, meant) { usize::MAX } else { damerau_levenshtein(word, meant) }
}

/// A cheap look: more than [`MOST_WRONG`] letters of one word are not in the other, each of which costs a key.
fn is_far(word: &str, meant: &str) -> bool {
    let letters = |word: &str| word.chars().fold(0_u128, |all, c| all | 1 << (c as u32 % 128));
    let (word, meant) = (letters(word), letters(meant));
    (word & !meant).count_ones().max((meant & !word).count_ones()) > MOST_WRONG
}

/// Whether two words are of the same letters: only their order is wrong.
fn same_letters(word: &str, meant: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(word) == sorted(meant)
}

/// How many wrong keys still leave no doubt about the word: "lost" is not "list" misspelled twice.
fn allowed(word: &str, meant: &str) -> usize {
    match word.len().min(meant.len()) {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn no_word_that_is_near_looks_far(meant in prop::sample::select(&WORDS[..]), at in 0..12_usize, how in 0..4_u8, c in "[a-zé€]") {
            let wrong = |word: &str| {
                let mut letters: Vec<char> = word.chars().collect();
                let at = at % letters.len();
                match how {
                    0 => drop(letters.remove(at)),
                    1 => letters.insert(at, c.chars().next().unwrap()),
                    2 => letters[at] = c.chars().next().unwrap(),
                    _ => letters.swap(at, 0),
                }
                letters.into_iter().collect::<String>()
            };
            let word = wrong(&wrong(meant));
            prop_assert!(damerau_levenshtein(&word, meant) > 2 || !is_far(&word, meant), "{} {}", word, meant);
            prop_assert!(WORDS.iter().all(|meant| damerau_levenshtein(&word, meant) > 2 || !is_far(&word, meant)));
        }
    }
}
