//! Lines that give a command under a name that it does not have: `approve REF`, `open approval REF`,
//! `cancel session S1 SEC#11`, `schedule a call`. They are answered with the lines that would work.

use super::grammar::{Mode, Read, read};
use super::near_miss::is_nearly;
use super::targets::targets;
use super::written::{Rest, Written};
use crate::domain::reference::scan::leading;
use crate::domain::{Reference, Text};

/// What is said of a line that gives a command under another name.
pub(super) fn misnamed(rest: Rest<'_>, mode: &Mode<'_>) -> Option<Text> {
    let (word, after) = word(rest);
    // A cheap look before: most lines begin with another word.
    if !NAMES.iter().any(|name| is_nearly(&word, name)) {
        return None;
    }
    let named = || after.text().split_whitespace().find_map(|word| reference(word, mode));
    if !mode.meant && named().is_none() {
        return None;
    }
    let is = |word: &str, of: &[&str]| of.iter().any(|meant| is_nearly(word, meant));
    let told = |key: &str| {
        let named = named().map_or_else(|| "-".to_owned(), |reference| reference.to_string());
        Text::new(key).with("reference", named)
    };
    if is(&word, &["approve", "approves", "approved"]) {
        let after = after.skip(&["of"]).skip(&["the minutes of", "minutes of", "minutes"]);
        let is_document = |reference: &Reference| {
            matches!(reference, Reference::Document(_) | Reference::Short { .. } | Reference::Meeting(_))
        };
        return (after.is_empty() || named().is_some_and(|named| is_document(&named)))
            .then(|| told("line-approve").with("minutes", if named_meeting(named()) { "yes" } else { "no" }));
    }
    let (second, behind) = self::word(after.skip(&["the", "an", "a"]));
    if is(&word, &["cancel"]) && is(&second, &["approval"]) {
        return Some(told("line-cancel-approval"));
    }
    if is(&word, &["cancel"]) && is(&second, &["session"]) {
        return Some(Text::new("line-cancel-session").with("given", behind.original()));
    }
    if is(&word, &["open", "start", "begin"]) && is(&second, &["approval"]) {
        return Some(opening(behind, mode));
    }
    let is_planning = is(&word, &["schedule", "reschedule"]) && mode.meant;
    (is_planning && (after.is_empty() || targets(after, mode).is_some() || is(&second, &PLANNED)))
        .then(|| Text::new("line-schedule"))
}

/// The words that such lines begin with.
const NAMES: [&str; 9] =
    ["approve", "approves", "approved", "cancel", "open", "start", "begin", "schedule", "reschedule"];

/// What is planned with a command of its own name.
const PLANNED: [&str; 4] = ["meeting", "session", "call", "telco"];

/// `open approval REF until DATE`: the line that does it.
fn opening(behind: Rest<'_>, mode: &Mode<'_>) -> Text {
    let meant = format!("approval {}", behind.skip(&["of", "for"]).original());
    let exact = Mode { near: false, ..*mode };
    match read(&Written::new(&meant), &exact) {
        Read::Command(_) => Text::new("line-near-miss").with("meant", meant),
        _ => Text::new("line-not-whole").with("command", "approval"),
    }
}

fn named_meeting(named: Option<Reference>) -> bool {
    matches!(named, Some(Reference::Meeting(_)))
}

/// The first word in lower case, without marks behind it, and what follows.
fn word(rest: Rest<'_>) -> (String, Rest<'_>) {
    let written = rest.first_word();
    (written.trim_end_matches([':', ',', '.', ';']).to_lowercase(), rest.after(written.len()))
}

/// The reference that a word is.
fn reference(word: &str, mode: &Mode<'_>) -> Option<Reference> {
    let found = leading(word, mode.scheme, false)?.found.into_iter().next()?.reference;
    (!matches!(found, Reference::Foreign(_))).then_some(found)
}
