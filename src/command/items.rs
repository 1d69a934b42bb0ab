//! Commands about action items, and the rulings of chair and secretary on them.

use super::dates::{Day, day};
use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::meetings::are_meetings;
use super::mended::spelled;
use super::owners::{action, assign, assign_of};
use super::remark::{End, end};
use super::targets::{Targets, one, targets};
use super::word::says;
use super::written::Rest;
use super::{Command, Target, Verb};
use crate::domain::reference::scan::{begins_like_one, leading};
use crate::domain::{Due, Reference, Text};

/// Words that say where an item stands.
pub(super) const VERBS: [(&str, Verb); 17] = [
    ("done", Verb::Done),
    ("close", Verb::Done),
    ("closed", Verb::Done),
    ("completed", Verb::Done),
    ("finished", Verb::Done),
    ("fixed", Verb::Done),
    ("confirm", Verb::Confirm),
    ("confirmed", Verb::Confirm),
    ("reopen", Verb::Reopen),
    ("reopened", Verb::Reopen),
    ("re-open", Verb::Reopen),
    ("ongoing", Verb::Ongoing),
    ("on-going", Verb::Ongoing),
    ("in progress", Verb::Ongoing),
    ("cancel", Verb::Cancel),
    ("cancelled", Verb::Cancel),
    ("canceled", Verb::Cancel),
];

/// Words that say that something is due not at all, or not urgent at all.
const NOTHING: [&str; 4] = ["none", "nothing", "no", "-"];

/// How prose goes on after `note`, where an author does not mean the command.
const PROSE_AFTER_NOTE: [&str; 48] = [
    "that", "this", "these", "those", "the", "a", "an", "also", "how", "to", "from", "for", "of", "on", "in", "at",
    "by", "as", "if", "when", "where", "why", "what", "well", "it", "its", "i", "i'm", "i'll", "we", "we'll", "you",
    "he", "she", "they", "there", "there's", "our", "my", "your", "please", "taken", "all", "any", "some", "is", "was",
    "with",
];

fn verb(rest: Rest<'_>) -> Option<(Verb, Rest<'_>)> {
    VERBS.iter().find_map(|(word, verb)| rest.word(word).map(|after| (*verb, after)))
}

/// Reads what is said of targets that stand before it: `closed`, `due TP11`, `note waiting`.
pub(super) fn about(found: &Targets<'_>, rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let of = || found.of.clone();
    if let Some((verb, after)) = verb(rest) {
        return Read::ended(after, |because| Command::Set { verb, of: of(), because });
    }
    // Of a document it is a decision where the group says so.
    let decides = !found.are_rows() && mode.scheme.patterns.status_words.contains_key("accepted");
    if let Some(after) = rest.word("accept").or_else(|| rest.word("accepted").filter(|_| !decides)) {
        return Read::whole(after, || Command::Accept { of: of() });
    }
    if let (Some(_), [Target::Row(row)]) = (says(rest.text()), found.of.as_slice()) {
        return Read::Doubt(Text::new("line-row-word").with("row", *row));
    }
    let rejected = || rest.word("rejected").filter(|_| found.are_rows());
    if let Some(after) = rest.word("reject").or_else(rejected) {
        return Read::ended(after, |because| Command::Reject { of: of(), because });
    }
    if let Some(after) = rest.word("note") {
        let text = after.mark(':').unwrap_or(after);
        let prose = !found.are_rows() && after.mark(':').is_none() && is_prose(text);
        return if prose { Read::Prose } else { note(of(), text) };
    }
    if let Some(after) = rest.word("priority") {
        return priority(of(), after);
    }
    if let (Some(after), [of]) = (rest.word("what"), found.of.as_slice()) {
        return after.mark(':').map_or(Read::Prose, |text| what(of.clone(), text));
    }
    if let Some(after) = rest.word("due") {
        return due(of(), after, mode);
    }
    if let Some(after) = rest.word("extend") {
        return extend(of(), after, mode);
    }
    rest.word("assign").and_then(|after| after.word("to")).map_or(Read::Prose, |owners| assign(of(), owners))
}

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some((verb, after)) = verb(rest) {
        let written = rest.text().get(..rest.text().len() - after.text().len()).unwrap_or_default();
        let written = written.trim_end_matches([':', ' ']).to_lowercase();
        return set(verb, &written, after, mode);
    }
    if let Some(after) = rest.word("note") {
        return note_of(after, mode);
    }
    if let Some(after) = rest.word("priority") {
        return with_targets(after, mode, priority);
    }
    if let Some(after) = rest.word("what") {
        return what_of(after, mode);
    }
    if let Some(after) = rest.word("due") {
        return due_of(after, mode);
    }
    if let Some(after) = rest.word("extend") {
        return extend_of(after, mode);
    }
    if let Some(after) = rest.word("assign") {
        return assign_of(after, mode);
    }
    if let Some(after) = rest.word("action") {
        return action(after, mode);
    }
    if let Some(after) = rest.word("accept") {
        return with_targets(after, mode, |of, rest| Read::whole(rest, || Command::Accept { of }));
    }
    if let Some(after) = rest.word("reject") {
        return with_targets(after, mode, |of, rest| Read::ended(rest, |because| Command::Reject { of, because }));
    }
    Read::Prose
}

/// Reads targets and hands them on; where none stands there, what the mail replied to is about.
fn with_targets(rest: Rest<'_>, mode: &Mode<'_>, then: impl FnOnce(Vec<Target>, Rest<'_>) -> Read) -> Read {
    let rest = rest.mark(':').unwrap_or(rest);
    let Some(found) = targets(rest, mode) else {
        return match then(vec![Target::Omitted], rest) {
            // Without a reference, only a whole command is one.
            Read::Doubt(_) | Read::Begun(_) if !is_end(rest) => Read::Prose,
            read => read,
        };
    };
    if found.dangling {
        return Read::Begun(tail_of(","));
    }
    let after = found.rest.mark(':').unwrap_or(found.rest);
    unless_bad(&found, || then(found.of.clone(), after))
}

/// Whether a line may end here: with nothing, or with a remark.
fn is_end(rest: Rest<'_>) -> bool {
    !matches!(end(rest), End::Tail(_))
}

fn set(verb: Verb, written: &str, after: Rest<'_>, mode: &Mode<'_>) -> Read {
    let rest = after.mark(':').or_else(|| after.mark(',')).unwrap_or(after);
    if rest.is_empty() && after.mark(':').is_some() {
        return Read::Begun(missing_reference(written));
    }
    let read = with_targets(rest, mode, |of, rest| Read::ended(rest, |because| Command::Set { verb, of, because }));
    match read {
        Read::Command(Command::Set { verb: Verb::Cancel, of, .. }) if are_meetings(&of) => {
            Read::Command(Command::CancelMeeting { of })
        }
        read => read,
    }
}

fn missing_reference(command: &str) -> Text {
    Text::new("line-missing-reference").with("command", command)
}

pub(super) fn missing_text(command: &str) -> Text {
    Text::new("line-missing-text").with("command", command)
}

/// `note REF TEXT`; a list of references only before a colon, as the text may begin with one.
fn note_of(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    let colon = after.mark(':');
    if let Some(found) = targets(colon.unwrap_or(after), mode) {
        if let Some(text) = found.rest.mark(':') {
            return unless_bad(&found, || note(found.of.clone(), text));
        }
        let Some(first) = one(colon.unwrap_or(after), mode) else { return Read::Prose };
        if first.of.len() != 1 {
            return Read::Doubt(tail_of(after.original()));
        }
        let text = first.rest;
        let goes_on = text.mark(',').or_else(|| text.word("and")).is_some_and(|next| one(next, mode).is_some());
        if goes_on {
            // Is the second reference another item, or what the note says?
            return Read::Doubt(tail_of(text.original()));
        }
        return unless_bad(&first, || note(first.of.clone(), text));
    }
    let word = colon.unwrap_or(after).first_word();
    if spelled(word, mode).is_some() {
        // `note TP8-6: …` names its item, and must not go to another one.
        return Read::Prose;
    }
    if mode.meant && begins_like_one(word, mode.scheme) {
        // So does `note A-WG4-TP8-O03 …`, with a letter for a digit.
        return Read::Doubt(Text::new("line-like-reference").with("word", word));
    }
    match colon {
        Some(text) if mode.meant => note(vec![Target::Omitted], text),
        None if mode.meant && !after.is_empty() && !is_prose(after) => note(vec![Target::Omitted], after),
        _ => Read::Prose,
    }
}

/// Whether a text goes on as prose does after a command's word.
pub(super) fn is_prose(text: Rest<'_>) -> bool {
    let word = text.first_word().trim_end_matches([',', '.', ':', ';', '!']).to_lowercase();
    PROSE_AFTER_NOTE.contains(&word.as_str())
}

fn note(of: Vec<Target>, text: Rest<'_>) -> Read {
    let text = text.mark(':').or_else(|| text.mark('-')).unwrap_or(text).to_end_of_line();
    if text.is_empty() {
        return Read::Begun(missing_text("note"));
    }
    Read::Command(Command::Note { of, text: text.original().to_owned() })
}

fn what_of(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    match targets(after, mode) {
        Some(found) => match (found.of.as_slice(), found.rest.mark(':')) {
            ([of], Some(text)) => unless_bad(&found, || what(of.clone(), text)),
            ([_], None) if found.rest.is_empty() => Read::Begun(missing_text("what")),
            _ => Read::Doubt(tail_of(found.rest.original())),
        },
        None => match after.mark(':') {
            Some(text) if mode.meant && !text.text().ends_with('?') => what(Target::Omitted, text),
            _ => Read::Prose,
        },
    }
}

fn what(of: Target, text: Rest<'_>) -> Read {
    let text = text.to_end_of_line();
    if text.is_empty() {
        return Read::Begun(missing_text("what"));
    }
    Read::Command(Command::What { of, text: text.original().to_owned() })
}

fn priority(of: Vec<Target>, rest: Rest<'_>) -> Read {
    let rest = rest.mark(':').unwrap_or(rest).skip(&["to", "is"]);
    if rest.is_empty() {
        return Read::Begun(Text::new("line-unknown-priority").with("priority", ""));
    }
    if let Some((_, after)) = rest.any(&NOTHING) {
        return Read::whole(after, || Command::Priority { of, priority: None });
    }
    match rest.text().parse() {
        Ok(priority) => Read::Command(Command::Priority { of, priority: Some(priority) }),
        Err(_) => Read::Doubt(Text::new("line-unknown-priority").with("priority", rest.original())),
    }
}

/// What stands where a date or meeting may.
pub(super) enum Until<'a> {
    Nothing,
    Bad(Text),
    At(Due, Rest<'a>),
}

pub(super) fn until<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Until<'a> {
    let rest = rest.mark(':').unwrap_or(rest).skip(&["until", "by", "before", "on", "to", "at", "till", "date"]);
    match day(rest.text(), mode.today) {
        Day::On(date, length) => return Until::At(Due::Day(date), rest.after(length)),
        Day::Bad(why) => return Until::Bad(why),
        Day::None => {}
    }
    let meeting = leading(rest.text(), mode.scheme, false).and_then(|group| {
        let name = match &group.found.first()?.reference {
            Reference::Meeting(meeting) => meeting.to_string(),
            Reference::Plenary(plenary) => plenary.to_string(),
            _ => return None,
        };
        Some(Until::At(Due::Meeting(name), rest.after(group.end)))
    });
    meeting.unwrap_or(Until::Nothing)
}

fn missing_date(rest: Rest<'_>, command: &str) -> Read {
    let text = Text::new("line-missing-date").with("command", command).with("given", rest.original());
    if rest.is_empty() { Read::Begun(text) } else { Read::Doubt(text) }
}

/// `due REF DATE`, or `due DATE` of what the mail replied to is about.
fn due_of(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    match until(after, mode) {
        Until::At(due, rest) if rest.is_empty() => {
            return Read::Command(Command::Due { of: vec![Target::Omitted], due: Some(due) });
        }
        Until::Bad(why) if mode.meant && targets(after, mode).is_none() => return Read::Doubt(why),
        _ => {}
    }
    let without = after.any(&NOTHING).filter(|(_, rest)| rest.is_empty() && mode.meant);
    if without.is_some() {
        return Read::Command(Command::Due { of: vec![Target::Omitted], due: None });
    }
    // "due A-WG4-TP8-001 SEC#11": the meeting is no second item.
    match one(after.mark(':').unwrap_or(after), mode).filter(|found| !are_meetings(&found.of)) {
        Some(_) => items_until(after, mode, |of, rest| due(of, rest, mode)),
        None => Read::Prose,
    }
}

/// Reads a list of items, which a date or meeting follows.
fn items_until(rest: Rest<'_>, mode: &Mode<'_>, then: impl FnOnce(Vec<Target>, Rest<'_>) -> Read) -> Read {
    let rest = rest.mark(':').unwrap_or(rest);
    let Some(mut found) = targets(rest, mode) else { return then(vec![Target::Omitted], rest) };
    if found.dangling {
        return Read::Begun(tail_of(","));
    }
    let meetings = found.of.iter().rev().take_while(|target| are_meetings(std::slice::from_ref(target))).count();
    if meetings > 0 {
        // The last target is the meeting: what is read as a date begins there.
        let mut before = rest;
        let mut items = Vec::new();
        while let Some(next) = one(before, mode).filter(|next| !are_meetings(&next.of)) {
            items.extend(next.of);
            before = next.rest.mark(',').unwrap_or(next.rest).skip(&["and"]);
        }
        found.of = items;
        found.rest = before;
    }
    unless_bad(&found, || then(found.of.clone(), found.rest))
}

fn due(of: Vec<Target>, rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let rest = rest.mark(':').unwrap_or(rest);
    if let Some((_, after)) = rest.any(&NOTHING) {
        return Read::whole(after, || Command::Due { of, due: None });
    }
    match until(rest, mode) {
        Until::At(due, after) => Read::whole(after, || Command::Due { of, due: Some(due) }),
        Until::Bad(why) => Read::Doubt(why),
        Until::Nothing => missing_date(rest, "due"),
    }
}

fn extend_of(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    match until(after, mode) {
        Until::At(due, rest) if is_end(rest) => {
            return Read::ended(rest, |because| Command::Extend { of: vec![Target::Omitted], due, because });
        }
        Until::Bad(why) if mode.meant && targets(after, mode).is_none() => return Read::Doubt(why),
        _ => {}
    }
    match one(after.mark(':').unwrap_or(after), mode).filter(|found| !are_meetings(&found.of)) {
        Some(_) => items_until(after, mode, |of, rest| extend(of, rest, mode)),
        None => Read::Prose,
    }
}

fn extend(of: Vec<Target>, rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    match until(rest, mode) {
        Until::At(due, after) => Read::ended(after, |because| Command::Extend { of, due, because }),
        Until::Bad(why) => Read::Doubt(why),
        Until::Nothing => missing_date(rest, "extend"),
    }
}
