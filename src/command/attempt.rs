//! Lines that were meant as commands and are none: `close 003`, `"reopen A-WG4-TP8-001"`, `3 high`.
//! Whoever wrote one expects something to happen, and is told that nothing did.
//!
//! Among people a line must begin with a command's word and what it is about; in a mail to the bot
//! alone, and behind a `#`, there is less prose to be taken for one.

use super::catalogue::{HELP, words};
use super::grammar::{Mode, begin, without_courtesies};
use super::items::is_prose;
use super::mended::mended;
use super::misnamed::misnamed;
use super::near_miss::nearly;
use super::owners::PROSE_AFTER_ACTION;
use super::targets::{BEFORE, targets};
use super::written::{Rest, Written};
use crate::domain::reference::scan::leading;
use crate::domain::{Reference, Text};

/// The most words of a line that is looked at; a longer one is prose.
const MOST_WORDS: usize = 12;

/// The most words after a command's word where what it is about stands anywhere behind it.
const MOST_BEFORE_OBJECT: usize = 4;

/// The most words of a line to the bot alone that only begins with a command's word.
const MOST_ALONE: usize = 8;

/// The most words after a row's number that may be meant as a command.
const MOST_AFTER_ROW: usize = 3;

/// A sentence of more words than this tells of an item, and wants nothing of it.
const MOST_IN_SENTENCE: usize = 6;

/// How prose goes on after words that commands begin with, beside how it goes on after `note`.
const PROSE: [&str; 8] = ["about", "are", "were", "be", "should", "would", "could", "has"];

/// Words before a reference that only point at it.
const POINTING: [&str; 14] =
    ["see", "re", "regarding", "concerning", "about", "cf", "for", "in", "on", "of", "and", "with", "hello", "dear"];

/// Words that begin sentences more often than commands, whatever follows.
const BEGIN_SENTENCES: [&str; 7] = ["what", "also", "note", "action", "status", "list", "history"];

/// What is said of a line that is no command and was meant as one.
pub(super) fn attempt(line: &Written, mode: &Mode<'_>) -> Option<Text> {
    let (rest, question) = without_courtesies(begin(line));
    let count = rest.text().split_whitespace().take(MOST_WORDS + 1).count();
    if question || count > MOST_WORDS || rest.text().ends_with(':') {
        return None;
    }
    let begun = || {
        let command = begun(rest, count, mode)?;
        Some(match &*command {
            "help" => Text::new("line-near-miss").with("meant", command),
            _ => Text::new("line-not-whole").with("command", command),
        })
    };
    if let Some(told) = misnamed(rest, mode) {
        return Some(told);
    }
    mended(rest, mode)
        .map(|meant| Text::new("line-near-miss").with("meant", meant))
        .or_else(begun)
        .or_else(|| names_an_item(rest, count, mode).then(|| Text::new("line-missing-command")))
}

/// The command's word that a line of `count` words begins with, where it goes on as a command does.
fn begun(rest: Rest<'_>, count: usize, mode: &Mode<'_>) -> Option<String> {
    let written = rest.first_word();
    let word = written.trim_end_matches([':', ',', '.', ';']).to_lowercase();
    let after = rest.after(written.len());
    let next = after.skip(&BEFORE).first_word();
    let is_word = |word: &str| HELP.iter().any(|(syntax, _)| words(syntax).any(|known| known == word));
    let verb = after.text().to_lowercase();
    if mode.meant && matches!(&*word, "all" | "both" | "everything") && is_word(&verb) {
        // "all done"
        return Some(verb);
    }
    if !is_word(&word) {
        let meant = nearly(&word)?;
        let about = if mode.meant { is_object(next, mode) } else { is_item(next, mode) };
        return about.then(|| meant.to_owned());
    }
    if matches!(&*word, "meeting" | "session" | "attending" | "remote" | "regrets") {
        // They begin more sentences and headings than commands: only beside one that is named.
        let begins = |word: &str| is_meeting(word, mode) || word.starts_with(|c: char| c.is_ascii_digit());
        let names = after.text().split_whitespace().take(2).any(begins);
        return (mode.meant && names).then_some(word);
    }
    if matches!(&*word, "call" | "object" | "agreed") {
        // So do these.
        return (mode.meant && is_object(next, mode)).then_some(word);
    }
    if mode.meant && word == "register" && after.is_empty() {
        return Some(word);
    }
    let begins_sentences = BEGIN_SENTENCES.contains(&&*word);
    let counts = matches!(&*word, "status" | "list" | "history") && next.bytes().all(|byte| byte.is_ascii_digit());
    // "close 003", "done [A-WG4-TP8-001] …"
    let direct = is_object(next, mode) && !counts && (mode.meant || !begins_sentences);
    // "priority of A-WG4-TP8-001"
    let near = !begins_sentences
        && count <= MOST_BEFORE_OBJECT + 1
        && after.text().split_whitespace().any(|word| is_object(word, mode));
    // "action Gemalto"
    let second = after.first_word().trim_end_matches([':', ',']).to_lowercase();
    let prose = match &*word {
        "list" => second == "of",
        // "action for Gemalto: check it" names its owner.
        "action" if matches!(&*second, "for" | "to" | "on" | "by") => !after.text().contains(':'),
        "action" => is_prose(after) || PROSE_AFTER_ACTION.contains(&&*second),
        // "member A, B" has no article.
        _ => is_prose(after) && !after.first_word().ends_with(',') || PROSE.contains(&&*second),
    };
    let of_all =
        mode.meant && matches!(after.text().to_lowercase().as_str(), "all" | "both" | "everything" | "all requests");
    // Below a letter, "Member Qualcomm" is who signs it.
    let signs = word == "member" && !after.text().contains(',');
    let alone = mode.meant && count <= MOST_ALONE && !prose && !signs && !after.is_empty();
    (direct || near || alone || of_all).then_some(word)
}

/// Whether a line names an action item, or a row, and says in a word or a few what is to become of it.
fn names_an_item(rest: Rest<'_>, count: usize, mode: &Mode<'_>) -> bool {
    let is_sentence = count > MOST_IN_SENTENCE
        && rest.to_end_of_line().text().ends_with('.')
        && rest.text().starts_with(char::is_uppercase);
    if !mode.meant || is_sentence {
        return false;
    }
    let after = |rest: Rest<'_>| rest.text().split_whitespace().count();
    if let Some(found) = targets(rest, mode) {
        let most = if found.are_rows() { MOST_AFTER_ROW } else { MOST_WORDS };
        let numbers_a_list = found.are_rows() && found.rest.text().starts_with(['.', ')']);
        let are_items = found.are_rows() || is_item(rest.skip(&BEFORE).first_word(), mode);
        return are_items && !numbers_a_list && (1..=most).contains(&after(found.rest.mark(':').unwrap_or(found.rest)));
    }
    let first = rest.first_word().trim_end_matches([':', ',', '.']).to_lowercase();
    let mut words = rest.text().split_whitespace();
    count <= MOST_WORDS
        && first.chars().all(|c| c.is_alphabetic() || c == '-')
        && !POINTING.contains(&&*first)
        && words.any(|word| is_item(word, mode))
}

/// Whether a word is an action item's reference.
fn is_item(word: &str, mode: &Mode<'_>) -> bool {
    let group = leading(word, mode.scheme, false);
    group.is_some_and(|group| matches!(group.found.first().map(|found| &found.reference), Some(Reference::Action(_))))
}

/// Whether a word is one of the group's meetings.
fn is_meeting(word: &str, mode: &Mode<'_>) -> bool {
    let group = leading(word, mode.scheme, false);
    group.is_some_and(|group| matches!(group.found.first().map(|found| &found.reference), Some(Reference::Meeting(_))))
}

/// Whether a word can be what a command is about: a reference or something like one, a number, an
/// address.
fn is_object(word: &str, mode: &Mode<'_>) -> bool {
    let word = word.trim_start_matches(['#', '[', '(', '<', '"', '\'']);
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let number = (1..=4).contains(&digits) && word.trim_end_matches([',', '.', ':', ';', ']', ')']).len() == digits;
    let joined = digits > 0 && word.contains(['-', '_', '#']);
    match leading(word, mode.scheme, false).and_then(|group| group.found.into_iter().next()) {
        Some(found) => {
            matches!(found.reference, Reference::Action(_) | Reference::Document(_) | Reference::Short { .. })
        }
        None => number || joined || word.contains('@'),
    }
}
