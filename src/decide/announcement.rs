//! What the list is told when a mail plans a meeting, moves it or calls it off.

use jiff::civil::Date;

use crate::domain::{EmailAddress, Meeting, Subject};

use super::Outcome;

/// What has become of a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announcement {
    /// To whom: the list.
    pub to: EmailAddress,
    /// The meeting as it is now; one that was called off with the days that it had.
    pub meeting: Meeting,
    /// What it was before, where it was to take place.
    pub before: Option<Meeting>,
    /// The name of who did that.
    pub by: String,
}

/// The meetings that calendars must be told of: those that are to come, and those that were.
pub(super) fn announcements(outcome: &Outcome, today: Date) -> Vec<Announcement> {
    let known = &outcome.known;
    let Some(rules) = known.rules.as_ref().filter(|rules| rules.invitations) else { return Vec::new() };
    let Some(list) = &rules.list else { return Vec::new() };
    let by = outcome.by.parse().ok().and_then(|by| known.roster.member_by_address(&by));
    let by = by.map_or_else(String::new, |member| member.name.clone());
    let mut changed: Vec<&Meeting> = Vec::new();
    for change in &outcome.changes {
        let Subject::Meeting(reference) = &change.subject else { continue };
        let meeting = known.meeting_by_reference(reference);
        changed.extend(meeting.filter(|_| !changed.iter().any(|told| told.reference == *reference)));
    }
    changed
        .into_iter()
        .filter_map(|now| {
            let before = before(outcome, now);
            let was = Some(&before).filter(|before| before.first_day().is_some());
            if now.is_as(&before) || (now.first_day().is_none() && was.is_none()) {
                return None;
            }
            let is_to_come = |meeting: &Meeting| meeting.last_day().is_some_and(|day| day >= today);
            if !is_to_come(now) && !was.is_some_and(is_to_come) {
                return None;
            }
            let meeting = match was {
                // Of one that was never planned, where that is undone, nothing is left.
                Some(was) if now.first_day().is_none() => {
                    Meeting { cancelled: true, sequence: now.sequence, ..was.clone() }
                }
                _ => now.clone(),
            };
            Some(Announcement { to: list.clone(), meeting, before: was.cloned(), by: by.clone() })
        })
        .collect()
}

/// A meeting as it was before the changes.
fn before(outcome: &Outcome, now: &Meeting) -> Meeting {
    let mut meeting = now.clone();
    for change in outcome.changes.iter().rev() {
        if change.subject == Subject::Meeting(now.reference.clone()) {
            // What was applied once is a value of the field.
            let _ = meeting.set(&change.field, change.to.as_deref(), change.from.as_deref());
        }
    }
    meeting
}
