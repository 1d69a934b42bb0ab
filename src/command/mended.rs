//! Lines that are a whole command once one thing about them is mended: quotes taken off, an action item
//! spelled out, words put in order. What is mended is never done: it is what "did you mean" asks.

use super::grammar::{Mode, Read, names_something, read};
use super::targets::targets;
use super::written::{Rest, Written};
use super::{Command, Listing};
use crate::domain::reference::scan::leading;
use crate::domain::{Priority, Reference};

/// Words by which people ask for a status: `mark A-WG4-TP8-001 as done`.
const MARK: [&str; 10] = ["mark", "set", "flag", "move", "change", "put", "report", "make", "update", "declare"];

/// The command that a line becomes with one thing about it mended.
pub(super) fn mended(rest: Rest<'_>, mode: &Mode<'_>) -> Option<String> {
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
                || mode.meant && matches!(command, Command::Rest { .. })
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
    let is_reference = |word: &str| leading(word, mode.scheme, false).is_some();
    let whole = |word: &str| {
        let (name, mark) = word.split_at(word.trim_end_matches([',', '.', ':', ';']).len());
        // An item ends in its number. Only what is no reference yet is spelled out.
        if !name.ends_with(|c: char| c.is_ascii_digit()) || is_reference(word) {
            return word.to_owned();
        }
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
    let words: Vec<String> = text.split_whitespace().map(whole).collect();
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
