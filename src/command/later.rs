//! Commands whose effect is not there yet: decisions on contributions in the status column's
//! phrases, approvals, meetings, sessions, calls. They are recognised whole, so that they are
//! answered and never taken for something else.

use super::dates::{Day, day};
use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::meetings::meeting;
use super::remark::{End, end};
use super::targets::{Targets, one, targets};
use super::written::Rest;
use super::{Command, Target};
use crate::domain::Reference;
use crate::domain::reference::scan::leading;

/// What a meeting or an e-mail approval says of a contribution's revision.
const OUTCOMES: [&str; 14] = [
    "noted",
    "agreed",
    "approved",
    "endorsed",
    "postponed",
    "revised",
    "merged",
    "not pursued",
    "rejected",
    "withdrawn",
    "keep open",
    "kept open",
    "open",
    "not treated",
];

/// What may stand beside an outcome in a status cell.
const BESIDE: [&str; 31] = [
    "revision",
    "expected",
    "expect",
    "tbd",
    "tbposted",
    "tbp",
    "offline",
    "merge",
    "to be posted",
    "to be revised",
    "to be discussed",
    "to be merged",
    "posted",
    "see",
    "into",
    "with",
    "in",
    "and",
    "as",
    "by",
    "by e-mail",
    "by email",
    "for",
    "information",
    "discussion",
    "presented",
    "call",
    "a",
    "the",
    "at",
    "remark",
];

/// Reads what is said of targets that stand before it.
pub(super) fn about(found: &Targets<'_>, rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let are_documents = found.of.iter().all(|target| match target {
        Target::Row(_) => true,
        Target::Reference(reference) => {
            matches!(reference, Reference::Document(_) | Reference::Short { .. } | Reference::Revision(_))
        }
        _ => false,
    });
    if !are_documents {
        return Read::Prose;
    }
    if let Some((_, after)) = rest.any(&["posted", "uploaded", "available"]) {
        return Read::ended(after, |_| not_yet("posted", found.of.clone()));
    }
    if found.are_rows()
        && let Some(after) = rest.word("remark")
    {
        return Read::whole(after, || not_yet("remark", found.of.clone()));
    }
    match phrase(rest, mode) {
        Phrase::None => Read::Prose,
        Phrase::Whole => unless_bad(found, || Read::Command(not_yet("status phrase", found.of.clone()))),
        Phrase::Tail(tail) => Read::Doubt(tail_of(&tail)),
    }
}

enum Phrase {
    /// No outcome stands there.
    None,
    /// Outcomes and what may stand beside them, up to the end or a remark.
    Whole,
    /// Something after an outcome that no status cell says.
    Tail(String),
}

fn phrase(rest: Rest<'_>, mode: &Mode<'_>) -> Phrase {
    let mut rest = rest.skip(&["is", "was", "to be"]);
    let mut outcome = false;
    loop {
        if let Some(after) = rest.mark(',') {
            rest = after;
        }
        if let Some((_, after)) = rest.any(&OUTCOMES) {
            outcome = true;
            rest = after;
        } else if let Some((word, after)) = rest.any(&BESIDE) {
            // "0243 expected" and "0240 TBD offline" are what a cell says, too.
            outcome |= matches!(word, "expected" | "expect" | "tbd" | "offline" | "merge");
            rest = after;
        } else if let Some(group) = leading(rest.text(), mode.scheme, outcome) {
            rest = rest.after(group.end);
        } else {
            break;
        }
    }
    match end(rest) {
        _ if !outcome => Phrase::None,
        End::Tail(tail) => Phrase::Tail(tail),
        _ => Phrase::Whole,
    }
}

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    let documents: [(&[&str], &str); 5] = [
        (&["posted", "uploaded", "available"], "posted"),
        (&["withdraw"], "withdraw"),
        (&["ratify"], "ratify"),
        (&["not approved"], "not approved"),
        (&["object to"], "object"),
    ];
    for (words, what) in documents {
        let Some((_, after)) = rest.any(words) else { continue };
        if what == "withdraw" && after.text().eq_ignore_ascii_case("objection") {
            return Read::Command(not_yet("withdraw objection", vec![Target::Omitted]));
        }
        return match targets(after.mark(':').unwrap_or(after), mode) {
            Some(found) => unless_bad(&found, || Read::ended(found.rest, |_| not_yet(what, found.of.clone()))),
            None if matches!(what, "ratify" | "not approved") && !matches!(end(after), End::Tail(_)) => {
                Read::ended(after, |_| not_yet(what, vec![Target::Omitted]))
            }
            None => Read::Prose,
        };
    }
    if let Some(after) = rest.word("register") {
        return one(after, mode).map_or(Read::Prose, |found| match found.rest.first_word() {
            title if title.starts_with('"') => Read::Command(not_yet("register", found.of.clone())),
            _ => Read::Doubt(tail_of(found.rest.original())),
        });
    }
    if let Some(after) = rest.word("approval") {
        return approval(after, mode);
    }
    let alone: [(&str, &str); 6] = [
        ("object", "object"),
        ("no objection", "agreed"),
        ("agreed", "agreed"),
        ("attending", "attending"),
        ("remote", "remote"),
        ("regrets", "regrets"),
    ];
    for (word, what) in alone {
        let Some(after) = rest.word(word) else { continue };
        let (of, after) = match one(after, mode) {
            Some(found) if !found.are_rows() => (found.of, found.rest),
            _ => (vec![Target::Omitted], after),
        };
        let omitted = of.contains(&Target::Omitted);
        return match Read::ended(after, |_| not_yet(what, of)) {
            Read::Doubt(_) | Read::Begun(_) if omitted => Read::Prose,
            read => read,
        };
    }
    meetings(rest, mode)
}

/// `approval 0239R01 until DATE`, `approval minutes SEC#9.0 until DATE`
fn approval(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    let Some(found) = targets(after.skip(&["of", "minutes of", "minutes"]), mode) else { return Read::Prose };
    let rest = found.rest.skip(&["until", "till", "by"]);
    match day(rest.text(), mode.today) {
        Day::On(_, length) => Read::ended(rest.after(length), |_| not_yet("approval", found.of.clone())),
        Day::Bad(why) => Read::Doubt(why),
        Day::None => Read::Doubt(tail_of(rest.original())),
    }
}

/// `call DATE 14:00 [TITLE]`, `agenda [SEC#11]`
fn meetings(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(after) = rest.word("agenda") {
        if after.is_empty() {
            return Read::Command(not_yet("agenda", vec![Target::Omitted]));
        }
        let Some(found) = meeting(after, mode) else { return Read::Prose };
        return Read::whole(found.rest, || not_yet("agenda", found.of.clone()));
    }
    let called = rest.word("call").and_then(|after| dated(after, mode)).filter(|rest| is_time(*rest));
    called.map_or(Read::Prose, |_| Read::Command(not_yet("call", Vec::new())))
}

fn dated<'a>(rest: Rest<'a>, mode: &Mode<'_>) -> Option<Rest<'a>> {
    match day(rest.text(), mode.today) {
        Day::On(_, length) => Some(rest.after(length)),
        _ => None,
    }
}

/// `14:00`
fn is_time(rest: Rest<'_>) -> bool {
    let rest = rest.skip(&["at"]);
    rest.text().split_once(':').is_some_and(|(hours, minutes)| {
        hours.parse::<u8>().is_ok_and(|hours| hours < 25)
            && minutes.get(..2).is_some_and(|minutes| minutes.parse::<u8>().is_ok_and(|minutes| minutes < 60))
    })
}

fn not_yet(what: &str, of: Vec<Target>) -> Command {
    Command::NotYet { what: what.to_owned(), of }
}
