//! Lines that would be a command with one word spelled otherwise: `clsoe A-WG4-TP8-001`.

use strsim::damerau_levenshtein;

use super::catalogue::{HELP, words};
use super::doubt::NEGATIONS;
use super::grammar::{Mode, Read, names_something, read};
use super::targets::targets;
use super::written::{Rest, Written};
use crate::domain::Text;

/// The words that commands begin with, or that stand after what they are about.
const WORDS: [&str; 34] = [
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
];

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

/// How many keys apart two words are; swapped ones count once. Long words are none of ours.
fn distance(word: &str, meant: &str) -> usize {
    if word.len() > 12 { usize::MAX } else { damerau_levenshtein(word, meant) }
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
