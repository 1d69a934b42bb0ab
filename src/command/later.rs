//! Commands whose effect is not there yet: approvals, attendance, calls. They are recognised
//! whole, so that they are answered and never taken for something else.

use super::dates::{Day, day};
use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::remark::{End, end};
use super::targets::{one, targets};
use super::written::Rest;
use super::{Command, Target};

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(after) = rest.word("withdraw").filter(|after| after.text().eq_ignore_ascii_case("objection")) {
        return Read::whole(after.after("objection".len()), || not_yet("withdraw objection", vec![Target::Omitted]));
    }
    let documents: [(&[&str], &str); 3] =
        [(&["ratify"], "ratify"), (&["not approved"], "not approved"), (&["object to"], "object")];
    for (words, what) in documents {
        let Some((_, after)) = rest.any(words) else { continue };
        return match targets(after.mark(':').unwrap_or(after), mode) {
            Some(found) => unless_bad(&found, || Read::ended(found.rest, |_| not_yet(what, found.of.clone()))),
            None if matches!(what, "ratify" | "not approved") && !matches!(end(after), End::Tail(_)) => {
                Read::ended(after, |_| not_yet(what, vec![Target::Omitted]))
            }
            None => Read::Prose,
        };
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

/// `call DATE 14:00 [TITLE]`
fn meetings(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
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
