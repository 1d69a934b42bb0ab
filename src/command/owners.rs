//! Commands that name owners in the agenda's notation: `assign REF to OWNERS`,
//! `action OWNERS: TEXT [due DATE-or-MEETING]`.

use super::grammar::{Mode, Read, tail_of, unless_bad};
use super::items::{Until, missing_text, until};
use super::targets::targets;
use super::written::Rest;
use super::{Command, Target};
use crate::domain::{Due, Owners, Text};

pub(super) fn assign_of(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    if let Some(owners) = after.word("to") {
        let lead = owners.word("lead").is_some() || owners.text().eq_ignore_ascii_case("interested companies");
        return if mode.meant || lead { assign(vec![Target::Omitted], owners) } else { Read::Prose };
    }
    let rest = after.mark(':').unwrap_or(after);
    let Some(found) = targets(rest, mode) else { return Read::Prose };
    if found.dangling {
        return Read::Begun(tail_of(","));
    }
    let owners = found.rest.mark(':').unwrap_or(found.rest).skip(&["to"]);
    unless_bad(&found, || assign(found.of.clone(), owners))
}

pub(super) fn assign(of: Vec<Target>, owners: Rest<'_>) -> Read {
    if owners.is_empty() {
        return Read::Begun(missing_text("assign"));
    }
    let to = named(owners);
    let unclear = || Text::new("line-unclear-owners").with("owners", owners.original());
    // The mailer has broken the list; the line's end was cut of the comma before this.
    if owners.to_end_of_line().text().ends_with([',', '+', '&']) {
        return Read::Begun(unclear());
    }
    if !are_names(&to) {
        return Read::Doubt(unclear());
    }
    Read::Command(Command::Assign { of, to })
}

/// The owners as they are written. Interested companies have no lead: "Lead Interested companies" are these.
fn named(owners: Rest<'_>) -> Owners {
    let led = owners.word("lead").map(|rest| rest.mark(':').unwrap_or(rest));
    let interested = led.filter(|rest| rest.text().eq_ignore_ascii_case("interested companies"));
    Owners::from(interested.unwrap_or(owners).original())
}

/// Whether all that is named looks like the names of organizations, members or roles.
fn are_names(owners: &Owners) -> bool {
    let list = owners.list();
    let is_name = |name: &str| {
        name.split(' ').count() <= 6 && !name.contains([';', ':', '?', '!', '"', '=', '<', '>']) && !name.contains(". ")
    };
    !list.is_empty() && list.iter().all(|owner| is_name(&owner.name))
}

/// First words of prose that begins with "action": `Action items are: …`.
pub(super) const PROSE_AFTER_ACTION: [&str; 24] = [
    "item",
    "items",
    "point",
    "points",
    "required",
    "requested",
    "needed",
    "plan",
    "plans",
    "log",
    "list",
    "on",
    "for",
    "by",
    "is",
    "are",
    "to",
    "taken",
    "status",
    "register",
    "proposed",
    "summary",
    "the",
    "from",
];

/// The most words behind `due` that may be meant as a date.
const MOST_IN_DUE: usize = 4;

/// `action OWNERS: TEXT [due DATE-or-MEETING]`
pub(super) fn action(after: Rest<'_>, mode: &Mode<'_>) -> Read {
    let rest = after.mark(':').unwrap_or(after);
    let lead = rest.word("lead").is_some() || rest.word("interested companies").is_some();
    let first = rest.first_word().trim_end_matches([':', ',']).to_lowercase();
    if rest.is_empty() || PROSE_AFTER_ACTION.contains(&first.as_str()) {
        return Read::Prose;
    }
    // The colon after the owners; "lead: Gemalto" has one before them.
    let skipped = rest.text().len() - rest.word("lead").map_or(rest.text(), Rest::text).trim_start_matches(':').len();
    let colon = rest.text().get(skipped..).and_then(|text| text.find(':')).map(|at| at + skipped);
    let Some(colon) = colon else {
        return if lead { Read::Begun(missing_text("action")) } else { Read::Prose };
    };
    let owners = named(rest.first(colon));
    if !are_names(&owners) {
        let unclear = Text::new("line-unclear-owners").with("owners", owners.as_str());
        return if lead { Read::Doubt(unclear) } else { Read::Prose };
    }
    let text = rest.after(colon + 1).to_end_of_line();
    if text.is_empty() {
        return if lead || mode.meant { Read::Begun(missing_text("action")) } else { Read::Prose };
    }
    if !lead && !mode.meant {
        // "Action Gemalto: …" among people may be minutes; the answer says how it would be a command.
        return Read::Doubt(Text::new("line-unclear-owners").with("owners", owners.as_str()));
    }
    let (what, due) = match due_at_end(text, mode) {
        Ok(split) => split,
        Err(why) => return Read::Doubt(why),
    };
    if what.is_empty() {
        return Read::Begun(missing_text("action"));
    }
    Read::Command(Command::Action {
        who: owners,
        what: what.original().trim_end_matches([',', ';']).trim().to_owned(),
        due,
    })
}

/// The text before a `due DATE-or-MEETING` that it ends with, in brackets or not.
fn due_at_end<'a>(text: Rest<'a>, mode: &Mode<'_>) -> Result<(Rest<'a>, Option<Due>), Text> {
    let folded = text.text();
    let lower = folded.to_ascii_lowercase();
    let Some(at) = lower.rfind("due ").max(lower.rfind("due:")) else { return Ok((text, None)) };
    let before = &folded[..at];
    if !before.is_empty() && !before.ends_with([' ', '[', '(']) {
        return Ok((text, None));
    }
    let tail = text.after(at + "due ".len());
    let tail = tail.word("date").map_or(tail, |after| after.mark(':').unwrap_or(after));
    let what = before.trim_end_matches([' ', '[', '(', ',', ';']).len();
    match until(tail, mode) {
        Until::At(due, rest) if rest.text().trim_matches([']', ')', '.', ' ']).is_empty() => {
            Ok((text.first(what), Some(due)))
        }
        Until::Bad(why) => Err(why),
        // "due to changes" gives a reason; "due end of May" was meant as a date.
        _ if tail.word("to").is_some() || tail.text().split_whitespace().count() > MOST_IN_DUE => Ok((text, None)),
        _ => Err(Text::new("line-missing-date").with("command", "due").with("given", tail.original())),
    }
}
