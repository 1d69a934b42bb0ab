//! `undo`: takes back all that one message did, where nothing later depends on it.

use jiff::{SignedDuration, Timestamp};

use crate::domain::life::Available;
use crate::domain::{
    ActionField, Change, Contribution, ContributionField, Member, MemberField, RequestState, Status, Subject, Text,
    Voice, attendance_of, stamp_of,
};

use super::actions::Told;
use super::rights::{self, Act};
use super::work::{Refusal, Work};
use super::{about, held, rulings};

/// How long one's own message can be undone.
const UNDO_HOURS: i64 = 24;

/// Takes back what the message with that receipt did, or the sender's last one. Gives the receipt
/// that was undone. "The last one" is meant of `held_at`, where the word was held since then.
pub(super) fn undo(
    work: &mut Work,
    sender: &Member,
    receipt: Option<&str>,
    held_at: Option<Timestamp>,
) -> Result<(Told, Option<String>), Refusal> {
    let Some(mut done) = work.known.done.clone() else {
        return Err(match receipt {
            Some(receipt) => Text::new("refused-unknown-receipt").with("receipt", receipt),
            None => Text::new("refused-nothing-to-undo"),
        });
    };
    // When a calendar has answered stays known: what it said earlier must not count again.
    done.changes.retain(|change| stamp_of(&change.field).is_none());
    if receipt.is_none() && held_at.is_some_and(|held_at| done.at > held_at) {
        return Err(Text::new("refused-undo-which").with("receipt", &done.receipt));
    }
    if let Some(took_back) = &done.took_back {
        // Said twice, or the one before as well? To do again what was just taken back is hardly meant.
        let text = Text::new("refused-undo-of-undo").with("receipt", &done.receipt).with("took_back", took_back);
        return Err(text);
    }
    let is_own = done.by.parse().is_ok_and(|by| sender.addresses.contains(&by));
    let others = rights::allows(rights::standing(sender), Act::UndoOthers);
    if !is_own && !others {
        return Err(Text::new("refused-not-your-mail").with("receipt", &done.receipt));
    }
    if !is_own && let Some(whose) = done.changes.iter().find_map(|change| said_by(change).filter(|by| *by != sender.id))
    {
        let whose = work.known.roster.member(whose).map_or_else(|| "-".to_owned(), |member| member.name.clone());
        return Err(Text::new("refused-undo-voice").with("receipt", &done.receipt).with("name", whose));
    }
    if done.undone {
        return Ok((Told::Unchanged(Text::new("told-undone-already").with("receipt", &done.receipt)), None));
    }
    let is_old = work.at.duration_since(done.at) > SignedDuration::from_hours(UNDO_HOURS);
    if others && is_old && receipt.is_none() {
        // Who sends a bare "undo" means what was sent just now, and perhaps that did nothing.
        let text = Text::new("refused-undo-old").with("receipt", &done.receipt).with("date", work.day(done.at));
        return Err(text.with("hours", UNDO_HOURS));
    }
    if !others && is_old {
        return Err(Text::new("refused-undo-late").with("receipt", &done.receipt).with("hours", UNDO_HOURS));
    }
    if let Some(later) = done.changes.iter().find(|change| has_moved_on(work, change, &done.changes)) {
        // Of a member who has left since, that is what changed, not the name.
        let field = if has_left(work, later) { MemberField::Left.as_str() } else { &later.field };
        let now = rulings::current(work, &later.subject, field);
        return Err(Text::new("refused-undo-depends")
            .with("receipt", &done.receipt)
            .with("reference", &later.subject)
            .with("field", about::field_by_name(work, field))
            .with("now", now.as_deref().unwrap_or("-")));
    }
    let officers = |work: &Work| work.known.roster.members.iter().any(Member::is_officer);
    let had_officers = officers(work);
    for change in done.changes.iter().rev() {
        take_back(work, change)?;
    }
    call_off_unplanned(work, &done.changes)?;
    if had_officers && !officers(work) {
        // As with `role` and `left`: nobody could put that right by mail.
        return Err(Text::new("refused-undo-last-officer").with("receipt", &done.receipt));
    }
    let subjects = subjects_of(work, &done.changes);
    let told = Text::new("told-undone").with("receipt", &done.receipt).with("references", subjects.join(", "));
    Ok((Told::Done(told), Some(done.receipt)))
}

/// Whose word a change gives, where it is what a member says of an approval or of coming to a meeting: that is
/// only theirs to take back.
fn said_by(change: &Change) -> Option<u32> {
    let to = change.to.as_deref()?;
    match &change.subject {
        Subject::Approval(_) if change.field == "voice" => to.parse::<Voice>().ok().map(|voice| voice.member),
        Subject::Meeting(_) => attendance_of(&change.field),
        _ => None,
    }
}

/// A meeting of which nothing is left but its name was planned by what is undone: it does not take place.
fn call_off_unplanned(work: &mut Work, changes: &[Change]) -> Result<(), Refusal> {
    for change in changes {
        let Subject::Meeting(reference) = &change.subject else { continue };
        let known = work.known.meeting_by_reference(reference);
        if known.is_some_and(|meeting| meeting.is_empty() && !meeting.cancelled) {
            work.change(change.subject.clone(), "cancelled", None, Some("yes".to_owned()))?;
        }
    }
    Ok(())
}

/// What changes are about, each once, in order; people and organizations by name, action items with
/// where they stand now.
fn subjects_of(work: &Work, changes: &[Change]) -> Vec<String> {
    let mut subjects: Vec<String> = Vec::new();
    for change in changes {
        let subject = match &change.subject {
            Subject::Member(id) => work.known.roster.member(*id).map(|member| member.name.clone()),
            Subject::Organization(name) => Some(name.clone()),
            // An undo of an undo says where that leaves it.
            Subject::Action(reference) => {
                work.known.actions.get(reference).map(|item| format!("{reference} ({})", item.status))
            }
            _ => None,
        };
        let subject = subject.unwrap_or_else(|| change.subject.to_string());
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    subjects
}

/// Whether what the message left behind has been changed since. Only the message's last word on a
/// field counts.
fn has_moved_on(work: &Work, change: &Change, all: &[Change]) -> bool {
    if held::is_held(&work.known, &change.subject) {
        return false;
    }
    let same = |other: &&Change| other.subject == change.subject && other.field == change.field;
    match &change.subject {
        Subject::Action(reference) => {
            let Some(item) = work.known.actions.get(reference) else { return true };
            if change.field == ActionField::Note.as_str() {
                // An accepted proposal lives on under its number, and took what was said of it along.
                let accepted_here = all.iter().any(|other| other.subject == change.subject && other.field == "became");
                if item.became.is_some() && !accepted_here {
                    return true;
                }
                return change.to.as_ref().is_some_and(|note| !item.notes.iter().any(|kept| kept == note));
            }
            // A creation undone cancels, and so must find the item as it was made.
            let notes_made =
                all.iter().filter(|other| other.subject == change.subject && other.field == "note").count();
            let is_made = change.field == ActionField::Status.as_str() && change.from.is_none();
            if is_made && item.notes.len() > notes_made {
                return true;
            }
        }
        Subject::Member(id) => {
            let Some(member) = work.known.roster.member(*id) else { return true };
            if has_left(work, change) {
                return true;
            }
            return match change.field.as_str() {
                "address" => {
                    change.to.as_ref().is_some_and(|to| !member.addresses.iter().any(|kept| kept.to_string() == *to))
                }
                "role" => change.to.as_ref().is_some_and(|to| !member.roles.iter().any(|kept| kept.to_string() == *to)),
                _ => {
                    all.iter().rfind(same) == Some(change)
                        && rulings::current(work, &change.subject, &change.field) != change.to
                }
            };
        }
        Subject::Request(id) => {
            let state = work.known.requests.get(id).map(|request| request.state);
            return match change.field.as_str() {
                "asks" => {
                    state != Some(RequestState::Waiting)
                        && !all.iter().any(|other| other.subject == change.subject && other.field == "state")
                }
                _ => state.map(|state| state.to_string()) != change.to,
            };
        }
        Subject::Organization(_) => return false,
        Subject::Meeting(reference) if change.field == "session" => {
            let sessions = work.known.meeting_by_reference(reference).map_or(&[][..], |meeting| &meeting.sessions);
            let stands = |to: &String| sessions.iter().any(|session| session.to_string() == *to);
            let moved_here = || all.iter().any(|other| same(&other) && other.from == change.to);
            return change.to.as_ref().is_some_and(|to| !stands(to) && !moved_here());
        }
        Subject::Contribution(reference) => {
            let Some(known) = work.known.contributions.get(reference) else { return true };
            return contribution_has_moved_on(known, change, all);
        }
        Subject::Approval(of) => {
            let Some(approval) = work.known.approvals.get(of) else { return true };
            let here = |voice: &Voice| all.iter().any(|other| other.to.as_deref() == Some(voice.to_string().as_str()));
            match (change.field.as_str(), &change.to) {
                ("voice", Some(to)) => {
                    let stands = approval.voices.iter().any(|voice| voice.to_string() == *to);
                    return !stands && !all.iter().any(|other| same(&other) && other.from.as_ref() == Some(to));
                }
                // What members have said of it since depends on it.
                ("state", Some(_)) if change.from.is_none() && !approval.voices.iter().all(here) => return true,
                _ => {}
            }
        }
        Subject::Meeting(_) | Subject::Call(_) => {}
    }
    all.iter().rfind(same) == Some(change) && rulings::current(work, &change.subject, &change.field) != change.to
}

/// Whether what was recorded of a contribution was changed since, or something was decided on top of it.
fn contribution_has_moved_on(known: &Contribution, change: &Change, all: &[Change]) -> bool {
    let Ok(field) = change.field.parse::<ContributionField>() else { return true };
    let of_field = |other: &&Change| other.subject == change.subject && other.field == change.field;
    if all.iter().rfind(|other| of_field(other) && other.from == change.to && change.to.is_some()).is_some() {
        // The same message changed it once more.
        return false;
    }
    if field == ContributionField::Decision {
        let last = known.life.decisions.last().map(ToString::to_string);
        return !all.iter().filter(of_field).any(|other| other.to == last);
    }
    if let (ContributionField::Revision, Some(Ok(to))) = (field, change.to.as_deref().map(str::parse::<Available>)) {
        let here = |decision: &String| all.iter().any(|other| other.to.as_ref() == Some(decision));
        let decided = known.life.decisions.iter().filter(|decision| decision.revision == to.revision);
        let on_top = decided.map(ToString::to_string).any(|decision| !here(&decision));
        // What was decided before it was posted does not depend on that.
        let was_unposted =
            all.iter().any(|other| other.from.as_deref() == Some(&format!("open: post {}", to.revision)));
        if on_top && !was_unposted {
            return true;
        }
    }
    match change.to.as_deref() {
        Some(to) => {
            all.iter().rfind(of_field) == Some(change) && field == ContributionField::SaidAt && !known.has(field, to)
                || field != ContributionField::SaidAt && !known.has(field, to)
        }
        None => false,
    }
}

/// Whether the change made a member who has left since.
fn has_left(work: &Work, change: &Change) -> bool {
    let Subject::Member(id) = &change.subject else { return false };
    let is_made = change.from.is_none() && change.field == MemberField::Name.as_str();
    is_made && work.known.roster.member(*id).is_some_and(|member| member.left)
}

/// The mirror of one change. What was made stays, marked as given up: numbers are never given again.
fn take_back(work: &mut Work, change: &Change) -> Result<(), Refusal> {
    match &change.subject {
        // What was once released or dropped is not asked about again.
        subject if held::is_held(&work.known, subject) => Ok(()),
        Subject::Action(_) if change.from.is_none() && change.field == ActionField::Status.as_str() => {
            let to = Some(Status::Cancelled.to_string());
            work.change(change.subject.clone(), &change.field, change.to.clone(), to)
        }
        // The fields that a new item was made with stay readable on the cancelled one.
        Subject::Action(reference) if is_made_by(work, reference, change) => Ok(()),
        Subject::Member(id) if change.from.is_none() && change.field == "name" => {
            work.change(Subject::Member(*id), "left", None, Some("yes".to_owned()))
        }
        Subject::Member(id) if change.from.is_none() && change.field == "organization" => {
            // Stays with the member who is marked as gone.
            let _ = id;
            Ok(())
        }
        Subject::Organization(_) => Ok(()),
        Subject::Request(id) if change.field == "asks" => {
            let state = work.known.requests.get(id).map(|request| request.state);
            if state == Some(RequestState::Waiting) { rulings::close(work, *id, RequestState::Dropped) } else { Ok(()) }
        }
        _ => {
            let mirror = change.mirrored();
            work.change(mirror.subject, mirror.field, mirror.from, mirror.to)
        }
    }
}

/// Whether the change is part of making the item: the message that is undone made it.
fn is_made_by(work: &Work, reference: &crate::domain::ActionItemRef, change: &Change) -> bool {
    change.from.is_none()
        && matches!(change.field.as_str(), "what" | "who")
        && work.known.done.as_ref().is_some_and(|done| {
            done.changes.iter().any(|other| {
                other.subject == Subject::Action(reference.clone())
                    && other.field == ActionField::Status.as_str()
                    && other.from.is_none()
            })
        })
}
