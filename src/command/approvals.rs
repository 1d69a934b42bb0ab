//! Approvals by e-mail: `approval REF until DATE`, what members say of one, and how it ends
//! (PRODUCT.md, section 6).

use super::dates::{Day, day};
use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::near_miss::after_misspelled_until;
use super::remark::{End, end, limits};
use super::targets::{one, targets};
use super::written::Rest;
use super::{Command, Target};
use crate::domain::{Reference, Stance, Text};

/// What a member says, and what that is.
const STANCES: [(&str, Stance); 17] = [
    ("object", Stance::Objection),
    ("objection", Stance::Objection),
    ("i object", Stance::Objection),
    ("we object", Stance::Objection),
    ("i strongly object", Stance::Objection),
    ("we strongly object", Stance::Objection),
    ("no objection", Stance::Support),
    ("no objections", Stance::Support),
    ("agreed", Stance::Support),
    ("i agree", Stance::Support),
    ("we agree", Stance::Support),
    ("withdraw objection", Stance::Withdrawn),
    ("withdraw my objection", Stance::Withdrawn),
    ("withdraw our objection", Stance::Withdrawn),
    ("i withdraw my objection", Stance::Withdrawn),
    ("we withdraw our objection", Stance::Withdrawn),
    ("objection withdrawn", Stance::Withdrawn),
];

/// How lines begin, to the bot alone or marked, that say where somebody stands in words of their own.
const LOOSE: [&str; 14] = [
    "objections",
    "no objection",
    "no objections",
    "i have no objection",
    "i have no objections",
    "we have no objection",
    "we have no objections",
    "i do not object",
    "we do not object",
    "i don't object",
    "we don't object",
    "i support",
    "we support",
    "+1",
];

/// What stands for what is objected to, where that is not named.
const THIS: [&str; 6] = ["to this approval", "to the approval", "to its approval", "to this", "to that", "to it"];

/// How a reason begins behind a mark that takes the objection back: `objection: none`.
const UNDONE: [&str; 12] = [
    "none",
    "nil",
    "nothing",
    "n/a",
    "withdraw",
    "withdrawn",
    "resolved",
    "solved",
    "addressed",
    "dropped",
    "removed",
    "closed",
];

/// Reads a command that begins with its word.
pub(super) fn verb_first(rest: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(after) = rest.word("approval") {
        return opening(after, mode);
    }
    for (words, approved) in [("ratify", true), ("not approved", false)] {
        let Some(after) = rest.word(words) else { continue };
        let command = |of, because| Command::Ratify { of, approved, because };
        return match targets(after.mark(':').unwrap_or(after).skip(&["minutes of", "minutes"]), mode) {
            Some(found) => unless_bad(&found, || Read::ended(found.rest, |because| command(found.of.clone(), because))),
            None if !matches!(end(after), End::Tail(_)) => {
                Read::ended(after, |because| command(vec![Target::Omitted], because))
            }
            None => Read::Prose,
        };
    }
    let mut nearly = Read::Prose;
    for (words, stance) in STANCES {
        let Some(after) = rest.word(words) else { continue };
        match voice(after, stance, mode) {
            read @ Read::Command(_) => return read,
            read => {
                // Silence is taken for consent: a line that begins like an objection is never passed over.
                let is_told = stance != Stance::Support;
                nearly = match read {
                    Read::Begun(_) if is_told => read,
                    _ if is_told => Read::Doubt(Text::new("line-voice")),
                    _ => nearly,
                };
            }
        }
    }
    match nearly {
        Read::Prose if mode.meant && (rest.any(&LOOSE).is_some()) => Read::Doubt(Text::new("line-voice")),
        nearly => nearly,
    }
}

/// `object [to REF] [because …]`, `agreed [REF]`, `withdraw objection [to REF]`
fn voice(after: Rest<'_>, stance: Stance, mode: &Mode<'_>) -> Read {
    let command = |of, because| Command::Voice { of, stance, because };
    let named = after.mark(':').unwrap_or(after).skip(&["to", "with", "on"]);
    let named = named.skip(&["the approval of"]).skip(&["the minutes of", "minutes of", "minutes"]);
    match one(named, mode) {
        Some(found) => {
            unless_bad(&found, || said(found.rest, stance, mode, |because| command(found.of.clone(), because)))
        }
        None => said(after.skip(&THIS), stance, mode, |because| command(vec![Target::Omitted], because)),
    }
}

/// The end of what a member says. An objection's reason may go without `because`.
fn said(rest: Rest<'_>, stance: Stance, mode: &Mode<'_>, command: impl FnOnce(Option<String>) -> Command) -> Read {
    if stance != Stance::Objection || !matches!(end(rest), End::Tail(_)) {
        return Read::ended(rest, command);
    }
    let marked = [':', ',', '-', '\u{2013}', '\u{2014}'].into_iter().find_map(|mark| rest.mark(mark));
    let begun = marked.unwrap_or(rest);
    let reason = begun.any(&["because", "due to", "since"]).map(|(_, reason)| reason);
    match reason.or(marked) {
        None => Read::ended(rest, command),
        Some(text) if text.is_empty() => Read::Begun(Text::new("line-voice")),
        // "objection: none", "object, 0243R01"
        Some(text)
            if reason.is_none()
                && (limits(text.text()) || text.any(&UNDONE).is_some() || targets(text, mode).is_some()) =>
        {
            Read::Doubt(Text::new("line-voice"))
        }
        Some(text) => Read::Command(command(Some(text.original().to_owned()))),
    }
}

/// `approval 0239R01 until DATE`, `approval minutes SEC#9.0 until DATE`
fn opening(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    let minutes = after.any(&["of the minutes of", "of minutes of", "of minutes", "minutes of", "minutes"]);
    let rest = minutes.map_or_else(|| after.skip(&["of"]), |(_, rest)| rest);
    let Some(found) = targets(rest, mode) else { return Read::Prose };
    let are_minutes =
        |target: &Target| matches!(target, Target::Reference(Reference::Meeting(_) | Reference::Plenary(_)));
    if minutes.is_some() && !found.of.iter().all(are_minutes) {
        return Read::Doubt(tail_of(after.original()));
    }
    let rest = found.rest.mark(':').or_else(|| found.rest.mark(',')).unwrap_or(found.rest);
    let rest = rest.skip(&["until", "till", "by", "closes", "ends"]);
    match day(rest.text(), mode.today) {
        Day::On(until, length) => {
            let command = || Command::Approval { of: found.of.clone(), until };
            unless_bad(&found, || Read::whole(rest.after(length), command))
        }
        Day::Bad(why) => Read::Doubt(why),
        Day::None if rest.is_empty() => Read::Begun(missing_end("")),
        Day::None => Read::Doubt(misspelled(after, rest, mode).unwrap_or_else(|| missing_end(rest.original()))),
    }
}

/// `approval 0239R01 untill 2014-05-05`: what is meant.
fn misspelled(after: Rest<'_>, rest: Rest<'_>, mode: &Mode<'_>) -> Option<Text> {
    let until = after_misspelled_until(rest)?;
    let is_whole = matches!(day(until.text(), mode.today), Day::On(_, length) if until.after(length).is_empty());
    let of = after.first(after.text().len() - rest.text().len()).original().trim();
    is_whole.then(|| Text::new("line-near-miss").with("meant", format!("approval {of} until {}", until.original())))
}

fn missing_end(given: &str) -> Text {
    Text::new("line-missing-date").with("command", "approval").with("given", given)
}
