//! Approvals by e-mail: `approval REF until DATE`, what members say of one, and how it ends
//! (PRODUCT.md, section 6).

use super::dates::{Day, day};
use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::remark::{End, end};
use super::targets::{one, targets};
use super::written::Rest;
use super::{Command, Target};
use crate::domain::{Reference, Stance, Text};

/// What a member says, and what that is.
const STANCES: [(&str, Stance); 9] = [
    ("object", Stance::Objection),
    ("i object", Stance::Objection),
    ("we object", Stance::Objection),
    ("no objection", Stance::Support),
    ("no objections", Stance::Support),
    ("agreed", Stance::Support),
    ("i agree", Stance::Support),
    ("we agree", Stance::Support),
    ("withdraw objection", Stance::Withdrawn),
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
    for (words, stance) in STANCES {
        let Some(after) = rest.word(words) else { continue };
        if let Read::Command(command) = voice(after, stance, mode) {
            return Read::Command(command);
        }
    }
    // What names its document and is no whole command is nearly one.
    let to = rest.word("object").and_then(|after| after.word("to"));
    let named = to.and_then(|after| targets(after.skip(&["minutes of", "minutes"]), mode));
    named.map_or(Read::Prose, |found| unless_bad(&found, || Read::Doubt(tail_of(found.rest.original()))))
}

/// `object [to REF] [because …]`, `agreed [REF]`, `withdraw objection [to REF]`
fn voice(after: Rest<'_>, stance: Stance, mode: &Mode<'_>) -> Read {
    let command = |of, because| Command::Voice { of, stance, because };
    let named = after.mark(':').unwrap_or(after).skip(&["to", "with", "on"]).skip(&["minutes of", "minutes"]);
    match one(named, mode) {
        Some(found) => unless_bad(&found, || Read::ended(found.rest, |because| command(found.of.clone(), because))),
        None => Read::ended(after, |because| command(vec![Target::Omitted], because)),
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
        Day::None => Read::Doubt(missing_end(rest.original())),
    }
}

fn missing_end(given: &str) -> Text {
    Text::new("line-missing-date").with("command", "approval").with("given", given)
}
