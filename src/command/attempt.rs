//! Lines that were meant as commands and are none: `close 003`, `"reopen A-WG4-TP8-001"`, `3 high`.
//! Whoever wrote one expects something to happen, and is told that nothing did.
//!
//! Among people a line must begin with a command's word and what it is about; in a mail to the bot
//! alone, and behind a `#`, there is less prose to be taken for one.

use super::catalogue::{HELP, words};
use super::grammar::{Mode, Read, begin, names_something, read, without_courtesies};
use super::items::is_prose;
use super::near_miss::nearly;
use super::owners::PROSE_AFTER_ACTION;
use super::targets::{BEFORE, targets};
use super::written::{Rest, Written};
use super::{Command, Listing};
use crate::domain::reference::scan::leading;
use crate::domain::{Priority, Reference, Text};

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

/// Words by which people ask for a status: `mark A-WG4-TP8-001 as done`.
const MARK: [&str; 10] = ["mark", "set", "flag", "move", "change", "put", "report", "make", "update", "declare"];

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
    mended(rest, mode)
        .map(|meant| Text::new("line-near-miss").with("meant", meant))
        .or_else(begun)
        .or_else(|| names_an_item(rest, count, mode).then(|| Text::new("line-missing-command")))
}

/// The command that a line becomes with one thing about it mended.
fn mended(rest: Rest<'_>, mode: &Mode<'_>) -> Option<String> {
    let exact = Mode { near: false, ..*mode };
    let text = rest.text();
    let spelled = || spelled(text, mode);
    let candidates: [&dyn Fn() -> Option<String>; 11] = [
        &|| bare(text),
        &spelled,
        &|| marked(rest, mode),
        &|| priority(rest, mode),
        &|| row(text),
        &|| without_beginning(text),
        &|| cells(text),
        &|| removed(rest),
        &|| cells(&without_beginning(text)?),
        &|| renamed(rest, "ai", "action"),
        &|| renamed(rest, "show", "list"),
    ];
    candidates.iter().filter_map(|candidate| candidate()).find(|candidate| {
        let counts = |command: &Command| {
            names_something(command)
                || mode.meant && matches!(command, Command::List(listing) if *listing != Listing::Open)
                || matches!(command, Command::Action { .. } | Command::Member { .. } | Command::MemberLeft { .. })
        };
        matches!(read(&Written::new(candidate), &exact), Read::Command(command) if counts(&command))
    })
}

/// A line without quotes around it, and without `#` and brackets around its words.
fn bare(text: &str) -> Option<String> {
    let bare = |word: &str| {
        word.trim_start_matches(['#', '[', '<', '"', '\'', '`']).trim_end_matches([']', '>', '"', '\'', '`']).to_owned()
    };
    let words: Vec<String> = text.split_whitespace().map(bare).collect();
    let line = words.join(" ");
    (line != text).then_some(line)
}

/// A line whose action items are written out: `WG4-TP8-003` and `TP8-6` lack what others have.
pub(super) fn spelled(text: &str, mode: &Mode<'_>) -> Option<String> {
    let whole = |word: &str| {
        let (name, mark) = word.split_at(word.trim_end_matches([',', '.', ':', ';']).len());
        let candidates = [format!("A-{name}"), format!("A-{}-{name}", mode.scheme.group)];
        let found = candidates.into_iter().find_map(|candidate| {
            let group = leading(&candidate, mode.scheme, false).filter(|group| group.end == candidate.len())?;
            match &group.found.first()?.reference {
                Reference::Action(item) => Some(item.to_string()),
                _ => None,
            }
        });
        found.map_or_else(|| word.to_owned(), |item| item + mark)
    };
    // Only what is no reference yet is spelled out.
    let is_reference = |word: &str| leading(word, mode.scheme, false).is_some();
    let words: Vec<String> =
        text.split_whitespace().map(|word| if is_reference(word) { word.to_owned() } else { whole(word) }).collect();
    let line = words.join(" ");
    (line != text).then_some(line)
}

/// `mark A-WG4-TP8-001 as done` is `A-WG4-TP8-001: done`.
fn marked(rest: Rest<'_>, mode: &Mode<'_>) -> Option<String> {
    let (_, after) = rest.skip(&["and", "then"]).any(&MARK)?;
    let found = targets(after, mode)?;
    let (_, state) = found.rest.any(&["as", "to"])?;
    let of = after.text().get(..after.text().len() - found.rest.text().len())?;
    Some(format!("{}: {}", of.trim(), state.text()))
}

/// `3 high` is `priority 3 high`, and so is `priority high 3`.
fn priority(rest: Rest<'_>, mode: &Mode<'_>) -> Option<String> {
    let is_priority = |word: &str| word.parse::<Priority>().is_ok();
    if let Some(found) = targets(rest, mode) {
        let of = rest.text().get(..rest.text().len() - found.rest.text().len())?.trim();
        return is_priority(found.rest.text()).then(|| format!("priority {of} {}", found.rest.text()));
    }
    let after = rest.word("priority")?;
    let value = after.first_word();
    let of = after.after(value.len()).skip(&["to", "for", "of"]);
    (is_priority(value) && targets(of, mode).is_some()).then(|| format!("priority {} {value}", of.text()))
}

/// `(3) done`, `[3] done` and `No. 3 done` are `3 done`.
fn row(text: &str) -> Option<String> {
    let (first, rest) = text.split_once(' ')?;
    if ["no.", "nr.", "no", "nr", "#"].iter().any(|word| first.eq_ignore_ascii_case(word)) {
        return Some(rest.to_owned());
    }
    let inside = first.trim_start_matches(['(', '[']).trim_end_matches([')', ']']);
    (inside.len() < first.len() && inside.parse::<u16>().is_ok()).then(|| format!("{inside} {rest}"))
}

/// A line without what its author counts or points with (`a)`, `1.1`, `=>`, `[x]`), and without a
/// word before the command's (`add member …`, `new action …`).
fn without_beginning(text: &str) -> Option<String> {
    let (first, rest) = text.split_once(' ')?;
    let word = first.trim_end_matches([',', ':']).to_lowercase();
    let adds = matches!(&*word, "add" | "new" | "create" | "and" | "also" | "then" | "make" | "do" | "minuted");
    let counts = first.chars().count() <= 5
        && !first.starts_with('#')
        && (first.ends_with([')', ']', '.', '>']) || first.contains('.') || !first.contains(char::is_alphanumeric));
    (adds || counts).then(|| rest.to_owned())
}

/// `A-WG4-TP8-003 | Specify … | closed` is `A-WG4-TP8-003: closed`: the first cell and the last.
fn cells(text: &str) -> Option<String> {
    let mut cells = text.split(['|', '\t', ';']).map(str::trim).filter(|cell| !cell.is_empty());
    let (first, last) = (cells.next()?, cells.next_back()?);
    Some(format!("{first}: {last}"))
}

/// `remove member ADDRESS` is `member ADDRESS left`.
fn removed(rest: Rest<'_>) -> Option<String> {
    let (_, rest) = rest.any(&["remove", "delete", "drop"])?;
    rest.word("member").map(|of| format!("member {} left", of.text()))
}

/// `AI Gemalto: …` is `action Gemalto: …`, `show mine` is `list mine`.
fn renamed(rest: Rest<'_>, word: &str, meant: &str) -> Option<String> {
    rest.word(word).map(|after| format!("{meant} {}", after.text()))
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
    // "member A, B" has no article.
    let prose = match &*word {
        "list" => second == "of",
        // "action for Gemalto: check it" names its owner.
        "action" if matches!(&*second, "for" | "to" | "on" | "by") => !after.text().contains(':'),
        "action" => is_prose(after) || PROSE_AFTER_ACTION.contains(&&*second),
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
